/* A name in Arabic script on a line of its own, and within a line of Chinese print, which the main reader reads without it. */
#include "blindfold/memory.h"
#include "blindfold/name.h"
#include "page/reading.h"
#include <pango/pangocairo.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { WIDTH = 1100, HEIGHT = 320, TOP = 120 };

static bf_picture *draw(const char *text)
{
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_A8, WIDTH, HEIGHT);
    cairo_t *cr = cairo_create(surface);
    PangoLayout *layout = pango_cairo_create_layout(cr);
    PangoFontDescription *font = pango_font_description_from_string("Noto Sans CJK SC, UKIJ Tuz Tom 20");
    bf_picture *picture = NULL;
    pango_layout_set_font_description(layout, font);
    pango_layout_set_auto_dir(layout, FALSE);
    pango_layout_set_text(layout, text, -1);
    cairo_move_to(cr, 60, TOP);
    pango_cairo_show_layout(cr, layout);
    cairo_surface_flush(surface);
    assert_true(bf_picture_new(WIDTH, HEIGHT, 1, &picture, NULL));
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++)
            picture->data[y * WIDTH + x] =
                (uint8_t)(255 - cairo_image_surface_get_data(surface)[y * cairo_image_surface_get_stride(surface) + x]);
    pango_font_description_free(font);
    g_object_unref(layout);
    cairo_destroy(cr);
    cairo_surface_destroy(surface);
    return picture;
}

static void test_bf_look_for_arabic__own_lines_and_others(void **state)
{
    static const char *const alias[] = {"گۈلباھار تۇرسۇنجان", NULL};
    static const struct {
        const char *text;
        bool found;
    } cases[] = {
        {"گۈلباھار تۇرسۇنجان", true},
        {"经研究决定 گۈلباھار تۇرسۇنجان 同志参与编写教材两部", true},
        {"经研究决定 مەمەتجان قادىروۋ 同志参与编写教材两部", false},
        {"经研究决定聘任以下同志参与编写教材两部", false},
    };
    static const bf_page_settings settings = {0};
    bf_page_engine *engine = NULL;
    bf_page_worker *worker = NULL;
    g_autoptr(bf_query) query = NULL;
    (void)state;
    assert_true(bf_name_build("古丽巴哈尔·吐尔逊江", alias, &query, NULL) && bf_page_engine_new(&settings, &engine, NULL));
    assert_true(bf_page_engine_prepare(engine, query, NULL) && bf_page_worker_new(engine, &worker, NULL));
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(bf_picture) picture = draw(cases[i].text);
        bf_reading r;
        guint found = 0;
        bf_reading_init(&r);
        assert_true(bf_read_plain(worker, picture, query, &r, NULL) && bf_read_again(worker, picture, query, false, &r, NULL));
        for (guint k = 0; k < r.hits->len; k++)
            found += query->forms[g_array_index(r.hits, bf_hit, k).form].kind == BF_FORM_ARABIC;
        if ((found > 0) != cases[i].found)
            fail_msg("%s: %u hits", cases[i].text, found);
        bf_reading_clear(&r);
    }
    bf_page_worker_free(worker);
    bf_page_engine_free(engine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bf_look_for_arabic__own_lines_and_others),
    };
    bf_memory_prepare();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
