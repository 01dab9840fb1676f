/* Loops over a frame's classes. */
#pragma once

static float largest(const float *v, guint n)
{
    enum { CHAINS = 4 };
    vec best[CHAINS];
    guint i = 0;
    for (int k = 0; k < CHAINS; k++)
        best[k] = vec_of(v[n - 1]);
    for (; i + CHAINS * VECTOR <= n; i += CHAINS * VECTOR)
        for (int k = 0; k < CHAINS; k++)
            best[k] = vec_max(best[k], vec_load(v + i + k * VECTOR));
    for (; i + VECTOR <= n; i += VECTOR)
        best[0] = vec_max(best[0], vec_load(v + i));
    float most = vec_most(vec_max(vec_max(best[0], best[1]), vec_max(best[2], best[3])));
    for (; i < n; i++)
        most = MAX(most, v[i]);
    return most;
}

/* As exp_below_0 in recognise.c, step by step: both give the same to the bit. */
INLINE vec exp_below_0(vec x)
{
    vec t = vec_max(x, vec_of(-80)) * 1.44269504F;
    ivec exponent = ivec_truncated(t - 0.5F);
    vec y = (t - vec_of_integers(exponent)) * 0.693147181F, series = vec_of(1 / 120.0F);
    static const float FACTORS[] = {1 / 24.0F, 1 / 6.0F, 1 / 2.0F, 1, 1};
    for (gsize i = 0; i < G_N_ELEMENTS(FACTORS); i++)
        series = FACTORS[i] + y * series;
    return series * vec_power_of_2(exponent);
}

/* In LANES sums, however many a vector holds: as many as recognise.c keeps. */
static float sum_exp(const float *v, guint n, float top)
{
    enum { VECTORS = LANES / VECTOR };
    float lane[LANES], sum = 0;
    vec sums[VECTORS] = {0};
    guint i = 0;
    for (; i + LANES <= n; i += LANES)
        for (int k = 0; k < VECTORS; k++)
            sums[k] = sums[k] + exp_below_0(vec_load(v + i + k * VECTOR) - top);
    for (; i < n; i++)
        sum += exp_below_0(vec_of(v[i] - top))[0];
    for (int k = 0; k < VECTORS; k++)
        vec_store(lane + k * VECTOR, sums[k]);
    for (int k = 0; k < LANES; k++)
        sum += lane[k];
    return sum;
}
