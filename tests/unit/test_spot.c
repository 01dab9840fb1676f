/* The spotter on posteriors written by hand: what it must find, what it must not, and where. */
#include "read/ppocr/spot.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const char KEYS[] = "李\n敏\n明\n丽\n王\n·\n.\n-\nM\nZ\nh\no\nu\nx\na\n";

/* A query of one form; gaps as given, '|' in the text is no symbol but marks a REQUIRED gap behind the symbol before it. */
static bf_query *one_form(const char *text, bf_gap gap, bf_form_kind kind)
{
    bf_query *q = g_new0(bf_query, 1);
    q->n_forms = 1;
    q->forms = g_new0(bf_form, 1);
    bf_form *form = q->forms;
    form->kind = kind;
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

/* Posteriors from a script: one frame a character, '_' is the blank, '~' a frame where 明 has 0.9 and 敏 0.1. */
static float *frames(const bf_spotter *spotter, const bf_charset *charset, const char *script, guint *n)
{
    *n = (guint)g_utf8_strlen(script, -1);
    float *r = g_new(float, *n * spotter->n_columns + 1);
    guint t = 0;
    for (const char *c = script; *c != '\0'; c = g_utf8_next_char(c), t++) {
        g_autofree float *p = g_new(float, charset->n_classes);
        for (guint i = 0; i < charset->n_classes; i++)
            p[i] = 1e-9F;
        gunichar u = g_utf8_get_char(c);
        if (u == '_')
            p[0] = 1;
        else if (u == '~') {
            p[bf_charset_class(charset, 0x660E)] = 0.9F;
            p[bf_charset_class(charset, 0x654F)] = 0.1F;
        } else
            p[bf_charset_class(charset, u)] = 1;
        float any = 0, top = 0;
        for (guint i = 0; i < charset->n_classes; i++) {
            any = i > 0 ? MAX(any, p[i]) : any;
            top = MAX(top, p[i]);
        }
        for (guint k = 0; k < spotter->n_columns; k++) {
            float best = k == COLUMN_ANY ? any : 0;
            for (guint i = 0; i < spotter->columns[k].n_classes; i++)
                best = MAX(best, p[spotter->columns[k].classes[i]]);
            r[t * spotter->n_columns + k] = MAX(logf(best + 1e-12F) - logf(top), SPOT_FLOOR);
        }
    }
    return r;
}

typedef struct {
    const char *what, *form;
    bf_gap gap;
    bf_form_kind kind;
    const char *script;
    bool sure;
    guint matches; /* at the doubtful threshold or above */
} spot_case;

static const spot_case CASES[] = {
    {"as written", "李敏", BF_GAP_LOOSE, BF_FORM_NAME, "__王李李_敏_明_", true, 1},
    {"without a blank between", "李敏", BF_GAP_LOOSE, BF_FORM_NAME, "李敏", true, 1},
    {"letter-spaced", "李敏", BF_GAP_LOOSE, BF_FORM_NAME, "李______ ______敏", true, 1},
    {"middle dot", "李敏", BF_GAP_LOOSE, BF_FORM_NAME, "_李_·_敏_", true, 1},
    {"a dot in a tight gap", "李敏", BF_GAP_TIGHT, BF_FORM_NAME, "_李_·_敏_", false, 0},
    {"another character between", "李敏", BF_GAP_LOOSE, BF_FORM_NAME, "_李_王_敏_", false, 0},
    {"a weak reading of one character", "李敏", BF_GAP_LOOSE, BF_FORM_NAME, "_李_~_", true, 1},
    {"one of two plainly another", "李敏", BF_GAP_LOOSE, BF_FORM_NAME, "_李_明_", false, 0},
    {"one of three plainly another", "李敏丽", BF_GAP_LOOSE, BF_FORM_NAME, "_李_王_丽_", false, 1},
    {"equal neighbours with a blank", "李丽丽", BF_GAP_LOOSE, BF_FORM_NAME, "_李_丽_丽_", true, 1},
    {"equal neighbours, only one there", "李丽丽", BF_GAP_LOOSE, BF_FORM_NAME, "_李_丽丽丽_", false, 1},
    {"twice on a line", "李敏", BF_GAP_LOOSE, BF_FORM_NAME, "_李_敏_王_李_敏_", true, 2},
    {"unknown character read as something", "李龘敏", BF_GAP_LOOSE, BF_FORM_NAME, "_李_王_敏_", true, 1},
    {"unknown character read as nothing", "李龘敏", BF_GAP_LOOSE, BF_FORM_NAME, "_李___敏_", true, 1},
    {"unknown last character left out", "李敏龘", BF_GAP_LOOSE, BF_FORM_NAME, "_李_敏__", true, 1},
    {"initial with its point", "M|Zhou", BF_GAP_TIGHT, BF_FORM_INITIALS, "_M_._ Z_h_o_u_", true, 1},
    {"initial with a space", "M|Zhou", BF_GAP_TIGHT, BF_FORM_INITIALS, "M Zhou", true, 1},
    {"initial with nothing between", "M|Zhou", BF_GAP_TIGHT, BF_FORM_INITIALS, "M__Zhou", false, 0},
    {"pinyin", "Zhou", BF_GAP_TIGHT, BF_FORM_PINYIN, "Z_h_o_u", true, 1},
};

static void test_bf_spot__cases(void **state)
{
    (void)state;
    bf_charset charset;
    assert_true(bf_charset_parse(KEYS, sizeof KEYS - 1, &charset, NULL));
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        const spot_case *c = &CASES[i];
        g_autoptr(bf_query) query = one_form(c->form, c->gap, c->kind);
        g_autoptr(bf_spotter) spotter = bf_spotter_new(query, &charset, NULL);
        g_autoptr(GArray) matches = g_array_new(FALSE, FALSE, sizeof(bf_match));
        guint n;
        g_autofree float *r = frames(spotter, &charset, c->script, &n);
        bf_spot(spotter, 0, r, n, matches);
        bool sure = matches->len > 0 && g_array_index(matches, bf_match, 0).score >= spotter->programs[0].sure;
        if (sure != c->sure || matches->len != c->matches)
            fail_msg("%s: %u matches, best %f", c->what, matches->len,
                     matches->len > 0 ? (double)g_array_index(matches, bf_match, 0).score : -99.0);
    }
    bf_charset_clear(&charset);
}

