/* Pages in processes of their own, with the real models: the same results; processes that die, hang or are stopped; what they may do. */
#include "blindfold/jpeg.h"
#include "blindfold/name.h"
#include "blindfold/page_host.h"
#include "page/page_host_internal.h"
#include "page/page_serve.h"
#include "pagemaker.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
/* jpeglib.h wants it before */
#include <jpeglib.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

typedef struct {
    bf_page_engine *engine;
    pm_person *person;
    bf_query *query;
    pm_page *page;
} fixture;

static int set_up(void **state)
{
    fixture *f = g_new0(fixture, 1);
    const bf_page_settings settings = {0};
    const pm_page_spec spec = {.kind = PM_KIND_SUMMARY, .capture = PM_CAPTURE_CLEAN, .seed = 78};
    g_autoptr(GError) error = NULL;
    f->person = pm_person_random(20262);
    pm_page_spec drawn = spec;
    drawn.person = f->person;
    if (!bf_page_engine_new(&settings, &f->engine, &error) || !bf_name_build(f->person->name, NULL, &f->query, &error) ||
        !pm_page_draw(&drawn, &f->page, &error)) {
        print_error("%s\n", error->message);
        return -1;
    }
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    bf_page_engine_free(f->engine);
    bf_query_free(f->query);
    pm_page_free(f->page);
    pm_person_free(f->person);
    g_free(f);
    return 0;
}

static bf_page_host *open_host(const fixture *f, guint seconds)
{
    bf_page_host *host = NULL;
    g_autoptr(GError) error = NULL;
    if (!bf_page_host_new(f->engine, &(bf_page_host_settings){.limits.page_seconds = seconds}, &host, &error))
        fail_msg("%s", error->message);
    return host;
}

static bf_page_client *open_client(bf_page_host *host)
{
    bf_page_client *client = NULL;
    g_autoptr(GError) error = NULL;
    if (!bf_page_client_new(host, &client, &error))
        fail_msg("%s", error->message);
    return client;
}

static void process(const fixture *f, bf_page_client *client, const atomic_bool *cancel, bf_page_result *r)
{
    bf_page_result_init(r);
    bf_page_client_process(client, &(bf_page_task){.jpeg = f->page->jpeg, .query = f->query, .cancel = cancel}, r);
}

static const char *only_reason(const bf_page_result *r)
{
    return r->reasons && r->reasons->len == 1 ? r->reasons->pdata[0] : "";
}

/* The one child of a process. */
static pid_t child_of(pid_t pid)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/task/%d/children", pid, pid), *text = NULL;
    assert_true(g_file_get_contents(path, &text, NULL, NULL));
    pid_t child = (pid_t)g_ascii_strtoll(text, NULL, 10);
    assert_true(child > 0);
    return child;
}

static void assert_sum(const char *hex, GBytes *bytes)
{
    char sum[BF_SHA256_HEX];
    bf_sha256_of(bytes, sum);
    assert_string_equal(hex, sum);
}

static void test_bf_page_client_process__as_in_this_process(void **state)
{
    const fixture *f = *state;
    bf_page_host *host = open_host(f, 0);
    bf_page_client *client = open_client(host);
    bf_page_worker *worker = NULL;
    bf_page_result there, here;
    assert_true(bf_page_worker_new(f->engine, &worker, NULL));
    bf_page_result_init(&here);
    bf_page_process(worker, &(bf_page_task){.jpeg = f->page->jpeg, .query = f->query}, &here);
    for (int round = 0; round < 2; round++) {
        process(f, client, NULL, &there);
        assert_int_equal(there.decision, here.decision);
        assert_int_equal(there.decision, BF_DECISION_MASKED);
        assert_true(g_bytes_equal(there.output, here.output));
        assert_sum(there.sha256_in, f->page->jpeg);
        assert_sum(there.sha256_out, here.output);
        assert_int_equal(there.masks->len, here.masks->len);
        for (guint i = 0; i < here.masks->len; i++) {
            const bf_mask *a = &g_array_index(there.masks, bf_mask, i), *b = &g_array_index(here.masks, bf_mask, i);
            assert_memory_equal(&a->rect, &b->rect, sizeof a->rect);
            assert_string_equal(a->reader, b->reader);
            assert_true(a->kind == b->kind && a->score == b->score);
        }
        assert_true(there.legibility_score == here.legibility_score && there.legibility == here.legibility);
        assert_true(there.unchanged_blocks == here.unchanged_blocks && there.masked_blocks == here.masked_blocks);
        assert_int_equal(there.orientation_deg, here.orientation_deg);
        bf_page_result_clear(&there);
    }
    bf_page_result_clear(&here);
    bf_page_worker_free(worker);
    bf_page_client_free(client);
    bf_page_host_free(host);
}

