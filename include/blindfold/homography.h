/* Plane perspective: a sheet seen from the side, and the sheet laid flat (base). Pure, thread-safe. */
#pragma once
#include "blindfold/picture.h"

/* Takes (x, y) to ((m[0] x + m[1] y + m[2]) / w, (m[3] x + m[4] y + m[5]) / w) with w = m[6] x + m[7] y + m[8]. */
typedef struct {
    double m[9];
} bf_homography;

/* The one that takes each corner of `from` to the same corner of `to` (Hartley & Zisserman, "Multiple View Geometry", 4.1). False when
 * three corners of one lie on a line. */
bool bf_homography_between(const bf_quad *from, const bf_quad *to, bf_homography *out) G_GNUC_WARN_UNUSED_RESULT;
void bf_homography_point(const bf_homography *h, float x, float y, float *out_x, float *out_y);
bf_quad bf_homography_quad(const bf_homography *h, const bf_quad *q);

/* A picture of width_px x height_px whose pixel at (x, y) is what `in` shows at h(x, y), bilinear; its edge goes on beyond it. h should not
 * shrink much: what lies between the samples is lost. */
bool bf_picture_warp(const bf_picture *in, const bf_homography *h, int width_px, int height_px, bf_picture **out,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
