/* Our own hot loops on one page, a few times each, for tests/bench/instructions.sh, which counts their instructions under valgrind:
 * bench-loops FILE.jpg. The plain way of each: valgrind has no AVX-512, and ONNX Runtime is not ours. */
#include "blindfold/jpeg.h"
#include "page/ink.h"
#include "page/legible_measure.h"
#include "read/line_crop.h"
#include <stdio.h>
#include <stdlib.h>

enum { LINES = 27, CROP_HEIGHT_PX = 48, CROP_MAX_PX = 2304, DETECTION_PX = 960 };

static void must(bool ok, GError *error)
{
    if (ok)
        return;
    fprintf(stderr, "bench-loops: %s\n", error != NULL ? error->message : "failed");
    exit(1);
}

/* A page of evenly spaced lines, a little askew as on any scan. */
static GArray *even_lines(const bf_picture *p)
{
    GArray *lines = g_array_new(FALSE, FALSE, sizeof(bf_line));
    for (int i = 0; i < LINES; i++) {
        float x0 = (float)p->width_px * 0.1F, x1 = (float)p->width_px * 0.9F, pitch = (float)p->height_px / (LINES + 2);
        float y0 = pitch * (float)(i + 1), y1 = y0 + pitch * 0.7F, tilt = pitch * 0.1F;
        bf_line line = {.quad = {{x0, x1, x1, x0}, {y0, y0 + tilt, y1 + tilt, y1}}, .n_chars = 20, .confidence = 1};
        g_array_append_val(lines, line);
    }
    return lines;
}

static void read_loops(const bf_picture *page)
{
    GError *error = NULL;
    g_autoptr(GArray) lines = even_lines(page);
    g_autoptr(bf_picture) small = NULL;
    must(bf_picture_scale(page, DETECTION_PX * page->width_px / page->height_px, DETECTION_PX, &small, &error), error);
    for (guint i = 0; i < lines->len; i++) {
        g_autoptr(bf_picture) crop = NULL;
        must(bf_line_crop(page, &g_array_index(lines, bf_line, i).quad, NULL, CROP_HEIGHT_PX, 1, CROP_MAX_PX, &crop, &error), error);
    }
    bf_text_measure measure;
    bf_measure_text(page, lines, 1, &measure);
    printf("lines %u, unread %u\n", measure.lines, bf_unread_ink(page, lines));
}

static void mask_loops(GBytes *jpeg, const bf_picture *page)
{
    GError *error = NULL;
    g_autoptr(GBytes) masked = NULL;
    bf_mask_stats stats;
    const bf_rect rects[] = {{page->width_px / 8, page->height_px / 8, page->width_px / 8, page->height_px / 40},
                             {page->width_px / 2, page->height_px / 2, page->width_px / 8, page->height_px / 40}};
    must(bf_jpeg_mask(jpeg, rects, G_N_ELEMENTS(rects), 0, &masked, &stats, &error), error);
    must(bf_jpeg_verify(jpeg, masked, rects, G_N_ELEMENTS(rects), stats.recoded, &stats, &error), error);
}

int main(int argc, char **argv)
{
    GError *error = NULL;
    char *data = NULL;
    gsize size = 0;
    g_autoptr(bf_picture) page = NULL;
    if (argc != 2) {
        fprintf(stderr, "usage: bench-loops FILE.jpg\n");
        return 2;
    }
    must(g_file_get_contents(argv[1], &data, &size, &error), error);
    g_autoptr(GBytes) jpeg = g_bytes_new_take(data, size);
    must(bf_jpeg_decode(jpeg, 0, 0, &page, NULL, &error), error);
    read_loops(page);
    mask_loops(jpeg, page);
    return 0;
}
