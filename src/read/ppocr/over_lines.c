/* Names over the end of a line. */
#include "read/ppocr/locate.h"
#include "read/ppocr/match_place.h"
#include "read/ppocr/pieces.h"
#include <math.h>

/* A join is one of many that are tried, so it must fit better than a match within a line. */
static const float JOIN_STRICTER = 4.0F;
/* The last known character's centre stands this near to the line's end, in line heights and in the name's own pitch (a line's box may be
 * much higher than its characters), when no further one follows it there; a piece of the same row that holds the rest is no further away
 * than CUT_BESIDE. */
static const float CUT_OFF = 0.95F, CUT_OFF_PITCH = 1.25F, CUT_BESIDE = 1.2F;

/* Centres of two looks at one character are no further apart, in line heights. */
static const float NEAR_PLACE = 0.4F;

/* Pieces in reading order, and which frames of each stand in the joined row. */
enum { MAX_PARTS = 3 };
typedef struct {
    const bf_piece *of[MAX_PARTS];
    guint from[MAX_PARTS], n_frames[MAX_PARTS], n;
} join;

/* A name in parts, before it is known that none of them belongs to another one that fits better. */
typedef struct {
    bf_hit part[MAX_PARTS];
    float near_px[MAX_PARTS]; /* centres so near to each other are those of one character */
    bool spaced[MAX_PARTS];
    guint n;
    float score;
    bool natural; /* each part is the very next one of the same cell or row */
} joined_name;

typedef struct {
    const bf_spotter *spotter;
    const GArray *hits;               /* those within lines */
    GArray *joined, *matches, *names; /* float, bf_match: room for one join; joined_name: all so far */
} joining;

/* Has the match a character in each part? */
static bool crosses(const bf_match *m, const join *j)
{
    gint at = 0;
    for (guint k = 0; k < j->n; at += (gint)j->n_frames[k++]) {
        bool within = false;
        for (guint i = 0; i < m->n_symbols; i++)
            within = within || (m->first[i] >= at && m->first[i] < at + (gint)j->n_frames[k]);
        if (!within)
            return false;
    }
    return true;
}

/* A word in letters goes on in the next line between two syllables, or in a narrow cell anywhere; but one letter by itself is found at many
 * a line's start. */
static bool breaks_like_a_word(const bf_program *p, const bf_match *m, const join *j)
{
    enum { LEAST = 2 };
    gint end = (gint)j->n_frames[0];
    for (guint i = 1, since = 0, k = 0; i < m->n_symbols && k + 1 < j->n; i++) {
        if (m->first[i] < end)
            continue;
        bool within = p->tight >> (i - 1) & 1;
        if (within && (i - since < LEAST || m->n_symbols - i < LEAST))
            return false;
        since = i;
        end += (gint)j->n_frames[++k];
    }
    return true;
}

static bool is_word(const bf_match *m, const join *j)
{
    bf_span s = bf_match_frames(m);
    guint last = j->n - 1;
    gint before_last = 0;
    for (guint k = 0; k < last; k++)
        before_last += (gint)j->n_frames[k];
    const bf_trace *first = j->of[0]->line->trace;
    return bf_match_is_word(first, s.first + (gint)j->from[0], (gint)first->n_frames) &&
           bf_match_is_word(j->of[last]->line->trace, (gint)j->from[last] - 1, s.last - before_last + (gint)j->from[last]);
}

/* Whole lines find once more what their last and first pieces have found. */
static bool is_found(const GArray *hits, const bf_hit *hit)
{
    for (guint i = 0; i < hits->len; i++) {
        const bf_hit *h = &g_array_index(hits, bf_hit, i);
        if (h->form == hit->form && h->line == hit->line && h->next_line == hit->next_line && h->n_centres == hit->n_centres &&
            fabsf(h->centre_x[0] - hit->centre_x[0]) + fabsf(h->centre_y[0] - hit->centre_y[0]) < 1)
            return true;
    }
    return false;
}

