#include "blindfold/check.h"

#include <glib/gi18n.h>
#include <string.h>

G_DEFINE_QUARK(bf - check - error - quark, bf_check_error)

typedef struct {
    char *title;
    GPtrArray *patterns, *excluded; /* GPatternSpec * */
    char **levels;                  /* folded; NULL: all */
    int count;
} item;

struct bf_checklist {
    GPtrArray *items;
};

static void item_free(void *p)
{
    item *i = p;
    g_free(i->title);
    g_ptr_array_unref(i->patterns);
    g_ptr_array_unref(i->excluded);
    g_strfreev(i->levels);
    g_free(i);
}

static char *folded(const char *text)
{
    g_autofree char *normal = g_utf8_normalize(text, -1, G_NORMALIZE_ALL_COMPOSE);
    return g_utf8_casefold(normal ? normal : text, -1);
}

static GPtrArray *patterns_of(GKeyFile *file, const char *group, const char *key)
{
    GPtrArray *patterns = g_ptr_array_new_with_free_func((GDestroyNotify)g_pattern_spec_free);
    g_auto(GStrv) words = g_key_file_get_string_list(file, group, key, NULL, NULL);
    for (char **word = words; word && *word; word++) {
        g_autofree char *fold = folded(g_strstrip(*word));
        if (*fold)
            g_ptr_array_add(patterns, g_pattern_spec_new(fold));
    }
    return patterns;
}

static bool fail(GError **error, const char *group, const char *why)
{
    g_set_error(error, BF_CHECK_ERROR, BF_CHECK_ERROR_CHECKLIST, "[%s]: %s", group, why);
    return false;
}

static bool add_item(bf_checklist *list, GKeyFile *file, const char *group, GError **error)
{
    g_autoptr(GError) wrong = NULL;
    item *i = g_new0(item, 1);
    g_ptr_array_add(list->items, i);
    i->title = g_key_file_get_locale_string(file, group, "title", NULL, NULL);
    i->patterns = patterns_of(file, group, "pattern");
    i->excluded = patterns_of(file, group, "not");
    i->count = 1;
    if (!i->title)
        i->title = g_strdup(group);
    if (i->patterns->len == 0)
        return fail(error, group, _("there is no pattern"));
    if (g_key_file_has_key(file, group, "count", NULL))
        i->count = g_key_file_get_integer(file, group, "count", &wrong);
    if (wrong || i->count < 1 || i->count > 2000)
        return fail(error, group, _("count must be a number from 1 to 2000"));
    i->levels = g_key_file_get_string_list(file, group, "level", NULL, NULL);
    for (char **level = i->levels; level && *level; level++) {
        char *fold = folded(g_strstrip(*level));
        g_free(*level);
        *level = fold;
    }
    return true;
}

bool bf_checklist_parse(const char *text, gsize length, bf_checklist **out, GError **error)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autoptr(GError) cause = NULL;
    g_autoptr(bf_checklist) list = g_new0(bf_checklist, 1);
    list->items = g_ptr_array_new_with_free_func(item_free);
    if (!g_utf8_validate(text, (gssize)length, NULL)) {
        g_set_error_literal(error, BF_CHECK_ERROR, BF_CHECK_ERROR_CHECKLIST, _("the file is not UTF-8"));
        return false;
    }
    if (!g_key_file_load_from_data(file, text, length, G_KEY_FILE_KEEP_TRANSLATIONS, &cause)) {
        g_set_error_literal(error, BF_CHECK_ERROR, BF_CHECK_ERROR_CHECKLIST, cause->message);
        return false;
    }
    g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);
    for (char **group = groups; *group; group++)
        if (!add_item(list, file, *group, error))
            return false;
    if (list->items->len == 0) {
        g_set_error_literal(error, BF_CHECK_ERROR, BF_CHECK_ERROR_CHECKLIST, _("there is no item in it"));
        return false;
    }
    *out = g_steal_pointer(&list);
    return true;
}

bool bf_checklist_load(const char *path, bf_checklist **out, GError **error)
{
    g_autofree char *text = NULL;
    gsize length = 0;
    g_autoptr(GError) cause = NULL;
    if (g_file_get_contents(path, &text, &length, &cause) && bf_checklist_parse(text, length, out, &cause))
        return true;
    g_set_error(error, BF_CHECK_ERROR, BF_CHECK_ERROR_CHECKLIST, "%s: %s", path, cause->message);
    return false;
}

void bf_checklist_free(bf_checklist *list)
{
    if (!list)
        return;
    g_ptr_array_unref(list->items);
    g_free(list);
}

static bool matches(const GPtrArray *patterns, const char *path)
{
    for (guint i = 0; i < patterns->len; i++)
        if (g_pattern_spec_match_string(patterns->pdata[i], path))
            return true;
    return false;
}

static int count_pages(const item *i, const bf_checked_package *package)
{
    int n = 0;
    for (guint p = 0; p < package->pages->len; p++) {
        const bf_checked_page *page = package->pages->pdata[p];
        if (!page->legibility || !page->folded_name)
            continue; /* what cannot be opened counts as not submitted */
        g_autofree char *path = folded(page->folded_name);
        n += matches(i->patterns, path) && !matches(i->excluded, path);
    }
    return n;
}

void bf_checklist_apply(const bf_checklist *list, const char *level, bf_checked_package *package)
{
    g_autofree char *own = level ? folded(level) : NULL;
    for (guint k = 0; k < list->items->len; k++) {
        const item *i = list->items->pdata[k];
        if (i->levels && (!own || !g_strv_contains((const char *const *)i->levels, own)))
            continue;
        int found = count_pages(i, package);
        if (found >= i->count)
            continue;
        bf_missing *missing = g_new0(bf_missing, 1);
        *missing = (bf_missing){g_strdup(i->title), found, i->count};
        g_ptr_array_add(package->missing, missing);
    }
}
