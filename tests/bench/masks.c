/* What check says of names that an applicant covered: draws pages of several kinds, covers the applicant's name in one way after the other,
 * and counts where a finding about the cover lies on the name, and where one lies elsewhere on the page (a false alarm).
 *
 *   bench-masks --seed S --pages N [--first I] [--ways A,B] [--verbose] [--quick]
 *
 * --quick: only one plain reading of each page.
 */
#include "blindfold/finding.h"
#include "blindfold/jpeg.h"
#include "blindfold/name.h"
#include "blindfold/page.h"
#include "page/check_page.h"
#include "page/reading.h"
#include "page/upright.h"
#include "pagemaker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    int r, g, b;
} colour;

/* Height of a bar as a share of the characters', in percent: 0 is no bar. share: how much of what was there still shows. */
typedef struct {
    const char *name;
    int height;
    colour ink;
    float share;
    int blur, blur_x; /* half widths of the running means, as percents of the characters' height */
    int down;         /* the bar's middle stands so many percents below the characters' */
    bool elsewhere;   /* another line of print instead of the name */
    bool everywhere;  /* the whole page is blurred */
    bool hatched;     /* stripes of the ink and of a lighter one */
} way;

static const way ways[] = {
    {"none", 0, {0}, 0, 0, 0, 0, false, false, false},
    {"black", 125, {0, 0, 0}, 0, 0, 0, 0, false, false, false},
    {"white", 125, {255, 255, 255}, 0, 0, 0, 0, false, false, false},
    {"gray", 125, {120, 120, 120}, 0, 0, 0, 0, false, false, false},
    {"blue", 125, {30, 60, 200}, 0, 0, 0, 0, false, false, false},
    {"thin40", 40, {0, 0, 0}, 0, 0, 0, 0, false, false, false},
    {"thin50", 50, {0, 0, 0}, 0, 0, 0, 0, false, false, false},
    {"thin60", 60, {0, 0, 0}, 0, 0, 0, 0, false, false, false},
    {"thin70", 70, {0, 0, 0}, 0, 0, 0, 0, false, false, false},
    {"thin80", 80, {0, 0, 0}, 0, 0, 0, 0, false, false, false},
    {"low60", 60, {0, 0, 0}, 0, 0, 0, 12, false, false, false},
    {"blue60", 60, {30, 60, 200}, 0, 0, 0, 0, false, false, false},
    {"red50", 50, {210, 30, 30}, 0, 0, 0, 0, false, false, false},
    {"gray60", 60, {120, 120, 120}, 0, 0, 0, 0, false, false, false},
    {"white60", 60, {255, 255, 255}, 0, 0, 0, 0, false, false, false},
    {"white50", 50, {255, 255, 255}, 0, 0, 0, 0, false, false, false},
    {"white70", 70, {255, 255, 255}, 0, 0, 0, 0, false, false, false},
    {"veil", 125, {20, 20, 20}, 0.15F, 0, 0, 0, false, false, false},
    {"veil-light", 125, {215, 215, 215}, 0.12F, 0, 0, 0, false, false, false},
    {"veil30", 125, {0, 0, 0}, 0.70F, 0, 0, 0, false, false, false},
    {"veil50", 125, {0, 0, 0}, 0.50F, 0, 0, 0, false, false, false},
    {"veil70", 125, {0, 0, 0}, 0.30F, 0, 0, 0, false, false, false},
    {"veil80", 125, {0, 0, 0}, 0.20F, 0, 0, 0, false, false, false},
    {"veil90", 125, {0, 0, 0}, 0.10F, 0, 0, 0, false, false, false},
    {"veil95", 125, {0, 0, 0}, 0.05F, 0, 0, 0, false, false, false},
    {"veil-gray", 125, {120, 120, 120}, 0.15F, 0, 0, 0, false, false, false},
    {"veil-white", 125, {255, 255, 255}, 0.15F, 0, 0, 0, false, false, false},
    {"hatched", 125, {0, 0, 0}, 0, 0, 0, 0, false, false, true},
    {"pen", 110, {255, 240, 60}, 0.55F, 0, 0, 0, true, false, false},
    {"smear", 0, {0}, 0, 28, 28, 0, false, false, false},
    {"smear-much", 0, {0}, 0, 60, 60, 0, false, false, false},
    {"smear-aside", 0, {0}, 0, 0, 50, 0, false, false, false},
    {"moved15", 0, {0}, 0, 0, 15, 0, false, true, false},
    {"moved30", 0, {0}, 0, 0, 30, 0, false, true, false},
    {"struck", 9, {0, 0, 0}, 0, 0, 0, 0, true, false, false},
    {"underlined", 9, {0, 0, 0}, 0, 0, 0, 62, true, false, false},
};

