/* OUT/state.db: what is done, what is on its way, and what reviewers decided (batch). SQLite, WAL; the only room that includes it.
 *
 * Committee only, mode 0600: it holds no applicant's name, but the paths of inputs as they were given, and a zip may be called after its
 * applicant; reviewers' names and reasons are in it too. Never print input_path.
 *
 * One writer: whoever holds the record's lock (see output.h, which most callers want instead of this). Readers may open it at the same
 * time with record = NULL; they see whole transactions. A handle is used by one thread at a time; several handles may be open.
 * Every put is one transaction and durable (synchronous = FULL) when it returns; after an error nothing of it is there.
 *
 * The database is no source of truth alone: a package counts as finished only when its row, its report, its zip and its lines in the
 * record all say so. It can be made again from reports and record (bf_state_open does), so losing it never loses more than input paths
 * and run times, and never makes a wrong skip. */
#pragma once
#include "blindfold/audit.h"
#include "blindfold/result.h"

#define BF_STATE_ERROR (bf_state_error_quark())
GQuark bf_state_error_quark(void);
typedef enum {
    BF_STATE_ERROR_OPEN,    /* not there (for reading), not a file, made by a later version */
    BF_STATE_ERROR_DAMAGED, /* is no database, or a damaged one; only for readers: a writer makes it anew */
    BF_STATE_ERROR_IO       /* reading or writing failed: disk full, input/output error */
} bf_state_error;

typedef struct bf_state bf_state;
typedef void (*bf_say_func)(void *user, const char *sentence); /* a problem or a warning for people; never holds a name */

/* Opens OUT/<file> (usually "state.db"). record: the open record of the same OUT, whose lock makes the caller the one writer; the
 * database is made when it is missing, and made anew from OUT/reports and the record (a damaged one is kept as <file>.damaged-<time>),
 * which is said to `say` (may be NULL). record = NULL: for reading; nothing is made or mended. */
bool bf_state_open(const char *output_dir, const char *file, const bf_audit *record, bf_say_func say, void *user, bf_state **out,
                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
void bf_state_free(bf_state *s); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(bf_state, bf_state_free)

/* Version, settings and readers as one hash (hex): two runs with equal ones give equal output for equal input. A new string. */
char *bf_state_made_by(const bf_tool_info *tool) G_GNUC_WARN_UNUSED_RESULT;

/* A package that has been done at least once. Strings are owned and may be NULL where not known. */
typedef struct {
    char *id;
    char *person;     /* keyed hash as in the report */
    char *input_path; /* as given; may hold the applicant's name */
    char *input_sha256, *output, *output_sha256;
    bf_verdict verdict;
    char *made_by;  /* bf_state_made_by */
    char *finished; /* RFC 3339, UTC */
    bool recorded;  /* its zip stands, its report is written and its lines are in the record; false: on its way */
    /* only while on its way, else NULL and 0: */
    char *temp;        /* the finished zip, relative to OUT, waiting to be renamed to `output`; NULL: failed, no zip */
    char *report;      /* the text of the report */
    char *html;        /* the report for people */
    guint64 from_line; /* lines of the record when it was begun: its own can only be later */
} bf_state_package;
void bf_state_package_free(bf_state_package *p); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(bf_state_package, bf_state_package_free)

bool bf_state_get_package(bf_state *s, const char *id, bf_state_package **out,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT; /* *out NULL: not there */
/* bf_state_package *, sorted by id; owned array with its elements. */
bool bf_state_list_packages(bf_state *s, GPtrArray **out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Puts the package (its earlier row goes), and beside it what the record is to be told about it (bodies of audit.h; on its way only). */
bool bf_state_put_package(bf_state *s, const bf_state_package *p, const char *const *bodies, gsize n,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The package is in its place and recorded: clears what was kept for the way. */
bool bf_state_package_arrived(bf_state *s, const char *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool bf_state_drop_package(bf_state *s, const char *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A reviewer's decision about one page of the input. The latest one of a page that is not superseded holds. Undoing is one more
 * decision ("undone"), never a removal. Strings owned. */
typedef struct {
    gint64 number; /* 1, 2, ...: given by put */
    char *package_id;
    guint entry_index; /* of the page, as in the report */
    char *sha256_in;   /* of the page that was looked at: a decision about other bytes does not hold */
    char *reviewer, *time;
    char *decision; /* a word: "masked", "clear", "return", "undone", ... */
    char *reason;
    char *masks_before, *masks_after; /* JSON arrays as a report's "masks"; NULL: not known */
    bool superseded;                  /* by a later one of the same page */
} bf_state_decision;
void bf_state_decision_free(bf_state_decision *d); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(bf_state_decision, bf_state_decision_free)

/* Puts a decision (number and superseded of it are ignored, *number gets its own), marks earlier ones of the same page superseded, and
 * keeps `body` for the record (NULL: none). time NULL: now. */
bool bf_state_put_decision(bf_state *s, const bf_state_decision *d, const char *body, guint64 from_line, gint64 *number,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* bf_state_decision *, in the order they were made; package_id NULL: of all packages. */
bool bf_state_list_decisions(bf_state *s, const char *package_id, GPtrArray **out, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What waits for the record: bodies (char *, owned) of the package, or of all decisions (package_id NULL), in order. */
bool bf_state_get_outbox(bf_state *s, const char *package_id, GPtrArray **bodies, guint64 *from_line,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The report for people of a package on its way: a new string; *html NULL: none is kept. (The lists of packages leave it out.) */
bool bf_state_get_html(bf_state *s, const char *id, char **html, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool bf_state_clear_outbox(bf_state *s, const char *package_id, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Runs: for people who ask what ran when. */
typedef struct {
    const char *version, *settings;
    const char *roster_path, *roster_sha256; /* NULL: none */
    guint n_packages;
} bf_state_run;
bool bf_state_begin_run(bf_state *s, const bf_state_run *run, gint64 *number, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The roster of the last run that had one, as it was given; *path NULL: none. A new string. */
bool bf_state_last_roster(bf_state *s, char **path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool bf_state_end_run(bf_state *s, gint64 number, bool interrupted, GError **error) G_GNUC_WARN_UNUSED_RESULT;
