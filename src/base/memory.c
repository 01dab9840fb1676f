#include "blindfold/memory.h"
#include <malloc.h>

enum { MMAP_NEVER = 1 << 30, TRIM_ABOVE = 1 << 30, GROW_BY = 16 << 20 };

void bf_memory_prepare(void)
{
    mallopt(M_MMAP_THRESHOLD, MMAP_NEVER);
    mallopt(M_TRIM_THRESHOLD, TRIM_ABOVE);
    mallopt(M_TOP_PAD, GROW_BY);
    mallopt(M_ARENA_MAX, 1);
}

void bf_memory_give_back(void)
{
    malloc_trim(0);
}
