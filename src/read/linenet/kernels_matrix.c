#include "read/linenet/kernels.h"

#define INLINE static inline __attribute__((always_inline))
/* Vectors of outputs that are multiplied together at most: with UNIT rows that fills three quarters of the registers. */
enum { PANEL = 3 };

static void set_float(const float *in, int k, guint32 *out)
{
    for (int i = 0; i < k; i += LANES)
        _mm512_storeu_ps(out + i, _mm512_loadu_ps(in + i));
}

static void set_bfloat(const float *in, int k, guint32 *out)
{
    for (int i = 0; i < k; i += LANES)
        _mm256_storeu_si256((__m256i *)(void *)(out + i / 2), (__m256i)_mm512_cvtneps_pbh(_mm512_loadu_ps(in + i)));
}

/* From the smallest to the largest of the row in 255 steps. */
static void set_integer(const float *in, int k, guint32 *out, float *scale, float *low)
{
    __m512 least = _mm512_loadu_ps(in), most = least;
    for (int i = LANES; i < k; i += LANES) {
        __m512 v = _mm512_loadu_ps(in + i);
        least = _mm512_min_ps(least, v);
        most = _mm512_max_ps(most, v);
    }
    float from = _mm512_reduce_min_ps(least), range = _mm512_reduce_max_ps(most) - from;
    __m512 shift = _mm512_set1_ps(from), factor = _mm512_set1_ps(range > 0 ? 255 / range : 0);
    for (int i = 0; i < k; i += LANES) {
        __m512i q = _mm512_cvtps_epi32(_mm512_mul_ps(_mm512_sub_ps(_mm512_loadu_ps(in + i), shift), factor));
        _mm_storeu_si128((__m128i *)(void *)(out + i / 4), _mm512_cvtusepi32_epi8(q));
    }
    *scale = range / 255;
    *low = from;
}

void net_rows_set(net_rows *rows, const net_matrix *matrix, int first, int count, const float *source, gsize stride)
{
    rows->stride = matrix->words;
    for (int r = first; r < first + count; r++, source += stride) {
        guint32 *out = rows->words + (gsize)r * (gsize)rows->stride;
        if (matrix->kind == BF_LINENET_FLOAT)
            set_float(source, matrix->k, out);
        else if (matrix->kind == BF_LINENET_BFLOAT)
            set_bfloat(source, matrix->k, out);
        else
            set_integer(source, matrix->k, out, &rows->scale[r], &rows->low[r]);
    }
}

INLINE __m512 hard_sigmoid(__m512 v)
{
    __m512 s = _mm512_fmadd_ps(v, _mm512_set1_ps(1 / 6.0F), _mm512_set1_ps(0.5F));
    return _mm512_min_ps(_mm512_max_ps(s, _mm512_setzero_ps()), _mm512_set1_ps(1));
}

INLINE __m512 sigmoid(__m512 v)
{
    return _mm512_div_ps(_mm512_set1_ps(1), _mm512_add_ps(_mm512_set1_ps(1), net_exp(_mm512_sub_ps(_mm512_setzero_ps(), v))));
}

INLINE __m512 activate(__m512 v, net_activation activation)
{
    switch (activation) {
    case NET_HARD_SWISH:
        return _mm512_mul_ps(v, hard_sigmoid(v));
    case NET_SWISH:
        return _mm512_mul_ps(v, sigmoid(v));
    case NET_RELU:
        return _mm512_max_ps(v, _mm512_setzero_ps());
    case NET_HARD_SIGMOID:
        return hard_sigmoid(v);
    default:
        return v;
    }
}

/* sum += left x right, in place, which compilers do not do by themselves. A word is one float, two bfloats or four integers. */
INLINE __m512i multiply_word(__m512i sum, const guint32 *left, __m512i right, bf_linenet_kind kind)
{
    if (kind == BF_LINENET_FLOAT)
        __asm__("vfmadd231ps %2%{1to16%}, %1, %0" : "+v"(sum) : "v"(right), "m"(*left));
    else if (kind == BF_LINENET_BFLOAT)
        __asm__("vdpbf16ps %2%{1to16%}, %1, %0" : "+v"(sum) : "v"(right), "m"(*left));
    else
        __asm__("vpdpbusd %2, %1, %0" : "+v"(sum) : "v"(_mm512_set1_epi32((int)*left)), "v"(right));
    return sum;
}

/* UNIT rows by up to PANEL vectors. Each sum is a variable of its own: of arrays, compilers make memory. */
typedef __m512i block_sums[UNIT][PANEL];
#define EACH_ROW(DO) DO(0) DO(1) DO(2) DO(3) DO(4) DO(5) DO(6) DO(7)
#define DECLARE(r)                                                                                                                         \
    __m512i a##r = _mm512_setzero_si512(), b##r = a##r, c##r = a##r;                                                                       \
    const guint32 *left##r = left + (gsize)r * stride;
