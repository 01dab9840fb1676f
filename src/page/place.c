#include "page/place.h"
#include "page/ink.h"
#include "page/strokes.h"
#include <math.h>

/* Widths that masks are rounded up to, in line heights: names of two to four characters share the first, so that the width does not
 * tell which. */
static const float STEPS[] = {6, 10, 15, 22};
/* A mask on a tilted line is cut into pieces that each rise by no more than this share of the height. */
static const float RISE = 0.35F;
enum { RINGING_PX = 8, MAX_PIECES = 64 };

typedef struct {
    float ux, uy;         /* unit vector along the text */
    float length, height; /* px */
} direction;

static direction direction_of(const bf_quad *q)
{
    float dx = (q->x[1] - q->x[0] + q->x[2] - q->x[3]) / 2, dy = (q->y[1] - q->y[0] + q->y[2] - q->y[3]) / 2;
    float hx = (q->x[3] - q->x[0] + q->x[2] - q->x[1]) / 2, hy = (q->y[3] - q->y[0] + q->y[2] - q->y[1]) / 2;
    float length = MAX(hypotf(dx, dy), 1.0F);
    return (direction){dx / length, dy / length, length, hypotf(hx, hy)};
}

/* The quad with its start moved back and its end moved on, px. */
static bf_quad stretched(const bf_quad *q, float back, float on)
{
    direction d = direction_of(q);
    bf_quad r = *q;
    for (int i = 0; i < 4; i++) {
        float by = i == 0 || i == 3 ? -back : on;
        r.x[i] += d.ux * by;
        r.y[i] += d.uy * by;
    }
    return r;
}

/* The strip of `width` px before the start or behind the end of the quad. */
static bf_quad strip(const bf_quad *q, bool behind, float width)
{
    direction d = direction_of(q);
    bf_quad r;
    int near_top = behind ? 1 : 0, near_bottom = behind ? 2 : 3;
    float by = behind ? width : -width;
    r.x[0] = q->x[near_top];
    r.y[0] = q->y[near_top];
    r.x[3] = q->x[near_bottom];
    r.y[3] = q->y[near_bottom];
    r.x[1] = r.x[0] + d.ux * by;
    r.y[1] = r.y[0] + d.uy * by;
    r.x[2] = r.x[3] + d.ux * by;
    r.y[2] = r.y[3] + d.uy * by;
    return r;
}

static bool strip_is_blank(const bf_picture *picture, const bf_quad *q, bool behind, float width)
{
    bf_quad s = strip(q, behind, width);
    return bf_is_blank(picture, bf_quad_bounds(&s));
}

/* Widens a quad to the next step where the page is blank: behind the text, else before it, else half and half. */
static bf_quad to_step(const bf_quad *q, float step_px, const bf_picture *picture)
{
    float more = step_px - direction_of(q).length;
    if (strip_is_blank(picture, q, true, more))
        return stretched(q, 0, more);
    if (strip_is_blank(picture, q, false, more))
        return stretched(q, more, 0);
    if (strip_is_blank(picture, q, true, more / 2) && strip_is_blank(picture, q, false, more / 2))
        return stretched(q, more / 2, more / 2);
    return *q;
}

static bf_quad rounded_width(const bf_quad *q, const bf_picture *picture, bool uniform)
{
    direction d = direction_of(q);
    bf_quad best = *q;
    for (gsize i = 0; i < G_N_ELEMENTS(STEPS); i++) {
        float step = STEPS[i] * d.height;
        if (step < d.length)
            continue;
        bf_quad wider = to_step(q, step, picture);
        if (direction_of(&wider).length > d.length)
            best = wider;
        if (!uniform)
            return best;
    }
    return best;
}

/* Grows a rectangle by what ringing needs on each side where that much is blank. */
static bf_rect ringing_margin(bf_rect r, const bf_picture *picture)
{
    bf_rect left = {r.x - RINGING_PX, r.y, RINGING_PX, r.h}, right = {r.x + r.w, r.y, RINGING_PX, r.h};
    bf_rect above = {r.x, r.y - RINGING_PX, r.w, RINGING_PX}, below = {r.x, r.y + r.h, r.w, RINGING_PX};
    bf_rect grown = r;
    if (bf_is_blank(picture, left))
        grown = bf_rect_union(grown, left);
    if (bf_is_blank(picture, right))
        grown = bf_rect_union(grown, right);
    if (bf_is_blank(picture, above))
        grown = bf_rect_union(grown, above);
    if (bf_is_blank(picture, below))
        grown = bf_rect_union(grown, below);
    return grown;
}

static bool within(bf_rect inner, bf_rect outer)
{
    bf_rect c = bf_rect_intersect(inner, outer);
    return c.w == inner.w && c.h == inner.h;
}

