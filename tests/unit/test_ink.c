/* Simple questions about pixels, and ink that no line accounts for. */
#include "page/ink.h"
#include "pagemaker.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static bf_picture *plain(int width, int height, int channels, uint8_t value)
{
    bf_picture *p = NULL;
    assert_true(bf_picture_new(width, height, channels, &p, NULL));
    memset(p->data, value, (gsize)width * (gsize)height * (gsize)channels);
    return p;
}

static void fill(bf_picture *p, bf_rect r, uint8_t red, uint8_t green, uint8_t blue)
{
    const uint8_t rgb[3] = {red, green, blue};
    for (int y = r.y; y < r.y + r.h; y++)
        for (int x = r.x; x < r.x + r.w; x++)
            memcpy(p->data + ((gsize)y * (gsize)p->width_px + (gsize)x) * (gsize)p->channels, rgb, (gsize)p->channels);
}

static void test_bf_luma__weights(void **state)
{
    (void)state;
    g_autoptr(bf_picture) p = plain(4, 1, 3, 0), gray = plain(2, 2, 1, 77);
    fill(p, (bf_rect){0, 0, 1, 1}, 255, 255, 255);
    fill(p, (bf_rect){1, 0, 1, 1}, 255, 0, 0);
    fill(p, (bf_rect){2, 0, 1, 1}, 0, 255, 0);
    assert_in_range(bf_luma(p, 0, 0), 254, 255);
    assert_in_range(bf_luma(p, 1, 0), 74, 78);
    assert_in_range(bf_luma(p, 2, 0), 147, 151);
    assert_int_equal(bf_luma(p, 3, 0), 0);
    assert_int_equal(bf_luma(gray, 1, 1), 77);
}

static void test_bf_red_share__counts_saturated_red(void **state)
{
    (void)state;
    g_autoptr(bf_picture) p = plain(100, 100, 3, 240), gray = plain(100, 100, 1, 120);
    fill(p, (bf_rect){0, 0, 50, 50}, 220, 40, 40);
    fill(p, (bf_rect){50, 0, 50, 50}, 40, 40, 220);
    assert_float_equal(bf_red_share(p, (bf_rect){0, 0, 100, 100}), 0.25, 0.001);
    assert_float_equal(bf_red_share(p, (bf_rect){0, 0, 50, 50}), 1, 0.001);
    assert_float_equal(bf_red_share(p, (bf_rect){50, 0, 50, 100}), 0, 0.001);
    assert_float_equal(bf_red_share(p, (bf_rect){-50, -50, 100, 100}), 1, 0.001);
    assert_float_equal(bf_red_share(p, (bf_rect){500, 0, 10, 10}), 0, 0.001);
    assert_float_equal(bf_red_share(gray, (bf_rect){0, 0, 100, 100}), 0, 0.001);
    g_autoptr(bf_picture) large = plain(1200, 900, 3, 240); /* seen at every third pixel */
    fill(large, (bf_rect){0, 0, 600, 900}, 220, 40, 40);
    assert_float_equal(bf_red_share(large, (bf_rect){0, 0, 1200, 900}), 0.5, 0.01);
}

static void test_bf_is_blank__cases(void **state)
{
    (void)state;
    g_autoptr(bf_picture) p = plain(200, 100, 1, 245);
    for (int i = 0; i < 200 * 100; i++) /* paper is never quite even */
        p->data[i] = (uint8_t)(p->data[i] - i % 9);
    fill(p, (bf_rect){100, 40, 8, 8}, 30, 0, 0);
    fill(p, (bf_rect){0, 0, 20, 20}, 10, 0, 0);
    assert_true(bf_is_blank(p, (bf_rect){110, 0, 90, 100}));
    assert_true(bf_is_blank(p, (bf_rect){0, 0, 20, 20})); /* dark, but even */
    assert_false(bf_is_blank(p, (bf_rect){80, 20, 60, 60}));
    assert_false(bf_is_blank(p, (bf_rect){0, 0, 30, 30}));
    assert_true(bf_is_blank(p, (bf_rect){108, 40, 20, 8}));
    assert_false(bf_is_blank(p, (bf_rect){107, 40, 20, 8}));
    assert_false(bf_is_blank(p, (bf_rect){150, 50, 51, 10})); /* reaches beyond the picture */
    assert_false(bf_is_blank(p, (bf_rect){-1, 50, 10, 10}));
    assert_false(bf_is_blank(p, (bf_rect){150, 50, 0, 10}));
    assert_false(bf_is_blank(p, (bf_rect){500, 500, 10, 10}));
}

/* ---- unread ink ---- */

