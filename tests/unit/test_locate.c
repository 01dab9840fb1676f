/* From frames to places, on posteriors written by hand: whole words, joins over the end of a line, characters that the reader lacks. */
#include "read/line_crop.h"
#include "read/ppocr/broken_off.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const char KEYS[] = "李\n敏\n明\n丽\n王\n·\n.\nM\nZ\nh\no\nu\nx\na\n";
enum { FRAME_PX = 8, LINE_HEIGHT_PX = 48 }; /* six frames are as long as a line is high */

typedef struct {
    bf_charset charset;
} fixture;

static int set_up(void **state)
{
    fixture *f = g_new0(fixture, 1);
    *state = f;
    return bf_charset_parse(KEYS, sizeof KEYS - 1, &f->charset, NULL) ? 0 : -1;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    bf_charset_clear(&f->charset);
    g_free(f);
    return 0;
}

static bf_query *one_form(const char *text, bf_gap gap, bf_form_kind kind, bool whole_word)
{
    bf_query *q = g_new0(bf_query, 1);
    q->n_forms = 1;
    q->forms = g_new0(bf_form, 1);
    bf_form *form = q->forms;
    form->kind = kind;
    form->whole_word = whole_word;
    form->symbols = g_new0(bf_symbol, (gsize)g_utf8_strlen(text, -1));
    for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
        bf_symbol *s = &form->symbols[form->n_symbols++];
        s->alts = g_new0(gunichar, 1);
        s->alts[0] = g_utf8_get_char(p);
        s->n_alts = 1;
        s->gap = gap;
    }
    return q;
}

/* A trace from a script: one frame a character, '_' is the blank; a run of the same character is one character read, strongest in its first
 * frame or, with late, in its last. */
static void make_trace(const bf_spotter *spotter, const bf_charset *charset, const char *script, bool late, bf_trace *out)
{
    guint n = (guint)g_utf8_strlen(script, -1), t = 0;
    *out = (bf_trace){.n_frames = n, .n_columns = spotter->n_columns, .step = 1.0F / (float)n};
    out->r = g_new(float, (gsize)n * spotter->n_columns + 1);
    out->chars = g_array_new(FALSE, FALSE, sizeof(bf_read_char));
    gunichar last = '_';
    for (const char *c = script; *c != '\0'; c = g_utf8_next_char(c), t++) {
        gunichar u = g_utf8_get_char(c);
        guint class = u == '_' ? 0 : bf_charset_class(charset, u);
        for (guint k = 0; k < spotter->n_columns; k++) {
            bool top = k == COLUMN_ANY && class != 0;
            for (guint i = 0; i < spotter->columns[k].n_classes; i++)
                top = top || spotter->columns[k].classes[i] == class;
            out->r[(gsize)t * spotter->n_columns + k] = top ? 0 : SPOT_FLOOR;
        }
        bf_read_char read = {u, 0.9F, t};
        if (u == last && u != '_' && late)
            g_array_index(out->chars, bf_read_char, out->chars->len - 1).frame = t;
        else if (u != last && u != '_')
            g_array_append_val(out->chars, read);
        last = u;
    }
}

/* A line of the script's length with its start at (x, y). */
static bf_quad quad_at(float x, float y, guint n_frames)
{
    float r = x + (float)(n_frames * FRAME_PX), b = y + LINE_HEIGHT_PX;
    return (bf_quad){{x, r, r, x}, {y, y, b, b}};
}

static GArray *locate(const fixture *f, const bf_query *query, const char *script, bool late)
{
    g_autoptr(bf_spotter) spotter = bf_spotter_new(query, &f->charset, NULL);
    GArray *hits = g_array_new(FALSE, FALSE, sizeof(bf_hit));
    bf_trace trace;
    make_trace(spotter, &f->charset, script, late, &trace);
    bf_quad quad = quad_at(0, 0, trace.n_frames);
    bf_locate_in_line(spotter, &trace, &quad, false, 3, hits);
    bf_trace_clear(&trace);
    return hits;
}

/* ---- words ---- */

static const struct {
    const char *what, *form, *script;
    guint hits;
} WORDS[] = {
    {"alone", "Zhou", "_Zhou_", 1},
    {"alone, each letter over two frames", "Zhou", "_ZZhhoouu_", 1},
    {"alone, each letter over three frames", "Zhou", "_ZZZ_hhh_ooo_uuu_", 1},
    {"from the line's first frame to its last", "Zhou", "ZZ_h_o_uu", 1},
    {"between spaces", "Zhou", "_x_a_ _Z_h_o_u_ _a_", 1},
    {"between runs of spaces", "Zhou", "aa  ZZhhoouu  aa", 1},
    {"between Chinese", "Zhou", "王Zhou王", 1},
    {"behind a full stop", "Zhou", "M_.Z_h_o_u_", 1},
    {"a letter before", "hou", "_Z_hou_", 0},
    {"a letter before, runs", "hou", "_ZZhhoouu_", 0},
    {"a letter behind", "Zho", "_Zho_u_", 0},
    {"a letter behind, runs", "Zho", "_ZZhhoouu_", 0},
    {"a capital behind a small letter", "Zhou", "_aZhou_", 1},
};

static void test_bf_locate_in_line__whole_words(void **state)
{
    const fixture *f = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(WORDS) * 2; i++) {
        g_autoptr(bf_query) query = one_form(WORDS[i / 2].form, BF_GAP_TIGHT, BF_FORM_PINYIN, true);
        g_autoptr(GArray) hits = locate(f, query, WORDS[i / 2].script, i % 2);
        if (hits->len != WORDS[i / 2].hits)
            fail_msg("%s, %s: %u hits", WORDS[i / 2].what, i % 2 ? "late" : "early", hits->len);
    }
}

