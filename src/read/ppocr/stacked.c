/* Names in cells so narrow that they take several rows. */
#include "read/ppocr/locate.h"
#include "read/ppocr/match_place.h"
#include <math.h>

/* What was read there, or nearly. */
static const float READ = -2.0F;
/* In heights of the line: a row's first character stands right below the one of the row before. What is centred may begin further in. */
static const float ALIGNED = 0.45F, BELOW_LEAST = 0.6F, BELOW_MOST = 2.6F, BESIDE_MOST = 1.6F;
/* What stands further behind a character than this, in heights, is in the next cell. */
static const float NEXT_CELL = 1.1F;
/* Rows of one cell are as far apart, and their characters as large. */
static const float LIKE_PITCH = 1.5F, LIKE_SIZE = 1.7F;
/* Where a character is missing none was read as surely as this so near to its place, in heights; others and grain read worse. */
static const float SURELY = 0.6F, PLACE = 0.5F;
enum { LEAST_CHARS = 3, MANY_ROWS = 3, FEW_READ = 2 };

/* A character of the name where it was read. */
typedef struct {
    const bf_read_line *line;
    float u, x, y, height, score; /* centre along the line, 0..1, and on the picture */
    bool first, last, alone;      /* nothing was read right before it; nothing right behind it; nothing else but a sign on its line */
} mark;

/* The name as far as it was followed: a character for each symbol. */
typedef struct {
    const mark *of[MAX_SYMBOLS];                 /* NULL: not read, one at most */
    guint n, row, rows;                          /* row: where the last row begins */
    float pitch;                                 /* of the first two rows */
    bool single, whole_rows, all_alone, missing; /* whole_rows: all begin and end where something begins and ends */
} stack;

typedef struct {
    const bf_read_line *lines;
    guint n_lines;
    GPtrArray *marks; /* GArray of mark, by column; NULL: no form asked for it yet */
} page;

/* ---- characters ---- */

/* The last character read before a frame that is none of it, and stands as near as characters of one word do. */
static bool is_first(const bf_trace *t, guint frame, float frames_a_height)
{
    for (guint i = t->chars->len; i-- > 0;) {
        const bf_read_char *c = &g_array_index(t->chars, bf_read_char, i);
        if (c->frame < frame)
            return (float)(frame - c->frame) > BESIDE_MOST * frames_a_height || bf_query_is_separator(c->c);
    }
    return true;
}

/* A border may be read as a sign, or as a letter. */
static bool is_last(const bf_trace *t, guint frame, float frames_a_height)
{
    for (guint i = 0; i < t->chars->len; i++) {
        const bf_read_char *c = &g_array_index(t->chars, bf_read_char, i);
        if (c->frame > frame)
            return (float)(c->frame - frame) > NEXT_CELL * frames_a_height || g_unichar_get_script(c->c) != G_UNICODE_SCRIPT_HAN;
    }
    return true;
}

static void add_marks(const bf_read_line *line, guint column, GArray *marks)
{
    const bf_trace *t = line->trace;
    float height = bf_quad_height(&line->quad), frames_a_height = height / MAX(bf_quad_length(&line->quad), 1.0F) / t->step;
    for (guint f = 0, end; f < t->n_frames; f = end + 1) {
        float best = SPOT_FLOOR;
        for (end = f; end < t->n_frames && t->r[(gsize)end * t->n_columns + column] > READ; end++)
            best = MAX(best, t->r[(gsize)end * t->n_columns + column]);
        if (end == f)
            continue;
        float u = (float)(f + end) / 2 * t->step;
        bf_quad at = bf_quad_slice(&line->quad, u, u, 0);
        mark m = {line,
                  u,
                  (at.x[0] + at.x[3]) / 2,
                  (at.y[0] + at.y[3]) / 2,
                  height,
                  best,
                  is_first(t, f, frames_a_height),
                  is_last(t, end - 1, frames_a_height),
                  t->chars->len <= FEW_READ};
        g_array_append_val(marks, m);
    }
}

/* Where the characters of a column were read, found once for all forms. */
static const GArray *marks_of(page *all, guint column)
{
    if (g_ptr_array_index(all->marks, column) == NULL) {
        GArray *marks = g_array_new(FALSE, FALSE, sizeof(mark));
        for (guint i = 0; i < all->n_lines; i++)
            if (!all->lines[i].composed)
                add_marks(&all->lines[i], column, marks);
        g_ptr_array_index(all->marks, column) = marks;
    }
    return g_ptr_array_index(all->marks, column);
}

