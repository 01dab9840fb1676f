/* Lines cut out of pictures whose every pixel says where it is: red is x, green is y. */
#include "read/line_crop.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { WIDTH = 240, HEIGHT = 200 };

static bf_picture *map_picture(void)
{
    bf_picture *p = NULL;
    assert_true(bf_picture_new(WIDTH, HEIGHT, 3, &p, NULL));
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++) {
            uint8_t *at = p->data + ((gsize)y * WIDTH + (gsize)x) * 3;
            at[0] = (uint8_t)x;
            at[1] = (uint8_t)y;
            at[2] = 7;
        }
    return p;
}

static bf_quad upright_quad(float l, float t, float r, float b)
{
    return (bf_quad){{l, r, r, l}, {t, t, b, b}};
}

static bf_picture *crop(const bf_picture *p, bf_quad q, const bf_look *look, int height, float squeeze, int max_width)
{
    bf_picture *out = NULL;
    assert_true(bf_line_crop(p, &q, look, height, squeeze, max_width, &out, NULL));
    assert_int_equal(out->channels, 3);
    assert_int_equal(out->height_px, height);
    return out;
}

static const uint8_t *at(const bf_picture *p, int x, int y)
{
    return p->data + ((gsize)y * (gsize)p->width_px + (gsize)x) * 3;
}

/* Does the crop's pixel (i, j) show the picture's pixel (x, y), to one? */
static void expect_pixel(const bf_picture *p, int i, int j, int x, int y)
{
    const uint8_t *c = at(p, i, j);
    if (abs(c[0] - x) > 1 || abs(c[1] - y) > 1 || c[2] != 7)
        fail_msg("crop (%d, %d) shows (%d, %d), not (%d, %d)", i, j, c[0], c[1], x, y);
}

static void expect_quad(const bf_quad *q, bf_quad wanted)
{
    for (int i = 0; i < 4; i++)
        if (fabsf(q->x[i] - wanted.x[i]) > 0.01F || fabsf(q->y[i] - wanted.y[i]) > 0.01F)
            fail_msg("corner %d is (%f, %f), not (%f, %f)", i, (double)q->x[i], (double)q->y[i], (double)wanted.x[i], (double)wanted.y[i]);
}

static void test_bf_quad_slice__shares_and_growth(void **state)
{
    (void)state;
    bf_quad line = upright_quad(100, 50, 200, 70), middle = bf_quad_slice(&line, 0.25F, 0.5F, 0);
    expect_quad(&middle, upright_quad(125, 50, 150, 70));
    bf_quad beyond = bf_quad_slice(&line, -0.1F, 1.2F, 0.5F);
    expect_quad(&beyond, upright_quad(90, 40, 220, 80));
    bf_quad tight = bf_quad_slice(&line, 0, 1, -0.25F);
    expect_quad(&tight, upright_quad(100, 55, 200, 65));
    /* a column: the text runs down, its top side is on the right */
    bf_quad column = {{60, 60, 40, 40}, {10, 110, 110, 10}}, part = bf_quad_slice(&column, 0.5F, 1, 0.1F);
    expect_quad(&part, (bf_quad){{62, 62, 38, 38}, {60, 110, 110, 60}});
}

static void test_bf_quad_length__of_tilted_and_uneven_quads(void **state)
{
    (void)state;
    bf_quad tilted = {{0, 80, 68, -12}, {0, 60, 76, 16}}, uneven = {{0, 100, 80, 0}, {0, 0, 20, 10}};
    assert_float_equal(bf_quad_length(&tilted), 100, 0.01);
    assert_float_equal(bf_quad_height(&tilted), 20, 0.01);
    assert_float_equal(bf_quad_length(&uneven), (100 + hypotf(80, 10)) / 2, 0.01);
    assert_float_equal(bf_quad_height(&uneven), (10 + hypotf(20, 20)) / 2, 0.01);
}

