#include "blindfold/frame.h"

#include <math.h>

#include "base/placement.h"

typedef struct {
    double x, y;
} point;

typedef struct {
    bf_placement exif, turn;
    point small_size;    /* the stored grid as decoded: scaled, not yet turned */
    point oriented_size; /* after the EXIF orientation */
    point factor;        /* stored pixels per decoded pixel */
} geometry;

/* libjpeg's scaled decoding gives ceil(stored / 2^n) pixels that are exactly 2^n wide, the last one reaching beyond the page; any
 * other size was made by stretching the whole page. The quotient of the sizes would be off by up to 2^n - 1 pixels at the far edge. */
static int libjpeg_factor(const bf_frame *f, point small)
{
    for (int factor = 1; factor <= 8; factor *= 2)
        if ((f->stored_width_px + factor - 1) / factor == (int)small.x && (f->stored_height_px + factor - 1) / factor == (int)small.y)
            return factor;
    return 0;
}

static geometry geometry_of(const bf_frame *f)
{
    geometry g = {.exif = bf_placement_of_exif(f->exif_orientation), .turn = bf_placement_of_turn(f->turn_deg)};
    int w = f->upright_width_px, h = f->upright_height_px;
    g.oriented_size = g.turn.swap ? (point){h, w} : (point){w, h};
    g.small_size = g.exif.swap ? (point){g.oriented_size.y, g.oriented_size.x} : g.oriented_size;
    int factor = libjpeg_factor(f, g.small_size);
    g.factor = factor ? (point){factor, factor} : (point){f->stored_width_px / g.small_size.x, f->stored_height_px / g.small_size.y};
    return g;
}

static point undo(bf_placement p, point old_size, point at)
{
    point old = p.swap ? (point){at.y, at.x} : at;
    return (point){p.flip_x ? old_size.x - old.x : old.x, p.flip_y ? old_size.y - old.y : old.y};
}

static point apply(bf_placement p, point old_size, point old)
{
    point flipped = {p.flip_x ? old_size.x - old.x : old.x, p.flip_y ? old_size.y - old.y : old.y};
    return p.swap ? (point){flipped.y, flipped.x} : flipped;
}

static point to_stored(const geometry *g, point at)
{
    point small = undo(g->exif, g->small_size, undo(g->turn, g->oriented_size, at));
    return (point){small.x * g->factor.x, small.y * g->factor.y};
}

static point to_upright(const geometry *g, point at)
{
    point small = {at.x / g->factor.x, at.y / g->factor.y};
    return apply(g->turn, g->oriented_size, apply(g->exif, g->small_size, small));
}

void bf_frame_point_to_stored(const bf_frame *frame, float x_upright, float y_upright, float *x_stored, float *y_stored)
{
    geometry g = geometry_of(frame);
    point p = to_stored(&g, (point){x_upright, y_upright});
    *x_stored = (float)p.x;
    *y_stored = (float)p.y;
}

void bf_frame_point_to_upright(const bf_frame *frame, float x_stored, float y_stored, float *x_upright, float *y_upright)
{
    geometry g = geometry_of(frame);
    point p = to_upright(&g, (point){x_stored, y_stored});
    *x_upright = (float)p.x;
    *y_upright = (float)p.y;
}

/* Rounding errors of the division must not add a row or column of pixels: a mask would grow by a whole iMCU for it. */
#define ROUNDING_PX 1e-6

static bf_rect rect_between(point a, point b, bf_rect page)
{
    int x0 = (int)floor(fmin(a.x, b.x) + ROUNDING_PX), x1 = (int)ceil(fmax(a.x, b.x) - ROUNDING_PX);
    int y0 = (int)floor(fmin(a.y, b.y) + ROUNDING_PX), y1 = (int)ceil(fmax(a.y, b.y) - ROUNDING_PX);
    return bf_rect_intersect((bf_rect){x0, y0, x1 - x0, y1 - y0}, page);
}

bf_rect bf_frame_rect_to_stored(const bf_frame *frame, bf_rect r_upright)
{
    bf_rect r = bf_rect_intersect(r_upright, (bf_rect){0, 0, frame->upright_width_px, frame->upright_height_px});
    if (bf_rect_is_empty(r))
        return (bf_rect){0};
    geometry g = geometry_of(frame);
    point a = to_stored(&g, (point){r.x, r.y}), b = to_stored(&g, (point){r.x + r.w, r.y + r.h});
    return rect_between(a, b, (bf_rect){0, 0, frame->stored_width_px, frame->stored_height_px});
}

bf_rect bf_frame_rect_to_upright(const bf_frame *frame, bf_rect r_stored)
{
    bf_rect r = bf_rect_intersect(r_stored, (bf_rect){0, 0, frame->stored_width_px, frame->stored_height_px});
    if (bf_rect_is_empty(r))
        return (bf_rect){0};
    geometry g = geometry_of(frame);
    point a = to_upright(&g, (point){r.x, r.y}), b = to_upright(&g, (point){r.x + r.w, r.y + r.h});
    return rect_between(a, b, (bf_rect){0, 0, frame->upright_width_px, frame->upright_height_px});
}

bf_quad bf_frame_quad_to_stored(const bf_frame *frame, const bf_quad *q_upright)
{
    geometry g = geometry_of(frame);
    bf_quad q;
    for (int i = 0; i < 4; i++) {
        point p = to_stored(&g, (point){q_upright->x[i], q_upright->y[i]});
        q.x[i] = (float)p.x;
        q.y[i] = (float)p.y;
    }
    return q;
}

int bf_frame_orientation(int exif_orientation, int turn_deg)
{
    static const int clockwise[2][4] = {{1, 6, 3, 8}, {2, 7, 4, 5}}; /* each a quarter turn after the one before */
    for (int i = 0; i < 8; i++)
        if (clockwise[i / 4][i % 4] == exif_orientation)
            return clockwise[i / 4][(i % 4 + turn_deg / 90) % 4];
    return clockwise[0][turn_deg / 90 % 4];
}
