/* The recogniser's own engine against the same network on ONNX Runtime, with every set of instructions that this processor has. Without
 * any, nothing is tested. */
#include "blindfold/jpeg.h"
#include "pagemaker.h"
#include "read/line_crop.h"
#include "read/linenet/linenet.h"
#include "read/ppocr/detect.h"
#include "read/ppocr/recognise.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/resource.h>

#include "networks.h"
#include <cmocka.h>

enum { N_KINDS = 4, MAX_SETS = 8, MAX_FRAMES = RECOGNISER_MAX_WIDTH_PX / 8, N_CLASSES = 6625 };
/* The engine with one set of instructions. */
typedef struct {
    const bf_linenet_set *set;
    bf_linenet *net[N_KINDS];
} engine;
typedef struct {
    networks of;
    bf_ort_session *session;
    GBytes *weights;
    engine engines[MAX_SETS]; /* of all sets that this processor has */
    guint n;
    bf_linenet_room *room;
    bf_ort_session *detector;
} fixture;

static bf_linenet *network(const fixture *f, bf_linenet_kind kind, const bf_linenet_set *set)
{
    bf_linenet *net = NULL;
    g_autoptr(GError) error = NULL;
    must(bf_linenet_new(g_bytes_get_data(f->weights, NULL), g_bytes_get_size(f->weights), kind, set, &net, &error), error);
    return net;
}

static int set_up(void **state)
{
    fixture *f = g_new0(fixture, 1);
    *state = f;
    if (bf_linenet_set_get(0) == NULL)
        return 0;
    g_autoptr(GError) error = NULL;
    networks_open(&f->of);
    f->session = networks_session(&f->of, "ppocr-recognition-rewritten");
    f->detector = networks_session(&f->of, "ppocr-detection-rewritten");
    f->weights = networks_item(&f->of, "ppocr-recognition-weights");
    for (const bf_linenet_set *set; (set = bf_linenet_set_get(f->n)) != NULL; f->n++) {
        assert_true(f->n < MAX_SETS);
        f->engines[f->n].set = set;
        for (int k = 0; k < N_KINDS; k++)
            f->engines[f->n].net[k] = network(f, (bf_linenet_kind)k, set);
    }
    f->room = bf_linenet_room_new();
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    for (guint e = 0; e < f->n; e++)
        for (int k = 0; k < N_KINDS; k++)
            bf_linenet_free(f->engines[e].net[k]);
    bf_linenet_room_free(f->room);
    g_clear_pointer(&f->weights, g_bytes_unref);
    bf_ort_session_free(f->session);
    bf_ort_session_free(f->detector);
    networks_close(&f->of);
    g_free(f);
    return 0;
}

static const fixture *usable(void **state)
{
    if (bf_linenet_set_get(0) == NULL)
        skip();
    return *state;
}

static void keep_frame(guint frame, const float *logits, gpointer data)
{
    memcpy((float *)data + (gsize)frame * N_CLASSES, logits, N_CLASSES * sizeof *logits);
}

static gsize best(const float *v, gsize n)
{
    gsize at = 0;
    for (gsize i = 1; i < n; i++)
        at = v[i] > v[at] ? i : at;
    return at;
}

/* How far a kind of engine is from ONNX Runtime on a line, and in how many frames it sees another class. */
typedef struct {
    double sum;
    float most;
    gsize values, frames, other;
} distance;

static void compare(const bf_ort_tensor *t, const float *own, distance *d)
{
    for (gsize i = 0; i < (gsize)t->dims[1]; i++, d->frames++) {
        const float *a = t->data + i * N_CLASSES, *b = own + i * N_CLASSES;
        d->other += best(a, N_CLASSES) != best(b, N_CLASSES);
        for (gsize k = 0; k < N_CLASSES; k++, d->values++) {
            float difference = fabsf(a[k] - b[k]);
            d->most = MAX(d->most, difference);
            d->sum += (double)difference;
        }
    }
}

/* Every engine, of the first n_kinds, on a line. */
typedef distance distances[MAX_SETS][N_KINDS];
static void compare_all(const fixture *f, int n_kinds, float *input, int width, distances d)
{
    g_autoptr(GError) error = NULL;
    const gint64 shape[4] = {1, 3, RECOGNISER_HEIGHT_PX, width};
    bf_ort_tensor t;
    g_autofree float *own = g_new(float, (gsize)width / 8 * N_CLASSES);
    must(bf_ort_run(f->session, input, shape, &t, &error), error);
    assert_int_equal(t.dims[1], width / 8);
    assert_int_equal(t.dims[2], N_CLASSES);
    for (guint e = 0; e < f->n; e++)
        for (int k = 0; k < n_kinds; k++) {
            assert_int_equal(bf_linenet_n_classes(f->engines[e].net[k]), N_CLASSES);
            must(bf_linenet_run(f->engines[e].net[k], f->room, input, width, keep_frame, own, &error), error);
            compare(&t, own, &d[e][k]);
        }
    bf_ort_tensor_clear(f->session, &t);
}

