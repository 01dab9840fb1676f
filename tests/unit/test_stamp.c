/* Stamps: which inks stand out on a picture, and a look without them. */
#include "page/stamp.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { SIDE = 120 };
static const uint8_t PAPER[3] = {246, 244, 238};

static void fill(bf_picture *p, bf_rect r, const uint8_t rgb[3])
{
    for (int y = r.y; y < r.y + r.h; y++)
        for (int x = r.x; x < r.x + r.w; x++)
            memcpy(p->data + 3 * ((gsize)y * (gsize)p->width_px + (gsize)x), rgb, 3);
}

/* Paper with a stamp of one colour at the left, and a black bar that goes below it. */
static bf_picture *stamped(const uint8_t ink[3])
{
    bf_picture *p = NULL;
    assert_true(bf_picture_new(SIDE, SIDE, 3, &p, NULL));
    fill(p, (bf_rect){0, 0, SIDE, SIDE}, PAPER);
    fill(p, (bf_rect){0, 0, 40, 40}, ink);
    const uint8_t black[3] = {(uint8_t)(ink[0] * 25 / 255), (uint8_t)(ink[1] * 25 / 255), (uint8_t)(ink[2] * 25 / 255)},
                  bar[3] = {25, 25, 25};
    fill(p, (bf_rect){10, 20, 30, 6}, black);
    fill(p, (bf_rect){40, 20, 30, 6}, bar);
    return p;
}

static const struct {
    const char *what;
    uint8_t rgb[3];
    float hue_deg;
} INKS[] = {
    {"red", {220, 50, 45}, 0},       {"red on gray paper", {170, 40, 50}, 355}, {"blue", {45, 75, 220}, 230},
    {"purple", {140, 45, 190}, 280}, {"violet, dark", {95, 40, 150}, 270},      {"green", {40, 150, 80}, 140},
};

static void test_bf_stamp_inks__finds_the_hue(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(INKS); i++) {
        g_autoptr(bf_picture) p = stamped(INKS[i].rgb);
        bf_stamp_ink inks[BF_STAMP_INKS_MAX];
        if (bf_stamp_inks(p, inks) != 1)
            fail_msg("%s: not one ink", INKS[i].what);
        float apart = ABS(inks[0].hue_deg - INKS[i].hue_deg);
        if (MIN(apart, 360 - apart) > 12)
            fail_msg("%s: hue %.0f", INKS[i].what, (double)inks[0].hue_deg);
        assert_true(bf_stamp_share(p, &inks[0], (bf_rect){0, 0, 40, 18}) > 0.99F);
        assert_true(bf_stamp_share(p, &inks[0], (bf_rect){60, 60, 40, 40}) == 0);
        assert_true(bf_stamp_share(p, &inks[0], (bf_rect){SIDE, 0, 40, 40}) == 0);
    }
}

static void test_bf_stamp_removed__ink_becomes_paper_and_black_stays(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(INKS); i++) {
        g_autoptr(bf_picture) p = stamped(INKS[i].rgb), out = NULL;
        bf_stamp_ink inks[BF_STAMP_INKS_MAX];
        assert_true(bf_stamp_inks(p, inks) == 1 && bf_stamp_removed(p, &inks[0], &out, NULL));
        assert_int_equal(out->channels, 1);
        int ink = out->data[5 * SIDE + 5], paper = out->data[100 * SIDE + 100], under = out->data[22 * SIDE + 20],
            bar = out->data[22 * SIDE + 60];
        if (ink < paper * 2 / 3 || under > 60 || bar > 60 || paper < 220)
            fail_msg("%s: ink %d, paper %d, print below it %d, beside it %d", INKS[i].what, ink, paper, under, bar);
    }
}

static void test_bf_stamp_rows__those_of_the_ink(void **state)
{
    (void)state;
    g_autoptr(bf_picture) p = stamped(INKS[0].rgb), gray = NULL;
    bf_stamp_ink inks[BF_STAMP_INKS_MAX];
    assert_int_equal(bf_stamp_inks(p, inks), 1);
    fill(p, (bf_rect){80, 90, 2, 2}, INKS[0].rgb); /* specks do not count */
    bf_rect rows = bf_stamp_rows(p, &inks[0]);
    assert_int_equal(rows.w, SIDE);
    assert_int_equal(rows.y, 0);
    assert_in_range(rows.h, 40, 45);
    fill(p, (bf_rect){80, 90, 12, 12}, INKS[0].rgb);
    rows = bf_stamp_rows(p, &inks[0]);
    assert_int_equal(rows.y, 0);
    assert_in_range(rows.h, 99, 105);
    assert_true(bf_picture_new(SIDE, SIDE, 1, &gray, NULL));
    assert_int_equal(bf_stamp_rows(gray, &inks[0]).h, SIDE); /* no colours: nothing is left out */
}

