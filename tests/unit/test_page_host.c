/* Pages in processes of their own, with the real models: the same results; processes that die, hang or are stopped; what they may do. */
#include "blindfold/name.h"
#include "blindfold/page_host.h"
#include "pagemaker.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

typedef struct {
    bf_page_engine *engine;
    pm_person *person;
    bf_query *query;
    pm_page *page;
} fixture;

static int set_up(void **state)
{
    fixture *f = g_new0(fixture, 1);
    const bf_page_settings settings = {0};
    const pm_page_spec spec = {.kind = PM_KIND_SUMMARY, .capture = PM_CAPTURE_CLEAN, .seed = 78};
    g_autoptr(GError) error = NULL;
    f->person = pm_person_random(20262);
    pm_page_spec drawn = spec;
    drawn.person = f->person;
    if (!bf_page_engine_new(&settings, &f->engine, &error) || !bf_name_build(f->person->name, NULL, &f->query, &error) ||
        !pm_page_draw(&drawn, &f->page, &error)) {
        print_error("%s\n", error->message);
        return -1;
    }
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    bf_page_engine_free(f->engine);
    bf_query_free(f->query);
    pm_page_free(f->page);
    pm_person_free(f->person);
    g_free(f);
    return 0;
}

static bf_page_host *open_host(const fixture *f, guint seconds)
{
    bf_page_host *host = NULL;
    g_autoptr(GError) error = NULL;
    if (!bf_page_host_new(f->engine, &(bf_page_host_settings){.limits.page_seconds = seconds}, &host, &error))
        fail_msg("%s", error->message);
    return host;
}

static bf_page_client *open_client(bf_page_host *host)
{
    bf_page_client *client = NULL;
    g_autoptr(GError) error = NULL;
    if (!bf_page_client_new(host, &client, &error))
        fail_msg("%s", error->message);
    return client;
}

static void process(const fixture *f, bf_page_client *client, const atomic_bool *cancel, bf_page_result *r)
{
    bf_page_result_init(r);
    bf_page_client_process(client, &(bf_page_task){.jpeg = f->page->jpeg, .query = f->query, .cancel = cancel}, r);
}

static const char *only_reason(const bf_page_result *r)
{
    return r->reasons && r->reasons->len == 1 ? r->reasons->pdata[0] : "";
}

/* The one child of a process. */
static pid_t child_of(pid_t pid)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/task/%d/children", pid, pid), *text = NULL;
    assert_true(g_file_get_contents(path, &text, NULL, NULL));
    pid_t child = (pid_t)g_ascii_strtoll(text, NULL, 10);
    assert_true(child > 0);
    return child;
}

static void test_bf_page_client_process__as_in_this_process(void **state)
{
    const fixture *f = *state;
    bf_page_host *host = open_host(f, 0);
    bf_page_client *client = open_client(host);
    bf_page_worker *worker = NULL;
    bf_page_result there, here;
    assert_true(bf_page_worker_new(f->engine, &worker, NULL));
    bf_page_result_init(&here);
    bf_page_process(worker, &(bf_page_task){.jpeg = f->page->jpeg, .query = f->query}, &here);
    for (int round = 0; round < 2; round++) {
        process(f, client, NULL, &there);
        assert_int_equal(there.decision, here.decision);
        assert_int_equal(there.decision, BF_DECISION_MASKED);
        assert_string_equal(there.sha256_in, here.sha256_in);
        assert_string_equal(there.sha256_out, here.sha256_out);
        assert_true(g_bytes_equal(there.output, here.output));
        assert_int_equal(there.masks->len, here.masks->len);
        for (guint i = 0; i < here.masks->len; i++) {
            const bf_mask *a = &g_array_index(there.masks, bf_mask, i), *b = &g_array_index(here.masks, bf_mask, i);
            assert_memory_equal(&a->rect, &b->rect, sizeof a->rect);
            assert_string_equal(a->reader, b->reader);
            assert_true(a->kind == b->kind && a->score == b->score);
        }
        assert_true(there.legibility_score == here.legibility_score && there.legibility == here.legibility);
        assert_true(there.unchanged_blocks == here.unchanged_blocks && there.masked_blocks == here.masked_blocks);
        assert_int_equal(there.orientation_deg, here.orientation_deg);
        bf_page_result_clear(&there);
    }
    bf_page_result_clear(&here);
    bf_page_worker_free(worker);
    bf_page_client_free(client);
    bf_page_host_free(host);
}

static void test_bf_page_client_process__checks_as_in_this_process(void **state)
{
    const fixture *f = *state;
    bf_page_host *host = open_host(f, 0);
    bf_page_client *client = open_client(host);
    bf_page_worker *worker = NULL;
    bf_page_result r;
    bf_checked_page *here = bf_checked_page_new(), *there = bf_checked_page_new();
    assert_true(bf_page_worker_new(f->engine, &worker, NULL));
    bf_page_result_init(&r);
    bf_page_process(worker, &(bf_page_task){.jpeg = f->page->jpeg, .query = f->query, .check = here}, &r);
    bf_page_result_clear(&r);
    bf_page_client_process(client, &(bf_page_task){.jpeg = f->page->jpeg, .query = f->query, .check = there}, &r);
    assert_null(r.output);
    bf_page_result_clear(&r);
    assert_true(here->findings->len > 0);
    assert_int_equal(there->findings->len, here->findings->len);
    for (guint i = 0; i < here->findings->len; i++) {
        const bf_finding *a = &g_array_index(there->findings, bf_finding, i), *b = &g_array_index(here->findings, bf_finding, i);
        assert_string_equal(a->rule, b->rule);
        assert_true(a->weight == b->weight && a->number == b->number && (a->picture != NULL) == (b->picture != NULL));
        assert_memory_equal(&a->place, &b->place, sizeof a->place);
        assert_true(a->picture == NULL || g_bytes_equal(a->picture, b->picture));
    }
    assert_true(g_bytes_equal(there->thumbnail, here->thumbnail));
    assert_string_equal(there->legibility, here->legibility);
    assert_memory_equal(there->print, here->print, BF_PRINT_N * sizeof(float));
    bf_checked_page_free(here);
    bf_checked_page_free(there);
    bf_page_worker_free(worker);
    bf_page_client_free(client);
    bf_page_host_free(host);
}

