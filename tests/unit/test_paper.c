/* The sheet on a photo: found where it lies, not found where there is none; and perspective there and back. */
#include "blindfold/jpeg.h"
#include "page/ink.h"
#include "page/paper.h"
#include "pagemaker.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { WIDTH = 1200, HEIGHT = 1600 };

static void paint(bf_picture *p, const bf_quad *q, const uint8_t rgb[3])
{
    for (int y = 0; y < p->height_px; y++)
        for (int x = 0; x < p->width_px; x++)
            if (bf_quad_holds(q, (float)x + 0.5F, (float)y + 0.5F))
                memcpy(p->data + 3 * ((gsize)y * (gsize)p->width_px + (gsize)x), rgb, 3);
}

/* A sheet with dark lines of "print" on it, on a table. */
static bf_picture *photo(const bf_quad *sheet, const uint8_t paper[3], const uint8_t table[3])
{
    static const uint8_t ink[3] = {30, 30, 30};
    static const bf_quad all = {{0, WIDTH, WIDTH, 0}, {0, 0, HEIGHT, HEIGHT}}, unit = {{0, 1, 1, 0}, {0, 0, 1, 1}};
    bf_picture *p = NULL;
    bf_homography h;
    assert_true(bf_picture_new(WIDTH, HEIGHT, 3, &p, NULL));
    paint(p, &all, table);
    paint(p, sheet, paper);
    assert_true(bf_homography_between(&unit, sheet, &h));
    for (int i = 0; i < 12; i++) {
        float y = 0.1F + (float)i * 0.065F;
        const bf_quad line = {{0.1F, 0.9F, 0.9F, 0.1F}, {y, y, y + 0.012F, y + 0.012F}};
        bf_quad seen = bf_homography_quad(&h, &line);
        paint(p, &seen, ink);
    }
    return p;
}

static const struct {
    const char *what;
    bf_quad sheet;
    uint8_t paper[3], table[3];
    bool found;
} CASES[] = {
    {"straight on wood", {{200, 1000, 1000, 200}, {200, 200, 1400, 1400}}, {240, 238, 232}, {141, 115, 85}, true},
    {"tilted", {{300, 1050, 900, 150}, {150, 300, 1450, 1300}}, {235, 235, 230}, {74, 77, 82}, true},
    {"from the side", {{350, 850, 1100, 100}, {250, 250, 1400, 1400}}, {225, 222, 215}, {107, 74, 47}, true},
    {"small", {{400, 850, 830, 420}, {500, 520, 1100, 1090}}, {245, 245, 245}, {60, 50, 45}, true},
    {"in dim yellow light", {{200, 1000, 1000, 200}, {200, 240, 1400, 1350}}, {190, 180, 160}, {100, 70, 40}, true},
    {"a scan", {{0, WIDTH, WIDTH, 0}, {0, 0, HEIGHT, HEIGHT}}, {250, 250, 250}, {250, 250, 250}, false},
    {"a table as bright as paper", {{200, 1000, 1000, 200}, {200, 200, 1400, 1400}}, {238, 238, 238}, {228, 228, 226}, false},
    {"too small", {{500, 700, 700, 500}, {600, 600, 800, 800}}, {245, 245, 245}, {60, 50, 45}, false},
    {"a triangle", {{300, 1000, 1000, 999}, {200, 1400, 1401, 1402}}, {245, 245, 245}, {60, 50, 45}, false},
};

static void test_bf_find_paper__cases(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(bf_picture) p = photo(&CASES[i].sheet, CASES[i].paper, CASES[i].table);
        bf_quad paper;
        if (bf_find_paper(p, &paper, NULL) != CASES[i].found)
            fail_msg("%s: %s", CASES[i].what, CASES[i].found ? "not found" : "found");
        for (int k = 0; CASES[i].found && k < 4; k++)
            if (hypotf(paper.x[k] - CASES[i].sheet.x[k], paper.y[k] - CASES[i].sheet.y[k]) > 20)
                fail_msg("%s: corner %d at %.0f,%.0f", CASES[i].what, k, (double)paper.x[k], (double)paper.y[k]);
    }
}

static void test_bf_homography__there_and_back(void **state)
{
    (void)state;
    const bf_quad flat = {{0, 800, 800, 0}, {0, 0, 1100, 1100}};
    bf_homography there, back;
    for (gsize i = 0; i < 5; i++) {
        assert_true(bf_homography_between(&flat, &CASES[i].sheet, &there) && bf_homography_between(&CASES[i].sheet, &flat, &back));
        for (int k = 0; k < 4; k++) {
            float x, y;
            bf_homography_point(&there, flat.x[k], flat.y[k], &x, &y);
            assert_float_equal(x, CASES[i].sheet.x[k], 0.01);
            assert_float_equal(y, CASES[i].sheet.y[k], 0.01);
        }
        float x, y;
        bf_homography_point(&there, 123, 456, &x, &y);
        bf_homography_point(&back, x, y, &x, &y);
        assert_float_equal(x, 123, 0.05);
        assert_float_equal(y, 456, 0.05);
    }
    const bf_quad line = {{0, 1, 2, 3}, {0, 1, 2, 3}};
    assert_false(bf_homography_between(&line, &flat, &there));
}

