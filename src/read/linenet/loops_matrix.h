/* Products with matrices. */
#pragma once

/* Vectors of outputs that are multiplied together at most. */
enum { PANEL = 3 };

static void set_float(const float *in, int k, guint32 *out)
{
    memcpy(out, in, (gsize)k * sizeof *in);
}

#if HAS_BFLOATS
static void set_bfloat(const float *in, int k, guint32 *out)
{
    for (int i = 0; i < k; i += VECTOR)
        vec_store_bfloats(out + i / 2, vec_load(in + i));
}
#endif

/* From the smallest to the largest of the row in so many steps. */
INLINE void set_whole(const float *in, int k, int steps, guint32 *out, float *scale, float *low)
{
    vec least = vec_load(in), most = least;
    for (int i = VECTOR; i < k; i += VECTOR) {
        vec v = vec_load(in + i);
        least = vec_min(least, v);
        most = vec_max(most, v);
    }
    float all = (float)steps, from = vec_least(least), range = vec_most(most) - from, factor = range > 0 ? all / range : 0;
    for (int i = 0; i < k; i += VECTOR) {
        ivec q = ivec_nearest((vec_load(in + i) - from) * factor);
#if HAS_INTEGERS
        if (steps == NET_INTEGER_STEPS)
            ivec_store_bytes(out + i / 4, q);
#endif
        if (steps == NET_SHORT_STEPS)
            ivec_store_shorts(out + i / 2, q);
    }
    *scale = range / all;
    *low = from;
}

static void rows_set(net_rows *rows, const net_matrix *matrix, int first, int count, const float *source, gsize stride)
{
    rows->stride = matrix->words;
    for (int r = first; r < first + count; r++, source += stride) {
        guint32 *out = rows->words + (gsize)r * (gsize)rows->stride;
#if HAS_BFLOATS
        if (matrix->kind == BF_LINENET_BFLOAT)
            set_bfloat(source, matrix->k, out);
#endif
#if HAS_INTEGERS
        if (matrix->kind == BF_LINENET_INTEGER)
            set_whole(source, matrix->k, NET_INTEGER_STEPS, out, &rows->scale[r], &rows->low[r]);
#endif
        if (matrix->kind == BF_LINENET_SHORT)
            set_whole(source, matrix->k, NET_SHORT_STEPS, out, &rows->scale[r], &rows->low[r]);
        if (matrix->kind == BF_LINENET_FLOAT)
            set_float(source, matrix->k, out);
    }
}

INLINE vec activate(vec v, net_activation activation)
{
    switch (activation) {
    case NET_HARD_SWISH:
        return v * hard_sigmoid(v);
    case NET_SWISH:
        return v * (1 / (1 + exp_of(0 - v)));
    case NET_SIGMOID:
        return 1 / (1 + exp_of(0 - v));
    case NET_RELU:
        return vec_max(v, vec_of(0));
    case NET_HARD_SIGMOID:
        return hard_sigmoid(v);
    default:
        return v;
    }
}

INLINE ivec multiply_word(ivec sum, const guint32 *left, ivec right, bf_linenet_kind kind)
{
#if HAS_BFLOATS
    if (kind == BF_LINENET_BFLOAT)
        return multiply_bfloats(sum, left, right);
#endif
#if HAS_INTEGERS
    if (kind == BF_LINENET_INTEGER)
        return multiply_integers(sum, left, right);
#endif
    if (kind == BF_LINENET_SHORT)
        return multiply_shorts(sum, left, right);
    return multiply_floats(sum, left, right);
}

/* ROWS rows by up to PANEL vectors. Each sum is a variable of its own: of arrays, compilers make memory. */
typedef ivec block_sums[ROWS][PANEL];
#define DECLARE(r)                                                                                                                         \
    ivec a##r = ivec_zero(), b##r = a##r, c##r = a##r;                                                                                     \
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
    for (gsize i = 0; i < words; i++, right += width * VECTOR) {
        ivec first = ivec_load(right), second = first, third = first;
        if (width > 1)
            second = ivec_load(right + VECTOR);
        if (width > 2)
            third = ivec_load(right + 2 * VECTOR);
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
BLOCK(short_1, BF_LINENET_SHORT, 1)
BLOCK(short_2, BF_LINENET_SHORT, 2)
BLOCK(short_3, BF_LINENET_SHORT, 3)
#if HAS_BFLOATS
BLOCK(bfloat_1, BF_LINENET_BFLOAT, 1)
BLOCK(bfloat_2, BF_LINENET_BFLOAT, 2)
BLOCK(bfloat_3, BF_LINENET_BFLOAT, 3)
#endif
#if HAS_INTEGERS
BLOCK(integer_1, BF_LINENET_INTEGER, 1)
BLOCK(integer_2, BF_LINENET_INTEGER, 2)
BLOCK(integer_3, BF_LINENET_INTEGER, 3)
#endif
static const block_function BLOCKS[][PANEL] = {
    [BF_LINENET_FLOAT] = {float_1, float_2, float_3},
    [BF_LINENET_SHORT] = {short_1, short_2, short_3},
#if HAS_BFLOATS
    [BF_LINENET_BFLOAT] = {bfloat_1, bfloat_2, bfloat_3},
#endif
#if HAS_INTEGERS
    [BF_LINENET_INTEGER] = {integer_1, integer_2, integer_3},
#endif
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
    gsize at = (gsize)(f->at + vector * VECTOR);
    vec bias = vec_load(m->bias + at), after = vec_of(result->after), scale = after, sum = after;
    if (net_is_whole(m->kind)) {
        scale = vec_load(m->scale + at);
        sum = vec_load(m->sums + at);
    }
    for (int r = 0; r < f->count; r++) {
        ivec v = f->sums[r][vector];
        vec x;
        if (net_is_whole(m->kind))
            x = vec_fma(vec_of_integers(v), scale * f->rows->scale[f->first + r], vec_fma(sum, vec_of(f->rows->low[f->first + r]), bias));
        else
            x = vec_of_bits(v) + bias;
        store(result->out[f->first + r], at, half, activate(x, activation) + after);
    }
}

static void multiply(const net_matrix *m, const net_rows *rows, int count, const net_result *result)
{
    finished f = {.matrix = m, .rows = rows};
    const guint32 *packed = m->packed;
    for (int width; f.at < m->n; f.at += width * VECTOR) {
        width = net_panel((m->n - f.at) / VECTOR);
        for (f.first = 0; f.first < count; f.first += ROWS) {
            const guint32 *left = rows->words + (gsize)f.first * (gsize)rows->stride;
            BLOCKS[m->kind][width - 1](left, (gsize)rows->stride, packed, (gsize)m->words, &f.sums);
            f.count = MIN(ROWS, count - f.first);
            for (int p = 0; p < width; p++) /* the frequent ones as constants, so that the loop has no choice left in it */
                if (result->half)
                    finish(&f, p, result, NET_HARD_SWISH, true);
                else if (result->activation == NET_LINEAR)
                    finish(&f, p, result, NET_LINEAR, false);
                else
                    finish(&f, p, result, result->activation, false);
        }
        packed += (gsize)m->words * (gsize)width * VECTOR;
    }
}
