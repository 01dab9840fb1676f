/* The smallest box around points, of rectangles whose size and direction are known. */
#include "read/ppocr/min_area_box.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { ACROSS = 9, POINTS = ACROSS * ACROSS };

/* A grid of points that fills a rectangle w x h, turned by `deg` clockwise, around (300, 200). */
static void fill(bf_point *points, float w, float h, double deg)
{
    float c = (float)cos(deg * G_PI / 180), s = (float)sin(deg * G_PI / 180);
    for (int i = 0; i < POINTS; i++) {
        float u = ((float)(i % ACROSS) / (ACROSS - 1) - 0.5F) * w, v = ((float)(i / ACROSS) / (ACROSS - 1) - 0.5F) * h;
        points[i] = (bf_point){300 + u * c - v * s, 200 + u * s + v * c};
    }
}

static const struct {
    float w, h;
    double deg;
    float box_w, box_h;
    double box_deg; /* within 45 degrees of the x axis */
} CASES[] = {
    {100, 20, 0, 100, 20, 0},  {100, 20, 7, 100, 20, 7},   {100, 20, -30, 100, 20, -30}, {100, 20, 60, 20, 100, -30},
    {100, 20, 90, 20, 100, 0}, {100, 20, 180, 100, 20, 0}, {100, 20, 120, 20, 100, 30},  {100, 20, 200, 100, 20, 20},
    {500, 4, 44, 500, 4, 44},  {500, 4, 46, 4, 500, -44},
};

static void test_bf_min_area_box__size_and_direction(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        bf_point points[POINTS];
        bf_min_box b;
        fill(points, CASES[i].w, CASES[i].h, CASES[i].deg);
        assert_true(bf_min_area_box(points, POINTS, &b));
        double deg = atan2((double)b.uy, (double)b.ux) * 180 / G_PI;
        if (fabsf(b.w - CASES[i].box_w) > 0.1F || fabsf(b.h - CASES[i].box_h) > 0.1F || fabs(deg - CASES[i].box_deg) > 0.1 ||
            fabsf(b.cx - 300) > 0.1F || fabsf(b.cy - 200) > 0.1F)
            fail_msg("case %zu: %f x %f at %f degrees around (%f, %f)", i, (double)b.w, (double)b.h, deg, (double)b.cx, (double)b.cy);
        assert_true(b.ux > 0 && fabsf(b.uy) <= b.ux);
        assert_float_equal(hypotf(b.ux, b.uy), 1, 0.001);
    }
}

static void test_bf_min_area_box__holds_every_point_of_any_shape(void **state)
{
    (void)state;
    guint seed = 5;
    for (int round = 0; round < 200; round++) {
        bf_point points[40];
        gsize n = 3 + (gsize)round % 38;
        for (gsize i = 0; i < n; i++) {
            seed = seed * 1103515245 + 12345;
            points[i] = (bf_point){(float)(seed >> 16 & 63), (float)(seed >> 22 & 63)};
        }
        bf_min_box b;
        if (!bf_min_area_box(points, n, &b))
            continue;
        for (gsize i = 0; i < n; i++) {
            float dx = points[i].x - b.cx, dy = points[i].y - b.cy;
            assert_true(fabsf(dx * b.ux + dy * b.uy) <= b.w / 2 + 0.01F);
            assert_true(fabsf(-dx * b.uy + dy * b.ux) <= b.h / 2 + 0.01F);
        }
    }
}

static void test_bf_min_area_box__a_straight_line_has_no_height(void **state)
{
    (void)state;
    bf_point points[] = {{1, 1}, {3, 3}, {2, 2}, {9, 9}};
    bf_min_box b;
    assert_true(bf_min_area_box(points, G_N_ELEMENTS(points), &b));
    assert_float_equal(MIN(b.w, b.h), 0, 0.001);
    assert_float_equal(MAX(b.w, b.h), 8 * sqrtf(2), 0.001);
}

static void test_bf_min_area_box__too_little_is_no_box(void **state)
{
    (void)state;
    bf_point same[] = {{4, 4}, {4, 4}, {4, 4}, {4, 4}};
    bf_min_box b;
    assert_false(bf_min_area_box(same, 0, &b));
    assert_false(bf_min_area_box(same, 2, &b));
    assert_false(bf_min_area_box(same, 4, &b));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bf_min_area_box__size_and_direction),
        cmocka_unit_test(test_bf_min_area_box__holds_every_point_of_any_shape),
        cmocka_unit_test(test_bf_min_area_box__a_straight_line_has_no_height),
        cmocka_unit_test(test_bf_min_area_box__too_little_is_no_box),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