static void free_marks(gpointer marks)
{
    if (marks != NULL)
        g_array_unref(marks);
}

/* ---- from one character to the next ---- */

/* Where b stands from a, along a's line and across it, in heights. */
static void offset(const mark *a, const mark *b, float *along, float *across)
{
    const bf_quad *q = &a->line->quad;
    float length = MAX(bf_quad_length(q), 1.0F), height = MAX(MAX(a->height, b->height), 1.0F);
    float ax = (q->x[1] - q->x[0]) / length, ay = (q->y[1] - q->y[0]) / length, dx = b->x - a->x, dy = b->y - a->y;
    *along = (dx * ax + dy * ay) / height;
    *across = (dy * ax - dx * ay) / height;
}

static bool are_alike(const mark *a, const mark *b)
{
    return MAX(a->height, b->height) < LIKE_SIZE * MIN(a->height, b->height);
}

static void begin(stack *s, const mark *m)
{
    s->whole_rows = s->whole_rows && m->first && (s->n == 0 || s->of[s->n - 1] == NULL || s->of[s->n - 1]->last);
    s->all_alone = s->all_alone && m->alone;
    s->row = s->n;
    s->rows++;
    s->of[s->n++] = m;
}

/* Takes the next character into the row, or as the first one of the row below; false when it is neither. */
static bool take(stack *s, const mark *next)
{
    bool skipped = s->of[s->n - 1] == NULL;
    const mark *first = s->of[s->row], *last = s->of[s->n - (skipped ? 2 : 1)];
    float along, across, width, height;
    if (!are_alike(last, next))
        return false;
    offset(last, next, &along, &across);
    if (last->line == next->line) {
        s->single = false;
        s->of[s->n++] = next;
        return along > 0 && along < BESIDE_MOST && !s->missing;
    }
    offset(first, last, &width, &height);
    offset(first, next, &along, &across);
    across /= skipped ? 2 : 1;
    bool below = along > -ALIGNED && along < width + ALIGNED && across > BELOW_LEAST && across < BELOW_MOST;
    bool regular = s->pitch == 0 || (across < LIKE_PITCH * s->pitch && across * LIKE_PITCH > s->pitch);
    s->pitch = s->pitch == 0 ? across : s->pitch;
    begin(s, next);
    return below && regular;
}

/* Where the character stands that was not read: between its neighbours, or as far from the first or the last of the others as those are
 * from each other. */
static void missing_place(const stack *s, guint *beside, float *dx, float *dy)
{
    guint k = 0;
    while (s->of[k] != NULL)
        k++;
    guint a = k == 0 ? 1 : k - 1, b = k == 0 ? 2 : k + 1 < s->n ? k + 1 : k - 2;
    float share = k == 0 || k + 1 == s->n ? -1.0F : 0.5F;
    *beside = a;
    *dx = share * (s->of[b]->x - s->of[a]->x);
    *dy = share * (s->of[b]->y - s->of[a]->y);
}

static float distance(float x, float y, float ax, float ay, float bx, float by)
{
    float dx = bx - ax, dy = by - ay, length2 = MAX(dx * dx + dy * dy, 1.0F);
    float t = CLAMP(((x - ax) * dx + (y - ay) * dy) / length2, 0.0F, 1.0F);
    return hypotf(x - ax - t * dx, y - ay - t * dy);
}

/* Is another character surely read between those of the name, or where the missing one should be? Then it is that. */
static bool is_interrupted(const page *all, const stack *s)
{
    guint beside;
    float dx, dy;
    missing_place(s, &beside, &dx, &dy);
    const mark *m = s->of[beside], *top = s->of[0], *foot = s->of[s->n - 1];
    float x0 = top != NULL ? top->x : m->x + dx, y0 = top != NULL ? top->y : m->y + dy;
    float x1 = foot != NULL ? foot->x : m->x + dx, y1 = foot != NULL ? foot->y : m->y + dy, near = PLACE * m->height;
    for (guint i = 0; i < all->n_lines; i++)
        for (guint k = 0; k < all->lines[i].trace->chars->len; k++) {
            const bf_read_char *c = &g_array_index(all->lines[i].trace->chars, bf_read_char, k);
            float u = ((float)c->frame + 0.5F) * all->lines[i].trace->step;
            bf_quad at = bf_quad_slice(&all->lines[i].quad, u, u, 0);
            float x = (at.x[0] + at.x[3]) / 2, y = (at.y[0] + at.y[3]) / 2;
            bool own = false;
            for (guint j = 0; j < s->n; j++)
                own = own || (s->of[j] != NULL && hypotf(s->of[j]->x - x, s->of[j]->y - y) < near);
            if (!own && c->p >= SURELY && distance(x, y, x0, y0, x1, y1) < near)
                return true;
        }
    return false;
}

