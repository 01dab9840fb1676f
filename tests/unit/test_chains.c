/* Small lines put together: which belong to one row or column, and which do not. */
#include "page/chains.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { BOXES = 6 };

typedef struct {
    const char *what;
    bf_rect boxes[BOXES]; /* ends at the first empty one */
    guint rows, columns;  /* chains found */
    bf_rect first;        /* bounds of the first chain */
    guint pieces;
} chain_case;

static const chain_case CASES[] = {
    {"a letter-spaced row", {{100, 100, 40, 40}, {240, 102, 40, 38}, {380, 100, 40, 40}}, 1, 0, {100, 100, 320, 40}, 3},
    {"found from right to left", {{380, 100, 40, 40}, {240, 102, 40, 38}, {100, 100, 40, 40}}, 1, 0, {100, 100, 320, 40}, 3},
    {"four and a half apart is a row still", {{100, 100, 40, 40}, {318, 100, 40, 40}}, 1, 0, {100, 100, 258, 40}, 2},
    {"further apart is none", {{100, 100, 40, 40}, {322, 100, 40, 40}}, 0, 0, {0}, 0},
    {"a piece of two characters", {{100, 100, 80, 40}, {260, 100, 40, 40}}, 1, 0, {100, 100, 200, 40}, 2},
    {"a wide box of few characters", {{100, 100, 100, 40}, {260, 100, 40, 40}}, 1, 0, {100, 100, 200, 40}, 2},
    {"the end of a longer line before it", {{100, 100, 400, 40}, {560, 100, 40, 40}}, 1, 0, {260, 100, 340, 40}, 2},
    {"the start of a longer line behind it", {{100, 100, 40, 40}, {200, 100, 400, 40}}, 1, 0, {100, 100, 340, 40}, 2},
    {"the start of a longer line, about which there is more room", {{100, 114, 30, 28}, {160, 100, 600, 56}}, 1, 0, {100, 100, 396, 56}, 2},
    {"a larger line", {{100, 114, 30, 28}, {160, 98, 600, 60}}, 0, 0, {0}, 0},
    {"longer lines alone", {{100, 100, 400, 40}, {560, 100, 400, 40}}, 0, 0, {0}, 0},
    {"one is larger", {{100, 100, 40, 40}, {200, 90, 70, 70}}, 0, 0, {0}, 0},
    {"one stands lower", {{100, 100, 40, 40}, {200, 118, 40, 40}}, 0, 0, {0}, 0},
    {"two rows, not one", {{100, 100, 40, 40}, {200, 100, 40, 40}, {100, 300, 40, 40}, {200, 300, 40, 40}}, 2, 0, {100, 100, 140, 40}, 2},
    {"a column", {{100, 100, 40, 40}, {101, 170, 40, 40}, {99, 240, 40, 40}}, 0, 1, {99, 100, 42, 180}, 3},
    {"a column's gap is narrower", {{100, 100, 40, 40}, {100, 194, 40, 40}}, 0, 0, {0}, 0},
    {"beside another column", {{100, 100, 40, 40}, {100, 160, 40, 40}, {125, 130, 40, 40}}, 0, 1, {100, 100, 40, 100}, 2},
    {"alone", {{100, 100, 40, 40}}, 0, 0, {0}, 0},
    {"none", {{0}}, 0, 0, {0}, 0},
};

static GArray *lines_of(const bf_rect *boxes)
{
    GArray *lines = g_array_new(FALSE, FALSE, sizeof(bf_line));
    for (int i = 0; i < BOXES && boxes[i].w > 0; i++) {
        float l = (float)boxes[i].x, t = (float)boxes[i].y, r = l + (float)boxes[i].w, b = t + (float)boxes[i].h;
        bf_line line = {.quad = {{l, r, r, l}, {t, t, b, b}}, .confidence = 0.9F, .n_chars = (guint)MAX(1, boxes[i].w / boxes[i].h)};
        g_array_append_val(lines, line);
    }
    return lines;
}

