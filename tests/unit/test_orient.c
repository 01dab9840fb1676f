/* Which way is the page turned? Told by reading, not told where nothing can be read; and what was found before a turn stays found. */
#include "blindfold/jpeg.h"
#include "blindfold/name.h"
#include "page/orient.h"
#include "page/reading.h"
#include "pagemaker.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

typedef struct {
    bf_page_engine *engine;
    bf_page_worker *worker;
    pm_person *person;
    bf_query *query;
} fixture;

static int set_up(void **state)
{
    fixture *f = g_new0(fixture, 1);
    bf_page_settings settings = {0};
    g_autoptr(GError) error = NULL;
    f->person = pm_person_random(88);
    *state = f;
    if (bf_page_engine_new(&settings, &f->engine, &error) && bf_page_worker_new(f->engine, &f->worker, &error) &&
        bf_name_build(f->person->name, NULL, &f->query, &error))
        return 0;
    print_error("%s\n", error->message);
    return -1;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    bf_page_worker_free(f->worker);
    bf_page_engine_free(f->engine);
    bf_query_free(f->query);
    pm_person_free(f->person);
    g_free(f);
    return 0;
}

static bf_line line_at(float x, float y, float w, float h, float confidence, guint n_chars)
{
    bf_line l = {.quad = {{x, x + w, x + w, x}, {y, y, y + h, y + h}}, .confidence = confidence, .n_chars = n_chars};
    l.vertical = h > w;
    if (l.vertical)
        l.quad = (bf_quad){{x + w, x + w, x, x}, {y, y + h, y + h, y}};
    return l;
}

static bf_picture *upright_picture(const fixture *f, pm_capture capture, int turn_deg)
{
    const pm_page_spec spec = {PM_KIND_TITLE, capture, 31, f->person, PM_FLAG_PLAIN_NAME, 0, 0, {.shrink = 1}};
    g_autoptr(pm_page) page = NULL;
    g_autoptr(bf_picture) picture = NULL;
    bf_picture *turned = NULL;
    assert_true(pm_page_draw(&spec, &page, NULL) && bf_jpeg_decode(page->jpeg, 0, 0, &picture, NULL, NULL));
    assert_true(bf_picture_turn(picture, turn_deg, &turned, NULL));
    return turned;
}

static void test_bf_orient_by_reading__every_turn(void **state)
{
    const fixture *f = *state;
    for (int lies = 0; lies < 360; lies += 90) {
        g_autoptr(bf_picture) picture = upright_picture(f, PM_CAPTURE_SCAN, lies);
        bf_reading r;
        int turn = -2;
        bf_reading_init(&r);
        assert_true(bf_read_plain(f->worker, picture, f->query, &r, NULL));
        assert_true(bf_lines_stand(r.lines) == (lies % 180 != 0));
        assert_true(bf_reads_well(r.lines) == (lies == 0) || lies % 180 != 0); /* never well upside down */
        assert_true(bf_orient_by_reading(f->worker, picture, r.lines, f->query, &turn, NULL));
        if (turn != (360 - lies) % 360)
            fail_msg("turned by %d: answer %d", lies, turn);
        bf_reading_clear(&r);
    }
}

/* Columns of upright characters, from right to left. */
static bf_picture *page_of_columns(const fixture *f)
{
    enum { SIDE = 900, SIZE = 40, PITCH = 48, COLUMN = 110 };
    static const char *const columns[] = {"兹聘请本校兼职教授参与编写教材", "会议听取各部门的年终总结", "就下一阶段重点任务进行部署",
                                          "聘期三年自即日起计算"};
    bf_picture *page = NULL;
    assert_true(bf_picture_new(SIDE, SIDE, 1, &page, NULL));
    memset(page->data, 255, SIDE * SIDE);
    for (guint i = 0; i < G_N_ELEMENTS(columns); i++) {
        int y = 60, x = SIDE - 150 - (int)i * COLUMN;
        for (const char *c = columns[i]; *c != '\0'; c = g_utf8_next_char(c), y += PITCH) {
            const gunichar u = g_utf8_get_char(c);
            g_autoptr(bf_picture) drawn = NULL;
            assert_true(bf_glyphs_draw(f->engine->glyphs, 0, &u, 1, SIZE, SIZE * 5 / 4, &drawn, NULL));
            for (int v = 0; v < drawn->height_px; v++)
                for (int h = 0; h < drawn->width_px; h++) {
                    uint8_t *to = &page->data[(y + v) * SIDE + x + h];
                    *to = MIN(*to, drawn->data[(v * drawn->width_px + h) * drawn->channels]);
                }
        }
    }
    return page;
}

