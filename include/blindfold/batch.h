/* Many packages: roster in, output folder out (batch). */
#pragma once
#include "blindfold/package.h"
#include "blindfold/page_host.h"
#include "blindfold/roster.h"

#define BF_BATCH_ERROR (bf_batch_error_quark())
GQuark bf_batch_error_quark(void);
typedef enum {
    BF_BATCH_ERROR_OUTPUT,
    BF_BATCH_ERROR_INPUT,
    BF_BATCH_ERROR_LOCKED,
    BF_BATCH_ERROR_PROCESS,
    BF_BATCH_ERROR_READER,
    BF_BATCH_ERROR_CHANGED /* a finished package is not what its report says */
} bf_batch_error;

typedef enum {
    BF_BATCH_EVENT_START,
    BF_BATCH_EVENT_PAGE,
    BF_BATCH_EVENT_PACKAGE,
    BF_BATCH_EVENT_TICK,
    BF_BATCH_EVENT_END
} bf_batch_event_kind;

/* How far the run is. Package and page counts are of this run's work only; what was found finished is in `skipped`. */
typedef struct {
    bf_batch_event_kind kind;
    double seconds;                         /* since the start */
    guint packages, packages_done, skipped; /* packages: all rows of the batch; done does not count the skipped ones */
    guint released, held, failed;           /* of packages_done */
    guint pages_done, pages_held;
    guint pages_known;        /* of the packages opened so far */
    double pages_expected;    /* an estimate for all packages from those opened so far; 0: none yet */
    const char *id;           /* EVENT_PACKAGE: which one, else NULL */
    bf_verdict verdict;       /* EVENT_PACKAGE */
    bool found_finished;      /* EVENT_PACKAGE: an earlier run had done it */
    const GPtrArray *reasons; /* EVENT_PACKAGE: stable words; NULL: none */
    guint n_pages, n_held;    /* EVENT_PACKAGE: its pages, those of them that are held */
} bf_batch_event;

/* Who is told what happens; called on the thread that runs the batch. Either function may be NULL. Neither ever gets a name. */
typedef struct {
    void (*say)(void *user, const char *sentence); /* a problem or a warning for people */
    void (*event)(void *user, const bf_batch_event *event);
    void *user;
} bf_batch_observer;

typedef struct {
    const char *output_dir;
    const bf_roster *roster;
    const char *sign_key;    /* Ed25519 secret key for the record's checkpoints (audit.h); NULL: none */
    const char *roster_path; /* for state.db alone; NULL: no file */
    const char *const
        *inputs;  /* NULL-terminated: zips, folders that are packages, or folders that hold zips; matched to rows by file name */
    guint n_jobs; /* 0: the processors that this process may use */
    bool force;   /* do finished packages again */
    bool skip_bad_rows;
    bool surname_forms;                /* also look for the surname with a title: 周老师 */
    bool given_names;                  /* and for given names of transcribed names, where no other row has the same */
    const bf_batch_observer *observer; /* may be NULL */
    bf_limits limits;
    bf_guard_mode sandbox;     /* of page processes, and of this one when */
    bool guard_process;        /* it may give up its power for good: it will only ever write below output_dir */
    gint64 max_memory;         /* bytes of pages in flight; 0: 2 GiB */
    const atomic_bool *cancel; /* set by SIGINT, SIGTERM */
    guint shard, n_shards;     /* only this share of the packages, in OUT/shards/I-of-N; n_shards 0: all, in OUT */
} bf_batch_settings;

/* "I/N", 0 <= I < N <= 100,000. */
bool bf_shard_parse(const char *text, guint *shard, guint *n_shards);

typedef struct {
    guint released, held, failed; /* packages */
    guint skipped_rows;           /* bad rows and inputs of no row, left out because of skip_bad_rows */
    guint found_finished;         /* of released and held: an earlier run had done them */
    guint pages, pages_held;
    bool interrupted;
} bf_batch_summary;

/* Whether roster and inputs fit, before anything is loaded or written: each bad row, each package that is missing and each input that
 * no row claims is said to the observer. Fails with INPUT when there is any and skip_bad_rows is not set, or when no row is left. */
bool bf_batch_check(const bf_batch_settings *settings, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What a run would take up: one row of the roster and its package, opened and listed, with nothing read, loaded or written. */
typedef struct {
    const bf_roster_row *row; /* the roster's */
    guint pages, dropped;     /* entries that would be pages; entries that would be left out */
    const char *problem;      /* why the package cannot be opened, a stable word as in reports; or NULL */
} bf_batch_preview_row;

/* *out: bf_batch_preview_row *, in the roster's order; the caller's. Rows and inputs that do not fit are said to the observer and counted in
 * *left_out. Fails only where nothing is left. */
bool bf_batch_preview(const bf_batch_settings *settings, GPtrArray **out, guint *left_out, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Processes every row's package with the engine and writes packages/, held/, reports/, summary.csv, state.db and audit.jsonl. A package
 * that cannot be read fails alone. Fails as a whole only when the output or the record cannot be written, or inputs and roster do not fit.
 *
 * A package is released when it has at least one page, every page is masked or clear, verified, written and not illegible, and no
 * entry that holds it was dropped; else it is held. A package whose report says that the same input, roster row, version, readers and
 * settings gave the output that is still there is not done again (unless `force`).
 *
 * On a crash see output.h: a package is as it was, or whole after the next run has begun. */
bool bf_batch_run(const bf_batch_settings *settings, bf_page_engine *engine, bf_batch_summary *out,
                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
