/* The ink about a place on a picture, and where a glyph may begin and end in it. */
#pragma once
#include "blindfold/glyph.h"
#include "read/glyph/shape.h"

enum { PATCH_WIDTH = 128, PATCH_HEIGHT = 64, PATCH_BOXES = 16 };

typedef struct {
    float samples[PATCH_HEIGHT * PATCH_WIDTH];
    bf_ink ink;                /* of samples */
    float text_px;             /* how high the text about the place is, samples */
    bf_box boxes[PATCH_BOXES]; /* what may be the glyph's ink */
    guint n_boxes;
} bf_patch;

/* Fills *out; without ink at the place it has no boxes. False: no memory. */
bool bf_patch_cut(const bf_picture *picture, const bf_glyph_place *place, bf_patch *out);
