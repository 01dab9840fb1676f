/* The worker pool: order, limits, cancelling, workers that cannot be made. */
#include "blindfold/pool.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MOST_JOBS = 2000 };

typedef struct {
    guint number;
    gint64 weight;
    guint square; /* what work makes of it */
} job;

/* What a run is asked to do, and what it was seen doing. */
typedef struct {
    guint n_jobs;
    gint64 (*weight_of)(guint number);
    gint failing_worker; /* the n-th that is made fails; 0: none */
    guint cancel_after;  /* done calls before cancel is set; 0: never */
    guint work_us;

    guint given, done;
    atomic_bool cancel;
    atomic_int workers_tried, workers_alive, working, most_working, worked;
    atomic_llong weight_now, most_weight;
    guint most_in_flight;
    pthread_t caller;
    bool out_of_order, wrong_thread;
} scene;

typedef struct {
    scene *scene;
    pthread_t thread;
} worker;

static void raise_to(atomic_int *most, int value)
{
    int old = atomic_load(most);
    while (value > old && !atomic_compare_exchange_weak(most, &old, value))
        ;
}

static bool make_worker(void *user, void **out, GError **error)
{
    scene *s = user;
    int n = atomic_fetch_add(&s->workers_tried, 1) + 1;
    if (n == s->failing_worker) {
        g_set_error(error, g_quark_from_static_string("test"), 7, "worker %d has no model", n);
        return false;
    }
    atomic_fetch_add(&s->workers_alive, 1);
    worker *w = g_new(worker, 1);
    *w = (worker){s, pthread_self()};
    *out = w;
    return true;
}

static void free_worker(void *p)
{
    worker *w = p;
    atomic_fetch_sub(&w->scene->workers_alive, 1);
    g_free(w);
}

static void *next_job(void *user, gint64 *weight)
{
    scene *s = user;
    s->wrong_thread |= !pthread_equal(pthread_self(), s->caller);
    if (s->given == s->n_jobs)
        return NULL;
    job *j = g_new0(job, 1);
    j->number = s->given++;
    j->weight = *weight = s->weight_of ? s->weight_of(j->number) : 1;
    s->most_in_flight = MAX(s->most_in_flight, s->given - s->done);
    return j;
}

static void work(void *p, void *data)
{
    worker *w = p;
    scene *s = w->scene;
    job *j = data;
    raise_to(&s->most_working, atomic_fetch_add(&s->working, 1) + 1);
    long long now = atomic_fetch_add(&s->weight_now, j->weight) + j->weight, old = atomic_load(&s->most_weight);
    while (now > old && !atomic_compare_exchange_weak(&s->most_weight, &old, now))
        ;
    if (s->work_us)
        g_usleep(s->work_us * (j->number % 3 + 1)); /* uneven, so that later jobs overtake earlier ones */
    j->square = j->number * j->number;
    atomic_fetch_sub(&s->weight_now, j->weight);
    atomic_fetch_sub(&s->working, 1);
    atomic_fetch_add(&s->worked, 1);
}

static void take_done(void *user, void *data)
{
    scene *s = user;
    job *j = data;
    s->wrong_thread |= !pthread_equal(pthread_self(), s->caller);
    s->out_of_order |= j->number != s->done || j->square != j->number * j->number;
    s->done++;
    if (s->done == s->cancel_after)
        atomic_store(&s->cancel, true);
    g_free(j);
}

static bool run(scene *s, bf_pool_settings settings, GError **error)
{
    const bf_pool_ops ops = {
        .worker_new = make_worker, .worker_free = free_worker, .next = next_job, .work = work, .done = take_done, .user = s};
    s->caller = pthread_self();
    settings.cancel = &s->cancel;
    return bf_pool_run(&ops, &settings, error);
}

static void test_pool_run__every_job_once_in_order(void **state)
{
    (void)state;
    static const struct {
        guint jobs, threads, window, work_us;
    } cases[] = {{0, 1, 0, 0}, {1, 8, 0, 0}, {100, 1, 1, 0}, {MOST_JOBS, 8, 0, 0}, {300, 8, 3, 100}, {300, 3, 64, 100}, {500, 2, 1, 0}};
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        scene s = {.n_jobs = cases[i].jobs, .work_us = cases[i].work_us};
        assert_true(run(&s, (bf_pool_settings){.n_threads = cases[i].threads, .window = cases[i].window}, NULL));
        assert_int_equal(s.done, cases[i].jobs);
        assert_int_equal(atomic_load(&s.worked), cases[i].jobs);
        assert_int_equal(atomic_load(&s.workers_alive), 0);
        assert_int_equal(atomic_load(&s.workers_tried), cases[i].threads);
        assert_false(s.out_of_order);
        assert_false(s.wrong_thread);
        guint window = cases[i].window ? cases[i].window : 4 * cases[i].threads;
        assert_in_range(s.most_in_flight, 0, window);
    }
}

