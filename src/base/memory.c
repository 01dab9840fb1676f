#include "blindfold/memory.h"
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

enum { MMAP_NEVER = 1 << 30, TRIM_ABOVE = 1 << 30, GROW_BY = 16 << 20, HUGE_PAGE = 2 << 20 };

void bf_memory_prepare(void)
{
    mallopt(M_MMAP_THRESHOLD, MMAP_NEVER);
    mallopt(M_TRIM_THRESHOLD, TRIM_ABOVE);
    mallopt(M_TOP_PAD, GROW_BY);
    mallopt(M_ARENA_MAX, 1);
}

void bf_memory_expect(size_t bytes)
{
#ifdef __SANITIZE_ADDRESS__ /* its allocator gives nothing out again soon */
    (void)bytes;
#else
    /* The end of the heap grows by it, and stays when it is freed. */
    void *room = malloc(bytes);
    uintptr_t from = ((uintptr_t)room + HUGE_PAGE - 1) & ~(uintptr_t)(HUGE_PAGE - 1),
              to = ((uintptr_t)room + bytes) & ~(uintptr_t)(HUGE_PAGE - 1);
    if (room != NULL && from < to)
        madvise((void *)from, to - from, MADV_HUGEPAGE); /* where there are none, nothing is lost */
    free(room);
#endif
}

void bf_memory_give_back(void)
{
    malloc_trim(0);
}
