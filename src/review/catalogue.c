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
    items_free(p->pages, p->result->pages->len);
    items_free(p->files, p->result->dropped->len);
    bf_state_decision_free(p->returned);
    desk_close_sources(p);
    bf_package_result_free(p->result);
    bf_query_free(p->query);
    g_free(p->input_path);
    g_mutex_clear(&p->lock);
    g_free(p);
}

static desk_package *package_new(bf_package_result *result)
{
    desk_package *p = g_new0(desk_package, 1);
    p->result = result;
    p->pages = g_new0(desk_item, result->pages->len + 1);
    p->files = g_new0(desk_item, result->dropped->len + 1);
    g_mutex_init(&p->lock);
    return p;
}

static bool load_reports(desk *d, GError **error)
{
    g_autoptr(GPtrArray) ids = NULL;
    if (!bf_report_list(d->settings->output_dir, &ids, error))
        return false;
    for (guint i = 0; i < ids->len; i++) {
        bf_package_result *result = NULL;
        if (!bf_report_read(d->settings->output_dir, ids->pdata[i], &result, NULL)) {
            result = bf_package_result_new(ids->pdata[i]);
            result->reasons = g_ptr_array_new();
            g_ptr_array_add(result->reasons, (gpointer) "report-unreadable");
        }
        desk_package *p = package_new(result);
        g_ptr_array_add(d->packages, p);
        g_hash_table_insert(d->by_id, result->id, p);
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
        desk_package *p = desk_find(d, decision->package_id);
        bool whole = decision->entry_index == DESK_WHOLE_PACKAGE;
        desk_item *item = p && !decision->superseded && !whole ? item_of(p, decision) : NULL;
        bool same_input = p && g_strcmp0(decision->sha256_in, p->result->input_sha256) == 0;
        if (item) {
            item->masks = desk_masks_from_text(decision->masks_after);
            item->decision = decision;
        } else if (p && whole && !decision->superseded && same_input) {
            p->returned = decision;
        } else {
            continue;
        }
        decisions->pdata[i] = NULL; /* taken */
    }
    return true;
}

static bool load_inputs(desk *d, GError **error)
{
    g_autoptr(GPtrArray) rows = NULL;
    if (!bf_state_list_packages(d->output->state, &rows, error))
        return false;
    for (guint i = 0; i < rows->len; i++) {
        const bf_state_package *row = rows->pdata[i];
        desk_package *p = desk_find(d, row->id);
        if (p)
            p->input_path = g_strdup(row->input_path);
    }
    return true;
}

static void find_persons(desk *d)
{
    const bf_roster *roster = d->settings->roster;
    for (guint i = 0; i < roster->rows->len; i++) {
        const bf_roster_row *row = roster->rows->pdata[i];
        desk_package *p = desk_find(d, row->id);
        if (p)
            p->row = row;
    }
}

bool desk_load(desk *d, GError **error)
{
    d->packages = g_ptr_array_new_with_free_func(package_free);
    d->retired = g_ptr_array_new_with_free_func((GDestroyNotify)bf_package_result_free);
    d->by_id = g_hash_table_new(g_str_hash, g_str_equal);
    if (!load_reports(d, error) || !load_decisions(d, error) || !load_inputs(d, error))
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

desk_package *desk_find(const desk *d, const char *id)
{
    return g_hash_table_lookup(d->by_id, id);
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

void desk_open_package(desk *d, desk_package *p)
{
    if (p->opened)
        return;
    p->opened = true;
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
    g_hash_table_remove(d->by_id, p->result->id);
    g_ptr_array_add(d->retired, p->result);
    p->result = result;
    g_hash_table_insert(d->by_id, result->id, p);
}