static const pm_kind kinds[] = {PM_KIND_SUMMARY, PM_KIND_DIPLOMA,     PM_KIND_COMMITMENT, PM_KIND_LIST,   PM_KIND_APPRAISAL,
                                PM_KIND_TITLE,   PM_KIND_APPOINTMENT, PM_KIND_PAPER,      PM_KIND_NOTICE, PM_KIND_TRAINING};
static const pm_capture captures[] = {PM_CAPTURE_CLEAN, PM_CAPTURE_SCAN, PM_CAPTURE_NOISE, PM_CAPTURE_LOWQ};
static const char *const rules[] = {"mask-too-thin", "mask-translucent", "name-shines-through", "mask-mosaic", "mask-blurred"};
enum { N_WAYS = G_N_ELEMENTS(ways), N_RULES = G_N_ELEMENTS(rules) };

typedef struct {
    guint pages, names, told, read; /* told: by a rule about the cover; read: only as visible or doubtful */
    guint on_name[N_RULES], aside[N_RULES], blurred;
} tally;

static void die(const GError *error)
{
    fprintf(stderr, "bench-masks: %s\n", error ? error->message : "failed");
    exit(1);
}

/* ---- covers ---- */

static uint8_t *pixel(bf_picture *p, int x, int y)
{
    return p->data + ((gsize)y * (gsize)p->width_px + (gsize)x) * (gsize)p->channels;
}

static void cover(bf_picture *p, bf_rect r, const way *w)
{
    const int tones[] = {w->ink.r, w->ink.g, w->ink.b};
    bf_rect c = bf_rect_intersect(r, (bf_rect){0, 0, p->width_px, p->height_px});
    for (int y = c.y; y < c.y + c.h; y++)
        for (int x = c.x; x < c.x + c.w; x++)
            for (int i = 0; i < p->channels; i++) {
                uint8_t *s = pixel(p, x, y) + i;
                int tone = p->channels == 1 ? (tones[0] * 77 + tones[1] * 150 + tones[2] * 29) / 256 : tones[i];
                tone += w->hatched && (x + y) / 5 % 2 == 0 ? 60 : 0;
                *s = (uint8_t)CLAMP((int)((1 - w->share) * (float)tone + w->share * (float)*s), 0, 255);
            }
}

static void blur(bf_picture *p, bf_rect r, int rx, int ry)
{
    bf_rect c = bf_rect_intersect(r, (bf_rect){0, 0, p->width_px, p->height_px});
    gsize bytes = (gsize)p->width_px * (gsize)p->height_px * (gsize)p->channels;
    g_autofree uint8_t *old = g_malloc(bytes);
    memcpy(old, p->data, bytes);
    for (int y = c.y; y < c.y + c.h; y++)
        for (int x = c.x; x < c.x + c.w; x++)
            for (int i = 0; i < p->channels; i++) {
                int sum = 0, n = 0;
                for (int yy = MAX(y - ry, 0); yy <= MIN(y + ry, p->height_px - 1); yy++)
                    for (int xx = MAX(x - rx, 0); xx <= MIN(x + rx, p->width_px - 1); xx++, n++)
                        sum += old[((gsize)yy * (gsize)p->width_px + (gsize)xx) * (gsize)p->channels + (gsize)i];
                *(pixel(p, x, y) + i) = (uint8_t)(sum / n);
            }
}

static void apply(bf_picture *p, bf_rect name, const way *w)
{
    int h = name.h * w->height / 100, y = name.y + name.h / 2 + name.h * w->down / 100 - h / 2;
    if (w->height > 0)
        cover(p, (bf_rect){name.x - name.h / 6, y, name.w + name.h / 3, MAX(h, 2)}, w);
    if (w->blur > 0 || w->blur_x > 0)
        for (int round = 0; round < (w->everywhere ? 1 : 2); round++)
            blur(p, w->everywhere ? (bf_rect){0, 0, p->width_px, p->height_px} : bf_rect_grow(name, name.h, name.h / 8),
                 name.h * w->blur_x / 100, name.h * w->blur / 100);
}

/* ---- pages ---- */

