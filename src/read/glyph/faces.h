/* The installed fonts that have Han characters: fontconfig finds them, FreeType draws. Not thread-safe: glyphs.c locks. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct bf_faces bf_faces;

/* Light to bold upright faces, one of each font file; opened, in the order of their files. Of families whose
 * names start with `family` only, or of all but those (without). */
bf_faces *bf_faces_new(const char *family, bool without);
void bf_faces_free(bf_faces *faces);
guint bf_faces_n(const bf_faces *faces);
bool bf_faces_have(const bf_faces *faces, guint face, gunichar c);
/* The faces from now on: order[i] is the old number of the face that becomes number i. Those left out are closed. */
void bf_faces_keep(bf_faces *faces, const guint *order, guint n);

/* A drawn glyph: coverage 0..255, where its top left sample lies relative to the pen on the baseline, and how far the pen moves, px. */
typedef struct {
    uint8_t *coverage; /* width x height; g_free */
    int width, height, left, top;
    float advance;
} bf_drawn;
/* False: the face lacks it, or draws nothing for it. */
bool bf_faces_draw(const bf_faces *faces, guint face, gunichar c, int size_px, bf_drawn *out);
