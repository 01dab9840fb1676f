/* Two ways of hiding that do not hide: squares of even shade (their shades can be matched against what a name would give), and blur. */
#include "page/check_page.h"
#include "page/ink.h"
#include "page/median.h"
#include <math.h>
#include <stdlib.h>

/* A window as large as a few characters; cells of a mosaic from smallest to largest. */
enum { WINDOW_PX = 64, STEP_PX = 32, CELL_MIN_PX = 5, CELL_MAX_PX = 21 };
/* An opaque mask's tones lie closer together than this, coded as a JPEG. */
static const float FLAT = 10;
/* Share of all changes of brightness that lie on the cells' borders. */
static const float ON_BORDERS = 0.80F;

typedef struct {
    int columns[WINDOW_PX], rows[WINDOW_PX]; /* sums of the changes of brightness between neighbours */
    guint middle;                            /* pixels that are neither light nor dark */
    int low, high;
} profile;

static void make_profile(const uint8_t *gray, int stride, profile *out)
{
    guint histogram[256] = {0}, seen = 0;
    *out = (profile){0};
    for (int y = 0; y < WINDOW_PX; y++)
        for (int x = 0; x < WINDOW_PX; x++) {
            const uint8_t *p = gray + y * stride + x;
            histogram[*p]++;
            if (x > 0 && abs(p[0] - p[-1]) > 3)
                out->columns[x] += abs(p[0] - p[-1]);
            if (y > 0 && abs(p[0] - p[-stride]) > 3)
                out->rows[y] += abs(p[0] - p[-stride]);
        }
    for (out->low = 0; (seen += histogram[out->low]) < 80;)
        out->low++;
    for (seen = 0, out->high = 255; (seen += histogram[out->high]) < 80;)
        out->high--;
    int quarter = (out->high - out->low) / 4;
    for (int i = out->low + quarter; i < out->high - quarter; i++)
        out->middle += histogram[i];
}

/* The best share of the changes that one grid of this pitch has on its lines. */
static float share_on_grid(const int sums[WINDOW_PX], int pitch)
{
    int all = 0, best = 0;
    for (int i = 0; i < WINDOW_PX; i++)
        all += sums[i];
    for (int phase = 0; phase < pitch; phase++) {
        int on = 0;
        for (int i = phase; i < WINDOW_PX; i += pitch)
            on += sums[i];
        best = MAX(best, on);
    }
    return all > WINDOW_PX * 20 ? (float)best / (float)all : 0;
}

/* Black and white squares alone are a QR code. */
static bool is_mosaic(const profile *p)
{
    if (p->high - p->low < 24 || p->middle * 5 < WINDOW_PX * WINDOW_PX)
        return false;
    for (int pitch = CELL_MIN_PX; pitch <= CELL_MAX_PX; pitch++)
        if (share_on_grid(p->columns, pitch) >= ON_BORDERS && share_on_grid(p->rows, pitch) >= ON_BORDERS)
            return true;
    return false;
}

static void add_place(GArray *places, bf_rect r)
{
    for (guint i = 0; i < places->len; i++) {
        bf_rect *known = &g_array_index(places, bf_rect, i);
        if (!bf_rect_is_empty(bf_rect_intersect(bf_rect_grow(*known, 2, 2), r))) {
            *known = bf_rect_union(*known, r);
            return;
        }
    }
    g_array_append_val(places, r);
}

void bf_find_mosaic(const bf_picture *picture, GArray *places)
{
    int w = picture->width_px, h = picture->height_px;
    g_autofree uint8_t *gray = g_try_malloc((gsize)w * (gsize)h);
    if (gray == NULL)
        return;
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++)
            gray[(gsize)y * (gsize)w + (gsize)x] = bf_luma(picture, x, y);
    for (int y = 0; y + WINDOW_PX <= h; y += STEP_PX)
        for (int x = 0; x + WINDOW_PX <= w; x += STEP_PX) {
            profile p;
            make_profile(gray + (gsize)y * (gsize)w + (gsize)x, w, &p);
            if (is_mosaic(&p))
                add_place(places, (bf_rect){x, y, WINDOW_PX, WINDOW_PX});
        }
}

/* ---- smears ---- */

typedef struct {
    float contrast, light;
    float steepest, across; /* in any direction; from left to right */
} softness;

