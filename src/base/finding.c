#include "blindfold/finding.h"

static void clear_finding(void *p)
{
    g_clear_pointer(&((bf_finding *)p)->picture, g_bytes_unref);
}

GArray *bf_findings_new(void)
{
    GArray *findings = g_array_new(FALSE, FALSE, sizeof(bf_finding));
    g_array_set_clear_func(findings, clear_finding);
    return findings;
}

void bf_findings_add(GArray *findings, bf_finding f)
{
    g_array_append_val(findings, f);
}

bool bf_findings_worst(const GArray *findings, bf_finding_weight *worst)
{
    bf_finding_weight most = BF_FINDING_NOTE;
    for (guint i = 0; i < findings->len; i++)
        most = MAX(most, g_array_index(findings, bf_finding, i).weight);
    if (findings->len > 0)
        *worst = most;
    return findings->len > 0;
}

const char *bf_finding_weight_word(bf_finding_weight weight)
{
    static const char *const words[] = {"note", "warn", "mend"};
    return words[weight];
}

bf_checked_page *bf_checked_page_new(void)
{
    bf_checked_page *page = g_new0(bf_checked_page, 1);
    page->findings = bf_findings_new();
    return page;
}

void bf_checked_page_free(bf_checked_page *page)
{
    if (!page)
        return;
    g_free(page->entry);
    g_free(page->folded_name);
    g_free(page->print);
    g_array_unref(page->findings);
    g_clear_pointer(&page->legibility_reasons, g_ptr_array_unref);
    g_clear_pointer(&page->thumbnail, g_bytes_unref);
    g_free(page);
}

static void missing_free(void *p)
{
    g_free(((bf_missing *)p)->title);
    g_free(p);
}

bf_checked_package *bf_checked_package_new(void)
{
    bf_checked_package *package = g_new0(bf_checked_package, 1);
    package->pages = g_ptr_array_new_with_free_func((GDestroyNotify)bf_checked_page_free);
    package->missing = g_ptr_array_new_with_free_func(missing_free);
    package->findings = bf_findings_new();
    return package;
}

void bf_checked_package_free(bf_checked_package *package)
{
    if (!package)
        return;
    g_free(package->label);
    g_ptr_array_unref(package->pages);
    g_ptr_array_unref(package->missing);
    g_array_unref(package->findings);
    g_free(package);
}
