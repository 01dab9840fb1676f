#include "batch/state_db.h"
#include "blindfold/report.h"

#include <string.h>

typedef struct {
    bf_state *s;
    GHashTable *last; /* id -> bf_state_package *: what the record's latest line about it says */
    GError *error;
} rebuild;

static char *text_or_null(const char *text)
{
    return *text ? g_strdup(text) : NULL;
}

static void take_package(rebuild *r, const bf_audit_entry *e)
{
    bf_state_package *p = g_new0(bf_state_package, 1);
    p->id = g_strdup(e->id);
    p->input_sha256 = text_or_null(e->input_sha256);
    p->output = text_or_null(e->output);
    p->output_sha256 = text_or_null(e->output_sha256);
    p->finished = text_or_null(e->time);
    p->recorded = true;
    g_hash_table_replace(r->last, p->id, p);
}

static void take_decision(rebuild *r, const bf_audit_entry *e)
{
    gint64 number = 0;
    const bf_state_decision d = {.package_id = (char *)e->id,
                                 .entry_index = (guint)MAX(e->entry_index, 0),
                                 .sha256_in = (char *)e->sha256_in,
                                 .reviewer = (char *)e->reviewer,
                                 .time = (char *)e->time,
                                 .decision = (char *)e->outcome,
                                 .reason = (char *)e->reason,
                                 .masks_before = *e->masks_before ? (char *)e->masks_before : NULL,
                                 .masks_after = *e->masks_after ? (char *)e->masks_after : NULL};
    state_add_decision(r->s, &d, &number, &r->error);
}

static bool on_entry(const bf_audit_entry *entry, void *user)
{
    rebuild *r = user;
    if (strcmp(entry->event, "package") == 0)
        take_package(r, entry);
    if (strcmp(entry->event, "decision") == 0)
        take_decision(r, entry);
    return !r->error;
}

/* Both tell of the same work, down to the output's bytes. */
static bool agree(const bf_state_package *recorded, const bf_package_result *reported)
{
    return recorded && g_strcmp0(recorded->input_sha256, reported->input_sha256) == 0 &&
           g_strcmp0(recorded->output, reported->output) == 0 && g_strcmp0(recorded->output_sha256, reported->output_sha256) == 0;
}

static bool take_report(rebuild *r, const char *output_dir, const char *id, guint *n_packages)
{
    g_autoptr(bf_package_result) reported = NULL;
    g_autoptr(bf_report_tool) tool = NULL;
    if (!bf_report_read(output_dir, id, &reported, NULL) || !bf_report_read_tool(output_dir, id, &tool, NULL))
        return true;
    bf_state_package *p = g_hash_table_lookup(r->last, id);
    if (!agree(p, reported))
        return true;
    p->person = g_strdup(reported->person);
    p->verdict = reported->verdict;
    p->made_by = bf_state_made_by(&tool->info);
    (*n_packages)++;
    return state_add_package(r->s, p, &r->error);
}

bool state_rebuild(bf_state *s, const char *output_dir, const bf_audit *record, guint *n_packages, guint *n_reports, GError **error)
{
    g_autoptr(GHashTable) last = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)bf_state_package_free);
    g_autoptr(GPtrArray) ids = NULL;
    rebuild r = {.s = s, .last = last};
    bool ok = bf_audit_foreach(bf_audit_path(record), on_entry, &r, error) && !r.error && bf_report_list(output_dir, &ids, error);
    for (guint i = 0; ok && i < ids->len; i++)
        ok = take_report(&r, output_dir, ids->pdata[i], n_packages);
    if (r.error)
        g_propagate_error(error, r.error);
    if (ok)
        *n_reports = ids->len;
    return ok;
}
