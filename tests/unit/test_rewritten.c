/* The rewritten networks compute what those as shipped compute: the same reading of every line, and nearly the same numbers. */
#include "blindfold/jpeg.h"
#include "blindfold/name.h"
#include "pagemaker.h"
#include "read/line_crop.h"
#include "read/ppocr/detect.h"
#include "read/ppocr/recognise.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include "networks.h"
#include <cmocka.h>

enum { SHIPPED, REWRITTEN, N_NETWORKS };
typedef struct {
    networks of;
    bf_ort_session *detector[N_NETWORKS], *recogniser[N_NETWORKS];
    bf_charset charset;
    pm_person *person;
    bf_spotter *spotter;
} fixture;

static int set_up(void **state)
{
    fixture *f = g_new0(fixture, 1);
    *state = f;
    g_autoptr(GError) error = NULL;
    networks_open(&f->of);
    f->detector[SHIPPED] = networks_session(&f->of, "ppocr-detection");
    f->detector[REWRITTEN] = networks_session(&f->of, "ppocr-detection-rewritten");
    f->recogniser[SHIPPED] = networks_session(&f->of, "ppocr-recognition");
    f->recogniser[REWRITTEN] = networks_session(&f->of, "ppocr-recognition-rewritten");
    g_autoptr(GBytes) keys = networks_item(&f->of, "ppocr-charset");
    must(bf_charset_parse(g_bytes_get_data(keys, NULL), g_bytes_get_size(keys), &f->charset, &error), error);
    f->person = pm_person_random(77);
    bf_query *query = NULL;
    must(bf_name_build(f->person->name, NULL, &query, &error), error);
    f->spotter = bf_spotter_new(query, &f->charset, NULL);
    bf_query_free(query);
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    for (int i = 0; i < N_NETWORKS; i++) {
        bf_ort_session_free(f->detector[i]);
        bf_ort_session_free(f->recogniser[i]);
    }
    networks_close(&f->of);
    bf_charset_clear(&f->charset);
    bf_spotter_free(f->spotter);
    pm_person_free(f->person);
    g_free(f);
    return 0;
}

static bf_picture *draw(const fixture *f, pm_kind kind, pm_capture capture)
{
    pm_page_spec spec = {.kind = kind, .capture = capture, .seed = 31, .person = f->person};
    g_autoptr(pm_page) page = NULL;
    bf_picture *picture = NULL;
    g_autoptr(GError) error = NULL;
    must(pm_page_draw(&spec, &page, &error) && bf_jpeg_decode(page->jpeg, 0, 0, &picture, NULL, &error), error);
    return picture;
}

static GArray *find(bf_ort_session *detector, const bf_picture *picture)
{
    GArray *lines = g_array_new(FALSE, FALSE, sizeof(bf_line));
    g_autoptr(GError) error = NULL;
    must(bf_detect_lines(&(bf_detector){.session = detector}, picture, 960, lines, &error), error);
    return lines;
}

static void read_crop(const fixture *f, int network, const bf_picture *crop, bf_trace *trace)
{
    g_autoptr(bf_recogniser_room) room = bf_recogniser_room_new();
    const bf_recogniser recogniser = {.session = f->recogniser[network]};
    g_autoptr(GError) error = NULL;
    must(bf_recognise(&recogniser, &f->charset, f->spotter, crop, room, trace, &error), error);
}

/* A frame where two classes are equally likely may fall either way by rounding alone, so a character may be another one where its
 * probability is about a half. */
static void compare_paths(const bf_trace *a, const bf_trace *b)
{
    assert_int_equal(a->chars->len, b->chars->len);
    for (guint i = 0; i < a->chars->len; i++) {
        const bf_read_char *p = &g_array_index(a->chars, bf_read_char, i), *q = &g_array_index(b->chars, bf_read_char, i);
        assert_true(p->c == q->c || p->p < 0.51F);
        assert_true(fabsf(p->p - q->p) < 1e-3F);
    }
}

static guint compare_lines(const fixture *f, const bf_picture *picture)
{
    g_autoptr(GArray) lines = find(f->detector[SHIPPED], picture);
    guint characters = 0;
    for (guint i = 0; i < lines->len; i++) {
        g_autoptr(bf_picture) crop = NULL;
        g_autoptr(GError) error = NULL;
        must(bf_line_crop(picture, &g_array_index(lines, bf_line, i).quad, NULL, RECOGNISER_HEIGHT_PX, 1, RECOGNISER_MAX_WIDTH_PX, &crop,
                          &error),
             error);
        bf_trace a, b;
        read_crop(f, SHIPPED, crop, &a);
        read_crop(f, REWRITTEN, crop, &b);
        compare_paths(&a, &b);
        assert_int_equal(a.n_frames, b.n_frames);
        for (guint k = 0; k < a.n_frames * a.n_columns; k++)
            if (fabsf(a.r[k] - b.r[k]) > 0.02F)
                fail_msg("line %u: %.4f as shipped, %.4f rewritten", i, (double)a.r[k], (double)b.r[k]);
        characters += a.chars->len;
        bf_trace_clear(&a);
        bf_trace_clear(&b);
    }
    return characters;
}

static void test_bf_recognise__rewritten_reads_the_same(void **state)
{
    const fixture *f = *state;
    assert_string_equal(bf_ort_output_name(f->recogniser[REWRITTEN]), "logits");
    static const struct {
        pm_kind kind;
        pm_capture capture;
    } pages[] = {{PM_KIND_LIST, PM_CAPTURE_CLEAN}, {PM_KIND_DIPLOMA, PM_CAPTURE_SCAN}, {PM_KIND_APPRAISAL, PM_CAPTURE_BLUR}};
    guint characters = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(pages); i++) {
        g_autoptr(bf_picture) picture = draw(f, pages[i].kind, pages[i].capture);
        characters += compare_lines(f, picture);
    }
    assert_true(characters > 300);
}

static void test_bf_detect_lines__rewritten_finds_the_same(void **state)
{
    const fixture *f = *state;
    g_autoptr(bf_picture) picture = draw(f, PM_KIND_LIST, PM_CAPTURE_SCAN);
    g_autoptr(GArray) a = find(f->detector[SHIPPED], picture), b = find(f->detector[REWRITTEN], picture);
    assert_true(a->len >= 10);
    assert_int_equal(a->len, b->len);
    for (guint i = 0; i < a->len; i++) {
        const bf_line *p = &g_array_index(a, bf_line, i), *q = &g_array_index(b, bf_line, i);
        assert_true(fabsf(p->det_score - q->det_score) < 1e-3F);
        for (int k = 0; k < 4; k++)
            assert_true(fabsf(p->quad.x[k] - q->quad.x[k]) < 3 && fabsf(p->quad.y[k] - q->quad.y[k]) < 3);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bf_recognise__rewritten_reads_the_same),
        cmocka_unit_test(test_bf_detect_lines__rewritten_finds_the_same),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
