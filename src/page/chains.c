#include "page/chains.h"
#include <math.h>

/* In sizes of a piece (its thickness; a box is somewhat larger than its character). */
static const float ROW_GAP = 4.5F, COLUMN_GAP = 1.3F, OVERLAP = -0.8F, OFFSET = 0.4F, LIKE_SIZE = 1.7F, LONGEST_PIECE = 2.3F, END = 6.0F;
/* Detection leaves more room about a long line than about a single character, so that the ends of lines are thicker than pieces are. */
static const float LIKE_END = 2.1F;
/* How much of a longer line's end may be letter-spaced name, for each of the name's characters: END for a name of three. */
static const float END_PER_CHAR = 2.0F;
/* A line as long as this for each character read on it is letter-spaced by a character or more: a part of a row, whatever its length. */
static const float SPARSE = 1.3F, WORD = 1.25F, SURE_WORD = 0.9F;
enum { MAX_PIECES = 40, FEW_CHARS = 2, UNREAD_PIECES = 2 };

/* Where detection cuts one line in two, the parts stand so close together, and were read no better than this where the cut does harm. */
static const float CUT_GAP = 1.2F, READ_WELL = 0.6F;

/* SMALL pieces make a chain. A row may begin with the TAIL of a longer line and end with the HEAD of one: part of the name may stand there.
 */
typedef enum { SMALL, TAIL, HEAD } role;

/* A small line, or an end of a longer one, by its bounds. Along is x for rows and y for columns. */
typedef struct {
    role role;
    float from, to, across, size; /* extent along, centre across, thickness */
    bf_quad quad;
    bf_rect bounds;
    bool linked, shows_none;
    bool several; /* several characters were read on it */
    bool none_seen, unread;
    bool others; /* an end of a longer line, or a word read surely */
    bool weak;   /* an end of a line on which some character was hardly read */
} piece;

static piece make_piece(const bf_quad *q, role what, bool column)
{
    bf_rect b = bf_quad_bounds(q);
    float w = (float)b.w, h = (float)b.h, from = column ? (float)b.y : (float)b.x, along = column ? h : w;
    return (piece){.role = what,
                   .from = from,
                   .to = from + along,
                   .across = column ? (float)b.x + w / 2 : (float)b.y + h / 2,
                   .size = column ? w : h,
                   .quad = *q,
                   .bounds = b,
                   .others = what != SMALL};
}

/* The head or the tail of a tilted line is as thick as the line, and stands where the line begins or ends. */
static piece make_end(const bf_quad *q, role what)
{
    piece p = make_piece(q, what, false);
    int a = what == HEAD ? 0 : 1, b = what == HEAD ? 3 : 2;
    p.size = hypotf(q->x[3] - q->x[0], q->y[3] - q->y[0]);
    p.across = (q->y[a] + q->y[b]) / 2;
    return p;
}

/* A box is larger than its characters by a third of its width, all round; small ones hold one character. */
static guint chars_of(const piece *p)
{
    float along = p->to - p->from;
    return along < 1.6F * p->size ? 1 : (guint)MAX(2, lroundf((along - 0.3F * p->size) / (0.7F * p->size)));
}

guint bf_column_chars(const bf_line *line)
{
    piece p = make_piece(&line->quad, SMALL, true);
    return chars_of(&p);
}

static void add_pieces(const bf_line *l, bool column, float end, GArray *pieces)
{
    bf_rect b = bf_quad_bounds(&l->quad);
    if (l->composed || bf_rect_is_empty(b))
        return;
    float w = (float)b.w, h = (float)b.h;
    /* The words of a table's column are no column of characters. */
    if (column && !l->vertical && l->n_chars > 1 && w > WORD * h)
        return;
    float thick = column ? w : h, along = column ? h : w;
    bool few = l->confidence >= 0 && l->n_chars <= FEW_CHARS && along <= END * thick;
    bool sparse = l->confidence >= 0 && l->n_chars > 0 && !l->vertical && along >= SPARSE * thick * (float)l->n_chars;
    if (thick <= LONGEST_PIECE * along && (along <= LONGEST_PIECE * thick || (column ? l->vertical : few || sparse))) {
        piece p = make_piece(&l->quad, SMALL, column);
        p.shows_none = l->shows_none;
        p.several = l->n_chars > 1;
        p.none_seen = l->none_seen;
        p.unread = l->confidence < READ_WELL;
        p.others = l->n_chars > 1 && l->confidence >= SURE_WORD && chars_of(&p) > 1;
        g_array_append_val(pieces, p);
    } else if (!column && !l->vertical) {
        float share = MIN(end * thick / along, 1.0F);
        bf_quad head = bf_quad_slice(&l->quad, 0, share, 0), tail = bf_quad_slice(&l->quad, 1 - share, 1, 0);
        piece h_piece = make_end(&head, HEAD), t_piece = make_end(&tail, TAIL);
        h_piece.shows_none = t_piece.shows_none = l->shows_none;
        h_piece.none_seen = t_piece.none_seen = l->none_seen;
        h_piece.weak = t_piece.weak = l->weakest < READ_WELL;
        g_array_append_val(pieces, h_piece);
        g_array_append_val(pieces, t_piece);
    }
}

static int by_from(const void *a, const void *b)
{
    const piece *p = a, *q = b;
    return p->from < q->from ? -1 : p->from > q->from;
}

static bool follows(const piece *a, const piece *b, float gap)
{
    float size = MAX(a->size, b->size), apart = b->from - a->to, offset = b->across - a->across;
    float like = a->role == SMALL && b->role == SMALL ? LIKE_SIZE : LIKE_END;
    return size < like * MIN(a->size, b->size) && apart > OVERLAP * size && apart < gap * size && offset < OFFSET * size &&
           offset > -OFFSET * size;
}

