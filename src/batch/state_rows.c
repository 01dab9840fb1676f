#include "batch/state_db.h"

#define PACKAGE_COLUMNS                                                                                                                    \
    "id, person, input_path, input_sha256, output, output_sha256, made_by, finished, temp, report, verdict, recorded, from_line"
#define PACKAGE_TEXTS 10
#define DECISION_COLUMNS "package, sha256_in, reviewer, time, decision, reason, masks_before, masks_after, page, superseded, number"
#define DECISION_TEXTS 8

void bf_state_package_free(bf_state_package *p)
{
    if (!p)
        return;
    char *const texts[] = {p->id,      p->person,   p->input_path, p->input_sha256, p->output, p->output_sha256,
                           p->made_by, p->finished, p->temp,       p->report,       p->html};
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_free(p);
}

void bf_state_decision_free(bf_state_decision *d)
{
    if (!d)
        return;
    char *const texts[] = {d->package_id, d->sha256_in, d->reviewer, d->time, d->decision, d->reason, d->masks_before, d->masks_after};
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_free(d);
}

static gpointer read_package(sqlite3_stmt *row)
{
    bf_state_package *p = g_new0(bf_state_package, 1);
    char **const texts[PACKAGE_TEXTS] = {&p->id,      &p->person,   &p->input_path, &p->input_sha256, &p->output, &p->output_sha256,
                                         &p->made_by, &p->finished, &p->temp,       &p->report};
    for (int i = 0; i < PACKAGE_TEXTS; i++)
        *texts[i] = state_db_text(row, i);
    int verdict = sqlite3_column_int(row, PACKAGE_TEXTS);
    p->verdict = verdict == BF_VERDICT_RELEASED || verdict == BF_VERDICT_HELD ? (bf_verdict)verdict : BF_VERDICT_FAILED;
    p->recorded = sqlite3_column_int(row, PACKAGE_TEXTS + 1) != 0;
    p->from_line = (guint64)sqlite3_column_int64(row, PACKAGE_TEXTS + 2);
    return p;
}

static gpointer read_decision(sqlite3_stmt *row)
{
    bf_state_decision *d = g_new0(bf_state_decision, 1);
    char **const texts[DECISION_TEXTS] = {&d->package_id, &d->sha256_in, &d->reviewer,     &d->time,
                                          &d->decision,   &d->reason,    &d->masks_before, &d->masks_after};
    for (int i = 0; i < DECISION_TEXTS; i++)
        *texts[i] = state_db_text(row, i);
    d->entry_index = (guint)sqlite3_column_int64(row, DECISION_TEXTS);
    d->superseded = sqlite3_column_int(row, DECISION_TEXTS + 1) != 0;
    d->number = sqlite3_column_int64(row, DECISION_TEXTS + 2);
    return d;
}

/* All rows of a query (consumed), each made something by `read`; the array frees them with `destroy`. */
static bool read_rows(bf_state *s, sqlite3_stmt *query, gpointer (*read)(sqlite3_stmt *), GDestroyNotify destroy, GPtrArray **out,
                      GError **error)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(destroy);
    bool row = false, ok = query != NULL;
    while (ok && (ok = state_db_step(s, query, &row, error)) && row)
        g_ptr_array_add(rows, read(query));
    sqlite3_finalize(query);
    if (ok)
        *out = g_steal_pointer(&rows);
    return ok;
}

bool bf_state_list_packages(bf_state *s, GPtrArray **out, GError **error)
{
    sqlite3_stmt *query = state_db_prepare(s, "SELECT " PACKAGE_COLUMNS " FROM packages ORDER BY id", NULL, 0, error);
    return read_rows(s, query, read_package, (GDestroyNotify)bf_state_package_free, out, error);
}

bool bf_state_get_package(bf_state *s, const char *id, bf_state_package **out, GError **error)
{
    g_autoptr(GPtrArray) rows = NULL;
    sqlite3_stmt *query = state_db_prepare(s, "SELECT " PACKAGE_COLUMNS " FROM packages WHERE id = ?1", &id, 1, error);
    if (!read_rows(s, query, read_package, (GDestroyNotify)bf_state_package_free, &rows, error))
        return false;
    *out = rows->len ? g_ptr_array_steal_index(rows, 0) : NULL;
    return true;
}

static bool run_on_id(bf_state *s, const char *sql, const char *id, GError **error)
{
    return state_db_run(s, state_db_prepare(s, sql, &id, 1, error), error);
}

bool state_add_package(bf_state *s, const bf_state_package *p, GError **error)
{
    const char *const texts[PACKAGE_TEXTS] = {p->id,      p->person,   p->input_path, p->input_sha256, p->output, p->output_sha256,
                                              p->made_by, p->finished, p->temp,       p->report};
    sqlite3_stmt *put =
        state_db_prepare(s, "INSERT OR REPLACE INTO packages(" PACKAGE_COLUMNS ") VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13)",
                         texts, PACKAGE_TEXTS, error);
    if (put) {
        sqlite3_bind_int(put, PACKAGE_TEXTS + 1, (int)p->verdict);
        sqlite3_bind_int(put, PACKAGE_TEXTS + 2, p->recorded);
        sqlite3_bind_int64(put, PACKAGE_TEXTS + 3, (sqlite3_int64)p->from_line);
    }
    return state_db_run(s, put, error);
}

static bool add_html(bf_state *s, const bf_state_package *p, GError **error)
{
    const char *const texts[] = {p->id, p->html};
    return !p->html ||
           state_db_run(s, state_db_prepare(s, "INSERT OR REPLACE INTO waiting_html(package, html) VALUES(?1, ?2)", texts, 2, error),
                        error);
}

