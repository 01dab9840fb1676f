#include "blindfold/roster.h"

#include "batch/csv.h"
#include "blindfold/name.h"

#include <string.h>

G_DEFINE_QUARK(bf - roster - error - quark, bf_roster_error)

enum { MAX_FILE_BYTES = 64 << 20, MAX_ID_BYTES = 100, MAX_PACKAGE_BYTES = 255 };

typedef enum { COLUMN_ID, COLUMN_NAME, COLUMN_ALIASES, COLUMN_PACKAGE, COLUMN_LEVEL, N_COLUMNS } column;

static const char *const column_heads[N_COLUMNS][2] = {
    {"id", "编号"}, {"name", "姓名"}, {"aliases", "别名"}, {"package", "附件包"}, {"level", "级别"}};

static void row_free(void *p)
{
    bf_roster_row *row = p;
    if (row->name)
        memset(row->name, 0, strlen(row->name));
    g_free(row->id);
    g_free(row->name);
    g_free(row->package);
    g_free(row->level);
    g_strfreev(row->aliases);
    g_free(row);
}

static bf_roster *roster_new(void)
{
    bf_roster *r = g_new0(bf_roster, 1);
    r->rows = g_ptr_array_new_with_free_func(row_free);
    r->problems = g_ptr_array_new_with_free_func(g_free);
    return r;
}

void bf_roster_free(bf_roster *r)
{
    if (!r)
        return;
    g_ptr_array_unref(r->rows);
    g_ptr_array_unref(r->problems);
    g_free(r);
}

