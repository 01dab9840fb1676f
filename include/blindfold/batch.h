/* Many packages: roster in, output folder out (batch). */
#pragma once
#include "blindfold/package.h"
#include "blindfold/page.h"
#include "blindfold/roster.h"

#define BF_BATCH_ERROR (bf_batch_error_quark())
GQuark bf_batch_error_quark(void);
typedef enum { BF_BATCH_ERROR_OUTPUT, BF_BATCH_ERROR_INPUT, BF_BATCH_ERROR_LOCKED } bf_batch_error;

typedef enum { BF_PROGRESS_AUTO, BF_PROGRESS_PLAIN, BF_PROGRESS_JSON, BF_PROGRESS_NEVER } bf_progress_mode;

typedef struct {
    const char *output_dir;
    const bf_roster *roster;
    const char *const *inputs; /* NULL-terminated: zips, folders that are packages, or folders that hold zips; matched to rows by file name */
    guint n_jobs;              /* 0: the processors that this process may use */
    bool force;                /* do finished packages again */
    bool skip_bad_rows;
    bf_progress_mode progress;
    bf_package_limits limits;
    gint64 max_memory;         /* bytes of pages in flight; 0: 2 GiB */
    const atomic_bool *cancel; /* set by SIGINT, SIGTERM */
} bf_batch_settings;

typedef struct {
    guint released, held, failed; /* packages */
    guint pages, pages_held;
    bool interrupted;
} bf_batch_summary;

/* Processes every row's package with the engine and writes packages/, held/, reports/, summary.csv and audit.jsonl. A package that
 * cannot be read fails alone. Fails as a whole only when the output or the record cannot be written, or inputs and roster do not fit. */
bool bf_batch_run(const bf_batch_settings *settings, bf_page_engine *engine, bf_batch_summary *out, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
