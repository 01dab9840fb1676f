#include "page/bend.h"
#include <math.h>
#include <string.h>

enum { LEAST_LINES = 3, ROUNDS = 3 };
/* A line whose middle is off by more than this share of its height says something else. */
static const double AGREES = 0.35;
/* A bend that takes no line further than this share of its height from a straight one is none: all the page does by itself is stand askew,
 * and laid flat it would show the same once more. Half of what makes a line a bent one in components.c. */
static const double STRAIGHT = 0.07;

static void terms_at(double x, double y, double t[BF_BEND_TERMS])
{
    for (int k = 0; k < 3; k++) {
        t[k] = k == 0 ? x : t[k - 1] * x;
        t[3 + k] = t[k] * y;
    }
}

/* Gauss elimination with pivots. False: singular. */
static bool solve(double a[BF_BEND_TERMS][BF_BEND_TERMS + 1], double out[BF_BEND_TERMS])
{
    enum { N = BF_BEND_TERMS };
    for (int i = 0; i < N; i++) {
        int best = i;
        for (int r = i + 1; r < N; r++)
            best = fabs(a[r][i]) > fabs(a[best][i]) ? r : best;
        if (fabs(a[best][i]) < 1e-12)
            return false;
        for (int c = 0; c <= N; c++) {
            double swap = a[i][c];
            a[i][c] = a[best][c];
            a[best][c] = swap;
        }
        for (int r = 0; r < N; r++) {
            double by = r != i ? a[r][i] / a[i][i] : 0;
            for (int c = i; c <= N && by != 0; c++)
                a[r][c] -= by * a[i][c];
        }
    }
    for (int i = 0; i < N; i++)
        out[i] = a[i][N] / a[i][i];
    return true;
}

/* A line's knots without its own height on the page: terms and offsets less their means. */
static void centred(const bf_line *l, const bf_bend *b, double t[BF_LINE_KNOTS][BF_BEND_TERMS], double dy[BF_LINE_KNOTS])
{
    double mean_y = 0, mean[BF_BEND_TERMS] = {0};
    for (int k = 0; k < BF_LINE_KNOTS; k++)
        mean_y += (double)l->middle_y[k] / BF_LINE_KNOTS;
    for (int k = 0; k < BF_LINE_KNOTS; k++) {
        terms_at(2 * (double)(l->middle_x[k] / b->width_px) - 1, 2 * mean_y / (double)b->height_px - 1, t[k]);
        for (int i = 0; i < BF_BEND_TERMS; i++)
            mean[i] += t[k][i] / BF_LINE_KNOTS;
    }
    for (int k = 0; k < BF_LINE_KNOTS; k++) {
        dy[k] = (double)l->middle_y[k] - mean_y;
        for (int i = 0; i < BF_BEND_TERMS; i++)
            t[k][i] -= mean[i];
    }
}

static double height_of(const bf_line *l)
{
    return (double)hypotf(l->quad.x[3] - l->quad.x[0], l->quad.y[3] - l->quad.y[0]);
}

static bool agrees(const bf_line *l, const bf_bend *b)
{
    double t[BF_LINE_KNOTS][BF_BEND_TERMS], dy[BF_LINE_KNOTS], worst = 0;
    centred(l, b, t, dy);
    for (int k = 0; k < BF_LINE_KNOTS; k++) {
        double at = 0;
        for (int i = 0; i < BF_BEND_TERMS; i++)
            at += b->term[i] * t[k][i];
        worst = MAX(worst, fabs(at - dy[k]));
    }
    return worst < AGREES * height_of(l);
}

/* Where the fit has the line's middle, does it leave the straight way between the ends? A bent line alone proves no bend: short ones look
 * bent by the shapes of their first and last characters. */
static bool bends(const bf_line *l, const bf_bend *b)
{
    double t[BF_LINE_KNOTS][BF_BEND_TERMS], dy[BF_LINE_KNOTS], at[BF_LINE_KNOTS] = {0}, most = 0;
    centred(l, b, t, dy);
    for (int k = 0; k < BF_LINE_KNOTS; k++)
        for (int i = 0; i < BF_BEND_TERMS; i++)
            at[k] += b->term[i] * t[k][i];
    for (int k = 1; k + 1 < BF_LINE_KNOTS; k++) {
        double share = (double)k / (BF_LINE_KNOTS - 1);
        most = MAX(most, fabs(at[k] - at[0] - share * (at[BF_LINE_KNOTS - 1] - at[0])));
    }
    return most >= STRAIGHT * height_of(l);
}

