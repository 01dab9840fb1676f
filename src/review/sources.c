#include "review/desk.h"

#include <glib/gi18n.h>
#include <string.h>

static bool fail(GError **error)
{
    g_set_error_literal(error, BF_REVIEW_ERROR, BF_REVIEW_ERROR_OUTPUT, _("a page's bytes cannot be had"));
    return false;
}

/* Opens a package when it is not open, and refuses one that is not what its hash says. Under the lock. */
static bool open_source(bf_package **source, const char *path, const char *sha256, GError **error)
{
    if (*source)
        return true;
    g_autoptr(bf_package) opened = NULL;
    if (!path || !bf_package_open(path, NULL, &opened, NULL) || strcmp(bf_package_sha256(opened), sha256) != 0)
        return fail(error);
    *source = g_steal_pointer(&opened);
    return true;
}

bool desk_read_page(desk_package *p, const bf_package_result *result, guint place, GBytes **out, GError **error)
{
    const bf_page_record *record = result->pages->pdata[place];
    g_mutex_lock(&p->lock);
    bool ok = open_source(&p->input, p->input_path, result->input_sha256, error) &&
              (record->entry_index < bf_package_n_entries(p->input) || fail(error)) &&
              bf_package_read(p->input, record->entry_index, out, error);
    g_mutex_unlock(&p->lock);
    return ok;
}

bool desk_read_finished(const desk *d, desk_package *p, const bf_package_result *result, guint place, GBytes **out, GError **error)
{
    const bf_page_record *record = result->pages->pdata[place];
    if (!result->output || !record->output_entry)
        return fail(error);
    g_autofree char *path = g_build_filename(d->settings->output_dir, result->output, NULL);
    g_mutex_lock(&p->lock);
    bool opened = open_source(&p->output, path, result->output_sha256, error);
    GBytes *bytes = opened ? bf_output_read_page(p->output, record) : NULL;
    g_mutex_unlock(&p->lock);
    if (!bytes)
        return opened ? fail(error) : false;
    *out = bytes;
    return true;
}

void desk_close_sources(desk_package *p)
{
    g_mutex_lock(&p->lock);
    g_clear_pointer(&p->input, bf_package_free);
    g_clear_pointer(&p->output, bf_package_free);
    g_mutex_unlock(&p->lock);
}
