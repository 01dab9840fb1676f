/* Where the applicant signs: drawn pages with hand-made readings. Each case fails without its rule. */
#include "page/sign.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { WIDTH = 900, HEIGHT = 600, H = 30 };

typedef struct {
    bf_picture *picture;
    bf_reading reading;
    bf_page_query *query;
    GArray *ink;
    guint name_chars;
    bool known;
} scene;

static gunichar letters[] = {0x674E, 0x654F};
static bf_symbol symbols[] = {{&letters[0], 1, BF_GAP_LOOSE}, {&letters[1], 1, BF_GAP_LOOSE}};
static bf_form form = {BF_FORM_NAME, false, symbols, 2};
static const bf_query PERSON = {&form, 1};

static scene scene_new(int channels)
{
    scene s = {.query = bf_page_query_new(&PERSON, NULL), .ink = g_array_new(FALSE, FALSE, sizeof(bf_signed_ink))};
    assert_true(bf_picture_new(WIDTH, HEIGHT, channels, &s.picture, NULL));
    memset(s.picture->data, 245, (gsize)WIDTH * HEIGHT * (gsize)channels);
    bf_reading_init(&s.reading);
    return s;
}

static void scene_clear(scene *s)
{
    bf_picture_free(s->picture);
    bf_reading_clear(&s->reading);
    bf_page_query_free(s->query);
    g_array_unref(s->ink);
}

static void paint(scene *s, bf_rect r, int red, int green, int blue)
{
    const int rgb[] = {red, green, blue};
    r = bf_rect_intersect(r, (bf_rect){0, 0, WIDTH, HEIGHT});
    for (int y = r.y; y < r.y + r.h; y++)
        for (int x = r.x; x < r.x + r.w; x++)
            for (int c = 0; c < s->picture->channels; c++)
                s->picture->data[(y * WIDTH + x) * s->picture->channels + c] = (uint8_t)rgb[c];
}

/* A stroke three pixels thick. */
static void stroke(scene *s, float x0, float y0, float x1, float y1)
{
    int n = (int)(2 * MAX(fabsf(x1 - x0), fabsf(y1 - y0))) + 1;
    for (int i = 0; i <= n; i++) {
        float t = (float)i / (float)n;
        paint(s, (bf_rect){(int)(x0 + t * (x1 - x0)) - 1, (int)(y0 + t * (y1 - y0)) - 1, 3, 3}, 20, 20, 40);
    }
}

/* Zigzags as a hurried hand writes them. */
static void scribble(scene *s, bf_rect r)
{
    for (int i = 0; i < 6; i++) {
        float x = (float)r.x + (float)r.w * (float)i / 6, on = (float)r.w / 6;
        stroke(s, x, (float)(i % 2 ? r.y : r.y + r.h - 1), x + on, (float)(i % 2 ? r.y + r.h - 1 : r.y));
    }
}

static void characters(scene *s, bf_rect r)
{
    for (int x = r.x; x + H - 6 <= r.x + r.w; x += H)
        for (int i = 0; i < 4; i++) {
            paint(s, (bf_rect){x, r.y + i * (r.h - 3) / 3, H - 6, 3}, 20, 20, 20);
            paint(s, (bf_rect){x + i * (H - 9) / 3, r.y, 3, r.h}, 20, 20, 20);
        }
}

static guint add_line(scene *s, bf_rect r, float confidence)
{
    float l = (float)r.x - 6, t = (float)r.y - 5, e = (float)(r.x + r.w) + 6, b = (float)(r.y + r.h) + 5;
    bf_line line = {.quad = {{l, e, e, l}, {t, t, b, b}}, .confidence = confidence, .weakest = confidence, .n_chars = 8};
    g_array_append_val(s->reading.lines, line);
    return s->reading.lines->len - 1;
}