static void test_bf_page_client_process__checks_as_in_this_process(void **state)
{
    const fixture *f = *state;
    bf_page_host *host = open_host(f, 0);
    bf_page_client *client = open_client(host);
    bf_page_worker *worker = NULL;
    bf_page_result r;
    bf_checked_page *here = bf_checked_page_new(), *there = bf_checked_page_new();
    assert_true(bf_page_worker_new(f->engine, &worker, NULL));
    bf_page_result_init(&r);
    bf_page_process(worker, &(bf_page_task){.jpeg = f->page->jpeg, .query = f->query, .check = here}, &r);
    bf_page_result_clear(&r);
    bf_page_client_process(client, &(bf_page_task){.jpeg = f->page->jpeg, .query = f->query, .check = there}, &r);
    assert_null(r.output);
    bf_page_result_clear(&r);
    assert_true(here->findings->len > 0);
    assert_int_equal(there->findings->len, here->findings->len);
    for (guint i = 0; i < here->findings->len; i++) {
        const bf_finding *a = &g_array_index(there->findings, bf_finding, i), *b = &g_array_index(here->findings, bf_finding, i);
        assert_string_equal(a->rule, b->rule);
        assert_true(a->weight == b->weight && a->number == b->number && (a->picture != NULL) == (b->picture != NULL));
        assert_memory_equal(&a->place, &b->place, sizeof a->place);
        assert_true(a->picture == NULL || g_bytes_equal(a->picture, b->picture));
    }
    assert_true(g_bytes_equal(there->thumbnail, here->thumbnail));
    assert_string_equal(there->legibility, here->legibility);
    assert_memory_equal(there->print, here->print, BF_PRINT_N * sizeof(float));
    bf_checked_page_free(here);
    bf_checked_page_free(there);
    bf_page_worker_free(worker);
    bf_page_client_free(client);
    bf_page_host_free(host);
}

static void test_bf_page_client_process__garbage_is_a_result(void **state)
{
    const fixture *f = *state;
    bf_page_host *host = open_host(f, 0);
    bf_page_client *client = open_client(host);
    static const char *const contents[] = {"", "\xFF\xD8\xFF", "no picture at all"};
    for (guint i = 0; i < G_N_ELEMENTS(contents); i++) {
        g_autoptr(GBytes) jpeg = g_bytes_new_static(contents[i], strlen(contents[i]));
        bf_page_result r;
        bf_page_result_init(&r);
        bf_page_client_process(client, &(bf_page_task){.jpeg = jpeg, .query = f->query}, &r);
        assert_int_equal(r.decision, BF_DECISION_REVIEW);
        assert_true(strcmp(only_reason(&r), "not-a-jpeg") == 0 || strcmp(only_reason(&r), "corrupt") == 0);
        bf_page_result_clear(&r);
    }
    bf_page_client_free(client);
    bf_page_host_free(host);
}

static void test_bf_page_client_process__a_killed_process_costs_its_page_alone(void **state)
{
    const fixture *f = *state;
    bf_page_host *host = open_host(f, 0);
    bf_page_client *client = open_client(host);
    bf_page_result r;
    kill(child_of(child_of(getpid())), SIGKILL);
    process(f, client, NULL, &r);
    assert_string_equal(only_reason(&r), "reader-crashed");
    assert_int_equal(r.decision, BF_DECISION_REVIEW);
    assert_int_equal(strlen(r.sha256_in), BF_SHA256_HEX - 1);
    bf_page_result_clear(&r);
    process(f, client, NULL, &r);
    assert_int_equal(r.decision, BF_DECISION_MASKED);
    bf_page_result_clear(&r);
    bf_page_client_free(client);
    bf_page_host_free(host);
}

