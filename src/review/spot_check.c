/* The second pair of eyes. Whether a page is in the sample follows from a keyed seed of this output and the page alone: nobody can choose,
 * and the sample stays the same however often the review is opened. */
#include "review/desk.h"

#include <glib/gi18n.h>
#include <string.h>

static bool is_sampled(const desk *d, const desk_package *p, const bf_page_record *record)
{
    g_autofree char *text = g_strdup_printf("%s/%s/%u", d->spot_seed, p->result->id, record->entry_index);
    g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
    sum[13] = '\0'; /* 52 bits */
    double place = (double)g_ascii_strtoull(sum, NULL, 16) / (double)(G_GUINT64_CONSTANT(1) << 52);
    return place < d->settings->spot_percent / 100;
}

static const char *answer_of(const desk_item *item)
{
    const char *word = item->decision ? item->decision->decision : "";
    return strcmp(word, "spot-fine") == 0 ? "fine" : strcmp(word, "spot-missed") == 0 ? "missed" : "open";
}

bool desk_spot_is_missed(const desk_item *item)
{
    return strcmp(answer_of(item), "missed") == 0;
}

/* A miss is decided first and taken back after, which a full disk or a kill can prevent. A package that was let go anew by a run, with a
 * page that a person saw the name on, has to be looked at again as well. */
static bool is_recall_undone(const desk_package *p)
{
    for (guint i = 0; p->result->verdict == BF_VERDICT_RELEASED && i < p->result->pages->len; i++)
        if (desk_spot_is_missed(&p->pages[i]))
            return true;
    return false;
}

void desk_say_not_recalled(const desk *d, const desk_package *p)
{
    g_autofree char *sentence =
        g_strdup_printf(_("id %s: the name was seen on a page, but the package could not be taken back: it is still released"), p->id);
    d->settings->say(d->settings->user, sentence);
}

static bool any_missed(const desk_package *p)
{
    for (guint i = 0; p->decisions && i < p->decisions->len; i++)
        if (strcmp(((const bf_state_decision *)p->decisions->pdata[i])->decision, "spot-missed") == 0)
            return true;
    return false;
}

void desk_spot_resume(desk *d)
{
    for (guint i = 0; i < d->packages->len; i++) {
        desk_package *p = d->packages->pdata[i];
        if (!any_missed(p))
            continue;
        desk_read(d, p);
        if (!is_recall_undone(p))
            continue;
        desk_open_package(d, p);
        if (!p->problem) {
            checker_add_recall(d->checker, p);
        } else {
            p->failure = "input";
            desk_say_not_recalled(d, p);
        }
    }
}

/* Pages that the program let go by itself; and those that were, until somebody saw the name on them. */
static bool belongs(const desk *d, const desk_package *p, guint place)
{
    const bf_page_record *record = p->result->pages->pdata[place];
    const char *answer = answer_of(&p->pages[place]);
    if (!is_sampled(d, p, record))
        return false;
    return strcmp(answer, "missed") == 0 || (p->result->verdict == BF_VERDICT_RELEASED && !record->page.by_person);
}

static void add_text(JsonBuilder *b, const char *key, const char *text)
{
    json_builder_set_member_name(b, key);
    json_builder_add_string_value(b, text ? text : "");
}

static void add_number(JsonBuilder *b, const char *key, double value)
{
    json_builder_set_member_name(b, key);
    json_builder_add_double_value(b, value);
}

static void add_item(JsonBuilder *b, const desk_package *p, guint place)
{
    const desk_item *item = &p->pages[place];
    int w, h;
    desk_frame_size(&((const bf_page_record *)p->result->pages->pdata[place])->page, &w, &h);
    json_builder_begin_object(b);
    add_text(b, "id", p->result->id);
    add_number(b, "page", place);
    add_number(b, "w", w);
    add_number(b, "h", h);
    add_text(b, "state", answer_of(item));
    if (desk_spot_is_missed(item))
        add_text(b, "recall", p->finishing ? "doing" : is_recall_undone(p) ? "failed" : "done");
    if (p->failure)
        add_text(b, "failure", p->failure);
    if (strcmp(answer_of(item), "open") != 0) {
        json_builder_set_member_name(b, "by");
        json_builder_begin_object(b);
        add_text(b, "who", item->decision->reviewer);
        add_text(b, "time", item->decision->time);
        json_builder_end_object(b);
    }
    json_builder_end_object(b);
}

