/* What the tests of the record room share: a scratch folder, a package's result with one of everything, and its tool. */
#pragma once
#include "blindfold/result.h"
#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
/* cmocka wants setjmp.h, stdarg.h and stddef.h before it */
#include <cmocka.h>

#define SAMPLE_NAME "欧阳试样" /* invented; nothing that is written may hold it */
#define SAMPLE_SANDBOX ((bf_audit_sandbox){"auto", "seccomp, landlock", "seccomp"})
#define SHA_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define SHA_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define SHA_C "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"
#define SHA_D "dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd"

static inline char *make_scratch(void)
{
    char *folder = g_dir_make_tmp("record-XXXXXX", NULL);
    assert_non_null(folder);
    return folder;
}

static inline void remove_scratch(char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    for (const char *name = NULL; dir && (name = g_dir_read_name(dir));) {
        char *path = g_build_filename(folder, name, NULL);
        if (g_file_test(path, G_FILE_TEST_IS_DIR) && !g_file_test(path, G_FILE_TEST_IS_SYMLINK))
            remove_scratch(path);
        else {
            g_unlink(path);
            g_free(path);
        }
    }
    g_rmdir(folder);
    g_free(folder);
}

static inline GString *load_text(const char *folder, const char *name)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    char *data = NULL;
    gsize length = 0;
    assert_true(g_file_get_contents(path, &data, &length, NULL));
    GString *text = g_string_new_len(data, (gssize)length);
    g_free(data);
    return text;
}

/* Plain writing, mode 0600: a file changed thousands of times need not be durable. */
static inline void store_text(const char *folder, const char *name, const char *data, gsize length)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    FILE *file = g_fopen(path, "we");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(g_chmod(path, 0600), 0);
}

static const bf_reader_info SAMPLE_READERS[] = {{"ppocr", "5.0", SHA_D}, {"tesseract", "5.3.0", ""}};
static const bf_tool_info SAMPLE_TOOL = {"0.1.0", "margin=6 quality=92", SAMPLE_READERS, 2};

static inline bf_page_record *make_masked_page(void)
{
    bf_page_record *record = bf_page_record_new();
    record->entry = g_strdup("学历/×××毕业证.jpg");
    record->entry_index = 3;
    record->output_entry = g_strdup("学历/001.jpg");
    bf_page_result *page = &record->page;
    page->decision = BF_DECISION_MASKED;
    page->needs_masking = BF_ANSWER_YES;
    page->width_px = 1240;
    page->height_px = 1754;
    page->exif_orientation = 6;
    page->orientation_deg = 0;
    page->legibility = BF_LEGIBILITY_LEGIBLE;
    page->legibility_score = 0.98765f;
    const bf_mask masks[] = {{{64, 128, 192, 48}, BF_MASK_NAME, "ppocr", 0.5f}, {{0, 16, 32, 32}, BF_MASK_SEAL, "tesseract", 1.0f}};
    page->masks = g_array_new(FALSE, FALSE, sizeof(bf_mask));
    g_array_append_vals(page->masks, masks, 2);
    page->verify_passed = true;
    page->unchanged_blocks = 51000;
    page->masked_blocks = 240;
    g_strlcpy(page->sha256_in, SHA_A, BF_SHA256_HEX);
    g_strlcpy(page->sha256_out, SHA_B, BF_SHA256_HEX);
    return record;
}

/* A masked page, a page of which nothing is known, one dropped entry. */
static inline bf_package_result *make_result(const char *id)
{
    bf_package_result *result = bf_package_result_new(id);
    result->verdict = BF_VERDICT_HELD;
    result->reasons = g_ptr_array_new();
    g_ptr_array_add(result->reasons, (gpointer) "name-not-found");
    g_ptr_array_add(result->reasons, (gpointer) "unsure");
    result->person = g_strdup(SHA_C);
    result->output = g_strdup_printf("held/%s.zip", id);
    g_strlcpy(result->input_sha256, SHA_A, BF_SHA256_HEX);
    g_strlcpy(result->output_sha256, SHA_B, BF_SHA256_HEX);
    g_ptr_array_add(result->pages, make_masked_page());
    bf_page_record *unknown = bf_page_record_new();
    unknown->entry = g_strdup("b \"2\".jpg");
    unknown->entry_index = 4;
    unknown->page.recoded = true;
    unknown->page.jpeg_warnings = 7;
    bf_page_result_add_reason(&unknown->page, "name-not-found");
    bf_page_result_add_reason(&unknown->page, "unsure");
    g_ptr_array_add(result->pages, unknown);
    g_ptr_array_add(result->dropped, bf_dropped_entry_new("说明.docx", 0, "not-an-image"));
    return result;
}