static void test_bf_page_client_process__a_hanging_process_is_given_up(void **state)
{
    const fixture *f = *state;
    bf_page_host *host = open_host(f, 1);
    bf_page_client *client = open_client(host);
    bf_page_result r;
    kill(child_of(child_of(getpid())), SIGSTOP);
    gint64 start = g_get_monotonic_time();
    process(f, client, NULL, &r);
    gint64 took_ms = (g_get_monotonic_time() - start) / 1000;
    assert_string_equal(only_reason(&r), "time-limit");
    assert_in_range(took_ms, 900, 2000);
    bf_page_result_clear(&r);
    bf_page_client_free(client);
    bf_page_host_free(host);
}

/* What GLib does when a list cannot grow. */
static void run_out_of_memory(void)
{
#if defined(__SANITIZE_ADDRESS__) /* its allocator would end the process first */
    g_error("%s: failed to allocate %d bytes", G_STRLOC, 1);
#else
    setrlimit(RLIMIT_AS, &(struct rlimit){1, 1});
    for (GArray *list = g_array_new(FALSE, FALSE, sizeof(gint64));;)
        g_array_set_size(list, list->len + 1);
#endif
}

/* In place of the client's own process, one that has no memory, or that GLib ends for another reason. */
static void test_bf_page_client_process__no_memory_for_a_list_is_said(void **state)
{
    static const char *const reasons[] = {"out-of-memory", "reader-crashed"};
    const fixture *f = *state;
    bf_page_host *host = open_host(f, 0);
    bf_page_client *client = open_client(host);
    for (guint i = 0; i < 2; i++) {
        int ends[2], status = 0;
        assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
        pid_t pid = fork();
        if (pid == 0) {
            setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
            page_serve_prepare(ends[1]);
            if (i == 0)
                run_out_of_memory();
            g_error("another trouble");
        }
        close(ends[1]);
        assert_true(pid > 0 && waitpid(pid, &status, 0) == pid && !(WIFEXITED(status) && WEXITSTATUS(status) == 0));
        close(client->socket);
        client->socket = ends[0];
        bf_page_result r;
        process(f, client, NULL, &r);
        assert_string_equal(only_reason(&r), reasons[i]);
        assert_int_equal(r.decision, BF_DECISION_REVIEW);
        bf_page_result_clear(&r);
        process(f, client, NULL, &r); /* and the next page has a process again */
        assert_int_equal(r.decision, BF_DECISION_MASKED);
        bf_page_result_clear(&r);
    }
    bf_page_client_free(client);
    bf_page_host_free(host);
}

/* Where a name stands on a page, with a margin of blank paper. */
static bf_rect first_name(const pm_page *page)
{
    for (guint i = 0; i < page->occurrences->len; i++) {
        const pm_occurrence *o = g_ptr_array_index(page->occurrences, i);
        bf_rect all = {0};
        for (guint g = 0; g < o->glyphs->len; g++) {
            bf_quad quad;
            memcpy(&quad, &g_array_index(o->glyphs, pm_quad, g), sizeof quad);
            all = g == 0 ? bf_quad_bounds(&quad) : bf_rect_union(all, bf_quad_bounds(&quad));
        }
        if (o->applicant && o->form == PM_FORM_NAME && all.w > all.h)
            return (bf_rect){all.x - 2, all.y - 2, all.w + 4, all.h + 4};
    }
    fail_msg("the page bears no name");
    return (bf_rect){0};
}

static GBytes *gray_jpeg(guint8 *gray, int width, int height)
{
    struct jpeg_error_mgr err;
    struct jpeg_compress_struct c = {.err = jpeg_std_error(&err)};
    unsigned char *data = NULL;
    unsigned long size = 0;
    jpeg_create_compress(&c);
    jpeg_mem_dest(&c, &data, &size);
    c.image_width = (JDIMENSION)width;
    c.image_height = (JDIMENSION)height;
    c.input_components = 1;
    c.in_color_space = JCS_GRAYSCALE;
    jpeg_set_defaults(&c);
    jpeg_set_quality(&c, 85, TRUE);
    jpeg_start_compress(&c, TRUE);
    for (int y = 0; y < height; y++) {
        JSAMPROW row = gray + (gsize)y * (gsize)width;
        jpeg_write_scanlines(&c, &row, 1);
    }
    jpeg_finish_compress(&c);
    jpeg_destroy_compress(&c);
    return g_bytes_new_with_free_func(data, size, free, data);
}

