#include "read/ppocr/spot.h"
#include <math.h>

void bf_trace_clear(bf_trace *trace)
{
    if (trace->r != NULL)
        explicit_bzero(trace->r, sizeof(float) * trace->n_frames * trace->n_columns);
    if (trace->chars != NULL) {
        if (trace->chars->len > 0) /* an empty array has no memory */
            explicit_bzero(trace->chars->data, trace->chars->len * sizeof(bf_read_char));
        g_array_unref(trace->chars);
    }
    g_free(trace->r);
    memset(trace, 0, sizeof *trace);
}

/* An upper bound on any match's score: each symbol at its best frame. Nearly every line fails it, so the search is rarely run. */
static float bound(const bf_program *p, const float *r, guint n_frames, guint n_columns)
{
    float sum = 0;
    for (guint s = 0; s < p->n_states && sum >= p->doubtful; s++) {
        if (p->states[s].symbol < 0 || p->states[s].column == COLUMN_ANY)
            continue;
        float best = SPOT_FLOOR;
        for (guint t = 0; t < n_frames; t++)
            best = MAX(best, r[t * n_columns + p->states[s].column]);
        sum += best;
    }
    return sum;
}

enum { FROM_START = -1, FROM_SELF = -2, FROM_NOWHERE = -3 };

static void viterbi(const bf_program *p, const float *r, guint n_frames, guint n_columns, float *value, gint16 *back)
{
    guint n = p->n_states;
    for (guint t = 0; t < n_frames; t++)
        for (guint s = 0; s < n; s++) {
            const bf_state *state = &p->states[s];
            float best = state->start ? 0.0F : -INFINITY;
            gint16 from = state->start ? FROM_START : FROM_NOWHERE;
            if (t > 0) {
                const float *before = value + (t - 1) * n;
                if (before[s] > best) {
                    best = before[s];
                    from = FROM_SELF;
                }
                for (guint k = 0; k < state->n_from; k++)
                    if (before[state->from[k]] > best) {
                        best = before[state->from[k]];
                        from = state->from[k];
                    }
            }
            value[t * n + s] = best + r[t * n_columns + state->column];
            back[t * n + s] = from;
        }
}

/* Walks back from (t, s). Fails when the path meets a used frame. */
static bool walk(const bf_program *p, const gint16 *back, const uint8_t *used, guint t, guint s, bf_match *m)
{
    for (guint i = 0; i < p->n_symbols; i++)
        m->first[i] = m->last[i] = -1;
    for (;; t--) {
        if (used[t])
            return false;
        gint symbol = p->states[s].symbol;
        if (symbol >= 0) {
            m->first[symbol] = (gint)t;
            m->last[symbol] = MAX(m->last[symbol], (gint)t);
        }
        gint16 from = back[t * p->n_states + s];
        if (from == FROM_START)
            return true;
        if (from == FROM_NOWHERE || t == 0)
            return false;
        if (from >= 0)
            s = (guint)from;
    }
}

/* The top path stays on a character for some frames, and the search takes but one of them at the form's start and at its end. The others
 * are the character's too: its middle is theirs, and none of them is a neighbour. */
static void take_whole_runs(const bf_program *p, const float *r, guint n_frames, guint n_columns, const uint8_t *used, bf_match *m)
{
    static const float TOP = -1e-6F;
    guint first = 0, last = m->n_symbols - 1;
    while (first < last && m->first[first] < 0)
        first++;
    while (last > first && m->first[last] < 0)
        last--;
    for (gint t = m->first[first] - 1; p->column_of[first] != COLUMN_ANY && t >= 0; m->first[first] = t--)
        if (used[t] || r[(gsize)t * n_columns + p->column_of[first]] < TOP)
            break;
    for (gint t = m->last[last] + 1; p->column_of[last] != COLUMN_ANY && t < (gint)n_frames; m->last[last] = t++)
        if (used[t] || r[(gsize)t * n_columns + p->column_of[last]] < TOP)
            break;
}

/* How well does each character itself fit where it was matched? */
static void score_parts(const bf_program *p, const float *r, guint n_columns, bf_match *m)
{
    float sum = 0;
    for (guint i = 0; i < p->n_symbols; i++) {
        float best = p->plain_of[i] == COLUMN_ANY ? 0 : SPOT_FLOOR;
        for (gint t = m->first[i]; m->first[i] >= 0 && t <= m->last[i]; t++)
            best = MAX(best, r[(gsize)t * n_columns + p->plain_of[i]]);
        m->part[i] = best;
        sum += best;
    }
    if (m->lenient)
        m->score = sum;
}

