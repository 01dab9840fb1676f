#include "batch/shard.h"

#include <glib/gi18n.h>
#include <string.h>

enum { MAX_ATTEMPTS = 9, MAX_SHARDS = 100000 };

bool bf_shard_parse(const char *text, guint *shard, guint *n_shards)
{
    g_auto(GStrv) parts = g_strsplit(text, "/", -1);
    guint64 i, n;
    if (g_strv_length(parts) != 2 || !g_ascii_string_to_unsigned(parts[1], 10, 1, MAX_SHARDS, &n, NULL) ||
        !g_ascii_string_to_unsigned(parts[0], 10, 0, n - 1, &i, NULL))
        return false;
    *shard = (guint)i;
    *n_shards = (guint)n;
    return true;
}

static int by_id(gconstpointer a, gconstpointer b)
{
    const plan_item *const *x = a, *const *y = b;
    return strcmp((*x)->row->id, (*y)->row->id);
}

char *shard_take(batch_plan *plan, guint shard, guint n_shards)
{
    GString *list = g_string_new(NULL);
    GPtrArray *own = g_ptr_array_new_with_free_func(plan_item_free);
    g_string_printf(list, "%u %u\n", shard, n_shards);
    g_ptr_array_sort(plan->items, by_id);
    for (guint i = 0; i < plan->items->len; i++) {
        g_string_append_printf(list, "%s\n", ((const plan_item *)plan->items->pdata[i])->row->id);
        if (i % n_shards == shard)
            g_ptr_array_add(own, g_steal_pointer(&plan->items->pdata[i]));
    }
    g_ptr_array_unref(plan->items);
    plan->items = own;
    return g_string_free(list, FALSE);
}

/* Writes the list when the folder is new; fails when another one is there. */
static bool keep_list(const char *dir, const char *list, GError **error)
{
    g_autofree char *path = g_build_filename(dir, SHARD_LIST, NULL), *before = NULL;
    if (!g_file_get_contents(path, &before, NULL, NULL))
        return g_file_set_contents_full(path, list, -1, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, error);
    if (strcmp(before, list) == 0)
        return true;
    g_set_error(
        error, BF_BATCH_ERROR, BF_BATCH_ERROR_INPUT,
        _("%s: the roster or the inputs have changed since this shard began; all shards must have the same. Remove %s and run all of them "
          "again, or take another output folder"),
        dir, SHARDS_FOLDER);
    return false;
}

bool shard_output_open(const bf_batch_settings *s, const char *list, bf_output **out, GError **error)
{
    for (guint attempt = 1;; attempt++) {
        g_autofree char *name = attempt == 1 ? g_strdup_printf("%u-of-%u", s->shard, s->n_shards)
                                             : g_strdup_printf("%u-of-%u.%u", s->shard, s->n_shards, attempt);
        g_autofree char *dir = g_build_filename(s->output_dir, SHARDS_FOLDER, name, NULL);
        g_autoptr(GError) cause = NULL;
        g_autoptr(bf_output) output = NULL;
        if (g_mkdir_with_parents(dir, 0700) == 0 && !bf_audit_key_share(s->output_dir, dir, error)) /* else bf_output_open says why */
            return false;
        if (bf_output_open(dir, s->observer ? s->observer->say : NULL, s->observer ? s->observer->user : NULL, &output, &cause)) {
            if (!keep_list(dir, list, error))
                return false;
            *out = g_steal_pointer(&output);
            return true;
        }
        if (attempt == MAX_ATTEMPTS || !g_error_matches(cause, BF_BATCH_ERROR, BF_BATCH_ERROR_LOCKED)) {
            g_propagate_error(error, g_steal_pointer(&cause));
            return false;
        }
    }
}
