/* From hits to masks: every pixel of a name is under one, in every frame, and nobody else's text is. */
#include "page/place.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { WIDTH = 960, HEIGHT = 720 };
static const float LINE_H = 40;

static gunichar letters[] = {0x674E, 0x654F};
static bf_symbol symbols[] = {{&letters[0], 1, BF_GAP_LOOSE}, {&letters[1], 1, BF_GAP_LOOSE}};
static bf_form forms[] = {{BF_FORM_NAME, false, symbols, 2}, {BF_FORM_PINYIN, true, symbols, 2}, {BF_FORM_INITIALS, true, symbols, 2},
                          {BF_FORM_LATIN, true, symbols, 2}, {BF_FORM_ALIAS, false, symbols, 2}, {BF_FORM_ARABIC, false, symbols, 2}};
static const bf_query QUERY = {forms, G_N_ELEMENTS(forms)};

static bf_picture *paper(void)
{
    bf_picture *p = NULL;
    assert_true(bf_picture_new(WIDTH, HEIGHT, 1, &p, NULL));
    memset(p->data, 245, (gsize)WIDTH * HEIGHT);
    return p;
}

static void ink(bf_picture *p, bf_rect r)
{
    for (int y = r.y; y < r.y + r.h; y++)
        for (int x = r.x; x < r.x + r.w; x++)
            p->data[y * WIDTH + x] = (x + y) % 3 ? 20 : 245;
}

static bf_hit hit_at(float x, float y, float w, float h)
{
    return (bf_hit){.quad = {{x, x + w, x + w, x}, {y, y, y + h, y + h}}, .reader = "ppocr", .sure = true, .next_line = -1};
}

static bf_frame frame_of(int exif, int turn)
{
    bool swap = (exif >= 5) != (turn % 180 != 0);
    return (bf_frame){.stored_width_px = swap ? HEIGHT : WIDTH,
                      .stored_height_px = swap ? WIDTH : HEIGHT,
                      .exif_orientation = exif,
                      .turn_deg = turn,
                      .upright_width_px = WIDTH,
                      .upright_height_px = HEIGHT};
}

static bf_jpeg_info info_of(const bf_frame *f, int imcu)
{
    return (bf_jpeg_info){.width_px = f->stored_width_px, .height_px = f->stored_height_px, .imcu_w_px = imcu, .imcu_h_px = imcu};
}

static GArray *place_all(const bf_hit *hit, guint n, const bf_picture *picture, const bf_frame *frame, int imcu, bool uniform)
{
    g_autoptr(GArray) hits = g_array_new(FALSE, FALSE, sizeof(bf_hit));
    GArray *masks = g_array_new(FALSE, FALSE, sizeof(bf_mask));
    bf_page_engine engine = {.uniform_width = uniform};
    bf_jpeg_info info = info_of(frame, imcu);
    g_array_append_vals(hits, hit, n);
    bf_place_masks(hits, &QUERY, picture, frame, &info, &engine, masks);
    return masks;
}

static GArray *place(bf_hit hit, const bf_picture *picture)
{
    bf_frame frame = frame_of(1, 0);
    return place_all(&hit, 1, picture, &frame, 8, false);
}

static bf_rect rect_of(const GArray *masks, guint i)
{
    return g_array_index(masks, bf_mask, i).rect;
}

static bool covered(const GArray *masks, float x, float y)
{
    for (guint i = 0; i < masks->len; i++) {
        bf_rect r = rect_of(masks, i);
        if (x >= (float)r.x && x < (float)(r.x + r.w) && y >= (float)r.y && y < (float)(r.y + r.h))
            return true;
    }
    return false;
}

/* Is every point of the upright rectangle under a mask of the stored page? */
static void expect_covered(const GArray *masks, const bf_frame *frame, bf_rect r, const char *what)
{
    for (int y = r.y; y < r.y + r.h; y += 2)
        for (int x = r.x; x < r.x + r.w; x += 2) {
            float sx, sy;
            bf_frame_point_to_stored(frame, (float)x + 0.5F, (float)y + 0.5F, &sx, &sy);
            if (!covered(masks, sx, sy))
                fail_msg("%s: (%d, %d) is not under any of %u masks", what, x, y, masks->len);
        }
}