/* Names in one lying line. */
static GArray *places_of(const pm_page *page, bool applicant)
{
    GArray *out = g_array_new(FALSE, FALSE, sizeof(bf_rect));
    for (guint i = 0; i < page->occurrences->len; i++) {
        const pm_occurrence *o = g_ptr_array_index(page->occurrences, i);
        bool plain = o->form == PM_FORM_NAME || o->form == PM_FORM_SPACED || o->form == PM_FORM_COURTESY || o->form == PM_FORM_BOLD;
        bf_rect all = {0};
        for (guint g = 0; g < o->glyphs->len; g++) {
            bf_quad quad;
            memcpy(&quad, &g_array_index(o->glyphs, pm_quad, g), sizeof quad);
            all = g == 0 ? bf_quad_bounds(&quad) : bf_rect_union(all, bf_quad_bounds(&quad));
        }
        if (o->applicant == applicant && plain && o->glyphs->len >= 2 && all.w * 2 > all.h * 3)
            g_array_append_val(out, all);
    }
    return out;
}

static bool meets(const GArray *places, bf_rect r)
{
    for (guint i = 0; i < places->len; i++) {
        bf_rect b = g_array_index(places, bf_rect, i);
        if (!bf_rect_is_empty(bf_rect_intersect(bf_rect_grow(b, b.h, b.h / 4), r)))
            return true;
    }
    return false;
}

static void count(const bf_checked_page *checked, const GArray *names, const char *title, tally *t, bool verbose)
{
    for (guint i = 0; i < names->len; i++) {
        const GArray place = {.data = (char *)&g_array_index(names, bf_rect, i), .len = 1};
        bool told = false, read = false;
        for (guint k = 0; k < checked->findings->len; k++) {
            const bf_finding *f = &g_array_index(checked->findings, bf_finding, k);
            if (!meets(&place, f->place))
                continue;
            read = read || strcmp(f->rule, "name-visible") == 0 || strcmp(f->rule, "name-doubtful") == 0;
            for (guint r = 0; r < N_RULES; r++)
                if (strcmp(f->rule, rules[r]) == 0) {
                    t->on_name[r]++;
                    told = true;
                }
        }
        t->names++;
        t->told += told;
        t->read += read && !told;
        bf_rect b = g_array_index(names, bf_rect, i);
        if (verbose && !told)
            printf("  %s: silent at %d,%d %dx%d%s\n", title, b.x, b.y, b.w, b.h, read ? " (read)" : "");
    }
    for (guint k = 0; k < checked->findings->len; k++) {
        const bf_finding *f = &g_array_index(checked->findings, bf_finding, k);
        t->blurred += strcmp(f->rule, "blurred") == 0;
        for (guint r = 0; r < N_RULES; r++)
            if (strcmp(f->rule, rules[r]) == 0 && !meets(names, f->place)) {
                t->aside[r]++;
                if (verbose)
                    printf("  %s: %s at %d,%d %dx%d\n", title, f->rule, f->place.x, f->place.y, f->place.w, f->place.h);
            }
    }
}

typedef struct {
    bf_page_engine *engine;
    bf_page_worker *worker;
    char **wanted; /* NULL: all ways */
    gboolean verbose, quick;
} bench;

static void check_quickly(const bench *b, GBytes *jpeg, const bf_query *query, bf_checked_page *checked)
{
    g_autoptr(bf_picture) picture = NULL;
    g_autoptr(GError) error = NULL;
    bf_reading reading = {0};
    bf_frame frame;
    bf_jpeg_info info;
    const bf_page_task task = {.jpeg = jpeg, .query = query, .check = checked};
    bf_reading_init(&reading);
    if (!bf_upright_decode(jpeg, 0, 0, &picture, &frame, &info, &error) || !bf_read_plain(b->worker, picture, query, &reading, &error))
        die(error);
    const bf_check_view view = {
        .worker = b->worker, .task = &task, .picture = picture, .frame = &frame, .info = &info, .reading = &reading};
    for (guint i = 0; i < reading.hits->len; i++)
        bf_check_add(&view, "name-visible", BF_FINDING_MEND, bf_quad_bounds(&g_array_index(reading.hits, bf_hit, i).quad));
    if (!bf_check_masks(&view, &error))
        die(error);
    bf_reading_clear(&reading);
}

static void check_wholly(const bench *b, GBytes *jpeg, const bf_query *query, bf_checked_page *checked)
{
    bf_page_result r;
    bf_page_result_init(&r);
    bf_page_process(b->worker, &(bf_page_task){.jpeg = jpeg, .query = query, .check = checked}, &r);
    bf_page_result_clear(&r);
}

