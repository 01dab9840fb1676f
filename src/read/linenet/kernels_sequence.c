#include "read/linenet/kernels.h"
#include <math.h>

#define INLINE static inline __attribute__((always_inline))
enum { HEAD = 15, MODEL = HEADS * LANES };

void net_add(const float *in, gsize n, float *sum)
{
    for (gsize i = 0; i < n; i += LANES)
        _mm512_storeu_ps(sum + i, _mm512_add_ps(_mm512_loadu_ps(sum + i), _mm512_loadu_ps(in + i)));
}

/* The lanes of a row's vector that hold channels. */
INLINE __mmask16 lanes(int channels, int at)
{
    int left = channels - at;
    return (__mmask16)(left >= LANES ? 0xFFFF : (1 << left) - 1);
}

void net_norm(const float *in, int count, int channels, const float *gamma, const float *beta, float epsilon, float *out)
{
    int filled = (channels + LANES - 1) / LANES * LANES;
    for (int t = 0; t < count; t++, in += filled, out += filled) {
        __m512 sum = _mm512_setzero_ps(), squares = sum;
        for (int c = 0; c < channels; c += LANES)
            sum = _mm512_add_ps(sum, _mm512_maskz_loadu_ps(lanes(channels, c), in + c));
        __m512 mean = _mm512_set1_ps(_mm512_reduce_add_ps(sum) / (float)channels);
        for (int c = 0; c < channels; c += LANES) {
            __m512 d = _mm512_maskz_sub_ps(lanes(channels, c), _mm512_loadu_ps(in + c), mean);
            squares = _mm512_fmadd_ps(d, d, squares);
        }
        __m512 factor = _mm512_set1_ps(1 / sqrtf(_mm512_reduce_add_ps(squares) / (float)channels + epsilon));
        for (int c = 0; c < channels; c += LANES) {
            __m512 d = _mm512_mul_ps(_mm512_sub_ps(_mm512_loadu_ps(in + c), mean), factor);
            _mm512_storeu_ps(out + c, _mm512_fmadd_ps(d, _mm512_loadu_ps(gamma + c), _mm512_loadu_ps(beta + c)));
        }
    }
}

static gsize filled_frames(int count)
{
    return ((gsize)count + LANES - 1) / LANES * LANES;
}

gsize net_attention_room(int count)
{
    return filled_frames(count) * (HEAD + 1);
}

/* Keys with the frames side by side, and zeros behind them. */
static void lay_keys(const float *qkv, int count, int head, float *keys)
{
    gsize frames = filled_frames(count);
    for (int d = 0; d < HEAD; d++)
        for (gsize t = 0; t < frames; t++)
            keys[(gsize)d * frames + t] = t < (gsize)count ? qkv[t * 3 * MODEL + MODEL + (gsize)(head * LANES + d)] : 0;
}

/* Not yet divided by their sum, which is returned. */
static float weigh_frames(const float *query, const float *keys, int count, float *weights)
{
    const float scale = 1 / sqrtf((float)HEAD);
    gsize frames = filled_frames(count);
    __m512 top = _mm512_set1_ps(-INFINITY), sum = _mm512_setzero_ps();
    for (gsize t = 0; t < frames; t += LANES) {
        __m512 dot = _mm512_setzero_ps();
#pragma GCC unroll 15
        for (int d = 0; d < HEAD; d++)
            dot = _mm512_fmadd_ps(_mm512_set1_ps(query[d] * scale), _mm512_loadu_ps(keys + (gsize)d * frames + t), dot);
        _mm512_storeu_ps(weights + t, dot);
        top = _mm512_mask_max_ps(top, lanes(count, (int)t), top, dot);
    }
    top = _mm512_set1_ps(_mm512_reduce_max_ps(top));
    for (gsize t = 0; t < frames; t += LANES) {
        __m512 e = _mm512_maskz_mov_ps(lanes(count, (int)t), net_exp(_mm512_sub_ps(_mm512_loadu_ps(weights + t), top)));
        _mm512_storeu_ps(weights + t, e);
        sum = _mm512_add_ps(sum, e);
    }
    return _mm512_reduce_add_ps(sum);
}

/* In four sums, so that they need not wait for each other. The number of frames is a multiple of four. */
static void mix_values(const float *values, const float *weights, int count, float factor, float *out)
{
    __m512 sum[4] = {_mm512_setzero_ps(), _mm512_setzero_ps(), _mm512_setzero_ps(), _mm512_setzero_ps()};
    for (int t = 0; t < count; t += 4)
#pragma GCC unroll 4
        for (int i = 0; i < 4; i++)
            sum[i] = _mm512_fmadd_ps(_mm512_set1_ps(weights[t + i]), _mm512_loadu_ps(values + (gsize)(t + i) * 3 * MODEL), sum[i]);
    __m512 all = _mm512_add_ps(_mm512_add_ps(sum[0], sum[1]), _mm512_add_ps(sum[2], sum[3]));
    _mm512_storeu_ps(out, _mm512_mul_ps(all, _mm512_set1_ps(factor)));
}

void net_attention(const float *qkv, int count, float *out, float *room)
{
    float *keys = room, *weights = room + filled_frames(count) * HEAD;
    for (int head = 0; head < HEADS; head++) {
        lay_keys(qkv, count, head, keys);
        for (int t = 0; t < count; t++) {
            float sum = weigh_frames(qkv + (gsize)t * 3 * MODEL + head * LANES, keys, count, weights);
            mix_values(qkv + 2 * MODEL + head * LANES, weights, count, 1 / sum, out + (gsize)t * MODEL + head * LANES);
        }
    }
}