static void test_bf_quad_half_turned__twice_is_the_same(void **state)
{
    (void)state;
    bf_quad q = {{0, 80, 68, -12}, {0, 60, 76, 16}}, once = bf_quad_half_turned(&q), twice = bf_quad_half_turned(&once);
    expect_quad(&once, (bf_quad){{68, -12, 0, 80}, {76, 16, 0, 60}});
    expect_quad(&twice, q);
}

static void test_bf_line_crop__shows_each_pixel_in_its_place(void **state)
{
    (void)state;
    g_autoptr(bf_picture) p = map_picture();
    g_autoptr(bf_picture) c = crop(p, upright_quad(20, 30, 120, 54), NULL, 24, 1, 1000);
    assert_int_equal(c->width_px, 100);
    for (int i = 0; i < 100; i += 11)
        for (int j = 0; j < 24; j += 5)
            expect_pixel(c, i, j, 20 + i, 30 + j);
}

static void test_bf_line_crop__half_turn_shows_it_upside_down(void **state)
{
    (void)state;
    g_autoptr(bf_picture) p = map_picture();
    bf_look look = {.half_turn = true};
    g_autoptr(bf_picture) c = crop(p, upright_quad(20, 30, 120, 54), &look, 24, 1, 1000);
    for (int i = 0; i < 100; i += 11)
        for (int j = 0; j < 24; j += 5)
            expect_pixel(c, i, j, 119 - i, 53 - j);
}

static void test_bf_line_crop__column_read_downwards(void **state)
{
    (void)state;
    g_autoptr(bf_picture) p = map_picture();
    bf_quad column = {{60, 60, 40, 40}, {10, 110, 110, 10}};
    g_autoptr(bf_picture) c = crop(p, column, NULL, 20, 1, 1000);
    assert_int_equal(c->width_px, 100);
    expect_pixel(c, 0, 0, 59, 10);
    expect_pixel(c, 99, 0, 59, 109);
    expect_pixel(c, 50, 19, 40, 60);
}

static void test_bf_line_crop__stacked_lays_cells_side_by_side_upright(void **state)
{
    (void)state;
    g_autoptr(bf_picture) p = map_picture();
    bf_quad column = {{64, 64, 40, 40}, {12, 84, 84, 12}}; /* three cells of 24 x 24 */
    bf_look look = {.stacked = 3};
    g_autoptr(bf_picture) c = crop(p, column, &look, 24, 1, 1000);
    assert_int_equal(c->width_px, 72);
    for (int cell = 0; cell < 3; cell++)
        for (int i = 0; i < 24; i += 5)
            for (int j = 0; j < 24; j += 5)
                expect_pixel(c, cell * 24 + i, j, 40 + i, 12 + cell * 24 + j);
}

static void test_bf_line_crop__stacked_keeps_the_aspect_of_flat_cells(void **state)
{
    (void)state;
    g_autoptr(bf_picture) p = map_picture();
    bf_quad column = {{64, 64, 40, 40}, {12, 60, 60, 12}}; /* four cells, 24 wide and 12 high: twice as wide once they are 24 high */
    bf_look look = {.stacked = 4};
    g_autoptr(bf_picture) c = crop(p, column, &look, 24, 1, 1000);
    assert_int_equal(c->width_px, 4 * 48);
    expect_pixel(c, 48 + 24, 12, 52, 12 + 12 + 6);
}

static void test_bf_line_crop__crop_scale_takes_more_or_less_around_the_line(void **state)
{
    (void)state;
    g_autoptr(bf_picture) p = map_picture();
    bf_look smaller = {.crop_scale = 0.5F}, larger = {.crop_scale = 2};
    g_autoptr(bf_picture) wide = crop(p, upright_quad(20, 60, 120, 84), &smaller, 48, 1, 1000);
    assert_int_equal(wide->width_px, 100);
    expect_pixel(wide, 0, 0, 20, 48);
    expect_pixel(wide, 99, 47, 119, 95);
    g_autoptr(bf_picture) narrow = crop(p, upright_quad(20, 60, 120, 84), &larger, 12, 1, 1000);
    assert_int_equal(narrow->width_px, 100);
    expect_pixel(narrow, 0, 0, 20, 66);
    expect_pixel(narrow, 99, 11, 119, 77);
}