JsonNode *desk_spot_to_json(desk *d, bool with_list)
{
    guint items = 0, looked = 0, missed = 0;
    double low, high;
    if (!(d->settings->spot_percent > 0))
        return NULL;
    g_autoptr(JsonBuilder) b = json_builder_new();
    json_builder_begin_object(b);
    json_builder_set_member_name(b, "list");
    json_builder_begin_array(b);
    for (guint i = 0; i < d->packages->len; i++) {
        const desk_package *p = d->packages->pdata[i];
        for (guint k = 0; p->result && k < p->result->pages->len; k++) {
            if (!belongs(d, p, k))
                continue;
            const char *answer = answer_of(&p->pages[k]);
            items++;
            looked += strcmp(answer, "open") != 0;
            missed += strcmp(answer, "missed") == 0;
            if (with_list)
                add_item(b, p, k);
        }
    }
    json_builder_end_array(b);
    spot_interval(missed, looked, &low, &high);
    add_number(b, "percent", d->settings->spot_percent);
    g_autofree char *seed = g_strndup(d->spot_seed, 12);
    add_text(b, "seed", seed);
    add_number(b, "items", items);
    add_number(b, "looked", looked);
    add_number(b, "missed", missed);
    add_number(b, "rate", looked ? (double)missed / looked : 0);
    add_number(b, "low", looked ? low : 0);
    add_number(b, "high", looked ? high : 1);
    json_builder_end_object(b);
    return json_builder_get_root(b);
}

static guint refuse(const char **error_word, guint status, const char *word)
{
    *error_word = word;
    return status;
}

guint desk_spot_answer(desk *d, JsonObject *body, const char *reviewer, const char **error_word)
{
    desk_package *p = desk_find(d, body_text(body, "id"));
    gint64 place = body_number(body, "page");
    bool missed = strcmp(body_text(body, "answer"), "missed") == 0;
    if (!p || place < 0 || place >= p->result->pages->len || !belongs(d, p, (guint)place))
        return refuse(error_word, 404, "unknown");
    desk_item *item = &p->pages[place];
    const bf_page_record *record = p->result->pages->pdata[place];
    desk_open_package(d, p);
    g_autofree char *note = desk_clean_note(p, body_text(body, "note"));
    bool again = missed && desk_spot_is_missed(item) && is_recall_undone(p); /* decided, but not done */
    if (p->finishing || (!again && strcmp(answer_of(item), "open") != 0))
        return refuse(error_word, 409, p->finishing ? "busy" : "stale");
    if (missed && (p->problem || (!again && !*note)))
        return refuse(error_word, 409, p->problem ? "input" : "note_needed");
    if (again) {
        checker_add_recall(d->checker, p);
        return 200;
    }
    g_autofree char *seed = g_strndup(d->spot_seed, 12);
    g_autofree char *reason = g_strdup_printf("%sspot check of %g%%, seed %s", note, d->settings->spot_percent, seed);
    g_autofree char *told = *note ? g_strdup_printf("%s (%s)", note, reason + strlen(note)) : g_strdup(reason);
    bf_state_decision *decision =
        desk_new_decision(p, record->entry_index, record->page.sha256_in, reviewer, missed ? "spot-missed" : "spot-fine", told);
    decision->masks_before = desk_masks_to_text(record->page.masks);
    decision->masks_after = g_strdup(decision->masks_before);
    if (!desk_put_decision(d, p, decision, &item->decision))
        return refuse(error_word, 500, "server");
    item->revision++;
    if (missed)
        checker_add_recall(d->checker, p);
    return 200;
}