static void test_bf_orient_by_reading__columns(void **state)
{
    const fixture *f = *state;
    g_autoptr(bf_picture) page = page_of_columns(f);
    bf_reading r;
    int turn = -2;
    bf_reading_init(&r);
    assert_true(bf_read_plain(f->worker, page, f->query, &r, NULL));
    assert_true(bf_lines_stand(r.lines));
    assert_true(bf_orient_by_reading(f->worker, page, r.lines, f->query, &turn, NULL));
    assert_int_equal(turn, 0);
    bf_reading_clear(&r);
}

/* Boxes without text in them, and no boxes: not known, and never a guess. */
static void test_bf_orient_by_reading__unsure(void **state)
{
    const fixture *f = *state;
    g_autoptr(bf_picture) picture = NULL;
    g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(bf_line));
    int turn = 0;
    assert_true(bf_picture_new(900, 900, 1, &picture, NULL));
    for (int i = 0; i < 900 * 900; i++)
        picture->data[i] = (uint8_t)(200 + (guint)i * 7919U % 31);
    assert_true(bf_orient_by_reading(f->worker, picture, lines, f->query, &turn, NULL));
    assert_int_equal(turn, -1);
    for (int i = 0; i < 4; i++) {
        bf_line lying = line_at(50, 50 + 60 * (float)i, 500, 40, 0, 0), standing = line_at(600 + 60 * (float)i, 50, 40, 500, 0, 0);
        g_array_append_val(lines, lying);
        g_array_append_val(lines, standing);
    }
    turn = 0;
    assert_true(bf_orient_by_reading(f->worker, picture, lines, f->query, &turn, NULL));
    assert_int_equal(turn, -1);
}

static void test_bf_reads_well__cases(void **state)
{
    static const struct {
        const char *what;
        float confidence[2];
        guint n_chars[2];
        bool composed;
        bool well;
    } cases[] = {
        {"sure", {0.95F, 0.9F}, {10, 10}, false, true},
        {"too few characters", {0.95F, 0.9F}, {1, 2}, false, false},
        {"half of it weak", {0.95F, 0.5F}, {10, 10}, false, false},
        {"a weak line of few characters", {0.95F, 0.3F}, {30, 2}, false, true},
        {"only put together", {0.95F, 0.95F}, {10, 10}, true, false},
        {"some characters, and a line on which nothing is read", {0.95F, 0}, {4, 0}, false, false},
        {"many characters, and a ruled line taken for text", {0.95F, 0}, {40, 0}, false, true},
    };
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(bf_line));
        for (int k = 0; k < 2; k++) {
            bf_line l = line_at(10, 10 + 50 * (float)k, 300, 40, cases[i].confidence[k], cases[i].n_chars[k]);
            l.composed = cases[i].composed;
            g_array_append_val(lines, l);
        }
        if (bf_reads_well(lines) != cases[i].well)
            fail_msg("%s", cases[i].what);
    }
}

static void test_bf_is_badly_read__cases(void **state)
{
    static const struct {
        const char *what;
        float w, confidence, det_score;
        guint n_chars;
        bool composed, bad;
    } cases[] = {
        {"read well", 400, 0.95F, 0.95F, 10, false, false},
        {"read badly", 400, 0.7F, 0.95F, 10, false, true},
        {"short", 200, 0.7F, 0.95F, 4, false, false},
        {"long, and few of its characters read", 700, 0.6F, 0.95F, 4, false, true},
        {"long, and few of them, surely", 700, 0.9F, 0.95F, 4, false, false},
        {"nothing read", 700, 0, 0.95F, 0, false, false},
        {"hardly text", 400, 0.7F, 0.8F, 10, false, false},
        {"read better since", 400, 0.7F, 0.95F, 10, true, false},
    };
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        bf_line l = line_at(10, 10, cases[i].w, 40, cases[i].confidence, cases[i].n_chars);
        l.det_score = cases[i].det_score;
        l.composed = cases[i].composed;
        if (bf_is_badly_read(&l) != cases[i].bad)
            fail_msg("%s", cases[i].what);
    }
}

