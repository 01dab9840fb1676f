/* Minimum-area boxes (read). */
#pragma once
#include <glib.h>
#include <stdbool.h>

/* The smallest rectangle of any direction around n points (every side of the convex hull tried); sorts the points in place. Its w side
 * points to the right, within 45 degrees of the x axis. False for fewer than three points, or when they are all one. */
typedef struct {
    float x, y;
} bf_point;
typedef struct {
    float cx, cy, w, h; /* centre, extent along and across */
    float ux, uy;       /* unit vector along w: ux > 0, |uy| <= ux */
} bf_min_box;
bool bf_min_area_box(bf_point *points, gsize n, bf_min_box *out);
