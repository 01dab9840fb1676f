#include "blindfold/batch.h"

#include "batch/arrive.h"
#include "batch/batch_guard.h"
#include "batch/batch_plan.h"
#include "batch/package_job.h"
#include "batch/restore.h"
#include "batch/shard.h"
#include "blindfold/pool.h"
#include "blindfold/report.h"

#include <glib/gi18n.h>
#include <string.h>

G_DEFINE_QUARK(bf - batch - error - quark, bf_batch_error)

typedef struct {
    run_context context;
    const bf_batch_settings *settings;
    bf_page_engine *engine;
    bf_page_host *host; /* while pages are worked on */
    const batch_plan *plan;
    guint next_item;
    GQueue open;                  /* package_job *, in the roster's order: opened and not finished */
    package_job *current;         /* the one whose pages are being handed out; in `open` */
    page_job *first;              /* made before the pool is started */
    GError *error;                /* what the run fails with; no more pages are handed out */
    gint64 start_us, number;      /* number: of the run in state.db */
    bf_guard_state own, of_pages; /* what keeps this process in, and those that look at pages */
    guint opened;                 /* packages with work */
    bf_batch_event so_far;
    bf_batch_summary summary;
} batch_run;

static guint n_held_pages(const bf_package_result *r)
{
    guint n = 0;
    for (guint i = 0; i < r->pages->len; i++)
        n += ((const bf_page_record *)r->pages->pdata[i])->page.decision == BF_DECISION_REVIEW;
    return n;
}

static void tell(batch_run *run, bf_batch_event_kind kind, const package_job *job)
{
    const bf_batch_observer *o = run->settings->observer;
    bf_batch_event *e = &run->so_far;
    guint unopened = e->packages - e->skipped - MIN(run->opened, e->packages - e->skipped);
    e->kind = kind;
    e->seconds = (double)(g_get_monotonic_time() - run->start_us) / G_USEC_PER_SEC;
    e->pages_expected = run->opened ? e->pages_known * (1.0 + (double)unopened / run->opened) : 0;
    e->id = job ? job->result->id : NULL;
    e->verdict = job ? job->result->verdict : BF_VERDICT_FAILED;
    e->found_finished = job && job->found_finished;
    e->reasons = job ? job->result->reasons : NULL;
    e->n_pages = job ? job->result->pages->len : 0;
    e->n_held = job ? n_held_pages(job->result) : 0;
    if (o && o->event)
        o->event(o->user, e);
}

static void count(batch_run *run, const package_job *job)
{
    bf_verdict v = job->result->verdict;
    guint *totals[] = {&run->summary.failed, &run->summary.held, &run->summary.released};
    guint *of_this_run[] = {&run->so_far.failed, &run->so_far.held, &run->so_far.released};
    (*totals[v])++;
    if (job->found_finished) {
        run->summary.found_finished++;
        run->so_far.skipped++;
    } else {
        (*of_this_run[v])++;
        run->so_far.packages_done++;
    }
    run->summary.pages += job->result->pages->len;
    run->summary.pages_held += n_held_pages(job->result);
}

static void say_failed(const batch_run *run, const package_job *job)
{
    static const char *const sentences[][2] = {
        {"not-a-zip", N_("it is no zip archive, a damaged one, or one of several parts")},
        {"over-limits", N_("it holds more entries or more bytes than allowed")},
        {"input-unreadable", N_("it is missing, or may not be read")},
    };
    const bf_batch_observer *o = run->settings->observer;
    if (!o || !o->say || job->result->verdict != BF_VERDICT_FAILED)
        return;
    for (guint i = 0; i < G_N_ELEMENTS(sentences); i++)
        if (strcmp(job->result->reasons->pdata[0], sentences[i][0]) == 0) {
            g_autofree char *sentence = g_strdup_printf(
                job->earlier_stays ? _("id %s: the package could not be processed: %s; what an earlier run made of it stays")
                                   : _("id %s: the package could not be processed: %s"),
                job->result->id, _(sentences[i][1]));
            o->say(o->user, sentence);
        }
}

/* Finishes every package at the head of the queue that has all its pages back, so that results come in the roster's order. */
static void finish_complete(batch_run *run)
{
    package_job *job;
    while ((job = g_queue_peek_head(&run->open)) && package_job_is_complete(job)) {
        g_queue_pop_head(&run->open);
        if (run->current == job)
            run->current = NULL;
        if (job->interrupted) {
            run->summary.interrupted = true;
        } else if (!run->error && package_job_finish(job, &run->error)) {
            count(run, job);
            say_failed(run, job);
            tell(run, BF_BATCH_EVENT_PACKAGE, job);
        }
        package_job_free(job);
    }
}