/* What stands right behind a word may have been a sign, as @ is that was read as a letter. */
static void test_bf_locate_in_line__a_sign_read_as_a_letter(void **state)
{
    const fixture *f = *state;
    for (int sign = 0; sign < 2; sign++) {
        g_autoptr(bf_query) query = one_form("Zhou", BF_GAP_TIGHT, BF_FORM_PINYIN, true);
        g_autoptr(bf_spotter) spotter = bf_spotter_new(query, &f->charset, NULL);
        g_autoptr(GArray) hits = g_array_new(FALSE, FALSE, sizeof(bf_hit));
        bf_trace trace;
        make_trace(spotter, &f->charset, "_Z_h_o_u_aax_", false, &trace);
        if (sign)
            trace.r[(gsize)9 * trace.n_columns + COLUMN_SEPARATOR] = -1;
        bf_quad quad = quad_at(0, 0, trace.n_frames);
        bf_locate_in_line(spotter, &trace, &quad, false, 3, hits);
        assert_int_equal(hits->len, sign);
        bf_trace_clear(&trace);
    }
}

/* Where nothing is read surely all letters fit; a name of characters needs no more than to fit. */
static void test_bf_locate_in_line__letters_of_noise(void **state)
{
    fixture *f = *state;
    static const struct {
        const char *name, *script;
        bool whole_word;
    } cases[] = {{"Zhou", "Z_h_o_u", true}, {"李敏", "李_敏", false}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        for (int noise = 0; noise < 2; noise++) {
            g_autoptr(bf_query) q = one_form(cases[i].name, cases[i].whole_word ? BF_GAP_TIGHT : BF_GAP_LOOSE,
                                             cases[i].whole_word ? BF_FORM_PINYIN : BF_FORM_NAME, cases[i].whole_word);
            g_autoptr(bf_spotter) s = bf_spotter_new(q, &f->charset, NULL);
            g_autoptr(GArray) hits = g_array_new(FALSE, FALSE, sizeof(bf_hit));
            g_auto(bf_trace) trace = {0};
            bf_quad quad = {{0, 56, 56, 0}, {0, 0, LINE_HEIGHT_PX, LINE_HEIGHT_PX}};
            make_trace(s, &f->charset, cases[i].script, false, &trace);
            for (guint k = 0; noise && k < trace.chars->len; k++)
                g_array_index(trace.chars, bf_read_char, k).p = 0.2F;
            bf_locate_in_line(s, &trace, &quad, false, 0, hits);
            assert_int_equal(hits->len, 1);
            assert_int_equal(g_array_index(hits, bf_hit, 0).sure, !noise || !cases[i].whole_word);
        }
}

/* How well its characters fit, at best and at worst: what was read, and what fits where something else was. */
static void test_bf_locate_in_line__best_and_worst(void **state)
{
    const fixture *f = *state;
    g_autoptr(bf_query) query = one_form("李敏丽", BF_GAP_LOOSE, BF_FORM_NAME, false);
    g_autoptr(bf_spotter) spotter = bf_spotter_new(query, &f->charset, NULL);
    static const float parts[][3] = {{0, -5, -6}, {-3, -2.5F, -4}};
    static const guint frames[] = {5, 10, 15};
    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
        g_autoptr(GArray) hits = g_array_new(FALSE, FALSE, sizeof(bf_hit));
        g_auto(bf_trace) trace = {0};
        make_trace(spotter, &f->charset, "_____李____敏____丽_____", false, &trace);
        for (guint k = 0; k < 3; k++)
            trace.r[(gsize)frames[k] * trace.n_columns + spotter->programs[0].plain_of[k]] = parts[i][k];
        bf_quad quad = quad_at(0, 0, trace.n_frames);
        bf_locate_in_line(spotter, &trace, &quad, false, 0, hits);
        assert_int_equal(hits->len, 1);
        assert_float_equal(g_array_index(hits, bf_hit, 0).best_score, i == 0 ? 0 : -2.5, 0.01);
        assert_float_equal(g_array_index(hits, bf_hit, 0).odd_score, i == 0 ? -6 : -4, 0.01);
    }
}

static void test_bf_locate_in_line__parts_of_words_where_they_count(void **state)
{
    const fixture *f = *state;
    g_autoptr(bf_query) query = one_form("hou", BF_GAP_TIGHT, BF_FORM_PINYIN, false);
    g_autoptr(GArray) hits = locate(f, query, "_Z_hou_", false);
    assert_int_equal(hits->len, 1);
}

/* ---- places ---- */

static void expect_covers(const bf_hit *h, guint first_frame, guint last_frame)
{
    bf_rect b = bf_quad_bounds(&h->quad);
    if (b.x > (int)(first_frame * FRAME_PX) || b.x + b.w < (int)((last_frame + 1) * FRAME_PX) || b.y > 0 || b.y + b.h < LINE_HEIGHT_PX)
        fail_msg("%d,%d %dx%d does not hold frames %u to %u", b.x, b.y, b.w, b.h, first_frame, last_frame);
}

