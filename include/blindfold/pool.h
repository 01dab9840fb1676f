/* A worker pool with ordered results (batch). */
#pragma once
#include <glib.h>
#include <stdatomic.h>
#include <stdbool.h>

#define BF_POOL_ERROR (bf_pool_error_quark())
GQuark bf_pool_error_quark(void);
typedef enum { BF_POOL_ERROR_THREAD /* the system gives no (more) threads */ } bf_pool_error;

/* next  serial, on the caller's thread: the next job, or NULL at the end. `weight` is the memory it will take, in bytes.
 * work  parallel, on a worker's thread; cannot fail (its error lives in the job).
 * done  serial, on the caller's thread, in the order of next; takes the job over.
 * tick  serial, on the caller's thread, about once a second while it waits; may be NULL.
 * worker_new / worker_free run on the worker's own thread. next is asked only when every worker is made; a worker that cannot be made
 * ends the run with its error before that. So each job that next gave is worked on exactly once and reaches done. */
typedef struct {
    bool (*worker_new)(void *user, void **worker, GError **error);
    void (*worker_free)(void *worker);
    void *(*next)(void *user, gint64 *weight);
    void (*work)(void *worker, void *job);
    void (*done)(void *user, void *job);
    void (*tick)(void *user);
    void *user;
} bf_pool_ops;

typedef struct {
    guint n_threads;      /* >= 1 */
    guint window;         /* most jobs between next and done; 0: 4 * n_threads */
    gint64 max_weight;    /* most bytes between next and done; a single heavier job runs alone; 0: no limit */
    const atomic_bool *cancel; /* when it turns true, next is asked no more; jobs in flight end and are handed to done; may be NULL */
} bf_pool_settings;

/* Runs until next is exhausted and all jobs are done. POSIX threads. */
bool bf_pool_run(const bf_pool_ops *ops, const bf_pool_settings *settings, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* How many processors this process may use, at least 1. */
guint bf_pool_processors(void);
