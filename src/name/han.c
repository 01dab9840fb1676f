/* Which characters may be written for a Han character. */
#include "name/name_internal.h"

#define MAX_ALTERNATIVES 16

static void add_once(GArray *alternatives, gunichar c)
{
    for (guint i = 0; i < alternatives->len; i++)
        if (g_array_index(alternatives, gunichar, i) == c)
            return;
    if (alternatives->len < MAX_ALTERNATIVES)
        g_array_append_val(alternatives, c);
}

static bool string_holds(const char *utf8, gunichar c)
{
    for (; *utf8; utf8 = g_utf8_next_char(utf8))
        if (g_utf8_get_char(utf8) == c)
            return true;
    return false;
}

static void add_string(GArray *alternatives, const char *utf8)
{
    for (; *utf8; utf8 = g_utf8_next_char(utf8))
        add_once(alternatives, g_utf8_get_char(utf8));
}

static void add_variant_set(GArray *alternatives, gunichar c)
{
    guint n;
    const bf_variant_set *sets = bf_name_variant_sets(&n);
    for (guint i = 0; i < n; i++) {
        if (!string_holds(sets[i].linked, c) && !string_holds(sets[i].extra, c))
            continue;
        add_string(alternatives, sets[i].linked);
        add_string(alternatives, sets[i].extra);
        return; /* a character stands in one set only */
    }
}

GArray *bf_name_han_alternatives(gunichar c)
{
    GArray *alternatives = g_array_new(FALSE, FALSE, sizeof(gunichar));
    add_once(alternatives, c);
    /* The array grows while it is walked: what was found may have further forms of its own. */
    for (guint i = 0; i < alternatives->len; i++) {
        gunichar form = g_array_index(alternatives, gunichar, i);
        add_once(alternatives, bf_name_simplify(form));
        add_once(alternatives, bf_name_traditional(form));
        add_variant_set(alternatives, form);
    }
    return alternatives;
}
