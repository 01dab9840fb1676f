#include "read/ppocr/locate.h"
#include "read/line_crop.h"
#include <math.h>

/* Shares of a line's height. The margins are what covered every glyph when positions come from frames: a frame's place is known to about a
 * quarter of the line height. */
static const float SIDE_MARGIN = 0.34F, VERTICAL_MARGIN = 0.12F;
/* A name is letter-spaced by up to four character widths; what lies further apart is no name. In line heights. */
static const float MAX_SPACING = 6.0F, MAX_STACKED_SPACING = 2.2F;
/* Joins: frames kept of the end of one line and of the start of the next, and how far apart these may be, in line heights. */
enum { JOIN_FRAMES = 40 };
static const float JOIN_BELOW = 4.0F, JOIN_BESIDE = 6.0F;

/* The frames that a match takes, both inclusive. */
typedef struct {
    gint first, last;
} span;

static span frames_of(const bf_match *m)
{
    span s = {G_MAXINT, -1};
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

static bool boundary(const bf_trace *trace, const bf_read_char *outside, gunichar inside, gint from, gint to)
{
    bool case_turns = g_unichar_isupper(inside) && g_unichar_islower(outside->c);
    return !is_latin_letter(outside->c) || case_turns || to - from > 4 || separated(trace, from, to);
}

/* Is the match a word of its own, and not part of a longer one? */
static bool is_whole_word(const bf_trace *trace, gint first, gint last)
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

/* The same for a word that begins at the end of one line, `tail` frames from its end, and goes on in the next. */
static bool is_whole_word_over(const bf_trace *a, const bf_trace *b, const bf_match *m, gint tail)
{
    span s = frames_of(m);
    gint offset = (gint)a->n_frames - tail;
    return is_whole_word(a, s.first + offset, (gint)a->n_frames) && is_whole_word(b, -1, s.last - tail);
}

/* ---- geometry ---- */

typedef struct {
    float u[MAX_SYMBOLS];               /* centres along the line, 0..1 of its length; only those that were matched */
    guint unknown_between[MAX_SYMBOLS]; /* characters that the reader does not know, between each and the one before */
    guint n;
    guint unknown_before, unknown_after; /* characters that the reader does not know, before the first and behind the last known one */
} centres;

/* The centres of the symbols whose frames lie in [from, to), counted from `from`. */
static centres symbol_centres(const bf_program *p, const bf_match *m, gint from, gint to, gint offset, float step)
{
    centres c = {.n = 0};
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

static float widest_spacing(const centres *c)
{
    float widest = 0;
    for (guint i = 1; i < c->n; i++)
        widest = MAX(widest, (c->u[i] - c->u[i - 1]) / (float)(1 + c->unknown_between[i]));
    return widest;
}

/* Half a character beyond the first and the last centre, and the margin. */
static bf_hit make_hit(const bf_quad *quad, const centres *c, bf_hit base)
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
static guint count_read(const bf_trace *trace, span s)
{
    guint n = 0;
    for (guint i = 0; i < trace->chars->len; i++) {
        const bf_read_char *c = &g_array_index(trace->chars, bf_read_char, i);
        n += (gint)c->frame >= s.first && (gint)c->frame <= s.last && !bf_query_is_separator(c->c);
    }
    return n;
}

/* What was read where the match lies: how surely, and what stands where the form fits worst. */
static void describe(const bf_program *p, const bf_trace *trace, const bf_match *m, gint em_frames, bf_hit *hit)
{
    span s = frames_of(m);
    hit->read_weakest = 1;
    for (guint i = 0; i < trace->chars->len; i++) {
        const bf_read_char *c = &g_array_index(trace->chars, bf_read_char, i);
        if ((gint)c->frame >= s.first && (gint)c->frame <= s.last)
            hit->read_weakest = MIN(hit->read_weakest, c->p);
    }
    for (guint i = 0; i < m->n_symbols; i++) {
        float best = SPOT_FLOOR;
        for (gint t = m->first[i]; m->first[i] >= 0 && t <= m->last[i]; t++)
            best = MAX(best, trace->r[(gsize)t * trace->n_columns + p->column_of[i]]);
        if (p->column_of[i] == COLUMN_ANY || m->first[i] < 0 || best >= hit->odd_score)
            continue;
        const bf_read_char *c = read_instead(trace, m, i, 2 * em_frames);
        hit->odd_score = best;
        hit->odd_symbol = i;
        hit->odd_char = c != NULL ? c->c : 0;
        hit->odd_p = c != NULL ? c->p : 0;
    }
}

static bf_hit base_hit(const bf_program *p, guint form, const bf_match *m, guint line)
{
    bool sure = m->score >= p->sure && p->n_symbols - p->n_wild >= 2;
    return (bf_hit){.reader = "ppocr", .form = form, .score = m->score, .sure = sure, .n_wild = m->n_wild, .line = line, .next_line = -1};
}

void bf_locate_in_line(const bf_spotter *spotter, const bf_trace *trace, const bf_quad *quad, bool stacked, guint line, GArray *hits)
{
    g_autoptr(GArray) matches = g_array_new(FALSE, FALSE, sizeof(bf_match));
    float em = bf_quad_height(quad) / MAX(bf_quad_length(quad), 1.0F);
    for (guint f = 0; f < spotter->n_programs; f++) {
        const bf_program *p = &spotter->programs[f];
        g_array_set_size(matches, 0);
        bf_spot(spotter, f, trace->r, trace->n_frames, matches);
        for (guint i = 0; i < matches->len; i++) {
            const bf_match *m = &g_array_index(matches, bf_match, i);
            centres c = symbol_centres(p, m, 0, (gint)trace->n_frames, 0, trace->step);
            if (c.n == 0 || widest_spacing(&c) > (stacked ? MAX_STACKED_SPACING : MAX_SPACING) * em)
                continue;
            span s = frames_of(m);
            /* Letters are read or they are not there: a word of which less than half was read is noise. */
            if (p->whole_word && (!is_whole_word(trace, s.first, s.last) || 2 * count_read(trace, s) < p->n_symbols))
                continue;
            bf_hit hit = make_hit(quad, &c, base_hit(p, f, m, line));
            describe(p, trace, m, (gint)ceilf(em / trace->step), &hit);
            g_array_append_val(hits, hit);
        }
    }
}

/* ---- over the end of a line ---- */

static bool follows(const bf_quad *a, const bf_quad *b)
{
    float height = MAX(bf_quad_height(a), bf_quad_height(b)), length = MAX(bf_quad_length(a), 1.0F);
    float ax = (a->x[1] - a->x[0]) / length, ay = (a->y[1] - a->y[0]) / length; /* the direction of reading */
    float dx = (b->x[0] + b->x[3] - a->x[1] - a->x[2]) / 2, dy = (b->y[0] + b->y[3] - a->y[1] - a->y[2]) / 2;
    float along = dx * ax + dy * ay, across = -dx * ay + dy * ax;
    if (fabsf(across) < 0.5F * height && along > -height && along < JOIN_BESIDE * height)
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
    centres ca = symbol_centres(p, m, 0, (gint)tail, offset, a->trace->step);
    centres cb = symbol_centres(p, m, (gint)tail, G_MAXINT, 0, b->trace->step);
    if (ca.n == 0 || cb.n == 0)
        return;
    bf_hit base = base_hit(p, form, m, a->line);
    base.next_line = (gint)b->line;
    bf_hit first = make_hit(&a->quad, &ca, base);
    base.line = b->line;
    base.next_line = (gint)a->line;
    bf_hit second = make_hit(&b->quad, &cb, base);
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
            if (crosses(m, (gint)tail) && m->score >= spotter->programs[f].sure &&
                (!spotter->programs[f].whole_word || is_whole_word_over(a->trace, b->trace, m, (gint)tail)))
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
        if (j == from || !follows(a, b))
            continue;
        float distance = fabsf(b->y[0] - a->y[0]) + fabsf(b->x[0] - a->x[0]) * 0.1F;
        if (distance < nearest) {
            nearest = distance;
            best = (gint)j;
        }
    }
    return best;
}

/* `n_unknown` characters at the start (or the end) of a line, taken on trust. */
static bf_hit trusted_hit(const bf_read_line *line, guint n_unknown, bool at_end, bf_hit base)
{
    float em = bf_quad_height(&line->quad) / MAX(bf_quad_length(&line->quad), 1.0F), width = em * (0.9F * (float)n_unknown + SIDE_MARGIN);
    bf_hit hit = base;
    hit.line = line->line;
    hit.quad = at_end ? bf_quad_slice(&line->quad, 1 - width, 1 + em / 2, VERTICAL_MARGIN)
                      : bf_quad_slice(&line->quad, -em / 2, width, VERTICAL_MARGIN);
    return hit;
}

/* The known part of a name stands at the very end of line i (or at its start), and nothing was read where the unknown characters should be:
 * they may stand in the next line (or the one before). They cannot be spotted there, so their place is taken. */
static void follow_unknown(const bf_spotter *spotter, guint form, const bf_match *m, const bf_read_line *lines, guint n, guint i, GArray *hits)
{
    const bf_program *p = &spotter->programs[form];
    const bf_read_line *line = &lines[i];
    float em = bf_quad_height(&line->quad) / MAX(bf_quad_length(&line->quad), 1.0F);
    centres c = symbol_centres(p, m, 0, (gint)line->trace->n_frames, 0, line->trace->step);
    if (c.n < 2 || m->score < p->sure)
        return;
    bool open_end = c.unknown_after > 0 && m->last[p->n_symbols - 1] < 0 && c.u[c.n - 1] > 1 - 1.3F * em;
    bool open_start = c.unknown_before > 0 && m->first[0] < 0 && c.u[0] < 1.3F * em;
    gint next = open_end ? neighbour(lines, n, i, false) : -1, before = open_start ? neighbour(lines, n, i, true) : -1;
    bf_hit base = base_hit(p, form, m, line->line);
    if (next >= 0) {
        bf_hit hit = trusted_hit(&lines[next], c.unknown_after, false, base);
        g_array_append_val(hits, hit);
    }
    if (before >= 0) {
        bf_hit hit = trusted_hit(&lines[before], c.unknown_before, true, base);
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
            if (i != j && follows(&lines[i].quad, &lines[j].quad))
                join_two(spotter, &lines[i], &lines[j], joined, matches, hits);
    locate_cut_unknown(spotter, lines, n, hits);
}
