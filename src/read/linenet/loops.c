/* The loops, for the set of instructions that the compiler's flags name: compiled once for each (CMakeLists.txt). */
#include "read/linenet/loops.h"
#include <math.h>
#include <string.h>

#define INLINE static inline __attribute__((always_inline))
#ifdef __AVX512F__
#include "read/linenet/vector_avx512.h"
#else
#include "read/linenet/vector_avx2.h"
#endif

/* A vector of a picture, from element i on. */
INLINE vec load(const void *picture, gsize i, bool half)
{
    return half ? vec_load_half((const guint16 *)picture + i) : vec_load((const float *)picture + i);
}

INLINE void store(void *picture, gsize i, bool half, vec v)
{
    const vec most = vec_of(65504); /* of a half */
    if (half)
        vec_store_half((guint16 *)picture + i, vec_max(vec_min(v, most), 0 - most));
    else
        vec_store((float *)picture + i, v);
}

/* exp(v), for v from -80 to 80: a power of two by the exponent, Taylor's series for the rest. */
INLINE vec exp_of(vec v)
{
    vec t = vec_max(vec_min(v, vec_of(80)), vec_of(-80)) * 1.44269504F;
    ivec whole = ivec_nearest(t);
    vec y = (t - vec_of_integers(whole)) * 0.693147181F, e = vec_of(1 / 720.0F);
    static const float FACTORS[] = {1 / 120.0F, 1 / 24.0F, 1 / 6.0F, 1 / 2.0F, 1, 1};
    for (gsize i = 0; i < G_N_ELEMENTS(FACTORS); i++)
        e = vec_fma(e, y, vec_of(FACTORS[i]));
    return e * vec_power_of_2(whole);
}

INLINE vec hard_sigmoid(vec v)
{
    return vec_min(vec_max(vec_fma(v, vec_of(1 / 6.0F), vec_of(0.5F)), vec_of(0)), vec_of(1));
}

#include "read/linenet/loops_frame.h"
#include "read/linenet/loops_matrix.h"
#include "read/linenet/loops_picture.h"
#include "read/linenet/loops_sequence.h"
#include "read/linenet/loops_taps.h"

extern const net_loops NET_LOOPS; /* a name for each set */
const net_loops NET_LOOPS = {
    .vector = VECTOR,
    .bfloats = HAS_BFLOATS,
    .integers = HAS_INTEGERS,
    .rows_set = rows_set,
    .multiply = multiply,
    .depthwise_unit = depthwise_unit,
    .stem_unit = stem_unit,
    .keep = keep,
    .widen = widen,
    .add_rows = add_rows,
    .tap_columns = tap_columns,
    .tap_spread = tap_spread,
    .rectify = rectify,
    .gate_unit = gate_unit,
    .pool = pool,
    .norm = norm,
    .add = add,
    .attention = attention,
    .largest = largest,
    .sum_exp = sum_exp,
};
