/* Whole pages with the real models: what is masked, what is held and why. */
#include "blindfold/jpeg.h"
#include "blindfold/name.h"
#include "blindfold/page.h"
#include "pagemaker.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

typedef struct {
    bf_page_engine *engine;
    bf_page_worker *worker;
    pm_person *person;
    bf_query *query;
} fixture;

static int set_up(void **state)
{
    fixture *f = g_new0(fixture, 1);
    bf_page_settings settings = {0};
    g_autoptr(GError) error = NULL;
    f->person = pm_person_random(20261);
    if (!bf_page_engine_new(&settings, &f->engine, &error) || !bf_page_worker_new(f->engine, &f->worker, &error) ||
        !bf_name_build(f->person->name, NULL, &f->query, &error)) {
        print_error("%s\n", error->message);
        return -1;
    }
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    bf_page_worker_free(f->worker);
    bf_page_engine_free(f->engine);
    bf_query_free(f->query);
    pm_person_free(f->person);
    g_free(f);
    return 0;
}

static pm_page *draw(const fixture *f, pm_kind kind, pm_capture capture, guint flags)
{
    pm_page *page = NULL;
    g_autoptr(GError) error = NULL;
    pm_page_spec spec = {.kind = kind, .capture = capture, .seed = 77, .person = f->person, .flags = flags};
    if (!pm_page_draw(&spec, &page, &error))
        fail_msg("%s", error->message);
    return page;
}

static void process(const fixture *f, GBytes *jpeg, bool expected, bf_page_result *result)
{
    bf_page_result_init(result);
    bf_page_process(f->worker, &(bf_page_task){.jpeg = jpeg, .query = f->query, .hit_expected = expected}, result);
}

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

static guint count_visible(const pm_page *page, GBytes *output)
{
    g_autoptr(bf_picture) picture = NULL;
    guint visible = 0;
    assert_true(bf_jpeg_decode(output, 0, 0, &picture, NULL, NULL));
    for (guint i = 0; i < page->occurrences->len; i++) {
        const pm_occurrence *o = g_ptr_array_index(page->occurrences, i);
        for (guint g = 0; o->applicant && g < o->glyphs->len; g++)
            visible += !glyph_is_black(picture, &g_array_index(o->glyphs, pm_quad, g));
    }
    return visible;
}

static const struct {
    pm_kind kind;
    pm_capture capture;
    int exif;
} TURNS[] = {
    {PM_KIND_SUMMARY, PM_CAPTURE_CLEAN, 1}, {PM_KIND_TITLE, PM_CAPTURE_ROT90, 1},  {PM_KIND_SUMMARY, PM_CAPTURE_ROT180, 1},
    {PM_KIND_TITLE, PM_CAPTURE_ROT270, 1},  {PM_KIND_TITLE, PM_CAPTURE_EXIF3, 3},  {PM_KIND_TITLE, PM_CAPTURE_EXIF6, 6},
    {PM_KIND_TITLE, PM_CAPTURE_EXIF8, 8},   {PM_KIND_SUMMARY, PM_CAPTURE_GRAY, 1},
};

static void test_bf_page_process__masks_every_glyph_whichever_way_the_page_is_turned(void **state)
{
    const fixture *f = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(TURNS); i++) {
        g_autoptr(pm_page) page = draw(f, TURNS[i].kind, TURNS[i].capture, PM_FLAG_PLAIN_NAME);
        bf_page_result r;
        process(f, page->jpeg, false, &r);
        const char *what = pm_capture_word(TURNS[i].capture);
        if (r.decision != BF_DECISION_MASKED || r.orientation_deg != page->turn_deg || r.exif_orientation != TURNS[i].exif)
            fail_msg("%s: decision %s, turn %d (truth %d), exif %d, reason %s", what, bf_decision_word(r.decision), r.orientation_deg,
                     page->turn_deg, r.exif_orientation, r.reasons != NULL && r.reasons->len > 0 ? (char *)r.reasons->pdata[0] : "none");
        assert_int_equal(r.needs_masking, BF_ANSWER_YES);
        assert_true(r.verify_passed);
        assert_int_equal(count_visible(page, r.output), 0);
        bf_page_result_clear(&r);
    }
}