/* Three characters of a name right below each other are that name, wherever they stand; two rows are when both are all
 * that stands there, and where one character was not read the others stand alone, as in a cell. */
static bool is_name(const page *all, const stack *s)
{
    if (s->missing)
        return s->single && s->all_alone && !is_interrupted(all, s);
    return s->rows >= MANY_ROWS || (s->rows == 2 && s->whole_rows && s->of[s->n - 1]->last);
}

static bool follow(page *all, const bf_program *p, stack *s)
{
    if (s->n == p->n_symbols)
        return is_name(all, s);
    const GArray *marks = marks_of(all, p->plain_of[s->n]);
    for (guint i = 0; i < marks->len; i++) {
        stack longer = *s;
        if (take(&longer, &g_array_index(marks, mark, i)) && follow(all, p, &longer)) {
            *s = longer;
            return true;
        }
    }
    if (s->missing || !s->single || !s->all_alone)
        return false;
    stack without = *s;
    without.missing = true;
    without.of[without.n++] = NULL;
    if (!follow(all, p, &without))
        return false;
    *s = without;
    return true;
}

/* ---- hits ---- */

static bf_quad moved(bf_quad q, float dx, float dy)
{
    for (int i = 0; i < 4; i++) {
        q.x[i] += dx;
        q.y[i] += dy;
    }
    return q;
}

/* A character of the row below characters first .. to - 1, or, of the last row, of the one above. */
static const mark *row_beside(const stack *s, guint first, guint to)
{
    for (guint i = to; i < s->n; i++)
        if (s->of[i] != NULL)
            return s->of[i];
    for (guint i = first; i-- > 0;)
        if (s->of[i] != NULL)
            return s->of[i];
    return s->of[first];
}

static void add_hits(const stack *s, guint form, GArray *hits)
{
    float score = 0;
    for (guint i = 0; i < s->n; i++)
        score += s->of[i] != NULL ? s->of[i]->score : 0;
    guint beside = MAX_SYMBOLS;
    float dx = 0, dy = 0;
    if (s->missing)
        missing_place(s, &beside, &dx, &dy);
    for (guint i = 0, to; i < s->n; i = to) {
        to = i + 1;
        if (s->of[i] == NULL)
            continue;
        bf_centres c = {.n = 1, .u = {s->of[i]->u}};
        for (; to < s->n && s->of[to] != NULL && s->of[to]->line == s->of[i]->line; to++)
            c.u[c.n++] = s->of[to]->u;
        bf_hit base = {.reader = "ppocr", .form = form, .score = score, .sure = true, .line = s->of[i]->line->line};
        base.next_line = (gint)row_beside(s, i, to)->line->line;
        bf_hit hit = bf_match_hit(&s->of[i]->line->quad, &c, base);
        g_array_append_val(hits, hit);
        if (i != beside)
            continue;
        bf_hit unread = hit; /* its own place is the picture's, not its line's */
        unread.quad = moved(hit.quad, dx, dy);
        unread.n_centres = 0;
        g_array_append_val(hits, unread);
    }
}

static bool all_known(const bf_program *p)
{
    return p->n_states > 0 && !p->whole_word && p->n_symbols >= LEAST_CHARS && p->n_wild == 0;
}

void bf_locate_stacked(const bf_spotter *spotter, const bf_read_line *lines, guint n, GArray *hits)
{
    g_autoptr(GPtrArray) marks = g_ptr_array_new_with_free_func(free_marks);
    g_ptr_array_set_size(marks, (gint)spotter->n_columns);
    page all = {lines, n, marks};
    for (guint f = 0; f < spotter->n_programs; f++) {
        const bf_program *p = &spotter->programs[f];
        for (guint skip = 0; skip < 2 && all_known(p); skip++) { /* the first character may be the one that is missing */
            const GArray *starts = marks_of(&all, p->plain_of[skip]);
            for (guint i = 0; i < starts->len; i++) {
                stack s = {.n = skip, .single = true, .whole_rows = true, .all_alone = true, .missing = skip == 1};
                begin(&s, &g_array_index(starts, mark, i));
                if (follow(&all, p, &s))
                    add_hits(&s, f, hits);
            }
        }
    }
}