/* A word of the page at a place of a line, found by its number among the words' forms. */
static void add_word(scene *s, const char *text, bool marked, int x, int y, guint line)
{
    guint n = (guint)g_utf8_strlen(text, -1), want = n + marked;
    for (guint f = s->query->n_person; f < s->query->n_person + s->query->n_words; f++) {
        const bf_form *candidate = &s->query->all.forms[f];
        bool same = candidate->n_symbols == want && (!marked || candidate->symbols[n].n_alts > 1);
        const char *p = text;
        for (guint i = 0; same && i < n; i++, p = g_utf8_next_char(p))
            same = candidate->symbols[i].alts[0] == g_utf8_get_char(p);
        if (!same)
            continue;
        float l = (float)x - 4, r = (float)(x + (int)want * H) + 4, t = (float)y - 4, b = (float)(y + H) + 5;
        bf_hit hit = {.quad = {{l, r, r, l}, {t, t, b, b}}, .form = f, .sure = true, .line = line, .next_line = -1, .n_centres = want};
        for (guint i = 0; i < want; i++) {
            hit.centre_x[i] = (float)(x + (int)i * H + H / 2);
            hit.centre_y[i] = (float)(y + H / 2);
        }
        g_array_append_val(s->reading.labels, hit);
        return;
    }
    fail_msg("no form of the word %s", text);
}

/* A label of its own line at (x, y); returns where it ends. */
static int draw_label(scene *s, const char *text, int x, int y)
{
    int n = (int)g_utf8_strlen(text, -1);
    guint line = add_line(s, (bf_rect){x, y, (n + 1) * H, H}, 0.97F);
    characters(s, (bf_rect){x, y + 2, n * H, H - 6});
    paint(s, (bf_rect){x + n * H + 4, y + 10, 4, 4}, 20, 20, 20);
    paint(s, (bf_rect){x + n * H + 4, y + 20, 4, 4}, 20, 20, 20);
    add_word(s, text, true, x, y, line);
    return x + (n + 1) * H;
}

static void look(scene *s)
{
    g_autoptr(GArray) labels = bf_signing_labels(s->picture, &s->reading, s->query);
    g_autoptr(GArray) left = g_array_new(FALSE, FALSE, sizeof(bf_rect));
    assert_true(bf_find_signed_ink(s->picture, &s->reading, labels, s->name_chars, s->ink, left));
    s->known = left->len == 0;
}

static const bf_signed_ink *found(const scene *s, bf_mask_kind kind, bf_rect r)
{
    for (guint i = 0; i < s->ink->len; i++) {
        const bf_signed_ink *ink = &g_array_index(s->ink, bf_signed_ink, i);
        bf_rect c = bf_rect_intersect(ink->rect, r);
        if (ink->kind == kind && c.w == r.w && c.h == r.h)
            return ink;
    }
    return NULL;
}

static void expect_signature(scene *s, bf_rect r, const char *what)
{
    look(s);
    const bf_signed_ink *ink = found(s, BF_MASK_SIGNATURE, r);
    if (ink == NULL)
        fail_msg("%s: not covered (%u pieces)", what, s->ink->len);
    if (ink->rect.w * ink->rect.h > 3 * r.w * r.h + 4000)
        fail_msg("%s: far too large: %d,%d %dx%d", what, ink->rect.x, ink->rect.y, ink->rect.w, ink->rect.h);
    if (!s->known)
        fail_msg("%s: something is left over", what);
}

/* A five-pointed star, one point up: what lies on the inner side of four of its five edges' lines. */
static void paint_star(scene *s, int middle_x, int middle_y, int radius, int r, int g, int b)
{
    const float inner = (float)radius * cosf(2 * (float)G_PI / 5);
    for (int y = -radius; y <= radius; y++)
        for (int x = -radius; x <= radius; x++) {
            int inside = 0;
            for (int k = 0; k < 5; k++) {
                float angle = (2 * (float)k + 1) * (float)G_PI / 5 - (float)G_PI / 2;
                inside += (float)x * cosf(angle) + (float)y * sinf(angle) <= inner;
            }
            if (inside >= 4)
                paint(s, (bf_rect){middle_x + x, middle_y + y, 1, 1}, r, g, b);
        }
}

