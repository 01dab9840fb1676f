/* Memory for tensors: aligned, whole, and fit for the next one. */
#include "read/ppocr/tensor_memory.h"

#include "blindfold/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Sanitizers end a process that asks for the absurd, and give nothing out again soon. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { USUAL_HEAP = false };
#else
enum { USUAL_HEAP = true };
#endif

static const bf_heap HEAP = {malloc, free};

static void test_bf_tensor_memory__every_size(void **state)
{
    (void)state;
    enum { MANY = 300 };
    unsigned char *blocks[MANY];
    for (size_t n = 0; n < MANY; n++) {
        blocks[n] = bf_tensor_memory_take(&HEAP, n);
        assert_non_null(blocks[n]);
        assert_int_equal((uintptr_t)blocks[n] % BF_TENSOR_ALIGNMENT, 0);
        memset(blocks[n], (int)n, n);
    }
    for (size_t n = 0; n < MANY; n++) {
        for (size_t i = 0; i < n; i++)
            assert_int_equal(blocks[n][i], n & 0xFF);
        bf_tensor_memory_leave(&HEAP, blocks[n]);
    }
    bf_tensor_memory_leave(&HEAP, NULL);
}

static void test_bf_tensor_memory__more_than_there_is(void **state)
{
    (void)state;
    static const size_t sizes[] = {SIZE_MAX, SIZE_MAX - 1, SIZE_MAX - BF_TENSOR_ALIGNMENT, SIZE_MAX - BF_TENSOR_ALIGNMENT + 1,
                                   SIZE_MAX / 2};
    if (!USUAL_HEAP)
        skip();
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        assert_null(bf_tensor_memory_take(&HEAP, sizes[i]));
}

/* Between things that stay. */
static void test_bf_tensor_memory__fits_where_one_of_its_size_was(void **state)
{
    (void)state;
    if (!USUAL_HEAP)
        skip();
    enum { N = 8, TENSOR = 3 << 20, STAYS = 5000 };
    void *first[N], *stays[N];
    bf_memory_prepare();
    for (size_t i = 0; i < N; i++) {
        first[i] = bf_tensor_memory_take(&HEAP, TENSOR + i * BF_TENSOR_ALIGNMENT);
        stays[i] = malloc(STAYS);
        assert_true(first[i] && stays[i]);
    }
    for (size_t i = 0; i < N; i++)
        bf_tensor_memory_leave(&HEAP, first[i]);
    for (size_t i = 0; i < N; i++) {
        void *again = bf_tensor_memory_take(&HEAP, TENSOR + i * BF_TENSOR_ALIGNMENT);
        assert_ptr_equal(again, first[i]);
    }
    for (size_t i = 0; i < N; i++) {
        bf_tensor_memory_leave(&HEAP, first[i]);
        free(stays[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bf_tensor_memory__every_size),
        cmocka_unit_test(test_bf_tensor_memory__more_than_there_is),
        cmocka_unit_test(test_bf_tensor_memory__fits_where_one_of_its_size_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
