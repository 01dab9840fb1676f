/* Doubts, on lines drawn with real fonts and read by the real readers: which become hits, which go, which stay; and print behind a label of
 * signing. */
#include "blindfold/memory.h"
#include "blindfold/name.h"
#include "page/flat.h"
#include "page/labels.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { SIZE_PX = 36, HEIGHT_PX = 60, FACE = 0 };

typedef struct {
    bf_page_engine *engine;
    bf_page_worker *worker;
} fixture;

static int set_up(void **state)
{
    static const bf_page_settings settings = {0};
    fixture *f = g_new0(fixture, 1);
    *state = f;
    bf_memory_prepare();
    return bf_page_engine_new(&settings, &f->engine, NULL) && bf_page_worker_new(f->engine, &f->worker, NULL) ? 0 : -1;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    bf_page_worker_free(f->worker);
    bf_page_engine_free(f->engine);
    g_free(f);
    return 0;
}

static bf_picture *draw(const fixture *f, const char *text)
{
    bf_picture *picture = NULL;
    glong n;
    g_autofree gunichar *chars = g_utf8_to_ucs4_fast(text, -1, &n);
    assert_true(bf_glyphs_draw(f->engine->glyphs, FACE, chars, (guint)n, SIZE_PX, HEIGHT_PX, &picture, NULL));
    return picture;
}

static bf_query *query_of(const fixture *f, const char *name)
{
    bf_query *query = NULL;
    assert_true(bf_name_build(name, NULL, &query, NULL) && bf_page_engine_prepare(f->engine, query, NULL));
    return query;
}

/* The middle of character i as draw() places it. */
static float middle_of(guint i)
{
    return ((float)i + 1.5F) * SIZE_PX;
}

static bf_quad quad_over(guint first, guint last)
{
    float l = middle_of(first) - SIZE_PX * 0.6F, r = middle_of(last) + SIZE_PX * 0.6F;
    return (bf_quad){{l, r, r, l}, {6, 6, HEIGHT_PX - 6, HEIGHT_PX - 6}};
}

static void add_line(bf_reading *r, guint n_chars)
{
    bf_line line = {.quad = quad_over(0, n_chars - 1), .det_score = 1, .confidence = 0.99F, .weakest = 0.98F, .n_chars = n_chars};
    g_array_append_val(r->lines, line);
}

/* The query's form of Han characters, with a doubt on it: characters first .. first + n - 1 of the text were matched, in the form's order,
 * but for the one of the form that `odd` names. */
static bf_hit doubt_at(const bf_query *query, guint first, guint n, guint odd, gunichar read)
{
    bf_hit hit = {.reader = "ppocr",
                  .score = -6,
                  .quad = quad_over(first, first + n - 1),
                  .next_line = -1,
                  .odd_symbol = odd,
                  .odd_char = read,
                  .odd_score = -12,
                  .right_x = HEIGHT_PX,
                  .down_y = HEIGHT_PX};
    while (query->forms[hit.form].kind != BF_FORM_NAME)
        hit.form++;
    for (guint i = 0; i < n; i++) {
        hit.centre_x[i] = middle_of(first + i);
        hit.centre_y[i] = HEIGHT_PX / 2.0F;
    }
    hit.n_centres = n;
    return hit;
}

static const struct {
    const char *what, *name, *text;
    guint first, n, odd;
    const char *read; /* in the odd one's place */
    guint hits, doubts, others;
    bool star; /* even ink covers the place of the last one */
} CASES[] = {
    {"the name after all", "李明华", "优秀教师李明华同志被评为先进个人", 4, 3, 1, "胡", 1, 0, 0, false},
    {"both readers read another character", "李明华", "优秀教师李胡华同志被评为先进个人", 4, 3, 1, "胡", 0, 0, 1, false},
    {"another one than what the first reader says", "李明华", "优秀教师李胡华同志被评为先进个人", 4, 3, 1, "朋", 0, 1, 0, false},
    {"paper in the place of the last one", "李明华", "本年度被评为优秀教师的是欧李明", 13, 3, 2, NULL, 0, 0, 0, false},
    {"even ink in the place of the last one", "李明华", "本年度被评为优秀教师的是欧李明", 13, 3, 2, NULL, 0, 1, 0, true},
};

static void cover(bf_picture *p, float middle)
{
    int from = (int)middle - SIZE_PX, to = MIN((int)middle + SIZE_PX, p->width_px);
    for (int y = 0; y < p->height_px; y++)
        for (int x = from * p->channels; x < to * p->channels; x++)
            p->data[(gsize)y * (gsize)p->width_px * (gsize)p->channels + (gsize)x] = 90;
}

