/* Writes the coefficients that a reader holds as a fresh JPEG with canonical markers (image, internal). */
#pragma once
#include "image/jpeg_reader.h"

/* exif_orientation: written when it is not 1. Changes the reader's table of quantisation slots (their numbers, never a component's
 * table). *out is set on success only. */
bool bf_jpeg_write(bf_jpeg_reader *reader, int exif_orientation, GBytes **out, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Encodes a picture anew: quality 92, no chroma subsampling, baseline. */
bool bf_jpeg_encode(const bf_picture *picture, GBytes **out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
