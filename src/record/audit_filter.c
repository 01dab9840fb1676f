#include "record/audit_key.h"

#include <glib/gi18n.h>
#include <string.h>

typedef struct {
    const bf_audit_filter *filter;
    bf_audit_key key;
    bool keyed;
    GHashTable *wanted_ids; /* id -> "1" or "0": whether the person of that id is the one */
    bf_audit_entry_func callback;
    void *user;
} filtering;

/* Lines that tell no person (a reviewer's) are found by their id, once a line that does has been seen. */
static bool is_person(filtering *f, const bf_audit_entry *e)
{
    if (!*e->id)
        return false;
    if (*e->person) {
        const char *name = f->filter->person_name;
        g_autofree char *person = bf_audit_key_hmac(&f->key, e->id, strlen(e->id) + 1, name, strlen(name));
        g_hash_table_insert(f->wanted_ids, g_strdup(e->id), (gpointer)(strcmp(person, e->person) == 0 ? "1" : "0"));
    }
    return g_strcmp0(g_hash_table_lookup(f->wanted_ids, e->id), "1") == 0;
}

/* Times are RFC 3339 in UTC, so that their texts are in order; a bound may be cut off anywhere ("2026-03", "2026-03-01T10"). */
static bool is_wanted(filtering *f, const bf_audit_entry *e)
{
    const bf_audit_filter *want = f->filter;
    return (!want->package_id || strcmp(e->id, want->package_id) == 0) && (want->entry_index < 0 || e->entry_index == want->entry_index) &&
           (!want->since || strncmp(e->time, want->since, strlen(want->since)) >= 0) &&
           (!want->until || strncmp(e->time, want->until, strlen(want->until)) <= 0) && (!want->person_name || is_person(f, e));
}

static bool on_entry(const bf_audit_entry *entry, void *user)
{
    filtering *f = user;
    return !is_wanted(f, entry) || f->callback(entry, f->user);
}

bool bf_audit_foreach_of(const char *path, const bf_audit_filter *filter, bf_audit_entry_func callback, void *user, GError **error)
{
    g_autoptr(GHashTable) wanted_ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    filtering f = {.filter = filter, .wanted_ids = wanted_ids, .callback = callback, .user = user};
    if (filter->person_name) {
        g_autofree char *folder = g_path_get_dirname(path), *key_path = g_build_filename(folder, "audit.key", NULL);
        if (!bf_audit_key_peek(key_path, &f.key, &f.keyed, error))
            return false;
        if (!f.keyed) {
            g_set_error(error, BF_AUDIT_ERROR, BF_AUDIT_ERROR_OPEN, _("%s: cannot be read; without the key nobody is found by name"),
                        key_path);
            return false;
        }
    }
    bool ok = bf_audit_foreach(path, on_entry, &f, error);
    bf_audit_key_wipe(&f.key);
    return ok;
}
