/* Characters told by their glyphs: drawn with one family's font, compared with those of all others. */
#include "blindfold/glyph.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const char FAMILY[] = "Noto Serif CJK";
enum { SIZE_PX = 36, HEIGHT_PX = 46 };

typedef struct {
    bf_glyphs *painter, *judge;
} fixture;

static int set_up(void **state)
{
    fixture *f = g_new0(fixture, 1);
    f->painter = bf_glyphs_new_of(FAMILY, false);
    f->judge = bf_glyphs_new_of(FAMILY, true);
    *state = f;
    return bf_glyphs_n_faces(f->painter) > 0 && bf_glyphs_n_faces(f->judge) > 2 ? 0 : -1;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    bf_glyphs_free(f->painter);
    bf_glyphs_free(f->judge);
    g_free(f);
    return 0;
}

/* `shown` stands between two others; off_px: how far from its middle the place is taken to be. */
static bf_glyph_answer ask(const fixture *f, const char *shown, const char *wanted, const char *rival, float off_px, bool white_on_black)
{
    gunichar text[3] = {0x674E, g_utf8_get_char(shown), 0x56FD}, w = g_utf8_get_char(wanted), r = g_utf8_get_char(rival);
    g_autoptr(bf_picture) p = NULL;
    assert_true(bf_glyphs_draw(f->painter, 0, text, 3, SIZE_PX, HEIGHT_PX, &p, NULL));
    for (int i = 0; white_on_black && i < p->width_px * p->height_px * 3; i++)
        p->data[i] = (uint8_t)(255 - p->data[i]);
    bf_glyph_place place = {2.5F * SIZE_PX + off_px, HEIGHT_PX / 2.0F, HEIGHT_PX, 0, 0, HEIGHT_PX};
    bf_glyph_answer a;
    bf_glyphs_judge(f->judge, p, &place, &w, 1, &r, 1, &a);
    return a;
}

static const char *const PAIRS[][2] = {{"亓", "元"}, {"旻", "昊"}, {"瑀", "璃"}, {"翀", "翔"}, {"敏", "繁"}, {"今", "合"}, {"明", "的"}};

static void test_bf_glyphs_judge__tells_lookalikes(void **state)
{
    for (gsize i = 0; i < G_N_ELEMENTS(PAIRS); i++)
        for (int other = 0; other < 2; other++)
            for (int way = 0; way < 3; way++) {
                bf_glyph_answer a = ask(*state, PAIRS[i][other], PAIRS[i][0], PAIRS[i][1], way == 1 ? 6.0F : 0, way == 2);
                if (a.verdict != (other ? BF_GLYPH_ANOTHER : BF_GLYPH_IS))
                    fail_msg("%s or %s, %s shown, way %d: verdict %d, margin %.2f, distance %.2f", PAIRS[i][0], PAIRS[i][1],
                             PAIRS[i][other], way, a.verdict, (double)a.margin, (double)a.distance);
                assert_int_equal(a.like, g_utf8_get_char(PAIRS[i][other]));
            }
}

/* Neither the one nor the other: whatever it is like, it is not said to be either for sure. */
static void test_bf_glyphs_judge__a_third_character_is_never_the_wanted_one(void **state)
{
    static const char *const thirds[] = {"国", "的", "建", "强"};
    for (gsize i = 0; i < G_N_ELEMENTS(thirds); i++)
        assert_int_not_equal(ask(*state, thirds[i], "亓", "元", 0, false).verdict, BF_GLYPH_IS);
}

/* A cell of a table: the line's box takes in the borders, tilted a little, and is more than twice as high as the print. run_px: how far a
 * border runs until it is one row lower; crowded: the cells above and below have print right at the borders. */