static void test_bf_find_signed_ink__on_each_side(void **state)
{
    (void)state;
    static const struct {
        const char *what, *label;
        int x, y;
        bf_rect signature;
    } cases[] = {
        {"to the right", "承诺人", 200, 300, {340, 288, 150, 56}},
        {"far to the right", "承诺人", 200, 300, {460, 290, 100, 50}},
        {"reaching far above and below its row", "申报人", 200, 300, {340, 250, 150, 130}},
        {"over the label's own end", "承诺人", 200, 300, {300, 280, 170, 60}},
        {"below", "承诺人", 200, 300, {220, 352, 140, 50}},
        {"to the left", "承诺人", 500, 300, {330, 290, 140, 50}},
        {"a signature without a name before the word", "签名", 200, 300, {310, 290, 140, 50}},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        scene s = scene_new(1);
        draw_label(&s, cases[i].label, cases[i].x, cases[i].y);
        scribble(&s, cases[i].signature);
        expect_signature(&s, cases[i].signature, cases[i].what);
        scene_clear(&s);
    }
}

static void test_bf_find_signed_ink__on_a_ruled_line(void **state)
{
    (void)state;
    for (int tilted = 0; tilted < 2; tilted++) {
        scene s = scene_new(1);
        int right = draw_label(&s, "承诺人", 200, 300);
        stroke(&s, (float)right + 6, 332, 840, tilted ? 350 : 332);
        look(&s);
        assert_int_equal(s.ink->len, 0); /* nobody has signed yet */
        assert_true(s.known);
        bf_rect r = {360, 290, 150, 60};
        scribble(&s, r);
        expect_signature(&s, r, "on a ruled line");
        scene_clear(&s);
    }
}

static void test_bf_find_signed_ink__read_together_with_its_label(void **state)
{
    (void)state;
    scene s = scene_new(1);
    guint line = add_line(&s, (bf_rect){200, 300, 330, H}, 0.95F); /* the label's print carries the line's mean */
    characters(&s, (bf_rect){200, 302, 90, H - 6});
    add_word(&s, "承诺人", true, 200, 300, line);
    bf_rect r = {335, 290, 150, 50};
    scribble(&s, r);
    expect_signature(&s, r, "in the label's line");
    scene_clear(&s);
}

static void test_bf_find_signed_ink__words_of_one_label(void **state)
{
    (void)state;
    scene s = scene_new(1);
    guint line = add_line(&s, (bf_rect){100, 300, 150, H}, 0.95F);
    characters(&s, (bf_rect){100, 302, 120, H - 6});
    add_word(&s, "本人", false, 100, 300, line);
    add_word(&s, "签字", true, 160, 300, line);
    bf_rect r = {280, 290, 150, 50};
    scribble(&s, r);
    expect_signature(&s, r, "本人签字");
    scene_clear(&s);
}

static void test_bf_find_signed_ink__ends_before_the_date(void **state)
{
    (void)state;
    scene s = scene_new(1);
    guint line = add_line(&s, (bf_rect){200, 300, 520, H}, 0.95F);
    characters(&s, (bf_rect){200, 302, 90, H - 6});
    add_word(&s, "承诺人", true, 200, 300, line);
    bf_rect r = {335, 290, 120, 50};
    scribble(&s, r);
    characters(&s, (bf_rect){475, 302, 240, H - 6});
    add_word(&s, "0000年", false, 475, 300, line);
    look(&s);
    const bf_signed_ink *ink = found(&s, BF_MASK_SIGNATURE, r);
    assert_non_null(ink);
    assert_true(ink->rect.x + ink->rect.w <= 475);
    scene_clear(&s);
}

/* The reader takes a stroke for the first digit of a number that goes on in the next line, or a scribble for a badly fitting date. */
static void test_bf_find_signed_ink__a_date_that_is_none(void **state)
{
    (void)state;
    for (int broken = 0; broken < 2; broken++) {
        scene s = scene_new(1);
        guint line = add_line(&s, (bf_rect){200, 300, 90, H}, 0.95F);
        characters(&s, (bf_rect){200, 302, 90, H - 6});
        add_word(&s, "承诺人", true, 200, 300, line);
        bf_rect r = {335, 290, 225, 50};
        scribble(&s, (bf_rect){335, 290, 120, 50});
        scribble(&s, (bf_rect){485, 290, 75, 50});
        add_word(&s, "0000年", false, 475, 300, add_line(&s, (bf_rect){475, 300, 60, H}, 0.4F));
        bf_hit *date = &g_array_index(s.reading.labels, bf_hit, 1);
        date->next_line = broken ? 0 : -1;
        date->score = broken ? -0.5F : -8;
        expect_signature(&s, r, broken ? "a number over the end of a line" : "a number that fits badly");
        scene_clear(&s);
    }
}