static void test_bf_page_process__clear_page_keeps_every_coefficient(void **state)
{
    const fixture *f = *state;
    g_autoptr(pm_page) page = draw(f, PM_KIND_SUMMARY, PM_CAPTURE_SCAN, PM_FLAG_NO_NAME);
    bf_page_result r;
    bf_mask_stats stats;
    process(f, page->jpeg, false, &r);
    assert_int_equal(r.decision, BF_DECISION_CLEAR);
    assert_int_equal(r.needs_masking, BF_ANSWER_NO);
    assert_int_equal(r.masks->len, 0);
    assert_true(bf_jpeg_verify(page->jpeg, r.output, NULL, 0, false, &stats, NULL));
    assert_int_equal(stats.masked_blocks, 0);
    bf_page_result_clear(&r);
}

static void test_bf_page_process__missing_expected_name_is_held(void **state)
{
    const fixture *f = *state;
    g_autoptr(pm_page) page = draw(f, PM_KIND_TITLE, PM_CAPTURE_CLEAN, PM_FLAG_NO_NAME);
    bf_page_result r;
    process(f, page->jpeg, true, &r);
    assert_int_equal(r.decision, BF_DECISION_REVIEW);
    assert_int_equal(r.needs_masking, BF_ANSWER_UNKNOWN);
    assert_true(g_ptr_array_find_with_equal_func(r.reasons, "expected-name-missing", g_str_equal, NULL));
    bf_page_result_clear(&r);
}

static void expect_review(const fixture *f, GBytes *jpeg, const char *reason)
{
    bf_page_result r;
    process(f, jpeg, false, &r);
    assert_int_equal(r.decision, BF_DECISION_REVIEW);
    assert_non_null(r.reasons);
    if (!g_ptr_array_find_with_equal_func(r.reasons, reason, g_str_equal, NULL))
        fail_msg("expected %s, got %s", reason, (char *)r.reasons->pdata[0]);
    bf_page_result_clear(&r);
}

static void test_bf_page_process__bad_bytes_end_in_review(void **state)
{
    const fixture *f = *state;
    g_autoptr(pm_page) page = draw(f, PM_KIND_SUMMARY, PM_CAPTURE_CLEAN, 0);
    g_autoptr(GBytes) empty = g_bytes_new_static("", 0), text = g_bytes_new_static("no picture", 10);
    g_autoptr(GBytes) half = g_bytes_new_from_bytes(page->jpeg, 0, g_bytes_get_size(page->jpeg) / 2);
    g_autoptr(GBytes) head = g_bytes_new_from_bytes(page->jpeg, 0, 100);
    expect_review(f, empty, "not-a-jpeg");
    expect_review(f, text, "not-a-jpeg");
    expect_review(f, half, "truncated");
    expect_review(f, head, "corrupt");
}

/* Bytes written over the last `percent` of the coded data. */
static GBytes *damage(GBytes *jpeg, double percent, const char *with, gsize n)
{
    gsize size;
    const guint8 *data = g_bytes_get_data(jpeg, &size);
    guint8 *copy = g_memdup2(data, size);
    memcpy(copy + size - (gsize)((double)size * percent / 100) - n - 2, with, n);
    return g_bytes_new_take(copy, size);
}

/* One bit of the coded data turned over: most often the decoder goes on, out of step, and warns at the very end, or not at all. */
static GBytes *one_bit_wrong(GBytes *jpeg)
{
    gsize size;
    const guint8 *data = g_bytes_get_data(jpeg, &size);
    for (gsize at = size / 2; at < size - 10; at += 7) {
        guint8 *copy = g_memdup2(data, size);
        copy[at] ^= 0x10;
        g_autoptr(GBytes) wrong = g_bytes_new_take(copy, size);
        g_autoptr(bf_picture) picture = NULL;
        bf_jpeg_info info;
        if (bf_jpeg_decode(wrong, 0, 0, &picture, &info, NULL) && info.warnings > 0 && !info.truncated)
            return g_steal_pointer(&wrong);
    }
    fail_msg("no bit makes libjpeg warn");
    return NULL;
}

