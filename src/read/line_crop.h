/* A line of text cut out of a picture and laid straight, as every reader of lines wants it (read). Pure, thread-safe. */
#pragma once
#include "blindfold/reader.h"

/* Samples the quad (grown or tightened across the line by look->crop_scale) into height_px rows: area samples where it shrinks,
 * bilinear where it grows. The width follows the quad's aspect times `squeeze`, at least 8 and at most max_width_px. A stacked look (reader.h)
 * keeps the characters' aspect instead. Pixels beyond the picture repeat its edge. Always three channels. look may be NULL: the plain one.
 * Free *out with bf_picture_free; fails with BF_PICTURE_ERROR. */
bool bf_line_crop(const bf_picture *picture, const bf_quad *quad, const bf_look *look, int height_px, float squeeze, int max_width_px,
                  bf_picture **out, GError **error) G_GNUC_WARN_UNUSED_RESULT;

float bf_quad_length(const bf_quad *quad); /* along the text, px: mean of both long sides */
float bf_quad_height(const bf_quad *quad); /* across the text, px */
/* The part of the quad from `from` to `to` along the text (0 at its start, 1 at its end; may lie beyond), grown across by
 * `grow` * height on each side. */
bf_quad bf_quad_slice(const bf_quad *quad, float from, float to, float grow);
/* The same quad read upside down: it starts where it ended. */
bf_quad bf_quad_half_turned(const bf_quad *quad);