#define MULTIPLY(r)                                                                                                                        \
    a##r = multiply_word(a##r, left##r + i, first, kind);                                                                                  \
    if (width > 1)                                                                                                                         \
        b##r = multiply_word(b##r, left##r + i, second, kind);                                                                             \
    if (width > 2)                                                                                                                         \
        c##r = multiply_word(c##r, left##r + i, third, kind);
#define STORE(r)                                                                                                                           \
    (*out)[r][0] = a##r;                                                                                                                   \
    if (width > 1)                                                                                                                         \
        (*out)[r][1] = b##r;                                                                                                               \
    if (width > 2)                                                                                                                         \
        (*out)[r][2] = c##r;

INLINE void block(const guint32 *left, gsize stride, const guint32 *right, gsize words, block_sums *out, bf_linenet_kind kind, int width)
{
    EACH_ROW(DECLARE)
    for (gsize i = 0; i < words; i++, right += width * LANES) {
        __m512i first = _mm512_loadu_si512(right), second = first, third = first;
        if (width > 1)
            second = _mm512_loadu_si512(right + LANES);
        if (width > 2)
            third = _mm512_loadu_si512(right + 2 * LANES);
        EACH_ROW(MULTIPLY)
    }
    EACH_ROW(STORE)
}

/* Not inlined: each loop needs all registers for itself. */
typedef void (*block_function)(const guint32 *left, gsize stride, const guint32 *right, gsize words, block_sums *out);
#define BLOCK(name, kind, width)                                                                                                           \
    static __attribute__((noinline)) void name(const guint32 *left, gsize stride, const guint32 *right, gsize words, block_sums *out)      \
    {                                                                                                                                      \
        block(left, stride, right, words, out, kind, width);                                                                               \
    }
BLOCK(float_1, BF_LINENET_FLOAT, 1)
BLOCK(float_2, BF_LINENET_FLOAT, 2)
BLOCK(float_3, BF_LINENET_FLOAT, 3)
BLOCK(bfloat_1, BF_LINENET_BFLOAT, 1)
BLOCK(bfloat_2, BF_LINENET_BFLOAT, 2)
BLOCK(bfloat_3, BF_LINENET_BFLOAT, 3)
BLOCK(integer_1, BF_LINENET_INTEGER, 1)
BLOCK(integer_2, BF_LINENET_INTEGER, 2)
BLOCK(integer_3, BF_LINENET_INTEGER, 3)
static const block_function BLOCKS[][PANEL] = {
    [BF_LINENET_FLOAT] = {float_1, float_2, float_3},
    [BF_LINENET_BFLOAT] = {bfloat_1, bfloat_2, bfloat_3},
    [BF_LINENET_INTEGER] = {integer_1, integer_2, integer_3},
};

/* A block that has been summed up. */
typedef struct {
    const net_matrix *matrix;
    const net_rows *rows;
    block_sums sums;
    int first, count, at; /* rows; outputs */
} finished;

/* What the sums of one vector of outputs are worth. */
INLINE void finish(const finished *f, int vector, const net_result *result, net_activation activation, bool half)
{
    const net_matrix *m = f->matrix;
    gsize at = (gsize)(f->at + vector * LANES);
    __m512 bias = _mm512_loadu_ps(m->bias + at), after = _mm512_set1_ps(result->after), scale = after, sum = after;
    if (m->kind == BF_LINENET_INTEGER) {
        scale = _mm512_loadu_ps(m->scale + at);
        sum = _mm512_loadu_ps(m->sums + at);
    }
    for (int r = 0; r < f->count; r++) {
        __m512i v = f->sums[r][vector];
        __m512 x;
        if (m->kind == BF_LINENET_INTEGER)
            x = _mm512_fmadd_ps(_mm512_cvtepi32_ps(v), _mm512_mul_ps(scale, _mm512_set1_ps(f->rows->scale[f->first + r])),
                                _mm512_fmadd_ps(sum, _mm512_set1_ps(f->rows->low[f->first + r]), bias));
        else
            x = _mm512_add_ps(_mm512_castsi512_ps(v), bias);
        net_store(result->out[f->first + r], at, half, _mm512_add_ps(activate(x, activation), after));
    }
}

void net_multiply(const net_matrix *m, const net_rows *rows, int count, const net_result *result)
{
    finished f = {.matrix = m, .rows = rows};
    const guint32 *packed = m->packed;
    for (int width; f.at < m->n; f.at += width * LANES) {
        width = net_panel((m->n - f.at) / LANES);
        for (f.first = 0; f.first < count; f.first += UNIT) {
            const guint32 *left = rows->words + (gsize)f.first * (gsize)rows->stride;
            BLOCKS[m->kind][width - 1](left, (gsize)rows->stride, packed, (gsize)m->words, &f.sums);
            f.count = MIN(UNIT, count - f.first);
            for (int p = 0; p < width; p++)
                if (result->half)
                    finish(&f, p, result, NET_HARD_SWISH, true);
                else
                    finish(&f, p, result, result->activation, false);
        }
        packed += (gsize)m->words * (gsize)width * LANES;
    }
}
