/* The limits: defaults, settings, and what of them is part of a result. */
#include "blindfold/limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void test_limits_effective__zeros_become_defaults(void **state)
{
    (void)state;
    const bf_limits none = bf_limits_effective(NULL), one = bf_limits_effective(&(bf_limits){.max_entries = 7});
    assert_int_equal(none.max_entries, 2000);
    assert_int_equal(none.max_entry_bytes, 128 << 20);
    assert_true(none.max_total_bytes == (gint64)2048 << 20);
    assert_int_equal(none.max_ratio, 200);
    assert_int_equal(none.max_pixels, 60000000);
    assert_int_equal(none.page_seconds, 120);
    assert_int_equal(none.max_damaged_percent, 1);
    assert_true(none.max_page_bytes == (gint64)4096 << 20);
    assert_int_equal(one.max_entries, 7);
    assert_int_equal(one.max_ratio, 200);
}

static void test_limits_set__keys_and_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *setting;
        bool good;
    } cases[] = {{"entries=1", true},
                 {"entries=65535", true},
                 {"entries=65536", false},
                 {"entries=0", false},
                 {"entries=-1", false},
                 {"entries=", false},
                 {"entries", false},
                 {"=5", false},
                 {"", false},
                 {"entrie=5", false},
                 {"entriess=5", false},
                 {"entries=5x", false},
                 {"entry-mib=2047", true},
                 {"entry-mib=2048", false},
                 {"total-mib=1", true},
                 {"ratio=1000", true},
                 {"megapixels=100", true},
                 {"page-seconds=5", true},
                 {"page-mib=100", true},
                 {"damaged-percent=100", true},
                 {"damaged-percent=101", false},
                 {"damaged-percent=0", false},
                 {"entries= 5", false}};
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        bf_limits l = {0};
        if (bf_limits_set(&l, cases[i].setting) != cases[i].good)
            fail_msg("%s", cases[i].setting);
        const bf_limits unset = {0};
        assert_int_equal(memcmp(&l, &unset, sizeof l) != 0, cases[i].good);
    }
    bf_limits l = {0};
    assert_true(bf_limits_set(&l, "entry-mib=3") && bf_limits_set(&l, "megapixels=2"));
    assert_int_equal(l.max_entry_bytes, 3 << 20);
    assert_int_equal(l.max_pixels, 2000000);
}

static void test_limits_text__what_differs(void **state)
{
    (void)state;
    bf_limits l = {0};
    g_autofree char *none = bf_limits_text(&l);
    assert_string_equal(none, "");
    assert_true(bf_limits_set(&l, "total-mib=9") && bf_limits_set(&l, "entries=5") && bf_limits_set(&l, "page-seconds=5"));
    g_autofree char *two = bf_limits_text(&l);
    assert_string_equal(two, "entries=5,total-mib=9");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_limits_effective__zeros_become_defaults),
        cmocka_unit_test(test_limits_set__keys_and_numbers),
        cmocka_unit_test(test_limits_text__what_differs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
