/* Text detection: the DB network of PP-OCR (Liao et al., "Real-time Scene Text Detection with Differentiable Binarization", 2020)
 * and its post-processing: components of the probability map, minimum-area boxes, unclipping. */
#pragma once
#include "read/ppocr/ort.h"

/* Appends the lines (bf_line) that stand on the picture, unread, in order of their top left corner. The picture is seen with its
 * long side at long_side_px at most. */
bool bf_detect_lines(bf_ort_session *detector, const bf_picture *picture, int long_side_px, GArray *lines, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The smallest rectangle of any direction around n points (rotating calipers over the convex hull); sorts the points in place.
 * Sides point within 45 degrees of the axes: [0] is the corner nearest to the top left. */
typedef struct {
    float x, y;
} bf_point;
typedef struct {
    float cx, cy, w, h; /* centre, extent along and across */
    float ux, uy;       /* unit vector along w: ux > 0, |uy| <= ux */
} bf_min_box;
bool bf_min_area_box(bf_point *points, gsize n, bf_min_box *out);
