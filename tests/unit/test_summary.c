#include "blindfold/report.h"
#include "record_samples.h"
#include <sys/stat.h>

#define HEAD "\xEF\xBB\xBFid,verdict,reasons,pages,masked,clear,review,masks,dropped,input_sha256,output_sha256\r\n"
#define REST ",held,name-not-found unsure,2,1,0,1,2,1," SHA_A "," SHA_B "\r\n"

static void write_report(const char *folder, const char *id)
{
    g_autoptr(bf_package_result) result = make_result(id);
    assert_true(bf_report_write(folder, result, &SAMPLE_TOOL, NULL));
}

static void assert_summary(const char *folder, const char *expected)
{
    g_autoptr(GError) error = NULL;
    assert_true(bf_report_write_summary(folder, &error));
    g_autoptr(GString) csv = load_text(folder, "summary.csv");
    assert_string_equal(csv->str, expected);
    assert_int_equal(csv->len, strlen(expected));
}

static void test_report_write_summary__no_reports(void **state)
{
    (void)state;
    char *folder = make_scratch();
    assert_summary(folder, HEAD);
    g_autofree char *path = g_build_filename(folder, "summary.csv", NULL);
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0644);
    remove_scratch(folder);
}

static void test_report_write_summary__sorted(void **state)
{
    (void)state;
    char *folder = make_scratch();
    const char *const ids[] = {"b", "编号", "A-10", "a", "A-9"};
    for (gsize i = 0; i < G_N_ELEMENTS(ids); i++)
        write_report(folder, ids[i]);
    g_autofree char *reports = g_build_filename(folder, "reports", NULL);
    store_text(reports, "a.html", "x", 1); /* what is no report is no row */
    store_text(reports, "a.json.5XQ2Z1", "x", 1);
    assert_summary(folder, HEAD "A-10" REST "A-9" REST "a" REST "b" REST "编号" REST);
    remove_scratch(folder);
}

static void test_report_write_summary__quoting(void **state)
{
    (void)state;
    const struct {
        const char *id, *field;
    } cases[] = {
        {"=1+1", "'=1+1"},
        {"+1", "'+1"},
        {"-1", "'-1"},
        {"@SUM(A1)", "'@SUM(A1)"},
        {"=A,\"B", "\"'=A,\"\"B\""},
        {"\uFF1D1", "'\uFF1D1"},
        {"1=1", "1=1"},
        {"a,b", "\"a,b\""},
        {"a\"b", "\"a\"\"b\""},
        {"a;b", "a;b"},
        {"12", "12"},
        {"0012", "\"0012\t\""},
        {"2026-11", "\"2026-11\t\""},
        {"1E5", "\"1E5\t\""},
        {"1.50", "\"1.50\t\""},
        {"0", "0"},
        {"123456789012345", "123456789012345"},
        {"1234567890123456", "\"1234567890123456\t\""},
        {"12a", "12a"},
        {"A-10", "A-10"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *folder = make_scratch();
        write_report(folder, cases[i].id);
        g_autofree char *expected = g_strconcat(HEAD, cases[i].field, REST, NULL);
        assert_summary(folder, expected);
        remove_scratch(folder);
    }
}

static void test_report_write_summary__unreadable(void **state)
{
    (void)state;
    char *folder = make_scratch();
    write_report(folder, "A");
    write_report(folder, "C");
    g_autofree char *reports = g_build_filename(folder, "reports", NULL);
    store_text(reports, "B.json", "{", 1);
    assert_summary(folder, HEAD "A" REST "B,failed,report-unreadable,0,0,0,0,0,0,,\r\n"
                                "C" REST);
    remove_scratch(folder);
}

static void test_report_write_summary__cannot_write(void **state)
{
    (void)state;
    char *folder = make_scratch();
    g_autofree char *missing = g_build_filename(folder, "gone", NULL);
    g_autoptr(GError) error = NULL;
    assert_false(bf_report_write_summary(missing, &error));
    assert_true(g_error_matches(error, BF_REPORT_ERROR, BF_REPORT_ERROR_WRITE));
    g_clear_error(&error);
    store_text(folder, "reports", "", 0);
    assert_false(bf_report_write_summary(folder, &error));
    assert_true(g_error_matches(error, BF_REPORT_ERROR, BF_REPORT_ERROR_OPEN));
    remove_scratch(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_report_write_summary__no_reports),   cmocka_unit_test(test_report_write_summary__sorted),
        cmocka_unit_test(test_report_write_summary__quoting),      cmocka_unit_test(test_report_write_summary__unreadable),
        cmocka_unit_test(test_report_write_summary__cannot_write),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