static bool in_the_same_place(float x, float y, const bf_hit *hit, float near_px)
{
    for (guint k = 0; k < hit->n_centres; k++)
        if (hypotf(hit->centre_x[k] - x, hit->centre_y[k] - y) <= near_px)
            return true;
    return false;
}

/* Does the hit, of a form as long, hold all of these characters, and fit as well? */
static bool holds(const bf_spotter *spotter, const bf_hit *hit, const bf_hit *part, float near_px)
{
    if (!hit->sure || hit->next_line >= 0 || hit->line != part->line || hit->score < part->score ||
        spotter->programs[hit->form].n_symbols < spotter->programs[part->form].n_symbols)
        return false;
    for (guint i = 0; i < part->n_centres; i++)
        if (!in_the_same_place(part->centre_x[i], part->centre_y[i], hit, near_px))
            return false;
    return true;
}

/* A part of a name that stands whole within its line is no part of another one. */
static bool stands_whole(const bf_spotter *spotter, const GArray *hits, const bf_hit *part, const bf_quad *line)
{
    for (guint i = 0; i < hits->len; i++)
        if (holds(spotter, &g_array_index(hits, bf_hit, i), part, NEAR_PLACE * bf_quad_height(line)))
            return true;
    return false;
}

static void add_name(joining *all, guint form, const bf_match *m, const join *j)
{
    const bf_program *p = bf_match_program(all->spotter, form, m);
    bf_centres centres[MAX_PARTS];
    gint at = 0;
    for (guint k = 0; k < j->n; at += (gint)j->n_frames[k++]) {
        centres[k] =
            bf_match_centres(p, m, at, k + 1 < j->n ? at + (gint)j->n_frames[k] : G_MAXINT, (gint)j->from[k], j->of[k]->line->trace->step);
        const bf_quad *line = &j->of[k]->line->quad;
        if (centres[k].n == 0 ||
            bf_match_widest_spacing(&centres[k]) * MAX(bf_quad_length(line), 1.0F) > BF_MAX_SPACING * bf_quad_height(line))
            return;
    }
    joined_name name = {.n = j->n, .natural = true, .score = m->score};
    for (guint k = 0; k < j->n; k++) {
        bf_hit base = bf_match_base(p, form, m, j->of[k]->line->line);
        base.next_line = (gint)j->of[k + 1 < j->n ? k + 1 : k - 1]->line->line;
        name.part[k] = bf_match_hit(&j->of[k]->line->quad, &centres[k], base);
        name.near_px[k] = NEAR_PLACE * bf_quad_height(&j->of[k]->line->quad);
        name.spaced[k] = j->of[k]->spaced;
        name.natural = name.natural && (k == 0 || bf_piece_is_next(j->of[k - 1], j->of[k]));
        if (stands_whole(all->spotter, all->hits, &name.part[k], &j->of[k]->line->quad))
            return;
    }
    g_array_append_val(all->names, name);
}

/* A part of a name that was plainly read, and goes on where the next line or the next piece of the row begins, is no part of another one
 * that fits worse. */
static bool goes_on_better(const GArray *names, guint which)
{
    static const float PLAINLY = -0.5F, WORSE = -1;
    const joined_name *name = &g_array_index(names, joined_name, which);
    for (guint i = 0; i < names->len && name->score < WORSE; i++) {
        const joined_name *other = &g_array_index(names, joined_name, i);
        if (!other->natural || other->score < PLAINLY || other->part[0].form != name->part[0].form)
            continue;
        for (guint k = 0; k < name->n; k++)
            for (guint l = 0; l < other->n; l++)
                if (other->part[l].line == name->part[k].line && name->part[k].n_centres > 0 &&
                    in_the_same_place(name->part[k].centre_x[0], name->part[k].centre_y[0], &other->part[l], name->near_px[k]))
                    return true;
    }
    return false;
}

static void add_names(const GArray *names, GArray *hits)
{
    for (guint i = 0; i < names->len; i++) {
        const joined_name *name = &g_array_index(names, joined_name, i);
        if (goes_on_better(names, i))
            continue;
        for (guint k = 0; k < name->n; k++)
            if (!name->spaced[k] || !is_found(hits, &name->part[k]))
                g_array_append_val(hits, name->part[k]);
    }
}