static void test_bf_spot__frames_of_each_symbol(void **state)
{
    (void)state;
    bf_charset charset;
    assert_true(bf_charset_parse(KEYS, sizeof KEYS - 1, &charset, NULL));
    g_autoptr(bf_query) query = one_form("李敏", BF_GAP_LOOSE, BF_FORM_NAME);
    g_autoptr(bf_spotter) spotter = bf_spotter_new(query, &charset, NULL);
    g_autoptr(GArray) matches = g_array_new(FALSE, FALSE, sizeof(bf_match));
    guint n;
    g_autofree float *r = frames(spotter, &charset, "王_李李__敏_明", &n);
    bf_spot(spotter, 0, r, n, matches);
    assert_int_equal(matches->len, 1);
    const bf_match *m = &g_array_index(matches, bf_match, 0);
    assert_true(m->score > -0.01F);
    assert_in_range(m->first[0], 2, 3);
    assert_int_equal(m->last[0], 3);
    assert_int_equal(m->first[1], 6);
    assert_int_equal(m->last[1], 6);
    bf_charset_clear(&charset);
}

static bf_misreading *misreading(bool fails, const char *taken_for)
{
    bf_misreading *m = g_new0(bf_misreading, 1);
    m->fails = fails;
    m->taken_for = g_array_new(FALSE, FALSE, sizeof(gunichar));
    gunichar c = g_utf8_get_char(taken_for);
    if (c != 0)
        g_array_append_val(m->taken_for, c);
    return m;
}

