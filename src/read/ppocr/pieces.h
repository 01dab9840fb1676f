/* Lines in pieces, as tables have them, and which piece goes on in which. */
#pragma once
#include "read/ppocr/locate.h"

/* A line between two wide gaps: frames [from, to) of it, and their place. A line without such gaps is one piece. */
typedef struct {
    const bf_read_line *line;
    guint from, to, reach; /* reach: how many frames at its end or start a part of a name may take */
    bf_quad quad;
    bool spaced;               /* a whole line that is cut into pieces as well: the gaps may be letter-spacing */
    bool starts_row, ends_row; /* no other line stands before it, or behind it, in its row of the page */
} bf_piece;

/* Appends the pieces (bf_piece) of lines that were read. They borrow the lines. */
void bf_cut_lines(const bf_read_line *lines, guint n, GArray *pieces);

/* May text go on from the end of a to the start of b: in the row, in a line below, or in the next row of the page? */
bool bf_piece_goes_on(const bf_piece *a, const bf_piece *b);
/* Is b the very next line of the same cell, or the next piece of the row? */
bool bf_piece_is_next(const bf_piece *a, const bf_piece *b);
/* Does b stand behind a in its row? */
bool bf_piece_is_beside(const bf_piece *a, const bf_piece *b);
/* Does the line b stand behind a in its row, no further away than `beside` line heights, or below it? */
bool bf_line_follows(const bf_quad *a, const bf_quad *b, float beside);
