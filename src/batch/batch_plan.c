#include "batch/batch_plan.h"

#include "blindfold/name.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <string.h>
#include <sys/stat.h>

/* A zip or folder that may be somebody's package. */
typedef struct {
    char *path, *key; /* key: folded file name */
    guint operand;    /* 1-based place on the command line */
    guint place;      /* 1-based place among the zips of a folder; 0: is the operand itself */
    bool folder;
    bool claimed;
} candidate;

typedef struct {
    const bf_batch_settings *settings;
    const bf_batch_observer *observer;
    GHashTable *wanted;    /* folded names of the rows' packages */
    GPtrArray *candidates; /* candidate * */
    guint misfits;
} matching;

static void candidate_free(void *p)
{
    candidate *c = p;
    g_free(c->path);
    g_free(c->key);
    g_free(c);
}

void plan_item_free(void *p)
{
    plan_item *item = p;
    if (!item)
        return;
    g_free(item->path);
    bf_query_free(item->query);
    g_free(item);
}

void batch_plan_free(batch_plan *plan)
{
    if (!plan)
        return;
    g_ptr_array_unref(plan->items);
    bf_query_free(plan->names);
    g_free(plan);
}

G_GNUC_PRINTF(2, 3) static void misfit(matching *m, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *sentence = g_strdup_vprintf(format, args);
    va_end(args);
    m->misfits++;
    if (m->observer && m->observer->say)
        m->observer->say(m->observer->user, sentence);
}

static char *fold_file_name(const char *path)
{
    g_autofree char *whole = g_canonicalize_filename(path, NULL), *base = g_path_get_basename(whole);
    g_autofree char *utf8 = g_utf8_make_valid(base, -1), *normal = g_utf8_normalize(utf8, -1, G_NORMALIZE_ALL_COMPOSE);
    return g_utf8_casefold(normal ? normal : utf8, -1);
}

