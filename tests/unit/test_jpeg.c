#include "jpeg_samples.h"

#include "blindfold/jpeg_look.h"

static void assert_jpeg_error(GError *error, bf_jpeg_error code)
{
    assert_non_null(error);
    if (!g_error_matches(error, BF_JPEG_ERROR, (gint)code))
        fail_msg("code %d: %s", error->code, error->message);
}

static bf_colour colour_expected(J_COLOR_SPACE space)
{
    switch (space) {
    case JCS_GRAYSCALE:
        return BF_COLOUR_GRAY;
    case JCS_RGB:
        return BF_COLOUR_RGB;
    case JCS_CMYK:
        return BF_COLOUR_CMYK;
    case JCS_YCCK:
        return BF_COLOUR_YCCK;
    default:
        return BF_COLOUR_YCC;
    }
}

static void test_jpeg_probe__every_colour(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(colours); i++)
        for (int scans = 0; scans < N_SCANS; scans++) {
            sample s = {.colour = &colours[i], .scans = (sample_scans)scans, .width = 37, .height = 29, .exif_orientation = 6};
            g_autoptr(GBytes) jpeg = sample_jpeg(&s);
            bf_jpeg_info info;
            assert_true(bf_jpeg_probe(jpeg, 0, &info, NULL));
            int h = 1, v = 1;
            for (int c = 0; c < colours[i].n && colours[i].n > 1; c++) {
                h = MAX(h, colours[i].h[c]);
                v = MAX(v, colours[i].v[c]);
            }
            assert_int_equal(info.width_px, 37);
            assert_int_equal(info.height_px, 29);
            assert_int_equal(info.components, colours[i].n);
            assert_int_equal(info.colour, colour_expected(colours[i].space));
            assert_int_equal(info.imcu_w_px, 8 * h);
            assert_int_equal(info.imcu_h_px, 8 * v);
            assert_int_equal(info.progressive, scans == SCANS_PROGRESSIVE);
            assert_int_equal(info.exif_orientation, 6);
            assert_false(info.truncated);
        }
}

static void test_jpeg_probe__not_a_jpeg(void **state)
{
    (void)state;
    static const char *const inputs[] = {"", "\xFF", "\xFF\xD8", "\x89PNG\r\n\x1a\n....", "GIF89a", "\xFF\xD7\xFF\xE0 abc"};
    for (size_t i = 0; i < G_N_ELEMENTS(inputs); i++) {
        g_autoptr(GBytes) bytes = g_bytes_new(inputs[i], strlen(inputs[i]));
        g_autoptr(GError) error = NULL;
        bf_jpeg_info info;
        bf_picture *picture = NULL;
        GBytes *out = NULL;
        assert_false(bf_jpeg_probe(bytes, 0, &info, &error));
        assert_jpeg_error(error, BF_JPEG_ERROR_NOT_JPEG);
        assert_false(bf_jpeg_decode(bytes, 0, 0, &picture, NULL, NULL));
        assert_false(bf_jpeg_mask(bytes, NULL, 0, 0, &out, NULL, NULL));
        assert_true(picture == NULL && out == NULL);
    }
}

static void test_jpeg_probe__limit(void **state)
{
    (void)state;
    g_autoptr(GBytes) jpeg = plain_sample();
    bf_jpeg_info info;
    g_autoptr(GError) error = NULL;
    assert_true(bf_jpeg_probe(jpeg, 70 * 50, &info, NULL));
    assert_false(bf_jpeg_probe(jpeg, 70 * 50 - 1, &info, &error));
    assert_jpeg_error(error, BF_JPEG_ERROR_LIMIT);
}

/* A file of a few hundred bytes that asks for gigabytes: told before any memory is taken, by every entry. */
static void test_jpeg_decode__huge_size(void **state)
{
    (void)state;
    g_autoptr(GBytes) jpeg = plain_sample();
    size_t sof = find_marker(jpeg, 0xC0);
    static const guint8 side[4] = {0xFF, 0xDC, 0xFF, 0xDC}; /* 65500 */
    g_autoptr(GBytes) huge = spliced(jpeg, sof + 5, 4, side, 4);
    g_autoptr(GError) a = NULL, b = NULL;
    bf_picture *picture = NULL;
    GBytes *out = NULL;
    assert_false(bf_jpeg_decode(huge, 100000000, 0, &picture, NULL, &a));
    assert_jpeg_error(a, BF_JPEG_ERROR_LIMIT);
    assert_false(bf_jpeg_mask(huge, NULL, 0, 100000000, &out, NULL, &b));
    assert_jpeg_error(b, BF_JPEG_ERROR_LIMIT);
}

