/* Stamps and seals: ink of one strong hue that lies over print, or, on a page without colour, lighter than print (page). Pure, thread-safe.
 */
#pragma once
#include "page/sheet.h"

/* Ink of a colour that stands out on the picture. */
typedef struct {
    float hue_deg;  /* 0 red, 120 green, 240 blue */
    float rgb[3];   /* its mean colour, */
    float paper[3]; /* and that of the paper, 0..255 */
    bool gray;      /* a stamp on a page without colour: all channels are its brightness, the hue says nothing, */
    float print;    /* and print is as dark as this */
} bf_stamp_ink;
enum { BF_STAMP_INKS_MAX = 3 };

/* The strong hues of a picture, most frequent first; how many. None for gray pictures, nor when a hue has less than three in ten thousand
 * pixels. Coloured print, photos and painted grounds count too: nothing is lost by a look without them. */
guint bf_stamp_inks(const bf_picture *picture, bf_stamp_ink inks[BF_STAMP_INKS_MAX]);
/* The ink of stamps on a page without colour: even patches of one gray, between that of print and that of paper, as a ring and a star have
 * and thin strokes have not. False when there is none: in colour, in black and white, without stamps, in a gray
 * picture of something else. Print may be as light elsewhere on
 * the page, so that what is not seen without this ink proves nothing. */
bool bf_gray_stamp_ink(const bf_picture *picture, bf_stamp_ink *ink);
/* Share of the pixels in r, clipped to the picture, that are of this ink. */
float bf_stamp_share(const bf_picture *picture, const bf_stamp_ink *ink, bf_rect r);
/* The rows of the picture, all its width, outside of which there is next to none of this ink. */
bf_rect bf_stamp_rows(const bf_picture *picture, const bf_stamp_ink *ink);
/* A gray copy in which the ink is as bright as paper, and black stays black: the channel that the ink reflects best, and where that is
 * not paper's brightness, less a part of the one that it reflects least. Free *out with bf_picture_free; fails with BF_PICTURE_ERROR. */
bool bf_stamp_removed(const bf_picture *picture, const bf_stamp_ink *ink, bf_picture **out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
