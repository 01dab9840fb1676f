/* Faint ink: watermarks and pale print, also over and under other text (page). */
#pragma once
#include "page/reading.h"

/* The picture with its faint ink as dark as print, and without print: what is much darker than faint ink, and what is near it, is white.
 * *out: one channel, as large as the picture, the caller's; NULL when there is no faint ink to speak of. Brightness counts relative to the
 * paper about each place. read: boxes (bf_quad) of print that was read, borrowed; what lies in them is not faint ink to speak of, and stays
 * in the picture. May be NULL. Errors: no memory. Thread-safe. */
bool bf_faint_ink(const bf_picture *picture, const GArray *read, bf_picture **out, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Looks for the name in faint ink: adds what is surely the name to r->hits. Says in r->faint_name when a person has to look: when it was
 * found there and nowhere else, or paler than the page's print in several places. A watermark covers the page, and where it crosses print
 * it cannot be read, so that nothing proves that all of it was found. */
bool bf_look_at_faint_ink(bf_page_worker *w, const bf_picture *picture, const bf_query *query, bf_reading *r,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
