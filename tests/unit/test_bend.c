/* A bent page laid flat by its lines: the fit gives the bend back, whatever a few lines say, and the flat picture shows what the bent one
 * does. */
#include "page/bend.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { WIDTH = 800, HEIGHT = 1000 };

/* The bend of the page that the lines are drawn on, px. */
static float bend_at(float x, float y)
{
    float u = 2 * x / WIDTH - 1, v = 2 * y / HEIGHT - 1;
    return 14 * u + 40 * u * u * (1 - 0.3F * v) - 9 * u * u * u;
}

static bf_line line_at(float y, float from, float to)
{
    bf_line l = {.has_middle = true, .bent = true, .confidence = 0.5F};
    for (int k = 0; k < BF_LINE_KNOTS; k++) {
        l.middle_x[k] = from + (to - from) * ((float)k + 0.5F) / BF_LINE_KNOTS;
        l.middle_y[k] = y + bend_at(l.middle_x[k], y);
    }
    l.quad = (bf_quad){{from, to, to, from}, {y - 12, y - 12, y + 12, y + 12}};
    return l;
}

static GArray *page_of_lines(void)
{
    GArray *lines = g_array_new(FALSE, FALSE, sizeof(bf_line));
    for (int i = 0; i < 20; i++) {
        bf_line l = line_at(100 + 40 * (float)i, i % 3 == 0 ? 160 : 80, i % 4 == 3 ? 420 : 730);
        g_array_append_val(lines, l);
    }
    return lines;
}

/* Differences along a row of the flat page count: how high the page as a whole lies is nobody's concern. */
static float worst_error(const bf_bend *b)
{
    float worst = 0;
    for (float y = 100; y < 900; y += 50) {
        float level_x, level;
        bf_bend_point(b, WIDTH / 2.0F, y, &level_x, &level);
        for (float x = 90; x < 720; x += 30) {
            float on_x, on_y;
            bf_bend_point(b, x, y, &on_x, &on_y);
            assert_true(on_x == x);
            worst = MAX(worst, fabsf((on_y - level) - (bend_at(x, y) - bend_at(WIDTH / 2.0F, y))));
        }
    }
    return worst;
}

static void test_bf_bend_fit__gives_the_bend_back(void **state)
{
    (void)state;
    g_autoptr(GArray) lines = page_of_lines();
    bf_bend b;
    assert_true(bf_bend_fit(lines, WIDTH, HEIGHT, &b));
    if (worst_error(&b) > 4)
        fail_msg("off by %.1f px", (double)worst_error(&b));
}

/* The text of a seal, a ruled line across: they do not pull the page out of shape. */
static void test_bf_bend_fit__some_lines_that_disagree(void **state)
{
    (void)state;
    g_autoptr(GArray) lines = page_of_lines();
    for (int i = 0; i < 3; i++) {
        bf_line l = line_at(300 + 90 * (float)i, 500, 700);
        for (int k = 0; k < BF_LINE_KNOTS; k++)
            l.middle_y[k] -= 50 * sinf((float)k * 0.4F);
        g_array_append_val(lines, l);
    }
    bf_bend b;
    assert_true(bf_bend_fit(lines, WIDTH, HEIGHT, &b));
    if (worst_error(&b) > 5)
        fail_msg("off by %.1f px", (double)worst_error(&b));
}

/* The page lies flat, and the text of a seal is bent: nothing is to be laid flat. */
static void test_bf_bend_fit__a_seal_on_a_flat_page(void **state)
{
    (void)state;
    g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(bf_line));
    bf_bend b;
    for (int i = 0; i < 20; i++) {
        bf_line l = line_at(100 + 40 * (float)i, 80, 730);
        l.bent = i == 0;
        for (int k = 0; k < BF_LINE_KNOTS; k++)
            l.middle_y[k] = 100 + 40 * (float)i - (l.bent ? 60 * sinf((float)k * 0.39F) : 0);
        g_array_append_val(lines, l);
    }
    assert_false(bf_bend_fit(lines, WIDTH, HEIGHT, &b));
}

/* The page stands askew and is flat; the first and last characters of one short line make it look bent. */
static void test_bf_bend_fit__a_short_line_on_a_flat_page(void **state)
{
    (void)state;
    g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(bf_line));
    bf_bend b;
    for (int i = 0; i < 20; i++) {
        bf_line l = line_at(100 + 40 * (float)i, 80, i == 7 ? 180 : 730);
        l.bent = i == 7;
        for (int k = 0; k < BF_LINE_KNOTS; k++)
            l.middle_y[k] = 100 + 40 * (float)i + 0.01F * l.middle_x[k] + (l.bent && k > 5 ? 4 : 0) + (k % 2 ? 0.3F : 0);
        g_array_append_val(lines, l);
    }
    assert_false(bf_bend_fit(lines, WIDTH, HEIGHT, &b));
}

/* A bend of a fifth of the lines' height is one. */
static void test_bf_bend_fit__a_slight_bend(void **state)
{
    (void)state;
    g_autoptr(GArray) lines = page_of_lines();
    bf_bend b;
    for (guint i = 0; i < lines->len; i++) {
        bf_line *l = &g_array_index(lines, bf_line, i);
        for (int k = 0; k < BF_LINE_KNOTS; k++) {
            float u = (l->middle_x[k] - 405) / 325;
            l->middle_y[k] = 100 + 40 * (float)i + 5 * u * u;
        }
    }
    assert_true(bf_bend_fit(lines, WIDTH, HEIGHT, &b));
}

static void test_bf_bend_fit__too_little(void **state)
{
    (void)state;
    g_autoptr(GArray) lines = page_of_lines();
    bf_bend b;
    g_array_set_size(lines, 2);
    assert_false(bf_bend_fit(lines, WIDTH, HEIGHT, &b));
    g_array_set_size(lines, 0);
    assert_false(bf_bend_fit(lines, WIDTH, HEIGHT, &b));
}

static void test_bf_bend_flatten__shows_what_the_bent_one_does(void **state)
{
    (void)state;
    for (int channels = 1; channels <= 3; channels += 2) {
        g_autoptr(GArray) lines = page_of_lines();
        g_autoptr(bf_picture) bent = NULL, flat = NULL;
        bf_bend b;
        assert_true(bf_bend_fit(lines, WIDTH, HEIGHT, &b));
        assert_true(bf_picture_new(WIDTH, HEIGHT, channels, &bent, NULL));
        for (int y = 0; y < HEIGHT; y++)
            for (int x = 0; x < WIDTH * channels; x++)
                bent->data[y * WIDTH * channels + x] = (uint8_t)(y / 4);
        assert_true(bf_bend_flatten(&b, bent, &flat, NULL));
        for (int y = 150; y < 850; y += 70)
            for (int x = 0; x < WIDTH; x += 50) {
                float on_x, on_y;
                bf_bend_point(&b, (float)x + 0.5F, (float)y + 0.5F, &on_x, &on_y);
                int seen = flat->data[(y * WIDTH + x) * channels];
                assert_true(abs(seen - (int)(on_y / 4)) <= 1);
            }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bf_bend_fit__gives_the_bend_back),
        cmocka_unit_test(test_bf_bend_fit__some_lines_that_disagree),
        cmocka_unit_test(test_bf_bend_fit__a_seal_on_a_flat_page),
        cmocka_unit_test(test_bf_bend_fit__a_short_line_on_a_flat_page),
        cmocka_unit_test(test_bf_bend_fit__a_slight_bend),
        cmocka_unit_test(test_bf_bend_fit__too_little),
        cmocka_unit_test(test_bf_bend_flatten__shows_what_the_bent_one_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
