/* One pool over the pages of all inputs; nothing is written. */
#include "batch/batch_guard.h"
#include "batch/duplicates.h"
#include "blindfold/check.h"
#include "blindfold/jpeg_look.h"
#include "blindfold/name.h"
#include "blindfold/page_host.h"
#include "blindfold/pool.h"

#include <glib/gi18n.h>

#include <stdio.h>
#include <string.h>

enum { FILE_MAX = 128 << 20 };

typedef struct {
    const bf_check_settings *settings;
    bf_page_engine *engine;
    bf_page_host *host;
    GPtrArray *packages; /* bf_checked_package * */
    guint next_input, next_entry, next_page;
    bf_package *package;         /* being read; NULL: none */
    bf_checked_package *current; /* its result */
    bf_checked_package *loose;   /* of the files that are no packages; NULL: none yet */
    guint done, known;
    GError *error; /* no page can be looked at any more */
} check_run;

typedef struct {
    bf_checked_page *page; /* the package's */
    GBytes *jpeg;
    bf_page_result result;
    check_run *run;
} check_job;

/* ---- what is looked at ---- */

static void add_finding(GArray *findings, const char *rule, bf_finding_weight weight, const char *detail)
{
    bf_findings_add(findings, (bf_finding){.rule = rule, .weight = weight, .detail = detail, .number = -1});
}

static bool is_package(const char *path)
{
    char head[4] = "";
    g_autofree char *name = g_ascii_strdown(path, -1);
    if (g_file_test(path, G_FILE_TEST_IS_DIR) || g_str_has_suffix(name, ".zip"))
        return true;
    if (g_str_has_suffix(name, ".jpg") || g_str_has_suffix(name, ".jpeg"))
        return false;
    FILE *file = fopen(path, "rbe");
    gsize n = file ? fread(head, 1, sizeof head, file) : 0;
    if (file)
        fclose(file);
    return !file || (n == 4 && (memcmp(head, "PK\3\4", 4) == 0 || memcmp(head, "PK\5\6", 4) == 0));
}

static char *shown_name(const check_run *run, const char *path)
{
    g_autofree char *base = g_path_get_basename(path), *utf8 = g_filename_display_name(base);
    return bf_name_redact_text(run->settings->query, utf8);
}

static bf_checked_page *new_page(check_run *run, bf_checked_package *package, const char *name, guint index)
{
    bf_checked_page *page = bf_checked_page_new();
    page->entry = bf_name_redact_text(run->settings->query, name);
    page->folded_name = g_strdup(name);
    page->entry_index = index;
    g_ptr_array_add(package->pages, page);
    if (bf_name_in_text(run->settings->query, name))
        add_finding(page->findings, "name-in-file-name", run->settings->unmasked ? BF_FINDING_NOTE : BF_FINDING_WARN, NULL);
    return page;
}

static bool is_of_the_system(const char *name)
{
    static const char *const names[] = {"thumbs.db", "desktop.ini", ".ds_store", NULL};
    g_autofree char *base = g_path_get_basename(name), *lower = g_ascii_strdown(base, -1);
    return g_strv_contains(names, lower) || strstr(name, "__MACOSX") != NULL || base[0] == '.';
}

static void add_dropped(check_run *run, const bf_package_entry *e)
{
    g_autoptr(GBytes) bytes = NULL;
    if (strcmp(e->drop, "directory") == 0 || (strcmp(e->drop, "not-an-image") == 0 && is_of_the_system(e->name)))
        return;
    bf_checked_page *page = new_page(run, run->current, e->name, e->index);
    if (strcmp(e->drop, "not-an-image") == 0) {
        const char *kind = bf_package_read(run->package, e->index, &bytes, NULL) ? bf_file_kind(bytes) : "unknown";
        add_finding(page->findings, "not-an-image", BF_FINDING_WARN, kind);
    } else {
        bool same_name = strcmp(e->drop, "duplicate") == 0;
        add_finding(page->findings, same_name ? "same-name" : e->drop, BF_FINDING_MEND, NULL);
    }
}