bf_roster *bf_roster_new_single(const char *id, const char *name, const char *const *aliases, const char *package)
{
    bf_roster *r = roster_new();
    bf_roster_row *row = g_new0(bf_roster_row, 1);
    row->id = g_strdup(id);
    row->name = g_strdup(name);
    row->package = package ? g_strdup(package) : g_strconcat(id, ".zip", NULL);
    row->aliases = aliases ? g_strdupv((char **)aliases) : g_new0(char *, 1);
    g_ptr_array_add(r->rows, row);
    return r;
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

/* A delimiter inside a field that is not quoted moves everything behind it: an alias would be lost, and so not be masked. */
static bool has_too_many(const GPtrArray *fields, guint n_columns)
{
    for (guint i = n_columns; i < fields->len; i++)
        if (*(const char *)fields->pdata[i])
            return true;
    return false;
}

/* Fills places with the number of the field of each column, -1 where there is none. */
static bool read_header(const GPtrArray *fields, const char *what, int places[N_COLUMNS], GError **error)
{
    for (int c = 0; c < N_COLUMNS; c++)
        places[c] = -1;
    for (guint i = 0; fields && i < fields->len; i++) {
        int c = which_column(fields->pdata[i]);
        if (c >= 0 && places[c] >= 0) {
            g_set_error(error, BF_ROSTER_ERROR, BF_ROSTER_ERROR_FORMAT, "%s: the column \"%s\" (%s) stands in the header twice", what,
                        column_heads[c][0], column_heads[c][1]);
            return false;
        }
        if (c >= 0)
            places[c] = (int)i;
    }
    for (int c = COLUMN_ID; c <= COLUMN_NAME; c++)
        if (places[c] < 0) {
            g_set_error(error, BF_ROSTER_ERROR, BF_ROSTER_ERROR_FORMAT,
                        "%s: the first line must be a header with the columns \"id\" (编号) and \"name\" (姓名); \"%s\" is missing", what,
                        column_heads[c][0]);
            return false;
        }
    return true;
}

/* "a; b、c" as an array; the full-width semicolon counts too. */
static char **split_aliases(const char *text)
{
    g_autoptr(GString) plain = g_string_new(text);
    g_string_replace(plain, "；", ";", 0);
    g_string_replace(plain, "、", ";", 0);
    g_auto(GStrv) parts = g_strsplit(plain->str, ";", -1);
    GPtrArray *aliases = g_ptr_array_new();
    for (char **part = parts; *part; part++)
        if (*csv_trim(*part))
            g_ptr_array_add(aliases, g_strdup(*part));
    g_ptr_array_add(aliases, NULL);
    return (char **)g_ptr_array_free(aliases, FALSE);
}

static const char *field_at(const GPtrArray *fields, int place)
{
    return place >= 0 && (guint)place < fields->len ? fields->pdata[place] : "";
}

static bf_roster_row *make_row(const GPtrArray *fields, const int places[N_COLUMNS], guint line)
{
    const char *package = field_at(fields, places[COLUMN_PACKAGE]), *level = field_at(fields, places[COLUMN_LEVEL]);
    bf_roster_row *row = g_new0(bf_roster_row, 1);
    row->line = line;
    row->id = g_strdup(field_at(fields, places[COLUMN_ID]));
    row->name = g_strdup(field_at(fields, places[COLUMN_NAME]));
    row->package = *package ? g_strdup(package) : g_strconcat(row->id, ".zip", NULL);
    row->level = *level ? g_strdup(level) : NULL;
    row->aliases = split_aliases(field_at(fields, places[COLUMN_ALIASES]));
    return row;
}

bool bf_roster_id_is_safe(const char *id)
{
    static const char *const devices[] = {"con", "prn", "aux", "nul", NULL};
    size_t n = strlen(id);
    if (n == 0 || n > MAX_ID_BYTES || strchr(".-", id[0]) || id[n - 1] == '.')
        return false;
    for (const char *p = id; *p; p = g_utf8_next_char(p))
        if (!g_unichar_isalnum(g_utf8_get_char(p)) && !strchr("-_.", *p))
            return false;
    g_autofree char *stem = g_ascii_strdown(id, -1);
    stem[strcspn(stem, ".")] = '\0';
    bool numbered = strlen(stem) == 4 && (g_str_has_prefix(stem, "com") || g_str_has_prefix(stem, "lpt")) && g_ascii_isdigit(stem[3]);
    return !numbered && !g_strv_contains(devices, stem);
}

static const char *name_problem(const GError *error)
{
    switch (error->code) {
    case BF_NAME_ERROR_EMPTY:
        return "the name or an alias has no characters that can be looked for";
    case BF_NAME_ERROR_SHORT:
        return "the name or an alias has one character only, which would be found everywhere; give it in full";
    case BF_NAME_ERROR_LONG:
        return "the name or an alias has more than 64 characters";
    default:
        return "the name or an alias is not text";
    }
}

const char *bf_roster_row_problem(const bf_roster_row *row)
{
    g_autoptr(bf_query) query = NULL;
    g_autoptr(GError) error = NULL;
    if (!*row->name)
        return "the name is missing";
    if (!*row->id)
        return "the id is missing";
    if (!bf_name_build(row->name, (const char *const *)row->aliases, &query, &error))
        return name_problem(error);
    if (bf_name_in_text(query, row->id))
        return "the id holds the applicant's name; the id is the name of the output file, so give another one";
    if (!bf_roster_id_is_safe(row->id))
        return "the id cannot be a file name; use letters, digits, '-', '_' and '.', at most 100 bytes";
    if (strpbrk(row->package, "/\\") || strlen(row->package) > MAX_PACKAGE_BYTES)
        return "the package must be a file name without its folder";
    return NULL;
}

static char *fold(const char *text)
{
    g_autofree char *normal = g_utf8_normalize(text, -1, G_NORMALIZE_ALL_COMPOSE);
    return g_utf8_casefold(normal ? normal : text, -1);
}

static void add_problem(bf_roster *r, guint line, const char *problem)
{
    g_ptr_array_add(r->problems, g_strdup_printf("line %u: %s", line, problem));
}

/* Adds the row, or says why not. The first row with an id stands; `ids` has its line. */
static void add_row(bf_roster *r, bf_roster_row *row, GHashTable *ids)
{
    const char *problem = bf_roster_row_problem(row);
    g_autofree char *id = fold(row->id);
    guint first = *row->id ? GPOINTER_TO_UINT(g_hash_table_lookup(ids, id)) : 0;
    if (*row->id && first == 0)
        g_hash_table_insert(ids, g_strdup(id), GUINT_TO_POINTER(row->line));
    if (!problem && first == 0) {
        g_ptr_array_add(r->rows, row);
        return;
    }
    if (problem)
        add_problem(r, row->line, problem);
    else
        g_ptr_array_add(r->problems, g_strdup_printf("line %u: its id stands on line %u already", row->line, first));
    row_free(row);
}

/* One package cannot be of two people: with the wrong name it would be masked wrongly, so none of the rows is used. */
static void refuse_shared_packages(bf_roster *r)
{
    g_autoptr(GHashTable) owners = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL); /* package -> first row with it */
    g_autoptr(GHashTable) refused = g_hash_table_new(NULL, NULL);
    for (guint i = 0; i < r->rows->len; i++) {
        bf_roster_row *row = r->rows->pdata[i];
        g_autofree char *package = fold(row->package);
        bf_roster_row *owner = g_hash_table_lookup(owners, package);
        if (!owner) {
            g_hash_table_insert(owners, g_steal_pointer(&package), row);
            continue;
        }
        g_ptr_array_add(r->problems, g_strdup_printf("line %u: its package is that of line %u too", row->line, owner->line));
        if (g_hash_table_add(refused, owner))
            g_ptr_array_add(r->problems, g_strdup_printf("line %u: its package is that of line %u too", owner->line, row->line));
        g_hash_table_add(refused, row);
    }
    for (guint i = r->rows->len; i > 0; i--)
        if (g_hash_table_contains(refused, r->rows->pdata[i - 1]))
            g_ptr_array_remove_index(r->rows, i - 1);
}

