/* The loops of the engine (linenet): compiled for AVX-512, so that none may be called before bf_linenet_is_usable has said yes.
 *
 * Pictures are stored pixel by pixel with the channels of a pixel side by side, in floats of 32 or 16 bits (`half`: 11 bits of mantissa;
 * what is read anew for each tap of a kernel should be small). Every number of channels is a multiple of LANES. */
#pragma once
#include "read/linenet/linenet.h"

enum {
    LANES = 16,
    UNIT = 8,       /* pixels or frames that a kernel takes at once */
    TILE_ROWS = 64, /* pixels or frames that are multiplied with a matrix at once */
    HEADS = 8,      /* of the attention */
};

/* A matrix of k inputs x n outputs, packed for its kind. */
typedef struct {
    bf_linenet_kind kind;
    int k, n, words; /* words: of 32 bits, in a row of its left side */
    guint32 *packed;
    float *bias;
    float *scale, *sums; /* of integers, by output: what one is worth; the sum of the weights, as what they are worth */
} net_matrix;

/* Up to TILE_ROWS rows of the left side, packed for a kind. */
typedef struct {
    guint32 *words;
    int stride;                             /* words */
    float scale[TILE_ROWS], low[TILE_ROWS]; /* of integers: q * scale + low */
} net_rows;

/* How many vectors of outputs are multiplied together, when n of them are left: the order in which a matrix is packed. */
static inline int net_panel(int n)
{
    return n == 4 ? 2 : n >= 3 ? 3 : n;
}

typedef enum { NET_LINEAR, NET_HARD_SWISH, NET_SWISH, NET_RELU, NET_HARD_SIGMOID } net_activation;

/* Sixteen floats of a picture, from element i on. */
#ifdef __AVX512F__
#include <immintrin.h>
static inline __attribute__((always_inline)) __m512 net_load(const void *picture, gsize i, bool half)
{
    return half ? _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)(const void *)((const guint16 *)picture + i)))
                : _mm512_loadu_ps((const float *)picture + i);
}
static inline __attribute__((always_inline)) void net_store(void *picture, gsize i, bool half, __m512 v)
{
    const __m512 most = _mm512_set1_ps(65504); /* of a half */
    if (half) {
        v = _mm512_max_ps(_mm512_min_ps(v, most), _mm512_sub_ps(_mm512_setzero_ps(), most));
        _mm256_storeu_si256((__m256i *)(void *)((guint16 *)picture + i), _mm512_cvtps_ph(v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
    } else {
        _mm512_storeu_ps((float *)picture + i, v);
    }
}
/* exp(v), for v from -80 to 80: a power of two by the exponent, Taylor's series for the rest. */
static inline __attribute__((always_inline)) __m512 net_exp(__m512 v)
{
    __m512 t = _mm512_mul_ps(_mm512_max_ps(_mm512_min_ps(v, _mm512_set1_ps(80)), _mm512_set1_ps(-80)), _mm512_set1_ps(1.44269504F));
    __m512 whole = _mm512_roundscale_ps(t, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    __m512 y = _mm512_mul_ps(_mm512_sub_ps(t, whole), _mm512_set1_ps(0.693147181F)), e = _mm512_set1_ps(1 / 720.0F);
    static const float FACTORS[] = {1 / 120.0F, 1 / 24.0F, 1 / 6.0F, 1 / 2.0F, 1, 1};
    for (gsize i = 0; i < G_N_ELEMENTS(FACTORS); i++)
        e = _mm512_fmadd_ps(e, y, _mm512_set1_ps(FACTORS[i]));
    return _mm512_scalef_ps(e, whole);
}
#endif

/* Packs `count` rows of matrix->k floats, `stride` apart, as rows first .. */
void net_rows_set(net_rows *rows, const net_matrix *matrix, int first, int count, const float *source, gsize stride);
/* out[i] = activation(row i x matrix + bias) + after, for i < count; each out holds matrix->n floats, or halves. These are for HardSwish
 * only. Rows up to the next whole UNIT are read. */
typedef struct {
    net_activation activation;
    float after;
    bool half;
    void *out[TILE_ROWS];
} net_result;
void net_multiply(const net_matrix *matrix, const net_rows *rows, int count, const net_result *result);

/* Weights of a depthwise convolution: channels by channels of LANES, tap by tap. */
typedef struct {
    int channels, side, step; /* step: across */
    bool half;                /* the input */
    const float *weights, *bias;
} net_depthwise;
/* UNIT pixels beside each other, with HardSwish. rows[ky]: the first tap's first pixel in the rows that the kernel covers, NULL beyond
 * the picture. */
void net_depthwise_unit(const net_depthwise *d, const void *const *rows, float *out);
/* The first convolution, of UNIT pixels. lines: 9 lines (row by row, plane by plane) of floats, each from the first pixel's first tap.
 * weights: taps row by row, plane, column. */
void net_stem_unit(const float *weights, const float *bias, const float *const *lines, float *out);

/* Puts n floats into a picture. */
void net_keep(const float *in, gsize n, bool half, void *out);
void net_add_rows(const float *rows, int count, int channels, float *sums);
/* out = (in * gain.factor + gain.term) * gate[channel], for UNIT pixels. */
typedef struct {
    float factor, term;
} net_affine;
void net_gate_unit(const void *in, bool half, int channels, net_affine gain, const float *gate, float *out);
/* Means of 3 x 2 pixels: rows[0..2] from the first of two pixels on. factor, term: out_first = mean * first.factor + first.term and so on.
 */
void net_pool(const void *const *rows, bool half, int channels, net_affine first, float *out_first, net_affine second, float *out_second);

/* Of rows of LANES-filled channels. */
void net_norm(const float *in, int count, int channels, const float *gamma, const float *beta, float epsilon, float *out);
void net_add(const float *in, gsize n, float *sum);
/* Self-attention over `count` frames: qkv has a row of queries, keys and values (HEADS vectors each) for each; the room takes
 * net_attention_room(count) floats. */
gsize net_attention_room(int count);
void net_attention(const float *qkv, int count, float *out, float *room);
