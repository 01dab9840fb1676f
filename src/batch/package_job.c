#include "batch/package_job.h"

#include "batch/finished.h"
#include "batch/verdict.h"
#include "blindfold/name.h"
#include "blindfold/report.h"

#include <string.h>

const char *package_job_open_failure(const GError *error)
{
    switch (error->code) {
    case BF_PACKAGE_ERROR_FORMAT:
        return "not-a-zip";
    case BF_PACKAGE_ERROR_LIMIT:
        return "over-limits";
    default:
        return "input-unreadable";
    }
}

/* A package that failed has no output, since one from before would be of another input. But of an input that only cannot be read at the
 * moment it may be of this very one, with people's decisions in it: unless the roster has another name there now, which nothing of it was
 * searched for. */
static bool has_output(const run_context *run, const bf_package_result *result)
{
    g_autoptr(bf_state_package) before = NULL;
    return bf_state_get_package(run->output->state, result->id, &before, NULL) && before && before->recorded && before->output &&
           g_strcmp0(before->person, result->person) == 0;
}

static void list_dropped(package_job *job)
{
    for (guint i = 0; i < bf_package_n_entries(job->package); i++) {
        const bf_package_entry *e = bf_package_get_entry(job->package, i);
        if (!e->drop || strcmp(e->drop, "directory") == 0)
            continue;
        g_autofree char *shown = bf_name_redact_text(job->item->query, e->name);
        g_ptr_array_add(job->result->dropped, bf_dropped_entry_new(shown, e->index, e->drop));
        if (e->holds)
            g_ptr_array_add(job->holding_reasons, (gpointer)e->drop);
    }
}

static void list_pages(package_job *job)
{
    bf_package_plan_names(job->package, job->item->query, &job->plan);
    for (guint i = 0; i < job->plan.order->len; i++) {
        const bf_package_entry *e = bf_package_get_entry(job->package, g_array_index(job->plan.order, guint, i));
        bf_page_record *record = bf_page_record_new();
        record->entry = bf_name_redact_text(job->item->query, e->name);
        record->entry_index = e->index;
        g_ptr_array_add(job->result->pages, record);
    }
    job->n_pages = job->result->pages->len;
}

package_job *package_job_open(const run_context *run, const plan_item *item)
{
    g_autoptr(GError) error = NULL;
    package_job *job = g_new0(package_job, 1);
    job->run = run;
    job->item = item;
    job->holding_reasons = g_ptr_array_new();
    job->result = bf_package_result_new(item->row->id);
    job->result->person = bf_output_person(run->output, item->row);
    if (!bf_package_open(item->path, &run->settings->limits, &job->package, &error)) {
        verdict_add_reason(job->result, package_job_open_failure(error));
        job->earlier_stays = strcmp(package_job_open_failure(error), "input-unreadable") == 0 && has_output(run, job->result);
        return job;
    }
    g_strlcpy(job->result->input_sha256, bf_package_sha256(job->package), BF_SHA256_HEX);
    bf_package_result *before = run->settings->force ? NULL : finished_before(run->output, run->tool, job->result);
    if (before) {
        bf_package_result_free(job->result);
        job->result = before;
        job->found_finished = true;
        g_clear_pointer(&job->package, bf_package_free);
        return job;
    }
    list_dropped(job);
    list_pages(job);
    return job;
}

void package_job_free(package_job *job)
{
    if (!job)
        return;
    bf_package_plan_clear(&job->plan);
    bf_package_free(job->package);
    bf_package_result_free(job->result);
    g_ptr_array_unref(job->holding_reasons);
    g_free(job);
}

page_job *package_job_next_page(package_job *job)
{
    if (job->n_given == job->n_pages)
        return NULL;
    guint entry = g_array_index(job->plan.order, guint, job->n_given);
    page_job *page = g_new0(page_job, 1);
    page->package = job;
    page->record = job->result->pages->pdata[job->n_given++];
    page->hit_expected = bf_page_hit_expected(bf_package_get_entry(job->package, entry)->name);
    g_autoptr(GError) why = NULL;
    if (bf_package_read(job->package, entry, &page->jpeg, &why))
        page->weight = bf_page_weight(page->jpeg);
    else
        bf_page_result_add_reason(&page->record->page,
                                  g_error_matches(why, BF_PACKAGE_ERROR, BF_PACKAGE_ERROR_MEMORY) ? "out-of-memory" : "unreadable-entry");
    if (job->n_given == job->n_pages)
        g_clear_pointer(&job->package, bf_package_free);
    return page;
}

static bool has_reason(const bf_page_result *page, const char *word)
{
    for (guint i = 0; page->reasons && i < page->reasons->len; i++)
        if (strcmp(page->reasons->pdata[i], word) == 0)
            return true;
    return false;
}

void package_job_take_done(page_job *page)
{
    package_job *job = page->package;
    const bf_page_result *result = &page->record->page;
    job->n_done++;
    job->interrupted = job->interrupted || has_reason(result, "interrupted");
    g_clear_pointer(&page->jpeg, g_bytes_unref);
    g_free(page);
}

bool package_job_is_complete(const package_job *job)
{
    return job->n_done == job->n_pages;
}

static bool add_pages(package_job *job, bf_zip_writer *writer, GError **error)
{
    for (guint i = 0; i < job->result->pages->len; i++) {
        bf_page_record *record = job->result->pages->pdata[i];
        guint entry = g_array_index(job->plan.order, guint, i);
        if (!record->page.output)
            continue;
        if (!bf_zip_writer_add(writer, job->plan.names->pdata[entry], record->page.output, error))
            return false;
        record->output_entry = g_strdup(job->plan.names->pdata[entry]);
    }
    return true;
}

bool package_job_finish(package_job *job, GError **error)
{
    g_autoptr(bf_zip_writer) writer = NULL;
    if (job->found_finished || job->earlier_stays)
        return true;
    if (job->result->input_sha256[0] != '\0') { /* else it could not be opened: failed, without a zip */
        verdict_decide(job->result, job->holding_reasons);
        g_autofree char *path = bf_output_zip_path(job->run->output, job->result->id, job->result->verdict);
        if (!bf_zip_writer_new(path, &writer, error) || !add_pages(job, writer, error))
            return false;
    }
    const bf_publication publication = {
        .result = job->result, .tool = job->run->tool, .zip = writer, .person_name = job->item->row->name, .input_path = job->item->path};
    return bf_output_publish(job->run->output, &publication, error);
}
