#include "blindfold/audit.h"
#include "record_samples.h"
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define N_LINES 5

static bf_audit *open_audit(const char *folder)
{
    bf_audit *audit = NULL;
    g_autoptr(GError) error = NULL;
    if (!bf_audit_open(folder, &audit, &error))
        fail_msg("%s", error->message);
    return audit;
}

/* A scratch folder with a record of N_LINES: run-start, two pages, package, run-end. */
static char *make_record(void)
{
    char *folder = make_scratch();
    g_autoptr(bf_audit) audit = open_audit(folder);
    g_autoptr(bf_package_result) result = make_result("A-01");
    assert_true(bf_audit_run_start(audit, &SAMPLE_TOOL, 1, &SAMPLE_SANDBOX, NULL));
    assert_true(bf_audit_page(audit, "A-01", SAMPLE_NAME, result->pages->pdata[0], NULL));
    assert_true(bf_audit_page(audit, "A-01", SAMPLE_NAME, result->pages->pdata[1], NULL));
    assert_true(bf_audit_package(audit, SAMPLE_NAME, result, NULL));
    assert_true(bf_audit_run_end(audit, 0, 1, 0, false, NULL));
    return folder;
}

static GPtrArray *split_lines(const GString *text)
{
    GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
    for (const char *p = text->str; *p;) {
        const char *end = strchr(p, '\n') + 1;
        g_ptr_array_add(lines, g_strndup(p, (gsize)(end - p)));
        p = end;
    }
    return lines;
}

static void store_lines(const char *folder, const GPtrArray *lines)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < lines->len; i++)
        g_string_append(text, lines->pdata[i]);
    store_text(folder, "audit.jsonl", text->str, text->len);
}

/* The line (1-based) at which the record is broken; 0 when it holds. Any other error fails the test. */
static int find_broken_line(const char *folder, bf_audit_summary *out)
{
    g_autofree char *path = g_build_filename(folder, "audit.jsonl", NULL);
    g_autoptr(GError) error = NULL;
    bf_audit_summary summary = {0};
    if (bf_audit_verify(path, out ? out : &summary, &error))
        return 0;
    if (!g_error_matches(error, BF_AUDIT_ERROR, BF_AUDIT_ERROR_BROKEN))
        fail_msg("%s", error->message);
    const char *at = strstr(error->message, "audit.jsonl: line ");
    assert_non_null(at);
    return (int)g_ascii_strtoll(at + strlen("audit.jsonl: line "), NULL, 10);
}

static void hide_key(const char *folder)
{
    g_autofree char *key = g_build_filename(folder, "audit.key", NULL);
    assert_int_equal(g_unlink(key), 0);
}

static void assert_open_fails(const char *folder, int code, const char *hint)
{
    bf_audit *audit = NULL;
    g_autoptr(GError) error = NULL;
    assert_false(bf_audit_open(folder, &audit, &error));
    assert_null(audit);
    if (!g_error_matches(error, BF_AUDIT_ERROR, code) || !strstr(error->message, hint))
        fail_msg("%s", error->message);
}

