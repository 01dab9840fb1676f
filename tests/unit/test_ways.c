/* The name in every way of writing, with the real models: spaced, over cells, in columns, on dark ground, small, large, stamped. */
#include "blindfold/jpeg.h"
#include "blindfold/name.h"
#include "blindfold/page.h"
#include "pagemaker.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* Is every pixel of the glyph's bounds black on the output? */
static bool glyph_is_black(const bf_picture *p, const pm_quad *q)
{
    bf_quad quad;
    memcpy(&quad, q, sizeof quad);
    bf_rect r = bf_rect_intersect(bf_quad_bounds(&quad), (bf_rect){0, 0, p->width_px, p->height_px});
    for (int y = r.y; y < r.y + r.h; y++)
        for (int x = r.x; x < r.x + r.w; x++)
            if (p->data[((gsize)y * (gsize)p->width_px + (gsize)x) * (gsize)p->channels] > 12)
                return false;
    return !bf_rect_is_empty(r);
}

static void assert_hidden(const pm_page *page, const char *what, GBytes *output)
{
    g_autoptr(bf_picture) picture = NULL;
    assert_true(bf_jpeg_decode(output, 0, 0, &picture, NULL, NULL));
    for (guint i = 0; i < page->occurrences->len; i++) {
        const pm_occurrence *o = g_ptr_array_index(page->occurrences, i);
        for (guint g = 0; o->applicant && g < o->glyphs->len; g++)
            if (!glyph_is_black(picture, &g_array_index(o->glyphs, pm_quad, g)))
                fail_msg("%s, %s: character %u can be seen", what, pm_form_word(o->form), g);
    }
}

static const struct {
    const char *what;
    pm_kind kind;
    pm_capture capture;
    guint64 person, seed;
} CASES[] = {
    {"a Han name in every way", PM_KIND_WAYS, PM_CAPTURE_CLEAN, 20261, 6},
    {"a long name in every way", PM_KIND_WAYS, PM_CAPTURE_CLEAN, 0, 5},
    {"below a blue stamp", PM_KIND_TITLE, PM_CAPTURE_BLUE_SEAL, 20261, 4},
    {"below a purple stamp", PM_KIND_TITLE, PM_CAPTURE_PURPLE_SEAL, 20261, 4},
    {"from the side", PM_KIND_TRAINING, PM_CAPTURE_STEEP, 20261, 4},
};

/* Somebody whose name has two parts with a dot. */
static pm_person *long_name(void)
{
    for (guint64 seed = 1;; seed++) {
        pm_person *p = pm_person_random(seed);
        if (p->origin == PM_ORIGIN_UYGHUR && g_utf8_strlen(p->name, -1) >= 8)
            return p;
        pm_person_free(p);
    }
}

static void test_bf_page_process__every_way_of_writing(void **state)
{
    (void)state;
    bf_page_settings settings = {0};
    bf_page_engine *engine = NULL;
    bf_page_worker *worker = NULL;
    assert_true(bf_page_engine_new(&settings, &engine, NULL) && bf_page_worker_new(engine, &worker, NULL));
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(pm_person) person = CASES[i].person ? pm_person_random(CASES[i].person) : long_name();
        g_autoptr(bf_query) query = NULL;
        g_autoptr(pm_page) page = NULL;
        bf_page_result r;
        const pm_page_spec spec = {CASES[i].kind, CASES[i].capture, CASES[i].seed, person, PM_FLAG_PLAIN_NAME, 0, 0, {.shrink = 1}};
        assert_true(pm_page_draw(&spec, &page, NULL) && bf_name_build(person->name, NULL, &query, NULL));
        bf_page_result_init(&r);
        bf_page_process(worker, &(bf_page_task){.jpeg = page->jpeg, .query = query}, &r);
        if (r.output == NULL)
            fail_msg("%s: no output", CASES[i].what);
        assert_hidden(page, CASES[i].what, r.output);
        bf_page_result_clear(&r);
    }
    bf_page_worker_free(worker);
    bf_page_engine_free(engine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bf_page_process__every_way_of_writing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