static void spot_join(joining *all, const join *j)
{
    const bf_spotter *spotter = all->spotter;
    GArray *joined = all->joined, *matches = all->matches;
    guint width = spotter->n_columns, n_frames = 0;
    g_array_set_size(joined, 0);
    for (guint k = 0; k < j->n; k++) {
        g_array_append_vals(joined, j->of[k]->line->trace->r + (gsize)j->from[k] * width, j->n_frames[k] * width);
        n_frames += j->n_frames[k];
    }
    for (guint f = 0; f < spotter->n_programs; f++) {
        const bf_program *p = &spotter->programs[f];
        if (p->n_symbols - p->n_wild < j->n) /* a character that is known in each part */
            continue;
        g_array_set_size(matches, 0);
        bf_spot(spotter, f, (const float *)(const void *)joined->data, n_frames, matches);
        for (guint i = 0; i < matches->len; i++) {
            const bf_match *m = &g_array_index(matches, bf_match, i);
            if (!m->lenient && m->score >= p->sure + JOIN_STRICTER && crosses(m, j) &&
                (!p->whole_word || (is_word(m, j) && breaks_like_a_word(p, m, j))))
                add_name(all, f, m, j);
        }
    }
}

/* The end of a, what lies between, the start of the last. */
static join join_of(const bf_piece *a, const bf_piece *middle, const bf_piece *last)
{
    join j = {.n = 0};
    j.of[j.n] = a;
    j.n_frames[j.n] = MIN(a->to, a->reach);
    j.from[j.n] = a->to - j.n_frames[j.n];
    j.n++;
    if (middle != NULL) {
        j.of[j.n] = middle;
        j.from[j.n] = middle->from;
        j.n_frames[j.n++] = middle->to - middle->from;
    }
    j.of[j.n] = last;
    j.from[j.n] = last->from;
    j.n_frames[j.n++] = MIN(last->line->trace->n_frames - last->from, last->reach);
    return j;
}

static bool is_whole(const bf_piece *p)
{
    return p->from == 0 && p->to == p->line->trace->n_frames;
}

/* A part in the middle takes a whole piece, and the name goes on below it, or below the first part of the row. */
static void join_three(joining *all, const GArray *pieces, const bf_piece *a, const bf_piece *b)
{
    bool row = bf_piece_is_beside(a, b); /* found as a line of its own, or not */
    if (a->spaced || b->spaced || b->to - b->from > b->reach || !bf_piece_is_next(a, b))
        return;
    for (guint l = 0; l < pieces->len; l++) {
        const bf_piece *c = &g_array_index(pieces, bf_piece, l);
        if (c->spaced || c->line == a->line || c->line == b->line || !(bf_piece_is_next(b, c) || (row && bf_piece_is_next(a, c))))
            continue;
        join three = join_of(a, b, c);
        spot_join(all, &three);
    }
}

static void join_pieces(const bf_spotter *spotter, const GArray *pieces, GArray *hits)
{
    g_autoptr(GArray) joined = g_array_new(FALSE, FALSE, sizeof(float)), matches = g_array_new(FALSE, FALSE, sizeof(bf_match));
    g_autoptr(GArray) names = g_array_new(FALSE, FALSE, sizeof(joined_name));
    joining all = {spotter, hits, joined, matches, names};
    for (guint i = 0; i < pieces->len; i++)
        for (guint k = 0; k < pieces->len; k++) {
            const bf_piece *a = &g_array_index(pieces, bf_piece, i), *b = &g_array_index(pieces, bf_piece, k);
            if (a == b)
                continue;
            /* Within a line the gaps are no ends, and letter-spaced whole lines go on in whole lines only. */
            bool two = a->line != b->line && bf_piece_goes_on(a, b) && ((!a->spaced && !b->spaced) || (is_whole(a) && is_whole(b)));
            if (two) {
                join j = join_of(a, NULL, b);
                spot_join(&all, &j);
            }
            if (two || a->line == b->line)
                join_three(&all, pieces, a, b);
        }
    add_names(names, hits);
}

