/* What the looks for unread ink share (page, internal to ink*.c). Pure, thread-safe. */
#pragma once
#include "page/sheet.h"

/* Makes the picture gray and small enough for these looks. *scale: its pixels for one of the picture; at most 1. */
bool bf_ink_small_gray(const bf_picture *picture, bf_picture **out, float *scale, GError **error);
/* Sums of a gray picture's values left of and above each pixel, (width + 1) x (height + 1); the caller's. NULL: no memory. They may wrap
 * around: differences stay right. */
guint32 *bf_ink_integral(const bf_picture *gray);
/* Clears, in a map of w x h bytes of the small picture, what the lines account for on which something was read, and margin (a share of a
 * line's height) around it. */
void bf_ink_clear_lines(uint8_t *map, int w, int h, const GArray *lines, float scale, float margin);