/* The same name everywhere: its list of hits is one of image size. */
static void test_bf_page_client_process__hundreds_of_names(void **state)
{
    enum { W = 2480, H = 3000, COLUMNS = 16, ROWS = 44, LEFT = 40, TOP = 40 };
    const fixture *f = *state;
    const bf_rect name = first_name(f->page);
    g_autoptr(bf_picture) from = NULL, after = NULL;
    g_autofree guint8 *gray = g_malloc((gsize)W * H);
    const int step_x = (W - 2 * LEFT) / COLUMNS, step_y = (H - 2 * TOP) / ROWS;
    assert_true(bf_jpeg_decode(f->page->jpeg, 0, 0, &from, NULL, NULL) && name.w < step_x - 8 && name.h < step_y - 8);
    memset(gray, 255, (gsize)W * H);
    for (int i = 0; i < COLUMNS * ROWS; i++)
        for (int y = 0; y < name.h; y++)
            for (int x = 0; x < name.w; x++)
                gray[(gsize)(TOP + i / COLUMNS * step_y + y) * W + (gsize)(LEFT + i % COLUMNS * step_x + x)] =
                    from->data[((gsize)(name.y + y) * (gsize)from->width_px + (gsize)(name.x + x)) * (gsize)from->channels];
    g_autoptr(GBytes) jpeg = gray_jpeg(gray, W, H);
    bf_page_host *host = open_host(f, 0);
    bf_page_client *client = open_client(host);
    bf_page_result r;
    bf_page_result_init(&r);
    bf_page_client_process(client, &(bf_page_task){.jpeg = jpeg, .query = f->query}, &r);
    assert_string_equal(r.reasons ? r.reasons->pdata[0] : "", "");
    assert_int_equal(r.decision, BF_DECISION_MASKED);
    assert_true(bf_jpeg_decode(r.output, 0, 0, &after, NULL, NULL));
    for (int i = 0; i < COLUMNS * ROWS; i++)
        for (int x = 4; x < name.w - 4; x++)
            assert_in_range(after->data[((gsize)(TOP + i / COLUMNS * step_y + name.h / 2) * W + (gsize)(LEFT + i % COLUMNS * step_x + x)) *
                                        (gsize)after->channels],
                            0, 12);
    bf_page_result_clear(&r);
    bf_page_client_free(client);
    bf_page_host_free(host);
}

static void *cancel_soon(void *cancel)
{
    g_usleep(200 * 1000);
    atomic_store((atomic_bool *)cancel, true);
    return NULL;
}

static void test_bf_page_client_process__cancel_stops_a_page_at_once(void **state)
{
    const fixture *f = *state;
    bf_page_host *host = open_host(f, 60);
    bf_page_client *client = open_client(host);
    atomic_bool cancel = false;
    pthread_t thread;
    bf_page_result r;
    kill(child_of(child_of(getpid())), SIGSTOP);
    assert_int_equal(pthread_create(&thread, NULL, cancel_soon, &cancel), 0);
    gint64 start = g_get_monotonic_time();
    process(f, client, &cancel, &r);
    pthread_join(thread, NULL);
    assert_string_equal(only_reason(&r), "interrupted");
    assert_in_range((g_get_monotonic_time() - start) / 1000, 0, 1200);
    bf_page_result_clear(&r);
    bf_page_client_free(client);
    bf_page_host_free(host);
}

static void test_bf_page_host_is_lost__pages_wait_for_another_run(void **state)
{
    const fixture *f = *state;
    bf_page_host *host = open_host(f, 60);
    bf_page_client *client = open_client(host);
    bf_page_result r;
    kill(child_of(getpid()), SIGKILL);
    while (!bf_page_host_is_lost(host)) {
        process(f, client, NULL, &r);
        if (!bf_page_host_is_lost(host))
            assert_int_equal(r.decision, BF_DECISION_MASKED); /* was faster than the kill */
        else
            assert_string_equal(only_reason(&r), "interrupted");
        bf_page_result_clear(&r);
    }
    bf_page_client_free(client);
    bf_page_host_free(host);
}

static void look(const fixture *f, bf_page_client *client, GArray *masks, int size, bf_page_picture *picture)
{
    g_autoptr(GError) error = NULL;
    const bf_page_look what = {.jpeg = f->page->jpeg, .turn_deg = -1, .long_side_px = size, .masks = masks};
    if (!bf_page_client_view(client, &what, picture, &error))
        fail_msg("%s", error->message);
}

