/* state.db as a database: opened, its tables made, statements run. Inside the batch room only. */
#pragma once
#include "blindfold/state.h"
#include <sqlite3.h>

struct bf_state {
    sqlite3 *db;
    char *path;
};

#define STATE_SCHEMA 1 /* user_version */

/* Opens the file as it is; *fresh: it has no tables yet. Fails with DAMAGED when it is no whole database. */
bool state_db_open(bf_state *s, bool for_writing, bool *fresh, GError **error);
bool state_db_make_tables(bf_state *s, GError **error); /* inside a transaction of the caller */

bool state_db_begin(bf_state *s, GError **error);
/* Commits when ok, else rolls back; gives ok, or false with the error when the commit fails. */
bool state_db_end(bf_state *s, bool ok, GError **error);

/* A prepared statement with texts bound to ?1, ?2, ... (NULL: null); the texts must live as long as it. NULL on an error. */
sqlite3_stmt *state_db_prepare(bf_state *s, const char *sql, const char *const *texts, int n_texts, GError **error);
/* One row more? *row says; false on an error. */
bool state_db_step(bf_state *s, sqlite3_stmt *statement, bool *row, GError **error);
/* Runs a statement that gives no rows, and finishes it (also when it is NULL: then an error is set already). */
bool state_db_run(bf_state *s, sqlite3_stmt *statement, GError **error);
char *state_db_text(sqlite3_stmt *statement, int column); /* a new string, NULL for null */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(sqlite3_stmt, sqlite3_finalize)

char *state_db_now(void); /* RFC 3339, UTC, milliseconds */

/* Fills fresh tables from OUT/reports and the record; inside a transaction of the caller. *n_packages of *n_reports could be known again.
 */
bool state_rebuild(bf_state *s, const char *output_dir, const bf_audit *record, guint *n_packages, guint *n_reports, GError **error);
/* As bf_state_put_decision, inside a transaction of the caller. */
bool state_add_decision(bf_state *s, const bf_state_decision *d, gint64 *number, GError **error);
/* As bf_state_put_package without bodies, inside a transaction of the caller. */
bool state_add_package(bf_state *s, const bf_state_package *p, GError **error);
