#include "blindfold/homography.h"
#include <math.h>

/* Takes the corners of the unit square to those of q (Heckbert, "Fundamentals of Texture Mapping", 1989). */
static bool from_square(const bf_quad *q, double m[9])
{
    double x0 = q->x[0], y0 = q->y[0], x1 = q->x[1], y1 = q->y[1], x2 = q->x[2], y2 = q->y[2], x3 = q->x[3], y3 = q->y[3];
    double sx = x0 - x1 + x2 - x3, sy = y0 - y1 + y2 - y3, dx1 = x1 - x2, dx2 = x3 - x2, dy1 = y1 - y2, dy2 = y3 - y2;
    double det = dx1 * dy2 - dx2 * dy1;
    if (!(fabs(det) > 1e-9))
        return false;
    double g = (sx * dy2 - dx2 * sy) / det, h = (dx1 * sy - sx * dy1) / det;
    const double own[9] = {x1 - x0 + g * x1, x3 - x0 + h * x3, x0, y1 - y0 + g * y1, y3 - y0 + h * y3, y0, g, h, 1};
    memcpy(m, own, sizeof own);
    return true;
}

static bool invert(const double m[9], double out[9])
{
    const double c[9] = {m[4] * m[8] - m[5] * m[7], m[2] * m[7] - m[1] * m[8], m[1] * m[5] - m[2] * m[4],
                         m[5] * m[6] - m[3] * m[8], m[0] * m[8] - m[2] * m[6], m[2] * m[3] - m[0] * m[5],
                         m[3] * m[7] - m[4] * m[6], m[1] * m[6] - m[0] * m[7], m[0] * m[4] - m[1] * m[3]};
    double det = m[0] * c[0] + m[1] * c[3] + m[2] * c[6];
    if (!(fabs(det) > 1e-9))
        return false;
    for (int i = 0; i < 9; i++)
        out[i] = c[i] / det;
    return true;
}

bool bf_homography_between(const bf_quad *from, const bf_quad *to, bf_homography *out)
{
    double a[9], back[9], b[9];
    if (!from_square(from, a) || !invert(a, back) || !from_square(to, b))
        return false;
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < 3; k++)
            out->m[3 * i + k] = b[3 * i] * back[k] + b[3 * i + 1] * back[3 + k] + b[3 * i + 2] * back[6 + k];
    return true;
}

void bf_homography_point(const bf_homography *h, float x, float y, float *out_x, float *out_y)
{
    const double *m = h->m, w = m[6] * (double)x + m[7] * (double)y + m[8];
    *out_x = (float)((m[0] * (double)x + m[1] * (double)y + m[2]) / w);
    *out_y = (float)((m[3] * (double)x + m[4] * (double)y + m[5]) / w);
}

bf_quad bf_homography_quad(const bf_homography *h, const bf_quad *q)
{
    bf_quad r;
    for (int i = 0; i < 4; i++)
        bf_homography_point(h, q->x[i], q->y[i], &r.x[i], &r.y[i]);
    return r;
}

static void sample(const bf_picture *p, float x, float y, uint8_t *to)
{
    x = isfinite(x) ? CLAMP(x - 0.5F, 0.0F, (float)(p->width_px - 1)) : 0;
    y = isfinite(y) ? CLAMP(y - 0.5F, 0.0F, (float)(p->height_px - 1)) : 0;
    int x0 = (int)x, y0 = (int)y, x1 = MIN(x0 + 1, p->width_px - 1), y1 = MIN(y0 + 1, p->height_px - 1);
    int fx = (int)((x - (float)x0) * 256), fy = (int)((y - (float)y0) * 256);
    gsize ch = (gsize)p->channels, stride = (gsize)p->width_px * ch;
    const uint8_t *top = p->data + (gsize)y0 * stride, *bottom = p->data + (gsize)y1 * stride;
    for (gsize c = 0; c < ch; c++) {
        int a = top[(gsize)x0 * ch + c] * (256 - fx) + top[(gsize)x1 * ch + c] * fx;
        int b = bottom[(gsize)x0 * ch + c] * (256 - fx) + bottom[(gsize)x1 * ch + c] * fx;
        to[c] = (uint8_t)((a * (256 - fy) + b * fy + 32768) >> 16);
    }
}

bool bf_picture_warp(const bf_picture *in, const bf_homography *h, int width_px, int height_px, bf_picture **out, GError **error)
{
    bf_picture *made = NULL;
    if (!bf_picture_new(width_px, height_px, in->channels, &made, error))
        return false;
    uint8_t *to = made->data;
    for (int y = 0; y < height_px; y++)
        for (int x = 0; x < width_px; x++, to += made->channels) {
            float sx, sy;
            bf_homography_point(h, (float)x + 0.5F, (float)y + 0.5F, &sx, &sy);
            sample(in, sx, sy, to);
        }
    *out = made;
    return true;
}