static void test_bf_signing_labels__other_peoples(void **state)
{
    (void)state;
    static const char *const others[] = {"负责人", "审核人", "经办人", "领导", "校长"};
    for (gsize i = 0; i < G_N_ELEMENTS(others); i++) {
        scene s = scene_new(1);
        int n = (int)g_utf8_strlen(others[i], -1), x = 200 + n * H;
        guint line = add_line(&s, (bf_rect){200, 300, (n + 3) * H, H}, 0.97F);
        characters(&s, (bf_rect){200, 302, (n + 2) * H, H - 6});
        add_word(&s, others[i], false, 200, 300, line);
        add_word(&s, "签字", true, x, 300, line);
        scribble(&s, (bf_rect){x + 100, 290, 140, 50});
        look(&s);
        if (s.ink->len > 0 || !s.known)
            fail_msg("%s: its signature is taken for the applicant's", others[i]);
        scene_clear(&s);
    }
    scene s = scene_new(1); /* a word that nobody knows, right before it */
    guint line = add_line(&s, (bf_rect){200, 300, 180, H}, 0.97F);
    characters(&s, (bf_rect){200, 302, 150, H - 6});
    add_word(&s, "签字", true, 290, 300, line);
    scribble(&s, (bf_rect){400, 290, 140, 50});
    look(&s);
    assert_int_equal(s.ink->len, 0);
    scene_clear(&s);
}

static void test_bf_signing_labels__words_in_a_sentence(void **state)
{
    (void)state;
    scene s = scene_new(1);
    guint line = add_line(&s, (bf_rect){100, 300, 700, H}, 0.97F);
    characters(&s, (bf_rect){100, 302, 700, H - 6});
    add_word(&s, "承诺人", false, 300, 300, line);
    look(&s);
    assert_int_equal(s.ink->len, 0);
    assert_true(s.known);
    scene_clear(&s);
}

static void test_bf_find_signed_ink__the_row_below_is_somebody_elses(void **state)
{
    (void)state;
    scene s = scene_new(1);
    draw_label(&s, "承诺人", 200, 300);
    draw_label(&s, "审核人", 200, 370);
    scribble(&s, (bf_rect){340, 358, 140, 50});
    look(&s);
    assert_int_equal(s.ink->len, 0);
    scene_clear(&s);
}

static void test_bf_find_signed_ink__print_beside_a_field(void **state)
{
    (void)state;
    scene s = scene_new(1);
    int right = draw_label(&s, "申请人", 200, 300);
    characters(&s, (bf_rect){right + 20, 302, 120, H - 6});
    add_line(&s, (bf_rect){right + 20, 300, 120, H}, 0.97F);
    look(&s);
    assert_int_equal(s.ink->len, 0);
    assert_true(s.known);
    scene_clear(&s);
}

static void test_bf_find_signed_ink__seals(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        int channels;
        bf_rect seal;
        int red, green, blue;
        bool personal;
    } cases[] = {
        {"a name seal below", 3, {380, 400, 80, 80}, 200, 40, 40, true},
        {"a vermilion one", 3, {380, 300, 80, 80}, 225, 120, 95, true},
        {"a pale fingerprint", 3, {380, 300, 60, 80}, 238, 196, 196, true},
        {"one on a gray scan", 1, {380, 400, 80, 80}, 110, 110, 110, true},
        {"white on ink, far below, on a gray scan", 1, {380, 530, 60, 60}, 60, 60, 60, true},
        {"an official one", 3, {380, 250, 230, 230}, 200, 40, 40, false},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        scene s = scene_new(cases[i].channels);
        draw_label(&s, "承诺人", 200, 300);
        paint(&s, cases[i].seal, cases[i].red, cases[i].green, cases[i].blue);
        look(&s);
        bool seal = found(&s, BF_MASK_SEAL, cases[i].seal) != NULL;
        if (seal != cases[i].personal)
            fail_msg("%s: %s", cases[i].what, seal ? "covered" : "not covered");
        scene_clear(&s);
    }
}