static float high_step(const guint steps[256], guint n)
{
    guint seen = 0;
    int step = 255;
    while (step > 0 && (seen += steps[step]) * 50 < n)
        step--;
    return (float)step;
}

/* Contrast and steepest changes in a rectangle, by high percentiles. */
static softness soften(const bf_picture *p, bf_rect r)
{
    guint tones[256] = {0}, across[256] = {0}, down[256] = {0}, n = 0, seen = 0;
    softness s = {0};
    for (int y = r.y + 1; y < r.y + r.h - 1; y++)
        for (int x = r.x + 1; x < r.x + r.w - 1; x++, n++) {
            int here = bf_luma(p, x, y), dx = abs(bf_luma(p, x + 1, y) - here), dy = abs(bf_luma(p, x, y + 1) - here);
            tones[here]++;
            across[dx]++;
            down[dy]++;
        }
    int low = 0, high = 255;
    while (low < 255 && (seen += tones[low]) * 20 < n)
        low++;
    for (seen = 0; high > 0 && (seen += tones[high]) * 20 < n;)
        high--;
    s.contrast = (float)(high - low);
    s.light = (float)high;
    s.across = high_step(across, n);
    s.steepest = MAX(s.across, high_step(down, n));
    return s;
}

static float mean_of(const bf_picture *p, bf_rect r)
{
    bf_rect c = bf_rect_intersect(r, (bf_rect){0, 0, p->width_px, p->height_px});
    guint64 sum = 0;
    for (int y = c.y; y < c.y + c.h; y++)
        for (int x = c.x; x < c.x + c.w; x++)
            sum += bf_luma(p, x, y);
    return bf_rect_is_empty(c) ? 0 : (float)sum / (float)(c.w * c.h);
}

/* How much darker than just above it and just below it a piece of a line is. Blur spreads ink, but takes none of it away. */
static float depth_of(const bf_picture *p, bf_rect r)
{
    int edge = MAX(r.h / 6, 1);
    float above = mean_of(p, (bf_rect){r.x, r.y - edge, r.w, edge}), below = mean_of(p, (bf_rect){r.x, r.y + r.h, r.w, edge});
    return MIN(above, below) - mean_of(p, (bf_rect){r.x, r.y + r.h / 4, r.w, r.h - r.h / 2});
}

/* What print is usually like on this page: medians over the lines. */
typedef struct {
    float steepness; /* the steepest change as a share of the contrast; 0: too few lines */
    float across;    /* the same from left to right */
    float contrast, depth, light;
} usual_print;

static usual_print usual_of(const bf_picture *picture, const GArray *lines)
{
    g_autoptr(GArray) ratios = g_array_new(FALSE, FALSE, sizeof(float)), contrasts = g_array_new(FALSE, FALSE, sizeof(float));
    g_autoptr(GArray) depths = g_array_new(FALSE, FALSE, sizeof(float)), lights = g_array_new(FALSE, FALSE, sizeof(float));
    g_autoptr(GArray) acrosses = g_array_new(FALSE, FALSE, sizeof(float));
    for (guint i = 0; i < lines->len; i += 1 + lines->len / 24) {
        bf_rect r = bf_rect_intersect(bf_quad_bounds(&g_array_index(lines, bf_line, i).quad),
                                      (bf_rect){0, 0, picture->width_px, picture->height_px});
        r.w = MIN(r.w, 12 * r.h);
        softness s = r.w > 8 && r.h > 8 ? soften(picture, r) : (softness){0};
        float ratio = s.contrast > 20 ? s.steepest / s.contrast : 0;
        if (ratio > 0) {
            float depth = depth_of(picture, r);
            g_array_append_val(ratios, ratio);
            g_array_append_val(contrasts, s.contrast);
            g_array_append_val(depths, depth);
            float across = s.across / s.contrast;
            g_array_append_val(lights, s.light);
            g_array_append_val(acrosses, across);
        }
    }
    return ratios->len < 3
               ? (usual_print){0}
               : (usual_print){bf_median(ratios), bf_median(acrosses), bf_median(contrasts), bf_median(depths), bf_median(lights)};
}