static void test_audit_open__new_record(void **state)
{
    (void)state;
    char *folder = make_record();
    struct stat st;
    g_autofree char *key = g_build_filename(folder, "audit.key", NULL);
    g_autofree char *record = g_build_filename(folder, "audit.jsonl", NULL);
    assert_int_equal(stat(key, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_int_equal(st.st_size, 32);
    assert_int_equal(stat(record, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    bf_audit_summary summary;
    assert_int_equal(find_broken_line(folder, &summary), 0);
    assert_int_equal(summary.lines, N_LINES);
    assert_true(summary.keyed);
    g_autoptr(GString) text = load_text(folder, "audit.jsonl");
    g_autoptr(GPtrArray) lines = split_lines(text);
    const char *last = lines->pdata[N_LINES - 1];
    g_autofree char *sha256 = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)last, strlen(last) - 1);
    assert_string_equal(summary.last_sha256, sha256);
    remove_scratch(folder);
}

/* The exact form of every line, but for what differs from run to run. */
static void test_audit_page__exact_lines(void **state)
{
    (void)state;
    static const char *const expected[N_LINES] = {
        "{\"event\":\"run-start\",\"mac\":\"@\",\"packages\":1,\"prev\":\"0{64}\",\"readers\":[{\"model_sha256\":\"" SHA_D
        "\",\"name\":\"ppocr\",\"version\":\"5.0\"},{\"model_sha256\":null,\"name\":\"tesseract\",\"version\":\"5.3.0\"}],"
        "\"sandbox\":{\"mode\":\"auto\",\"packages\":\"seccomp\",\"pages\":\"seccomp, landlock\"},\"seq\":0,"
        "\"settings\":{\"margin\":\"6\",\"quality\":\"92\"},\"time\":\"#\",\"version\":\"0.1.0\"}\n",
        "{\"decision\":\"masked\",\"entry_index\":3,\"event\":\"page\",\"id\":\"A-01\",\"mac\":\"@\",\"masks\":2,\"needs_masking\":true,"
        "\"person\":\"@\",\"prev\":\"@\",\"reasons\":[],\"seq\":1,\"sha256_in\":\"" SHA_A "\",\"sha256_out\":\"" SHA_B
        "\",\"time\":\"#\"}\n",
        "{\"decision\":\"review\",\"entry_index\":4,\"event\":\"page\",\"id\":\"A-01\",\"mac\":\"@\",\"masks\":0,\"needs_masking\":null,"
        "\"person\":\"@\",\"prev\":\"@\",\"reasons\":[\"name-not-found\",\"unsure\"],\"seq\":2,\"sha256_in\":null,\"sha256_out\":null,"
        "\"time\":\"#\"}\n",
        "{\"event\":\"package\",\"id\":\"A-01\",\"input_sha256\":\"" SHA_A "\",\"mac\":\"@\",\"output\":\"held/A-01.zip\","
        "\"output_sha256\":\"" SHA_B "\",\"pages\":2,\"person\":\"@\",\"prev\":\"@\",\"reasons\":[\"name-not-found\",\"unsure\"],"
        "\"seq\":3,\"time\":\"#\",\"verdict\":\"held\"}\n",
        "{\"event\":\"run-end\",\"failed\":0,\"held\":1,\"interrupted\":false,\"mac\":\"@\",\"prev\":\"@\",\"released\":0,\"seq\":4,"
        "\"time\":\"#\"}\n",
    };
    char *folder = make_record();
    g_autoptr(GString) text = load_text(folder, "audit.jsonl");
    g_autoptr(GPtrArray) lines = split_lines(text);
    assert_int_equal(lines->len, N_LINES);
    for (guint i = 0; i < N_LINES; i++) {
        g_autoptr(GString) pattern = g_string_new(expected[i]);
        for (const char *special = "{}[]."; *special; special++) {
            const char plain[] = {*special, 0}, escaped[] = {'\\', *special, 0};
            g_string_replace(pattern, plain, escaped, 0);
        }
        g_string_replace(pattern, "0\\{64\\}", "0{64}", 0);
        g_string_replace(pattern, "@", "[0-9a-f]{64}", 0);
        g_string_replace(pattern, "#", "20\\d\\d-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z", 0);
        g_string_prepend(pattern, "\\A");
        g_string_append(pattern, "\\z");
        if (!g_regex_match_simple(pattern->str, lines->pdata[i], 0, 0))
            fail_msg("%s", (const char *)lines->pdata[i]);
    }
    remove_scratch(folder);
}

static void test_audit_page__no_names(void **state)
{
    (void)state;
    char *folder = make_record();
    g_autoptr(GString) text = load_text(folder, "audit.jsonl");
    assert_null(strstr(text->str, SAMPLE_NAME));
    assert_null(strstr(text->str, "毕业证")); /* nor entry names */
    remove_scratch(folder);
}

static void test_audit_person__keyed_hash(void **state)
{
    (void)state;
    char *folder = make_record();
    g_autoptr(bf_audit) audit = open_audit(folder);
    g_autoptr(GString) key = load_text(folder, "audit.key");
    static const char message[] = "A-01\0" SAMPLE_NAME;
    g_autofree char *expected =
        g_compute_hmac_for_data(G_CHECKSUM_SHA256, (const guchar *)key->str, key->len, (const guchar *)message, sizeof message - 1);
    g_autofree char *person = bf_audit_person(audit, "A-01", SAMPLE_NAME);
    assert_string_equal(person, expected);
    g_autofree char *other = bf_audit_person(audit, "A-0", "1" SAMPLE_NAME);
    assert_string_not_equal(other, expected);
    assert_null(bf_audit_person(audit, "A-01", NULL));
    g_autoptr(GString) text = load_text(folder, "audit.jsonl");
    g_autofree char *member = g_strdup_printf("\"person\":\"%s\"", expected);
    assert_int_equal(g_string_replace(text, member, "", 0), 3);
    remove_scratch(folder);
}

/* prev and mac as the header describes them, made here by other means. */
static void test_audit_page__chain(void **state)
{
    (void)state;
    char *folder = make_record();
    g_autoptr(GString) key = load_text(folder, "audit.key");
    g_autoptr(GString) text = load_text(folder, "audit.jsonl");
    g_autoptr(GPtrArray) lines = split_lines(text);
    g_autofree char *prev = g_strnfill(64, '0');
    for (guint i = 0; i < lines->len; i++) {
        g_autoptr(GString) bare = g_string_new(lines->pdata[i]);
        g_string_truncate(bare, bare->len - 1);
        g_autofree char *member = g_strdup_printf("\"prev\":\"%s\"", prev);
        assert_non_null(strstr(bare->str, member));
        g_free(prev);
        prev = g_compute_checksum_for_string(G_CHECKSUM_SHA256, bare->str, -1);

        const char *at = strstr(bare->str, "\"mac\":\"");
        assert_non_null(at);
        g_autofree char *mac = g_strndup(at + 7, 64);
        g_string_erase(bare, at - bare->str, 7 + 64 + 2);
        g_string_prepend_len(bare, member + 8, 64);
        g_autofree char *expected = g_compute_hmac_for_string(G_CHECKSUM_SHA256, (const guchar *)key->str, key->len, bare->str, -1);
        assert_string_equal(mac, expected);
    }
    remove_scratch(folder);
}

static void test_audit_open__goes_on(void **state)
{
    (void)state;
    char *folder = make_record();
    for (int run = 0; run < 3; run++) {
        g_autoptr(bf_audit) audit = open_audit(folder);
        assert_true(bf_audit_run_end(audit, 1, 2, 3, true, NULL));
    }
    bf_audit_summary summary;
    assert_int_equal(find_broken_line(folder, &summary), 0);
    assert_int_equal(summary.lines, N_LINES + 3);
    remove_scratch(folder);
}

static int line_of(const GString *text, gsize offset)
{
    int line = 1;
    for (gsize i = 0; i < offset; i++)
        line += text->str[i] == '\n';
    return line;
}

/* Each bit pattern turns some byte into another letter, digit, sign or control character. */
static const char FLIPS[] = {0x01, 0x02, 0x20, (char)0x80};

static void test_audit_verify__flipped_byte(void **state)
{
    (void)state;
    char *folder = make_record();
    g_autoptr(GString) text = load_text(folder, "audit.jsonl");
    for (gsize i = 0; i < text->len; i++) {
        char flip = FLIPS[i % sizeof FLIPS];
        text->str[i] ^= flip;
        store_text(folder, "audit.jsonl", text->str, text->len);
        text->str[i] ^= flip;
        int line = find_broken_line(folder, NULL);
        if (line != line_of(text, i))
            fail_msg("byte %" G_GSIZE_FORMAT " of line %d: told line %d", i, line_of(text, i), line);
    }
    remove_scratch(folder);
}

static void test_audit_verify__flipped_byte_without_key(void **state)
{
    (void)state;
    char *folder = make_record();
    hide_key(folder);
    g_autoptr(GString) text = load_text(folder, "audit.jsonl");
    for (gsize i = 0; i < text->len; i++) {
        char flip = FLIPS[i % sizeof FLIPS];
        text->str[i] ^= flip;
        store_text(folder, "audit.jsonl", text->str, text->len);
        text->str[i] ^= flip;
        int changed = line_of(text, i), told = find_broken_line(folder, NULL);
        bool fine = told == changed || (changed < N_LINES ? told == changed + 1 : told == 0); /* the last line has no successor */
        if (!fine)
            fail_msg("byte %" G_GSIZE_FORMAT " of line %d: told line %d", i, changed, told);
    }
    remove_scratch(folder);
}

static void test_audit_verify__lines_moved(void **state)
{
    (void)state;
    char *folder = make_record();
    g_autoptr(GString) text = load_text(folder, "audit.jsonl");
    for (int keyed = 1; keyed >= 0; keyed--) {
        for (int i = 0; i < N_LINES; i++) {
            g_autoptr(GPtrArray) lines = split_lines(text);
            g_ptr_array_insert(lines, i, g_strdup(lines->pdata[i]));
            store_lines(folder, lines);
            assert_int_equal(find_broken_line(folder, NULL), i + 2);

            g_ptr_array_remove_range(lines, (guint)i, 2);
            store_lines(folder, lines);
            bf_audit_summary summary;
            assert_int_equal(find_broken_line(folder, &summary), i < N_LINES - 1 ? i + 1 : 0);
            if (i == N_LINES - 1) /* a cut tail shows only to whoever kept the number or the hash */
                assert_int_equal(summary.lines, N_LINES - 1);

            for (int j = i + 1; j < N_LINES; j++) {
                g_autoptr(GPtrArray) swapped = split_lines(text);
                gpointer kept = swapped->pdata[i];
                swapped->pdata[i] = swapped->pdata[j];
                swapped->pdata[j] = kept;
                store_lines(folder, swapped);
                assert_int_equal(find_broken_line(folder, NULL), i + 1);
            }
        }
        if (keyed)
            hide_key(folder);
    }
    remove_scratch(folder);
}

static void test_audit_verify__says_how(void **state)
{
    (void)state;
    const struct {
        int from, to; /* line `from` is put in the place of line `to`; from < 0: line `to` is taken out */
        const char *how;
    } cases[] = {{-1, 2, "line 3: has a later seq"}, {3, 1, "line 2: has a later seq"}, {1, 3, "line 4: has an earlier seq"}};
    char *folder = make_record();
    g_autoptr(GString) text = load_text(folder, "audit.jsonl");
    g_autofree char *path = g_build_filename(folder, "audit.jsonl", NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GPtrArray) lines = split_lines(text);
        char *put = cases[i].from < 0 ? g_strdup("") : g_strdup(lines->pdata[cases[i].from]);
        g_free(lines->pdata[cases[i].to]);
        lines->pdata[cases[i].to] = put;
        store_lines(folder, lines);
        bf_audit_summary summary;
        g_autoptr(GError) error = NULL;
        assert_false(bf_audit_verify(path, &summary, &error));
        if (!strstr(error->message, cases[i].how))
            fail_msg("%s", error->message);
    }
    remove_scratch(folder);
}

/* The last line says the same in other bytes: no line after it would tell. */
static void test_audit_verify__other_form(void **state)
{
    (void)state;
    const struct {
        const char *from, *to;
    } cases[] = {
        {"\"failed\":0", "\"failed\": 0"},
        {"\"failed\":0", "\"failed\":-0"},
        {"\"failed\":0", "\"failed\":0,\"failed\":0"},
        {"run-end", "run\\u002dend"},
        {"{\"event\"", " {\"event\""},
        {"\"failed\":0,\"held\":1", "\"held\":1,\"failed\":0"},
        {"Z\"}\n", "Z\"}\r\n"},
        {"Z\"}\n", "Z\"}/**/\n"},
        {"\"failed\":0", "\"failed\":0.0"},
        {"Z\"}\n", "Z\"}\n\n"},
    };
    char *folder = make_record();
    g_autoptr(GString) text = load_text(folder, "audit.jsonl");
    hide_key(folder);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GPtrArray) lines = split_lines(text);
        g_autoptr(GString) last = g_string_new(lines->pdata[N_LINES - 1]);
        assert_int_equal(g_string_replace(last, cases[i].from, cases[i].to, 1), 1);
        g_free(lines->pdata[N_LINES - 1]);
        lines->pdata[N_LINES - 1] = g_strdup(last->str);
        store_lines(folder, lines);
        int line = find_broken_line(folder, NULL);
        if (line != N_LINES + (g_str_has_suffix(cases[i].to, "\n\n") ? 1 : 0))
            fail_msg("%s: line %d", cases[i].to, line);
    }
    remove_scratch(folder);
}

