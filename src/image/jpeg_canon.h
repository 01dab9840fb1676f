/* The one form in which a redacted JPEG's markers may stand, checked on its bytes, without libjpeg (image, internal). */
#pragma once
#include "blindfold/jpeg.h"

typedef struct {
    bf_colour colour;
    int components;
    bool adobe;           /* of a CMYK picture: whether it has an Adobe marker */
    int exif_orientation; /* 1: no EXIF at all */
} bf_jpeg_canon;

/* SOI, the APPn segments that `form` calls for and no others, the tables that scans use and no others, scans, EOI; nothing between,
 * nothing behind. MISMATCH tells the first marker that is wrong. */
bool bf_jpeg_canon_check(const uint8_t *data, size_t size, const bf_jpeg_canon *form, GError **error) G_GNUC_WARN_UNUSED_RESULT;