static bf_roster *parse_text(const char *text, const char *what, GError **error)
{
    g_autoptr(bf_roster) r = roster_new();
    g_autoptr(GHashTable) ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    csv_reader csv = csv_begin(text);
    int places[N_COLUMNS];
    guint line = 0;
    bool broken = false;
    g_autoptr(GPtrArray) header = csv_next(&csv, &line, &broken);
    if (!read_header(header, what, places, error))
        return NULL;
    GPtrArray *fields;
    while ((fields = csv_next(&csv, &line, &broken))) {
        if (broken)
            add_problem(r, line, "a quote is opened and never closed");
        else if (has_too_many(fields, header->len))
            add_problem(r, line, "more fields than the header has; put a field that holds the delimiter in double quotes");
        else
            add_row(r, make_row(fields, places, line), ids);
        g_ptr_array_unref(fields);
    }
    refuse_shared_packages(r);
    return g_steal_pointer(&r);
}

bool bf_roster_parse(const char *data, gsize length, const char *what, bf_roster **out, GError **error)
{
    if (length >= 4 && memcmp(data, "PK\3\4", 4) == 0) {
        g_set_error(error, BF_ROSTER_ERROR, BF_ROSTER_ERROR_FORMAT,
                    "%s: this is an Excel workbook or a zip; save the table as CSV (UTF-8) and give that file", what);
        return false;
    }
    g_autofree char *text = length <= MAX_FILE_BYTES ? decode(data, length) : NULL;
    if (!text) {
        g_set_error(error, BF_ROSTER_ERROR, BF_ROSTER_ERROR_FORMAT, "%s: %s", what,
                    length > MAX_FILE_BYTES ? "larger than any roster (64 MiB)"
                                            : "the text is neither UTF-8, UTF-16 nor GB18030; save it as CSV (UTF-8)");
        return false;
    }
    bf_roster *r = parse_text(text, what, error);
    if (!r)
        return false;
    *out = r;
    return true;
}

bool bf_roster_read(const char *path, bf_roster **out, GError **error)
{
    g_autofree char *data = NULL;
    gsize length = 0;
    g_autoptr(GError) cause = NULL;
    if (!g_file_get_contents(path, &data, &length, &cause)) {
        g_set_error(error, BF_ROSTER_ERROR, BF_ROSTER_ERROR_OPEN, "the roster cannot be read: %s", cause->message);
        return false;
    }
    return bf_roster_parse(data, length, path, out, error);
}
