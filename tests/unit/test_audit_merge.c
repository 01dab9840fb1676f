/* Records that are brought together: one key for all, lines as another record has them, nothing noted twice. */
#include "blindfold/audit.h"
#include "record_samples.h"
#include <glib/gstdio.h>
#include <pthread.h>
#include <sys/stat.h>

enum { N_FOLDERS = 8 };

static char *person_in(const char *folder)
{
    g_autoptr(bf_audit) audit = NULL;
    assert_true(bf_audit_open(folder, &audit, NULL));
    return bf_audit_person(audit, "A-1", SAMPLE_NAME);
}

typedef struct {
    const char *from;
    char *to;
    bool good;
} sharer;

static void *share(void *user)
{
    sharer *s = user;
    s->good = bf_audit_key_share(s->from, s->to, NULL);
    return NULL;
}

static void test_audit_key_share__all_at_once_get_one_key(void **state)
{
    (void)state;
    char *folder = make_scratch();
    pthread_t threads[N_FOLDERS];
    sharer sharers[N_FOLDERS];
    for (guint i = 0; i < N_FOLDERS; i++) {
        sharers[i] = (sharer){.from = folder, .to = g_strdup_printf("%s/%u", folder, i)};
        assert_int_equal(g_mkdir(sharers[i].to, 0700), 0);
    }
    for (guint i = 0; i < N_FOLDERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, share, &sharers[i]), 0);
    for (guint i = 0; i < N_FOLDERS; i++)
        pthread_join(threads[i], NULL);
    g_autofree char *expected = person_in(folder);
    for (guint i = 0; i < N_FOLDERS; i++) {
        assert_true(sharers[i].good);
        g_autofree char *person = person_in(sharers[i].to), *key = g_build_filename(sharers[i].to, "audit.key", NULL);
        struct stat st;
        assert_string_equal(person, expected);
        assert_int_equal(stat(key, &st), 0);
        assert_int_equal(st.st_mode & 07777, 0600);
    }
    for (guint i = 0; i < N_FOLDERS; i++) { /* the key, the record, and nothing else */
        g_autoptr(GDir) dir = g_dir_open(sharers[i].to, 0, NULL);
        guint n = 0;
        while (g_dir_read_name(dir))
            n++;
        assert_int_equal(n, 2);
        remove_scratch(sharers[i].to);
    }
    remove_scratch(folder);
}

static void test_audit_key_share__a_record_keeps_its_key(void **state)
{
    (void)state;
    char *folder = make_scratch(), *own = make_scratch();
    g_autofree char *before = person_in(own);
    assert_true(bf_audit_key_share(folder, own, NULL));
    g_autofree char *after = person_in(own), *other = person_in(folder);
    assert_string_equal(after, before);
    assert_string_not_equal(after, other);
    remove_scratch(folder);
    remove_scratch(own);
}

static void test_audit_merged__once_for_each_end(void **state)
{
    (void)state;
    char *folder = make_scratch();
    g_autoptr(bf_audit) audit = NULL;
    bf_audit_summary proved = {.lines = 3, .last_sha256 = SHA_A};
    assert_true(bf_audit_open(folder, &audit, NULL));
    for (guint i = 0; i < 3; i++)
        assert_true(bf_audit_merged(audit, "0-of-2", &proved, NULL));
    assert_int_equal(bf_audit_n_lines(audit), 1);
    assert_true(bf_audit_merged(audit, "1-of-2", &proved, NULL));
    assert_int_equal(bf_audit_n_lines(audit), 2);
    g_strlcpy(proved.last_sha256, SHA_B, sizeof proved.last_sha256);
    assert_true(bf_audit_merged(audit, "0-of-2", &proved, NULL));
    assert_int_equal(bf_audit_n_lines(audit), 3);
    remove_scratch(folder);
}