/* On a gray scan what is far below a label is a seal only when most of it is ink: a stamped box or a character is not. */
static void test_bf_find_signed_ink__a_frame_far_below(void **state)
{
    (void)state;
    scene s = scene_new(1);
    const bf_rect frame = {380, 530, 60, 60};
    draw_label(&s, "承诺人", 200, 300);
    paint(&s, frame, 60, 60, 60);
    paint(&s, bf_rect_grow(frame, -5, -5), 245, 245, 245);
    look(&s);
    assert_null(found(&s, BF_MASK_SEAL, frame));
    scene_clear(&s);
}

/* The characters of a label's last word, too close together as the reader has them, do not make the zone for seals smaller. */
static void test_bf_find_signed_ink__a_label_with_a_narrow_word(void **state)
{
    (void)state;
    scene s = scene_new(1);
    const bf_rect seal = {380, 440, 60, 60};
    guint line = add_line(&s, (bf_rect){200, 300, 6 * H, H}, 0.97F);
    characters(&s, (bf_rect){200, 302, 5 * H, H - 6});
    add_word(&s, "承诺人", false, 200, 300, line);
    add_word(&s, "签字", true, 200 + 3 * H, 300, line);
    bf_hit *word = &g_array_index(s.reading.labels, bf_hit, 1);
    word->centre_x[1] = word->centre_x[0] + H / 2.0F;
    for (int y = seal.y; y < seal.y + seal.h; y += 20) /* a third of it is ink */
        paint(&s, (bf_rect){seal.x, y, seal.w, 6}, 60, 60, 60);
    paint(&s, (bf_rect){seal.x, seal.y, 4, seal.h}, 60, 60, 60);
    paint(&s, (bf_rect){seal.x, seal.y + seal.h - 4, seal.w, 4}, 60, 60, 60);
    look(&s);
    assert_non_null(found(&s, BF_MASK_SEAL, seal));
    scene_clear(&s);
}

/* Without a border: one whole character, and strokes of others that are too small for a seal by themselves. */
static void test_bf_find_signed_ink__a_seal_in_pieces(void **state)
{
    (void)state;
    static const bf_rect pieces[] = {{380, 400, 40, 40}, {430, 400, 12, 40}, {452, 402, 14, 36}, {382, 452, 36, 12}, {384, 474, 36, 14}};
    scene s = scene_new(3);
    draw_label(&s, "承诺人", 200, 300);
    for (guint i = 0; i < G_N_ELEMENTS(pieces); i++)
        paint(&s, pieces[i], 200, 40, 40);
    look(&s);
    for (guint i = 0; i < G_N_ELEMENTS(pieces); i++)
        if (found(&s, BF_MASK_SEAL, pieces[i]) == NULL)
            fail_msg("piece %u is left", i);
    scene_clear(&s);
}

/* Letters of a seal's ring that read like a label stand far apart: by their size the seal would pass for a personal one. */
static void test_bf_find_signed_ink__a_label_on_a_seal(void **state)
{
    (void)state;
    scene s = scene_new(3);
    for (int row = 0; row < 5; row++)
        add_line(&s, (bf_rect){60, 40 + 50 * row, 300, H}, 0.97F);
    const bf_rect ring = {500, 280, 230, 230};
    paint(&s, ring, 200, 40, 40);
    guint line = add_line(&s, (bf_rect){560, 300, 60, 180}, 0.9F);
    add_word(&s, "承诺人", false, 560, 300, line);
    bf_hit *word = &g_array_index(s.reading.labels, bf_hit, 0);
    word->quad = (bf_quad){{630, 630, 560, 560}, {300, 480, 480, 300}};
    for (int i = 0; i < 3; i++) {
        word->centre_x[i] = 595;
        word->centre_y[i] = (float)(320 + 60 * i);
    }
    look(&s);
    assert_null(found(&s, BF_MASK_SEAL, ring));
    scene_clear(&s);
}

