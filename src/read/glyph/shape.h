/* A glyph's shape as numbers: directions of its edges, in cells, whatever its size. */
#pragma once
#include <glib.h>
#include <stdbool.h>

enum { SHAPE_CELLS = 8, SHAPE_DIRECTIONS = 8, SHAPE_DIMS = SHAPE_CELLS * SHAPE_CELLS * SHAPE_DIRECTIONS };

typedef struct {
    float v[SHAPE_DIMS]; /* of unit length */
} bf_shape;

/* Ink in 0..1, row major. */
typedef struct {
    const float *ink;
    int width, height;
} bf_ink;

/* A half-open box of whole samples. */
typedef struct {
    int x0, y0, x1, y1;
} bf_box;

/* The smallest box within `in` that holds all ink; false: there is none. */
bool bf_ink_bounds(const bf_ink *ink, bf_box in, bf_box *out);
/* Describes the ink in a box, which is laid on a square whose sides it fills (a narrow one less, so that 一 stays flat). The method is the
 * gradient feature of printed and hand-written Chinese (Liu, "Normalization-Cooperated Gradient Feature Extraction", 2007), without the
 * cooperation. */
void bf_shape_of(const bf_ink *ink, bf_box box, bf_shape *out);
/* The squared distance of two shapes, 0..2. */
float bf_shape_distance(const bf_shape *a, const bf_shape *b);
