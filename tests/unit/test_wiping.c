/* Memory that held a name is cleared before it is freed: this program's own free() looks at every block that goes while a query, a
 * roster or the names on the wire are freed. Not with sanitizers, which bring their own. */
#include "blindfold/name.h"
#include "blindfold/roster.h"
#include "page/page_wire.h"

#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

/* Invented; the middle character is in no table and no message, neither in UTF-8 nor as a number of 32 bits. */
#define NAME "\xE4\xBA\x93\xF0\xAB\x9D\xA0\xE7\x94\xB2"
static const gunichar RARE = 0x2B760;
static const char RARE_UTF8[] = "\xF0\xAB\x9D\xA0";

void __libc_free(void *p);

static volatile bool looking; /* volatile: compilers know free() and think that it looks at no variable */
static volatile guint n_blocks, n_bare;

static bool holds(const char *block, size_t n, const void *what, size_t size)
{
    return memmem(block, n, what, size) != NULL;
}

void free(void *p)
{
    if (looking && p) {
        size_t n = malloc_usable_size(p);
        n_blocks = n_blocks + 1;
        n_bare = n_bare + (holds(p, n, &RARE, sizeof RARE) || holds(p, n, RARE_UTF8, sizeof RARE_UTF8 - 1) ? 1 : 0);
    }
    __libc_free(p);
}

static void look(bool on)
{
    if (on)
        n_blocks = n_bare = 0;
    looking = on;
}

static void assert_wiped(void)
{
    look(false);
    assert_true(n_blocks > 0);
    assert_int_equal(n_bare, 0);
}

/* The hook sees what it has to see. */
static void test_free__sees_a_name(void **state)
{
    (void)state;
    char *text = g_strdup(NAME);
    look(true);
    g_free(text);
    look(false);
    assert_int_equal(n_bare, 1);
}

static void test_bf_query_free__wipes(void **state)
{
    (void)state;
    static const char *const aliases[] = {NAME "\xE4\xB9\x99", NULL};
    bf_query *query = NULL;
    assert_true(bf_name_build(NAME, aliases, &query, NULL));
    bool there = false;
    for (guint f = 0; f < query->n_forms; f++)
        for (guint s = 0; s < query->forms[f].n_symbols; s++)
            there = there || query->forms[f].symbols[s].alts[0] == RARE;
    assert_true(there);
    look(true);
    bf_query_free(query);
    assert_wiped();
}

static void test_wire_query_clear__wipes(void **state)
{
    (void)state;
    g_autoptr(bf_query) query = NULL;
    assert_true(bf_name_build(NAME, NULL, &query, NULL));
    look(true);
    GArray *numbers = wire_write_query(query);
    wire_query_clear(numbers);
    assert_wiped();
}

static void test_bf_roster_free__wipes(void **state)
{
    (void)state;
    static const char text[] = "id,name,aliases,package\nA1," NAME "," NAME "\xE4\xB9\x99;Bexil Arto," NAME ".zip\n";
    bf_roster *roster = NULL;
    assert_true(bf_roster_parse(text, sizeof text - 1, "roster", &roster, NULL));
    if (roster->problems->len > 0)
        fail_msg("%s", (char *)roster->problems->pdata[0]);
    assert_int_equal(roster->rows->len, 1);
    look(true);
    bf_roster_free(roster);
    assert_wiped();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_free__sees_a_name),
        cmocka_unit_test(test_bf_query_free__wipes),
        cmocka_unit_test(test_wire_query_clear__wipes),
        cmocka_unit_test(test_bf_roster_free__wipes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#else

int main(void)
{
    return 0;
}

#endif
