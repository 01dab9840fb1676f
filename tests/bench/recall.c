/* How many of an applicant's names are hidden? Draws dossiers of known truth, runs the program on them as a user would, and judges
 * from the pixels that came out: what the report says counts only together with black pixels.
 *
 * An occurrence is hidden when each of its glyphs' quads is at least 99% mask, partly hidden when some are, else visible. A page that
 * is not in the output shows nothing and counts apart, as withheld. */
#include "pagemaker.h"
#include "pm_pixels.h"
#include <json-glib/json-glib.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <zip.h>

#define MASK_LUMA 24 /* flat black after JPEG's arithmetic */
#define GLYPH_HIDDEN 0.99
#define TOUCH_PX 32 /* two iMCUs of 4:2:0: a mask this near an occurrence belongs to it */
#define INK_LEAST_PX 20

typedef enum { HIDDEN, PARTLY, VISIBLE, WITHHELD, N_FATES } fate;
static const char *const fate_words[N_FATES] = {"hidden", "partly", "visible", "withheld"};

typedef struct {
    guint n[N_FATES];
} tally;

typedef struct {
    GTree *by_form, *by_kind, *by_capture, *by_height; /* word -> tally */
    tally all, released, held;
    GTree *held_reasons;            /* word -> guint *: pages held; every reason of a page counts */
    GPtrArray *leaks, *false_masks; /* char *: a line each */
    guint pages, pages_held, pages_held_needlessly, pages_missing, packages_released, packages_held, packages_failed;
    guint masks, false_on_names, false_on_other, not_black;
} score;

typedef struct {
    const char *work, *out, *id;
    JsonObject *truth, *report;
    zip_t *before, *after; /* after: NULL when there is no output */
    bool released;
} package;

typedef struct {
    JsonObject *truth, *report; /* report: NULL when the page is not in it */
    pm_pixels before, after;    /* rgb NULL: not to be had */
    const package *package;
} page;

/* ---- small helpers ---- */

static int compare_words(gconstpointer a, gconstpointer b, gpointer unused)
{
    (void)unused;
    return strcmp(a, b);
}

static GTree *words_new(void)
{
    return g_tree_new_full(compare_words, NULL, g_free, g_free);
}

static gpointer word_slot(GTree *tree, const char *word, gsize size)
{
    gpointer slot = g_tree_lookup(tree, word);
    if (!slot) {
        slot = g_malloc0(size);
        g_tree_insert(tree, g_strdup(word), slot);
    }
    return slot;
}

static guint total(const tally *t)
{
    return t->n[HIDDEN] + t->n[PARTLY] + t->n[VISIBLE] + t->n[WITHHELD];
}

static bool read_json(const char *path, JsonObject **out, GError **error)
{
    g_autoptr(JsonParser) parser = json_parser_new();
    if (!json_parser_load_from_file(parser, path, error))
        return false;
    *out = json_object_ref(json_node_get_object(json_parser_get_root(parser)));
    return true;
}

static GBytes *zip_read(zip_t *zip, zip_int64_t index)
{
    zip_stat_t stat;
    if (index < 0 || zip_stat_index(zip, (zip_uint64_t)index, 0, &stat) != 0)
        return NULL;
    g_autofree guint8 *data = g_malloc(MAX(stat.size, 1));
    zip_file_t *file = zip_fopen_index(zip, (zip_uint64_t)index, 0);
    const bool good = file && zip_fread(file, data, stat.size) == (zip_int64_t)stat.size;
    if (file)
        zip_fclose(file);
    return good ? g_bytes_new_take(g_steal_pointer(&data), stat.size) : NULL;
}

static void decode(zip_t *zip, zip_int64_t index, pm_pixels *out)
{
    *out = (pm_pixels){0};
    g_autoptr(GBytes) jpeg = zip ? zip_read(zip, index) : NULL;
    if (jpeg && !pm_jpeg_decode(jpeg, out, NULL))
        *out = (pm_pixels){0};
}

static int luma(const pm_pixels *p, int x, int y)
{
    const uint8_t *q = p->rgb + 3 * ((size_t)y * (size_t)p->width + (size_t)x);
    return (299 * q[0] + 587 * q[1] + 114 * q[2]) / 1000;
}

/* ---- geometry ---- */

typedef struct {
    double x[4], y[4];
} quad;

static quad quad_of(JsonArray *points)
{
    quad q;
    for (guint v = 0; v < 4; v++) {
        q.x[v] = json_array_get_double_element(points, 2 * v);
        q.y[v] = json_array_get_double_element(points, 2 * v + 1);
    }
    return q;
}