static guint fit(const GArray *lines, bool all, bf_bend *b)
{
    /* What nothing speaks for stays small. */
    static const double RIDGE = 1e-3;
    double a[BF_BEND_TERMS][BF_BEND_TERMS + 1] = {{0}};
    guint n = 0;
    for (guint i = 0; i < lines->len; i++) {
        const bf_line *l = &g_array_index(lines, bf_line, i);
        double t[BF_LINE_KNOTS][BF_BEND_TERMS], dy[BF_LINE_KNOTS];
        if (!l->has_middle || l->composed || (!all && !agrees(l, b)))
            continue;
        n++;
        centred(l, b, t, dy);
        for (int k = 0; k < BF_LINE_KNOTS; k++)
            for (int r = 0; r < BF_BEND_TERMS; r++) {
                for (int c = 0; c < BF_BEND_TERMS; c++)
                    a[r][c] += t[k][r] * t[k][c];
                a[r][BF_BEND_TERMS] += t[k][r] * dy[k];
            }
    }
    for (int r = 0; r < BF_BEND_TERMS; r++)
        a[r][r] += RIDGE;
    return n >= LEAST_LINES && solve(a, b->term) ? n : 0;
}

bool bf_bend_fit(const GArray *lines, int width_px, int height_px, bf_bend *out)
{
    *out = (bf_bend){.width_px = (float)width_px, .height_px = (float)height_px};
    for (int round = 0; round < ROUNDS; round++) {
        bf_bend next = *out;
        if (fit(lines, round == 0, &next) == 0)
            break;
        *out = next;
    }
    bool bent = false, curved = false;
    for (guint i = 0; i < lines->len; i++) {
        const bf_line *l = &g_array_index(lines, bf_line, i);
        if (!l->has_middle || l->composed || !agrees(l, out))
            continue;
        bent = bent || l->bent;
        curved = curved || bends(l, out);
    }
    return bent && curved;
}

void bf_bend_point(const bf_bend *b, float x, float y, float *on_x, float *on_y)
{
    double t[BF_BEND_TERMS], d = 0;
    terms_at(2 * (double)(x / b->width_px) - 1, 2 * (double)(y / b->height_px) - 1, t);
    for (int i = 0; i < BF_BEND_TERMS; i++)
        d += b->term[i] * t[i];
    *on_x = x;
    *on_y = y + (float)d;
}

bf_quad bf_bend_quad(const bf_bend *b, const bf_quad *flat)
{
    bf_quad q;
    for (int i = 0; i < 4; i++)
        bf_bend_point(b, flat->x[i], flat->y[i], &q.x[i], &q.y[i]);
    return q;
}

bool bf_bend_flatten(const bf_bend *b, const bf_picture *picture, bf_picture **out, GError **error)
{
    int w = picture->width_px, h = picture->height_px, channels = picture->channels;
    gsize stride = (gsize)w * (gsize)channels;
    /* Along a column D is a straight line in y. */
    g_autofree float *first = g_new(float, w), *step = g_new(float, w);
    if (!bf_picture_new(w, h, channels, out, error))
        return false;
    for (int x = 0; x < w; x++) {
        float none, last;
        bf_bend_point(b, (float)x + 0.5F, 0, &none, &first[x]);
        bf_bend_point(b, (float)x + 0.5F, (float)h, &none, &last);
        step[x] = (last - first[x]) / (float)h;
    }
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++) {
            float at = CLAMP(first[x] + step[x] * ((float)y + 0.5F) - 0.5F, 0.0F, (float)(h - 1));
            int y0 = MIN((int)at, MAX(h - 2, 0)), y1 = MIN(y0 + 1, h - 1);
            float part = at - (float)y0;
            const uint8_t *p = picture->data + (gsize)y0 * stride + (gsize)(x * channels);
            const uint8_t *q = picture->data + (gsize)y1 * stride + (gsize)(x * channels);
            uint8_t *o = (*out)->data + (gsize)y * stride + (gsize)(x * channels);
            for (int c = 0; c < channels; c++)
                o[c] = (uint8_t)((float)p[c] + part * ((float)q[c] - (float)p[c]) + 0.5F);
        }
    return true;
}