static void test_bf_find_chains__cases(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        const chain_case *c = &CASES[i];
        g_autoptr(GArray) lines = lines_of(c->boxes), chains = g_array_new(FALSE, FALSE, sizeof(bf_chain));
        bf_find_chains(lines, 3, chains);
        guint columns = 0;
        for (guint k = 0; k < chains->len; k++)
            columns += g_array_index(chains, bf_chain, k).line.vertical;
        if (columns != c->columns || chains->len - columns != c->rows)
            fail_msg("%s: %u rows and %u columns", c->what, chains->len - columns, columns);
        if (chains->len == 0)
            continue;
        const bf_chain *first = &g_array_index(chains, bf_chain, 0);
        bf_rect b = bf_quad_bounds(&first->line.quad);
        if (memcmp(&b, &c->first, sizeof b) != 0 || first->pieces != c->pieces)
            fail_msg("%s: %d,%d %dx%d of %u pieces", c->what, b.x, b.y, b.w, b.h, first->pieces);
        assert_true(first->line.composed);
        assert_true(first->line.confidence < 0); /* not read yet */
    }
}

/* A label beside a cell of two rows stands between these: each row is a chain by itself, besides the one that goes through the label. */
static void test_bf_find_chains__rows_of_a_cell_beside_its_label(void **state)
{
    (void)state;
    const bf_rect boxes[BOXES] = {{100, 118, 110, 44}, {290, 100, 40, 40}, {380, 100, 40, 40}, {290, 140, 40, 40}, {380, 140, 40, 40}};
    g_autoptr(GArray) lines = lines_of(boxes), chains = g_array_new(FALSE, FALSE, sizeof(bf_chain));
    const bf_rect above = {290, 100, 130, 40}, below = {290, 140, 130, 40};
    bool found_above = false, found_below = false;
    bf_find_chains(lines, 3, chains);
    for (guint i = 0; i < chains->len; i++) {
        const bf_chain *c = &g_array_index(chains, bf_chain, i);
        bf_rect b = bf_quad_bounds(&c->line.quad);
        found_above = found_above || (!c->line.vertical && memcmp(&b, &above, sizeof b) == 0);
        found_below = found_below || (!c->line.vertical && memcmp(&b, &below, sizeof b) == 0);
    }
    assert_true(found_above);
    assert_true(found_below);
}

/* What detection takes for one line of three characters, letter-spaced, goes on in the next; a line as long and full of text does not. */
static void test_bf_find_chains__a_sparse_line_is_a_piece(void **state)
{
    (void)state;
    for (guint n = 3; n <= 12; n += 9) {
        g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(bf_line)), chains = g_array_new(FALSE, FALSE, sizeof(bf_chain));
        const bf_line sparse = {.quad = {{100, 480, 480, 100}, {100, 100, 140, 140}}, .confidence = 0.9F, .n_chars = n};
        const bf_line more = {.quad = {{600, 980, 980, 600}, {100, 100, 140, 140}}, .confidence = 0.9F, .n_chars = 3};
        g_array_append_val(lines, sparse);
        g_array_append_val(lines, more);
        bf_find_chains(lines, 3, chains);
        assert_int_equal(chains->len, 1);
        bf_rect b = bf_quad_bounds(&g_array_index(chains, bf_chain, 0).line.quad);
        assert_int_equal(b.x, n == 3 ? 100 : 240); /* the whole of it, or its end alone */
    }
}

/* Names in the cells of a table, one below the other. */
static void test_bf_find_chains__words_are_no_column(void **state)
{
    (void)state;
    for (guint n = 1; n <= 2; n++) {
        g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(bf_line)), chains = g_array_new(FALSE, FALSE, sizeof(bf_chain));
        for (int i = 0; i < 4; i++) {
            float y = 100 + 70 * (float)i;
            const bf_line word = {.quad = {{100, 180, 180, 100}, {y, y, y + 45, y + 45}}, .confidence = 0.9F, .n_chars = n};
            g_array_append_val(lines, word);
        }
        bf_find_chains(lines, 3, chains);
        assert_int_equal(chains->len, n == 1 ? 1 : 0);
    }
}

