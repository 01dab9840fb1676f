/* Names over the end of a line. */
#include "read/line_crop.h"
#include "read/ppocr/locate.h"
#include "read/ppocr/match_place.h"
#include <math.h>

/* Joins: frames kept of the end of one line and of the start of the next, and how far apart these may be, in line heights. */
enum { JOIN_FRAMES = 40 };
static const float JOIN_BELOW = 4.0F, JOIN_BESIDE = 6.0F;
/* A join is one of many that are tried, so it must fit better than a match within a line. */
static const float JOIN_STRICTER = 4.0F;
/* The last known character's centre stands this near to the line's end, in line heights, when no further one follows it there; a piece of
 * the same row that holds the rest is no further away than CUT_BESIDE. */
static const float CUT_OFF = 0.95F, CUT_BESIDE = 1.2F;

static bool follows(const bf_quad *a, const bf_quad *b, float beside)
{
    float height = MAX(bf_quad_height(a), bf_quad_height(b)), length = MAX(bf_quad_length(a), 1.0F);
    float ax = (a->x[1] - a->x[0]) / length, ay = (a->y[1] - a->y[0]) / length; /* the direction of reading */
    float dx = (b->x[0] + b->x[3] - a->x[1] - a->x[2]) / 2, dy = (b->y[0] + b->y[3] - a->y[1] - a->y[2]) / 2;
    float along = dx * ax + dy * ay, across = -dx * ay + dy * ax;
    if (fabsf(across) < 0.5F * height && along > -height && along < beside * height)
        return true;
    /* The line below starts to the left of where this one ends, and does not end before this one starts. */
    return across > 0.4F * height && across < JOIN_BELOW * height && along < 0 && along > -(bf_quad_length(a) + bf_quad_length(b));
}

static bool crosses(const bf_match *m, gint tail)
{
    bool before = false, after = false;
    for (guint i = 0; i < m->n_symbols; i++) {
        before = before || (m->first[i] >= 0 && m->first[i] < tail);
        after = after || m->first[i] >= tail;
    }
    return before && after;
}

static void add_parts(const bf_spotter *spotter, guint form, const bf_match *m, const bf_read_line *a, const bf_read_line *b, guint tail,
                      GArray *hits)
{
    gint offset = (gint)(a->trace->n_frames - tail);
    const bf_program *p = &spotter->programs[form];
    bf_centres ca = bf_match_centres(p, m, 0, (gint)tail, offset, a->trace->step);
    bf_centres cb = bf_match_centres(p, m, (gint)tail, G_MAXINT, 0, b->trace->step);
    if (ca.n == 0 || cb.n == 0)
        return;
    bf_hit base = bf_match_base(p, form, m, a->line);
    base.next_line = (gint)b->line;
    bf_hit first = bf_match_hit(&a->quad, &ca, base);
    base.line = b->line;
    base.next_line = (gint)a->line;
    bf_hit second = bf_match_hit(&b->quad, &cb, base);
    g_array_append_val(hits, first);
    g_array_append_val(hits, second);
}

static void join_two(const bf_spotter *spotter, const bf_read_line *a, const bf_read_line *b, GArray *joined, GArray *matches, GArray *hits)
{
    guint tail = MIN(a->trace->n_frames, JOIN_FRAMES), head = MIN(b->trace->n_frames, JOIN_FRAMES), width = spotter->n_columns;
    g_array_set_size(joined, 0);
    g_array_append_vals(joined, a->trace->r + (gsize)(a->trace->n_frames - tail) * width, tail * width);
    g_array_append_vals(joined, b->trace->r, head * width);
    for (guint f = 0; f < spotter->n_programs; f++) {
        g_array_set_size(matches, 0);
        bf_spot(spotter, f, (const float *)(const void *)joined->data, tail + head, matches);
        for (guint i = 0; i < matches->len; i++) {
            const bf_match *m = &g_array_index(matches, bf_match, i);
            if (crosses(m, (gint)tail) && m->score >= spotter->programs[f].sure + JOIN_STRICTER &&
                (!spotter->programs[f].whole_word || bf_match_is_word_over(a->trace, b->trace, m, (gint)tail)))
                add_parts(spotter, f, m, a, b, tail, hits);
        }
    }
}

