#include "blindfold/name.h"
#include "review/desk.h"

#include <string.h>

static void item_clear(desk_item *item)
{
    bf_state_decision_free(item->decision);
    if (item->masks)
        g_array_unref(item->masks);
    if (item->checked) {
        bf_page_result_clear(item->checked);
        g_free(item->checked);
    }
    *item = (desk_item){0};
}

static void items_free(desk_item *items, guint n)
{
    for (guint i = 0; items && i < n; i++)
        item_clear(&items[i]);
    g_free(items);
}

static void package_free(void *data)
{
    desk_package *p = data;
    if (p->result) {
        items_free(p->pages, p->result->pages->len);
        items_free(p->files, p->result->dropped->len);
    }
    g_clear_pointer(&p->decisions, g_ptr_array_unref);
    bf_state_decision_free(p->returned);
    desk_close_sources(p);
    bf_package_result_free(p->result);
    bf_query_free(p->query);
    g_free(p->input_path);
    g_mutex_clear(&p->lock);
    g_free(p->id);
    g_free(p);
}

static desk_package *package_new(const char *id)
{
    desk_package *p = g_new0(desk_package, 1);
    p->id = g_strdup(id);
    p->verdict = BF_VERDICT_HELD; /* until the report is read, or the state knows it */
    g_mutex_init(&p->lock);
    return p;
}

static bool load_ids(desk *d, GError **error)
{
    g_autoptr(GPtrArray) ids = NULL;
    if (!bf_report_list(d->settings->output_dir, &ids, error))
        return false;
    for (guint i = 0; i < ids->len; i++) {
        desk_package *p = package_new(ids->pdata[i]);
        g_ptr_array_add(d->packages, p);
        g_hash_table_insert(d->by_id, p->id, p);
    }
    return true;
}

/* A decision holds for the bytes that were looked at, and for no others. */
static desk_item *item_of(const desk_package *p, const bf_state_decision *decision)
{
    for (guint i = 0; i < p->result->pages->len; i++) {
        const bf_page_record *record = p->result->pages->pdata[i];
        if (record->entry_index == decision->entry_index)
            return g_strcmp0(decision->sha256_in, record->page.sha256_in) == 0 ? &p->pages[i] : NULL;
    }
    for (guint i = 0; i < p->result->dropped->len; i++)
        if (((const bf_dropped_entry *)p->result->dropped->pdata[i])->entry_index == decision->entry_index)
            return &p->files[i];
    return NULL;
}

static bool load_decisions(desk *d, GError **error)
{
    g_autoptr(GPtrArray) decisions = NULL;
    if (!bf_state_list_decisions(d->output->state, NULL, &decisions, error))
        return false;
    for (guint i = 0; i < decisions->len; i++) {
        bf_state_decision *decision = decisions->pdata[i];
        desk_package *p = g_hash_table_lookup(d->by_id, decision->package_id);
        if (!p || decision->superseded)
            continue;
        if (!p->decisions)
            p->decisions = g_ptr_array_new_with_free_func((GDestroyNotify)bf_state_decision_free);
        g_ptr_array_add(p->decisions, decision);
        decisions->pdata[i] = NULL; /* taken */
    }
    return true;
}

static void take_decisions(desk_package *p)
{
    for (guint i = 0; p->decisions && i < p->decisions->len; i++) {
        bf_state_decision *decision = p->decisions->pdata[i];
        bool whole = decision->entry_index == DESK_WHOLE_PACKAGE;
        desk_item *item = whole ? NULL : item_of(p, decision);
        if (item) {
            item->masks = desk_masks_from_text(decision->masks_after);
            item->decision = decision;
        } else if (whole && g_strcmp0(decision->sha256_in, p->result->input_sha256) == 0) {
            p->returned = decision;
        } else {
            continue;
        }
        p->decisions->pdata[i] = NULL; /* taken */
    }
    g_clear_pointer(&p->decisions, g_ptr_array_unref);
}

void desk_read(desk *d, desk_package *p)
{
    if (p->result)
        return;
    if (!bf_report_read(d->settings->output_dir, p->id, &p->result, NULL)) {
        p->result = bf_package_result_new(p->id);
        p->result->reasons = g_ptr_array_new();
        g_ptr_array_add(p->result->reasons, (gpointer) "report-unreadable");
    }
    p->verdict = p->result->verdict;
    p->pages = g_new0(desk_item, p->result->pages->len + 1);
    p->files = g_new0(desk_item, p->result->dropped->len + 1);
    take_decisions(p);
}

bool desk_read_next(desk *d)
{
    while (d->n_read < d->packages->len && ((desk_package *)d->packages->pdata[d->n_read])->result)
        d->n_read++;
    if (d->n_read == d->packages->len)
        return false;
    desk_read(d, d->packages->pdata[d->n_read]);
    return true;
}

