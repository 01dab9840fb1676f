#include "jpeg_samples.h"

/* With BF_TEST_WRITE_SEEDS=FOLDER the fuzzer's seed corpus (tests/data/fuzz/jpeg) is written anew, beside the tests. */

#define PLANTED "PLANTED-7f3a"

static const int sizes[][2] = {{1, 1}, {7, 9}, {17, 33}, {8, 8}, {70, 50}};

/* Rectangles by the page's size, in tenths of it. */
static const struct {
    const char *name;
    size_t n;
    int tenths[2][4];
} rect_sets[] = {
    {"none", 0, {{0}}},
    {"one in the middle", 1, {{4, 4, 2, 2}}},
    {"two that overlap", 2, {{1, 1, 5, 3}, {3, 2, 4, 3}}},
    {"the last corner", 1, {{9, 9, 1, 1}}},
    {"all", 1, {{-1, -1, 13, 13}}},
};

static void make_rects(int set, int w, int h, bf_rect *rects)
{
    for (size_t i = 0; i < rect_sets[set].n; i++) {
        const int *t = rect_sets[set].tenths[i];
        rects[i] = (bf_rect){t[0] * w / 10, t[1] * h / 10, MAX(t[2] * w / 10, 1), MAX(t[3] * h / 10, 1)};
    }
}

/* Whether a block belongs to an iMCU that a rectangle touches; written down from the definition, block by block. */
static bool block_touched(const sample *s, int component, int x, int y, const bf_rect *rects, size_t n)
{
    int h_max = 1, v_max = 1, h = 1, v = 1;
    if (s->colour->n > 1) {
        for (int i = 0; i < s->colour->n; i++) {
            h_max = MAX(h_max, s->colour->h[i]);
            v_max = MAX(v_max, s->colour->v[i]);
        }
        h = s->colour->h[component];
        v = s->colour->v[component];
    }
    int w_px = 8 * h_max, h_px = 8 * v_max;
    bf_rect imcu = bf_rect_intersect((bf_rect){x / h * w_px, y / v * h_px, w_px, h_px}, (bf_rect){0, 0, s->width, s->height});
    for (size_t i = 0; i < n; i++)
        if (!bf_rect_is_empty(bf_rect_intersect(imcu, rects[i])))
            return true;
    return false;
}

static bool is_flat(const JCOEF *block)
{
    for (int k = 1; k < 64; k++)
        if (block[k])
            return false;
    return true;
}

/* The coefficients of both files, with plain libjpeg: outside equal, inside flat with one DC for the whole component. */
static void compare(const sample *s, GBytes *before, GBytes *after, const bf_rect *rects, size_t n, bf_mask_stats *expected)
{
    sample_coefficients a, b;
    sample_coefficients_init(&a, before);
    sample_coefficients_init(&b, after);
    assert_int_equal(b.err.num_warnings, 0);
    assert_int_equal(a.d.num_components, b.d.num_components);
    assert_int_equal(a.d.jpeg_color_space, b.d.jpeg_color_space);
    assert_int_equal(a.d.progressive_mode, b.d.progressive_mode);
    assert_false(b.d.arith_code);
    *expected = (bf_mask_stats){0};
    for (int ci = 0; ci < a.d.num_components; ci++) {
        const jpeg_component_info *p = &a.d.comp_info[ci], *q = &b.d.comp_info[ci];
        int dc = 0, masked = 0;
        assert_memory_equal(p->quant_table->quantval, q->quant_table->quantval, sizeof p->quant_table->quantval);
        for (int y = 0; y < (int)p->height_in_blocks; y++)
            for (int x = 0; x < (int)p->width_in_blocks; x++) {
                const JCOEF *in = sample_block(&a, ci, x, y), *out = sample_block(&b, ci, x, y);
                if (!block_touched(s, ci, x, y, rects, n)) {
                    assert_memory_equal(in, out, sizeof(JBLOCK));
                    expected->unchanged_blocks++;
                    continue;
                }
                assert_true(is_flat(out));
                assert_true(masked++ == 0 || out[0] == dc);
                dc = out[0];
            }
        expected->masked_blocks += masked;
    }
    sample_coefficients_clear(&a);
    sample_coefficients_clear(&b);
}

