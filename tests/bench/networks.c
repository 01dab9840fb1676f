/* Two recognisers (or detectors) against each other on the same lines, in turn, so that a noisy machine wrongs both alike:
 *
 *     bench-networks [--detect] A B FILE.jpg ...
 *
 * A and B are networks (.onnx) or float:, short:, bfloat: or integer: and weights for our own engine, with the fastest
 * instructions that the processor has, or with a set by its name before it ("AVX2/integer:FILE", "AVX2 with VNNI/..."). CPU milliseconds a
 * page of each, and how far what they compute differs: frames with another top class, lines with another top path, the largest and the mean
 * difference of log p; of detectors pixels on another side of the threshold, and lines of one map that have no like in the other (by four
 * fifths of their area; one whose box is another one counts twice). Lines are found by the program's own detector, and cut out as it cuts
 * them out.
 *
 *     bench-networks --means WEIGHTS FILE.jpg ... >models/means.txt
 *
 * What models/flatten.py wants to know: the mean of each input of each block's matrix, a line for each block. */
#include "blindfold/jpeg.h"
#include "blindfold/memory.h"
#include "read/line_crop.h"
#include "read/linenet/linenet.h"
#include "read/models.h"
#include "read/ppocr/components.h"
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

/* A network on ONNX Runtime, or on our own engine. */
typedef struct {
    bf_ort_session *session;
    bf_linenet *net;
    bf_mapnet *maps;
    bf_linenet_room *room;
    float *frames; /* of one line */
    bool logits;
} network;

typedef struct {
    network network[N];
    bf_ort_session *detector;
    double ms[N], worst, sum;
    gsize values, frames, other_top, lines, other_path, pages;
} bench;

/* What a network gave: frames x classes, or a map. */
typedef struct {
    bf_ort_tensor tensor;
    float *own;
    const float *data;
    gsize rows, n;
} output;

static float log_p(const output *t, gsize row, gsize k, bool logits, float top)
{
    float v = t->data[row * t->n + k];
    return logits ? v - top : logf(v + 1e-12F) - logf(top + 1e-12F);
}

static void compare_frames(bench *b, const output t[N])
{
    gsize n = t[0].n, last[N] = {0};
    b->lines++;
    GArray *path[N] = {g_array_new(FALSE, FALSE, sizeof(gsize)), g_array_new(FALSE, FALSE, sizeof(gsize))};
    for (gsize row = 0; row < t[0].rows; row++, b->frames++) {
        gsize top[N] = {0};
        for (int s = 0; s < N; s++)
            for (gsize k = 1; k < n; k++)
                if (t[s].data[row * n + k] > t[s].data[row * n + top[s]])
                    top[s] = k;
        b->other_top += top[0] != top[1];
        for (int s = 0; s < N; s++) {
            if (top[s] != 0 && top[s] != last[s])
                g_array_append_val(path[s], top[s]);
            last[s] = top[s];
        }
        for (gsize k = 0; k < n; k++) {
            float r[N];
            for (int s = 0; s < N; s++)
                r[s] = MAX(log_p(&t[s], row, k, b->network[s].logits, t[s].data[row * n + top[s]]), SPOT_FLOOR);
            double d = fabs((double)r[0] - (double)r[1]);
            if (r[0] <= SPOT_FLOOR && r[1] <= SPOT_FLOOR)
                continue;
            b->worst = MAX(b->worst, d);
            b->sum += d;
            b->values++;
        }
    }
    bool same_path = path[0]->len == path[1]->len && memcmp(path[0]->data, path[1]->data, path[0]->len * sizeof(gsize)) == 0;
    b->other_path += !same_path;
    for (int s = 0; s < N; s++)
        g_array_unref(path[s]);
}

static bool alike(const bf_line *a, const bf_line *b)
{
    bf_rect p = bf_quad_bounds(&a->quad), q = bf_quad_bounds(&b->quad), both = bf_rect_intersect(p, q);
    double common = (double)both.w * both.h;
    return common >= 0.8 * ((double)p.w * p.h + (double)q.w * q.h - common);
}

/* Lines of the first map without their like in the second (b->other_path), or the other way about. */
static void compare_lines(bench *b, const output t[N])
{
    GArray *lines[N];
    GError *error = NULL;
    for (int s = 0; s < N; s++) {
        lines[s] = g_array_new(FALSE, FALSE, sizeof(bf_line));
        must(bf_component_lines(t[s].data, (int)t[s].n, (int)t[s].rows, 1, 1, lines[s], &error), error);
    }
    b->lines += lines[0]->len;
    for (int s = 0; s < N; s++)
        for (guint i = 0; i < lines[s]->len; i++) {
            bool found = false;
            for (guint k = 0; k < lines[1 - s]->len && !found; k++)
                found = alike(&g_array_index(lines[s], bf_line, i), &g_array_index(lines[1 - s], bf_line, k));
            b->other_path += !found;
        }
    for (int s = 0; s < N; s++)
        g_array_unref(lines[s]);
}

