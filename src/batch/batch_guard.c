#include "batch/batch_guard.h"

bool batch_guard(const bf_batch_settings *settings, const batch_plan *plan, bf_guard_state *state, GError **error)
{
    *state = (bf_guard_state){0};
    if (!settings->guard_process)
        return true;
    /* Each input by itself, and not the operands: an input may be a link that leads elsewhere. */
    g_autoptr(GPtrArray) readable = g_ptr_array_new();
    for (guint i = 0; i < plan->items->len; i++)
        g_ptr_array_add(readable, ((const plan_item *)plan->items->pdata[i])->path);
    const char *const tessdata = g_getenv("TESSDATA_PREFIX");
    if (tessdata)
        g_ptr_array_add(readable, (gpointer)tessdata);
    g_ptr_array_add(readable, NULL);
    const char *const writable[] = {settings->output_dir, NULL};
    return bf_guard_files_only(settings->sandbox, (const char *const *)readable->pdata, writable, state, error);
}
