/* A package goes out only by proof: every single thing that is missing from a perfect result holds it. */
#include "batch/verdict.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static bf_page_result *add_perfect_page(bf_package_result *r)
{
    bf_page_record *record = bf_page_record_new();
    bf_page_result *page = &record->page;
    page->decision = BF_DECISION_MASKED;
    page->needs_masking = BF_ANSWER_YES;
    page->legibility = BF_LEGIBILITY_LEGIBLE;
    page->verify_passed = true;
    page->output = g_bytes_new_static("x", 1);
    g_ptr_array_add(r->pages, record);
    return page;
}

static char *join_reasons(const bf_package_result *r)
{
    g_autoptr(GString) s = g_string_new(NULL);
    for (guint i = 0; r->reasons && i < r->reasons->len; i++)
        g_string_append_printf(s, "%s%s", i ? " " : "", (const char *)r->reasons->pdata[i]);
    return g_string_free(g_steal_pointer(&s), FALSE);
}

static void none(bf_page_result *page)
{
    (void)page;
}

static void clear(bf_page_result *page)
{
    page->decision = BF_DECISION_CLEAR;
    page->needs_masking = BF_ANSWER_NO;
    page->legibility = BF_LEGIBILITY_MARGINAL;
}

static void review(bf_page_result *page)
{
    page->decision = BF_DECISION_REVIEW;
    bf_page_result_add_reason(page, "name-expected");
}

static void review_without_reason(bf_page_result *page)
{
    page->decision = BF_DECISION_REVIEW;
}

static void unknown_decision(bf_page_result *page)
{
    page->decision = (bf_decision)99;
}

static void unverified(bf_page_result *page)
{
    page->verify_passed = false;
}

static void without_output(bf_page_result *page)
{
    g_clear_pointer(&page->output, g_bytes_unref);
}

static void illegible(bf_page_result *page)
{
    page->legibility = BF_LEGIBILITY_ILLEGIBLE;
}

static void untouched(bf_page_result *page)
{
    bf_page_result_clear(page);
}

static void test_verdict_decide__one_page(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        void (*spoil)(bf_page_result *);
        bf_verdict verdict;
        const char *reasons;
    } cases[] = {
        {"perfect", none, BF_VERDICT_RELEASED, ""},
        {"clear and marginal", clear, BF_VERDICT_RELEASED, ""},
        {"in review", review, BF_VERDICT_HELD, "name-expected"},
        {"in review, nobody says why", review_without_reason, BF_VERDICT_HELD, "review"},
        {"a decision that nobody knows", unknown_decision, BF_VERDICT_HELD, "review"},
        {"not verified", unverified, BF_VERDICT_HELD, "not-verified"},
        {"no picture", without_output, BF_VERDICT_HELD, "not-verified"},
        {"illegible", illegible, BF_VERDICT_HELD, "illegible"},
        {"as it is before any work", untouched, BF_VERDICT_HELD, "review"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
        for (guint place = 0; place < 3; place++) { /* first, middle or last of three */
            g_autoptr(bf_package_result) r = bf_package_result_new("17");
            for (guint k = 0; k < 3; k++) {
                bf_page_result *page = add_perfect_page(r);
                if (k == place)
                    cases[i].spoil(page);
            }
            verdict_decide(r, NULL);
            g_autofree char *reasons = join_reasons(r);
            if (r->verdict != cases[i].verdict || strcmp(reasons, cases[i].reasons) != 0)
                fail_msg("%s: %s, %s", cases[i].what, bf_verdict_word(r->verdict), reasons);
        }
}

static void test_verdict_decide__package(void **state)
{
    (void)state;
    g_autoptr(GPtrArray) dropped = g_ptr_array_new();
    g_autoptr(bf_package_result) empty = bf_package_result_new("1");
    verdict_decide(empty, dropped);
    g_autofree char *of_empty = join_reasons(empty);
    assert_int_equal(empty->verdict, BF_VERDICT_HELD);
    assert_string_equal(of_empty, "no-pages");

    g_ptr_array_add(dropped, "encrypted");
    g_ptr_array_add(dropped, "encrypted");
    g_autoptr(bf_package_result) r = bf_package_result_new("2");
    add_perfect_page(r);
    bf_page_result_add_reason(add_perfect_page(r), "recoded");
    verdict_decide(r, dropped);
    g_autofree char *reasons = join_reasons(r);
    assert_int_equal(r->verdict, BF_VERDICT_HELD);
    assert_string_equal(reasons, "recoded encrypted"); /* the pages' first, each once */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_verdict_decide__one_page),
        cmocka_unit_test(test_verdict_decide__package),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
