/* state.db, and how packages get into their places whatever happens on the way. All people are invented. */
#include "batch/arrive.h"
#include "blindfold/batch.h"
#include "blindfold/output_check.h"
#include "blindfold/report.h"
#include "record_samples.h"
#include <sys/stat.h>
#include <unistd.h>

static void note(void *user, const char *sentence)
{
    g_string_append_printf(user, "%s\n", sentence);
}

static bf_output *open_output(const char *folder, GString *said)
{
    bf_output *output = NULL;
    g_autoptr(GError) error = NULL;
    if (!bf_output_open(folder, said ? note : NULL, said, &output, &error))
        fail_msg("%s", error->message);
    return output;
}

static char *path_in(const char *folder, const char *name)
{
    return g_build_filename(folder, name, NULL);
}

static bool is_there(const char *folder, const char *name)
{
    g_autofree char *path = path_in(folder, name);
    return g_file_test(path, G_FILE_TEST_EXISTS);
}

/* A zip of one entry that says `content`, as package `id`; the report is that of make_result. */
static bool publish(bf_output *output, const char *id, bf_verdict verdict, const char *content, GError **error)
{
    g_autoptr(bf_package_result) result = make_result(id);
    g_autoptr(bf_zip_writer) zip = NULL;
    g_autoptr(GBytes) bytes = g_bytes_new(content, strlen(content));
    g_clear_pointer(&result->output, g_free);
    result->verdict = verdict;
    if (verdict != BF_VERDICT_FAILED) {
        g_autofree char *path = bf_output_zip_path(output, id, verdict);
        assert_true(bf_zip_writer_new(path, &zip, NULL));
        assert_true(bf_zip_writer_add(zip, "001.jpg", bytes, NULL));
    } else {
        result->input_sha256[0] = result->output_sha256[0] = '\0';
    }
    const bf_publication p = {
        .result = result, .tool = &SAMPLE_TOOL, .zip = zip, .person_name = SAMPLE_NAME, .input_path = "in/" SAMPLE_NAME ".zip"};
    return bf_output_publish(output, &p, error);
}

static void assert_published(bf_output *output, const char *id, bf_verdict verdict, const char *content)
{
    g_autoptr(GError) error = NULL;
    if (!publish(output, id, verdict, content, &error))
        fail_msg("%s", error->message);
}

static guint count_lines(const char *folder, const char *part)
{
    g_autoptr(GString) text = load_text(folder, "audit.jsonl");
    guint n = 0;
    for (const char *p = text->str; (p = strstr(p, part)); p += strlen(part))
        n++;
    return n;
}

static void assert_record_holds(const char *folder)
{
    g_autofree char *path = path_in(folder, "audit.jsonl");
    bf_audit_summary summary;
    g_autoptr(GError) error = NULL;
    if (!bf_audit_verify(path, &summary, &error))
        fail_msg("%s", error->message);
}

static void test_bf_output_publish__each_verdict(void **state)
{
    (void)state;
    char *folder = make_scratch();
    g_autoptr(bf_output) output = open_output(folder, NULL);
    assert_published(output, "A-01", BF_VERDICT_HELD, "one");
    assert_true(is_there(folder, "held/A-01.zip") && !is_there(folder, "packages/A-01.zip"));
    assert_published(output, "A-01", BF_VERDICT_RELEASED, "two");
    assert_true(!is_there(folder, "held/A-01.zip") && is_there(folder, "packages/A-01.zip"));

    g_autoptr(bf_state_package) p = NULL;
    assert_true(bf_state_get_package(output->state, "A-01", &p, NULL));
    assert_true(p->recorded && p->verdict == BF_VERDICT_RELEASED);
    assert_string_equal(p->output, "packages/A-01.zip");
    assert_string_equal(p->input_path, "in/" SAMPLE_NAME ".zip");
    assert_null(p->temp);
    assert_null(p->report);

    assert_published(output, "A-01", BF_VERDICT_FAILED, "");
    assert_true(!is_there(folder, "held/A-01.zip") && !is_there(folder, "packages/A-01.zip"));
    assert_int_equal(count_lines(folder, "\"event\":\"package\""), 3);
    assert_int_equal(count_lines(folder, "\"event\":\"page\""), 6);
    assert_record_holds(folder);
    remove_scratch(folder);
}

