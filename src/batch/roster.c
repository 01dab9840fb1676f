#include "blindfold/roster.h"

#include "batch/csv.h"
#include "batch/roster_table.h"
#include "blindfold/name.h"

#include <glib/gi18n.h>
#include <string.h>

G_DEFINE_QUARK(bf - roster - error - quark, bf_roster_error)

enum { MAX_ID_BYTES = 100, MAX_PACKAGE_BYTES = 255 };

static void wipe_and_free(char *text)
{
    if (text)
        explicit_bzero(text, strlen(text));
    g_free(text);
}

/* All but the level may hold the name; an id may not, but is checked only after it is read. */
static void row_free(void *p)
{
    bf_roster_row *row = p;
    wipe_and_free(row->id);
    wipe_and_free(row->name);
    wipe_and_free(row->package);
    g_free(row->level);
    for (char **alias = row->aliases; alias && *alias; alias++)
        wipe_and_free(*alias);
    g_free(row->aliases);
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

static bf_roster_row *make_row(const roster_table *table, const table_row *from)
{
    const char *package = roster_table_field(table, from, COLUMN_PACKAGE), *level = roster_table_field(table, from, COLUMN_LEVEL);
    bf_roster_row *row = g_new0(bf_roster_row, 1);
    row->line = from->line;
    row->id = g_strdup(roster_table_field(table, from, COLUMN_ID));
    row->name = g_strdup(roster_table_field(table, from, COLUMN_NAME));
    row->package = *package ? g_strdup(package) : g_strconcat(row->id, ".zip", NULL);
    row->level = *level ? g_strdup(level) : NULL;
    row->aliases = split_aliases(roster_table_field(table, from, COLUMN_ALIASES));
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
        return _("the name or an alias has no characters that can be looked for");
    case BF_NAME_ERROR_SHORT:
        return _("the name or an alias has one character only, which would be found everywhere; give it in full");
    case BF_NAME_ERROR_LONG:
        return _("the name or an alias has more than 64 characters");
    default:
        return _("the name or an alias is not text");
    }
}

const char *bf_roster_row_problem(const bf_roster_row *row)
{
    g_autoptr(bf_query) query = NULL;
    g_autoptr(GError) error = NULL;
    if (!*row->name)
        return _("the name is missing");
    if (!*row->id)
        return _("the id is missing");
    if (!bf_name_build(row->name, (const char *const *)row->aliases, &query, &error))
        return name_problem(error);
    if (bf_name_in_text(query, row->id))
        return _("the id holds the applicant's name; the id is the name of the output file, so give another one");
    if (!bf_roster_id_is_safe(row->id))
        return _("the id cannot be a file name; use letters, digits, '-', '_' and '.', at most 100 bytes");
    if (strpbrk(row->package, "/\\") || strlen(row->package) > MAX_PACKAGE_BYTES)
        return _("the package must be a file name without its folder");
    return NULL;
}

static char *fold(const char *text)
{
    g_autofree char *normal = g_utf8_normalize(text, -1, G_NORMALIZE_ALL_COMPOSE);
    return g_utf8_casefold(normal ? normal : text, -1);
}

static void add_problem(bf_roster *r, guint line, const char *problem)
{
    g_ptr_array_add(r->problems, g_strdup_printf(_("line %u: %s"), line, problem));
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
        g_ptr_array_add(r->problems, g_strdup_printf(_("line %u: its id stands on line %u already"), row->line, first));
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
        g_ptr_array_add(r->problems, g_strdup_printf(_("line %u: its package is that of line %u too"), row->line, owner->line));
        if (g_hash_table_add(refused, owner))
            g_ptr_array_add(r->problems, g_strdup_printf(_("line %u: its package is that of line %u too"), owner->line, row->line));
        g_hash_table_add(refused, row);
    }
    for (guint i = r->rows->len; i > 0; i--)
        if (g_hash_table_contains(refused, r->rows->pdata[i - 1]))
            g_ptr_array_remove_index(r->rows, i - 1);
}

bool bf_roster_parse(const char *data, gsize length, const char *what, bf_roster **out, GError **error)
{
    g_auto(roster_table) table = {0};
    if (!roster_table_read(data, length, what, &table, error))
        return false;
    bf_roster *r = roster_new();
    g_autoptr(GHashTable) ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = table.first; i < table.rows->len; i++) {
        const table_row *row = table.rows->pdata[i];
        if (row->problem)
            add_problem(r, row->line, row->problem);
        else
            add_row(r, make_row(&table, row), ids);
    }
    refuse_shared_packages(r);
    *out = r;
    return true;
}

bool bf_roster_read(const char *path, bf_roster **out, GError **error)
{
    g_autofree char *data = NULL;
    gsize length = 0;
    g_autoptr(GError) cause = NULL;
    if (!g_file_get_contents(path, &data, &length, &cause)) {
        g_set_error(error, BF_ROSTER_ERROR, BF_ROSTER_ERROR_OPEN, _("the roster cannot be read: %s"), cause->message);
        return false;
    }
    return bf_roster_parse(data, length, path, out, error);
}
