#include "jpeg_samples.h"

/* Every test starts from an output that passes, changes one thing in its bytes, and wants the verifier to name that thing. */

static const bf_rect mask = {20, 10, 30, 20}; /* in iMCUs of 16: columns 1 to 3, rows 0 and 1 */

typedef struct {
    GBytes *input, *output;
} pair;

static pair make_pair(const sample *s)
{
    pair p = {.input = sample_jpeg(s)};
    g_autoptr(GError) error = NULL;
    if (!bf_jpeg_mask(p.input, &mask, 1, 0, &p.output, NULL, &error) || !bf_jpeg_verify(p.input, p.output, &mask, 1, false, NULL, &error))
        fail_msg("%s", error->message);
    return p;
}

static void clear_pair(pair *p)
{
    g_bytes_unref(p->input);
    g_bytes_unref(p->output);
}

static const sample plain = {.colour = &colours[6], .width = 70, .height = 50};
static const sample progressive = {.colour = &colours[6], .scans = SCANS_PROGRESSIVE, .width = 70, .height = 50};

/* The output's error must hold the words given, so that no other check takes the credit. Takes `tampered`. */
static void assert_caught(GBytes *input, GBytes *tampered, const char *words)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = tampered;
    bf_mask_stats stats = {.masked_blocks = -7};
    assert_false(bf_jpeg_verify(input, bytes, &mask, 1, false, &stats, &error));
    if (!g_error_matches(error, BF_JPEG_ERROR, BF_JPEG_ERROR_MISMATCH) || !strstr(error->message, words))
        fail_msg("code %d, \"%s\" instead of \"%s\"", error->code, error->message, words);
    assert_int_equal(stats.masked_blocks, -7);
}

static void test_jpeg_verify__one_coefficient(void **state)
{
    (void)state;
    static const struct {
        int component, x, y, k;
        const char *words; /* NULL: control, nothing is changed */
    } cases[] = {
        {0, 0, 0, 0, NULL},
        {0, 0, 0, 0, "Block (0, 0) of component 0 outside"},
        {0, 8, 6, 63, "Block (8, 6) of component 0 outside"},
        {0, 1, 3, 1, "Block (1, 3) of component 0 outside"}, /* next to the mask */
        {1, 0, 0, 5, "Block (0, 0) of component 1 outside"},
        {2, 4, 3, 0, "Block (4, 3) of component 2 outside"},
        {0, 2, 0, 63, "Block (2, 0) of component 0 under a mask"}, /* the mask's first and last blocks */
        {0, 7, 3, 1, "Block (7, 3) of component 0 under a mask"},
        {0, 4, 2, 0, "Block (4, 2) of component 0 under a mask"}, /* another DC */
        {1, 1, 0, 1, "Block (1, 0) of component 1 under a mask"},
        {2, 3, 1, 0, "Block (3, 1) of component 2 under a mask"},
    };
    for (int kind = 0; kind < 2; kind++) {
        pair p = make_pair(kind ? &progressive : &plain);
        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
            sample_coefficients c;
            sample_coefficients_init(&c, p.output);
            if (cases[i].words)
                sample_block(&c, cases[i].component, cases[i].x, cases[i].y)[cases[i].k] ^= 1;
            g_autoptr(GBytes) changed = sample_rewritten(&c);
            sample_coefficients_clear(&c);
            if (cases[i].words)
                assert_caught(p.input, g_steal_pointer(&changed), cases[i].words);
            else
                assert_true(bf_jpeg_verify(p.input, changed, &mask, 1, false, NULL, NULL));
        }
        clear_pair(&p);
    }
}

