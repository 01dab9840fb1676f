/* How long a page's decoding, shrinking, masking and proving take, and how much memory: bench-jpeg [ROUNDS]. Best of ROUNDS (10), CPU
 * time of one thread; peak memory is that of a child process that does the one thing. */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <jpeglib.h>

#include "blindfold/jpeg.h"

typedef struct {
    const char *name;
    int width, height, quality;
    bool text, progressive;
} subject;

static const subject subjects[] = {
    {"page, 4:2:0, q85", 1654, 2339, 85, true, false},
    {"page, 4:2:0, q85, progressive", 1654, 2339, 85, true, true},
    {"photo, 8 MP, 4:2:0, q90", 3264, 2448, 90, false, false},
    {"photo, 8 MP, 4:2:0, q90, progressive", 3264, 2448, 90, false, true},
};

/* Lines of strokes on paper, or a coarse pattern with grain all over. */
static void paint_row(const subject *s, int y, uint8_t *row)
{
    for (int x = 0; x < s->width; x++) {
        unsigned grain = ((unsigned)(y * 65599 + x) * 2654435761u) >> 29, glyph = (unsigned)(y / 48 * 131 + x / 24) * 2654435761u;
        bool ink = s->text && y % 48 < 28 && x > 100 && x < s->width - 100 && (glyph >> ((x % 24) / 4 + (y % 48) / 4 * 3) % 31 & 1);
        int base = s->text ? (ink ? 30 : 240) : 60 + (x / 7 % 64) + (y / 5 % 64);
        row[3 * x] = (uint8_t)(base + (int)grain);
        row[3 * x + 1] = (uint8_t)(base + (int)grain / 2);
        row[3 * x + 2] = (uint8_t)(base + 7 - (int)grain);
    }
}

static GBytes *make(const subject *s)
{
    struct jpeg_error_mgr err;
    struct jpeg_compress_struct c = {.err = jpeg_std_error(&err)};
    unsigned char *data = NULL;
    unsigned long size = 0;
    jpeg_create_compress(&c);
    jpeg_mem_dest(&c, &data, &size);
    c.image_width = (JDIMENSION)s->width;
    c.image_height = (JDIMENSION)s->height;
    c.input_components = 3;
    c.in_color_space = JCS_RGB;
    jpeg_set_defaults(&c);
    jpeg_set_quality(&c, s->quality, TRUE);
    if (s->progressive)
        jpeg_simple_progression(&c);
    jpeg_start_compress(&c, TRUE);
    uint8_t *row = g_malloc(3 * (size_t)s->width);
    for (int y = 0; y < s->height; y++) {
        paint_row(s, y, row);
        jpeg_write_scanlines(&c, &row, 1);
    }
    g_free(row);
    jpeg_finish_compress(&c);
    jpeg_destroy_compress(&c);
    GBytes *bytes = g_bytes_new(data, size);
    free(data);
    return bytes;
}

typedef struct {
    const subject *s;
    GBytes *jpeg, *masked;
    bf_picture *picture;
    bf_rect rects[2];
} work;

static void must(bool ok)
{
    if (!ok)
        abort();
}

static void do_nothing(work *w)
{
    (void)w;
}

static void do_decode(work *w)
{
    g_clear_pointer(&w->picture, bf_picture_free);
    must(bf_jpeg_decode(w->jpeg, 0, 0, &w->picture, NULL, NULL));
}

static void do_scale(work *w)
{
    g_autoptr(bf_picture) small = NULL;
    must(bf_picture_scale(w->picture, 960 * w->s->width / MAX(w->s->width, w->s->height),
                          960 * w->s->height / MAX(w->s->width, w->s->height), &small, NULL));
}

static void do_turn(work *w)
{
    g_autoptr(bf_picture) turned = NULL;
    must(bf_picture_turn(w->picture, 90, &turned, NULL));
}

static void do_mask(work *w)
{
    g_clear_pointer(&w->masked, g_bytes_unref);
    must(bf_jpeg_mask(w->jpeg, w->rects, 2, 0, &w->masked, NULL, NULL));
}

static void do_verify(work *w)
{
    must(bf_jpeg_verify(w->jpeg, w->masked, w->rects, 2, false, NULL, NULL));
}

static double cpu_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double best_ms(void (*step)(work *), work *w, int rounds)
{
    double best = 1e9;
    for (int i = 0; i < rounds; i++) {
        double start = cpu_ms();
        step(w);
        best = MIN(best, cpu_ms() - start);
    }
    return best;
}

static double peak_mb(void (*step)(work *), work *w)
{
    malloc_trim(0); /* else the child finds pages that its parent has already paid for */
    pid_t child = fork();
    if (child == 0) {
        step(w);
        _exit(0);
    }
    int status = 0;
    struct rusage usage;
    must(child > 0 && wait4(child, &status, 0, &usage) == child && status == 0);
    return (double)usage.ru_maxrss / 1024;
}

int main(int argc, char **argv)
{
    int rounds = argc > 1 ? atoi(argv[1]) : 10;
    for (size_t i = 0; i < G_N_ELEMENTS(subjects); i++) {
        const subject *s = &subjects[i];
        work w = {.s = s, .jpeg = make(s), .rects = {{300, 200, 200, 40}, {s->width / 2, s->height / 2, 120, 50}}};
        double mp = (double)s->width * s->height / 1e6;
        do_mask(&w); /* verify's peak is measured with an output at hand */
        double idle = peak_mb(do_nothing, &w), mask = peak_mb(do_mask, &w) - idle, verify = peak_mb(do_verify, &w) - idle;
        printf("%s (%.0f KB): decode %.1f ms", s->name, (double)g_bytes_get_size(w.jpeg) / 1e3, best_ms(do_decode, &w, rounds));
        printf(", shrink to 960 %.1f ms, turn %.1f ms", best_ms(do_scale, &w, rounds), best_ms(do_turn, &w, rounds));
        printf(", mask %.1f ms, verify %.1f ms", best_ms(do_mask, &w, rounds), best_ms(do_verify, &w, rounds));
        printf("; peak per MP: mask %.1f MB, verify %.1f MB\n", mask / mp, verify / mp);
        g_bytes_unref(w.jpeg);
        g_bytes_unref(w.masked);
        bf_picture_free(w.picture);
    }
    return 0;
}