static void test_bf_locate_in_line__place_of_a_name(void **state)
{
    const fixture *f = *state;
    g_autoptr(bf_query) query = one_form("李敏", BF_GAP_LOOSE, BF_FORM_NAME, false);
    g_autoptr(GArray) hits = locate(f, query, "__王_____李_____敏_____王__", false);
    assert_int_equal(hits->len, 1);
    const bf_hit *h = &g_array_index(hits, bf_hit, 0);
    expect_covers(h, 6, 17);
    bf_rect b = bf_quad_bounds(&h->quad);
    assert_true(b.x > 3 * FRAME_PX && b.x + b.w < 20 * FRAME_PX); /* its neighbours' centres stay out */
    assert_true(h->sure && h->line == 3 && h->next_line == -1 && h->n_wild == 0);
    assert_int_equal(h->n_centres, 2);
    assert_float_equal(h->centre_x[0], 8.5 * FRAME_PX, 0.5);
    assert_float_equal(h->centre_x[1], 14.5 * FRAME_PX, 0.5);
    assert_float_equal(h->centre_y[0], LINE_HEIGHT_PX / 2, 0.5);
}

/* Blanks between characters, as many as given. */
static char *spaced(const char *const *parts, guint blanks)
{
    g_autofree char *gap = g_strnfill(blanks, '_');
    GString *s = g_string_new("__");
    for (; *parts != NULL; parts++)
        g_string_append_printf(s, "%s%s", *parts, gap);
    return g_string_free(s, FALSE);
}

static void test_bf_locate_in_line__letter_spacing_has_an_end(void **state)
{
    const fixture *f = *state;
    const char *const parts[] = {"李", "敏", NULL};
    g_autoptr(bf_query) query = one_form("李敏", BF_GAP_LOOSE, BF_FORM_NAME, false);
    g_autofree char *near_script = spaced(parts, 30), *far_script = spaced(parts, 40);
    g_autoptr(GArray) near_hits = locate(f, query, near_script, false), far_hits = locate(f, query, far_script, false);
    assert_int_equal(near_hits->len, 1);
    expect_covers(&g_array_index(near_hits, bf_hit, 0), 1, 34);
    assert_int_equal(far_hits->len, 0);
}

static const struct {
    const char *what, *form, *script;
    guint first, last; /* frames that the hit must cover */
} UNKNOWN[] = {
    {"last, read as something", "李敏龘", "_____李_____敏_____王___________", 3, 20},
    {"last, read as nothing", "李敏龘", "_____李_____敏_________________", 3, 19},
    {"last two", "李敏龘靐", "_____李_____敏_____________________", 3, 25},
    {"first two", "龘靐李敏", "__________________李_____敏_________", 5, 26},
    {"two in the middle, left out", "李龘靐敏", "_____李____________敏________", 3, 21},
    {"three in the middle, letter-spaced", "李龘靐龖敏丽", "___李________________________敏______丽________", 2, 37},
    {"first, read as something", "龘李敏", "_____王_____李_____敏___________", 3, 20},
    {"first, read as nothing", "龘李敏", "___________李_____敏___________", 4, 20},
    {"in the middle", "李龘敏", "_____李_____王_____敏___________", 3, 19},
    {"in the middle, letter-spaced", "李龘敏", "___李____________________王____________________敏________", 3, 45},
};

static void test_bf_locate_in_line__characters_that_the_reader_lacks(void **state)
{
    const fixture *f = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(UNKNOWN); i++) {
        g_autoptr(bf_query) query = one_form(UNKNOWN[i].form, BF_GAP_LOOSE, BF_FORM_NAME, false);
        g_autoptr(GArray) hits = locate(f, query, UNKNOWN[i].script, false);
        if (hits->len != 1 || !g_array_index(hits, bf_hit, 0).sure || g_array_index(hits, bf_hit, 0).n_wild == 0)
            fail_msg("%s: %u hits", UNKNOWN[i].what, hits->len);
        expect_covers(&g_array_index(hits, bf_hit, 0), UNKNOWN[i].first, UNKNOWN[i].last);
    }
}

static void test_bf_locate_in_line__one_known_character_is_never_sure(void **state)
{
    const fixture *f = *state;
    g_autoptr(bf_query) query = one_form("李龘", BF_GAP_LOOSE, BF_FORM_NAME, false);
    g_autoptr(GArray) hits = locate(f, query, "___李_____王__", false);
    assert_int_equal(hits->len, 1);
    assert_false(g_array_index(hits, bf_hit, 0).sure);
}

/* 敏 may also be written 龘, which the reader leaves out where it is plain. Something read in its place tells that it does not stand there
 * when it is read surely, and else nothing. */
static void test_bf_locate_in_line__something_unsure_in_place_of_one_left_out(void **state)
{
    static const struct {
        const char *script;
        float p; /* of 王 */
        guint hits;
    } cases[] = {
        {"_____李___________________", 0.9F, 1}, {"_____李_____王_____________", 0.9F, 0}, {"_____李_____王_____________", 0.5F, 1}};
    const fixture *f = *state;
    g_autoptr(bf_query) query = one_form("李敏", BF_GAP_LOOSE, BF_FORM_NAME, false);
    bf_symbol *last = &query->forms[0].symbols[1];
    last->alts = g_renew(gunichar, last->alts, 2);
    last->alts[last->n_alts++] = g_utf8_get_char("龘");
    g_autoptr(GHashTable) misreadings = bf_misreadings_new();
    bf_misreading *left_out = g_new0(bf_misreading, 1);
    *left_out = (bf_misreading){.fails = true, .silent = true, .taken_for = g_array_new(FALSE, FALSE, sizeof(gunichar))};
    g_hash_table_insert(misreadings, GUINT_TO_POINTER(g_utf8_get_char("龘")), left_out);
    g_autoptr(bf_spotter) spotter = bf_spotter_new(query, &f->charset, misreadings);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GArray) hits = g_array_new(FALSE, FALSE, sizeof(bf_hit));
        g_auto(bf_trace) trace = {0};
        make_trace(spotter, &f->charset, cases[i].script, false, &trace);
        g_array_index(trace.chars, bf_read_char, trace.chars->len - 1).p = cases[i].p;
        bf_quad quad = quad_at(0, 0, trace.n_frames);
        bf_locate_in_line(spotter, &trace, &quad, false, 0, hits);
        if (hits->len != cases[i].hits || (hits->len > 0 && g_array_index(hits, bf_hit, 0).sure))
            fail_msg("%s, %.1f: %u hits", cases[i].script, (double)cases[i].p, hits->len);
    }
}

