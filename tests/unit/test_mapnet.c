/* The detector's own engine against the same network on ONNX Runtime, with every set of instructions that this processor has. Without any,
 * nothing is tested. */
#include "blindfold/jpeg.h"
#include "pagemaker.h"
#include "read/ppocr/components.h"
#include "read/ppocr/detect.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/resource.h>

#include "networks.h"
#include <cmocka.h>

enum { N_KINDS = 3, MAX_SETS = 8 }; /* kinds: all but bytes, which the program does not use here */
typedef struct {
    networks of;
    bf_ort_session *session;
    GBytes *weights;
    bf_mapnet *net[MAX_SETS][N_KINDS];
    guint n; /* sets */
} fixture;

static int set_up(void **state)
{
    fixture *f = g_new0(fixture, 1);
    *state = f;
    if (bf_linenet_set_get(0) == NULL)
        return 0;
    g_autoptr(GError) error = NULL;
    networks_open(&f->of);
    f->session = networks_session(&f->of, "ppocr-detection-rewritten");
    f->weights = networks_item(&f->of, "ppocr-detection-weights");
    for (const bf_linenet_set *set; (set = bf_linenet_set_get(f->n)) != NULL; f->n++) {
        assert_true(f->n < MAX_SETS);
        for (int k = 0; k < N_KINDS; k++)
            must(bf_mapnet_new(g_bytes_get_data(f->weights, NULL), g_bytes_get_size(f->weights), (bf_linenet_kind)k, set, &f->net[f->n][k],
                               &error),
                 error);
    }
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    for (guint e = 0; e < f->n; e++)
        for (int k = 0; k < N_KINDS; k++)
            bf_mapnet_free(f->net[e][k]);
    g_clear_pointer(&f->weights, g_bytes_unref);
    bf_ort_session_free(f->session);
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

/* What a network sees: three planes. */
typedef struct {
    float *planes;
    int width, height;
} view;

static void give_row(int y, float *const row[3], gpointer data)
{
    const view *v = data;
    for (int c = 0; c < 3; c++)
        memcpy(row[c], v->planes + ((gsize)c * (gsize)v->height + (gsize)y) * (gsize)v->width, (gsize)v->width * sizeof(float));
}

static view view_new(int width, int height)
{
    return (view){g_new0(float, 3 * (gsize)width * (gsize)height), width, height};
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

/* A page, scaled to a width and height. */
static view view_of(const bf_picture *page, int width, int height)
{
    view v = view_new(width, height);
    g_autoptr(bf_picture) p = NULL;
    g_autoptr(GError) error = NULL;
    must(bf_picture_scale(page, width, height, &p, &error), error);
    gsize n = (gsize)width * (gsize)height;
    for (gsize c = 0; c < 3; c++)
        for (gsize i = 0; i < n; i++)
            v.planes[c * n + i] = p->data[i * (gsize)p->channels + (p->channels == 3 ? 2 - c : 0)] / 57.0F - 2;
    return v;
}

/* How far a map is from ONNX Runtime's: the largest difference, and pixels on the other side of the threshold. */
typedef struct {
    double most;
    gsize other, found, pixels;
} distance;

static void compare(const float *own, const float *theirs, gsize n, distance *d)
{
    for (gsize i = 0; i < n; i++) {
        assert_true(own[i] >= 0 && own[i] <= 1);
        d->most = MAX(d->most, fabs((double)own[i] - (double)theirs[i]));
        d->other += (own[i] > 0.3F) != (theirs[i] > 0.3F);
        d->found += theirs[i] > 0.3F;
    }
    d->pixels += n;
}

typedef distance distances[MAX_SETS][N_KINDS];
static void compare_all(const fixture *f, int n_kinds, view *v, distances d)
{
    g_autoptr(GError) error = NULL;
    const gint64 shape[4] = {1, 3, v->height, v->width};
    gsize n = (gsize)v->width * (gsize)v->height;
    g_autofree float *own = g_new(float, n);
    bf_ort_tensor t;
    must(bf_ort_run(f->session, v->planes, shape, &t, &error), error);
    for (guint e = 0; e < f->n; e++)
        for (int k = 0; k < n_kinds; k++) {
            must(bf_mapnet_run(f->net[e][k], v->width, v->height, give_row, v, own, &error), error);
            compare(own, t.data, n, &d[e][k]);
        }
    bf_ort_tensor_clear(f->session, &t);
}

static void expect_near(const fixture *f, int n_kinds, distances d)
{
    static const struct {
        double most, other; /* other: of those found */
    } bounds[N_KINDS] = {
        [BF_LINENET_FLOAT] = {1e-3, 2e-5},
        [BF_LINENET_SHORT] = {0.3, 1e-3},
        [BF_LINENET_BFLOAT] = {0.9, 5e-3},
    };
    for (guint e = 0; e < f->n; e++)
        for (int k = 0; k < n_kinds; k++) {
            const distance *at = &d[e][k];
            print_message("%s, kind %d: most %.6f, other %zu of %zu found, %zu pixels\n", bf_linenet_set_name(bf_linenet_set_get(e)), k,
                          at->most, at->other, at->found, at->pixels);
            assert_true(at->most <= bounds[k].most);
            assert_true((double)at->other <= bounds[k].other * (double)at->found);
        }
}

static void test_bf_mapnet_run__pages(void **state)
{
    const fixture *f = usable(state);
    static const struct {
        pm_kind kind;
        pm_capture capture;
        int width, height;
    } pages[] = {{PM_KIND_LIST, PM_CAPTURE_CLEAN, 672, 960}, {PM_KIND_APPRAISAL, PM_CAPTURE_SCAN, 704, 416}};
    distances d = {0};
    for (gsize i = 0; i < G_N_ELEMENTS(pages); i++) {
        g_autoptr(bf_picture) page = draw(pages[i].kind, pages[i].capture);
        view v = view_of(page, pages[i].width, pages[i].height);
        compare_all(f, N_KINDS, &v, d);
        g_free(v.planes);
    }
    assert_true(d[0][0].found > 10000);
    expect_near(f, N_KINDS, d);
}

/* Small and odd sizes: no row of a picture at 1/32 fills a unit, or a whole one and a bit of the next, or there is but one row. */
static void test_bf_mapnet_run__every_size(void **state)
{
    const fixture *f = usable(state);
    static const int sizes[][2] = {{32, 32}, {64, 32}, {32, 320}, {256, 64}, {288, 96}, {544, 160}, {3200, 32}};
    g_autoptr(bf_picture) page = draw(PM_KIND_LIST, PM_CAPTURE_CLEAN);
    distances d = {0};
    for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++) {
        view v = view_of(page, sizes[i][0], sizes[i][1]);
        compare_all(f, 1, &v, d);
        g_free(v.planes);
    }
    expect_near(f, 1, d);
}

static bool alike(const bf_line *a, const bf_line *b)
{
    bf_rect p = bf_quad_bounds(&a->quad), q = bf_quad_bounds(&b->quad), both = bf_rect_intersect(p, q);
    double common = (double)both.w * both.h;
    return common >= 0.8 * ((double)p.w * p.h + (double)q.w * q.h - common);
}

/* Every line of one look has its like in the other. */
static guint n_alone(const GArray *lines, const GArray *others)
{
    guint n = 0;
    for (guint i = 0; i < lines->len; i++) {
        bool found = false;
        for (guint k = 0; k < others->len && !found; k++)
            found = alike(&g_array_index(lines, bf_line, i), &g_array_index(others, bf_line, k));
        n += !found;
    }
    return n;
}

static void test_bf_mapnet_run__the_same_lines(void **state)
{
    const fixture *f = usable(state);
    static const pm_capture captures[] = {PM_CAPTURE_CLEAN, PM_CAPTURE_SCAN};
    for (gsize i = 0; i < 2 * G_N_ELEMENTS(captures); i++) {
        g_autoptr(bf_picture) page = draw(i % 2 == 0 ? PM_KIND_LIST : PM_KIND_APPRAISAL, captures[i / 2]);
        g_autoptr(GArray) theirs = g_array_new(FALSE, FALSE, sizeof(bf_line));
        g_autoptr(GError) error = NULL;
        must(bf_detect_lines(&(bf_detector){.session = f->session}, page, 960, theirs, &error), error);
        assert_true(theirs->len > 10);
        for (guint e = 0; e < f->n; e++)
            for (int k = 0; k < N_KINDS; k++) {
                g_autoptr(GArray) own = g_array_new(FALSE, FALSE, sizeof(bf_line));
                must(bf_detect_lines(&(bf_detector){.net = f->net[e][k]}, page, 960, own, &error), error);
                guint alone = n_alone(theirs, own) + n_alone(own, theirs);
                if (alone > (k == BF_LINENET_BFLOAT ? 2 : 0)) /* one whose box is another one counts twice */
                    fail_msg("page %zu, set %u, kind %d: %u of %u and %u lines have no like", i, e, k, alone, theirs->len, own->len);
            }
    }
}

/* To the bit, wherever its memory lies and whatever lay there before. */
static void test_bf_mapnet_run__again_gives_the_same(void **state)
{
    const fixture *f = usable(state);
    enum { WIDTH = 416, HEIGHT = 224, N = WIDTH * HEIGHT };
    g_autoptr(bf_picture) page = draw(PM_KIND_LIST, PM_CAPTURE_CLEAN);
    view v = view_of(page, WIDTH, HEIGHT);
    g_autofree float *a = g_new(float, N), *b = g_new(float, N);
    g_autoptr(GError) error = NULL;
    for (guint e = 0; e < f->n; e++)
        for (int fill = 0; fill < 2; fill++) {
            void *used = g_malloc(16 << 20);
            memset(used, fill == 0 ? 0 : 0x7E, 16 << 20);
            g_free(used);
            must(bf_mapnet_run(f->net[e][BF_LINENET_SHORT], WIDTH, HEIGHT, give_row, &v, fill == 0 ? a : b, &error), error);
            if (fill == 1)
                assert_memory_equal(a, b, N * sizeof *a);
        }
    g_free(v.planes);
}

static void refused(const guint8 *bytes, gsize size)
{
    bf_mapnet *net = NULL;
    g_autoptr(GError) error = NULL;
    assert_false(bf_mapnet_new(bytes, size, BF_LINENET_BFLOAT, bf_linenet_set_get(0), &net, &error));
    assert_null(net);
    assert_true(g_error_matches(error, BF_READER_ERROR, BF_READER_ERROR_MODEL));
}

static void test_bf_mapnet_new__damaged_files(void **state)
{
    const fixture *f = usable(state);
    gsize size = g_bytes_get_size(f->weights);
    g_autofree guint8 *bytes = g_malloc(size + 4);
    memcpy(bytes, g_bytes_get_data(f->weights, NULL), size);
    refused(bytes, 0);
    refused(bytes, 8);
    refused(bytes, size - 4);
    refused(bytes, size + 4);
    bytes[3] ^= 1;
    refused(bytes, size);
    bytes[3] ^= 1;
    static const guint8 infinite[4] = {0, 0, 0x80, 0x7F};
    memcpy(bytes + 8 + 4 * 100000, infinite, sizeof infinite);
    refused(bytes, size);
}

/* A sanitizer's allocator needs the address space for itself. */
static void test_bf_mapnet_run__without_memory(void **state)
{
    const fixture *f = usable(state);
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    skip();
#endif
    enum { WIDTH = 3200, HEIGHT = 3200 };
    view v = view_new(WIDTH, HEIGHT);
    g_autofree float *map = g_new(float, WIDTH *HEIGHT);
    g_autoptr(GError) error = NULL;
    struct rlimit before, none;
    getrlimit(RLIMIT_AS, &before);
    none = before;
    none.rlim_cur = 1 << 20;
    setrlimit(RLIMIT_AS, &none);
    bool ok = bf_mapnet_run(f->net[0][0], WIDTH, HEIGHT, give_row, &v, map, &error);
    setrlimit(RLIMIT_AS, &before);
    g_free(v.planes);
    assert_false(ok);
    assert_true(g_error_matches(error, BF_READER_ERROR, BF_READER_ERROR_RUN));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bf_mapnet_run__pages),          cmocka_unit_test(test_bf_mapnet_run__every_size),
        cmocka_unit_test(test_bf_mapnet_run__the_same_lines), cmocka_unit_test(test_bf_mapnet_run__again_gives_the_same),
        cmocka_unit_test(test_bf_mapnet_new__damaged_files),  cmocka_unit_test(test_bf_mapnet_run__without_memory),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
