#include "page/stamp.h"
#include "page/gray_stamp.h"
#include <math.h>

/* A pixel has a hue when its channels differ by this much and it is no shadow; a stamp is worth a look from this share of the page on. */
enum { CHROMA_LEAST = 45, BRIGHT_LEAST = 90, HUES = 36, STEP = 3 };
static const double WORTH_A_LOOK = 0.0003;
/* Hues this near are one ink. */
static const float SAME_INK_DEG = 28;
/* A channel in which the ink is this bright, as a share of paper, needs no help; and how much of another is taken off at most. */
static const float BRIGHT_ENOUGH = 0.75F, TAKEN_OFF_MOST = 0.6F;

/* -1: none */
static float hue_of(const uint8_t *p)
{
    int r = p[0], g = p[1], b = p[2], most = MAX(r, MAX(g, b)), least = MIN(r, MIN(g, b)), chroma = most - least;
    if (chroma < CHROMA_LEAST || most < BRIGHT_LEAST)
        return -1;
    float c = (float)chroma;
    float sector = most == r ? (float)(g - b) / c : most == g ? 2 + (float)(b - r) / c : 4 + (float)(r - g) / c;
    return sector < 0 ? 60 * sector + 360 : 60 * sector;
}

static float apart(float a, float b)
{
    float d = fabsf(a - b);
    return MIN(d, 360 - d);
}

static const uint8_t *pixel(const bf_picture *p, int x, int y)
{
    return p->data + ((gsize)y * (gsize)p->width_px + (gsize)x) * 3;
}

/* The brightness of each channel that a tenth of the picture exceeds: paper's, unless there is none. */
static void paper_of(const bf_picture *p, float paper[3])
{
    guint histogram[3][256] = {{0}}, n = 0;
    for (int y = 0; y < p->height_px; y += STEP)
        for (int x = 0; x < p->width_px; x += STEP, n++)
            for (int c = 0; c < 3; c++)
                histogram[c][pixel(p, x, y)[c]]++;
    for (int c = 0; c < 3; c++) {
        int level = 255;
        for (guint above = histogram[c][255]; level > 1 && above * 10 < n; above += histogram[c][level])
            level--;
        paper[c] = (float)level;
    }
}

/* The most frequent hue left, with its neighbours; takes it away. */
static guint take_peak(guint count[HUES], float *hue_deg)
{
    guint best = 0, most = 0, sum = 0;
    for (guint i = 0; i < HUES; i++) {
        guint beside = count[(i + HUES - 1) % HUES] + count[(i + 1) % HUES];
        if (2 * count[i] + beside > most) {
            most = 2 * count[i] + beside;
            sum = count[i] + beside;
            best = i;
        }
    }
    *hue_deg = ((float)best + 0.5F) * (360.0F / HUES);
    for (guint i = 0; i < HUES; i++)
        if (apart(((float)i + 0.5F) * (360.0F / HUES), *hue_deg) <= SAME_INK_DEG)
            count[i] = 0;
    return sum;
}

static void mean_colour(const bf_picture *p, bf_stamp_ink *ink)
{
    double sum[3] = {0}, n = 0;
    for (int y = 0; y < p->height_px; y += STEP)
        for (int x = 0; x < p->width_px; x += STEP) {
            const uint8_t *s = pixel(p, x, y);
            float hue = hue_of(s);
            if (hue < 0 || apart(hue, ink->hue_deg) > SAME_INK_DEG)
                continue;
            n++;
            for (int c = 0; c < 3; c++)
                sum[c] += s[c];
        }
    for (int c = 0; c < 3; c++)
        ink->rgb[c] = n > 0 ? (float)(sum[c] / n) : 255;
}