static void try_page(const bench *b, guint64 seed, tally tallies[N_WAYS])
{
    g_autoptr(GError) error = NULL;
    g_autoptr(pm_person) person = pm_person_random(seed * 7 + 1);
    const pm_page_spec spec = {.kind = kinds[seed % G_N_ELEMENTS(kinds)],
                               .capture = captures[seed / G_N_ELEMENTS(kinds) % G_N_ELEMENTS(captures)],
                               .seed = seed,
                               .person = person,
                               .flags = PM_FLAG_PLAIN_NAME};
    g_autoptr(pm_page) page = NULL;
    g_autoptr(bf_picture) whole = NULL;
    g_autoptr(bf_query) query = NULL;
    if (!pm_page_draw(&spec, &page, &error) || !bf_jpeg_decode(page->jpeg, 0, 0, &whole, NULL, &error) ||
        !bf_name_build(person->name, NULL, &query, &error) || !bf_page_engine_prepare(b->engine, query, &error))
        die(error);
    g_autoptr(GArray) names = places_of(page, true), others = places_of(page, false);
    gsize bytes = (gsize)whole->width_px * (gsize)whole->height_px * (gsize)whole->channels;
    g_autofree uint8_t *before = g_malloc(bytes);
    memcpy(before, whole->data, bytes);
    for (guint i = 0; i < N_WAYS; i++) {
        const GArray *at = ways[i].elsewhere ? others : names;
        if ((b->wanted && !g_strv_contains((const char *const *)b->wanted, ways[i].name)) || at->len == 0)
            continue;
        g_autoptr(GBytes) jpeg = NULL;
        memcpy(whole->data, before, bytes);
        for (guint k = 0; k < (ways[i].everywhere ? 1 : at->len); k++)
            apply(whole, g_array_index(at, bf_rect, k), &ways[i]);
        if (!bf_jpeg_encode_view(whole, 70 + (int)(seed * 13 % 26), &jpeg, &error))
            die(error);
        bf_checked_page *checked = bf_checked_page_new();
        (b->quick ? check_quickly : check_wholly)(b, jpeg, query, checked);
        g_autofree char *title =
            g_strdup_printf("%s %s %s %" G_GUINT64_FORMAT, ways[i].name, pm_kind_word(spec.kind), pm_capture_word(spec.capture), seed);
        tallies[i].pages++;
        count(checked, at, title, &tallies[i], b->verbose);
        bf_checked_page_free(checked);
        fflush(stdout);
    }
}

static void print_tally(const tally tallies[N_WAYS])
{
    printf("%-12s %5s %5s %5s %9s %7s  on the name / elsewhere:", "way", "pages", "names", "told", "only read", "blurred");
    for (guint r = 0; r < N_RULES; r++)
        printf(" %s", rules[r]);
    printf("\n");
    for (guint i = 0; i < N_WAYS; i++) {
        const tally *t = &tallies[i];
        if (t->pages == 0)
            continue;
        printf("%-12s %5u %5u %5u %9u %7u ", ways[i].name, t->pages, t->names, t->told, t->read, t->blurred);
        for (guint r = 0; r < N_RULES; r++)
            printf(" %u/%u", t->on_name[r], t->aside[r]);
        printf("\n");
    }
}

int main(int argc, char **argv)
{
    gint64 seed = 0, first = 0;
    int pages = 0;
    g_autofree char *list = NULL;
    bench b = {0};
    g_autoptr(GError) error = NULL;
    const GOptionEntry entries[] = {{"seed", 0, 0, G_OPTION_ARG_INT64, &seed, "first page's seed", "S"},
                                    {"pages", 0, 0, G_OPTION_ARG_INT, &pages, "how many", "N"},
                                    {"first", 0, 0, G_OPTION_ARG_INT64, &first, "begin with page I", "I"},
                                    {"ways", 0, 0, G_OPTION_ARG_STRING, &list, "only these", "A,B"},
                                    {"verbose", 0, 0, G_OPTION_ARG_NONE, &b.verbose, "tell each place", NULL},
                                    {"quick", 0, 0, G_OPTION_ARG_NONE, &b.quick, "one plain reading", NULL},
                                    {NULL, 0, 0, 0, NULL, NULL, NULL}};
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_option_context_add_main_entries(context, entries, NULL);
    const bf_page_settings settings = {0};
    tally tallies[N_WAYS] = {0};
    if (!g_option_context_parse(context, &argc, &argv, &error) || !bf_page_engine_new(&settings, &b.engine, &error) ||
        !bf_page_worker_new(b.engine, &b.worker, &error))
        die(error);
    b.wanted = list ? g_strsplit(list, ",", -1) : NULL;
    for (int i = 0; i < pages; i++)
        try_page(&b, (guint64)(seed + first + i), tallies);
    print_tally(tallies);
    g_strfreev(b.wanted);
    bf_page_worker_free(b.worker);
    bf_page_engine_free(b.engine);
    return 0;
}