/* Every pixel under a mask is black as a viewer shows it, but for a rim into which viewers interpolate the neighbours' chroma. */
static void assert_black(GBytes *jpeg, const bf_rect *rects, size_t n)
{
    bf_jpeg_info info;
    g_autoptr(bf_picture) picture = NULL;
    assert_true(bf_jpeg_decode(jpeg, 0, 0, &picture, &info, NULL));
    int rim = info.imcu_w_px * info.imcu_h_px > 64 ? 2 : 0;
    for (size_t i = 0; i < n; i++) {
        bf_rect r = bf_rect_grow(bf_jpeg_snap(&info, rects[i]), -rim, -rim);
        for (int y = r.y; y < r.y + r.h; y++)
            for (int k = r.x * picture->channels; k < (r.x + r.w) * picture->channels; k++)
                assert_int_equal(picture->data[y * picture->width_px * picture->channels + k], 0);
    }
}

/* By field: what lies between them is not defined. */
static void assert_stats_equal(const bf_mask_stats *a, const bf_mask_stats *b)
{
    assert_int_equal(a->unchanged_blocks, b->unchanged_blocks);
    assert_int_equal(a->masked_blocks, b->masked_blocks);
    assert_int_equal(a->recoded, b->recoded);
}

static void check_case(const sample *s, int set)
{
    bf_rect rects[2];
    size_t n = rect_sets[set].n;
    make_rects(set, s->width, s->height, rects);
    g_autoptr(GBytes) jpeg = sample_jpeg(s), out = NULL, again = NULL;
    bf_mask_stats stats, expected, proved;
    g_autoptr(GError) error = NULL;
    if (!bf_jpeg_mask(jpeg, rects, n, 0, &out, &stats, &error))
        fail_msg("%s: %s", s->colour->name, error->message);
    assert_false(stats.recoded);
    compare(s, jpeg, out, rects, n, &expected);
    assert_int_equal(stats.unchanged_blocks, expected.unchanged_blocks);
    assert_int_equal(stats.masked_blocks, expected.masked_blocks);
    if (!bf_jpeg_verify(jpeg, out, rects, n, false, &proved, &error))
        fail_msg("%s: %s", s->colour->name, error->message);
    assert_stats_equal(&proved, &stats);
    assert_black(out, rects, n);
    assert_true(bf_jpeg_mask(jpeg, rects, n, 0, &again, NULL, NULL));
    assert_true(g_bytes_equal(out, again));
    assert_false(bytes_hold(out, PLANTED));
    if (s->planted)
        assert_true(bytes_hold(jpeg, PLANTED));
}

static void test_jpeg_mask__every_coding(void **state)
{
    (void)state;
    for (size_t c = 0; c < G_N_ELEMENTS(colours); c++)
        for (int scans = 0; scans < N_SCANS; scans++)
            for (size_t size = 0; size < G_N_ELEMENTS(sizes); size++)
                for (int set = 0; set < (int)G_N_ELEMENTS(rect_sets); set++) {
                    int turn = (int)(c + size) + set;
                    sample s = {.colour = &colours[c],
                                .scans = (sample_scans)scans,
                                .width = sizes[size][0],
                                .height = sizes[size][1],
                                .restart = turn % 3, /* 0: none */
                                .quality = turn % 2 ? 95 : 30,
                                .bright = true,
                                .exif_orientation = turn % 9,
                                .planted = turn % 2 ? PLANTED : NULL};
                    check_case(&s, set);
                }
}

