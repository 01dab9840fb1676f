/* Names among the choices of a reader that gives no posteriors: made by hand, one place a character. */
#include "read/line_crop.h"
#include "read/tesseract/symbols.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* The line: 1000 px long, 50 high, so a character 50 px wide is 0.05 of it. */
static const bf_quad LINE = {{0, 1000, 1000, 0}, {100, 100, 150, 150}};
static const float PITCH = 0.05F;

/* A query of one form; '|' marks a REQUIRED gap behind the symbol before it. */
static bf_query *one_form(const char *text, bf_gap gap, bf_form_kind kind, bool whole_word)
{
    bf_query *q = g_new0(bf_query, 1);
    q->n_forms = 1;
    q->forms = g_new0(bf_form, 1);
    bf_form *form = q->forms;
    form->kind = kind;
    form->whole_word = whole_word;
    form->symbols = g_new0(bf_symbol, (gsize)g_utf8_strlen(text, -1));
    for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
        if (*p == '|') {
            form->symbols[form->n_symbols - 1].gap = BF_GAP_REQUIRED;
            continue;
        }
        bf_symbol *s = &form->symbols[form->n_symbols++];
        s->alts = g_new0(gunichar, 1);
        s->alts[0] = g_utf8_get_char(p);
        s->n_alts = 1;
        s->gap = gap;
    }
    return q;
}

/* One place a character, a pitch apart from 0.1 on; a character in brackets is the second choice of the one before, with p = 0.1. */
static GArray *places(const char *script)
{
    GArray *symbols = g_array_new(FALSE, FALSE, sizeof(bf_choices));
    float x = 0.1F;
    for (const char *p = script; *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (c == '(') {
            p = g_utf8_next_char(p);
            bf_choices *last = &g_array_index(symbols, bf_choices, symbols->len - 1);
            last->c[last->n] = g_utf8_get_char(p);
            last->p[last->n++] = 0.1F;
            p = g_utf8_next_char(p);
            continue;
        }
        bf_choices at = {.c = {c}, .p = {c == ' ' ? 1 : 0.9F}, .n = 1};
        if (c != ' ') {
            at.from = x;
            at.to = x + PITCH * 0.9F;
            x += PITCH;
        }
        g_array_append_val(symbols, at);
    }
    return symbols;
}

typedef struct {
    const char *what, *form;
    bf_gap gap;
    bf_form_kind kind;
    bool whole_word;
    const char *script;
    guint hits;
} symbol_case;

static const symbol_case CASES[] = {
    {"as read", "李敏", BF_GAP_LOOSE, BF_FORM_NAME, false, "王李敏明", 1},
    {"as second choices", "李敏", BF_GAP_LOOSE, BF_FORM_NAME, false, "季(李)放(敏)", 1},
    {"one is not among the choices", "李敏", BF_GAP_LOOSE, BF_FORM_NAME, false, "李放", 0},
    {"twice", "李敏", BF_GAP_LOOSE, BF_FORM_NAME, false, "李敏李敏", 2},
    {"a dot between", "李敏", BF_GAP_LOOSE, BF_FORM_NAME, false, "李·敏", 1},
    {"a dot in a tight gap", "李敏", BF_GAP_TIGHT, BF_FORM_NAME, false, "李·敏", 0},
    {"spaces between", "李敏", BF_GAP_LOOSE, BF_FORM_NAME, false, "李 敏", 1},
    {"a space in a tight gap", "Zhou", BF_GAP_TIGHT, BF_FORM_PINYIN, true, "Zh ou", 1},
    {"another character between", "李敏", BF_GAP_LOOSE, BF_FORM_NAME, false, "李王敏", 0},
    {"cut off at the end", "李敏", BF_GAP_LOOSE, BF_FORM_NAME, false, "王李", 0},
    {"a dot at the end", "李敏", BF_GAP_LOOSE, BF_FORM_NAME, false, "李·", 0},
    {"empty line", "李敏", BF_GAP_LOOSE, BF_FORM_NAME, false, "", 0},
    {"an initial", "M|Zhou", BF_GAP_TIGHT, BF_FORM_INITIALS, true, "M.Zhou", 1},
    {"a word by itself", "Zhou", BF_GAP_TIGHT, BF_FORM_PINYIN, true, "Prof Zhou was", 1},
    {"the end of a word", "hou", BF_GAP_TIGHT, BF_FORM_PINYIN, true, "Zhou was", 0},
    {"the start of a word", "Zho", BF_GAP_TIGHT, BF_FORM_PINYIN, true, "by Zhou", 0},
    {"between Chinese", "Zhou", BF_GAP_TIGHT, BF_FORM_PINYIN, true, "名Zhou人", 1},
    {"part of a word that need not be whole", "hou", BF_GAP_TIGHT, BF_FORM_LATIN, false, "Zhou", 1},
    {"a form of one symbol", "李", BF_GAP_LOOSE, BF_FORM_NAME, false, "李", 0},
};

