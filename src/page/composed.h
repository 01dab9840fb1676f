/* Letter-spaced names and columns: pieces put together to one line, and read as one (page). */
#pragma once
#include "page/reading.h"

/* Finds the rows and columns (chains.h) among r->lines, adds them as composed lines and reads them. The columns of a page are read
 * together, so that a name may go on from one in the next. Hits are appended to `found`. */
bool bf_look_at_composed(bf_page_worker *worker, const bf_picture *picture, const bf_query *query, bf_reading *r, GArray *found,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
