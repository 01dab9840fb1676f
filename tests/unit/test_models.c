/* Models on disk and the manifest that names them. */
#include "read/models.h"
#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const char MODEL[] = "weights";

typedef struct {
    char *dir, *models; /* models is a folder in dir */
} fixture;

static int set_up(void **state)
{
    fixture *f = g_new0(fixture, 1);
    f->dir = g_dir_make_tmp("blindfold-models-XXXXXX", NULL);
    f->models = g_build_filename(f->dir, "fetched", NULL);
    *state = f;
    return f->dir == NULL || g_mkdir(f->models, 0700) != 0;
}

static void remove_in(const char *dir, const char *name)
{
    g_autofree char *path = g_build_filename(dir, name, NULL);
    g_unlink(path);
}

static int tear_down(void **state)
{
    fixture *f = *state;
    remove_in(f->models, "model.onnx");
    remove_in(f->models, "manifest.json");
    remove_in(f->dir, "manifest.json");
    g_rmdir(f->models);
    g_rmdir(f->dir);
    g_free(f->models);
    g_free(f->dir);
    g_free(f);
    return 0;
}

static void write_in(const char *dir, const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(dir, name, NULL);
    assert_true(g_file_set_contents(path, text, -1, NULL));
}

static char *manifest_of(const char *file, const char *sha256)
{
    return g_strdup_printf("{\"items\": [{\"name\": \"other\"}, 7, {\"name\": \"rec\", \"version\": \"v4\", \"file\": \"%s\", "
                           "\"sha256\": \"%s\", \"size\": 7}]}",
                           file, sha256);
}

static char *true_manifest(void)
{
    g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, MODEL, -1);
    return manifest_of("model.onnx", sum);
}

static void expect_load_error(const fixture *f, const char *name, bf_reader_error code)
{
    GBytes *bytes = NULL;
    g_autoptr(GError) error = NULL;
    assert_false(bf_models_load(f->models, name, &bytes, NULL, NULL, &error));
    assert_null(bytes);
    assert_true(g_error_matches(error, BF_READER_ERROR, (int)code));
    assert_non_null(strstr(error->message, "models/fetch.sh"));
}

static void test_bf_models_load__gives_the_bytes_that_the_manifest_names(void **state)
{
    const fixture *f = *state;
    g_autofree char *manifest = true_manifest(), *version = NULL, *sha256 = NULL;
    g_autoptr(GBytes) bytes = NULL;
    write_in(f->models, "model.onnx", MODEL);
    write_in(f->models, "manifest.json", manifest);
    assert_true(bf_models_load(f->models, "rec", &bytes, &version, &sha256, NULL));
    assert_int_equal(g_bytes_get_size(bytes), strlen(MODEL));
    assert_memory_equal(g_bytes_get_data(bytes, NULL), MODEL, strlen(MODEL));
    assert_string_equal(version, "v4");
    g_autofree char *sum = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, bytes);
    assert_string_equal(sha256, sum);
}

static void test_bf_models_load__finds_the_manifest_of_a_checkout(void **state)
{
    const fixture *f = *state;
    g_autofree char *manifest = true_manifest();
    g_autoptr(GBytes) bytes = NULL;
    write_in(f->models, "model.onnx", MODEL);
    write_in(f->dir, "manifest.json", manifest);
    assert_true(bf_models_load(f->models, "rec", &bytes, NULL, NULL, NULL));
}

static void test_bf_models_load__says_what_to_run(void **state)
{
    const fixture *f = *state;
    g_autofree char *manifest = true_manifest();
    expect_load_error(f, "rec", BF_READER_ERROR_MISSING); /* no manifest */
    write_in(f->models, "manifest.json", manifest);
    expect_load_error(f, "rec", BF_READER_ERROR_MISSING); /* no model */
    write_in(f->models, "model.onnx", "weighty");
    expect_load_error(f, "rec", BF_READER_ERROR_MODEL); /* another one */
    expect_load_error(f, "det", BF_READER_ERROR_MODEL); /* not in the manifest */
    write_in(f->models, "model.onnx", MODEL);
    write_in(f->models, "manifest.json", "");
    expect_load_error(f, "rec", BF_READER_ERROR_MODEL);
}

