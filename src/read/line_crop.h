/* A line of text cut out of a picture and laid straight, as every reader of lines wants it (read). Pure, thread-safe. */
#pragma once
#include "blindfold/reader.h"

/* Samples the quad (grown or tightened across the line by look->crop_scale) into height_px rows: area samples where it shrinks,
 * bilinear where it grows. The width follows the quad's aspect times `squeeze`, at least 8 and at most max_width_px. A stacked look
 * (reader.h) keeps the characters' aspect instead. Pixels beyond the picture repeat its edge. Always three channels. look may be NULL: the
 * plain one. Free *out with bf_picture_free; fails with BF_PICTURE_ERROR. */
bool bf_line_crop(const bf_picture *picture, const bf_quad *quad, const bf_look *look, int height_px, float squeeze, int max_width_px,
                  bf_picture **out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