/* Half of a line, however well it reads, says nothing of the rest. */
static void test_bf_retire_weaker__by_what_covers_it(void **state)
{
    static const struct {
        const char *what;
        float x, w, confidence;
        guint n_chars;
        bool retired;
    } cases[] = {
        {"the same line", 12, 600, 0.95F, 14, true},    {"the middle of it", 200, 220, 0.95F, 14, false},
        {"fewer characters", 12, 600, 0.95F, 4, false}, {"less surely", 12, 600, 0.5F, 14, false},
        {"elsewhere", 700, 600, 0.95F, 14, false},
    };
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        bf_reading r;
        bf_reading_init(&r);
        bf_line weak = line_at(10, 10, 600, 40, 0.6F, 8),
                better = line_at(cases[i].x, 12, cases[i].w, 40, cases[i].confidence, cases[i].n_chars);
        g_array_append_val(r.lines, weak);
        bf_retire_weaker(&r, 1, &better);
        if (g_array_index(r.lines, bf_line, 0).composed != cases[i].retired)
            fail_msg("%s", cases[i].what);
        bf_reading_clear(&r);
    }
}

/* Half of a line, read surely, leaves the line what it was. */
static void test_bf_reads_better__most_of_it(void **state)
{
    static const struct {
        float confidence;
        guint n_chars;
        bool better;
    } cases[] = {{0.9F, 20, true}, {0.9F, 15, true}, {0.9F, 14, false}, {0.9F, 30, true}, {0.6F, 20, false}};
    (void)state;
    bf_line own = line_at(10, 10, 400, 40, 0.6F, 20);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        bf_line seen = line_at(10, 10, 400, 40, cases[i].confidence, cases[i].n_chars);
        assert_int_equal(bf_reads_better(&seen, &own), cases[i].better);
    }
}

/* What one look reads badly counts as read when lines of other looks read surely all along its middle. */
static void test_bf_is_read_elsewhere__all_along(void **state)
{
    static const struct {
        const char *what;
        float x, y, w, confidence;
        guint n_chars;
        bool elsewhere;
    } cases[] = {
        {"a longer one", 0, 15, 600, 0.97F, 30, true},         {"somewhat shorter", 40, 15, 345, 0.97F, 10, true},
        {"half of it", 10, 15, 200, 0.97F, 10, false},         {"none too surely", 0, 15, 600, 0.86F, 30, false},
        {"few characters on it", 0, 15, 600, 0.97F, 3, false}, {"the row below", 0, 60, 600, 0.97F, 30, false},
    };
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        bf_reading r;
        bf_reading_init(&r);
        bf_line bad = line_at(10, 10, 400, 40, 0.7F, 10),
                other = line_at(cases[i].x, cases[i].y, cases[i].w, 30, cases[i].confidence, cases[i].n_chars);
        g_array_append_val(r.lines, bad);
        g_array_append_val(r.lines, other);
        if (bf_is_read_elsewhere(&r, &bad) != cases[i].elsewhere)
            fail_msg("%s", cases[i].what);
        bf_reading_clear(&r);
    }
}

static bf_form FORM_OF_CHARACTERS = {.kind = BF_FORM_NAME}, FORM_OF_LETTERS = {.kind = BF_FORM_PINYIN, .whole_word = true};
static const bf_query CHARACTERS = {&FORM_OF_CHARACTERS, 1}, LETTERS = {&FORM_OF_LETTERS, 1};

