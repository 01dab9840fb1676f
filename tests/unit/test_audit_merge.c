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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_audit_key_share__all_at_once_get_one_key),
        cmocka_unit_test(test_audit_key_share__a_record_keeps_its_key),
        cmocka_unit_test(test_audit_merged__once_for_each_end),
        cmocka_unit_test(test_audit_bodies__as_they_were),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