/* Without restart markers nobody knows where damage begins, wherever the warning stands. */
static void test_bf_page_process__damage_of_unknown_place_is_held(void **state)
{
    const fixture *f = *state;
    static const char stray[] = "\xFF\xD3"; /* a restart where none is due: the decoder goes no further */
    g_autoptr(pm_page) page = draw(f, PM_KIND_SUMMARY, PM_CAPTURE_CLEAN, 0);
    g_autoptr(GBytes) middle = damage(page->jpeg, 40, stray, sizeof stray - 1), bit = one_bit_wrong(page->jpeg);
    expect_review(f, middle, "damaged");
    expect_review(f, bit, "damaged");

    GByteArray *bytes = g_bytes_unref_to_array(g_bytes_ref(page->jpeg));
    static const guint8 end[] = "extraneous\xFF\xD9";
    g_byte_array_set_size(bytes, bytes->len - 2);
    g_byte_array_append(bytes, end, sizeof end - 1);
    g_autoptr(GBytes) behind = g_byte_array_free_to_bytes(bytes);
    expect_review(f, behind, "damaged");
}

static void test_bf_page_process__cancelled_page_is_held(void **state)
{
    const fixture *f = *state;
    g_autoptr(pm_page) page = draw(f, PM_KIND_SUMMARY, PM_CAPTURE_CLEAN, 0);
    atomic_bool cancel = true;
    bf_page_result r;
    bf_page_result_init(&r);
    bf_page_process(f->worker, &(bf_page_task){.jpeg = page->jpeg, .query = f->query, .cancel = &cancel}, &r);
    assert_int_equal(r.decision, BF_DECISION_REVIEW);
    assert_string_equal(r.reasons->pdata[0], "interrupted");
    bf_page_result_clear(&r);
}

static bool has_reason(const bf_page_result *r, const char *word)
{
    return r->reasons && g_ptr_array_find_with_equal_func(r->reasons, word, g_str_equal, NULL);
}

static void apply(const fixture *f, GBytes *jpeg, const GArray *masks, bool accept, bf_page_result *r)
{
    const bf_page_manual manual = {.task = {.jpeg = jpeg, .query = f->query},
                                   .masks = masks ? (const bf_mask *)(const void *)masks->data : NULL,
                                   .n_masks = masks ? masks->len : 0,
                                   .orientation_deg = 0,
                                   .accept_visible = accept};
    bf_page_result_init(r);
    bf_page_apply_masks(f->worker, &manual, r);
    assert_true(r->by_person);
}

/* The program's own masks, given as a person's, make the same page. */
static void test_bf_page_apply_masks__same_masks_same_bytes(void **state)
{
    const fixture *f = *state;
    g_autoptr(pm_page) page = draw(f, PM_KIND_SUMMARY, PM_CAPTURE_CLEAN, 0);
    bf_page_result own, manual;
    process(f, page->jpeg, false, &own);
    assert_true(own.masks->len > 0);
    apply(f, page->jpeg, own.masks, false, &manual);
    assert_int_equal(manual.decision, BF_DECISION_MASKED);
    assert_true(manual.verify_passed);
    assert_true(g_bytes_equal(manual.output, own.output));
    bf_page_result_clear(&own);
    bf_page_result_clear(&manual);
}

static void test_bf_page_apply_masks__a_name_left_visible_is_objected_to(void **state)
{
    const fixture *f = *state;
    g_autoptr(pm_page) page = draw(f, PM_KIND_SUMMARY, PM_CAPTURE_CLEAN, 0);
    bf_page_result r;
    apply(f, page->jpeg, NULL, false, &r);
    assert_int_equal(r.decision, BF_DECISION_REVIEW);
    assert_false(r.verify_passed);
    assert_true(has_reason(&r, "name-still-visible"));
    assert_true(r.doubts && r.doubts->len > 0);
    bf_page_result_clear(&r);
    apply(f, page->jpeg, NULL, true, &r);
    assert_int_equal(r.decision, BF_DECISION_CLEAR);
    assert_true(r.verify_passed && r.doubts && r.doubts->len > 0);
    bf_page_result_clear(&r);
}