static void test_bf_column_chars__by_shape(void **state)
{
    (void)state;
    static const struct {
        float length;
        guint chars;
    } cases[] = {{50, 1}, {70, 1}, {130, 3}, {240, 6}, {312, 8}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const bf_line column = {.quad = {{150, 150, 100, 100}, {10, 10 + cases[i].length, 10 + cases[i].length, 10}}, .vertical = true};
        if (bf_column_chars(&column) != cases[i].chars)
            fail_msg("%.0f px: %u characters", (double)cases[i].length, bf_column_chars(&column));
    }
}

/* Of a longer line behind the piece as much is taken as the name may need when it is letter-spaced. */
static void test_bf_find_chains__a_long_name_takes_more_of_a_line(void **state)
{
    (void)state;
    const bf_rect boxes[BOXES] = {{100, 100, 40, 40}, {200, 100, 1000, 40}};
    const struct {
        guint name_chars;
        int w;
    } cases[] = {{2, 340}, {3, 340}, {7, 660}, {11, 980}, {40, 1100}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GArray) lines = lines_of(boxes), chains = g_array_new(FALSE, FALSE, sizeof(bf_chain));
        bf_find_chains(lines, cases[i].name_chars, chains);
        assert_int_equal(chains->len, 1);
        assert_int_equal(bf_quad_bounds(&g_array_index(chains, bf_chain, 0).line.quad).w, cases[i].w);
    }
}

/* The bounds of a tilted line are much higher than the line. */
static void test_bf_find_chains__the_head_of_a_tilted_line(void **state)
{
    (void)state;
    const bf_rect box[BOXES] = {{100, 100, 40, 40}};
    g_autoptr(GArray) lines = lines_of(box), chains = g_array_new(FALSE, FALSE, sizeof(bf_chain));
    const bf_line tilted = {.quad = {{200, 1200, 1197, 197}, {100, 160, 200, 140}}, .confidence = 0.9F, .n_chars = 30};
    g_array_append_val(lines, tilted);
    bf_find_chains(lines, 8, chains);
    assert_int_equal(chains->len, 1);
    assert_int_equal(g_array_index(chains, bf_chain, 0).pieces, 2);
}

/* Text runs along [0] -> [1]: to the right in a row, downwards in a column with its top side on the right. */
static void test_bf_find_chains__reading_order(void **state)
{
    (void)state;
    const bf_rect row_boxes[BOXES] = {{100, 100, 40, 40}, {200, 100, 40, 40}},
                  column_boxes[BOXES] = {{100, 100, 40, 40}, {100, 170, 40, 40}};
    g_autoptr(GArray) row = lines_of(row_boxes), column = lines_of(column_boxes), chains = g_array_new(FALSE, FALSE, sizeof(bf_chain));
    bf_find_chains(row, 3, chains);
    bf_find_chains(column, 3, chains);
    assert_int_equal(chains->len, 2);
    const bf_quad *r = &g_array_index(chains, bf_chain, 0).line.quad, *c = &g_array_index(chains, bf_chain, 1).line.quad;
    assert_true(r->x[0] == 100 && r->y[0] == 100 && r->x[1] == 240 && r->y[1] == 100 && r->y[3] == 140);
    assert_true(c->x[0] == 140 && c->y[0] == 100 && c->x[1] == 140 && c->y[1] == 210 && c->x[3] == 100);
}

/* Two lines in a row, close together: one that detection cut, when either was badly read. */
static void test_bf_find_chains__a_line_cut_in_two(void **state)
{
    (void)state;
    static const struct {
        int gap;
        float weakest[2];
        guint chains;
    } cases[] = {{20, {0.4F, 0.9F}, 1}, {20, {0.9F, 0.4F}, 1}, {20, {0.9F, 0.9F}, 0}, {60, {0.4F, 0.4F}, 0}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const bf_rect boxes[BOXES] = {{100, 100, 400, 40}, {500 + cases[i].gap, 100, 600, 40}};
        g_autoptr(GArray) lines = lines_of(boxes), chains = g_array_new(FALSE, FALSE, sizeof(bf_chain));
        for (guint k = 0; k < 2; k++)
            g_array_index(lines, bf_line, k).weakest = cases[i].weakest[k];
        bf_find_chains(lines, 3, chains);
        assert_int_equal(chains->len, cases[i].chains);
    }
}

