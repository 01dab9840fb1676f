/* The tables of the room name, held against ICU and against themselves. */
#include "name/name_internal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static int prepare(void **state)
{
    (void)state;
    return bf_name_icu_ready(NULL) ? 0 : -1;
}

static bool icu_links(gunichar a, gunichar b)
{
    return bf_name_simplify(a) == b || bf_name_simplify(b) == a || bf_name_traditional(a) == b || bf_name_traditional(b) == a;
}

static void test_variant_sets__icu_agrees(void **state)
{
    (void)state;
    guint n;
    const bf_variant_set *sets = bf_name_variant_sets(&n);
    assert_true(n >= 250);
    for (guint i = 0; i < n; i++) {
        gunichar head = g_utf8_get_char(sets[i].linked);
        for (const char *p = g_utf8_next_char(sets[i].linked); *p; p = g_utf8_next_char(p))
            if (!icu_links(head, g_utf8_get_char(p)))
                fail_msg("ICU does not link %s: it belongs to the second column", p);
        for (const char *p = sets[i].extra; *p; p = g_utf8_next_char(p))
            if (icu_links(head, g_utf8_get_char(p)))
                fail_msg("ICU links %s to %s: it belongs to the first column", p, sets[i].linked);
        /* a pair that ICU gives both ways by itself says nothing */
        gunichar second = g_utf8_get_char(g_utf8_next_char(sets[i].linked));
        if (!*sets[i].extra && g_utf8_strlen(sets[i].linked, -1) == 2)
            assert_false(bf_name_traditional(head) == second && bf_name_simplify(second) == head);
    }
}

static void test_variant_sets__no_character_twice(void **state)
{
    (void)state;
    guint n;
    const bf_variant_set *sets = bf_name_variant_sets(&n);
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    for (guint i = 0; i < n; i++) {
        g_autofree char *all = g_strconcat(sets[i].linked, sets[i].extra, NULL);
        for (const char *p = all; *p; p = g_utf8_next_char(p))
            if (!g_hash_table_add(seen, GUINT_TO_POINTER(g_utf8_get_char(p))))
                fail_msg("twice: %s", p);
    }
}

static bool has_alternative(gunichar c, gunichar wanted)
{
    g_autoptr(GArray) alternatives = bf_name_han_alternatives(c);
    for (guint i = 0; i < alternatives->len; i++)
        if (g_array_index(alternatives, gunichar, i) == wanted)
            return true;
    return false;
}

static void test_bf_name_han_alternatives__symmetric_in_sets(void **state)
{
    (void)state;
    guint n;
    const bf_variant_set *sets = bf_name_variant_sets(&n);
    for (guint i = 0; i < n; i++) {
        g_autofree char *all = g_strconcat(sets[i].linked, sets[i].extra, NULL);
        for (const char *p = all; *p; p = g_utf8_next_char(p))
            for (const char *q = all; *q; q = g_utf8_next_char(q))
                if (!has_alternative(g_utf8_get_char(p), g_utf8_get_char(q)))
                    fail_msg("of %s: %.4s lacks %.4s", all, p, q);
    }
}

/* Where ICU gives one traditional form for a simplified character that stands for several, the table has the rest. */
static void test_bf_name_han_alternatives__reverse_of_icu(void **state)
{
    (void)state;
    for (gunichar c = 0x4E00; c <= 0x9FFF; c++) {
        gunichar simple = bf_name_simplify(c), traditional = bf_name_traditional(c);
        if (!has_alternative(simple, c) || !has_alternative(traditional, c))
            fail_msg("U+%04X is reached from one side only", c);
    }
}

static void check_syllables(const char *character, const char *list)
{
    g_auto(GStrv) words = g_strsplit(list, " ", -1);
    assert_non_null(words[0]);
    for (guint i = 0; words[i]; i++) {
        bool vowel = false;
        for (const char *p = words[i]; *p; p = g_utf8_next_char(p)) {
            gunichar c = g_utf8_get_char(p);
            vowel = vowel || strchr("aeiou", (int)(c & 0x7F)) || c == 0xFC;
            assert_true((c >= 'a' && c <= 'z') || c == 0xFC);
        }
        if (!vowel || g_utf8_strlen(words[i], -1) > 6)
            fail_msg("%s: %s is no syllable", character, words[i]);
    }
}

static void test_reading_rows__well_formed(void **state)
{
    (void)state;
    guint n;
    const bf_reading_row *rows = bf_name_reading_rows(&n);
    assert_true(n >= 120);
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    for (guint i = 0; i < n; i++) {
        assert_int_equal(g_utf8_strlen(rows[i].character, -1), 1);
        if (!g_hash_table_add(seen, GUINT_TO_POINTER(g_utf8_get_char(rows[i].character))))
            fail_msg("twice: %s", rows[i].character);
        check_syllables(rows[i].character, rows[i].surname);
        check_syllables(rows[i].character, rows[i].given);
        if (rows[i].run)
            check_syllables(rows[i].character, rows[i].run);
    }
}

