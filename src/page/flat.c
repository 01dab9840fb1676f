#include "page/flat.h"
#include "page/bend.h"
#include "page/paper.h"
#include <math.h>

/* Lines read as surely as this are not read again. */
static const float SURE = 0.90F;

/* From the flat sheet to the picture: either is NULL. */
typedef struct {
    const bf_homography *homography;
    const bf_bend *bend;
} way_back;

static bf_quad quad_back(const way_back *way, const bf_quad *q)
{
    return way->bend != NULL ? bf_bend_quad(way->bend, q) : bf_homography_quad(way->homography, q);
}

static void point_back(const way_back *way, float *x, float *y)
{
    if (way->bend != NULL)
        bf_bend_point(way->bend, *x, *y, x, y);
    else
        bf_homography_point(way->homography, *x, *y, x, y);
}

static void vector_back(const way_back *way, const bf_hit *hit, float *x, float *y)
{
    float from_x = (hit->quad.x[0] + hit->quad.x[2]) / 2, from_y = (hit->quad.y[0] + hit->quad.y[2]) / 2;
    float to_x = from_x + *x, to_y = from_y + *y;
    point_back(way, &from_x, &from_y);
    point_back(way, &to_x, &to_y);
    *x = to_x - from_x;
    *y = to_y - from_y;
}

/* All that the hit says of places. */
static void hit_back(const way_back *way, bf_hit *h)
{
    vector_back(way, h, &h->right_x, &h->right_y);
    vector_back(way, h, &h->down_x, &h->down_y);
    h->quad = quad_back(way, &h->quad);
    for (guint k = 0; k < h->n_centres; k++)
        point_back(way, &h->centre_x[k], &h->centre_y[k]);
    for (guint k = 0; k < MIN(h->n_unproved, BF_UNPROVED_MAX); k++) {
        bf_unproved *u = &h->unproved[k];
        point_back(way, &u->x, &u->y);
        if (u->read != 0)
            point_back(way, &u->read_x, &u->read_y);
    }
}

static bool is_read_surely(const bf_reading *r, const bf_quad *quad)
{
    for (guint i = 0; i < r->lines->len; i++) {
        const bf_line *l = &g_array_index(r->lines, bf_line, i);
        if (l->confidence >= SURE && !l->composed && bf_quads_meet(&l->quad, quad))
            return true;
    }
    return false;
}

/* Where the bent line's middle stands at x. */
static float middle_at(const bf_line *bent, float x)
{
    int k = 1;
    while (k + 1 < BF_LINE_KNOTS && bent->middle_x[k] < x)
        k++;
    float t = (x - bent->middle_x[k - 1]) / MAX(bent->middle_x[k] - bent->middle_x[k - 1], 1.0F);
    return bent->middle_y[k - 1] + t * (bent->middle_y[k] - bent->middle_y[k - 1]);
}

/* Lies the middle of the line `flat` on the middle of the bent one? The bent one's quad may hold several lines, and that of a long flat one
 * is too straight, back on the bent page. */
static bool is_same_line(const bf_line *bent, const bf_line *flat)
{
    const bf_quad *q = &flat->quad;
    float x = (q->x[0] + q->x[1] + q->x[2] + q->x[3]) / 4, y = (q->y[0] + q->y[1] + q->y[2] + q->y[3]) / 4;
    if (x < bent->middle_x[0] || x > bent->middle_x[BF_LINE_KNOTS - 1])
        return false;
    if (flat->has_middle)
        y = middle_at(flat, x);
    return fabsf(middle_at(bent, x) - y) < 0.4F * bf_quad_height(q);
}

static void retire_bent(bf_reading *r, guint n, const bf_line *better)
{
    for (guint i = 0; i < n; i++) {
        bf_line *l = &g_array_index(r->lines, bf_line, i);
        if (l->bent && bf_says_more(better, l) && is_same_line(l, better))
            l->composed = true;
    }
}

static void take_over(bf_reading *r, const GArray *lines, GArray *hits, const way_back *way, GArray *found)
{
    guint before = r->lines->len;
    for (guint i = 0; i < lines->len; i++) {
        bf_line l = g_array_index(lines, bf_line, i);
        l.quad = quad_back(way, &l.quad);
        for (int k = 0; k < BF_LINE_KNOTS && l.has_middle; k++)
            point_back(way, &l.middle_x[k], &l.middle_y[k]);
        g_array_append_val(r->lines, l);
        bf_retire_weaker(r, before, &l);
        retire_bent(r, before, &l);
    }
    for (guint i = 0; i < hits->len; i++) {
        bf_hit h = g_array_index(hits, bf_hit, i);
        hit_back(way, &h);
        h.line += before;
        h.next_line = h.next_line >= 0 ? h.next_line + (gint)before : -1;
        g_array_append_val(found, h);
    }
}