static const struct {
    const char *what, *script;
    bool fails;
    guint matches;
    bool lenient;
} MISREAD[] = {
    {"read as it is", "_李_敏_王_", false, 1, false},
    {"taken for what it is known to be taken for", "_李_明_王_", false, 1, true},
    {"taken for something else", "_李_丽_王_", false, 0, false},
    {"one that mostly fails, taken for anything", "_李_丽_王_", true, 1, true},
};

static void test_bf_spot__misreadings_are_candidates(void **state)
{
    (void)state;
    bf_charset charset;
    assert_true(bf_charset_parse(KEYS, sizeof KEYS - 1, &charset, NULL));
    g_autoptr(bf_query) query = one_form("李敏", BF_GAP_LOOSE, BF_FORM_NAME);
    for (gsize i = 0; i < G_N_ELEMENTS(MISREAD); i++) {
        g_autoptr(GHashTable) misreadings = bf_misreadings_new();
        g_hash_table_insert(misreadings, GUINT_TO_POINTER(g_utf8_get_char("敏")), misreading(MISREAD[i].fails, "明"));
        g_autoptr(bf_spotter) spotter = bf_spotter_new(query, &charset, misreadings);
        g_autoptr(GArray) matches = g_array_new(FALSE, FALSE, sizeof(bf_match));
        guint n;
        g_autofree float *r = frames(spotter, &charset, MISREAD[i].script, &n);
        bf_spot(spotter, 0, r, n, matches);
        const bf_match *m = matches->len > 0 ? &g_array_index(matches, bf_match, 0) : NULL;
        if (matches->len != MISREAD[i].matches || (m != NULL && m->lenient != MISREAD[i].lenient))
            fail_msg("%s: %u matches", MISREAD[i].what, matches->len);
        if (m != NULL && m->lenient)
            assert_true(m->score < -10); /* the character itself was not read */
    }
    bf_charset_clear(&charset);
}

/* 敏 may also be written 龘, which the reader leaves out: then nothing stands in its place, and the match says that this is why. */
static void test_bf_spot__other_ways_to_write_that_are_left_out(void **state)
{
    static const struct {
        const char *what, *script;
        guint matches;
        bool lenient;
    } cases[] = {{"the usual way", "_李_敏_王_", 1, false}, {"left out", "_李____", 1, true}, {"neither of the two", "_王____", 0, false}};
    (void)state;
    bf_charset charset;
    assert_true(bf_charset_parse(KEYS, sizeof KEYS - 1, &charset, NULL));
    g_autoptr(bf_query) query = one_form("李敏", BF_GAP_LOOSE, BF_FORM_NAME);
    bf_symbol *last = &query->forms[0].symbols[1];
    last->alts = g_renew(gunichar, last->alts, 2);
    last->alts[last->n_alts++] = g_utf8_get_char("龘");
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GHashTable) misreadings = bf_misreadings_new();
        bf_misreading *left_out = misreading(true, "");
        left_out->silent = true;
        g_hash_table_insert(misreadings, GUINT_TO_POINTER(g_utf8_get_char("龘")), left_out);
        g_autoptr(bf_spotter) spotter = bf_spotter_new(query, &charset, misreadings);
        assert_true(spotter->lenient[0].silent != NULL && spotter->lenient[0].silent[1] && !spotter->lenient[0].silent[0]);
        g_autoptr(GArray) matches = g_array_new(FALSE, FALSE, sizeof(bf_match));
        guint n;
        g_autofree float *r = frames(spotter, &charset, cases[i].script, &n);
        bf_spot(spotter, 0, r, n, matches);
        if (matches->len != cases[i].matches || (matches->len > 0 && g_array_index(matches, bf_match, 0).lenient != cases[i].lenient))
            fail_msg("%s: %u matches", cases[i].what, matches->len);
    }
    bf_charset_clear(&charset);
}

/* 李敏丽, of which 敏 may also be written 龘, outside the alphabet: nobody has seen that the reader leaves it out, but on a page with other
 * neighbours it may. What is left of a name of two says nothing. */
