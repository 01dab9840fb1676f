#include "batch/xlsx.h"

#include "batch/csv.h"
#include "batch/roster_table.h"
#include "blindfold/package.h"
#include "blindfold/roster.h"

#include <glib/gi18n.h>
#include <libxml/xmlreader.h>
#include <math.h>
#include <string.h>

enum { MAX_PART_BYTES = 64 << 20, MAX_FIELDS = 256 };

static bool fail(GError **error, const char *what, const char *problem)
{
    g_set_error(error, BF_ROSTER_ERROR, BF_ROSTER_ERROR_FORMAT,
                _("%s: %s; if it opens in a spreadsheet program, save it there as .xlsx or CSV (UTF-8) and give that file"), what, problem);
    return false;
}

static void ignore_message(void *user, const char *message, xmlParserSeverities severity, xmlTextReaderLocatorPtr where)
{
    (void)user;
    (void)message; /* it may quote the table */
    (void)severity;
    (void)where;
}

static void close_reader(xmlTextReaderPtr reader)
{
    xmlFreeTextReader(reader);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(xmlTextReader, close_reader)

/* No network, no DTD, no entities: an office document has none. */
static xmlTextReader *open_part(GBytes *part)
{
    gsize n;
    const char *data = g_bytes_get_data(part, &n);
    xmlTextReader *reader = xmlReaderForMemory(data, (int)n, NULL, NULL, XML_PARSE_NONET | XML_PARSE_NOCDATA);
    if (reader)
        xmlTextReaderSetErrorHandler(reader, ignore_message, NULL);
    return reader;
}

static bool is_start(xmlTextReader *r, const char *element)
{
    return xmlTextReaderNodeType(r) == XML_READER_TYPE_ELEMENT && strcmp((const char *)xmlTextReaderConstLocalName(r), element) == 0;
}

static bool is_end(xmlTextReader *r, const char *element)
{
    return xmlTextReaderNodeType(r) == XML_READER_TYPE_END_ELEMENT && strcmp((const char *)xmlTextReaderConstLocalName(r), element) == 0;
}

/* A new string, or NULL. */
static char *attribute(xmlTextReader *r, const char *name)
{
    xmlChar *value = xmlTextReaderGetAttribute(r, (const xmlChar *)name);
    char *copy = g_strdup((const char *)value);
    xmlFree(value);
    return copy;
}

/* The text of all <t> (or <v>) below the element at which the reader stands, but for phonetic hints; moves to its end. */
static void collect_text(xmlTextReader *r, const char *element, GString *text)
{
    bool within = false, phonetic = false;
    if (xmlTextReaderIsEmptyElement(r))
        return;
    while (xmlTextReaderRead(r) == 1 && !is_end(r, element)) {
        int type = xmlTextReaderNodeType(r);
        if (is_start(r, "rPh"))
            phonetic = !xmlTextReaderIsEmptyElement(r);
        else if (is_end(r, "rPh"))
            phonetic = false;
        else if (is_start(r, "t") || is_start(r, "v"))
            within = !xmlTextReaderIsEmptyElement(r);
        else if (is_end(r, "t") || is_end(r, "v"))
            within = false;
        else if (within && !phonetic && (type == XML_READER_TYPE_TEXT || type == XML_READER_TYPE_SIGNIFICANT_WHITESPACE))
            g_string_append(text, (const char *)xmlTextReaderConstValue(r));
    }
}

/* The relationship of the first sheet that is not hidden, or of the first one. */
static char *first_sheet(GBytes *workbook)
{
    g_autoptr(xmlTextReader) r = open_part(workbook);
    g_autofree char *first = NULL;
    while (r && xmlTextReaderRead(r) == 1) {
        if (!is_start(r, "sheet"))
            continue;
        g_autofree char *id = NULL, *state = attribute(r, "state");
        while (!id && xmlTextReaderMoveToNextAttribute(r) == 1) /* its prefix is anybody's choice */
            if (strcmp((const char *)xmlTextReaderConstLocalName(r), "id") == 0)
                id = g_strdup((const char *)xmlTextReaderConstValue(r));
        if (id && (!state || strcmp(state, "visible") == 0))
            return g_steal_pointer(&id);
        if (!first)
            first = g_steal_pointer(&id);
    }
    return g_steal_pointer(&first);
}

/* The name in the zip of the part that a relationship of the workbook leads to. */
static char *part_of(GBytes *relationships, const char *id)
{
    g_autoptr(xmlTextReader) r = open_part(relationships);
    while (r && xmlTextReaderRead(r) == 1) {
        if (!is_start(r, "Relationship"))
            continue;
        g_autofree char *own = attribute(r, "Id"), *target = attribute(r, "Target");
        if (own && target && strcmp(own, id) == 0)
            return target[0] == '/' ? g_strdup(target + 1) : g_strconcat("xl/", target, NULL);
    }
    return NULL;
}

static GPtrArray *read_shared(GBytes *part)
{
    GPtrArray *shared = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(xmlTextReader) r = part ? open_part(part) : NULL;
    while (r && xmlTextReaderRead(r) == 1)
        if (is_start(r, "si")) {
            GString *text = g_string_new(NULL);
            collect_text(r, "si", text);
            g_ptr_array_add(shared, g_string_free(text, FALSE));
        }
    return shared;
}

/* "C17" is field 2; without a reference, the one behind the last. */
static guint field_of(const char *reference, guint next)
{
    guint n = 0;
    const char *p = reference ? reference : "";
    for (; g_ascii_isupper(*p) && n <= MAX_FIELDS; p++)
        n = n * 26 + (guint)(*p - 'A') + 1;
    return n > 0 ? n - 1 : next;
}

/* 20230017 is an id, 20230017.0 and 2.0230017E7 are not what the office sees. */
static char *number_text(const char *value)
{
    char *end;
    double number = g_ascii_strtod(value, &end);
    if (end != value && *end == '\0' && fabs(number) < 1e15 && number == floor(number))
        return g_strdup_printf("%" G_GINT64_FORMAT, (gint64)number);
    return g_strdup(value);
}

static char *cell_text(const char *type, const char *value, const GPtrArray *shared, table_row *row)
{
    if (g_strcmp0(type, "s") == 0) {
        guint64 i;
        if (g_ascii_string_to_unsigned(value, 10, 0, G_MAXUINT, &i, NULL) && i < shared->len)
            return g_strdup(shared->pdata[i]);
        row->problem = _("a cell refers to text that the workbook does not have");
    } else if (g_strcmp0(type, "e") == 0) {
        row->problem = _("a cell holds an error of the spreadsheet");
    } else {
        return type == NULL || strcmp(type, "n") == 0 ? number_text(value) : g_strdup(value);
    }
    return g_strdup("");
}

static void read_cell(xmlTextReader *r, const GPtrArray *shared, table_row *row)
{
    g_autofree char *reference = attribute(r, "r"), *type = attribute(r, "t");
    guint field = field_of(reference, row->fields->len);
    g_autoptr(GString) value = g_string_new(NULL);
    collect_text(r, "c", value);
    if (field >= MAX_FIELDS || value->len == 0)
        return;
    while (row->fields->len <= field)
        g_ptr_array_add(row->fields, g_strdup(""));
    g_free(row->fields->pdata[field]);
    row->fields->pdata[field] = csv_trim(cell_text(type, value->str, shared, row));
}

static bool has_content(const table_row *row)
{
    for (guint i = 0; i < row->fields->len; i++)
        if (*(const char *)row->fields->pdata[i])
            return true;
    return row->problem != NULL;
}

static table_row *read_row(xmlTextReader *r, const GPtrArray *shared, guint line)
{
    table_row *row = table_row_new(line);
    if (!xmlTextReaderIsEmptyElement(r))
        while (xmlTextReaderRead(r) == 1 && !is_end(r, "row"))
            if (is_start(r, "c"))
                read_cell(r, shared, row);
    return row;
}

/* The table's rows, or NULL where the sheet is no well-formed XML to its end. */
static GPtrArray *read_sheet(GBytes *sheet, const GPtrArray *shared)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(table_row_free);
    g_autoptr(xmlTextReader) r = open_part(sheet);
    guint line = 0;
    int more = r ? xmlTextReaderRead(r) : -1;
    for (; more == 1; more = xmlTextReaderRead(r)) {
        if (!is_start(r, "row"))
            continue;
        g_autofree char *number = attribute(r, "r");
        guint64 told;
        line = number && g_ascii_string_to_unsigned(number, 10, 1, G_MAXUINT, &told, NULL) ? (guint)told : line + 1;
        table_row *row = read_row(r, shared, line);
        if (has_content(row))
            g_ptr_array_add(rows, row);
        else
            table_row_free(row);
    }
    return more == 0 ? g_steal_pointer(&rows) : NULL;
}

