/* `check`: looks at packages, folders and single pictures as redact would, and says what is to be mended (batch). Writes nothing. */
#pragma once
#include "blindfold/finding.h"
#include "blindfold/guard.h"
#include "blindfold/package.h"
#include "blindfold/page.h"

#define BF_CHECK_ERROR (bf_check_error_quark())
GQuark bf_check_error_quark(void);
typedef enum { BF_CHECK_ERROR_CHECKLIST } bf_check_error;

/* What must be in a package: a key file. One group an item, in the order in which they are listed:
 *   [anything]              the item's word
 *   title=..., title[en]=   for people
 *   pattern=*a*;*b*         it is matched by the whole path within the package, case and width folded: '*' and '?'
 *   not=*c*                 and not by these (optional)
 *   count=2                 at least so many pages (default 1)
 *   level=junior;初级        only for these levels (default: for all) */
typedef struct bf_checklist bf_checklist;
bool bf_checklist_load(const char *path, bf_checklist **out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool bf_checklist_parse(const char *text, gsize length, bf_checklist **out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void bf_checklist_free(bf_checklist *list); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(bf_checklist, bf_checklist_free)
/* Adds to package->missing what is not there; pages that could not be opened do not count. level NULL or unknown: only items for all. */
void bf_checklist_apply(const bf_checklist *list, const char *level, bf_checked_package *package);

typedef struct {
    const bf_query *query;
    const char *const *inputs;     /* NULL-terminated: zips and folders, each a package; all other files together are one */
    guint n_jobs;                  /* 0: the processors that this process may use */
    bool unmasked;                 /* names are not masked yet: that they can be read is no fault */
    const bf_checklist *checklist; /* may be NULL */
    const char *level;             /* may be NULL */
    void (*progress)(void *user, guint done, guint known); /* pages; on the caller's thread; may be NULL */
    void *user;
    bf_limits limits;
    bf_guard_mode sandbox;
    bool guard_process;        /* give up what this process does not need, for good: it must not do anything else afterwards */
    const char *writable_dir;  /* with guard_process: the one folder that may still be written to; NULL: none */
    gint64 max_memory;         /* bytes of pages in work; 0: 2 GiB */
    const atomic_bool *cancel; /* may be NULL */
} bf_check_settings;

/* Call it before any thread is started: pages are looked at in processes of their own (page_host.h). A lost one is the page's
 * "reader-crashed" or "time-limit".
 * *out: bf_checked_package *, in the order of the inputs. A package that cannot be opened is among them and says so. Fails only when no
 * worker can be started. */
bool bf_check_run(const bf_check_settings *settings, bf_page_engine *engine, GPtrArray **out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
