/* Names over the end of a line: the next line is where they go on, not one beyond it. */
#include "page/reading.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { H = 40 };

static bf_quad quad_of(float x, float y, float w, float slope)
{
    return (bf_quad){{x, x + w, x + w, x}, {y - H / 2, y - H / 2 + slope * w, y + H / 2 + slope * w, y + H / 2}};
}

static bf_hit part_of(float x, float y, guint line, gint next_line)
{
    return (bf_hit){.quad = quad_of(x - H / 2, y, H, 0),
                    .score = -3,
                    .line = line,
                    .next_line = next_line,
                    .n_centres = 1,
                    .centre_x = {x},
                    .centre_y = {y}};
}

static void test_bf_leaps_over_a_line__cases(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        float y; /* of the second part; the first one at (300, 100) */
        bf_line between;
        bool leaps;
    } cases[] = {
        {"a row of a table", 200, {.confidence = 0.97F, .n_chars = 4}, true},
        {"read weakly", 200, {.confidence = 0.6F, .n_chars = 4}, false},
        {"cells on either side of the name's own", 200, {.confidence = 0.97F, .n_chars = 4, .gap_from = 0.02F, .gap_to = 0.9F}, false},
        {"put together from others", 200, {.confidence = 0.97F, .n_chars = 4, .composed = true}, false},
        {"the very next line, and ink across both", 150, {.confidence = 0.97F, .n_chars = 4}, false},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        for (int aside = 0; aside < 3; aside++) { /* 1: it ends before it comes to the second part; 2: it slopes */
            g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(bf_line)), found = g_array_new(FALSE, FALSE, sizeof(bf_hit));
            bf_hit parts[] = {part_of(300, 100, 0, 1), part_of(80, cases[i].y, 1, 0)};
            bf_line line = cases[i].between;
            float slope = aside == 2 ? -0.05F : 0;
            line.quad = quad_of(aside == 1 ? 150 : 60, (100 + cases[i].y) / 2 - 130 * slope, 300, slope);
            g_array_append_vals(found, parts, 2);
            g_array_append_val(lines, line);
            for (guint k = 0; k < 2; k++)
                if (bf_leaps_over_a_line(found, k, lines) != (cases[i].leaps && aside != 1))
                    fail_msg("%s, %d: part %u", cases[i].what, aside, k);
            g_array_set_size(found, 1);
            assert_false(bf_leaps_over_a_line(found, 0, lines));
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_bf_leaps_over_a_line__cases)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
