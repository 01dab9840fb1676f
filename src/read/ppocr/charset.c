#include "read/ppocr/charset.h"

#include <glib/gi18n.h>

static void add(bf_charset *charset, gunichar c)
{
    charset->chars[charset->n_classes] = c;
    if (!g_hash_table_contains(charset->class_of, GUINT_TO_POINTER(c)))
        g_hash_table_insert(charset->class_of, GUINT_TO_POINTER(c), GUINT_TO_POINTER(charset->n_classes));
    charset->n_classes++;
}

bool bf_charset_parse(const char *text, gsize length, bf_charset *out, GError **error)
{
    if (!g_utf8_validate(text, (gssize)length, NULL)) {
        g_set_error(error, BF_READER_ERROR, BF_READER_ERROR_MODEL, _("the recogniser's list of characters is not UTF-8"));
        return false;
    }
    g_autofree char *copy = g_strndup(text, length);
    g_auto(GStrv) lines = g_strsplit(copy, "\n", -1);
    guint n = g_strv_length(lines);
    while (n > 0 && lines[n - 1][0] == '\0')
        n--;
    bf_charset charset = {.chars = g_new0(gunichar, n + 2), .class_of = g_hash_table_new(NULL, NULL)};
    charset.n_classes = 1;
    for (guint i = 0; i < n; i++)
        add(&charset, g_utf8_get_char(lines[i]));
    add(&charset, ' ');
    *out = charset;
    return true;
}

void bf_charset_clear(bf_charset *charset)
{
    g_free(charset->chars);
    if (charset->class_of != NULL)
        g_hash_table_unref(charset->class_of);
    memset(charset, 0, sizeof *charset);
}

guint bf_charset_class(const bf_charset *charset, gunichar c)
{
    return GPOINTER_TO_UINT(g_hash_table_lookup(charset->class_of, GUINT_TO_POINTER(c)));
}
