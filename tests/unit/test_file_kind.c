/* What a file is, whatever its name says: 200 disguised, cut and damaged files, each named rightly. */
#include "blindfold/jpeg.h"
#include "blindfold/jpeg_look.h"
#include "jpeg_samples.h"

typedef struct {
    const char *kind, *start;
    gsize length;
} disguise;

#define START(kind, bytes)                                                                                                                 \
    {                                                                                                                                      \
        kind, bytes, sizeof bytes - 1                                                                                                      \
    }

static const disguise disguises[] = {
    START("png", "\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
    START("gif", "GIF89a\x10\0\x10\0"),
    START("gif", "GIF87a\x10\0\x10\0"),
    START("bmp", "BM\x36\0\x01\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x10\0\0\0\x10\0\0\0"),
    START("tiff", "II*\0\x08\0\0\0"),
    START("tiff", "MM\0*\0\0\0\x08"),
    START("webp", "RIFF\x24\0\0\0WEBPVP8 "),
    START("heic", "\0\0\0\x18"
                  "ftypheic\0\0\0\0mif1heic"),
    START("heic", "\0\0\0\x18"
                  "ftypmif1\0\0\0\0mif1heic"),
    START("avif", "\0\0\0\x1c"
                  "ftypavif\0\0\0\0avifmif1"),
    START("avif", "\0\0\0\x1c"
                  "ftypmif1\0\0\0\0avifmif1"),
    START("jxl", "\0\0\0\x0cJXL \r\n\x87\n"),
    START("jxl", "\xff\x0a\xfa\x7f"),
    START("jpeg2000", "\0\0\0\x0cjP  \r\n\x87\n"),
    START("pdf", "%PDF-1.7\n%\xe2\xe3"),
    START("psd", "8BPS\0\x01"),
    START("office", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    START("rar", "Rar!\x1a\x07\x01\0"),
    START("7z", "7z\xbc\xaf\x27\x1c"),
    START("gzip", "\x1f\x8b\x08\0"),
    START("zip", "PK\3\4\x14\0\0\0\0\0page.txt"),
    START("word", "PK\3\4\x14\0\6\0\x08\0[Content_Types].xml word/document.xml"),
    START("excel", "PK\3\4\x14\0\6\0\x08\0[Content_Types].xml xl/workbook.xml"),
    START("powerpoint", "PK\3\4\x14\0\6\0\x08\0[Content_Types].xml ppt/presentation.xml"),
    START("html", "\xef\xbb\xbf <!DOCTYPE html><html>"),
    START("xml", "<?xml version=\"1.0\"?><a/>"),
    START("text", "\xe4\xb8\xaa\xe4\xba\xba\xe6\x80\xbb\xe7\xbb\x93\n"),
    START("unknown", "\x01\x02\x03\0\x04"),
};

/* Each start, with tails of many lengths behind it. */
static void test_bf_file_kind__disguises(void **state)
{
    guint n = 0;
    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(disguises); i++)
        for (gsize tail = 0; tail < 6; tail++, n++) {
            const disguise *d = &disguises[i];
            gsize length = d->length + tail * tail * 200;
            g_autofree char *data = g_malloc(length);
            memset(data, strcmp(d->kind, "text") == 0 ? 'a' : 0x55, length);
            memcpy(data, d->start, d->length);
            g_autoptr(GBytes) file = g_bytes_new(data, length);
            assert_string_equal(bf_file_kind(file), d->kind);
            bf_jpeg_info info;
            g_autoptr(GError) error = NULL;
            assert_false(bf_jpeg_probe(file, 0, &info, &error));
            assert_true(g_error_matches(error, BF_JPEG_ERROR, BF_JPEG_ERROR_NOT_JPEG));
        }
    assert_true(n >= 160);
}

static void test_bf_file_kind__empty(void **state)
{
    (void)state;
    g_autoptr(GBytes) file = g_bytes_new(NULL, 0);
    assert_string_equal(bf_file_kind(file), "empty");
}

/* Cut at each tenth: not truncated only when whole, and as much is told to be there as there is. */
static void test_bf_jpeg_decode__tells_how_much_is_there(void **state)
{
    (void)state;
    const sample s = {.colour = &colours[6], .width = 400, .height = 640};
    g_autoptr(GBytes) whole = sample_jpeg(&s);
    gsize size = g_bytes_get_size(whole), head = find_marker(whole, 0xDA) + 20;
    for (gsize tenth = 1; tenth <= 10; tenth++) {
        g_autoptr(GBytes) cut = g_bytes_new_from_bytes(whole, 0, tenth == 10 ? size : head + (size - head) * tenth / 10);
        g_autoptr(bf_picture) picture = NULL;
        bf_jpeg_info info;
        assert_true(bf_jpeg_decode(cut, 0, 0, &picture, &info, NULL));
        assert_int_equal(info.truncated, tenth < 10);
        assert_in_range(info.intact_percent, MAX(0, (int)tenth * 10 - 9), tenth * 10);
    }
}

/* Restart markers tell where damage begins; without them a warning says nothing about it. */
static void test_bf_jpeg_decode__where_damage_begins(void **state)
{
    (void)state;
    for (int restart = 0; restart <= 4; restart += 4) {
        const sample s = {.colour = &colours[6], .width = 200, .height = 320, .restart = restart};
        g_autoptr(GBytes) whole = sample_jpeg(&s);
        gsize size;
        const guint8 *data = g_bytes_get_data(whole, &size);
        guint8 *copy = g_memdup2(data, size);
        memset(copy + size * 7 / 10, 0x55, 60);
        g_autoptr(GBytes) damaged = g_bytes_new_take(copy, size);
        g_autoptr(bf_picture) picture = NULL;
        bf_jpeg_info info;
        assert_true(bf_jpeg_decode(damaged, 0, 0, &picture, &info, NULL));
        assert_true(info.warnings > 0 && !info.truncated);
        if (restart == 0)
            assert_int_equal(info.intact_percent, -1);
        else
            assert_in_range(info.intact_percent, 40, 80);
    }
}

static void test_bf_jpeg_decode__several_scans_do_not_tell(void **state)
{
    (void)state;
    const sample s = {.colour = &colours[6], .scans = SCANS_PROGRESSIVE, .width = 200, .height = 320};
    g_autoptr(GBytes) whole = sample_jpeg(&s);
    g_autoptr(bf_picture) picture = NULL;
    bf_jpeg_info info;
    assert_true(bf_jpeg_decode(whole, 0, 0, &picture, &info, NULL));
    assert_int_equal(info.intact_percent, -1);
}

static void test_bf_jpeg_probe__quality(void **state)
{
    (void)state;
    for (int quality = 10; quality <= 95; quality += 5) {
        const sample s = {.colour = &colours[6], .width = 64, .height = 64, .quality = quality};
        g_autoptr(GBytes) jpeg = sample_jpeg(&s);
        bf_jpeg_info info;
        assert_true(bf_jpeg_probe(jpeg, 0, &info, NULL));
        assert_in_range(info.quality, quality - 5, quality + 5);
    }
}

/* ---- what a file carries beside its picture ---- */

static bool has_extra(const GArray *extras, const char *kind, const char *text)
{
    for (guint i = 0; i < extras->len; i++) {
        const bf_jpeg_extra *e = &g_array_index(extras, bf_jpeg_extra, i);
        if (strcmp(e->kind, kind) == 0 && (!text || bytes_hold(e->data, text)))
            return true;
    }
    return false;
}

static void test_bf_jpeg_extras__none(void **state)
{
    (void)state;
    const sample s = {.colour = &colours[6], .width = 64, .height = 64};
    g_autoptr(GBytes) plain = sample_jpeg(&s), masked = NULL;
    g_autoptr(GArray) extras = bf_jpeg_extras(plain);
    assert_int_equal(extras->len, 0);
    /* what redact itself writes, an orientation included, is no extra */
    const sample turned = {.colour = &colours[6], .width = 64, .height = 64, .exif_orientation = 6, .planted = "word"};
    g_autoptr(GBytes) planted = sample_jpeg(&turned);
    assert_true(bf_jpeg_mask(planted, NULL, 0, 0, &masked, NULL, NULL));
    g_autoptr(GArray) after = bf_jpeg_extras(masked);
    assert_int_equal(after->len, 0);
}

static void test_bf_jpeg_extras__planted_words(void **state)
{
    (void)state;
    const sample s = {
        .colour = &colours[6], .width = 64, .height = 64, .exif_orientation = 1, .planted = "\xe4\xb9\x94\xe9\x9b\xa8\xe6\xba\xb1"};
    g_autoptr(GBytes) jpeg = sample_jpeg(&s);
    g_autoptr(GArray) extras = bf_jpeg_extras(jpeg);
    assert_true(has_extra(extras, "comment", s.planted));
    assert_true(has_extra(extras, "metadata", s.planted));
}

static void test_bf_jpeg_extras__behind_the_end(void **state)
{
    (void)state;
    const sample s = {.colour = &colours[6], .width = 64, .height = 64};
    g_autoptr(GBytes) jpeg = sample_jpeg(&s);
    gsize size = g_bytes_get_size(jpeg);
    const struct {
        const char *put;
        gsize n;
        const char *kind, *text;
    } tails[] = {{"\0\0\0", 3, NULL, NULL},
                 {"hidden", 6, "after-end", "hidden"},
                 {"\n\xc7\xc7\xd3\xea", 5, "after-end", "\xc7\xc7\xd3\xea"}}; /* as it is, whatever the encoding */
    for (gsize i = 0; i < G_N_ELEMENTS(tails); i++) {
        g_autoptr(GBytes) longer = spliced(jpeg, size, 0, tails[i].put, tails[i].n);
        g_autoptr(GArray) extras = bf_jpeg_extras(longer);
        assert_int_equal(extras->len > 0, tails[i].kind != NULL);
        assert_true(!tails[i].kind || has_extra(extras, tails[i].kind, tails[i].text));
    }
    g_autoptr(GBytes) twice = spliced(jpeg, size, 0, g_bytes_get_data(jpeg, NULL), size);
    g_autoptr(GArray) extras = bf_jpeg_extras(twice);
    assert_true(has_extra(extras, "second-picture", NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bf_file_kind__disguises),
        cmocka_unit_test(test_bf_file_kind__empty),
        cmocka_unit_test(test_bf_jpeg_decode__tells_how_much_is_there),
        cmocka_unit_test(test_bf_jpeg_decode__where_damage_begins),
        cmocka_unit_test(test_bf_jpeg_decode__several_scans_do_not_tell),
        cmocka_unit_test(test_bf_jpeg_probe__quality),
        cmocka_unit_test(test_bf_jpeg_extras__none),
        cmocka_unit_test(test_bf_jpeg_extras__planted_words),
        cmocka_unit_test(test_bf_jpeg_extras__behind_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
