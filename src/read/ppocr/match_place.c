#include "read/ppocr/match_place.h"
#include <math.h>

/* Shares of a line's height. The margins are what covered every glyph when positions come from frames: a frame's place is known to about a
 * quarter of the line height. */
static const float SIDE_MARGIN = 0.34F, VERTICAL_MARGIN = 0.12F;

bf_span bf_match_frames(const bf_match *m)
{
    bf_span s = {G_MAXINT, -1};
    for (guint i = 0; i < m->n_symbols; i++)
        if (m->first[i] >= 0) {
            s.first = MIN(s.first, m->first[i]);
            s.last = MAX(s.last, m->last[i]);
        }
    return s;
}

/* ---- words ---- */

static bool is_latin_letter(gunichar c)
{
    return g_unichar_isalpha(c) && g_unichar_get_script(c) == G_UNICODE_SCRIPT_LATIN;
}

/* May a separator stand between two frames? */
static bool separated(const bf_trace *trace, gint from, gint to)
{
    for (gint t = from + 1; t < to; t++)
        if (trace->r[(gsize)t * trace->n_columns + COLUMN_SEPARATOR] > -5)
            return true;
    return false;
}

/* May the character itself be one, as @ is that was read as a letter? */
static bool may_separate(const bf_trace *trace, const bf_read_char *c)
{
    static const float NEARLY = -3.0F;
    return trace->r[(gsize)c->frame * trace->n_columns + COLUMN_SEPARATOR] > NEARLY;
}

static bool boundary(const bf_trace *trace, const bf_read_char *outside, gunichar inside, gint from, gint to)
{
    bool case_turns = g_unichar_isupper(inside) && g_unichar_islower(outside->c);
    return !is_latin_letter(outside->c) || case_turns || to - from > 4 || separated(trace, from, to) || may_separate(trace, outside);
}

bool bf_match_is_word(const bf_trace *trace, gint first, gint last)
{
    const bf_read_char *before = NULL, *after = NULL, *start = NULL;
    for (guint i = 0; i < trace->chars->len; i++) {
        const bf_read_char *c = &g_array_index(trace->chars, bf_read_char, i);
        if ((gint)c->frame < first)
            before = c;
        else if ((gint)c->frame <= last)
            start = start == NULL ? c : start;
        else if (after == NULL)
            after = c;
    }
    return (before == NULL || boundary(trace, before, start != NULL ? start->c : 'A', (gint)before->frame, first)) &&
           (after == NULL || boundary(trace, after, 'a', last, (gint)after->frame));
}

/* ---- geometry ---- */

bf_centres bf_match_centres(const bf_program *p, const bf_match *m, gint from, gint to, gint offset, float step)
{
    bf_centres c = {.n = 0};
    for (guint i = 0; i < m->n_symbols; i++) {
        /* Where a wildcard was matched says little about where its glyph stands: what counts is how many there are. */
        bool unknown = p->column_of[i] == COLUMN_ANY;
        if (unknown && c.n == 0)
            c.unknown_before++;
        else if (unknown)
            c.unknown_after++;
        else if (m->first[i] >= from && m->first[i] < to) {
            c.unknown_between[c.n] = c.unknown_after;
            c.u[c.n++] = ((float)(m->first[i] + m->last[i]) / 2 - (float)(from - offset) + 0.5F) * step;
            c.unknown_after = 0;
        }
    }
    return c;
}

float bf_match_widest_spacing(const bf_centres *c)
{
    float widest = 0;
    for (guint i = 1; i < c->n; i++)
        widest = MAX(widest, (c->u[i] - c->u[i - 1]) / (float)(1 + c->unknown_between[i]));
    return widest;
}

bf_hit bf_match_hit(const bf_quad *quad, const bf_centres *c, bf_hit base)
{
    float length = MAX(bf_quad_length(quad), 1.0F), em = bf_quad_height(quad) / length;
    float pitch = c->n > 1 ? (c->u[c->n - 1] - c->u[0]) / (float)(c->n - 1) : em;
    float reach = CLAMP(pitch, em * 0.5F, em) / 2 + em * SIDE_MARGIN;
    float wide = MAX(CLAMP(pitch, em * 0.5F, 5 * em), em * 0.9F); /* a character that is not located may be spaced like the others */
    float start = c->u[0] - reach - wide * (float)c->unknown_before, end = c->u[c->n - 1] + reach + wide * (float)c->unknown_after;
    bf_hit hit = base;
    hit.quad = bf_quad_slice(quad, MAX(start, -em / 2 - wide * (float)c->unknown_before),
                             MIN(end, 1 + em / 2 + wide * (float)c->unknown_after), VERTICAL_MARGIN);
    hit.n_centres = MIN(c->n, G_N_ELEMENTS(hit.centre_x));
    for (guint i = 0; i < hit.n_centres; i++) {
        bf_quad at = bf_quad_slice(quad, c->u[i], c->u[i], 0);
        hit.centre_x[i] = (at.x[0] + at.x[3]) / 2;
        hit.centre_y[i] = (at.y[0] + at.y[3]) / 2;
    }
    return hit;
}

bf_hit bf_match_base(const bf_program *p, guint form, const bf_match *m, guint line)
{
    bool sure = !m->lenient && m->score >= p->sure && p->n_symbols - p->n_wild >= 2;
    return (bf_hit){.reader = "ppocr", .form = form, .score = m->score, .sure = sure, .n_wild = m->n_wild, .line = line, .next_line = -1};
}

bf_hit bf_match_trusted_hit(const bf_quad *quad, guint n_unknown, bool at_end, bf_hit base)
{
    float em = bf_quad_height(quad) / MAX(bf_quad_length(quad), 1.0F), width = em * (0.9F * (float)n_unknown + SIDE_MARGIN);
    bf_hit hit = base;
    hit.quad = at_end ? bf_quad_slice(quad, 1 - width, 1 + em / 2, VERTICAL_MARGIN) : bf_quad_slice(quad, -em / 2, width, VERTICAL_MARGIN);
    return hit;
}