static bool is_cancelled(const batch_run *run)
{
    return run->settings->cancel && atomic_load(run->settings->cancel);
}

/* The next page of the batch, opening packages on the way. */
static page_job *next_page(batch_run *run)
{
    while (!run->error && !is_cancelled(run)) {
        page_job *page = run->current ? package_job_next_page(run->current) : NULL;
        if (page)
            return page;
        run->current = NULL;
        if (run->next_item == run->plan->items->len)
            return NULL;
        package_job *job = package_job_open(&run->context, run->plan->items->pdata[run->next_item++]);
        run->opened += !job->found_finished;
        run->so_far.pages_known += job->n_pages;
        run->current = job;
        g_queue_push_tail(&run->open, job);
        finish_complete(run);
    }
    return NULL;
}

static void *on_next(void *user, gint64 *weight)
{
    batch_run *run = user;
    page_job *page = run->first ? g_steal_pointer(&run->first) : next_page(run);
    if (page)
        *weight = page->weight;
    return page;
}

static void on_done(void *user, void *data)
{
    batch_run *run = user;
    page_job *page = data;
    package_job *job = page->package;
    bool held = page->record->page.decision == BF_DECISION_REVIEW;
    package_job_take_done(page);
    run->so_far.pages_done++;
    run->so_far.pages_held += held && !job->interrupted;
    if (!run->error && bf_page_host_is_lost(run->host))
        g_set_error(&run->error, BF_BATCH_ERROR, BF_BATCH_ERROR_PROCESS, _("the process that starts page processes has ended"));
    tell(run, BF_BATCH_EVENT_PAGE, NULL);
    finish_complete(run);
}

static void on_tick(void *user)
{
    tell(user, BF_BATCH_EVENT_TICK, NULL);
}

static bool make_worker(void *user, void **worker, GError **error)
{
    bf_page_client *client = NULL;
    if (!bf_page_client_new(((batch_run *)user)->host, &client, error))
        return false;
    *worker = client;
    return true;
}

static void free_worker(void *worker)
{
    bf_page_client_free(worker);
}

static void work(void *worker, void *data)
{
    page_job *page = data;
    const bf_page_task task = {.jpeg = page->jpeg,
                               .query = page->package->item->query,
                               .others = page->package->run->names,
                               .hit_expected = page->hit_expected,
                               .cancel = page->package->run->settings->cancel};
    if (!page->jpeg)
        return;
    bf_page_client_process(worker, &task, &page->record->page);
    page->record->thumbnail = bf_page_client_thumbnail(worker, &page->record->page); /* NULL: the report goes without */
}

/* Before the pool: the host's process must be split off while there is one thread. The record has told already what keeps pages in. */
static bool start_host(batch_run *run, GError **error)
{
    const bf_batch_observer *o = run->settings->observer;
    const bf_page_host_settings host = {.limits = run->settings->limits, .sandbox = run->settings->sandbox};
    if (!bf_page_host_new(run->engine, &host, &run->host, error))
        return false;
    bf_guard_state actual = bf_page_host_guard(run->host);
    if (actual.seccomp < run->of_pages.seccomp || actual.landlock < run->of_pages.landlock) {
        g_set_error(error, BF_BATCH_ERROR, BF_BATCH_ERROR_PROCESS, _("the processes for pages are less kept in than the record says: %s"),
                    _(bf_guard_word(actual)));
        return false;
    }
    g_autofree char *sentence =
        g_strdup_printf(_("sandbox: %s for pages, %s for packages"), _(bf_guard_word(actual)), _(bf_guard_word(run->own)));
    if (o && o->say)
        o->say(o->user, sentence);
    return true;
}

