/* From the detector's probability map to lines: the post-processing of PP-OCR (Liao et al., "Real-time Scene Text Detection with
 * Differentiable Binarization", 2020): components of the thresholded map, minimum-area boxes, unclipping. */
#pragma once
#include "read/ppocr/ort.h"

/* Appends the lines (bf_line, unread) on a map of width x height probabilities, in order of their first pixels. sx, sy: picture pixels to
 * one of the map; the lines are in picture pixels. Of long lines that are not upright columns the middle is told,
 * and whether it is bent. Fails
 * (RUN) without memory, or on more pieces of text than print ever has. */
bool bf_component_lines(const float *map, int width, int height, float sx, float sy, GArray *lines,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