static void test_bf_page_client_view__as_in_this_process(void **state)
{
    const fixture *f = *state;
    bf_page_host *host = open_host(f, 0);
    bf_page_client *client = open_client(host);
    const bf_mask mask = {.rect = {100, 100, 200, 50}, .kind = BF_MASK_MANUAL, .reader = "person", .score = 1};
    g_autoptr(GArray) masks = g_array_new(FALSE, FALSE, sizeof(bf_mask));
    g_autoptr(GBytes) here = NULL, masked = NULL, here_masked = NULL;
    bf_page_picture there, there_masked;
    bf_jpeg_info info;
    g_array_append_val(masks, mask);
    assert_true(bf_jpeg_probe(f->page->jpeg, 0, &info, NULL));
    assert_true(bf_page_view(f->page->jpeg, 0, 1000, &here, NULL));
    assert_true(bf_jpeg_mask(f->page->jpeg, &mask.rect, 1, 0, &masked, NULL, NULL));
    assert_true(bf_page_view(masked, 0, 240, &here_masked, NULL));
    look(f, client, NULL, 1000, &there);
    look(f, client, masks, 240, &there_masked);
    assert_true(g_bytes_equal(there.jpeg, here));
    assert_true(g_bytes_equal(there_masked.jpeg, here_masked));
    assert_int_equal(there.width_px, info.width_px);
    assert_int_equal(there.height_px, info.height_px);
    assert_int_equal(there.imcu_w_px, info.imcu_w_px);
    assert_int_equal(there.imcu_h_px, info.imcu_h_px);
    g_bytes_unref(there.jpeg);
    g_bytes_unref(there_masked.jpeg);
    bf_page_client_free(client);
    bf_page_host_free(host);
}

/* No print can be read on the small picture of a page that is held. */
static void test_bf_page_client_thumbnail__held_pages_are_tiny(void **state)
{
    const fixture *f = *state;
    bf_page_host *host = open_host(f, 0);
    bf_page_client *client = open_client(host);
    static const struct {
        bf_decision decision;
        int least, most;
    } cases[] = {{BF_DECISION_MASKED, BF_THUMBNAIL_PX, 2 * BF_THUMBNAIL_PX}, {BF_DECISION_REVIEW, 1, 2 * BF_HELD_THUMBNAIL_PX}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        bf_page_result r;
        bf_page_result_init(&r);
        r.decision = cases[i].decision;
        r.orientation_deg = 0;
        r.output = g_bytes_ref(f->page->jpeg);
        g_autoptr(GBytes) small = bf_page_client_thumbnail(client, &r);
        bf_jpeg_info info;
        assert_true(small != NULL && bf_jpeg_probe(small, 0, &info, NULL));
        assert_in_range(MAX(info.width_px, info.height_px), cases[i].least, cases[i].most);
        bf_page_result_clear(&r);
    }
    bf_page_client_free(client);
    bf_page_host_free(host);
}

static void test_bf_page_client_view__garbage_is_an_error(void **state)
{
    const fixture *f = *state;
    bf_page_host *host = open_host(f, 0);
    bf_page_client *client = open_client(host);
    static const char *const contents[] = {"", "\xFF\xD8\xFF", "no picture at all"};
    pid_t process_before = child_of(child_of(getpid()));
    for (guint i = 0; i < G_N_ELEMENTS(contents); i++) {
        g_autoptr(GBytes) jpeg = g_bytes_new_static(contents[i], strlen(contents[i]));
        g_autoptr(GError) error = NULL;
        bf_page_picture picture;
        assert_false(bf_page_client_view(client, &(bf_page_look){.jpeg = jpeg, .long_side_px = 240}, &picture, &error));
        assert_true(g_error_matches(error, BF_PAGE_ERROR, BF_PAGE_ERROR_PICTURE));
    }
    assert_int_equal(child_of(child_of(getpid())), process_before); /* it was no crash */
    bf_page_client_free(client);
    bf_page_host_free(host);
}

