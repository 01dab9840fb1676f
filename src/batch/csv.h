/* Comma-separated text in its variants (RFC 4180 quotes; comma, semicolon or tab). Inside the batch room only. */
#pragma once
#include <glib.h>
#include <stdbool.h>

typedef struct {
    const char *at; /* the rest of the text, UTF-8, ends in NUL */
    char delimiter;
    guint line; /* number of the line at which `at` stands, 1-based */
} csv_reader;

/* The text is borrowed. */
csv_reader csv_begin(const char *text, char delimiter);

/* The next record's fields (char *, owned), trimmed of white space and invisible characters, or NULL at the end. Records without any
 * content are passed over. `line` gets the number of the line on which the record begins. Never fails: a quote that is not closed ends
 * with the text, and *broken says so. */
GPtrArray *csv_next(csv_reader *reader, guint *line, bool *broken);

/* Trims white space (of any script) and invisible characters at both ends, in place. */
char *csv_trim(char *utf8);
