#include "blindfold/report.h"
#include "record_samples.h"
#include <locale.h>
#include <math.h>
#include <sys/stat.h>

static const char EXPECTED[] = "{\n"
                               "  \"schema\": \"blindfold.report/1\",\n"
                               "  \"package\": {\n"
                               "    \"id\": \"A-01\",\n"
                               "    \"input_sha256\": \"" SHA_A "\",\n"
                               "    \"output\": \"held/A-01.zip\",\n"
                               "    \"output_sha256\": \"" SHA_B "\",\n"
                               "    \"verdict\": \"held\",\n"
                               "    \"reasons\": [\n"
                               "      \"name-not-found\",\n"
                               "      \"unsure\"\n"
                               "    ],\n"
                               "    \"person\": \"" SHA_C "\"\n"
                               "  },\n"
                               "  \"tool\": {\n"
                               "    \"version\": \"0.1.0\",\n"
                               "    \"settings\": {\n"
                               "      \"margin\": \"6\",\n"
                               "      \"quality\": \"92\"\n"
                               "    },\n"
                               "    \"readers\": [\n"
                               "      {\n"
                               "        \"name\": \"ppocr\",\n"
                               "        \"version\": \"5.0\",\n"
                               "        \"model_sha256\": \"" SHA_D "\"\n"
                               "      },\n"
                               "      {\n"
                               "        \"name\": \"tesseract\",\n"
                               "        \"version\": \"5.3.0\",\n"
                               "        \"model_sha256\": null\n"
                               "      }\n"
                               "    ]\n"
                               "  },\n"
                               "  \"pages\": [\n"
                               "    {\n"
                               "      \"entry\": \"学历/×××毕业证.jpg\",\n"
                               "      \"entry_index\": 3,\n"
                               "      \"output_entry\": \"学历/001.jpg\",\n"
                               "      \"sha256_in\": \"" SHA_A "\",\n"
                               "      \"sha256_out\": \"" SHA_B "\",\n"
                               "      \"width\": 1240,\n"
                               "      \"height\": 1754,\n"
                               "      \"exif_orientation\": 6,\n"
                               "      \"orientation_deg\": 0,\n"
                               "      \"legibility\": {\n"
                               "        \"verdict\": \"legible\",\n"
                               "        \"score\": 0.988,\n"
                               "        \"reasons\": []\n"
                               "      },\n"
                               "      \"needs_masking\": true,\n"
                               "      \"decision\": \"masked\",\n"
                               "      \"reasons\": [],\n"
                               "      \"masks\": [\n"
                               "        {\n"
                               "          \"x\": 64,\n"
                               "          \"y\": 128,\n"
                               "          \"w\": 192,\n"
                               "          \"h\": 48,\n"
                               "          \"kind\": \"name\",\n"
                               "          \"reader\": \"ppocr\",\n"
                               "          \"score\": 0.500\n"
                               "        },\n"
                               "        {\n"
                               "          \"x\": 0,\n"
                               "          \"y\": 16,\n"
                               "          \"w\": 32,\n"
                               "          \"h\": 32,\n"
                               "          \"kind\": \"seal\",\n"
                               "          \"reader\": \"tesseract\",\n"
                               "          \"score\": 1.000\n"
                               "        }\n"
                               "      ],\n"
                               "      \"verify\": {\n"
                               "        \"passed\": true,\n"
                               "        \"unchanged_blocks\": 51000,\n"
                               "        \"masked_blocks\": 240\n"
                               "      }\n"
                               "    },\n"
                               "    {\n"
                               "      \"entry\": \"b \\\"2\\\".jpg\",\n"
                               "      \"entry_index\": 4,\n"
                               "      \"output_entry\": null,\n"
                               "      \"sha256_in\": null,\n"
                               "      \"sha256_out\": null,\n"
                               "      \"width\": 0,\n"
                               "      \"height\": 0,\n"
                               "      \"exif_orientation\": null,\n"
                               "      \"orientation_deg\": null,\n"
                               "      \"jpeg_warnings\": 7,\n"
                               "      \"legibility\": {\n"
                               "        \"verdict\": \"illegible\",\n"
                               "        \"score\": 0.000,\n"
                               "        \"reasons\": []\n"
                               "      },\n"
                               "      \"needs_masking\": null,\n"
                               "      \"decision\": \"review\",\n"
                               "      \"reasons\": [\n"
                               "        \"name-not-found\",\n"
                               "        \"unsure\"\n"
                               "      ],\n"
                               "      \"masks\": [],\n"
                               "      \"verify\": {\n"
                               "        \"passed\": false,\n"
                               "        \"unchanged_blocks\": 0,\n"
                               "        \"masked_blocks\": 0,\n"
                               "        \"recoded\": true\n"
                               "      }\n"
                               "    }\n"
                               "  ],\n"
                               "  \"dropped\": [\n"
                               "    {\n"
                               "      \"entry\": \"说明.docx\",\n"
                               "      \"entry_index\": 0,\n"
                               "      \"reason\": \"not-an-image\"\n"
                               "    }\n"
                               "  ]\n"
                               "}\n";

