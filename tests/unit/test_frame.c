#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "blindfold/frame.h"

/* The truth is made by moving pixels: a small picture whose pixels know where they were goes through the same steps as a page does,
 * then every pixel of the upright picture says where it must be found. */

/* Pixel (x, y) of the decoded picture, as stored, says x and y. */
static bf_picture *make_map(int w, int h)
{
    bf_picture *p = NULL;
    assert_true(bf_picture_new(w, h, 3, &p, NULL));
    for (int i = 0; i < w * h; i++) {
        p->data[3 * i] = (uint8_t)(i % w);
        p->data[3 * i + 1] = (uint8_t)(i / w);
        p->data[3 * i + 2] = 0;
    }
    return p;
}

static bf_picture *upright_map(int w, int h, int orientation, int turn)
{
    g_autoptr(bf_picture) stored = make_map(w, h), shown = NULL;
    bf_picture *upright = NULL;
    assert_true(bf_picture_orient(stored, orientation, &shown, NULL));
    assert_true(bf_picture_turn(shown, turn, &upright, NULL));
    return upright;
}

static void assert_rect(bf_rect got, bf_rect expected)
{
    assert_int_equal(got.x, expected.x);
    assert_int_equal(got.y, expected.y);
    assert_int_equal(got.w, expected.w);
    assert_int_equal(got.h, expected.h);
}

/* One page at one way of standing: every pixel, decoded at 1 / factor of its size as libjpeg does it. */
static void check_all_pixels(int stored_w, int stored_h, int factor, int orientation, int turn)
{
    int w = (stored_w + factor - 1) / factor, h = (stored_h + factor - 1) / factor;
    g_autoptr(bf_picture) map = upright_map(w, h, orientation, turn);
    bf_frame frame = {stored_w, stored_h, orientation, turn, map->width_px, map->height_px};
    for (int y = 0; y < map->height_px; y++)
        for (int x = 0; x < map->width_px; x++) {
            const uint8_t *pixel = map->data + 3 * (y * map->width_px + x);
            int sx = pixel[0] * factor, sy = pixel[1] * factor;
            bf_rect expected = bf_rect_intersect((bf_rect){sx, sy, factor, factor}, (bf_rect){0, 0, stored_w, stored_h});
            assert_rect(bf_frame_rect_to_stored(&frame, (bf_rect){x, y, 1, 1}), expected);
            assert_rect(bf_frame_rect_to_upright(&frame, expected), (bf_rect){x, y, 1, 1});
            float px, py, back_x, back_y;
            bf_frame_point_to_stored(&frame, (float)x + 0.5f, (float)y + 0.5f, &px, &py);
            assert_true(fabsf(px - (float)(sx + factor / 2.0)) < 1e-3f && fabsf(py - (float)(sy + factor / 2.0)) < 1e-3f);
            bf_frame_point_to_upright(&frame, px, py, &back_x, &back_y);
            assert_true(fabsf(back_x - (float)x - 0.5f) < 1e-3f && fabsf(back_y - (float)y - 0.5f) < 1e-3f);
        }
}

static void test_frame_rect__every_pixel_of_every_way(void **state)
{
    (void)state;
    static const int sizes[][2] = {{5, 3}, {1, 1}, {41, 23}, {64, 40}, {9, 70}};
    for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++)
        for (int factor = 1; factor <= 8; factor *= 2)
            for (int orientation = 1; orientation <= 8; orientation++)
                for (int turn = 0; turn < 360; turn += 90)
                    if (factor == 1 || sizes[i][0] > 8) /* smaller ones have the same decoded size at several factors */
                        check_all_pixels(sizes[i][0], sizes[i][1], factor, orientation, turn);
}

static bool holds(bf_rect outer, bf_rect inner)
{
    return outer.x <= inner.x && outer.y <= inner.y && outer.x + outer.w >= inner.x + inner.w && outer.y + outer.h >= inner.y + inner.h;
}

