#include "blindfold/name.h"
#include "blindfold/words.h"
#include "review/desk.h"

#include <string.h>

enum { NOTE_MAX = 2000 };

static guint refuse(const char **error_word, guint status, const char *word)
{
    *error_word = word;
    return status;
}

char *desk_clean_note(desk_package *p, const char *note)
{
    g_autofree char *valid = g_utf8_make_valid(note ? note : "", -1);
    g_autofree char *cut = g_utf8_substring(valid, 0, MIN(g_utf8_strlen(valid, -1), NOTE_MAX));
    for (char *c = cut; *c; c++)
        if ((guchar)*c < ' ')
            *c = ' ';
    g_strstrip(cut);
    return p->query ? bf_name_redact_text(p->query, cut) : g_steal_pointer(&cut);
}

bf_state_decision *desk_new_decision(const desk_package *p, guint entry_index, const char *sha256_in, const char *reviewer,
                                     const char *word, const char *reason)
{
    bf_state_decision *decision = g_new0(bf_state_decision, 1);
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    decision->package_id = g_strdup(p->result->id);
    decision->entry_index = entry_index;
    decision->sha256_in = g_strdup(sha256_in);
    decision->reviewer = g_strdup(reviewer);
    decision->time = g_date_time_format(now, "%Y-%m-%dT%H:%M:%SZ");
    decision->decision = g_strdup(word);
    decision->reason = g_strdup(reason);
    return decision;
}

bool desk_put_decision(desk *d, desk_package *p, bf_state_decision *decision, bf_state_decision **slot)
{
    g_autoptr(GError) error = NULL;
    gint64 number;
    g_mutex_lock(&d->output_lock);
    bool ok = bf_output_decide(d->output, decision, p->row ? p->row->name : NULL, &number, &error);
    g_mutex_unlock(&d->output_lock);
    if (!ok)
        d->settings->say(d->settings->user, error->message);
    if (ok && slot) {
        bf_state_decision_free(*slot);
        *slot = decision;
    } else {
        bf_state_decision_free(decision);
    }
    return ok;
}

static void forget_check(desk *d, desk_item *item)
{
    if (item->checked) {
        checker_forget(d->checker, item->checked);
        bf_page_result_clear(item->checked);
        g_clear_pointer(&item->checked, g_free);
    }
    item->checking = false;
    item->revision++;
}

/* Something changed: that the package was sent back does not hold any more. */
static bool reopen(desk *d, desk_package *p, const char *reviewer)
{
    p->failure = NULL;
    if (!p->returned || strcmp(p->returned->decision, "returned") != 0)
        return true;
    return desk_put_decision(d, p, desk_new_decision(p, DESK_WHOLE_PACKAGE, p->result->input_sha256, reviewer, "undone", ""), &p->returned);
}

/* What speaks against a change of this item, whatever the change. */
static guint may_change(const desk_package *p, const desk_item *item, JsonObject *body, const char **error_word)
{
    if (p->result->verdict != BF_VERDICT_HELD || p->problem)
        return refuse(error_word, 409, p->problem ? "input" : "stale");
    if (p->finishing)
        return refuse(error_word, 409, "busy");
    gint64 revision = body_number(body, "revision");
    return revision == item->revision ? 200 : refuse(error_word, 409, "stale");
}

/* The reason as it is kept for a return: the notice's word, and the remark. NULL: not a reason. */
static char *return_reason(JsonObject *body, const char *note)
{
    const bf_word *word = bf_words_find_return(body_text(body, "reason"));
    if (!word || (strcmp(word->word, "other") == 0 && !*note))
        return NULL;
    return *note ? g_strdup_printf("%s: %s", word->word, note) : g_strdup(word->word);
}

/* The word for the record, or NULL and why not. */
static const char *answer_word(JsonObject *body, const GArray *masks, const char *note, const char **error_word)
{
    const char *answer = body_text(body, "answer");
    bool yes = strcmp(answer, "yes") == 0, no = strcmp(answer, "no") == 0;
    bool accept = body_flag(body, "accept");
    if (!yes && !no)
        *error_word = "bad_request";
    else if (yes && masks->len == 0)
        *error_word = "masks_needed";
    else if (no && masks->len > 0)
        *error_word = "masks_left";
    else if (accept && !*note)
        *error_word = "note_needed";
    else
        return yes ? accept ? "masked-override" : "masked" : accept ? "clear-override" : "clear";
    return NULL;
}

/* Nobody overrules what has not been said: that the name is still read beside these very masks. A page that could not be masked or proved
 * would be let go unseen. */
static bool may_overrule(const desk_package *p, guint place, const GArray *masks)
{
    const desk_item *item = &p->pages[place];
    guint n = item->masks ? item->masks->len : 0;
    if (strcmp(desk_page_state(p, place), "objection") != 0 || g_strcmp0(desk_objection(item), "name-still-visible") != 0 ||
        item->checked->reasons->len != 1 || masks->len != n)
        return false;
    for (guint i = 0; i < n; i++) {
        bf_rect now = g_array_index(masks, bf_mask, i).rect, then = g_array_index(item->masks, bf_mask, i).rect;
        if (now.x != then.x || now.y != then.y || now.w != then.w || now.h != then.h)
            return false;
    }
    return true;
}