/* Lines that all are genuine, put together from two ways in which the record went on. */
static void test_audit_verify__spliced(void **state)
{
    (void)state;
    char *folder = make_record();
    g_autoptr(GString) text = load_text(folder, "audit.jsonl");
    g_autoptr(GPtrArray) lines = split_lines(text);
    g_autoptr(GPtrArray) begin = split_lines(text);
    g_ptr_array_set_size(begin, 2);
    store_lines(folder, begin);
    bf_audit *audit = open_audit(folder);
    assert_true(bf_audit_run_end(audit, 0, 0, 0, true, NULL));
    bf_audit_free(audit);
    g_autoptr(GString) other = load_text(folder, "audit.jsonl");
    g_autoptr(GPtrArray) other_lines = split_lines(other);
    g_free(lines->pdata[2]);
    lines->pdata[2] = g_strdup(other_lines->pdata[2]);
    store_lines(folder, lines);
    assert_int_equal(find_broken_line(folder, NULL), 4);
    remove_scratch(folder);
}

static void test_audit_verify__other_key(void **state)
{
    (void)state;
    char *folder = make_record();
    char other_key[32];
    memset(other_key, 'k', sizeof other_key);
    store_text(folder, "audit.key", other_key, sizeof other_key);
    assert_int_equal(find_broken_line(folder, NULL), 1);
    assert_open_fails(folder, BF_AUDIT_ERROR_BROKEN, "line 1: ");
    hide_key(folder);
    bf_audit_summary summary;
    assert_int_equal(find_broken_line(folder, &summary), 0);
    assert_false(summary.keyed);
    remove_scratch(folder);
}

