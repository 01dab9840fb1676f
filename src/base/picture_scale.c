#include "base/clones.h"
#include "blindfold/picture.h"

#include <math.h>
#include <string.h>

/* Resampling is done one axis after the other, rows first. Each new row or column is a weighted sum of a few old neighbours (its
 * taps); all weights are fixed point and add up to exactly ONE, so a flat area keeps its value to the bit.
 * The first pass works on whole rows with loops that compilers turn into vector instructions; its sums are kept with 8 bits below
 * the sample, so that rounding happens once. */
#define ONE_BITS 15
#define ONE (1u << ONE_BITS)

typedef struct {
    int n_out;
    int *first;       /* [n_out] the first tap of each */
    int *start;       /* [n_out + 1] where its weights start */
    uint16_t *weight; /* [start[n_out]] */
} taps;

static void taps_clear(taps *t)
{
    g_free(t->first);
    g_free(t->start);
    g_free(t->weight);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(taps, taps_clear)

/* Rounds one entry's weights, which add up to about 1, so that they add up to ONE: the rest goes from each to the next. */
static void quantise(const double *exact, int n, uint16_t *weight)
{
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += exact[i];
    double done = 0;
    uint32_t given = 0;
    for (int i = 0; i < n; i++) {
        done += exact[i] / sum;
        uint32_t upto = i == n - 1 ? ONE : (uint32_t)lround(fmin(done, 1.0) * ONE);
        weight[i] = (uint16_t)(upto - given);
        given = upto;
    }
}

/* How much of the old pixels [first, first + n) lies below new pixel i. */
static int area_taps(int n_in, int n_out, int i, int *first, double *exact)
{
    double from = (double)i * n_in / n_out, to = (double)(i + 1) * n_in / n_out;
    int a = (int)floor(from), b = MIN((int)ceil(to), n_in);
    for (int k = a; k < b; k++)
        exact[k - a] = fmax(fmin(to, k + 1.0) - fmax(from, k), 0.0);
    *first = a;
    return b - a;
}

/* Between the centres of two old pixels; at the edge the last one alone. */
static int bilinear_taps(int n_in, int n_out, int i, int *first, double *exact)
{
    double centre = (i + 0.5) * n_in / n_out - 0.5;
    double from = CLAMP(centre, 0.0, n_in - 1.0);
    int a = MIN((int)floor(from), MAX(n_in - 2, 0));
    *first = a;
    if (n_in == 1) {
        exact[0] = 1;
        return 1;
    }
    exact[0] = 1 - (from - a);
    exact[1] = from - a;
    return 2;
}

static void taps_init(taps *t, int n_in, int n_out)
{
    int most = n_in / n_out + 3; /* old pixels below one new one */
    *t = (taps){n_out, g_new(int, n_out), g_new(int, n_out + 1), g_new(uint16_t, (size_t)n_out * most)};
    g_autofree double *exact = g_new(double, most);
    t->start[0] = 0;
    for (int i = 0; i < n_out; i++) {
        int n = n_out < n_in ? area_taps(n_in, n_out, i, &t->first[i], exact) : bilinear_taps(n_in, n_out, i, &t->first[i], exact);
        quantise(exact, n, t->weight + t->start[i]);
        t->start[i + 1] = t->start[i] + n;
    }
}

static inline void add_row(uint32_t *restrict sum, const uint8_t *restrict row, uint16_t weight, int n)
{
    for (int i = 0; i < n; i++)
        sum[i] += (uint32_t)((uint16_t)row[i] * (uint32_t)weight);
}

/* One new row, still as wide as the old picture, in 1/256 of a sample. */
BF_CLONES static void mix_rows(const bf_picture *in, const taps *t, int y, uint32_t *restrict sum, uint16_t *restrict mixed)
{
    int n = in->width_px * in->channels;
    memset(sum, 0, n * sizeof *sum);
    for (int k = t->start[y]; k < t->start[y + 1]; k++)
        add_row(sum, in->data + (size_t)(t->first[y] + k - t->start[y]) * n, t->weight[k], n);
    for (int i = 0; i < n; i++)
        mixed[i] = (uint16_t)(sum[i] >> (ONE_BITS - 8));
}

static inline void mix_columns(const uint16_t *mixed, const taps *t, uint8_t *out, int channels)
{
    for (int x = 0; x < t->n_out; x++) {
        const uint16_t *from = mixed + (size_t)t->first[x] * channels, *weight = t->weight + t->start[x];
        uint32_t sum[3] = {0};
        int n = t->start[x + 1] - t->start[x];
        for (int k = 0; k < n; k++)
            for (int c = 0; c < channels; c++)
                sum[c] += (uint32_t)weight[k] * from[k * channels + c];
        for (int c = 0; c < channels; c++)
            out[x * channels + c] = (uint8_t)((sum[c] + (1u << (ONE_BITS + 7))) >> (ONE_BITS + 8));
    }
}

bool bf_picture_scale(const bf_picture *in, int width_px, int height_px, bf_picture **out, GError **error)
{
    g_autoptr(bf_picture) made = NULL;
    if (!bf_picture_new(width_px, height_px, in->channels, &made, error))
        return false;
    int n = in->width_px * in->channels;
    g_autofree uint32_t *sum = g_new(uint32_t, n);
    g_autofree uint16_t *mixed = g_new(uint16_t, n);
    g_auto(taps) across = {0}, down = {0};
    taps_init(&across, in->width_px, width_px);
    taps_init(&down, in->height_px, height_px);
    for (int y = 0; y < height_px; y++) {
        uint8_t *row = made->data + (size_t)y * width_px * in->channels;
        mix_rows(in, &down, y, sum, mixed);
        if (in->channels == 3)
            mix_columns(mixed, &across, row, 3);
        else
            mix_columns(mixed, &across, row, 1);
    }
    *out = g_steal_pointer(&made);
    return true;
}
