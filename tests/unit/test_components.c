/* From probability maps to lines: one for each straight component, overlapping pieces for a bent one. */
#include "read/line_crop.h"
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
    guint least, most; /* lines that come of it */
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
        for (int y = top; y < top + THICK; y++)
            map[y * WIDTH + x] = 0.9F;
    }
    GArray *lines = g_array_new(FALSE, FALSE, sizeof(bf_line));
    GError *error = NULL;
    assert_true(bf_component_lines(map, WIDTH, HEIGHT, 2, 2, lines, &error));
    return lines;
}

static void test_bf_component_lines__a_bent_line_comes_in_pieces(void **state)
{
    static const band_case cases[] = {
        {"straight", 0, 0, 1, 1},  {"tilted", 0, 40, 1, 1},     {"falling the other way", 0, -40, 1, 1}, {"hardly bent", 2, 0, 1, 1},
        {"sagging", 40, 0, 3, 15}, {"bulging", -40, 10, 3, 15}, {"bent and tilted", 30, 30, 3, 15},
    };
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const band_case *c = &cases[i];
        g_autoptr(GArray) lines = lines_of(c);
        if (lines->len < c->least || lines->len > c->most)
            fail_msg("%s: %u lines", c->what, lines->len);
        for (float x = FROM + 2; x < TO - 2; x += 2) { /* every place stands well inside one of them, with a name's length around it */
            bool held = false;
            for (guint k = 0; k < lines->len && !held; k++) {
                const bf_line *l = &g_array_index(lines, bf_line, k);
                float left = MAX(x - 1.5F * THICK, FROM + 2), right = MIN(x + 1.5F * THICK, TO - 2);
                held = bf_quad_holds(&l->quad, 2 * left, 2 * middle_of(c, left)) &&
                       bf_quad_holds(&l->quad, 2 * right, 2 * middle_of(c, right));
                if (bf_quad_height(&l->quad) > 2 * 4.2F * THICK)
                    fail_msg("%s: a piece is %.0f px high", c->what, (double)bf_quad_height(&l->quad));
            }
            if (!held)
                fail_msg("%s: nothing holds what stands around %.0f", c->what, (double)x);
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
        cmocka_unit_test(test_bf_component_lines__a_bent_line_comes_in_pieces),
        cmocka_unit_test(test_bf_component_lines__upright_columns_stay_whole),
        cmocka_unit_test(test_bf_component_lines__specks_and_faint_ones_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
