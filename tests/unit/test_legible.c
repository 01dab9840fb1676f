/* Pages on which no text was found, and pages that were read but are bleached. */
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bf_legibility_judge__without_text),
        cmocka_unit_test(test_bf_legibility_judge__bleached),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