/* ---- characters that the reader does not know, cut off by the end of a line ---- */

/* The line that goes on where `from` ends (or, backwards, that ends where `from` starts): the nearest one; -1: none. */
static gint neighbour(const bf_read_line *lines, guint n, guint from, bool backwards)
{
    gint best = -1;
    float nearest = INFINITY;
    for (guint j = 0; j < n; j++) {
        const bf_quad *a = &lines[backwards ? j : from].quad, *b = &lines[backwards ? from : j].quad;
        if (j == from || !bf_line_follows(a, b, CUT_BESIDE))
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
 * they may stand in the next line (or the one before). They cannot be spotted there, so their place is taken, and told by its glyphs. The
 * ends of composed rows are guesses, and their pieces have been here. */
static void follow_unknown(const bf_spotter *spotter, guint form, const bf_match *m, const bf_read_line *lines, guint n, guint i,
                           GArray *hits)
{
    const bf_program *p = &spotter->programs[form];
    const bf_read_line *line = &lines[i];
    float em = bf_quad_height(&line->quad) / MAX(bf_quad_length(&line->quad), 1.0F);
    bf_centres c = bf_match_centres(p, m, 0, (gint)line->trace->n_frames, 0, line->trace->step);
    if (m->lenient || c.n < 2 || m->score < p->sure)
        return;
    guint between = 0;
    for (guint k = 1; k < c.n; k++)
        between += c.unknown_between[k];
    float pitch = (c.u[c.n - 1] - c.u[0]) / (float)(c.n - 1 + between), near = MIN(CUT_OFF * em, CUT_OFF_PITCH * pitch);
    bool open_end = c.unknown_after > 0 && m->last[p->n_symbols - 1] < 0 && c.u[c.n - 1] > 1 - near;
    bool open_start = c.unknown_before > 0 && m->first[0] < 0 && c.u[0] < near;
    gint next = open_end ? neighbour(lines, n, i, false) : -1, before = open_start ? neighbour(lines, n, i, true) : -1;
    bf_hit base = bf_match_base(p, form, m, line->line);
    if (next >= 0) {
        base.line = lines[next].line;
        bf_hit hit = bf_match_trusted_hit(&lines[next].quad, c.unknown_after, false, base);
        bf_match_describe_trusted(p, lines[next].trace, &lines[next].quad, p->n_symbols - c.unknown_after, c.unknown_after, false, &hit);
        g_array_append_val(hits, hit);
    }
    if (before >= 0) {
        base.line = lines[before].line;
        bf_hit hit = bf_match_trusted_hit(&lines[before].quad, c.unknown_before, true, base);
        bf_match_describe_trusted(p, lines[before].trace, &lines[before].quad, 0, c.unknown_before, true, &hit);
        g_array_append_val(hits, hit);
    }
}

static void locate_cut_unknown(const bf_spotter *spotter, const bf_read_line *lines, guint n, GArray *hits)
{
    g_autoptr(GArray) matches = g_array_new(FALSE, FALSE, sizeof(bf_match));
    for (guint f = 0; f < spotter->n_programs; f++)
        for (guint i = 0; i < n && spotter->programs[f].n_wild > 0; i++) {
            if (lines[i].composed)
                continue;
            g_array_set_size(matches, 0);
            bf_spot(spotter, f, lines[i].trace->r, lines[i].trace->n_frames, matches);
            for (guint k = 0; k < matches->len; k++)
                follow_unknown(spotter, f, &g_array_index(matches, bf_match, k), lines, n, i, hits);
        }
}

void bf_locate_over_lines(const bf_spotter *spotter, const bf_read_line *lines, guint n, GArray *hits)
{
    g_autoptr(GArray) pieces = g_array_new(FALSE, FALSE, sizeof(bf_piece));
    bf_cut_lines(lines, n, pieces);
    join_pieces(spotter, pieces, hits);
    locate_cut_unknown(spotter, lines, n, hits);
}
