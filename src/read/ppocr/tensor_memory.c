#include "read/ppocr/tensor_memory.h"
#include <stdint.h>
#include <string.h>

/* The heap's block begins 1 to BF_TENSOR_ALIGNMENT bytes before ours, as many as its own alignment at least; its address stands right
 * before ours. */
_Static_assert(_Alignof(max_align_t) >= sizeof(void *), "room for an address before a block");

void *bf_tensor_memory_take(const bf_heap *heap, size_t bytes)
{
    unsigned char *whole = heap->take(bytes <= SIZE_MAX - BF_TENSOR_ALIGNMENT ? bytes + BF_TENSOR_ALIGNMENT : SIZE_MAX);
    if (whole == NULL)
        return NULL;
    unsigned char *block = whole + (BF_TENSOR_ALIGNMENT - (uintptr_t)whole % BF_TENSOR_ALIGNMENT);
    memcpy(block - sizeof whole, &whole, sizeof whole);
    return block;
}

void bf_tensor_memory_leave(const bf_heap *heap, void *block)
{
    unsigned char *whole;
    if (block == NULL)
        return;
    memcpy(&whole, (unsigned char *)block - sizeof whole, sizeof whole);
    heap->leave(whole);
}
