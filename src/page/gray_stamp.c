#include "page/gray_stamp.h"
#include "page/ink.h"

/* A patch is even when brightness differs by no more than EVEN within REACH px of its middle: print of usual size has strokes as thin as
 * that or hardly wider, seals are drawn with broader ones. */
enum { REACH = 2, EVEN = 36, STEP = 3, SAME = 20 };
/* Brightness by which the stamp must differ from print, and from paper: grain and blur make up less. */
enum { LIGHTER = 28, DARKER = 50 };
/* A stamp has no less than so much of the even patches of the one that has most. */
enum { OF_THE_MOST = 5 };
/* Of the picture's pixels: what is worth a look; what is too much for a stamp, and a picture; what print has at least in its even patches,
 * or in its darkest pixels. */
static const double WORTH_A_LOOK = 0.0003, TOO_MUCH = 0.04, DARKEST = 0.002;
/* From print to stamp, how far print may reach: the rest becomes paper. */
static const float OF_PRINT = 0.7F;

/* The brightness of an even patch; -1: it is not even, or lies at the edge. */
static int patch_at(const bf_picture *p, int x, int y)
{
    static const int DX[] = {-REACH, REACH, 0, 0, -1, 1, -1, 1}, DY[] = {0, 0, -REACH, REACH, -1, -1, 1, 1};
    if (x < REACH || y < REACH || x >= p->width_px - REACH || y >= p->height_px - REACH)
        return -1;
    int middle = bf_luma(p, x, y), least = middle, most = middle, sum = middle;
    for (gsize i = 0; i < G_N_ELEMENTS(DX); i++) {
        int v = bf_luma(p, x + DX[i], y + DY[i]);
        least = MIN(least, v);
        most = MAX(most, v);
        sum += v;
        if (most - least > EVEN)
            return -1;
    }
    return sum / (int)(G_N_ELEMENTS(DX) + 1);
}

static int level_of(const guint histogram[256], guint n)
{
    guint below = 0;
    int level = 0;
    while (level < 255 && (below += histogram[level]) < n)
        level++;
    return level;
}

bool bf_gray_stamp_ink(const bf_picture *p, bf_stamp_ink *ink)
{
    guint all[256] = {0}, even[256] = {0}, n = 0;
    if (!bf_is_colourless(p))
        return false;
    for (int y = 0; y < p->height_px; y += STEP)
        for (int x = 0; x < p->width_px; x += STEP, n++) {
            all[bf_luma(p, x, y)]++;
            int v = patch_at(p, x, y);
            if (v >= 0)
                even[v]++;
        }
    int print = level_of(all, (guint)(DARKEST * n)), paper = level_of(all, n - n / 10), best = -1;
    guint about[256] = {0}, most = 0, patches = 0;
    for (int v = print + LIGHTER; v + DARKER <= paper; v++) {
        patches += even[v];
        for (int k = MAX(v - SAME / 2, 0); k <= MIN(v + SAME / 2, 255); k++)
            about[v] += even[k];
        most = MAX(most, about[v]);
    }
    /* Of several stamps the darkest: what takes its ink away takes that of lighter ones as well. */
    for (int v = print + LIGHTER; v + DARKER <= paper && (best < 0 || about[v] > about[best]); v++)
        if (best >= 0 || about[v] * OF_THE_MOST >= most)
            best = v;
    if (best < 0 || most < WORTH_A_LOOK * n || patches > TOO_MUCH * n)
        return false;
    float v = (float)best, white = (float)paper;
    *ink = (bf_stamp_ink){.rgb = {v, v, v}, .paper = {white, white, white}, .gray = true, .print = (float)print};
    return true;
}

bool bf_gray_stamp_at(const bf_picture *p, const bf_stamp_ink *ink, int x, int y)
{
    int v = patch_at(p, x, y);
    return v >= (int)ink->rgb[0] - SAME && v + DARKER <= (int)ink->paper[0];
}

bool bf_gray_stamp_removed(const bf_picture *p, const bf_stamp_ink *ink, bf_picture **out, GError **error)
{
    if (!bf_picture_new(p->width_px, p->height_px, 1, out, error))
        return false;
    float from = ink->print, to = from + OF_PRINT * (ink->rgb[0] - from);
    uint8_t brightness[256];
    for (int v = 0; v < 256; v++)
        brightness[v] = (uint8_t)CLAMP(((float)v - from) / MAX(to - from, 1.0F) * ink->paper[0], 0.0F, ink->paper[0]);
    for (int y = 0; y < p->height_px; y++) {
        uint8_t *row = (*out)->data + (gsize)y * (gsize)p->width_px;
        bf_luma_row(p, y, row);
        for (int x = 0; x < p->width_px; x++)
            row[x] = brightness[row[x]];
    }
    return true;
}
