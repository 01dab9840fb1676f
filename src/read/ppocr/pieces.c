#include "read/ppocr/pieces.h"
#include <math.h>

/* Frames kept of the end of one piece and of the start of the next (enough for so many characters of the line's pitch), and how far
 * apart these may be, in line heights. */
enum { JOIN_FRAMES = 40, JOIN_FRAMES_MOST = 200, JOIN_CHARS = 10 };
static const float JOIN_BELOW = 4.0F, JOIN_BESIDE = 6.0F, NEXT_BELOW = 2.5F;
/* Detection often takes two cells of a table for one line. Characters further apart than this, as a multiple of the line's usual pitch and
 * of its height, may belong to different cells; the name may go on above or below either of them. */
static const float WIDE_PITCH = 1.5F, WIDE_HEIGHT = 0.7F;
/* Less beside a dot, which is narrower than a character by half a pitch, and nearer to its neighbours by a quarter. */
static const float NARROWER = 0.25F;

static int by_size(const void *a, const void *b)
{
    const guint *p = a, *q = b;
    return *p < *q ? -1 : *p > *q;
}

/* Frames from one character to the next, as most of the line has it; 0: fewer than two. */
static guint usual_pitch(const GArray *chars)
{
    g_autoptr(GArray) pitches = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 1; i < chars->len; i++) {
        guint pitch = g_array_index(chars, bf_read_char, i).frame - g_array_index(chars, bf_read_char, i - 1).frame;
        g_array_append_val(pitches, pitch);
    }
    g_array_sort(pitches, by_size);
    return pitches->len > 0 ? g_array_index(pitches, guint, (pitches->len - 1) / 2) : 0;
}

/* Frames from which on a gap is wide. */
static guint wide_gap(const bf_read_line *line, guint usual, float narrower)
{
    float em_frames = bf_quad_height(&line->quad) / MAX(bf_quad_length(&line->quad), 1.0F) / line->trace->step;
    return (guint)ceilf(MAX((WIDE_PITCH - narrower) * (float)usual, WIDE_HEIGHT * em_frames));
}

static void add_piece(const bf_read_line *line, guint from, guint to, guint usual, GArray *pieces)
{
    float step = line->trace->step;
    guint reach = CLAMP(JOIN_CHARS * usual, JOIN_FRAMES, JOIN_FRAMES_MOST);
    bf_piece p = {line,  from,  to,   reach, bf_quad_slice(&line->quad, (float)from * step, MIN((float)to * step, 1.0F), 0),
                  false, false, false};
    if (from == 0 && to == line->trace->n_frames)
        p.quad = line->quad;
    g_array_append_val(pieces, p);
}

/* Not a comma, which takes as much room as a character, at whose left it stands. */
static bool is_dot(gunichar c)
{
    return bf_query_is_separator(c) && g_unichar_ispunct(c) && c != ',' && c != 0xFF0C && c != 0x060C && c != 0xFE50;
}

static void cut_line(const bf_read_line *line, GArray *pieces)
{
    const GArray *chars = line->trace->chars;
    guint usual = usual_pitch(chars), full = wide_gap(line, usual, 0), beside_dot = wide_gap(line, usual, NARROWER), from = 0;
    for (guint i = 1; i < chars->len; i++) {
        const bf_read_char *last = &g_array_index(chars, bf_read_char, i - 1), *next = &g_array_index(chars, bf_read_char, i);
        guint before = last->frame, here = next->frame;
        guint wide = is_dot(last->c) || is_dot(next->c) ? beside_dot : full;
        if (here - before < wide)
            continue;
        /* Each keeps half a usual pitch at its end; what lies between is blank. */
        guint rim = wide / 3, to = MIN(before + rim, here);
        add_piece(line, from, MAX(to, from + 1), usual, pieces);
        from = here > rim ? MAX(here - rim, to) : to;
    }
    if (from < line->trace->n_frames)
        add_piece(line, from, line->trace->n_frames, usual, pieces);
    if (from > 0) {
        bf_piece whole = {line, 0, line->trace->n_frames, JOIN_FRAMES_MOST, line->quad, true, false, false};
        g_array_append_val(pieces, whole);
    }
}