/* Finds and reads the lines of the flat sheet; those read surely already only on demand. */
static bool read_flat(bf_page_worker *w, const bf_picture *flat, int side_px, bool all, const way_back *way, const bf_query *query,
                      bf_reading *r, GArray *found, GError **error)
{
    const bf_look plain = {.crop_scale = 1.0F, .whole_page = all};
    const bf_reader_class *class;
    bf_reader_worker *worker;
    g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(bf_line)), hits = g_array_new(FALSE, FALSE, sizeof(bf_hit));
    if (!bf_worker_reader(w, 0, &class, &worker, error) || !class->find_lines(worker, flat, side_px, lines, error))
        return false;
    for (guint i = lines->len; !all && i-- > 0;) {
        bf_quad seen = quad_back(way, &g_array_index(lines, bf_line, i).quad);
        if (is_read_surely(r, &seen))
            g_array_remove_index(lines, i);
    }
    if (!class->read_lines(worker, flat, lines, 0, lines->len, query, &plain, hits, error))
        return false;
    take_over(r, lines, hits, way, found);
    return true;
}

/* Does the line pass there? */
static bool passes(const bf_line *l, float x, float y)
{
    if (!l->has_middle || x < l->middle_x[0] || x > l->middle_x[BF_LINE_KNOTS - 1])
        return bf_quad_holds(&l->quad, x, y);
    return fabsf(middle_at(l, x) - y) < 0.5F * bf_quad_height(&l->quad);
}

/* Is every character surely read there, on a line from the flat sheet? */
static bool is_all_read(const bf_reading *r, guint first, float x, float y)
{
    static const float EACH = 0.8F;
    for (guint i = first; i < r->lines->len; i++) {
        const bf_line *l = &g_array_index(r->lines, bf_line, i);
        if (!l->composed && l->confidence >= SURE && l->weakest >= EACH && passes(l, x, y))
            return true;
    }
    return false;
}

/* Was the hit found on a bent line that says nothing any more, and is all of its place read surely now? If that is the name, it was found
 * there too. */
static bool is_outdated(const bf_reading *r, guint first, const bf_hit *hit)
{
    enum { PLACES = 5 };
    static const float FITS = -4; /* what was read is believed though it was bent */
    const bf_line *l = &g_array_index(r->lines, bf_line, hit->line);
    if (!l->bent || !l->has_middle || !l->composed || hit->score >= FITS)
        return false;
    bf_rect b = bf_quad_bounds(&hit->quad);
    for (int i = 0; i < PLACES; i++) {
        float x = (float)b.x + (float)b.w * (float)i / (PLACES - 1);
        x = CLAMP(x, l->middle_x[0], l->middle_x[BF_LINE_KNOTS - 1]);
        if (!is_all_read(r, first, x, middle_at(l, x)))
            return false;
    }
    return true;
}

/* first: the first line from the flat sheet. */
static void drop_outdated(const bf_reading *r, guint first, GArray *hits)
{
    for (guint i = hits->len; i-- > 0;)
        if (is_outdated(r, first, &g_array_index(hits, bf_hit, i)))
            g_array_remove_index(hits, i);
}

bool bf_look_at_flat_sheet(bf_page_worker *w, const bf_picture *picture, const bf_query *query, bf_reading *r, GArray *found,
                           GError **error)
{
    bf_quad paper;
    bf_homography to_picture;
    g_autoptr(bf_picture) flat = NULL;
    GError *no_memory = NULL;
    bool seen = bf_find_paper(picture, &paper, &no_memory);
    if (no_memory)
        g_propagate_error(error, no_memory);
    if (!seen || bf_paper_is_straight(picture, &paper))
        return no_memory == NULL;
    const way_back way = {.homography = &to_picture};
    return bf_flatten_paper(picture, &paper, &flat, &to_picture, error) &&
           read_flat(w, flat, DETECT_AGAIN_SIDE_PX, false, &way, query, r, found, error);
}

bool bf_look_at_bent_lines(bf_page_worker *w, const bf_picture *picture, const bf_query *query, bf_reading *r, GArray *found,
                           GError **error)
{
    bf_bend bend;
    g_autoptr(bf_picture) flat = NULL;
    if (!bf_bend_fit(r->lines, picture->width_px, picture->height_px, &bend))
        return true;
    const way_back way = {.bend = &bend};
    guint before = r->lines->len;
    if (!bf_bend_flatten(&bend, picture, &flat, error) || !read_flat(w, flat, DETECT_SIDE_PX, true, &way, query, r, found, error))
        return false;
    drop_outdated(r, before, r->hits);
    drop_outdated(r, before, r->doubts);
    return true;
}