/* A slip of the keyboard in the table would make a reading that the character never has: ICU's own must be among them. */
static void test_reading_rows__icu_agrees(void **state)
{
    (void)state;
    guint n;
    const bf_reading_row *rows = bf_name_reading_rows(&n);
    for (guint i = 0; i < n; i++) {
        g_autofree char *common = bf_name_icu_pinyin(g_utf8_get_char(rows[i].character), false);
        assert_non_null(common);
        g_autofree char *all = g_strdup_printf(" %s %s ", rows[i].surname, rows[i].given);
        g_autofree char *word = g_strdup_printf(" %s ", common);
        if (!strstr(all, word))
            fail_msg("%s: %s is not among %s", rows[i].character, common, all);
    }
}

static void test_compound_surnames__well_formed(void **state)
{
    (void)state;
    guint n;
    const bf_compound_surname *surnames = bf_name_compound_surnames(&n);
    assert_true(n >= 60);
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < n; i++) {
        const char *characters = surnames[i].characters;
        if (!g_hash_table_add(seen, (gpointer)characters))
            fail_msg("twice: %s", characters);
        check_syllables(characters, surnames[i].pinyin);
        g_auto(GStrv) syllables = g_strsplit(surnames[i].pinyin, " ", -1);
        assert_int_equal(g_strv_length(syllables), g_utf8_strlen(characters, -1));
    }
}

static void test_bf_name_find_compound__table(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        guint n_chars; /* 0: none */
    } cases[] = {
        {"欧阳敏", 2}, {"歐陽敏", 2}, {"欧阳", 0}, {"欧敏阳", 0}, {"爱新觉罗敏", 4}, {"諸葛明霞", 2}, {"周明霞", 0}, {"鍾離敏", 2},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        glong n;
        g_autofree gunichar *han = g_utf8_to_ucs4_fast(cases[i].name, -1, &n);
        guint n_chars = 0;
        const bf_compound_surname *found = bf_name_find_compound(han, (guint)n, &n_chars);
        assert_int_equal(found != NULL, cases[i].n_chars > 0);
        assert_int_equal(n_chars, cases[i].n_chars);
    }
}

static void record_choice(const guint *choice, void *user)
{
    g_string_append_printf(user, "%u%u ", choice[0], choice[1]);
}

static void test_bf_name_each_reading__likeliest_first(void **state)
{
    (void)state;
    const guint counts[] = {2, 3};
    g_autoptr(GString) all = g_string_new(NULL);
    bf_name_each_reading(counts, 2, 32, record_choice, all);
    assert_string_equal(all->str, "00 01 10 02 11 12 ");
    g_autoptr(GString) some = g_string_new(NULL);
    bf_name_each_reading(counts, 2, 4, record_choice, some);
    assert_string_equal(some->str, "00 01 10 02 ");
}

static void test_bf_name_fold__table(void **state)
{
    (void)state;
    static const struct {
        const char *text, *folded;
        gsize start, end; /* of the second character */
    } cases[] = {
        {"ＡＢ", "AB", 3, 6},           {"a\u0301b", "áb", 3, 4}, {"周\U000E0100明", "周明", 7, 10}, {"a\u200Bb", "ab", 4, 5},
        {"㈱x", "(株)x", 0, 3},         {"𠮷明", "𠮷明", 4, 7},   {"م\u0640\u064Eن", "من", 6, 8},    {"ﻣﻦ", "من", 3, 6},
        {"x\u0305\u0332y", "xy", 5, 6}, {"\u200Bab", "ab", 4, 5},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GArray) folded = bf_name_fold(cases[i].text);
        g_autoptr(GString) text = g_string_new(NULL);
        for (guint k = 0; k < folded->len; k++)
            g_string_append_unichar(text, g_array_index(folded, bf_folded_char, k).c);
        assert_string_equal(text->str, cases[i].folded);
        assert_int_equal(g_array_index(folded, bf_folded_char, 1).start, cases[i].start);
        assert_int_equal(g_array_index(folded, bf_folded_char, 1).end, cases[i].end);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_variant_sets__icu_agrees),
        cmocka_unit_test(test_variant_sets__no_character_twice),
        cmocka_unit_test(test_bf_name_han_alternatives__symmetric_in_sets),
        cmocka_unit_test(test_bf_name_han_alternatives__reverse_of_icu),
        cmocka_unit_test(test_reading_rows__well_formed),
        cmocka_unit_test(test_reading_rows__icu_agrees),
        cmocka_unit_test(test_compound_surnames__well_formed),
        cmocka_unit_test(test_bf_name_find_compound__table),
        cmocka_unit_test(test_bf_name_each_reading__likeliest_first),
        cmocka_unit_test(test_bf_name_fold__table),
    };
    return cmocka_run_group_tests(tests, prepare, NULL);
}
