/* Near-duplicates among drawn pages: one picture coded anew, at another size, lighter or darker is found; another page of the same form is
 * not.
 */
#include "batch/duplicates.h"
#include "blindfold/jpeg.h"
#include "page/check_page.h"
#include "pagemaker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const pm_kind forms[] = {PM_KIND_ID_FRONT, PM_KIND_DIPLOMA, PM_KIND_APPRAISAL, PM_KIND_COMMITMENT, PM_KIND_LIST, PM_KIND_TITLE};

static bf_picture *drawn(pm_kind kind, pm_capture capture, guint64 person_seed, guint64 seed)
{
    g_autoptr(pm_person) person = pm_person_random(person_seed);
    const pm_page_spec spec = {.kind = kind, .capture = capture, .seed = seed, .person = person};
    g_autoptr(pm_page) page = NULL;
    bf_picture *picture = NULL;
    assert_true(pm_page_draw(&spec, &page, NULL) && bf_jpeg_decode(page->jpeg, 0, 0, &picture, NULL, NULL));
    return picture;
}

static void lift(bf_picture *p, int add, int percent)
{
    for (gsize i = 0; i < (gsize)p->width_px * (gsize)p->height_px * (gsize)p->channels; i++)
        p->data[i] = (uint8_t)CLAMP(p->data[i] * percent / 100 + add, 0, 255);
}

/* The picture at a share of its size, its tones changed, coded with a quality and decoded again. */
static bf_picture *changed(const bf_picture *from, int size_percent, int add, int tone_percent, int quality)
{
    g_autoptr(bf_picture) other = NULL;
    g_autoptr(GBytes) jpeg = NULL;
    bf_picture *out = NULL;
    assert_true(bf_picture_scale(from, from->width_px * size_percent / 100, from->height_px * size_percent / 100, &other, NULL));
    lift(other, add, tone_percent);
    assert_true(bf_jpeg_encode_view(other, quality, &jpeg, NULL) && bf_jpeg_decode(jpeg, 0, 0, &out, NULL, NULL));
    return out;
}

/* What the second of two pages is told to be; NULL: nothing. */
static const char *told(const bf_picture *a, const bf_picture *b)
{
    g_autoptr(bf_checked_package) package = bf_checked_package_new();
    const bf_picture *const both[] = {a, b};
    for (int i = 0; i < 2; i++) {
        bf_checked_page *page = bf_checked_page_new();
        page->sha256[0] = (char)('a' + i);
        page->print = bf_check_print(both[i]);
        assert_non_null(page->print);
        g_ptr_array_add(package->pages, page);
    }
    duplicates_find(package);
    const GArray *findings = ((const bf_checked_page *)package->pages->pdata[1])->findings;
    return findings->len > 0 ? g_array_index(findings, bf_finding, 0).rule : NULL;
}

static void test_duplicates_find__the_same_picture_made_anew(void **state)
{
    (void)state;
    static const struct {
        int size, add, tone, quality;
    } ways[] = {{60, 0, 100, 85},   {140, 0, 100, 85}, {33, 0, 100, 75},  {100, 0, 100, 25},
                {100, 25, 100, 85}, {100, 0, 80, 85},  {100, 60, 70, 85}, {50, 20, 85, 40}};
    for (gsize k = 0; k < G_N_ELEMENTS(forms); k++) {
        g_autoptr(bf_picture) page = drawn(forms[k], PM_CAPTURE_SCAN, 4400001 + k, 4400001 + k);
        for (gsize i = 0; i < G_N_ELEMENTS(ways); i++) {
            g_autoptr(bf_picture) again = changed(page, ways[i].size, ways[i].add, ways[i].tone, ways[i].quality);
            if (g_strcmp0(told(page, again), "near-duplicate") != 0)
                fail_msg("%s, way %d: not told", pm_kind_word(forms[k]), (int)i);
        }
    }
}

/* Two people's, and two of one person. */
static void test_duplicates_find__another_page_of_the_form(void **state)
{
    (void)state;
    for (gsize k = 0; k < G_N_ELEMENTS(forms); k++) {
        g_autoptr(bf_picture) page = drawn(forms[k], PM_CAPTURE_CLEAN, 4400001, 4400001);
        bf_picture *others[] = {drawn(forms[k], PM_CAPTURE_CLEAN, 4400002, 4400002), drawn(forms[k], PM_CAPTURE_CLEAN, 4400001, 4400003)};
        for (gsize i = 0; i < G_N_ELEMENTS(others); i++) {
            const char *rule = told(page, others[i]);
            bf_picture_free(others[i]);
            if (rule)
                fail_msg("%s, other %d: %s", pm_kind_word(forms[k]), (int)i, rule);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_duplicates_find__the_same_picture_made_anew),
        cmocka_unit_test(test_duplicates_find__another_page_of_the_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
