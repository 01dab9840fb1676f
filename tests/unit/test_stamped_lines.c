/* Lines of print below a stamp are the same ones whether the whole page is looked at or only the stamp's rows. */
#include "blindfold/jpeg.h"
#include "page/reading.h"
#include "page/stamped_lines.h"
#include "pagemaker.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { SPECK_PX = 64 };

typedef struct {
    bf_page_engine *engine;
    bf_page_worker *worker;
    pm_person *person;
} fixture;

static int set_up(void **state)
{
    fixture *f = g_new0(fixture, 1);
    bf_page_settings settings = {0};
    g_autoptr(GError) error = NULL;
    f->person = pm_person_random(88);
    *state = f;
    if (bf_page_engine_new(&settings, &f->engine, &error) && bf_page_worker_new(f->engine, &f->worker, &error))
        return 0;
    print_error("%s\n", error->message);
    return -1;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    bf_page_worker_free(f->worker);
    bf_page_engine_free(f->engine);
    pm_person_free(f->person);
    g_free(f);
    return 0;
}

static bf_picture *picture_of(const fixture *f, pm_kind kind, pm_capture capture)
{
    const pm_page_spec spec = {kind, capture, 31, f->person, PM_FLAG_PLAIN_NAME, 0, 0, {.shrink = 1}};
    g_autoptr(pm_page) page = NULL;
    bf_picture *picture = NULL;
    assert_true(pm_page_draw(&spec, &page, NULL) && bf_jpeg_decode(page->jpeg, 0, 0, &picture, NULL, NULL));
    return picture;
}

/* Is it found again: not cut, nor run together with others? */
static bool is_among(const bf_line *line, const GArray *lines)
{
    bf_rect a = bf_quad_bounds(&line->quad);
    for (guint i = 0; i < lines->len; i++) {
        bf_rect b = bf_quad_bounds(&g_array_index(lines, bf_line, i).quad), c = bf_rect_intersect(a, b), u = bf_rect_union(a, b);
        if ((double)c.w * c.h > 0.5 * (double)u.w * u.h)
            return true;
    }
    return false;
}

static void test_bf_find_stamped_lines__as_on_the_whole_page(void **state)
{
    const fixture *f = *state;
    static const struct {
        pm_kind kind;
        pm_capture capture;
    } cases[] = {{PM_KIND_SUMMARY, PM_CAPTURE_SEAL},
                 {PM_KIND_NOTICE, PM_CAPTURE_SEAL},
                 {PM_KIND_SERVICE, PM_CAPTURE_BLUE_SEAL},
                 {PM_KIND_DIPLOMA, PM_CAPTURE_SEAL}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const bf_reader_class *class;
        bf_reader_worker *worker;
        g_autoptr(bf_picture) picture = picture_of(f, cases[i].kind, cases[i].capture), seen = NULL;
        g_autoptr(GArray) whole = g_array_new(FALSE, FALSE, sizeof(bf_line)), rows = g_array_new(FALSE, FALSE, sizeof(bf_line));
        bf_stamp_ink inks[BF_STAMP_INKS_MAX];
        assert_true(bf_stamp_inks(picture, inks) > 0);
        assert_true(bf_stamp_removed(picture, &inks[0], &seen, NULL) && bf_worker_reader(f->worker, 0, &class, &worker, NULL));
        assert_true(class->find_lines(worker, seen, DETECT_SIDE_PX, whole, NULL));
        assert_true(bf_find_stamped_lines(f->worker, picture, seen, &inks[0], DETECT_SIDE_PX, rows, NULL));
        guint stamped = 0;
        for (guint k = 0; k < whole->len; k++) {
            const bf_line *line = &g_array_index(whole, bf_line, k);
            bf_rect b = bf_line_bounds(line);
            if (bf_stamp_share(picture, &inks[0], b) <= 0.01F || MAX(b.w, b.h) < SPECK_PX) /* what is left of the stamp comes and goes */
                continue;
            stamped++;
            if (!is_among(line, rows)) {
                bf_rect l = bf_line_bounds(line), in = bf_stamp_rows(picture, &inks[0]);
                fail_msg("case %zu: of %u the line at %d, %d, %d x %d is missing; ink of hue %.0f in rows %d to %d, %.3f of the line", i,
                         rows->len, l.x, l.y, l.w, l.h, (double)inks[0].hue_deg, in.y, in.y + in.h,
                         (double)bf_stamp_share(picture, &inks[0], l));
            }
        }
        assert_true(stamped > 0);
        for (guint k = 0; k < rows->len; k++) { /* all of a line is brought to the page, its middle too */
            const bf_line *line = &g_array_index(rows, bf_line, k);
            assert_true(!line->has_middle || bf_quad_holds(&line->quad, line->middle_x[4], line->middle_y[4]));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bf_find_stamped_lines__as_on_the_whole_page),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