static const char *why_not_opened(const GError *error)
{
    return error->code == BF_PACKAGE_ERROR_FORMAT  ? "not-a-zip"
           : error->code == BF_PACKAGE_ERROR_LIMIT ? "over-limits"
                                                   : "input-unreadable";
}

static bf_checked_package *new_package(check_run *run, char *label)
{
    bf_checked_package *package = bf_checked_package_new();
    package->label = label;
    g_ptr_array_add(run->packages, package);
    return package;
}

static void open_package(check_run *run, const char *path)
{
    g_autoptr(GError) error = NULL;
    run->current = new_package(run, shown_name(run, path));
    run->next_entry = 0;
    if (!bf_package_open(path, &run->settings->limits, &run->package, &error)) {
        add_finding(run->current->findings, why_not_opened(error), BF_FINDING_MEND, NULL);
        run->current->failed = true;
        return;
    }
    g_autofree char *base = g_path_get_basename(path), *utf8 = g_filename_display_name(base);
    if (bf_name_in_text(run->settings->query, utf8))
        add_finding(run->current->findings, "name-in-file-name", BF_FINDING_NOTE, NULL);
    for (guint i = 0; i < bf_package_n_entries(run->package); i++)
        run->known += bf_package_get_entry(run->package, i)->drop == NULL;
}

/* ---- pages ---- */

static check_job *new_job(check_run *run, bf_checked_page *page, GBytes *jpeg, gint64 *weight)
{
    check_job *job = g_new0(check_job, 1);
    job->run = run;
    job->page = page;
    job->jpeg = jpeg;
    bf_page_result_init(&job->result);
    *weight = jpeg ? bf_page_weight(jpeg) : 0;
    return job;
}

static check_job *next_of_package(check_run *run, gint64 *weight)
{
    while (run->package && run->next_entry < bf_package_n_entries(run->package)) {
        const bf_package_entry *e = bf_package_get_entry(run->package, run->next_entry++);
        GBytes *jpeg = NULL;
        if (e->drop) {
            add_dropped(run, e);
            continue;
        }
        bf_checked_page *page = new_page(run, run->current, e->name, e->index);
        if (!bf_package_read(run->package, e->index, &jpeg, NULL))
            add_finding(page->findings, "unreadable-entry", BF_FINDING_MEND, NULL);
        return new_job(run, page, jpeg, weight);
    }
    g_clear_pointer(&run->package, bf_package_free);
    return NULL;
}

static check_job *loose_file(check_run *run, const char *path, gint64 *weight)
{
    if (!run->loose)
        run->loose = new_package(run, g_strdup(""));
    g_autofree char *base = g_path_get_basename(path), *utf8 = g_filename_display_name(base), *data = NULL;
    gsize size = 0;
    bf_checked_page *page = new_page(run, run->loose, utf8, run->loose->pages->len);
    run->known++;
    if (!g_file_get_contents(path, &data, &size, NULL) || size > FILE_MAX) {
        add_finding(page->findings, "input-unreadable", BF_FINDING_MEND, NULL);
        run->loose->failed = true;
        return new_job(run, page, NULL, weight);
    }
    return new_job(run, page, g_bytes_new_take(g_steal_pointer(&data), size), weight);
}

static void *on_next(void *user, gint64 *weight)
{
    check_run *run = user;
    while (!run->error) {
        check_job *job = next_of_package(run, weight);
        if (job)
            return job;
        const char *path = run->settings->inputs[run->next_input];
        if (!path)
            return NULL;
        run->next_input++;
        if (!is_package(path))
            return loose_file(run, path, weight);
        open_package(run, path);
    }
    return NULL;
}

static bool has_finding(const GArray *findings, const char *rule)
{
    for (guint i = 0; i < findings->len; i++)
        if (strcmp(g_array_index(findings, bf_finding, i).rule, rule) == 0)
            return true;
    return false;
}

