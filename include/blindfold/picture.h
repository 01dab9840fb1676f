/* Plain geometry and pixels, shared by every room (base).
 *
 * Frames. A coordinate belongs to one of two frames:
 *   stored   the pixel grid of the JPEG as it is coded, before EXIF orientation; masks live here;
 *   upright  the page as a person holds it to read: EXIF orientation and the page's own turn undone; readers work here.
 * frame.h converts between them; every declaration names the frame that it means.
 *
 * Units are pixels; x grows to the right, y downwards; pixel (0,0) covers the square [0,1) x [0,1).
 */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BF_PICTURE_ERROR (bf_picture_error_quark())
GQuark bf_picture_error_quark(void);
typedef enum {
    BF_PICTURE_ERROR_SIZE,
    BF_PICTURE_ERROR_MEMORY,
    BF_PICTURE_ERROR_TURN /* an orientation outside 1..8, a turn that is not 0, 90, 180 or 270 */
} bf_picture_error;

/* A rectangle, half-open: it covers [x, x + w) x [y, y + h). Empty when w <= 0 or h <= 0. */
typedef struct {
    int x, y, w, h;
} bf_rect;

bool bf_rect_is_empty(bf_rect r);
bf_rect bf_rect_intersect(bf_rect a, bf_rect b); /* empty (w = h = 0) when they do not meet */
bf_rect bf_rect_union(bf_rect a, bf_rect b);     /* the smallest that holds both; an empty one adds nothing */
bf_rect bf_rect_grow(bf_rect r, int dx, int dy); /* dx more on the left and on the right, dy above and below */

/* A convex quadrilateral in reading order: [0] start top, [1] end top, [2] end bottom, [3] start bottom of the text. */
typedef struct {
    float x[4], y[4];
} bf_quad;

bool bf_quad_holds(const bf_quad *q, float x, float y); /* is the point within q, its edges included? */
bool bf_quads_meet(const bf_quad *a,
                   const bf_quad *b); /* does each hold the other one's centre? Bounds do not tell: those of tilted neighbours overlap */
bf_rect bf_quad_bounds(const bf_quad *q);  /* the smallest whole-pixel rectangle that holds q; empty when a corner is not finite */
float bf_quad_length(const bf_quad *quad); /* along the text, px: mean of both long sides */
float bf_quad_height(const bf_quad *quad); /* across the text, px */
/* The part of the quad from `from` to `to` along the text (0 at its start, 1 at its end; may lie beyond), grown across by
 * `grow` * height on each side. */
bf_quad bf_quad_slice(const bf_quad *quad, float from, float to, float grow);
/* The same quad read upside down: it starts where it ended. */
bf_quad bf_quad_half_turned(const bf_quad *quad);
/* The point at a share of the quad's length, halfway across. */
void bf_quad_middle(const bf_quad *quad, float share, float *x, float *y);

/* Pixels: interleaved 8-bit samples, rows of stride = width_px * channels bytes, top row first. 3 channels are R, G, B; 1 is gray. */
typedef struct {
    int width_px, height_px, channels;
    uint8_t *data;
} bf_picture;

/* A new picture, its pixels not set. Fails with SIZE when a side is < 1 or > 65500 or channels is neither 1 nor 3, with MEMORY
 * when the memory is not to be had (image-sized memory never ends the program). Free with bf_picture_free. Thread-safe. */
bool bf_picture_new(int width_px, int height_px, int channels, bf_picture **out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void bf_picture_free(bf_picture *picture); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(bf_picture, bf_picture_free)

/* A copy with an EXIF orientation (1..8, TIFF 6.0 / EXIF 2.3 tag 0x0112) undone, that is: shown as a viewer would show it. */
bool bf_picture_orient(const bf_picture *in, int exif_orientation, bf_picture **out, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A copy turned clockwise by 0, 90, 180 or 270 degrees. */
bool bf_picture_turn(const bf_picture *in, int clockwise_deg, bf_picture **out, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A copy resampled to width_px x height_px: area average where it shrinks, bilinear where it grows. */
bool bf_picture_scale(const bf_picture *in, int width_px, int height_px, bf_picture **out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