static void test_jpeg_probe__unsupported(void **state)
{
    (void)state;
    g_autoptr(GBytes) jpeg = plain_sample();
    size_t sof = find_marker(jpeg, 0xC0);
    static const struct {
        const char *name;
        size_t at; /* behind the SOF marker's 0xFF */
        guint8 value;
    } cases[] = {{"12 bit", 4, 12}, {"lossless", 1, 0xC3}, {"hierarchical", 1, 0xC5}, {"2 bit", 4, 2}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GBytes) changed = spliced(jpeg, sof + cases[i].at, 1, &cases[i].value, 1);
        g_autoptr(GError) error = NULL;
        bf_jpeg_info info;
        assert_false(bf_jpeg_probe(changed, 0, &info, &error));
        assert_jpeg_error(error, BF_JPEG_ERROR_UNSUPPORTED);
    }
}

static void test_jpeg_probe__two_components(void **state)
{
    (void)state;
    sample_colours two = {"two", JCS_UNKNOWN, false, 2, {1, 1}, {1, 1}};
    sample s = {.colour = &two, .width = 16, .height = 16};
    g_autoptr(GBytes) jpeg = sample_jpeg(&s);
    g_autoptr(GError) error = NULL;
    bf_jpeg_info info;
    assert_false(bf_jpeg_probe(jpeg, 0, &info, &error));
    assert_jpeg_error(error, BF_JPEG_ERROR_UNSUPPORTED);
}

static GBytes *with_app1(const guint8 *payload, size_t size)
{
    g_autoptr(GBytes) jpeg = plain_sample();
    g_autoptr(GByteArray) segment = g_byte_array_new();
    guint8 head[4] = {0xFF, 0xE1, (guint8)((size + 2) >> 8), (guint8)(size + 2)};
    g_byte_array_append(segment, head, sizeof head);
    g_byte_array_append(segment, payload, (guint)size);
    return spliced(jpeg, 2, 0, segment->data, segment->len);
}

#define EXIF_HEAD 'E', 'x', 'i', 'f', 0, 0