static void test_bf_find_chains__composed_lines_are_no_pieces(void **state)
{
    (void)state;
    g_autoptr(GArray) lines = lines_of(CASES[0].boxes), chains = g_array_new(FALSE, FALSE, sizeof(bf_chain));
    for (guint i = 1; i < 3; i++)
        g_array_index(lines, bf_line, i).composed = true;
    bf_find_chains(lines, 3, chains);
    assert_int_equal(chains->len, 0);
}

/* What surely shows nothing of the name parts a row; a single character beside something of the name does not, since it may be misread. */
static void test_bf_find_chains__what_shows_nothing_parts_them(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        int widths[BOXES]; /* heights are 40 */
        const char *shows; /* of each box: n, something of the name; -, surely nothing; 2, that in two digits; w, nothing, but not surely;
                            * u, not read at all */
        guint chains;
        bf_rect first;
    } cases[] = {
        {"nothing at all", {40, 40, 40}, "---", 0, {0}},
        {"the first, with its neighbour", {40, 40, 40, 40}, "n---", 1, {100, 100, 140, 40}},
        {"one between two neighbours", {40, 40, 40, 40, 40}, "--n--", 1, {200, 100, 240, 40}},
        {"a misread character between two", {40, 40, 40, 40}, "n-n-", 1, {100, 100, 340, 40}},
        {"a word between two", {40, 80, 40}, "n-n", 0, {0}},
        {"words beside two", {80, 40, 40, 80}, "-nn-", 1, {240, 100, 140, 40}},
        {"two parts", {40, 40, 80, 40, 40}, "nn-nn", 2, {100, 100, 140, 40}},
        {"one digit beside", {40, 40}, "-n", 1, {100, 100, 140, 40}},
        {"two digits beside", {40, 40}, "2n", 0, {0}},
        {"read badly, but nothing to be seen", {40, 40, 40}, "www", 0, {0}},
        {"one that was not read", {40, 40, 40}, "wuw", 0, {0}},
        {"two that were not read", {40, 40, 40}, "wuu", 1, {100, 100, 240, 40}},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        bf_rect boxes[BOXES] = {{0}};
        for (int k = 0, x = 100; k < BOXES && cases[i].widths[k] > 0; x += cases[i].widths[k++] + 60)
            boxes[k] = (bf_rect){x, 100, cases[i].widths[k], 40};
        g_autoptr(GArray) lines = lines_of(boxes), chains = g_array_new(FALSE, FALSE, sizeof(bf_chain));
        for (guint k = 0; k < lines->len; k++) {
            bf_line *l = &g_array_index(lines, bf_line, k);
            char shows = cases[i].shows[k];
            l->shows_none = shows == '-' || shows == '2';
            l->none_seen = shows != 'n';
            l->n_chars = shows == '2' ? 2 : shows == 'u' ? 0 : 1;
            l->confidence = shows == 'u' ? 0 : shows == 'w' ? 0.7F : 0.99F;
        }
        bf_find_chains(lines, 3, chains);
        bf_rect first = chains->len > 0 ? bf_quad_bounds(&g_array_index(chains, bf_chain, 0).line.quad) : (bf_rect){0};
        if (chains->len != cases[i].chains || memcmp(&first, &cases[i].first, sizeof first) != 0)
            fail_msg("%s: %u chains, %d,%d %dx%d", cases[i].what, chains->len, first.x, first.y, first.w, first.h);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bf_find_chains__what_shows_nothing_parts_them),
        cmocka_unit_test(test_bf_find_chains__a_line_cut_in_two),
        cmocka_unit_test(test_bf_find_chains__words_are_no_column),
        cmocka_unit_test(test_bf_find_chains__rows_of_a_cell_beside_its_label),
        cmocka_unit_test(test_bf_find_chains__a_sparse_line_is_a_piece),
        cmocka_unit_test(test_bf_column_chars__by_shape),
        cmocka_unit_test(test_bf_find_chains__cases),
        cmocka_unit_test(test_bf_find_chains__a_long_name_takes_more_of_a_line),
        cmocka_unit_test(test_bf_find_chains__the_head_of_a_tilted_line),
        cmocka_unit_test(test_bf_find_chains__reading_order),
        cmocka_unit_test(test_bf_find_chains__composed_lines_are_no_pieces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