static void test_report_to_json__exact(void **state)
{
    (void)state;
    g_autoptr(bf_package_result) result = make_result("A-01");
    g_autofree char *json = bf_report_to_json(result, &SAMPLE_TOOL);
    assert_string_equal(json, EXPECTED);
}

static void test_report_to_json__comma_locale(void **state)
{
    (void)state;
    if (!setlocale(LC_ALL, "de_DE.UTF-8"))
        skip();
    g_autoptr(bf_package_result) result = make_result("A-01");
    g_autofree char *json = bf_report_to_json(result, &SAMPLE_TOOL);
    setlocale(LC_ALL, "C");
    assert_string_equal(json, EXPECTED);
}

static void test_report_to_json__strange_values(void **state)
{
    (void)state;
    g_autoptr(bf_package_result) result = make_result("A-01");
    bf_page_record *record = result->pages->pdata[0];
    record->page.legibility_score = NAN;
    g_array_index(record->page.masks, bf_mask, 0).score = -0.0f;
    g_array_index(record->page.masks, bf_mask, 1).score = 7.0f;
    g_free(record->entry);
    record->entry = g_strdup("a\x01\t\\\xff.jpg");
    g_autofree char *json = bf_report_to_json(result, &SAMPLE_TOOL);
    assert_non_null(strstr(json, "\"score\": 0.000,\n        \"reasons\""));
    assert_non_null(strstr(json, "\"reader\": \"ppocr\",\n          \"score\": 0.000"));
    assert_non_null(strstr(json, "\"reader\": \"tesseract\",\n          \"score\": 1.000"));
    assert_non_null(strstr(json, "\"a\\u0001\\t\\\\\xef\xbf\xbd.jpg\""));
    g_autoptr(bf_package_result) back = NULL;
    assert_true(bf_report_parse(json, strlen(json), "memory", &back, NULL, NULL));
    record = back->pages->pdata[0];
    assert_string_equal(record->entry, "a\x01\t\\\xef\xbf\xbd.jpg");
}

static void test_report_read__round_trip(void **state)
{
    (void)state;
    char *folder = make_scratch();
    g_autoptr(bf_package_result) result = make_result("A-01");
    assert_true(bf_report_write(folder, result, &SAMPLE_TOOL, NULL));
    g_autofree char *path = g_build_filename(folder, "reports", "A-01.json", NULL);
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);

    g_autoptr(bf_package_result) back = NULL;
    g_autoptr(bf_report_tool) tool = NULL;
    assert_true(bf_report_read(folder, "A-01", &back, NULL));
    assert_true(bf_report_read_tool(folder, "A-01", &tool, NULL));
    g_autofree char *json = bf_report_to_json(back, &tool->info);
    assert_string_equal(json, EXPECTED);
    const bf_page_record *unknown = back->pages->pdata[1];
    assert_int_equal(unknown->page.orientation_deg, -1);
    assert_int_equal(unknown->page.needs_masking, BF_ANSWER_UNKNOWN);
    assert_true(unknown->page.recoded);
    assert_int_equal(unknown->page.jpeg_warnings, 7);
    assert_string_equal(back->person, SHA_C);
    remove_scratch(folder);
}

