#include "blindfold/output.h"

#include "batch/arrive.h"
#include "blindfold/batch.h"
#include "blindfold/report.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>

static bool make_folder(const char *path, GError **error)
{
    if (g_mkdir_with_parents(path, 0700) == 0)
        return true;
    g_set_error(error, BF_BATCH_ERROR, BF_BATCH_ERROR_OUTPUT, _("%s: the output folder cannot be made: %s"), path, g_strerror(errno));
    return false;
}

/* Unfinished files of a writer that was killed. Nobody else writes here, since we hold the record's lock, and what was on its way has
 * arrived. */
static void remove_stale(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;
    while (dir && (name = g_dir_read_name(dir)))
        if (g_str_has_prefix(name, ".blindfold-")) {
            g_autofree char *path = g_build_filename(folder, name, NULL);
            g_unlink(path);
        }
}

static bool for_each_folder(const char *dir, bool remove, GError **error)
{
    static const char *const folders[] = {"", "packages", "held", "reports"};
    for (guint i = 0; i < G_N_ELEMENTS(folders); i++) {
        g_autofree char *path = g_build_filename(dir, folders[i], NULL);
        if (remove)
            remove_stale(path);
        else if (!make_folder(path, error))
            return false;
    }
    return true;
}

static bool open_record(bf_output *o, GError **error)
{
    GError *cause = NULL;
    if (bf_audit_open(o->dir, &o->audit, &cause))
        return true;
    bool locked = g_error_matches(cause, BF_AUDIT_ERROR, BF_AUDIT_ERROR_LOCKED);
    g_set_error_literal(error, BF_BATCH_ERROR, locked ? BF_BATCH_ERROR_LOCKED : BF_BATCH_ERROR_OUTPUT, cause->message);
    g_error_free(cause);
    return false;
}

bool bf_output_open(const char *dir, bf_say_func say, void *user, bf_output **out, GError **error)
{
    g_autoptr(bf_output) o = g_new0(bf_output, 1);
    o->dir = g_strdup(dir);
    o->say = say;
    o->user = user;
    if (!for_each_folder(dir, false, error) || !open_record(o, error) ||
        !bf_state_open(dir, "state.db", o->audit, say, user, &o->state, error) || !arrive_all(o, error))
        return false;
    for_each_folder(dir, true, NULL);
    *out = g_steal_pointer(&o);
    return true;
}

void bf_output_free(bf_output *o)
{
    if (!o)
        return;
    bf_state_free(o->state);
    bf_audit_free(o->audit); /* last: it holds the lock */
    g_free(o->dir);
    g_free(o);
}

static const char *folder_of(bf_verdict verdict)
{
    return verdict == BF_VERDICT_RELEASED ? "packages" : "held";
}

char *bf_output_zip_path(const bf_output *o, const char *id, bf_verdict verdict)
{
    g_autofree char *name = g_strconcat(id, ".zip", NULL);
    return g_build_filename(o->dir, folder_of(verdict), name, NULL);
}

static GPtrArray *compose_bodies(const bf_output *o, const bf_publication *p)
{
    GPtrArray *bodies = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; p->bodies && i < p->bodies->len; i++)
        g_ptr_array_add(bodies, g_strdup(p->bodies->pdata[i]));
    if (p->bodies)
        return bodies;
    for (guint i = 0; i < p->result->pages->len; i++)
        g_ptr_array_add(bodies, bf_audit_compose_page(o->audit, p->result->id, p->person_name, p->result->pages->pdata[i]));
    g_ptr_array_add(bodies, bf_audit_compose_package(o->audit, p->person_name, p->result));
    return bodies;
}

static bool is_known(const bf_output *o, const char *id)
{
    g_autoptr(bf_state_package) row = NULL;
    return bf_state_get_package(o->state, id, &row, NULL) && row;
}

/* Lines that come from another record may be here already, from an earlier time that it was brought in. */
static bf_state_package *make_row(const bf_output *o, const bf_publication *p)
{
    const bf_package_result *r = p->result;
    bf_state_package *row = g_new0(bf_state_package, 1);
    row->id = g_strdup(r->id);
    row->person = g_strdup(r->person);
    row->input_path = g_strdup(p->input_path);
    row->input_sha256 = r->input_sha256[0] ? g_strdup(r->input_sha256) : NULL;
    row->verdict = r->verdict;
    row->output = g_strdup(r->output);
    row->output_sha256 = r->output_sha256[0] ? g_strdup(r->output_sha256) : NULL;
    row->made_by = bf_state_made_by(p->tool);
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    row->finished = g_date_time_format(now, "%Y-%m-%dT%H:%M:%SZ");
    row->report = bf_report_to_json(r, p->tool);
    row->html = p->html ? g_strdup(p->html) : bf_report_to_html(r);
    row->from_line = p->bodies && is_known(o, r->id) ? 0 : bf_audit_n_lines(o->audit);
    if (p->zip) {
        g_autofree char *name = g_path_get_basename(bf_zip_writer_temp_path(p->zip));
        row->temp = g_build_filename(folder_of(r->verdict), name, NULL);
    }
    return row;
}

bool bf_output_publish(bf_output *o, const bf_publication *p, GError **error)
{
    bf_package_result *r = p->result;
    if (p->zip) {
        if (!bf_zip_writer_finish(p->zip, r->output_sha256, error))
            return false;
        g_free(r->output);
        r->output = g_strdup_printf("%s/%s.zip", folder_of(r->verdict), r->id);
    }
    g_autoptr(GPtrArray) bodies = compose_bodies(o, p);
    g_autoptr(bf_state_package) row = make_row(o, p);
    bool lost = false;
    if (!bf_state_put_package(o->state, row, (const char *const *)bodies->pdata, bodies->len, error))
        return false;
    if (p->zip)
        bf_zip_writer_detach(p->zip);
    if (!arrive_package(o, row, &lost, error))
        return false;
    if (lost)
        g_set_error(error, BF_BATCH_ERROR, BF_BATCH_ERROR_OUTPUT, _("%s: somebody took the package's zip away while it was written"),
                    o->dir);
    return !lost;
}

char *bf_output_person(const bf_output *o, const bf_roster_row *row)
{
    g_autoptr(GString) text = g_string_new(row->name);
    for (char **alias = row->aliases; *alias; alias++)
        g_string_append_printf(text, "\n%s", *alias);
    char *person = bf_audit_person(o->audit, row->id, text->str);
    explicit_bzero(text->str, text->len);
    return person;
}

bool bf_output_decide(bf_output *o, const bf_state_decision *d, const char *person_name, gint64 *number, GError **error)
{
    const bf_audit_decision told = {.package_id = d->package_id,
                                    .entry_index = d->entry_index,
                                    .sha256_in = d->sha256_in,
                                    .reviewer = d->reviewer,
                                    .decision = d->decision,
                                    .reason = d->reason,
                                    .masks_before = d->masks_before,
                                    .masks_after = d->masks_after};
    g_autofree char *body = bf_audit_compose_decision(o->audit, person_name, &told);
    if (!bf_audit_fits(body)) { /* once in the state it would have to arrive */
        g_set_error(error, BF_BATCH_ERROR, BF_BATCH_ERROR_OUTPUT, _("id %s: too many masks for a line of the record"), d->package_id);
        return false;
    }
    return bf_state_put_decision(o->state, d, body, bf_audit_n_lines(o->audit), number, error) && arrive_bodies(o, NULL, error) &&
           bf_state_clear_outbox(o->state, NULL, error);
}