static void test_audit_verify__no_record(void **state)
{
    (void)state;
    char *folder = make_scratch();
    g_autofree char *path = g_build_filename(folder, "audit.jsonl", NULL);
    bf_audit_summary summary = {.lines = 77};
    g_autoptr(GError) error = NULL;
    assert_false(bf_audit_verify(path, &summary, &error));
    assert_true(g_error_matches(error, BF_AUDIT_ERROR, BF_AUDIT_ERROR_OPEN));
    g_clear_error(&error);
    assert_false(bf_audit_verify(folder, &summary, &error));
    assert_true(g_error_matches(error, BF_AUDIT_ERROR, BF_AUDIT_ERROR_OPEN));
    assert_int_equal(summary.lines, 77);
    store_text(folder, "audit.jsonl", "", 0);
    assert_int_equal(find_broken_line(folder, &summary), 0);
    assert_int_equal(summary.lines, 0);
    remove_scratch(folder);
}

static void test_audit_verify__long_line(void **state)
{
    (void)state;
    char *folder = make_record();
    g_autoptr(GString) text = load_text(folder, "audit.jsonl");
    for (int i = 0; i < 1100000; i++)
        g_string_append_c(text, '0');
    store_text(folder, "audit.jsonl", text->str, text->len);
    assert_int_equal(find_broken_line(folder, NULL), N_LINES + 1);
    remove_scratch(folder);
}

