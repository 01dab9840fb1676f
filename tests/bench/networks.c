/* Two recognisers (or detectors) against each other on the same lines, in turn, so that a noisy machine wrongs both alike:
 *
 *     bench-networks [--detect] A.onnx B.onnx FILE.jpg ...
 *
 * CPU milliseconds a page of each, and how far what they compute differs: frames with another top class, the largest and the mean
 * difference of log p. Lines are found by the program's own detector, and cut out as it cuts them out. */
#include "blindfold/jpeg.h"
#include "blindfold/memory.h"
#include "read/line_crop.h"
#include "read/models.h"
#include "read/ppocr/detect.h"
#include "read/ppocr/recognise.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { N = 2 };

static double cpu_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void must(bool ok, const GError *error)
{
    if (ok)
        return;
    fprintf(stderr, "bench-networks: %s\n", error != NULL ? error->message : "failed");
    exit(1);
}

typedef struct {
    bf_ort_session *network[N], *detector;
    double ms[N], worst, sum;
    gsize values, frames, other_top, pages;
    bool logits[N];
} bench;

static float log_p(const bf_ort_tensor *t, gsize row, gsize n, gsize k, bool logits, float top)
{
    float v = t->data[row * n + k];
    return logits ? v - top : logf(v + 1e-12F) - logf(top + 1e-12F);
}

static void compare_frames(bench *b, const bf_ort_tensor t[N])
{
    gsize n = (gsize)t[0].dims[2];
    for (gsize row = 0; row < (gsize)t[0].dims[1]; row++, b->frames++) {
        gsize top[N] = {0};
        for (int s = 0; s < N; s++)
            for (gsize k = 1; k < n; k++)
                if (t[s].data[row * n + k] > t[s].data[row * n + top[s]])
                    top[s] = k;
        b->other_top += top[0] != top[1];
        for (gsize k = 0; k < n; k++) {
            float r[N];
            for (int s = 0; s < N; s++)
                r[s] = MAX(log_p(&t[s], row, n, k, b->logits[s], t[s].data[row * n + top[s]]), SPOT_FLOOR);
            double d = fabs((double)r[0] - (double)r[1]);
            if (r[0] <= SPOT_FLOOR && r[1] <= SPOT_FLOOR)
                continue;
            b->worst = MAX(b->worst, d);
            b->sum += d;
            b->values++;
        }
    }
}

static void compare_maps(bench *b, const bf_ort_tensor t[N])
{
    for (gsize i = 0; i < (gsize)(t[0].dims[2] * t[0].dims[3]); i++, b->values++) {
        double d = fabs((double)t[0].data[i] - (double)t[1].data[i]);
        b->worst = MAX(b->worst, d);
        b->sum += d;
        b->other_top += (t[0].data[i] > 0.3F) != (t[1].data[i] > 0.3F);
    }
}

static void run_both(bench *b, float *input, int width, int height, bool maps)
{
    const gint64 shape[4] = {1, 3, height, width};
    bf_ort_tensor t[N];
    for (int s = 0; s < N; s++) {
        GError *error = NULL;
        double start = cpu_ms();
        must(bf_ort_run(b->network[s], input, shape, &t[s], &error), error);
        b->ms[s] += cpu_ms() - start;
    }
    if (maps)
        compare_maps(b, t);
    else
        compare_frames(b, t);
    for (int s = 0; s < N; s++)
        bf_ort_tensor_clear(b->network[s], &t[s]);
}

/* Planar BGR in -1..1, padded to the right: near enough for both kinds of network, where only the time and the agreement count. */
static void run_picture(bench *b, const bf_picture *p, int width, int height, bool maps)
{
    float *input = g_new0(float, 3 * (gsize)width * (gsize)height);
    for (int c = 0; c < 3; c++)
        for (int y = 0; y < MIN(p->height_px, height); y++)
            for (int x = 0; x < MIN(p->width_px, width); x++)
                input[((gsize)c * (gsize)height + (gsize)y) * (gsize)width + (gsize)x] =
                    (float)p->data[((gsize)y * (gsize)p->width_px + (gsize)x) * p->channels + (p->channels == 3 ? 2 - c : 0)] / 127.5F - 1;
    run_both(b, input, width, height, maps);
    g_free(input);
}