/* Viewers disagree on whether 255 is all ink or none; a mask is black for both. */
static void test_jpeg_mask__cmyk_is_black_either_way(void **state)
{
    (void)state;
    for (size_t c = 0; c < G_N_ELEMENTS(colours); c++) {
        if (colours[c].n != 4)
            continue;
        sample s = {.colour = &colours[c], .width = 16, .height = 16, .bright = true};
        g_autoptr(GBytes) jpeg = sample_jpeg(&s), out = NULL;
        bf_rect all = {0, 0, 16, 16};
        assert_true(bf_jpeg_mask(jpeg, &all, 1, 0, &out, NULL, NULL));
        gsize size = 0;
        const void *data = g_bytes_get_data(out, &size);
        struct jpeg_error_mgr err;
        struct jpeg_decompress_struct d = {.err = jpeg_std_error(&err)};
        uint8_t row[16 * 4], *rows = row;
        jpeg_create_decompress(&d);
        jpeg_mem_src(&d, data, size);
        jpeg_read_header(&d, TRUE);
        d.out_color_space = JCS_CMYK;
        jpeg_start_decompress(&d);
        jpeg_read_scanlines(&d, &rows, 1);
        jpeg_destroy_decompress(&d);
        for (int i = 0; i < 3; i++) {
            assert_int_equal(row[i] * row[3], 0);                 /* as Adobe reads it: light through ink i and black */
            assert_int_equal((255 - row[i]) * (255 - row[3]), 0); /* as the standard does */
        }
    }
}

/* What a masked page's bytes still say may not depend on what was under the mask. */
static void test_jpeg_mask__nothing_of_the_content_is_left(void **state)
{
    (void)state;
    for (size_t c = 0; c < G_N_ELEMENTS(colours); c++)
        for (int scans = 0; scans < N_SCANS; scans++) {
            sample s = {.colour = &colours[c], .scans = (sample_scans)scans, .width = 33, .height = 50, .planted = PLANTED};
            sample other = s;
            other.bright = true;
            other.planted = NULL;
            bf_rect all = {0, 0, 33, 50};
            g_autoptr(GBytes) a = sample_jpeg(&s), b = sample_jpeg(&other), a_out = NULL, b_out = NULL;
            assert_false(g_bytes_equal(a, b));
            assert_true(bf_jpeg_mask(a, &all, 1, 0, &a_out, NULL, NULL));
            assert_true(bf_jpeg_mask(b, &all, 1, 0, &b_out, NULL, NULL));
            assert_true(g_bytes_equal(a_out, b_out));
        }
}

static void test_jpeg_mask__orientation_is_kept(void **state)
{
    (void)state;
    for (int orientation = 1; orientation <= 8; orientation++) {
        sample s = {.colour = &colours[6], .width = 20, .height = 20, .exif_orientation = orientation, .planted = PLANTED};
        g_autoptr(GBytes) jpeg = sample_jpeg(&s), out = NULL;
        bf_jpeg_info info;
        assert_true(bf_jpeg_mask(jpeg, NULL, 0, 0, &out, NULL, NULL));
        assert_true(bf_jpeg_probe(out, 0, &info, NULL));
        assert_int_equal(info.exif_orientation, orientation);
        gsize size = 0;
        const char *data = g_bytes_get_data(out, &size);
        assert_int_equal(memmem(data, size, "Exif", 4) != NULL, orientation != 1);
    }
}

/* Component and table numbers, density, versions: 27 bytes that a file could say something with. */
static void test_jpeg_mask__headers_are_canonical(void **state)
{
    (void)state;
    g_autoptr(GBytes) jpeg = plain_sample(), plain = NULL, odd = NULL;
    size_t sof = find_marker(jpeg, 0xC0), sos = find_marker(jpeg, 0xDA), app0 = find_marker(jpeg, 0xE0);
    static const guint8 density[7] = {1, 2, 1, 0x4E, 0x41, 0x4D, 0x45};
    g_autoptr(GBytes) a = spliced(jpeg, app0 + 9, 7, density, 7);
    g_autoptr(GBytes) b = spliced(a, sof + 10, 1, "N", 1), c = spliced(b, sos + 5, 1, "N", 1);
    assert_true(bf_jpeg_mask(jpeg, NULL, 0, 0, &plain, NULL, NULL));
    assert_true(bf_jpeg_mask(c, NULL, 0, 0, &odd, NULL, NULL));
    assert_true(g_bytes_equal(plain, odd));
}