static void test_bf_line_crop__squeeze_and_limits_of_the_width(void **state)
{
    (void)state;
    g_autoptr(bf_picture) p = map_picture();
    bf_quad q = upright_quad(20, 30, 120, 54);
    g_autoptr(bf_picture) squeezed = crop(p, q, NULL, 24, 0.8F, 1000);
    assert_int_equal(squeezed->width_px, 80);
    expect_pixel(squeezed, 40, 10, 70, 40);
    g_autoptr(bf_picture) limited = crop(p, q, NULL, 24, 1, 50);
    assert_int_equal(limited->width_px, 50);
    expect_pixel(limited, 49, 0, 118, 30);
}

static void test_bf_line_crop__area_mean_where_it_shrinks(void **state)
{
    (void)state;
    bf_picture *p = NULL;
    assert_true(bf_picture_new(96, 96, 3, &p, NULL));
    for (gsize i = 0; i < (gsize)96 * 96; i++) /* columns of one pixel, black and white by turns: point samples would show one of them */
        memset(p->data + 3 * i, i % 2 ? 255 : 0, 3);
    g_autoptr(bf_picture) c = crop(p, upright_quad(0, 0, 96, 96), NULL, 24, 1, 1000);
    for (int i = 1; i < 23; i++)
        assert_in_range(at(c, i, 12)[0], 100, 155);
    bf_picture_free(p);
}

static void test_bf_line_crop__tiny_and_flat_quads_give_a_crop(void **state)
{
    (void)state;
    g_autoptr(bf_picture) p = map_picture();
    const bf_quad quads[] = {upright_quad(50, 50, 50, 50), upright_quad(50, 50, 50.3F, 50.2F), upright_quad(50, 50, 52, 120),
                             upright_quad(50, 50, 120, 50)};
    bf_look stacked = {.stacked = 3};
    for (gsize i = 0; i < G_N_ELEMENTS(quads); i++) {
        g_autoptr(bf_picture) c = crop(p, quads[i], NULL, 48, 1, 300);
        g_autoptr(bf_picture) s = crop(p, quads[i], &stacked, 48, 1, 300);
        assert_in_range(c->width_px, 8, 300);
        assert_in_range(s->width_px, 8, 300);
        expect_pixel(c, 0, 0, 50, 50);
    }
}

static void test_bf_line_crop__beyond_the_picture_its_edge_goes_on(void **state)
{
    (void)state;
    g_autoptr(bf_picture) p = map_picture();
    g_autoptr(bf_picture) c = crop(p, upright_quad(-50, -12, 50, 12), NULL, 24, 1, 1000);
    expect_pixel(c, 0, 0, 0, 0);
    expect_pixel(c, 20, 20, 0, 8);
    expect_pixel(c, 80, 2, 30, 0);
    g_autoptr(bf_picture) far = crop(p, upright_quad(WIDTH - 10, HEIGHT - 10, WIDTH + 1000, HEIGHT + 14), NULL, 24, 1, 2000);
    expect_pixel(far, far->width_px - 1, 23, WIDTH - 1, HEIGHT - 1);
}

static void test_bf_line_crop__one_channel_becomes_three(void **state)
{
    (void)state;
    bf_picture *p = NULL;
    assert_true(bf_picture_new(60, 30, 1, &p, NULL));
    for (int i = 0; i < 60 * 30; i++)
        p->data[i] = (uint8_t)(i % 60);
    g_autoptr(bf_picture) c = crop(p, upright_quad(0, 0, 60, 30), NULL, 30, 1, 1000);
    for (int x = 0; x < 60; x += 7)
        for (int k = 0; k < 3; k++)
            assert_in_range(at(c, x, 15)[k], MAX(x - 1, 0), x + 1);
    bf_picture_free(p);
}

