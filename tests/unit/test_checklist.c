/* Checklists: what is missing, by level; files that are none. And pages that are there twice. */
#include "batch/duplicates.h"
#include "blindfold/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static bf_checked_package *package_of(const char *const *paths)
{
    bf_checked_package *package = bf_checked_package_new();
    for (; *paths; paths++) {
        bf_checked_page *page = bf_checked_page_new();
        page->folded_name = g_strdup(*paths);
        page->legibility = "legible";
        g_ptr_array_add(package->pages, page);
    }
    return package;
}

static bf_checklist *parse(const char *text)
{
    bf_checklist *list = NULL;
    g_autoptr(GError) error = NULL;
    bool ok = bf_checklist_parse(text, strlen(text), &list, &error);
    assert_true(ok);
    return list;
}

static const char three[] = "[id]\ntitle=ID card\npattern=*身份证*;*IDCARD*\nnot=*反面*\n"
                            "[forms]\npattern=*考核*\ncount=2\n"
                            "[course]\npattern=*course*\nlevel=Junior;初级\n";

static void test_bf_checklist_apply__cases(void **state)
{
    static const struct {
        const char *name, *paths[6], *level;
        guint missing;
        int found; /* of the first missing */
    } cases[] = {
        {"all there", {"a/身份证正面.jpg", "考核/1.jpg", "考核/2.jpg"}, NULL, 0, 0},
        {"nothing there", {"a.jpg"}, NULL, 2, 0},
        {"only what is taken away", {"身份证反面.jpg", "考核1.jpg", "考核2.jpg"}, NULL, 1, 0},
        {"case and width", {"x/ｉｄcard.JPG", "考核1.jpg", "考核2.jpg"}, NULL, 0, 0},
        {"too few", {"身份证.jpg", "考核1.jpg"}, NULL, 1, 1},
        {"a level's own item", {"身份证.jpg", "考核1.jpg", "考核2.jpg"}, "初级", 1, 0},
        {"the level in another case", {"身份证.jpg", "考核1.jpg", "考核2.jpg", "COURSE.jpg"}, "junior", 0, 0},
        {"another level", {"身份证.jpg", "考核1.jpg", "考核2.jpg"}, "中级", 0, 0},
    };
    (void)state;
    g_autoptr(bf_checklist) list = parse(three);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(bf_checked_package) package = package_of(cases[i].paths);
        bf_checklist_apply(list, cases[i].level, package);
        print_message("%s\n", cases[i].name);
        assert_int_equal(package->missing->len, cases[i].missing);
        if (cases[i].missing > 0)
            assert_int_equal(((bf_missing *)package->missing->pdata[0])->found, cases[i].found);
    }
}

/* What cannot be opened counts as not submitted. */
static void test_bf_checklist_apply__unreadable_pages_do_not_count(void **state)
{
    (void)state;
    static const char *const paths[] = {"身份证.jpg", "考核1.jpg", "考核2.jpg", NULL};
    g_autoptr(bf_checklist) list = parse(three);
    g_autoptr(bf_checked_package) package = package_of(paths);
    ((bf_checked_page *)package->pages->pdata[0])->legibility = NULL;
    bf_checklist_apply(list, NULL, package);
    assert_int_equal(package->missing->len, 1);
    assert_string_equal(((bf_missing *)package->missing->pdata[0])->title, "ID card");
}

static void test_bf_checklist_parse__refuses(void **state)
{
    static const char *const texts[] = {"",
                                        "title=x\n",
                                        "[a]\ntitle=x\n",
                                        "[a]\npattern=\n",
                                        "[a]\npattern=*\ncount=0\n",
                                        "[a]\npattern=*\ncount=many\n",
                                        "[a\npattern=*\n",
                                        "[a]\npattern=\xff*\n"};
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        bf_checklist *list = NULL;
        g_autoptr(GError) error = NULL;
        assert_false(bf_checklist_parse(texts[i], strlen(texts[i]), &list, &error));
        assert_true(g_error_matches(error, BF_CHECK_ERROR, BF_CHECK_ERROR_CHECKLIST));
        assert_null(list);
    }
}

static bf_checked_page *page_with(bf_checked_package *package, const char *sha, int phase)
{
    bf_checked_page *page = bf_checked_page_new();
    g_strlcpy(page->sha256, sha, sizeof page->sha256);
    page->print = g_new(float, BF_PRINT_N);
    for (int i = 0; i < BF_PRINT_N; i++) {
        page->print[i] = (i + phase) / 7 % 2 ? 1 : -1;
    }
    for (int i = 0; i < BF_PRINT_N; i++)
        page->print[i] /= (float)BF_PRINT_SIDE;
    g_ptr_array_add(package->pages, page);
    return page;
}

static void test_duplicates_find__tells_the_earlier_page(void **state)
{
    (void)state;
    g_autoptr(bf_checked_package) package = bf_checked_package_new();
    const bf_checked_page *first = page_with(package, "aa", 0), *other = page_with(package, "bb", 3);
    const bf_checked_page *same = page_with(package, "bb", 3), *again = page_with(package, "cc", 0);
    duplicates_find(package);
    assert_int_equal(first->findings->len, 0);
    assert_int_equal(other->findings->len, 0);
    assert_string_equal(g_array_index(same->findings, bf_finding, 0).rule, "duplicate");
    assert_int_equal(g_array_index(same->findings, bf_finding, 0).number, 2);
    assert_string_equal(g_array_index(again->findings, bf_finding, 0).rule, "near-duplicate");
    assert_int_equal(g_array_index(again->findings, bf_finding, 0).number, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bf_checklist_apply__cases),
        cmocka_unit_test(test_bf_checklist_apply__unreadable_pages_do_not_count),
        cmocka_unit_test(test_bf_checklist_parse__refuses),
        cmocka_unit_test(test_duplicates_find__tells_the_earlier_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
