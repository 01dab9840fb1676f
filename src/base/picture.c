#include "blindfold/picture.h"

#include "base/placement.h"

#include <math.h>

#define SIDE_MAX_PX 65500 /* libjpeg's JPEG_MAX_DIMENSION */

G_DEFINE_QUARK(bf - picture - error - quark, bf_picture_error)

static int clamp_int(gint64 v)
{
    return (int)CLAMP(v, G_MININT, G_MAXINT);
}

/* A rectangle from its edges; sides that do not fit an int are cut, so hostile coordinates cannot overflow. */
static bf_rect rect_from_edges(gint64 x0, gint64 y0, gint64 x1, gint64 y1)
{
    bf_rect r = {clamp_int(x0), clamp_int(y0), 0, 0};
    if (x1 > r.x && y1 > r.y) {
        r.w = clamp_int(x1 - r.x);
        r.h = clamp_int(y1 - r.y);
    }
    return r;
}

bool bf_rect_is_empty(bf_rect r)
{
    return r.w <= 0 || r.h <= 0;
}

bf_rect bf_rect_intersect(bf_rect a, bf_rect b)
{
    gint64 x0 = MAX(a.x, b.x), x1 = MIN((gint64)a.x + a.w, (gint64)b.x + b.w);
    gint64 y0 = MAX(a.y, b.y), y1 = MIN((gint64)a.y + a.h, (gint64)b.y + b.h);
    return rect_from_edges(x0, y0, x1, y1);
}

bf_rect bf_rect_union(bf_rect a, bf_rect b)
{
    if (bf_rect_is_empty(a))
        return b;
    if (bf_rect_is_empty(b))
        return a;
    gint64 x0 = MIN(a.x, b.x), x1 = MAX((gint64)a.x + a.w, (gint64)b.x + b.w);
    gint64 y0 = MIN(a.y, b.y), y1 = MAX((gint64)a.y + a.h, (gint64)b.y + b.h);
    return rect_from_edges(x0, y0, x1, y1);
}

bf_rect bf_rect_grow(bf_rect r, int dx, int dy)
{
    return rect_from_edges((gint64)r.x - dx, (gint64)r.y - dy, (gint64)r.x + r.w + dx, (gint64)r.y + r.h + dy);
}

static gint64 floor_px(double v)
{
    return (gint64)CLAMP(floor(v), (double)G_MININT, (double)G_MAXINT);
}

static gint64 ceil_px(double v)
{
    return (gint64)CLAMP(ceil(v), (double)G_MININT, (double)G_MAXINT);
}

bf_rect bf_quad_bounds(const bf_quad *q)
{
    double x0 = q->x[0], x1 = q->x[0], y0 = q->y[0], y1 = q->y[0];
    for (int i = 0; i < 4; i++) {
        if (!isfinite(q->x[i]) || !isfinite(q->y[i]))
            return (bf_rect){0};
        x0 = fmin(x0, q->x[i]);
        x1 = fmax(x1, q->x[i]);
        y0 = fmin(y0, q->y[i]);
        y1 = fmax(y1, q->y[i]);
    }
    return rect_from_edges(floor_px(x0), floor_px(y0), ceil_px(x1), ceil_px(y1));
}

bool bf_picture_new(int width_px, int height_px, int channels, bf_picture **out, GError **error)
{
    if (width_px < 1 || height_px < 1 || width_px > SIDE_MAX_PX || height_px > SIDE_MAX_PX || (channels != 1 && channels != 3)) {
        g_set_error(error, BF_PICTURE_ERROR, BF_PICTURE_ERROR_SIZE, "A picture cannot have %d x %d pixels of %d channels", width_px,
                    height_px, channels);
        return false;
    }
    size_t size = (size_t)width_px * height_px * channels;
    uint8_t *data = g_try_malloc(size);
    if (!data) {
        g_set_error(error, BF_PICTURE_ERROR, BF_PICTURE_ERROR_MEMORY, "No memory for a picture of %d x %d pixels", width_px, height_px);
        return false;
    }
    bf_picture *picture = g_new(bf_picture, 1);
    *picture = (bf_picture){width_px, height_px, channels, data};
    *out = picture;
    return true;
}

