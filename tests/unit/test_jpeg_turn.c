/* Turning without loss: every way to code a picture, every orientation; what cannot be turned exactly stays. */
#include "jpeg_samples.h"

#include <math.h>

static const sample_scans scans[] = {SCANS_BASELINE, SCANS_SEPARATE, SCANS_PROGRESSIVE, SCANS_ARITHMETIC};
/* Whole iMCUs of every sampling there is. */
enum { WIDTH = 96, HEIGHT = 64 };

static GBytes *turned(GBytes *jpeg, int orientation)
{
    GBytes *out = NULL;
    g_autoptr(GError) error = NULL;
    if (!bf_jpeg_turn(jpeg, orientation, 0, &out, &error))
        fail_msg("orientation %d: %s", orientation, error->message);
    return out;
}

static bf_picture *decoded(GBytes *jpeg)
{
    bf_picture *picture = NULL;
    assert_true(bf_jpeg_decode(jpeg, 0, 0, &picture, NULL, NULL));
    return picture;
}

/* Decoders round a little differently along x and y. */
static int largest_difference(const bf_picture *a, const bf_picture *b)
{
    int most = 0;
    assert_int_equal(a->width_px, b->width_px);
    assert_int_equal(a->height_px, b->height_px);
    assert_int_equal(a->channels, b->channels);
    for (int i = 0; i < a->width_px * a->height_px * a->channels; i++)
        most = MAX(most, abs(a->data[i] - b->data[i]));
    return most;
}

static void test_bf_jpeg_turn__every_coding_shows_what_viewers_would(void **state)
{
    (void)state;
    for (gsize c = 0; c < G_N_ELEMENTS(colours); c++)
        for (gsize k = 0; k < G_N_ELEMENTS(scans); k++)
            for (int o = 1; o <= 8; o++) {
                const sample s = {
                    .colour = &colours[c], .scans = scans[k], .width = WIDTH, .height = HEIGHT, .exif_orientation = o, .planted = "word"};
                g_autoptr(GBytes) jpeg = sample_jpeg(&s);
                g_autoptr(GByteArray) sound = g_byte_array_new(); /* without the word behind its end */
                g_byte_array_append(sound, g_bytes_get_data(jpeg, NULL), (guint)(g_bytes_get_size(jpeg) - 4));
                g_autoptr(GBytes) whole = g_bytes_new(sound->data, sound->len), out = turned(whole, o);
                g_autoptr(bf_picture) before = decoded(whole), shown = NULL, after = decoded(out);
                bf_jpeg_info info;
                assert_true(bf_picture_orient(before, o, &shown, NULL));
                int most = largest_difference(shown, after);
                if (most > 4)
                    fail_msg("%s, scans %d, orientation %d: a pixel differs by %d", s.colour->name, (int)s.scans, o, most);
                assert_true(bf_jpeg_probe(out, 0, &info, NULL));
                assert_int_equal(info.exif_orientation, 1);
                assert_int_equal(info.progressive, s.scans == SCANS_PROGRESSIVE);
                assert_false(bytes_hold(out, "word"));
                assert_true(bf_jpeg_verify(out, out, NULL, 0, false, NULL, NULL)); /* in the canonical form */
            }
}

/* There and back: the bytes that the input has when it is rewritten without a mask. */
static void test_bf_jpeg_turn__back_is_the_same_file(void **state)
{
    (void)state;
    static const int back[] = {0, 1, 2, 3, 4, 5, 8, 7, 6};
    for (gsize c = 0; c < G_N_ELEMENTS(colours); c++)
        for (int o = 1; o <= 8; o++) {
            const sample s = {.colour = &colours[c], .width = WIDTH, .height = HEIGHT, .restart = 3};
            g_autoptr(GBytes) jpeg = sample_jpeg(&s), rewritten = NULL;
            assert_true(bf_jpeg_mask(jpeg, NULL, 0, 0, &rewritten, NULL, NULL));
            g_autoptr(GBytes) there = turned(jpeg, o), again = turned(there, back[o]);
            assert_true(g_bytes_equal(again, rewritten));
            assert_int_equal(g_bytes_equal(there, rewritten), o == 1);
        }
}

