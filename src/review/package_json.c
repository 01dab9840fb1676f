#include "blindfold/words.h"
#include "review/desk.h"

#include <string.h>

static void add_text(JsonBuilder *b, const char *key, const char *text)
{
    json_builder_set_member_name(b, key);
    if (text)
        json_builder_add_string_value(b, text);
    else
        json_builder_add_null_value(b);
}

static void add_int(JsonBuilder *b, const char *key, gint64 value)
{
    json_builder_set_member_name(b, key);
    json_builder_add_int_value(b, value);
}

static void add_bool(JsonBuilder *b, const char *key, bool value)
{
    json_builder_set_member_name(b, key);
    json_builder_add_boolean_value(b, value);
}

static void add_words(JsonBuilder *b, const char *key, const GPtrArray *words)
{
    json_builder_set_member_name(b, key);
    json_builder_begin_array(b);
    for (guint i = 0; words && i < words->len; i++)
        json_builder_add_string_value(b, words->pdata[i]);
    json_builder_end_array(b);
}

static void add_rect(JsonBuilder *b, bf_rect r)
{
    add_int(b, "x", r.x);
    add_int(b, "y", r.y);
    add_int(b, "w", r.w);
    add_int(b, "h", r.h);
}

static void add_masks(JsonBuilder *b, const bf_page_result *page, const GArray *masks)
{
    json_builder_set_member_name(b, "masks");
    json_builder_begin_array(b);
    for (guint i = 0; masks && i < masks->len; i++) {
        const bf_mask *m = &g_array_index(masks, bf_mask, i);
        json_builder_begin_object(b);
        add_rect(b, desk_to_upright(page, m->rect));
        add_text(b, "kind", bf_mask_kind_word(m->kind));
        json_builder_end_object(b);
    }
    json_builder_end_array(b);
}

static void add_doubts(JsonBuilder *b, const bf_page_result *page, const GArray *doubts)
{
    json_builder_set_member_name(b, "doubts");
    json_builder_begin_array(b);
    for (guint i = 0; doubts && i < doubts->len; i++) {
        const bf_doubt *doubt = &g_array_index(doubts, bf_doubt, i);
        json_builder_begin_object(b);
        add_rect(b, desk_to_upright(page, doubt->rect));
        add_text(b, "reason", doubt->reason);
        json_builder_end_object(b);
    }
    json_builder_end_array(b);
}

static void add_by(JsonBuilder *b, const desk_item *item, bool decided)
{
    json_builder_set_member_name(b, "by");
    if (!item->decision || !decided) {
        json_builder_add_null_value(b);
        return;
    }
    g_autofree char *word = NULL;
    const char *remark;
    desk_split_reason(item->decision, &word, &remark);
    json_builder_begin_object(b);
    add_text(b, "who", item->decision->reviewer);
    add_text(b, "time", item->decision->time);
    add_text(b, "decision", item->decision->decision);
    add_text(b, "reason", word);
    add_text(b, "note", remark);
    json_builder_end_object(b);
}

static void add_page(JsonBuilder *b, const desk_package *p, guint place)
{
    const bf_page_record *record = p->result->pages->pdata[place];
    const bf_page_result *page = &record->page;
    const desk_item *item = &p->pages[place];
    bool decided = desk_is_decided(item);
    int w, h;
    json_builder_begin_object(b);
    add_int(b, "n", place);
    add_text(b, "entry", record->entry);
    add_bool(b, "picture", desk_frame_size(page, &w, &h));
    add_int(b, "w", w);
    add_int(b, "h", h);
    add_text(b, "state", desk_page_state(p, place));
    add_text(b, "objection", desk_objection(item));
    add_words(b, "reasons", page->reasons);
    add_text(b, "legibility", bf_legibility_word(page->legibility));
    add_masks(b, page, decided && !desk_is_returned(item) ? item->masks : page->masks);
    add_doubts(b, page, item->checked ? item->checked->doubts : page->doubts);
    add_by(b, item, decided);
    add_int(b, "revision", item->revision);
    json_builder_end_object(b);
}

