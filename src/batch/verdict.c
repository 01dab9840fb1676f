#include "batch/verdict.h"

#include <string.h>

void verdict_add_reason(bf_package_result *result, const char *word)
{
    if (!result->reasons)
        result->reasons = g_ptr_array_new();
    for (guint i = 0; i < result->reasons->len; i++)
        if (strcmp(result->reasons->pdata[i], word) == 0)
            return;
    g_ptr_array_add(result->reasons, (gpointer)word);
}

static void add_reasons(bf_package_result *result, const GPtrArray *words)
{
    for (guint i = 0; words && i < words->len; i++)
        verdict_add_reason(result, words->pdata[i]);
}

/* What keeps this page from going out; NULL: nothing. */
static const char *page_obstacle(const bf_page_result *page)
{
    if (page->decision != BF_DECISION_MASKED && page->decision != BF_DECISION_CLEAR)
        return "review";
    if (!page->verify_passed || !page->output)
        return "not-verified";
    if (!page->by_person && page->legibility != BF_LEGIBILITY_LEGIBLE && page->legibility != BF_LEGIBILITY_MARGINAL)
        return "illegible";
    return NULL;
}

void verdict_decide(bf_package_result *result, const GPtrArray *holding_reasons)
{
    bool release = result->pages->len > 0 && (!holding_reasons || holding_reasons->len == 0);
    for (guint i = 0; i < result->pages->len; i++) {
        const bf_page_result *page = &((const bf_page_record *)result->pages->pdata[i])->page;
        add_reasons(result, page->reasons);
    }
    for (guint i = 0; i < result->pages->len; i++) {
        const bf_page_result *page = &((const bf_page_record *)result->pages->pdata[i])->page;
        const char *obstacle = page_obstacle(page);
        release = release && !obstacle;
        /* a page in review gives its own reasons; the word stands in where it gave none */
        if (obstacle && (page->decision != BF_DECISION_REVIEW || !page->reasons || page->reasons->len == 0))
            verdict_add_reason(result, obstacle);
    }
    add_reasons(result, holding_reasons);
    if (result->pages->len == 0)
        verdict_add_reason(result, "no-pages");
    result->verdict = release ? BF_VERDICT_RELEASED : BF_VERDICT_HELD;
}