static void test_bf_state_open__is_private(void **state)
{
    (void)state;
    char *folder = make_scratch();
    mode_t mask = umask(0);
    g_autoptr(bf_output) output = open_output(folder, NULL);
    assert_published(output, "A-01", BF_VERDICT_HELD, "one");
    umask(mask);
    static const char *const files[] = {"state.db", "state.db-wal", "state.db-shm", "audit.jsonl", "audit.key"};
    for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path = path_in(folder, files[i]);
        struct stat st;
        assert_int_equal(stat(path, &st), 0);
        assert_int_equal(st.st_mode & 0777, 0600);
    }
    remove_scratch(folder);
}

static void test_bf_state_open__readers_beside_the_writer(void **state)
{
    (void)state;
    char *folder = make_scratch();
    bf_state *reader = NULL;
    g_autoptr(GError) error = NULL;
    assert_false(bf_state_open(folder, "state.db", NULL, NULL, NULL, &reader, &error));
    assert_true(g_error_matches(error, BF_STATE_ERROR, BF_STATE_ERROR_OPEN));
    g_autoptr(bf_output) output = open_output(folder, NULL);
    assert_true(bf_state_open(folder, "state.db", NULL, NULL, NULL, &reader, NULL));
    assert_published(output, "B", BF_VERDICT_HELD, "one");
    assert_published(output, "A", BF_VERDICT_HELD, "one");
    g_autoptr(GPtrArray) packages = NULL;
    assert_true(bf_state_list_packages(reader, &packages, NULL));
    assert_int_equal(packages->len, 2);
    assert_string_equal(((bf_state_package *)packages->pdata[0])->id, "A");
    assert_false(bf_state_drop_package(reader, "A", NULL));
    bf_state_free(reader);
    remove_scratch(folder);
}

/* Once in the state it would have to arrive in the record, and no later run could go on. */
static void test_bf_output_decide__more_than_a_line_holds(void **state)
{
    (void)state;
    char *folder = make_scratch();
    bf_output *output = open_output(folder, NULL);
    gint64 number = 0;
    g_autoptr(GString) masks = g_string_new("[");
    g_autoptr(GError) error = NULL;
    for (guint i = 0; i < 30000; i++)
        g_string_append(masks, i == 0 ? "{\"h\":8,\"w\":16,\"x\":0,\"y\":8}" : ",{\"h\":8,\"w\":16,\"x\":0,\"y\":8}");
    g_string_append_c(masks, ']');
    const bf_state_decision many = {.package_id = "A-01",
                                    .entry_index = 3,
                                    .sha256_in = SHA_A,
                                    .reviewer = "审核员甲",
                                    .decision = "masked",
                                    .reason = "seen",
                                    .masks_before = masks->str,
                                    .masks_after = masks->str};
    assert_false(bf_output_decide(output, &many, SAMPLE_NAME, &number, &error));
    assert_non_null(strstr(error->message, "too many masks"));
    assert_int_equal(count_lines(folder, "\"event\":\"decision\""), 0);
    bf_output_free(output);
    output = open_output(folder, NULL);
    g_autoptr(GPtrArray) decisions = NULL;
    assert_true(bf_state_list_decisions(output->state, "A-01", &decisions, NULL));
    assert_int_equal(decisions->len, 0);
    bf_output_free(output);
    remove_scratch(folder);
}

