/* The name in a watermark, above and between print: it is found, masked, and a person has to look. */
#include "blindfold/jpeg.h"
#include "blindfold/memory.h"
#include "blindfold/name.h"
#include "page/faint.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { WIDTH = 1100, LINES = 16, SIZE_PX = 26, LINE_PX = 44, WATERMARK_PX = 40, PALE = 205 };

static const char *const TEXT = "根据年度工作计划组织开展各项教学活动并按时完成任务认真学习有关文件精神";

/* Draws a text onto the page, no lighter than `ink`, where it does not stand on darker print already. */
static void put(bf_glyphs *glyphs, const char *text, int size_px, bf_picture *page, int x, int y, uint8_t ink)
{
    glong n;
    g_autoptr(bf_picture) line = NULL;
    g_autofree gunichar *chars = g_utf8_to_ucs4_fast(text, -1, &n);
    assert_true(bf_glyphs_draw(glyphs, 0, chars, (guint)n, size_px, size_px * 5 / 4, &line, NULL));
    for (int v = 0; v < line->height_px && y + v < page->height_px; v++)
        for (int u = 0; u < line->width_px && x + u < page->width_px; u++)
            for (int c = 0; c < 3; c++) {
                uint8_t *to = &page->data[((gsize)(y + v) * (gsize)page->width_px + (gsize)(x + u)) * 3 + (gsize)c];
                uint8_t drawn = MAX(line->data[((gsize)v * (gsize)line->width_px + (gsize)u) * (gsize)line->channels], ink);
                *to = MIN(*to, drawn);
            }
}

/* below: the watermark stands on blank paper alone, where it reads as surely as print. */
static void draw(bf_glyphs *glyphs, const char *watermark, bool below, bf_picture **page)
{
    assert_true(bf_picture_new(WIDTH, LINES * LINE_PX + 500, 3, page, NULL));
    memset((*page)->data, 255, (gsize)(*page)->width_px * (gsize)(*page)->height_px * 3);
    for (int i = 0; i < LINES; i++)
        put(glyphs, TEXT, SIZE_PX, *page, 60, 60 + i * LINE_PX, 20);
    for (int i = 0; watermark != NULL && i < 6; i++)
        put(glyphs, watermark, WATERMARK_PX, *page, 80 + i % 2 * 480, below ? LINES * LINE_PX + 100 + i / 2 * 120 : 130 + i / 2 * 370,
            PALE);
}

static void process(bf_page_worker *worker, const bf_query *query, const bf_picture *page, bf_page_result *r)
{
    g_autoptr(GBytes) jpeg = NULL;
    assert_true(bf_jpeg_encode_view(page, 92, &jpeg, NULL));
    bf_page_result_init(r);
    bf_page_process(worker, &(bf_page_task){.jpeg = jpeg, .query = query}, r);
}

static void test_bf_look_at_faint_ink__a_watermark_holds_the_page(void **state)
{
    (void)state;
    static const bf_page_settings settings = {0};
    static const struct {
        const char *watermark;
        bool below, told;
    } cases[] = {{"沈嘉懿 内部资料", false, true}, {"沈嘉懿专用", true, true}, {"沈阳市 内部资料", false, false}, {NULL, false, false}};
    bf_page_engine *engine = NULL;
    bf_page_worker *worker = NULL;
    g_autoptr(bf_query) query = NULL;
    bf_memory_prepare();
    assert_true(bf_page_engine_new(&settings, &engine, NULL) && bf_page_worker_new(engine, &worker, NULL));
    assert_true(bf_name_build("沈嘉懿", NULL, &query, NULL) && bf_page_engine_prepare(engine, query, NULL));
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(bf_picture) page = NULL;
        bf_page_result r;
        draw(engine->glyphs, cases[i].watermark, cases[i].below, &page);
        process(worker, query, page, &r);
        bool told = r.reasons != NULL && g_ptr_array_find_with_equal_func(r.reasons, "name-in-watermark", g_str_equal, NULL);
        assert_int_equal(told, cases[i].told);
        if (told)
            assert_true(r.masks->len > 0 && r.decision == BF_DECISION_REVIEW);
        else
            assert_int_equal(r.decision, BF_DECISION_CLEAR);
        bf_page_result_clear(&r);
    }
    bf_page_worker_free(worker);
    bf_page_engine_free(engine);
}

static void add_line(bf_reading *r, float y, float tilt_deg, bool hit)
{
    float dx = 300 * cosf(tilt_deg * (float)(G_PI / 180)), dy = 300 * sinf(tilt_deg * (float)(G_PI / 180));
    bf_line line = {
        .quad = {{100, 100 + dx, 100 + dx, 100}, {y, y + dy, y + dy + 30, y + 30}}, .confidence = 0.99F, .weakest = 0.9F, .n_chars = 10};
    bf_hit name = {.quad = line.quad, .sure = true, .line = r->lines->len, .next_line = -1};
    g_array_append_val(r->lines, line);
    if (hit)
        g_array_append_val(r->hits, name);
}

