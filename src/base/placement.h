/* The eight ways to lay a pixel grid down again, for the two files that need them: picture.c (pixels), frame.c (coordinates). */
#pragma once
#include <stdbool.h>

/* New (x, y) comes from old (x, y), or (y, x) with swap; each flip then counts that OLD axis from its far side. */
typedef struct {
    bool swap, flip_x, flip_y;
} bf_placement;

bf_placement bf_placement_of_exif(int exif_orientation); /* 1..8, anything else counts as 1 */
bf_placement bf_placement_of_turn(int clockwise_deg);    /* 0, 90, 180, 270, anything else counts as 0 */
