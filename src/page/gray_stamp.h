/* Stamps on pages without colour, for stamp.c (page). Pure, thread-safe. */
#pragma once
#include "page/stamp.h"

/* Is the pixel, which lies on the picture, part of an even patch of the ink? */
bool bf_gray_stamp_at(const bf_picture *picture, const bf_stamp_ink *ink, int x, int y);
/* As bf_stamp_removed. */
bool bf_gray_stamp_removed(const bf_picture *picture, const bf_stamp_ink *ink, bf_picture **out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