/* Rows of boxes like characters. */
static void draw_row(bf_picture *p, int x, int y, int n, int size, float slope)
{
    for (int i = 0; i < n; i++) {
        int left = x + i * size * 5 / 4, top = y + (int)((float)(left - x) * slope);
        fill(p, (bf_rect){left, top, size, size}, 20, 20, 20);
        fill(p, (bf_rect){left + size / 4, top + size / 4, size / 2, size / 2}, 240, 240, 240); /* print is never solid */
    }
}

static bf_line line_at(int x, int y, int w, int h, float slope)
{
    float l = (float)x, r = l + (float)w, t = (float)y, b = t + (float)h, rise = (float)w * slope;
    return (bf_line){.quad = {{l, r, r, l}, {t, t + rise, b + rise, b}}, .n_chars = 9, .confidence = 0.95F};
}

static void test_bf_unread_ink__counts_what_no_line_holds(void **state)
{
    (void)state;
    g_autoptr(bf_picture) p = plain(1000, 1200, 3, 240);
    g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(bf_line));
    draw_row(p, 100, 200, 12, 24, 0);
    draw_row(p, 100, 300, 12, 24, 0);
    assert_int_equal(bf_unread_ink(p, lines), 24);
    bf_line first = line_at(95, 195, 370, 34, 0), second = line_at(95, 295, 370, 34, 0);
    g_array_append_val(lines, first);
    assert_int_equal(bf_unread_ink(p, lines), 12);
    g_array_append_val(lines, second);
    assert_int_equal(bf_unread_ink(p, lines), 0);
}

static void test_bf_unread_ink__a_line_that_read_nothing_accounts_for_nothing(void **state)
{
    (void)state;
    g_autoptr(bf_picture) p = plain(1000, 1200, 3, 240);
    g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(bf_line));
    draw_row(p, 100, 200, 12, 24, 0);
    bf_line line = line_at(95, 195, 370, 34, 0);
    line.n_chars = 0;
    line.confidence = 0;
    g_array_append_val(lines, line);
    assert_int_equal(bf_unread_ink(p, lines), 12);
}

static void test_bf_unread_ink__a_tilted_line_does_not_hide_its_neighbour(void **state)
{
    (void)state;
    const float slope = 0.1F;
    g_autoptr(bf_picture) p = plain(1000, 1200, 3, 240);
    g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(bf_line));
    draw_row(p, 100, 200, 24, 24, slope);
    draw_row(p, 100, 250, 24, 24, slope);
    bf_line first = line_at(95, 195, 740, 34, slope);
    g_array_append_val(lines, first);
    assert_true(bf_unread_ink(p, lines) >= 20); /* the bounds of the first line hold most of the second */
    bf_line second = line_at(95, 245, 740, 34, slope);
    g_array_append_val(lines, second);
    assert_int_equal(bf_unread_ink(p, lines), 0);
}

static void test_bf_unread_ink__what_is_no_text(void **state)
{
    (void)state;
    g_autoptr(bf_picture) p = plain(1000, 1200, 3, 240);
    g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(bf_line));
    assert_int_equal(bf_unread_ink(p, lines), 0);
    fill(p, (bf_rect){100, 100, 800, 3}, 20, 20, 20);   /* a rule */
    fill(p, (bf_rect){100, 300, 300, 300}, 20, 20, 20); /* a dark area */
    draw_row(p, 100, 800, 2, 24, 0);                    /* two alone */
    for (int i = 0; i < 20; i++)                        /* specks */
        fill(p, (bf_rect){100 + i * 40, 1000, 2, 2}, 20, 20, 20);
    assert_int_equal(bf_unread_ink(p, lines), 0);
}

static void test_bf_unread_ink__small_text_on_a_very_long_picture(void **state)
{
    (void)state;
    g_autoptr(bf_picture) p = plain(800, 9000, 1, 240);
    g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(bf_line));
    draw_row(p, 100, 8000, 12, 24, 0);
    assert_int_equal(bf_unread_ink(p, lines), 12);
}

/* More specks than print ever has: what was not looked at to its end is not read. */
static void test_bf_unread_ink__too_much_to_count(void **state)
{
    (void)state;
    g_autoptr(bf_picture) p = plain(1200, 1200, 1, 240);
    g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(bf_line));
    for (int y = 0; y + 8 <= 1200; y += 8)
        for (int x = 0; x + 8 <= 1200; x += 8) {
            fill(p, (bf_rect){x, y, 6, 6}, 20, 20, 20);
            fill(p, (bf_rect){x + 2, y + 2, 2, 2}, 240, 240, 240);
        }
    assert_int_equal(bf_unread_ink(p, lines), G_MAXUINT);
}