static void test_jpeg_verify__other_rectangles(void **state)
{
    (void)state;
    pair p = make_pair(&plain);
    static const struct {
        bf_rect rect;
        const char *words;
    } cases[] = {
        {{20, 10, 30, 23}, "under a mask"}, /* one row of iMCUs more than was masked */
        {{20, 10, 45, 20}, "under a mask"}, /* one column more */
        {{15, 10, 35, 20}, "under a mask"}, /* one column more on the left */
        {{20, 10, 27, 20}, "outside"},      /* one column less */
        {{20, 17, 30, 13}, "outside"},      /* one row less */
        {{0, 0, 0, 0}, "outside"},          /* no mask at all */
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        assert_false(bf_jpeg_verify(p.input, p.output, &cases[i].rect, 1, false, NULL, &error));
        assert_non_null(strstr(error->message, cases[i].words));
    }
    clear_pair(&p);
}

static void test_jpeg_verify__extra_markers(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        guint8 segment[12];
        size_t size;
        int before; /* the marker that it is put in front of */
        const char *words;
    } cases[] = {
        {"comment at the head", {0xFF, 0xFE, 0, 4, 'h', 'i'}, 6, 0xE0, "first markers"},
        {"comment", {0xFF, 0xFE, 0, 4, 'h', 'i'}, 6, 0xDB, "marker 0xFE"},
        {"comment before the scan", {0xFF, 0xFE, 0, 4, 'h', 'i'}, 6, 0xDA, "marker 0xFE"},
        {"comment behind the scan", {0xFF, 0xFE, 0, 4, 'h', 'i'}, 6, 0xD9, "marker 0xFE"},
        {"EXIF", {0xFF, 0xE1, 0, 8, 'E', 'x', 'i', 'f', 0, 0}, 10, 0xDB, "marker 0xE1"},
        {"a second JFIF", {0xFF, 0xE0, 0, 4, 'J', 'F'}, 6, 0xDB, "marker 0xE0"},
        {"Adobe", {0xFF, 0xEE, 0, 4, 'A', 'd'}, 6, 0xDB, "marker 0xEE"},
        {"ICC", {0xFF, 0xE2, 0, 4, 'I', 'C'}, 6, 0xDB, "marker 0xE2"},
        {"fill bytes", {0xFF, 0xFF}, 2, 0xDB, "marker 0xDB"},
        {"bytes between markers", {1, 2, 3}, 3, 0xC4, "marker 0xC4"},
        {"a restart marker without a scan", {0xFF, 0xD0}, 2, 0xC4, "marker 0xD0"},
        {"a second SOI", {0xFF, 0xD8}, 2, 0xC4, "cannot be read"},
        {"DRI of another length", {0xFF, 0xDD, 0, 5, 0, 0, 0}, 7, 0xDA, "cannot be read"},
        {"DRI behind the scan", {0xFF, 0xDD, 0, 4, 0, 0}, 6, 0xD9, "marker 0xDD"},
        {"number of lines", {0xFF, 0xDC, 0, 4, 0, 50}, 6, 0xD9, "marker 0xDC"},
        {"a second EOI", {0xFF, 0xD9}, 2, 0xD9, "behind its EOI"},
    };
    pair p = make_pair(&plain);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        assert_caught(p.input, spliced(p.output, find_marker(p.output, cases[i].before), 0, cases[i].segment, cases[i].size),
                      cases[i].words);
    clear_pair(&p);
}

/* Whole, well-formed tables that nothing uses: 64 bytes of room each. */
static void test_jpeg_verify__unused_tables(void **state)
{
    (void)state;
    pair p = make_pair(&plain);
    guint8 quant[69] = {0xFF, 0xDB, 0, 67, 3}, huffman[22] = {0xFF, 0xC4, 0, 20, 0x13, 1, [21] = 'x'};
    memset(quant + 5, 'x', 64);
    assert_caught(p.input, spliced(p.output, find_marker(p.output, 0xDB), 0, quant, sizeof quant), "marker 0xC0");
    assert_caught(p.input, spliced(p.output, find_marker(p.output, 0xDA), 0, huffman, sizeof huffman), "marker 0xDA");
    clear_pair(&p);
}