static void test_bf_place_masks__covers_the_name_in_every_frame(void **state)
{
    (void)state;
    static const int imcus[] = {8, 16};
    g_autoptr(bf_picture) p = paper();
    const bf_rect name = {203, 301, 120, 30};
    ink(p, name);
    ink(p, (bf_rect){100, 301, 90, 30}); /* text before and behind, so that the mask keeps its place */
    ink(p, (bf_rect){336, 301, 90, 30});
    bf_hit hit = hit_at(198, 296, 130, LINE_H);
    for (int exif = 1; exif <= 8; exif++)
        for (int turn = 0; turn < 360; turn += 90)
            for (gsize k = 0; k < G_N_ELEMENTS(imcus); k++) {
                bf_frame frame = frame_of(exif, turn);
                g_autoptr(GArray) masks = place_all(&hit, 1, p, &frame, imcus[k], false);
                g_autofree char *what = g_strdup_printf("EXIF %d, turn %d, iMCU %d", exif, turn, imcus[k]);
                assert_int_equal(masks->len, 1);
                expect_covered(masks, &frame, name, what);
                bf_rect r = rect_of(masks, 0);
                if (r.x % imcus[k] || r.y % imcus[k] || r.w * r.h > (130 + 4 * 16) * (40 + 4 * 16))
                    fail_msg("%s: %d,%d %dx%d", what, r.x, r.y, r.w, r.h);
            }
}

static void test_bf_place_masks__scaled_decoding(void **state)
{
    (void)state;
    g_autoptr(bf_picture) p = paper();
    const bf_rect name = {203, 301, 120, 30};
    ink(p, name);
    for (int exif = 1; exif <= 8; exif += 5) {
        bf_frame frame = frame_of(exif, 90);
        frame.stored_width_px = frame.stored_width_px * 4 - 3; /* decoded at a quarter, the last pixel reaching over the edge */
        frame.stored_height_px = frame.stored_height_px * 4 - 1;
        bf_hit hit = hit_at(198, 296, 130, LINE_H);
        g_autoptr(GArray) masks = place_all(&hit, 1, p, &frame, 16, false);
        expect_covered(masks, &frame, name, "a quarter");
    }
}

/* Names of two, three and four characters get masks of one width where there is room for it. */
static void test_bf_place_masks__width_does_not_tell_the_length(void **state)
{
    (void)state;
    int width = 0;
    for (int n = 2; n <= 4; n++) {
        g_autoptr(bf_picture) p = paper();
        ink(p, (bf_rect){200, 301, n * 36, 30});
        g_autoptr(GArray) masks = place(hit_at(195, 296, (float)(n * 36 + 10), LINE_H), p);
        assert_int_equal(masks->len, 1);
        if (width == 0)
            width = rect_of(masks, 0).w;
        assert_in_range(rect_of(masks, 0).w, width - 8, width + 8);
        assert_true(rect_of(masks, 0).w >= (int)(5.5F * LINE_H));
    }
}

/* Wherever the text stands beside it, the mask grows to the other side, or not at all. */
static void test_bf_place_masks__never_grows_over_other_text(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        bf_rect text[2];
        bool grows;
    } cases[] = {
        {"behind", {{320, 301, 200, 30}, {0}}, true},
        {"before", {{20, 301, 200, 30}, {0}}, true},
        {"both sides", {{20, 301, 200, 30}, {350, 301, 200, 30}}, false},
        {"near behind, far before", {{330, 301, 90, 30}, {20, 301, 60, 30}}, true},
        {"at the left edge of the page", {{320, 301, 400, 30}, {0, 301, 200, 30}}, false},
    };
    const bf_rect name = {236, 301, 72, 30};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(bf_picture) p = paper();
        bf_frame frame = frame_of(1, 0);
        ink(p, name);
        for (int k = 0; k < 2; k++)
            ink(p, cases[i].text[k]);
        g_autoptr(GArray) masks = place(hit_at(231, 296, 82, LINE_H), p);
        assert_int_equal(masks->len, 1);
        expect_covered(masks, &frame, name, cases[i].what);
        bf_rect r = rect_of(masks, 0);
        if ((r.w > 130) != cases[i].grows)
            fail_msg("%s: %d wide", cases[i].what, r.w);
        for (int k = 0; k < 2; k++) /* the text's own blocks stay, but for one that the snap may share */
            if (!bf_rect_is_empty(bf_rect_intersect(bf_rect_grow(cases[i].text[k], -8, 0), r)))
                fail_msg("%s: the mask %d,%d %dx%d lies on text", cases[i].what, r.x, r.y, r.w, r.h);
    }
}

static void test_bf_place_masks__uniform_width_goes_further(void **state)
{
    (void)state;
    g_autoptr(bf_picture) p = paper();
    bf_frame frame = frame_of(1, 0);
    ink(p, (bf_rect){20, 301, 72, 30});
    bf_hit hit = hit_at(15, 296, 82, LINE_H);
    g_autoptr(GArray) step = place_all(&hit, 1, p, &frame, 8, false), uniform = place_all(&hit, 1, p, &frame, 8, true);
    assert_in_range(rect_of(step, 0).w, 6 * 34, 6 * 40 + 32);
    assert_true(rect_of(uniform, 0).w > 20 * 34);
}

