#include "batch/batch_plan.h"
#include "batch/package_job.h"

static bf_batch_preview_row *look_at(const plan_item *item, const bf_batch_settings *settings)
{
    g_autoptr(bf_package) package = NULL;
    g_autoptr(GError) error = NULL;
    bf_batch_preview_row *row = g_new0(bf_batch_preview_row, 1);
    row->row = item->row;
    if (!bf_package_open(item->path, &settings->limits, &package, &error)) {
        row->problem = package_job_open_failure(error);
        return row;
    }
    for (guint i = 0; i < bf_package_n_entries(package); i++) {
        const bf_package_entry *entry = bf_package_get_entry(package, i);
        if (!entry->drop)
            row->pages++;
        else if (!g_str_equal(entry->drop, "directory"))
            row->dropped++;
    }
    return row;
}

bool bf_batch_preview(const bf_batch_settings *given, GPtrArray **out, guint *left_out, GError **error)
{
    g_autoptr(batch_plan) plan = NULL;
    bf_batch_settings all_that_fits = *given;
    const bf_batch_settings *settings = &all_that_fits;
    all_that_fits.skip_bad_rows = true;
    if (!batch_plan_make(settings, settings->observer, &plan, error))
        return false;
    *left_out = plan->left_out;
    *out = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < plan->items->len; i++)
        g_ptr_array_add(*out, look_at(plan->items->pdata[i], settings));
    return true;
}
