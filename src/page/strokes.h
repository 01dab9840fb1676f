/* Pieces of ink within a part of a picture: strokes of a pen, characters, seals (page). Pure, thread-safe. */
#pragma once
#include "page/ink.h"

typedef enum {
    BF_INK_DARK, /* clearly darker than the paper, and not red */
    BF_INK_RED,  /* red and reddish: seals, fingerprints. None on gray pictures */
    BF_INK_ANY   /* both */
} bf_ink_colour;

typedef struct {
    bf_rect rect; /* of the picture */
    guint n_px;
} bf_piece;

/* Appends the connected pieces (bf_piece) of ink in the zone, but for ruled lines: straight, thin, and longer than a few characters.
 * height_px: of the text there. reach_px: how far apart ink may be and still hang together, 1 or more. False without memory. */
bool bf_find_pieces(const bf_picture *picture, bf_rect zone, bf_ink_colour colour, float height_px, int reach_px, GArray *pieces);

/* How red ink is, from 0: its red above the mean of green and blue. */
int bf_redness(const bf_picture *picture, int x, int y);
/* The same for red ink of this redness and more; none on gray pictures. */
bool bf_find_red_pieces(const bf_picture *picture, bf_rect zone, int least_redness, int reach_px, GArray *pieces);
