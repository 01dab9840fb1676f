#include "page/composed.h"
#include "page/chains.h"

/* A column that reads as surely as this has the number of characters that was taken for it. */
static const float RIGHT_COUNT = 0.95F;

/* A column among the reading's lines, and how far off the number of its characters may be. */
typedef struct {
    guint line, spread;
} column;

enum { MOST_CHARS = 60 };

/* Rows together: a letter-spaced name may go on from one in the next. */
static bool read_rows(bf_page_worker *w, const bf_picture *picture, const bf_query *query, bf_reading *r, const GArray *rows, GArray *found,
                      GError **error)
{
    static const bf_look row = {.crop_scale = 1.0F};
    return rows->len == 0 || bf_look_again(w, 0, picture, query, r, rows, &row, found, error);
}

/* Pieces of one character are counted; longer ones are measured, roughly. */
static void add_column(bf_reading *r, const bf_chain *chain, GArray *columns)
{
    column c = {r->lines->len, 2 + (chain->chars - MIN(chain->pieces, chain->chars)) / 3};
    bf_line line = chain->line;
    line.composed = true;
    line.stacked = CLAMP(chain->chars, 2, MOST_CHARS);
    g_array_append_val(columns, c);
    g_array_append_val(r->lines, line);
}

/* Each column with the number of characters that is taken for it; a name may go on from one column in the next. */
static bool read_together(bf_page_worker *w, const bf_picture *picture, const bf_query *query, bf_reading *r, const GArray *columns,
                          GArray *found, GError **error)
{
    static const bf_look own_counts = {.stacked = BF_STACKED_OWN};
    g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 0; i < columns->len; i++)
        g_array_append_val(numbers, g_array_index(columns, column, i).line);
    return bf_look_again(w, 0, picture, query, r, numbers, &own_counts, found, error);
}

/* Tries the other numbers of characters on a column that does not read surely; the best one stays. */
static bool find_count(bf_page_worker *w, const bf_picture *picture, const bf_query *query, bf_reading *r, const column *c, bool *changed,
                       GArray *found, GError **error)
{
    g_autoptr(GArray) number = g_array_new(FALSE, FALSE, sizeof(guint));
    g_array_append_val(number, c->line);
    int taken = (int)g_array_index(r->lines, bf_line, c->line).stacked;
    for (int k = 1; k <= 2 * (int)c->spread; k++) { /* one more, one less, two more, ... */
        float before = g_array_index(r->lines, bf_line, c->line).confidence;
        int n = taken + (k % 2 ? (k + 1) / 2 : -k / 2);
        if (before >= RIGHT_COUNT)
            break;
        if (n < 2)
            continue;
        bf_look look = {.stacked = (guint)n};
        if (!bf_look_again(w, 0, picture, query, r, number, &look, found, error))
            return false;
        bf_line *line = &g_array_index(r->lines, bf_line, c->line);
        if (line->confidence > before) {
            line->stacked = (guint)n;
            *changed = true;
        }
    }
    return true;
}

static bool read_columns(bf_page_worker *w, const bf_picture *picture, const bf_query *query, bf_reading *r, const GArray *columns,
                         GArray *found, GError **error)
{
    bool changed = false;
    if (!read_together(w, picture, query, r, columns, found, error))
        return false;
    for (guint i = 0; i < columns->len; i++)
        if (!find_count(w, picture, query, r, &g_array_index(columns, column, i), &changed, found, error))
            return false;
    return !changed || columns->len < 2 || read_together(w, picture, query, r, columns, found, error);
}

/* Characters of the longest form that may be letter-spaced. */
bool bf_look_at_composed(bf_page_worker *w, const bf_picture *picture, const bf_query *query, bf_reading *r, GArray *found, GError **error)
{
    g_autoptr(GArray) chains = g_array_new(FALSE, FALSE, sizeof(bf_chain)), columns = g_array_new(FALSE, FALSE, sizeof(column));
    g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(guint));
    bf_find_chains(r->lines, bf_query_longest_name(query), chains);
    for (guint i = 0; i < r->lines->len; i++) {
        bf_chain alone = {g_array_index(r->lines, bf_line, i), 1, 0};
        alone.chars = bf_column_chars(&alone.line);
        if (alone.line.vertical)
            g_array_append_val(chains, alone);
    }
    for (guint i = 0; i < chains->len; i++) {
        const bf_chain *chain = &g_array_index(chains, bf_chain, i);
        if (chain->line.vertical) {
            add_column(r, chain, columns);
        } else {
            g_array_append_val(rows, r->lines->len);
            g_array_append_val(r->lines, chain->line);
        }
    }
    return read_rows(w, picture, query, r, rows, found, error) && read_columns(w, picture, query, r, columns, found, error);
}
