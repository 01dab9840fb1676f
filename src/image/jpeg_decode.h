/* Decoding as bf_jpeg_decode does it, for those who need more say (image, internal). */
#pragma once
#include "blindfold/jpeg.h"

typedef struct {
    gint64 max_pixels, target_pixels; /* as in bf_jpeg_decode */
    /* Every pixel comes from its own iMCU only: chroma is not interpolated and blocks are not smoothed, so nothing of what will be
     * masked is in the pixels around it. */
    bool imcus_apart;
} bf_jpeg_decoding;

bool bf_jpeg_decode_so(GBytes *jpeg, const bf_jpeg_decoding *how, bf_picture **out, bf_jpeg_info *info,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
