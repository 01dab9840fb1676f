/* Names in Arabic script, which the main reader does not know (page). */
#pragma once
#include "page/reading.h"

/* When the query has such a form: asks the second reader, in three looks, about lines that do not read surely, and about stretches of
 * others on which nothing was read. Hits are appended to `found` (bf_hit, of r->lines, to which the stretches are added as composed lines).
 * Without the second reader, or its data for this script, r->unproved_script is set. Errors: reading failed. */
bool bf_look_for_arabic(bf_page_worker *w, const bf_picture *picture, const bf_query *query, bf_reading *r, GArray *found,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
