/* From the drawn page to what a scanner or phone would have stored: geometry first (known exactly, so that truth can follow), then
 * light, dirt and noise, then the turn, then the JPEG. */
#pragma once
#include "pagemaker.h"
#include "pm_pixels.h"
#include "pm_random.h"
#include <cairo.h>

/* What a capture does; made from its name and a seed. */
typedef struct {
    double scale;    /* page px -> surface px when drawing */
    double tilt_deg; /* turned on the glass */
    double persp;    /* how far the corners move, of the page's size */
    double bend;     /* how far the middle of a line bows, of the page's height */
    double margin;   /* of the table in view, of the page's size */
    double light, shadow, paper, noise, blur, contrast;
    double fade, exposure; /* as in pm_grade */
    bool gray, fax;
    double specks;
    guint table_rgb; /* what lies around the page */
    int turn_deg;    /* clockwise, to hold the stored picture upright (after EXIF) */
    int exif;        /* 1..8 */
    int quality;
    pm_sampling sampling;
    bool progressive;
} pm_plan;

void pm_plan_make(const pm_page_spec *spec, double text_size, pm_plan *out);

/* Where a point of the drawn surface lies in the picture taken. */
typedef struct {
    double h[9], inverse[9];  /* bent surface -> picture */
    double bend_px, width_px; /* of the surface */
    int out_width, out_height;
    bool identity;
} pm_warp;

void pm_warp_make(const pm_plan *plan, int width, int height, pm_random *r, pm_warp *out);
void pm_warp_point(const pm_warp *w, double x, double y, double *px, double *py);

bool pm_capture_take(const pm_plan *plan, const pm_warp *warp, cairo_surface_t *surface, pm_random *r, pm_pixels *out, GError **error);

/* The stored picture of a page seen upright: turned against turn_deg, then against the EXIF orientation. */
bool pm_pixels_store(const pm_pixels *upright, const pm_plan *plan, pm_pixels *out, GError **error);
/* The same for a point; the picture's size is the upright one. */
void pm_store_point(const pm_plan *plan, int width, int height, double x, double y, double *sx, double *sy);
