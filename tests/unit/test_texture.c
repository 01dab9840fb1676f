/* Noise told from paper, print and pictures of things; a page of it is illegible. */
#include "blindfold/jpeg.h"
#include "page/legible.h"
#include "page/texture.h"
#include "pagemaker.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { SIDE = 512 };

static guint32 state = 1;
static int grain(int range)
{
    state = state * 1664525U + 1013904223U;
    return (int)((state >> 16) % (guint32)(2 * range + 1)) - range;
}

static int noise(int x, int y)
{
    (void)x;
    (void)y;
    return 128 + grain(120);
}

static int fine_lines(int x, int y)
{
    return (x + y) % 4 < 2 ? 40 : 220;
}

static int noise_in_a_fifth(int x, int y)
{
    return y < SIDE / 5 ? noise(x, y) : 255;
}

static int noise_in_a_half(int x, int y)
{
    return y < SIDE / 2 ? noise(x, y) : 255;
}

static int grainy_paper(int x, int y)
{
    (void)x;
    (void)y;
    return 230 + grain(20);
}

static int grainy_hills(int x, int y)
{
    return (int)(128 + 60 * sin(x / 40.0) + 40 * cos((x + 2 * y) / 15.0)) + grain(20);
}

static const struct {
    const char *what;
    int (*tone)(int x, int y);
    float least, most;
    bool noisy;
} CASES[] = {
    {"noise", noise, 1, 1, true},
    {"lines of two pixels", fine_lines, 1, 1, true},
    {"noise in half of it", noise_in_a_half, 0.4F, 0.6F, true},
    {"noise in a fifth of it", noise_in_a_fifth, 0.1F, 0.2F, false},
    {"grainy paper", grainy_paper, 0, 0, false},
    {"grainy hills", grainy_hills, 0, 0, false},
};

static void test_bf_noise_share__cases(void **unused)
{
    (void)unused;
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++)
        for (int channels = 1; channels <= 3; channels += 2) {
            g_autoptr(bf_picture) p = NULL;
            g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(bf_line));
            const bf_jpeg_info info = {.width_px = SIDE, .height_px = SIDE};
            bf_legibility judged;
            assert_true(bf_picture_new(SIDE, SIDE, channels, &p, NULL));
            for (int y = 0; y < SIDE; y++)
                for (int x = 0; x < SIDE; x++)
                    memset(p->data + ((gsize)y * SIDE + (gsize)x) * (gsize)channels, CLAMP(CASES[i].tone(x, y), 0, 255), (gsize)channels);
            float share = bf_noise_share(p);
            if (share < CASES[i].least || share > CASES[i].most)
                fail_msg("%s: %g is noise", CASES[i].what, (double)share);
            bf_legibility_judge(p, lines, &info, false, &judged);
            bool noisy = judged.reasons->len > 0 && strcmp(judged.reasons->pdata[0], "noisy") == 0;
            if (noisy != CASES[i].noisy || (noisy && judged.verdict != BF_LEGIBILITY_ILLEGIBLE))
                fail_msg("%s: %s", CASES[i].what, bf_legibility_word(judged.verdict));
            bf_legibility_clear(&judged);
        }
}

static void test_bf_noise_share__no_page_of_a_dossier_is_noise(void **unused)
{
    static const pm_capture captures[] = {PM_CAPTURE_CLEAN, PM_CAPTURE_NOISE, PM_CAPTURE_FAX, PM_CAPTURE_SMALL, PM_CAPTURE_PHOTO};
    (void)unused;
    pm_person *person = pm_person_random(20263);
    for (guint i = 0; i < G_N_ELEMENTS(captures); i++) {
        g_autoptr(pm_page) page = NULL;
        g_autoptr(bf_picture) p = NULL;
        const pm_page_spec spec = {
            .kind = i % 2 ? PM_KIND_ID_FRONT : PM_KIND_SUMMARY, .capture = captures[i], .seed = 83, .person = person};
        assert_true(pm_page_draw(&spec, &page, NULL) && bf_jpeg_decode(page->jpeg, 0, 0, &p, NULL, NULL));
        assert_true(bf_noise_share(p) < 0.05F);
    }
    pm_person_free(person);
}

static void test_bf_noise_share__tiny(void **unused)
{
    (void)unused;
    g_autoptr(bf_picture) p = NULL;
    assert_true(bf_picture_new(1, 1, 1, &p, NULL));
    p->data[0] = 7;
    assert_true(bf_noise_share(p) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bf_noise_share__cases),
        cmocka_unit_test(test_bf_noise_share__no_page_of_a_dossier_is_noise),
        cmocka_unit_test(test_bf_noise_share__tiny),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