static void test_bf_settle_doubts__cases(void **state)
{
    const fixture *f = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(bf_query) query = query_of(f, CASES[i].name);
        g_autoptr(bf_picture) picture = draw(f, CASES[i].text);
        if (CASES[i].star)
            cover(picture, middle_of(CASES[i].first + CASES[i].n - 1));
        bf_reading r;
        bf_reading_init(&r);
        add_line(&r, (guint)g_utf8_strlen(CASES[i].text, -1));
        bf_hit doubt = doubt_at(query, CASES[i].first, CASES[i].n, CASES[i].odd, CASES[i].read ? g_utf8_get_char(CASES[i].read) : 0);
        g_array_append_val(r.doubts, doubt);
        assert_true(bf_settle_doubts(f->worker, picture, query, &r, NULL));
        bool found = CASES[i].hits == 0 ? r.hits->len == 0 : r.hits->len >= CASES[i].hits; /* by several looks */
        if (!found || r.doubts->len != CASES[i].doubts || r.others->len != CASES[i].others)
            fail_msg("%s: %u hits, %u doubts, %u others", CASES[i].what, r.hits->len, r.doubts->len, r.others->len);
        bf_reading_clear(&r);
    }
}

/* What masks will cover anyway is no doubt; beside them it is. */
static void test_bf_settle_doubts__covered_by_a_hit(void **state)
{
    const fixture *f = *state;
    static const char text[] = "优秀教师李胡华同志被评为先进个人";
    for (guint covered = 0; covered < 2; covered++) {
        g_autoptr(bf_query) query = query_of(f, "李明华");
        g_autoptr(bf_picture) picture = draw(f, text);
        bf_reading r;
        bf_reading_init(&r);
        add_line(&r, (guint)g_utf8_strlen(text, -1));
        bf_hit doubt = doubt_at(query, 4, 3, 1, 0x670B), hit = doubt_at(query, covered ? 4 : 6, 3, 1, 0);
        hit.sure = true;
        g_array_append_val(r.doubts, doubt);
        g_array_append_val(r.hits, hit);
        assert_true(bf_settle_doubts(f->worker, picture, query, &r, NULL));
        assert_int_equal(r.doubts->len, covered ? 0 : 1);
        bf_reading_clear(&r);
    }
}

/* The last character of the name was left out by the reader, which puts the next one's reading in its place, a pitch further on: shape and
 * reader agree that it is another one there, but it says nothing about where the name's should stand. */
static void test_bf_tell_by_glyphs__a_character_that_was_left_out(void **state)
{
    const fixture *f = *state;
    static const struct {
        const char *text;
        guint at; /* where 强 stands */
        bf_glyph_verdict verdict;
    } cases[] = {{"优秀教师李明华强调了学习的重要性", 7, BF_GLYPH_IS}, {"优秀教师李明强调了学习的重要性质", 6, BF_GLYPH_ANOTHER}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(bf_query) query = query_of(f, "李明华");
        g_autoptr(bf_picture) picture = draw(f, cases[i].text);
        bf_reading r;
        bf_reading_init(&r);
        add_line(&r, (guint)g_utf8_strlen(cases[i].text, -1));
        bf_hit hit = doubt_at(query, 4, 2, 2, 0x5F3A);
        float x = middle_of(cases[i].at), y = HEIGHT_PX / 2.0F;
        hit.n_unproved = 1;
        hit.unproved[0] = (bf_unproved){.symbol = 2, .read = 0x5F3A, .x = x, .y = y, .read_x = x, .read_y = y};
        bf_glyph_verdict v = bf_tell_by_glyphs(f->engine, picture, query, &g_array_index(r.lines, bf_line, 0), &hit);
        if (v != cases[i].verdict)
            fail_msg("%s: verdict %d", cases[i].text, v);
        if (v == BF_GLYPH_IS) /* and the hit covers it now */
            assert_true(hit.n_centres == 3 && fabsf(hit.centre_x[2] - middle_of(6)) < SIZE_PX / 2.0F);
        bf_reading_clear(&r);
    }
}