static guint put_page(desk *d, desk_package *p, guint place, bf_state_decision *decision, GArray *masks, const char **error_word)
{
    desk_item *item = &p->pages[place];
    const bf_page_result *page = &((const bf_page_record *)p->result->pages->pdata[place])->page;
    decision->masks_before = desk_masks_to_text(desk_is_decided(item) && !desk_is_returned(item) ? item->masks : page->masks);
    decision->masks_after = masks ? desk_masks_to_text(masks) : g_strdup(decision->masks_before);
    if (!desk_put_decision(d, p, decision, &item->decision))
        return refuse(error_word, 500, "server");
    g_clear_pointer(&item->masks, g_array_unref);
    item->masks = masks ? g_array_ref(masks) : NULL;
    forget_check(d, item);
    if (masks)
        checker_add_page(d->checker, p, place);
    return 200;
}

static guint return_page(desk *d, desk_package *p, guint place, JsonObject *body, const char *reviewer, const char *note,
                         const char **error_word)
{
    const bf_page_record *record = p->result->pages->pdata[place];
    g_autofree char *reason = return_reason(body, note);
    if (!reason)
        return refuse(error_word, 400, "note_needed");
    if (!reopen(d, p, reviewer))
        return refuse(error_word, 500, "server");
    return put_page(d, p, place, desk_new_decision(p, record->entry_index, record->page.sha256_in, reviewer, "return", reason), NULL,
                    error_word);
}

guint desk_decide_page(desk *d, desk_package *p, guint place, JsonObject *body, const char *reviewer, const char **error_word)
{
    const bf_page_record *record = p->result->pages->pdata[place];
    guint status = may_change(p, &p->pages[place], body, error_word);
    g_autofree char *note = desk_clean_note(p, body_text(body, "note"));
    if (status != 200)
        return status;
    if (strcmp(body_text(body, "answer"), "return") == 0)
        return return_page(d, p, place, body, reviewer, note, error_word);
    int w, h;
    if (!desk_frame_size(&record->page, &w, &h))
        return refuse(error_word, 400, "no_picture");
    g_autoptr(GArray) masks = desk_parse_masks(&record->page, &p->pages[place], body_list(body, "masks"), error_word);
    const char *word = masks ? answer_word(body, masks, note, error_word) : NULL;
    if (!word)
        return 400;
    if (body_flag(body, "accept") && !may_overrule(p, place, masks))
        return refuse(error_word, 409, "stale");
    if (!reopen(d, p, reviewer))
        return refuse(error_word, 500, "server");
    return put_page(d, p, place, desk_new_decision(p, record->entry_index, record->page.sha256_in, reviewer, word, note), masks,
                    error_word);
}

guint desk_undo_page(desk *d, desk_package *p, guint place, JsonObject *body, const char *reviewer, const char **error_word)
{
    const bf_page_record *record = p->result->pages->pdata[place];
    guint status = may_change(p, &p->pages[place], body, error_word);
    if (status != 200)
        return status;
    if (!desk_is_decided(&p->pages[place]))
        return refuse(error_word, 409, "stale");
    if (!reopen(d, p, reviewer))
        return refuse(error_word, 500, "server");
    return put_page(d, p, place, desk_new_decision(p, record->entry_index, record->page.sha256_in, reviewer, "undone", ""), NULL,
                    error_word);
}

guint desk_decide_file(desk *d, desk_package *p, guint entry_index, JsonObject *body, const char *reviewer, const char **error_word)
{
    const char *answer = body_text(body, "answer");
    guint place = 0;
    while (place < p->result->dropped->len && ((bf_dropped_entry *)p->result->dropped->pdata[place])->entry_index != entry_index)
        place++;
    if (place == p->result->dropped->len)
        return refuse(error_word, 404, "unknown");
    desk_item *item = &p->files[place];
    guint status = may_change(p, item, body, error_word);
    if (status != 200)
        return status;
    g_autofree char *note = desk_clean_note(p, body_text(body, "note"));
    bool back = strcmp(answer, "return") == 0;
    g_autofree char *reason = back ? return_reason(body, note) : g_strdup(note);
    const char *word = back ? "return" : strcmp(answer, "leave-out") == 0 ? "left-out" : strcmp(answer, "undo") == 0 ? "undone" : NULL;
    if (!word || !reason)
        return refuse(error_word, 400, word ? "note_needed" : "bad_request");
    if (!reopen(d, p, reviewer) ||
        !desk_put_decision(d, p, desk_new_decision(p, entry_index, NULL, reviewer, word, reason), &item->decision))
        return refuse(error_word, 500, "server");
    item->revision++;
    return 200;
}

static guint send_back(desk *d, desk_package *p, const char *reviewer, const char **error_word)
{
    g_autoptr(GError) error = NULL;
    bf_state_decision *decision = desk_new_decision(p, DESK_WHOLE_PACKAGE, p->result->input_sha256, reviewer, "returned", "");
    if (!desk_put_decision(d, p, decision, &p->returned))
        return refuse(error_word, 500, "server");
    if (desk_write_returns(d, p, &error))
        return 200;
    d->settings->say(d->settings->user, error->message);
    return refuse(error_word, 500, "server");
}

guint desk_finish(desk *d, desk_package *p, const char *reviewer, const char **error_word)
{
    const char *state = desk_package_state(p);
    desk_open_package(d, p);
    if (p->problem)
        return refuse(error_word, 409, "input");
    if (p->finishing)
        return refuse(error_word, 409, "busy");
    if (strcmp(state, "to-return") == 0)
        return send_back(d, p, reviewer, error_word);
    if (strcmp(state, "ready") != 0)
        return refuse(error_word, 409, "not_decided");
    /* Who lets the package go is told before it goes. */
    if (!desk_put_decision(d, p, desk_new_decision(p, DESK_WHOLE_PACKAGE, p->result->input_sha256, reviewer, "release", ""), &p->returned))
        return refuse(error_word, 500, "server");
    checker_add_package(d->checker, p);
    return 200;
}
