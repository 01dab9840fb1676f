#include "image/jpeg_cover.h"

#include <string.h>

bf_rect bf_jpeg_snap(const bf_jpeg_info *info, bf_rect r_stored)
{
    bf_rect page = {0, 0, info->width_px, info->height_px}, r = bf_rect_intersect(r_stored, page);
    if (bf_rect_is_empty(r))
        return (bf_rect){0};
    int x0 = r.x / info->imcu_w_px * info->imcu_w_px, y0 = r.y / info->imcu_h_px * info->imcu_h_px;
    int cols = (r.x + r.w - x0 + info->imcu_w_px - 1) / info->imcu_w_px;
    int rows = (r.y + r.h - y0 + info->imcu_h_px - 1) / info->imcu_h_px;
    return bf_rect_intersect((bf_rect){x0, y0, cols * info->imcu_w_px, rows * info->imcu_h_px}, page);
}

bool bf_jpeg_cover_init(bf_jpeg_cover *cover, const bf_jpeg_info *info, const bf_rect *rects_stored, size_t n, GError **error)
{
    int cols = (info->width_px + info->imcu_w_px - 1) / info->imcu_w_px, rows = (info->height_px + info->imcu_h_px - 1) / info->imcu_h_px;
    uint8_t *covered = g_try_malloc0((size_t)cols * rows);
    if (!covered) {
        g_set_error_literal(error, BF_JPEG_ERROR, BF_JPEG_ERROR_MEMORY, "No memory for the map of the masks");
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        bf_rect r = bf_jpeg_snap(info, rects_stored[i]);
        if (bf_rect_is_empty(r))
            continue;
        int x0 = r.x / info->imcu_w_px, x1 = (r.x + r.w + info->imcu_w_px - 1) / info->imcu_w_px;
        int y0 = r.y / info->imcu_h_px, y1 = (r.y + r.h + info->imcu_h_px - 1) / info->imcu_h_px;
        for (int y = y0; y < y1; y++)
            memset(covered + (size_t)y * cols + x0, 1, (size_t)(x1 - x0));
    }
    *cover = (bf_jpeg_cover){cols, rows, covered};
    return true;
}

void bf_jpeg_cover_clear(bf_jpeg_cover *cover)
{
    g_clear_pointer(&cover->covered, g_free);
}

const uint8_t *bf_jpeg_cover_row(const bf_jpeg_cover *cover, int row)
{
    return cover->covered + (size_t)row * cover->cols;
}

/* The sample that is black. Of CMYK there are two readings, 255 as full ink (the standard) and as none (Adobe). C, M, Y = 255 with
 * K = 0 is black in both: all of the three inks, or all of the black one. YCCK holds C, M, Y as their complement in YCC. */
static int black_sample(bf_colour colour, int component)
{
    switch (colour) {
    case BF_COLOUR_CMYK:
        return component < 3 ? 255 : 0;
    case BF_COLOUR_YCC:
    case BF_COLOUR_YCCK:
        return component == 1 || component == 2 ? 128 : 0;
    default:
        return 0;
    }
}

/* A coarser step than this (only 16-bit tables have one) takes the decoder's sums out of their range; the block stays mid-gray. */
#define QUANTUM_MAX 2048

int bf_jpeg_cover_dc(bf_colour colour, int component, int quantum)
{
    int level = (black_sample(colour, component) - 128) * 8; /* a flat block's DC is 8 times its sample, less 128 */
    if (quantum < 1 || quantum > QUANTUM_MAX)
        return 0;
    /* Rounded away from zero: beyond black is clamped to black, short of it would be dark gray. */
    return level < 0 ? -((-level + quantum - 1) / quantum) : (level + quantum - 1) / quantum;
}
