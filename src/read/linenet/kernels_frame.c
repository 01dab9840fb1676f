/* Loops over a frame's classes. */
#include "read/linenet/kernels.h"

float bf_linenet_largest(const float *v, guint n)
{
    enum { CHAINS = 4 };
    __m512 best[CHAINS];
    guint i = 0;
    for (int k = 0; k < CHAINS; k++)
        best[k] = _mm512_set1_ps(v[n - 1]);
    for (; i + CHAINS * LANES <= n; i += CHAINS * LANES)
        for (int k = 0; k < CHAINS; k++)
            best[k] = _mm512_max_ps(best[k], _mm512_loadu_ps(v + i + k * LANES));
    for (; i + LANES <= n; i += LANES)
        best[0] = _mm512_max_ps(best[0], _mm512_loadu_ps(v + i));
    float largest = _mm512_reduce_max_ps(_mm512_max_ps(_mm512_max_ps(best[0], best[1]), _mm512_max_ps(best[2], best[3])));
    for (; i < n; i++)
        largest = MAX(largest, v[i]);
    return largest;
}

/* As exp_below_0 in recognise.c, step by step: both give the same to the bit. */
static inline __m512 exp_below_0(__m512 x)
{
    const __m512 one = _mm512_set1_ps(1);
    __m512 t = _mm512_mul_ps(_mm512_max_ps(x, _mm512_set1_ps(-80)), _mm512_set1_ps(1.44269504F));
    __m512i exponent = _mm512_cvttps_epi32(_mm512_sub_ps(t, _mm512_set1_ps(0.5F)));
    __m512 y = _mm512_mul_ps(_mm512_sub_ps(t, _mm512_cvtepi32_ps(exponent)), _mm512_set1_ps(0.693147181F)),
           series = _mm512_set1_ps(1 / 120.0F);
    static const float FACTORS[] = {1 / 24.0F, 1 / 6.0F, 1 / 2.0F, 1};
    for (gsize i = 0; i < G_N_ELEMENTS(FACTORS); i++)
        series = _mm512_add_ps(_mm512_set1_ps(FACTORS[i]), _mm512_mul_ps(y, series));
    series = _mm512_add_ps(one, _mm512_mul_ps(y, series));
    return _mm512_mul_ps(series, _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_add_epi32(exponent, _mm512_set1_epi32(127)), 23)));
}

float bf_linenet_sum_exp(const float *v, guint n, float top)
{
    float lane[LANES], sum = 0;
    __m512 sums = _mm512_setzero_ps(), most = _mm512_set1_ps(top);
    guint i = 0;
    for (; i + LANES <= n; i += LANES)
        sums = _mm512_add_ps(sums, exp_below_0(_mm512_sub_ps(_mm512_loadu_ps(v + i), most)));
    for (; i < n; i++)
        sum += _mm512_cvtss_f32(exp_below_0(_mm512_set1_ps(v[i] - top)));
    _mm512_storeu_ps(lane, sums);
    for (int k = 0; k < LANES; k++)
        sum += lane[k];
    return sum;
}
