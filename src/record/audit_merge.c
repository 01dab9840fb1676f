#include "record/audit_chain.h"
#include <glib/gi18n.h>
#include <string.h>

typedef struct {
    GHashTable *told;   /* id -> the first line that the target has of this package, as a body */
    GHashTable *source; /* id -> the bodies of the record at hand */
    GPtrArray *bodies;  /* what is taken from it */
    guint64 left_out;
} merging;

/* Whether the target has this package from elsewhere: then none of its first lines is this record's. A record that has grown since it was
 * merged still has it. */
static bool is_told_otherwise(const merging *m, const char *id)
{
    const char *first = g_hash_table_lookup(m->told, id);
    const GPtrArray *own = g_hash_table_lookup(m->source, id);
    for (guint i = 0; first && own && i < own->len; i++)
        if (strcmp(own->pdata[i], first) == 0)
            return false;
    return first != NULL;
}

/* Runs are of their own record; what tells of a package is taken, unless another record has told of that package. */
static bool take(const bf_audit_entry *entry, void *user)
{
    merging *m = user;
    if (!*entry->id)
        return true;
    if (is_told_otherwise(m, entry->id)) {
        m->left_out++;
        return true;
    }
    char *body = bf_audit_chain_body(entry->line, strlen(entry->line));
    if (body)
        g_ptr_array_add(m->bodies, body);
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

/* Those that are told already stay as they are. */
static void remember(GHashTable *told, GHashTable *bodies)
{
    GHashTableIter i;
    gpointer id, of_id;
    g_hash_table_iter_init(&i, bodies);
    while (g_hash_table_iter_next(&i, &id, &of_id))
        if (!g_hash_table_contains(told, id))
            g_hash_table_insert(told, g_strdup(id), g_strdup(((const GPtrArray *)of_id)->pdata[0]));
}

static bool merge_one(bf_audit *target, const char *path, merging *m, GError **error)
{
    bf_audit_summary proved;
    g_autofree char *folder = g_path_get_dirname(path), *name = g_path_get_basename(folder);
    m->source = NULL;
    m->bodies = g_ptr_array_new_with_free_func(g_free);
    bool ok = bf_audit_verify(path, &proved, error) && is_keyed(&proved, path, error) && bf_audit_bodies(path, &m->source, error) &&
              bf_audit_foreach(path, take, m, error) &&
              bf_audit_append(target, 0, (const char *const *)m->bodies->pdata, m->bodies->len, error) &&
              bf_audit_merged(target, name, &proved, error);
    if (m->source) {
        remember(m->told, m->source);
        g_hash_table_unref(m->source);
    }
    g_ptr_array_unref(m->bodies);
    return ok;
}

bool bf_audit_merge(const char *const *paths, const char *output_dir, guint64 *left_out, GError **error)
{
    g_autoptr(bf_audit) target = NULL;
    g_autoptr(GHashTable) told = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free), before = NULL;
    merging m = {.told = told};
    if (!bf_audit_open(output_dir, &target, error) || !bf_audit_bodies(bf_audit_path(target), &before, error))
        return false;
    remember(told, before);
    for (; *paths; paths++)
        if (!merge_one(target, *paths, &m, error))
            return false;
    *left_out = m.left_out;
    return true;
}
