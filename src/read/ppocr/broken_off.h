/* Names that go on at the next page: what of them stands at the foot of one page and at the head of the other. */
#pragma once
#include "read/ppocr/locate.h"

/* Appends a hit where a line that was read ends with the first characters of a name, all of its text's lines end before it (the page's
 * foot), and it fills its width; and where a line begins with the last characters of one at the page's head. Two characters at least, of
 * names of three and more: fewer tell nobody's name. Strict, since half of a name is found in other words too: every character is the one
 * read. read: n lines that were read; all: every bf_line of the page, in pixels of the picture, upright. */
void bf_locate_broken_off(const bf_spotter *spotter, const bf_query *query, const bf_read_line *read, guint n, const GArray *all,
                          GArray *hits);