/* A ring with a star. */
static void paint_official(scene *s, int x, int y, int radius)
{
    for (int dy = -radius; dy <= radius; dy++)
        for (int dx = -radius; dx <= radius; dx++) {
            float r = hypotf((float)dx, (float)dy) / (float)radius;
            if ((r > 0.92F && r <= 1) || r < 0.28F)
                paint(s, (bf_rect){x + dx, y + dy, 1, 1}, 200, 40, 40);
        }
}

/* One that is no larger than a name seal may be: neither the ring nor its star is covered. A name seal in the corner of its bounds is. */
static void test_bf_find_signed_ink__a_small_official_seal(void **state)
{
    (void)state;
    enum { X = 430, Y = 430, RADIUS = 60 };
    static const bf_rect ring = {X - RADIUS, Y - RADIUS, 2 * RADIUS, 2 * RADIUS}, star = {X - 12, Y - 12, 24, 24};
    static const bf_rect corner = {X + RADIUS - 12, Y + RADIUS - 12, 42, 42};
    for (int with_name = 0; with_name < 2; with_name++) {
        scene s = scene_new(3);
        draw_label(&s, "承诺人", 200, 300);
        paint_official(&s, X, Y, RADIUS);
        if (with_name)
            paint(&s, corner, 200, 40, 40);
        look(&s);
        assert_null(found(&s, BF_MASK_SEAL, ring));
        assert_null(found(&s, BF_MASK_SEAL, star));
        assert_int_equal(found(&s, BF_MASK_SEAL, corner) != NULL, with_name);
        scene_clear(&s);
    }
}

/* On a line of which next to nothing was read any word fits a little, as in the grain or on a seal. */
static void test_bf_signing_labels__not_where_nothing_is_read(void **state)
{
    (void)state;
    static const struct {
        float score;
        guint n_chars, labels;
    } cases[] = {{-7, 1, 0}, {-7, 0, 0}, {-7, 4, 1}, {-2, 1, 1}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        scene s = scene_new(1);
        draw_label(&s, "承诺人", 200, 300);
        g_array_index(s.reading.labels, bf_hit, 0).score = cases[i].score;
        g_array_index(s.reading.lines, bf_line, 0).n_chars = cases[i].n_chars;
        g_autoptr(GArray) labels = bf_signing_labels(s.picture, &s.reading, s.query);
        assert_int_equal(labels->len, cases[i].labels);
        scene_clear(&s);
    }
}

/* Nor where others were read: one of its characters at least must be seen. */
static void test_bf_signing_labels__not_where_only_others_are_read(void **state)
{
    (void)state;
    static const struct {
        float score, best_score;
        guint labels;
    } cases[] = {{-7, -3, 0}, {-7, -0.2F, 1}, {-3, -1.4F, 1}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        scene s = scene_new(1);
        guint line = add_line(&s, (bf_rect){200, 300, 2 * H, H}, 0.9F);
        add_word(&s, "签字", false, 200, 300, line);
        bf_hit *hit = &g_array_index(s.reading.labels, bf_hit, 0);
        hit->score = cases[i].score;
        hit->best_score = cases[i].best_score;
        g_autoptr(GArray) labels = bf_signing_labels(s.picture, &s.reading, s.query);
        assert_int_equal(labels->len, cases[i].labels);
        scene_clear(&s);
    }
}

/* A word whose characters the reader put too close together is no smaller than the label that it is part of: the next one is not far. */
static void test_bf_signing_labels__words_put_too_close(void **state)
{
    (void)state;
    scene s = scene_new(1);
    guint line = add_line(&s, (bf_rect){200, 300, 300, H}, 0.95F);
    characters(&s, (bf_rect){200, 302, 270, H - 6});
    add_word(&s, "申报人", false, 200, 300, line);
    add_word(&s, "签字", true, 290, 300, line);
    g_array_index(s.reading.labels, bf_hit, 1).centre_x[1] = 305 + H / 2.0F;
    g_array_index(s.reading.labels, bf_hit, 1).centre_x[2] = 350;
    add_word(&s, "手印", true, 395, 300, line); /* one character before it is no word */
    g_autoptr(GArray) labels = bf_signing_labels(s.picture, &s.reading, s.query);
    assert_int_equal(labels->len, 1);
    const bf_signing_label *label = &g_array_index(labels, bf_signing_label, 0);
    assert_int_equal(label->signs, BF_SIGNS_APPLICANT);
    assert_true(label->box.x + label->box.w > 395 + 2 * H);
    scene_clear(&s);
}