/* A crop as the network takes it. */
static float *input_of(const bf_picture *crop, int width)
{
    float *input = g_new0(float, 3 * RECOGNISER_HEIGHT_PX * (gsize)width);
    for (int c = 0; c < 3; c++)
        for (int y = 0; y < RECOGNISER_HEIGHT_PX; y++)
            for (int x = 0; x < MIN(crop->width_px, width); x++)
                input[((gsize)c * RECOGNISER_HEIGHT_PX + (gsize)y) * (gsize)width + (gsize)x] =
                    crop->data[((gsize)y * (gsize)crop->width_px + (gsize)x) * 3 + (gsize)(2 - c)] / 127.5F - 1;
    return input;
}

static bf_picture *draw(pm_kind kind, pm_capture capture)
{
    pm_person *person = pm_person_random(78);
    pm_page_spec spec = {.kind = kind, .capture = capture, .seed = 32, .person = person};
    g_autoptr(pm_page) page = NULL;
    bf_picture *picture = NULL;
    g_autoptr(GError) error = NULL;
    must(pm_page_draw(&spec, &page, &error) && bf_jpeg_decode(page->jpeg, 0, 0, &picture, NULL, &error), error);
    pm_person_free(person);
    return picture;
}

static void compare_page(const fixture *f, pm_kind kind, pm_capture capture, distances d)
{
    g_autoptr(bf_picture) page = draw(kind, capture);
    g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(bf_line));
    g_autoptr(GError) error = NULL;
    must(bf_detect_lines(&(bf_detector){.session = f->detector}, page, 960, lines, &error), error);
    for (guint i = 0; i < lines->len; i += 2) {
        g_autoptr(bf_picture) crop = NULL;
        must(bf_line_crop(page, &g_array_index(lines, bf_line, i).quad, NULL, RECOGNISER_HEIGHT_PX, 0.8F, RECOGNISER_MAX_WIDTH_PX, &crop,
                          &error),
             error);
        int width = MAX(64, (crop->width_px + 31) / 32 * 32);
        g_autofree float *input = input_of(crop, width);
        compare_all(f, N_KINDS, input, width, d);
    }
}

static void test_bf_linenet_run__lines_of_pages(void **state)
{
    const fixture *f = usable(state);
    distances all = {0};
    compare_page(f, PM_KIND_LIST, PM_CAPTURE_CLEAN, all);
    compare_page(f, PM_KIND_APPRAISAL, PM_CAPTURE_SCAN, all);
    static const struct {
        double mean;
        float most;
        double other;
    } bounds[N_KINDS] = {
        [BF_LINENET_FLOAT] = {1e-4, 0.01F, 0},
        [BF_LINENET_SHORT] = {0.015, 2, 0},
        [BF_LINENET_BFLOAT] = {0.1, 6, 0.005},
        [BF_LINENET_INTEGER] = {0.15, 24, 0.01},
    };
    for (guint e = 0; e < f->n; e++)
        for (int k = 0; k < N_KINDS; k++) {
            const distance *d = &all[e][k];
            double mean = d->sum / (double)d->values;
            print_message("%s, kind %d: mean %.5f, most %.4f, other %zu of %zu\n", bf_linenet_set_name(f->engines[e].set), k, mean,
                          (double)d->most, d->other, d->frames);
            assert_true(d->frames > 400);
            assert_true(mean < bounds[k].mean);
            assert_true(d->most < bounds[k].most);
            assert_true((double)d->other <= bounds[k].other * (double)d->frames);
        }
}

/* Stripes of ink. Widest first, so that the room's rest of it is there for the others. */
static void test_bf_linenet_run__every_width(void **state)
{
    const fixture *f = usable(state);
    static const int widths[] = {RECOGNISER_MAX_WIDTH_PX, 64, 96, 128, 544, 1056};
    for (gsize i = 0; i < G_N_ELEMENTS(widths); i++) {
        gsize n = 3 * RECOGNISER_HEIGHT_PX * (gsize)widths[i];
        g_autofree float *input = g_new(float, n);
        for (gsize k = 0; k < n; k++)
            input[k] = (float)((k * 7 + k / 13 * 5) % 17) / 8 - 1;
        distances d = {0};
        compare_all(f, BF_LINENET_FLOAT + 1, input, widths[i], d);
        for (guint e = 0; e < f->n; e++)
            assert_true(d[e][BF_LINENET_FLOAT].most < 0.01F && d[e][BF_LINENET_FLOAT].other == 0);
    }
}

/* In a room that no line was in, and in one that is full of a wider one. */
static void test_bf_linenet_run__again_gives_the_same(void **state)
{
    const fixture *f = usable(state);
    enum { WIDTH = 320, WIDER = 512, N = WIDER / 8 * N_CLASSES };
    g_autofree float *input = g_new0(float, 3 * RECOGNISER_HEIGHT_PX * WIDER), *a = g_new(float, N), *b = g_new(float, N);
    for (int k = 0; k < 3 * RECOGNISER_HEIGHT_PX * WIDER; k += 3)
        input[k] = -1;
    g_autoptr(GError) error = NULL;
    for (guint e = 0; e < f->n; e++) {
        const bf_linenet *net = f->engines[e].net[BF_LINENET_INTEGER];
        bf_linenet_room *fresh = bf_linenet_room_new();
        must(bf_linenet_run(net, fresh, input, WIDTH, keep_frame, b, &error), error);
        must(bf_linenet_run(net, f->room, input, WIDER, keep_frame, a, &error), error);
        must(bf_linenet_run(net, f->room, input, WIDTH, keep_frame, a, &error), error);
        bf_linenet_room_free(fresh);
        assert_memory_equal(a, b, WIDTH / 8 * N_CLASSES * sizeof *a);
    }
}