static void add_file(JsonBuilder *b, const desk_package *p, guint place)
{
    const bf_dropped_entry *entry = p->result->dropped->pdata[place];
    json_builder_begin_object(b);
    add_int(b, "index", entry->entry_index);
    add_text(b, "entry", entry->entry);
    add_text(b, "reason", entry->reason);
    add_text(b, "state", desk_file_state(p, place));
    add_by(b, &p->files[place], p->files[place].decision && strcmp(p->files[place].decision->decision, "undone") != 0);
    add_int(b, "revision", p->files[place].revision);
    json_builder_end_object(b);
}

JsonNode *desk_package_to_json(desk *d, desk_package *p)
{
    g_autoptr(JsonBuilder) b = json_builder_new();
    desk_open_package(d, p);
    json_builder_begin_object(b);
    add_text(b, "id", p->id);
    add_text(b, "state", desk_package_state(p));
    add_text(b, "problem", p->problem);
    add_text(b, "job", p->finishing ? "finishing" : desk_is_checking(p) ? "checking" : NULL);
    add_text(b, "failure", p->failure);
    add_words(b, "reasons", p->result->reasons);
    json_builder_set_member_name(b, "pages");
    json_builder_begin_array(b);
    for (guint i = 0; i < p->result->pages->len; i++)
        add_page(b, p, i);
    json_builder_end_array(b);
    json_builder_set_member_name(b, "files");
    json_builder_begin_array(b);
    for (guint i = 0; i < p->result->dropped->len; i++)
        add_file(b, p, i);
    json_builder_end_array(b);
    json_builder_end_object(b);
    return json_builder_get_root(b);
}

/* One whose report is not read yet is told by what the state says. */
static void add_listed(JsonBuilder *b, const desk_package *p)
{
    static const char *const unread[] = {"failed", "waiting", "released"};
    json_builder_begin_object(b);
    add_text(b, "id", p->id);
    add_text(b, "state", p->result ? desk_package_state(p) : unread[p->verdict]);
    add_bool(b, "read", p->result != NULL);
    add_int(b, "pages", p->result ? p->result->pages->len : 0);
    add_int(b, "waiting", p->result && p->verdict == BF_VERDICT_HELD ? desk_waiting(p) : 0);
    add_words(b, "reasons", p->result ? p->result->reasons : NULL);
    json_builder_end_object(b);
}

JsonNode *desk_list_to_json(desk *d, const char *reviewer)
{
    g_autoptr(JsonBuilder) b = json_builder_new();
    json_builder_begin_object(b);
    add_text(b, "version", BF_VERSION);
    add_text(b, "reviewer", reviewer);
    add_bool(b, "reading", d->n_read < d->packages->len); /* some packages are not "read" yet */
    json_builder_set_member_name(b, "packages");
    json_builder_begin_array(b);
    for (guint i = 0; i < d->packages->len; i++)
        add_listed(b, d->packages->pdata[i]);
    json_builder_end_array(b);
    json_builder_set_member_name(b, "spot");
    JsonNode *spot = desk_spot_to_json(d, false);
    json_builder_add_value(b, spot ? spot : json_node_new(JSON_NODE_NULL));
    json_builder_end_object(b);
    return json_builder_get_root(b);
}

static void add_both(JsonBuilder *b, const char *key, const char *const texts[BF_LANGUAGES])
{
    if (!texts[BF_LANGUAGE_ZH])
        return;
    json_builder_set_member_name(b, key);
    json_builder_begin_object(b);
    add_text(b, "zh", texts[BF_LANGUAGE_ZH]);
    add_text(b, "en", texts[BF_LANGUAGE_EN]);
    json_builder_end_object(b);
}

static void add_table(JsonBuilder *b, const char *key, const bf_word *words, guint n)
{
    json_builder_set_member_name(b, key);
    json_builder_begin_object(b);
    for (guint i = 0; i < n; i++) {
        json_builder_set_member_name(b, words[i].word);
        json_builder_begin_object(b);
        add_both(b, "label", words[i].label);
        add_both(b, "advice", words[i].advice);
        json_builder_end_object(b);
    }
    json_builder_end_object(b);
}

JsonNode *desk_words_to_json(void)
{
    guint n;
    g_autoptr(JsonBuilder) b = json_builder_new();
    json_builder_begin_object(b);
    const bf_word *words = bf_words_reasons(&n);
    add_table(b, "reasons", words, n);
    words = bf_words_returns(&n);
    add_table(b, "returns", words, n);
    json_builder_end_object(b);
    return json_builder_get_root(b);
}
