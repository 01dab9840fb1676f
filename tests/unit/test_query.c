#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "blindfold/query.h"

static void test_query_is_separator__yes(void **state)
{
    (void)state;
    static const gunichar separators[] = {
        ' ',    '\t',   0x00A0, 0x2003, 0x3000,                                                         /* spaces */
        0x00B7, 0x2022, 0x30FB, 0x2027, 0xFF0E, 0x2219, 0x22C5, 0x25CF, 0xFF65, 0x0387,                 /* middle dots */
        '.',    ',',    0xFF0C, '-',    0x2010, 0x2011, 0x2013, 0x2014, 0x2015, 0xFF0D, 0x2212, 0x00AD, /* stops, dashes */
        '\'',   0x2018, 0x2019, 0x02BC, '`',    0xFF07, '_',    0xFF3F, '@',                            /* apostrophes, line */
        0x200B, 0x200C, 0x200D, 0xFEFF, 0x2060, 0x200E, 0x200F,                                         /* zero width */
    };
    for (size_t i = 0; i < G_N_ELEMENTS(separators); i++)
        if (!bf_query_is_separator(separators[i]))
            fail_msg("U+%04X", separators[i]);
}

/* Letters, digits, and what only looks like a dash: the character for one, the sign of a long vowel. */
static void test_query_is_separator__no(void **state)
{
    (void)state;
    static const gunichar others[] = {'a', 'Z', '0', 0x00E9, 0x0645, 0x4E00, 0x30FC, 0x5468, 0x20087, ':', '(', 0x3001, 0x3002, 0};
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++)
        if (bf_query_is_separator(others[i]))
            fail_msg("U+%04X", others[i]);
}

/* The address sanitizer sees what is not freed, and what is freed twice. */
static void test_query_free__whole_and_half_built(void **state)
{
    (void)state;
    bf_query_free(NULL);
    bf_query *empty = g_new0(bf_query, 1);
    bf_query_free(empty);
    bf_query *query = g_new0(bf_query, 1);
    query->n_forms = 2;
    query->forms = g_new0(bf_form, 2);
    query->forms[0].n_symbols = 2;
    query->forms[0].symbols = g_new0(bf_symbol, 2);
    query->forms[0].symbols[0].n_alts = 3;
    query->forms[0].symbols[0].alts = g_new0(gunichar, 3);
    bf_query_free(query);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_query_is_separator__yes),
        cmocka_unit_test(test_query_is_separator__no),
        cmocka_unit_test(test_query_free__whole_and_half_built),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