/* What recognise.c asks of a frame: to the bit the same with every set, and near enough to the C library's. */
static void test_bf_linenet_sum_exp__every_set(void **state)
{
    const fixture *f = usable(state);
    static const guint counts[] = {N_CLASSES, N_CLASSES - 1, 64, 17, 15, 1};
    float v[N_CLASSES];
    for (int i = 0; i < N_CLASSES; i++)
        v[i] = (float)(i * 7919 % 6011) / 50 - 100;
    for (gsize i = 0; i < G_N_ELEMENTS(counts); i++) {
        guint n = counts[i];
        const float *at = v + N_CLASSES - n;
        float top = at[best(at, n)], first = 0;
        double sum = 0;
        for (guint k = 0; k < n; k++)
            sum += exp((double)(at[k] - top));
        for (guint e = 0; e < f->n; e++) {
            const bf_linenet *net = f->engines[e].net[BF_LINENET_FLOAT];
            float own = bf_linenet_sum_exp(net, at, n, top);
            assert_true(bf_linenet_largest(net, at, n) == top);
            assert_true(e == 0 || own == first);
            assert_true(fabs((double)own / sum - 1) < 1e-5);
            first = own;
        }
    }
}

static void refused(const guint8 *bytes, gsize size)
{
    bf_linenet *net = NULL;
    g_autoptr(GError) error = NULL;
    assert_false(bf_linenet_new(bytes, size, BF_LINENET_INTEGER, bf_linenet_set_get(0), &net, &error));
    assert_null(net);
    assert_true(g_error_matches(error, BF_READER_ERROR, BF_READER_ERROR_MODEL));
}

static void test_bf_linenet_new__damaged_files(void **state)
{
    const fixture *f = usable(state);
    gsize size = g_bytes_get_size(f->weights);
    const guint8 *whole = g_bytes_get_data(f->weights, NULL);
    g_autofree guint8 *bytes = g_malloc(size + 4);
    memcpy(bytes, whole, size);
    refused(bytes, 0);
    refused(bytes, 7);
    refused(bytes, 8);
    refused(bytes, size - 1);
    refused(bytes, size - 4);
    refused(bytes, size + 4);
    bytes[6] ^= 1;
    refused(bytes, size);
    bytes[6] ^= 1;
    static const guint8 infinite[4] = {0, 0, 0x80, 0x7F};
    memcpy(bytes + 8 + 4 * 100000, infinite, sizeof infinite);
    refused(bytes, size);
}

static void no_frame(guint frame, const float *logits, gpointer data)
{
    (void)frame;
    (void)logits;
    (void)data;
    fail_msg("a frame without memory");
}

/* A sanitizer's allocator needs the address space for itself. */
static void test_bf_linenet_run__without_memory(void **state)
{
    const fixture *f = usable(state);
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    skip();
#endif
    g_autofree float *input = g_new0(float, 3 * RECOGNISER_HEIGHT_PX * RECOGNISER_MAX_WIDTH_PX);
    g_autoptr(GError) error = NULL;
    bf_linenet_room *room = bf_linenet_room_new();
    struct rlimit before, none;
    getrlimit(RLIMIT_AS, &before);
    none = before;
    none.rlim_cur = 1 << 20;
    setrlimit(RLIMIT_AS, &none);
    GPtrArray *hoard = g_ptr_array_new_full(10000, g_free); /* of what earlier tests gave back to the allocator */
    for (void *block; hoard->len < 10000 && (block = g_try_malloc(1 << 20)) != NULL;)
        g_ptr_array_add(hoard, block);
    bool ok = bf_linenet_run(f->engines[0].net[0], room, input, RECOGNISER_MAX_WIDTH_PX, no_frame, NULL, &error);
    setrlimit(RLIMIT_AS, &before);
    g_ptr_array_unref(hoard);
    assert_false(ok);
    assert_true(g_error_matches(error, BF_READER_ERROR, BF_READER_ERROR_RUN));
    g_autofree float *frames = g_new(float, MAX_FRAMES *N_CLASSES);
    g_clear_error(&error);
    must(bf_linenet_run(f->engines[0].net[0], room, input, 64, keep_frame, frames, &error), error); /* the room is still good */
    bf_linenet_room_free(room);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bf_linenet_run__lines_of_pages),       cmocka_unit_test(test_bf_linenet_run__every_width),
        cmocka_unit_test(test_bf_linenet_run__again_gives_the_same), cmocka_unit_test(test_bf_linenet_new__damaged_files),
        cmocka_unit_test(test_bf_linenet_run__without_memory),       cmocka_unit_test(test_bf_linenet_sum_exp__every_set),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
