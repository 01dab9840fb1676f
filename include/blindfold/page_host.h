/* Pages worked on in processes of their own, so that a hostile page can neither crash, hang nor take over the run (page).
 *
 * A host is one process, split off while the program still has a single thread and has its engine loaded. It never sees foreign bytes; it
 * only splits off a page process for each client, again after one was lost. These share the engine's memory until they write to it, have
 * given up files, network and programs (guard.h), and do what bf_page_process does: the results are the same, byte by byte.
 *
 * A page process that dies gives its page the reason "reader-crashed", or "out-of-memory" when it could still say that much; one that takes
 * too long "time-limit", one that was stopped because the run was cancelled "interrupted"; the next page gets a new process.
 *
 * What the engine prepares for a person's name goes one of two ways: what it keeps for itself must be there before bf_page_host_new, or is
 * learnt by bf_page_host_prepare; what belongs to the query travels with it (page_wire.c).
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
/* The same in two steps, for a program that has other things to do until pages come: the process is split off at once and opens an engine
 * of its own, and wait, on any thread but once, says whether it and a trial did well. No client before that. Errors as of
 * bf_page_engine_new, too. */
bool bf_page_host_begin(const bf_page_settings *pages, const bf_page_host_settings *settings, bf_page_host **out,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool bf_page_host_wait(bf_page_host *host, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void bf_page_host_free(bf_page_host *host); /* NULL is fine; ends all processes */

/* What keeps page processes in. */
bf_guard_state bf_page_host_guard(const bf_page_host *host);
/* Has the host's own process died? Then pages come back as "interrupted", and the run should end. Thread-safe. */
bool bf_page_host_is_lost(const bf_page_host *host);

bool bf_page_client_new(bf_page_host *host, bf_page_client **out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void bf_page_client_free(bf_page_client *client); /* NULL is fine */
/* Lets the engine of the host learn the characters of a name (bf_page_engine_prepare), for a program that meets its names one by one.
 * Clients start their process anew before their next page. Thread-safe. */
bool bf_page_host_prepare(bf_page_host *host, const bf_query *query, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* As bf_page_process. Not longer than limits.page_seconds and one more; after task->cancel, not longer than a second. */
void bf_page_client_process(bf_page_client *client, const bf_page_task *task, bf_page_result *result);
/* As bf_page_apply_masks, with the same limits; what comes back is about these masks and no others. */
void bf_page_client_apply_masks(bf_page_client *client, const bf_page_manual *manual, bf_page_result *result);

/* What is to be seen of a page. All borrowed for the call. */
typedef struct {
    GBytes *jpeg;
    int turned_from;            /* as of bf_page_result: 1..8, the page is turned so first (1: only its tag goes); 0: it is not */
    int turn_deg, long_side_px; /* as of bf_page_view; turn_deg -1: not known, as it is */
    GArray *masks;              /* bf_mask, stored frame: the page as a package's would be with these; NULL: as it is */
    const atomic_bool *cancel;  /* may be NULL */
} bf_page_look;
typedef struct {
    GBytes *jpeg;             /* as of bf_page_view; the caller's */
    int width_px, height_px;  /* the page's, stored frame, full size */
    int imcu_w_px, imcu_h_px; /* the grid that masks snap to, see bf_jpeg_info */
} bf_page_picture;
/* Half a minute at most. Errors are of BF_PAGE_ERROR: PICTURE when none can be made, PROCESS when the process was lost over it. */
bool bf_page_client_view(bf_page_client *client, const bf_page_look *look, bf_page_picture *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The page's output made small for a report (BF_THUMBNAIL_PX; of a page that is held BF_HELD_THUMBNAIL_PX); NULL when there is none, or no
 * client. The caller's. */
GBytes *bf_page_client_thumbnail(bf_page_client *client, const bf_page_result *result);
