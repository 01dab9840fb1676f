/* Spotting a form in a reader's symbols with their alternatives, where no posteriors are to be had. */
#pragma once
#include "blindfold/reader.h"

/* One place on a line: the reader's choices, best first, and where it thinks that they stand (shares of the line's length; 0, 0 when it
 * does not say). A space as the first choice parts words; it has no place. */
typedef struct {
    gunichar c[12];
    float p[12];
    guint n;
    float from, to;
} bf_choices;

/* Appends a hit (bf_hit, sure) for every form of two symbols and more that stands among the choices (bf_choices) of one line: the score is
 * the sum of log p - log p_top, 0 when it is what was read. A form in Arabic script may also be misread in part (arabic_match.h): its score
 * is the number of letters that differ, negative, and with too many of them it is not sure. Spaces never break a match; a REQUIRED gap is
 * taken as LOOSE. quad: the line as it was cropped (turned when the look was); line: its number for the hits. Symbol boxes are only trusted
 * when they are plausible against the line (Tesseract's are wrong now and then); else the hit covers the whole line and has no centres. */
void bf_symbols_spot(const GArray *symbols, const bf_query *query, const bf_quad *quad, guint line, GArray *hits);