static void test_bf_output_decide__latest_holds(void **state)
{
    (void)state;
    char *folder = make_scratch();
    bf_output *output = open_output(folder, NULL);
    gint64 number = 0;
    const bf_state_decision first = {.package_id = "A-01",
                                     .entry_index = 3,
                                     .sha256_in = SHA_A,
                                     .reviewer = "审核员甲",
                                     .decision = "masked",
                                     .reason = "seen",
                                     .masks_before = "[]",
                                     .masks_after = "[{\"h\":8,\"w\":16,\"x\":0,\"y\":8}]"};
    bf_state_decision undo = first, other = first;
    undo.decision = "undone";
    other.entry_index = 4;
    assert_true(bf_output_decide(output, &first, SAMPLE_NAME, &number, NULL));
    assert_true(bf_output_decide(output, &other, SAMPLE_NAME, &number, NULL));
    assert_true(bf_output_decide(output, &undo, SAMPLE_NAME, &number, NULL));
    assert_int_equal(number, 3);
    assert_int_equal(count_lines(folder, "\"event\":\"decision\""), 3);
    for (guint round = 0; round < 2; round++) { /* as put, and as known again from the record alone */
        g_autoptr(GPtrArray) decisions = NULL;
        assert_true(bf_state_list_decisions(output->state, "A-01", &decisions, NULL));
        assert_int_equal(decisions->len, 3);
        const bf_state_decision *d = decisions->pdata[0];
        assert_true(d->superseded && d->entry_index == 3);
        assert_string_equal(d->reviewer, "审核员甲");
        assert_string_equal(d->reason, "seen");
        assert_string_equal(d->sha256_in, SHA_A);
        assert_string_equal(d->masks_after, first.masks_after);
        assert_false(((bf_state_decision *)decisions->pdata[1])->superseded);
        assert_string_equal(((bf_state_decision *)decisions->pdata[2])->decision, "undone");
        bf_output_free(output);
        g_autofree char *path = path_in(folder, "state.db");
        assert_int_equal(unlink(path), 0);
        output = open_output(folder, NULL);
    }
    bf_output_free(output);
    remove_scratch(folder);
}

/* Lost or damaged: what reports and record agree on is known again, and it is said. */
static void test_bf_state_open__made_anew(void **state)
{
    (void)state;
    static const struct {
        const char *how, *content;
        bool report_changed;
    } cases[] = {{"was missing", NULL, false},
                 {"was damaged", "this is no database, it only stands in the place of one", false},
                 {"was missing", NULL, true}};
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *folder = make_scratch();
        bf_output *output = open_output(folder, NULL);
        assert_published(output, "A-01", BF_VERDICT_HELD, "one");
        assert_published(output, "A-02", BF_VERDICT_RELEASED, "two");
        bf_output_free(output);
        g_autofree char *path = path_in(folder, "state.db");
        assert_int_equal(unlink(path), 0);
        if (cases[i].content)
            store_text(folder, "state.db", cases[i].content, strlen(cases[i].content));
        if (cases[i].report_changed) {
            g_autoptr(bf_package_result) result = make_result("A-01");
            assert_true(bf_report_write(folder, result, &SAMPLE_TOOL, NULL));
        }
        g_autoptr(GString) said = g_string_new(NULL);
        output = open_output(folder, said);
        assert_non_null(strstr(said->str, cases[i].how));
        assert_non_null(strstr(said->str, cases[i].report_changed ? "1 of 2 packages" : "2 of 2 packages"));
        assert_null(strstr(said->str, SAMPLE_NAME));
        g_autoptr(bf_state_package) p = NULL, changed = NULL;
        g_autofree char *made_by = bf_state_made_by(&SAMPLE_TOOL);
        assert_true(bf_state_get_package(output->state, "A-02", &p, NULL) && p);
        assert_true(p->recorded && p->verdict == BF_VERDICT_RELEASED);
        assert_string_equal(p->person, SHA_C);
        assert_string_equal(p->made_by, made_by);
        assert_true(bf_state_get_package(output->state, "A-01", &changed, NULL));
        assert_int_equal(changed == NULL, cases[i].report_changed);
        bf_output_free(output);
        remove_scratch(folder);
    }
}

