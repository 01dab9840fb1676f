/* Simple questions about pixels (page). Pure, thread-safe; rectangles are clipped to the picture. */
#pragma once
#include "page/sheet.h"

/* Brightness of a pixel that lies on the picture, 0..255 (ITU-R BT.601 weights). */
static inline uint8_t bf_luma(const bf_picture *picture, int x, int y)
{
    const uint8_t *s = picture->data + ((gsize)y * (gsize)picture->width_px + (gsize)x) * (gsize)picture->channels;
    return picture->channels == 1 ? s[0] : (uint8_t)((s[0] * 77 + s[1] * 150 + s[2] * 29) >> 8);
}
/* The same for a whole row: width_px values. */
void bf_luma_row(const bf_picture *picture, int y, uint8_t *out);
/* A gray picture, or one of three channels that are the same all over, as a fax or a gray scan is saved at times. */
bool bf_is_colourless(const bf_picture *picture);
/* Share of the pixels in r that are saturated red: seals, stamps, red print. 0 for gray pictures. */
float bf_red_share(const bf_picture *picture, bf_rect r);
/* Does nothing stand in r but even background? Not when it is outside of the picture. */
bool bf_is_blank(const bf_picture *picture, bf_rect r);

/* How many text-like pieces of dark ink stand outside every line on which something was read (n_chars > 0), counted in groups of at least
 * three of like size side by side. G_MAXUINT when it cannot be told: no memory, or more pieces than print ever has. White ink on dark
 * ground is not seen. */
guint bf_unread_ink(const bf_picture *picture, const GArray *lines);
/* The same without the edge of the sheet that lies on a table: the strip outside of it, as wide as the surroundings that ink is compared
 * with. */
guint bf_unread_ink_on_sheet(const bf_picture *picture, const GArray *lines, const bf_quad *sheet);
/* The same groups as rectangles of the picture (bf_rect), for a person to look at; appended. */
void bf_unread_ink_places(const bf_picture *picture, const GArray *lines, GArray *places);
/* The same for ink that may be as faint as the paper's grain allows. *step: by how much (of 255) it had to be darker than its surroundings;
 * fainter ink was not seen. G_MAXUINT with the same result. places: as above, may be NULL. */
guint bf_unread_faint_ink(const bf_picture *picture, const GArray *lines, guint *step, GArray *places);
/* The same for ink that is darker than its surroundings by more than `step` (1 to 255); grain that is coarser counts as ink too. */
guint bf_unread_ink_darker_by(const bf_picture *picture, const GArray *lines, guint step);
/* Places beside all lines that are as deep as two fifths of the print that was read, three cells of 8 px (of a picture of 1200) in a row;
 * sees what is too faint for single pixels to tell from grain. G_MAXUINT when it cannot be told: too little was read, paper is not quieter
 * than print, no memory. Rules, seals and pictures count too. */
guint bf_unread_dim_print(const bf_picture *picture, const GArray *lines);
enum { UNREAD_WORTH_A_LOOK = 0, UNREAD_HOLDS_A_PAGE = 8 };
