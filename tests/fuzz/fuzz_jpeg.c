/* Any bytes as a JPEG: what libjpeg reads of the header, the reader without libjpeg does too; when a mask can be written, its output
 * decodes, is proved by the verifier and is what masking it again gives. Seeds: BF_TEST_WRITE_SEEDS=tests/data/fuzz/jpeg test_jpeg_mask
 * writes the coded ones; the others are what the fuzzer found. */
#include <stdlib.h>

#include "blindfold/jpeg.h"
#include "blindfold/jpeg_look.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define PIXELS_MAX (1 << 18)

static void must(bool ok, const GError *error)
{
    if (ok)
        return;
    if (error)
        g_printerr("%s\n", error->message);
    abort();
}

static void check_output(GBytes *jpeg, GBytes *out, const bf_rect *rects, size_t n, const bf_mask_stats *stats)
{
    g_autoptr(bf_picture) picture = NULL;
    g_autoptr(GBytes) again = NULL;
    g_autoptr(GError) error = NULL;
    bf_jpeg_info info;
    bf_mask_stats proved;
    must(bf_jpeg_verify(jpeg, out, rects, n, stats->recoded, &proved, &error), error);
    must(proved.masked_blocks == stats->masked_blocks && proved.unchanged_blocks == stats->unchanged_blocks, NULL);
    must(bf_jpeg_probe(out, PIXELS_MAX, &info, &error), error);
    must(!info.truncated, NULL);
    must(bf_jpeg_mask(out, rects, n, PIXELS_MAX, &again, NULL, &error), error);
    must(g_bytes_equal(out, again), NULL);
    /* libjpeg decodes no picture with fractional sampling, but masks it; that is an error of its own. */
    if (!bf_jpeg_decode(out, PIXELS_MAX, 0, &picture, NULL, &error))
        must(g_error_matches(error, BF_JPEG_ERROR, BF_JPEG_ERROR_UNSUPPORTED), error);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GBytes) jpeg = g_bytes_new_static(data, size), out = NULL;
    g_autoptr(bf_picture) picture = NULL;
    bf_jpeg_info info;
    bf_mask_stats stats;
    if (!bf_jpeg_probe(jpeg, PIXELS_MAX, &info, NULL))
        return 0;
    bf_jpeg_outline o;
    must(bf_jpeg_outline_of(jpeg, &o) && o.width_px == info.width_px && o.height_px == info.height_px && o.components == info.components,
         NULL);
    bf_rect rects[2] = {{info.width_px / 3, info.height_px / 3, 5, 7}, {info.width_px - 1, info.height_px - 9, 20, 20}};
    size_t n = size % 3;
    if (bf_jpeg_mask(jpeg, rects, n, PIXELS_MAX, &out, &stats, NULL))
        check_output(jpeg, out, rects, n, &stats);
    if (bf_jpeg_decode(jpeg, PIXELS_MAX, 10000, &picture, NULL, NULL))
        must(picture->width_px > 0, NULL);
    return 0;
}