/* Is the paper above and below a square as light as that about print? In a portrait or in a shadow it is not. */
static bool is_on_paper(const bf_picture *p, bf_rect r, const usual_print *usual)
{
    int edge = MAX(r.h / 6, 1);
    float above = mean_of(p, (bf_rect){r.x, r.y - edge, r.w, edge}), below = mean_of(p, (bf_rect){r.x, r.y + r.h, r.w, edge});
    return MIN(above, below) > 0.85F * usual->light;
}

/* Is at least half of the rows in a square's middle darker than paper? Of a rule only few are. */
static bool is_dark_throughout(const bf_picture *p, bf_rect r, const usual_print *usual)
{
    int dark = 0, n = r.h / 2;
    for (int y = r.y + r.h / 4; y < r.y + r.h / 4 + n; y++)
        dark += mean_of(p, (bf_rect){r.x, y, r.w, 1}) < 0.95F * usual->light;
    return dark * 2 >= n;
}

/* Are nearly all pixels either paper or one dark tone? A bar that stands off a line's middle looks drawn out along it; what was drawn out
 * has all shades. */
static bool is_two_toned(const bf_picture *p, bf_rect r)
{
    guint tones[256] = {0}, n = (guint)(r.w * r.h), seen = 0, in = 0;
    int low = 0, high = 255;
    for (int y = r.y; y < r.y + r.h; y++)
        for (int x = r.x; x < r.x + r.w; x++)
            tones[bf_luma(p, x, y)]++;
    while (low < 255 && (seen += tones[low]) * 10 < n)
        low++;
    for (seen = 0; high > 0 && (seen += tones[high]) * 10 < n;)
        high--;
    for (int i = 0; i < 256; i++)
        in += abs(i - low) <= (int)FLAT || abs(i - high) <= (int)FLAT ? tones[i] : 0;
    return high - low > 4 * (int)FLAT && in * 10 >= n * 9;
}

/* As dark as ink that was spread leaves it, with paper above and below, and without the edges of print: none at all, or, where it was drawn
 * out along the line, none across it. What is steep is told by the page's own print, since a pale smear has little contrast of its own.
 * What is flat in its middle is a bar. */
static bool is_smeared(const bf_picture *picture, bf_rect square, const usual_print *usual)
{
    softness s = soften(picture, square);
    float depth = depth_of(picture, square);
    bool soft = s.steepest < 0.15F * usual->steepness * usual->contrast && depth > MAX(0.4F * usual->depth, 8.0F);
    bool drawn_out = s.across < 0.15F * usual->across * usual->contrast && depth > MAX(0.7F * usual->depth, 12.0F);
    if (!soft && !drawn_out)
        return false;
    bf_rect middle = {square.x, square.y + square.h / 4, square.w, square.h / 2};
    return soften(picture, middle).contrast >= FLAT && !is_two_toned(picture, square) && is_on_paper(picture, square, usual) &&
           is_dark_throughout(picture, square, usual);
}

/* Walks along a lying line, and four heights beyond its ends, in pieces half as wide as the line's box is high: a stretch of soft but dark
 * ones as wide as a character and a half is a smear. */
static void walk_line(const bf_picture *picture, const bf_line *line, const usual_print *usual, GArray *places)
{
    bf_rect page = {0, 0, picture->width_px, picture->height_px}, b = bf_quad_bounds(&line->quad), run = {0};
    float tilt = fabsf(line->quad.y[1] - line->quad.y[0]);
    int side = b.h, step = MAX(side / 2, 1), end = b.x + b.w + 4 * side;
    if (line->vertical || side < 10 || tilt > (float)side)
        return;
    for (int x = b.x - 4 * side; x < end; x += step) {
        bf_rect piece = {x, b.y, step, side}, on_page = bf_rect_intersect(piece, page);
        bool smeared = on_page.w == step && on_page.h == side && is_smeared(picture, piece, usual);
        run = smeared ? bf_rect_union(run, piece) : run;
        if (smeared && x + step < end)
            continue;
        if (run.w >= 3 * step)
            add_place(places, run);
        run = (bf_rect){0};
    }
}

void bf_find_smeared(const bf_picture *picture, const GArray *lines, GArray *places)
{
    usual_print usual = usual_of(picture, lines);
    if (usual.steepness < 0.18F) /* a page that is soft everywhere has no smears */
        return;
    for (guint i = 0; i < lines->len; i++)
        if (!g_array_index(lines, bf_line, i).composed)
            walk_line(picture, &g_array_index(lines, bf_line, i), &usual, places);
}