/* A hit found before the page was turned lies on the same pixels afterwards. */
static void test_bf_carry_hits__same_pixels(void **state)
{
    (void)state;
    enum { WIDTH = 300, HEIGHT = 200, X = 40, Y = 25 };
    for (int turn = 90; turn < 360; turn += 90) {
        g_autoptr(bf_picture) picture = NULL, turned = NULL;
        assert_true(bf_picture_new(WIDTH, HEIGHT, 1, &picture, NULL));
        memset(picture->data, 0, WIDTH * HEIGHT);
        picture->data[Y * WIDTH + X] = 255;
        assert_true(bf_picture_turn(picture, turn, &turned, NULL));
        bf_reading before, after;
        bf_reading_init(&before);
        bf_reading_init(&after);
        bf_line line = line_at(30, 20, 80, 12, 0.9F, 4);
        bf_hit hit = {.quad = line.quad, .sure = true, .n_centres = 1, .centre_x = {X + 0.5F}, .centre_y = {Y + 0.5F}, .next_line = 3};
        g_array_append_val(before.lines, line);
        g_array_append_val(before.hits, hit);
        bf_carry_hits(&before, turn, turned, &CHARACTERS, &after);
        assert_int_equal(after.hits->len, 1);
        const bf_hit *carried = &g_array_index(after.hits, bf_hit, 0);
        assert_int_equal(turned->data[(int)carried->centre_y[0] * turned->width_px + (int)carried->centre_x[0]], 255);
        assert_true(bf_quad_holds(&carried->quad, carried->centre_x[0], carried->centre_y[0]));
        assert_true(carried->line == 0 && carried->next_line == -1 && g_array_index(after.lines, bf_line, 0).composed);
        bf_reading_clear(&before);
        bf_reading_clear(&after);
    }
}

/* But not where other print reads surely now; a line that reads badly, or says little for its length, proves nothing. Nor
 * letters on a line that read badly before; characters are kept. */
static void test_bf_carry_hits__where_print_reads(void **state)
{
    (void)state;
    enum { WIDTH = 300, HEIGHT = 200 };
    static const struct {
        const bf_query *query;
        float before, confidence;
        guint n_chars, carried;
    } cases[] = {{&CHARACTERS, 0.5F, 0.97F, 12, 0}, {&CHARACTERS, 0.5F, 0.6F, 12, 1}, {&CHARACTERS, 0.5F, 0.97F, 1, 1},
                 {&CHARACTERS, 0.3F, 0.6F, 12, 1},  {&LETTERS, 0.6F, 0.6F, 12, 1},    {&LETTERS, 0.4F, 0.6F, 12, 0}};
    g_autoptr(bf_picture) turned = NULL;
    assert_true(bf_picture_new(WIDTH, HEIGHT, 1, &turned, NULL));
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        bf_reading before, after;
        bf_reading_init(&before);
        bf_reading_init(&after);
        bf_line line = line_at(30, 20, 200, 16, cases[i].before, 4);
        bf_line upright = line_at(70, 164, 200, 16, cases[i].confidence, cases[i].n_chars);
        bf_hit hit = {.quad = line.quad, .sure = true, .n_centres = 3, .centre_x = {100, 150, 245}, .centre_y = {28, 28, 28}};
        g_array_append_val(before.lines, line);
        g_array_append_val(before.hits, hit);
        g_array_append_val(after.lines, upright);
        bf_carry_hits(&before, 180, turned, cases[i].query, &after);
        assert_int_equal(after.hits->len, cases[i].carried);
        bf_reading_clear(&before);
        bf_reading_clear(&after);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bf_orient_by_reading__every_turn), cmocka_unit_test(test_bf_orient_by_reading__columns),
        cmocka_unit_test(test_bf_orient_by_reading__unsure),     cmocka_unit_test(test_bf_reads_well__cases),
        cmocka_unit_test(test_bf_is_badly_read__cases),          cmocka_unit_test(test_bf_retire_weaker__by_what_covers_it),
        cmocka_unit_test(test_bf_reads_better__most_of_it),      cmocka_unit_test(test_bf_is_read_elsewhere__all_along),
        cmocka_unit_test(test_bf_carry_hits__same_pixels),       cmocka_unit_test(test_bf_carry_hits__where_print_reads),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