static GArray *spot(const GArray *symbols, const char *text, bf_gap gap, bf_form_kind kind, bool whole_word)
{
    g_autoptr(bf_query) query = one_form(text, gap, kind, whole_word);
    GArray *hits = g_array_new(FALSE, FALSE, sizeof(bf_hit));
    bf_symbols_spot(symbols, query, &LINE, 7, hits);
    return hits;
}

static void test_bf_symbols_spot__cases(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        const symbol_case *c = &CASES[i];
        g_autoptr(GArray) symbols = places(c->script), hits = spot(symbols, c->form, c->gap, c->kind, c->whole_word);
        if (hits->len != c->hits)
            fail_msg("%s: %u hits", c->what, hits->len);
        for (guint k = 0; k < hits->len; k++) {
            const bf_hit *h = &g_array_index(hits, bf_hit, k);
            assert_true(h->sure && h->line == 7 && h->next_line == -1);
            assert_string_equal(h->reader, "tesseract");
        }
    }
}

/* What the reader makes of a name in grain: dots mistaken, letters lost, specks read as marks. Sure, doubtful (1), or not the name (0). */
static void test_bf_symbols_spot__arabic_read_in_part(void **state)
{
    (void)state;
    static const struct {
        const char *what, *script;
        guint hits;
        bool sure;
    } cases[] = {
        {"as read", "ئەنۋەر ئەلى", 1, true},
        {"a letter lost", "ئەنۋەر ەلى", 1, true},
        {"dots mistaken", "ئەتۇەر ئەلي", 1, true},
        {"specks", "`ئەنۋ'ەر ئەل^ى", 1, true},
        {"a word before and one behind", "ئىسمى ئەنۋەر ئەلى ئەر", 1, true},
        {"twice", "ئەنۋەر ئەلى ئەنۋەر ئەلى", 2, true},
        {"half of its letters lost", "ئەنۋەر", 1, false},
        {"another name", "مەمەت تۇرسۇن", 0, false},
        {"a label", "ئىسمى", 0, false},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GArray) symbols = places(cases[i].script), hits = spot(symbols, "ئەنۋەرئەلى", BF_GAP_LOOSE, BF_FORM_ARABIC, false);
        if (hits->len != cases[i].hits)
            fail_msg("%s: %u hits", cases[i].what, hits->len);
        for (guint k = 0; k < hits->len; k++)
            if (g_array_index(hits, bf_hit, k).sure != cases[i].sure)
                fail_msg("%s: hit %u has %.1f", cases[i].what, k, (double)g_array_index(hits, bf_hit, k).score);
    }
}

