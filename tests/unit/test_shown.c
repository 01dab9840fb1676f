/* Lines that surely show nothing of a name, so that rows made of them need not be read: posteriors written by hand. */
#include "blindfold/name.h"
#include "read/ppocr/shown.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { FRAMES = 30 };

typedef struct {
    bf_charset charset;
    bf_query *query;
    guint n_forms; /* that it really has */
    bf_spotter *spotter;
} fixture;

static int set_up_for(void **state, const char *name)
{
    static const char keys[] = "周\n明\n霞\n李\n一\n二\nA\nb\n";
    fixture *f = g_new0(fixture, 1);
    *state = f;
    if (!bf_charset_parse(keys, strlen(keys), &f->charset, NULL) || !bf_name_build(name, NULL, &f->query, NULL))
        return -1;
    f->n_forms = f->query->n_forms;
    f->query->n_forms = 1; /* the characters alone: this alphabet lacks most letters */
    f->spotter = bf_spotter_new(f->query, &f->charset, NULL);
    return 0;
}

static int set_up(void **state)
{
    return set_up_for(state, "周明霞");
}

static int set_up_unknown(void **state)
{
    return set_up_for(state, "周瑀霞"); /* 瑀 is not in the alphabet */
}

static int tear_down(void **state)
{
    fixture *f = *state;
    bf_spotter_free(f->spotter);
    f->query->n_forms = f->n_forms;
    bf_query_free(f->query);
    bf_charset_clear(&f->charset);
    g_free(f);
    return 0;
}

/* A line of FRAMES frames, all blank, but for symbol k of the name at frame 5 with log p - log p_max = r. */
static bf_trace trace_with(const fixture *f, guint k, float r)
{
    bf_trace t = {.n_frames = FRAMES, .n_columns = f->spotter->n_columns, .step = 1.0F / FRAMES};
    t.r = g_new(float, FRAMES *t.n_columns);
    t.chars = g_array_new(FALSE, FALSE, sizeof(bf_read_char));
    for (guint i = 0; i < FRAMES * t.n_columns; i++)
        t.r[i] = i % t.n_columns == COLUMN_BLANK || i % t.n_columns == COLUMN_LOOSE ? 0 : SPOT_FLOOR;
    t.r[5 * t.n_columns + f->spotter->programs[0].plain_of[k]] = r;
    return t;
}

static const bf_line SURE = {.confidence = 0.99F, .weakest = 0.9F, .n_chars = 6};

static void test_bf_shows_none__any_character(void **state)
{
    const fixture *f = *state;
    static const struct {
        const char *what;
        guint symbol;
        float r;
        bool none;
    } cases[] = {
        {"nothing", 0, SPOT_FLOOR, true},   {"hidden", 1, -9, true}, {"the first, read", 0, 0, false}, {"the second, weakly", 1, -7, false},
        {"the last, weakly", 2, -7, false},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(bf_trace) t = trace_with(f, cases[i].symbol, cases[i].r);
        if (bf_shows_none(f->spotter, f->query, &t, &SURE) != cases[i].none)
            fail_msg("%s", cases[i].what);
    }
}

static void test_bf_shows_none__only_where_it_is_sure(void **state)
{
    const fixture *f = *state;
    static const struct {
        const char *what;
        bf_line line;
    } cases[] = {
        {"read weakly", {.confidence = 0.8F, .weakest = 0.7F, .n_chars = 6}},
        {"one character weak", {.confidence = 0.95F, .weakest = 0.3F, .n_chars = 6}},
        {"nothing read", {.confidence = 0, .weakest = 0, .n_chars = 0}},
        {"not read yet", {.confidence = -1, .weakest = -1}},
        {"on end", {.confidence = 0.99F, .weakest = 0.9F, .n_chars = 6, .vertical = true}},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(bf_trace) t = trace_with(f, 0, SPOT_FLOOR);
        if (bf_shows_none(f->spotter, f->query, &t, &cases[i].line))
            fail_msg("%s", cases[i].what);
    }
    g_auto(bf_trace) letters = trace_with(f, 0, SPOT_FLOOR);
    bf_read_char a = {'A', 0.9F, 1};
    g_array_append_val(letters.chars, a);
    assert_false(bf_shows_none(f->spotter, f->query, &letters, &SURE));
}

static void test_bf_shows_none__never_without_a_character(void **state)
{
    const fixture *f = *state;
    g_auto(bf_trace) t = trace_with(f, 0, SPOT_FLOOR);
    assert_false(bf_shows_none(f->spotter, f->query, &t, &SURE)); /* whatever was read may be what the alphabet lacks */
}

static void test_bf_shows_none__parts_of_words(void **state)
{
    const fixture *f = *state;
    gunichar first = 0x4E00 /* 一 */, second = 0x4E8C /* 二 */;
    bf_symbol symbols[2] = {{&first, 1, BF_GAP_TIGHT}, {&second, 1, BF_GAP_TIGHT}};
    bf_form word = {.kind = BF_FORM_LABEL, .symbols = symbols, .n_symbols = 2};
    bf_query query = {&word, 1};
    g_autoptr(bf_spotter) spotter = bf_spotter_new(&query, &f->charset, NULL);
    fixture own = {.spotter = spotter};
    g_auto(bf_trace) t = trace_with(&own, 0, 0);
    bf_line piece = SURE, line = SURE;
    piece.n_chars = 1;
    assert_false(bf_shows_none(spotter, &query, &t, &piece)); /* half of the word, in a box of its own */
    assert_true(bf_shows_none(spotter, &query, &t, &line));   /* a character of running text */
    t.r[8 * t.n_columns + spotter->programs[0].plain_of[1]] = 0;
    piece.n_chars = 2;
    assert_true(bf_shows_none(spotter, &query, &t, &piece)); /* the whole word is there */
    symbols[0].gap = BF_GAP_LOOSE;                           /* another applicant's name: such are looked for on lines alone */
    piece.n_chars = 1;
    g_auto(bf_trace) half = trace_with(&own, 0, 0);
    assert_true(bf_shows_none(spotter, &query, &half, &piece));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_bf_shows_none__any_character, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_bf_shows_none__only_where_it_is_sure, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_bf_shows_none__never_without_a_character, set_up_unknown, tear_down),
        cmocka_unit_test_setup_teardown(test_bf_shows_none__parts_of_words, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