/* From the first piece's start to the last one's end, as high as the thickest: a row may be tilted. */
static bf_quad row_quad(const piece *first, const piece *last, float size)
{
    const bf_quad *f = &first->quad, *l = &last->quad;
    float x0 = (f->x[0] + f->x[3]) / 2, y0 = (f->y[0] + f->y[3]) / 2, x1 = (l->x[1] + l->x[2]) / 2, y1 = (l->y[1] + l->y[2]) / 2;
    float length = MAX(hypotf(x1 - x0, y1 - y0), 1.0F), nx = -(y1 - y0) / length * size / 2, ny = (x1 - x0) / length * size / 2;
    return (bf_quad){{x0 - nx, x1 - nx, x1 + nx, x0 + nx}, {y0 - ny, y1 - ny, y1 + ny, y0 + ny}};
}

/* The end of a line and the start of the next one in the row, which may be one line: read together, since a name over the cut is weaker in
 * two parts. Where both were read well their posteriors are joined, which costs nothing (over_lines.c). */
static bool is_cut_line(const piece *a, const piece *b)
{
    return a->role == TAIL && b->role == HEAD && (a->weak || b->weak) && b->from - a->to < CUT_GAP * MAX(a->size, b->size);
}

/* Of a name in pieces one shows, however badly it was read; or two of them were not read at all. A list's numbers show nothing. */
static bool may_hold_name(const piece *const *of, guint first, guint last)
{
    guint unread = 0;
    for (guint i = first; i <= last; i++) {
        if (!of[i]->none_seen)
            return true;
        unread += of[i]->unread;
    }
    return unread >= UNREAD_PIECES;
}

/* Pieces first .. last of a chain as one line. */
static void add_chain(const piece *const *of, guint first, guint last, bool column, GArray *chains)
{
    bf_rect all = {0};
    float size = 0;
    bool any_small = false;
    bf_chain chain = {.pieces = last - first + 1};
    for (guint i = first; i <= last; i++) {
        all = bf_rect_union(all, of[i]->bounds);
        size = MAX(size, of[i]->size);
        any_small = any_small || of[i]->role == SMALL;
        chain.chars += chars_of(of[i]);
    }
    if (!may_hold_name(of, first, last) || (!any_small && (column || chain.pieces != 2 || !is_cut_line(of[first], of[last]))))
        return;
    float l = (float)all.x, t = (float)all.y, r = (float)(all.x + all.w), b = (float)(all.y + all.h);
    chain.line = (bf_line){.det_score = 1, .confidence = -1, .weakest = -1, .composed = true, .vertical = column};
    chain.line.quad = column ? (bf_quad){{r, r, l, l}, {t, b, b, t}} : row_quad(of[first], of[last], size);
    g_array_append_val(chains, chain);
}

/* A piece that surely shows nothing of the name stands outside it; but for a single character, or half of one, beside something of the
 * name: that may be misread. The number of two digits before a name in a list is as wide as one character, and none. */
static bool may_hold_part(const piece *const *of, guint n, guint i)
{
    if (!of[i]->shows_none)
        return true;
    bool beside = (i > 0 && !of[i - 1]->shows_none) || (i + 1 < n && !of[i + 1]->shows_none);
    return beside && of[i]->role == SMALL && chars_of(of[i]) == 1 && !of[i]->several;
}

/* Pieces from begin to before end as one chain; and the parts of it between others' words: the name may go on below its last piece, and a
 * label beside a cell of two rows stands at the height between them, so that a line through it cuts both. */
static void add_parts(const piece *const *of, guint begin, guint end, bool column, GArray *chains)
{
    if (end - begin < 2)
        return;
    add_chain(of, begin, end - 1, column, chains);
    for (guint from = begin, to; !column && from < end; from = to + 1) {
        for (to = from; to < end && !of[to]->others;)
            to++;
        if (to - from >= 2 && to - from < end - begin)
            add_chain(of, from, to - 1, column, chains);
    }
}

/* What of the chain that begins with a piece may hold the name. */
static void add_chains_from(GArray *pieces, guint begin, bool column, GArray *chains)
{
    const piece *of[MAX_PIECES];
    guint n = 0;
    for (guint i = begin; i < pieces->len && n < MAX_PIECES && (n == 0 || of[n - 1]->role != HEAD); i++) {
        piece *next = &g_array_index(pieces, piece, i);
        if (n > 0 && (next->linked || next->role == TAIL || !follows(of[n - 1], next, column ? COLUMN_GAP : ROW_GAP)))
            continue;
        next->linked = n == 0 || next->role == SMALL;
        of[n++] = next;
    }
    for (guint from = 0, to; from < n; from = to + 1) {
        for (to = from; to < n && may_hold_part(of, n, to);)
            to++;
        add_parts(of, from, to, column, chains);
    }
}

static void find(const GArray *lines, bool column, guint name_chars, GArray *chains)
{
    g_autoptr(GArray) pieces = g_array_new(FALSE, FALSE, sizeof(piece));
    for (guint i = 0; i < lines->len; i++)
        add_pieces(&g_array_index(lines, bf_line, i), column, MAX(END, END_PER_CHAR * (float)name_chars), pieces);
    g_array_sort(pieces, by_from);
    for (guint i = 0; i < pieces->len; i++) {
        const piece *p = &g_array_index(pieces, piece, i);
        if (!p->linked && p->role != HEAD)
            add_chains_from(pieces, i, column, chains);
    }
}

void bf_find_chains(const GArray *lines, guint name_chars, GArray *chains)
{
    find(lines, false, name_chars, chains);
    find(lines, true, name_chars, chains);
}