/* Which axes have to be whole for each orientation. */
static void test_bf_jpeg_turn__trims_nothing(void **state)
{
    (void)state;
    static const struct {
        bool width, height;
    } whole[9] = {
        [2] = {true, false}, [3] = {true, true}, [4] = {false, true}, [6] = {false, true}, [7] = {true, true}, [8] = {true, false}};
    static const int sizes[][2] = {{WIDTH, HEIGHT},     {WIDTH - 8, HEIGHT}, {WIDTH, HEIGHT - 8},
                                   {WIDTH + 1, HEIGHT}, {WIDTH, HEIGHT - 1}, {WIDTH + 3, HEIGHT + 5}};
    for (gsize c = 0; c < G_N_ELEMENTS(colours); c++)
        for (gsize k = 0; k < G_N_ELEMENTS(sizes); k++)
            for (int o = 1; o <= 8; o++) {
                const sample s = {.colour = &colours[c], .width = sizes[k][0], .height = sizes[k][1]};
                g_autoptr(GBytes) jpeg = sample_jpeg(&s), out = NULL;
                g_autoptr(GError) error = NULL;
                bf_jpeg_info info;
                assert_true(bf_jpeg_probe(jpeg, 0, &info, NULL));
                bool exact = (!whole[o].width || s.width % info.imcu_w_px == 0) && (!whole[o].height || s.height % info.imcu_h_px == 0);
                bool done = bf_jpeg_turn(jpeg, o, 0, &out, &error);
                if (done != exact)
                    fail_msg("%s, %d x %d, orientation %d", s.colour->name, s.width, s.height, o);
                if (!done) {
                    assert_true(g_error_matches(error, BF_JPEG_ERROR, BF_JPEG_ERROR_INEXACT));
                    continue;
                }
                assert_true(bf_jpeg_probe(out, 0, &info, NULL));
                assert_int_equal(info.width_px, o >= 5 ? s.height : s.width);
                assert_int_equal(info.height_px, o >= 5 ? s.width : s.height);
            }
}

static void test_bf_jpeg_turn__a_damaged_page_would_look_sound(void **state)
{
    (void)state;
    const sample s = {.colour = &colours[6], .width = WIDTH, .height = HEIGHT};
    g_autoptr(GBytes) jpeg = sample_jpeg(&s);
    gsize size = g_bytes_get_size(jpeg);
    size_t scan = find_marker(jpeg, 0xDA);
    g_autoptr(GBytes) cut = g_bytes_new_from_bytes(jpeg, 0, size - 200), broken = spliced(jpeg, scan + 100, (size - scan) / 2, "", 0);
    GBytes *const all[] = {cut, broken};
    for (gsize i = 0; i < G_N_ELEMENTS(all); i++) {
        g_autoptr(GBytes) out = NULL;
        g_autoptr(GError) error = NULL;
        if (bf_jpeg_turn(all[i], 6, 0, &out, &error))
            fail_msg("damage %zu is turned", i);
        assert_true(g_error_matches(error, BF_JPEG_ERROR, BF_JPEG_ERROR_CORRUPT));
        assert_null(out);
    }
}

static void test_bf_jpeg_turn__limits_and_what_is_no_jpeg(void **state)
{
    (void)state;
    const sample s = {.colour = &colours[6], .width = WIDTH, .height = HEIGHT};
    g_autoptr(GBytes) jpeg = sample_jpeg(&s), text = g_bytes_new_static("text", 4), out = NULL;
    g_autoptr(GError) large = NULL, none = NULL;
    assert_false(bf_jpeg_turn(jpeg, 6, WIDTH * HEIGHT - 1, &out, &large));
    assert_true(g_error_matches(large, BF_JPEG_ERROR, BF_JPEG_ERROR_LIMIT));
    assert_false(bf_jpeg_turn(text, 6, 0, &out, &none));
    assert_true(g_error_matches(none, BF_JPEG_ERROR, BF_JPEG_ERROR_NOT_JPEG));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bf_jpeg_turn__every_coding_shows_what_viewers_would),
        cmocka_unit_test(test_bf_jpeg_turn__back_is_the_same_file),
        cmocka_unit_test(test_bf_jpeg_turn__trims_nothing),
        cmocka_unit_test(test_bf_jpeg_turn__a_damaged_page_would_look_sound),
        cmocka_unit_test(test_bf_jpeg_turn__limits_and_what_is_no_jpeg),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
