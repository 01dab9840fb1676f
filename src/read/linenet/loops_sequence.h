/* Loops over sequences of frames. */
#pragma once

enum { MODEL = HEADS * LANES };

static void add(const float *in, gsize n, float *sum)
{
    for (gsize i = 0; i < n; i += VECTOR)
        vec_store(sum + i, vec_load(sum + i) + vec_load(in + i));
}

static void norm(const float *in, int count, int channels, const float *gamma, const float *beta, float epsilon, float *out)
{
    int filled = (channels + LANES - 1) / LANES * LANES;
    for (int t = 0; t < count; t++, in += filled, out += filled) {
        const vec none = vec_of(0);
        vec sum = none, squares = none;
        for (int c = 0; c < channels; c += VECTOR)
            sum = sum + vec_first(channels - c, vec_load(in + c), none);
        vec mean = vec_of(vec_sum(sum) / (float)channels);
        for (int c = 0; c < channels; c += VECTOR) {
            vec d = vec_first(channels - c, vec_load(in + c) - mean, none);
            squares = vec_fma(d, d, squares);
        }
        vec factor = vec_of(1 / sqrtf(vec_sum(squares) / (float)channels + epsilon));
        for (int c = 0; c < filled; c += VECTOR) { /* what fills a row up comes out as gamma and beta have it */
            vec d = (vec_load(in + c) - mean) * factor;
            vec_store(out + c, vec_fma(d, vec_load(gamma + c), vec_load(beta + c)));
        }
    }
}

/* Keys with the frames side by side, and zeros behind them. */
static void lay_keys(const float *qkv, int count, int head, float *keys)
{
    gsize frames = net_filled_frames(count);
    for (int d = 0; d < HEAD; d++)
        for (gsize t = 0; t < frames; t++)
            keys[(gsize)d * frames + t] = t < (gsize)count ? qkv[t * 3 * MODEL + MODEL + (gsize)(head * LANES + d)] : 0;
}

/* Not yet divided by their sum, which is returned. */
static float weigh_frames(const float *query, const float *keys, int count, float *weights)
{
    const float scale = 1 / sqrtf((float)HEAD);
    gsize frames = net_filled_frames(count);
    const vec least = vec_of(-INFINITY), none = vec_of(0);
    vec top = least, sum = none;
    for (gsize t = 0; t < frames; t += VECTOR) {
        vec dot = vec_of(0);
#pragma GCC unroll 15
        for (int d = 0; d < HEAD; d++)
            dot = vec_fma(vec_of(query[d] * scale), vec_load(keys + (gsize)d * frames + t), dot);
        vec_store(weights + t, dot);
        top = vec_max(top, vec_first(count - (int)t, dot, least));
    }
    top = vec_of(vec_most(top));
    for (gsize t = 0; t < frames; t += VECTOR) {
        vec e = vec_first(count - (int)t, exp_of(vec_load(weights + t) - top), none);
        vec_store(weights + t, e);
        sum = sum + e;
    }
    return vec_sum(sum);
}

/* In four sums, so that they need not wait for each other. The number of frames is a multiple of four. */
static void mix_values(const float *values, const float *weights, int count, float factor, float *out)
{
    for (int c = 0; c < LANES; c += VECTOR) {
        vec sum[4] = {0};
        for (int t = 0; t < count; t += 4)
#pragma GCC unroll 4
            for (int i = 0; i < 4; i++)
                sum[i] = vec_fma(vec_of(weights[t + i]), vec_load(values + (gsize)(t + i) * 3 * MODEL + c), sum[i]);
        vec_store(out + c, ((sum[0] + sum[1]) + (sum[2] + sum[3])) * factor);
    }
}

static void attention(const float *qkv, int count, float *out, float *room)
{
    float *keys = room, *weights = room + net_filled_frames(count) * HEAD;
    for (int head = 0; head < HEADS; head++) {
        lay_keys(qkv, count, head, keys);
        for (int t = 0; t < count; t++) {
            float sum = weigh_frames(qkv + (gsize)t * 3 * MODEL + head * LANES, keys, count, weights);
            mix_values(qkv + 2 * MODEL + head * LANES, weights, count, 1 / sum, out + (gsize)t * MODEL + head * LANES);
        }
    }
}
