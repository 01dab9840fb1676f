#include "blindfold/merge.h"

#include "batch/arrive.h"
#include "batch/shard.h"
#include "blindfold/output_check.h"
#include "blindfold/report.h"

#include <glib/gi18n.h>
#include <string.h>

typedef struct {
    char *name, *dir;  /* name: of the folder, "3-of-8.2" */
    bf_output *output; /* open, so that nobody writes there */
    bf_audit_summary record;
    GHashTable *bodies; /* of its record; NULL: not read yet */
} shard_folder;

/* The best result of a package so far: stricter verdicts win. */
typedef struct {
    shard_folder *shard;
    bf_package_result *result;
    bf_report_tool *tool;
} finding;

typedef struct {
    const bf_batch_observer *observer;
    GPtrArray *shards;    /* shard_folder * */
    char **list;          /* ids, sorted */
    GHashTable *findings; /* id -> finding * */
    bf_merge_summary *summary;
} merging;

static void shard_free(void *p)
{
    shard_folder *s = p;
    bf_output_free(s->output);
    g_clear_pointer(&s->bodies, g_hash_table_unref);
    g_free(s->name);
    g_free(s->dir);
    g_free(s);
}

static void finding_free(void *p)
{
    finding *f = p;
    bf_package_result_free(f->result);
    bf_report_tool_free(f->tool);
    g_free(f);
}

void bf_merge_summary_clear(bf_merge_summary *s)
{
    g_clear_pointer(&s->missing, g_ptr_array_unref);
}

G_GNUC_PRINTF(2, 3) static bool fail(GError **error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *sentence = g_strdup_vprintf(format, args);
    va_end(args);
    g_set_error_literal(error, BF_BATCH_ERROR, BF_BATCH_ERROR_INPUT, sentence);
    return false;
}

G_GNUC_PRINTF(2, 3) static void say(const merging *m, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *sentence = g_strdup_vprintf(format, args);
    va_end(args);
    if (m->observer && m->observer->say)
        m->observer->say(m->observer->user, sentence);
}

/* Opening carries to its end what a killed shard had begun, and fails while it still runs. Reports and zips can be changed by anybody who
 * can write there; only what the proved record says of them counts. */
static bool open_shard(merging *m, const char *folder, const char *name, GError **error)
{
    shard_folder *s = g_new0(shard_folder, 1);
    g_ptr_array_add(m->shards, s);
    s->name = g_strdup(name);
    s->dir = g_build_filename(folder, name, NULL);
    const bf_batch_observer *o = m->observer;
    if (!bf_output_open(s->dir, o ? o->say : NULL, o ? o->user : NULL, &s->output, error))
        return false;
    bf_output_check check;
    if (!bf_audit_verify(bf_audit_path(s->output->audit), &s->record, error) ||
        !bf_output_verify(s->dir, o ? o->say : NULL, o ? o->user : NULL, &check, error))
        return false;
    return check.flaws == 0 || fail(error, _("%s: this shard is not as its record says; remove its folder and run it again"), s->dir);
}

