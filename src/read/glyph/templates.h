/* The glyphs of characters, drawn by every face that has them, as shapes: made when first asked for, kept for good. Thread-safe. */
#pragma once
#include "blindfold/glyph.h"
#include "read/glyph/faces.h"
#include "read/glyph/shape.h"

/* How many faces speak for one character, and how each glyph is seen: large, small, and small and blurred, where strokes run
 * together. */
enum { TEMPLATE_FACES = 8, TEMPLATE_SIZES = 3 };

typedef struct {
    guint face;
    bf_shape shape[TEMPLATE_SIZES];
    float width_em, height_em; /* of its ink */
} bf_template;

typedef struct {
    bf_template t[TEMPLATE_FACES];
    guint n;
} bf_templates;

/* Borrowed from glyphs; n is 0 when no face has the character. */
const bf_templates *bf_glyphs_templates(bf_glyphs *glyphs, gunichar c);