/* Either sense of turning: the stored frame may be mirrored. */
static bool inside(const quad *q, double x, double y)
{
    int left = 0, right = 0;
    for (int v = 0; v < 4; v++) {
        const int w = (v + 1) % 4;
        const double cross = (q->x[w] - q->x[v]) * (y - q->y[v]) - (q->y[w] - q->y[v]) * (x - q->x[v]);
        left += cross >= 0;
        right += cross <= 0;
    }
    return left == 4 || right == 4;
}

static double least(const double v[4])
{
    return MIN(MIN(v[0], v[1]), MIN(v[2], v[3]));
}

static double most(const double v[4])
{
    return MAX(MAX(v[0], v[1]), MAX(v[2], v[3]));
}

typedef struct {
    int x, y, w, h;
} rect;

static rect rect_of(JsonObject *mask)
{
    return (rect){(int)json_object_get_int_member(mask, "x"), (int)json_object_get_int_member(mask, "y"),
                  (int)json_object_get_int_member(mask, "w"), (int)json_object_get_int_member(mask, "h")};
}

static JsonArray *masks_of(const page *p)
{
    return p->report && json_object_has_member(p->report, "masks") ? json_object_get_array_member(p->report, "masks") : NULL;
}

static bool in_masks(JsonArray *masks, int x, int y)
{
    for (guint i = 0; masks && i < json_array_get_length(masks); i++) {
        const rect r = rect_of(json_array_get_object_element(masks, i));
        if (x >= r.x && x < r.x + r.w && y >= r.y && y < r.y + r.h)
            return true;
    }
    return false;
}

static bool touches(rect r, const quad *q)
{
    return most(q->x) + TOUCH_PX > r.x && least(q->x) - TOUCH_PX < r.x + r.w && most(q->y) + TOUCH_PX > r.y &&
           least(q->y) - TOUCH_PX < r.y + r.h;
}

/* ---- judging ---- */

static double covered_share(const page *p, const quad *q)
{
    JsonArray *masks = masks_of(p);
    guint area = 0, covered = 0;
    const int x1 = MIN((int)most(q->x) + 1, p->after.width), y1 = MIN((int)most(q->y) + 1, p->after.height);
    for (int y = MAX(0, (int)least(q->y)); y < y1; y++)
        for (int x = MAX(0, (int)least(q->x)); x < x1; x++)
            if (inside(q, x + 0.5, y + 0.5)) {
                area++;
                covered += luma(&p->after, x, y) <= MASK_LUMA && in_masks(masks, x, y);
            }
    return area ? (double)covered / area : 1;
}

static fate judge(const page *p, JsonArray *glyphs, guint *n_hidden)
{
    if (!p->after.rgb)
        return WITHHELD;
    const guint n = json_array_get_length(glyphs);
    double some = 0;
    *n_hidden = 0;
    for (guint i = 0; i < n; i++) {
        const quad q = quad_of(json_array_get_array_element(glyphs, i));
        const double share = covered_share(p, &q);
        some += share;
        *n_hidden += share >= GLYPH_HIDDEN;
    }
    return *n_hidden == n ? HIDDEN : some > 0.2 ? PARTLY : VISIBLE;
}

static void count(score *s, const page *p, JsonObject *occurrence, fate f)
{
    const double height = json_object_get_double_member(occurrence, "height_px");
    const char *size = height < 18 ? "below 18 px" : height < 24 ? "18 to 24 px" : height < 40 ? "24 to 40 px" : "40 px and more";
    const char *form = json_object_get_string_member(occurrence, "form");
    g_autofree char *sealed =
        json_object_get_boolean_member(occurrence, "under_seal") ? g_strconcat(form, " under a seal", NULL) : g_strdup(form);
    ((tally *)word_slot(s->by_form, sealed, sizeof(tally)))->n[f]++;
    ((tally *)word_slot(s->by_kind, json_object_get_string_member(p->truth, "kind"), sizeof(tally)))->n[f]++;
    ((tally *)word_slot(s->by_capture, json_object_get_string_member(p->truth, "capture"), sizeof(tally)))->n[f]++;
    ((tally *)word_slot(s->by_height, size, sizeof(tally)))->n[f]++;
    s->all.n[f]++;
    (p->package->released ? &s->released : &s->held)->n[f]++;
}

