/* The one place that converts between the stored and the upright frame (image). Pure functions, thread-safe. */
#pragma once
#include "blindfold/picture.h"

/* How a page's upright picture comes from its stored one: first the EXIF orientation is undone, then the picture is turned
 * clockwise by turn_deg, then it is scaled (libjpeg's scaled decoding of very large photos). */
typedef struct {
    int stored_width_px, stored_height_px;   /* of the coded JPEG */
    int exif_orientation;                    /* 1..8; 1 where the file has none */
    int turn_deg;                            /* 0, 90, 180, 270: clockwise, after EXIF */
    int upright_width_px, upright_height_px; /* of the picture that readers see */
} bf_frame;

/* A point of the upright frame in the stored frame, both continuous (pixel corners at whole numbers). */
void bf_frame_point_to_stored(const bf_frame *frame, float x_upright, float y_upright, float *x_stored, float *y_stored);
void bf_frame_point_to_upright(const bf_frame *frame, float x_stored, float y_stored, float *x_upright, float *y_upright);
/* The smallest whole-pixel rectangle of the other frame that holds r, clipped to the page. */
bf_rect bf_frame_rect_to_stored(const bf_frame *frame, bf_rect r_upright);
bf_rect bf_frame_rect_to_upright(const bf_frame *frame, bf_rect r_stored);
/* The EXIF orientation (1..8) that shows a picture as `exif_orientation` and then a clockwise turn do. */
int bf_frame_orientation(int exif_orientation, int turn_deg);
/* The same corners in the other frame; the order of the corners is kept (so it may run the other way round when mirrored). */
bf_quad bf_frame_quad_to_stored(const bf_frame *frame, const bf_quad *q_upright);