/* A table redefined between the scans of a file, where libjpeg alone would refuse: two slots. */
static void test_jpeg_mask__tables_redefined(void **state)
{
    (void)state;
    sample s = {.colour = &colours[3], .scans = SCANS_SEPARATE, .width = 30, .height = 30};
    g_autoptr(GBytes) jpeg = sample_jpeg(&s), out = NULL;
    gsize size = 0;
    const guint8 *data = g_bytes_get_data(jpeg, &size);
    size_t first = find_marker(jpeg, 0xDA), second = first + 2, dqt = find_marker(jpeg, 0xDB);
    while (!(data[second] == 0xFF && data[second + 1] == 0xDA))
        second++;
    guint8 other[69];
    memcpy(other, data + dqt, sizeof other); /* table 0, the luma's */
    other[5] = 77;
    g_autoptr(GBytes) redefined = spliced(jpeg, second, 0, other, sizeof other);
    size_t chroma_slot = find_marker(redefined, 0xC0) + 4 + 6 + 3 + 2;
    g_autoptr(GBytes) shared = spliced(redefined, chroma_slot, 1, "\0", 1);
    bf_rect r = {9, 9, 3, 3};
    bf_mask_stats stats, expected;
    assert_true(bf_jpeg_mask(shared, &r, 1, 0, &out, &stats, NULL));
    assert_false(stats.recoded);
    compare(&s, shared, out, &r, 1, &expected);
    assert_int_equal(stats.masked_blocks, 3);
    assert_true(bf_jpeg_verify(shared, out, &r, 1, false, NULL, NULL));
}

/* DCs that add up, block by block, to what no single difference can hold: next to a mask they cannot be coded any more. */
static void test_jpeg_mask__recodes(void **state)
{
    (void)state;
    sample s = {.colour = &colours[6], .width = 128, .height = 32, .exif_orientation = 8, .quality = 100};
    g_autoptr(GBytes) jpeg = sample_jpeg(&s);
    sample_coefficients c;
    sample_coefficients_init(&c, jpeg);
    for (int y = 0; y < 4; y++)
        for (int x = 0; x < 16; x++)
            sample_block(&c, 0, x, y)[0] = (JCOEF)(x / 2 * 1000); /* 7000 at the end of the row of iMCUs */
    for (int y = 0; y < 2; y++)
        for (int x = 0; x < 8; x++)
            sample_block(&c, 1, x, y)[0] = (JCOEF)(y == 0 ? x * 900 : 7 * 900 - x * 900);
    for (int y = 2; y < 4; y++)
        for (int x = 0; x < 16; x++)
            sample_block(&c, 0, x, y)[0] = (JCOEF)(7000 - x / 2 * 1000);
    g_autoptr(GBytes) climbing = sample_rewritten(&c), out = NULL, untouched = NULL;
    sample_coefficients_clear(&c);
    bf_rect rects[2] = {{100, 3, 5, 5}, {120, 20, 30, 30}};
    bf_mask_stats stats, proved;
    g_autoptr(GError) error = NULL;
    assert_true(bf_jpeg_mask(climbing, NULL, 0, 0, &untouched, &stats, NULL));
    assert_false(stats.recoded);
    assert_true(bf_jpeg_mask(climbing, rects, 2, 0, &out, &stats, &error));
    assert_true(stats.recoded);
    assert_int_equal(stats.unchanged_blocks, 0);
    assert_int_equal(stats.masked_blocks, 2 * 4 * 3); /* two iMCUs of 16 x 16, three components of full size */
    assert_true(bf_jpeg_verify(climbing, out, rects, 2, true, &proved, &error));
    assert_stats_equal(&stats, &proved);
    assert_false(bf_jpeg_verify(climbing, out, rects, 2, false, NULL, NULL));
    bf_rect whole_imcus[2] = {{96, 0, 16, 16}, {112, 16, 16, 16}};
    assert_black(out, whole_imcus, 2);
}

