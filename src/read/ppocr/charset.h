/* The recogniser's alphabet: class 0 is the CTC blank, then one class per line of the keys file, then the space. */
#pragma once
#include "blindfold/query.h"
#include "blindfold/reader.h"

typedef struct {
    gunichar *chars; /* by class; [0] is 0 (blank) */
    guint n_classes;
    GHashTable *class_of; /* gunichar -> class */
} bf_charset;

/* Parses a keys file: UTF-8, one character a line. Free with bf_charset_clear. */
bool bf_charset_parse(const char *text, gsize length, bf_charset *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void bf_charset_clear(bf_charset *charset);
/* The class of a character, 0 when it has none. */
guint bf_charset_class(const bf_charset *charset, gunichar c);
