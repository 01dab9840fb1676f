/* What a page says about itself: titles, ID cards, other applicants. Hand-made readings; the names are invented. */
#include "blindfold/name.h"
#include "page/expect.h"
#include "page/page_wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

typedef struct {
    bf_query *person, *others;
    bf_page_query *query;
    bf_reading reading;
} scene;

static scene scene_new(const char *name, const char *const *roster)
{
    scene s = {.others = g_new0(bf_query, 1)};
    assert_true(bf_name_build(name, NULL, &s.person, NULL));
    for (; roster && *roster; roster++) {
        g_autoptr(bf_query) one = NULL;
        assert_true(bf_name_build(*roster, NULL, &one, NULL));
        bf_query_add(s.others, one, BF_FORM_NAME);
    }
    s.query = bf_page_query_new(s.person, s.others);
    bf_reading_init(&s.reading);
    for (int i = 0; i < 8; i++) { /* lines of text, for a title to stand out from */
        float t = (float)(300 + 60 * i);
        bf_line line = {.quad = {{100, 900, 900, 100}, {t, t, t + 40, t + 40}}, .confidence = 1, .n_chars = 20};
        g_array_append_val(s.reading.lines, line);
    }
    return s;
}

static void scene_clear(scene *s)
{
    bf_page_query_free(s->query);
    bf_query_free(s->person);
    bf_query_free(s->others);
    bf_reading_clear(&s->reading);
}

/* A word or another's name on a line of its own that is `wide` px wide. */
static void add(scene *s, const char *text, float x, float y, float size, float wide)
{
    guint n = (guint)g_utf8_strlen(text, -1);
    bf_line line = {.quad = {{x, x + wide, x + wide, x}, {y, y, y + size, y + size}}, .confidence = 1, .n_chars = n};
    g_array_append_val(s->reading.lines, line);
    for (guint f = s->query->n_person; f < s->query->all.n_forms; f++) {
        const bf_form *form = &s->query->all.forms[f];
        const char *p = text;
        bool same = form->n_symbols == n;
        for (guint i = 0; same && i < n; i++, p = g_utf8_next_char(p))
            same = form->symbols[i].alts[0] == g_utf8_get_char(p);
        if (!same)
            continue;
        float end = x + size * (float)n;
        bf_hit hit = {.quad = {{x, end, end, x}, {y, y, y + size, y + size}}, .form = f, .sure = true, .n_centres = n, .next_line = -1};
        hit.line = s->reading.lines->len - 1;
        for (guint i = 0; i < n; i++) {
            hit.centre_x[i] = x + size * ((float)i + 0.5F);
            hit.centre_y[i] = y + size / 2;
        }
        g_array_append_val(s->reading.labels, hit);
        return;
    }
    fail_msg("no form of %s", text);
}

static void test_bf_page_reads_as__titles(void **state)
{
    (void)state;
    static const struct {
        const char *what, *word;
        float size, wide;
        bool titled;
    } cases[] = {
        {"a title", "毕业证书", 80, 500, true},
        {"in running text", "毕业证书", 40, 800, false},
        {"as high as the text", "毕业证书", 40, 160, false},
        {"a commitment letter", "承诺书", 70, 350, true},
        {"an ID card", "公民身份号码", 40, 240, true},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        scene s = scene_new("周明霞", NULL);
        add(&s, cases[i].word, 100, 100, cases[i].size, cases[i].wide);
        bf_page_says says = bf_page_reads_as(&s.reading, s.query);
        if (says.titled != cases[i].titled || bf_page_must_bear_name(&says, false) != cases[i].titled)
            fail_msg("%s: titled %d", cases[i].what, says.titled);
        scene_clear(&s);
    }
}

static void test_bf_page_must_bear_name__back_of_an_id_card(void **state)
{
    (void)state;
    scene s = scene_new("周明霞", NULL);
    add(&s, "签发机关", 100, 100, 40, 400);
    bf_page_says says = bf_page_reads_as(&s.reading, s.query);
    assert_false(bf_page_must_bear_name(&says, true));
    add(&s, "公民身份号码", 100, 200, 40, 400); /* both sides on one sheet */
    says = bf_page_reads_as(&s.reading, s.query);
    assert_true(bf_page_must_bear_name(&says, true));
    scene_clear(&s);
}

static void test_bf_page_reads_as__others(void **state)
{
    (void)state;
    static const char *const roster[] = {"周明霞", "乔雨溱", NULL};
    scene s = scene_new("周明霞", roster);
    add(&s, "乔雨溱", 300, 100, 40, 120);
    bf_page_says says = bf_page_reads_as(&s.reading, s.query);
    assert_true(says.names_other);
    assert_false(says.names_other_holder);
    add(&s, "姓名", 180, 100, 40, 80);
    says = bf_page_reads_as(&s.reading, s.query);
    assert_true(says.names_other_holder);
    scene_clear(&s);
    s = scene_new("周明霞", roster);
    add(&s, "乔雨溱", 300, 100, 40, 120);
    add(&s, "同志", 425, 100, 40, 80);
    says = bf_page_reads_as(&s.reading, s.query);
    assert_true(says.names_other_holder);
    scene_clear(&s);
}

static guint n_others(const scene *s)
{
    return s->query->all.n_forms - s->query->n_person - s->query->n_words;
}

/* Names that are the person's, or hold it, or are held by it, must not alarm; nor in traditional characters. */
static void test_bf_page_query_new__leaves_out_likes(void **state)
{
    (void)state;
    static const char *const roster[] = {"周明", "周明霞", "周明霞云", "欧阳周明霞", "乔雨溱", NULL}, *const traditional[] = {"劉東", NULL};
    scene s = scene_new("周明霞", roster);
    assert_int_equal(n_others(&s), 1);
    scene_clear(&s);
    s = scene_new("刘东", traditional);
    assert_int_equal(n_others(&s), 0);
    scene_clear(&s);
}

static void test_wire_join_queries__and_back(void **state)
{
    (void)state;
    static const char *const roster[] = {"乔雨溱", "周明霞", NULL};
    scene s = scene_new("周明霞", roster);
    g_autoptr(bf_query) both = wire_join_queries(s.person, s.others);
    g_autoptr(bf_query) others = wire_split_query(both);
    assert_int_equal(both->n_forms, s.person->n_forms);
    assert_int_equal(others->n_forms, 2);
    for (guint i = 0; i < both->n_forms; i++)
        assert_int_equal(both->forms[i].kind, s.person->forms[i].kind);
    assert_int_equal(others->forms[0].kind, BF_FORM_NAME);
    assert_int_equal(others->forms[0].symbols[0].alts[0], g_utf8_get_char("乔"));
    scene_clear(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bf_page_reads_as__titles),    cmocka_unit_test(test_bf_page_must_bear_name__back_of_an_id_card),
        cmocka_unit_test(test_bf_page_reads_as__others),    cmocka_unit_test(test_bf_page_query_new__leaves_out_likes),
        cmocka_unit_test(test_wire_join_queries__and_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
