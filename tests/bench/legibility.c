/* How well the score of legibility agrees with reading: draws a graded series of pages (blur, resolution, contrast, exposure, noise,
 * compression, and pairs of them), reads each with the main reader, and compares score and verdict with the accuracy of what was read.
 *
 *   bench-legibility --seed S --pages N [--first I] [--table FILE]     --table: one line a page, appended; - for stdout
 *   bench-legibility --judge FILE                                      no drawing: sums up tables written before
 */
#include "blindfold/jpeg.h"
#include "blindfold/memory.h"
#include "page/ink.h"
#include "page/legible.h"
#include "page/upright.h"
#include "pagemaker.h"
#include "read/line_crop.h"
#include "read/models.h"
#include "read/ppocr/detect.h"
#include "read/ppocr/recognise.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* A page that reads at least so well must not be called illegible; one that reads worse must not be called legible. */
static const double GOOD = 0.90, BAD = 0.60;

typedef struct {
    bf_ort *ort;
    bf_ort_session *detector;
    bf_recogniser recogniser;
    bf_charset charset;
    bf_recogniser_room *room;
} eyes;

static void die(const GError *error, const char *what)
{
    fprintf(stderr, "%s: %s\n", what, error ? error->message : "failed");
    exit(1);
}

static bf_ort_session *session(eyes *e, const char *dir, const char *item)
{
    g_autoptr(GBytes) model = NULL;
    g_autoptr(GError) error = NULL;
    bf_ort_session *out = NULL;
    if (!bf_models_load(dir, item, &model, NULL, NULL, &error) ||
        !bf_ort_session_new(e->ort, g_bytes_get_data(model, NULL), g_bytes_get_size(model), item, &out, &error))
        die(error, item);
    return out;
}

static void open_eyes(eyes *e)
{
    g_autofree char *dir = bf_models_dir(NULL);
    g_autoptr(GBytes) keys = NULL;
    g_autoptr(GError) error = NULL;
    if (!bf_models_load(dir, "ppocr-charset", &keys, NULL, NULL, &error) ||
        !bf_charset_parse(g_bytes_get_data(keys, NULL), g_bytes_get_size(keys), &e->charset, &error) || !bf_ort_load(dir, &e->ort, &error))
        die(error, "models");
    e->detector = session(e, dir, "ppocr-detection");
    e->recogniser.session = session(e, dir, "ppocr-recognition");
    e->room = bf_recogniser_room_new();
}

/* ---- reading ---- */

static int by_place(const void *a, const void *b)
{
    const bf_line *p = a, *q = b;
    float dy = (p->quad.y[0] + p->quad.y[3]) - (q->quad.y[0] + q->quad.y[3]);
    float height = hypotf(p->quad.x[3] - p->quad.x[0], p->quad.y[3] - p->quad.y[0]);
    return fabsf(dy) > height ? (dy < 0 ? -1 : 1) : p->quad.x[0] < q->quad.x[0] ? -1 : 1;
}

static void read_line(eyes *e, const bf_picture *picture, bf_line *line, GArray *text)
{
    g_autoptr(bf_picture) crop = NULL;
    g_autoptr(GError) error = NULL;
    bf_trace trace = {0};
    if (!bf_line_crop(picture, &line->quad, NULL, RECOGNISER_HEIGHT_PX, 0.8F, RECOGNISER_MAX_WIDTH_PX, &crop, &error) ||
        !bf_recognise(&e->recogniser, &e->charset, NULL, crop, e->room, &trace, &error))
        die(error, "reading");
    float sum = 0;
    line->n_chars = 0;
    line->weakest = 1;
    for (guint i = 0; i < trace.chars->len; i++) {
        const bf_read_char *c = &g_array_index(trace.chars, bf_read_char, i);
        if (c->c == ' ')
            continue;
        g_array_append_val(text, c->c);
        sum += c->p;
        line->weakest = MIN(line->weakest, c->p);
        line->n_chars++;
    }
    line->confidence = line->n_chars > 0 ? sum / (float)line->n_chars : 0;
    bf_trace_clear(&trace);
}

static double edit_distance(const gunichar *a, guint na, const gunichar *b, guint nb)
{
    g_autofree guint *row = g_new(guint, nb + 1);
    for (guint j = 0; j <= nb; j++)
        row[j] = j;
    for (guint i = 1; i <= na; i++) {
        guint corner = row[0];
        row[0] = i;
        for (guint j = 1; j <= nb; j++) {
            guint up = row[j], best = corner + (a[i - 1] != b[j - 1]);
            row[j] = MIN(best, MIN(up, row[j - 1]) + 1);
            corner = up;
        }
    }
    return row[nb];
}

/* Marks that are drawn full width and read half width, and the reverse, are the same to a reader. */
static gunichar folded(gunichar c)
{
    return c >= 0xff01 && c <= 0xff5e ? c - 0xfee0 : c == 0x3002 ? '.' : c;
}