/* The reader is sure of this character, whatever else the line has; or it is not. The shape alone leans its way. */
static void test_bf_tell_by_glyphs__one_sure_character_of_a_weak_line(void **state)
{
    const fixture *f = *state;
    static const char text[] = "优秀教师李胡华同志被评为先进个人";
    for (int sure = 0; sure < 2; sure++) {
        g_autoptr(bf_query) query = query_of(f, "李云华");
        g_autoptr(bf_picture) picture = draw(f, text);
        bf_reading r;
        bf_reading_init(&r);
        add_line(&r, (guint)g_utf8_strlen(text, -1));
        g_array_index(r.lines, bf_line, 0).weakest = 0.4F;
        /* Grain: every other pixel in one of three rows. */
        for (gsize i = 0; i < (gsize)picture->width_px * HEIGHT_PX * 3; i++)
            if (i / 3 * 7919 % 21 < 1)
                picture->data[i] = (uint8_t)(255 - picture->data[i] / 2 - 60);
        bf_hit hit = doubt_at(query, 4, 3, 1, 0x80E1);
        float x = middle_of(5), y = HEIGHT_PX / 2.0F;
        hit.n_unproved = 1;
        hit.unproved[0] =
            (bf_unproved){.symbol = 1, .read = 0x80E1, .read_p = sure ? 0.97F : 0.5F, .x = x, .y = y, .read_x = x, .read_y = y};
        bf_glyph_verdict v = bf_tell_by_glyphs(f->engine, picture, query, &g_array_index(r.lines, bf_line, 0), &hit);
        assert_int_equal(v, sure ? BF_GLYPH_ANOTHER : BF_GLYPH_UNSURE);
        bf_reading_clear(&r);
    }
}

/* ---- a bent page ---- */

enum { ROWS = 9, ROW_PX = 80 };

static int sag_at(int x, int width)
{
    float u = 2 * (float)x / (float)width - 1;
    return (int)(45 * u * u);
}

/* The same line again and again, each column shifted down. */
static bf_picture *draw_bent(const fixture *f, const char *text)
{
    g_autoptr(bf_picture) line = draw(f, text);
    bf_picture *page = NULL;
    int w = line->width_px;
    assert_true(bf_picture_new(w, (ROWS + 1) * ROW_PX, 3, &page, NULL));
    memset(page->data, 255, (gsize)w * (gsize)page->height_px * 3);
    for (int r = 0; r < ROWS; r++)
        for (int y = 0; y < HEIGHT_PX; y++)
            for (int x = 0; x < w; x++)
                memcpy(page->data + ((gsize)(r * ROW_PX + 20 + y + sag_at(x, w)) * (gsize)w + (gsize)x) * 3,
                       line->data + ((gsize)y * (gsize)w + (gsize)x) * 3, 3);
    return page;
}

/* What is read on the page laid flat comes back to the bent one, the characters that are still to be proved too. */
static void test_bf_look_at_bent_lines__places_come_back(void **state)
{
    const fixture *f = *state;
    g_autoptr(bf_query) query = query_of(f, "李明华");
    g_autoptr(bf_picture) page = draw_bent(f, "李胡华同志被评为先进个人并在本年度考核中获得优秀等次特发此证");
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(bf_hit));
    bf_reading r;
    bf_reading_init(&r);
    assert_true(bf_read_plain(f->worker, page, query, &r, NULL));
    assert_true(bf_look_at_bent_lines(f->worker, page, query, &r, found, NULL));
    guint unproved = 0;
    for (guint i = 0; i < found->len; i++) {
        const bf_hit *h = &g_array_index(found, bf_hit, i);
        for (guint k = 0; k < h->n_unproved; k++, unproved++) {
            const bf_unproved *u = &h->unproved[k];
            assert_true(bf_quad_holds(&h->quad, u->x, u->y));
            assert_true(u->read == 0 || bf_quad_holds(&h->quad, u->read_x, u->read_y));
        }
        assert_true(h->n_unproved == 0 || fabsf(h->right_x) > 2 * fabsf(h->right_y));
    }
    assert_true(unproved >= ROWS / 2);
    bf_reading_clear(&r);
}

/* What fitted a bent line badly goes when the flat page reads surely in its place; what fitted well stays. */
static void test_bf_look_at_bent_lines__outdated_doubts(void **state)
{
    static const struct {
        float score;
        guint left;
    } cases[] = {{-11, 0}, {-1, 1}};
    const fixture *f = *state;
    g_autoptr(bf_query) query = query_of(f, "王云");
    g_autoptr(bf_picture) page = draw_bent(f, "李胡华同志被评为先进个人并在本年度考核中获得优秀等次特发此证");
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(bf_hit));
        bf_reading r;
        bf_reading_init(&r);
        assert_true(bf_read_plain(f->worker, page, query, &r, NULL));
        g_array_set_size(r.doubts, 0);
        guint at = 1;
        while (at < r.lines->len && !(g_array_index(r.lines, bf_line, at).bent && g_array_index(r.lines, bf_line, at).has_middle))
            at++;
        assert_true(at < r.lines->len);
        bf_line *line = &g_array_index(r.lines, bf_line, at);
        line->confidence = 0.6F;
        float x = line->middle_x[BF_LINE_KNOTS - 1] - 400, y = line->middle_y[BF_LINE_KNOTS - 1];
        bf_hit doubt = {
            .quad = {{x, x + 80, x + 80, x}, {y - 60, y - 60, y + 60, y + 60}}, .score = cases[i].score, .line = at, .next_line = -1};
        g_array_append_val(r.doubts, doubt);
        assert_true(bf_look_at_bent_lines(f->worker, page, query, &r, found, NULL));
        if (r.doubts->len != cases[i].left)
            fail_msg("case %u: %u doubts", (guint)i, r.doubts->len);
        bf_reading_clear(&r);
    }
}

