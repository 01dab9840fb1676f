/* Doubts in the legends of official seals go; those on print under a seal, or in a seal that may be a person's, stay. */
#include "blindfold/memory.h"
#include "page/official_seal.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { WIDTH = 700, HEIGHT = 900, X = 340, Y = 420, RADIUS = 120, LETTER = 30 };

static void fill(bf_picture *p, bf_rect r, const uint8_t rgb[3])
{
    for (int y = r.y; y < r.y + r.h; y++)
        for (int x = r.x; x < r.x + r.w; x++)
            memcpy(p->data + ((gsize)y * WIDTH + (gsize)x) * 3, rgb, 3);
}

/* A letter of this colour: a frame with a bar. */
static void draw_letter(bf_picture *p, int x, int y, const uint8_t rgb[3])
{
    fill(p, (bf_rect){x, y, LETTER, 4}, rgb);
    fill(p, (bf_rect){x, y + LETTER - 4, LETTER, 4}, rgb);
    fill(p, (bf_rect){x, y, 4, LETTER}, rgb);
    fill(p, (bf_rect){x + LETTER - 4, y, 4, LETTER}, rgb);
    fill(p, (bf_rect){x, y + LETTER / 2 - 2, LETTER, 4}, rgb);
}

static const uint8_t RED[3] = {215, 40, 50}, BLACK[3] = {20, 20, 20};

static void draw_seal(bf_picture *p, bool star)
{
    for (int y = Y - RADIUS; y <= Y + RADIUS; y++)
        for (int x = X - RADIUS; x <= X + RADIUS; x++) {
            float r = hypotf((float)(x - X), (float)(y - Y)) / RADIUS;
            if ((r > 0.94F && r <= 1) || (star && r < 0.28F))
                fill(p, (bf_rect){x, y, 1, 1}, RED);
        }
}

/* One pixel in forty is dark. */
static void draw_grain(bf_picture *p)
{
    guint32 random = 1;
    for (gsize i = 0; i < (gsize)WIDTH * HEIGHT; i++) {
        random = random * 1664525 + 1013904223;
        if (random >> 16 < 65536 / 40)
            memset(p->data + 3 * i, 150, 3);
    }
}

static const struct {
    const char *what;
    bool star, print, read, sure, high, unread, grain, legend;
} CASES[] = {
    {.what = "the legend", .star = true, .legend = true},
    {.what = "a name seal", .star = false, .legend = false},
    {.what = "print under the seal", .star = true, .print = true, .legend = false},
    {.what = "print under the seal that was read", .star = true, .print = true, .read = true, .legend = true},
    {.what = "the first look was sure", .star = true, .sure = true, .legend = true},
    {.what = "the first look was sure of more than letters", .star = true, .sure = true, .high = true, .legend = false},
    {.what = "the first look read none of it", .star = true, .sure = true, .high = true, .unread = true, .legend = true},
    {.what = "the legend in grain", .star = true, .grain = true, .legend = true},
    {.what = "print under the seal in grain", .star = true, .print = true, .grain = true, .legend = false},
};

static bf_quad quad_of(bf_rect r)
{
    float x = (float)r.x, y = (float)r.y, w = (float)r.w, h = (float)r.h;
    return (bf_quad){{x, x + w, x + w, x}, {y, y, y + h, y + h}};
}

static void test_bf_tell_seal_legends__cases(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(bf_picture) page = NULL;
        assert_true(bf_picture_new(WIDTH, HEIGHT, 3, &page, NULL));
        memset(page->data, 250, (gsize)WIDTH * HEIGHT * 3);
        draw_seal(page, CASES[i].star);
        draw_letter(page, X - LETTER - 4, Y - 104, RED);
        draw_letter(page, X + 4, Y - 104, RED);
        if (CASES[i].print)
            draw_letter(page, X - LETTER / 2, Y - 62, BLACK);
        if (CASES[i].grain)
            draw_grain(page);
        bf_reading r;
        bf_reading_init(&r);
        bf_rect place = {X - 50, Y - 104, 100, CASES[i].high ? 104 : 84};
        bf_line lines[] = {{.quad = quad_of(place), .confidence = 0.5F, .n_chars = 2},
                           {.quad = quad_of((bf_rect){X - 40, Y - 64, 80, LETTER + 4}), .confidence = 0.97F, .n_chars = 4}};
        g_array_append_vals(r.lines, lines, CASES[i].read ? 2 : 1);
        bf_hit doubt = {.quad = quad_of(place), .next_line = -1, .sure = CASES[i].sure, .right_x = 40};
        doubt.best_score = CASES[i].unread ? -3 : 0;
        if (CASES[i].sure && !CASES[i].high)
            doubt.quad = quad_of((bf_rect){X - 50, Y - 110, 100, 42});
        g_array_append_val(r.doubts, doubt);
        assert_true(bf_tell_seal_legends(page, &r, r.doubts, r.others, NULL));
        if (r.doubts->len != (CASES[i].legend ? 0 : 1) || r.others->len != (CASES[i].legend && CASES[i].sure ? 1 : 0))
            fail_msg("%s: %u doubts, %u others", CASES[i].what, r.doubts->len, r.others->len);
        bf_reading_clear(&r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_bf_tell_seal_legends__cases)};
    bf_memory_prepare();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
