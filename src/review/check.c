/* One thread of its own for what takes seconds: a person's masks applied and proved, packages built. Jobs hold copies of what they need;
 * of the desk they touch the sources (which lock) and the output (under its lock) only. What comes of them is taken in on the main thread.
 */
#include "blindfold/batch.h"
#include "blindfold/rebuild.h"
#include "review/desk.h"

#include <string.h>

typedef struct {
    checker *owner;
    desk_package *package;
    const bf_package_result *before; /* the package's, when the job was made */
    guint place;                     /* a page's job */
    guint revision;                  /* of the item, when the job was made */
    GArray *masks;                   /* of the page */
    bool accept, whole;              /* whole: a package's job */
    bool *recalled;                  /* by place, as of bf_rebuild; NULL: not a recall */
    GPtrArray *pages;                /* a package's job: a page's job for each page to be built, else NULL */
    GArray *left_out;                /* guint */
    bf_page_result *result;
    bf_package_result *built;
    const char *failure; /* a word of strings.js */
} job;

enum { KEPT_BYTES_MAX = 512 * 1024 * 1024 };

struct checker {
    desk *desk;
    GThreadPool *pool;
    bool stale;             /* summary and index: of the pool's one thread, as the next two */
    bf_page_client *client; /* of the pool's one thread, as the next; NULL until it is needed */
    const bf_query *learnt; /* whose characters the readers were last made to learn */
    atomic_bool cancel;
    guint n_jobs;     /* main thread, as the next */
    gsize kept_bytes; /* of finished pages that wait for their package to be built */
};

static void result_free(bf_page_result *result)
{
    if (!result)
        return;
    bf_page_result_clear(result);
    g_free(result);
}

static void job_free(void *data)
{
    job *j = data;
    if (!j)
        return;
    g_clear_pointer(&j->masks, g_array_unref);
    g_clear_pointer(&j->pages, g_ptr_array_unref);
    g_clear_pointer(&j->left_out, g_array_unref);
    g_free(j->recalled);
    result_free(j->result);
    bf_package_result_free(j->built);
    g_free(j);
}

static job *new_page_job(checker *c, desk_package *p, guint place)
{
    desk_item *item = &p->pages[place];
    job *j = g_new0(job, 1);
    *j = (job){.owner = c,
               .package = p,
               .before = p->result,
               .place = place,
               .revision = item->revision,
               .masks = item->masks ? g_array_copy(item->masks) : g_array_new(FALSE, FALSE, sizeof(bf_mask)),
               .accept = desk_is_overruled(item)};
    return j;
}

/* The page's job for a package that is built: what was proved already need not be done again. */
static job *new_part(checker *c, desk_package *p, guint place)
{
    desk_item *item = &p->pages[place];
    job *j = new_page_job(c, p, place);
    if (item->checked && item->checked->output && item->checked->decision != BF_DECISION_REVIEW) {
        checker_forget(c, item->checked);
        j->result = g_steal_pointer(&item->checked);
    }
    return j;
}

/* ---- on the checker's thread ---- */

/* A process that knows the name's characters: without that the proof would miss some. */
static bool get_client(checker *c, const bf_query *query)
{
    if (!c->client && !desk_new_client(c->desk, &c->client))
        return false;
    if (c->learnt != query && !bf_page_host_prepare(c->desk->host, query, NULL))
        return false;
    c->learnt = query;
    return true;
}

static void check_page(job *j)
{
    checker *c = j->owner;
    const bf_page_result *page = &((const bf_page_record *)j->before->pages->pdata[j->place])->page;
    g_autoptr(GBytes) jpeg = NULL;
    j->result = g_new0(bf_page_result, 1);
    bf_page_result_init(j->result);
    if (!get_client(c, j->package->query) || !desk_read_page(j->package, j->before, j->place, &jpeg, NULL)) {
        bf_page_result_add_reason(j->result, "not-readable");
        return;
    }
    const bf_page_manual manual = {.task = {.jpeg = jpeg, .query = j->package->query, .cancel = &c->cancel},
                                   .masks = (const bf_mask *)(const void *)j->masks->data,
                                   .n_masks = j->masks->len,
                                   .turned_from = page->turned_from,
                                   .orientation_deg = page->orientation_deg,
                                   .accept_visible = j->accept};
    bf_page_client_apply_masks(c->client, &manual, j->result);
}