/* Takes in the rest of characters and strokes that the rectangle cuts: pens and large letters reach out of the place where their line was
 * found. A piece of ink belongs to the name when its middle is inside, and it ends near; height: of the text, px. */
static bf_rect with_whole_strokes(bf_rect r, float height, const bf_picture *picture)
{
    static const float OUT = 0.4F; /* heights that a stroke reaches out at most */
    static const bf_ink_colour colours[] = {BF_INK_DARK, BF_INK_RED};
    static const int ABOUT = 2; /* and how much of what is around is looked at: ruled lines are told by their length */
    bf_rect page = {0, 0, picture->width_px, picture->height_px}, seen = bf_rect_intersect(r, page);
    if (bf_rect_is_empty(seen))
        return r;
    int px = (int)CLAMP(height, 1.0F, (float)MAX(page.w, page.h)), most = (int)(OUT * (float)px);
    bf_rect limit = bf_rect_grow(seen, most, most), grown = r;
    g_autoptr(GArray) pieces = g_array_new(FALSE, FALSE, sizeof(bf_piece));
    for (gsize k = 0; k < G_N_ELEMENTS(colours); k++)
        if (!bf_find_pieces(picture, bf_rect_grow(limit, ABOUT * px, ABOUT * px), colours[k], (float)px, 1, pieces))
            return bf_rect_union(r, limit);
    for (guint i = 0; i < pieces->len; i++) {
        bf_rect p = g_array_index(pieces, bf_piece, i).rect;
        if (within((bf_rect){p.x + p.w / 2, p.y + p.h / 2, 1, 1}, seen) && within(p, limit))
            grown = bf_rect_union(grown, p);
    }
    return grown;
}

static void add_mask(GArray *masks, bf_mask mask)
{
    if (bf_rect_is_empty(mask.rect))
        return;
    for (guint i = 0; i < masks->len; i++)
        if (within(mask.rect, g_array_index(masks, bf_mask, i).rect))
            return;
    for (guint i = masks->len; i-- > 0;)
        if (within(g_array_index(masks, bf_mask, i).rect, mask.rect))
            g_array_remove_index(masks, i);
    g_array_append_val(masks, mask);
}

/* Piece k of n along the quad. */
static bf_quad piece(const bf_quad *q, guint k, guint n)
{
    float from = (float)k / (float)n, to = (float)(k + 1) / (float)n;
    bf_quad r;
    static const int start[4] = {0, 0, 3, 3}, end[4] = {1, 1, 2, 2};
    const float share[4] = {from, to, to, from};
    for (int i = 0; i < 4; i++) {
        r.x[i] = q->x[start[i]] + share[i] * (q->x[end[i]] - q->x[start[i]]);
        r.y[i] = q->y[start[i]] + share[i] * (q->y[end[i]] - q->y[start[i]]);
    }
    return r;
}

/* ---- the text's own height ---- */

/* Is row v (0 at the quad's top edge, 1 at its bottom edge) free of ink from end to end? Ink is what differs from the row's most frequent
 * value. */
static bool row_is_blank(const bf_picture *picture, const bf_quad *q, float v)
{
    guint histogram[256] = {0}, n = 0, inside = 0;
    int steps = MAX((int)direction_of(q).length, 2);
    for (int i = 0; i < steps; i++) {
        float u = ((float)i + 0.5F) / (float)steps;
        float x0 = q->x[0] + u * (q->x[1] - q->x[0]), x1 = q->x[3] + u * (q->x[2] - q->x[3]);
        float y0 = q->y[0] + u * (q->y[1] - q->y[0]), y1 = q->y[3] + u * (q->y[2] - q->y[3]);
        int x = (int)(x0 + v * (x1 - x0)), y = (int)(y0 + v * (y1 - y0));
        if (x < 0 || y < 0 || x >= picture->width_px || y >= picture->height_px)
            continue;
        histogram[bf_luma(picture, x, y)]++;
        n++;
    }
    int mode = 0;
    for (int i = 0; i < 256; i++)
        mode = histogram[i] > histogram[mode] ? i : mode;
    for (int i = MAX(mode - 32, 0); i <= MIN(mode + 32, 255); i++)
        inside += histogram[i];
    return inside == n;
}

/* The first of two blank rows on the way from `from` to `to`, or `to`. */
static float first_gap(const bf_picture *picture, const bf_quad *q, float from, float to, float row)
{
    float step = to > from ? row : -row;
    for (float v = from; (to - v) * step > 0; v += step)
        if (row_is_blank(picture, q, v) && row_is_blank(picture, q, v + step))
            return v + step;
    return to;
}

/* Takes off what lies beyond a clear gap above and below the text, but never more than the outermost rows: lines of print stand close, and
 * a hit's height is that of the detector's generous box. */