static void test_report_read__failed_package(void **state)
{
    (void)state;
    g_autoptr(bf_package_result) result = bf_package_result_new("编号.7");
    const bf_tool_info bare = {"0.1.0", "", NULL, 0};
    g_autofree char *json = bf_report_to_json(result, &bare);
    g_autoptr(bf_package_result) back = NULL;
    g_autoptr(bf_report_tool) tool = NULL;
    assert_true(bf_report_parse(json, strlen(json), "memory", &back, &tool, NULL));
    assert_string_equal(back->id, "编号.7");
    assert_int_equal(back->verdict, BF_VERDICT_FAILED);
    assert_null(back->output);
    assert_null(back->person);
    assert_string_equal(back->input_sha256, "");
    assert_string_equal(tool->info.settings, "");
    assert_true(bf_report_tool_equals(&bare, &tool->info));
}

static void test_report_tool_equals__differences(void **state)
{
    (void)state;
    const bf_reader_info other_model[] = {{"ppocr", "5.0", SHA_A}, {"tesseract", "5.3.0", ""}};
    const struct {
        const char *what;
        bf_tool_info info;
        bool equal;
    } cases[] = {
        {"same", {"0.1.0", "margin=6 quality=92", SAMPLE_READERS, 2}, true},
        {"version", {"0.1.1", "margin=6 quality=92", SAMPLE_READERS, 2}, false},
        {"settings", {"0.1.0", "margin=7 quality=92", SAMPLE_READERS, 2}, false},
        {"a reader less", {"0.1.0", "margin=6 quality=92", SAMPLE_READERS, 1}, false},
        {"another model", {"0.1.0", "margin=6 quality=92", other_model, 2}, false},
    };
    g_autoptr(bf_package_result) back = NULL;
    g_autoptr(bf_report_tool) tool = NULL;
    assert_true(bf_report_parse(EXPECTED, strlen(EXPECTED), "memory", &back, &tool, NULL));
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        if (bf_report_tool_equals(&tool->info, &cases[i].info) != cases[i].equal)
            fail_msg("%s", cases[i].what);
}

