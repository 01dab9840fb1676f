/* Pages on which no text was found, and pages that were read but are bleached or dark. */
#include "blindfold/jpeg.h"
#include "page/empty.h"
#include "page/legible.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { WIDTH = 640, HEIGHT = 900 };

static int blank(int x, int y)
{
    (void)x;
    (void)y;
    return 245;
}

/* Rows of print so blurred that nothing finds them, and the scanner's lid along one side. */
static int blurred(int x, int y)
{
    bool row = y > 60 && y < HEIGHT - 60 && x > 60 && x < WIDTH - 60;
    return x < 8 ? 30 : row ? 225 - (int)(25 * sin(y / 4.0)) : 245;
}

/* Head and shoulders before a white wall. */
static int portrait(int x, int y)
{
    bool head = hypot(x - WIDTH / 2.0, (y - 360) * 0.8)<150, body = y> 500 + abs(x - WIDTH / 2) / 2;
    return head ? 150 + x / 16 : body ? 60 + y / 32 : 250;
}

static const struct {
    const char *what;
    int (*tone)(int x, int y);
    bf_legibility_verdict verdict;
} WITHOUT_TEXT[] = {
    {"blank", blank, BF_LEGIBILITY_MARGINAL},
    {"blurred", blurred, BF_LEGIBILITY_ILLEGIBLE},
    {"portrait", portrait, BF_LEGIBILITY_LEGIBLE},
};

static bf_picture *draw(int (*tone)(int x, int y))
{
    bf_picture *p = NULL;
    assert_true(bf_picture_new(WIDTH, HEIGHT, 1, &p, NULL));
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++)
            p->data[y * WIDTH + x] = (uint8_t)tone(x, y);
    return p;
}

/* A hollow box of print. */
static void box(bf_picture *p, int x0, int y0, int side, uint8_t depth)
{
    for (int y = y0; y < y0 + side; y++)
        for (int x = x0; x < x0 + side; x++)
            if (MIN(MIN(x - x0, x0 + side - 1 - x), MIN(y - y0, y0 + side - 1 - y)) < 5)
                p->data[y * WIDTH + x] = (uint8_t)(p->data[y * WIDTH + x] - depth);
}

static bf_legibility_verdict judge(const bf_picture *p, const GArray *lines)
{
    const bf_jpeg_info info = {.width_px = WIDTH, .height_px = HEIGHT};
    bf_legibility judged;
    bf_legibility_judge(p, lines, &info, false, &judged);
    bf_legibility_verdict verdict = judged.verdict;
    bf_legibility_clear(&judged);
    return verdict;
}

static void test_bf_legibility_judge__without_text(void **state)
{
    (void)state;
    g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(bf_line));
    for (gsize i = 0; i < G_N_ELEMENTS(WITHOUT_TEXT); i++) {
        g_autoptr(bf_picture) p = draw(WITHOUT_TEXT[i].tone);
        bf_legibility_verdict verdict = judge(p, lines);
        if (verdict != WITHOUT_TEXT[i].verdict)
            fail_msg("%s: verdict %d", WITHOUT_TEXT[i].what, (int)verdict);
    }
}

/* What is read well is legible, unless white has swallowed what was paler. */
static void test_bf_legibility_judge__bleached(void **state)
{
    (void)state;
    for (int pale = 0; pale < 2; pale++) {
        g_autoptr(bf_picture) p = draw(blank);
        g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(bf_line));
        memset(p->data, 255, (gsize)WIDTH * HEIGHT);
        for (int row = 0; row < 10; row++) {
            float t = 100 + 60.0F * (float)row, l = 50, r = 590, b = t + 40;
            bf_line line = {.quad = {{l, r, r, l}, {t, t, b, b}}, .confidence = 0.98F, .weakest = 0.9F, .det_score = 0.95F, .n_chars = 20};
            g_array_append_val(lines, line);
            for (int y = (int)t + 8; y < (int)b - 8; y++)
                for (int x = 60; x < 580; x++)
                    if (x % 27 < 22 && ((x / 3) % 3 == 0 || (y / 3) % 4 == 0))
                        p->data[y * WIDTH + x] = pale ? 222 : 20;
        }
        assert_int_equal(judge(p, lines), pale ? BF_LEGIBILITY_MARGINAL : BF_LEGIBILITY_LEGIBLE);
    }
}

/* A page in the dark, all its lines read: a few levels between print and paper, less than grain allows single pixels to tell. `extra`: what
 * stands beside the lines. */
static bf_legibility_verdict judge_dark(void (*extra)(bf_picture *p))
{
    g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(bf_line));
    g_autoptr(bf_picture) p = NULL;
    guint32 state = 1;
    assert_true(bf_picture_new(WIDTH, HEIGHT, 1, &p, NULL));
    memset(p->data, 26, (gsize)WIDTH * HEIGHT);
    for (int row = 0; row < 12; row++) {
        float top = 46 + 60 * (float)row;
        bf_line line = {.quad = {{40, 420, 420, 40}, {top, top, top + 36, top + 36}}, .n_chars = 12, .confidence = 0.99F};
        g_array_append_val(lines, line);
        for (int i = 0; i < 12; i++)
            box(p, 44 + i * 30, 52 + row * 60, 24, 12);
    }
    if (extra)
        extra(p);
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
        state = state * 1664525U + 1013904223U;
        p->data[i] = (uint8_t)(p->data[i] + (state >> 24) % 3);
    }
    return judge(p, lines);
}

/* Something large and deeper than print, as a seal or a portrait is. */
static void add_patch(bf_picture *p)
{
    for (int y = 560; y < 760; y++)
        for (int x = 450; x < 600; x++)
            p->data[y * WIDTH + x] = hypot(x - 525, y - 660) < 70 ? 4 : 26;
}

static void add_lost_line(bf_picture *p)
{
    for (int i = 0; i < 6; i++)
        box(p, 440 + i * 30, 600, 24, 12);
}

static void test_bf_legibility_judge__dark(void **state)
{
    (void)state;
    assert_int_equal(judge_dark(NULL), BF_LEGIBILITY_MARGINAL);
    assert_int_equal(judge_dark(add_patch), BF_LEGIBILITY_MARGINAL);
    assert_int_equal(judge_dark(add_lost_line), BF_LEGIBILITY_ILLEGIBLE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bf_legibility_judge__without_text),
        cmocka_unit_test(test_bf_legibility_judge__bleached),
        cmocka_unit_test(test_bf_legibility_judge__dark),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
