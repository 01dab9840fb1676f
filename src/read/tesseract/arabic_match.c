#include "read/tesseract/arabic_match.h"

/* Letters of one skeleton, as they stand within a word. */
static const char *const SKELETONS[] = {"بپتثنيىیئ", "جچحخ", "دذ", "رزژ", "سش", "صض", "طظ", "عغ", "فق", "كکگڭݣ", "وۇۆۈۋ", "ەهھةہ", "اآأإ"};
static const float SAME_SKELETON = 0.4F, NO_LETTER = 0.3F;

static bool same_skeleton(gunichar a, gunichar b)
{
    for (gsize i = 0; i < G_N_ELEMENTS(SKELETONS); i++)
        if (g_utf8_strchr(SKELETONS[i], -1, a) != NULL && g_utf8_strchr(SKELETONS[i], -1, b) != NULL)
            return true;
    return false;
}

static bool counts_nothing(const bf_choices *at)
{
    return at->c[0] == ' ' || bf_query_is_separator(at->c[0]);
}

/* A second choice is as good as the first: which of them is right is not asked here. */
static float substitution(const bf_choices *at, const bf_symbol *symbol)
{
    float best = 1;
    for (guint i = 0; i < at->n; i++)
        for (guint a = 0; a < symbol->n_alts; a++) {
            if (at->c[i] == symbol->alts[a])
                return 0;
            if (i == 0 && same_skeleton(at->c[i], symbol->alts[a]))
                best = SAME_SKELETON;
        }
    return best;
}

static float insertion(const bf_choices *at)
{
    return counts_nothing(at) ? 0 : g_unichar_isalpha(at->c[0]) ? 1 : NO_LETTER;
}

/* One column: the cheapest way to the form's first k symbols, and where it began. */
typedef struct {
    float cost;
    guint start;
} cell;

static cell cheapest(cell a, cell b)
{
    return b.cost < a.cost ? b : a;
}

bool bf_arabic_match_best(const GArray *symbols, guint from, guint to, const bf_form *form, bf_arabic_match *out)
{
    guint n = form->n_symbols;
    g_autofree cell *column = g_new(cell, n + 1);
    for (guint k = 0; k <= n; k++)
        column[k] = (cell){(float)k, from};
    out->cost = (float)n / 2;
    bool found = false;
    for (guint at = from; at < to; at++) {
        const bf_choices *c = &g_array_index(symbols, bf_choices, at);
        if (counts_nothing(c))
            continue;
        cell diagonal = column[0];
        for (guint k = 1; k <= n; k++) {
            cell before = column[k], through = {diagonal.cost + substitution(c, &form->symbols[k - 1]), diagonal.start};
            cell added = {before.cost + insertion(c), before.start}, left_out = {column[k - 1].cost + 1, column[k - 1].start};
            if (k == 1) {
                through.start = at;
                left_out.start = at + 1;
            }
            column[k] = cheapest(through, cheapest(added, left_out));
            diagonal = before;
        }
        if (column[n].cost < out->cost) {
            *out = (bf_arabic_match){column[n].start, at + 1, column[n].cost};
            found = true;
        }
    }
    return found;
}
