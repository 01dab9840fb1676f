/* Geometry: bend, then a homography; and the turns of the stored frame. */
#include "pm_capture.h"
#include <math.h>
#include <string.h>

/* Solves the 8 equations of a homography that takes four points to four points (Gauss with pivots). */
static void homography(const double from[4][2], const double to[4][2], double h[9])
{
    double a[8][9];
    for (int i = 0; i < 4; i++) {
        const double x = from[i][0], y = from[i][1], u = to[i][0], v = to[i][1];
        const double rows[2][9] = {{x, y, 1, 0, 0, 0, -u * x, -u * y, u}, {0, 0, 0, x, y, 1, -v * x, -v * y, v}};
        memcpy(a[2 * i], rows, sizeof rows);
    }
    for (int c = 0; c < 8; c++) {
        int pivot = c;
        for (int r = c + 1; r < 8; r++)
            if (fabs(a[r][c]) > fabs(a[pivot][c]))
                pivot = r;
        for (int k = 0; k < 9; k++) {
            const double t = a[c][k];
            a[c][k] = a[pivot][k];
            a[pivot][k] = t;
        }
        for (int r = 0; r < 8; r++) {
            if (r == c)
                continue;
            const double f = a[r][c] / a[c][c];
            for (int k = c; k < 9; k++)
                a[r][k] -= f * a[c][k];
        }
    }
    for (int i = 0; i < 8; i++)
        h[i] = a[i][8] / a[i][i];
    h[8] = 1;
}

void pm_warp_make(const pm_plan *plan, int width, int height, pm_random *r, pm_warp *out)
{
    *out = (pm_warp){.out_width = width, .out_height = height, .width_px = width, .bend_px = plan->bend * height};
    if (plan->tilt_deg == 0 && plan->persp == 0 && plan->margin == 0 && plan->bend == 0) {
        out->identity = true;
        return;
    }
    const double margin = plan->margin * MAX(width, height), angle = plan->tilt_deg * G_PI / 180;
    out->out_width = (int)lround(width + 2 * margin);
    out->out_height = (int)lround(height + 2 * margin);
    const double from[4][2] = {{0, 0}, {width, 0}, {width, height}, {0, height}};
    double to[4][2];
    for (int i = 0; i < 4; i++) {
        const double x = from[i][0] - width / 2.0, y = from[i][1] - height / 2.0;
        const double inward = i == 0 || i == 3 ? 1 : -1, down = i < 2 ? 1 : -1;
        to[i][0] = out->out_width / 2.0 + x * cos(angle) - y * sin(angle) + inward * plan->persp * width * pm_random_range(r, -0.3, 1);
        to[i][1] = out->out_height / 2.0 + x * sin(angle) + y * cos(angle) + down * plan->persp * height * pm_random_range(r, -0.3, 1);
    }
    homography(from, (const double(*)[2])to, out->h);
    homography((const double(*)[2])to, from, out->inverse);
}

static double bow(const pm_warp *w, double x)
{
    return w->bend_px * sin(G_PI * x / w->width_px);
}

void pm_warp_point(const pm_warp *w, double x, double y, double *px, double *py)
{
    if (w->identity) {
        *px = x;
        *py = y;
        return;
    }
    const double *h = w->h, by = y + bow(w, x), z = h[6] * x + h[7] * by + h[8];
    *px = (h[0] * x + h[1] * by + h[2]) / z;
    *py = (h[3] * x + h[4] * by + h[5]) / z;
}

/* Turns a point of a width x height picture clockwise. */
static void turn_point(int turn_deg, int width, int height, double *x, double *y)
{
    const double x0 = *x, y0 = *y;
    switch (turn_deg) {
    case 90:
        *x = height - y0;
        *y = x0;
        break;
    case 180:
        *x = width - x0;
        *y = height - y0;
        break;
    case 270:
        *x = y0;
        *y = width - x0;
        break;
    default:
        break;
    }
}

/* How far the orientations without a mirror are turned clockwise by a viewer (EXIF 2.3, tag 0x0112). */
static int exif_turn(int exif)
{
    return exif == 3 ? 180 : exif == 6 ? 90 : exif == 8 ? 270 : 0;
}

void pm_store_point(const pm_plan *plan, int width, int height, double x, double y, double *sx, double *sy)
{
    turn_point((720 - plan->turn_deg - exif_turn(plan->exif)) % 360, width, height, &x, &y);
    *sx = x;
    *sy = y;
}

bool pm_pixels_store(const pm_pixels *upright, const pm_plan *plan, pm_pixels *out, GError **error)
{
    const int turn = (720 - plan->turn_deg - exif_turn(plan->exif)) % 360, w = upright->width, h = upright->height;
    if (!pm_pixels_new(turn % 180 ? h : w, turn % 180 ? w : h, out, error))
        return false;
    for (int y = 0; y < h; y++) {
        for (int x = 0; x < w; x++) {
            double sx = x + 0.5, sy = y + 0.5;
            turn_point(turn, w, h, &sx, &sy);
            memcpy(out->rgb + 3 * ((size_t)sy * (size_t)out->width + (size_t)sx), upright->rgb + 3 * ((size_t)y * (size_t)w + (size_t)x),
                   3);
        }
    }
    return true;
}
