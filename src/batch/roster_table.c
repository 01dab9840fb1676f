#include "batch/roster_table.h"

#include "batch/csv.h"
#include "batch/xlsx.h"
#include "blindfold/roster.h"

#include <glib/gi18n.h>
#include <string.h>

enum { MAX_FILE_BYTES = 64 << 20, HEADER_WITHIN = 20 };

static const char *const column_heads[N_COLUMNS][2] = {
    {"id", "编号"}, {"name", "姓名"}, {"aliases", "别名"}, {"package", "附件包"}, {"level", "级别"}};

table_row *table_row_new(guint line)
{
    table_row *row = g_new0(table_row, 1);
    row->line = line;
    row->fields = g_ptr_array_new_with_free_func(g_free);
    return row;
}

void table_row_free(void *p)
{
    table_row *row = p;
    g_ptr_array_unref(row->fields);
    g_free(row);
}

void roster_table_clear(roster_table *table)
{
    g_clear_pointer(&table->rows, g_ptr_array_unref);
}

const char *roster_table_field(const roster_table *table, const table_row *row, roster_column column)
{
    int place = table->places[column];
    return place >= 0 && (guint)place < row->fields->len ? row->fields->pdata[place] : "";
}

/* UTF-16 text of a table has a zero byte in nearly every delimiter and line end: at odd places when the low byte comes first. */
static const char *guess_utf16(const char *data, gsize n)
{
    gsize zeros[2] = {0, 0};
    for (gsize i = 0; i < MIN(n, 4096); i++)
        zeros[i & 1] += data[i] == '\0';
    if (zeros[0] == 0 && zeros[1] == 0)
        return NULL;
    return zeros[1] > zeros[0] ? "UTF-16LE" : "UTF-16BE";
}

/* The text in UTF-8 without a byte order mark, or NULL. */
static char *decode(const char *data, gsize n)
{
    const char *encoding = NULL;
    char *text = NULL;
    gsize written = 0;
    if (n >= 2 && (memcmp(data, "\xFF\xFE", 2) == 0 || memcmp(data, "\xFE\xFF", 2) == 0)) {
        encoding = data[0] == '\xFF' ? "UTF-16LE" : "UTF-16BE";
        data += 2;
        n -= 2;
    } else if (n >= 3 && memcmp(data, "\xEF\xBB\xBF", 3) == 0) {
        data += 3;
        n -= 3;
    } else {
        encoding = guess_utf16(data, n);
    }
    if (!encoding && !g_utf8_validate(data, (gssize)n, NULL))
        encoding = "GB18030";
    if (encoding)
        text = g_convert(data, (gssize)n, "UTF-8", encoding, NULL, &written, NULL);
    else
        text = g_strndup(data, written = n);
    if (text && (strlen(text) != written || !g_utf8_validate(text, -1, NULL))) /* a zero in it would cut rows off */
        g_clear_pointer(&text, g_free);
    return text;
}

static int which_column(const char *head)
{
    g_autofree char *normal = g_utf8_normalize(head, -1, G_NORMALIZE_ALL_COMPOSE);
    g_autofree char *folded = g_utf8_casefold(normal ? normal : head, -1);
    for (int c = 0; c < N_COLUMNS; c++)
        if (strcmp(folded, column_heads[c][0]) == 0 || strcmp(folded, column_heads[c][1]) == 0)
            return c;
    return -1;
}

static bool has_column(const GPtrArray *fields, roster_column column)
{
    for (guint i = 0; i < fields->len; i++)
        if (which_column(fields->pdata[i]) == (int)column)
            return true;
    return false;
}

/* The row that has both the id and the name, among the first; -1: none. */
static int find_header(const GPtrArray *rows)
{
    for (guint i = 0; i < MIN(rows->len, HEADER_WITHIN); i++) {
        const table_row *row = rows->pdata[i];
        if (has_column(row->fields, COLUMN_ID) && has_column(row->fields, COLUMN_NAME))
            return (int)i;
    }
    return -1;
}