static void test_jpeg_verify__the_end(void **state)
{
    (void)state;
    pair p = make_pair(&plain);
    size_t size = g_bytes_get_size(p.output);
    assert_caught(p.input, spliced(p.output, size, 0, "\0", 1), "1 bytes behind its EOI");
    assert_caught(p.input, spliced(p.output, size, 0, "video", 5), "5 bytes behind its EOI");
    assert_caught(p.input, spliced(p.output, size - 2, 2, "", 0), "without an EOI");
    assert_caught(p.input, spliced(p.output, size - 1, 1, "", 0), "without an EOI");
    assert_caught(p.input, spliced(p.output, size - 2, 0, "hidden behind the last block", 28), "damaged");
    clear_pair(&p);
}

/* Bytes of the headers, each changed alone. Offsets are from the marker's 0xFF. */
static void test_jpeg_verify__changed_headers(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int marker;
        size_t at;
        guint8 value;
        const char *words;
    } cases[] = {
        {"JFIF version", 0xE0, 10, 2, "first markers"},
        {"density", 0xE0, 13, 72, "first markers"},
        {"quantisation, luma", 0xDB, 5 + 40, 99, "quantisation table"},
        {"quantisation, DC", 0xDB, 5, 17, "quantisation table"},
        {"height", 0xC0, 6, 49, "another size"},
        {"width", 0xC0, 8, 69, "another size"},
        {"component number, SOF only", 0xC0, 10, 9, "cannot be read"},
        {"precision", 0xC0, 4, 12, "cannot be read"},
        {"SOF of another kind", 0xC0, 1, 0xC3, "cannot be read"},
    };
    pair p = make_pair(&plain);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        assert_caught(p.input, spliced(p.output, find_marker(p.output, cases[i].marker) + cases[i].at, 1, &cases[i].value, 1),
                      cases[i].words);
    clear_pair(&p);
}

/* Another page, another sampling, another coding, another orientation: whole files in place of the right one. */
static void test_jpeg_verify__another_file(void **state)
{
    (void)state;
    static const struct {
        sample other;
        const char *words;
    } cases[] = {
        {{.colour = &colours[3], .width = 70, .height = 50}, "sampling"},
        {{.colour = &colours[0], .width = 70, .height = 50}, "components"},
        {{.colour = &colours[11], .width = 70, .height = 50}, "colour space"},
        {{.colour = &colours[6], .width = 70, .height = 51}, "cannot be read"}, /* more pixels than the input has */
        {{.colour = &colours[6], .width = 50, .height = 70}, "another size"},
        {{.colour = &colours[6], .width = 70, .height = 50, .bright = true}, "outside the masks"},
        {{.colour = &colours[6], .width = 70, .height = 50, .quality = 80}, "quantisation"},
        {{.colour = &colours[6], .width = 70, .height = 50, .exif_orientation = 6}, "marker 0xE1"},
        {{.colour = &colours[6], .width = 70, .height = 50, .scans = SCANS_PROGRESSIVE}, "coded in another way"},
        {{.colour = &colours[6], .width = 70, .height = 50, .restart = 4}, "coded in another way"},
    };
    pair p = make_pair(&plain);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        pair q = make_pair(&cases[i].other);
        assert_caught(p.input, g_steal_pointer(&q.output), cases[i].words);
        g_bytes_unref(q.input);
    }
    sample turned = plain;
    turned.exif_orientation = 6;
    pair q = make_pair(&turned);
    assert_caught(q.input, g_bytes_ref(p.output), "first markers"); /* an orientation lost */
    clear_pair(&q);
    clear_pair(&p);
}

static void test_jpeg_verify__not_a_jpeg(void **state)
{
    (void)state;
    pair p = make_pair(&plain);
    assert_caught(p.input, g_bytes_new("", 0), "cannot be read");
    assert_caught(p.input, g_bytes_new("PNG", 3), "cannot be read");
    g_autoptr(GBytes) nothing = g_bytes_new("PNG?", 4);
    g_autoptr(GError) error = NULL;
    assert_false(bf_jpeg_verify(nothing, p.output, &mask, 1, false, NULL, &error));
    assert_true(g_error_matches(error, BF_JPEG_ERROR, BF_JPEG_ERROR_NOT_JPEG));
    clear_pair(&p);
}

