#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "blindfold/result.h"

/* What is not proved must read as review, unknown, not legible: the zero of everything. */
static void test_page_result_init__proves_nothing(void **state)
{
    (void)state;
    bf_page_result r;
    memset(&r, 0xAA, sizeof r);
    bf_page_result_init(&r);
    assert_int_equal(r.decision, BF_DECISION_REVIEW);
    assert_int_equal(r.needs_masking, BF_ANSWER_UNKNOWN);
    assert_int_equal(r.legibility, BF_LEGIBILITY_ILLEGIBLE);
    assert_int_equal(r.orientation_deg, -1);
    assert_false(r.verify_passed);
    assert_string_equal(r.sha256_out, "");
    assert_null(r.output);
    g_autoptr(bf_package_result) package = bf_package_result_new("A-17");
    assert_int_equal(package->verdict, BF_VERDICT_FAILED);
    assert_string_equal(package->id, "A-17");
    bf_page_record *record = bf_page_record_new();
    assert_int_equal(record->page.orientation_deg, -1);
    bf_page_record_free(record);
}

static void test_page_result_add_reason__once_each(void **state)
{
    (void)state;
    bf_page_result r;
    char same[] = "blurred"; /* equal words need not be one string */
    bf_page_result_init(&r);
    bf_page_result_add_reason(&r, "blurred");
    bf_page_result_add_reason(&r, "turned");
    bf_page_result_add_reason(&r, same);
    assert_int_equal(r.reasons->len, 2);
    assert_string_equal(g_ptr_array_index(r.reasons, 0), "blurred");
    assert_string_equal(g_ptr_array_index(r.reasons, 1), "turned");
    bf_page_result_clear(&r);
    assert_null(r.reasons);
}

/* The address sanitizer sees what is not freed. */
static void test_page_result_clear__leaves_an_initialised_one(void **state)
{
    (void)state;
    bf_page_result r;
    bf_page_result_init(&r);
    bf_page_result_add_reason(&r, "blurred");
    r.legibility_reasons = g_ptr_array_new();
    r.masks = g_array_new(FALSE, FALSE, sizeof(bf_mask));
    r.output = g_bytes_new("x", 1);
    r.decision = BF_DECISION_CLEAR;
    r.orientation_deg = 90;
    bf_page_result_clear(&r);
    bf_page_result fresh;
    bf_page_result_init(&fresh);
    assert_int_equal(r.decision, fresh.decision);
    assert_int_equal(r.orientation_deg, -1);
    assert_true(!r.masks && !r.output && !r.legibility_reasons);
    bf_page_result_clear(&r);
}

static void test_package_result_free__owns_its_parts(void **state)
{
    (void)state;
    bf_package_result *r = bf_package_result_new("A-17");
    bf_page_record *record = bf_page_record_new();
    record->entry = g_strdup("a/1.jpg");
    record->output_entry = g_strdup("a/001.jpg");
    bf_page_result_add_reason(&record->page, "blurred");
    g_ptr_array_add(r->pages, record);
    g_ptr_array_add(r->dropped, bf_dropped_entry_new("x.txt", 3, "not-an-image"));
    r->output = g_strdup("packages/A-17.zip");
    r->reasons = g_ptr_array_new();
    const bf_dropped_entry *dropped = g_ptr_array_index(r->dropped, 0);
    assert_string_equal(dropped->entry, "x.txt");
    assert_int_equal(dropped->entry_index, 3);
    assert_string_equal(dropped->reason, "not-an-image");
    bf_package_result_free(r);
    bf_package_result_free(NULL);
    bf_page_record_free(NULL);
    bf_dropped_entry_free(NULL);
}

static void test_words__as_the_reports_write_them(void **state)
{
    (void)state;
    assert_string_equal(bf_decision_word(BF_DECISION_REVIEW), "review");
    assert_string_equal(bf_decision_word(BF_DECISION_MASKED), "masked");
    assert_string_equal(bf_decision_word(BF_DECISION_CLEAR), "clear");
    assert_string_equal(bf_mask_kind_word(BF_MASK_NAME), "name");
    assert_string_equal(bf_mask_kind_word(BF_MASK_PINYIN), "pinyin");
    assert_string_equal(bf_mask_kind_word(BF_MASK_SIGNATURE), "signature");
    assert_string_equal(bf_mask_kind_word(BF_MASK_SEAL), "seal");
    assert_string_equal(bf_mask_kind_word(BF_MASK_MANUAL), "manual");
    assert_string_equal(bf_legibility_word(BF_LEGIBILITY_ILLEGIBLE), "illegible");
    assert_string_equal(bf_legibility_word(BF_LEGIBILITY_MARGINAL), "marginal");
    assert_string_equal(bf_legibility_word(BF_LEGIBILITY_LEGIBLE), "legible");
    assert_string_equal(bf_verdict_word(BF_VERDICT_FAILED), "failed");
    assert_string_equal(bf_verdict_word(BF_VERDICT_HELD), "held");
    assert_string_equal(bf_verdict_word(BF_VERDICT_RELEASED), "released");
    assert_string_equal(bf_decision_word((bf_decision)99), "review");
    assert_string_equal(bf_verdict_word((bf_verdict)-1), "failed");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_page_result_init__proves_nothing),
        cmocka_unit_test(test_page_result_add_reason__once_each),
        cmocka_unit_test(test_page_result_clear__leaves_an_initialised_one),
        cmocka_unit_test(test_package_result_free__owns_its_parts),
        cmocka_unit_test(test_words__as_the_reports_write_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