static void test_jpeg_probe__exif(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        guint8 payload[40];
        size_t size;
        int expected;
    } cases[] = {
        {"little-endian", {EXIF_HEAD, 'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0}, 28, 6},
        {"big-endian", {EXIF_HEAD, 'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 8, 0, 0}, 28, 8},
        {"as a long number", {EXIF_HEAD, 'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 4, 0, 0, 0, 1, 0, 0, 0, 3}, 28, 3},
        {"directory further on", {EXIF_HEAD, 'M', 'M', 0, 42, 0, 0, 0, 12, 9, 9, 9, 9, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 5, 0, 0}, 32, 5},
        {"0 is none", {EXIF_HEAD, 'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 0, 0, 0}, 28, 1},
        {"9 is none", {EXIF_HEAD, 'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 9, 0, 0}, 28, 1},
        {"of another type", {EXIF_HEAD, 'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 2, 0, 0, 0, 1, 0, 6, 0, 0}, 28, 1},
        {"two of them", {EXIF_HEAD, 'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 2, 0, 6, 0, 6}, 28, 1},
        {"no such byte order", {EXIF_HEAD, 'X', 'X', 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0}, 28, 1},
        {"not 42", {EXIF_HEAD, 'M', 'M', 0, 43, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0}, 28, 1},
        {"cut within the entry", {EXIF_HEAD, 'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0}, 27, 1},
        {"cut before the directory", {EXIF_HEAD, 'M', 'M', 0, 42, 0, 0, 0, 8}, 14, 1},
        {"cut within the header", {EXIF_HEAD, 'M', 'M', 0}, 9, 1},
        {"nothing but the mark", {EXIF_HEAD}, 6, 1},
        {"directory beyond the end", {EXIF_HEAD, 'M', 'M', 0, 42, 255, 255, 255, 255, 0, 1}, 16, 1},
        {"more entries than there are", {EXIF_HEAD, 'M', 'M', 0, 42, 0, 0, 0, 8, 255, 255, 1, 0, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0}, 28, 1},
        {"not EXIF", {'E', 'x', 'i', 'f', 'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0}, 26, 1},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GBytes) jpeg = with_app1(cases[i].payload, cases[i].size);
        bf_jpeg_info info;
        assert_true(bf_jpeg_probe(jpeg, 0, &info, NULL));
        if (info.exif_orientation != cases[i].expected)
            fail_msg("%s: %d", cases[i].name, info.exif_orientation);
    }
}

/* The first EXIF counts; XMP in front of it does not hide it. */
static void test_jpeg_probe__xmp_before_exif(void **state)
{
    (void)state;
    sample s = {.colour = &colours[6], .width = 20, .height = 20, .exif_orientation = 7};
    g_autoptr(GBytes) jpeg = sample_jpeg(&s);
    static const guint8 xmp[] = {0xFF, 0xE1, 0, 8, 'h', 't', 't', 'p', ':', 0};
    g_autoptr(GBytes) both = spliced(jpeg, 2, 0, xmp, sizeof xmp);
    bf_jpeg_info info;
    assert_true(bf_jpeg_probe(both, 0, &info, NULL));
    assert_int_equal(info.exif_orientation, 7);
}

static void test_jpeg_decode__truncated(void **state)
{
    (void)state;
    g_autoptr(GBytes) jpeg = plain_sample();
    size_t sos = find_marker(jpeg, 0xDA), size = g_bytes_get_size(jpeg);
    size_t cuts[] = {sos + 20, (sos + size) / 2, size - 2, size - 1};
    for (size_t i = 0; i < G_N_ELEMENTS(cuts); i++) {
        g_autoptr(GBytes) cut = g_bytes_new_from_bytes(jpeg, 0, cuts[i]);
        g_autoptr(bf_picture) picture = NULL;
        bf_jpeg_info info;
        assert_true(bf_jpeg_decode(cut, 0, 0, &picture, &info, NULL));
        assert_true(info.truncated);
        assert_true(info.warnings > 0);
        assert_int_equal(picture->height_px, 50);
    }
    g_autoptr(bf_picture) picture = NULL;
    bf_jpeg_info info;
    assert_true(bf_jpeg_decode(jpeg, 0, 0, &picture, &info, NULL));
    assert_false(info.truncated);
    assert_int_equal(info.warnings, 0);
}

/* A thumbnail's EOI within a segment, and one behind a stuffed byte, are not the picture's. */
static void test_jpeg_probe__eoi_elsewhere(void **state)
{
    (void)state;
    g_autoptr(GBytes) jpeg = plain_sample();
    static const guint8 comment[] = {0xFF, 0xFE, 0, 6, 0xFF, 0xD9, 0xFF, 0xD9};
    g_autoptr(GBytes) whole = spliced(jpeg, 2, 0, comment, sizeof comment);
    g_autoptr(GBytes) cut = g_bytes_new_from_bytes(whole, 0, g_bytes_get_size(whole) - 2);
    bf_jpeg_info info;
    assert_true(bf_jpeg_probe(cut, 0, &info, NULL));
    assert_true(info.truncated);
}

static void assert_near(const uint8_t *pixel, int r, int g, int b)
{
    if (abs(pixel[0] - r) > 3 || abs(pixel[1] - g) > 3 || abs(pixel[2] - b) > 3)
        fail_msg("%d %d %d is not near %d %d %d", pixel[0], pixel[1], pixel[2], r, g, b);
}

/* A flat picture in raw samples of its colour space. */
static GBytes *flat_jpeg(const sample_colours *colour, const uint8_t *raw)
{
    struct jpeg_error_mgr err;
    struct jpeg_compress_struct c = {.err = jpeg_std_error(&err)};
    sample s = {.colour = colour, .width = 16, .height = 16, .quality = 95};
    jpeg_scan_info separate[8];
    unsigned char *data = NULL;
    unsigned long size = 0;
    jpeg_create_compress(&c);
    jpeg_mem_dest(&c, &data, &size);
    sample_setup(&c, &s, separate);
    jpeg_start_compress(&c, TRUE);
    uint8_t row[16 * 4], *rows = row;
    for (int x = 0; x < 16; x++)
        memcpy(row + x * colour->n, raw, (size_t)colour->n);
    for (int y = 0; y < 16; y++)
        jpeg_write_scanlines(&c, &rows, 1);
    jpeg_finish_compress(&c);
    jpeg_destroy_compress(&c);
    GBytes *bytes = g_bytes_new(data, size);
    free(data);
    return bytes;
}

static void test_jpeg_decode__colours(void **state)
{
    (void)state;
    static const struct {
        int colour;
        uint8_t raw[4];
        int r, g, b;
    } cases[] = {
        {6, {128, 128, 128}, 128, 128, 128},       {6, {76, 85, 255}, 254, 0, 0},
        {11, {10, 200, 90}, 10, 200, 90},          {12, {255, 255, 255, 255}, 255, 255, 255}, /* Adobe: 255 is no ink */
        {12, {255, 128, 255, 255}, 255, 128, 255}, {12, {255, 255, 255, 0}, 0, 0, 0},
        {12, {200, 100, 50, 128}, 100, 50, 25},    {13, {0, 0, 0, 0}, 255, 255, 255}, /* plain: 0 is no ink */
        {13, {0, 128, 0, 0}, 255, 127, 255},       {13, {0, 0, 0, 255}, 0, 0, 0},
        {14, {0, 128, 128, 255}, 255, 255, 255}, /* YCCK: Y 0 is C = M = Y = 255, no ink */
        {14, {0, 128, 128, 100}, 100, 100, 100},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GBytes) jpeg = flat_jpeg(&colours[cases[i].colour], cases[i].raw);
        g_autoptr(bf_picture) picture = NULL;
        assert_true(bf_jpeg_decode(jpeg, 0, 0, &picture, NULL, NULL));
        assert_int_equal(picture->channels, 3);
        assert_near(picture->data, cases[i].r, cases[i].g, cases[i].b);
        assert_near(picture->data + 3 * (16 * 16 - 1), cases[i].r, cases[i].g, cases[i].b);
    }
    g_autoptr(GBytes) gray = flat_jpeg(&colours[0], (const uint8_t[]){77});
    g_autoptr(bf_picture) picture = NULL;
    assert_true(bf_jpeg_decode(gray, 0, 0, &picture, NULL, NULL));
    assert_int_equal(picture->channels, 1);
    assert_int_equal(picture->data[100], 77);
}

static void test_jpeg_decode__scaled(void **state)
{
    (void)state;
    static const struct {
        gint64 target;
        int w, h, eighths;
    } cases[] = {{0, 70, 50, 8}, {3500, 70, 50, 8}, {3499, 35, 25, 4}, {875, 35, 25, 4}, {874, 18, 13, 2}, {233, 9, 7, 1}, {1, 9, 7, 1}};
    g_autoptr(GBytes) jpeg = plain_sample();
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(bf_picture) picture = NULL;
        bf_jpeg_info info;
        assert_true(bf_jpeg_decode(jpeg, 0, cases[i].target, &picture, &info, NULL));
        assert_int_equal(picture->width_px, cases[i].w);
        assert_int_equal(picture->height_px, cases[i].h);
        assert_int_equal(info.decode_scale_eighths, cases[i].eighths);
        assert_int_equal(info.width_px, 70);
    }
}

/* A progressive file may ask for a pass over the whole picture in a few bytes, as often as it likes. */
static void test_jpeg_decode__endless_scans(void **state)
{
    (void)state;
    sample s = {.colour = &colours[0], .scans = SCANS_PROGRESSIVE, .width = 8, .height = 8};
    g_autoptr(GBytes) jpeg = sample_jpeg(&s);
    gsize size = 0;
    const guint8 *data = g_bytes_get_data(jpeg, &size);
    size_t last = size - 2;
    while (!(data[last] == 0xFF && data[last + 1] == 0xDA))
        last--;
    for (int n = 400; n <= 600; n += 200) {
        g_autoptr(GByteArray) many = g_byte_array_new();
        g_byte_array_append(many, data, (guint)last);
        for (int i = 0; i < n; i++)
            g_byte_array_append(many, data + last, (guint)(size - 2 - last));
        g_byte_array_append(many, data + size - 2, 2);
        g_autoptr(GBytes) bytes = g_byte_array_free_to_bytes(g_steal_pointer(&many));
        g_autoptr(GError) a = NULL, b = NULL;
        g_autoptr(bf_picture) picture = NULL;
        g_autoptr(GBytes) out = NULL;
        assert_int_equal(bf_jpeg_decode(bytes, 0, 0, &picture, NULL, &a), n == 400);
        assert_int_equal(bf_jpeg_mask(bytes, NULL, 0, 0, &out, NULL, &b), n == 400);
        if (n > 400) {
            assert_jpeg_error(a, BF_JPEG_ERROR_LIMIT);
            assert_jpeg_error(b, BF_JPEG_ERROR_LIMIT);
        }
    }
}

/* The header is told without libjpeg as with it, cut anywhere and however the segments before it lie about their lengths. */
static void test_jpeg_outline_of__as_libjpeg_has_it(void **state)
{
    (void)state;
    g_autoptr(GBytes) plain = plain_sample(), short_segment = spliced(plain, 2, 0, "\xFF\xE5\0\0\xFF\xE6\0\1", 8);
    GBytes *samples[] = {plain, short_segment};
    guint agreed = 0;
    for (guint i = 0; i < G_N_ELEMENTS(samples); i++)
        for (size_t cut = 0; cut <= g_bytes_get_size(samples[i]); cut += 7) {
            g_autoptr(GBytes) jpeg = g_bytes_new_from_bytes(samples[i], 0, cut);
            bf_jpeg_info info;
            bf_jpeg_outline o;
            if (!bf_jpeg_probe(jpeg, 0, &info, NULL))
                continue;
            assert_true(bf_jpeg_outline_of(jpeg, &o));
            assert_true(o.width_px == info.width_px && o.height_px == info.height_px && o.components == info.components);
            assert_int_equal(o.quartered, info.imcu_w_px > 8 && info.imcu_h_px > 8);
            agreed++;
        }
    assert_true(agreed > 50);
    static const char *const none[] = {"", "\xFF\xD8\xFF\xD9", "\xFF\xD8\xFF\xC0", "no picture"};
    for (guint i = 0; i < G_N_ELEMENTS(none); i++) {
        g_autoptr(GBytes) jpeg = g_bytes_new_static(none[i], strlen(none[i]));
        bf_jpeg_outline o;
        assert_false(bf_jpeg_outline_of(jpeg, &o));
    }
}

/* Every cut and many flips: an error or a picture, never a crash (the sanitizers watch). */
static void test_jpeg_decode__damaged(void **state)
{
    (void)state;
    g_autoptr(GBytes) jpeg = plain_sample();
    size_t size = g_bytes_get_size(jpeg);
    int decoded = 0, refused = 0;
    for (size_t at = 0; at < size; at += 3) {
        guint8 flipped = (guint8)(((const guint8 *)g_bytes_get_data(jpeg, NULL))[at] ^ 0x41);
        g_autoptr(GBytes) cut = g_bytes_new_from_bytes(jpeg, 0, at), changed = spliced(jpeg, at, 1, &flipped, 1);
        GBytes *both[2] = {cut, changed};
        for (int i = 0; i < 2; i++) {
            g_autoptr(bf_picture) picture = NULL;
            g_autoptr(GError) error = NULL;
            if (bf_jpeg_decode(both[i], 1000000, 0, &picture, NULL, &error)) {
                decoded++;
                assert_non_null(picture);
            } else {
                refused++;
                assert_int_equal(error->domain, BF_JPEG_ERROR);
            }
        }
    }
    assert_true(decoded > 100 && refused > 100);
}

static void test_jpeg_snap__cases(void **state)
{
    (void)state;
    static const struct {
        bf_rect in, expected;
    } cases[] = {
        {{0, 0, 1, 1}, {0, 0, 16, 8}},
        {{16, 8, 16, 8}, {16, 8, 16, 8}},
        {{15, 7, 2, 2}, {0, 0, 32, 16}},
        {{60, 44, 100, 100}, {48, 40, 22, 10}}, /* clipped to the page of 70 x 50 */
        {{-20, -20, 25, 25}, {0, 0, 16, 8}},
        {{-100, -100, 1000, 1000}, {0, 0, 70, 50}},
        {{G_MAXINT - 3, 5, G_MAXINT, 5}, {0, 0, 0, 0}},
        {{70, 0, 5, 5}, {0, 0, 0, 0}},
        {{5, 5, 0, 9}, {0, 0, 0, 0}},
        {{5, 5, -4, 9}, {0, 0, 0, 0}},
    };
    bf_jpeg_info info = {.width_px = 70, .height_px = 50, .imcu_w_px = 16, .imcu_h_px = 8};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        bf_rect r = bf_jpeg_snap(&info, cases[i].in);
        assert_memory_equal(&r, &cases[i].expected, sizeof r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_jpeg_probe__every_colour),
        cmocka_unit_test(test_jpeg_probe__not_a_jpeg),
        cmocka_unit_test(test_jpeg_probe__limit),
        cmocka_unit_test(test_jpeg_decode__huge_size),
        cmocka_unit_test(test_jpeg_probe__unsupported),
        cmocka_unit_test(test_jpeg_probe__two_components),
        cmocka_unit_test(test_jpeg_probe__exif),
        cmocka_unit_test(test_jpeg_probe__xmp_before_exif),
        cmocka_unit_test(test_jpeg_decode__truncated),
        cmocka_unit_test(test_jpeg_probe__eoi_elsewhere),
        cmocka_unit_test(test_jpeg_decode__colours),
        cmocka_unit_test(test_jpeg_decode__scaled),
        cmocka_unit_test(test_jpeg_decode__endless_scans),
        cmocka_unit_test(test_jpeg_decode__damaged),
        cmocka_unit_test(test_jpeg_outline_of__as_libjpeg_has_it),
        cmocka_unit_test(test_jpeg_snap__cases),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
