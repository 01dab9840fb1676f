/* One package on its way through a batch: opened, its pages handed out and taken back, its result written. Inside the batch room only.
 * All calls on the thread that runs the batch; only page_job.record->page is filled elsewhere. */
#pragma once
#include "batch/batch_plan.h"
#include "blindfold/output.h"

/* What all packages of a run share; borrowed. */
typedef struct {
    const bf_batch_settings *settings;
    const bf_tool_info *tool;
    bf_output *output;
    const bf_query *names; /* of all applicants of the run */
} run_context;

typedef struct {
    const run_context *run;
    const plan_item *item;
    bf_package *package; /* NULL once it is read, or when it could not be opened */
    bf_package_plan plan;
    bf_package_result *result;
    GPtrArray *holding_reasons; /* const char *, see verdict.h */
    guint n_pages, n_given, n_done;
    bool found_finished; /* an earlier run's output stands; nothing is done */
    bool earlier_stays;  /* the input could not be read, so nobody knows whether it is another one: what was made of it before stays */
    bool interrupted;    /* a page was cancelled */
} package_job;

typedef struct {
    package_job *package;
    bf_page_record *record; /* the package's */
    GBytes *jpeg;           /* NULL: the entry could not be read; the record says so */
    bool hit_expected;
    gint64 weight;
} page_job;

/* Cannot fail: a package that cannot be opened has a result that says so. */
package_job *package_job_open(const run_context *run, const plan_item *item);
void package_job_free(package_job *job);

/* The next page in output order, or NULL when all are given. Its package must outlive it. */
page_job *package_job_next_page(package_job *job);
/* Takes the page job back. */
void package_job_take_done(page_job *page);
bool package_job_is_complete(const package_job *job);

/* Decides the verdict and writes zip, report and record. Fails when one of them cannot be written: then the run cannot go on. */
bool package_job_finish(package_job *job, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The stable word for why a package could not be opened. */
const char *package_job_open_failure(const GError *error);