static void test_bf_page_apply_masks__no_word_goes_above_a_broken_file(void **state)
{
    const fixture *f = *state;
    g_autoptr(GBytes) text = g_bytes_new_static("no picture", 10);
    bf_page_result r;
    apply(f, text, NULL, true, &r);
    assert_int_equal(r.decision, BF_DECISION_REVIEW);
    assert_null(r.output);
    assert_true(has_reason(&r, "not-readable"));
    bf_page_result_clear(&r);
}

static void test_bf_page_engine_new__says_what_to_run_when_models_are_missing(void **state)
{
    (void)state;
    bf_page_engine *engine = NULL;
    bf_page_settings settings = {.models_dir = "/nonexistent"}, unknown = {.readers = "ocr"};
    g_autoptr(GError) error = NULL;
    assert_false(bf_page_engine_new(&settings, &engine, &error));
    assert_non_null(strstr(error->message, "models/fetch.sh"));
    g_clear_error(&error);
    assert_false(bf_page_engine_new(&unknown, &engine, &error));
    assert_non_null(strstr(error->message, "tesseract"));
}

static void test_bf_page_engine__tesseract_alone_holds_every_page(void **state)
{
    const fixture *f = *state;
    bf_page_settings settings = {.readers = "tesseract", .models_dir = "/nonexistent"};
    fixture own = {.person = f->person, .query = f->query};
    assert_true(bf_page_engine_new(&settings, &own.engine, NULL));
    assert_true(bf_page_worker_new(own.engine, &own.worker, NULL));
    g_autoptr(pm_page) page = draw(f, PM_KIND_TITLE, PM_CAPTURE_CLEAN, PM_FLAG_NO_NAME);
    expect_review(&own, page->jpeg, "weak-reader");
    bf_page_worker_free(own.worker);
    bf_page_engine_free(own.engine);
}

static void test_bf_page_engine_unreadable__names_the_characters(void **state)
{
    const fixture *f = *state;
    g_autoptr(bf_query) query = NULL;
    assert_true(bf_name_build("李琀", NULL, &query, NULL));
    g_autofree char *unknown = bf_page_engine_unreadable(f->engine, query);
    assert_string_equal(unknown, "琀");
}

static void test_bf_page_hit_expected__by_name(void **state)
{
    (void)state;
    assert_true(bf_page_hit_expected("学历/毕业证.jpg"));
    assert_true(bf_page_hit_expected("身份证/正面.jpg"));
    assert_false(bf_page_hit_expected("身份证/背面.jpg"));
    assert_false(bf_page_hit_expected("论文/第一页.jpg"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bf_page_process__masks_every_glyph_whichever_way_the_page_is_turned),
        cmocka_unit_test(test_bf_page_process__clear_page_keeps_every_coefficient),
        cmocka_unit_test(test_bf_page_process__missing_expected_name_is_held),
        cmocka_unit_test(test_bf_page_process__bad_bytes_end_in_review),
        cmocka_unit_test(test_bf_page_process__damage_of_unknown_place_is_held),
        cmocka_unit_test(test_bf_page_process__cancelled_page_is_held),
        cmocka_unit_test(test_bf_page_apply_masks__same_masks_same_bytes),
        cmocka_unit_test(test_bf_page_apply_masks__a_name_left_visible_is_objected_to),
        cmocka_unit_test(test_bf_page_apply_masks__no_word_goes_above_a_broken_file),
        cmocka_unit_test(test_bf_page_engine_new__says_what_to_run_when_models_are_missing),
        cmocka_unit_test(test_bf_page_engine__tesseract_alone_holds_every_page),
        cmocka_unit_test(test_bf_page_engine_unreadable__names_the_characters),
        cmocka_unit_test(test_bf_page_hit_expected__by_name),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
