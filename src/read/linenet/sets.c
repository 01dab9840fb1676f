/* Which sets of instructions there are, and which this processor has. */
#include "read/linenet/network.h"

#ifdef __x86_64__
#include <cpuid.h>

extern const net_loops net_loops_avx512_bf16, net_loops_avx512_vnni, net_loops_avx512, net_loops_avx2_vnni, net_loops_avx2;

/* What compilers do not all know the names of. */
static bool has_f16c(void)
{
    unsigned a, b, c, d;
    return __get_cpuid(1, &a, &b, &c, &d) != 0 && (c >> 29 & 1) != 0;
}

static bool has_avx_vnni(void)
{
    unsigned a, b, c, d;
    return __get_cpuid_count(7, 1, &a, &b, &c, &d) != 0 && (a >> 4 & 1) != 0;
}

/* The compiler's function knows as well whether the kernel keeps the registers. */
static bool has_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && has_f16c();
}

static bool has_avx2_vnni(void)
{
    return has_avx2() && has_avx_vnni();
}

static bool has_avx512(void)
{
    return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512dq");
}

static bool has_avx512_vnni(void)
{
    return has_avx512() && __builtin_cpu_supports("avx512vnni");
}

static bool has_avx512_bf16(void)
{
    return has_avx512_vnni() && __builtin_cpu_supports("avx512bf16");
}

/* The fastest first. */
static const struct {
    bool (*is_there)(void);
    bf_linenet_set set;
} SETS[] = {
    {has_avx512_bf16, {"AVX-512", &net_loops_avx512_bf16}},
    {has_avx512_vnni, {"AVX-512 without BF16", &net_loops_avx512_vnni}},
    {has_avx512, {"AVX-512 without VNNI", &net_loops_avx512}},
    {has_avx2_vnni, {"AVX2 with VNNI", &net_loops_avx2_vnni}},
    {has_avx2, {"AVX2", &net_loops_avx2}},
};

const bf_linenet_set *bf_linenet_set_get(guint i)
{
    for (gsize k = 0; k < G_N_ELEMENTS(SETS); k++)
        if (SETS[k].is_there() && i-- == 0)
            return &SETS[k].set;
    return NULL;
}
#else
const bf_linenet_set *bf_linenet_set_get(guint i)
{
    (void)i;
    return NULL;
}
#endif

const char *bf_linenet_set_name(const bf_linenet_set *set)
{
    return set->name;
}