/* Where b's start lies from a's end, along and across the text. */
static void offset(const bf_quad *a, const bf_quad *b, float *along, float *across)
{
    float length = MAX(bf_quad_length(a), 1.0F);
    float ax = (a->x[1] - a->x[0]) / length, ay = (a->y[1] - a->y[0]) / length; /* the direction of reading */
    float dx = (b->x[0] + b->x[3] - a->x[1] - a->x[2]) / 2, dy = (b->y[0] + b->y[3] - a->y[1] - a->y[2]) / 2;
    *along = dx * ax + dy * ay;
    *across = -dx * ay + dy * ax;
}

static bool is_beside(const bf_quad *a, const bf_quad *b, float beside)
{
    float height = MAX(bf_quad_height(a), bf_quad_height(b)), along, across;
    offset(a, b, &along, &across);
    return fabsf(across) < 0.5F * height && along > -height && along < beside * height;
}

bool bf_line_follows(const bf_quad *a, const bf_quad *b, float beside)
{
    float height = MAX(bf_quad_height(a), bf_quad_height(b)), along, across;
    offset(a, b, &along, &across);
    /* The line below starts to the left of where this one ends, and does not end before this one starts. */
    bool below = across > 0.4F * height && across < JOIN_BELOW * height && along < 0 && along > -(bf_quad_length(a) + bf_quad_length(b));
    return below || is_beside(a, b, beside);
}

/* Of two cells the pieces count; in a paragraph a gap at one line's end and another at the next one's start leave pieces that are far
 * apart, and the lines go on all the same. */
static bool goes_on_near(const bf_piece *a, const bf_piece *b)
{
    bool at_ends = a->to == a->line->trace->n_frames && b->from == 0;
    return bf_line_follows(&a->quad, &b->quad, JOIN_BESIDE) || (at_ends && bf_line_follows(&a->line->quad, &b->line->quad, JOIN_BESIDE));
}

/* Rows that detection left in parts: the last part of one goes on in the first of the next, however far apart these two stand. */
static bool wraps(const bf_piece *a, const bf_piece *b)
{
    float height = MAX(bf_quad_height(&a->quad), bf_quad_height(&b->quad)), along, across;
    offset(&a->quad, &b->quad, &along, &across);
    return a->ends_row && b->starts_row && along < 0 && across > 0.4F * height && across < NEXT_BELOW * height;
}

static void find_rows(GArray *pieces)
{
    for (guint i = 0; i < pieces->len; i++) {
        bf_piece *a = &g_array_index(pieces, bf_piece, i);
        a->starts_row = a->from == 0 && !a->spaced;
        a->ends_row = a->to == a->line->trace->n_frames && !a->spaced;
        for (guint k = 0; k < pieces->len && (a->starts_row || a->ends_row); k++) {
            const bf_piece *b = &g_array_index(pieces, bf_piece, k);
            if (b->line == a->line || b->line->composed)
                continue;
            a->ends_row = a->ends_row && !is_beside(&a->quad, &b->quad, G_MAXFLOAT);
            a->starts_row = a->starts_row && !is_beside(&b->quad, &a->quad, G_MAXFLOAT);
        }
    }
}

bool bf_piece_goes_on(const bf_piece *a, const bf_piece *b)
{
    return goes_on_near(a, b) || wraps(a, b);
}

bool bf_piece_is_beside(const bf_piece *a, const bf_piece *b)
{
    return is_beside(&a->quad, &b->quad, JOIN_BESIDE);
}

/* For names of three parts: the very next line of the same cell, or the next piece of the row. */
bool bf_piece_is_next(const bf_piece *a, const bf_piece *b)
{
    float height = MAX(bf_quad_height(&a->quad), bf_quad_height(&b->quad)), along, across;
    float la = bf_quad_length(&a->quad), lb = bf_quad_length(&b->quad);
    offset(&a->quad, &b->quad, &along, &across);
    float shared = MIN(0, along + lb) - MAX(-la, along);
    bool below = across > 0.4F * height && across < NEXT_BELOW * height && shared > 0.5F * MIN(la, lb);
    return below || bf_piece_is_beside(a, b);
}

void bf_cut_lines(const bf_read_line *lines, guint n, GArray *pieces)
{
    for (guint i = 0; i < n; i++)
        cut_line(&lines[i], pieces);
    find_rows(pieces);
}
