/* Pictures for people: small, upright, and gone when they have been looked at. */
#include "blindfold/jpeg.h"
#include "blindfold/page.h"

enum { QUALITY = 82, TARGET_PIXELS = 16 * 1000 * 1000, MAX_PIXELS = 60 * 1000 * 1000 };

/* So many pixels has the smallest of libjpeg's scales (1/8, 1/4, 1/2, 1) that is large enough. */
static gint64 target_for(const bf_jpeg_info *info, int long_side_px)
{
    int eighths = 1;
    while (eighths < 8 && MAX(info->width_px, info->height_px) * (gint64)eighths / 8 < long_side_px)
        eighths *= 2;
    gint64 w = (info->width_px * (gint64)eighths + 7) / 8, h = (info->height_px * (gint64)eighths + 7) / 8;
    return w * h;
}

static bool lay_upright(bf_picture **picture, int exif_orientation, int turn_deg, GError **error)
{
    bf_picture *laid = NULL;
    if (exif_orientation != 1) {
        if (!bf_picture_orient(*picture, exif_orientation, &laid, error))
            return false;
        bf_picture_free(*picture);
        *picture = laid;
    }
    if (turn_deg != 0) {
        if (!bf_picture_turn(*picture, turn_deg, &laid, error))
            return false;
        bf_picture_free(*picture);
        *picture = laid;
    }
    return true;
}

/* What is asked for may be smaller than libjpeg's smallest scale. */
static bool shrink(bf_picture **picture, int long_side_px, GError **error)
{
    int long_px = MAX((*picture)->width_px, (*picture)->height_px);
    if (long_side_px <= 0 || long_px <= 2 * long_side_px)
        return true;
    bf_picture *small = NULL;
    int w = MAX((*picture)->width_px * long_side_px / long_px, 1), h = MAX((*picture)->height_px * long_side_px / long_px, 1);
    if (!bf_picture_scale(*picture, w, h, &small, error))
        return false;
    bf_picture_free(*picture);
    *picture = small;
    return true;
}

bool bf_page_view(GBytes *jpeg, int turn_deg, int long_side_px, GBytes **out, GError **error)
{
    bf_jpeg_info info;
    g_autoptr(bf_picture) picture = NULL;
    if (!bf_jpeg_probe(jpeg, MAX_PIXELS, &info, error))
        return false;
    gint64 target = long_side_px > 0 ? target_for(&info, long_side_px) : TARGET_PIXELS;
    return bf_jpeg_decode(jpeg, MAX_PIXELS, target, &picture, &info, error) &&
           lay_upright(&picture, info.exif_orientation, turn_deg, error) && shrink(&picture, long_side_px, error) &&
           bf_jpeg_encode_view(picture, QUALITY, out, error);
}
