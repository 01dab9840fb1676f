#include "page/upright.h"

/* More pixels than this tell a reader of text nothing new: an A4 page at 400 dpi. */
enum { TARGET_PIXELS = 16 * 1000 * 1000 };

bool bf_upright_turn(bf_picture **picture, bf_frame *frame, int turn_deg, GError **error)
{
    bf_picture *turned = NULL;
    if (turn_deg == 0)
        return true;
    if (!bf_picture_turn(*picture, turn_deg, &turned, error))
        return false;
    bf_picture_free(*picture);
    *picture = turned;
    frame->turn_deg = (frame->turn_deg + turn_deg) % 360;
    frame->upright_width_px = turned->width_px;
    frame->upright_height_px = turned->height_px;
    return true;
}

bool bf_upright_decode(GBytes *jpeg, gint64 max_pixels, int turn_deg, bf_picture **out, bf_frame *frame, bf_jpeg_info *info, GError **error)
{
    bf_jpeg_info own;
    g_autoptr(bf_picture) picture = NULL;
    info = info != NULL ? info : &own;
    if (!bf_jpeg_decode(jpeg, max_pixels, TARGET_PIXELS, &picture, info, error))
        return false;
    if (info->exif_orientation != 1) {
        bf_picture *oriented = NULL;
        if (!bf_picture_orient(picture, info->exif_orientation, &oriented, error))
            return false;
        bf_picture_free(picture);
        picture = oriented;
    }
    *frame = (bf_frame){.stored_width_px = info->width_px,
                        .stored_height_px = info->height_px,
                        .exif_orientation = info->exif_orientation,
                        .upright_width_px = picture->width_px,
                        .upright_height_px = picture->height_px};
    if (!bf_upright_turn(&picture, frame, turn_deg, error))
        return false;
    *out = g_steal_pointer(&picture);
    return true;
}
