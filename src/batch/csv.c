#include "batch/csv.h"

#include <string.h>

static bool is_blank(gunichar c)
{
    GUnicodeType type = g_unichar_type(c);
    return g_unichar_isspace(c) || type == G_UNICODE_FORMAT || type == G_UNICODE_CONTROL;
}

char *csv_trim(char *utf8)
{
    char *start = utf8, *end = utf8 + strlen(utf8);
    while (*start && is_blank(g_utf8_get_char(start)))
        start = g_utf8_next_char(start);
    while (end > start) {
        char *before = g_utf8_prev_char(end);
        if (!is_blank(g_utf8_get_char(before)))
            break;
        end = before;
    }
    *end = '\0';
    memmove(utf8, start, (size_t)(end - start) + 1);
    return utf8;
}

csv_reader csv_begin(const char *text, char delimiter)
{
    return (csv_reader){.at = text, .delimiter = delimiter, .line = 1};
}

/* Moves past one line end ("\n", "\r\n" or "\r") when there is one. */
static bool pass_line_end(csv_reader *r)
{
    if (*r->at != '\r' && *r->at != '\n')
        return false;
    r->at += r->at[0] == '\r' && r->at[1] == '\n' ? 2 : 1;
    r->line++;
    return true;
}

static void read_quoted(csv_reader *r, GString *field, bool *broken)
{
    r->at++;
    while (*r->at) {
        if (*r->at == '"') {
            r->at++;
            if (*r->at != '"')
                return;
            g_string_append_c(field, *r->at++);
        } else if (pass_line_end(r)) {
            g_string_append_c(field, '\n');
        } else {
            g_string_append_c(field, *r->at++);
        }
    }
    *broken = true;
}

/* A field up to its delimiter or line end. What stands behind a closing quote is kept as it is. */
static char *read_field(csv_reader *r, bool *broken)
{
    GString *field = g_string_new(NULL);
    while (*r->at == ' ')
        r->at++;
    if (*r->at == '"')
        read_quoted(r, field, broken);
    while (*r->at && *r->at != r->delimiter && *r->at != '\r' && *r->at != '\n')
        g_string_append_c(field, *r->at++);
    return csv_trim(g_string_free(field, FALSE));
}

static bool has_content(const GPtrArray *fields)
{
    for (guint i = 0; i < fields->len; i++)
        if (*(const char *)fields->pdata[i])
            return true;
    return false;
}

GPtrArray *csv_next(csv_reader *r, guint *line, bool *broken)
{
    *broken = false;
    while (*r->at) {
        g_autoptr(GPtrArray) fields = g_ptr_array_new_with_free_func(g_free);
        *line = r->line;
        g_ptr_array_add(fields, read_field(r, broken));
        while (*r->at == r->delimiter) {
            r->at++;
            g_ptr_array_add(fields, read_field(r, broken));
        }
        pass_line_end(r);
        if (has_content(fields) || *broken)
            return g_steal_pointer(&fields);
    }
    return NULL;
}
