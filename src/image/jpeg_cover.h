/* What a mask covers and with which value: shared by the writer of masks and their verifier (image, internal). */
#pragma once
#include "blindfold/jpeg.h"

/* One byte for each iMCU of the page, 1 where a mask touches it. */
typedef struct {
    int cols, rows;
    uint8_t *covered;
} bf_jpeg_cover;

bool bf_jpeg_cover_init(bf_jpeg_cover *cover, const bf_jpeg_info *info, const bf_rect *rects_stored, size_t n,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
void bf_jpeg_cover_clear(bf_jpeg_cover *cover);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(bf_jpeg_cover, bf_jpeg_cover_clear)

/* The covered flags of one row of iMCUs. */
const uint8_t *bf_jpeg_cover_row(const bf_jpeg_cover *cover, int row);

/* The quantised DC that makes a component's block black, given the first entry of its quantisation table. */
int bf_jpeg_cover_dc(bf_colour colour, int component, int quantum);
