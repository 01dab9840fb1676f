#include "blindfold/rebuild.h"

#include "batch/verdict.h"
#include "blindfold/batch.h"
#include "blindfold/report.h"

#include <glib/gi18n.h>
#include <string.h>

/* A package on its way back. */
typedef struct {
    const bf_rebuild *r;
    bf_output *output;
    bf_package *input;    /* the original */
    bf_package *finished; /* the zip as it stands; NULL: there is none */
    bf_package_plan plan;
    GPtrArray *holding;
    bf_package_result *result;
} building;

static bool refuse(GError **error, const char *id, const char *sentence)
{
    g_set_error(error, BF_BATCH_ERROR, BF_BATCH_ERROR_INPUT, _("id %s: %s"), id, sentence);
    return false;
}

static bool refuse_finished(GError **error, const char *id, const char *sentence)
{
    g_set_error(error, BF_BATCH_ERROR, BF_BATCH_ERROR_CHANGED, _("id %s: %s"), id, sentence);
    return false;
}

static bool is_left_out(const bf_rebuild *r, guint entry_index)
{
    for (guint i = 0; i < r->n_left_out; i++)
        if (r->left_out[i] == entry_index)
            return true;
    return false;
}

static bool open_packages(building *b, GError **error)
{
    const bf_package_result *before = b->r->before;
    if (!bf_package_open(b->r->input_path, NULL, &b->input, NULL))
        return refuse(error, before->id, _("the original package cannot be read"));
    if (strcmp(bf_package_sha256(b->input), before->input_sha256) != 0)
        return refuse(error, before->id, _("the original package has changed"));
    g_autofree char *path = before->output ? g_build_filename(b->output->dir, before->output, NULL) : NULL;
    if (path && (!bf_package_open(path, NULL, &b->finished, NULL) || strcmp(bf_package_sha256(b->finished), before->output_sha256) != 0))
        return refuse_finished(error, before->id, _("the finished package is not what its report says"));
    bf_package_plan_names(b->input, b->r->query, &b->plan);
    for (guint i = 0; i < bf_package_n_entries(b->input); i++) {
        const bf_package_entry *e = bf_package_get_entry(b->input, i);
        if (e->drop && e->holds && !is_left_out(b->r, e->index))
            g_ptr_array_add(b->holding, (gpointer)e->drop);
    }
    return true;
}

/* The bytes of a page that stays. */
static bool read_finished(const building *b, const bf_page_record *record, GBytes **out, GError **error)
{
    *out = b->finished ? bf_output_read_page(b->finished, record) : NULL;
    return *out || refuse_finished(error, b->r->before->id, _("a finished page is not what the report says"));
}

static GPtrArray *copy_words(const GPtrArray *words)
{
    return words ? g_ptr_array_copy((GPtrArray *)words, NULL, NULL) : NULL;
}

static void copy_page(bf_page_result *to, const bf_page_result *from)
{
    *to = *from;
    to->reasons = copy_words(from->reasons);
    to->legibility_reasons = copy_words(from->legibility_reasons);
    to->masks = from->masks ? g_array_copy(from->masks) : NULL;
    to->doubts = from->doubts ? g_array_copy(from->doubts) : NULL;
    to->output = from->output ? g_bytes_ref(from->output) : NULL;
}

/* What a person decided takes the place of what the program found; legibility is told as it was measured. */
static void take_decided(bf_page_result *to, const bf_page_result *before, const bf_page_result *decided)
{
    copy_page(to, decided);
    to->legibility = before->legibility;
    to->legibility_score = before->legibility_score;
    if (to->legibility_reasons)
        g_ptr_array_unref(to->legibility_reasons);
    to->legibility_reasons = copy_words(before->legibility_reasons);
}

static bool make_page(building *b, guint place, GError **error)
{
    const bf_page_record *before = b->r->before->pages->pdata[place];
    const bf_page_result *decided = b->r->by_person[place];
    guint entry = g_array_index(b->plan.order, guint, place);
    bf_page_record *record = bf_page_record_new();
    g_ptr_array_add(b->result->pages, record);
    record->entry = g_strdup(before->entry);
    record->entry_index = before->entry_index;
    if (bf_package_get_entry(b->input, entry)->index != before->entry_index)
        return refuse(error, b->r->before->id, _("the report's pages are not those of the original package"));
    if (decided)
        take_decided(&record->page, &before->page, decided);
    else
        copy_page(&record->page, &before->page);
    if (!decided && before->output_entry && !read_finished(b, before, &record->page.output, error))
        return false;
    if (b->r->recalled && b->r->recalled[place]) {
        record->page.decision = BF_DECISION_REVIEW;
        record->page.needs_masking = BF_ANSWER_UNKNOWN;
        bf_page_result_add_reason(&record->page, "recalled");
    }
    if (record->page.output) {
        record->output_entry = g_strdup(b->plan.names->pdata[entry]);
        record->thumbnail = bf_page_client_thumbnail(b->r->client, &record->page);
    }
    return true;
}

static bool make_result(building *b, GError **error)
{
    const bf_package_result *before = b->r->before;
    b->result = bf_package_result_new(before->id);
    b->result->person = g_strdup(before->person);
    g_strlcpy(b->result->input_sha256, before->input_sha256, BF_SHA256_HEX);
    if (b->plan.order->len != before->pages->len)
        return refuse(error, before->id, _("the report's pages are not those of the original package"));
    for (guint i = 0; i < before->pages->len; i++)
        if (!make_page(b, i, error))
            return false;
    for (guint i = 0; i < before->dropped->len; i++) {
        const bf_dropped_entry *d = before->dropped->pdata[i];
        g_ptr_array_add(b->result->dropped, bf_dropped_entry_new(d->entry, d->entry_index, d->reason));
    }
    verdict_decide(b->result, b->holding);
    return true;
}

static bool publish(building *b, GError **error)
{
    g_autofree char *path = bf_output_zip_path(b->output, b->result->id, b->result->verdict);
    g_autoptr(bf_zip_writer) writer = NULL;
    if (!bf_zip_writer_new(path, &writer, error))
        return false;
    for (guint i = 0; i < b->result->pages->len; i++) {
        const bf_page_record *record = b->result->pages->pdata[i];
        if (record->page.output && !bf_zip_writer_add(writer, record->output_entry, record->page.output, error))
            return false;
    }
    const bf_publication p = {
        .result = b->result, .tool = b->r->tool, .zip = writer, .person_name = b->r->person_name, .input_path = b->r->input_path};
    return bf_output_publish(b->output, &p, error);
}

static bool run(building *b, GError **error)
{
    return open_packages(b, error) && make_result(b, error) && publish(b, error);
}

bool bf_rebuild_package(bf_output *output, const bf_rebuild *rebuild, bf_package_result **out, GError **error)
{
    building b = {.r = rebuild, .output = output, .holding = g_ptr_array_new()};
    bool ok = run(&b, error);
    bf_package_plan_clear(&b.plan);
    bf_package_free(b.input);
    bf_package_free(b.finished);
    g_ptr_array_unref(b.holding);
    for (guint i = 0; ok && i < b.result->pages->len; i++) { /* the pictures are in the package now */
        bf_page_record *record = b.result->pages->pdata[i];
        g_clear_pointer(&record->page.output, g_bytes_unref);
        g_clear_pointer(&record->thumbnail, g_bytes_unref);
    }
    if (ok)
        *out = g_steal_pointer(&b.result);
    bf_package_result_free(b.result);
    return ok;
}