/* Also those that change nothing to see: padding before markers, codes that no block uses. */
static void test_jpeg_verify__any_flipped_bit(void **state)
{
    (void)state;
    static const sample small = {.colour = &colours[6], .width = 33, .height = 20, .restart = 2};
    for (int kind = 0; kind < 2; kind++) {
        sample s = small;
        s.scans = kind ? SCANS_PROGRESSIVE : SCANS_BASELINE;
        pair p = make_pair(&s);
        gsize size = 0;
        const guint8 *data = g_bytes_get_data(p.output, &size);
        for (size_t at = 0; at < size; at++)
            for (int bit = 0; bit < 8; bit++) {
                guint8 flipped = (guint8)(data[at] ^ 1 << bit);
                g_autoptr(GBytes) changed = spliced(p.output, at, 1, &flipped, 1);
                g_autoptr(GError) error = NULL;
                if (bf_jpeg_verify(p.input, changed, &mask, 1, false, NULL, &error))
                    fail_msg("bit %d of byte %zu", bit, at);
                assert_int_equal(error->code, BF_JPEG_ERROR_MISMATCH);
            }
        clear_pair(&p);
    }
}

static void test_jpeg_verify__recoded(void **state)
{
    (void)state;
    sample as_recoded = {.colour = &colours[3], .width = 70, .height = 50}; /* 4:4:4: what a recoded page looks like */
    bf_rect coarse = {16, 0, 48, 32};                                       /* `mask` on the input's grid */
    pair p = make_pair(&plain);
    g_autoptr(GBytes) other = sample_jpeg(&as_recoded), finer = NULL, right = NULL;
    assert_true(bf_jpeg_mask(other, &coarse, 1, 0, &right, NULL, NULL));
    assert_true(bf_jpeg_mask(other, &mask, 1, 0, &finer, NULL, NULL));
    bf_mask_stats stats;
    g_autoptr(GError) a = NULL, b = NULL, c = NULL;
    assert_true(bf_jpeg_verify(p.input, right, &mask, 1, true, &stats, NULL));
    assert_int_equal(stats.masked_blocks, 3 * 6 * 4);
    assert_int_equal(stats.unchanged_blocks, 0);
    assert_true(stats.recoded);
    assert_false(bf_jpeg_verify(p.input, finer, &mask, 1, true, NULL, &a)); /* snapped to its own grid: less than the input's */
    assert_non_null(strstr(a->message, "under a mask"));
    assert_false(bf_jpeg_verify(p.input, p.output, &mask, 1, true, NULL, &b));
    assert_non_null(strstr(b->message, "recoded"));
    g_autoptr(GBytes) with_comment = spliced(right, find_marker(right, 0xDA), 0, "\xFF\xFE\0\x03x", 5);
    assert_false(bf_jpeg_verify(p.input, with_comment, &mask, 1, true, NULL, &c));
    assert_non_null(strstr(c->message, "0xFE"));
    clear_pair(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_jpeg_verify__one_coefficient), cmocka_unit_test(test_jpeg_verify__other_rectangles),
        cmocka_unit_test(test_jpeg_verify__extra_markers),   cmocka_unit_test(test_jpeg_verify__unused_tables),
        cmocka_unit_test(test_jpeg_verify__the_end),         cmocka_unit_test(test_jpeg_verify__changed_headers),
        cmocka_unit_test(test_jpeg_verify__another_file),    cmocka_unit_test(test_jpeg_verify__not_a_jpeg),
        cmocka_unit_test(test_jpeg_verify__any_flipped_bit), cmocka_unit_test(test_jpeg_verify__recoded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