static int by_text(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool open_shards(merging *m, const char *output, GError **error)
{
    g_autofree char *folder = g_build_filename(output, SHARDS_FOLDER, NULL);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    const char *name;
    while (dir && (name = g_dir_read_name(dir)))
        g_ptr_array_add(names, g_strdup(name));
    g_ptr_array_sort(names, by_text);
    if (names->len == 0)
        return fail(error, _("%s: there are no shards; redact --shard I/N makes them"), folder);
    for (guint i = 0; i < names->len; i++)
        if (!open_shard(m, folder, names->pdata[i], error))
            return false;
    return true;
}

/* The ids of the list; its first line, which is the shard's own, into index and count. NULL: not there, or no list. */
static char **read_list(const shard_folder *s, guint *count)
{
    g_autofree char *path = g_build_filename(s->dir, SHARD_LIST, NULL), *text = NULL;
    guint index;
    if (!g_file_get_contents(path, &text, NULL, NULL))
        return NULL;
    char *end = strchr(text, '\n');
    if (!end)
        return NULL;
    *end = '\0';
    g_strdelimit(text, " ", '/');
    return bf_shard_parse(text, &index, count) ? g_strsplit(g_strchomp(end + 1), "\n", -1) : NULL;
}

/* All shards must be of one list, cut into the same number of parts. */
static bool agree_on_list(merging *m, GError **error)
{
    guint first_count = 0;
    for (guint i = 0; i < m->shards->len; i++) {
        const shard_folder *s = m->shards->pdata[i];
        guint count = 0;
        g_auto(GStrv) list = read_list(s, &count);
        if (!list)
            return fail(error, _("%s: its list of packages is missing or damaged; run this shard again"), s->dir);
        if (m->list && (count != first_count || !g_strv_equal((const char *const *)list, (const char *const *)m->list)))
            return fail(error, _("%s: this shard is of another batch than %s: another roster, other inputs or another number of shards"),
                        s->dir, ((const shard_folder *)m->shards->pdata[0])->dir);
        first_count = count;
        if (!m->list)
            m->list = g_steal_pointer(&list);
    }
    m->summary->listed = g_strv_length(m->list);
    return true;
}

static bool is_stricter(const bf_package_result *a, const bf_package_result *b)
{
    return a->verdict == BF_VERDICT_HELD && b->verdict != BF_VERDICT_HELD;
}

/* Two shards have done it. A verdict that differs must be told: it should not happen. */
static void take_better(merging *m, finding *known, finding *other)
{
    m->summary->done_twice++;
    if (known->result->verdict != other->result->verdict || strcmp(known->result->output_sha256, other->result->output_sha256) != 0) {
        m->summary->differed++;
        say(m, _("id %s: the shards %s and %s have different results; a held one goes before a released one"), known->result->id,
            known->shard->name, other->shard->name);
    }
    bool failed = known->result->verdict == BF_VERDICT_FAILED && other->result->verdict != BF_VERDICT_FAILED;
    if (failed || is_stricter(other->result, known->result)) {
        finding was = *known;
        *known = *other;
        *other = was;
    }
    finding_free(other);
}

static bool take_package(merging *m, shard_folder *s, const bf_state_package *p, GError **error)
{
    g_autofree char *name = g_strconcat(p->id, ".json", NULL), *path = g_build_filename(s->dir, "reports", name, NULL), *text = NULL;
    gsize n;
    finding *f = g_new0(finding, 1);
    f->shard = s;
    bool ok = g_file_get_contents(path, &text, &n, error) && bf_report_parse(text, n, path, &f->result, &f->tool, error);
    if (ok && !g_strv_contains((const char *const *)m->list, p->id))
        ok = fail(error, _("%s: the package %s is not in the list"), s->dir, p->id);
    if (!ok) {
        finding_free(f);
        return false;
    }
    finding *known = g_hash_table_lookup(m->findings, p->id);
    if (known)
        take_better(m, known, f);
    else
        g_hash_table_insert(m->findings, g_strdup(p->id), f);
    return true;
}

static bool take_shard(merging *m, shard_folder *s, GError **error)
{
    g_autoptr(GPtrArray) packages = NULL;
    if (!bf_state_list_packages(s->output->state, &packages, error))
        return false;
    for (guint i = 0; i < packages->len; i++)
        if (!take_package(m, s, packages->pdata[i], error))
            return false;
    return true;
}

static bool has_arrived(const bf_output *target, const bf_package_result *r)
{
    g_autoptr(bf_state_package) p = NULL;
    char hex[BF_SHA256_HEX] = "";
    g_autofree char *path = r->output ? g_build_filename(target->dir, r->output, NULL) : NULL;
    g_autofree char *report = g_strconcat(target->dir, "/reports/", r->id, ".json", NULL);
    return bf_state_get_package(target->state, r->id, &p, NULL) && p && p->recorded && p->verdict == r->verdict &&
           g_strcmp0(p->input_sha256 ? p->input_sha256 : "", r->input_sha256) == 0 &&
           g_strcmp0(p->output_sha256 ? p->output_sha256 : "", r->output_sha256) == 0 && g_file_test(report, G_FILE_TEST_IS_REGULAR) &&
           (!path || (arrive_file_sha256(path, hex) && strcmp(hex, r->output_sha256) == 0));
}

/* Entry by entry through the canonical writer: what is not a package of ours cannot get through. */
static bool copy_entries(const char *path, bf_zip_writer *zip, GError **error)
{
    g_autoptr(bf_package) package = NULL;
    const bf_limits none = {.max_entries = G_MAXUINT, .max_total_bytes = G_MAXINT64};
    if (!bf_package_open(path, &none, &package, error))
        return false;
    for (guint i = 0; i < bf_package_n_entries(package); i++) {
        g_autoptr(GBytes) bytes = NULL;
        if (!bf_package_read(package, i, &bytes, error) || !bf_zip_writer_add(zip, bf_package_get_entry(package, i)->name, bytes, error))
            return false;
    }
    return true;
}

/* The report for people holds pictures that only the run had. */
static bool read_html(const finding *f, char **text, GError **error)
{
    g_autofree char *name = g_strconcat(f->result->id, ".html", NULL);
    g_autofree char *from = g_build_filename(f->shard->dir, "reports", name, NULL);
    return g_file_get_contents(from, text, NULL, error);
}

static bool publish(bf_output *target, const finding *f, const char *html, GError **error)
{
    bf_package_result *r = f->result;
    g_autoptr(bf_zip_writer) zip = NULL;
    if (r->verdict != BF_VERDICT_FAILED) {
        g_autofree char *from = g_build_filename(f->shard->dir, r->output, NULL), *to = bf_output_zip_path(target, r->id, r->verdict);
        char hex[BF_SHA256_HEX] = "";
        if (!arrive_file_sha256(from, hex) || strcmp(hex, r->output_sha256) != 0)
            return fail(error, _("%s: not the file that its report names; run shard %s again"), from, f->shard->name);
        if (!bf_zip_writer_new(to, &zip, error) || !copy_entries(from, zip, error))
            return false;
    }
    if (!f->shard->bodies && !bf_audit_bodies(bf_audit_path(f->shard->output->audit), &f->shard->bodies, error))
        return false;
    g_autofree char *expected = g_strdup(r->output_sha256);
    const bf_publication publication = {
        .result = r, .tool = &f->tool->info, .zip = zip, .html = html, .bodies = g_hash_table_lookup(f->shard->bodies, r->id)};
    if (!bf_output_publish(target, &publication, error))
        return false;
    return strcmp(expected, r->output_sha256) == 0 || fail(error, _("id %s: the zip cannot be copied as it is"), r->id);
}

static void count(bf_merge_summary *s, bf_verdict verdict)
{
    guint *const totals[] = {[BF_VERDICT_FAILED] = &s->failed, [BF_VERDICT_HELD] = &s->held, [BF_VERDICT_RELEASED] = &s->released};
    (*totals[verdict])++;
}

static bool publish_all(const merging *m, bf_output *target, GError **error)
{
    for (guint i = 0; i < m->shards->len; i++) {
        const shard_folder *s = m->shards->pdata[i];
        if (!bf_audit_merged(target->audit, s->name, &s->record, error))
            return false;
    }
    for (char **id = m->list; *id; id++) {
        const finding *f = g_hash_table_lookup(m->findings, *id);
        if (!f) {
            g_ptr_array_add(m->summary->missing, g_strdup(*id));
            continue;
        }
        count(m->summary, f->result->verdict);
        g_autofree char *html = NULL;
        bool there = has_arrived(target, f->result);
        if (!read_html(f, &html, error) || !(there ? bf_report_store_html(target->dir, *id, html, error) : publish(target, f, html, error)))
            return false;
    }
    return bf_report_write_summary(target->dir, error) && bf_report_write_index(target->dir, error);
}

bool bf_merge(const char *target, const char *const *outputs, const bf_batch_observer *observer, bf_merge_summary *out, GError **error)
{
    g_auto(bf_merge_summary) summary = {.missing = g_ptr_array_new_with_free_func(g_free)};
    g_autoptr(GPtrArray) shards = g_ptr_array_new_with_free_func(shard_free);
    g_autoptr(GHashTable) findings = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, finding_free);
    g_autoptr(bf_output) output = NULL;
    merging m = {.observer = observer, .shards = shards, .findings = findings, .summary = &summary};
    bool ok = true;
    for (; ok && *outputs; outputs++)
        ok = open_shards(&m, *outputs, error);
    ok = ok && agree_on_list(&m, error);
    for (guint i = 0; ok && i < shards->len; i++)
        ok = take_shard(&m, shards->pdata[i], error);
    summary.shards = shards->len;
    ok = ok && bf_output_open(target, observer ? observer->say : NULL, observer ? observer->user : NULL, &output, error) &&
         publish_all(&m, output, error);
    g_strfreev(m.list);
    if (!ok)
        return false;
    *out = summary;
    summary.missing = NULL;
    return true;
}