/* A signature in a clear hand reads like print, in lines of its own. Beside a label of the applicant whatever stands there is his; beside
 * another one it is when it shows a character of the name. */
static void test_bf_find_signed_ink__that_reads_like_print(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        bool shows_name, signature;
    } cases[] = {{"承诺人", false, true}, {"签名", true, true}, {"签名", false, false}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        scene s = scene_new(1);
        int right = draw_label(&s, cases[i].label, 200, 300);
        bf_rect r = {right + 20, 302, 2 * H, H - 6};
        characters(&s, r);
        guint number = add_line(&s, r, 0.97F);
        bf_line *line = &g_array_index(s.reading.lines, bf_line, number);
        line->n_chars = 2;
        line->shows_name = cases[i].shows_name;
        look(&s);
        if ((found(&s, BF_MASK_SIGNATURE, (bf_rect){r.x, r.y + 2, H, r.h - 4}) != NULL) != cases[i].signature)
            fail_msg("case %u: %u pieces", (guint)i, s.ink->len);
        scene_clear(&s);
    }
}

/* Eight characters are longer than three. */
static void test_bf_find_signed_ink__a_long_name(void **state)
{
    (void)state;
    scene s = scene_new(1);
    s.name_chars = 8;
    int right = draw_label(&s, "承诺人", 100, 300);
    bf_rect r = {right + 20, 288, 500, 56};
    scribble(&s, r);
    expect_signature(&s, r, "eight characters");
    scene_clear(&s);
}

/* A fax saved in three channels has no red: seals are as dark as print there. */
static void test_bf_find_signed_ink__a_seal_without_colour(void **state)
{
    (void)state;
    scene s = scene_new(3);
    draw_label(&s, "承诺人", 200, 300);
    const bf_rect seal = {380, 400, 80, 80};
    paint(&s, seal, 30, 30, 30);
    look(&s);
    assert_non_null(found(&s, BF_MASK_SEAL, seal));
    scene_clear(&s);
}

/* Further looks find the words again, not all of them: what belongs to the label is no signature. */
static void test_bf_find_signed_ink__words_found_twice(void **state)
{
    (void)state;
    scene s = scene_new(1);
    guint line = add_line(&s, (bf_rect){200, 300, 300, H}, 0.7F);
    characters(&s, (bf_rect){200, 302, 270, H - 6});
    add_word(&s, "承诺人", true, 200, 300, line);
    add_word(&s, "签字", true, 320, 300, line);
    add_word(&s, "手印", true, 440, 300, line); /* one character before it is no word */
    add_word(&s, "承诺人", true, 198, 298, line);
    bf_rect r = {550, 290, 140, 50};
    scribble(&s, r);
    expect_signature(&s, r, "behind all words");
    assert_int_equal(s.ink->len, 1);
    scene_clear(&s);
}

static void test_bf_find_signed_ink__star_of_an_official_seal(void **state)
{
    (void)state;
    scene s = scene_new(3);
    draw_label(&s, "承诺人", 200, 300);
    for (int i = 0; i < 4; i++) { /* a frame stands for the ring */
        paint(&s, (bf_rect){380 + (i == 1) * 220, 220, 10, 230}, 200, 40, 40);
        paint(&s, (bf_rect){380, 220 + (i == 1) * 220, 230, 10}, 200, 40, 40);
    }
    paint_star(&s, 495, 335, 40, 200, 40, 40);
    look(&s);
    assert_int_equal(s.ink->len, 0);
    scene_clear(&s);
}

