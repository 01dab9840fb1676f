/* The loops of the engine (linenet), as a table: loops.c is compiled once for each set of instructions.
 *
 * Pictures are stored pixel by pixel with the channels of a pixel side by side, in floats of 32 or 16 bits (`half`: 11 bits of mantissa;
 * what is read anew for each tap of a kernel should be small). Every number of channels is a multiple of LANES. */
#pragma once
#include "read/linenet/linenet.h"

enum {
    LANES = 16,     /* whole vectors of every set */
    UNIT = 8,       /* pixels or frames that a kernel takes at once */
    TILE_ROWS = 64, /* pixels or frames that are multiplied with a matrix at once */
    HEADS = 8,      /* of the attention */
    HEAD = 15,      /* channels of each */
};

/* A matrix of k inputs x n outputs, packed for its kind. */
typedef struct {
    bf_linenet_kind kind;
    int k, n, words; /* words: of 32 bits, in a row of its left side */
    guint32 *packed;
    float *bias;
    float *scale, *sums; /* of whole numbers, by output: what one is worth; the sum of the weights, as what they are worth */
} net_matrix;

/* Up to TILE_ROWS rows of the left side, packed for a kind. */
typedef struct {
    guint32 *words;
    int stride;                             /* words */
    float scale[TILE_ROWS], low[TILE_ROWS]; /* of whole numbers: q * scale + low */
} net_rows;

/* From the least to the most of a row: 8 bits, or 13, which leave the weights 10 bits or more, and mostly 13 (step_of in pack.c). */
enum { NET_INTEGER_STEPS = 255, NET_SHORT_STEPS = 8191 };

static inline bool net_is_whole(bf_linenet_kind kind)
{
    return kind == BF_LINENET_SHORT || kind == BF_LINENET_INTEGER;
}

/* How many vectors of outputs are multiplied together, when n of them are left: the order in which a matrix is packed. */
static inline int net_panel(int n)
{
    return n == 4 ? 2 : n >= 3 ? 3 : n;
}

typedef enum { NET_LINEAR, NET_HARD_SWISH, NET_SWISH, NET_RELU, NET_HARD_SIGMOID, NET_SIGMOID } net_activation;

/* Where a product goes: out[i] = activation(row i x matrix + bias) + after; each out holds matrix->n floats, or halves. These are for
 * HardSwish only. */
typedef struct {
    net_activation activation;
    float after;
    bool half;
    void *out[TILE_ROWS];
} net_result;

/* Weights of a depthwise convolution: channels by channels of LANES, tap by tap. */
typedef struct {
    int channels, side, step; /* step: across */
    bool half;                /* the input */
    bool linear;              /* else HardSwish comes behind it */
    const float *weights, *bias;
} net_depthwise;

/* Sums of a convolution of 3 x 3, made of products with each of its taps. Rows are read as whole vectors, hence more room than numbers. */
enum { NET_TAP_OUTPUTS = 24, NET_SUMS = 32, NET_COLUMNS = 80, NET_PRODUCTS = 224 };

/* factor * x + term */
typedef struct {
    float factor, term;
} net_affine;

static inline gsize net_filled_frames(int count)
{
    return ((gsize)count + LANES - 1) / LANES * LANES;
}

/* Floats that self-attention over `count` frames works in. */
static inline gsize net_attention_room(int count)
{
    return net_filled_frames(count) * (HEAD + 1);
}

typedef struct {
    int vector;             /* floats: outputs are packed by so many */
    bool bfloats, integers; /* which matrices it can multiply, beside those of floats */

    /* Packs `count` rows of matrix->k floats, `stride` apart, as rows first .. */
    void (*rows_set)(net_rows *rows, const net_matrix *matrix, int first, int count, const float *source, gsize stride);
    /* Of rows i < count. Rows up to the next whole UNIT are read. */
    void (*multiply)(const net_matrix *matrix, const net_rows *rows, int count, const net_result *result);

    /* UNIT pixels beside each other. rows[ky]: the first tap's first pixel in the rows that the kernel covers, NULL beyond
     * the picture. */
    void (*depthwise_unit)(const net_depthwise *d, const void *const *rows, float *out);
    /* The first convolution, of UNIT pixels. lines: 9 lines (row by row, plane by plane) of floats, each from the first pixel's first tap.
     * weights: taps row by row, plane, column. */
    void (*stem_unit)(const float *weights, const float *bias, const float *const *lines, float *out);
    /* Puts n floats into a picture. */
    void (*keep)(const float *in, gsize n, bool half, void *out);
    void (*widen)(const void *in, gsize n, bool half, float *out); /* and out of it */
    void (*add_rows)(const float *rows, int count, int channels, float *sums);
    /* out = gain(in) * gate[channel], for UNIT pixels. */
    void (*gate_unit)(const void *in, bool half, int channels, net_affine gain, const float *gate, float *out);
    /* Means of 3 x 2 pixels: rows[0..2] from the first of two pixels on. out_first = first(mean) and so on. */
    void (*pool)(const void *const *rows, bool half, int channels, net_affine first, float *out_first, net_affine second,
                 float *out_second);

    /* A convolution of 3 x 3 is made of its taps' products. products: for each tap, row by row, NET_TAP_OUTPUTS numbers, pixel by pixel, of
     * the rows above, here and below (NULL beyond the picture); columns: NET_COLUMNS numbers a pixel, of which each third is the sum of a
     * column of taps. */
    void (*tap_columns)(const float *const products[3], int width, float *columns);
    /* sums (NET_SUMS a pixel) += what the columns give for `width` pixels, each of which lies in source pixel x >> shift. The columns have
     * zeros for a pixel before the first and one behind the last. Those sums that are nothing stay as they are. */
    void (*tap_spread)(const float *columns, int width, int shift, float *sums);
    void (*rectify)(float *values, gsize n); /* negative ones become 0 */

    /* Of rows of LANES-filled channels. */
    void (*norm)(const float *in, int count, int channels, const float *gamma, const float *beta, float epsilon, float *out);
    void (*add)(const float *in, gsize n, float *sum);
    /* Self-attention over `count` frames: qkv has a row of queries, keys and values (HEADS vectors of LANES each) for each; the room takes
     * net_attention_room(count) floats. */
    void (*attention)(const float *qkv, int count, float *out, float *room);

    /* See linenet.h. */
    float (*largest)(const float *values, guint n);
    float (*sum_exp)(const float *values, guint n, float top);
} net_loops;