static void test_audit_open__torn_line(void **state)
{
    (void)state;
    char *folder = make_record();
    g_autoptr(GString) text = load_text(folder, "audit.jsonl");
    g_autoptr(GPtrArray) lines = split_lines(text);
    gsize last = strlen(lines->pdata[N_LINES - 1]);
    for (gsize kept = 1; kept < last; kept += kept < 5 || kept > last - 5 ? 1 : 23) {
        store_text(folder, "audit.jsonl", text->str, text->len - last + kept);
        assert_int_equal(find_broken_line(folder, NULL), N_LINES);
        bf_audit_free(open_audit(folder));
        bf_audit_summary summary;
        assert_int_equal(find_broken_line(folder, &summary), 0);
        assert_int_equal(summary.lines, N_LINES);
        g_autoptr(GString) healed = load_text(folder, "audit.jsonl");
        assert_memory_equal(healed->str, text->str, text->len - last);
        g_autofree char *event = g_strdup_printf("{\"cut_bytes\":%" G_GSIZE_FORMAT ",\"event\":\"recovered\",", kept);
        assert_true(g_str_has_prefix(healed->str + text->len - last, event));
    }
    remove_scratch(folder);
}

static void test_audit_open__torn_first_line(void **state)
{
    (void)state;
    char *folder = make_record();
    store_text(folder, "audit.jsonl", "{\"ev", 4);
    bf_audit_free(open_audit(folder));
    bf_audit_summary summary;
    assert_int_equal(find_broken_line(folder, &summary), 0);
    assert_int_equal(summary.lines, 1);
    remove_scratch(folder);
}

