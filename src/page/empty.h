/* What a picture without text shows (page). Pure, thread-safe. */
#pragma once
#include "page/sheet.h"

typedef enum {
    BF_GROUND_BLANK, /* nothing but even ground; or, of a sheet photographed on a table, mostly so, and light, and nothing standing on it */
    BF_GROUND_SHEET, /* but for what lies beside a sheet nearly all of it is as light as paper: what stands there is no photo, but print
                      * that is too blurred to be found, or a drawing */
    BF_GROUND_PHOTO  /* anything else */
} bf_ground;

/* For pages on which no text was found. Without memory: SHEET, of which nobody knows what it says. */
bf_ground bf_ground_of(const bf_picture *picture);
