#include "batch/duplicates.h"

#include <string.h>

/* Correlation of two pages' prints from which on they are one picture. Two filled-in copies of one form stay below 0.985, a page coded
 * again, at another size, or lighter, above 0.995. */
static const float SAME = 0.99F;

static float correlation(const float *a, const float *b)
{
    float sum = 0;
    for (int i = 0; i < BF_PRINT_N; i++)
        sum += a[i] * b[i];
    return sum;
}

static const char *kinship(const bf_checked_page *a, const bf_checked_page *b)
{
    if (*a->sha256 && strcmp(a->sha256, b->sha256) == 0)
        return "duplicate";
    return a->print && b->print && correlation(a->print, b->print) >= SAME ? "near-duplicate" : NULL;
}

void duplicates_find(bf_checked_package *package)
{
    for (guint i = 1; i < package->pages->len; i++) {
        bf_checked_page *page = package->pages->pdata[i];
        for (guint k = 0; k < i; k++) {
            const char *rule = kinship(page, package->pages->pdata[k]);
            if (!rule)
                continue;
            bf_findings_add(page->findings, (bf_finding){.rule = rule, .weight = BF_FINDING_WARN, .number = (int)k + 1});
            break;
        }
    }
}
