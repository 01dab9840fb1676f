/* Which character stands here? Told by its shape, from glyphs that are rendered from the installed fonts (read).
 *
 * The recogniser cannot vouch for characters that it does not know or takes for others. This compares the picture's ink with the glyphs
 * of the character in question and of its rivals. Opened once a process; all functions are thread-safe. No file is opened after
 * bf_glyphs_new.
 */
#pragma once
#include "blindfold/picture.h"

typedef struct bf_glyphs bf_glyphs;

/* Opens the installed fonts that have Han characters, the most unlike ones first. Never fails: without fonts it has none, and every
 * question is answered with UNSURE. */
bf_glyphs *bf_glyphs_new(void);
/* The same with only (or without) the families whose names start so: to measure with glyphs of fonts that the comparison has not seen. */
bf_glyphs *bf_glyphs_new_of(const char *family, bool without);
void bf_glyphs_free(bf_glyphs *glyphs); /* NULL is fine */
guint bf_glyphs_n_faces(const bf_glyphs *glyphs);
/* How many of the faces have the character? */
guint bf_glyphs_count(bf_glyphs *glyphs, gunichar c);

/* One line of text, black on white, drawn with one face: characters of size_px on a ground of height_px, a margin of one character at both
 * ends. What the face does not have is taken from the first one that does, else left blank. Free *out with bf_picture_free; fails with
 * BF_PICTURE_ERROR, also when there are no faces. */
bool bf_glyphs_draw(bf_glyphs *glyphs, guint face, const gunichar *text, guint n, int size_px, int height_px, bf_picture **out,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Where a character should stand: about its middle, and the height of its line along the text and across it, as vectors. Any frame. */
typedef struct {
    float x, y;
    float right_x, right_y, down_x, down_y;
} bf_glyph_place;

typedef enum {
    BF_GLYPH_UNSURE, /* it cannot be told, or nothing stands there */
    BF_GLYPH_IS,     /* one of the wanted characters */
    BF_GLYPH_ANOTHER /* a rival, by a clear margin */
} bf_glyph_verdict;

typedef struct {
    bf_glyph_verdict verdict;
    float margin;   /* 1: just like the wanted one's glyphs; -1: just like the nearest rival's; 0: halfway */
    float apart;    /* how unlike these two are, 0 (the same) .. 2 */
    float distance; /* of the ink from the nearest glyph of all, 0 (the same) .. 2 */
    gunichar like;  /* whose glyph that is */
    bool blank;     /* nothing stands there */
} bf_glyph_answer;

/* Compares what stands at the place with the glyphs of the wanted characters (any of which will do) and of the rivals. */
void bf_glyphs_judge(bf_glyphs *glyphs, const bf_picture *picture, const bf_glyph_place *place, const gunichar *wanted, guint n_wanted,
                     const gunichar *rivals, guint n_rivals, bf_glyph_answer *out);
