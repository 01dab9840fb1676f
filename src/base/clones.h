/* Hot loops for several processors (base). BF_CLONES before a function has it compiled for AVX-512 and AVX2 as well, and the program picks
 * one at start. Results are the same to the bit: the compiler may not change the order of sums (no -ffast-math) nor join products and sums
 * (-std=c11 forbids it), so only put it where that holds. Sanitizers start before the choice is made, so they get the plain loop. */
#pragma once
#include <glib.h> /* brings __GLIBC__ */

#if defined(__x86_64__) && defined(__GLIBC__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) &&             \
    !defined(__SANITIZE_THREAD__)
#define BF_CLONES __attribute__((noinline, target_clones("arch=x86-64-v4", "avx2", "default")))
#else
#define BF_CLONES
#endif