/* Print in the dark that no single pixel tells from grain: rows of boxes a few levels below grainy paper. */
static bf_picture *dim_page(void)
{
    bf_picture *p = plain(1000, 1200, 1, 24);
    guint32 state = 1;
    for (int row = 0; row < 12; row++)
        for (int i = 0; i < 24; i++) {
            fill(p, (bf_rect){100 + i * 30, 100 + row * 80, 24, 24}, 16, 0, 0);
            fill(p, (bf_rect){106 + i * 30, 106 + row * 80, 12, 12}, 24, 0, 0);
        }
    for (int i = 0; i < 1000 * 1200; i++) {
        state = state * 1664525U + 1013904223U;
        p->data[i] = (uint8_t)(p->data[i] + (state >> 24) % 7);
    }
    return p;
}

static void test_bf_unread_dim_print__cases(void **state)
{
    (void)state;
    g_autoptr(bf_picture) p = dim_page(), busy = dim_page();
    g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(bf_line)), none = g_array_new(FALSE, FALSE, sizeof(bf_line));
    guint step = 0;
    for (int row = 0; row < 12; row++) {
        bf_line line = line_at(95, 95 + row * 80, 730, 34, 0);
        g_array_append_val(lines, line);
    }
    assert_true(bf_unread_dim_print(p, none) == G_MAXUINT); /* nothing was read: nobody knows how deep print is */
    assert_int_equal(bf_unread_dim_print(p, lines), 0);
    g_array_index(lines, bf_line, 5).n_chars = 0;
    assert_int_equal(bf_unread_faint_ink(p, none, &step, NULL), 0); /* the pixels one by one show nothing at all */
    assert_true(bf_unread_dim_print(p, lines) > 20);
    g_array_index(lines, bf_line, 5).n_chars = 9;
    fill(p, (bf_rect){860, 500, 24, 24}, 16, 0, 0); /* two characters alone, beyond a line's end */
    fill(p, (bf_rect){890, 500, 24, 24}, 17, 0, 0);
    assert_true(bf_unread_dim_print(p, lines) > 0);
    for (int y = 0; y < 1200; y += 24) /* ground as deep as print all over */
        for (int x = 830; x + 12 <= 1000; x += 24)
            fill(busy, (bf_rect){x, y, 12, 12}, 14, 0, 0);
    assert_true(bf_unread_dim_print(busy, lines) == G_MAXUINT);
}

/* A drawn page with the real reader: all lines read leave nothing; without one of them its characters are left. */
static void test_bf_unread_ink__a_drawn_page_with_a_line_left_out(void **state)
{
    (void)state;
    g_autoptr(pm_person) person = pm_person_random(5);
    g_autoptr(pm_page) page = NULL;
    g_autoptr(bf_picture) picture = NULL;
    pm_page_spec spec = {.kind = PM_KIND_PLAIN, .capture = PM_CAPTURE_SCAN, .seed = 3, .person = person};
    assert_true(pm_page_draw(&spec, &page, NULL));
    assert_true(bf_jpeg_decode(page->jpeg, 0, 0, &picture, NULL, NULL));
    bf_reader *reader = NULL;
    bf_reader_worker *worker = NULL;
    bf_query nobody = {0};
    assert_true(bf_reader_ppocr.open(NULL, &reader, NULL));
    assert_true(bf_reader_ppocr.worker_new(reader, &worker, NULL));
    g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(bf_line)), hits = g_array_new(FALSE, FALSE, sizeof(bf_hit));
    assert_true(bf_reader_ppocr.find_lines(worker, picture, 960, lines, NULL));
    assert_true(bf_reader_ppocr.read_lines(worker, picture, lines, 0, lines->len, &nobody, NULL, hits, NULL));
    assert_true(lines->len > 20);
    assert_true(bf_unread_ink(picture, lines) <= UNREAD_WORTH_A_LOOK);
    g_array_remove_index(lines, lines->len / 2);
    assert_true(bf_unread_ink(picture, lines) >= UNREAD_HOLDS_A_PAGE);
    bf_reader_ppocr.worker_free(worker);
    bf_reader_ppocr.close(reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bf_luma__weights),
        cmocka_unit_test(test_bf_red_share__counts_saturated_red),
        cmocka_unit_test(test_bf_is_blank__cases),
        cmocka_unit_test(test_bf_unread_ink__counts_what_no_line_holds),
        cmocka_unit_test(test_bf_unread_ink__a_line_that_read_nothing_accounts_for_nothing),
        cmocka_unit_test(test_bf_unread_ink__a_tilted_line_does_not_hide_its_neighbour),
        cmocka_unit_test(test_bf_unread_ink__what_is_no_text),
        cmocka_unit_test(test_bf_unread_ink__small_text_on_a_very_long_picture),
        cmocka_unit_test(test_bf_unread_ink__too_much_to_count),
        cmocka_unit_test(test_bf_unread_dim_print__cases),
        cmocka_unit_test(test_bf_unread_ink__a_drawn_page_with_a_line_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