static void frames_of(const bf_match *m, gint *first, gint *last)
{
    *first = G_MAXINT;
    *last = -1;
    for (guint i = 0; i < m->n_symbols; i++)
        if (m->first[i] >= 0) {
            *first = MIN(*first, m->first[i]);
            *last = MAX(*last, m->last[i]);
        }
}

static void mark_used(const bf_match *m, uint8_t *used)
{
    gint first, last;
    frames_of(m, &first, &last);
    for (gint t = first; t <= last; t++)
        used[t] = 1;
}

typedef struct {
    float score;
    guint t, s;
} candidate;

static int best_first(const void *a, const void *b)
{
    const candidate *p = a, *q = b;
    if (p->score != q->score)
        return p->score > q->score ? -1 : 1;
    return p->t < q->t ? -1 : p->t > q->t;
}

/* kind: lenient and which of it, the rest is filled in. */
static void spot_program(const bf_program *p, const bf_spotter *spotter, const float *r, guint n_frames, bf_match kind, uint8_t *used,
                         GArray *matches)
{
    guint n = p->n_states;
    if (n == 0 || bound(p, r, n_frames, spotter->n_columns) < p->doubtful)
        return;
    g_autofree float *value = g_new(float, (gsize)n *n_frames);
    g_autofree gint16 *back = g_new(gint16, (gsize)n * n_frames);
    viterbi(p, r, n_frames, spotter->n_columns, value, back);
    g_autoptr(GArray) ends = g_array_new(FALSE, FALSE, sizeof(candidate));
    for (guint t = 0; t < n_frames; t++)
        for (guint s = 0; s < n; s++)
            if (p->states[s].end && value[t * n + s] >= p->doubtful) {
                candidate c = {value[t * n + s], t, s};
                g_array_append_val(ends, c);
            }
    g_array_sort(ends, best_first);
    for (guint i = 0; i < ends->len; i++) {
        candidate *c = &g_array_index(ends, candidate, i);
        bf_match m = kind;
        m.score = m.fit = c->score;
        m.n_symbols = p->n_symbols;
        m.n_wild = p->n_wild;
        if (walk(p, back, used, c->t, c->s, &m)) {
            take_whole_runs(p, r, n_frames, spotter->n_columns, used, &m);
            score_parts(p, r, spotter->n_columns, &m);
            mark_used(&m, used);
            g_array_append_val(matches, m);
        }
    }
}

const bf_program *bf_match_program(const bf_spotter *spotter, guint form, const bf_match *match)
{
    if (match->lenient && match->which > 0)
        return &spotter->left_out[form][match->which - 1];
    return match->lenient ? &spotter->lenient[form] : &spotter->programs[form];
}

/* Does one of the plain matches [from, to) share a frame with a lenient one, and fit about as well? Where it fits much worse, its
 * characters may stand on those of others, with a wildcard for the name's. */
static bool is_told_already(const bf_match *lenient, const GArray *matches, guint from, guint to)
{
    static const float MUCH = 3;
    gint first, last;
    frames_of(lenient, &first, &last);
    for (guint i = from; i < to; i++) {
        const bf_match *plain = &g_array_index(matches, bf_match, i);
        gint plain_first, plain_last;
        frames_of(plain, &plain_first, &plain_last);
        if (plain_first <= last && first <= plain_last && plain->fit > lenient->fit - MUCH)
            return true;
    }
    return false;
}

void bf_spot(const bf_spotter *spotter, guint form, const float *r, guint n_frames, GArray *matches)
{
    guint before = matches->len;
    if (n_frames == 0)
        return;
    g_autofree uint8_t *used = g_new0(uint8_t, n_frames);
    spot_program(&spotter->programs[form], spotter, r, n_frames, (bf_match){.lenient = false}, used, matches);
    memset(used, 0, n_frames);
    guint n_plain = matches->len;
    spot_program(&spotter->lenient[form], spotter, r, n_frames, (bf_match){.lenient = true}, used, matches);
    for (guint i = 0; i < spotter->n_left_out[form]; i++)
        spot_program(&spotter->left_out[form][i], spotter, r, n_frames, (bf_match){.lenient = true, .which = i + 1}, used, matches);
    for (guint i = matches->len; i-- > n_plain;)
        if (is_told_already(&g_array_index(matches, bf_match, i), matches, before, n_plain))
            g_array_remove_index(matches, i);
}