static double accuracy(const char *truth, const GArray *text)
{
    glong n = 0;
    g_autofree gunichar *wanted = g_utf8_to_ucs4_fast(truth, -1, &n);
    g_autofree gunichar *got = g_new(gunichar, text->len + 1);
    for (glong i = 0; i < n; i++)
        wanted[i] = folded(wanted[i]);
    for (guint i = 0; i < text->len; i++)
        got[i] = folded(g_array_index(text, gunichar, i));
    double distance = edit_distance(wanted, (guint)n, got, text->len);
    return n > 0 ? MAX(0, 1 - distance / (double)n) : 1;
}

/* ---- the series ---- */

enum { BLUR, SHRINK, FADE, LIGHT, DARK, NOISE, QUALITY, N_WAYS };
static const char *const ways[] = {"blur", "shrink", "fade", "light", "dark", "noise", "quality"};

/* level 0 .. 1: from nothing to what nobody reads. */
static void worsen(pm_page_spec *spec, int way, double level)
{
    switch (way) {
    case BLUR:
        spec->grade.blur_px = 6.5 * level;
        break;
    case SHRINK:
        spec->grade.shrink = exp(log(0.17) * level);
        break;
    case FADE:
        spec->grade.fade = 1 - exp(log(0.05) * level);
        break;
    case LIGHT:
        spec->grade.exposure = 1 - exp(log(0.06) * level);
        break;
    case DARK:
        spec->grade.exposure = exp(log(0.02) * level) - 1;
        break;
    case NOISE:
        spec->grade.noise = 60 + 240 * level;
        break;
    default: /* small characters, or nothing would be lost */
        spec->grade.shrink = 0.45;
        spec->quality = (int)lround(50 * exp(log(1.0 / 50) * level));
    }
}

static double fraction(guint64 seed, guint i, guint which)
{
    guint64 z = seed * 0x9e3779b97f4a7c15U + i * 0xbf58476d1ce4e5b9U + which * 0x94d049bb133111ebU;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return (double)((z ^ (z >> 31)) >> 11) / 9007199254740992.0;
}

typedef struct {
    int way, second; /* second -1: one only */
    double level, score, accuracy;
    bf_legibility_verdict verdict;
} outcome;

static pm_page *draw(guint64 seed, guint i, outcome *o)
{
    static const pm_capture captures[] = {PM_CAPTURE_SCAN, PM_CAPTURE_CLEAN, PM_CAPTURE_GRAY, PM_CAPTURE_SCAN, PM_CAPTURE_PHOTO};
    g_autoptr(pm_person) person = pm_person_random(seed * 7919 + i);
    pm_page_spec spec = {.kind = PM_KIND_PLAIN,
                         .capture = captures[i % 5],
                         .seed = seed * 1000003 + i,
                         .person = person,
                         .text_px = 24 + (int)(14 * fraction(seed, i, 4)),
                         .flags = PM_FLAG_PLAIN_NAME};
    o->way = (int)(i % N_WAYS);
    o->second = fraction(seed, i, 1) < 0.3 ? (int)(fraction(seed, i, 2) * N_WAYS) : -1;
    o->level = fraction(seed, i, 3);
    worsen(&spec, o->way, o->level);
    if (o->second >= 0 && o->second != o->way)
        worsen(&spec, o->second, fraction(seed, i, 5) * 0.6);
    g_autoptr(GError) error = NULL;
    pm_page *page = NULL;
    if (!pm_page_draw(&spec, &page, &error))
        die(error, "drawing");
    return page;
}

static void judge_page(eyes *e, guint64 seed, guint i, FILE *table)
{
    outcome o = {0};
    g_autoptr(pm_page) page = draw(seed, i, &o);
    g_autoptr(bf_picture) picture = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(bf_line)), text = g_array_new(FALSE, FALSE, sizeof(gunichar));
    bf_frame frame;
    bf_jpeg_info info;
    if (!bf_upright_decode(page->jpeg, 0, 0, &picture, &frame, &info, &error) ||
        !bf_detect_lines(&(bf_detector){.session = e->detector}, picture, 960, lines, &error))
        die(error, "detecting");
    g_array_sort(lines, by_place);
    for (guint k = 0; k < lines->len; k++)
        read_line(e, picture, &g_array_index(lines, bf_line, k), text);
    o.accuracy = accuracy(page->text, text);
    bf_text_measure m;
    bf_measure_text(picture, lines, 1, &m);
    bf_legibility judged;
    bf_legibility_judge(picture, lines, &info, false, &judged);
    guint step, faint = bf_unread_faint_ink(picture, lines, &step, NULL), read = text->len;
    fprintf(table, "%u %s %s %.3f %.4f %.4f %d %.4f %.3f %.4f %.1f %.2f %.1f %.1f %.1f %.3f %u %u %u %u\n", i, ways[o.way],
            o.second >= 0 ? ways[o.second] : "-", o.level, o.accuracy, (double)judged.score, (int)judged.verdict, (double)judged.confidence,
            (double)m.gradient, (double)m.sharpness, (double)m.contrast, (double)m.noise, (double)m.paper, (double)m.ink,
            (double)m.height_px, (double)m.shaded, m.lines, faint, read, step);
    fflush(table);
    bf_legibility_clear(&judged);
}

/* ---- figures ---- */