static void test_bf_symbols_spot__score_and_place(void **state)
{
    (void)state;
    g_autoptr(GArray) symbols = places("王季(李) 敏明"), hits = spot(symbols, "李敏", BF_GAP_LOOSE, BF_FORM_NAME, false);
    const bf_hit *h = &g_array_index(hits, bf_hit, 0);
    assert_float_equal(h->score, logf(0.1F / 0.9F), 0.01);
    bf_rect b = bf_quad_bounds(&h->quad);
    assert_in_range(b.x, 110, 140);             /* before the first character's box at 150, by half a height at most */
    assert_in_range(b.x + b.w, 245, 275);       /* behind the last one's at 245 */
    assert_true(b.y <= 96 && b.y + b.h >= 154); /* more than the line's height */
    assert_int_equal(h->n_centres, 2);          /* the space has none */
    assert_float_equal(h->centre_x[0], 172.5, 1);
    assert_float_equal(h->centre_x[1], 222.5, 1);
    assert_float_equal(h->centre_y[0], 125, 1);
}

static void expect_whole_line(GArray *symbols)
{
    g_autoptr(GArray) hits = spot(symbols, "李敏", BF_GAP_LOOSE, BF_FORM_NAME, false);
    assert_int_equal(hits->len, 1);
    const bf_hit *h = &g_array_index(hits, bf_hit, 0);
    bf_rect b = bf_quad_bounds(&h->quad);
    assert_true(b.x <= 0 && b.x + b.w >= 1000);
    assert_int_equal(h->n_centres, 0);
}

static void test_bf_symbols_spot__implausible_boxes_give_the_whole_line(void **state)
{
    (void)state;
    static const struct {
        guint place;
        float from, to;
    } wrong[] = {{1, 0, 0}, {1, 0, 1}, {2, 0.1F, 0.14F}, {2, 0.2F, 0.2F}, {1, 0.2F, 0.15F}};
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(GArray) symbols = places("王李敏明");
        g_array_index(symbols, bf_choices, wrong[i].place).from = wrong[i].from;
        g_array_index(symbols, bf_choices, wrong[i].place).to = wrong[i].to;
        expect_whole_line(symbols);
    }
}

static void test_bf_symbols_spot__arabic_runs_leftwards(void **state)
{
    (void)state;
    g_autoptr(GArray) symbols = places("باتۇر");
    for (guint i = 0; i < symbols->len; i++) {
        bf_choices *at = &g_array_index(symbols, bf_choices, i);
        at->from = 0.5F - PITCH * (float)i;
        at->to = at->from + PITCH;
    }
    g_autoptr(GArray) hits = spot(symbols, "باتۇر", BF_GAP_TIGHT, BF_FORM_ARABIC, false);
    assert_int_equal(hits->len, 1);
    const bf_hit *h = &g_array_index(hits, bf_hit, 0);
    bf_rect b = bf_quad_bounds(&h->quad);
    assert_in_range(b.x, 260, 300);
    assert_in_range(b.x + b.w, 550, 590);
    assert_int_equal(h->n_centres, 5);
}

static void test_bf_symbols_spot__long_forms_keep_the_first_centres(void **state)
{
    (void)state;
    g_autoptr(GArray) symbols = places("abcdefghijklmnopqrstuvwxyzabcd");
    for (guint i = 0; i < symbols->len; i++) {
        bf_choices *at = &g_array_index(symbols, bf_choices, i);
        at->from = 0.03F * (float)i;
        at->to = at->from + 0.025F;
    }
    g_autoptr(GArray) hits = spot(symbols, "abcdefghijklmnopqrstuvwxyzabcd", BF_GAP_TIGHT, BF_FORM_LATIN, true);
    assert_int_equal(hits->len, 1);
    assert_int_equal(g_array_index(hits, bf_hit, 0).n_centres, 24);
    assert_true(bf_quad_bounds(&g_array_index(hits, bf_hit, 0).quad).w >= 890);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bf_symbols_spot__cases),
        cmocka_unit_test(test_bf_symbols_spot__arabic_read_in_part),
        cmocka_unit_test(test_bf_symbols_spot__score_and_place),
        cmocka_unit_test(test_bf_symbols_spot__implausible_boxes_give_the_whole_line),
        cmocka_unit_test(test_bf_symbols_spot__arabic_runs_leftwards),
        cmocka_unit_test(test_bf_symbols_spot__long_forms_keep_the_first_centres),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
