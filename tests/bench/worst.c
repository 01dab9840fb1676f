/* The worst that a page may cost: bench-worst [SECONDS [ROUNDS]]. Draws pages as large as the limits allow and as costly as a JPEG can be,
 * has each looked at in a page process under a time limit (default 5 s) so many times (default 1), from the second on with the start of a
 * process in place of the one that was ended, and tells the shortest and the longest time by the clock, and how much memory the page
 * process had at its peak. Status 1 when one took longer than the limit and one second, or more memory than README says. */
#include "blindfold/memory.h"
#include "blindfold/name.h"
#include "blindfold/page_host.h"

#include <stdio.h>
/* jpeglib.h wants it before */
#include <jpeglib.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SIDE = 7744 /* squared just below 60 megapixels */, BOUND_MIB = 4096 };

typedef struct {
    const char *what;
    J_COLOR_SPACE space;
    int components, side;
    bool progressive, many_scans, noise;
} worst;

static const worst cases[] = {
    {"A4 at 300 dpi, all noise", JCS_RGB, 3, 2900, false, false, true},
    {"60 megapixels, baseline, all noise", JCS_RGB, 3, SIDE, false, false, true},
    {"60 megapixels, progressive, all noise", JCS_RGB, 3, SIDE, true, false, true},
    {"60 megapixels, CMYK, progressive, all noise", JCS_CMYK, 4, SIDE, true, false, true},
    {"60 megapixels, progressive, 448 scans, blank", JCS_RGB, 3, SIDE, true, true, false},
};

/* Each coefficient of each component in scans of its own, refined bit by bit. */
static jpeg_scan_info *slow_scans(int components, int *n)
{
    jpeg_scan_info *scans = g_new0(jpeg_scan_info, 600);
    int k = 0;
    for (int c = 0; c < components; c++)
        scans[k++] = (jpeg_scan_info){.comps_in_scan = 1, .component_index = {c}, .Ss = 0, .Se = 0, .Ah = 0, .Al = 0};
    for (int c = 0; c < components; c++)
        for (int s = 1; s < 64 && k < 445; s++)
            for (int bit = 2; bit >= 0 && k < 448; bit--)
                scans[k++] =
                    (jpeg_scan_info){.comps_in_scan = 1, .component_index = {c}, .Ss = s, .Se = s, .Ah = bit == 2 ? 0 : bit + 1, .Al = bit};
    *n = k;
    return scans;
}

static GBytes *draw(const worst *w)
{
    struct jpeg_compress_struct c;
    struct jpeg_error_mgr err;
    unsigned char *data = NULL;
    unsigned long size = 0;
    int n_scans = 0;
    c.err = jpeg_std_error(&err);
    jpeg_create_compress(&c);
    jpeg_mem_dest(&c, &data, &size);
    c.image_width = c.image_height = (JDIMENSION)w->side;
    c.input_components = w->components;
    c.in_color_space = w->space;
    jpeg_set_defaults(&c);
    jpeg_set_quality(&c, 60, TRUE);
    for (int i = 0; i < c.num_components; i++)
        c.comp_info[i].h_samp_factor = c.comp_info[i].v_samp_factor = 1;
    jpeg_scan_info *scans = w->many_scans ? slow_scans(w->components, &n_scans) : NULL;
    if (w->progressive)
        jpeg_simple_progression(&c);
    if (scans) {
        c.scan_info = scans;
        c.num_scans = n_scans;
    }
    jpeg_start_compress(&c, TRUE);
    gsize stride = (gsize)(w->side * w->components);
    g_autofree JSAMPLE *row = g_malloc(stride);
    memset(row, 255, stride);
    for (guint32 state = 1; c.next_scanline < c.image_height;) {
        for (gsize x = 0; w->noise && x < stride; x++) {
            state = state * 1664525U + 1013904223U;
            row[x] = (JSAMPLE)(state >> 24);
        }
        jpeg_write_scanlines(&c, &row, 1);
    }
    jpeg_finish_compress(&c);
    jpeg_destroy_compress(&c);
    g_free(scans);
    return g_bytes_new_with_free_func(data, size, free, data);
}

