#include "read/ppocr/min_area_box.h"
#include <math.h>
#include <stdlib.h>

static int by_x_then_y(const void *a, const void *b)
{
    const bf_point *p = a, *q = b;
    if (p->x != q->x)
        return p->x < q->x ? -1 : 1;
    return p->y < q->y ? -1 : p->y > q->y;
}

static float turn(bf_point o, bf_point a, bf_point b)
{
    return (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x);
}

/* Andrew's monotone chain; hull has room for 2n points. */
static gsize convex_hull(bf_point *points, gsize n, bf_point *hull)
{
    gsize k = 0;
    qsort(points, n, sizeof *points, by_x_then_y);
    for (gsize i = 0; i < n; i++) {
        while (k >= 2 && turn(hull[k - 2], hull[k - 1], points[i]) <= 0)
            k--;
        hull[k++] = points[i];
    }
    for (gsize i = n - 1, lower = k + 1; i-- > 0;) {
        while (k >= lower && turn(hull[k - 2], hull[k - 1], points[i]) <= 0)
            k--;
        hull[k++] = points[i];
    }
    return k > 1 ? k - 1 : k;
}

/* The box whose one side runs along (ux, uy). */
static bf_min_box box_along(const bf_point *hull, gsize k, float ux, float uy)
{
    float u0 = INFINITY, u1 = -INFINITY, v0 = INFINITY, v1 = -INFINITY;
    for (gsize j = 0; j < k; j++) {
        float u = hull[j].x * ux + hull[j].y * uy, v = -hull[j].x * uy + hull[j].y * ux;
        u0 = MIN(u0, u);
        u1 = MAX(u1, u);
        v0 = MIN(v0, v);
        v1 = MAX(v1, v);
    }
    float uc = (u0 + u1) / 2, vc = (v0 + v1) / 2;
    return (bf_min_box){uc * ux - vc * uy, uc * uy + vc * ux, u1 - u0, v1 - v0, ux, uy};
}

bool bf_min_area_box(bf_point *points, gsize n, bf_min_box *out)
{
    if (n < 3)
        return false;
    g_autofree bf_point *hull = g_new(bf_point, 2 * n + 2);
    gsize k = convex_hull(points, n, hull);
    float best = INFINITY;
    for (gsize i = 0; i < k; i++) {
        float dx = hull[(i + 1) % k].x - hull[i].x, dy = hull[(i + 1) % k].y - hull[i].y, length = hypotf(dx, dy);
        if (length < 1e-6F)
            continue;
        bf_min_box box = box_along(hull, k, dx / length, dy / length);
        if (box.w * box.h < best) {
            best = box.w * box.h;
            *out = box;
        }
    }
    if (!isfinite(best))
        return false;
    /* A box has four names for its direction: take the one that points right. */
    for (int quarter = 0; quarter < 4 && !(out->ux > 0 && fabsf(out->uy) <= out->ux); quarter++) {
        float ux = out->uy, w = out->w;
        out->uy = -out->ux;
        out->ux = ux;
        out->w = out->h;
        out->h = w;
    }
    return true;
}