static void test_bf_spot__other_ways_to_write_outside_the_alphabet(void **state)
{
    static const struct {
        const char *what, *name, *script;
        guint matches, which;
        bool lenient;
    } cases[] = {{"as it is", "李敏丽", "_李_敏_丽_", 1, 0, false},
                 {"left out", "李敏丽", "_李__丽_", 2, 0, false},
                 {"left out, and its neighbour taken for another", "李敏丽", "_王__丽_", 1, 1, true},
                 {"something else read in its place, and its neighbour taken for another", "李敏丽", "_王_明_丽_", 1, 1, true},
                 {"one of three", "李敏丽", "_丽__", 0, 0, false},
                 {"of two", "李敏", "_李__", 0, 0, false}};
    (void)state;
    bf_charset charset;
    assert_true(bf_charset_parse(KEYS, sizeof KEYS - 1, &charset, NULL));
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(bf_query) query = one_form(cases[i].name, BF_GAP_LOOSE, BF_FORM_NAME);
        bf_symbol *second = &query->forms[0].symbols[1];
        second->alts = g_renew(gunichar, second->alts, 2);
        second->alts[second->n_alts++] = g_utf8_get_char("龘");
        g_autoptr(GHashTable) misreadings = bf_misreadings_new();
        g_hash_table_insert(misreadings, GUINT_TO_POINTER(g_utf8_get_char("李")), misreading(false, "王"));
        g_autoptr(bf_spotter) spotter = bf_spotter_new(query, &charset, misreadings);
        g_autoptr(GArray) matches = g_array_new(FALSE, FALSE, sizeof(bf_match));
        guint n;
        g_autofree float *r = frames(spotter, &charset, cases[i].script, &n);
        bf_spot(spotter, 0, r, n, matches);
        const bf_match *m = matches->len > 0 ? &g_array_index(matches, bf_match, 0) : NULL;
        if (matches->len != cases[i].matches || (m != NULL && (m->lenient != cases[i].lenient || m->which != cases[i].which)))
            fail_msg("%s: %u matches", cases[i].what, matches->len);
        if (m != NULL && m->lenient)
            assert_true(bf_match_program(spotter, 0, m)->silent[1]);
    }
    bf_charset_clear(&charset);
}

static void test_bf_spotter_new__long_and_unknown_forms(void **state)
{
    (void)state;
    bf_charset charset;
    assert_true(bf_charset_parse(KEYS, sizeof KEYS - 1, &charset, NULL));
    g_autoptr(bf_query) unknown = one_form("龘靐", BF_GAP_LOOSE, BF_FORM_NAME);
    g_autoptr(bf_spotter) spotter = bf_spotter_new(unknown, &charset, NULL);
    assert_int_equal(spotter->programs[0].n_states, 0); /* nothing known: never spotted, never everywhere */
    GString *text = g_string_new(NULL);
    for (int i = 0; i < MAX_SYMBOLS; i++)
        g_string_append(text, i % 2 ? "李" : "敏");
    g_autoptr(bf_query) longest = one_form(text->str, BF_GAP_LOOSE, BF_FORM_NAME);
    g_autoptr(bf_spotter) long_spotter = bf_spotter_new(longest, &charset, NULL);
    g_autoptr(GArray) matches = g_array_new(FALSE, FALSE, sizeof(bf_match));
    guint n;
    g_autofree float *r = frames(long_spotter, &charset, text->str, &n);
    bf_spot(long_spotter, 0, r, n, matches);
    assert_int_equal(matches->len, 1);
    g_string_free(text, TRUE);
    bf_charset_clear(&charset);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bf_spot__misreadings_are_candidates),
        cmocka_unit_test(test_bf_spot__other_ways_to_write_that_are_left_out),
        cmocka_unit_test(test_bf_spot__other_ways_to_write_outside_the_alphabet),
        cmocka_unit_test(test_bf_spot__cases),
        cmocka_unit_test(test_bf_spot__frames_of_each_symbol),
        cmocka_unit_test(test_bf_spotter_new__long_and_unknown_forms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
