#include "page/seal_on_seal.h"
#include "page/strokes.h"

/* Depths of ink that are tried. */
enum { FIRST_DEPTH = 60, LAST_DEPTH = 220, DEPTHS = 10 };
static const float SQUARE = 1.4F;
/* A frame has ink along this share of each side, no further inside than RIM of the whole. */
static const float ALONG = 0.7F, RIM = 0.12F;

typedef enum { LEFT, RIGHT, TOP, BOTTOM, N_SIDES } side;

/* The share of positions along a side behind which there is ink of this depth near the edge. */
static float ink_along(const bf_picture *picture, bf_rect r, side where, int depth)
{
    bool upright = where == LEFT || where == RIGHT;
    int length = upright ? r.h : r.w, rim = MAX((int)(RIM * (float)(upright ? r.w : r.h)), 2), met = 0;
    for (int i = 0; i < length; i++) {
        bool ink = false;
        for (int k = 0; k < rim && !ink; k++) {
            int x = where == LEFT ? r.x + k : where == RIGHT ? r.x + r.w - 1 - k : r.x + i;
            int y = where == TOP ? r.y + k : where == BOTTOM ? r.y + r.h - 1 - k : r.y + i;
            ink = bf_redness(picture, x, y) >= depth;
        }
        met += ink;
    }
    return (float)met / (float)length;
}

static bool is_framed(const bf_picture *picture, bf_rect r, int depth)
{
    for (side s = LEFT; s < N_SIDES; s++)
        if (ink_along(picture, r, s, depth) < ALONG)
            return false;
    return true;
}

bool bf_find_seals_on_seals(const bf_picture *picture, bf_rect zone, float height_px, float least_px, float most_px, GArray *seals)
{
    g_autoptr(GArray) pieces = g_array_new(FALSE, FALSE, sizeof(bf_piece));
    for (int depth = FIRST_DEPTH; depth <= LAST_DEPTH; depth += DEPTHS) {
        g_array_set_size(pieces, 0);
        if (!bf_find_red_pieces(picture, zone, depth, MAX(2, (int)(height_px / 12)), pieces))
            return false;
        for (guint i = 0; i < pieces->len; i++) {
            bf_rect r = g_array_index(pieces, bf_piece, i).rect;
            float least = (float)MIN(r.w, r.h), most = (float)MAX(r.w, r.h);
            if (least >= least_px && most <= most_px && most <= SQUARE * least && is_framed(picture, r, depth))
                g_array_append_val(seals, r);
        }
    }
    return true;
}
