/* What makes lines of text hard to read, measured on the pixels (page, internal to legibility). Pure, thread-safe. */
#pragma once
#include "page/sheet.h"

/* Means over the lines, each line weighted by its length in characters' widths. */
typedef struct {
    float gradient;     /* standard deviation of the gradient at a fixed text height, of 255: see legible.h */
    float sharpness;    /* the same as a share of the contrast: blur and lack of pixels lower it, faintness does not */
    float across, down; /* the same, of the changes along the line and of those at right angles to it: motion lowers one of them */
    float contrast;     /* paper minus ink, of 255: 95th and 5th percentile */
    float noise;        /* grain of the paper, of 255 */
    float paper, ink;   /* the percentiles themselves */
    float height_px;    /* of the text: median over the lines, in pixels of the stored page */
    float shaded;       /* share of the text whose paper is much darker than elsewhere on the page */
    float glared;       /* share of the text whose contrast is much lower than elsewhere on as light a paper */
    guint cut;          /* lines that run into the left or the right edge of the picture */
    guint lines;        /* looked at; 0: nothing was measured */
} bf_text_measure;

/* Looks at up to a few dozen lines, evenly spread. scale: pixels of the stored page for one of the picture (frame.h). */
void bf_measure_text(const bf_picture *upright, const GArray *lines, float scale, bf_text_measure *out);
