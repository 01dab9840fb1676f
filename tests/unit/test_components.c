/* From probability maps to lines: one for each component, and which of them are bent. */
#include "read/ppocr/components.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { WIDTH = 400, HEIGHT = 160, FROM = 40, TO = 360, THICK = 10 };

/* A line of print whose middle sags by `sag` px and which falls by `fall` px from its start to its end. */
typedef struct {
    const char *what;
    float sag, fall;
    bool thick; /* a fingerprint lies about a place of it */
    bool bent;
} band_case;

static float middle_of(const band_case *c, float x)
{
    float u = (x - FROM) / (TO - FROM);
    return 60 + c->sag * 4 * u * (1 - u) + c->fall * u;
}

static GArray *lines_of(const band_case *c)
{
    g_autofree float *map = g_new0(float, WIDTH *HEIGHT);
    for (int x = FROM; x < TO; x++) {
        int top = (int)lroundf(middle_of(c, (float)x)) - THICK / 2;
        int more = c->thick && x > 260 && x < 300 ? THICK : 0;
        for (int y = top - more; y < top + THICK + more; y++)
            map[y * WIDTH + x] = 0.9F;
    }
    GArray *lines = g_array_new(FALSE, FALSE, sizeof(bf_line));
    GError *error = NULL;
    assert_true(bf_component_lines(map, WIDTH, HEIGHT, 2, 2, lines, &error));
    return lines;
}

static void test_bf_component_lines__bent_lines_and_their_middles(void **state)
{
    static const band_case cases[] = {
        {"straight", 0, 0, false, false},
        {"tilted", 0, 40, false, false},
        {"falling the other way", 0, -40, false, false},
        {"hardly bent", 2, 0, false, false},
        {"sagging", 40, 0, false, true},
        {"bulging", -40, 10, false, true},
        {"bent and tilted", 30, 30, false, true},
        {"straight, with a thick place", 0, 0, true, false},
    };
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const band_case *c = &cases[i];
        g_autoptr(GArray) lines = lines_of(c);
        assert_int_equal(lines->len, 1);
        const bf_line *l = &g_array_index(lines, bf_line, 0);
        if (l->bent != c->bent || !l->has_middle)
            fail_msg("%s", c->what);
        for (int k = 0; k < BF_LINE_KNOTS; k++) {
            assert_true(k == 0 || l->middle_x[k] > l->middle_x[k - 1]);
            if (fabsf(l->middle_y[k] / 2 - middle_of(c, l->middle_x[k] / 2)) > 2.5F)
                fail_msg("%s: at %.0f the middle is told to be %.1f", c->what, (double)l->middle_x[k], (double)l->middle_y[k]);
            assert_true(bf_quad_holds(&l->quad, l->middle_x[k], l->middle_y[k]));
        }
    }
}

static void test_bf_component_lines__upright_columns_stay_whole(void **state)
{
    (void)state;
    g_autofree float *map = g_new0(float, WIDTH *HEIGHT);
    for (int y = 20; y < 150; y++)
        for (int x = 100 + y / 8; x < 112 + y / 8; x++)
            map[y * WIDTH + x] = 0.9F;
    g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(bf_line));
    GError *error = NULL;
    assert_true(bf_component_lines(map, WIDTH, HEIGHT, 1, 1, lines, &error));
    assert_int_equal(lines->len, 1);
    assert_true(g_array_index(lines, bf_line, 0).vertical);
}

static void test_bf_component_lines__specks_and_faint_ones_are_none(void **state)
{
    (void)state;
    g_autofree float *map = g_new0(float, WIDTH *HEIGHT);
    map[WIDTH * 10 + 10] = map[WIDTH * 10 + 11] = 0.9F;
    for (int x = 50; x < 150; x++)
        for (int y = 50; y < 60; y++)
            map[y * WIDTH + x] = 0.4F;
    g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(bf_line));
    GError *error = NULL;
    assert_true(bf_component_lines(map, WIDTH, HEIGHT, 1, 1, lines, &error));
    assert_int_equal(lines->len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bf_component_lines__bent_lines_and_their_middles),
        cmocka_unit_test(test_bf_component_lines__upright_columns_stay_whole),
        cmocka_unit_test(test_bf_component_lines__specks_and_faint_ones_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
