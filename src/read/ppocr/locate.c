#include "read/ppocr/locate.h"
#include "read/ppocr/match_place.h"
#include <math.h>

/* In a column names are not letter-spaced as widely, in line heights. */
static const float MAX_STACKED_SPACING = 2.2F;

/* What the top path has in place of symbol `i`: the surest character between its neighbours' frames; for the first and the last symbol the
 * character next to the one neighbour that it has. NULL: nothing, or nothing near. */
static const bf_read_char *read_instead(const bf_trace *trace, const bf_match *m, guint i, gint reach)
{
    gint after = -1, before = (gint)trace->n_frames;
    if (i > 0 && m->last[i - 1] >= 0)
        after = m->last[i - 1];
    if (i + 1 < m->n_symbols && m->first[i + 1] >= 0)
        before = m->first[i + 1];
    after = MAX(after, i == 0 ? before - reach : after);
    before = MIN(before, i + 1 == m->n_symbols ? after + reach : before);
    const bf_read_char *best = NULL;
    for (guint k = 0; k < trace->chars->len; k++) {
        const bf_read_char *c = &g_array_index(trace->chars, bf_read_char, k);
        if ((gint)c->frame <= after || (gint)c->frame >= before || bf_query_is_separator(c->c))
            continue;
        bool nearer = i == 0 || (i + 1 < m->n_symbols && best != NULL && c->p > best->p);
        if (best == NULL || nearer)
            best = c;
    }
    return best;
}

/* How many characters were read within the frames of a match? */
static guint count_read(const bf_trace *trace, bf_span s)
{
    guint n = 0;
    for (guint i = 0; i < trace->chars->len; i++) {
        const bf_read_char *c = &g_array_index(trace->chars, bf_read_char, i);
        n += (gint)c->frame >= s.first && (gint)c->frame <= s.last && !bf_query_is_separator(c->c);
    }
    return n;
}

/* Where nothing is read surely all characters fit alike, and letters, of which there are few, fit best: were those of the match read? */
static bool is_read_surely(const bf_trace *trace, bf_span s)
{
    static const float LEAST = 0.4F;
    float sum = 0;
    guint n = 0;
    for (guint i = 0; i < trace->chars->len; i++) {
        const bf_read_char *c = &g_array_index(trace->chars, bf_read_char, i);
        if ((gint)c->frame < s.first || (gint)c->frame > s.last)
            continue;
        sum += c->p;
        n++;
    }
    return n > 0 && sum >= LEAST * (float)n;
}

/* How well the form fits at its best, and what stands where it fits worst. */
static void describe(const bf_program *p, const bf_trace *trace, const bf_match *m, gint em_frames, bf_hit *hit)
{
    hit->best_score = SPOT_FLOOR;
    for (guint i = 0; i < m->n_symbols; i++) {
        float best = SPOT_FLOOR;
        for (gint t = m->first[i]; m->first[i] >= 0 && t <= m->last[i]; t++)
            best = MAX(best, trace->r[(gsize)t * trace->n_columns + p->plain_of[i]]);
        if (p->plain_of[i] == COLUMN_ANY || m->first[i] < 0)
            continue;
        hit->best_score = MAX(hit->best_score, best);
        if (best >= hit->odd_score)
            continue;
        const bf_read_char *c = read_instead(trace, m, i, 2 * em_frames);
        hit->odd_score = best;
        hit->odd_symbol = i;
        hit->odd_char = c != NULL ? c->c : 0;
    }
}

/* Is another character surely read right beside those that are the name's, where one should stand that the reader leaves out? Then that one
 * does not stand there. Blurred, it may be read as something. */
static bool is_spoken_for(const bf_hit *hit)
{
    static const float BESIDE = 1.0F, SURELY = 0.6F;
    float height = hypotf(hit->right_x, hit->right_y);
    for (guint i = 0; i < MIN(hit->n_unproved, BF_UNPROVED_MAX); i++) {
        const bf_unproved *u = &hit->unproved[i];
        for (guint k = 0; u->silent && u->read != 0 && u->read_p >= SURELY && k < hit->n_centres; k++)
            if (hypotf(hit->centre_x[k] - u->read_x, hit->centre_y[k] - u->read_y) < BESIDE * height)
                return true;
    }
    return false;
}

void bf_locate_in_line(const bf_spotter *spotter, const bf_trace *trace, const bf_quad *quad, bool stacked, guint line, GArray *hits)
{
    g_autoptr(GArray) matches = g_array_new(FALSE, FALSE, sizeof(bf_match));
    float em = bf_quad_height(quad) / MAX(bf_quad_length(quad), 1.0F);
    for (guint f = 0; f < spotter->n_programs; f++) {
        g_array_set_size(matches, 0);
        bf_spot(spotter, f, trace->r, trace->n_frames, matches);
        for (guint i = 0; i < matches->len; i++) {
            const bf_match *m = &g_array_index(matches, bf_match, i);
            const bf_program *p = bf_match_program(spotter, f, m);
            bf_centres c = bf_match_centres(p, m, 0, (gint)trace->n_frames, 0, trace->step);
            if (c.n == 0 || bf_match_widest_spacing(&c) > (stacked ? MAX_STACKED_SPACING : BF_MAX_SPACING) * em)
                continue;
            bf_span s = bf_match_frames(m);
            /* Letters are read or they are not there: a word of which less than half was read is noise. */
            if (p->whole_word && (!bf_match_is_word(trace, s.first, s.last) || 2 * count_read(trace, s) < p->n_symbols))
                continue;
            bf_hit hit = bf_match_hit(quad, &c, bf_match_base(p, f, m, line));
            hit.sure = hit.sure && (!p->whole_word || is_read_surely(trace, s));
            describe(p, trace, m, (gint)ceilf(em / trace->step), &hit);
            if (!p->whole_word)
                bf_match_describe(p, m, trace, quad, stacked, &hit);
            if (m->lenient && is_spoken_for(&hit))
                continue;
            g_array_append_val(hits, hit);
        }
    }
}