/* Lines above and below stay, though the hit's box reaches a little into their space. */
static void test_bf_place_masks__neighbouring_lines_stay(void **state)
{
    (void)state;
    g_autoptr(bf_picture) p = paper();
    bf_frame frame = frame_of(1, 0);
    const bf_rect name = {240, 304, 72, 32}, above = {200, 264, 300, 32}, below = {200, 344, 300, 32};
    ink(p, name);
    ink(p, above);
    ink(p, below);
    g_autoptr(GArray) masks = place(hit_at(235, 300, 82, LINE_H), p);
    expect_covered(masks, &frame, name, "name");
    for (guint i = 0; i < masks->len; i++) {
        assert_true(bf_rect_is_empty(bf_rect_intersect(rect_of(masks, i), above)));
        assert_true(bf_rect_is_empty(bf_rect_intersect(rect_of(masks, i), below)));
    }
}

/* What the hit's box cuts is covered to its end; what only begins in the box, a border or a neighbour's letter, stays. */
static void test_bf_place_masks__strokes_are_covered_to_their_ends(void **state)
{
    (void)state;
    g_autoptr(bf_picture) p = paper();
    bf_frame frame = frame_of(1, 0);
    const bf_rect stroke = {300, 302, 22, 28}, tail = {250, 318, 8, 30}, behind = {324, 301, 30, 30}, border = {244, 200, 2, 300};
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++) {
            const bf_rect inks[] = {{236, 305, 60, 26}, stroke, tail, behind, border};
            for (gsize i = 0; i < G_N_ELEMENTS(inks); i++)
                if (x >= inks[i].x && x < inks[i].x + inks[i].w && y >= inks[i].y && y < inks[i].y + inks[i].h)
                    p->data[y * WIDTH + x] = 20;
        }
    g_autoptr(GArray) masks = place(hit_at(231, 300, 86, LINE_H), p);
    expect_covered(masks, &frame, stroke, "the last stroke");
    expect_covered(masks, &frame, tail, "the tail below");
    for (guint i = 0; i < masks->len; i++) {
        assert_true(rect_of(masks, i).x + rect_of(masks, i).w <= 330); /* to the next block, and no further */
        assert_in_range(rect_of(masks, i).h, 40, 72);
    }
}

static void test_bf_place_masks__tilted_names_are_cut_in_pieces(void **state)
{
    (void)state;
    g_autoptr(bf_picture) p = paper();
    memset(p->data, 245, (gsize)WIDTH * HEIGHT);
    const float deg = 12, c = cosf(deg * (float)G_PI / 180), s = sinf(deg * (float)G_PI / 180), length = 300;
    bf_hit hit = hit_at(0, 0, 1, 1);
    hit.quad = (bf_quad){{200, 200 + length * c, 200 + length * c - LINE_H * s, 200 - LINE_H * s},
                         {300, 300 + length * s, 300 + length * s + LINE_H * c, 300 + LINE_H * c}};
    for (int i = 0; i < WIDTH * HEIGHT; i++) /* no room to grow */
        p->data[i] = i % 7 ? 245 : 60;
    g_autoptr(GArray) masks = place(hit, p);
    assert_in_range(masks->len, 3, 12);
    gint64 area = 0;
    for (guint i = 0; i < masks->len; i++)
        area += (gint64)rect_of(masks, i).w * rect_of(masks, i).h;
    bf_rect whole = bf_quad_bounds(&hit.quad);
    assert_true(area < (gint64)whole.w * whole.h);
    for (float u = 0; u <= length; u += 2)
        for (float v = 0; v <= LINE_H; v += 2)
            if (!covered(masks, 200 + u * c - v * s, 300 + u * s + v * c))
                fail_msg("the point (%f, %f) of the line is not covered", (double)u, (double)v);
}

static void test_bf_place_masks__standing_names(void **state)
{
    (void)state;
    g_autoptr(bf_picture) p = paper();
    bf_frame frame = frame_of(1, 0);
    const bf_rect name = {305, 200, 30, 108};
    ink(p, name);
    bf_hit hit = hit_at(0, 0, 1, 1);
    hit.quad = (bf_quad){{340, 340, 300, 300}, {195, 313, 313, 195}}; /* text runs down */
    g_autoptr(GArray) masks = place(hit, p);
    expect_covered(masks, &frame, name, "column");
    assert_int_equal(masks->len, 1);
    assert_true(rect_of(masks, 0).w < 80 && rect_of(masks, 0).h > 200);
}