static void compare_maps(bench *b, const output t[N])
{
    compare_lines(b, t);
    for (gsize i = 0; i < t[0].rows * t[0].n; i++, b->values++) {
        double d = fabs((double)t[0].data[i] - (double)t[1].data[i]);
        b->worst = MAX(b->worst, d);
        b->sum += d;
        b->other_top += (t[0].data[i] > 0.3F) != (t[1].data[i] > 0.3F);
    }
}

static void keep_frame(guint frame, const float *logits, gpointer data)
{
    output *t = data;
    memcpy(t->own + frame * t->n, logits, t->n * sizeof *logits);
}

/* Planes as ONNX Runtime takes them. */
typedef struct {
    const float *input;
    gsize width, height;
} planes;

static void give_row(int y, float *const row[3], gpointer data)
{
    const planes *p = data;
    for (gsize c = 0; c < 3; c++)
        memcpy(row[c], p->input + (c * p->height + (gsize)y) * p->width, p->width * sizeof *p->input);
}

static void run(network *w, float *input, int width, int height, output *t)
{
    const gint64 shape[4] = {1, 3, height, width};
    GError *error = NULL;
    *t = (output){0};
    if (w->maps != NULL) {
        planes p = {input, (gsize)width, (gsize)height};
        t->rows = (gsize)height;
        t->n = (gsize)width;
        t->data = t->own = g_new(float, t->rows * t->n);
        must(bf_mapnet_run(w->maps, width, height, give_row, &p, t->own, &error), error);
        return;
    }
    if (w->net != NULL) {
        t->rows = (gsize)width / 8;
        t->n = bf_linenet_n_classes(w->net);
        t->data = t->own = w->frames;
        must(bf_linenet_run(w->net, w->room, input, width, keep_frame, t, &error), error);
        return;
    }
    must(bf_ort_run(w->session, input, shape, &t->tensor, &error), error);
    t->data = t->tensor.data;
    t->n = (gsize)t->tensor.dims[t->tensor.n_dims - 1];
    t->rows = (gsize)t->tensor.dims[t->tensor.n_dims - 2];
}

