/* Text in columns on a terminal, where Chinese characters are two cells wide (cmd). UTF-8. */
#pragma once
#include <glib.h>

/* Cells that the text takes: 2 for wide characters, 0 for marks that combine. */
guint table_width(const char *text);
/* Appends the text, cut with "…" to at most `cells`, then padded with blanks to exactly that. */
void table_append(GString *row, const char *text, guint cells);
