/* Rows and inputs that fit and do not fit. All people are invented. */
#include "batch/batch_plan.h"

#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void collect(void *user, const char *sentence)
{
    g_string_append_printf(user, "%s\n", sentence);
}

static void touch(const char *folder, const char *relative)
{
    g_autofree char *path = g_build_filename(folder, relative, NULL), *parent = g_path_get_dirname(path);
    assert_int_equal(g_mkdir_with_parents(parent, 0700), 0);
    assert_true(g_file_set_contents(path, "x", 1, NULL));
}

static int make_inputs(void **state)
{
    char *folder = g_dir_make_tmp("blindfold-test-XXXXXX", NULL);
    touch(folder, "zips/a.zip");
    touch(folder, "zips/B.ZIP");
    touch(folder, "zips/notes.txt");
    touch(folder, "zips/.hidden.zip");
    touch(folder, "zips/c/1.jpg"); /* a package that is a folder */
    touch(folder, "zips/unasked/1.jpg");
    touch(folder, "more/a.zip");
    touch(folder, "more/x.zip");
    touch(folder, "d/1.jpg");
    touch(folder, "d/inner.zip");
    touch(folder, "empty/1.txt");
    *state = folder;
    return 0;
}

static int remove_inputs(void **state)
{
    char *argv[] = {"rm", "-rf", *state, NULL};
    bool ok = g_spawn_sync(NULL, argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
    g_free(*state);
    return ok ? 0 : -1;
}

/* "id=relative path" of each item, with blanks between. */
static char *describe(const batch_plan *plan, const char *folder)
{
    g_autoptr(GString) s = g_string_new(NULL);
    for (guint i = 0; i < plan->items->len; i++) {
        const plan_item *item = plan->items->pdata[i];
        assert_true(g_str_has_prefix(item->path, folder));
        assert_non_null(item->query);
        g_string_append_printf(s, "%s%s=%s", i ? " " : "", item->row->id, item->path + strlen(folder) + 1);
    }
    return g_string_free(g_steal_pointer(&s), FALSE);
}

#define HEAD "id,name,package\n"

static void test_batch_plan_make__cases(void **state)
{
    const char *folder = *state;
    static const struct {
        const char *what, *roster, *inputs[4], *items, *said;
    } cases[] = {
        {"zips by name, in the roster's order",
         HEAD "2,乔雨溱,B.zip\n1,孟知遥,a.zip\n",
         {"zips/a.zip", "zips/B.ZIP"},
         "2=zips/B.ZIP 1=zips/a.zip",
         ""},
        {"the default package", "id,name\na,乔雨溱\n", {"zips/a.zip"}, "a=zips/a.zip", ""},
        {"a folder of zips and packages",
         HEAD "1,乔雨溱,a.zip\n2,孟知遥,b.zip\n3,汤可久,c.zip\n",
         {"zips"},
         "1=zips/a.zip 2=zips/B.ZIP 3=zips/c",
         ""},
        {"a folder that is a package, whatever it holds", HEAD "1,乔雨溱,d\n", {"d"}, "1=d", ""},
        {"a package that is missing",
         HEAD "1,乔雨溱,a.zip\n7,孟知遥,孟知遥的材料.zip\n",
         {"zips/a.zip"},
         "1=zips/a.zip",
         "line 3: the package ×××的材料.zip of id 7 is not among the inputs\n"},
        {"two with the same name",
         HEAD "1,乔雨溱,a.zip\n2,孟知遥,x.zip\n",
         {"zips/a.zip", "more"},
         "2=more/x.zip",
         "line 2: 2 inputs have the name of the package of id 1; give one of them\n"},
        {"inputs of nobody, told by number",
         HEAD "1,乔雨溱,B.zip\n",
         {"zips", "more/x.zip"},
         "1=zips/B.ZIP",
         "zip 2 (in the order of names) of the folder that is input 1 is in no row of the roster\ninput 2 is in no row of the roster\n"},
        {"an input that is not there",
         HEAD "1,乔雨溱,a.zip\n",
         {"zips/a.zip", "nowhere.zip"},
         "1=zips/a.zip",
         "input 2 cannot be read: No such file or directory\n"},
        {"a folder without zips",
         HEAD "1,乔雨溱,a.zip\n",
         {"zips/a.zip", "empty"},
         "1=zips/a.zip",
         "input 2 is a folder that no row of the roster names, and holds no zip\n"},
        {"a bad row", HEAD "1,乔雨溱,a.zip\n2,,b.zip\n", {"zips/a.zip"}, "1=zips/a.zip", "line 3: the name is missing\n"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(bf_roster) roster = NULL;
        g_autoptr(batch_plan) plan = NULL;
        g_autoptr(GPtrArray) inputs = g_ptr_array_new_with_free_func(g_free);
        g_autoptr(GString) said = g_string_new(NULL);
        g_autoptr(GError) error = NULL;
        assert_true(bf_roster_parse(cases[i].roster, strlen(cases[i].roster), "r", &roster, NULL));
        for (guint k = 0; cases[i].inputs[k]; k++)
            g_ptr_array_add(inputs, g_build_filename(folder, cases[i].inputs[k], NULL));
        g_ptr_array_add(inputs, NULL);
        const bf_batch_observer observer = {.say = collect, .user = said};
        bf_batch_settings settings = {.roster = roster, .inputs = (const char *const *)inputs->pdata};

        bool fits = batch_plan_make(&settings, NULL, &plan, &error);
        assert_int_equal(fits, *cases[i].said == '\0');
        assert_int_equal(g_error_matches(error, BF_BATCH_ERROR, BF_BATCH_ERROR_INPUT), !fits);
        g_clear_pointer(&plan, batch_plan_free);
        settings.skip_bad_rows = true;
        assert_true(batch_plan_make(&settings, &observer, &plan, NULL));
        g_autofree char *items = describe(plan, folder);
        if (strcmp(items, cases[i].items) != 0 || strcmp(said->str, cases[i].said) != 0)
            fail_msg("%s: %s; %s", cases[i].what, items, said->str);
        assert_int_equal(plan->left_out > 0, !fits);
    }
}

static void test_batch_plan_make__nothing_to_do(void **state)
{
    (void)state;
    const char *const inputs[] = {"nowhere.zip", NULL};
    g_autoptr(bf_roster) roster = NULL;
    g_autoptr(batch_plan) plan = NULL;
    g_autoptr(GError) error = NULL;
    assert_true(bf_roster_parse("id,name\n", 8, "r", &roster, NULL));
    const bf_batch_settings settings = {.roster = roster, .inputs = inputs, .skip_bad_rows = true};
    assert_false(batch_plan_make(&settings, NULL, &plan, &error));
    assert_true(g_error_matches(error, BF_BATCH_ERROR, BF_BATCH_ERROR_INPUT));
}

static void test_batch_plan_make__one_applicant(void **state)
{
    const char *folder = *state;
    g_autofree char *path = g_build_filename(folder, "zips", NULL);
    const char *const inputs[] = {path, NULL};
    static const struct {
        const char *id, *name;
        bool fits;
    } cases[] = {{"package-0001", "乔雨溱", true}, {"package-0001", "乔", false}, {"乔雨溱", "乔雨溱", false}, {"a/b", "乔雨溱", false}};
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(bf_roster) roster = bf_roster_new_single(cases[i].id, cases[i].name, NULL, NULL);
        g_autoptr(batch_plan) plan = NULL;
        const bf_batch_settings settings = {.roster = roster, .inputs = inputs};
        assert_int_equal(batch_plan_make(&settings, NULL, &plan, NULL), cases[i].fits);
        if (!cases[i].fits)
            continue;
        g_autofree char *items = describe(plan, folder);
        assert_string_equal(items, "package-0001=zips"); /* the folder itself: the input is taken whatever its name */
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_batch_plan_make__cases),
        cmocka_unit_test(test_batch_plan_make__nothing_to_do),
        cmocka_unit_test(test_batch_plan_make__one_applicant),
    };
    return cmocka_run_group_tests(tests, make_inputs, remove_inputs);
}
