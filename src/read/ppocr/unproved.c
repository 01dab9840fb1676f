/* The characters of a match that were not read: where do they stand, and what was read there? */
#include "read/ppocr/match_place.h"
#include <math.h>

/* log p - log p_max under which a character was not what was read. */
static const float NOT_READ = -5.0F;
/* How far from its neighbour a character may stand, and does where nothing tells, in line heights. */
static const float REACH = 5.0F, PITCH = 0.85F;

static bool is_solid(const bf_program *p, const bf_match *m, guint i)
{
    return m->first[i] >= 0 && p->plain_of[i] != COLUMN_ANY && m->part[i] >= NOT_READ;
}

/* Was something read in its place that the reader is known to take it for? Then that is where it stands. */
static bool is_taken_for(const bf_program *p, const bf_match *m, const bf_trace *trace, guint i)
{
    if (is_solid(p, m, i) || m->first[i] < 0 || p->column_of[i] == COLUMN_ANY || p->column_of[i] == p->plain_of[i])
        return false;
    float best = SPOT_FLOOR;
    for (gint t = m->first[i]; t <= m->last[i]; t++)
        best = MAX(best, trace->r[(gsize)t * trace->n_columns + p->column_of[i]]);
    return best >= NOT_READ;
}

static float centre(const bf_match *m, guint i)
{
    return (float)(m->first[i] + m->last[i]) / 2;
}

/* What was read between two frames, in order. */
static GArray *read_between(const bf_trace *trace, float after, float before)
{
    GArray *chars = g_array_new(FALSE, FALSE, sizeof(bf_read_char));
    for (guint k = 0; k < trace->chars->len; k++) {
        const bf_read_char *c = &g_array_index(trace->chars, bf_read_char, k);
        if ((float)c->frame > after && (float)c->frame < before && !bf_query_is_separator(c->c))
            g_array_append_val(chars, *c);
    }
    return chars;
}

/* A run of characters first .. last that were not read, and the ones before and behind it that were (-1: none). */
typedef struct {
    guint first, last;
    gint before, after;
} run;

static void along(const bf_quad *line, float u, float *x, float *y)
{
    bf_quad at = bf_quad_slice(line, u, u, 0);
    *x = (at.x[0] + at.x[3]) / 2;
    *y = (at.y[0] + at.y[3]) / 2;
}

static bool is_han(gunichar c)
{
    return g_unichar_get_script(c) == G_UNICODE_SCRIPT_HAN;
}

static int by_size(const void *a, const void *b)
{
    float p = *(const float *)a, q = *(const float *)b;
    return p < q ? -1 : p > q;
}

/* From one character to the next, frames: as those of the name that were read stand; else the usual distance of the line's neighbours; else
 * what the line's height tells. */
static float pitch_of(const bf_program *p, const bf_match *m, const bf_trace *trace, float em)
{
    float sum = 0;
    guint pairs = 0;
    for (guint i = 0; i + 1 < m->n_symbols; i++)
        if (is_solid(p, m, i) && is_solid(p, m, i + 1)) {
            sum += centre(m, i + 1) - centre(m, i);
            pairs++;
        }
    if (pairs > 0)
        return sum / (float)pairs;
    g_autoptr(GArray) steps = g_array_new(FALSE, FALSE, sizeof(float));
    for (guint k = 1; k < trace->chars->len; k++) {
        const bf_read_char *a = &g_array_index(trace->chars, bf_read_char, k - 1), *b = a + 1;
        float step = (float)b->frame - (float)a->frame;
        if (is_han(a->c) && is_han(b->c) && step > 0.5F * em && step < 1.3F * em)
            g_array_append_val(steps, step);
    }
    if (steps->len < 3)
        return PITCH * em;
    g_array_sort(steps, by_size);
    return g_array_index(steps, float, steps->len / 2);
}

static void add(const bf_program *p, const bf_quad *line, const bf_trace *trace, guint symbol, float frame, const bf_read_char *read,
                bf_hit *hit)
{
    if (hit->n_unproved++ >= BF_UNPROVED_MAX)
        return;
    bf_unproved *u = &hit->unproved[hit->n_unproved - 1];
    *u = (bf_unproved){.symbol = symbol, .read = read != NULL ? read->c : 0, .silent = p->silent != NULL && p->silent[symbol]};
    along(line, (frame + 0.5F) * trace->step, &u->x, &u->y);
    if (read == NULL)
        return;
    u->read_p = read->p;
    along(line, ((float)read->frame + 0.5F) * trace->step, &u->read_x, &u->read_y);
}

static const bf_read_char *nearest(const GArray *chars, float frame)
{
    const bf_read_char *best = NULL;
    for (guint i = 0; i < chars->len; i++) {
        const bf_read_char *c = &g_array_index(chars, bf_read_char, i);
        if (best == NULL || fabsf((float)c->frame - frame) < fabsf((float)best->frame - frame))
            best = c;
    }
    return best;
}

/* A character that stands where something else was read. */
static void add_read(const bf_program *p, const bf_quad *line, const bf_trace *trace, guint symbol, float frame, bf_hit *hit)
{
    g_autoptr(GArray) chars = read_between(trace, -1, (float)trace->n_frames);
    add(p, line, trace, symbol, frame, nearest(chars, frame), hit);
}

/* Where a run's characters stand: between two that were read, on what was read there when that is as many, else evenly; at the form's end
 * one by one beside the last that was read. The recogniser may have left them out: then what it read next stands further on, and is none
 * of them. */