static void test_bf_place_masks__kinds_scores_and_doubles(void **state)
{
    (void)state;
    static const bf_mask_kind kinds[] = {BF_MASK_NAME, BF_MASK_PINYIN, BF_MASK_PINYIN, BF_MASK_PINYIN, BF_MASK_NAME, BF_MASK_NAME};
    g_autoptr(bf_picture) p = paper();
    bf_frame frame = frame_of(1, 0);
    for (guint f = 0; f < G_N_ELEMENTS(forms); f++) {
        bf_hit hits[3] = {hit_at(200, 300, 90, LINE_H), hit_at(200, 300, 90, LINE_H), hit_at(220, 305, 40, 20)};
        hits[0].form = f;
        hits[0].score = hits[1].score = -1;
        g_autoptr(GArray) masks = place_all(hits, 3, p, &frame, 8, false);
        const bf_mask *m = &g_array_index(masks, bf_mask, 0);
        assert_int_equal(m->kind, kinds[f]);
        assert_string_equal(m->reader, "ppocr");
        assert_float_equal(m->score, expf(-0.5F), 0.001);
        for (guint i = 1; i < masks->len; i++) { /* none within another */
            bf_rect c = bf_rect_intersect(rect_of(masks, 0), rect_of(masks, i));
            assert_false(c.w == rect_of(masks, i).w && c.h == rect_of(masks, i).h);
        }
    }
}

static void test_bf_place_masks__at_and_beyond_the_pages_edge(void **state)
{
    (void)state;
    g_autoptr(bf_picture) p = paper();
    static const float corners[][2] = {{-20, -10}, {WIDTH - 70, -10}, {-20, HEIGHT - 30}, {WIDTH - 70, HEIGHT - 30}};
    for (gsize i = 0; i < G_N_ELEMENTS(corners); i++) {
        g_autoptr(GArray) masks = place(hit_at(corners[i][0], corners[i][1], 90, LINE_H), p);
        assert_int_equal(masks->len, 1);
        bf_rect r = rect_of(masks, 0), page = {0, 0, WIDTH, HEIGHT}, c = bf_rect_intersect(r, page);
        assert_true(memcmp(&r, &c, sizeof r) == 0);
        assert_true(covered(masks, CLAMP(corners[i][0] + 30, 1, WIDTH - 1), CLAMP(corners[i][1] + 20, 1, HEIGHT - 1)));
    }
    bf_hit lost = hit_at(200, 300, 90, LINE_H);
    lost.quad.x[2] = NAN; /* gives no mask: the decision must not take it for masked */
    g_autoptr(GArray) none = place(lost, p);
    assert_int_equal(none->len, 0);
}

/* JPEG rings up to a block beside what it codes: 8 px of paper go with the name, above and below as on the sides. */
static void test_bf_place_masks__ringing_margin(void **state)
{
    (void)state;
    g_autoptr(bf_picture) p = paper();
    const bf_rect name = {400, 304, 240, 32}; /* six line heights: no wider step beside it */
    ink(p, name);
    g_autoptr(GArray) masks = place(hit_at(400, 300, 240, LINE_H), p);
    bf_rect r = rect_of(masks, 0);
    if (r.x > 400 - 8 || r.x + r.w < 640 + 8 || r.y > 304 - 8 || r.y + r.h < 336 + 8)
        fail_msg("%d,%d %dx%d leaves less than 8 px", r.x, r.y, r.w, r.h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bf_place_masks__ringing_margin),
        cmocka_unit_test(test_bf_place_masks__covers_the_name_in_every_frame),
        cmocka_unit_test(test_bf_place_masks__scaled_decoding),
        cmocka_unit_test(test_bf_place_masks__width_does_not_tell_the_length),
        cmocka_unit_test(test_bf_place_masks__never_grows_over_other_text),
        cmocka_unit_test(test_bf_place_masks__uniform_width_goes_further),
        cmocka_unit_test(test_bf_place_masks__neighbouring_lines_stay),
        cmocka_unit_test(test_bf_place_masks__strokes_are_covered_to_their_ends),
        cmocka_unit_test(test_bf_place_masks__tilted_names_are_cut_in_pieces),
        cmocka_unit_test(test_bf_place_masks__standing_names),
        cmocka_unit_test(test_bf_place_masks__kinds_scores_and_doubles),
        cmocka_unit_test(test_bf_place_masks__at_and_beyond_the_pages_edge),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