static void measure(bench *b, const bf_picture *page, bool detect, int height, float squeeze)
{
    GError *error = NULL;
    b->pages++;
    if (detect) {
        g_autoptr(bf_picture) small = NULL;
        float scale = 960.0F / (float)MAX(page->width_px, page->height_px);
        int w = (int)lroundf((float)page->width_px * scale / 32) * 32, h = (int)lroundf((float)page->height_px * scale / 32) * 32;
        must(bf_picture_scale(page, w, h, &small, &error), error);
        run_picture(b, small, w, h, true);
        return;
    }
    g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(bf_line));
    must(bf_detect_lines(b->detector, page, 960, lines, &error), error);
    for (guint i = 0; i < lines->len; i++) {
        g_autoptr(bf_picture) crop = NULL;
        must(bf_line_crop(page, &g_array_index(lines, bf_line, i).quad, NULL, height, squeeze, RECOGNISER_MAX_WIDTH_PX, &crop, &error),
             error);
        run_picture(b, crop, MAX(64, (crop->width_px + 31) / 32 * 32), height, false);
    }
}

static bf_ort_session *open_file(bf_ort *ort, const char *path)
{
    GError *error = NULL;
    g_autofree char *data = NULL;
    gsize length = 0;
    bf_ort_session *s = NULL;
    must(g_file_get_contents(path, &data, &length, &error) && bf_ort_session_new(ort, data, length, path, &s, &error), error);
    return s;
}

int main(int argc, char **argv)
{
    bf_memory_prepare();
    GError *error = NULL;
    bool detect = argc > 1 && strcmp(argv[1], "--detect") == 0;
    argv += detect;
    argc -= detect;
    if (argc < 4) {
        fprintf(stderr, "usage: bench-networks [--detect] A.onnx B.onnx FILE.jpg ...\n");
        return 2;
    }
    bench b = {0};
    bf_ort *ort = NULL;
    g_autofree char *dir = bf_models_dir(NULL), *own = g_build_filename(dir, "ch_PP-OCRv4_det_rewritten.onnx", NULL);
    must(bf_ort_load(dir, &ort, &error), error);
    for (int s = 0; s < N; s++) {
        b.network[s] = open_file(ort, argv[1 + s]);
        b.logits[s] = strcmp(bf_ort_output_name(b.network[s]), "logits") == 0;
    }
    b.detector = open_file(ort, own);
    for (int i = 2; i < argc; i++) { /* the first one twice: the first time warms up */
        g_autofree char *data = NULL;
        gsize length = 0;
        g_autoptr(bf_picture) page = NULL;
        must(g_file_get_contents(argv[MAX(i, 3)], &data, &length, &error), error);
        g_autoptr(GBytes) jpeg = g_bytes_new(data, length);
        must(bf_jpeg_decode(jpeg, 0, 0, &page, NULL, &error), error);
        measure(&b, page, detect, RECOGNISER_HEIGHT_PX, 0.8F);
        if (i == 2) {
            bf_ort_session *detector = b.detector, *network[N] = {b.network[0], b.network[1]};
            bool logits[N] = {b.logits[0], b.logits[1]};
            b = (bench){.detector = detector, .network = {network[0], network[1]}, .logits = {logits[0], logits[1]}};
        }
    }
    printf("%s: %.0f ms a page\n%s: %.0f ms a page, %.2f of it\n", argv[1], b.ms[0] / (double)b.pages, argv[2], b.ms[1] / (double)b.pages,
           b.ms[1] / b.ms[0]);
    printf("other top: %zu of %zu; largest difference %.4g, mean %.3g\n", b.other_top, detect ? b.values : b.frames, b.worst,
           b.sum / (double)MAX(b.values, 1));
    for (int s = 0; s < N; s++)
        bf_ort_session_free(b.network[s]);
    bf_ort_session_free(b.detector);
    bf_ort_unload(ort);
    return 0;
}
