#include "page/chains.h"

/* In sizes of a piece (its longer side; a box is somewhat larger than its character). */
static const float ROW_GAP = 4.5F, COLUMN_GAP = 1.3F, OVERLAP = -0.4F, OFFSET = 0.4F, LIKE_SIZE = 1.7F, LONGEST_PIECE = 2.3F;
enum { MAX_PIECES = 40 };

/* A small line by its bounds. Along is x for rows and y for columns. */
typedef struct {
    float from, to, across, size; /* extent along, centre across, thickness */
    bf_rect bounds;
    bool linked;
} piece;

static bool to_piece(const bf_line *l, bool column, piece *out)
{
    bf_rect b = bf_quad_bounds(&l->quad);
    if (l->composed || bf_rect_is_empty(b))
        return false;
    float w = (float)b.w, h = (float)b.h, thick = column ? w : h, along = column ? h : w;
    bool standing = column && l->vertical;
    if ((along > LONGEST_PIECE * thick && !standing) || thick > LONGEST_PIECE * along)
        return false;
    float from = column ? (float)b.y : (float)b.x, across = column ? (float)b.x + w / 2 : (float)b.y + h / 2;
    *out = (piece){from, from + along, across, thick, b, false};
    return true;
}

static int by_from(const void *a, const void *b)
{
    const piece *p = a, *q = b;
    return p->from < q->from ? -1 : p->from > q->from;
}

static bool follows(const piece *a, const piece *b, float gap)
{
    float size = MAX(a->size, b->size), apart = b->from - a->to, offset = b->across - a->across;
    return size < LIKE_SIZE * MIN(a->size, b->size) && apart > OVERLAP * size && apart < gap * size && offset < OFFSET * size &&
           offset > -OFFSET * size;
}

static bf_chain chain_from(GArray *pieces, guint first, bool column)
{
    piece *last = &g_array_index(pieces, piece, first);
    bf_rect all = last->bounds;
    guint n = 1;
    last->linked = true;
    for (guint i = first + 1; i < pieces->len && n < MAX_PIECES; i++) {
        piece *next = &g_array_index(pieces, piece, i);
        if (next->linked || !follows(last, next, column ? COLUMN_GAP : ROW_GAP))
            continue;
        next->linked = true;
        all = bf_rect_union(all, next->bounds);
        last = next;
        n++;
    }
    float l = (float)all.x, t = (float)all.y, r = (float)(all.x + all.w), b = (float)(all.y + all.h);
    bf_line line = {.det_score = 1, .confidence = -1, .weakest = -1, .composed = true, .vertical = column};
    line.quad = column ? (bf_quad){{r, r, l, l}, {t, b, b, t}} : (bf_quad){{l, r, r, l}, {t, t, b, b}};
    return (bf_chain){line, n};
}

static void find(const GArray *lines, bool column, GArray *chains)
{
    g_autoptr(GArray) pieces = g_array_new(FALSE, FALSE, sizeof(piece));
    for (guint i = 0; i < lines->len; i++) {
        piece p;
        if (to_piece(&g_array_index(lines, bf_line, i), column, &p))
            g_array_append_val(pieces, p);
    }
    g_array_sort(pieces, by_from);
    for (guint i = 0; i < pieces->len; i++) {
        if (g_array_index(pieces, piece, i).linked)
            continue;
        bf_chain chain = chain_from(pieces, i, column);
        if (chain.pieces >= 2)
            g_array_append_val(chains, chain);
    }
}

void bf_find_chains(const GArray *lines, GArray *chains)
{
    find(lines, false, chains);
    find(lines, true, chains);
}
