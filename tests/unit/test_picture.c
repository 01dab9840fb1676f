#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "blindfold/picture.h"

static void test_rect_intersect__cases(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        bf_rect a, b, expected;
    } cases[] = {
        {"overlap", {0, 0, 10, 10}, {5, 6, 10, 10}, {5, 6, 5, 4}},
        {"one within the other", {0, 0, 10, 10}, {2, 3, 4, 5}, {2, 3, 4, 5}},
        {"touching edges do not meet", {0, 0, 10, 10}, {10, 0, 5, 5}, {10, 0, 0, 0}},
        {"apart", {0, 0, 2, 2}, {5, 5, 2, 2}, {5, 5, 0, 0}},
        {"sides beyond the largest int", {G_MAXINT - 5, 0, G_MAXINT, 4}, {0, 0, G_MAXINT, 9}, {G_MAXINT - 5, 0, 5, 4}},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        bf_rect r = bf_rect_intersect(cases[i].a, cases[i].b);
        if (bf_rect_is_empty(cases[i].expected)) {
            assert_true(r.w == 0 && r.h == 0);
            continue;
        }
        assert_memory_equal(&r, &cases[i].expected, sizeof r);
    }
}

static void test_rect_union__cases(void **state)
{
    (void)state;
    bf_rect both = bf_rect_union((bf_rect){2, 3, 4, 5}, (bf_rect){10, 1, 1, 1});
    assert_memory_equal(&both, &((bf_rect){2, 1, 9, 7}), sizeof both);
    bf_rect with_empty = bf_rect_union((bf_rect){100, 100, 0, 5}, (bf_rect){10, 1, 1, 1});
    assert_memory_equal(&with_empty, &((bf_rect){10, 1, 1, 1}), sizeof both);
}

static void test_rect_grow__cases(void **state)
{
    (void)state;
    bf_rect grown = bf_rect_grow((bf_rect){10, 20, 5, 6}, 2, 3);
    assert_memory_equal(&grown, &((bf_rect){8, 17, 9, 12}), sizeof grown);
    assert_true(bf_rect_is_empty(bf_rect_grow((bf_rect){10, 20, 5, 6}, -3, 0)));
    bf_rect huge = bf_rect_grow((bf_rect){0, 0, G_MAXINT, 1}, G_MAXINT, 0);
    assert_int_equal(huge.w, G_MAXINT);
}

static void test_quad_bounds__cases(void **state)
{
    (void)state;
    bf_quad q = {{1.5f, 8.0f, 7.0f, 0.9f}, {2.0f, 3.1f, 9.01f, 8.0f}};
    bf_rect r = bf_quad_bounds(&q);
    assert_memory_equal(&r, &((bf_rect){0, 2, 8, 8}), sizeof r);
    q.x[2] = strtof("nan", NULL);
    assert_true(bf_rect_is_empty(bf_quad_bounds(&q)));
    q.x[2] = 1e30f;
    assert_false(bf_rect_is_empty(bf_quad_bounds(&q)));
}

static void test_picture_new__refuses(void **state)
{
    (void)state;
    static const int wrong[][3] = {{0, 1, 1}, {1, 0, 3}, {-1, 5, 3}, {65501, 1, 1}, {1, 65501, 1}, {1, 1, 2}, {1, 1, 4}};
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        bf_picture *p = NULL;
        g_autoptr(GError) error = NULL;
        assert_false(bf_picture_new(wrong[i][0], wrong[i][1], wrong[i][2], &p, &error));
        assert_true(g_error_matches(error, BF_PICTURE_ERROR, BF_PICTURE_ERROR_SIZE));
        assert_null(p);
    }
    bf_picture_free(NULL);
}

static bf_picture *picture_of(int w, int h, int channels)
{
    bf_picture *p = NULL;
    assert_true(bf_picture_new(w, h, channels, &p, NULL));
    return p;
}

/* The letters   A B C   as a camera stores them for each orientation (TIFF 6.0: which edge of the page row 0 and column 0 are).
 *               D E F   */