static int by_value(const void *a, const void *b, void *values)
{
    double p = ((const double *)values)[*(const guint *)a], q = ((const double *)values)[*(const guint *)b];
    return p < q ? -1 : p > q;
}

/* Ranks; equal values share their mean. */
static double *ranks(double *values, guint n)
{
    g_autofree guint *order = g_new(guint, n);
    double *rank = g_new(double, n);
    for (guint i = 0; i < n; i++)
        order[i] = i;
    g_qsort_with_data(order, (gint)n, sizeof *order, by_value, values);
    for (guint i = 0, j; i < n; i = j) {
        for (j = i; j < n && values[order[j]] <= values[order[i]]; j++)
            ;
        for (guint k = i; k < j; k++)
            rank[order[k]] = (double)(i + j - 1) / 2;
    }
    return rank;
}

static double correlation(const double *a, const double *b, guint n)
{
    double ma = 0, mb = 0, ab = 0, aa = 0, bb = 0;
    for (guint i = 0; i < n; i++) {
        ma += a[i] / n;
        mb += b[i] / n;
    }
    for (guint i = 0; i < n; i++) {
        ab += (a[i] - ma) * (b[i] - mb);
        aa += (a[i] - ma) * (a[i] - ma);
        bb += (b[i] - mb) * (b[i] - mb);
    }
    return aa > 0 && bb > 0 ? ab / sqrt(aa * bb) : 0;
}

static void figures(const char *what, const GArray *outcomes, int way)
{
    guint n = 0, good = 0, bad = 0, wrong_good = 0, wrong_bad = 0;
    g_autofree double *score = g_new(double, outcomes->len + 1), *accuracy_of = g_new(double, outcomes->len + 1);
    for (guint i = 0; i < outcomes->len; i++) {
        const outcome *o = &g_array_index(outcomes, outcome, i);
        if (way >= 0 && (o->way != way || o->second >= 0))
            continue;
        score[n] = o->score;
        accuracy_of[n++] = o->accuracy;
        good += o->accuracy >= GOOD;
        bad += o->accuracy < BAD;
        wrong_good += o->accuracy >= GOOD && o->verdict == BF_LEGIBILITY_ILLEGIBLE;
        wrong_bad += o->accuracy < BAD && o->verdict == BF_LEGIBILITY_LEGIBLE;
    }
    g_autofree double *rs = ranks(score, n), *ra = ranks(accuracy_of, n);
    printf("%-10s %4u pages  SROCC %.4f  LCC %.4f  illegible called legible %u of %u  legible called illegible %u of %u\n", what, n,
           correlation(rs, ra, n), correlation(score, accuracy_of, n), wrong_bad, bad, wrong_good, good);
}

static void judge_table(const char *path)
{
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) outcomes = g_array_new(FALSE, FALSE, sizeof(outcome));
    if (!g_file_get_contents(path, &text, NULL, &error))
        die(error, path);
    g_auto(GStrv) rows = g_strsplit(text, "\n", -1);
    for (char **row = rows; *row && **row; row++) {
        g_auto(GStrv) f = g_strsplit(*row, " ", -1);
        outcome o = {.second = -1, .level = g_ascii_strtod(f[3], NULL), .accuracy = g_ascii_strtod(f[4], NULL)};
        for (int k = 0; k < N_WAYS; k++) {
            o.way = g_str_equal(f[1], ways[k]) ? k : o.way;
            o.second = g_str_equal(f[2], ways[k]) ? k : o.second;
        }
        o.score = g_ascii_strtod(f[5], NULL);
        o.verdict = (bf_legibility_verdict)atoi(f[6]);
        g_array_append_val(outcomes, o);
    }
    for (int k = 0; k < N_WAYS; k++)
        figures(ways[k], outcomes, k);
    figures("all", outcomes, -1);
}

int main(int argc, char **argv)
{
    gint64 seed = 41;
    int pages = 60, first = 0;
    g_autofree char *table_path = NULL, *judged = NULL;
    const GOptionEntry entries[] = {{"seed", 0, 0, G_OPTION_ARG_INT64, &seed, "Of the pages", "S"},
                                    {"pages", 0, 0, G_OPTION_ARG_INT, &pages, "How many", "N"},
                                    {"first", 0, 0, G_OPTION_ARG_INT, &first, "The first page's number", "I"},
                                    {"table", 0, 0, G_OPTION_ARG_FILENAME, &table_path, "One line a page, appended", "FILE"},
                                    {"judge", 0, 0, G_OPTION_ARG_FILENAME, &judged, "Sum up such a table", "FILE"},
                                    G_OPTION_ENTRY_NULL};
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_autoptr(GError) error = NULL;
    bf_memory_prepare();
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error))
        die(error, argv[0]);
    if (judged) {
        judge_table(judged);
        return 0;
    }
    FILE *table = !table_path || g_str_equal(table_path, "-") ? stdout : fopen(table_path, "a");
    if (!table)
        die(NULL, table_path);
    eyes e = {0};
    open_eyes(&e);
    for (int i = first; i < first + pages; i++)
        judge_page(&e, (guint64)seed, (guint)i, table);
    if (table != stdout)
        fclose(table);
    return 0;
}