static void test_bf_page_client_process__garbage_is_a_result(void **state)
{
    const fixture *f = *state;
    bf_page_host *host = open_host(f, 0);
    bf_page_client *client = open_client(host);
    static const char *const contents[] = {"", "\xFF\xD8\xFF", "no picture at all"};
    for (guint i = 0; i < G_N_ELEMENTS(contents); i++) {
        g_autoptr(GBytes) jpeg = g_bytes_new_static(contents[i], strlen(contents[i]));
        bf_page_result r;
        bf_page_result_init(&r);
        bf_page_client_process(client, &(bf_page_task){.jpeg = jpeg, .query = f->query}, &r);
        assert_int_equal(r.decision, BF_DECISION_REVIEW);
        assert_true(strcmp(only_reason(&r), "not-a-jpeg") == 0 || strcmp(only_reason(&r), "corrupt") == 0);
        bf_page_result_clear(&r);
    }
    bf_page_client_free(client);
    bf_page_host_free(host);
}

static void test_bf_page_client_process__a_killed_process_costs_its_page_alone(void **state)
{
    const fixture *f = *state;
    bf_page_host *host = open_host(f, 0);
    bf_page_client *client = open_client(host);
    bf_page_result r;
    kill(child_of(child_of(getpid())), SIGKILL);
    process(f, client, NULL, &r);
    assert_string_equal(only_reason(&r), "reader-crashed");
    assert_int_equal(r.decision, BF_DECISION_REVIEW);
    assert_int_equal(strlen(r.sha256_in), BF_SHA256_HEX - 1);
    bf_page_result_clear(&r);
    process(f, client, NULL, &r);
    assert_int_equal(r.decision, BF_DECISION_MASKED);
    bf_page_result_clear(&r);
    bf_page_client_free(client);
    bf_page_host_free(host);
}

static void test_bf_page_client_process__a_hanging_process_is_given_up(void **state)
{
    const fixture *f = *state;
    bf_page_host *host = open_host(f, 1);
    bf_page_client *client = open_client(host);
    bf_page_result r;
    kill(child_of(child_of(getpid())), SIGSTOP);
    gint64 start = g_get_monotonic_time();
    process(f, client, NULL, &r);
    gint64 took_ms = (g_get_monotonic_time() - start) / 1000;
    assert_string_equal(only_reason(&r), "time-limit");
    assert_in_range(took_ms, 900, 2000);
    bf_page_result_clear(&r);
    bf_page_client_free(client);
    bf_page_host_free(host);
}

static void *cancel_soon(void *cancel)
{
    g_usleep(200 * 1000);
    atomic_store((atomic_bool *)cancel, true);
    return NULL;
}

static void test_bf_page_client_process__cancel_stops_a_page_at_once(void **state)
{
    const fixture *f = *state;
    bf_page_host *host = open_host(f, 60);
    bf_page_client *client = open_client(host);
    atomic_bool cancel = false;
    pthread_t thread;
    bf_page_result r;
    kill(child_of(child_of(getpid())), SIGSTOP);
    assert_int_equal(pthread_create(&thread, NULL, cancel_soon, &cancel), 0);
    gint64 start = g_get_monotonic_time();
    process(f, client, &cancel, &r);
    pthread_join(thread, NULL);
    assert_string_equal(only_reason(&r), "interrupted");
    assert_in_range((g_get_monotonic_time() - start) / 1000, 0, 1200);
    bf_page_result_clear(&r);
    bf_page_client_free(client);
    bf_page_host_free(host);
}

static void test_bf_page_host_is_lost__pages_wait_for_another_run(void **state)
{
    const fixture *f = *state;
    bf_page_host *host = open_host(f, 60);
    bf_page_client *client = open_client(host);
    bf_page_result r;
    kill(child_of(getpid()), SIGKILL);
    while (!bf_page_host_is_lost(host)) {
        process(f, client, NULL, &r);
        if (!bf_page_host_is_lost(host))
            assert_int_equal(r.decision, BF_DECISION_MASKED); /* was faster than the kill */
        else
            assert_string_equal(only_reason(&r), "interrupted");
        bf_page_result_clear(&r);
    }
    bf_page_client_free(client);
    bf_page_host_free(host);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bf_page_client_process__as_in_this_process),
        cmocka_unit_test(test_bf_page_client_process__checks_as_in_this_process),
        cmocka_unit_test(test_bf_page_client_process__garbage_is_a_result),
        cmocka_unit_test(test_bf_page_client_process__a_killed_process_costs_its_page_alone),
        cmocka_unit_test(test_bf_page_client_process__a_hanging_process_is_given_up),
        cmocka_unit_test(test_bf_page_client_process__cancel_stops_a_page_at_once),
        cmocka_unit_test(test_bf_page_host_is_lost__pages_wait_for_another_run),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