/* The lines of one record, brought into another, tell the same, the person too; and once. */
static void test_audit_bodies__as_they_were(void **state)
{
    (void)state;
    char *folder = make_scratch(), *target = make_scratch();
    g_autoptr(bf_audit) audit = NULL, merged = NULL;
    g_autoptr(bf_package_result) result = make_result("A-1");
    g_autoptr(GHashTable) bodies = NULL;
    assert_true(bf_audit_open(folder, &audit, NULL));
    assert_true(bf_audit_page(audit, "A-1", SAMPLE_NAME, result->pages->pdata[0], NULL));
    assert_true(bf_audit_page(audit, "B-2", SAMPLE_NAME, result->pages->pdata[0], NULL));
    assert_true(bf_audit_package(audit, SAMPLE_NAME, result, NULL));
    assert_true(bf_audit_bodies(bf_audit_path(audit), &bodies, NULL));
    assert_int_equal(g_hash_table_size(bodies), 2);
    const GPtrArray *own = g_hash_table_lookup(bodies, "A-1");
    assert_int_equal(own->len, 2);
    g_autofree char *person = bf_audit_person(audit, "A-1", SAMPLE_NAME);
    assert_non_null(strstr(own->pdata[1], person));
    assert_true(bf_audit_open(target, &merged, NULL));
    for (guint i = 0; i < 2; i++)
        assert_true(bf_audit_append(merged, 0, (const char *const *)own->pdata, own->len, NULL));
    assert_int_equal(bf_audit_n_lines(merged), 2);
    remove_scratch(folder);
    remove_scratch(target);
}

/* A record in a folder of its own that tells of these packages, in this order; a page and a package line each. */
static char *make_record(const char *const *ids, char **folder)
{
    *folder = make_scratch();
    g_autoptr(bf_audit) audit = NULL;
    assert_true(bf_audit_open(*folder, &audit, NULL));
    for (; *ids; ids++) {
        g_autoptr(bf_package_result) result = make_result(*ids);
        assert_true(bf_audit_page(audit, *ids, SAMPLE_NAME, result->pages->pdata[0], NULL));
        assert_true(bf_audit_package(audit, SAMPLE_NAME, result, NULL));
    }
    return g_strdup(bf_audit_path(audit));
}

static guint64 merge_into(const char *folder, const char *first, const char *second)
{
    const char *const paths[] = {first, second, NULL};
    g_autoptr(GError) error = NULL;
    guint64 left_out = 99;
    if (!bf_audit_merge(paths, folder, &left_out, &error))
        fail_msg("%s", error->message);
    return left_out;
}

typedef struct {
    const char *id;
    guint lines;
} counting;

static bool count_line(const bf_audit_entry *e, void *user)
{
    counting *c = user;
    c->lines += strcmp(e->id, c->id) == 0;
    return true;
}

/* Lines about one package (id "": those about none); the record must hold. */
static guint lines_of(const char *folder, const char *id)
{
    g_autofree char *path = g_build_filename(folder, "audit.jsonl", NULL);
    bf_audit_summary summary;
    counting c = {.id = id};
    assert_true(bf_audit_verify(path, &summary, NULL) && bf_audit_foreach(path, count_line, &c, NULL));
    return c.lines;
}

