#include "blindfold/name.h"
#include "package/package_internal.h"

#include <string.h>

enum { MAX_FOLDER_BYTES = 120 };

/* A folder of the output. */
typedef struct {
    char *path;        /* "" for the root, else with '/' at its end */
    GHashTable *taken; /* folded names of the folders in it */
    guint replaced;    /* how many of them were given a neutral name */
    guint files;
} out_folder;

typedef struct {
    guint entry;
    char *key; /* folded, for the order */
} sort_item;

static void out_folder_free(void *p)
{
    out_folder *f = p;
    g_free(f->path);
    g_hash_table_unref(f->taken);
    g_free(f);
}

static out_folder *out_folder_new(char *path)
{
    out_folder *f = g_new0(out_folder, 1);
    f->path = path;
    f->taken = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return f;
}

static void sort_item_clear(void *p)
{
    g_free(((sort_item *)p)->key);
}

static int compare_items(const void *a, const void *b)
{
    const sort_item *x = a, *y = b;
    int order = natural_compare(x->key, y->key);
    return order != 0 ? order : (x->entry < y->entry ? -1 : x->entry > y->entry);
}

/* names by entry number; NULL ones are left out. */
static GArray *sort_names(GPtrArray *names)
{
    GArray *items = g_array_new(FALSE, FALSE, sizeof(sort_item));
    g_array_set_clear_func(items, sort_item_clear);
    for (guint i = 0; i < names->len; i++) {
        if (!names->pdata[i])
            continue;
        sort_item item = {.entry = i, .key = folded_name(names->pdata[i])};
        g_array_append_val(items, item);
    }
    g_array_sort(items, compare_items);
    return items;
}

static bool is_device_name(const char *name)
{
    static const char *const devices[] = {"con",  "prn",  "aux",  "nul",  "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8",
                                          "com9", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9", NULL};
    g_autofree char *stem = g_ascii_strdown(name, -1);
    stem[strcspn(stem, ".")] = '\0';
    g_strchomp(stem);
    return g_strv_contains(devices, stem);
}

static bool is_for_windows(gunichar c)
{
    GUnicodeType type = g_unichar_type(c);
    return type != G_UNICODE_CONTROL && type != G_UNICODE_FORMAT && type != G_UNICODE_UNASSIGNED && type != G_UNICODE_PRIVATE_USE &&
           type != G_UNICODE_LINE_SEPARATOR && type != G_UNICODE_PARAGRAPH_SEPARATOR && !(c < 0x80 && strchr("<>:\"/\\|?*", (int)c));
}

/* A folder name that every system takes; the same for names that only look the same. */
static char *sanitise(const char *part)
{
    g_autofree char *normal = g_utf8_normalize(part, -1, G_NORMALIZE_DEFAULT_COMPOSE);
    GString *out = g_string_new(NULL);
    for (const char *p = normal ? normal : part; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        g_string_append_unichar(out, is_for_windows(c) ? c : '_');
    }
    g_strstrip(out->str);
    out->len = strlen(out->str);
    while (out->len > 0 && (out->str[out->len - 1] == '.' || out->str[out->len - 1] == ' '))
        g_string_truncate(out, out->len - 1);
    if (out->len == 0 || is_device_name(out->str) || name_says_jpeg(out->str)) /* .jpg: must not take a file's place */
        g_string_append_c(out, '_');
    return g_string_free(out, FALSE);
}

/* Which parts of a path tell the name: alone, or together with the folder above or below ("Zhou/Mingxia"). */
static bool part_tells_name(char **parts, guint i, guint n_folders, const bf_query *query)
{
    g_autofree char *clean = sanitise(parts[i]);
    if (bf_name_in_text(query, parts[i]) || bf_name_in_text(query, clean))
        return true;
    for (guint first = i > 0 ? i - 1 : 0; first <= i && first + 1 < n_folders; first++) {
        g_autofree char *joined = g_strconcat(parts[first], " ", parts[first + 1], NULL);
        if (bf_name_in_text(query, joined) && !bf_name_in_text(query, parts[first]) && !bf_name_in_text(query, parts[first + 1]))
            return true;
    }
    return false;
}

static char *choose_name(out_folder *parent, const char *part, bool replace)
{
    g_autofree char *wanted = sanitise(part);
    if (replace || strlen(wanted) > MAX_FOLDER_BYTES) {
        char *neutral = NULL;
        do {
            g_free(neutral);
            neutral = g_strdup_printf("folder-%u", ++parent->replaced);
        } while (!g_hash_table_add(parent->taken, g_strdup(neutral)));
        return neutral;
    }
    char *name = g_strdup(wanted);
    for (guint n = 2; !g_hash_table_add(parent->taken, folded_name(name)); n++) {
        g_free(name);
        name = g_strdup_printf("%s-%u", wanted, n);
    }
    return name;
}

/* The output folder for the first n parts of an input path, made when it is met first. */
static out_folder *find_folder(GHashTable *folders, char **parts, guint n_folders, const bf_query *query)
{
    out_folder *at = g_hash_table_lookup(folders, "");
    g_autoptr(GString) key = g_string_new(NULL);
    for (guint i = 0; i < n_folders; i++) {
        g_string_append(key, parts[i]);
        g_string_append_c(key, '/');
        out_folder *next = g_hash_table_lookup(folders, key->str);
        if (!next) {
            g_autofree char *name = choose_name(at, parts[i], part_tells_name(parts, i, n_folders, query));
            next = out_folder_new(g_strconcat(at->path, name, "/", NULL));
            g_hash_table_insert(folders, g_strdup(key->str), next);
        }
        at = next;
    }
    return at;
}

void bf_package_plan_names(const bf_package *p, const bf_query *query, bf_package_plan *out)
{
    guint n = bf_package_n_entries(p);
    g_autoptr(GPtrArray) originals = g_ptr_array_new();
    g_autoptr(GHashTable) folders = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, out_folder_free);
    g_hash_table_insert(folders, g_strdup(""), out_folder_new(g_strdup("")));
    out->names = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < n; i++) {
        const bf_package_entry *e = bf_package_get_entry(p, i);
        g_ptr_array_add(originals, e->drop ? NULL : e->name);
        g_ptr_array_add(out->names, NULL);
    }

    g_autoptr(GArray) by_original = sort_names(originals);
    for (guint i = 0; i < by_original->len; i++) {
        guint entry = g_array_index(by_original, sort_item, i).entry;
        g_auto(GStrv) parts = g_strsplit(originals->pdata[entry], "/", -1);
        out_folder *f = find_folder(folders, parts, g_strv_length(parts) - 1, query);
        out->names->pdata[entry] = g_strdup_printf("%s%03u.jpg", f->path, ++f->files);
    }

    /* The order in the zip is that of the new names: that of the old ones would tell where a replaced one stood in the alphabet. */
    g_autoptr(GArray) by_new = sort_names(out->names);
    out->order = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 0; i < by_new->len; i++)
        g_array_append_val(out->order, g_array_index(by_new, sort_item, i).entry);
}

void bf_package_plan_clear(bf_package_plan *plan)
{
    g_clear_pointer(&plan->names, g_ptr_array_unref);
    g_clear_pointer(&plan->order, g_array_unref);
}
