/* Fonts by explicit families; a character is drawn with the first family that has it. One thread a pm_fonts. */
#pragma once
#include "pm_canvas.h"

typedef struct {
    cairo_font_face_t *face; /* borrowed */
    unsigned long glyph;
    double advance; /* em */
} pm_glyph;

pm_fonts *pm_fonts_new(void);
void pm_fonts_free(pm_fonts *f);
/* first: which family of the face to try first. False when no family has the character. *no_font is set to a family that should be
 * installed and is not. */
bool pm_fonts_find(pm_fonts *f, pm_face face, guint first, bool bold, gunichar ch, pm_glyph *out, const char **no_font);