/* However dark: a name that lies across the page's lines in several places is a watermark's. */
static void test_bf_look_at_faint_ink__names_aslant(void **state)
{
    static const struct {
        float page_deg, name_deg;
        int copies;
        bool told;
    } cases[] = {{0, -30, 2, true},  {0, 45, 3, true},   {0, -30, 1, false}, {0, 0, 4, false},
                 {20, 20, 4, false}, {20, -10, 2, true}, {0, 90, 3, false}};
    (void)state;
    g_autoptr(bf_query) query = NULL;
    g_autoptr(bf_picture) page = NULL;
    assert_true(bf_name_build("沈嘉懿", NULL, &query, NULL) && bf_picture_new(900, 900, 1, &page, NULL));
    memset(page->data, 255, 900 * 900); /* no faint ink, so that nobody reads */
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        bf_reading r;
        bf_reading_init(&r);
        for (int k = 0; k < 9; k++)
            add_line(&r, 100 + 60 * (float)k, cases[i].page_deg, false);
        for (int k = 0; k < cases[i].copies; k++)
            add_line(&r, 300 + 100 * (float)k, cases[i].name_deg, true);
        assert_true(bf_look_at_faint_ink(NULL, page, query, &r, NULL));
        if (r.faint_name != cases[i].told)
            fail_msg("case %zu", i);
        bf_reading_clear(&r);
    }
}

/* Print alone, however thin its edges, is no faint ink; a pale word is, and print is gone from its picture. */
static void test_bf_faint_ink__what_is_pale(void **state)
{
    (void)state;
    for (int pale = 0; pale < 2; pale++) {
        g_autoptr(bf_picture) page = NULL, faint = NULL;
        assert_true(bf_picture_new(400, 400, 1, &page, NULL));
        memset(page->data, 240, 400 * 400);
        for (int y = 100; y < 130; y++)
            for (int x = 50; x < 350; x++)
                page->data[y * 400 + x] = x % 8 < 3 ? 20 : x % 8 == 3 || x % 8 == 7 ? 150 : 240;
        for (int y = 250; pale && y < 290; y++)
            for (int x = 100; x < 200; x++)
                page->data[y * 400 + x] = x % 16 < 6 ? 200 : 240;
        assert_true(bf_faint_ink(page, NULL, &faint, NULL));
        assert_int_equal(faint != NULL, pale);
        if (pale) {
            assert_int_equal(faint->channels, 1);
            assert_true(faint->data[270 * 400 + 147] < 180);
            assert_int_equal(faint->data[115 * 400 + 200], 255);
            assert_int_equal(faint->data[20 * 400 + 200], 255);
        }
    }
}

/* Blurred print is pale itself: where a line was read it is not looked at again, but for what stands beside it. */
static void test_bf_faint_ink__what_was_read(void **state)
{
    static const struct {
        bf_quad read;
        bool faint;
    } cases[] = {{{{90, 210, 210, 90}, {245, 245, 295, 295}}, false},
                 {{{90, 210, 211, 91}, {240, 248, 298, 290}}, false},
                 {{{90, 150, 150, 90}, {245, 245, 295, 295}}, true},
                 {{{90, 210, 210, 90}, {100, 100, 150, 150}}, true},
                 {{{-50, 900, 900, -50}, {245, 245, 295, 295}}, false}};
    (void)state;
    g_autoptr(bf_picture) page = NULL;
    assert_true(bf_picture_new(400, 400, 1, &page, NULL));
    memset(page->data, 240, 400 * 400);
    for (int y = 250; y < 290; y++)
        for (int x = 100; x < 200; x++)
            page->data[y * 400 + x] = x % 16 < 6 ? 200 : 240;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(bf_picture) faint = NULL;
        g_autoptr(GArray) read = g_array_new(FALSE, FALSE, sizeof(bf_quad));
        g_array_append_val(read, cases[i].read);
        assert_true(bf_faint_ink(page, read, &faint, NULL));
        assert_int_equal(faint != NULL, cases[i].faint);
        if (faint != NULL)
            assert_true(faint->data[270 * 400 + 147] < 180); /* beside what was read, and on it: it may lie across */
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bf_faint_ink__what_is_pale),
        cmocka_unit_test(test_bf_faint_ink__what_was_read),
        cmocka_unit_test(test_bf_look_at_faint_ink__names_aslant),
        cmocka_unit_test(test_bf_look_at_faint_ink__a_watermark_holds_the_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