static bool is_folder(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* A folder is the package of a row that names it, with or without ".zip". */
static bool is_wanted(const matching *m, const char *key, bool folder)
{
    g_autofree char *zip = g_strconcat(key, ".zip", NULL);
    return g_hash_table_contains(m->wanted, key) || (folder && g_hash_table_contains(m->wanted, zip));
}

static void add_candidate(matching *m, const char *path, guint operand, guint place)
{
    candidate *c = g_new0(candidate, 1);
    *c = (candidate){.path = g_strdup(path), .key = fold_file_name(path), .operand = operand, .place = place, .folder = is_folder(path)};
    g_ptr_array_add(m->candidates, c);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The zips in a folder, and those of its folders that a row asks for. */
static void add_children(matching *m, const char *folder, guint operand)
{
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;
    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(folder, name, NULL), *key = fold_file_name(path);
        bool below = is_folder(path);
        if (below ? is_wanted(m, key, true) : g_str_has_suffix(key, ".zip") && name[0] != '.')
            g_ptr_array_add(paths, g_steal_pointer(&path));
    }
    if (!dir)
        misfit(m, _("input %u cannot be read: %s"), operand, g_strerror(errno));
    else if (paths->len == 0)
        misfit(m, _("input %u is a folder that no row of the roster names, and holds no zip"), operand);
    g_ptr_array_sort(paths, by_text);
    for (guint i = 0; i < paths->len; i++)
        add_candidate(m, paths->pdata[i], operand, i + 1);
}

static void collect_candidates(matching *m)
{
    struct stat st;
    for (guint i = 0; m->settings->inputs[i]; i++) {
        const char *path = m->settings->inputs[i];
        g_autofree char *key = fold_file_name(path);
        if (stat(path, &st) != 0)
            misfit(m, _("input %u cannot be read: %s"), i + 1, g_strerror(errno));
        else if (S_ISDIR(st.st_mode) && !is_wanted(m, key, true))
            add_children(m, path, i + 1);
        else
            add_candidate(m, path, i + 1, 0);
    }
}

/* The candidate that is the row's package. *n: how many claim to be. */
static candidate *find_package(const matching *m, const bf_roster_row *row, guint *n)
{
    g_autofree char *wanted = fold_file_name(row->package);
    candidate *found = NULL;
    *n = 0;
    for (guint i = 0; i < m->candidates->len; i++) {
        candidate *c = m->candidates->pdata[i];
        g_autofree char *zip = g_strconcat(c->key, ".zip", NULL);
        if (strcmp(c->key, wanted) != 0 && !(c->folder && strcmp(zip, wanted) == 0))
            continue;
        c->claimed = true;
        found = c;
        (*n)++;
    }
    return found;
}

static bf_query *build_query(const bf_roster_row *row)
{
    bf_query *query = NULL;
    return bf_name_build(row->name, (const char *const *)row->aliases, &query, NULL) ? query : NULL;
}

static void match_row(matching *m, const bf_roster_row *row, batch_plan *plan)
{
    guint n = 0;
    const candidate *c = find_package(m, row, &n);
    g_autoptr(bf_query) query = build_query(row);
    if (!query) {
        misfit(m, _("line %u: %s"), row->line, bf_roster_row_problem(row));
    } else if (n == 0) {
        g_autofree char *shown = bf_name_redact_text(query, row->package);
        misfit(m, _("line %u: the package %s of id %s is not among the inputs"), row->line, shown, row->id);
    } else if (n > 1) {
        misfit(m, _("line %u: %u inputs have the name of the package of id %s; give one of them"), row->line, n, row->id);
    } else {
        plan_item *item = g_new0(plan_item, 1);
        *item = (plan_item){.row = row, .path = g_strdup(c->path), .query = g_steal_pointer(&query)};
        g_ptr_array_add(plan->items, item);
    }
}

/* Told by number: the file's name may be its owner's, and nobody here knows that name. */
static void tell_unclaimed(matching *m)
{
    for (guint i = 0; i < m->candidates->len; i++) {
        const candidate *c = m->candidates->pdata[i];
        if (c->claimed)
            continue;
        if (c->place == 0)
            misfit(m, _("input %u is in no row of the roster"), c->operand);
        else
            misfit(m, _("zip %u (in the order of names) of the folder that is input %u is in no row of the roster"), c->place, c->operand);
    }
}

static void match_roster(matching *m, batch_plan *plan)
{
    const bf_roster *roster = m->settings->roster;
    for (guint i = 0; i < roster->problems->len; i++)
        misfit(m, "%s", (char *)roster->problems->pdata[i]);
    for (guint i = 0; i < roster->rows->len; i++)
        g_hash_table_add(m->wanted, fold_file_name(((bf_roster_row *)roster->rows->pdata[i])->package));
    collect_candidates(m);
    for (guint i = 0; i < roster->rows->len; i++)
        match_row(m, roster->rows->pdata[i], plan);
    tell_unclaimed(m);
}

/* A row that came from the command line takes the one input, whatever its name. */
static void match_single(matching *m, batch_plan *plan)
{
    const bf_roster_row *row = m->settings->roster->rows->pdata[0];
    const char *problem = bf_roster_row_problem(row);
    if (problem) {
        misfit(m, "%s", problem);
        return;
    }
    plan_item *item = g_new0(plan_item, 1);
    *item = (plan_item){.row = row, .path = g_strdup(m->settings->inputs[0]), .query = build_query(row)};
    g_ptr_array_add(plan->items, item);
}

static bool is_single(const bf_batch_settings *s)
{
    return s->roster->rows->len == 1 && ((bf_roster_row *)s->roster->rows->pdata[0])->line == 0 && s->inputs[0] && !s->inputs[1];
}

bool batch_plan_make(const bf_batch_settings *settings, const bf_batch_observer *observer, batch_plan **out, GError **error)
{
    g_autoptr(batch_plan) plan = g_new0(batch_plan, 1);
    g_autoptr(GHashTable) wanted = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GPtrArray) candidates = g_ptr_array_new_with_free_func(candidate_free);
    matching m = {.settings = settings, .observer = observer, .wanted = wanted, .candidates = candidates};
    plan->items = g_ptr_array_new_with_free_func(plan_item_free);
    if (is_single(settings))
        match_single(&m, plan);
    else
        match_roster(&m, plan);
    plan->left_out = m.misfits;

    if (m.misfits > 0 && is_single(settings)) {
        g_set_error(error, BF_BATCH_ERROR, BF_BATCH_ERROR_INPUT, _("this name or id cannot be used"));
        return false;
    }
    if (m.misfits > 0 && !settings->skip_bad_rows) {
        g_set_error(error, BF_BATCH_ERROR, BF_BATCH_ERROR_INPUT,
                    ngettext("roster and inputs do not fit (%u line above); mend it, or pass --skip-bad-rows to go on without it",
                             "roster and inputs do not fit (%u lines above); mend them, or pass --skip-bad-rows to go on without them",
                             m.misfits),
                    m.misfits);
        return false;
    }
    if (plan->items->len == 0) {
        g_set_error(error, BF_BATCH_ERROR, BF_BATCH_ERROR_INPUT, _("there is no package to work on: no row of the roster has one"));
        return false;
    }
    batch_plan_add_names(settings, plan);
    *out = g_steal_pointer(&plan);
    return true;
}
