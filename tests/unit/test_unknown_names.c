/* Whole pages of people one of whose two characters the recogniser does not know. */
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

/* The first person with a name of two characters, one of them unknown. */
static bool find_person(fixture *f)
{
    for (guint64 seed = 1; seed < 200; seed++) {
        f->person = pm_person_rare(seed);
        if (!bf_name_build(f->person->name, NULL, &f->query, NULL))
            return false;
        g_autofree char *unknown = bf_page_engine_unreadable(f->engine, f->query);
        if (g_utf8_strlen(f->person->name, -1) == 2 && g_utf8_strlen(unknown, -1) == 1)
            return true;
        g_clear_pointer(&f->person, pm_person_free);
        g_clear_pointer(&f->query, bf_query_free);
    }
    return false;
}

static int set_up(void **state)
{
    fixture *f = g_new0(fixture, 1);
    bf_page_settings settings = {0};
    *state = f;
    return bf_page_engine_new(&settings, &f->engine, NULL) && find_person(f) && bf_page_engine_prepare(f->engine, f->query, NULL) &&
                   bf_page_worker_new(f->engine, &f->worker, NULL)
               ? 0
               : -1;
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

static void expect(const fixture *f, pm_kind kind, guint flags, bf_decision decision)
{
    g_autoptr(pm_page) page = NULL;
    pm_page_spec spec = {.kind = kind, .capture = PM_CAPTURE_CLEAN, .seed = 5, .person = f->person, .flags = flags};
    assert_true(pm_page_draw(&spec, &page, NULL));
    bf_page_result r;
    bf_page_result_init(&r);
    bf_page_process(f->worker, &(bf_page_task){.jpeg = page->jpeg, .query = f->query}, &r);
    if (r.decision != decision)
        fail_msg("decision %s, reason %s", bf_decision_word(r.decision),
                 r.reasons != NULL && r.reasons->len > 0 ? (char *)r.reasons->pdata[0] : "none");
    for (guint i = 0; i < page->occurrences->len; i++) {
        const pm_occurrence *o = g_ptr_array_index(page->occurrences, i);
        for (guint g = 0; o->applicant && g < o->glyphs->len; g++) {
            bool masked = false;
            bf_quad quad;
            memcpy(&quad, &g_array_index(o->glyphs, pm_quad, g), sizeof quad);
            bf_rect glyph = bf_quad_bounds(&quad);
            for (guint m = 0; m < r.masks->len && !masked; m++) {
                bf_rect both = bf_rect_intersect(glyph, g_array_index(r.masks, bf_mask, m).rect);
                masked = both.w == glyph.w && both.h == glyph.h;
            }
            assert_true(masked);
        }
    }
    bf_page_result_clear(&r);
}

static void test_bf_page_process__an_unknown_character_is_found_by_its_glyph(void **state)
{
    expect(*state, PM_KIND_NOTICE, PM_FLAG_PLAIN_NAME, BF_DECISION_MASKED);
}

static void test_bf_page_process__other_people_of_that_surname_hold_no_page(void **state)
{
    expect(*state, PM_KIND_SUMMARY, PM_FLAG_NO_NAME | PM_FLAG_NEAR_NAMES, BF_DECISION_CLEAR);
}

/* The letters of a very long name are more than readers look for: that they are nowhere cannot be proved. */
static void test_bf_page_process__a_spelling_too_long_is_held(void **state)
{
    const fixture *f = *state;
    static const struct {
        const char *name;
        bf_decision decision;
    } cases[] = {{"李敏", BF_DECISION_CLEAR}, {"张庄王双黄光张庄王双黄光张庄王双黄光", BF_DECISION_REVIEW}};
    g_autoptr(pm_page) page = NULL;
    pm_page_spec spec = {.kind = PM_KIND_ID_BACK, .capture = PM_CAPTURE_CLEAN, .seed = 5, .person = f->person};
    assert_true(pm_page_draw(&spec, &page, NULL));
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(bf_query) query = NULL;
        assert_true(bf_name_build(cases[i].name, NULL, &query, NULL));
        bf_page_result r;
        bf_page_result_init(&r);
        bf_page_process(f->worker, &(bf_page_task){.jpeg = page->jpeg, .query = query}, &r);
        assert_int_equal(r.decision, cases[i].decision);
        if (r.decision == BF_DECISION_REVIEW)
            assert_string_equal(g_ptr_array_index(r.reasons, 0), "script-not-proved");
        bf_page_result_clear(&r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bf_page_process__an_unknown_character_is_found_by_its_glyph),
        cmocka_unit_test(test_bf_page_process__a_spelling_too_long_is_held),
        cmocka_unit_test(test_bf_page_process__other_people_of_that_surname_hold_no_page),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
