/* Memory for a network's tensors, from the heap, so that they and a page's pictures take turns in the same places.
 *
 * Aligned requests (posix_memalign, C++'s aligned new) would leave holes: they look for a block that is longer than what they return, so
 * that the place of one tensor never holds another of its size, and the heap grows by what the tensors take together. Here every block is
 * as long as it is asked for, and the next tensor of that size fits into its place.
 */
#pragma once
#include <stddef.h>

enum { BF_TENSOR_ALIGNMENT = 64 }; /* bytes: a line of the cache, and the widest vector */

/* Where blocks come from: malloc and free, or C++'s new and delete. take may throw where there is no memory, or return NULL. */
typedef struct {
    void *(*take)(size_t bytes);
    void (*leave)(void *block);
} bf_heap;

/* At least `bytes` bytes at a multiple of BF_TENSOR_ALIGNMENT, their content undefined; where there is no memory what the heap does.
 * As thread-safe as the heap. */
void *bf_tensor_memory_take(const bf_heap *heap, size_t bytes);
void bf_tensor_memory_leave(const bf_heap *heap, void *block); /* NULL: nothing */
