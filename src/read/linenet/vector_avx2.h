/* What the loops are made of, for AVX2 with FMA and F16C, and AVX-VNNI where the compiler's flags have it. */
#pragma once
#include <immintrin.h>

typedef __m256 vec;   /* VECTOR floats */
typedef __m256i ivec; /* VECTOR words */
/* With PANEL vectors of outputs, ROWS rows fill twelve of sixteen registers; outputs and a word of the left side take the others. */
enum { VECTOR = 8, ROWS = 4 };
#define EACH_ROW(DO) DO(0) DO(1) DO(2) DO(3)
#ifdef __AVXVNNI__
#define HAS_INTEGERS 1
#else
#define HAS_INTEGERS 0
#endif
#define HAS_BFLOATS 0

INLINE vec vec_load(const float *at)
{
    return _mm256_loadu_ps(at);
}
INLINE void vec_store(float *at, vec v)
{
    _mm256_storeu_ps(at, v);
}
INLINE vec vec_load_half(const guint16 *at)
{
    return _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)(const void *)at));
}
INLINE void vec_store_half(guint16 *at, vec v)
{
    _mm_storeu_si128((__m128i *)(void *)at, _mm256_cvtps_ph(v, _MM_FROUND_TO_NEAREST_INT));
}
INLINE vec vec_of(float v)
{
    return _mm256_set1_ps(v);
}
/* a * b + c, rounded once. */
INLINE vec vec_fma(vec a, vec b, vec c)
{
    return _mm256_fmadd_ps(a, b, c);
}
INLINE vec vec_min(vec a, vec b)
{
    return _mm256_min_ps(a, b);
}
INLINE vec vec_max(vec a, vec b)
{
    return _mm256_max_ps(a, b);
}
/* The first n lanes of v; those of `otherwise` behind them. n may be below 0 or above VECTOR. */
INLINE vec vec_first(int n, vec v, vec otherwise)
{
    __m256i lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    return _mm256_blendv_ps(otherwise, v, _mm256_castsi256_ps(_mm256_cmpgt_epi32(_mm256_set1_epi32(n), lanes)));
}
/* Of all lanes. */
INLINE float vec_sum(vec v)
{
    __m128 four = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
    __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}
INLINE float vec_least(vec v)
{
    __m128 four = _mm_min_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
    __m128 two = _mm_min_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_min_ss(two, _mm_movehdup_ps(two)));
}
INLINE float vec_most(vec v)
{
    __m128 four = _mm_max_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
    __m128 two = _mm_max_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_max_ss(two, _mm_movehdup_ps(two)));
}

INLINE ivec ivec_load(const guint32 *at)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)at);
}
INLINE ivec ivec_zero(void)
{
    return _mm256_setzero_si256();
}
INLINE ivec ivec_nearest(vec v)
{
    return _mm256_cvtps_epi32(v);
}
INLINE ivec ivec_truncated(vec v)
{
    return _mm256_cvttps_epi32(v);
}
INLINE vec vec_of_integers(ivec v)
{
    return _mm256_cvtepi32_ps(v);
}
/* The same bits. */
INLINE vec vec_of_bits(ivec v)
{
    return _mm256_castsi256_ps(v);
}
/* For exponents of a normal float. */
INLINE vec vec_power_of_2(ivec exponent)
{
    return vec_of_bits(_mm256_slli_epi32(_mm256_add_epi32(exponent, _mm256_set1_epi32(127)), 23));
}
/* Lanes from 0 to 32767, and from 0 to 255. */
INLINE void ivec_store_shorts(guint32 *at, ivec v)
{
    _mm_storeu_si128((__m128i *)(void *)at, _mm_packus_epi32(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1)));
}
#if HAS_INTEGERS

INLINE void ivec_store_bytes(guint32 *at, ivec v)
{
    __m128i shorts = _mm_packus_epi32(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1));
    _mm_storel_epi64((__m128i *)(void *)at, _mm_packus_epi16(shorts, shorts));
}
#endif

/* sum += left x right, in place, which compilers do not do by themselves. A word is one float, two shorts or four bytes, unsigned
 * on the left. */
INLINE ivec multiply_floats(ivec sum, const guint32 *left, ivec right)
{
    __asm__("vfmadd231ps %2, %1, %0" : "+x"(sum) : "x"(_mm256_set1_epi32((int)*left)), "x"(right));
    return sum;
}
/* Bytes would take as many multiplications without VNNI, since pairs of products saturate at 16 bits or must be added up by another one. */
INLINE ivec multiply_shorts(ivec sum, const guint32 *left, ivec right)
{
    ivec words = _mm256_set1_epi32((int)*left);
#ifdef __AVXVNNI__
    __asm__("%{vex%} vpdpwssd %2, %1, %0" : "+x"(sum) : "x"(words), "x"(right));
    return sum;
#else
    return _mm256_add_epi32(sum, _mm256_madd_epi16(words, right));
#endif
}
#if HAS_INTEGERS
INLINE ivec multiply_integers(ivec sum, const guint32 *left, ivec right)
{
    __asm__("%{vex%} vpdpbusd %2, %1, %0" : "+x"(sum) : "x"(_mm256_set1_epi32((int)*left)), "x"(right));
    return sum;
}
#endif
