/* The interval of a spot check, against values of published tables. */
#include "review/desk.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void test_spot_interval__table(void **state)
{
    (void)state;
    static const struct {
        guint missed, looked;
        double low, high;
    } cases[] = {
        {0, 1, 0, 0.975},
        {1, 1, 0.025, 1},
        {0, 10, 0, 0.3085},
        {1, 10, 0.0025, 0.4450},
        {5, 10, 0.1871, 0.8129},
        {0, 300, 0, 0.01222},
        {2, 1000, 0.000242, 0.007206},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        double low, high;
        spot_interval(cases[i].missed, cases[i].looked, &low, &high);
        if (fabs(low - cases[i].low) > 6e-5 || fabs(high - cases[i].high) > 6e-5)
            fail_msg("%u of %u: %.6f to %.6f", cases[i].missed, cases[i].looked, low, high);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_spot_interval__table)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
