#include "review/desk.h"

#include <string.h>

static bool is_word(const desk_item *item, const char *word)
{
    return item->decision && g_str_has_prefix(item->decision->decision, word);
}

bool desk_is_returned(const desk_item *item)
{
    return is_word(item, "return");
}

bool desk_is_decided(const desk_item *item)
{
    return is_word(item, "masked") || is_word(item, "clear") || desk_is_returned(item);
}

const char *desk_objection(const desk_item *item)
{
    const GPtrArray *reasons = item->checked ? item->checked->reasons : NULL;
    return reasons && reasons->len > 0 ? reasons->pdata[0] : NULL;
}

bool desk_is_overruled(const desk_item *item)
{
    return item->decision && g_str_has_suffix(item->decision->decision, "-override");
}

static const bf_page_result *page_of(const desk_package *p, guint place)
{
    return &((const bf_page_record *)p->result->pages->pdata[place])->page;
}

/* What the package's page is by the program alone, or was made of it when the package was last built. */
static bool stands(const bf_page_result *page)
{
    bool legible = page->by_person || page->legibility != BF_LEGIBILITY_ILLEGIBLE;
    return page->decision != BF_DECISION_REVIEW && page->verify_passed && legible;
}

bool desk_needs_building(const desk_package *p, guint place)
{
    const desk_item *item = &p->pages[place];
    const bf_page_result *page = page_of(p, place);
    if (!desk_is_decided(item) || desk_is_returned(item))
        return false;
    if (!stands(page) || !page->by_person)
        return true;
    g_autofree char *built = desk_masks_to_text(page->masks), *wanted = desk_masks_to_text(item->masks);
    return strcmp(built, wanted) != 0;
}

const char *desk_page_state(const desk_package *p, guint place)
{
    const desk_item *item = &p->pages[place];
    const bf_page_result *page = page_of(p, place);
    if (p->result->verdict == BF_VERDICT_RELEASED)
        return page->by_person ? "decided" : "proved";
    if (desk_is_returned(item))
        return "return";
    if (item->checking)
        return "checking";
    if (item->checked && item->checked->decision == BF_DECISION_REVIEW)
        return "objection";
    if (desk_is_decided(item))
        return "decided";
    return stands(page) && !page->by_person && !desk_spot_is_missed(item) ? "proved" : "waiting";
}

/* A dropped entry holds the package when its reason is one of the package's: reports do not say it of the entry itself. */
static bool holds(const desk_package *p, const bf_dropped_entry *entry)
{
    for (guint i = 0; p->result->reasons && i < p->result->reasons->len; i++)
        if (strcmp(p->result->reasons->pdata[i], entry->reason) == 0)
            return strcmp(entry->reason, "not-an-image") != 0;
    return false;
}

const char *desk_file_state(const desk_package *p, guint place)
{
    const desk_item *item = &p->files[place];
    if (p->result->verdict == BF_VERDICT_HELD && holds(p, p->result->dropped->pdata[place]))
        return desk_is_returned(item) ? "return" : is_word(item, "left-out") ? "decided" : "waiting";
    return is_word(item, "left-out") ? "decided" : "listed";
}

guint desk_waiting(const desk_package *p)
{
    guint n = 0;
    for (guint i = 0; i < p->result->pages->len; i++) {
        const char *state = desk_page_state(p, i);
        n += strcmp(state, "waiting") == 0 || strcmp(state, "objection") == 0;
    }
    for (guint i = 0; i < p->result->dropped->len; i++)
        n += strcmp(desk_file_state(p, i), "waiting") == 0;
    return n;
}

static bool any_returned(const desk_package *p)
{
    for (guint i = 0; i < p->result->pages->len; i++)
        if (desk_is_returned(&p->pages[i]))
            return true;
    for (guint i = 0; i < p->result->dropped->len; i++)
        if (desk_is_returned(&p->files[i]))
            return true;
    return false;
}

const char *desk_package_state(const desk_package *p)
{
    if (p->result->verdict != BF_VERDICT_HELD)
        return p->result->verdict == BF_VERDICT_RELEASED ? "released" : "failed";
    if (desk_waiting(p) > 0 || p->result->pages->len == 0)
        return "waiting";
    if (any_returned(p))
        return p->returned && strcmp(p->returned->decision, "returned") == 0 ? "returned" : "to-return";
    return "ready";
}

bool desk_is_checking(const desk_package *p)
{
    for (guint i = 0; i < p->result->pages->len; i++)
        if (p->pages[i].checking)
            return true;
    return false;
}

void desk_split_reason(const bf_state_decision *decision, char **word, const char **remark)
{
    const char *reason = decision->reason ? decision->reason : "", *colon = strchr(reason, ':');
    *word = g_strdup("");
    *remark = reason;
    if (strcmp(decision->decision, "return") != 0)
        return;
    g_free(*word);
    *word = colon ? g_strndup(reason, (gsize)(colon - reason)) : g_strdup(reason);
    *remark = colon ? colon + 1 + strspn(colon + 1, " ") : "";
}