bool bf_state_get_html(bf_state *s, const char *id, char **html, GError **error)
{
    bool row = false;
    g_autoptr(sqlite3_stmt) query = state_db_prepare(s, "SELECT html FROM waiting_html WHERE package = ?1", &id, 1, error);
    if (!query || !state_db_step(s, query, &row, error))
        return false;
    *html = row ? state_db_text(query, 0) : NULL;
    return true;
}

static bool add_body(bf_state *s, const char *package_id, const char *body, guint64 from_line, GError **error)
{
    const char *const texts[] = {package_id, body};
    sqlite3_stmt *put = state_db_prepare(s, "INSERT INTO outbox(package, body, from_line) VALUES(?1, ?2, ?3)", texts, 2, error);
    if (put)
        sqlite3_bind_int64(put, 3, (sqlite3_int64)from_line);
    return state_db_run(s, put, error);
}

static bool clear_outbox(bf_state *s, const char *package_id, GError **error)
{
    return run_on_id(s, "DELETE FROM outbox WHERE package IS ?1", package_id, error);
}

/* What was kept for the package while it was on its way. */
static bool clear_way(bf_state *s, const char *package_id, GError **error)
{
    return clear_outbox(s, package_id, error) && run_on_id(s, "DELETE FROM waiting_html WHERE package = ?1", package_id, error);
}

bool bf_state_put_package(bf_state *s, const bf_state_package *p, const char *const *bodies, gsize n, GError **error)
{
    if (!state_db_begin(s, error))
        return false;
    bool ok = state_add_package(s, p, error) && clear_way(s, p->id, error) && add_html(s, p, error);
    for (gsize i = 0; ok && i < n; i++)
        ok = add_body(s, p->id, bodies[i], p->from_line, error);
    return state_db_end(s, ok, error);
}

bool bf_state_package_arrived(bf_state *s, const char *id, GError **error)
{
    if (!state_db_begin(s, error))
        return false;
    bool ok = run_on_id(s, "UPDATE packages SET recorded = 1, temp = NULL, report = NULL, from_line = 0 WHERE id = ?1", id, error) &&
              clear_way(s, id, error);
    return state_db_end(s, ok, error);
}

bool bf_state_drop_package(bf_state *s, const char *id, GError **error)
{
    if (!state_db_begin(s, error))
        return false;
    bool ok = run_on_id(s, "DELETE FROM packages WHERE id = ?1", id, error) && clear_way(s, id, error);
    return state_db_end(s, ok, error);
}

bool state_add_decision(bf_state *s, const bf_state_decision *d, gint64 *number, GError **error)
{
    g_autofree char *now = d->time ? NULL : state_db_now();
    const char *const texts[DECISION_TEXTS] = {d->package_id, d->sha256_in, d->reviewer,     d->time ? d->time : now,
                                               d->decision,   d->reason,    d->masks_before, d->masks_after};
    sqlite3_stmt *supersede = state_db_prepare(s, "UPDATE decisions SET superseded = 1 WHERE package = ?1 AND page = ?2", texts, 1, error);
    if (supersede)
        sqlite3_bind_int64(supersede, 2, d->entry_index);
    if (!state_db_run(s, supersede, error))
        return false;
    sqlite3_stmt *put =
        state_db_prepare(s,
                         "INSERT INTO decisions(package, sha256_in, reviewer, time, decision, reason, masks_before, masks_after, page)"
                         " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                         texts, DECISION_TEXTS, error);
    if (put)
        sqlite3_bind_int64(put, DECISION_TEXTS + 1, d->entry_index);
    if (!state_db_run(s, put, error))
        return false;
    *number = sqlite3_last_insert_rowid(s->db);
    return true;
}

bool bf_state_put_decision(bf_state *s, const bf_state_decision *d, const char *body, guint64 from_line, gint64 *number, GError **error)
{
    gint64 given = 0;
    if (!state_db_begin(s, error))
        return false;
    bool ok = state_add_decision(s, d, &given, error) && (!body || add_body(s, NULL, body, from_line, error));
    if (!state_db_end(s, ok, error))
        return false;
    *number = given;
    return true;
}

bool bf_state_list_decisions(bf_state *s, const char *package_id, GPtrArray **out, GError **error)
{
    sqlite3_stmt *query = state_db_prepare(s, "SELECT " DECISION_COLUMNS " FROM decisions WHERE ?1 IS NULL OR package = ?1 ORDER BY number",
                                           &package_id, 1, error);
    return read_rows(s, query, read_decision, (GDestroyNotify)bf_state_decision_free, out, error);
}

static gpointer read_body(sqlite3_stmt *row)
{
    return state_db_text(row, 0);
}

bool bf_state_get_outbox(bf_state *s, const char *package_id, GPtrArray **bodies, guint64 *from_line, GError **error)
{
    bool row = false;
    g_autoptr(sqlite3_stmt) first = state_db_prepare(s, "SELECT min(from_line) FROM outbox WHERE package IS ?1", &package_id, 1, error);
    if (!first || !state_db_step(s, first, &row, error))
        return false;
    *from_line = row ? (guint64)sqlite3_column_int64(first, 0) : 0;
    sqlite3_stmt *query = state_db_prepare(s, "SELECT body FROM outbox WHERE package IS ?1 ORDER BY number", &package_id, 1, error);
    return read_rows(s, query, read_body, g_free, bodies, error);
}

bool bf_state_clear_outbox(bf_state *s, const char *package_id, GError **error)
{
    return clear_outbox(s, package_id, error);
}