/* A recoded page is gray or YCC, whatever it was. */
static void test_jpeg_mask__recodes_every_colour(void **state)
{
    (void)state;
    static const int kinds[] = {0, 3, 11, 12, 13, 14};
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        sample s = {.colour = &colours[kinds[i]], .width = 128, .height = 8, .quality = 100, .exif_orientation = 3};
        g_autoptr(GBytes) jpeg = sample_jpeg(&s), out = NULL;
        sample_coefficients c;
        sample_coefficients_init(&c, jpeg);
        int blocks = (int)c.d.comp_info[1 % s.colour->n].width_in_blocks;
        for (int x = 0; x < blocks; x++)
            sample_block(&c, 1 % s.colour->n, x, 0)[0] = (JCOEF)(x * 1000);
        g_autoptr(GBytes) climbing = sample_rewritten(&c);
        sample_coefficients_clear(&c);
        bf_rect rect = {100, 0, 5, 5};
        bf_mask_stats stats;
        bf_jpeg_info info;
        g_autoptr(GError) error = NULL;
        assert_true(bf_jpeg_mask(climbing, &rect, 1, 0, &out, &stats, &error));
        assert_true(stats.recoded);
        if (!bf_jpeg_verify(climbing, out, &rect, 1, true, NULL, &error))
            fail_msg("%s: %s", s.colour->name, error->message);
        assert_true(bf_jpeg_probe(out, 0, &info, NULL));
        assert_int_equal(info.colour, kinds[i] == 0 ? BF_COLOUR_GRAY : BF_COLOUR_YCC);
        assert_black(out, &rect, 1);
    }
}

/* The recoded page's pixels around a mask may not hold anything from below it, as interpolated chroma would. */
static void test_jpeg_mask__recoding_keeps_imcus_apart(void **state)
{
    (void)state;
    GBytes *out[2] = {NULL, NULL};
    for (int variant = 0; variant < 2; variant++) {
        sample s = {.colour = &colours[6], .width = 128, .height = 16, .quality = 100, .bright = true};
        g_autoptr(GBytes) jpeg = sample_jpeg(&s);
        sample_coefficients c;
        sample_coefficients_init(&c, jpeg);
        for (int x = 0; x < 16; x++)
            for (int y = 0; y < 2; y++)
                sample_block(&c, 0, x, y)[0] = (JCOEF)(x / 2 * 1000);
        JCOEF *chroma = sample_block(&c, 1, 3, 0);
        memset(chroma, 0, sizeof(JBLOCK));
        chroma[0] = (JCOEF)(variant ? 500 : -500); /* what is under the mask */
        g_autoptr(GBytes) made = sample_rewritten(&c);
        sample_coefficients_clear(&c);
        bf_mask_stats stats;
        bf_rect rects[2] = {{52, 4, 4, 4}, {120, 0, 1, 1}};
        assert_true(bf_jpeg_mask(made, rects, 2, 0, &out[variant], &stats, NULL));
        assert_true(stats.recoded);
    }
    assert_true(g_bytes_equal(out[0], out[1]));
    g_bytes_unref(out[0]);
    g_bytes_unref(out[1]);
}

