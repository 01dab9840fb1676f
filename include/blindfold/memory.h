/* How this process asks the system for memory (base). */
#pragma once
#include <stddef.h>

/* Sets the C library's allocator up for work that takes and gives back many buffers of image size: memory stays in the process instead of
 * being mapped and faulted in again for each buffer, and all threads share one pool, so that the peak does not grow with what each thread
 * once needed. Call once, first thing in main, before threads start. */
void bf_memory_prepare(void);

/* Tells the system that so many bytes will be used soon, for good: the allocator's next memory then comes in huge pages, where the system
 * has them for those who ask, and a fault is taken for 2 MiB instead of 4 KiB. Worth while in a process that works on page after page. */
void bf_memory_expect(size_t bytes);

/* Gives back to the system what is free at this moment: worth while once, behind loading and before a fork, where pages that neither side
 * uses again would be kept by one of them. */
void bf_memory_give_back(void);