static bool build(job *j, const bf_page_result **by_person)
{
    desk *d = j->owner->desk;
    desk_package *p = j->package;
    g_autoptr(bf_report_tool) tool = NULL;
    g_autoptr(GError) error = NULL;
    g_mutex_lock(&d->output_lock);
    bool ok = bf_report_read_tool(d->settings->output_dir, j->before->id, &tool, &error);
    if (ok) {
        const bf_rebuild rebuild = {.before = j->before,
                                    .tool = &tool->info,
                                    .query = p->query,
                                    .person_name = p->row->name,
                                    .input_path = p->input_path,
                                    .by_person = by_person,
                                    .left_out = (const guint *)(const void *)j->left_out->data,
                                    .n_left_out = j->left_out->len,
                                    .client = j->owner->client,
                                    .recalled = j->recalled};
        ok = bf_rebuild_package(d->output, &rebuild, &j->built, &error);
    }
    g_mutex_unlock(&d->output_lock);
    if (!ok) {
        d->settings->say(d->settings->user, error->message);
        j->failure = g_error_matches(error, BF_BATCH_ERROR, BF_BATCH_ERROR_INPUT)     ? "input"
                     : g_error_matches(error, BF_BATCH_ERROR, BF_BATCH_ERROR_CHANGED) ? "changed"
                                                                                      : "write";
    }
    return ok;
}

static void build_package(job *j)
{
    guint n = j->pages->len;
    g_autofree const bf_page_result **by_person = g_new0(const bf_page_result *, n + 1);
    for (guint i = 0; i < n; i++) {
        job *page = j->pages->pdata[i];
        if (page && !page->result)
            check_page(page);
        if (page && page->result->decision == BF_DECISION_REVIEW) {
            j->failure = "objection";
            return;
        }
        by_person[i] = page ? page->result : NULL;
    }
    if (!get_client(j->owner, j->package->query))
        j->failure = "objection";
    else if (build(j, by_person) && j->built->verdict != BF_VERDICT_RELEASED)
        j->failure = "held";
}

/* The name can be seen in a released package: nothing is read for that, so readers that are not there, or not yet, do not keep it out
 * there. Its report then has no pictures. */
static void recall_package(job *j)
{
    checker *c = j->owner;
    g_autofree const bf_page_result **by_person = g_new0(const bf_page_result *, j->before->pages->len + 1);
    if (!c->client && desk_host_is_well(c->desk) && !desk_new_client(c->desk, &c->client))
        c->client = NULL;
    build(j, by_person);
}

/* ---- back on the main thread ---- */

/* Pages are kept for the package as long as there is room; the others are made again when it is built. */
static void keep_output(checker *c, bf_page_result *checked)
{
    if (!checked || !checked->output)
        return;
    c->kept_bytes += g_bytes_get_size(checked->output);
    if (c->kept_bytes <= KEPT_BYTES_MAX)
        return;
    c->kept_bytes -= g_bytes_get_size(checked->output);
    g_clear_pointer(&checked->output, g_bytes_unref);
}

static void take_page(job *j)
{
    desk_item *item = &j->package->pages[j->place];
    if (item->revision != j->revision) /* somebody has decided anew meanwhile */
        return;
    item->checking = false;
    result_free(item->checked);
    item->checked = g_steal_pointer(&j->result);
    keep_output(j->owner, item->checked);
}