/* One replacement in the good report each. */
static void test_report_parse__foreign(void **state)
{
    (void)state;
    const struct {
        const char *from, *to;
        bool good;
    } cases[] = {
        {"\"score\": 1.000", "\"score\": 1", true},
        {"\"exif_orientation\": 6", "\"exif_orientation\": 9", false},
        {"\"exif_orientation\": 6", "\"exif_orientation\": 0", false},
        {"\"orientation_deg\": 0", "\"orientation_deg\": 45", false},
        {"\"jpeg_warnings\": 7", "\"jpeg_warnings\": -7", false},
        {"\"jpeg_warnings\": 7", "\"jpeg_warnings\": null", true},
        {"\"orientation_deg\": 0", "\"orientation_deg\": 0, \"turned_from\": 6, \"not_turned\": \"odd-size\"", true},
        {"\"orientation_deg\": 0", "\"orientation_deg\": 0, \"turned_from\": 9", false},
        {"\"orientation_deg\": 0", "\"orientation_deg\": 0, \"turned_from\": 0", false},
        {"\"orientation_deg\": 0", "\"orientation_deg\": 0, \"not_turned\": \"Some Text\"", false},
        {"\"orientation_deg\": 0", "\"orientation_deg\": \"0\"", false},
        {"report/1", "report/2", false},
        {"\"id\": \"A-01\"", "\"id\": \"../A-01\"", false},
        {"\"id\": \"A-01\"", "\"id\": \"..\"", false},
        {"\"id\": \"A-01\"", "\"id\": null", false},
        {"held/A-01.zip", "held/../../A-01.zip", false},
        {"held/A-01.zip", "held/A-02.zip", false},
        {"\"verdict\": \"held\"", "\"verdict\": \"free\"", false},
        {"\"decision\": \"masked\"", "\"decision\": 1", false},
        {"\"needs_masking\": true", "\"needs_masking\": \"yes\"", false},
        {"\"person\": \"cc", "\"person\": \"CC", false},
        {"\"sha256_in\": \"aa", "\"sha256_in\": \"", false},
        {"\"width\": 1240", "\"width\": -1", false},
        {"\"width\": 1240", "\"width\": 99999999999999999999", false},
        {"\"width\": 1240", "\"width\": 12.5", false},
        {"\"w\": 192", "\"w\": 4294967296", false},
        {"\"entry_index\": 3", "\"entry_index\": 4294967296", false},
        {"\"unchanged_blocks\": 51000", "\"unchanged_blocks\": -1", false},
        {"\"score\": 0.500", "\"score\": 1.5", false},
        {"\"score\": 0.500", "\"score\": 1e999", false},
        {"\"kind\": \"seal\"", "\"kind\": \"face\"", false},
        {"\"reader\": \"ppocr\"", "\"reader\": \"P <b>\"", false},
        {"\"unsure\"\n", "\"Some One\"\n", false},
        {"\"unsure\"\n", "{}\n", false},
        {"\"not-an-image\"", "\"\"", false},
        {"\"masks\": []", "\"masks\": {}", false},
        {"\"masks\": []", "\"masks\": [[]]", false},
        {"\"masks\": []", "\"masks\": [], \"doubts\": [{\"x\": 1, \"y\": 2, \"w\": 3, \"h\": 4, \"reason\": \"unread-ink\"}]", true},
        {"\"masks\": []", "\"masks\": [], \"doubts\": [{\"x\": 1, \"y\": 2, \"w\": 3, \"reason\": \"unread-ink\"}]", false},
        {"\"masks\": []", "\"masks\": [], \"doubts\": [{\"x\": 1, \"y\": 2, \"w\": 3, \"h\": 4, \"reason\": \"A b\"}]", false},
        {"\"masks\": []", "\"masks\": [], \"doubts\": {}", false},
        {"\"masks\": []", "\"masks\": [], \"decided_by\": \"person\"", true},
        {"\"masks\": []", "\"masks\": [], \"decided_by\": \"chance\"", false},
        {"\"margin\": \"6\"", "\"margin\": 6", false},
        {"\"readers\": [", "\"readers\": [ 1,", false},
        {"\"legibility\": {", "\"legibility_of\": {", false},
        {"\"verify\": {", "\"verify\": [], \"v\": {", false},
        {"\"dropped\": [", "/* [ */ \"dropped\": [", false},
        {"学历/001.jpg", "\\u5b66\\\\ud8\\n.jpg", true},
        {"学历/001.jpg", "\\ud800\\u0041", false},
        {"学历/001.jpg", "\\udc00x.jpg", false},
        {"学历/001.jpg", "\xff", false},
        {"]\n}\n", "]\n", false},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) text = g_string_new(EXPECTED);
        if (g_string_replace(text, cases[i].from, cases[i].to, 1) != 1)
            fail_msg("not in the report: %s", cases[i].from);
        g_autoptr(bf_package_result) back = NULL;
        g_autoptr(GError) error = NULL;
        bool good = bf_report_parse(text->str, text->len, "memory", &back, NULL, &error);
        if (good != cases[i].good || (!good && !g_error_matches(error, BF_REPORT_ERROR, BF_REPORT_ERROR_FORMAT)))
            fail_msg("%s", cases[i].to);
        assert_true(good == (back != NULL));
    }
}