/* Begun and not ended at every place on the way: the next opening brings it home, with each line once. */
static void test_bf_output_open__ends_what_was_begun(void **state)
{
    (void)state;
    for (guint lines = 0; lines <= 3; lines++)
        for (guint placed = 0; placed <= 1; placed++) {
            char *folder = make_scratch();
            bf_output *output = open_output(folder, NULL);
            assert_published(output, "A-01", BF_VERDICT_RELEASED, "old");
            g_autofree char *final = bf_output_zip_path(output, "A-01", BF_VERDICT_HELD), *temp = path_in(folder, "held/.blindfold-AbCdEf");
            g_autoptr(bf_package_result) result = make_result("A-01");
            g_autofree char *report = bf_report_to_json(result, &SAMPLE_TOOL);
            store_text(folder, placed ? "held/A-01.zip" : "held/.blindfold-AbCdEf", "new", 3);
            char sum[BF_SHA256_HEX];
            assert_true(arrive_file_sha256(placed ? final : temp, sum));
            g_autofree char *a = bf_audit_compose_page(output->audit, "A-01", SAMPLE_NAME, result->pages->pdata[0]);
            g_autofree char *b = bf_audit_compose_page(output->audit, "A-01", SAMPLE_NAME, result->pages->pdata[1]);
            g_autofree char *c = bf_audit_compose_package(output->audit, SAMPLE_NAME, result);
            const char *const bodies[] = {a, b, c};
            const bf_state_package row = {.id = "A-01",
                                          .output = "held/A-01.zip",
                                          .output_sha256 = sum,
                                          .verdict = BF_VERDICT_HELD,
                                          .temp = "held/.blindfold-AbCdEf",
                                          .report = report,
                                          .html = (char *)"<p>the new one</p>",
                                          .from_line = bf_audit_n_lines(output->audit)};
            assert_true(bf_state_put_package(output->state, &row, bodies, 3, NULL));
            assert_true(bf_audit_append(output->audit, row.from_line, bodies, lines, NULL));
            bf_output_free(output);

            g_autoptr(GString) said = g_string_new(NULL);
            output = open_output(folder, said);
            assert_non_null(strstr(said->str, "now it is whole"));
            assert_true(is_there(folder, "held/A-01.zip") && !is_there(folder, "packages/A-01.zip"));
            assert_false(is_there(folder, "held/.blindfold-AbCdEf"));
            assert_int_equal(count_lines(folder, "\"event\":\"package\""), 2);
            assert_int_equal(count_lines(folder, "\"event\":\"page\""), 4);
            g_autoptr(GString) stored = load_text(folder, "reports/A-01.json");
            assert_string_equal(stored->str, report);
            g_autoptr(GString) html = load_text(folder, "reports/A-01.html"); /* the old one told of another verdict */
            assert_string_equal(html->str, "<p>the new one</p>");
            g_autofree char *waiting = NULL;
            assert_true(bf_state_get_html(output->state, "A-01", &waiting, NULL));
            assert_null(waiting);
            bf_output_free(output);
            said->str[0] = '\0';
            output = open_output(folder, said); /* and that is all */
            assert_string_equal(said->str, "");
            assert_int_equal(count_lines(folder, "\"event\":\"page\""), 4);
            assert_record_holds(folder);
            bf_output_free(output);
            remove_scratch(folder);
        }
}

/* Its zip is gone altogether: the row is taken back, nothing is recorded, and what stood before still stands. */
static void test_bf_output_open__a_lost_zip_is_no_package(void **state)
{
    (void)state;
    char *folder = make_scratch();
    bf_output *output = open_output(folder, NULL);
    assert_published(output, "A-01", BF_VERDICT_RELEASED, "old");
    const bf_state_package row = {.id = "A-01",
                                  .output = "held/A-01.zip",
                                  .output_sha256 = SHA_A,
                                  .verdict = BF_VERDICT_HELD,
                                  .temp = "held/.blindfold-AbCdEf",
                                  .report = "{}",
                                  .from_line = bf_audit_n_lines(output->audit)};
    const char *const bodies[] = {"{\"event\":\"package\",\"id\":\"A-01\"}"};
    assert_true(bf_state_put_package(output->state, &row, bodies, 1, NULL));
    bf_output_free(output);
    g_autoptr(GString) said = g_string_new(NULL);
    output = open_output(folder, said);
    assert_non_null(strstr(said->str, "will be done again"));
    g_autoptr(bf_state_package) p = NULL;
    assert_true(bf_state_get_package(output->state, "A-01", &p, NULL));
    assert_null(p);
    assert_true(is_there(folder, "packages/A-01.zip"));
    assert_int_equal(count_lines(folder, "\"event\":\"package\""), 1);
    bf_output_free(output);
    remove_scratch(folder);
}