/* Stripes through character i. */
static void spoil(bf_picture *picture, guint i)
{
    int from = (int)middle_of(i) - SIZE_PX / 2;
    for (int y = 0; y < HEIGHT_PX; y++)
        for (int x = from; x < from + SIZE_PX && y % 6 < 1; x++)
            memset(picture->data + ((gsize)y * (gsize)picture->width_px + (gsize)x) * 3, 90, 3);
}

/* Behind a label of signing: print is print though the reader hardly knows a character of it, when none of the name is to be seen, or when
 * two others are read surely that are not the name's. */
static void test_bf_read_label_tails__a_rare_name(void **state)
{
    static const struct {
        const char *text, *name;
        bool shows_none, reads;
    } cases[] = {
        {"签名：翀琀", "李明华", true, true},    {"签名：翀琀", "李明华", false, false},   {"签名：　　", "李明华", true, false},
        {"签名：翀国斌", "李明华", false, true}, {"签名：翀国斌", "李国华", false, false},
    };
    const fixture *f = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(bf_query) query = query_of(f, cases[i].name);
        g_autoptr(bf_picture) picture = draw(f, cases[i].text);
        if (g_utf8_strlen(cases[i].text, -1) > 5) /* beyond what the reader is sure of */
            spoil(picture, 3);
        g_autoptr(GArray) labels = g_array_new(FALSE, FALSE, sizeof(bf_signing_label));
        bf_reading r;
        bf_reading_init(&r);
        add_line(&r, (guint)g_utf8_strlen(cases[i].text, -1));
        g_array_index(r.lines, bf_line, 0).shows_none = cases[i].shows_none;
        bf_rect box = bf_quad_bounds(&(bf_quad){{middle_of(0) - 18, middle_of(2), middle_of(2), middle_of(0) - 18}, {12, 12, 48, 48}});
        bf_signing_label label = {.box = box, .height = SIZE_PX, .signs = BF_SIGNS_PERHAPS, .end_x = INFINITY, .tail_reads = true};
        g_array_append_val(labels, label);
        assert_true(bf_read_label_tails(f->worker, picture, &r, query, labels, NULL));
        if (g_array_index(labels, bf_signing_label, 0).tail_reads != cases[i].reads)
            fail_msg("case %u", (guint)i);
        bf_reading_clear(&r);
    }
}

/* A sure hit of which no character was read is looked at again: in a seal's letters anything fits. */
static void test_bf_sort_hits__what_was_not_read(void **state)
{
    static const struct {
        float best_score;
        guint hits, doubts;
    } cases[] = {{0, 1, 0}, {-0.5F, 1, 0}, {-3, 0, 1}};
    const fixture *f = *state;
    g_autoptr(bf_query) query = query_of(f, "李明华");
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(bf_hit));
        bf_hit hit = {.score = -10, .sure = true, .next_line = -1, .best_score = cases[i].best_score};
        bf_reading r;
        bf_reading_init(&r);
        add_line(&r, 5);
        g_array_append_val(found, hit);
        bf_sort_hits(found, query, &r);
        assert_int_equal(r.hits->len, cases[i].hits);
        assert_int_equal(r.doubts->len, cases[i].doubts);
        bf_reading_clear(&r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bf_settle_doubts__cases),
        cmocka_unit_test(test_bf_read_label_tails__a_rare_name),
        cmocka_unit_test(test_bf_settle_doubts__covered_by_a_hit),
        cmocka_unit_test(test_bf_sort_hits__what_was_not_read),
        cmocka_unit_test(test_bf_tell_by_glyphs__a_character_that_was_left_out),
        cmocka_unit_test(test_bf_tell_by_glyphs__one_sure_character_of_a_weak_line),
        cmocka_unit_test(test_bf_look_at_bent_lines__places_come_back),
        cmocka_unit_test(test_bf_look_at_bent_lines__outdated_doubts),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
