/* The looks after the first: the proof must not read a page in the way in which it was read before, and the second reader must keep to its
 * thread. */
#include "blindfold/jpeg.h"
#include "blindfold/name.h"
#include "page/sheet.h"
#include "pagemaker.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { PERSON_SEED = 52, PAGE_SEED = 17 };

/* Every look that the main reader is asked for, in order, and on which picture. */
static struct {
    const bf_reader_class *real;
    guint n;
    bool plain[64];
    bool masked[64]; /* the picture has a black bar */
} seen;

static bool has_black_bar(const bf_picture *p)
{
    guint run = 0, longest = 0;
    for (int y = 0; y < p->height_px && longest < 60; y++, run = 0)
        for (int x = 0; x < p->width_px; x++) {
            const uint8_t *px = p->data + ((gsize)y * (gsize)p->width_px + (gsize)x) * (gsize)p->channels;
            run = px[0] == 0 ? run + 1 : 0;
            longest = MAX(longest, run);
        }
    return longest >= 60;
}

static bool watched_read_lines(bf_reader_worker *worker, const bf_picture *picture, GArray *lines, guint first, guint n,
                               const bf_query *query, const bf_look *look, GArray *hits, GError **error)
{
    assert_true(seen.n < G_N_ELEMENTS(seen.plain));
    seen.plain[seen.n] = look == NULL || look->crop_scale == 0 || look->crop_scale == 1;
    seen.masked[seen.n++] = has_black_bar(picture);
    return seen.real->read_lines(worker, picture, lines, first, n, query, look, hits, error);
}

static pm_page *draw(const pm_person *person)
{
    const pm_page_spec spec = {PM_KIND_TITLE, PM_CAPTURE_CLEAN, PAGE_SEED, person, PM_FLAG_PLAIN_NAME, 0, 0, {.shrink = 1}};
    pm_page *page = NULL;
    assert_true(pm_page_draw(&spec, &page, NULL));
    return page;
}

static void test_bf_prove__reads_at_another_scale(void **state)
{
    (void)state;
    const bf_page_settings settings = {0};
    g_autoptr(GError) error = NULL;
    bf_page_engine *engine = NULL;
    bf_page_worker *worker = NULL;
    bf_query *query = NULL;
    pm_person *person = pm_person_random(PERSON_SEED);
    g_autoptr(pm_page) page = draw(person);
    assert_true(bf_page_engine_new(&settings, &engine, &error) && bf_name_build(person->name, NULL, &query, &error));
    bf_reader_class watched = *engine->readers[0].class;
    seen.real = engine->readers[0].class;
    watched.read_lines = watched_read_lines;
    engine->readers[0].class = &watched;
    assert_true(bf_page_worker_new(engine, &worker, &error));

    const bf_page_task task = {.jpeg = page->jpeg, .query = query};
    bf_page_result result;
    bf_page_result_init(&result);
    bf_page_process(worker, &task, &result);
    assert_true(result.masks->len > 0); /* held it is, since the main reader is another one here */
    guint n_proofs = 0;
    for (guint i = 0; i < seen.n; i++)
        if (seen.masked[i]) {
            n_proofs++;
            assert_false(seen.plain[i]);
        }
    assert_true(n_proofs > 0);
    assert_true(seen.plain[0] && !seen.masked[0]);

    bf_page_result_clear(&result);
    bf_page_worker_free(worker);
    engine->readers[0].class = seen.real;
    bf_page_engine_free(engine);
    bf_query_free(query);
    pm_person_free(person);
}

static int n_threads(void)
{
    g_autofree char *status = NULL;
    assert_true(g_file_get_contents("/proc/self/status", &status, NULL, NULL));
    const char *line = strstr(status, "\nThreads:");
    assert_non_null(line);
    return atoi(line + strlen("\nThreads:"));
}

/* OpenMP keeps the threads that it once started, so they would still be there afterwards. */
static void test_tesseract__starts_no_threads(void **state)
{
    (void)state;
    const bf_reader_class *class = &bf_reader_tesseract;
    g_autoptr(GError) error = NULL;
    g_autoptr(bf_picture) picture = NULL;
    g_autoptr(GArray) lines = g_array_new(FALSE, TRUE, sizeof(bf_line)), hits = g_array_new(FALSE, TRUE, sizeof(bf_hit));
    bf_reader *reader = NULL;
    bf_reader_worker *worker = NULL;
    bf_query *query = NULL;
    pm_person *person = pm_person_random(PERSON_SEED);
    g_autoptr(pm_page) page = draw(person);
    const bf_look plain = {0};
    int before = n_threads();
    assert_true(bf_jpeg_decode(page->jpeg, 0, 0, &picture, NULL, &error) && bf_name_build(person->name, NULL, &query, &error));
    assert_true(class->open(NULL, &reader, &error) && class->worker_new(reader, &worker, &error));
    assert_true(class->find_lines(worker, picture, 0, lines, &error));
    assert_true(lines->len > 0);
    assert_true(class->read_lines(worker, picture, lines, 0, MIN(lines->len, 3), query, &plain, hits, &error));
    assert_int_equal(n_threads(), before);
    class->worker_free(worker);
    class->close(reader);
    bf_query_free(query);
    pm_person_free(person);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tesseract__starts_no_threads), /* first: the other reader starts some of its own */
        cmocka_unit_test(test_bf_prove__reads_at_another_scale),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