/* ---- characters that the reader does not know, cut off by the end of a line ---- */

/* The line that goes on where `from` ends (or, backwards, that ends where `from` starts): the nearest one; -1: none. */
static gint neighbour(const bf_read_line *lines, guint n, guint from, bool backwards)
{
    gint best = -1;
    float nearest = INFINITY;
    for (guint j = 0; j < n; j++) {
        const bf_quad *a = &lines[backwards ? j : from].quad, *b = &lines[backwards ? from : j].quad;
        if (j == from || !follows(a, b, CUT_BESIDE))
            continue;
        float distance = fabsf(b->y[0] - a->y[0]) + fabsf(b->x[0] - a->x[0]) * 0.1F;
        if (distance < nearest) {
            nearest = distance;
            best = (gint)j;
        }
    }
    return best;
}

/* The known part of a name stands at the very end of line i (or at its start), and nothing was read where the unknown characters should be:
 * they may stand in the next line (or the one before). They cannot be spotted there, so their place is taken. */
static void follow_unknown(const bf_spotter *spotter, guint form, const bf_match *m, const bf_read_line *lines, guint n, guint i,
                           GArray *hits)
{
    const bf_program *p = &spotter->programs[form];
    const bf_read_line *line = &lines[i];
    float em = bf_quad_height(&line->quad) / MAX(bf_quad_length(&line->quad), 1.0F);
    bf_centres c = bf_match_centres(p, m, 0, (gint)line->trace->n_frames, 0, line->trace->step);
    if (c.n < 2 || m->score < p->sure)
        return;
    bool open_end = c.unknown_after > 0 && m->last[p->n_symbols - 1] < 0 && c.u[c.n - 1] > 1 - CUT_OFF * em;
    bool open_start = c.unknown_before > 0 && m->first[0] < 0 && c.u[0] < CUT_OFF * em;
    gint next = open_end ? neighbour(lines, n, i, false) : -1, before = open_start ? neighbour(lines, n, i, true) : -1;
    bf_hit base = bf_match_base(p, form, m, line->line);
    if (next >= 0) {
        base.line = lines[next].line;
        bf_hit hit = bf_match_trusted_hit(&lines[next].quad, c.unknown_after, false, base);
        g_array_append_val(hits, hit);
    }
    if (before >= 0) {
        base.line = lines[before].line;
        bf_hit hit = bf_match_trusted_hit(&lines[before].quad, c.unknown_before, true, base);
        g_array_append_val(hits, hit);
    }
}

static void locate_cut_unknown(const bf_spotter *spotter, const bf_read_line *lines, guint n, GArray *hits)
{
    g_autoptr(GArray) matches = g_array_new(FALSE, FALSE, sizeof(bf_match));
    for (guint f = 0; f < spotter->n_programs; f++)
        for (guint i = 0; i < n && spotter->programs[f].n_wild > 0; i++) {
            g_array_set_size(matches, 0);
            bf_spot(spotter, f, lines[i].trace->r, lines[i].trace->n_frames, matches);
            for (guint k = 0; k < matches->len; k++)
                follow_unknown(spotter, f, &g_array_index(matches, bf_match, k), lines, n, i, hits);
        }
}

void bf_locate_over_lines(const bf_spotter *spotter, const bf_read_line *lines, guint n, GArray *hits)
{
    g_autoptr(GArray) joined = g_array_new(FALSE, FALSE, sizeof(float)), matches = g_array_new(FALSE, FALSE, sizeof(bf_match));
    for (guint i = 0; i < n; i++)
        for (guint j = 0; j < n; j++)
            if (i != j && follows(&lines[i].quad, &lines[j].quad, JOIN_BESIDE))
                join_two(spotter, &lines[i], &lines[j], joined, matches, hits);
    locate_cut_unknown(spotter, lines, n, hits);
}