/* ---- over the end of a line ---- */

typedef struct {
    const char *what, *form, *first, *second;
    float x, y; /* where the second line starts; the first one at (0, 0) is 24 frames long */
    bool whole_word;
    guint hits;
} join_case;

#define TWENTY_FOUR(end) "______________________" end

static const join_case JOINS[] = {
    {"the line below", "李敏", TWENTY_FOUR("李_"), "_敏____王___", 0, 70, false, 2},
    {"below, set in", "李敏", TWENTY_FOUR("李_"), "_敏____王___", 60, 70, false, 2},
    {"a box further on in the row", "李敏", TWENTY_FOUR("李_"), "_敏____王___", 300, 4, false, 2},
    {"far on in the row", "李敏", TWENTY_FOUR("李_"), "_敏____王___", 600, 4, false, 0},
    {"far below", "李敏", TWENTY_FOUR("李_"), "_敏____王___", 0, 300, false, 0},
    {"above", "李敏", TWENTY_FOUR("李_"), "_敏____王___", 0, -70, false, 0},
    {"something between", "李敏", TWENTY_FOUR("李_"), "_王_敏_______", 0, 70, false, 0},
    {"all on one line", "李敏", "__________________李_敏___", "_王____________", 0, 70, false, 0},
    {"three characters", "李敏丽", "___________________李_敏__", "_丽____________", 0, 70, false, 2},
    {"wide gaps at the end of one and the start of the next", "李敏", "_王__王__王__王__王__王__王___________李_",
     "_敏____________王__王__王__王__王__王__", 0, 70, false, 2},
    {"a word cut in two", "Zhou", TWENTY_FOUR("Zh"), "ou _王_______", 0, 70, true, 2},
    {"a word's last letter alone", "Zhou", "_____________________Zho", "u _王________", 0, 70, true, 0},
    {"a word's first letter alone", "Zhou", TWENTY_FOUR(" Z"), "hou _王______", 0, 70, true, 0},
    {"part of a longer word, before", "hou", "____________________ Zh_", "ou _王_______", 0, 70, true, 0},
    {"part of a longer word, behind", "Zho", TWENTY_FOUR("Zh"), "ou _王_______", 0, 70, true, 0},
};

static GArray *locate_over(const fixture *f, const join_case *c)
{
    bool latin = g_ascii_isalpha(c->form[0]);
    g_autoptr(bf_query) query =
        one_form(c->form, latin ? BF_GAP_TIGHT : BF_GAP_LOOSE, latin ? BF_FORM_PINYIN : BF_FORM_NAME, c->whole_word);
    g_autoptr(bf_spotter) spotter = bf_spotter_new(query, &f->charset, NULL);
    GArray *hits = g_array_new(FALSE, FALSE, sizeof(bf_hit));
    bf_trace traces[2];
    make_trace(spotter, &f->charset, c->first, false, &traces[0]);
    make_trace(spotter, &f->charset, c->second, false, &traces[1]);
    bf_read_line lines[2] = {{&traces[0], quad_at(0, 0, traces[0].n_frames), 5, false},
                             {&traces[1], quad_at(c->x, c->y, traces[1].n_frames), 9, false}};
    bf_locate_over_lines(spotter, lines, 2, hits);
    bf_trace_clear(&traces[0]);
    bf_trace_clear(&traces[1]);
    return hits;
}

static void test_bf_locate_over_lines__cases(void **state)
{
    const fixture *f = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(JOINS); i++) {
        g_autoptr(GArray) hits = locate_over(f, &JOINS[i]);
        if (hits->len != JOINS[i].hits)
            fail_msg("%s: %u hits", JOINS[i].what, hits->len);
    }
}

static void test_bf_locate_over_lines__one_hit_a_part(void **state)
{
    const fixture *f = *state;
    g_autoptr(GArray) hits = locate_over(f, &JOINS[0]);
    const bf_hit *a = &g_array_index(hits, bf_hit, 0), *b = &g_array_index(hits, bf_hit, 1);
    assert_true(a->line == 5 && a->next_line == 9 && b->line == 9 && b->next_line == 5);
    assert_true(a->sure && b->sure && a->n_centres == 1 && b->n_centres == 1);
    assert_float_equal(a->centre_x[0], 22.5 * FRAME_PX, 0.5);
    assert_float_equal(b->centre_x[0], 1.5 * FRAME_PX, 0.5);
    assert_float_equal(b->centre_y[0], 70 + LINE_HEIGHT_PX / 2, 0.5);
    bf_rect ra = bf_quad_bounds(&a->quad), rb = bf_quad_bounds(&b->quad);
    assert_true(ra.x <= 20 * FRAME_PX && ra.x > 10 * FRAME_PX && ra.x + ra.w >= 24 * FRAME_PX);
    assert_true(rb.x <= 0 && rb.x + rb.w >= 4 * FRAME_PX && rb.x + rb.w < 12 * FRAME_PX);
}

