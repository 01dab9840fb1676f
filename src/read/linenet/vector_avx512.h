/* What the loops are made of, for AVX-512 (F, BW, VL, DQ), with VNNI and BF16 where the compiler's flags have them. What each
 * function does is said in vector_avx2.h, where it needs saying. */
#pragma once
#include <immintrin.h>

typedef __m512 vec;   /* VECTOR floats */
typedef __m512i ivec; /* VECTOR words */
/* With PANEL vectors of outputs, ROWS rows fill three quarters of the registers. */
enum { VECTOR = 16, ROWS = 8 };
#define EACH_ROW(DO) DO(0) DO(1) DO(2) DO(3) DO(4) DO(5) DO(6) DO(7)
#ifdef __AVX512VNNI__
#define HAS_INTEGERS 1
#else
#define HAS_INTEGERS 0
#endif
#ifdef __AVX512BF16__
#define HAS_BFLOATS 1
#else
#define HAS_BFLOATS 0
#endif

INLINE vec vec_load(const float *at)
{
    return _mm512_loadu_ps(at);
}
INLINE void vec_store(float *at, vec v)
{
    _mm512_storeu_ps(at, v);
}
INLINE vec vec_load_half(const guint16 *at)
{
    return _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)(const void *)at));
}
INLINE void vec_store_half(guint16 *at, vec v)
{
    _mm256_storeu_si256((__m256i *)(void *)at, _mm512_cvtps_ph(v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
}
INLINE vec vec_of(float v)
{
    return _mm512_set1_ps(v);
}
INLINE vec vec_fma(vec a, vec b, vec c)
{
    return _mm512_fmadd_ps(a, b, c);
}
INLINE vec vec_min(vec a, vec b)
{
    return _mm512_min_ps(a, b);
}
INLINE vec vec_max(vec a, vec b)
{
    return _mm512_max_ps(a, b);
}
INLINE vec vec_first(int n, vec v, vec otherwise)
{
    return _mm512_mask_mov_ps(otherwise, (__mmask16)(n >= VECTOR ? 0xFFFF : (1 << MAX(n, 0)) - 1), v);
}
INLINE float vec_sum(vec v)
{
    return _mm512_reduce_add_ps(v);
}
INLINE float vec_least(vec v)
{
    return _mm512_reduce_min_ps(v);
}
INLINE float vec_most(vec v)
{
    return _mm512_reduce_max_ps(v);
}

INLINE ivec ivec_load(const guint32 *at)
{
    return _mm512_loadu_si512(at);
}
INLINE ivec ivec_zero(void)
{
    return _mm512_setzero_si512();
}
INLINE ivec ivec_nearest(vec v)
{
    return _mm512_cvtps_epi32(v);
}
INLINE ivec ivec_truncated(vec v)
{
    return _mm512_cvttps_epi32(v);
}
INLINE vec vec_of_integers(ivec v)
{
    return _mm512_cvtepi32_ps(v);
}
INLINE vec vec_of_bits(ivec v)
{
    return _mm512_castsi512_ps(v);
}
INLINE vec vec_power_of_2(ivec exponent)
{
    return vec_of_bits(_mm512_slli_epi32(_mm512_add_epi32(exponent, _mm512_set1_epi32(127)), 23));
}
INLINE void ivec_store_shorts(guint32 *at, ivec v)
{
    _mm256_storeu_si256((__m256i *)(void *)at, _mm512_cvtepi32_epi16(v));
}
#if HAS_INTEGERS
INLINE void ivec_store_bytes(guint32 *at, ivec v)
{
    _mm_storeu_si128((__m128i *)(void *)at, _mm512_cvtusepi32_epi8(v));
}
#endif
#if HAS_BFLOATS
INLINE void vec_store_bfloats(guint32 *at, vec v)
{
    _mm256_storeu_si256((__m256i *)(void *)at, (__m256i)_mm512_cvtneps_pbh(v));
}
#endif

/* sum += left x right, in place, which compilers do not do by themselves. */
INLINE ivec multiply_floats(ivec sum, const guint32 *left, ivec right)
{
    __asm__("vfmadd231ps %2%{1to16%}, %1, %0" : "+v"(sum) : "v"(right), "m"(*left));
    return sum;
}
INLINE ivec multiply_shorts(ivec sum, const guint32 *left, ivec right)
{
#if HAS_INTEGERS
    __asm__("vpdpwssd %2%{1to16%}, %1, %0" : "+v"(sum) : "v"(right), "m"(*left));
    return sum;
#else
    return _mm512_add_epi32(sum, _mm512_madd_epi16(_mm512_set1_epi32((int)*left), right));
#endif
}
#if HAS_BFLOATS
INLINE ivec multiply_bfloats(ivec sum, const guint32 *left, ivec right)
{
    __asm__("vdpbf16ps %2%{1to16%}, %1, %0" : "+v"(sum) : "v"(right), "m"(*left));
    return sum;
}
#endif
#if HAS_INTEGERS
INLINE ivec multiply_integers(ivec sum, const guint32 *left, ivec right)
{
    __asm__("vpdpbusd %2, %1, %0" : "+v"(sum) : "v"(_mm512_set1_epi32((int)*left)), "v"(right));
    return sum;
}
#endif
