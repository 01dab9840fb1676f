/* The sheet of paper on a photo (page). Pure, thread-safe. */
#pragma once
#include "blindfold/homography.h"
#include "page/sheet.h"

/* Finds the sheet on a table: the largest bright and colourless area that is a quadrilateral. *paper: its corners, the one nearest to the
 * picture's left top first, clockwise. False when there is none to be sure of: a scan (paper up to the edges), a sheet that goes beyond
 * the picture, a table as bright as paper. Then *error is left alone; it is set when there is no memory to look. */
bool bf_find_paper(const bf_picture *picture, bf_quad *paper, GError **error);
/* Is so much ink left that no line accounts for that the page must be held? The edge of a sheet is none, when one is found and all that was
 * read (bf_line) stands on it. */
bool bf_holds_unread_ink(const bf_picture *picture, const GArray *lines);
/* Does a sheet stand upright on the picture and fill most of it? Then nothing is to be straightened. */
bool bf_paper_is_straight(const bf_picture *picture, const bf_quad *paper);

/* The sheet laid flat, as large as its longer sides are on the picture, gray, and with even light: each pixel in proportion to the paper
 * around it. *to_picture takes points of it to the picture. Free *out with bf_picture_free. */
bool bf_flatten_paper(const bf_picture *picture, const bf_quad *paper, bf_picture **out, bf_homography *to_picture,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same for light alone, without a sheet. */
bool bf_even_light(const bf_picture *picture, bf_picture **out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
