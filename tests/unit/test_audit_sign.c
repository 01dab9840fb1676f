/* Signed checkpoints, and the record's lines by package, page, person and time. All people are invented. */
#include "blindfold/audit.h"
#include "record_samples.h"
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
    char *folder, *key, *public_key, *record;
} scene;

static scene make_scene(void)
{
    scene s = {.folder = make_scratch()};
    s.key = g_build_filename(s.folder, "sign.key", NULL);
    s.public_key = g_strconcat(s.key, ".pub", NULL);
    s.record = g_build_filename(s.folder, "audit.jsonl", NULL);
    assert_true(bf_audit_keygen(s.key, NULL));
    return s;
}

static void free_scene(scene *s)
{
    remove_scratch(s->folder);
    g_free(s->key);
    g_free(s->public_key);
    g_free(s->record);
}

/* One run: a package of two pages; signed when there is a key. */
static void add_run(const char *folder, const char *key, const char *id)
{
    bf_audit *audit = NULL;
    g_autoptr(bf_package_result) result = make_result(id);
    assert_true(bf_audit_open(folder, &audit, NULL));
    assert_true(!key || bf_audit_sign_with(audit, key, NULL));
    assert_true(bf_audit_run_start(audit, &SAMPLE_TOOL, 1, &SAMPLE_SANDBOX, NULL));
    for (guint i = 0; i < 2; i++)
        assert_true(bf_audit_page(audit, id, SAMPLE_NAME, result->pages->pdata[i], NULL));
    assert_true(bf_audit_package(audit, SAMPLE_NAME, result, NULL));
    assert_true(bf_audit_run_end(audit, 0, 1, 0, false, NULL));
    bf_audit_free(audit);
}

static void assert_unsigned(const scene *s, const char *why)
{
    bf_audit_summary summary;
    g_autoptr(GError) error = NULL;
    assert_false(bf_audit_verify_signed(s->record, s->public_key, &summary, &error));
    if (!strstr(error->message, why))
        fail_msg("\"%s\" should say \"%s\"", error->message, why);
}