static void test_audit_open__broken_record_is_left_alone(void **state)
{
    (void)state;
    char *folder = make_record();
    g_autoptr(GString) text = load_text(folder, "audit.jsonl");
    *strstr(text->str, "masked") = 'M';
    g_string_append(text, "{\"torn");
    store_text(folder, "audit.jsonl", text->str, text->len);
    assert_open_fails(folder, BF_AUDIT_ERROR_BROKEN, "line 2: ");
    g_autoptr(GString) after = load_text(folder, "audit.jsonl");
    assert_true(g_string_equal(text, after));
    remove_scratch(folder);
}

static void test_audit_open__locked(void **state)
{
    (void)state;
    char *folder = make_record();
    bf_audit *audit = open_audit(folder);
    assert_open_fails(folder, BF_AUDIT_ERROR_LOCKED, "another run");
    pid_t child = fork();
    if (child == 0) {
        bf_audit *second = NULL;
        GError *error = NULL;
        bool opened = bf_audit_open(folder, &second, &error);
        _exit(!opened && g_error_matches(error, BF_AUDIT_ERROR, BF_AUDIT_ERROR_LOCKED) ? 0 : 1);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_int_equal(find_broken_line(folder, NULL), 0); /* checking needs no lock */
    assert_true(bf_audit_run_end(audit, 0, 0, 0, false, NULL));
    bf_audit_free(audit);
    bf_audit_free(open_audit(folder));
    remove_scratch(folder);
}

static void test_audit_open__key_troubles(void **state)
{
    (void)state;
    char *folder = make_record();
    g_autofree char *key = g_build_filename(folder, "audit.key", NULL);
    g_autoptr(GString) bytes = load_text(folder, "audit.key");
    const mode_t modes[] = {0640, 0604, 0620, 0666};
    for (gsize i = 0; i < G_N_ELEMENTS(modes); i++) {
        assert_int_equal(g_chmod(key, (int)modes[i]), 0);
        assert_open_fails(folder, BF_AUDIT_ERROR_OPEN, "chmod 600 '");
        assert_int_equal(find_broken_line(folder, NULL), 0); /* a copy may be checked */
    }
    store_text(folder, "audit.key", bytes->str, 31);
    assert_open_fails(folder, BF_AUDIT_ERROR_OPEN, "fewer");
    store_text(folder, "audit.key", "0123456789012345678901234567890123", 33);
    assert_open_fails(folder, BF_AUDIT_ERROR_OPEN, "more");
    hide_key(folder);
    assert_open_fails(folder, BF_AUDIT_ERROR_OPEN, "its key, audit.key, is not");
    assert_false(g_file_test(key, G_FILE_TEST_EXISTS));
    remove_scratch(folder);
}

static void test_audit_open__no_folder(void **state)
{
    (void)state;
    char *folder = make_scratch();
    g_autofree char *missing = g_build_filename(folder, "gone", NULL);
    assert_open_fails(missing, BF_AUDIT_ERROR_OPEN, "No such file");
    g_autofree char *path = g_build_filename(folder, "audit.jsonl", NULL);
    assert_int_equal(symlink("/dev/null", path), 0);
    assert_open_fails(folder, BF_AUDIT_ERROR_OPEN, "cannot be opened");
    g_unlink(path);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_open_fails(folder, BF_AUDIT_ERROR_OPEN, "is not a file");
    remove_scratch(folder);
}

/* The disk is full in the middle of a line: what was written of it is taken back, and the run can go on. */
static void test_audit_page__disk_full(void **state)
{
    (void)state;
    char *folder = make_record();
    g_autoptr(GString) before = load_text(folder, "audit.jsonl");
    g_autoptr(bf_package_result) result = make_result("A-01");
    bf_audit *audit = open_audit(folder);
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit old;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    for (rlim_t room = 0; room < 200; room += 100) { /* no byte of the line fits; a part of it fits */
        const struct rlimit small = {.rlim_cur = before->len + room, .rlim_max = old.rlim_max};
        g_autoptr(GError) error = NULL;
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
        bool written = bf_audit_page(audit, "A-01", SAMPLE_NAME, result->pages->pdata[0], &error);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
        assert_false(written);
        assert_true(g_error_matches(error, BF_AUDIT_ERROR, BF_AUDIT_ERROR_WRITE));
        g_autoptr(GString) after = load_text(folder, "audit.jsonl");
        assert_true(g_string_equal(before, after));
    }
    assert_true(bf_audit_page(audit, "A-01", SAMPLE_NAME, result->pages->pdata[0], NULL));
    bf_audit_free(audit);
    bf_audit_summary summary;
    assert_int_equal(find_broken_line(folder, &summary), 0);
    assert_int_equal(summary.lines, N_LINES + 1);
    remove_scratch(folder);
}

static void test_audit_page__changed_meanwhile(void **state)
{
    (void)state;
    char *folder = make_record();
    bf_audit *audit = open_audit(folder);
    g_autofree char *path = g_build_filename(folder, "audit.jsonl", NULL);
    int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
    assert_int_equal(write(fd, "x\n", 2), 2);
    close(fd);
    g_autoptr(GError) error = NULL;
    assert_false(bf_audit_run_end(audit, 0, 0, 0, false, &error));
    assert_true(g_error_matches(error, BF_AUDIT_ERROR, BF_AUDIT_ERROR_BROKEN));
    g_clear_error(&error);
    assert_false(bf_audit_run_end(audit, 0, 0, 0, false, &error));
    assert_true(g_error_matches(error, BF_AUDIT_ERROR, BF_AUDIT_ERROR_WRITE));
    bf_audit_free(audit);
    remove_scratch(folder);
}

static void test_audit_package__too_long(void **state)
{
    (void)state;
    char *folder = make_record();
    g_autofree char *id = g_strnfill(1 << 20, 'a');
    g_autoptr(bf_package_result) result = make_result(id);
    bf_audit *audit = open_audit(folder);
    g_autoptr(GError) error = NULL;
    assert_false(bf_audit_package(audit, NULL, result, &error));
    assert_true(g_error_matches(error, BF_AUDIT_ERROR, BF_AUDIT_ERROR_WRITE));
    assert_true(bf_audit_run_end(audit, 0, 0, 0, false, NULL));
    bf_audit_free(audit);
    assert_int_equal(find_broken_line(folder, NULL), 0);
    remove_scratch(folder);
}

/* A line far longer than what is read at a time, and shorter ones around it. */
static void test_audit_run_start__long_settings(void **state)
{
    (void)state;
    char *folder = make_record();
    g_autofree char *settings = g_strnfill(900000, 's');
    bf_tool_info tool = SAMPLE_TOOL;
    tool.settings = settings;
    for (int run = 0; run < 2; run++) {
        g_autoptr(bf_audit) audit = open_audit(folder);
        assert_true(bf_audit_run_start(audit, &tool, 1, NULL, NULL));
        assert_true(bf_audit_run_end(audit, 0, 0, 0, false, NULL));
    }
    bf_audit_summary summary;
    assert_int_equal(find_broken_line(folder, &summary), 0);
    assert_int_equal(summary.lines, N_LINES + 4);
    remove_scratch(folder);
}

typedef struct {
    GString *seen;
    guint stop_after; /* 0: never */
    guint n;
} listener;

static bool listen_entry(const bf_audit_entry *entry, void *user)
{
    listener *l = user;
    g_string_append_printf(l->seen, "%" G_GUINT64_FORMAT " %s [%s] %" G_GINT64_FORMAT " [%s] [%s]%s\n", entry->seq, entry->event, entry->id,
                           entry->entry_index, entry->outcome, entry->reasons, *entry->person ? " person" : "");
    assert_int_equal(entry->line[0], '{');
    return ++l->n != l->stop_after;
}

static bool listen_to(const char *folder, listener *l, GError **error)
{
    g_autofree char *path = g_build_filename(folder, "audit.jsonl", NULL);
    return bf_audit_foreach(path, listen_entry, l, error);
}

static void test_audit_foreach__tells_lines(void **state)
{
    (void)state;
    char *folder = make_record();
    g_autoptr(GString) seen = g_string_new(NULL);
    assert_true(listen_to(folder, &(listener){.seen = seen}, NULL));
    assert_string_equal(seen->str, "0 run-start [] -1 [] []\n"
                                   "1 page [A-01] 3 [masked] [] person\n"
                                   "2 page [A-01] 4 [review] [name-not-found unsure] person\n"
                                   "3 package [A-01] -1 [held] [name-not-found unsure] person\n"
                                   "4 run-end [] -1 [] []\n");
    g_string_truncate(seen, 0);
    assert_true(listen_to(folder, &(listener){.seen = seen, .stop_after = 1}, NULL));
    assert_string_equal(seen->str, "0 run-start [] -1 [] []\n");
    remove_scratch(folder);
}

static void test_audit_foreach__foreign(void **state)
{
    (void)state;
    char *folder = make_scratch();
    static const char record[] =
        "{\"event\":\"a\\u001b[31m\",\"seq\":7,\"id\":\"\\u202eb\",\"reasons\":[1,\"c\",\"\\u0007\"],\"entry_index\":-4}\n"
        "{\"event\":9,\"seq\":8}\n";
    store_text(folder, "audit.jsonl", record, sizeof record - 1);
    g_autoptr(GString) seen = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    assert_false(listen_to(folder, &(listener){.seen = seen}, &error));
    assert_true(g_error_matches(error, BF_AUDIT_ERROR, BF_AUDIT_ERROR_BROKEN));
    assert_non_null(strstr(error->message, "line 2: "));
    assert_string_equal(seen->str, "7 a\uFFFD[31m [\uFFFDb] -1 [] [c \uFFFD]\n");
    remove_scratch(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_audit_open__new_record),
        cmocka_unit_test(test_audit_page__exact_lines),
        cmocka_unit_test(test_audit_page__no_names),
        cmocka_unit_test(test_audit_person__keyed_hash),
        cmocka_unit_test(test_audit_page__chain),
        cmocka_unit_test(test_audit_open__goes_on),
        cmocka_unit_test(test_audit_verify__flipped_byte),
        cmocka_unit_test(test_audit_verify__flipped_byte_without_key),
        cmocka_unit_test(test_audit_verify__lines_moved),
        cmocka_unit_test(test_audit_verify__says_how),
        cmocka_unit_test(test_audit_verify__other_form),
        cmocka_unit_test(test_audit_verify__spliced),
        cmocka_unit_test(test_audit_verify__other_key),
        cmocka_unit_test(test_audit_verify__no_record),
        cmocka_unit_test(test_audit_verify__long_line),
        cmocka_unit_test(test_audit_open__torn_line),
        cmocka_unit_test(test_audit_open__torn_first_line),
        cmocka_unit_test(test_audit_open__broken_record_is_left_alone),
        cmocka_unit_test(test_audit_open__locked),
        cmocka_unit_test(test_audit_open__key_troubles),
        cmocka_unit_test(test_audit_open__no_folder),
        cmocka_unit_test(test_audit_page__disk_full),
        cmocka_unit_test(test_audit_page__changed_meanwhile),
        cmocka_unit_test(test_audit_package__too_long),
        cmocka_unit_test(test_audit_run_start__long_settings),
        cmocka_unit_test(test_audit_foreach__tells_lines),
        cmocka_unit_test(test_audit_foreach__foreign),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
