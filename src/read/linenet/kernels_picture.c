#include "read/linenet/kernels.h"

#define INLINE static inline __attribute__((always_inline))

INLINE __m512 hard_swish(__m512 v)
{
    __m512 s = _mm512_fmadd_ps(v, _mm512_set1_ps(1 / 6.0F), _mm512_set1_ps(0.5F));
    return _mm512_mul_ps(v, _mm512_min_ps(_mm512_max_ps(s, _mm512_setzero_ps()), _mm512_set1_ps(1)));
}

/* One row of the kernel: each pixel is loaded once, and goes to all sums that it is a tap of. */
INLINE void add_taps(__m512 sum[UNIT], const void *in, gsize at, const net_depthwise *d, const float *weights, int side, int step,
                     bool half)
{
    __m512 w[5];
#pragma GCC unroll 5
    for (int k = 0; k < side; k++)
        w[k] = _mm512_loadu_ps(weights + k * LANES);
#pragma GCC unroll 24
    for (int i = 0; i < (UNIT - 1) * step + side; i++) {
        __m512 v = net_load(in, at + (gsize)i * (gsize)d->channels, half);
#pragma GCC unroll 5
        for (int k = 0; k < side; k++)
            if (i >= k && (i - k) % step == 0 && (i - k) / step < UNIT)
                sum[(i - k) / step] = _mm512_fmadd_ps(v, w[k], sum[(i - k) / step]);
    }
}

INLINE void unit(const net_depthwise *d, const void *const *rows, float *out, int side, int step, bool half)
{
    gsize channels = (gsize)d->channels;
    for (gsize c = 0; c < channels; c += LANES) {
        __m512 sum[UNIT];
#pragma GCC unroll 8
        for (int i = 0; i < UNIT; i++)
            sum[i] = _mm512_loadu_ps(d->bias + c);
        const float *weights = d->weights + c * (gsize)(side * side);
        for (int ky = 0; ky < side; ky++)
            if (rows[ky] != NULL)
                add_taps(sum, rows[ky], c, d, weights + ky * side * LANES, side, step, half);
#pragma GCC unroll 8
        for (int i = 0; i < UNIT; i++)
            _mm512_storeu_ps(out + (gsize)i * channels + c, hard_swish(sum[i]));
    }
}

static void unit_float(const net_depthwise *d, const void *const *rows, float *out)
{
    if (d->side == 5)
        unit(d, rows, out, 5, 1, false);
    else if (d->step == 1)
        unit(d, rows, out, 3, 1, false);
    else
        unit(d, rows, out, 3, 2, false);
}

static void unit_half(const net_depthwise *d, const void *const *rows, float *out)
{
    if (d->side == 5)
        unit(d, rows, out, 5, 1, true);
    else if (d->step == 1)
        unit(d, rows, out, 3, 1, true);
    else
        unit(d, rows, out, 3, 2, true);
}

void net_depthwise_unit(const net_depthwise *d, const void *const *rows, float *out)
{
    if (d->half)
        unit_half(d, rows, out);
    else
        unit_float(d, rows, out);
}

void net_stem_unit(const float *weights, const float *bias, const float *const *lines, float *out)
{
    __m512 sum[UNIT];
#pragma GCC unroll 8
    for (int i = 0; i < UNIT; i++)
        sum[i] = _mm512_loadu_ps(bias);
    for (int line = 0; line < 9; line++) /* row by row, plane by plane */
        for (int k = 0; k < 3; k++) {
            __m512 w = _mm512_loadu_ps(weights + (line / 3 * 9 + k * 3 + line % 3) * LANES);
#pragma GCC unroll 8
            for (int i = 0; i < UNIT; i++)
                sum[i] = _mm512_fmadd_ps(w, _mm512_set1_ps(lines[line][2 * i + k]), sum[i]);
        }
#pragma GCC unroll 8
    for (int i = 0; i < UNIT; i++)
        _mm512_storeu_ps(out + i * LANES, sum[i]);
}

void net_keep(const float *in, gsize n, bool half, void *out)
{
    for (gsize i = 0; i < n; i += LANES)
        net_store(out, i, half, _mm512_loadu_ps(in + i));
}

void net_add_rows(const float *rows, int count, int channels, float *sums)
{
    for (int c = 0; c < channels; c += LANES) {
        __m512 sum = _mm512_loadu_ps(sums + c);
        for (int i = 0; i < count; i++)
            sum = _mm512_add_ps(sum, _mm512_loadu_ps(rows + (gsize)i * (gsize)channels + c));
        _mm512_storeu_ps(sums + c, sum);
    }
}

void net_gate_unit(const void *in, bool half, int channels, net_affine gain, const float *gate, float *out)
{
    __m512 a = _mm512_set1_ps(gain.factor), b = _mm512_set1_ps(gain.term);
    for (int c = 0; c < channels; c += LANES) {
        __m512 g = _mm512_loadu_ps(gate + c), ag = _mm512_mul_ps(a, g), bg = _mm512_mul_ps(b, g);
        for (int i = 0; i < UNIT; i++) {
            gsize at = (gsize)i * (gsize)channels + (gsize)c;
            _mm512_storeu_ps(out + at, _mm512_fmadd_ps(net_load(in, at, half), ag, bg));
        }
    }
}

void net_pool(const void *const *rows, bool half, int channels, net_affine first, float *out_first, net_affine second, float *out_second)
{
    for (int c = 0; c < channels; c += LANES) {
        __m512 sum = _mm512_setzero_ps();
        for (int y = 0; y < 3; y++)
            sum = _mm512_add_ps(sum, _mm512_add_ps(net_load(rows[y], (gsize)c, half), net_load(rows[y], (gsize)(channels + c), half)));
        __m512 mean = _mm512_mul_ps(sum, _mm512_set1_ps(1 / 6.0F));
        _mm512_storeu_ps(out_first + c, _mm512_fmadd_ps(mean, _mm512_set1_ps(first.factor), _mm512_set1_ps(first.term)));
        _mm512_storeu_ps(out_second + c, _mm512_fmadd_ps(mean, _mm512_set1_ps(second.factor), _mm512_set1_ps(second.term)));
    }
}