static void test_bf_audit_keygen__private_and_never_over_another(void **state)
{
    (void)state;
    scene s = make_scene();
    struct stat st;
    assert_int_equal(stat(s.key, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    g_autoptr(GError) error = NULL;
    assert_false(bf_audit_keygen(s.key, &error));
    bf_audit *audit = NULL;
    assert_true(bf_audit_open(s.folder, &audit, NULL));
    assert_int_equal(chmod(s.key, 0640), 0);
    assert_false(bf_audit_sign_with(audit, s.key, NULL));
    assert_false(bf_audit_sign_with(audit, s.public_key, NULL));
    bf_audit_free(audit);
    free_scene(&s);
}

static void test_bf_audit_verify_signed__to_its_end(void **state)
{
    (void)state;
    scene s = make_scene();
    bf_audit_summary summary;
    add_run(s.folder, NULL, "A-01");
    assert_unsigned(&s, "no checkpoint");
    add_run(s.folder, s.key, "A-02");
    assert_true(bf_audit_verify_signed(s.record, s.public_key, &summary, NULL));
    assert_int_equal(summary.lines, 11);
    add_run(s.folder, NULL, "A-03");
    assert_unsigned(&s, "the last 5 lines, after line 11, are not signed");
    add_run(s.folder, s.key, "A-04");
    assert_true(bf_audit_verify_signed(s.record, s.public_key, &summary, NULL));
    free_scene(&s);
}

static void test_bf_audit_append__signs_on_the_way(void **state)
{
    (void)state;
    scene s = make_scene();
    bf_audit *audit = NULL;
    assert_true(bf_audit_open(s.folder, &audit, NULL) && bf_audit_sign_with(audit, s.key, NULL));
    g_autoptr(GPtrArray) bodies = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < BF_AUDIT_CHECKPOINT_LINES; i++)
        g_ptr_array_add(bodies, g_strdup_printf("{\"event\":\"page\",\"time\":\"t%u\"}", i));
    assert_true(bf_audit_append(audit, 0, (const char *const *)bodies->pdata, bodies->len, NULL));
    assert_int_equal(bf_audit_n_lines(audit), BF_AUDIT_CHECKPOINT_LINES + 1);
    bf_audit_free(audit);
    bf_audit_summary summary;
    assert_true(bf_audit_verify_signed(s.record, s.public_key, &summary, NULL));
    free_scene(&s);
}

static bool keep_checkpoint(const bf_audit_entry *e, void *user)
{
    if (strcmp(e->event, "checkpoint") == 0)
        *(char **)user = g_strdup(e->line);
    return true;
}

/* Who holds the folder and audit.key, but not the signing key, writes the history anew: chain and macs hold, the signature does not. */
static void test_bf_audit_verify_signed__history_written_anew(void **state)
{
    (void)state;
    for (guint way = 0; way < 3; way++) {
        scene s = make_scene(), forger = make_scene();
        char *checkpoint = NULL;
        add_run(s.folder, s.key, "A-01");
        assert_true(bf_audit_foreach(s.record, keep_checkpoint, &checkpoint, NULL));
        g_autoptr(GString) mac_key = load_text(s.folder, "audit.key");
        store_text(forger.folder, "audit.key", mac_key->str, mac_key->len);
        add_run(forger.folder, way == 1 ? forger.key : NULL, "B-66");
        if (way == 2) { /* with the old checkpoint behind it */
            bf_audit *audit = NULL;
            assert_true(bf_audit_open(forger.folder, &audit, NULL));
            g_autoptr(GString) body = g_string_new(checkpoint);
            assert_true(bf_audit_append(audit, 0, (const char *const[]){body->str}, 1, NULL));
            bf_audit_free(audit);
        }
        g_autoptr(GString) forged = load_text(forger.folder, "audit.jsonl");
        store_text(s.folder, "audit.jsonl", forged->str, forged->len);
        bf_audit_summary summary;
        assert_true(bf_audit_verify(s.record, &summary, NULL));
        assert_unsigned(&s, way == 0 ? "no checkpoint" : "was not signed with this key");
        g_free(checkpoint);
        free_scene(&s);
        free_scene(&forger);
    }
}

static bool count_entry(const bf_audit_entry *entry, void *user)
{
    (void)entry;
    ++*(guint *)user;
    return true;
}

static void test_bf_audit_foreach_of__filters(void **state)
{
    (void)state;
    scene s = make_scene();
    add_run(s.folder, NULL, "A-01");
    add_run(s.folder, NULL, "A-02");
    static const struct {
        const char *name;
        bf_audit_filter filter;
        guint n;
    } cases[] = {{"all", {.entry_index = -1}, 10},
                 {"package", {.package_id = "A-02", .entry_index = -1}, 3},
                 {"page", {.entry_index = 4}, 2},
                 {"page of package", {.package_id = "A-01", .entry_index = 4}, 1},
                 {"person", {.person_name = SAMPLE_NAME, .entry_index = -1}, 6},
                 {"other person", {.person_name = "欧阳试", .entry_index = -1}, 0},
                 {"since long ago", {.since = "2001", .entry_index = -1}, 10},
                 {"until long ago", {.until = "2001-05-01", .entry_index = -1}, 0},
                 {"until this century's end", {.until = "20", .entry_index = -1}, 10}};
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        guint n = 0;
        assert_true(bf_audit_foreach_of(s.record, &cases[i].filter, count_entry, &n, NULL));
        if (n != cases[i].n)
            fail_msg("%s: %u lines, should be %u", cases[i].name, n, cases[i].n);
    }
    g_autofree char *key = g_build_filename(s.folder, "audit.key", NULL);
    assert_int_equal(unlink(key), 0);
    guint n = 0;
    assert_false(bf_audit_foreach_of(s.record, &cases[4].filter, count_entry, &n, NULL));
    free_scene(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bf_audit_keygen__private_and_never_over_another),
        cmocka_unit_test(test_bf_audit_verify_signed__to_its_end),
        cmocka_unit_test(test_bf_audit_append__signs_on_the_way),
        cmocka_unit_test(test_bf_audit_verify_signed__history_written_anew),
        cmocka_unit_test(test_bf_audit_foreach_of__filters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
