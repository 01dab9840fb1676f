/* Pages worked on in processes of their own, so that a hostile page can neither crash, hang nor take over the run (page).
 *
 * A host is one process, split off while the program still has a single thread and has its engine loaded. It never sees foreign bytes; it
 * only splits off a page process for each client, again after one was lost. These share the engine's memory until they write to it, have
 * given up files, network and programs (guard.h), and do what bf_page_process does: the results are the same, byte by byte.
 *
 * A page process that dies gives its page the reason "reader-crashed", one that takes too long "time-limit", one that was stopped because
 * the run was cancelled "interrupted"; the next page gets a new process.
 *
 * What the engine prepares for a person's name goes one of two ways: what it keeps for itself must be there before bf_page_host_new, what
 * belongs to the query travels with it (page_wire.c).
 */
#pragma once
#include "blindfold/guard.h"
#include "blindfold/limits.h"
#include "blindfold/page.h"

typedef struct {
    bf_limits limits; /* page_seconds and max_page_bytes */
    bf_guard_mode sandbox;
} bf_page_host_settings;

typedef struct bf_page_host bf_page_host;     /* shared by all threads; outlives its clients */
typedef struct bf_page_client bf_page_client; /* one page process; belongs to one thread at a time */

/* Call it before any thread is started. Starts one page process as a trial; fails (BF_PAGE_ERROR, or BF_GUARD_ERROR with a strict
 * sandbox) when that does not work. The engine must outlive the host. */
bool bf_page_host_new(bf_page_engine *engine, const bf_page_host_settings *settings, bf_page_host **out,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
void bf_page_host_free(bf_page_host *host); /* NULL is fine; ends all processes */

/* What keeps page processes in. */
bf_guard_state bf_page_host_guard(const bf_page_host *host);
/* Has the host's own process died? Then pages come back as "interrupted", and the run should end. Thread-safe. */
bool bf_page_host_is_lost(const bf_page_host *host);

bool bf_page_client_new(bf_page_host *host, bf_page_client **out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void bf_page_client_free(bf_page_client *client); /* NULL is fine */
/* As bf_page_process. Not longer than limits.page_seconds and one more; after task->cancel, not longer than a second. */
void bf_page_client_process(bf_page_client *client, const bf_page_task *task, bf_page_result *result);