static void test_report_parse__deep(void **state)
{
    (void)state;
    const gsize depth = 1000000; /* enough to drive a recursive parser off its stack */
    g_autoptr(GString) deep = g_string_sized_new(2 * depth);
    g_string_set_size(deep, 2 * depth);
    memset(deep->str, '[', depth);
    memset(deep->str + depth, ']', depth);
    bf_package_result *back = NULL;
    g_autoptr(GError) error = NULL;
    assert_false(bf_report_parse(deep->str, deep->len, "memory", &back, NULL, &error));
    assert_true(g_error_matches(error, BF_REPORT_ERROR, BF_REPORT_ERROR_FORMAT));
}

static void test_report_parse__every_cut(void **state)
{
    (void)state;
    for (gsize length = 0; length < strlen(EXPECTED) - 1; length += 3) {
        g_autoptr(bf_package_result) back = NULL;
        assert_false(bf_report_parse(EXPECTED, length, "memory", &back, NULL, NULL));
    }
}

static void test_report_read__wrong_place(void **state)
{
    (void)state;
    char *folder = make_scratch();
    g_autoptr(bf_package_result) result = make_result("A-01");
    assert_true(bf_report_write(folder, result, &SAMPLE_TOOL, NULL));
    g_autofree char *reports = g_build_filename(folder, "reports", NULL);
    store_text(reports, "B-02.json", EXPECTED, strlen(EXPECTED));
    const struct {
        const char *id;
        int code;
    } cases[] = {{"B-02", BF_REPORT_ERROR_FORMAT},
                 {"C-03", BF_REPORT_ERROR_OPEN},
                 {"../reports/A-01", BF_REPORT_ERROR_FORMAT},
                 {"", BF_REPORT_ERROR_FORMAT}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        bf_package_result *back = NULL;
        g_autoptr(GError) error = NULL;
        assert_false(bf_report_read(folder, cases[i].id, &back, &error));
        assert_true(g_error_matches(error, BF_REPORT_ERROR, cases[i].code));
        assert_null(back);
    }
    remove_scratch(folder);
}

static void test_report_write__refused(void **state)
{
    (void)state;
    char *folder = make_scratch();
    const char *const ids[] = {"../out", "a/b", ".", "..", "", "a\nb"};
    for (gsize i = 0; i < G_N_ELEMENTS(ids); i++) {
        g_autoptr(bf_package_result) result = make_result(ids[i]);
        g_autoptr(GError) error = NULL;
        assert_false(bf_report_write(folder, result, &SAMPLE_TOOL, &error));
        assert_true(g_error_matches(error, BF_REPORT_ERROR, BF_REPORT_ERROR_WRITE));
    }
    store_text(folder, "reports", "", 0); /* a file where the folder should be */
    g_autoptr(bf_package_result) result = make_result("A-01");
    g_autoptr(GError) error = NULL;
    assert_false(bf_report_write(folder, result, &SAMPLE_TOOL, &error));
    assert_true(g_error_matches(error, BF_REPORT_ERROR, BF_REPORT_ERROR_WRITE));
    remove_scratch(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_report_to_json__exact),          cmocka_unit_test(test_report_to_json__comma_locale),
        cmocka_unit_test(test_report_to_json__strange_values), cmocka_unit_test(test_report_read__round_trip),
        cmocka_unit_test(test_report_read__failed_package),    cmocka_unit_test(test_report_tool_equals__differences),
        cmocka_unit_test(test_report_parse__foreign),          cmocka_unit_test(test_report_parse__deep),
        cmocka_unit_test(test_report_parse__every_cut),        cmocka_unit_test(test_report_read__wrong_place),
        cmocka_unit_test(test_report_write__refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
