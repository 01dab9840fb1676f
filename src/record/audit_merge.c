#include "record/audit_chain.h"
#include <glib/gi18n.h>
#include <string.h>

typedef struct {
    GHashTable *earlier; /* ids that an earlier record tells of */
    GHashTable *own;     /* ids that this record tells of */
    GPtrArray *bodies;   /* what is taken from it */
    guint64 left_out;
} merging;

/* Runs are of their own record; what tells of a package is taken, unless an earlier record has told of that package. */
static bool take(const bf_audit_entry *entry, void *user)
{
    merging *m = user;
    if (!*entry->id)
        return true;
    if (g_hash_table_contains(m->earlier, entry->id)) {
        m->left_out++;
        return true;
    }
    char *body = bf_audit_chain_body(entry->line, strlen(entry->line));
    if (body)
        g_ptr_array_add(m->bodies, body);
    g_hash_table_add(m->own, g_strdup(entry->id));
    return true;
}

/* Without its key a record proves nothing: anybody may have written its lines anew, and here they would come under the target's key. */
static bool is_keyed(const bf_audit_summary *proved, const char *path, GError **error)
{
    if (proved->keyed)
        return true;
    g_set_error(error, BF_AUDIT_ERROR, BF_AUDIT_ERROR_BROKEN,
                _("%s: its key, audit.key beside it, is missing or cannot be read: nothing proves this record"), path);
    return false;
}

static bool merge_one(bf_audit *target, const char *path, merging *m, GError **error)
{
    bf_audit_summary proved;
    g_autofree char *folder = g_path_get_dirname(path), *name = g_path_get_basename(folder);
    m->bodies = g_ptr_array_new_with_free_func(g_free);
    bool ok = bf_audit_verify(path, &proved, error) && is_keyed(&proved, path, error) && bf_audit_foreach(path, take, m, error) &&
              bf_audit_append(target, 0, (const char *const *)m->bodies->pdata, m->bodies->len, error) &&
              bf_audit_merged(target, name, &proved, error);
    g_ptr_array_unref(m->bodies);
    GHashTableIter i;
    gpointer id;
    g_hash_table_iter_init(&i, m->own);
    while (g_hash_table_iter_next(&i, &id, NULL))
        g_hash_table_add(m->earlier, g_strdup(id));
    g_hash_table_remove_all(m->own);
    return ok;
}

static bool keep_body(const bf_audit_entry *entry, void *user)
{
    GHashTable *bodies = user;
    GPtrArray *of_id = g_hash_table_lookup(bodies, entry->id);
    char *body = *entry->id ? bf_audit_chain_body(entry->line, strlen(entry->line)) : NULL;
    if (!body)
        return true;
    if (!of_id) {
        of_id = g_ptr_array_new_with_free_func(g_free);
        g_hash_table_insert(bodies, g_strdup(entry->id), of_id);
    }
    g_ptr_array_add(of_id, body);
    return true;
}

bool bf_audit_bodies(const char *path, GHashTable **out, GError **error)
{
    g_autoptr(GHashTable) bodies = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
    if (!bf_audit_foreach(path, keep_body, bodies, error))
        return false;
    *out = g_steal_pointer(&bodies);
    return true;
}

bool bf_audit_merge(const char *const *paths, const char *output_dir, guint64 *left_out, GError **error)
{
    g_autoptr(bf_audit) target = NULL;
    g_autoptr(GHashTable) earlier = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) own = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    merging m = {.earlier = earlier, .own = own};
    if (!bf_audit_open(output_dir, &target, error))
        return false;
    for (; *paths; paths++)
        if (!merge_one(target, *paths, &m, error))
            return false;
    *left_out = m.left_out;
    return true;
}