/* Sizes that are no power of two apart: nothing of a rectangle may be lost on the way there and back, and it may grow by no more
 * than a pixel of the coarser grid on each side. */
static void test_frame_rect__any_scale_holds(void **state)
{
    (void)state;
    static const int scales[][2] = {{33, 17}, {100, 50}, {99, 50}, {250, 120}, {10, 5}};
    for (size_t i = 0; i < G_N_ELEMENTS(scales); i++)
        for (int orientation = 1; orientation <= 8; orientation++)
            for (int turn = 0; turn < 360; turn += 90) {
                bool swap = (orientation >= 5) != (turn % 180 == 90);
                int w = scales[i][swap], h = scales[i][!swap];
                bf_frame frame = {100, 50, orientation, turn, w, h};
                bf_rect r = {w / 3, h / 4, w / 5 + 1, h / 6 + 1}, stored = bf_frame_rect_to_stored(&frame, r);
                bf_rect back = bf_frame_rect_to_upright(&frame, stored);
                assert_true(holds(back, r));
                int slack = 1 + (int)ceil((double)MAX(w, h) / 100);
                assert_true(holds(bf_rect_grow(r, slack, slack), back));
            }
}

static void test_frame_rect__clips(void **state)
{
    (void)state;
    bf_frame frame = {40, 20, 6, 90, 40, 20};
    assert_rect(bf_frame_rect_to_stored(&frame, (bf_rect){-1000, -1000, 5000, 5000}), (bf_rect){0, 0, 40, 20});
    assert_rect(bf_frame_rect_to_stored(&frame, (bf_rect){G_MAXINT - 1, 0, G_MAXINT, 5}), (bf_rect){0});
    assert_rect(bf_frame_rect_to_stored(&frame, (bf_rect){3, 3, 0, 5}), (bf_rect){0});
    assert_rect(bf_frame_rect_to_upright(&frame, (bf_rect){40, 0, 10, 10}), (bf_rect){0});
}

/* A photo taken upright with a camera turned on its side: the top left corner of the page is stored at the bottom left. */
static void test_frame_quad__keeps_order(void **state)
{
    (void)state;
    bf_frame frame = {40, 20, 6, 0, 20, 40};
    bf_quad upright = {{1, 5, 5, 1}, {2, 2, 4, 4}}, stored = bf_frame_quad_to_stored(&frame, &upright);
    static const bf_quad expected = {{2, 2, 4, 4}, {19, 15, 15, 19}};
    for (int i = 0; i < 4; i++) {
        assert_true(fabsf(stored.x[i] - expected.x[i]) < 1e-4f);
        assert_true(fabsf(stored.y[i] - expected.y[i]) < 1e-4f);
    }
}

/* One orientation does what a tag and a turn do one after the other, pixel by pixel. */
static void test_bf_frame_orientation__as_tag_and_turn(void **state)
{
    (void)state;
    g_autoptr(bf_picture) picture = NULL;
    assert_true(bf_picture_new(3, 2, 1, &picture, NULL));
    for (int i = 0; i < 6; i++)
        picture->data[i] = (uint8_t)i;
    for (int exif = 1; exif <= 8; exif++)
        for (int turn = 0; turn < 360; turn += 90) {
            g_autoptr(bf_picture) tagged = NULL, both = NULL, once = NULL;
            assert_true(bf_picture_orient(picture, exif, &tagged, NULL));
            assert_true(bf_picture_turn(tagged, turn, &both, NULL));
            assert_true(bf_picture_orient(picture, bf_frame_orientation(exif, turn), &once, NULL));
            assert_int_equal(once->width_px, both->width_px);
            assert_memory_equal(once->data, both->data, 6);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_frame_rect__every_pixel_of_every_way),
        cmocka_unit_test(test_frame_rect__any_scale_holds),
        cmocka_unit_test(test_frame_rect__clips),
        cmocka_unit_test(test_frame_quad__keeps_order),
        cmocka_unit_test(test_bf_frame_orientation__as_tag_and_turn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