static void test_pool_run__works_in_parallel(void **state)
{
    (void)state;
    scene s = {.n_jobs = 64, .work_us = 3000};
    assert_true(run(&s, (bf_pool_settings){.n_threads = 8}, NULL));
    assert_in_range(atomic_load(&s.most_working), 2, 8);
}

static gint64 mixed_weight(guint number)
{
    return number % 10 == 7 ? 1000 : 30; /* some are heavier than the limit */
}

static void test_pool_run__keeps_the_weight_limit(void **state)
{
    (void)state;
    scene s = {.n_jobs = 200, .work_us = 200, .weight_of = mixed_weight};
    assert_true(run(&s, (bf_pool_settings){.n_threads = 8, .window = 32, .max_weight = 100}, NULL));
    assert_int_equal(s.done, 200);
    assert_false(s.out_of_order);
    assert_int_equal(atomic_load(&s.most_weight), 1000); /* the heavy one alone, not a byte beside it */

    scene light = {.n_jobs = 200, .work_us = 200};
    assert_true(run(&light, (bf_pool_settings){.n_threads = 8, .window = 32, .max_weight = 3}, NULL));
    assert_in_range(atomic_load(&light.most_working), 1, 3);
}

static gint64 largest_weight(guint number)
{
    return number % 2 ? G_MAXINT64 : -5;
}

static void test_pool_run__odd_weights(void **state)
{
    (void)state;
    scene s = {.n_jobs = 20, .weight_of = largest_weight};
    assert_true(run(&s, (bf_pool_settings){.n_threads = 2, .max_weight = 100}, NULL));
    assert_int_equal(s.done, 20);
}

static void test_pool_run__cancel(void **state)
{
    (void)state;
    static const guint threads[] = {1, 8};
    for (guint i = 0; i < G_N_ELEMENTS(threads); i++) {
        scene s = {.n_jobs = MOST_JOBS, .cancel_after = 20, .work_us = 50};
        assert_true(run(&s, (bf_pool_settings){.n_threads = threads[i], .window = 16}, NULL));
        assert_in_range(s.given, 20, 20 + 17);
        assert_int_equal(s.done, s.given); /* what was begun is handed over */
        assert_int_equal(atomic_load(&s.worked), s.given);
        assert_false(s.out_of_order);
    }
    scene before = {.n_jobs = 10};
    atomic_store(&before.cancel, true);
    assert_true(run(&before, (bf_pool_settings){.n_threads = 2}, NULL));
    assert_int_equal(before.given, 0);
}

static void test_pool_run__worker_that_cannot_be_made(void **state)
{
    (void)state;
    for (gint failing = 1; failing <= 4; failing++) {
        scene s = {.n_jobs = 50, .failing_worker = failing};
        g_autoptr(GError) error = NULL;
        assert_false(run(&s, (bf_pool_settings){.n_threads = 4}, &error));
        assert_int_equal(error->code, 7);
        assert_int_equal(s.given, 0);
        assert_int_equal(atomic_load(&s.workers_alive), 0);
    }
}

static void count_tick(void *user)
{
    scene *s = user;
    s->wrong_thread |= !pthread_equal(pthread_self(), s->caller);
    s->cancel_after++; /* of no other use in this scene */
}

static void test_pool_run__ticks_while_it_waits(void **state)
{
    (void)state;
    scene s = {.n_jobs = 1, .work_us = 2500 * 1000, .caller = pthread_self()};
    const bf_pool_ops ops = {.worker_new = make_worker,
                             .worker_free = free_worker,
                             .next = next_job,
                             .work = work,
                             .done = take_done,
                             .tick = count_tick,
                             .user = &s};
    assert_true(bf_pool_run(&ops, &(bf_pool_settings){.n_threads = 1}, NULL));
    assert_in_range(s.cancel_after, 1, 3);
    assert_false(s.wrong_thread);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pool_run__every_job_once_in_order),
        cmocka_unit_test(test_pool_run__works_in_parallel),
        cmocka_unit_test(test_pool_run__keeps_the_weight_limit),
        cmocka_unit_test(test_pool_run__odd_weights),
        cmocka_unit_test(test_pool_run__cancel),
        cmocka_unit_test(test_pool_run__worker_that_cannot_be_made),
        cmocka_unit_test(test_pool_run__ticks_while_it_waits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
