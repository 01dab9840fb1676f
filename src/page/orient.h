/* Which way is the page turned? (page) */
#pragma once
#include "page/sheet.h"

/* Compares how well a few lines read in the turns that the lines' shapes allow. `picture` and its `lines` are as EXIF shows them.
 * *turn_deg: the clockwise turn that makes it upright, -1 when the reading does not tell. Needs no call when the lines already read well
 * as they stand (bf_reads_well). The method: docs in src/README.md, "Orientation". */
bool bf_orient_by_reading(bf_page_worker *worker, const bf_picture *picture, const GArray *lines, const bf_query *query, int *turn_deg,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Do most of the lines stand on end, so that the page is likely turned by a quarter? */
bool bf_lines_stand(const GArray *lines);
/* Was enough text read, and surely enough, that the page cannot be upside down? */
bool bf_reads_well(const GArray *lines);
/* Mean probability of the characters read on all lines, weighted by characters; 0 when none. *n_chars may be NULL. */
float bf_mean_confidence(const GArray *lines, guint *n_chars);