/* What stood askew on the table stands level, and paper is paper in light and in shadow. */
static void test_bf_flatten_paper__level_and_even(void **state)
{
    (void)state;
    g_autoptr(bf_picture) p = photo(&CASES[2].sheet, CASES[2].paper, CASES[2].table), flat = NULL;
    for (int y = 0; y < HEIGHT; y++) /* a shadow that deepens over the lower half */
        for (int x = 0; x < 3 * WIDTH; x++) {
            uint8_t *at = &p->data[(gsize)y * 3 * WIDTH + (gsize)x];
            *at = (uint8_t)(*at * (100 - CLAMP((y - 700) / 8, 0, 45)) / 100);
        }
    bf_homography to_picture;
    assert_true(bf_flatten_paper(p, &CASES[2].sheet, &flat, &to_picture, NULL));
    assert_int_equal(flat->channels, 1);
    for (int i = 0; i < 12; i++) {
        float y = (0.1F + (float)i * 0.065F + 0.006F) * (float)flat->height_px;
        for (int k = 0; k < 3; k++) {
            int x = flat->width_px * (2 + 3 * k) / 10;
            assert_true(flat->data[(gsize)y * (gsize)flat->width_px + (gsize)x] < 90);
            int above = (int)(y - 0.03F * (float)flat->height_px);
            assert_in_range(flat->data[(gsize)above * (gsize)flat->width_px + (gsize)x], 200, 255);
        }
    }
}

/* The page maker's photos: from the side, far away, and no photos at all. */
static void test_bf_find_paper__drawn_pages(void **state)
{
    (void)state;
    static const pm_capture photos[] = {PM_CAPTURE_STEEP, PM_CAPTURE_FAR, PM_CAPTURE_PHOTO}, scans[] = {PM_CAPTURE_CLEAN, PM_CAPTURE_SCAN};
    g_autoptr(pm_person) person = pm_person_random(4);
    for (guint i = 0; i < G_N_ELEMENTS(photos) + G_N_ELEMENTS(scans); i++) {
        bool is_photo = i < G_N_ELEMENTS(photos);
        const pm_page_spec spec = {is_photo ? PM_KIND_TITLE : PM_KIND_SUMMARY,
                                   is_photo ? photos[i] : scans[i - G_N_ELEMENTS(photos)],
                                   7 + i,
                                   person,
                                   0,
                                   0,
                                   0,
                                   {.shrink = 1}};
        g_autoptr(pm_page) page = NULL;
        g_autoptr(bf_picture) picture = NULL;
        bf_quad paper;
        assert_true(pm_page_draw(&spec, &page, NULL) && bf_jpeg_decode(page->jpeg, 0, 0, &picture, NULL, NULL));
        bool found = bf_find_paper(picture, &paper, NULL);
        if (found != is_photo)
            fail_msg("%s: %s", pm_capture_word(spec.capture), found ? "found" : "not found");
        for (guint k = 0; found && k < page->occurrences->len; k++) {
            const pm_occurrence *o = g_ptr_array_index(page->occurrences, k);
            const pm_quad *q = &g_array_index(o->glyphs, pm_quad, 0);
            assert_true(bf_quad_holds(&paper, q->x[0], q->y[0]));
        }
    }
}

/* Pieces like characters beside the sheet, within its edge's strip or further out, or on it. */
static void test_bf_holds_unread_ink__the_edge_of_a_sheet(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        int y; /* of the pieces */
        bool read_outside, held;
    } cases[] = {
        {"at the edge", 184, false, false},
        {"on the table", 120, false, true},
        {"on the sheet", 214, false, true},
        {"at the edge of what is not all that was read", 184, true, true},
    };
    static const bf_quad sheet = {{200, 1000, 1000, 200}, {200, 200, 1400, 1400}};
    static const uint8_t paper[3] = {240, 238, 232}, table[3] = {141, 115, 85}, dark[3] = {30, 30, 30};
    /* Wood so light that it is no ink beside paper, but for its grain. */
    static const uint8_t light[3] = {210, 185, 145};
    static const bf_quad beside = {{200, 1000, 1000, 200}, {110, 110, 200, 200}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(bf_picture) p = photo(&sheet, paper, table);
        g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(bf_line));
        paint(p, &beside, light);
        bf_line print = {.quad = {{240, 960, 960, 240}, {310, 310, 350, 350}}, .n_chars = 30, .confidence = 0.99F};
        bf_line outside = {.quad = {{20, 180, 180, 20}, {600, 600, 640, 640}}, .n_chars = 5, .confidence = 0.99F};
        g_array_append_val(lines, print);
        if (cases[i].read_outside)
            g_array_append_val(lines, outside);
        for (int k = 0; k < 12; k++) {
            float x = 300 + 24 * (float)k, y = (float)cases[i].y;
            const bf_quad piece = {{x, x + 14, x + 14, x}, {y, y, y + 13, y + 13}};
            const bf_quad hole = {{x + 4, x + 10, x + 10, x + 4}, {y + 4, y + 4, y + 9, y + 9}};
            paint(p, &piece, dark);
            paint(p, &hole, cases[i].y > 200 ? paper : light);
        }
        bf_quad found;
        assert_true(bf_find_paper(p, &found, NULL));
        if (bf_holds_unread_ink(p, lines) != cases[i].held)
            fail_msg("%s: %u pieces, %u without the edge", cases[i].what, bf_unread_ink(p, lines),
                     bf_unread_ink_on_sheet(p, lines, &found));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bf_find_paper__cases),
        cmocka_unit_test(test_bf_homography__there_and_back),
        cmocka_unit_test(test_bf_flatten_paper__level_and_even),
        cmocka_unit_test(test_bf_find_paper__drawn_pages),
        cmocka_unit_test(test_bf_holds_unread_ink__the_edge_of_a_sheet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