/* Takes the rows over. */
static bool use_header(GPtrArray *rows, const char *what, roster_table *out, GError **error)
{
    int header = find_header(rows);
    out->rows = rows;
    if (header < 0) {
        bool id = rows->len > 0 && has_column(((const table_row *)rows->pdata[0])->fields, COLUMN_ID);
        g_set_error(
            error, BF_ROSTER_ERROR, BF_ROSTER_ERROR_FORMAT,
            _("%s: a header with the columns \"id\" (编号) and \"name\" (姓名) must stand in one of the first %d rows; \"%s\" is missing"),
            what, HEADER_WITHIN, column_heads[id ? COLUMN_NAME : COLUMN_ID][0]);
        return false;
    }
    out->first = (guint)header + 1;
    for (int c = 0; c < N_COLUMNS; c++)
        out->places[c] = -1;
    const GPtrArray *fields = ((const table_row *)rows->pdata[header])->fields;
    for (guint i = 0; i < fields->len; i++) {
        int c = which_column(fields->pdata[i]);
        if (c >= 0 && out->places[c] >= 0) {
            g_set_error(error, BF_ROSTER_ERROR, BF_ROSTER_ERROR_FORMAT, _("%s: the column \"%s\" (%s) stands in the header twice"), what,
                        column_heads[c][0], column_heads[c][1]);
            return false;
        }
        if (c >= 0)
            out->places[c] = (int)i;
    }
    return true;
}

/* A delimiter inside a field that is not quoted moves everything behind it: an alias would be lost, and so not be masked. */
static bool has_too_many(const GPtrArray *fields, guint n_columns)
{
    for (guint i = n_columns; i < fields->len; i++)
        if (*(const char *)fields->pdata[i])
            return true;
    return false;
}

static GPtrArray *rows_of_csv(const char *text, char delimiter)
{
    GPtrArray *rows = g_ptr_array_new_with_free_func(table_row_free);
    csv_reader csv = csv_begin(text, delimiter);
    guint line = 0;
    bool broken = false;
    GPtrArray *fields;
    while ((fields = csv_next(&csv, &line, &broken))) {
        table_row *row = table_row_new(line);
        g_ptr_array_unref(row->fields);
        row->fields = fields;
        row->problem = broken ? _("a quote is opened and never closed") : NULL;
        g_ptr_array_add(rows, row);
    }
    return rows;
}

/* The delimiter is the one with which there is a header: a title above it may hold any sign. */
static GPtrArray *read_csv(const char *text)
{
    static const char delimiters[] = {',', ';', '\t'};
    for (guint i = 0; i < G_N_ELEMENTS(delimiters); i++) {
        g_autoptr(GPtrArray) rows = rows_of_csv(text, delimiters[i]);
        int header = find_header(rows);
        if (header < 0)
            continue;
        guint width = ((const table_row *)rows->pdata[header])->fields->len;
        for (guint k = (guint)header + 1; k < rows->len; k++) {
            table_row *row = rows->pdata[k];
            if (!row->problem && has_too_many(row->fields, width))
                row->problem = _("more fields than the header has; put a field that holds the delimiter in double quotes");
        }
        return g_steal_pointer(&rows);
    }
    return rows_of_csv(text, ',');
}

static bool fail(GError **error, const char *what, const char *problem)
{
    g_set_error(error, BF_ROSTER_ERROR, BF_ROSTER_ERROR_FORMAT, "%s: %s", what, problem);
    return false;
}

bool roster_table_read(const char *data, gsize length, const char *what, roster_table *out, GError **error)
{
    static const char old_workbook[] = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
    if (length > MAX_FILE_BYTES)
        return fail(error, what, _("larger than any roster (64 MiB)"));
    if (length == 0)
        return fail(error, what, _("this file is empty"));
    if (length >= 8 && memcmp(data, old_workbook, 8) == 0)
        return fail(
            error, what,
            _("this is a workbook of the old kind (.xls), or one with a password; save it as .xlsx without a password, or as CSV (UTF-8), "
              "and give that file"));
    if (length >= 4 && memcmp(data, "PK\3\4", 4) == 0) {
        g_autoptr(GBytes) bytes = g_bytes_new_static(data, length);
        GPtrArray *rows = NULL;
        return xlsx_read(bytes, what, &rows, error) && use_header(rows, what, out, error);
    }
    g_autofree char *text = decode(data, length);
    if (!text)
        return fail(error, what, _("the text is neither UTF-8, UTF-16 nor GB18030; save it as CSV (UTF-8)"));
    return use_header(read_csv(text), what, out, error);
}
