/* Any bytes as a checklist: either an error that says so, or a list that can be held against a package, and what it misses has a title and
 * counts that fit. */
#include "blindfold/check.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, size_t size);

static void must(bool ok)
{
    if (!ok)
        abort();
}

int LLVMFuzzerTestOneInput(const guint8 *data, size_t size)
{
    static const char *const levels[] = {NULL, "junior", "初级"};
    g_autoptr(bf_checklist) list = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *text = g_memdup2(size > 0 ? (const char *)data : "", MAX(size, 1));
    if (!bf_checklist_parse(text, size, &list, &error)) {
        must(list == NULL && error != NULL);
        return 0;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(levels); i++) {
        g_autoptr(bf_checked_package) package = bf_checked_package_new();
        bf_checked_page *page = bf_checked_page_new();
        page->folded_name = g_strdup("a/身份证idcard1.jpg");
        page->legibility = "legible";
        g_ptr_array_add(package->pages, page);
        bf_checklist_apply(list, levels[i], package);
        for (guint k = 0; k < package->missing->len; k++) {
            const bf_missing *m = package->missing->pdata[k];
            must(m->title != NULL && m->found >= 0 && m->found <= 1 && m->found < m->wanted);
        }
    }
    return 0;
}