static void on_work(void *worker, void *data)
{
    /* What a page process, or this one, may end with before it could tell anything. */
    static const char *const lost[] = {"reader-crashed", "time-limit", "out-of-memory"};
    check_job *job = data;
    const bf_check_settings *s = job->run->settings;
    if (!job->jpeg)
        return;
    const bf_page_task task = {
        .jpeg = job->jpeg, .query = s->query, .check = job->page, .check_unmasked = s->unmasked, .cancel = s->cancel};
    bf_page_client_process(worker, &task, &job->result);
    g_strlcpy(job->page->sha256, job->result.sha256_in, sizeof job->page->sha256);
    for (guint i = 0; job->result.reasons != NULL && i < job->result.reasons->len; i++)
        for (gsize k = 0; k < G_N_ELEMENTS(lost); k++)
            if (strcmp(job->result.reasons->pdata[i], lost[k]) == 0 && !has_finding(job->page->findings, lost[k]))
                add_finding(job->page->findings, lost[k], BF_FINDING_MEND, NULL);
}

static void on_done(void *user, void *data)
{
    check_run *run = user;
    check_job *job = data;
    g_clear_pointer(&job->jpeg, g_bytes_unref);
    bf_page_result_clear(&job->result);
    g_free(job);
    if (!run->error && bf_page_host_is_lost(run->host)) /* a page without findings would pass for one that was looked at */
        g_set_error(&run->error, BF_BATCH_ERROR, BF_BATCH_ERROR_PROCESS, _("the process that starts page processes has ended"));
    run->done++;
    if (run->settings->progress)
        run->settings->progress(run->settings->user, run->done, run->known);
}

static bool make_worker(void *user, void **worker, GError **error)
{
    bf_page_client *client = NULL;
    if (!bf_page_client_new(((check_run *)user)->host, &client, error))
        return false;
    *worker = client;
    return true;
}

static void free_worker(void *worker)
{
    bf_page_client_free(worker);
}

/* ---- the whole ---- */

static void finish(check_run *run)
{
    bool cancelled = run->settings->cancel && atomic_load(run->settings->cancel);
    for (guint i = 0; i < run->packages->len; i++) {
        bf_checked_package *package = run->packages->pdata[i];
        package->interrupted = cancelled;
        if (package->failed && package->pages->len == 0)
            continue;
        if (package->pages->len == 0)
            add_finding(package->findings, "no-pages", BF_FINDING_MEND, NULL);
        duplicates_find(package);
        if (run->settings->checklist && package != run->loose)
            bf_checklist_apply(run->settings->checklist, run->settings->level, package);
    }
}

bool bf_check_run(const bf_check_settings *settings, bf_page_engine *engine, GPtrArray **out, GError **error)
{
    const gint64 default_memory = 2 * (gint64)1024 * 1024 * 1024;
    g_autoptr(GPtrArray) packages = g_ptr_array_new_with_free_func((GDestroyNotify)bf_checked_package_free);
    check_run run = {.settings = settings, .engine = engine, .packages = packages};
    const bf_pool_ops ops = {
        .worker_new = make_worker, .worker_free = free_worker, .next = on_next, .work = on_work, .done = on_done, .user = &run};
    const bf_pool_settings pool = {.n_threads = settings->n_jobs ? settings->n_jobs : bf_pool_processors(),
                                   .max_weight = settings->max_memory > 0 ? settings->max_memory : default_memory,
                                   .cancel = settings->cancel};
    const bf_page_host_settings host = {.limits = settings->limits, .sandbox = settings->sandbox};
    bool ok = bf_page_engine_prepare(engine, settings->query, error) && check_guard(settings, error) &&
              bf_page_host_new(engine, &host, &run.host, error) && bf_pool_run(&ops, &pool, error);
    bf_page_host_free(run.host);
    g_clear_pointer(&run.package, bf_package_free);
    if (run.error) {
        if (ok)
            g_propagate_error(error, g_steal_pointer(&run.error));
        g_clear_error(&run.error);
        return false;
    }
    if (!ok)
        return false;
    finish(&run);
    *out = g_steal_pointer(&packages);
    return true;
}
