#include "page/stamped_lines.h"
#include <math.h>

/* How much of a stamp's ink must lie on a line before it is read again without: a share of the line's area, or less on a long line whose
 * end a ring touches, as a share of the line's height squared. */
static const float STAMPED_SHARE = 0.01F, TOUCHED = 0.03F;
/* Detection works on squares of GRID px; it sees the ink's rows with so many of these on either side. A larger part of the picture than
 * MOST is looked at whole. */
enum { GRID = 32, BESIDE = 3, EDGE_PX = 8 };
static const float MOST = 0.8F;

/* Rows of the picture that are looked at by themselves. */
typedef struct {
    int top, height, long_side_px;
} band;

/* The rows that hold ink, in squares of the detector's grid as it lies over the whole picture: then the band is seen at the same scale and
 * in the same squares as it would be there. */
static band band_of(const bf_picture *p, bf_rect rows, int long_side_px)
{
    band whole = {0, p->height_px, long_side_px};
    int w = p->width_px, h = p->height_px;
    float scale = (float)long_side_px / (float)MAX(w, h);
    if (scale >= 1 || MAX(w, h) > 2 * MIN(w, h)) /* small, or seen by its short side */
        return whole;
    int squares = MAX(1, (int)lroundf((float)h * scale / GRID));
    float square = (float)h / (float)squares;
    int from = MAX(0, (int)floorf((float)rows.y / square) - BESIDE);
    int to = MIN(squares, (int)ceilf((float)(rows.y + rows.h) / square) + BESIDE);
    int least = MIN(squares, (int)ceilf((float)w / 2 / square) + 1); /* a flatter picture would be seen by its short side */
    to = MIN(squares, MAX(to, from + least));
    from = MAX(0, MIN(from, to - least));
    if ((float)(to - from) > MOST * (float)squares)
        return whole;
    band b = {(int)lroundf((float)from * square), 0, 0};
    b.height = (int)lroundf((float)to * square) - b.top;
    b.long_side_px = (int)lroundf(scale * (float)MAX(w, b.height));
    return b;
}

static bool is_whole(const band *b, const bf_picture *p)
{
    return b->top == 0 && b->height == p->height_px;
}

static bool find_in(bf_page_worker *w, const bf_picture *seen, const band *b, GArray *lines, GError **error)
{
    const bf_reader_class *class;
    bf_reader_worker *worker;
    bf_picture rows = *seen;
    rows.height_px = b->height;
    rows.data = seen->data + (gsize)b->top * (gsize)seen->width_px * (gsize)seen->channels;
    if (!bf_worker_reader(w, 0, &class, &worker, error) || !class->find_lines(worker, &rows, b->long_side_px, lines, error))
        return false;
    for (guint i = 0; i < lines->len; i++)
        bf_line_move(&g_array_index(lines, bf_line, i), 0, (float)b->top);
    return true;
}

static void keep_stamped(const bf_picture *picture, const bf_stamp_ink *ink, GArray *lines)
{
    guint kept = 0;
    for (guint i = 0; i < lines->len; i++) {
        bf_line line = g_array_index(lines, bf_line, i);
        bf_rect b = bf_quad_bounds(&line.quad);
        float share = bf_stamp_share(picture, ink, b), height = bf_quad_height(&line.quad);
        if (share > STAMPED_SHARE || share * (float)b.w * (float)b.h > TOUCHED * height * height)
            g_array_index(lines, bf_line, kept++) = line;
    }
    g_array_set_size(lines, kept);
}

/* Does a line end where the band is cut? It may go on beyond. */
static bool is_cut(const bf_picture *picture, const band *b, const GArray *lines)
{
    for (guint i = 0; i < lines->len; i++) {
        bf_rect r = bf_quad_bounds(&g_array_index(lines, bf_line, i).quad);
        if ((b->top > 0 && r.y <= b->top + EDGE_PX) ||
            (b->top + b->height < picture->height_px && r.y + r.h >= b->top + b->height - EDGE_PX))
            return true;
    }
    return false;
}

bool bf_find_stamped_lines(bf_page_worker *w, const bf_picture *picture, const bf_picture *seen, const bf_stamp_ink *ink, int long_side_px,
                           GArray *lines, GError **error)
{
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(bf_line));
    band b = band_of(picture, bf_stamp_rows(picture, ink), long_side_px);
    if (!find_in(w, seen, &b, found, error))
        return false;
    keep_stamped(picture, ink, found);
    if (!is_whole(&b, picture) && is_cut(picture, &b, found)) {
        band whole = {0, picture->height_px, long_side_px};
        g_array_set_size(found, 0);
        if (!find_in(w, seen, &whole, found, error))
            return false;
        keep_stamped(picture, ink, found);
    }
    if (found->len > 0)
        g_array_append_vals(lines, found->data, found->len);
    return true;
}