static void describe_run(const bf_program *p, const bf_match *m, const bf_trace *trace, const bf_quad *line, run r, bf_hit *hit)
{
    guint n = r.last - r.first + 1;
    float em = bf_quad_height(line) / MAX(bf_quad_length(line), 1.0F) / trace->step, pitch = pitch_of(p, m, trace, em); /* frames */
    float after = r.before >= 0 ? (float)m->last[r.before] : -1, before = r.after >= 0 ? (float)m->first[r.after] : (float)trace->n_frames;
    if (r.before < 0)
        after = MAX(after, before - REACH * em * (float)n);
    if (r.after < 0)
        before = MIN(before, after + REACH * em * (float)n);
    g_autoptr(GArray) chars = read_between(trace, after, before);
    bool closed = r.before >= 0 && r.after >= 0;
    for (guint k = 0; k < n; k++) {
        float part = (float)(k + 1) / (float)(n + 1);
        float frame = closed          ? centre(m, (guint)r.before) * (1 - part) + centre(m, (guint)r.after) * part
                      : r.before >= 0 ? centre(m, (guint)r.before) + pitch * (float)(k + 1)
                                      : centre(m, (guint)r.after) - pitch * (float)(n - k);
        const bf_read_char *read = nearest(chars, frame);
        if (closed && chars->len == n) {
            read = &g_array_index(chars, bf_read_char, k);
            frame = (float)read->frame;
        } else if (read != NULL && fabsf((float)read->frame - frame) < 0.4F * pitch) {
            frame = (float)read->frame;
        }
        add(p, line, trace, r.first + k, frame, read, hit);
    }
}

/* When nothing was read as it should be: the character that was matched best holds the others' places, and is itself to be proved. -1: none
 * was matched. */
static gint find_anchor(const bf_program *p, const bf_match *m)
{
    gint best = -1;
    for (guint i = 0; i < m->n_symbols; i++) {
        if (is_solid(p, m, i))
            return -1;
        if (m->first[i] >= 0 && p->plain_of[i] != COLUMN_ANY && (best < 0 || m->part[i] > m->part[best]))
            best = (gint)i;
    }
    return best;
}

/* Does the match tell where the character stands? */
static bool is_placed(const bf_program *p, const bf_match *m, const bf_trace *trace, guint i, gint anchor)
{
    return is_solid(p, m, i) || (gint)i == anchor || is_taken_for(p, m, trace, i);
}

/* The line's height as vectors along the text and across it, as the glyphs stand. */
static void set_axes(const bf_quad *line, bool stacked, bf_hit *hit)
{
    float length = MAX(bf_quad_length(line), 1.0F), height = bf_quad_height(line);
    float rx = (line->x[1] - line->x[0] + line->x[2] - line->x[3]) / 2 / length * height;
    float ry = (line->y[1] - line->y[0] + line->y[2] - line->y[3]) / 2 / length * height;
    float dx = (line->x[3] - line->x[0] + line->x[2] - line->x[1]) / 2, dy = (line->y[3] - line->y[0] + line->y[2] - line->y[1]) / 2;
    /* In a column, whose characters stand upright, down is along the line. */
    hit->right_x = stacked ? -dx : rx;
    hit->right_y = stacked ? -dy : ry;
    hit->down_x = stacked ? rx : dx;
    hit->down_y = stacked ? ry : dy;
}

void bf_match_describe_trusted(const bf_program *p, const bf_trace *trace, const bf_quad *line, guint first, guint n, bool at_end,
                               bf_hit *hit)
{
    float pitch = PITCH * bf_quad_height(line) / MAX(bf_quad_length(line), 1.0F) / trace->step; /* frames */
    g_autoptr(GArray) chars = read_between(trace, -1, (float)trace->n_frames);
    for (guint k = 0; k < n; k++) {
        float on = pitch * ((float)(at_end ? n - k : k + 1) - 0.5F), frame = at_end ? (float)trace->n_frames - on : on;
        const bf_read_char *read = nearest(chars, frame);
        if (read != NULL && fabsf((float)read->frame - frame) < 0.6F * pitch)
            frame = (float)read->frame;
        add(p, line, trace, first + k, frame, read, hit);
    }
    set_axes(line, false, hit);
}

void bf_match_describe(const bf_program *p, const bf_match *m, const bf_trace *trace, const bf_quad *line, bool stacked, bf_hit *hit)
{
    gint before = -1, anchor = find_anchor(p, m);
    if (anchor >= 0)
        add_read(p, line, trace, (guint)anchor, centre(m, (guint)anchor), hit);
    for (guint i = 0; i < m->n_symbols; i++) {
        if ((gint)i != anchor && is_taken_for(p, m, trace, i))
            add_read(p, line, trace, i, centre(m, i), hit);
        if (is_placed(p, m, trace, i, anchor)) {
            before = (gint)i;
            continue;
        }
        run r = {i, i, before, -1};
        while (r.last + 1 < m->n_symbols && !is_placed(p, m, trace, r.last + 1, anchor))
            r.last++;
        r.after = r.last + 1 < m->n_symbols ? (gint)r.last + 1 : -1;
        i = r.last;
        if (r.before < 0 && r.after < 0)
            hit->n_unproved = BF_UNPROVED_MAX + 1; /* nothing to hold on to */
        else
            describe_run(p, m, trace, line, r, hit);
    }
    set_axes(line, stacked, hit);
}
