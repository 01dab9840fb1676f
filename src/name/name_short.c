/* Shorter forms that are looked for when asked: the surname with a title, and the given name of a transcribed name. */
#include "name/name_internal.h"

#include <string.h>

/* The Han characters of a name up to the first sign that ends it (a bracket, a digit), parted where something stands between them. Arrays
 * of gunichar. */
static GPtrArray *han_parts(const char *name)
{
    GPtrArray *parts = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    if (!g_utf8_validate(name, -1, NULL))
        return parts;
    g_autoptr(GArray) folded = bf_name_fold(name);
    bool goes_on = false;
    for (guint i = 0; i < folded->len; i++) {
        gunichar c = g_array_index(folded, bf_folded_char, i).c;
        bf_char_class class = bf_name_classify(c);
        if (class == BF_CHAR_SEPARATOR) {
            goes_on = false;
            continue;
        }
        if (class != BF_CHAR_HAN)
            break;
        if (!goes_on)
            g_ptr_array_add(parts, g_array_new(FALSE, FALSE, sizeof(gunichar)));
        g_array_append_val((GArray *)parts->pdata[parts->len - 1], c);
        goes_on = true;
    }
    return parts;
}

static GArray *joined(const GPtrArray *parts)
{
    GArray *all = g_array_new(FALSE, FALSE, sizeof(gunichar));
    for (guint i = 0; i < parts->len; i++) {
        const GArray *part = parts->pdata[i];
        g_array_append_vals(all, part->data, part->len);
    }
    return all;
}

static void draft_han(bf_draft *draft, const gunichar *han, guint n)
{
    for (guint i = 0; i < n; i++) {
        bf_draft_add_han(draft, han[i]);
        bf_draft_gap(draft, BF_GAP_LOOSE);
    }
}

/* Moves forms behind the query's own. */
static void query_take(bf_query *query, GArray *forms)
{
    query->forms = g_renew(bf_form, query->forms, query->n_forms + forms->len);
    memcpy(query->forms + query->n_forms, forms->data, forms->len * sizeof(bf_form));
    query->n_forms += forms->len;
}

static void add_titles(GArray *forms, const gunichar *surname, guint n)
{
    static const char *const titles[] = {"同志", "老师", "先生", "女士", "教授", "讲师",   "主任",
                                         "校长", "院长", "书记", "科长", "处长", "工程师", "医生"};
    for (guint i = 0; i < G_N_ELEMENTS(titles); i++) {
        bf_draft draft;
        bf_draft_init(&draft);
        draft_han(&draft, surname, n);
        for (const char *p = titles[i]; *p; p = g_utf8_next_char(p))
            bf_draft_add_han(&draft, g_utf8_get_char(p));
        bf_draft_finish(&draft, forms, BF_FORM_ADDRESS, false);
        bf_draft_clear(&draft);
    }
}

void bf_name_add_surname_forms(bf_query *query, const char *name)
{
    g_autoptr(GPtrArray) parts = han_parts(name);
    g_autoptr(GArray) han = joined(parts), forms = g_array_new(FALSE, FALSE, sizeof(bf_form));
    const gunichar *c = (const gunichar *)han->data;
    guint n_compound = 0;
    const bf_compound_surname *compound = han->len > 2 ? bf_name_find_compound(c, han->len, &n_compound) : NULL;
    /* A transcribed name has no surname; a letter-spaced Chinese one has parts of one character. */
    if (han->len < 2 || han->len > MAX(4, n_compound + 2) || bf_name_is_transcribed(name))
        return;
    if (compound)
        add_titles(forms, c, n_compound);
    if (!compound || compound->open)
        add_titles(forms, c, 1);
    query_take(query, forms);
}

bool bf_name_is_transcribed(const char *name)
{
    g_autoptr(GPtrArray) parts = han_parts(name);
    bool long_part = false;
    for (guint i = 0; i < parts->len; i++)
        long_part = long_part || ((const GArray *)parts->pdata[i])->len > 1;
    return parts->len > 1 && long_part;
}

GStrv bf_name_parts(const char *name)
{
    g_autoptr(GPtrArray) parts = han_parts(name);
    GPtrArray *texts = g_ptr_array_new();
    for (guint i = 0; bf_name_is_transcribed(name) && i < parts->len; i++) {
        const GArray *part = parts->pdata[i];
        GString *text = g_string_new(NULL);
        for (guint k = 0; k < part->len; k++)
            g_string_append_unichar(text, bf_name_simplify(g_array_index(part, gunichar, k)));
        g_ptr_array_add(texts, g_string_free(text, FALSE));
    }
    g_ptr_array_add(texts, NULL);
    return (GStrv)g_ptr_array_free(texts, FALSE);
}

void bf_name_add_part(bf_query *query, const char *part)
{
    g_autoptr(GPtrArray) parts = han_parts(part);
    g_autoptr(GArray) han = joined(parts), forms = g_array_new(FALSE, FALSE, sizeof(bf_form));
    bf_draft draft;
    bf_draft_init(&draft);
    draft_han(&draft, (const gunichar *)han->data, han->len);
    bf_draft_finish(&draft, forms, BF_FORM_ALIAS, false);
    bf_draft_clear(&draft);
    query_take(query, forms);
}
