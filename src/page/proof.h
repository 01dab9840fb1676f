/* The verifier: what the finished JPEG itself shows (page). */
#pragma once
#include "page/sheet.h"

typedef struct {
    bf_mask_stats stats;
    GArray *visible; /* bf_hit: forms of the name that another look still finds on the output */
} bf_proof;

/* Reads the output back. Coefficients and markers are proved by bf_jpeg_verify; then the output is decoded anew and looked at in another way than
 * before (another crop scale, no squeeze): the lines that a mask touches, and, when `whole` is set, the whole page with a larger detection
 * side. Fails (error) when the file is not what it must be; names still visible are in proof->visible, for the caller to
 * mask and to unref (it may be NULL after an error). */
bool bf_prove(bf_page_worker *worker, GBytes *input, GBytes *output, const GArray *masks, bool recoded, const bf_frame *frame,
              const bf_reading *reading, const bf_query *query, bool whole, bf_proof *proof, GError **error) G_GNUC_WARN_UNUSED_RESULT;