static bool run_pages(batch_run *run, GError **error)
{
    const gint64 default_memory = 2 * (gint64)1024 * 1024 * 1024;
    run->first = next_page(run); /* workers cost memory and time: none for a batch that is finished already */
    if (run->first) {
        guint n = run->settings->n_jobs ? run->settings->n_jobs : bf_pool_processors();
        if (run->next_item == run->plan->items->len && run->current)
            n = MIN(n, run->current->n_pages);
        const bf_pool_ops ops = {.worker_new = make_worker,
                                 .worker_free = free_worker,
                                 .next = on_next,
                                 .work = work,
                                 .done = on_done,
                                 .tick = on_tick,
                                 .user = run};
        const bf_pool_settings pool = {.n_threads = n,
                                       .max_weight = run->settings->max_memory > 0 ? run->settings->max_memory : default_memory,
                                       .cancel = run->settings->cancel};
        bool ok = start_host(run, error) && bf_pool_run(&ops, &pool, error);
        bf_page_host_free(g_steal_pointer(&run->host));
        if (!ok)
            return false;
    }
    if (run->error) {
        g_propagate_error(error, g_steal_pointer(&run->error));
        return false;
    }
    run->summary.interrupted |= run->next_item < run->plan->items->len || !g_queue_is_empty(&run->open) || run->first;
    return true;
}

/* How the reader reads these people's characters is learnt before any process for pages is started. */
static bool prepare_names(const batch_run *run, GError **error)
{
    for (guint i = 0; i < run->plan->items->len; i++) {
        const plan_item *item = run->plan->items->pdata[i];
        g_autoptr(GError) cause = NULL;
        if (!bf_page_engine_prepare(run->engine, item->query, &cause)) {
            g_set_error_literal(error, BF_BATCH_ERROR, BF_BATCH_ERROR_READER, cause->message);
            return false;
        }
    }
    return true;
}

/* The characters by code point: a character of a name is a part of it. */
static char *points_of(const char *characters)
{
    GString *points = g_string_new(NULL);
    for (const char *p = characters; *p; p = g_utf8_next_char(p))
        g_string_append_printf(points, "%sU+%04X", p == characters ? "" : " ", g_utf8_get_char(p));
    return g_string_free(points, FALSE);
}

static void warn_unreadable(const batch_run *run)
{
    const bf_batch_observer *o = run->settings->observer;
    for (guint i = 0; o && o->say && i < run->plan->items->len; i++) {
        const plan_item *item = run->plan->items->pdata[i];
        g_autofree char *unknown = bf_page_engine_unreadable(run->engine, item->query);
        if (bf_page_engine_is_blind_to(run->engine, item->query)) {
            g_autofree char *held = g_strdup_printf(
                _("id %s: the first reader can read too little of the name to look for it; every page is held"), item->row->id);
            o->say(o->user, held);
            continue;
        }
        if (!unknown || !*unknown)
            continue;
        g_autofree char *points = points_of(unknown);
        g_autofree char *sentence = g_strdup_printf(
            bf_page_engine_n_fonts(run->engine) > 0
                ? _("id %s: the first reader does not know %s of the name; its place is told by the shape of these characters, and held "
                    "where that cannot be told")
                : _("id %s: the first reader does not know %s of the name, and there are no fonts to know these characters by; many pages "
                    "will be held"),
            item->row->id, points);
        o->say(o->user, sentence);
    }
}

/* Frees what a run that stopped early still holds. */
static void drop_rest(batch_run *run)
{
    if (run->first)
        package_job_take_done(g_steal_pointer(&run->first));
    package_job *job;
    while ((job = g_queue_pop_head(&run->open)))
        package_job_free(job);
    g_clear_error(&run->error);
}

/* Into state and record. */
static bool begin_run(batch_run *run, GError **error)
{
    const bf_batch_settings *settings = run->settings;
    const bf_tool_info *tool = run->context.tool;
    char sha256[BF_SHA256_HEX];
    bool known = settings->roster_path && arrive_file_sha256(settings->roster_path, sha256);
    const bf_state_run state = {.version = tool->version,
                                .settings = tool->settings,
                                .roster_path = settings->roster_path,
                                .roster_sha256 = known ? sha256 : NULL,
                                .n_packages = run->plan->items->len};
    const bf_audit_sandbox sandbox = {
        .mode = bf_guard_mode_word(settings->sandbox), .pages = bf_guard_word(run->of_pages), .packages = bf_guard_word(run->own)};
    return bf_state_begin_run(run->context.output->state, &state, &run->number, error) &&
           bf_audit_run_start(run->context.output->audit, tool, run->plan->items->len, &sandbox, error);
}

/* A package that was found finished, and whose report for people somebody took away. */
static const char *next_without_html(const batch_run *run, guint *at)
{
    while (*at < run->plan->items->len) {
        const char *id = ((const plan_item *)run->plan->items->pdata[(*at)++])->row->id;
        if (!bf_report_has_html(run->context.output->dir, id))
            return id;
    }
    return NULL;
}

