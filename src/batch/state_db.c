#include "batch/state_db.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

G_DEFINE_QUARK(bf - state - error - quark, bf_state_error)

#define BUSY_MS 10000 /* readers wait for a writer's transaction, which is short */

/* Came later than the others: made in older databases when they are opened for writing, which needs no new schema. */
#define WAITING_HTML_TABLE "CREATE TABLE IF NOT EXISTS waiting_html(package TEXT PRIMARY KEY, html TEXT NOT NULL) WITHOUT ROWID;"

static const char tables[] =
    "CREATE TABLE runs(number INTEGER PRIMARY KEY, version TEXT, settings TEXT, roster_path TEXT,"
    " roster_sha256 TEXT, packages INTEGER NOT NULL, started TEXT NOT NULL, ended TEXT, interrupted INTEGER);"
    "CREATE TABLE packages(id TEXT PRIMARY KEY, person TEXT, input_path TEXT, input_sha256 TEXT, output TEXT,"
    " output_sha256 TEXT, verdict INTEGER NOT NULL, made_by TEXT, finished TEXT, recorded INTEGER NOT NULL,"
    " temp TEXT, report TEXT, from_line INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE decisions(number INTEGER PRIMARY KEY, package TEXT NOT NULL, page INTEGER NOT NULL,"
    " sha256_in TEXT, reviewer TEXT, time TEXT NOT NULL, decision TEXT NOT NULL, reason TEXT,"
    " masks_before TEXT, masks_after TEXT, superseded INTEGER NOT NULL DEFAULT 0);"
    "CREATE INDEX decisions_of_page ON decisions(package, page);" WAITING_HTML_TABLE
    "CREATE TABLE outbox(number INTEGER PRIMARY KEY, package TEXT, body TEXT NOT NULL, from_line INTEGER NOT NULL);"
    "PRAGMA user_version = " G_STRINGIFY(STATE_SCHEMA) ";";

static bool fail(const bf_state *s, GError **error)
{
    int code = s->db ? sqlite3_errcode(s->db) : SQLITE_NOMEM;
    bool damaged = code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
    g_set_error(error, BF_STATE_ERROR, damaged ? BF_STATE_ERROR_DAMAGED : BF_STATE_ERROR_IO, "%s: %s", s->path,
                damaged ? _("is damaged, or no database") : sqlite3_errstr(code)); /* never errmsg: it may quote values */
    return false;
}

static bool run_script(bf_state *s, const char *sql, GError **error)
{
    return sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK || fail(s, error);
}

/* The first column of the only row; NULL on an error. */
static char *ask(bf_state *s, const char *sql, GError **error)
{
    g_autoptr(sqlite3_stmt) statement = state_db_prepare(s, sql, NULL, 0, error);
    bool row = false;
    if (!statement || !state_db_step(s, statement, &row, error))
        return NULL;
    return row ? state_db_text(statement, 0) : g_strdup("");
}

/* SQLite gives its log and index the database's mode; with its own way to make the file it would be the umask's. */
static bool make_file(const bf_state *s, bool for_writing, GError **error)
{
    int fd = open(s->path, (for_writing ? O_RDWR | O_CREAT : O_RDONLY) | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
    int saved = errno;
    struct stat st;
    bool ok = fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
    if (!ok)
        g_set_error(error, BF_STATE_ERROR, BF_STATE_ERROR_OPEN, "%s: %s", s->path, fd >= 0 ? _("is not a file") : g_strerror(saved));
    if (fd >= 0)
        close(fd);
    return ok;
}

static bool check_whole(bf_state *s, GError **error)
{
    g_autofree char *answer = ask(s, "PRAGMA quick_check(1)", error);
    if (!answer || strcmp(answer, "ok") == 0)
        return answer != NULL;
    g_set_error(error, BF_STATE_ERROR, BF_STATE_ERROR_DAMAGED, _("%s: is damaged"), s->path);
    return false;
}

static bool check_schema(bf_state *s, bool *fresh, GError **error)
{
    g_autofree char *version = ask(s, "PRAGMA user_version", error);
    if (!version)
        return false;
    *fresh = strcmp(version, "0") == 0;
    if (*fresh || strcmp(version, G_STRINGIFY(STATE_SCHEMA)) == 0)
        return true;
    g_set_error(error, BF_STATE_ERROR, BF_STATE_ERROR_OPEN, _("%s: was made by another version of blindfold"), s->path);
    return false;
}

bool state_db_open(bf_state *s, bool for_writing, bool *fresh, GError **error)
{
    int flags = for_writing ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
    if (!make_file(s, for_writing, error))
        return false;
    if (sqlite3_open_v2(s->path, &s->db, flags, NULL) != SQLITE_OK)
        return fail(s, error);
    sqlite3_busy_timeout(s->db, BUSY_MS);
    return run_script(s, "PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY; PRAGMA synchronous = FULL;", error) &&
           (!for_writing || run_script(s, "PRAGMA journal_mode = WAL;", error)) && check_whole(s, error) && check_schema(s, fresh, error) &&
           (!for_writing || *fresh || run_script(s, WAITING_HTML_TABLE, error));
}

bool state_db_make_tables(bf_state *s, GError **error)
{
    return run_script(s, tables, error);
}

bool state_db_begin(bf_state *s, GError **error)
{
    return run_script(s, "BEGIN IMMEDIATE", error);
}

bool state_db_end(bf_state *s, bool ok, GError **error)
{
    if (ok && run_script(s, "COMMIT", error))
        return true;
    sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL); /* fails where the error has done so already */
    return false;
}

sqlite3_stmt *state_db_prepare(bf_state *s, const char *sql, const char *const *texts, int n_texts, GError **error)
{
    g_autoptr(sqlite3_stmt) statement = NULL;
    bool ok = sqlite3_prepare_v2(s->db, sql, -1, &statement, NULL) == SQLITE_OK;
    for (int i = 0; ok && i < n_texts; i++)
        ok = sqlite3_bind_text(statement, i + 1, texts[i], -1, SQLITE_STATIC) == SQLITE_OK;
    if (!ok)
        fail(s, error);
    return ok ? g_steal_pointer(&statement) : NULL;
}

bool state_db_step(bf_state *s, sqlite3_stmt *statement, bool *row, GError **error)
{
    int code = sqlite3_step(statement);
    *row = code == SQLITE_ROW;
    return code == SQLITE_ROW || code == SQLITE_DONE || fail(s, error);
}

bool state_db_run(bf_state *s, sqlite3_stmt *statement, GError **error)
{
    bool row = false, ok = statement && state_db_step(s, statement, &row, error);
    sqlite3_finalize(statement);
    return ok;
}

char *state_db_text(sqlite3_stmt *statement, int column)
{
    return g_strdup((const char *)sqlite3_column_text(statement, column));
}

char *state_db_now(void)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autofree char *seconds = g_date_time_format(now, "%Y-%m-%dT%H:%M:%S");
    return g_strdup_printf("%s.%03dZ", seconds, g_date_time_get_microsecond(now) / 1000);
}
