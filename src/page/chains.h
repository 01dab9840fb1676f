/* Letter-spaced names and columns fall apart into boxes of a character or two: put together, they can be read (page). */
#pragma once
#include "page/sheet.h"

/* A chain of small neighbouring lines: as one line, and how many pieces it has. */
typedef struct {
    bf_line line; /* composed; vertical for a column */
    guint pieces;
    guint chars; /* of a column: how many characters the shapes of its pieces speak for */
} bf_chain;

/* Appends every chain (bf_chain) of two pieces and more among the lines of the upright picture: pieces side by side in a row, up to four
 * and a half characters apart, with the near ends of longer lines at either end (as much of them as a name of name_chars characters may
 * take); and pieces one above the other in a column. Of a row with others' words (ends of longer lines, words of several characters read
 * surely) the parts between these are appended as well. Lines that have been read with two characters at most count as small whatever their
 * width, and so do those letter-spaced by a character or more. Composed lines are passed over. Lines that surely show nothing of the name
 * (shows_none) part a chain, but for single characters beside lines that are not so; where nothing of the name is to be seen at all there
 * is none, unless two pieces were not read. */
void bf_find_chains(const GArray *lines, guint name_chars, GArray *chains);
/* The same for a single line that stands on end. */
guint bf_column_chars(const bf_line *line);