static void test_bf_output_open__stale_files(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        bool goes;
    } cases[] = {{"held/.blindfold-AbCdEf", true}, {"reports/.blindfold-AB12cd", true},
                 {".blindfold-AB12cd", true},      {"reports/A-01.json.backup", false},
                 {"notes.AB12cd", false},          {"packages/A-09.zip", false}};
    char *folder = make_scratch();
    bf_output_free(open_output(folder, NULL));
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
        store_text(folder, cases[i].name, "x", 1);
    bf_output_free(open_output(folder, NULL));
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
        assert_int_equal(is_there(folder, cases[i].name), !cases[i].goes);
    remove_scratch(folder);
}

static void change_file(const char *folder, const char *name, const char *find, const char *put)
{
    g_autoptr(GString) text = load_text(folder, name);
    if (find)
        assert_true(g_string_replace(text, find, put, 1) == 1);
    else
        g_string_append(text, put);
    store_text(folder, name, text->str, text->len);
}

/* One thing is not as the record says, and it is told. */
static void test_bf_output_verify__flaws(void **state)
{
    (void)state;
    static const struct {
        const char *remove, *change, *find, *put, *make, *told;
    } cases[] = {{.told = NULL},
                 {.change = "held/A-01.zip", .put = "x", .told = "id A-01: held/A-01.zip is not the file"},
                 {.remove = "held/A-01.zip", .told = "id A-01: held/A-01.zip is missing"},
                 {.make = "packages/A-01.zip", .told = "id A-01: packages/A-01.zip is there, but the record does not say so"},
                 {.make = "packages/B-07.zip", .told = "id B-07: packages holds something of it"},
                 {.make = "reports/B-07.json", .told = "id B-07: reports holds something of it"},
                 {.remove = "reports/A-02.json", .told = "id A-02: its report is missing"},
                 {.change = "reports/A-01.json",
                  .find = "\"decision\": \"review\"",
                  .put = "\"decision\": \"clear\"",
                  .told = "id A-01: page 4: its report says something else"},
                 {.change = "reports/A-01.json",
                  .find = "\"entry_index\": 4",
                  .put = "\"entry_index\": 5",
                  .told = "id A-01: page 5 of its report has no line"},
                 {.change = "reports/A-01.json",
                  .find = "\"entry_index\": 0",
                  .put = "\"entry_index\": 3",
                  .told = "id A-01: its report lists an entry of the input twice"},
                 {.change = "reports/A-01.json",
                  .find = "\"verdict\": \"held\"",
                  .put = "\"verdict\": \"failed\"",
                  .told = "id A-01: its report says something else than the record"}};
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *folder = make_scratch();
        bf_output *output = open_output(folder, NULL);
        assert_published(output, "A-01", BF_VERDICT_HELD, "one");
        assert_published(output, "A-02", BF_VERDICT_RELEASED, "two");
        bf_output_free(output);
        if (cases[i].change)
            change_file(folder, cases[i].change, cases[i].find, cases[i].put);
        if (cases[i].make)
            store_text(folder, cases[i].make, "x", 1);
        if (cases[i].remove) {
            g_autofree char *path = path_in(folder, cases[i].remove);
            assert_int_equal(unlink(path), 0);
        }
        bf_output_check check;
        g_autoptr(GString) said = g_string_new(NULL);
        assert_true(bf_output_verify(folder, note, said, &check, NULL));
        assert_int_equal(check.packages, 2);
        assert_int_equal(check.pages, 4);
        if (!cases[i].told)
            assert_string_equal(said->str, "");
        else if (!strstr(said->str, cases[i].told) || check.flaws == 0)
            fail_msg("\"%s\" should say \"%s\"", said->str, cases[i].told);
        remove_scratch(folder);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bf_output_publish__each_verdict),
        cmocka_unit_test(test_bf_state_open__is_private),
        cmocka_unit_test(test_bf_state_open__readers_beside_the_writer),
        cmocka_unit_test(test_bf_output_decide__latest_holds),
        cmocka_unit_test(test_bf_output_decide__more_than_a_line_holds),
        cmocka_unit_test(test_bf_state_open__made_anew),
        cmocka_unit_test(test_bf_output_open__ends_what_was_begun),
        cmocka_unit_test(test_bf_output_open__a_lost_zip_is_no_package),
        cmocka_unit_test(test_bf_output_open__stale_files),
        cmocka_unit_test(test_bf_output_verify__flaws),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