/* What two shards have done is taken once, whether they come in one call or in two, and again. */
static void test_audit_merge__a_package_is_told_once(void **state)
{
    (void)state;
    char *folder_a, *folder_b, *once = make_scratch(), *twice = make_scratch();
    g_autofree char *a = make_record((const char *const[]){"A-1", "B-2", NULL}, &folder_a);
    g_usleep(2000); /* times are of milliseconds, and shards do not do the same thing in the same one */
    g_autofree char *b = make_record((const char *const[]){"B-2", "C-3", NULL}, &folder_b);
    assert_int_equal(merge_into(once, a, b), 2);
    assert_int_equal(merge_into(twice, a, NULL), 0);
    assert_int_equal(merge_into(twice, b, NULL), 2);
    for (int round = 0; round < 2; round++) {
        const char *const folders[] = {once, twice};
        for (gsize i = 0; i < G_N_ELEMENTS(folders); i++) {
            assert_int_equal(lines_of(folders[i], "A-1"), 2);
            assert_int_equal(lines_of(folders[i], "B-2"), 2);
            assert_int_equal(lines_of(folders[i], "C-3"), 2);
            assert_int_equal(lines_of(folders[i], ""), 2);
        }
        assert_int_equal(merge_into(once, b, a), 2); /* the other way round too */
        assert_int_equal(merge_into(twice, a, b), 2);
    }
    remove_scratch(folder_a);
    remove_scratch(folder_b);
    remove_scratch(once);
    remove_scratch(twice);
}

/* The target's own runs go before; and a record that was merged and has grown adds what is new, of packages that it had too. */
static void test_audit_merge__own_packages_and_grown_records(void **state)
{
    (void)state;
    char *folder, *target;
    g_autofree char *own = make_record((const char *const[]){"A-1", NULL}, &target);
    g_usleep(2000);
    g_autofree char *path = make_record((const char *const[]){"A-1", "B-2", NULL}, &folder);
    assert_int_equal(merge_into(target, path, NULL), 2);
    assert_int_equal(lines_of(target, "A-1"), 2);
    assert_int_equal(lines_of(target, "B-2"), 2);
    g_autoptr(bf_audit) audit = NULL;
    g_autoptr(bf_package_result) again = make_result("B-2");
    assert_true(bf_audit_open(folder, &audit, NULL) && bf_audit_package(audit, SAMPLE_NAME, again, NULL));
    assert_int_equal(merge_into(target, path, NULL), 2);
    assert_int_equal(lines_of(target, "A-1"), 2);
    assert_int_equal(lines_of(target, "B-2"), 3);
    assert_int_equal(lines_of(target, ""), 2); /* two ends of the record, each noted */
    remove_scratch(folder);
    remove_scratch(target);
}

/* A record without its key proves nothing, and a broken one is none: nothing of them is taken. */
static void test_audit_merge__only_what_is_proved(void **state)
{
    (void)state;
    char *folder, *target = make_scratch();
    g_autofree char *path = make_record((const char *const[]){"A-1", NULL}, &folder);
    const char *const paths[] = {path, NULL};
    g_autofree char *key = g_build_filename(folder, "audit.key", NULL), *moved = g_strconcat(key, ".away", NULL);
    guint64 left_out = 0;
    for (int broken = 0; broken < 2; broken++) {
        g_autoptr(GError) error = NULL;
        if (broken) {
            g_autoptr(GString) text = load_text(folder, "audit.jsonl");
            text->str[text->len / 2] ^= 1;
            store_text(folder, "audit.jsonl", text->str, text->len);
        } else
            assert_int_equal(g_rename(key, moved), 0);
        assert_false(bf_audit_merge(paths, target, &left_out, &error));
        assert_true(g_error_matches(error, BF_AUDIT_ERROR, BF_AUDIT_ERROR_BROKEN));
        assert_int_equal(lines_of(target, "A-1"), 0);
        assert_int_equal(lines_of(target, ""), 0);
        if (!broken)
            assert_int_equal(g_rename(moved, key), 0);
    }
    remove_scratch(folder);
    remove_scratch(target);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_audit_key_share__all_at_once_get_one_key), cmocka_unit_test(test_audit_key_share__a_record_keeps_its_key),
        cmocka_unit_test(test_audit_merged__once_for_each_end),          cmocka_unit_test(test_audit_bodies__as_they_were),
        cmocka_unit_test(test_audit_merge__a_package_is_told_once),      cmocka_unit_test(test_audit_merge__own_packages_and_grown_records),
        cmocka_unit_test(test_audit_merge__only_what_is_proved),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