/* After the pool: once more there is one thread, and a process for pages can be split off. */
static bool restore_reports(batch_run *run, GError **error)
{
    guint at = 0;
    bf_page_client *client = NULL;
    const char *id = run->summary.found_finished > 0 ? next_without_html(run, &at) : NULL;
    if (!id || is_cancelled(run))
        return true;
    bool ok = start_host(run, error) && bf_page_client_new(run->host, &client, error);
    for (; ok && id && !is_cancelled(run); id = next_without_html(run, &at))
        ok = restore_html(run->context.output, id, client, error);
    bf_page_client_free(client);
    bf_page_host_free(g_steal_pointer(&run->host));
    return ok;
}

static bool end_run(const batch_run *run, GError **error)
{
    const bf_batch_summary *s = &run->summary;
    return bf_audit_run_end(run->context.output->audit, s->released, s->held, s->failed, s->interrupted, error) &&
           bf_state_end_run(run->context.output->state, run->number, s->interrupted, error);
}

static bool run_batch(batch_run *run, GError **error)
{
    if (!prepare_names(run, error) || !batch_guard(run->settings, run->plan, &run->own, error))
        return false;
    run->of_pages = bf_guard_try_compute_only(run->settings->sandbox);
    if (!begin_run(run, error))
        return false;
    warn_unreadable(run);
    tell(run, BF_BATCH_EVENT_START, NULL);
    bool ok = run_pages(run, error);
    drop_rest(run);
    if (!ok || !bf_report_write_summary(run->settings->output_dir, error) || !bf_report_write_index(run->settings->output_dir, error) ||
        !end_run(run, error) || !restore_reports(run, error)) /* reports for people last: nothing else hangs on them */
        return false;
    tell(run, BF_BATCH_EVENT_END, NULL);
    return true;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The engine's, the batch's, and the limits that decide what is in a package where they are not the usual ones; sorted. */
static char *all_settings(const bf_batch_settings *settings, const bf_page_engine *engine)
{
    g_autofree char *limits = bf_limits_text(&settings->limits);
    g_autofree char *all =
        g_strdup_printf("%s given_names=%s surname_forms=%s%s%s", bf_page_engine_settings(engine), settings->given_names ? "true" : "false",
                        settings->surname_forms ? "true" : "false", *limits ? " limits=" : "", limits);
    g_auto(GStrv) words = g_strsplit(all, " ", -1);
    qsort(words, g_strv_length(words), sizeof *words, by_text);
    return g_strjoinv(" ", words);
}

bool bf_batch_check(const bf_batch_settings *settings, GError **error)
{
    g_autoptr(batch_plan) plan = NULL;
    return batch_plan_make(settings, settings->observer, &plan, error);
}

static bool open_output(const bf_batch_settings *s, batch_plan *plan, bf_output **out, GError **error)
{
    if (s->n_shards == 0)
        return bf_output_open(s->output_dir, s->observer ? s->observer->say : NULL, s->observer ? s->observer->user : NULL, out, error);
    g_autofree char *list = shard_take(plan, s->shard, s->n_shards);
    return shard_output_open(s, list, out, error);
}

bool bf_batch_run(const bf_batch_settings *given, bf_page_engine *engine, bf_batch_summary *out, GError **error)
{
    g_autoptr(batch_plan) plan = NULL;
    g_autoptr(bf_output) output = NULL;
    if (!batch_plan_make(given, NULL, &plan, error) || !open_output(given, plan, &output, error))
        return false;
    bf_batch_settings own = *given;
    const bf_batch_settings *settings = &own;
    own.output_dir = output->dir;
    if (settings->sign_key && !bf_audit_sign_with(output->audit, settings->sign_key, error))
        return false;
    g_autofree char *with_limits = all_settings(settings, engine);
    bf_tool_info tool = {.version = BF_VERSION, .settings = with_limits};
    tool.readers = bf_page_engine_readers(engine, &tool.n_readers);
    batch_run run = {.context = {.settings = settings, .tool = &tool, .output = output, .names = plan->names},
                     .settings = settings,
                     .engine = engine,
                     .plan = plan,
                     .open = G_QUEUE_INIT,
                     .start_us = g_get_monotonic_time(),
                     .so_far = {.packages = plan->items->len},
                     .summary = {.skipped_rows = plan->left_out}};
    if (!run_batch(&run, error))
        return false;
    *out = run.summary;
    return true;
}