static void note_leak(score *s, const page *p, JsonObject *occurrence, guint n_hidden, guint n)
{
    const char *decision = p->report ? json_object_get_string_member(p->report, "decision") : "no report";
    g_ptr_array_add(
        s->leaks, g_strdup_printf("%s %s entry %d %s %s %s %u of %u glyphs hidden, seed %s, decided %s",
                                  p->package->released ? "LEAK" : "held", p->package->id,
                                  (int)json_object_get_int_member(p->truth, "entry_index"), json_object_get_string_member(p->truth, "kind"),
                                  json_object_get_string_member(p->truth, "capture"), json_object_get_string_member(occurrence, "form"),
                                  n_hidden, n, json_object_get_string_member(p->truth, "seed"), decision));
}

/* Does the mask touch a glyph of somebody: of the applicant, or of others? */
static bool mask_touches(const page *p, rect r, bool applicant)
{
    JsonArray *occurrences = json_object_get_array_member(p->truth, "occurrences");
    for (guint i = 0; i < json_array_get_length(occurrences); i++) {
        JsonObject *o = json_array_get_object_element(occurrences, i);
        if (json_object_get_boolean_member(o, "applicant") != applicant)
            continue;
        JsonArray *glyphs = json_object_get_array_member(o, "glyphs");
        for (guint k = 0; k < json_array_get_length(glyphs); k++) {
            const quad q = quad_of(json_array_get_array_element(glyphs, k));
            if (touches(r, &q))
                return true;
        }
    }
    return false;
}

/* Ink is what is much darker than the paper about it. */
static bool covers_ink(const pm_pixels *p, rect r)
{
    guint histogram[256] = {0}, n = 0, above = 0, ink = 0;
    for (int y = MAX(0, r.y); y < MIN(r.y + r.h, p->height); y++)
        for (int x = MAX(0, r.x); x < MIN(r.x + r.w, p->width); x++, n++)
            histogram[luma(p, x, y)]++;
    int paper = 255;
    while (paper > 0 && (above += histogram[paper]) < n / 10)
        paper--;
    for (int v = 0; v < paper * 6 / 10; v++)
        ink += histogram[v];
    return ink >= INK_LEAST_PX;
}

static bool is_black(const pm_pixels *p, rect r)
{
    for (int y = MAX(0, r.y); y < MIN(r.y + r.h, p->height); y++)
        for (int x = MAX(0, r.x); x < MIN(r.x + r.w, p->width); x++)
            if (luma(p, x, y) > MASK_LUMA)
                return false;
    return true;
}

static void judge_masks(score *s, const page *p)
{
    JsonArray *masks = masks_of(p);
    for (guint i = 0; masks && i < json_array_get_length(masks); i++) {
        const rect r = rect_of(json_array_get_object_element(masks, i));
        s->masks++;
        if (p->after.rgb && !is_black(&p->after, r))
            s->not_black++;
        if (mask_touches(p, r, true) || !p->before.rgb || !covers_ink(&p->before, r))
            continue;
        const bool on_name = mask_touches(p, r, false);
        ++*(on_name ? &s->false_on_names : &s->false_on_other);
        g_ptr_array_add(s->false_masks,
                        g_strdup_printf("%s entry %d %s %s at %d,%d %dx%d on %s", p->package->id,
                                        (int)json_object_get_int_member(p->truth, "entry_index"),
                                        json_object_get_string_member(p->truth, "kind"), json_object_get_string_member(p->truth, "capture"),
                                        r.x, r.y, r.w, r.h, on_name ? "somebody else's name" : "other ink"));
    }
}

static void judge_page(score *s, const page *p)
{
    JsonArray *occurrences = json_object_get_array_member(p->truth, "occurrences");
    bool all_hidden = true;
    s->pages++;
    for (guint i = 0; i < json_array_get_length(occurrences); i++) {
        JsonObject *o = json_array_get_object_element(occurrences, i);
        if (!json_object_get_boolean_member(o, "applicant"))
            continue;
        JsonArray *glyphs = json_object_get_array_member(o, "glyphs");
        guint n_hidden = 0;
        const fate f = judge(p, glyphs, &n_hidden);
        count(s, p, o, f);
        if (f == PARTLY || f == VISIBLE) {
            note_leak(s, p, o, n_hidden, json_array_get_length(glyphs));
            all_hidden = false;
        }
    }
    judge_masks(s, p);
    s->pages_missing += p->report == NULL;
    if (!p->report || strcmp(json_object_get_string_member(p->report, "decision"), "review") != 0)
        return;
    s->pages_held++;
    s->pages_held_needlessly += all_hidden && p->after.rgb;
    JsonArray *reasons = json_object_get_array_member(p->report, "reasons");
    for (guint i = 0; reasons && i < json_array_get_length(reasons); i++)
        ++*(guint *)word_slot(s->held_reasons, json_array_get_string_element(reasons, i), sizeof(guint));
}