static bf_quad trimmed(const bf_quad *q, const bf_picture *picture)
{
    static const float KEEP = 0.13F; /* from this share of the height inwards nothing is taken off */
    float row = 1 / MAX(direction_of(q).height, 1.0F);
    float top = first_gap(picture, q, KEEP, 0, row), bottom = first_gap(picture, q, 1 - KEEP, 1, row);
    bf_quad r = *q;
    for (int i = 0; i < 2; i++) {
        int below = 3 - i;
        r.x[i] = q->x[i] + top * (q->x[below] - q->x[i]);
        r.y[i] = q->y[i] + top * (q->y[below] - q->y[i]);
        r.x[below] = q->x[i] + bottom * (q->x[below] - q->x[i]);
        r.y[below] = q->y[i] + bottom * (q->y[below] - q->y[i]);
    }
    return r;
}

static bf_mask_kind kind_of(bf_form_kind form)
{
    return form == BF_FORM_PINYIN || form == BF_FORM_INITIALS || form == BF_FORM_LATIN ? BF_MASK_PINYIN : BF_MASK_NAME;
}

void bf_place_masks(const GArray *hits, const bf_query *query, const bf_picture *picture, const bf_frame *frame, const bf_jpeg_info *info,
                    const bf_page_engine *engine, GArray *masks)
{
    for (guint i = 0; i < hits->len; i++) {
        const bf_hit *hit = &g_array_index(hits, bf_hit, i);
        const bf_form *form = &query->forms[hit->form];
        bf_quad q = trimmed(&hit->quad, picture);
        q = rounded_width(&q, picture, engine->uniform_width);
        direction d = direction_of(&q);
        float rise = d.length * MIN(fabsf(d.ux), fabsf(d.uy));
        guint pieces = (guint)CLAMP(ceilf(rise / (RISE * MAX(d.height, 1.0F))), 1, MAX_PIECES);
        for (guint k = 0; k < pieces; k++) {
            bf_quad part = piece(&q, k, pieces);
            bf_rect upright = ringing_margin(with_whole_strokes(bf_quad_bounds(&part), d.height, picture), picture);
            bf_mask mask = {.rect = bf_jpeg_snap(info, bf_frame_rect_to_stored(frame, upright)),
                            .kind = kind_of(form->kind),
                            .reader = hit->reader,
                            .score = expf(hit->score / (float)MAX(form->n_symbols, 1))};
            add_mask(masks, mask);
        }
    }
}

void bf_place_signed_ink(const GArray *ink, const bf_picture *picture, const bf_frame *frame, const bf_jpeg_info *info, GArray *masks)
{
    for (guint i = 0; i < ink->len; i++) {
        const bf_signed_ink *signed_ink = &g_array_index(ink, bf_signed_ink, i);
        bf_rect upright = ringing_margin(signed_ink->rect, picture);
        bf_mask mask = {
            .rect = bf_jpeg_snap(info, bf_frame_rect_to_stored(frame, upright)), .kind = signed_ink->kind, .reader = "ink", .score = 1};
        add_mask(masks, mask);
    }
}

static bool is_masked(const GArray *masks, const bf_frame *frame, float x_upright, float y_upright)
{
    float x, y;
    bf_frame_point_to_stored(frame, x_upright, y_upright, &x, &y);
    for (guint i = 0; i < masks->len; i++) {
        bf_rect r = g_array_index(masks, bf_mask, i).rect;
        if (x >= (float)r.x && x < (float)(r.x + r.w) && y >= (float)r.y && y < (float)(r.y + r.h))
            return true;
    }
    return false;
}

bool bf_hit_is_masked(const bf_hit *hit, const GArray *masks, const bf_picture *picture, const bf_frame *frame)
{
    bf_rect b = bf_rect_intersect(bf_quad_bounds(&hit->quad), (bf_rect){0, 0, picture->width_px, picture->height_px});
    if (hit->n_centres == 0 && !is_masked(masks, frame, (float)b.x + (float)b.w / 2, (float)b.y + (float)b.h / 2))
        return false;
    for (guint k = 0; k < hit->n_centres; k++)
        if (!is_masked(masks, frame, hit->centre_x[k], hit->centre_y[k]))
            return false;
    return true;
}

bool bf_put_masks(GBytes *jpeg, const GArray *masks, const bf_page_engine *engine, GBytes **out, bf_mask_stats *stats, GError **error)
{
    g_autofree bf_rect *rects = g_new(bf_rect, masks->len + 1);
    for (guint i = 0; i < masks->len; i++)
        rects[i] = g_array_index(masks, bf_mask, i).rect;
    return bf_jpeg_mask(jpeg, rects, masks->len, engine->max_pixels, out, stats, error);
}