/* Two cells of a table that detection took for one line: label and the end of the name, which begins above the end only. */
static void test_bf_locate_over_lines__cells_taken_for_one_line(void **state)
{
    const fixture *f = *state;
    g_autoptr(bf_query) query = one_form("李敏丽", BF_GAP_LOOSE, BF_FORM_NAME, false);
    g_autoptr(bf_spotter) spotter = bf_spotter_new(query, &f->charset, NULL);
    g_autoptr(GArray) hits = g_array_new(FALSE, FALSE, sizeof(bf_hit));
    bf_trace traces[2];
    make_trace(spotter, &f->charset, "_李__敏_", false, &traces[0]);
    make_trace(spotter, &f->charset, "_王__王__王____________丽_", false, &traces[1]);
    bf_read_line lines[2] = {{&traces[0], quad_at(18 * FRAME_PX, 0, traces[0].n_frames), 1, false},
                             {&traces[1], quad_at(0, 60, traces[1].n_frames), 2, false}};
    bf_locate_over_lines(spotter, lines, 2, hits);
    assert_int_equal(hits->len, 2);
    assert_float_equal(g_array_index(hits, bf_hit, 1).centre_x[0], 20.5 * FRAME_PX, FRAME_PX);
    bf_trace_clear(&traces[0]);
    bf_trace_clear(&traces[1]);
}

/* One character a line; the middle one must be part of it. */
static void test_bf_locate_over_lines__three_lines(void **state)
{
    const fixture *f = *state;
    static const struct {
        const char *middle;
        float x;
        guint hits;
    } cases[] = {{"_敏____", 0, 3}, {"_敏_王__", 0, 0}, {"_王____", 0, 0}, {"_敏____", 900, 0}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(bf_query) query = one_form("李敏丽", BF_GAP_LOOSE, BF_FORM_NAME, false);
        g_autoptr(bf_spotter) spotter = bf_spotter_new(query, &f->charset, NULL);
        g_autoptr(GArray) hits = g_array_new(FALSE, FALSE, sizeof(bf_hit));
        const char *const scripts[3] = {"___李__", cases[i].middle, "_丽____"};
        bf_trace traces[3];
        bf_read_line lines[3];
        for (guint k = 0; k < 3; k++) {
            make_trace(spotter, &f->charset, scripts[k], false, &traces[k]);
            lines[k] = (bf_read_line){&traces[k], quad_at(k == 1 ? cases[i].x : 0, 60 * (float)k, traces[k].n_frames), k, false};
        }
        bf_locate_over_lines(spotter, lines, 3, hits);
        for (guint k = 0; k < 3; k++)
            bf_trace_clear(&traces[k]);
        if (hits->len != cases[i].hits)
            fail_msg("case %u: %u hits", (guint)i, hits->len);
    }
}

/* What begins a name at a line's end goes on in the next line, plainly read; another line in reach that fits a little is none of it. It is,
 * when there is no better one. */
static void test_bf_locate_over_lines__the_line_that_fits_best(void **state)
{
    const fixture *f = *state;
    g_autoptr(bf_query) query = one_form("李敏丽", BF_GAP_LOOSE, BF_FORM_NAME, false);
    for (int with_next = 0; with_next < 2; with_next++) {
        g_autoptr(bf_spotter) spotter = bf_spotter_new(query, &f->charset, NULL);
        g_autoptr(GArray) hits = g_array_new(FALSE, FALSE, sizeof(bf_hit));
        const char *const scripts[3] = {"___________________李_敏_", "_丽____________________", "_丽____"};
        const float x[3] = {0, 0, 60}, y[3] = {0, with_next ? 60 : 900, 150};
        bf_trace traces[3];
        bf_read_line lines[3];
        for (guint k = 0; k < 3; k++) {
            make_trace(spotter, &f->charset, scripts[k], false, &traces[k]);
            lines[k] = (bf_read_line){&traces[k], quad_at(x[k], y[k], traces[k].n_frames), k, false};
        }
        traces[2].r[traces[2].n_columns + spotter->programs[0].column_of[2]] = -4;
        bf_locate_over_lines(spotter, lines, 3, hits);
        assert_int_equal(hits->len, 2);
        assert_int_equal(g_array_index(hits, bf_hit, 1).line, with_next ? 1 : 2);
        for (guint k = 0; k < 3; k++)
            bf_trace_clear(&traces[k]);
    }
}

/* Where the reader leaves a character out, its line is cut as between two cells: a name that is whole in its line does not go on in the
 * next one. */
static void test_bf_locate_over_lines__not_what_stands_whole(void **state)
{
    const fixture *f = *state;
    g_autoptr(bf_query) query = one_form("李龘敏", BF_GAP_LOOSE, BF_FORM_NAME, false);
    for (int whole = 0; whole < 2; whole++) {
        g_autoptr(bf_spotter) spotter = bf_spotter_new(query, &f->charset, NULL);
        g_autoptr(GArray) hits = g_array_new(FALSE, FALSE, sizeof(bf_hit));
        bf_trace traces[2];
        make_trace(spotter, &f->charset, whole ? "_______王_丽_王_李______敏_" : "_______王_丽_王_李______丽_", false, &traces[0]);
        make_trace(spotter, &f->charset, "_敏____王___", false, &traces[1]);
        bf_read_line lines[2] = {{&traces[0], quad_at(0, 0, traces[0].n_frames), 0, false},
                                 {&traces[1], quad_at(0, 60, traces[1].n_frames), 1, false}};
        bf_locate_in_line(spotter, &traces[0], &lines[0].quad, false, 0, hits);
        assert_int_equal(hits->len, whole);
        bf_locate_over_lines(spotter, lines, 2, hits);
        guint below = 0;
        for (guint i = 0; i < hits->len; i++)
            below += g_array_index(hits, bf_hit, i).line == 1;
        assert_int_equal(below > 0, !whole);
        bf_trace_clear(&traces[0]);
        bf_trace_clear(&traces[1]);
    }
}