static bool read_part(GBytes *zip, const char *name, GBytes **out)
{
    return bf_zip_read_member(zip, name, MAX_PART_BYTES, out, NULL);
}

bool xlsx_read(GBytes *zip, const char *what, GPtrArray **rows, GError **error)
{
    g_autoptr(GBytes) workbook = NULL, relationships = NULL, strings = NULL, sheet = NULL;
    g_autoptr(GError) cause = NULL;
    if (!read_part(zip, "xl/workbook.xml", &workbook) || !read_part(zip, "xl/_rels/workbook.xml.rels", &relationships))
        return fail(error, what, _("this is a zip, but no Excel workbook (.xlsx), or a damaged one"));
    g_autofree char *id = first_sheet(workbook);
    g_autofree char *part = id ? part_of(relationships, id) : NULL;
    if (!part || !read_part(zip, part, &sheet))
        return fail(error, what, _("the workbook has no sheet that can be read"));
    if (!bf_zip_read_member(zip, "xl/sharedStrings.xml", MAX_PART_BYTES, &strings, &cause) &&
        !g_error_matches(cause, BF_PACKAGE_ERROR, BF_PACKAGE_ERROR_OPEN))
        return fail(error, what, _("the workbook's texts are damaged or too large"));
    g_autoptr(GPtrArray) shared = read_shared(strings);
    *rows = read_sheet(sheet, shared);
    return *rows != NULL || fail(error, what, _("the workbook's first sheet is damaged"));
}