/* Content in blocks that lie wholly beyond the edge: libjpeg's arrays hold it, the new file must not. */
static void test_jpeg_mask__nothing_beyond_the_edge(void **state)
{
    (void)state;
    /* 33 px wide in iMCUs of 16: 3 iMCUs hold 6 luma blocks across, 5 of them on the page. Made by coding 48 px and claiming 33. */
    sample s = {.colour = &colours[6], .width = 48, .height = 48};
    g_autoptr(GBytes) wide = sample_jpeg(&s), out = NULL;
    static const guint8 side[4] = {0, 33, 0, 33};
    g_autoptr(GBytes) jpeg = spliced(wide, find_marker(wide, 0xC0) + 5, 4, side, 4);
    sample_coefficients before, after;
    sample_coefficients_init(&before, jpeg);
    assert_false(is_flat(sample_block(&before, 0, 5, 0)));
    assert_false(is_flat(sample_block(&before, 0, 0, 5)));
    assert_true(bf_jpeg_mask(jpeg, NULL, 0, 0, &out, NULL, NULL));
    sample_coefficients_init(&after, out);
    for (int i = 0; i < 6; i++) {
        assert_true(is_flat(sample_block(&after, 0, 5, i)));
        assert_true(is_flat(sample_block(&after, 0, i, 5)));
    }
    assert_false(is_flat(sample_block(&after, 0, 4, 4)));
    sample_coefficients_clear(&before);
    sample_coefficients_clear(&after);
    assert_true(bf_jpeg_verify(jpeg, out, NULL, 0, false, NULL, NULL));
    /* The same bytes as an input that pretends to be an output: what is hidden there is found. */
    g_autoptr(GBytes) canonical_wide = NULL;
    assert_true(bf_jpeg_mask(wide, NULL, 0, 0, &canonical_wide, NULL, NULL));
    g_autoptr(GBytes) hiding = spliced(canonical_wide, find_marker(canonical_wide, 0xC0) + 5, 4, side, 4);
    g_autoptr(GError) error = NULL;
    assert_false(bf_jpeg_verify(jpeg, hiding, NULL, 0, false, NULL, &error));
    assert_non_null(strstr(error->message, "beyond the page's edge"));
}

static void test_jpeg_mask__truncated(void **state)
{
    (void)state;
    bf_rect r = {20, 20, 20, 20};
    int masked = 0, refused = 0;
    for (int scans = 0; scans < N_SCANS; scans++) {
        sample s = {.colour = &colours[6], .scans = (sample_scans)scans, .width = 70, .height = 50};
        g_autoptr(GBytes) jpeg = sample_jpeg(&s);
        size_t sos = find_marker(jpeg, 0xDA), size = g_bytes_get_size(jpeg);
        for (size_t at = sos + 14; at < size; at += (size - sos) / 13) {
            g_autoptr(GBytes) cut = g_bytes_new_from_bytes(jpeg, 0, at), out = NULL;
            g_autoptr(GError) error = NULL;
            bf_mask_stats stats;
            if (!bf_jpeg_mask(cut, &r, 1, 0, &out, &stats, &error)) {
                assert_int_equal(error->code, BF_JPEG_ERROR_CORRUPT); /* cut within a later scan's tables */
                refused++;
                continue;
            }
            if (!bf_jpeg_verify(cut, out, &r, 1, stats.recoded, NULL, &error))
                fail_msg("cut at %zu: %s", at, error->message);
            assert_false(stats.recoded);
            masked++;
        }
    }
    assert_true(masked >= 40 && refused <= 12);
}

/* libjpeg takes a limit from the environment and would spill the page's coefficients into a temporary file below it. */
static void test_jpeg_mask__no_temporary_files(void **state)
{
    (void)state;
    sample s = {.colour = &colours[6], .width = 700, .height = 500};
    g_autoptr(GBytes) jpeg = sample_jpeg(&s), out = NULL;
    g_setenv("JPEGMEM", "1", TRUE);
    bool ok = bf_jpeg_mask(jpeg, NULL, 0, 0, &out, NULL, NULL);
    g_unsetenv("JPEGMEM");
    assert_true(ok);
}

/* A second whole picture in the same frame would be what the mask works on, while viewers and readers see the first. */
static void test_jpeg_mask__second_picture(void **state)
{
    (void)state;
    sample s = {.colour = &colours[3], .width = 16, .height = 16};
    g_autoptr(GBytes) jpeg = sample_jpeg(&s);
    gsize size = 0;
    const guint8 *data = g_bytes_get_data(jpeg, &size);
    size_t sos = find_marker(jpeg, 0xDA);
    g_autoptr(GBytes) twice = spliced(jpeg, size - 2, 0, data + sos, size - 2 - sos);
    GBytes *out = NULL;
    bf_picture *picture = NULL;
    g_autoptr(GError) a = NULL, b = NULL;
    assert_false(bf_jpeg_mask(twice, NULL, 0, 0, &out, NULL, &a));
    assert_true(g_error_matches(a, BF_JPEG_ERROR, BF_JPEG_ERROR_CORRUPT));
    assert_false(bf_jpeg_decode(twice, 0, 0, &picture, NULL, &b));
    assert_true(g_error_matches(b, BF_JPEG_ERROR, BF_JPEG_ERROR_CORRUPT));
}