static void test_bf_stamp_inks__two_stamps(void **state)
{
    (void)state;
    g_autoptr(bf_picture) p = stamped(INKS[0].rgb);
    fill(p, (bf_rect){80, 80, 30, 30}, INKS[2].rgb);
    bf_stamp_ink inks[BF_STAMP_INKS_MAX];
    assert_int_equal(bf_stamp_inks(p, inks), 2);
    assert_true(inks[0].hue_deg < 10 && inks[1].hue_deg > 215 && inks[1].hue_deg < 245); /* the larger one first */
}

static void test_bf_stamp_inks__none(void **state)
{
    static const uint8_t wood[3] = {141, 115, 100}, specks[3] = {220, 50, 45};
    (void)state;
    bf_stamp_ink inks[BF_STAMP_INKS_MAX];
    g_autoptr(bf_picture) gray = NULL, p = NULL;
    assert_true(bf_picture_new(SIDE, SIDE, 1, &gray, NULL) && bf_picture_new(SIDE, SIDE, 3, &p, NULL));
    memset(gray->data, 200, SIDE * SIDE);
    assert_int_equal(bf_stamp_inks(gray, inks), 0);
    fill(p, (bf_rect){0, 0, SIDE, SIDE}, PAPER);
    fill(p, (bf_rect){0, 0, SIDE, 30}, wood);
    assert_int_equal(bf_stamp_inks(p, inks), 0);
    fill(p, (bf_rect){60, 60, 1, 1}, specks);
    assert_int_equal(bf_stamp_inks(p, inks), 1); /* 120 x 120: one of 1600 pixels looked at is more than three in ten thousand */
}

/* ---- without colour ---- */

static void fill_gray(bf_picture *p, bf_rect r, uint8_t v)
{
    for (int y = r.y; y < r.y + r.h; y++)
        memset(p->data + (gsize)y * (gsize)p->width_px + (gsize)r.x, v, (gsize)r.w);
}

/* Two stamps, one of them darker, and strokes of print, of which one goes below the darker stamp. */
static bf_picture *gray_page(uint8_t dark_stamp, uint8_t light_stamp)
{
    bf_picture *p = NULL;
    assert_true(bf_picture_new(SIDE, SIDE, 1, &p, NULL));
    fill_gray(p, (bf_rect){0, 0, SIDE, SIDE}, 245);
    fill_gray(p, (bf_rect){10, 10, 24, 18}, dark_stamp);
    fill_gray(p, (bf_rect){10, 50, 24, 14}, light_stamp);
    fill_gray(p, (bf_rect){15, 20, 60, 3}, 25);
    fill_gray(p, (bf_rect){15, 90, 60, 3}, 30);
    return p;
}

static uint8_t at(const bf_picture *p, int x, int y)
{
    return p->data[(gsize)y * (gsize)p->width_px + (gsize)x];
}

static void test_bf_gray_stamp_ink__lighter_than_print(void **state)
{
    (void)state;
    g_autoptr(bf_picture) p = gray_page(85, 120), seen = NULL;
    bf_stamp_ink ink;
    assert_true(bf_gray_stamp_ink(p, &ink));
    assert_true(bf_stamp_share(p, &ink, (bf_rect){14, 13, 16, 4}) > 0.9F && bf_stamp_share(p, &ink, (bf_rect){14, 54, 16, 6}) > 0.9F);
    assert_true(bf_stamp_share(p, &ink, (bf_rect){0, 80, SIDE, 30}) == 0); /* print alone */
    bf_rect rows = bf_stamp_rows(p, &ink);
    assert_true(rows.y <= 15 && rows.y + rows.h >= 60 && rows.y + rows.h < 90);
    assert_true(bf_stamp_removed(p, &ink, &seen, NULL));
    assert_true(at(seen, 28, 13) > 235 && at(seen, 28, 58) > 235 && at(seen, 100, 100) > 235);
    assert_true(at(seen, 28, 21) < 60 && at(seen, 60, 21) < 60 && at(seen, 30, 91) < 60); /* below the stamp, beside it, elsewhere */
}

static void test_bf_gray_stamp_ink__none(void **state)
{
    (void)state;
    bf_stamp_ink ink;
    g_autoptr(bf_picture) black = gray_page(30, 25), paper = gray_page(230, 240), p = stamped((const uint8_t[3]){220, 50, 45});
    assert_false(bf_gray_stamp_ink(black, &ink)); /* black and white: what is as dark as print cannot be told from it */
    assert_false(bf_gray_stamp_ink(paper, &ink));
    assert_false(bf_gray_stamp_ink(p, &ink));
    g_autoptr(bf_picture) photo = gray_page(85, 120);
    fill_gray(photo, (bf_rect){60, 50, 50, 60}, 100);
    assert_false(bf_gray_stamp_ink(photo, &ink)); /* no stamp has so much */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bf_stamp_inks__finds_the_hue),
        cmocka_unit_test(test_bf_stamp_removed__ink_becomes_paper_and_black_stays),
        cmocka_unit_test(test_bf_stamp_rows__those_of_the_ink),
        cmocka_unit_test(test_bf_stamp_inks__two_stamps),
        cmocka_unit_test(test_bf_stamp_inks__none),
        cmocka_unit_test(test_bf_gray_stamp_ink__lighter_than_print),
        cmocka_unit_test(test_bf_gray_stamp_ink__none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
