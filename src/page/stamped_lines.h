/* Lines below a stamp, looked for with its ink removed (page). */
#pragma once
#include "page/stamp.h"

/* Appends the lines (bf_line, unread) of `seen`, the picture without the ink (bf_stamp_removed), on which the ink lay. Only the rows about
 * the ink are looked at where these are a part of the picture. long_side_px as for find_lines, of the whole picture. */
bool bf_find_stamped_lines(bf_page_worker *worker, const bf_picture *picture, const bf_picture *seen, const bf_stamp_ink *ink,
                           int long_side_px, GArray *lines, GError **error) G_GNUC_WARN_UNUSED_RESULT;