guint bf_stamp_inks(const bf_picture *p, bf_stamp_ink inks[BF_STAMP_INKS_MAX])
{
    guint count[HUES] = {0}, seen = 0, n = 0;
    if (p->channels != 3)
        return 0;
    for (int y = 0; y < p->height_px; y += STEP)
        for (int x = 0; x < p->width_px; x += STEP, seen++) {
            float hue = hue_of(pixel(p, x, y));
            if (hue >= 0)
                count[MIN((guint)(hue * HUES / 360), HUES - 1)]++;
        }
    while (n < BF_STAMP_INKS_MAX) {
        bf_stamp_ink ink = {0};
        if (take_peak(count, &ink.hue_deg) < WORTH_A_LOOK * seen)
            break;
        mean_colour(p, &ink);
        paper_of(p, ink.paper);
        inks[n++] = ink;
    }
    return n;
}

static bool has_ink(const bf_picture *p, const bf_stamp_ink *ink, int x, int y)
{
    if (ink->gray)
        return bf_gray_stamp_at(p, ink, x, y);
    float hue = hue_of(pixel(p, x, y));
    return hue >= 0 && apart(hue, ink->hue_deg) <= SAME_INK_DEG;
}

float bf_stamp_share(const bf_picture *p, const bf_stamp_ink *ink, bf_rect r)
{
    if (p->channels != 3 && !ink->gray)
        return 0;
    r = bf_rect_intersect(r, (bf_rect){0, 0, p->width_px, p->height_px});
    gsize found = 0, seen = 0;
    for (int y = r.y; y < r.y + r.h; y++)
        for (int x = r.x; x < r.x + r.w; x++, seen++)
            found += has_ink(p, ink, x, y);
    return seen > 0 ? (float)found / (float)seen : 0;
}

/* Pixels looked at in a row. */
static guint ink_in_row(const bf_picture *p, const bf_stamp_ink *ink, int y)
{
    guint n = 0;
    for (int x = 0; x < p->width_px; x += STEP)
        n += has_ink(p, ink, x, y);
    return n;
}

bf_rect bf_stamp_rows(const bf_picture *p, const bf_stamp_ink *ink)
{
    enum { SPECKS = 4 }; /* of those looked at, at either end */
    int top = 0, last = (p->height_px - 1) / STEP * STEP;
    if (p->channels != 3 && !ink->gray)
        return (bf_rect){0, 0, p->width_px, p->height_px};
    for (guint seen = 0; top < last && (seen += ink_in_row(p, ink, top)) <= SPECKS;)
        top += STEP;
    for (guint seen = 0; last > top && (seen += ink_in_row(p, ink, last)) <= SPECKS;)
        last -= STEP;
    return (bf_rect){0, top, p->width_px, MIN(last + STEP, p->height_px) - top};
}

bool bf_stamp_removed(const bf_picture *p, const bf_stamp_ink *ink, bf_picture **out, GError **error)
{
    int best = 0, worst = 0;
    if (ink->gray)
        return bf_gray_stamp_removed(p, ink, out, error);
    for (int c = 1; c < 3; c++) {
        best = ink->rgb[c] / ink->paper[c] > ink->rgb[best] / ink->paper[best] ? c : best;
        worst = ink->rgb[c] / ink->paper[c] < ink->rgb[worst] / ink->paper[worst] ? c : worst;
    }
    /* With t of the worst channel taken off the best one, ink and paper come out equally bright. */
    float missing = ink->paper[best] - ink->rgb[best], weak = ink->paper[worst] - ink->rgb[worst], t = 0;
    if (p->channels == 3 && ink->rgb[best] < BRIGHT_ENOUGH * ink->paper[best] && weak > 0)
        t = CLAMP(missing / weak, 0, TAKEN_OFF_MOST);
    float gain = ink->paper[best] / MAX(ink->paper[best] - t * ink->paper[worst], 1.0F);
    if (!bf_picture_new(p->width_px, p->height_px, 1, out, error))
        return false;
    for (gsize i = 0, n = (gsize)p->width_px * (gsize)p->height_px; i < n; i++) {
        const uint8_t *s = p->data + i * (gsize)p->channels;
        float v = p->channels == 1 ? s[0] : ((float)s[best] - t * (float)s[worst]) * gain;
        (*out)->data[i] = (uint8_t)CLAMP(v + 0.5F, 0.0F, 255.0F);
    }
    return true;
}
