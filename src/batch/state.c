#include "batch/state_db.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>

static void close_db(bf_state *s)
{
    if (s->db)
        sqlite3_close(s->db);
    s->db = NULL;
}

void bf_state_free(bf_state *s)
{
    if (!s)
        return;
    close_db(s);
    g_free(s->path);
    g_free(s);
}

/* Puts a damaged database aside, for whoever wants to look; its log goes with it, its index is of no use. */
static bool put_aside(const bf_state *s, GError **error)
{
    g_autofree char *now = state_db_now(), *aside = g_strdup_printf("%s.damaged-%s", s->path, now);
    g_autofree char *wal = g_strconcat(s->path, "-wal", NULL), *wal_aside = g_strconcat(aside, "-wal", NULL);
    g_autofree char *shm = g_strconcat(s->path, "-shm", NULL);
    g_rename(wal, wal_aside); /* first: a new database must not find the old one's log */
    g_unlink(shm);
    if (!g_file_test(wal, G_FILE_TEST_EXISTS) && g_rename(s->path, aside) == 0)
        return true;
    g_set_error(error, BF_STATE_ERROR, BF_STATE_ERROR_IO, _("%s: is damaged and cannot be put aside: %s"), s->path, g_strerror(errno));
    return false;
}

static void say_rebuilt(const bf_state *s, bool damaged, guint n_packages, guint n_reports, bf_say_func say, void *user)
{
    if (!say || (!damaged && n_reports == 0))
        return;
    g_autofree char *sentence = g_strdup_printf(
        damaged ? _("%s: was damaged (put aside); made anew from the reports and the record: %u of %u packages are known again%s")
                : _("%s: was missing; made anew from the reports and the record: %u of %u packages are known again%s"),
        s->path, n_packages, n_reports, n_packages < n_reports ? _(", the others will be done again") : "");
    say(user, sentence);
}

static bool fill_fresh(bf_state *s, const char *output_dir, const bf_audit *record, bool damaged, bf_say_func say, void *user,
                       GError **error)
{
    guint n_packages = 0, n_reports = 0;
    if (!state_db_begin(s, error))
        return false;
    bool ok = state_db_make_tables(s, error) && state_rebuild(s, output_dir, record, &n_packages, &n_reports, error);
    if (!state_db_end(s, ok, error))
        return false;
    say_rebuilt(s, damaged, n_packages, n_reports, say, user);
    return true;
}

bool bf_state_open(const char *output_dir, const char *file, const bf_audit *record, bf_say_func say, void *user, bf_state **out,
                   GError **error)
{
    g_autoptr(bf_state) s = g_new0(bf_state, 1);
    g_autoptr(GError) cause = NULL;
    bool fresh = false, damaged = false;
    s->path = g_build_filename(output_dir, file, NULL);
    bool ok = state_db_open(s, record != NULL, &fresh, &cause);
    if (!ok && record && g_error_matches(cause, BF_STATE_ERROR, BF_STATE_ERROR_DAMAGED)) {
        damaged = true;
        close_db(s);
        g_clear_error(&cause);
        ok = put_aside(s, &cause) && state_db_open(s, true, &fresh, &cause);
    }
    if (ok && fresh && !record)
        g_set_error(&cause, BF_STATE_ERROR, BF_STATE_ERROR_OPEN, _("%s: is empty"), s->path);
    if (!ok || cause) {
        g_propagate_error(error, g_steal_pointer(&cause));
        return false;
    }
    if (fresh && !fill_fresh(s, output_dir, record, damaged, say, user, error))
        return false;
    *out = g_steal_pointer(&s);
    return true;
}

char *bf_state_made_by(const bf_tool_info *tool)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_string_printf(text, "%s\n%s\n", tool->version ? tool->version : "", tool->settings ? tool->settings : "");
    for (guint i = 0; i < tool->n_readers; i++) {
        const bf_reader_info *r = &tool->readers[i];
        g_string_append_printf(text, "%s %s %s\n", r->name, r->version ? r->version : "", r->model_sha256 ? r->model_sha256 : "");
    }
    return g_compute_checksum_for_string(G_CHECKSUM_SHA256, text->str, (gssize)text->len);
}

bool bf_state_begin_run(bf_state *s, const bf_state_run *run, gint64 *number, GError **error)
{
    g_autofree char *now = state_db_now();
    const char *const texts[] = {run->version, run->settings, run->roster_path, run->roster_sha256, now};
    sqlite3_stmt *put = state_db_prepare(
        s, "INSERT INTO runs(version, settings, roster_path, roster_sha256, started, packages) VALUES(?1, ?2, ?3, ?4, ?5, ?6)", texts, 5,
        error);
    if (put)
        sqlite3_bind_int64(put, 6, run->n_packages);
    if (!state_db_run(s, put, error))
        return false;
    *number = sqlite3_last_insert_rowid(s->db);
    return true;
}

bool bf_state_end_run(bf_state *s, gint64 number, bool interrupted, GError **error)
{
    g_autofree char *now = state_db_now();
    const char *const texts[] = {now};
    sqlite3_stmt *put = state_db_prepare(s, "UPDATE runs SET ended = ?1, interrupted = ?2 WHERE number = ?3", texts, 1, error);
    if (put) {
        sqlite3_bind_int(put, 2, interrupted);
        sqlite3_bind_int64(put, 3, number);
    }
    return state_db_run(s, put, error);
}

bool bf_state_last_roster(bf_state *s, char **path, GError **error)
{
    g_autoptr(sqlite3_stmt) query =
        state_db_prepare(s, "SELECT roster_path FROM runs WHERE roster_path IS NOT NULL ORDER BY number DESC LIMIT 1", NULL, 0, error);
    bool row = false;
    if (!query || !state_db_step(s, query, &row, error))
        return false;
    *path = row ? state_db_text(query, 0) : NULL;
    return true;
}
