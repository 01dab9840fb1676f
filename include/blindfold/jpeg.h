/* JPEG in, JPEG out: decode, mask in the quantised coefficients, prove what changed (image).
 *
 * All functions are thread-safe; data is borrowed for the call. Every error is of BF_JPEG_ERROR with a sentence that does not
 * hold file names or text (the caller names the file). Nothing here prints. One setjmp: jpeg_guard.h.
 */
#pragma once
#include "blindfold/picture.h"

#define BF_JPEG_ERROR (bf_jpeg_error_quark())
GQuark bf_jpeg_error_quark(void);
typedef enum {
    BF_JPEG_ERROR_NOT_JPEG,    /* no SOI, or another format behind the name */
    BF_JPEG_ERROR_CORRUPT,     /* libjpeg gave up */
    BF_JPEG_ERROR_UNSUPPORTED, /* lossless coding, 12 bit, ... that this libjpeg cannot read; 2 or more than 4 components */
    BF_JPEG_ERROR_LIMIT,       /* more pixels than allowed, told before memory is taken; or more than 500 scans */
    BF_JPEG_ERROR_MEMORY,
    BF_JPEG_ERROR_MISMATCH, /* bf_jpeg_verify, bf_jpeg_turn: something changed that must not have */
    BF_JPEG_ERROR_INEXACT   /* bf_jpeg_turn: a strip at the edge would have to go */
} bf_jpeg_error;

typedef enum { BF_COLOUR_GRAY, BF_COLOUR_YCC, BF_COLOUR_RGB, BF_COLOUR_CMYK, BF_COLOUR_YCCK, BF_COLOUR_OTHER } bf_colour;

typedef struct {
    int width_px, height_px;  /* stored frame */
    int components;           /* 1..4 */
    bf_colour colour;         /* how the coefficients are coded */
    int imcu_w_px, imcu_h_px; /* the grid that masks snap to: 8 x 8 for one component, else 8 * max sampling factor */
    bool progressive;
    int exif_orientation;     /* 1..8; 1 when absent or not readable */
    bool truncated;           /* no EOI marker: libjpeg fills the rest with gray */
    long warnings;            /* counted by libjpeg while reading the whole file: set by decode, 0 by probe */
    int quality;              /* about what was given to the program that coded it, 1..100, from the first table; 0: not known */
    int intact_percent;       /* decode: how much of the height came out before the first warning; -1: not known (several scans; a warning without
                               * restart markers) */
    int decode_scale_eighths; /* decode: 8 = full size, 4 = half, ... */
} bf_jpeg_info;

/* Reads the headers only. max_pixels: LIMIT above it (0: no limit beyond libjpeg's 65500 a side). */
bool bf_jpeg_probe(GBytes *jpeg, gint64 max_pixels, bf_jpeg_info *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Decodes to RGB (3 channels), or to gray (1 channel) what is coded in gray, in the stored frame. When the page has more than
 * target_pixels (0: never), libjpeg's scaled decoding halves it until it has not, at most to an eighth a side; the picture is then
 * smaller than the stored page (see bf_frame). CMYK and YCCK become RGB. Free *out with bf_picture_free. info may be NULL. */
bool bf_jpeg_decode(GBytes *jpeg, gint64 max_pixels, gint64 target_pixels, bf_picture **out, bf_jpeg_info *info,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Encodes a picture for people to look at, never for a package: baseline, 4:2:0, quality 1..100. */
bool bf_jpeg_encode_view(const bf_picture *picture, int quality, GBytes **out, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Snaps a rectangle of the stored frame outward to whole iMCUs and clips it to the page. */
bf_rect bf_jpeg_snap(const bf_jpeg_info *info, bf_rect r_stored);

typedef struct {
    gint64 unchanged_blocks; /* DCT blocks of all components outside the masks */
    gint64 masked_blocks;    /* inside: AC all zero, DC the flat value */
    bool recoded;            /* the coefficients could not be kept: decoded, encoded anew, masked */
} bf_mask_stats;

/* Writes a fresh JPEG with every iMCU that a rectangle touches overwritten by opaque black, whatever was there: AC zero, DC constant,
 * in every component and every scan; all other quantised coefficients are the input's, bit for bit. The primary image only: no
 * thumbnail, no second image, nothing after EOI. Markers written: SOI, a minimal JFIF APP0 of fixed density (gray and YCC), APP14 Adobe
 * in its canonical 12-byte form (RGB, YCCK, and CMYK that had one), a fresh EXIF APP1 with Orientation and nothing else when the
 * input's orientation is not 1, DQT, SOF, DHT, DRI, SOS. ICC profiles are dropped: colours of a wide-gamut photo get a little paler,
 * and nothing can travel in one. Progressive stays progressive, restart intervals are kept, Huffman tables are optimised, component
 * and table numbers are canonical. Runs with n = 0 too (a clear page is rewritten so). Blocks beyond the page's edge come out flat.
 * A page whose coefficients a JPEG cannot hold next to a mask (damaged or hostile files) is decoded and encoded anew, quality 92,
 * 4:4:4, and stats->recoded says so; then unchanged_blocks is 0. Empty rectangles and those off the page are ignored.
 * Deterministic: equal input gives equal bytes. Memory: 2 bytes a coefficient, that is 3 (4:2:0) to 8 (CMYK) bytes a pixel.
 * stats may be NULL. Free *out with g_bytes_unref. */
bool bf_jpeg_mask(GBytes *jpeg, const bf_rect *rects_stored, size_t n, gint64 max_pixels, GBytes **out, bf_mask_stats *stats,
                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Proves `output` from the finished bytes alone: same size, components, sampling, coding and quantisation tables as `input`; every
 * coefficient outside the snapped rectangles equals the input's; every block inside is flat with the mask's DC; blocks beyond the
 * page's edge are flat; only the markers that bf_jpeg_mask lists, in canonical form; coded data without damage; EOI is the last byte;
 * and writing the output's coefficients once more gives the same bytes, so not a bit of it is there for anything else.
 * Fails with MISMATCH and a sentence that says what and at which block or marker, with another code when the input cannot be read.
 * Of a recoded page (see bf_mask_stats) the coefficients and tables are not compared with the input's: pass recoded = true. Memory:
 * twice bf_jpeg_mask's. stats may be NULL; it counts what was found, to be compared with what bf_jpeg_mask said. */
bool bf_jpeg_verify(GBytes *input, GBytes *output, const bf_rect *rects_stored, size_t n, bool recoded, bf_mask_stats *stats,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Lays the coded picture down as an EXIF orientation (1..8) tells viewers to show it, without loss: blocks change places, and coefficients
 * within them places and signs; tables and sampling factors are turned along. The output is a fresh file as of bf_jpeg_mask, without an
 * orientation, whatever tag the input had. Proved before it is given out: turned back, every coefficient is the input's.
 * INEXACT when the size along an axis that is flipped is no whole number of iMCUs: nothing is trimmed. CORRUPT when the input is cut off or
 * damaged. Memory: twice bf_jpeg_mask's. Free *out with g_bytes_unref. */
bool bf_jpeg_turn(GBytes *jpeg, int orientation, gint64 max_pixels, GBytes **out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
