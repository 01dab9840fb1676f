/* Where lines are found, with the real model: on drawn pages, and on pictures that are looked at in bands. */
#include "blindfold/jpeg.h"
#include "blindfold/reader.h"
#include "pagemaker.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

typedef struct {
    bf_reader *reader;
    bf_reader_worker *worker;
    bf_picture *page; /* 27 lines of text, gray */
    guint text_lines;
    bf_picture *strip; /* one of them, cut out */
} fixture;

static GArray *find(const fixture *f, const bf_picture *p, int side)
{
    GArray *lines = g_array_new(FALSE, FALSE, sizeof(bf_line));
    g_autoptr(GError) error = NULL;
    if (!bf_reader_ppocr.find_lines(f->worker, p, side, lines, &error))
        fail_msg("%s", error->message);
    return lines;
}

static bf_rect bounds(const GArray *lines, guint i)
{
    return bf_quad_bounds(&g_array_index(lines, bf_line, i).quad);
}

static bf_picture *blank(int width, int height)
{
    bf_picture *p = NULL;
    assert_true(bf_picture_new(width, height, 1, &p, NULL));
    memset(p->data, 250, (gsize)width * (gsize)height);
    return p;
}

static uint8_t gray_at(const bf_picture *p, int x, int y)
{
    return p->data[((gsize)y * (gsize)p->width_px + (gsize)x) * (gsize)p->channels];
}

static void paste(const bf_picture *from, bf_rect r, bf_picture *to, int x0, int y0)
{
    for (int y = 0; y < r.h; y++)
        for (int x = 0; x < r.w; x++)
            if (x0 + x < to->width_px && y0 + y < to->height_px)
                to->data[(gsize)(y0 + y) * (gsize)to->width_px + (gsize)(x0 + x)] = gray_at(from, r.x + x, r.y + y);
}

static int set_up(void **state)
{
    fixture *f = g_new0(fixture, 1);
    g_autoptr(GError) error = NULL;
    g_autoptr(pm_person) person = pm_person_random(5);
    g_autoptr(pm_page) page = NULL;
    pm_page_spec spec = {.kind = PM_KIND_PLAIN, .capture = PM_CAPTURE_CLEAN, .seed = 3, .person = person};
    if (!bf_reader_ppocr.open(NULL, &f->reader, &error) || !bf_reader_ppocr.worker_new(f->reader, &f->worker, &error) ||
        !pm_page_draw(&spec, &page, &error) || !bf_jpeg_decode(page->jpeg, 0, 0, &f->page, NULL, &error)) {
        print_error("%s\n", error->message);
        return -1;
    }
    f->text_lines = page->text_lines;
    g_autoptr(GArray) lines = find(f, f->page, 960);
    for (guint i = 0; i < lines->len && f->strip == NULL; i++) {
        bf_rect r = bounds(lines, i);
        if (r.w < 20 * r.h || r.x < 0)
            continue;
        r.w = 16 * r.h;
        f->strip = blank(r.w, r.h);
        paste(f->page, r, f->strip, 0, 0);
    }
    *state = f;
    return f->strip == NULL;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    bf_picture_free(f->page);
    bf_picture_free(f->strip);
    bf_reader_ppocr.worker_free(f->worker);
    bf_reader_ppocr.close(f->reader);
    g_free(f);
    return 0;
}

static bf_rect all_of(const bf_picture *p)
{
    return (bf_rect){0, 0, p->width_px, p->height_px};
}

/* No two lines that lie on each other. */
static void expect_each_once(const GArray *lines, const char *what)
{
    for (guint i = 0; i < lines->len; i++)
        for (guint k = 0; k < i; k++) {
            bf_rect a = bounds(lines, i), b = bounds(lines, k), c = bf_rect_intersect(a, b);
            if (2.0 * c.w * c.h > MIN((double)a.w * a.h, (double)b.w * b.h))
                fail_msg("%s: lines %u and %u are one (%d,%d %dx%d)", what, k, i, a.x, a.y, a.w, a.h);
        }
}

static void test_find_lines__every_line_once_at_each_size(void **state)
{
    const fixture *f = *state;
    static const int sides[] = {960, 1600}; /* at once, and in bands */
    for (gsize i = 0; i < G_N_ELEMENTS(sides); i++) {
        g_autoptr(GArray) lines = find(f, f->page, sides[i]);
        expect_each_once(lines, "page");
        if (lines->len != f->text_lines)
            fail_msg("at %d px: %u lines instead of %u", sides[i], lines->len, f->text_lines);
        for (guint k = 0; k < lines->len; k++) {
            const bf_line *l = &g_array_index(lines, bf_line, k);
            assert_true(l->confidence < 0 && l->weakest < 0 && !l->vertical && !l->composed);
            assert_true(l->det_score >= 0.5F && l->det_score <= 1);
        }
    }
}

/* A picture of 1200 x 1600 px is seen in bands of 576 rows that overlap by 128: the first ends at 576, the second starts at 448. */
enum { WIDE = 1200, HIGH = 1600, SECOND_BAND = 448, FIRST_END = 576 };