static void run_both(bench *b, float *input, int width, int height, bool maps)
{
    output t[N];
    for (int s = 0; s < N; s++) {
        double start = cpu_ms();
        run(&b->network[s], input, width, height, &t[s]);
        b->ms[s] += cpu_ms() - start;
    }
    if (maps)
        compare_maps(b, t);
    else
        compare_frames(b, t);
    for (int s = 0; s < N; s++) {
        if (b->network[s].session != NULL)
            bf_ort_tensor_clear(b->network[s].session, &t[s].tensor);
        if (b->network[s].maps != NULL)
            g_free(t[s].own);
    }
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
    must(bf_detect_lines(&(bf_detector){.session = b->detector}, page, 960, lines, &error), error);
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

/* The set that a name starts with, which is cut off; the fastest when it starts with none. */
static const bf_linenet_set *named_set(const char **name)
{
    const bf_linenet_set *set;
    for (guint i = 0; (set = bf_linenet_set_get(i)) != NULL; i++) {
        gsize n = strlen(bf_linenet_set_name(set));
        if (g_str_has_prefix(*name, bf_linenet_set_name(set)) && (*name)[n] == '/') {
            *name += n + 1;
            return set;
        }
    }
    return bf_linenet_set_get(0);
}

static network open_network(bf_ort *ort, const char *name, bool detect)
{
    const bf_linenet_set *set = named_set(&name);
    static const char *const kinds[] = {"float:", "short:", "bfloat:", "integer:"};
    GError *error = NULL;
    network w = {.logits = true};
    for (gsize k = 0; k < G_N_ELEMENTS(kinds); k++)
        if (g_str_has_prefix(name, kinds[k])) {
            g_autofree char *data = NULL;
            gsize length = 0;
            must(set != NULL, NULL);
            must(g_file_get_contents(name + strlen(kinds[k]), &data, &length, &error), error);
            if (detect) {
                must(bf_mapnet_new(data, length, (bf_linenet_kind)k, set, &w.maps, &error), error);
                return w;
            }
            must(bf_linenet_new(data, length, (bf_linenet_kind)k, set, &w.net, &error), error);
            w.room = bf_linenet_room_new();
            w.frames = g_new(float, (gsize)RECOGNISER_MAX_WIDTH_PX / 8 * bf_linenet_n_classes(w.net));
            return w;
        }
    w.session = open_file(ort, name);
    w.logits = strcmp(bf_ort_output_name(w.session), "logits") == 0;
    return w;
}

static void close_network(network *w)
{
    bf_ort_session_free(w->session);
    bf_linenet_free(w->net);
    bf_mapnet_free(w->maps);
    bf_linenet_room_free(w->room);
    g_free(w->frames);
}

static bf_picture *decode(const char *path)
{
    g_autofree char *data = NULL;
    gsize length = 0;
    bf_picture *page = NULL;
    GError *error = NULL;
    must(g_file_get_contents(path, &data, &length, &error), error);
    g_autoptr(GBytes) jpeg = g_bytes_new(data, length);
    must(bf_jpeg_decode(jpeg, 0, 0, &page, NULL, &error), error);
    return page;
}

enum { MAX_BLOCKS = 32, MAX_INPUTS = 1024 };
typedef struct {
    double sums[MAX_BLOCKS][MAX_INPUTS], rows[MAX_BLOCKS];
    guint n[MAX_BLOCKS];
} input_means;

static void add_inputs(guint block, const float *inputs, guint n, gpointer data)
{
    input_means *m = data;
    m->n[block] = n;
    m->rows[block]++;
    for (guint i = 0; i < n; i++)
        m->sums[block][i] += (double)inputs[i];
}

static int print_means(bench *b, bf_ort *ort, char **argv)
{
    g_autofree char *weights = g_strconcat("float:", argv[0], NULL);
    g_autofree input_means *m = g_new0(input_means, 1);
    for (int s = 0; s < N; s++)
        b->network[s] = open_network(ort, weights, false);
    bf_linenet_watch(b->network[0].room, add_inputs, m);
    for (argv++; *argv != NULL; argv++) {
        g_autoptr(bf_picture) page = decode(*argv);
        measure(b, page, false, RECOGNISER_HEIGHT_PX, 0.8F);
    }
    for (guint i = 0; i < MAX_BLOCKS && m->n[i] > 0; i++)
        for (guint k = 0; k < m->n[i]; k++)
            printf("%.4g%c", m->sums[i][k] / m->rows[i], k + 1 < m->n[i] ? ' ' : '\n');
    return 0;
}

int main(int argc, char **argv)
{
    bf_memory_prepare();
    GError *error = NULL;
    bool means = argc > 3 && strcmp(argv[1], "--means") == 0;
    bool detect = argc > 1 && strcmp(argv[1], "--detect") == 0;
    argv += detect;
    argc -= detect;
    if (argc < 4) {
        fprintf(stderr, "usage: bench-networks [--detect] A B FILE.jpg ...\n       bench-networks --means WEIGHTS FILE.jpg ...\n");
        return 2;
    }
    bench b = {0};
    bf_ort *ort = NULL;
    g_autofree char *dir = bf_models_dir(NULL), *own = g_build_filename(dir, "ch_PP-OCRv4_det_rewritten.onnx", NULL);
    must(bf_ort_load(dir, &ort, &error), error);
    b.detector = open_file(ort, own);
    if (means)
        return print_means(&b, ort, argv + 2);
    for (int s = 0; s < N; s++)
        b.network[s] = open_network(ort, argv[1 + s], detect);
    for (int i = 2; i < argc; i++) { /* the first one twice: the first time warms up */
        g_autoptr(bf_picture) page = decode(argv[MAX(i, 3)]);
        measure(&b, page, detect, RECOGNISER_HEIGHT_PX, 0.8F);
        if (i == 2)
            b = (bench){.detector = b.detector, .network = {b.network[0], b.network[1]}};
    }
    printf("%s: %.0f ms a page\n%s: %.0f ms a page, %.2f of it\n", argv[1], b.ms[0] / (double)b.pages, argv[2], b.ms[1] / (double)b.pages,
           b.ms[1] / b.ms[0]);
    if (detect)
        printf("other side of the threshold: %zu of %zu pixels; without their like: %zu of %zu lines", b.other_top, b.values, b.other_path,
               b.lines);
    else
        printf("other top: %zu of %zu; other path: %zu of %zu lines", b.other_top, b.frames, b.other_path, b.lines);
    printf("; largest difference %.4g, mean %.3g\n", b.worst, b.sum / (double)MAX(b.values, 1));
    for (int s = 0; s < N; s++)
        close_network(&b.network[s]);
    bf_ort_session_free(b.detector);
    bf_ort_unload(ort);
    return 0;
}