static void test_bf_line_crop__pictures_of_one_pixel(void **state)
{
    (void)state;
    const int sizes[][2] = {{1, 1}, {1, 40}, {40, 1}};
    for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++) {
        bf_picture *p = NULL;
        assert_true(bf_picture_new(sizes[i][0], sizes[i][1], 1, &p, NULL));
        memset(p->data, 99, (gsize)(sizes[i][0] * sizes[i][1]));
        g_autoptr(bf_picture) c = crop(p, upright_quad(-3, -3, 43, 43), NULL, 16, 1, 100);
        assert_int_equal(at(c, 0, 0)[1], 99);
        assert_int_equal(at(c, c->width_px - 1, 15)[2], 99);
        bf_picture_free(p);
    }
}

static void test_bf_line_crop__contrast_fills_the_whole_range(void **state)
{
    (void)state;
    bf_picture *p = NULL;
    assert_true(bf_picture_new(80, 40, 1, &p, NULL));
    for (int i = 0; i < 80 * 40; i++)
        p->data[i] = i % 80 / 8 % 2 ? 150 : 110;
    bf_look look = {.contrast = true};
    g_autoptr(bf_picture) plain = crop(p, upright_quad(0, 0, 80, 40), NULL, 40, 1, 1000);
    g_autoptr(bf_picture) c = crop(p, upright_quad(0, 0, 80, 40), &look, 40, 1, 1000);
    assert_int_equal(at(plain, 4, 20)[0], 110);
    assert_int_equal(at(plain, 12, 20)[0], 150);
    assert_true(at(c, 4, 20)[0] < 10);
    assert_true(at(c, 12, 20)[0] > 245);
    memset(p->data, 130, (gsize)(80 * 40)); /* nothing to stretch */
    g_autoptr(bf_picture) flat = crop(p, upright_quad(0, 0, 80, 40), &look, 40, 1, 1000);
    assert_int_equal(at(flat, 40, 20)[0], 130);
    bf_picture_free(p);
}

static void test_bf_line_crop__red_removed_leaves_the_red_channel(void **state)
{
    (void)state;
    g_autoptr(bf_picture) p = map_picture();
    bf_look look = {.red_removed = true};
    g_autoptr(bf_picture) c = crop(p, upright_quad(20, 30, 120, 54), &look, 24, 1, 1000);
    for (int k = 0; k < 3; k++)
        assert_in_range(at(c, 60, 12)[k], 79, 81);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bf_quad_slice__shares_and_growth),
        cmocka_unit_test(test_bf_quad_length__of_tilted_and_uneven_quads),
        cmocka_unit_test(test_bf_quad_half_turned__twice_is_the_same),
        cmocka_unit_test(test_bf_line_crop__shows_each_pixel_in_its_place),
        cmocka_unit_test(test_bf_line_crop__half_turn_shows_it_upside_down),
        cmocka_unit_test(test_bf_line_crop__column_read_downwards),
        cmocka_unit_test(test_bf_line_crop__stacked_lays_cells_side_by_side_upright),
        cmocka_unit_test(test_bf_line_crop__stacked_keeps_the_aspect_of_flat_cells),
        cmocka_unit_test(test_bf_line_crop__crop_scale_takes_more_or_less_around_the_line),
        cmocka_unit_test(test_bf_line_crop__squeeze_and_limits_of_the_width),
        cmocka_unit_test(test_bf_line_crop__area_mean_where_it_shrinks),
        cmocka_unit_test(test_bf_line_crop__tiny_and_flat_quads_give_a_crop),
        cmocka_unit_test(test_bf_line_crop__beyond_the_picture_its_edge_goes_on),
        cmocka_unit_test(test_bf_line_crop__one_channel_becomes_three),
        cmocka_unit_test(test_bf_line_crop__pictures_of_one_pixel),
        cmocka_unit_test(test_bf_line_crop__contrast_fills_the_whole_range),
        cmocka_unit_test(test_bf_line_crop__red_removed_leaves_the_red_channel),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