static void write_seeds(const char *folder)
{
    static const struct {
        const char *name;
        int colour, scans, w, h, restart, orientation;
        bool planted;
    } seeds[] = {
        {"gray", 0, SCANS_BASELINE, 9, 9, 0, 0, false},
        {"gray-2x2-progressive", 1, SCANS_PROGRESSIVE, 17, 9, 0, 0, false},
        {"444-restart", 3, SCANS_BASELINE, 20, 9, 1, 0, false},
        {"420", 6, SCANS_BASELINE, 33, 17, 0, 6, false},
        {"420-progressive", 6, SCANS_PROGRESSIVE, 17, 17, 0, 0, false},
        {"422-separate", 4, SCANS_SEPARATE, 17, 9, 2, 0, false},
        {"411-metadata", 7, SCANS_BASELINE, 9, 9, 0, 3, true},
        {"444-as-2x2", 9, SCANS_BASELINE, 9, 9, 0, 0, false},
        {"rgb", 11, SCANS_BASELINE, 9, 9, 0, 0, false},
        {"cmyk-adobe", 12, SCANS_BASELINE, 9, 9, 0, 0, false},
        {"cmyk-plain", 13, SCANS_PROGRESSIVE, 9, 9, 0, 0, false},
        {"ycck", 14, SCANS_BASELINE, 17, 9, 0, 0, false},
        {"420-arithmetic", 6, SCANS_ARITHMETIC, 17, 17, 0, 0, false},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(seeds); i++) {
        sample s = {.colour = &colours[seeds[i].colour],
                    .scans = (sample_scans)seeds[i].scans,
                    .width = seeds[i].w,
                    .height = seeds[i].h,
                    .restart = seeds[i].restart,
                    .quality = 50,
                    .exif_orientation = seeds[i].orientation,
                    .planted = seeds[i].planted ? PLANTED : NULL};
        g_autoptr(GBytes) jpeg = sample_jpeg(&s);
        g_autofree char *path = g_strdup_printf("%s/%s.jpg", folder, seeds[i].name);
        g_assert(g_bytes_get_size(jpeg) < 3000);
        g_assert(g_file_set_contents(path, g_bytes_get_data(jpeg, NULL), (gssize)g_bytes_get_size(jpeg), NULL));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_jpeg_mask__every_coding),
        cmocka_unit_test(test_jpeg_mask__cmyk_is_black_either_way),
        cmocka_unit_test(test_jpeg_mask__nothing_of_the_content_is_left),
        cmocka_unit_test(test_jpeg_mask__orientation_is_kept),
        cmocka_unit_test(test_jpeg_mask__headers_are_canonical),
        cmocka_unit_test(test_jpeg_mask__tables_redefined),
        cmocka_unit_test(test_jpeg_mask__recodes),
        cmocka_unit_test(test_jpeg_mask__recodes_every_colour),
        cmocka_unit_test(test_jpeg_mask__recoding_keeps_imcus_apart),
        cmocka_unit_test(test_jpeg_mask__nothing_beyond_the_edge),
        cmocka_unit_test(test_jpeg_mask__truncated),
        cmocka_unit_test(test_jpeg_mask__no_temporary_files),
        cmocka_unit_test(test_jpeg_mask__second_picture),
    };
    if (g_getenv("BF_TEST_WRITE_SEEDS"))
        write_seeds(g_getenv("BF_TEST_WRITE_SEEDS"));
    return cmocka_run_group_tests(tests, NULL, NULL);
}
