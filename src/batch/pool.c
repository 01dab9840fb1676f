#include "blindfold/pool.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <time.h>

G_DEFINE_QUARK(bf - pool - error - quark, bf_pool_error)

typedef struct {
    void *job;
    gint64 weight;
    bool finished;
} slot;

/* Jobs are numbered in the order of next. slots[n % window] holds job n; given <= taken <= put <= given + window. */
typedef struct {
    const bf_pool_ops *ops;
    pthread_mutex_t lock;
    pthread_cond_t jobs_waiting; /* a job was put, or closing */
    pthread_cond_t news;         /* for the caller: a job is finished, a worker is made or is not */
    slot *slots;
    guint window;
    guint64 put, taken, given; /* put by next, taken by workers, given to done */
    guint workers_made;
    bool closing;
    GError *error; /* of the first worker that could not be made */
} pool;

static bool take_job(pool *p, guint64 *number)
{
    pthread_mutex_lock(&p->lock);
    while (p->taken == p->put && !p->closing)
        pthread_cond_wait(&p->jobs_waiting, &p->lock);
    bool got = p->taken < p->put;
    if (got)
        *number = p->taken++;
    pthread_mutex_unlock(&p->lock);
    return got;
}

static void *run_worker(void *arg)
{
    pool *p = arg;
    void *worker = NULL;
    GError *error = NULL;
    bool made = p->ops->worker_new(p->ops->user, &worker, &error);

    pthread_mutex_lock(&p->lock);
    if (made)
        p->workers_made++;
    else if (!p->error)
        p->error = g_steal_pointer(&error);
    pthread_cond_signal(&p->news);
    pthread_mutex_unlock(&p->lock);
    g_clear_error(&error);
    if (!made)
        return NULL;

    guint64 number;
    while (take_job(p, &number)) {
        slot *s = &p->slots[number % p->window];
        p->ops->work(worker, s->job);
        pthread_mutex_lock(&p->lock);
        s->finished = true;
        pthread_cond_signal(&p->news);
        pthread_mutex_unlock(&p->lock);
    }
    p->ops->worker_free(worker);
    return NULL;
}

/* Waits a second at most, so that ticks come; the lock is held before and after. */
static void wait_for_news(pool *p, gint64 *next_tick_us)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec++;
    pthread_cond_timedwait(&p->news, &p->lock, &until);
    gint64 now = g_get_monotonic_time();
    if (p->ops->tick && now >= *next_tick_us) {
        *next_tick_us = now + G_USEC_PER_SEC;
        pthread_mutex_unlock(&p->lock);
        p->ops->tick(p->ops->user);
        pthread_mutex_lock(&p->lock);
    }
}

static bool start_workers(pool *p, pthread_t *threads, guint n, guint *started, GError **error)
{
    for (*started = 0; *started < n; (*started)++) {
        int code = pthread_create(&threads[*started], NULL, run_worker, p);
        if (code != 0) {
            g_set_error(error, BF_POOL_ERROR, BF_POOL_ERROR_THREAD, _("cannot start worker %u of %u: %s; ask for fewer jobs"), *started + 1,
                        n, g_strerror(code));
            return false;
        }
    }
    gint64 next_tick_us = g_get_monotonic_time() + G_USEC_PER_SEC;
    pthread_mutex_lock(&p->lock);
    while (!p->error && p->workers_made < n)
        wait_for_news(p, &next_tick_us);
    GError *first = g_steal_pointer(&p->error);
    pthread_mutex_unlock(&p->lock);
    if (first)
        g_propagate_error(error, first);
    return first == NULL;
}

static void put_job(pool *p, void *job, gint64 weight)
{
    pthread_mutex_lock(&p->lock);
    p->slots[p->put % p->window] = (slot){.job = job, .weight = weight};
    p->put++;
    pthread_cond_signal(&p->jobs_waiting);
    pthread_mutex_unlock(&p->lock);
}

/* The oldest job when it is finished, else NULL. With `wait`, waits until it is. */
static void *give_job(pool *p, bool wait, gint64 *weight, gint64 *next_tick_us)
{
    void *job = NULL;
    pthread_mutex_lock(&p->lock);
    slot *s = &p->slots[p->given % p->window];
    while (wait && !s->finished)
        wait_for_news(p, next_tick_us);
    if (p->given < p->put && s->finished) {
        job = s->job;
        *weight = s->weight;
        *s = (slot){0};
        p->given++;
    }
    pthread_mutex_unlock(&p->lock);
    return job;
}

/* The caller's loop. A job that next gave is kept aside while it does not fit beside those in flight; when cancel comes it still goes
 * through a worker, so that work can say what became of it. */
static void run_jobs(pool *p, const bf_pool_settings *settings)
{
    const bf_pool_ops *ops = p->ops;
    gint64 next_tick_us = g_get_monotonic_time() + G_USEC_PER_SEC;
    gint64 in_flight_weight = 0, aside_weight = 0, weight = 0;
    guint64 in_flight = 0;
    void *aside = NULL;
    bool ended = false;

    for (;;) {
        ended = ended || (settings->cancel && atomic_load(settings->cancel));
        if (!aside && !ended && in_flight < p->window) {
            aside_weight = 0;
            aside = ops->next(ops->user, &aside_weight);
            ended = aside == NULL;
            aside_weight = MAX(aside_weight, 0);
        }
        bool fits = settings->max_weight <= 0 || in_flight == 0 || aside_weight <= settings->max_weight - in_flight_weight;
        bool put = aside && fits && in_flight < p->window;
        if (put) {
            put_job(p, g_steal_pointer(&aside), aside_weight);
            in_flight++;
            in_flight_weight += aside_weight;
        }
        if (in_flight == 0 && ended && !aside)
            return;
        void *job = in_flight > 0 ? give_job(p, !put, &weight, &next_tick_us) : NULL;
        if (job) {
            in_flight--;
            in_flight_weight -= weight;
            ops->done(ops->user, job);
        }
    }
}

static void pool_init(pool *p, const bf_pool_ops *ops, const bf_pool_settings *settings)
{
    pthread_condattr_t attr;
    *p = (pool){.ops = ops, .window = settings->window ? settings->window : 4 * settings->n_threads};
    p->slots = g_new0(slot, p->window);
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->jobs_waiting, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&p->news, &attr);
    pthread_condattr_destroy(&attr);
}

static void pool_clear(pool *p)
{
    pthread_cond_destroy(&p->news);
    pthread_cond_destroy(&p->jobs_waiting);
    pthread_mutex_destroy(&p->lock);
    g_clear_error(&p->error);
    g_free(p->slots);
}

bool bf_pool_run(const bf_pool_ops *ops, const bf_pool_settings *settings, GError **error)
{
    g_assert(settings->n_threads >= 1);
    pool p;
    guint started = 0;
    g_autofree pthread_t *threads = g_new0(pthread_t, settings->n_threads);

    pool_init(&p, ops, settings);
    bool ok = start_workers(&p, threads, settings->n_threads, &started, error);
    if (ok)
        run_jobs(&p, settings);
    pthread_mutex_lock(&p.lock);
    p.closing = true;
    pthread_cond_broadcast(&p.jobs_waiting);
    pthread_mutex_unlock(&p.lock);
    for (guint i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    pool_clear(&p);
    return ok;
}

guint bf_pool_processors(void)
{
    cpu_set_t set;
    int n = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : (int)g_get_num_processors();
    return (guint)MAX(n, 1);
}