static void test_picture_orient__all_eight(void **state)
{
    (void)state;
    static const struct {
        int orientation, w;
        const char *stored;
    } cases[] = {
        {1, 3, "ABCDEF"}, /* row 0 top, column 0 left */
        {2, 3, "CBAFED"}, /* top, right */
        {3, 3, "FEDCBA"}, /* bottom, right */
        {4, 3, "DEFABC"}, /* bottom, left */
        {5, 2, "ADBECF"}, /* left, top */
        {6, 2, "CFBEAD"}, /* right, top */
        {7, 2, "FCEBDA"}, /* right, bottom */
        {8, 2, "DAEBFC"}, /* left, bottom */
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        for (int channels = 1; channels <= 3; channels += 2) {
            g_autoptr(bf_picture) in = picture_of(cases[i].w, 6 / cases[i].w, channels);
            g_autoptr(bf_picture) out = NULL;
            for (int k = 0; k < 6 * channels; k++)
                in->data[k] = (uint8_t)(cases[i].stored[k / channels] + 32 * (k % channels));
            assert_true(bf_picture_orient(in, cases[i].orientation, &out, NULL));
            assert_int_equal(out->width_px, 3);
            assert_int_equal(out->height_px, 2);
            for (int k = 0; k < 6 * channels; k++)
                assert_int_equal(out->data[k], "ABCDEF"[k / channels] + 32 * (k % channels));
        }
}

static void test_picture_turn__all_four(void **state)
{
    (void)state;
    static const struct {
        int deg, w;
        const char *expected;
    } cases[] = {{0, 3, "ABCDEF"}, {90, 2, "DAEBFC"}, {180, 3, "FEDCBA"}, {270, 2, "CFBEAD"}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(bf_picture) in = picture_of(3, 2, 1), out = NULL;
        memcpy(in->data, "ABCDEF", 6);
        assert_true(bf_picture_turn(in, cases[i].deg, &out, NULL));
        assert_int_equal(out->width_px, cases[i].w);
        assert_memory_equal(out->data, cases[i].expected, 6);
    }
}

/* Larger than a tile and no multiple of it. */
static void test_picture_turn__four_times_is_none(void **state)
{
    (void)state;
    g_autoptr(bf_picture) in = picture_of(101, 67, 3), out = NULL;
    for (int k = 0; k < 101 * 67 * 3; k++)
        in->data[k] = (uint8_t)(k * 31 + k / 255);
    assert_true(bf_picture_turn(in, 0, &out, NULL));
    for (int i = 0; i < 4; i++) {
        bf_picture *next = NULL;
        assert_true(bf_picture_turn(out, 90, &next, NULL));
        assert_int_equal(next->width_px, out->height_px);
        bf_picture_free(out);
        out = next;
        if (i < 3)
            assert_memory_not_equal(out->data, in->data, 101 * 67 * 3);
    }
    assert_memory_equal(out->data, in->data, 101 * 67 * 3);
}

static void test_picture_orient__refuses(void **state)
{
    (void)state;
    g_autoptr(bf_picture) in = picture_of(2, 2, 1);
    bf_picture *out = NULL;
    static const int wrong_orientation[] = {0, 9, -1}, wrong_turn[] = {-90, 45, 360};
    for (int i = 0; i < 3; i++) {
        g_autoptr(GError) a = NULL, b = NULL;
        assert_false(bf_picture_orient(in, wrong_orientation[i], &out, &a));
        assert_true(g_error_matches(a, BF_PICTURE_ERROR, BF_PICTURE_ERROR_TURN));
        assert_false(bf_picture_turn(in, wrong_turn[i], &out, &b));
        assert_true(g_error_matches(b, BF_PICTURE_ERROR, BF_PICTURE_ERROR_TURN));
    }
    assert_null(out);
}

/* The value of a picture, as a function of the plane, over [a, b): constant within a pixel. */
static double mean_between(const double *values, int n, double a, double b)
{
    double sum = 0;
    for (int k = 0; k < n; k++) {
        double from = MAX(a, k), to = MIN(b, k + 1.0);
        if (to > from)
            sum += values[k] * (to - from);
    }
    return sum / (b - a);
}

static double brute_area(const bf_picture *in, int w, int h, int x, int y, int c)
{
    g_autofree double *column = g_new(double, in->height_px), *row = g_new(double, in->width_px);
    for (int v = 0; v < in->height_px; v++) {
        for (int u = 0; u < in->width_px; u++)
            row[u] = in->data[(v * in->width_px + u) * in->channels + c];
        column[v] = mean_between(row, in->width_px, (double)x * in->width_px / w, (double)(x + 1) * in->width_px / w);
    }
    return mean_between(column, in->height_px, (double)y * in->height_px / h, (double)(y + 1) * in->height_px / h);
}

static void test_picture_scale__shrinks_by_area(void **state)
{
    (void)state;
    static const int cases[][5] = {
        {8, 8, 4, 4, 1}, {9, 7, 4, 3, 3}, {33, 21, 13, 20, 3}, {50, 40, 1, 1, 1}, {64, 3, 63, 2, 1}, {300, 2, 7, 1, 3}, {700, 5, 1, 4, 1},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const int *t = cases[i];
        g_autoptr(bf_picture) in = picture_of(t[0], t[1], t[4]), out = NULL;
        for (int k = 0; k < t[0] * t[1] * t[4]; k++)
            in->data[k] = (uint8_t)((unsigned)k * 2654435761u >> 24);
        assert_true(bf_picture_scale(in, t[2], t[3], &out, NULL));
        for (int y = 0; y < t[3]; y++)
            for (int x = 0; x < t[2]; x++)
                for (int c = 0; c < t[4]; c++) {
                    double expected = brute_area(in, t[2], t[3], x, y, c);
                    int got = out->data[(y * t[2] + x) * t[4] + c];
                    assert_true(got > expected - 0.6 && got < expected + 0.6);
                }
    }
}

/* No rounding may darken or lighten a page, whatever the size: weights add up to exactly 1. */
static void test_picture_scale__flat_stays_flat(void **state)
{
    (void)state;
    static const int sizes[] = {1, 2, 3, 5, 8, 13, 40, 41, 97};
    for (size_t a = 0; a < G_N_ELEMENTS(sizes); a++)
        for (size_t b = 0; b < G_N_ELEMENTS(sizes); b++)
            for (int value = 0; value < 256; value += 51) {
                g_autoptr(bf_picture) in = picture_of(sizes[a], sizes[b], 3), out = NULL;
                memset(in->data, value, (size_t)sizes[a] * sizes[b] * 3);
                assert_true(bf_picture_scale(in, sizes[b], sizes[a], &out, NULL));
                for (int k = 0; k < sizes[a] * sizes[b] * 3; k++)
                    assert_int_equal(out->data[k], value);
            }
}

static void test_picture_scale__same_size_is_a_copy(void **state)
{
    (void)state;
    g_autoptr(bf_picture) in = picture_of(37, 19, 3), out = NULL;
    for (int k = 0; k < 37 * 19 * 3; k++)
        in->data[k] = (uint8_t)(k * 7);
    assert_true(bf_picture_scale(in, 37, 19, &out, NULL));
    assert_memory_equal(out->data, in->data, 37 * 19 * 3);
}

static void test_picture_scale__grows_linearly(void **state)
{
    (void)state;
    g_autoptr(bf_picture) in = picture_of(2, 1, 1), out = NULL;
    in->data[0] = 0;
    in->data[1] = 200;
    static const uint8_t expected[8] = {0, 0, 25, 75, 125, 175, 200, 200}; /* at (i + 0.5) / 4 - 0.5 of the way, clamped */
    assert_true(bf_picture_scale(in, 8, 3, &out, NULL));
    for (int y = 0; y < 3; y++)
        assert_memory_equal(out->data + 8 * y, expected, 8);
}

static void test_picture_scale__refuses(void **state)
{
    (void)state;
    g_autoptr(bf_picture) in = picture_of(2, 2, 1);
    bf_picture *out = NULL;
    g_autoptr(GError) error = NULL;
    assert_false(bf_picture_scale(in, 0, 5, &out, &error));
    assert_true(g_error_matches(error, BF_PICTURE_ERROR, BF_PICTURE_ERROR_SIZE));
}

static void test_bf_quad_holds__tilted(void **state)
{
    (void)state;
    bf_quad q = {{10, 30, 28, 8}, {10, 20, 24, 14}}; /* falls to the right */
    assert_true(bf_quad_holds(&q, 19, 17));
    assert_true(bf_quad_holds(&q, 10, 10));
    assert_false(bf_quad_holds(&q, 28, 12)); /* within its bounds only */
    assert_false(bf_quad_holds(&q, 10, 22));
    assert_false(bf_quad_holds(&q, 40, 17));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bf_quad_holds__tilted),
        cmocka_unit_test(test_rect_intersect__cases),
        cmocka_unit_test(test_rect_union__cases),
        cmocka_unit_test(test_rect_grow__cases),
        cmocka_unit_test(test_quad_bounds__cases),
        cmocka_unit_test(test_picture_new__refuses),
        cmocka_unit_test(test_picture_orient__all_eight),
        cmocka_unit_test(test_picture_turn__all_four),
        cmocka_unit_test(test_picture_turn__four_times_is_none),
        cmocka_unit_test(test_picture_orient__refuses),
        cmocka_unit_test(test_picture_scale__shrinks_by_area),
        cmocka_unit_test(test_picture_scale__flat_stays_flat),
        cmocka_unit_test(test_picture_scale__same_size_is_a_copy),
        cmocka_unit_test(test_picture_scale__grows_linearly),
        cmocka_unit_test(test_picture_scale__refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