static JsonObject *report_of(const package *p, gint64 entry_index)
{
    JsonArray *pages = p->report ? json_object_get_array_member(p->report, "pages") : NULL;
    for (guint i = 0; pages && i < json_array_get_length(pages); i++) {
        JsonObject *o = json_array_get_object_element(pages, i);
        if (json_object_get_int_member(o, "entry_index") == entry_index)
            return o;
    }
    return NULL;
}

static void judge_pages(score *s, const package *p)
{
    JsonArray *pages = json_object_get_array_member(p->truth, "pages");
    for (guint i = 0; i < json_array_get_length(pages); i++) {
        page q = {.package = p, .truth = json_array_get_object_element(pages, i)};
        const gint64 index = json_object_get_int_member(q.truth, "entry_index");
        q.report = report_of(p, index);
        const char *name = q.report ? json_object_get_string_member_with_default(q.report, "output_entry", NULL) : NULL;
        decode(p->before, index, &q.before);
        decode(p->after, p->after && name ? zip_name_locate(p->after, name, ZIP_FL_ENC_UTF_8) : -1, &q.after);
        judge_page(s, &q);
        pm_pixels_clear(&q.before);
        pm_pixels_clear(&q.after);
    }
}

static zip_t *open_zip(const char *dir, const char *path)
{
    int code;
    g_autofree char *full = g_build_filename(dir, path, NULL);
    return zip_open(full, ZIP_RDONLY, &code);
}

static bool judge_package(score *s, const char *work, const char *out, const char *id, GError **error)
{
    package p = {.work = work, .out = out, .id = id};
    g_autofree char *file = g_strconcat(id, ".json", NULL), *truth = g_build_filename(work, "truth", file, NULL);
    g_autofree char *report = g_build_filename(out, "reports", file, NULL), *input = g_strconcat("in/", id, ".zip", NULL);
    if (!read_json(truth, &p.truth, error))
        return false;
    const char *verdict = "failed", *output = NULL;
    if (g_file_test(report, G_FILE_TEST_EXISTS)) {
        if (!read_json(report, &p.report, error)) {
            json_object_unref(p.truth);
            return false;
        }
        JsonObject *o = json_object_get_object_member(p.report, "package");
        verdict = json_object_get_string_member(o, "verdict");
        output = json_object_get_string_member_with_default(o, "output", NULL);
    }
    p.released = strcmp(verdict, "released") == 0;
    s->packages_released += p.released;
    s->packages_held += strcmp(verdict, "held") == 0;
    s->packages_failed += strcmp(verdict, "failed") == 0;
    p.before = open_zip(work, input);
    p.after = output ? open_zip(out, output) : NULL;
    judge_pages(s, &p);
    if (p.before)
        zip_discard(p.before);
    if (p.after)
        zip_discard(p.after);
    json_object_unref(p.truth);
    g_clear_pointer(&p.report, json_object_unref);
    return true;
}

/* ---- telling ---- */

/* Wilson's interval at 95%. */
static void print_share(const char *what, guint k, guint n)
{
    const double z = 1.96, p = n ? (double)k / n : 0, m = n ? (p + z * z / (2.0 * n)) / (1 + z * z / n) : 0;
    const double d = n ? z * sqrt(p * (1 - p) / n + z * z / (4.0 * n * n)) / (1 + z * z / n) : 0;
    printf("%s: %u of %u = %.2f%% (95%%: %.2f to %.2f)\n", what, k, n, 100 * p, 100 * MAX(0, m - d), 100 * MIN(1, m + d));
}

static gboolean print_row(gpointer word, gpointer value, gpointer unused)
{
    (void)unused;
    const tally *t = value;
    printf("| %s | %u | %u | %u | %u | %u | %.1f%% |\n", (const char *)word, total(t), t->n[HIDDEN], t->n[PARTLY], t->n[VISIBLE],
           t->n[WITHHELD], 100.0 * t->n[HIDDEN] / MAX(1, total(t) - t->n[WITHHELD]));
    return FALSE;
}