static void test_find_lines__a_line_at_a_bands_edge(void **state)
{
    const fixture *f = *state;
    const bf_rect s = all_of(f->strip);
    static const int middles[] = {SECOND_BAND - 30, SECOND_BAND, SECOND_BAND + 20, 512, FIRST_END - 20, FIRST_END, FIRST_END + 30};
    for (gsize i = 0; i < G_N_ELEMENTS(middles); i++) {
        g_autoptr(bf_picture) p = blank(WIDE, HIGH);
        int y = middles[i] - s.h / 2;
        paste(f->strip, s, p, 200, y);
        g_autoptr(GArray) lines = find(f, p, HIGH);
        if (lines->len != 1)
            fail_msg("around %d: %u lines", middles[i], lines->len);
        bf_rect r = bounds(lines, 0);
        if (abs(r.x - 200) > s.h || abs(r.w - s.w) > 2 * s.h || abs(2 * r.y + r.h - 2 * middles[i]) > s.h || r.h < s.h / 2)
            fail_msg("around %d: %d,%d %dx%d", middles[i], r.x, r.y, r.w, r.h);
    }
}

static void test_find_lines__a_column_over_several_bands_is_found_in_parts(void **state)
{
    const fixture *f = *state;
    g_autoptr(bf_picture) standing = NULL, p = blank(WIDE, HIGH);
    assert_true(bf_picture_turn(f->strip, 90, &standing, NULL));
    const bf_rect s = all_of(standing);
    assert_true(s.h > FIRST_END - SECOND_BAND + 100);
    paste(standing, s, p, 500, SECOND_BAND - 60);
    g_autoptr(GArray) lines = find(f, p, HIGH);
    g_autofree bool *found = g_new0(bool, HIGH);
    for (guint i = 0; i < lines->len; i++) {
        bf_rect r = bounds(lines, i);
        for (int y = MAX(r.y, 0); y < MIN(r.y + r.h, HIGH); y++)
            found[y] = true;
    }
    for (int y = SECOND_BAND - 60 + 10; y < SECOND_BAND - 60 + s.h - 10; y++)
        if (!found[y])
            fail_msg("row %d of the column (%d px from %d on) is in none of %u lines", y, s.h, SECOND_BAND - 60, lines->len);
}

/* Two tilted lines one below the other: their bounds overlap by more than half. */
static void test_find_lines__tilted_neighbours_are_two(void **state)
{
    const fixture *f = *state;
    g_autoptr(bf_picture) p = blank(WIDE, HIGH);
    const float slope = 0.09F;
    const int h = f->strip->height_px, pitch = h * 3 / 2;
    for (int n = 0; n < 8; n++)
        for (int x = 0; x < f->strip->width_px; x++)
            for (int y = 0; y < h; y++)
                p->data[(gsize)(SECOND_BAND - 2 * pitch + n * pitch + y + (int)((float)x * slope)) * WIDE + (gsize)(100 + x)] =
                    gray_at(f->strip, x, y);
    g_autoptr(GArray) lines = find(f, p, HIGH);
    bool found[8] = {false};
    for (guint i = 0; i < lines->len; i++) {
        bf_rect r = bounds(lines, i);
        float middle = (float)r.y + (float)r.h / 2 - ((float)r.x + (float)r.w / 2 - 100) * slope;
        int n = (int)roundf((middle - (float)h / 2 - (float)(SECOND_BAND - 2 * pitch)) / (float)pitch);
        if (n >= 0 && n < 8)
            found[n] = true;
    }
    for (int n = 0; n < 8; n++)
        if (!found[n])
            fail_msg("line %d of 8 is not among the %u found", n, lines->len);
}

/* A screenshot of many screens: by its long side its text would be a few pixels high. */
static void test_find_lines__very_long_pictures_keep_their_text(void **state)
{
    const fixture *f = *state;
    g_autoptr(bf_picture) p = blank(800, 9000);
    static const int at[] = {100, 4400, 8800};
    for (gsize i = 0; i < G_N_ELEMENTS(at); i++)
        paste(f->strip, all_of(f->strip), p, 40, at[i]);
    g_autoptr(GArray) lines = find(f, p, 960);
    assert_int_equal(lines->len, 3);
    for (guint i = 0; i < 3; i++)
        assert_in_range(bounds(lines, i).y + bounds(lines, i).h / 2, at[i], at[i] + f->strip->height_px);
}

static void test_find_lines__nothing_on_blank_and_tiny_pictures(void **state)
{
    const fixture *f = *state;
    static const int sizes[][2] = {{800, 1100}, {1, 1}, {3, 2000}, {2000, 3}};
    for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++) {
        g_autoptr(bf_picture) p = blank(sizes[i][0], sizes[i][1]);
        g_autoptr(GArray) lines = find(f, p, 960);
        assert_int_equal(lines->len, 0);
    }
}

static void test_find_lines__three_channels_and_one_find_the_same(void **state)
{
    const fixture *f = *state;
    bf_picture *colour = NULL;
    g_autoptr(bf_picture) gray = blank(700, 300);
    paste(f->strip, all_of(f->strip), gray, 30, 100);
    assert_true(bf_picture_new(700, 300, 3, &colour, NULL));
    for (gsize i = 0; i < (gsize)700 * 300; i++)
        memset(colour->data + 3 * i, gray->data[i], 3);
    g_autoptr(GArray) a = find(f, gray, 960), b = find(f, colour, 960);
    assert_int_equal(a->len, 1);
    assert_int_equal(b->len, 1);
    assert_memory_equal(a->data, b->data, sizeof(bf_line));
    bf_picture_free(colour);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_find_lines__every_line_once_at_each_size),
        cmocka_unit_test(test_find_lines__a_line_at_a_bands_edge),
        cmocka_unit_test(test_find_lines__a_column_over_several_bands_is_found_in_parts),
        cmocka_unit_test(test_find_lines__tilted_neighbours_are_two),
        cmocka_unit_test(test_find_lines__very_long_pictures_keep_their_text),
        cmocka_unit_test(test_find_lines__nothing_on_blank_and_tiny_pictures),
        cmocka_unit_test(test_find_lines__three_channels_and_one_find_the_same),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