static bool load_rows(desk *d, GError **error)
{
    g_autoptr(GPtrArray) rows = NULL;
    if (!bf_state_list_packages(d->output->state, &rows, error))
        return false;
    for (guint i = 0; i < rows->len; i++) {
        const bf_state_package *row = rows->pdata[i];
        desk_package *p = g_hash_table_lookup(d->by_id, row->id);
        if (!p)
            continue;
        p->input_path = g_strdup(row->input_path);
        p->verdict = row->verdict;
    }
    return true;
}

static void find_persons(desk *d)
{
    const bf_roster *roster = d->settings->roster;
    for (guint i = 0; i < roster->rows->len; i++) {
        const bf_roster_row *row = roster->rows->pdata[i];
        desk_package *p = g_hash_table_lookup(d->by_id, row->id);
        if (p)
            p->row = row;
    }
}

bool desk_load(desk *d, GError **error)
{
    d->packages = g_ptr_array_new_with_free_func(package_free);
    d->retired = g_ptr_array_new_with_free_func((GDestroyNotify)bf_package_result_free);
    d->by_id = g_hash_table_new(g_str_hash, g_str_equal);
    if (!load_ids(d, error) || !load_decisions(d, error) || !load_rows(d, error))
        return false;
    find_persons(d);
    d->spot_seed = bf_audit_person(d->output->audit, "spot-check", "seed");
    return true;
}

void desk_clear(desk *d)
{
    g_clear_pointer(&d->by_id, g_hash_table_unref);
    g_clear_pointer(&d->packages, g_ptr_array_unref);
    g_clear_pointer(&d->retired, g_ptr_array_unref);
    g_clear_pointer(&d->spot_seed, g_free);
}

desk_package *desk_find(desk *d, const char *id)
{
    desk_package *p = g_hash_table_lookup(d->by_id, id);
    if (p)
        desk_read(d, p);
    return p;
}

/* Where the original is: where it was, or under the same file name (or the roster's) in one of the folders given. */
static char *find_input(const desk *d, const desk_package *p)
{
    const char *names[] = {p->input_path, p->row->package};
    for (guint i = 0; d->settings->input_dirs && d->settings->input_dirs[i]; i++)
        for (guint k = 0; k < G_N_ELEMENTS(names); k++) {
            g_autofree char *name = names[k] ? g_path_get_basename(names[k]) : NULL;
            g_autofree char *path = name ? g_build_filename(d->settings->input_dirs[i], name, NULL) : NULL;
            if (path && g_file_test(path, G_FILE_TEST_EXISTS))
                return g_steal_pointer(&path);
        }
    return g_strdup(p->input_path);
}

static const char *find_problem(desk *d, desk_package *p)
{
    if (!p->row)
        return "not-in-roster";
    g_autofree char *person = bf_output_person(d->output, p->row);
    if (p->result->person && g_strcmp0(person, p->result->person) != 0)
        return "person-changed";
    if (!p->query && !bf_name_build(p->row->name, (const char *const *)p->row->aliases, &p->query, NULL))
        return "not-in-roster";
    g_autofree char *path = find_input(d, p);
    g_autoptr(bf_package) input = NULL;
    if (!path || !bf_package_open(path, NULL, &input, NULL))
        return "input-missing";
    if (strcmp(bf_package_sha256(input), p->result->input_sha256) != 0)
        return "input-changed";
    g_free(p->input_path);
    p->input_path = g_steal_pointer(&path);
    g_mutex_lock(&p->lock);
    if (!p->input)
        p->input = g_steal_pointer(&input);
    g_mutex_unlock(&p->lock);
    return NULL;
}

/* What was wrong may have been mended meanwhile, so that is looked at again; what was well is not: whatever reads the input later on
 * checks it by its hash. */
void desk_open_package(desk *d, desk_package *p)
{
    gint64 now = g_get_monotonic_time();
    if (p->opened_us && (!p->problem || now - p->opened_us < G_USEC_PER_SEC))
        return;
    p->opened_us = now;
    p->problem = p->result->verdict == BF_VERDICT_FAILED ? NULL : find_problem(d, p);
}

void desk_replace_result(desk *d, desk_package *p, bf_package_result *result)
{
    desk_close_sources(p); /* the finished zip is another one */
    for (guint i = 0; i < p->result->pages->len; i++) {
        desk_item *item = &p->pages[i];
        if (item->checked) {
            checker_forget(d->checker, item->checked);
            bf_page_result_clear(item->checked);
            g_clear_pointer(&item->checked, g_free);
        }
        item->revision++;
    }
    g_ptr_array_add(d->retired, p->result);
    p->result = result;
    p->verdict = result->verdict;
}
