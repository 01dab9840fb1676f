#include "read/glyph/shape.h"
#include <math.h>
#include <string.h>

enum { SIDE = 48, MARGIN = 2 };
/* Less ink than this is paper. */
static const float INK = 0.35F;

bool bf_ink_bounds(const bf_ink *ink, bf_box in, bf_box *out)
{
    bf_box b = {G_MAXINT, G_MAXINT, -1, -1};
    for (int y = MAX(in.y0, 0); y < MIN(in.y1, ink->height); y++)
        for (int x = MAX(in.x0, 0); x < MIN(in.x1, ink->width); x++)
            if (ink->ink[y * ink->width + x] > INK) {
                b.x0 = MIN(b.x0, x);
                b.x1 = MAX(b.x1, x + 1);
                b.y0 = MIN(b.y0, y);
                b.y1 = MAX(b.y1, y + 1);
            }
    if (b.x1 <= b.x0)
        return false;
    *out = b;
    return true;
}

static float ink_at(const bf_ink *ink, bf_box box, float x, float y)
{
    x = CLAMP(x - 0.5F, (float)box.x0, (float)(box.x1 - 1));
    y = CLAMP(y - 0.5F, (float)box.y0, (float)(box.y1 - 1));
    int xi = (int)x, yi = (int)y, xn = MIN(xi + 1, box.x1 - 1), yn = MIN(yi + 1, box.y1 - 1);
    float fx = x - (float)xi, fy = y - (float)yi;
    const float *a = ink->ink + yi * ink->width, *b = ink->ink + yn * ink->width;
    return (a[xi] * (1 - fx) + a[xn] * fx) * (1 - fy) + (b[xi] * (1 - fx) + b[xn] * fx) * fy;
}

static void normalise(const bf_ink *ink, bf_box box, float out[SIDE][SIDE])
{
    float w = (float)(box.x1 - box.x0), h = (float)(box.y1 - box.y0), room = SIDE - 2 * MARGIN;
    float narrow = sqrtf(sinf((float)G_PI_2 * MIN(w, h) / MAX(w, h)));
    float across = w < h ? room * narrow : room, down = h < w ? room * narrow : room;
    float left = (SIDE - across) / 2, top = (SIDE - down) / 2;
    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++) {
            float u = ((float)x + 0.5F - left) / across, v = ((float)y + 0.5F - top) / down;
            bool inside = u >= 0 && u <= 1 && v >= 0 && v <= 1;
            out[y][x] = inside ? ink_at(ink, box, (float)box.x0 + u * w, (float)box.y0 + v * h) : 0;
        }
}

/* Adds an edge to the four cells about it and to the two directions beside its own. */
static void add_edge(bf_shape *shape, int x, int y, float gx, float gy)
{
    /* The edge as a sum of the axis and the diagonal that lie on either side of it. */
    static const int OCTANT[2][2][2] = {{{0, 2}, {0, 6}}, {{4, 2}, {4, 6}}}; /* leftwards, upwards -> the axes */
    float ax = fabsf(gx), ay = fabsf(gy), on_axis = fabsf(ax - ay), on_diagonal = (float)G_SQRT2 * MIN(ax, ay);
    int axis = OCTANT[gx < 0][gy < 0][ay > ax], diagonal = gx < 0 ? (gy < 0 ? 5 : 3) : (gy < 0 ? 7 : 1);
    float cell = (float)SIDE / SHAPE_CELLS;
    float cx = ((float)x + 0.5F) / cell - 0.5F, cy = ((float)y + 0.5F) / cell - 0.5F;
    int x0 = (int)floorf(cx), y0 = (int)floorf(cy);
    float fx = cx - (float)x0, fy = cy - (float)y0;
    for (int k = 0; k < 4; k++) {
        int i = x0 + (k & 1), j = y0 + (k >> 1);
        if (i < 0 || j < 0 || i >= SHAPE_CELLS || j >= SHAPE_CELLS)
            continue;
        float share = ((k & 1) ? fx : 1 - fx) * ((k >> 1) ? fy : 1 - fy);
        float *v = shape->v + (j * SHAPE_CELLS + i) * SHAPE_DIRECTIONS;
        v[axis] += share * on_axis;
        v[diagonal] += share * on_diagonal;
    }
}

void bf_shape_of(const bf_ink *ink, bf_box box, bf_shape *out)
{
    float n[SIDE][SIDE];
    normalise(ink, box, n);
    memset(out, 0, sizeof *out);
    for (int y = 1; y + 1 < SIDE; y++)
        for (int x = 1; x + 1 < SIDE; x++) {
            float gx = n[y - 1][x + 1] + 2 * n[y][x + 1] + n[y + 1][x + 1] - n[y - 1][x - 1] - 2 * n[y][x - 1] - n[y + 1][x - 1];
            float gy = n[y + 1][x - 1] + 2 * n[y + 1][x] + n[y + 1][x + 1] - n[y - 1][x - 1] - 2 * n[y - 1][x] - n[y - 1][x + 1];
            if (gx != 0 || gy != 0)
                add_edge(out, x, y, gx, gy);
        }
    float sum = 0;
    for (int i = 0; i < SHAPE_DIMS; i++) {
        out->v[i] = sqrtf(out->v[i]); /* evens out how many edges a cell has */
        sum += out->v[i] * out->v[i];
    }
    float scale = sum > 0 ? 1 / sqrtf(sum) : 0;
    for (int i = 0; i < SHAPE_DIMS; i++)
        out->v[i] *= scale;
}

float bf_shape_distance(const bf_shape *a, const bf_shape *b)
{
    float sum = 0;
    for (int i = 0; i < SHAPE_DIMS; i++) {
        float d = a->v[i] - b->v[i];
        sum += d * d;
    }
    return sum;
}
