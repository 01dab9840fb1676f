#include "read/tesseract/symbols.h"
#include "read/tesseract/arabic_match.h"
#include <math.h>

static const float FLOOR = -12.0F, SURE = -8.0F, SIDE_MARGIN = 0.5F, VERTICAL_MARGIN = 0.12F;

static float symbol_score(const bf_choices *at, const bf_symbol *symbol)
{
    float best = FLOOR;
    for (guint i = 0; i < at->n; i++)
        for (guint a = 0; a < symbol->n_alts; a++)
            if (at->c[i] == symbol->alts[a])
                best = MAX(best, logf(at->p[i] + 1e-6F) - logf(at->p[0] + 1e-6F));
    return MIN(best, 0.0F);
}

static bool is_space(const bf_choices *at)
{
    return at->c[0] == ' ';
}

/* Matches the form from `start` on; *end is the place behind its last symbol. Spaces are passed over, and separators where the form's gap
 * lets them. */
static float match_at(const GArray *symbols, guint start, const bf_form *form, guint *end)
{
    float sum = 0;
    guint at = start;
    for (guint k = 0; k < form->n_symbols; k++) {
        bool loose = k > 0 && form->symbols[k - 1].gap != BF_GAP_TIGHT;
        for (; k > 0 && at < symbols->len; at++) {
            const bf_choices *c = &g_array_index(symbols, bf_choices, at);
            if (!is_space(c) && !(loose && bf_query_is_separator(c->c[0])))
                break;
        }
        if (at >= symbols->len)
            return -INFINITY;
        sum += symbol_score(&g_array_index(symbols, bf_choices, at), &form->symbols[k]);
        if (sum < SURE)
            return -INFINITY;
        at++;
    }
    *end = at;
    return sum;
}

static bool is_letter_at(const GArray *symbols, guint i)
{
    gunichar c = g_array_index(symbols, bf_choices, i).c[0];
    return g_unichar_isalpha(c) && g_unichar_get_script(c) == G_UNICODE_SCRIPT_LATIN;
}

/* Plausible boxes: not empty, in order (Arabic script runs from right to left), each about as wide as the line is high. */
static bool boxes_hold(const GArray *symbols, guint from, guint to, float em, bool leftwards)
{
    const bf_choices *before = &g_array_index(symbols, bf_choices, from);
    for (guint i = from; i < to; i++) {
        const bf_choices *at = &g_array_index(symbols, bf_choices, i);
        if (is_space(at))
            continue;
        float width = at->to - at->from, step = leftwards ? before->from - at->from : at->from - before->from;
        if (width < (leftwards ? 0.0F : 0.1F * em) || width > 2.0F * em || step < 0)
            return false;
        before = at;
    }
    return true;
}

static bf_hit make_hit(const GArray *symbols, guint from, guint to, const bf_quad *quad, bool leftwards)
{
    float em = bf_quad_height(quad) / MAX(bf_quad_length(quad), 1.0F);
    bf_hit hit = {.reader = "tesseract", .next_line = -1};
    if (!boxes_hold(symbols, from, to, em, leftwards)) {
        hit.quad = bf_quad_slice(quad, 0, 1, VERTICAL_MARGIN);
        return hit;
    }
    float start = g_array_index(symbols, bf_choices, leftwards ? to - 1 : from).from;
    float end = g_array_index(symbols, bf_choices, leftwards ? from : to - 1).to;
    hit.quad = bf_quad_slice(quad, start - SIDE_MARGIN * em, end + SIDE_MARGIN * em, VERTICAL_MARGIN);
    for (guint i = from; i < to && hit.n_centres < G_N_ELEMENTS(hit.centre_x); i++) {
        const bf_choices *at = &g_array_index(symbols, bf_choices, i);
        if (is_space(at))
            continue;
        bf_quad middle = bf_quad_slice(quad, (at->from + at->to) / 2, (at->from + at->to) / 2, 0);
        hit.centre_x[hit.n_centres] = (middle.x[0] + middle.x[3]) / 2;
        hit.centre_y[hit.n_centres++] = (middle.y[0] + middle.y[3]) / 2;
    }
    return hit;
}

static void add_hit(bf_hit hit, guint form, float score, bool sure, guint line, GArray *hits)
{
    hit.form = form;
    hit.score = score;
    hit.sure = sure;
    hit.line = line;
    g_array_append_val(hits, hit);
}

static void spot_arabic(const GArray *symbols, const bf_form *form, guint number, const bf_quad *quad, guint line, GArray *hits)
{
    bf_arabic_match m;
    for (guint from = 0; bf_arabic_match_best(symbols, from, symbols->len, form, &m); from = m.end) {
        float share = m.cost / (float)form->n_symbols;
        if (share <= BF_ARABIC_DOUBTFUL)
            add_hit(make_hit(symbols, m.start, m.end, quad, true), number, -m.cost, share <= BF_ARABIC_SURE, line, hits);
    }
}

void bf_symbols_spot(const GArray *symbols, const bf_query *query, const bf_quad *quad, guint line, GArray *hits)
{
    for (guint f = 0; f < query->n_forms; f++) {
        const bf_form *form = &query->forms[f];
        if (form->kind == BF_FORM_ARABIC) {
            spot_arabic(symbols, form, f, quad, line, hits);
            continue;
        }
        for (guint start = 0; form->n_symbols >= 2 && start < symbols->len; start++) {
            guint end = start;
            float score = match_at(symbols, start, form, &end);
            if (score < SURE)
                continue;
            if (form->whole_word && ((start > 0 && is_letter_at(symbols, start - 1)) || (end < symbols->len && is_letter_at(symbols, end))))
                continue;
            add_hit(make_hit(symbols, start, end, quad, false), f, score, true, line, hits);
            start = end - 1;
        }
    }
}
