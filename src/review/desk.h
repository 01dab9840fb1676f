/* What the server knows: packages, their pages, decisions, sessions. Inside the review room only.
 *
 * Everything belongs to the main thread, but for what pictures.c and check.c say. */
#pragma once
#include "blindfold/output.h"
#include "blindfold/package.h"
#include "blindfold/page_host.h"
#include "blindfold/report.h"
#include "blindfold/review.h"
#include "review/body.h"
#include <json-glib/json-glib.h>

/* The entry_index under which decisions about a whole package are kept. */
#define DESK_WHOLE_PACKAGE 4294967295U

/* A page, or a file that is no page. */
typedef struct {
    bf_state_decision *decision; /* the latest one; NULL: none */
    GArray *masks;               /* bf_mask of the decision */
    bf_page_result *checked;     /* what the masks made of the page; NULL: not known yet */
    bool checking;
    int imcu_w_px, imcu_h_px; /* the page's grid, told with its first picture; 0: it was never shown */
    guint revision;           /* changes with every change, so that nobody decides about something else than what was seen */
} desk_item;

typedef struct {
    char *id;
    bf_verdict verdict;        /* the report's; until it is read, what the state says */
    bf_package_result *result; /* the report; NULL: not read yet (desk_read) */
    GPtrArray *decisions;      /* bf_state_decision *: those that hold, until the report is read; NULL: none */
    const bf_roster_row *row;  /* NULL: not in the roster */
    bf_query *query;           /* NULL until needed */
    char *input_path;          /* may hold the applicant's name: never told */
    desk_item *pages, *files;  /* as many as result has pages and dropped entries */
    bf_state_decision *returned;
    gint64 opened_us;    /* when `problem` was looked for; 0: never */
    const char *problem; /* a word of strings.js: why nothing can be decided; NULL: all well */
    bool finishing;
    const char *failure; /* why the last attempt to finish failed */
    GMutex lock;         /* of the two below */
    bf_package *input, *output;
} desk_package;

typedef struct checker checker;
typedef struct pictures pictures;
typedef struct gate gate;

typedef struct {
    const bf_review_settings *settings;
    bf_output *output;
    bf_page_host *host; /* all that looks into a JPEG does so in its processes; the next are host.c's */
    GMutex host_lock;
    GCond host_known;
    enum { HOST_LOADING = 0, HOST_READY, HOST_FAILED } host_state;
    GError *host_error;
    GThread *host_waiter;
    GSourceFunc on_host;
    gpointer on_host_user;
    bf_guard_state own_guard; /* what keeps the server in */
    GMutex output_lock;       /* the output is written by the main thread (decisions) and the checker's (packages) */
    GPtrArray *packages;      /* desk_package *, by id */
    guint n_read;             /* packages before this one are read */
    GHashTable *by_id;
    GPtrArray *retired; /* bf_package_result *: replaced ones, which other threads may still look at */
    gate *gate;
    checker *checker;
    pictures *pictures;
    char *spot_seed;
    gint64 last_request_us;
} desk;

/* ---- catalogue.c ---- */
bool desk_load(desk *d, GError **error);
void desk_clear(desk *d);
/* The package with its report read; NULL: there is none of this id. */
desk_package *desk_find(desk *d, const char *id);
/* Reads the package's report when it is not read yet. A start must not wait for all of them. */
void desk_read(desk *d, desk_package *p);
/* Reads one that is not read yet; false: there is none. */
bool desk_read_next(desk *d);
/* Looks whether pages of this package can be decided about; once. */
void desk_open_package(desk *d, desk_package *p);
/* After the package was built anew; takes the result. */
void desk_replace_result(desk *d, desk_package *p, bf_package_result *result);

/* ---- status.c: the words that the page shows ---- */
const char *desk_page_state(const desk_package *p, guint place);
const char *desk_file_state(const desk_package *p, guint place);
const char *desk_package_state(const desk_package *p);
guint desk_waiting(const desk_package *p);
bool desk_is_returned(const desk_item *item);
bool desk_is_decided(const desk_item *item); /* masked, clear, or return */
bool desk_is_overruled(const desk_item *item);
/* What the check of the last decision objected to; NULL: nothing, or not known. */
const char *desk_objection(const desk_item *item);
bool desk_is_checking(const desk_package *p);
/* Must a person's decision about this page be applied when the package is built? */
bool desk_needs_building(const desk_package *p, guint place);
/* A decision's reason is "<word>" or "<word>: <remark>" for returns, else the remark alone. Borrowed; word may be "". */
void desk_split_reason(const bf_state_decision *decision, char **word, const char **remark);