/* The name seal has the deeper ink, and hangs together with the official one that it is stamped over. */
static void test_bf_find_signed_ink__a_seal_on_an_official_seal(void **state)
{
    (void)state;
    scene s = scene_new(3);
    draw_label(&s, "承诺人", 200, 300);
    for (int i = 0; i < 4; i++) { /* frames stand for rings */
        paint(&s, (bf_rect){380 + (i == 1) * 220, 220, 10, 230}, 220, 110, 110);
        paint(&s, (bf_rect){380, 220 + (i == 1) * 220, 230, 10}, 220, 110, 110);
    }
    const bf_rect seal = {350, 330, 90, 88};
    for (int i = 0; i < 2; i++) {
        paint(&s, (bf_rect){seal.x + i * (seal.w - 6), seal.y, 6, seal.h}, 210, 20, 50);
        paint(&s, (bf_rect){seal.x, seal.y + i * (seal.h - 6), seal.w, 6}, 210, 20, 50);
        paint(&s, (bf_rect){seal.x + 15 + i * 36, seal.y + 20, 22, 50}, 210, 20, 50);
    }
    look(&s);
    bool covered = false;
    for (guint i = 0; i < s.ink->len; i++) {
        const bf_signed_ink *ink = &g_array_index(s.ink, bf_signed_ink, i);
        bf_rect c = bf_rect_intersect(ink->rect, seal);
        covered = covered || (ink->kind == BF_MASK_SEAL && c.w == seal.w && c.h == seal.h && ink->rect.w < 120);
    }
    assert_true(covered);
    scene_clear(&s);
}

static void test_bf_find_signed_ink__what_is_not_covered_is_told(void **state)
{
    (void)state;
    scene s = scene_new(1);
    draw_label(&s, "承诺人", 100, 300);
    scribble(&s, (bf_rect){240, 290, 120, 50});
    scribble(&s, (bf_rect){430, 296, 60, 30}); /* too far to hang together with it, too near to be something else */
    look(&s);
    assert_non_null(found(&s, BF_MASK_SIGNATURE, (bf_rect){240, 290, 120, 50}));
    assert_false(s.known);
    scene_clear(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bf_find_signed_ink__on_each_side),
        cmocka_unit_test(test_bf_find_signed_ink__on_a_ruled_line),
        cmocka_unit_test(test_bf_find_signed_ink__read_together_with_its_label),
        cmocka_unit_test(test_bf_find_signed_ink__words_of_one_label),
        cmocka_unit_test(test_bf_find_signed_ink__ends_before_the_date),
        cmocka_unit_test(test_bf_find_signed_ink__a_date_that_is_none),
        cmocka_unit_test(test_bf_signing_labels__other_peoples),
        cmocka_unit_test(test_bf_signing_labels__words_in_a_sentence),
        cmocka_unit_test(test_bf_find_signed_ink__the_row_below_is_somebody_elses),
        cmocka_unit_test(test_bf_find_signed_ink__print_beside_a_field),
        cmocka_unit_test(test_bf_find_signed_ink__seals),
        cmocka_unit_test(test_bf_find_signed_ink__a_frame_far_below),
        cmocka_unit_test(test_bf_find_signed_ink__a_label_with_a_narrow_word),
        cmocka_unit_test(test_bf_find_signed_ink__a_seal_in_pieces),
        cmocka_unit_test(test_bf_find_signed_ink__a_label_on_a_seal),
        cmocka_unit_test(test_bf_find_signed_ink__a_small_official_seal),
        cmocka_unit_test(test_bf_signing_labels__not_where_nothing_is_read),
        cmocka_unit_test(test_bf_signing_labels__not_where_only_others_are_read),
        cmocka_unit_test(test_bf_signing_labels__words_put_too_close),
        cmocka_unit_test(test_bf_find_signed_ink__that_reads_like_print),
        cmocka_unit_test(test_bf_find_signed_ink__a_long_name),
        cmocka_unit_test(test_bf_find_signed_ink__a_seal_without_colour),
        cmocka_unit_test(test_bf_find_signed_ink__words_found_twice),
        cmocka_unit_test(test_bf_find_signed_ink__star_of_an_official_seal),
        cmocka_unit_test(test_bf_find_signed_ink__a_seal_on_an_official_seal),
        cmocka_unit_test(test_bf_find_signed_ink__what_is_not_covered_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
