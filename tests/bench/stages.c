/* What a page costs, stage by stage: bench-stages NAME[;ALIAS...] FILE.jpg ... One thread; CPU milliseconds, the first file twice (warm-up). */
#include "blindfold/jpeg.h"
#include "blindfold/memory.h"
#include "blindfold/name.h"
#include "page/orient.h"
#include "page/proof.h"
#include "page/reading.h"
#include "page/upright.h"
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

static double cpu_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void die(GError *error, const char *what)
{
    fprintf(stderr, "%s: %s\n", what, error != NULL ? error->message : "failed");
    exit(1);
}

static void measure(bf_page_worker *worker, const bf_query *query, GBytes *jpeg, const char *file, bool print)
{
    GError *error = NULL;
    bf_picture *picture = NULL;
    bf_frame frame;
    bf_jpeg_info info;
    bf_reading reading;
    bf_reading_init(&reading);
    double t0 = cpu_ms();
    if (!bf_upright_decode(jpeg, 0, 0, &picture, &frame, &info, &error))
        die(error, file);
    double t1 = cpu_ms();
    if (!bf_read_plain(worker, picture, query, &reading, &error))
        die(error, file);
    double t2 = cpu_ms();
    guint lines = reading.lines->len;
    float plain = bf_mean_confidence(reading.lines, NULL);
    if (!bf_read_again(worker, picture, query, false, &reading, &error))
        die(error, file);
    double t3 = cpu_ms();
    bf_page_result result;
    bf_page_result_init(&result);
    bf_page_process(worker, &(bf_page_task){.jpeg = jpeg, .query = query}, &result);
    double t4 = cpu_ms();
    if (print) {
        printf("%s: %dx%d decode %.0f plain %.0f again %.0f all %.0f ms; lines %u+%u confidence %.3f hits %u doubts %u; %s turn %d masks %u "
               "legibility %.2f",
               file, info.width_px, info.height_px, t1 - t0, t2 - t1, t3 - t2, t4 - t3, lines, reading.lines->len - lines, (double)plain,
               reading.hits->len, reading.doubts->len, bf_decision_word(result.decision), result.orientation_deg, result.masks->len,
               (double)result.legibility_score);
        for (guint i = 0; result.reasons != NULL && i < result.reasons->len; i++)
            printf(" %s", (const char *)g_ptr_array_index(result.reasons, i));
        printf("\n");
    }
    if (print && g_getenv("BF_BENCH_OUT") != NULL && result.output != NULL)
        g_file_set_contents(g_getenv("BF_BENCH_OUT"), g_bytes_get_data(result.output, NULL), (gssize)g_bytes_get_size(result.output), NULL);
    bf_page_result_clear(&result);
    bf_reading_clear(&reading);
    bf_picture_free(picture);
}

int main(int argc, char **argv)
{
    bf_memory_prepare();
    GError *error = NULL;
    bf_query *query = NULL;
    bf_page_engine *engine = NULL;
    bf_page_worker *worker = NULL;
    bf_page_settings settings = {.readers = g_getenv("BF_BENCH_READERS")};
    if (argc < 3) {
        fprintf(stderr, "usage: bench-stages NAME[;ALIAS...] FILE.jpg ...\n");
        return 2;
    }
    char **names = g_strsplit(argv[1], ";", -1);
    if (!bf_name_build(names[0], (const char *const *)names + 1, &query, &error) || !bf_page_engine_new(&settings, &engine, &error) ||
        !bf_page_worker_new(engine, &worker, &error))
        die(error, argv[0]);
    for (int i = 2; i < argc; i++) {
        char *data = NULL;
        gsize length = 0;
        if (!g_file_get_contents(argv[i], &data, &length, &error))
            die(error, argv[i]);
        GBytes *jpeg = g_bytes_new_take(data, length);
        if (i == 2)
            measure(worker, query, jpeg, argv[i], false);
        measure(worker, query, jpeg, argv[i], true);
        g_bytes_unref(jpeg);
    }
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("peak memory %ld MB, minor faults %ld\n", usage.ru_maxrss / 1024, usage.ru_minflt);
    bf_page_worker_free(worker);
    bf_page_engine_free(engine);
    bf_query_free(query);
    g_strfreev(names);
    return 0;
}