static void test_bf_models_dir__chosen_first(void **state)
{
    (void)state;
    g_autofree char *before = g_strdup(g_getenv("BLINDFOLD_MODELS"));
    g_setenv("BLINDFOLD_MODELS", "/from/the/environment", TRUE);
    g_autofree char *chosen = bf_models_dir("/chosen"), *environment = bf_models_dir(NULL);
    assert_string_equal(chosen, "/chosen");
    assert_string_equal(environment, "/from/the/environment");
    g_unsetenv("BLINDFOLD_MODELS");
    g_autofree char *built_in = bf_models_dir(NULL);
    assert_true(g_path_is_absolute(built_in));
    if (before != NULL)
        g_setenv("BLINDFOLD_MODELS", before, TRUE);
}

static const char *const BAD[] = {
    "",
    "null",
    "[]",
    "{\"items\": {}}",
    "{\"items\": [\"rec\"]}",
    "{\"items\": [{\"name\": \"rec\"}]}",
    "{\"items\": [{\"name\": \"rec\", \"file\": 1, \"sha256\": \"00\"}]}",
    "{\"items\": [{\"name\": \"rec\", \"file\": \"a\", \"sha256\": null}]}",
    "{\"items\": [{\"name\": \"rec\", \"file\": \"../a\", \"sha256\": \"00\"}]}",
    "{\"items\": [{\"name\": \"rec\", \"file\": \"/a\", \"sha256\": \"00\"}]}",
    "{\"items\": [{\"name\": \"rec\", \"file\": \".a\", \"sha256\": \"00\"}]}",
    "{\"items\": [{\"name\": \"rec\", \"file\": \"\", \"sha256\": \"00\"}]}",
    "{\"items\": [{\"name\": \"rec\", \"file\": \"\xFF\", \"sha256\": \"00\"}]}",
    "{\"items\": [{\"name\": \"rec\", \"file\": \"a\", \"sha256\": \"00\"}]",
};

static void expect_no_item(const char *text, gssize length)
{
    char *file = NULL, *version = NULL, *sha256 = NULL;
    g_autoptr(GError) error = NULL;
    if (bf_manifest_find(text, length, "rec", &file, &version, &sha256, &error))
        fail_msg("an item was found in %.40s", text);
    assert_true(g_error_matches(error, BF_READER_ERROR, BF_READER_ERROR_MODEL));
    assert_null(file);
    assert_null(version);
    assert_null(sha256);
}

static void test_bf_manifest_find__takes_nothing_that_is_not_right(void **state)
{
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(BAD); i++)
        expect_no_item(BAD[i], -1);
}

static void test_bf_manifest_find__takes_what_is_right(void **state)
{
    (void)state;
    static const char text[] = "{\"items\": [{\"name\": \"rec\", \"file\": \"a\", \"sha256\": \"00\"}]} and no more of it";
    g_autofree char *file = NULL, *version = NULL, *sha256 = NULL;
    assert_true(bf_manifest_find(text, (gssize)strlen(text) - 18, "rec", &file, &version, &sha256, NULL));
    assert_string_equal(file, "a");
    assert_string_equal(version, "");
    assert_string_equal(sha256, "00");
}

/* json-glib's parser calls itself for each level: this many would end the process. */
static void test_bf_manifest_find__deep_and_large_texts_are_refused(void **state)
{
    (void)state;
    enum { SIZE = 900000 };
    g_autofree char *text = g_malloc(SIZE + 1);
    text[SIZE] = '\0';
    memset(text, '[', SIZE);
    expect_no_item(text, SIZE);
    for (gsize i = 0; i + 5 < SIZE; i += 5)
        memcpy(text + i, "{\"a\":", 5);
    expect_no_item(text, SIZE);
    memcpy(text, "/*\"*/", 5); /* a quotation mark in a comment must not hide them */
    expect_no_item(text, SIZE);
    g_autofree char *spaces = g_strnfill(2 << 20, ' '), *good = true_manifest(), *large = g_strconcat(good, spaces, NULL);
    expect_no_item(large, -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_bf_models_load__gives_the_bytes_that_the_manifest_names, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_bf_models_load__finds_the_manifest_of_a_checkout, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_bf_models_load__says_what_to_run, set_up, tear_down),
        cmocka_unit_test(test_bf_models_dir__chosen_first),
        cmocka_unit_test(test_bf_manifest_find__takes_nothing_that_is_not_right),
        cmocka_unit_test(test_bf_manifest_find__takes_what_is_right),
        cmocka_unit_test(test_bf_manifest_find__deep_and_large_texts_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
