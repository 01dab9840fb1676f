#include "batch/batch_guard.h"

/* Each input by itself, and not the operands: an input may be a link that leads elsewhere. */
static bool guard_files(bf_guard_mode mode, GPtrArray *readable, const char *writable_dir, bf_guard_state *state, GError **error)
{
    const char *const tessdata = g_getenv("TESSDATA_PREFIX");
    if (tessdata)
        g_ptr_array_add(readable, (gpointer)tessdata);
    g_ptr_array_add(readable, NULL);
    const char *const writable[] = {writable_dir, NULL};
    return bf_guard_files_only(mode, (const char *const *)readable->pdata, writable, state, error);
}

bool batch_guard(const bf_batch_settings *settings, const batch_plan *plan, bf_guard_state *state, GError **error)
{
    *state = (bf_guard_state){0};
    if (!settings->guard_process)
        return true;
    g_autoptr(GPtrArray) readable = g_ptr_array_new();
    for (guint i = 0; i < plan->items->len; i++)
        g_ptr_array_add(readable, ((const plan_item *)plan->items->pdata[i])->path);
    return guard_files(settings->sandbox, readable, settings->output_dir, state, error);
}

bool check_guard(const bf_check_settings *settings, GError **error)
{
    bf_guard_state state;
    if (!settings->guard_process)
        return true;
    g_autoptr(GPtrArray) readable = g_ptr_array_new();
    for (const char *const *input = settings->inputs; *input; input++)
        g_ptr_array_add(readable, (gpointer)*input);
    return guard_files(settings->sandbox, readable, settings->writable_dir, &state, error);
}