/* ---- sources.c: bytes, from any thread ---- */
/* result: the package's at the time when the caller was asked; it lives as long as the desk. */
bool desk_read_page(desk_package *p, const bf_package_result *result, guint place, GBytes **out, GError **error);
bool desk_read_finished(const desk *d, desk_package *p, const bf_package_result *result, guint place, GBytes **out, GError **error);
void desk_close_sources(desk_package *p);

/* ---- frames.c: the page as the browser shows it (upright, full size) and as it is stored ---- */
bool desk_frame_size(const bf_page_result *page, int *width_px, int *height_px); /* false: there is no picture */
bf_rect desk_to_upright(const bf_page_result *page, bf_rect stored);
bf_rect desk_to_stored(const bf_page_result *page, bf_rect upright);
/* Masks as the browser sends them (upright) -> bf_mask, stored, whole iMCUs of this page. One that the program made and nobody moved
 * stays what it was. NULL and a word when the JSON is not what it must be, or ("not_shown") when masks are drawn on a page that nobody has
 * been shown: its grid is not known. item: the page's. */
GArray *desk_parse_masks(const bf_page_result *page, const desk_item *item, JsonArray *array, const char **error_word);
/* As in a report's page, stored frame: for state and record. A new string. */
char *desk_masks_to_text(const GArray *masks);
GArray *desk_masks_from_text(const char *text);

/* ---- confine.c ---- */
/* Gives up what the server does not need; after listening, before any thread. */
bool desk_confine(desk *d, GError **error);

/* ---- host.c ---- */
/* Splits the host off: before any thread, and before anything is open. */
bool desk_begin_host(desk *d, GError **error);
/* `then` is called on the main thread when it is known whether the host does well (host_state, host_error); after desk_confine. */
void desk_await_host(desk *d, GSourceFunc then, gpointer user);
/* A page process, on any thread but the main one: waits until the host is ready. False: there is none. */
bool desk_new_client(desk *d, bf_page_client **client);
/* Is it ready, so that nobody waits for it? Thread-safe. */
bool desk_host_is_well(desk *d);
/* It was ready and is lost. Main thread. */
void desk_fail_host(desk *d);
void desk_say_sandbox(const desk *d);
void desk_end_host(desk *d); /* after the clients */

/* ---- package_json.c ---- */
JsonNode *desk_package_to_json(desk *d, desk_package *p);
JsonNode *desk_list_to_json(desk *d, const char *reviewer);
JsonNode *desk_words_to_json(void);

/* ---- decide.c: each answers with an HTTP status; *error_word is set when it is not 200 ---- */
guint desk_decide_page(desk *d, desk_package *p, guint place, JsonObject *body, const char *reviewer, const char **error_word);
guint desk_undo_page(desk *d, desk_package *p, guint place, JsonObject *body, const char *reviewer, const char **error_word);
guint desk_decide_file(desk *d, desk_package *p, guint entry_index, JsonObject *body, const char *reviewer, const char **error_word);
guint desk_finish(desk *d, desk_package *p, const char *reviewer, const char **error_word);
/* Puts a decision into state and record; takes it (also on failure) into *slot when that is not NULL. */
bool desk_put_decision(desk *d, desk_package *p, bf_state_decision *decision, bf_state_decision **slot);
bf_state_decision *desk_new_decision(const desk_package *p, guint entry_index, const char *sha256_in, const char *reviewer,
                                     const char *word, const char *reason);
/* A person's remark without the applicant's name in it. */
char *desk_clean_note(desk_package *p, const char *note);

/* ---- check.c: one thread that applies masks and builds packages ---- */
checker *checker_new(desk *d);
void checker_free(checker *c); /* waits for the job in work */
void checker_add_page(checker *c, desk_package *p, guint place);
void checker_add_package(checker *c, desk_package *p);
/* Takes a released package back for the pages on which somebody saw the name. */
void checker_add_recall(checker *c, desk_package *p);
/* A checked page's output is about to be freed. */
void checker_forget(checker *c, const bf_page_result *checked);
bool checker_is_busy(const checker *c);

/* ---- returns.c ---- */
bool desk_write_returns(const desk *d, const desk_package *p, GError **error);
char *desk_returns_csv(desk *d);
char *desk_returns_html(desk *d);

/* ---- spot_check.c ---- */
JsonNode *desk_spot_to_json(desk *d, bool with_list); /* NULL: no spot check was asked for */
bool desk_spot_is_missed(const desk_item *item);
/* Takes those packages back that still are released though somebody saw the name on a page of theirs. */
void desk_spot_resume(desk *d);
void desk_say_not_recalled(const desk *d, const desk_package *p);
guint desk_spot_answer(desk *d, JsonObject *body, const char *reviewer, const char **error_word);
/* Clopper and Pearson's interval for a share, 95%. */
void spot_interval(guint missed, guint looked, double *low, double *high);