static void take_package(job *j)
{
    desk_package *p = j->package;
    p->finishing = false;
    p->failure = j->failure;
    if (j->recalled && j->failure)
        desk_say_not_recalled(j->owner->desk, p);
    for (guint i = 0; j->failure && i < j->pages->len; i++)
        if (j->pages->pdata[i] && ((job *)j->pages->pdata[i])->result)
            take_page(j->pages->pdata[i]);
    if (j->built)
        desk_replace_result(j->owner->desk, p, g_steal_pointer(&j->built));
}

static gboolean on_done(gpointer data)
{
    job *j = data;
    j->owner->n_jobs--;
    if (j->whole)
        take_package(j);
    else
        take_page(j);
    job_free(j);
    return G_SOURCE_REMOVE;
}

/* Made of all reports, which takes seconds in a large batch: without the lock, and once for all packages that are waiting to be built. */
static void tell_batch(checker *c)
{
    const char *dir = c->desk->settings->output_dir;
    g_autoptr(GError) error = NULL;
    if (!c->stale)
        return;
    c->stale = false;
    if (!bf_report_write_summary(dir, &error) || !bf_report_write_index(dir, &error))
        c->desk->settings->say(c->desk->settings->user, error->message);
}

static void work(gpointer data, gpointer user)
{
    (void)user;
    job *j = data;
    if (j->recalled)
        recall_package(j);
    else if (j->whole)
        build_package(j);
    else
        check_page(j);
    j->owner->stale |= j->built != NULL;
    checker *c = j->owner;
    g_idle_add_full(G_PRIORITY_DEFAULT, on_done, j, NULL);
    if (g_thread_pool_unprocessed(c->pool) == 0)
        tell_batch(c);
}

checker *checker_new(desk *d)
{
    checker *c = g_new0(checker, 1);
    c->desk = d;
    atomic_init(&c->cancel, false);
    c->pool = g_thread_pool_new(work, NULL, 1, TRUE, NULL);
    return c;
}

void checker_free(checker *c)
{
    if (!c)
        return;
    atomic_store(&c->cancel, true);
    g_thread_pool_free(c->pool, FALSE, TRUE);
    while (c->n_jobs > 0)
        g_main_context_iteration(NULL, TRUE);
    tell_batch(c);
    bf_page_client_free(c->client);
    g_free(c);
}

void checker_add_page(checker *c, desk_package *p, guint place)
{
    p->pages[place].checking = true;
    c->n_jobs++;
    g_thread_pool_push(c->pool, new_page_job(c, p, place), NULL);
}

static job *new_package_job(checker *c, desk_package *p)
{
    job *j = g_new0(job, 1);
    *j = (job){.owner = c, .package = p, .before = p->result, .whole = true};
    j->pages = g_ptr_array_new_with_free_func(job_free);
    j->left_out = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 0; i < p->result->dropped->len; i++)
        if (p->files[i].decision && strcmp(p->files[i].decision->decision, "left-out") == 0)
            g_array_append_val(j->left_out, ((bf_dropped_entry *)p->result->dropped->pdata[i])->entry_index);
    return j;
}

static void push_package(job *j)
{
    j->package->finishing = true;
    j->package->failure = NULL;
    j->owner->n_jobs++;
    g_thread_pool_push(j->owner->pool, j, NULL);
}

void checker_add_package(checker *c, desk_package *p)
{
    job *j = new_package_job(c, p);
    for (guint i = 0; i < p->result->pages->len; i++)
        g_ptr_array_add(j->pages, desk_needs_building(p, i) ? new_part(c, p, i) : NULL);
    push_package(j);
}

void checker_add_recall(checker *c, desk_package *p)
{
    job *j = new_package_job(c, p);
    j->recalled = g_new0(bool, p->result->pages->len + 1);
    for (guint i = 0; i < p->result->pages->len; i++)
        j->recalled[i] = desk_spot_is_missed(&p->pages[i]);
    push_package(j);
}

void checker_forget(checker *c, const bf_page_result *checked)
{
    if (checked && checked->output)
        c->kept_bytes -= MIN(c->kept_bytes, g_bytes_get_size(checked->output));
}

bool checker_is_busy(const checker *c)
{
    return c->n_jobs > 0;
}