static void print_table(const char *what, GTree *tree)
{
    printf("\n| %s | occurrences | %s | %s | %s | %s | hidden of those shown |\n|---|---|---|---|---|---|---|\n", what, fate_words[HIDDEN],
           fate_words[PARTLY], fate_words[VISIBLE], fate_words[WITHHELD]);
    g_tree_foreach(tree, print_row, NULL);
}

static gboolean print_reason(gpointer word, gpointer value, gpointer unused)
{
    (void)unused;
    printf("  %s: %u\n", (const char *)word, *(guint *)value);
    return FALSE;
}

static guint print_score(const score *s)
{
    const guint leaks = s->released.n[PARTLY] + s->released.n[VISIBLE];
    printf("packages: %u released, %u held, %u failed; pages: %u, %u of them in no report\n", s->packages_released, s->packages_held,
           s->packages_failed, s->pages, s->pages_missing);
    print_share("occurrences hidden", s->all.n[HIDDEN], total(&s->all) - s->all.n[WITHHELD]);
    print_share("occurrences hidden in released packages", s->released.n[HIDDEN], total(&s->released) - s->released.n[WITHHELD]);
    printf("LEAKS (visible or partly visible in a released package): %u\n", leaks);
    printf("visible or partly visible in held packages: %u\n", s->held.n[PARTLY] + s->held.n[VISIBLE]);
    for (guint i = 0; i < s->leaks->len; i++)
        printf("  %s\n", (const char *)s->leaks->pdata[i]);
    print_table("form", s->by_form);
    print_table("kind", s->by_kind);
    print_table("capture", s->by_capture);
    print_table("height", s->by_height);
    const double fifty = 50.0 / MAX(1, s->pages);
    printf("\nmasks: %u; false ones: %u on other people's names, %u on other ink = %.1f and %.1f per 50 pages; not black: %u\n", s->masks,
           s->false_on_names, s->false_on_other, s->false_on_names * fifty, s->false_on_other * fifty, s->not_black);
    for (guint i = 0; i < s->false_masks->len; i++)
        printf("  %s\n", (const char *)s->false_masks->pdata[i]);
    printf("pages held: %u of %u, of these %u needlessly (every occurrence on them is hidden)\n", s->pages_held, s->pages,
           s->pages_held_needlessly);
    g_tree_foreach(s->held_reasons, print_reason, NULL);
    return leaks;
}

/* ---- running ---- */

typedef struct {
    gint64 seed;
    int names, pages, jobs;
    char *captures, *kinds, *flags, *program, *work, *out;
} options;

static bool make_dossiers(const options *o, GError **error)
{
    pm_kind kinds[64];
    pm_capture captures[64];
    pm_dossier_spec spec = {.seed = (guint64)o->seed,
                            .n_packages = (guint)o->names,
                            .n_pages = (guint)o->pages,
                            .kinds = kinds,
                            .captures = captures,
                            .gbk_names = true,
                            .metadata = true};
    return pm_kinds_parse(o->kinds, kinds, G_N_ELEMENTS(kinds), &spec.n_kinds, error) &&
           pm_captures_parse(o->captures, captures, G_N_ELEMENTS(captures), &spec.n_captures, error) &&
           pm_flags_parse(o->flags, &spec.extra_flags, error) && pm_dossier_write(&spec, o->work, error);
}