static bf_glyph_answer ask_in_cell(const fixture *f, const char *shown, const char *wanted, const char *rival, int run_px, bool crowded)
{
    enum { CELL = 84 };
    gunichar text[3] = {0x674E, g_utf8_get_char(shown), 0x56FD}, w = g_utf8_get_char(wanted), r = g_utf8_get_char(rival);
    g_autoptr(bf_picture) drawn = NULL, cell = NULL;
    assert_true(bf_glyphs_draw(f->painter, 0, text, 3, SIZE_PX, HEIGHT_PX, &drawn, NULL));
    assert_true(bf_picture_new(drawn->width_px, CELL + 20, 3, &cell, NULL));
    gsize row = (gsize)drawn->width_px * 3;
    memset(cell->data, 255, row * (CELL + 20));
    memcpy(cell->data + row * ((CELL + 20 - HEIGHT_PX) / 2), drawn->data, row * HEIGHT_PX);
    for (int y = 0; y < 10 && crowded; y++) {
        memcpy(cell->data + row * (gsize)y, drawn->data + row * (gsize)(HEIGHT_PX / 2 + y), row);
        memcpy(cell->data + row * (gsize)(CELL + 10 + y), drawn->data + row * (gsize)(HEIGHT_PX / 2 - 10 + y), row);
    }
    for (int x = 0; x < drawn->width_px; x++)
        for (int y = 0; y < 3; y++) {
            memset(cell->data + row * (gsize)(12 + y + x / run_px) + 3 * (gsize)x, 0, 3);
            memset(cell->data + row * (gsize)(CELL + y + x / run_px) + 3 * (gsize)x, 0, 3);
        }
    bf_glyph_place place = {2.5F * SIZE_PX, (CELL + 20) / 2.0F, CELL, 0, 0, CELL};
    bf_glyph_answer a;
    bf_glyphs_judge(f->judge, cell, &place, &w, 1, &r, 1, &a);
    return a;
}

static void test_bf_glyphs_judge__within_a_cell(void **state)
{
    static const char *const pairs[][2] = {{"周", "韩"}, {"石", "曹"}, {"敏", "繁"}};
    for (gsize i = 0; i < 4 * G_N_ELEMENTS(pairs); i++)
        for (int other = 0; other < 2; other++) {
            const char *const *pair = pairs[i / 4];
            bf_glyph_answer a = ask_in_cell(*state, pair[other], pair[0], pair[1], i % 2 ? 22 : 60, i % 4 >= 2);
            if (a.verdict != (other ? BF_GLYPH_ANOTHER : BF_GLYPH_IS))
                fail_msg("%s or %s, %s shown, way %u: verdict %d, margin %.2f, distance %.2f", pair[0], pair[1], pair[other], (guint)i % 4,
                         a.verdict, (double)a.margin, (double)a.distance);
        }
}

static void test_bf_glyphs_judge__blank_paper(void **state)
{
    bf_glyph_answer a = ask(*state, " ", "亓", "元", 0, false);
    assert_true(a.blank);
    assert_int_equal(a.verdict, BF_GLYPH_UNSURE);
}

static void test_bf_glyphs_judge__a_place_off_the_picture(void **state)
{
    const fixture *f = *state;
    g_autoptr(bf_picture) p = NULL;
    gunichar c = 0x4E93, r = 0x5143;
    assert_true(bf_glyphs_draw(f->painter, 0, &c, 1, SIZE_PX, HEIGHT_PX, &p, NULL));
    static const bf_glyph_place places[] = {{-5000, -5000, 40, 0, 0, 40}, {50, 20, 0, 0, 0, 0}, {50, 20, 1e6F, 0, 0, 1e6F}};
    for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
        bf_glyph_answer a;
        bf_glyphs_judge(f->judge, p, &places[i], &c, 1, &r, 1, &a);
        assert_int_not_equal(a.verdict, BF_GLYPH_ANOTHER);
    }
}

static void test_bf_glyphs_new_of__no_fonts(void **state)
{
    (void)state;
    bf_glyphs *none = bf_glyphs_new_of("No such family", false);
    g_autoptr(bf_picture) p = NULL, white = NULL;
    gunichar c = 0x4E93;
    bf_glyph_answer a;
    bf_glyph_place place = {20, 20, 40, 0, 0, 40};
    assert_int_equal(bf_glyphs_n_faces(none), 0);
    assert_int_equal(bf_glyphs_count(none, c), 0);
    assert_false(bf_glyphs_draw(none, 0, &c, 1, SIZE_PX, HEIGHT_PX, &p, NULL));
    assert_true(bf_picture_new(40, 40, 3, &white, NULL));
    for (int i = 0; i < 40 * 40 * 3; i++)
        white->data[i] = i / 120 % 3 ? 255 : 0;
    bf_glyphs_judge(none, white, &place, &c, 1, NULL, 0, &a);
    assert_int_equal(a.verdict, BF_GLYPH_UNSURE);
    bf_glyphs_free(none);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bf_glyphs_judge__tells_lookalikes),
        cmocka_unit_test(test_bf_glyphs_judge__a_third_character_is_never_the_wanted_one),
        cmocka_unit_test(test_bf_glyphs_judge__within_a_cell),
        cmocka_unit_test(test_bf_glyphs_judge__blank_paper),
        cmocka_unit_test(test_bf_glyphs_judge__a_place_off_the_picture),
        cmocka_unit_test(test_bf_glyphs_new_of__no_fonts),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
