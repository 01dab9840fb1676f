/* What the server gives up: it reads zips, which are foreign, and answers a browser. */
#include "review/desk.h"

/* The folders of the inputs, not the files: one that was moved away may come back. */
static GPtrArray *list_readable(const desk *d)
{
    g_autoptr(GHashTable) folders = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GPtrArray *readable = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < d->packages->len; i++) {
        const desk_package *p = d->packages->pdata[i];
        if (p->input_path)
            g_hash_table_add(folders, g_path_get_dirname(p->input_path));
    }
    GHashTableIter each;
    gpointer folder;
    g_hash_table_iter_init(&each, folders);
    while (g_hash_table_iter_next(&each, &folder, NULL))
        g_ptr_array_add(readable, g_strdup(folder));
    for (guint i = 0; d->settings->input_dirs && d->settings->input_dirs[i]; i++)
        g_ptr_array_add(readable, g_strdup(d->settings->input_dirs[i]));
    g_ptr_array_add(readable, NULL);
    return readable;
}

bool desk_confine(desk *d, GError **error)
{
    const bf_review_settings *s = d->settings;
    g_autoptr(GPtrArray) readable = list_readable(d);
    g_autofree char *socket_dir = s->unix_path ? g_path_get_dirname(s->unix_path) : NULL; /* the socket is removed at the end */
    const char *const writable[] = {s->output_dir, socket_dir, NULL};
    return bf_guard_files_only(s->pages.sandbox, (const char *const *)readable->pdata, writable, &d->own_guard, error);
}