/* As a JPEG does that crashes the decoder. */
static void test_bf_page_client_view__a_killed_process_costs_its_page_alone(void **state)
{
    const fixture *f = *state;
    bf_page_host *host = open_host(f, 0);
    bf_page_client *client = open_client(host);
    g_autoptr(GError) error = NULL;
    bf_page_picture picture;
    kill(child_of(child_of(getpid())), SIGKILL);
    assert_false(bf_page_client_view(client, &(bf_page_look){.jpeg = f->page->jpeg, .long_side_px = 240}, &picture, &error));
    assert_true(g_error_matches(error, BF_PAGE_ERROR, BF_PAGE_ERROR_PROCESS));
    look(f, client, NULL, 240, &picture);
    g_bytes_unref(picture.jpeg);
    bf_page_client_free(client);
    bf_page_host_free(host);
}

/* Masks of a person over the hits that the program found itself: masked by hand, proved, and nothing read beside them. */
static void test_bf_page_client_apply_masks__as_in_this_process(void **state)
{
    const fixture *f = *state;
    bf_page_host *host = open_host(f, 0);
    bf_page_client *client = open_client(host);
    bf_page_worker *worker = NULL;
    bf_page_result found, here, there;
    process(f, client, NULL, &found);
    assert_true(found.masks->len > 0);
    bf_mask drawn = g_array_index(found.masks, bf_mask, 0);
    drawn.reader = "a-reader-of-its-own"; /* only rectangles and kinds travel; this comes back all the same */
    g_array_index(found.masks, bf_mask, 0) = drawn;
    const bf_page_manual manual = {.task = {.jpeg = f->page->jpeg, .query = f->query},
                                   .masks = (const bf_mask *)(const void *)found.masks->data,
                                   .n_masks = found.masks->len,
                                   .orientation_deg = found.orientation_deg};
    bf_page_result_init(&here);
    bf_page_result_init(&there);
    assert_true(bf_page_worker_new(f->engine, &worker, NULL));
    bf_page_apply_masks(worker, &manual, &here);
    assert_true(bf_page_host_prepare(host, f->query, NULL)); /* a new process from here on */
    bf_page_client_apply_masks(client, &manual, &there);
    assert_int_equal(here.decision, BF_DECISION_MASKED);
    assert_int_equal(there.decision, BF_DECISION_MASKED);
    assert_true(there.by_person && there.verify_passed);
    assert_true(g_bytes_equal(there.output, here.output));
    assert_sum(there.sha256_out, here.output);
    assert_string_equal(g_array_index(there.masks, bf_mask, 0).reader, "a-reader-of-its-own");
    bf_page_result_clear(&there);
    /* none at all: the name is seen */
    bf_page_client_apply_masks(client, &(bf_page_manual){.task = manual.task, .orientation_deg = found.orientation_deg}, &there);
    assert_string_equal(only_reason(&there), "name-still-visible");
    assert_int_equal(there.decision, BF_DECISION_REVIEW);
    assert_true(there.doubts->len > 0);
    bf_page_result_clear(&there);
    kill(child_of(child_of(getpid())), SIGKILL);
    bf_page_client_apply_masks(client, &manual, &there);
    assert_string_equal(only_reason(&there), "reader-crashed");
    assert_true(there.by_person && !there.output);
    bf_page_result_clear(&there);
    bf_page_result_clear(&here);
    bf_page_result_clear(&found);
    bf_page_worker_free(worker);
    bf_page_client_free(client);
    bf_page_host_free(host);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bf_page_client_process__as_in_this_process),
        cmocka_unit_test(test_bf_page_client_process__checks_as_in_this_process),
        cmocka_unit_test(test_bf_page_client_process__garbage_is_a_result),
        cmocka_unit_test(test_bf_page_client_process__a_killed_process_costs_its_page_alone),
        cmocka_unit_test(test_bf_page_client_process__a_hanging_process_is_given_up),
        cmocka_unit_test(test_bf_page_client_process__no_memory_for_a_list_is_said),
        cmocka_unit_test(test_bf_page_client_process__hundreds_of_names),
        cmocka_unit_test(test_bf_page_client_process__cancel_stops_a_page_at_once),
        cmocka_unit_test(test_bf_page_client_view__as_in_this_process),
        cmocka_unit_test(test_bf_page_client_thumbnail__held_pages_are_tiny),
        cmocka_unit_test(test_bf_page_client_view__garbage_is_an_error),
        cmocka_unit_test(test_bf_page_client_view__a_killed_process_costs_its_page_alone),
        cmocka_unit_test(test_bf_page_client_apply_masks__as_in_this_process),
        cmocka_unit_test(test_bf_page_host_is_lost__pages_wait_for_another_run),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
