/* Loops over pictures. */
#pragma once

/* One row of the kernel: each pixel is loaded once, and goes to all sums that it is a tap of. */
INLINE void add_taps(vec sum[UNIT], const void *in, gsize at, const net_depthwise *d, const float *weights, int side, int step, bool half)
{
    vec w[5];
#pragma GCC unroll 5
    for (int k = 0; k < side; k++)
        w[k] = vec_load(weights + k * LANES);
#pragma GCC unroll 24
    for (int i = 0; i < (UNIT - 1) * step + side; i++) {
        vec v = load(in, at + (gsize)i * (gsize)d->channels, half);
#pragma GCC unroll 5
        for (int k = 0; k < side; k++)
            if (i >= k && (i - k) % step == 0 && (i - k) / step < UNIT)
                sum[(i - k) / step] = vec_fma(v, w[k], sum[(i - k) / step]);
    }
}

INLINE void unit(const net_depthwise *d, const void *const *rows, float *out, int side, int step, bool half)
{
    gsize channels = (gsize)d->channels;
    for (gsize c = 0; c < channels; c += VECTOR) {
        vec sum[UNIT];
#pragma GCC unroll 8
        for (int i = 0; i < UNIT; i++)
            sum[i] = vec_load(d->bias + c);
        const float *weights = d->weights + c / LANES * LANES * (gsize)(side * side) + c % LANES;
        for (int ky = 0; ky < side; ky++)
            if (rows[ky] != NULL)
                add_taps(sum, rows[ky], c, d, weights + ky * side * LANES, side, step, half);
#pragma GCC unroll 8
        for (int i = 0; i < UNIT; i++) {
            vec v = sum[i];
            if (!d->linear)
                v = v * hard_sigmoid(v);
            vec_store(out + (gsize)i * channels + c, v);
        }
    }
}

static void unit_float(const net_depthwise *d, const void *const *rows, float *out)
{
    if (d->side == 5 && d->step == 1)
        unit(d, rows, out, 5, 1, false);
    else if (d->side == 5)
        unit(d, rows, out, 5, 2, false);
    else if (d->step == 1)
        unit(d, rows, out, 3, 1, false);
    else
        unit(d, rows, out, 3, 2, false);
}

static void unit_half(const net_depthwise *d, const void *const *rows, float *out)
{
    if (d->side == 5 && d->step == 1)
        unit(d, rows, out, 5, 1, true);
    else if (d->side == 5)
        unit(d, rows, out, 5, 2, true);
    else if (d->step == 1)
        unit(d, rows, out, 3, 1, true);
    else
        unit(d, rows, out, 3, 2, true);
}

static void depthwise_unit(const net_depthwise *d, const void *const *rows, float *out)
{
    if (d->half)
        unit_half(d, rows, out);
    else
        unit_float(d, rows, out);
}

static void stem_unit(const float *weights, const float *bias, const float *const *lines, float *out)
{
    for (int c = 0; c < LANES; c += VECTOR) {
        vec sum[UNIT];
#pragma GCC unroll 8
        for (int i = 0; i < UNIT; i++)
            sum[i] = vec_load(bias + c);
        for (int line = 0; line < 9; line++) /* row by row, plane by plane */
            for (int k = 0; k < 3; k++) {
                vec w = vec_load(weights + (line / 3 * 9 + k * 3 + line % 3) * LANES + c);
#pragma GCC unroll 8
                for (int i = 0; i < UNIT; i++)
                    sum[i] = vec_fma(w, vec_of(lines[line][2 * i + k]), sum[i]);
            }
#pragma GCC unroll 8
        for (int i = 0; i < UNIT; i++)
            vec_store(out + i * LANES + c, sum[i]);
    }
}

static void keep(const float *in, gsize n, bool half, void *out)
{
    for (gsize i = 0; i < n; i += VECTOR)
        store(out, i, half, vec_load(in + i));
}

static void widen(const void *in, gsize n, bool half, float *out)
{
    for (gsize i = 0; i < n; i += VECTOR)
        vec_store(out + i, load(in, i, half));
}

static void add_rows(const float *rows, int count, int channels, float *sums)
{
    for (int c = 0; c < channels; c += VECTOR) {
        vec sum = vec_load(sums + c);
        for (int i = 0; i < count; i++)
            sum = sum + vec_load(rows + (gsize)i * (gsize)channels + c);
        vec_store(sums + c, sum);
    }
}

static void gate_unit(const void *in, bool half, int channels, net_affine gain, const float *gate, float *out)
{
    vec a = vec_of(gain.factor), b = vec_of(gain.term);
    for (int c = 0; c < channels; c += VECTOR) {
        vec g = vec_load(gate + c), ag = a * g, bg = b * g;
        for (int i = 0; i < UNIT; i++) {
            gsize at = (gsize)i * (gsize)channels + (gsize)c;
            vec_store(out + at, vec_fma(load(in, at, half), ag, bg));
        }
    }
}

static void pool(const void *const *rows, bool half, int channels, net_affine first, float *out_first, net_affine second, float *out_second)
{
    for (int c = 0; c < channels; c += VECTOR) {
        vec sum = vec_of(0);
        for (int y = 0; y < 3; y++)
            sum = sum + (load(rows[y], (gsize)c, half) + load(rows[y], (gsize)(channels + c), half));
        vec mean = sum * (1 / 6.0F);
        vec_store(out_first + c, vec_fma(mean, vec_of(first.factor), vec_of(first.term)));
        vec_store(out_second + c, vec_fma(mean, vec_of(second.factor), vec_of(second.term)));
    }
}