static double seconds(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static bool run_program(const options *o, GError **error)
{
    g_autofree char *roster = g_build_filename(o->work, "roster.csv", NULL), *in = g_build_filename(o->work, "in", NULL);
    g_autofree char *jobs = g_strdup_printf("%d", o->jobs);
    char *argv[] = {o->program, (char *)"redact", "--force",     (char *)"-r",    roster, (char *)"-o", o->out, (char *)"-j",
                    jobs,       (char *)"--progress", (char *)"never", in,     NULL};
    int status;
    const gint64 start = g_get_monotonic_time();
    if (!g_spawn_sync(NULL, argv, NULL, G_SPAWN_CHILD_INHERITS_STDIN, NULL, NULL, NULL, NULL, &status, error))
        return false;
    struct rusage usage;
    getrusage(RUSAGE_CHILDREN, &usage);
    const double pages = o->names * o->pages, cpu = seconds(usage.ru_utime) + seconds(usage.ru_stime);
    printf("run: exit %d, %.2f s CPU a page (%.0f s in all), %.2f s wall a page with -j %d, %.0f MB at most\n",
           WIFEXITED(status) ? WEXITSTATUS(status) : -1, cpu / pages, cpu, (double)(g_get_monotonic_time() - start) / 1e6 / pages, o->jobs,
           (double)usage.ru_maxrss / 1024);
    return true;
}

static bool judge_all(const char *work, const char *out, score *s, GError **error)
{
    g_autofree char *truth = g_build_filename(work, "truth", NULL);
    g_autoptr(GDir) dir = g_dir_open(truth, 0, error);
    if (!dir)
        return false;
    g_autoptr(GTree) ids = words_new();
    for (const char *name = g_dir_read_name(dir); name; name = g_dir_read_name(dir))
        if (g_str_has_suffix(name, ".json"))
            g_tree_insert(ids, g_strndup(name, strlen(name) - 5), NULL);
    for (GTreeNode *node = g_tree_node_first(ids); node; node = g_tree_node_next(node))
        if (!judge_package(s, work, out, g_tree_node_key(node), error))
            return false;
    return true;
}

static int run(options *o, GError **error)
{
    const bool judge_only = o->out != NULL;
    if (!o->out)
        o->out = g_build_filename(o->work, "out", NULL);
    if (!judge_only && (!make_dossiers(o, error) || !run_program(o, error)))
        return 2;
    score s = {.by_form = words_new(),
               .by_kind = words_new(),
               .by_capture = words_new(),
               .by_height = words_new(),
               .held_reasons = words_new(),
               .leaks = g_ptr_array_new_with_free_func(g_free),
               .false_masks = g_ptr_array_new_with_free_func(g_free)};
    const bool good = judge_all(o->work, o->out, &s, error);
    const guint leaks = good ? print_score(&s) : 0;
    GTree *const trees[] = {s.by_form, s.by_kind, s.by_capture, s.by_height, s.held_reasons};
    for (guint i = 0; i < G_N_ELEMENTS(trees); i++)
        g_tree_unref(trees[i]);
    g_ptr_array_unref(s.leaks);
    g_ptr_array_unref(s.false_masks);
    return !good ? 2 : leaks > 0;
}

int main(int argc, char **argv)
{
    options o = {.seed = 1, .names = 10, .pages = 14, .jobs = 2};
    const GOptionEntry entries[] = {
        {"seed", 0, 0, G_OPTION_ARG_INT64, &o.seed, "Everything follows from it (1)", "S"},
        {"names", 0, 0, G_OPTION_ARG_INT, &o.names, "How many applicants (10)", "N"},
        {"pages-per-name", 0, 0, G_OPTION_ARG_INT, &o.pages, "Pages of each (14)", "M"},
        {"captures", 0, 0, G_OPTION_ARG_STRING, &o.captures, "Captures to take in turn (all)", "A,B"},
        {"kinds", 0, 0, G_OPTION_ARG_STRING, &o.kinds, "Kinds to take in turn (all)", "A,B"},
        {"flags", 0, 0, G_OPTION_ARG_STRING, &o.flags, "What every page has: near-names, seal, spaced, ...", "A,B"},
        {"jobs", 'j', 0, G_OPTION_ARG_INT, &o.jobs, "Threads of the program (2)", "N"},
        {"blindfold", 0, 0, G_OPTION_ARG_FILENAME, &o.program, "The program", "PATH"},
        {"work", 0, 0, G_OPTION_ARG_FILENAME, &o.work, "Folder for dossiers, truth and output", "DIR"},
        {"out", 0, 0, G_OPTION_ARG_FILENAME, &o.out, "Judge this finished run on the dossiers in --work; nothing is drawn or run", "DIR"},
        G_OPTION_ENTRY_NULL};
    g_autoptr(GOptionContext) context = g_option_context_new("- how many of an applicant's names are hidden");
    g_option_context_add_main_entries(context, entries, NULL);
    g_autoptr(GError) error = NULL;
    int status = 2;
    if (g_option_context_parse(context, &argc, &argv, &error)) {
        if (o.work && (o.program || o.out))
            status = run(&o, &error);
        else
            g_set_error_literal(&error, PM_ERROR, PM_ERROR_WORD, "--work, and --blindfold or --out, must be given");
    }
    if (error)
        fprintf(stderr, "bench-recall: %s\n", error->message);
    char *const owned[] = {o.captures, o.kinds, o.flags, o.program, o.work, o.out};
    for (guint i = 0; i < G_N_ELEMENTS(owned); i++)
        g_free(owned[i]);
    return status;
}
