/* What the test at the start learns of the names' characters: the same whoever else is in the roster; and names of which nothing is left to
 * hold on to. Real fonts, the real recogniser. */
#include "blindfold/memory.h"
#include "blindfold/name.h"
#include "page/sheet.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static bf_page_engine *engine_for(const char *const *names, bf_query **last)
{
    static const bf_page_settings settings = {0};
    bf_page_engine *engine = NULL;
    assert_true(bf_page_engine_new(&settings, &engine, NULL));
    for (; *names != NULL; names++) {
        bf_query_free(*last);
        *last = NULL;
        assert_true(bf_name_build(*names, NULL, last, NULL) && bf_page_engine_prepare(engine, *last, NULL));
    }
    return engine;
}

static void test_bf_page_engine_prepare__other_names_change_nothing(void **state)
{
    static const char *const alone[] = {"亓官霁", NULL}, *const among[] = {"逯翀", "佘旻昊", "上官婳", "张雨霁", "仝璟玥宁", "亓官霁", NULL};
    (void)state;
    g_autoptr(bf_query) query = NULL, same = NULL;
    bf_page_engine *a = engine_for(alone, &query), *b = engine_for(among, &same);
    const bf_reader_class *class = a->readers[0].class;
    for (guint f = 0; f < query->n_forms; f++)
        for (guint s = 0; s < query->forms[f].n_symbols; s++)
            for (guint i = 0; i < query->forms[f].symbols[s].n_alts; i++) {
                gunichar c = query->forms[f].symbols[s].alts[i];
                guint n_a, n_b;
                const gunichar *of_a = class->taken_for(a->readers[0].reader, c, &n_a),
                               *of_b = class->taken_for(b->readers[0].reader, c, &n_b);
                assert_int_equal(n_a, n_b);
                for (guint k = 0; k < n_a; k++)
                    assert_int_equal(of_a[k], of_b[k]);
                assert_int_equal(class->misreads(a->readers[0].reader, c), class->misreads(b->readers[0].reader, c));
            }
    assert_true(class->misreads(a->readers[0].reader, g_utf8_get_char("亓")));
    assert_false(class->misreads(a->readers[0].reader, g_utf8_get_char("官")));
    bf_page_engine_free(a);
    bf_page_engine_free(b);
}

/* Of 逯翀 the reader takes the first character for another one, and does not know the second. */
static void test_bf_page_engine_is_blind_to__names_with_no_foothold(void **state)
{
    static const struct {
        const char *name;
        bool blind;
    } cases[] = {{"逯翀", true}, {"王翀", false}, {"亓翀", true}, {"亓官霁", false}, {"沈嘉懿", false}};
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const char *const names[] = {cases[i].name, NULL};
        g_autoptr(bf_query) query = NULL;
        bf_page_engine *engine = engine_for(names, &query);
        if (bf_page_engine_is_blind_to(engine, query) != cases[i].blind)
            fail_msg("%s", cases[i].name);
        bf_page_engine_free(engine);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bf_page_engine_prepare__other_names_change_nothing),
        cmocka_unit_test(test_bf_page_engine_is_blind_to__names_with_no_foothold),
    };
    bf_memory_prepare();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
