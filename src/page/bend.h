/* The bend of a photographed page, told by its lines of text, and the page laid flat (page). Pure, thread-safe.
 *
 * A page that does not lie flat shows its lines as curves that are much alike. A point of the flat page lies at (x, y + D(x, y)) on the
 * picture, D a cubic in x whose coefficients go linearly with y: fitted to the middles of all long lines by least squares, without those
 * that do not agree. The idea of text lines as the page's coordinates: Ulges, Lampert & Breuel, "Document image dewarping using robust
 * estimation of curled text lines", 2005. */
#pragma once
#include "page/sheet.h"

enum { BF_BEND_TERMS = 6 };
typedef struct {
    float width_px, height_px;
    double term[BF_BEND_TERMS]; /* x, x^2, x^3, and these times y; x and y within -1..1 of the picture */
} bf_bend;

/* From the lines (bf_line) of a picture. False: too few of them tell, none of those that are bent is bent as the page is (the text around a
 * seal is bent, too), or the page is flat but for a share of a line's height. */
bool bf_bend_fit(const GArray *lines, int width_px, int height_px, bf_bend *out);
/* Where a point of the flat page lies on the picture, px. */
void bf_bend_point(const bf_bend *bend, float x, float y, float *on_x, float *on_y);
bf_quad bf_bend_quad(const bf_bend *bend, const bf_quad *flat);
/* The page laid flat, of the picture's size and channels. Free *out with bf_picture_free. */
bool bf_bend_flatten(const bf_bend *bend, const bf_picture *picture, bf_picture **out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
