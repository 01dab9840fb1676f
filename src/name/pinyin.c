/* How a Han character is read in a name. */
#include "name/name_internal.h"

#include <string.h>

static const bf_reading_row *find_row(gunichar c)
{
    guint n;
    const bf_reading_row *rows = bf_name_reading_rows(&n);
    for (guint i = 0; i < n; i++)
        if (g_utf8_get_char(rows[i].character) == c)
            return &rows[i];
    return NULL;
}

static void add_once(GPtrArray *readings, const char *reading)
{
    for (guint i = 0; i < readings->len; i++)
        if (!strcmp(g_ptr_array_index(readings, i), reading))
            return;
    g_ptr_array_add(readings, g_strdup(reading));
}

static void add_row(GPtrArray *readings, const bf_reading_row *row, bf_name_role role)
{
    const char *list = role == BF_ROLE_SURNAME ? row->surname : role == BF_ROLE_RUN && row->run ? row->run : row->given;
    g_auto(GStrv) words = g_strsplit(list, " ", -1);
    for (guint i = 0; words[i]; i++)
        add_once(readings, words[i]);
}

/* Passports have no ü and write yu: Lü is LYU there. As that is a letter more, it takes a form of its own. */
static void add_passport_spellings(GPtrArray *readings)
{
    guint n = readings->len;
    for (guint i = 0; i < n; i++) {
        g_auto(GStrv) around = g_strsplit(g_ptr_array_index(readings, i), "ü", 2);
        if (!around[0] || !around[1])
            continue;
        g_autofree char *spelling = g_strconcat(around[0], "yu", around[1], NULL);
        add_once(readings, spelling);
    }
}

/* ICU reads few characters beyond the BMP, but may know the one that such a character is a variant of. */
static void add_from_variants(GPtrArray *readings, gunichar c)
{
    g_autoptr(GArray) variants = bf_name_han_alternatives(c);
    for (guint i = 1; i < variants->len && readings->len == 0; i++) {
        g_autofree char *reading = bf_name_icu_pinyin(g_array_index(variants, gunichar, i), false);
        if (reading)
            add_once(readings, reading);
    }
}

GStrv bf_name_readings(gunichar c, bf_name_role role)
{
    GPtrArray *readings = g_ptr_array_new();
    const bf_reading_row *row = find_row(c);
    if (!row)
        row = find_row(bf_name_simplify(c));
    if (row)
        add_row(readings, row, role);
    if (!row || !row->run || role != BF_ROLE_RUN) { /* a reading for transcriptions is the only one that they use */
        g_autofree char *surname = role == BF_ROLE_SURNAME ? bf_name_icu_pinyin(c, true) : NULL;
        g_autofree char *common = bf_name_icu_pinyin(c, false);
        if (surname)
            add_once(readings, surname);
        if (common)
            add_once(readings, common);
    }
    if (readings->len == 0)
        add_from_variants(readings, c);
    add_passport_spellings(readings);
    g_ptr_array_add(readings, NULL);
    return (GStrv)g_ptr_array_free(readings, FALSE);
}

GStrv bf_name_compound_readings(const bf_compound_surname *surname)
{
    GPtrArray *readings = g_ptr_array_new();
    add_once(readings, surname->pinyin);
    g_autoptr(GString) naive = g_string_new(NULL);
    for (const char *p = surname->characters; *p; p = g_utf8_next_char(p)) {
        g_autofree char *syllable = bf_name_icu_pinyin(g_utf8_get_char(p), false);
        g_string_append_printf(naive, "%s%s", naive->len ? " " : "", syllable ? syllable : "");
    }
    add_once(readings, naive->str);
    add_passport_spellings(readings);
    g_ptr_array_add(readings, NULL);
    return (GStrv)g_ptr_array_free(readings, FALSE);
}

typedef struct {
    const guint *counts;
    guint n, left;
    guint *choice;
    void (*use)(const guint *choice, void *user);
    void *user;
} reading_walk;

/* Visits the choices whose ranks sum up to exactly `sum` from unit i on. `most` is what the units from i on can sum up to. */
static void walk_sum(reading_walk *walk, guint i, guint sum, guint most)
{
    if (sum > most || walk->left == 0)
        return;
    if (i == walk->n) {
        walk->use(walk->choice, walk->user);
        walk->left--;
        return;
    }
    guint top = walk->counts[i] - 1;
    for (guint rank = 0; rank <= MIN(top, sum); rank++) {
        walk->choice[i] = rank;
        walk_sum(walk, i + 1, sum - rank, most - top);
    }
}

void bf_name_each_reading(const guint *counts, guint n, guint max, void (*use)(const guint *choice, void *user), void *user)
{
    guint most = 0;
    for (guint i = 0; i < n; i++)
        most += counts[i] - 1;
    g_autofree guint *choice = g_new0(guint, n + 1);
    reading_walk walk = {counts, n, max, choice, use, user};
    for (guint sum = 0; sum <= most && walk.left > 0; sum++)
        walk_sum(&walk, 0, sum, most);
}