/* A row of cells whose middle part stands by itself and goes on below its first; and letter-spacing that looks like cells on both lines. */
static void test_bf_locate_over_lines__wide_gaps(void **state)
{
    const fixture *f = *state;
    static const struct {
        const char *form, *first, *second;
        guint hits;
    } cases[] = {
        {"李敏丽王", "李__敏______丽__________________明__明__明__明__", "_王____", 3},
        {"李敏丽王", "李__敏______明__________________丽__明__明__明__", "_王____", 0},
        {"李敏丽王", "明x明x明x明x明x明x明x明x明x明x明x明______李__________敏_", "_丽__________王______明x明x明x明x明x明x明x明x明x明x明x明",
         2},
        {"李敏丽王", "明x明x明x明x明x明x明x明x明x明x明x明______李_____________________________________________敏_",
         "_丽__________王______明x明x明x明x明x明x明x明x明x明x明x明", 0},
        /* a dot before the gap between two columns is narrower than a character */
        {"李敏", "明___明___明___明___李___.____明___明___明___明", "敏___明___明___明___明________明___明___明___明", 2},
        {"李敏", "明___明___明___明___李___.___明___明___明___明", "敏___明___明___明___明________明___明___明___明", 0},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(bf_query) query = one_form(cases[i].form, BF_GAP_LOOSE, BF_FORM_NAME, false);
        g_autoptr(bf_spotter) spotter = bf_spotter_new(query, &f->charset, NULL);
        g_autoptr(GArray) hits = g_array_new(FALSE, FALSE, sizeof(bf_hit));
        const char *const scripts[2] = {cases[i].first, cases[i].second};
        bf_trace traces[2];
        bf_read_line lines[2];
        for (guint k = 0; k < 2; k++) {
            make_trace(spotter, &f->charset, scripts[k], false, &traces[k]);
            lines[k] = (bf_read_line){&traces[k], quad_at(0, 60 * (float)k, traces[k].n_frames), k, false};
        }
        bf_locate_over_lines(spotter, lines, 2, hits);
        for (guint k = 0; k < 2; k++)
            bf_trace_clear(&traces[k]);
        if (hits->len != cases[i].hits)
            fail_msg("case %u: %u hits", (guint)i, hits->len);
    }
}

/* A character that the reader lacks, cut off by the end of the line: where it would stand in the next one, and what was read there. */
static void test_bf_locate_over_lines__an_unknown_character_cut_off(void **state)
{
    const fixture *f = *state;
    g_autoptr(bf_query) query = one_form("李敏龘", BF_GAP_LOOSE, BF_FORM_NAME, false);
    g_autoptr(bf_spotter) spotter = bf_spotter_new(query, &f->charset, NULL);
    g_autoptr(GArray) hits = g_array_new(FALSE, FALSE, sizeof(bf_hit));
    g_auto(bf_trace) first = {0}, second = {0};
    make_trace(spotter, &f->charset, "_明____明____明____李____敏__", false, &first);
    make_trace(spotter, &f->charset, "__王____明____明____明_______", false, &second);
    bf_read_line lines[] = {{&first, quad_at(0, 0, first.n_frames), 0, false}, {&second, quad_at(0, 70, second.n_frames), 1, false}};
    bf_locate_over_lines(spotter, lines, 2, hits);
    assert_int_equal(hits->len, 1);
    const bf_hit *hit = &g_array_index(hits, bf_hit, 0);
    assert_true(hit->sure && hit->line == 1);
    assert_int_equal(hit->n_unproved, 1);
    assert_int_equal(hit->unproved[0].symbol, 2);
    assert_int_equal(hit->unproved[0].read, g_utf8_get_char("王"));
    assert_float_equal(hit->unproved[0].x, 2.5 * FRAME_PX, 0.5);
    assert_float_equal(hit->unproved[0].y, 70 + LINE_HEIGHT_PX / 2, 0.5);
    assert_float_equal(hit->right_x, LINE_HEIGHT_PX, 0.5);
}

/* Rows in parts: the last part goes on in the first one of the next row, though these are far apart; not from a column to the next. */
static void test_bf_locate_over_lines__rows_in_parts(void **state)
{
    const fixture *f = *state;
    for (int more = 0; more < 2; more++) { /* a part behind the name's */
        g_autoptr(bf_query) query = one_form("李敏", BF_GAP_LOOSE, BF_FORM_NAME, false);
        g_autoptr(bf_spotter) spotter = bf_spotter_new(query, &f->charset, NULL);
        g_autoptr(GArray) hits = g_array_new(FALSE, FALSE, sizeof(bf_hit));
        static const struct {
            const char *script;
            float x, y;
        } parts[] = {{"明__明__明", 0, 0}, {"明__明__李", 600, 0}, {"敏__明__明", 0, 60}, {"明__明__明", 900, 0}};
        bf_trace traces[G_N_ELEMENTS(parts)];
        bf_read_line lines[G_N_ELEMENTS(parts)];
        for (guint k = 0; k < G_N_ELEMENTS(parts); k++) {
            make_trace(spotter, &f->charset, parts[k].script, false, &traces[k]);
            lines[k] = (bf_read_line){&traces[k], quad_at(parts[k].x, parts[k].y, traces[k].n_frames), k, false};
        }
        bf_locate_over_lines(spotter, lines, more ? 4 : 3, hits);
        for (guint k = 0; k < G_N_ELEMENTS(parts); k++)
            bf_trace_clear(&traces[k]);
        assert_int_equal(hits->len, more ? 0 : 2);
    }
}