/* The peak of the largest process below this one. */
static int peak_mib(int parent)
{
    char path[64];
    int pid, at = 0, used = 0, peak = 0;
    g_snprintf(path, sizeof path, "/proc/%d/task/%d/children", parent, parent);
    g_autofree char *children = NULL;
    if (!g_file_get_contents(path, &children, NULL, NULL))
        return 0;
    for (; sscanf(children + at, "%d%n", &pid, &used) == 1; at += used) {
        g_autofree char *status = NULL;
        int kib = 0;
        g_snprintf(path, sizeof path, "/proc/%d/status", pid);
        const char *line = g_file_get_contents(path, &status, NULL, NULL) ? strstr(status, "VmHWM:") : NULL;
        if (line && sscanf(line, "VmHWM: %d", &kib) == 1)
            peak = MAX(peak, kib / 1024);
        peak = MAX(peak, peak_mib(pid));
    }
    return peak;
}

typedef struct {
    atomic_bool stop;
    int peak;
} watch;

static gpointer watch_memory(gpointer user)
{
    watch *w = user;
    while (!atomic_load(&w->stop)) {
        w->peak = MAX(w->peak, peak_mib((int)getpid()));
        g_usleep(20000);
    }
    return NULL;
}

/* One look, in seconds by the clock; `told` gets decision and reasons. */
static double look_once(bf_page_client *client, GBytes *jpeg, const bf_query *query, GString *told)
{
    bf_page_result r;
    bf_page_result_init(&r);
    gint64 start = g_get_monotonic_time();
    bf_page_client_process(client, &(bf_page_task){.jpeg = jpeg, .query = query}, &r);
    double took = (double)(g_get_monotonic_time() - start) / G_USEC_PER_SEC;
    g_string_assign(told, bf_decision_word(r.decision));
    for (guint i = 0; r.reasons && i < r.reasons->len; i++)
        g_string_append_printf(told, " %s", (const char *)r.reasons->pdata[i]);
    bf_page_result_clear(&r);
    return took;
}

static bool measure(bf_page_engine *engine, const bf_query *query, const worst *w, guint seconds, guint rounds)
{
    g_autoptr(GBytes) jpeg = draw(w);
    g_autoptr(GString) told = g_string_new(NULL);
    bf_page_host *host = NULL;
    bf_page_client *client = NULL;
    double least = G_MAXDOUBLE, most = 0;
    watch memory = {0};
    const bf_page_host_settings settings = {.limits.page_seconds = seconds};
    if (!bf_page_host_new(engine, &settings, &host, NULL) || !bf_page_client_new(host, &client, NULL))
        g_error("no process for pages");
    GThread *watcher = g_thread_new("memory", watch_memory, &memory);
    for (guint i = 0; i < rounds; i++) {
        double took = look_once(client, jpeg, query, told);
        least = MIN(least, took);
        most = MAX(most, took);
    }
    atomic_store(&memory.stop, true);
    g_thread_join(watcher);
    printf("%s: %.1f MiB, %.2f to %.2f s, peak %d MiB, %s\n", w->what, (double)g_bytes_get_size(jpeg) / (1 << 20), least, most, memory.peak,
           told->str);
    fflush(stdout);
    bf_page_client_free(client);
    bf_page_host_free(host);
    return most <= seconds + 1 && memory.peak <= BOUND_MIB;
}

int main(int argc, char **argv)
{
    guint seconds = argc > 1 ? (guint)atoi(argv[1]) : 5, rounds = argc > 2 ? (guint)MAX(atoi(argv[2]), 1) : 1;
    bool ok = true;
    bf_page_engine *engine = NULL;
    g_autoptr(bf_query) query = NULL;
    g_autoptr(GError) error = NULL;
    bf_memory_prepare();
    if (!bf_page_engine_new(&(bf_page_settings){0}, &engine, &error) || !bf_name_build("\u5E9E\u8BD5\u6837", NULL, &query, &error)) {
        fprintf(stderr, "%s\n", error->message);
        return 2;
    }
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
        ok &= measure(engine, query, &cases[i], seconds, rounds);
    bf_page_engine_free(engine);
    return ok ? 0 : 1;
}