void bf_picture_free(bf_picture *picture)
{
    if (!picture)
        return;
    g_free(picture->data);
    g_free(picture);
}

bf_placement bf_placement_of_exif(int exif_orientation)
{
    static const bf_placement table[9] = {
        [2] = {false, true, false}, [3] = {false, true, true}, [4] = {false, false, true}, [5] = {true, false, false},
        [6] = {true, false, true},  [7] = {true, true, true},  [8] = {true, true, false},
    };
    return table[exif_orientation >= 1 && exif_orientation <= 8 ? exif_orientation : 1];
}

bf_placement bf_placement_of_turn(int clockwise_deg)
{
    switch (clockwise_deg) {
    case 90:
        return bf_placement_of_exif(6);
    case 180:
        return bf_placement_of_exif(3);
    case 270:
        return bf_placement_of_exif(8);
    default:
        return bf_placement_of_exif(1);
    }
}

static inline void copy_tile(uint8_t *to, const uint8_t *from, ptrdiff_t to_row, ptrdiff_t step_x, ptrdiff_t step_y, int w, int h,
                             int channels)
{
    for (int y = 0; y < h; y++) {
        uint8_t *t = to + y * to_row;
        const uint8_t *f = from + y * step_y;
        for (int x = 0; x < w; x++, t += channels, f += step_x)
            for (int c = 0; c < channels; c++)
                t[c] = f[c];
    }
}

#define TILE_PX 32 /* so that a turn by 90 degrees reads and writes within the first-level cache */

static bool place(const bf_picture *in, bf_placement p, bf_picture **out, GError **error)
{
    bf_picture *made = NULL;
    int w = p.swap ? in->height_px : in->width_px, h = p.swap ? in->width_px : in->height_px;
    if (!bf_picture_new(w, h, in->channels, &made, error))
        return false;
    ptrdiff_t pixel = in->channels, row = pixel * in->width_px;
    ptrdiff_t old_x = p.flip_x ? -pixel : pixel, old_y = p.flip_y ? -row : row;
    ptrdiff_t step_x = p.swap ? old_y : old_x, step_y = p.swap ? old_x : old_y;
    const uint8_t *origin = in->data + (p.flip_x ? row - pixel : 0) + (p.flip_y ? row * (in->height_px - 1) : 0);
    for (int y = 0; y < h; y += TILE_PX)
        for (int x = 0; x < w; x += TILE_PX) {
            uint8_t *to = made->data + (y * (ptrdiff_t)w + x) * pixel;
            const uint8_t *from = origin + x * step_x + y * step_y;
            int tile_w = MIN(TILE_PX, w - x), tile_h = MIN(TILE_PX, h - y);
            if (in->channels == 3)
                copy_tile(to, from, w * pixel, step_x, step_y, tile_w, tile_h, 3);
            else
                copy_tile(to, from, w * pixel, step_x, step_y, tile_w, tile_h, 1);
        }
    *out = made;
    return true;
}

bool bf_picture_orient(const bf_picture *in, int exif_orientation, bf_picture **out, GError **error)
{
    if (exif_orientation < 1 || exif_orientation > 8) {
        g_set_error(error, BF_PICTURE_ERROR, BF_PICTURE_ERROR_TURN, "%d is not an EXIF orientation", exif_orientation);
        return false;
    }
    return place(in, bf_placement_of_exif(exif_orientation), out, error);
}

bool bf_picture_turn(const bf_picture *in, int clockwise_deg, bf_picture **out, GError **error)
{
    if (clockwise_deg < 0 || clockwise_deg >= 360 || clockwise_deg % 90 != 0) {
        g_set_error(error, BF_PICTURE_ERROR, BF_PICTURE_ERROR_TURN, "A picture cannot be turned by %d degrees", clockwise_deg);
        return false;
    }
    return place(in, bf_placement_of_turn(clockwise_deg), out, error);
}