/* ---- narrow cells ---- */

typedef struct {
    const char *script;
    float x, y;
} placed;
static const struct {
    const char *what, *form;
    placed lines[4];
    guint hits;
} STACKED[] = {
    {"a character a row", "李敏丽", {{"_李___", 0, 0}, {"_敏___", 0, 60}, {"_丽___", 0, 120}}, 3},
    {"a row taken for part of the next cell's line", "李敏丽", {{"_李___", 0, 0}, {"_敏____王_王_王", 0, 60}, {"_丽___", 0, 120}}, 3},
    {"rows that are no column", "李敏丽", {{"_李____王_王_王", 0, 0}, {"_敏____王_王_王", 60, 60}, {"_丽___", 0, 120}}, 0},
    {"rows too far apart", "李敏丽", {{"_李___", 0, 0}, {"_敏____王_王_王", 0, 160}, {"_丽___", 0, 320}}, 0},
    {"rows at odd distances", "李敏丽", {{"_李____王_王_王", 0, 0}, {"_敏____王_王_王", 0, 40}, {"_丽___", 0, 150}}, 0},
    {"another order", "李敏丽", {{"_李___", 0, 0}, {"_丽____王_王_王", 0, 60}, {"_敏___", 0, 120}}, 0},
    {"two rows, both part of other lines", "李敏丽明", {{"_李_敏_______王_王", 0, 0}, {"_丽_明_______王_王", 0, 60}}, 2},
    {"two rows of others' names", "李敏丽", {{"李_敏_王", 0, 0}, {"丽_王", 0, 60}}, 0},
    {"two rows that go on", "李敏丽", {{"李_敏_", 0, 0}, {"丽_王_王_王", 0, 60}}, 0},
    {"two rows that do not begin there", "李敏丽明", {{"王_李_敏_______王_王", 0, 0}, {"王_丽_明_______王_王", 0, 60}}, 0},
    {"the first character not read", "李敏丽", {{"_敏___", 0, 60}, {"_丽___", 0, 120}}, 3},
    {"the middle one not read", "李敏丽", {{"_李___", 0, 0}, {"_丽___", 0, 120}}, 3},
    {"the last one not read", "李敏丽", {{"_李___", 0, 0}, {"_敏___", 0, 60}}, 3},
    {"another one in its place", "李敏丽", {{"_王___", 0, 0}, {"_敏___", 0, 60}, {"_丽___", 0, 120}}, 0},
    {"not read, in lines of text", "李敏丽", {{"_李____王_王_王", 0, 0}, {"_敏____王_王_王", 0, 60}}, 0},
    {"two characters", "李敏", {{"_李___", 0, 0}, {"_敏___", 0, 60}}, 0},
};

static void test_bf_locate_stacked__cases(void **state)
{
    const fixture *f = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(STACKED); i++) {
        g_autoptr(bf_query) query = one_form(STACKED[i].form, BF_GAP_LOOSE, BF_FORM_NAME, false);
        g_autoptr(bf_spotter) spotter = bf_spotter_new(query, &f->charset, NULL);
        g_autoptr(GArray) hits = g_array_new(FALSE, FALSE, sizeof(bf_hit));
        bf_trace traces[4];
        bf_read_line lines[4];
        guint n = 0;
        for (const placed *l = STACKED[i].lines; n < 4 && l->script != NULL; l++, n++) {
            make_trace(spotter, &f->charset, l->script, false, &traces[n]);
            lines[n] = (bf_read_line){&traces[n], quad_at(l->x, l->y, traces[n].n_frames), n, false};
        }
        bf_locate_stacked(spotter, lines, n, hits);
        for (guint k = 0; k < n; k++)
            bf_trace_clear(&traces[k]);
        if (hits->len != STACKED[i].hits)
            fail_msg("%s: %u hits", STACKED[i].what, hits->len);
    }
}

/* A character that was not read is covered where it must stand, from what stands beside it. */
static void test_bf_locate_stacked__the_unread_place(void **state)
{
    const fixture *f = *state;
    g_autoptr(bf_query) query = one_form("李敏丽", BF_GAP_LOOSE, BF_FORM_NAME, false);
    g_autoptr(bf_spotter) spotter = bf_spotter_new(query, &f->charset, NULL);
    g_autoptr(GArray) hits = g_array_new(FALSE, FALSE, sizeof(bf_hit));
    bf_trace traces[2];
    bf_read_line lines[2];
    const char *const scripts[2] = {"_敏___", "_丽___"};
    for (guint k = 0; k < 2; k++) {
        make_trace(spotter, &f->charset, scripts[k], false, &traces[k]);
        lines[k] = (bf_read_line){&traces[k], quad_at(100, 60 * (float)(k + 1), traces[k].n_frames), k, false};
    }
    bf_locate_stacked(spotter, lines, 2, hits);
    bool covered = false;
    for (guint i = 0; i < hits->len; i++) {
        bf_rect r = bf_quad_bounds(&g_array_index(hits, bf_hit, i).quad);
        covered = covered || (r.x < 100 + FRAME_PX && r.x + r.w > 100 + 3 * FRAME_PX && r.y <= 0 && r.y + r.h >= LINE_HEIGHT_PX);
    }
    bf_trace_clear(&traces[0]);
    bf_trace_clear(&traces[1]);
    assert_true(covered);
}

/* ---- over the end of a page ---- */

/* Ten lines of a text of which one was read; the others only stand there. */
static guint broken_off(const fixture *f, const char *form, bf_form_kind kind, guint at, float x, const char *script)
{
    g_autoptr(bf_query) query = one_form(form, BF_GAP_LOOSE, kind, false);
    g_autoptr(bf_spotter) spotter = bf_spotter_new(query, &f->charset, NULL);
    g_autoptr(GArray) hits = g_array_new(FALSE, FALSE, sizeof(bf_hit)), all = g_array_new(FALSE, FALSE, sizeof(bf_line));
    bf_trace trace;
    make_trace(spotter, &f->charset, script, false, &trace);
    for (guint i = 0; i < 10; i++) {
        bf_line line = {.quad = quad_at(i == at ? x : 0, 80 * (float)i, trace.n_frames)};
        g_array_append_val(all, line);
    }
    bf_read_line read = {&trace, g_array_index(all, bf_line, at).quad, at, false};
    bf_locate_broken_off(spotter, query, &read, 1, all, hits);
    bf_trace_clear(&trace);
    for (guint i = 0; i < hits->len; i++)
        assert_true(g_array_index(hits, bf_hit, i).sure);
    return hits->len;
}

static void test_bf_locate_broken_off__cases(void **state)
{
    const fixture *f = *state;
    static const char FOOT[] = "_明__王__明__王__明__王__明__王__明__王__明__王__明__王__李__敏__",
                      ONE[] = "_明__王__明__王__明__王__明__王__明__王__明__王__明__王__明__李__",
                      HEAD[] = "_敏__丽__王__明__王__明__王__明__王__明__王__明__王__明__王__明__", SHORT[] = "__李__敏__";
    static const struct {
        const char *what, *form, *script;
        bf_form_kind kind;
        guint at;
        float x;
        guint hits;
    } cases[] = {
        {"the foot", "李敏丽", FOOT, BF_FORM_NAME, 9, 0, 1},
        {"the foot of a longer name", "李敏丽王丽敏", FOOT, BF_FORM_NAME, 9, 0, 1},
        {"one character tells nobody's name", "李敏丽", ONE, BF_FORM_NAME, 9, 0, 0},
        {"two characters are a whole name, which is found elsewhere", "李敏", FOOT, BF_FORM_NAME, 9, 0, 0},
        {"the text goes on", "李敏丽", FOOT, BF_FORM_NAME, 8, 0, 0},
        {"the line is not full", "李敏丽", FOOT, BF_FORM_NAME, 9, -100, 0},
        {"another name", "李丽敏", FOOT, BF_FORM_NAME, 9, 0, 0},
        {"a form of address", "李敏丽", FOOT, BF_FORM_ADDRESS, 9, 0, 0},
        {"a word of its own", "李敏丽", SHORT, BF_FORM_NAME, 9, 0, 0},
        {"the head", "李敏丽", HEAD, BF_FORM_NAME, 0, 0, 1},
        {"the head, indented", "李敏丽", HEAD, BF_FORM_NAME, 0, 100, 0},
        {"further down", "李敏丽", HEAD, BF_FORM_NAME, 1, 0, 0},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        guint hits = broken_off(f, cases[i].form, cases[i].kind, cases[i].at, cases[i].x, cases[i].script);
        if (hits != cases[i].hits)
            fail_msg("%s: %u hits", cases[i].what, hits);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bf_locate_in_line__whole_words),
        cmocka_unit_test(test_bf_locate_in_line__a_sign_read_as_a_letter),
        cmocka_unit_test(test_bf_locate_in_line__letters_of_noise),
        cmocka_unit_test(test_bf_locate_in_line__best_and_worst),
        cmocka_unit_test(test_bf_locate_in_line__parts_of_words_where_they_count),
        cmocka_unit_test(test_bf_locate_in_line__place_of_a_name),
        cmocka_unit_test(test_bf_locate_in_line__letter_spacing_has_an_end),
        cmocka_unit_test(test_bf_locate_in_line__characters_that_the_reader_lacks),
        cmocka_unit_test(test_bf_locate_in_line__one_known_character_is_never_sure),
        cmocka_unit_test(test_bf_locate_in_line__something_unsure_in_place_of_one_left_out),
        cmocka_unit_test(test_bf_locate_over_lines__the_line_that_fits_best),
        cmocka_unit_test(test_bf_locate_over_lines__not_what_stands_whole),
        cmocka_unit_test(test_bf_locate_over_lines__an_unknown_character_cut_off),
        cmocka_unit_test(test_bf_locate_over_lines__cases),
        cmocka_unit_test(test_bf_locate_over_lines__one_hit_a_part),
        cmocka_unit_test(test_bf_locate_over_lines__cells_taken_for_one_line),
        cmocka_unit_test(test_bf_locate_over_lines__three_lines),
        cmocka_unit_test(test_bf_locate_over_lines__wide_gaps),
        cmocka_unit_test(test_bf_locate_over_lines__rows_in_parts),
        cmocka_unit_test(test_bf_locate_stacked__cases),
        cmocka_unit_test(test_bf_locate_stacked__the_unread_place),
        cmocka_unit_test(test_bf_locate_broken_off__cases),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
