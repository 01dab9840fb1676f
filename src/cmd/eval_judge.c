#include "blindfold/jpeg.h"
#include "blindfold/package.h"
#include "blindfold/report.h"
#include "cmd/eval.h"

#include <glib/gi18n.h>
#include <string.h>

enum { MASK_LUMA = 24 /* flat black after JPEG's arithmetic */, TOUCH_PX = 32 /* two iMCUs of 4:2:0 */, INK_LEAST_PX = 20 };
static const double GLYPH_HIDDEN = 0.99, SOME = 0.2;

typedef struct {
    eval_score *score;
    const char *id;
    const eval_page *truth;
    const bf_page_result *result; /* NULL: the page is not in the report */
    bf_picture *before, *after;   /* NULL: not to be had */
    bool released;
} judged;

static int compare_words(gconstpointer a, gconstpointer b, gpointer unused)
{
    (void)unused;
    return strcmp(a, b);
}

static GTree *words_new(void)
{
    return g_tree_new_full(compare_words, NULL, g_free, g_free);
}

static gpointer slot(GTree *tree, const char *word, gsize size)
{
    gpointer found = g_tree_lookup(tree, word);
    if (!found) {
        found = g_malloc0(size);
        g_tree_insert(tree, g_strdup(word), found);
    }
    return found;
}

eval_score *eval_score_new(void)
{
    eval_score *s = g_new0(eval_score, 1);
    s->by_form = words_new();
    s->by_kind = words_new();
    s->by_capture = words_new();
    s->by_height = words_new();
    s->held_reasons = words_new();
    s->needless_reasons = words_new();
    s->remarks = g_ptr_array_new_with_free_func(g_free);
    return s;
}

void eval_score_free(eval_score *s)
{
    GTree *const trees[] = {s->by_form, s->by_kind, s->by_capture, s->by_height, s->held_reasons, s->needless_reasons};
    for (guint i = 0; i < G_N_ELEMENTS(trees); i++)
        g_tree_unref(trees[i]);
    g_ptr_array_unref(s->remarks);
    g_free(s);
}

static int luma(const bf_picture *p, int x, int y)
{
    const uint8_t *q = p->data + ((gsize)y * (gsize)p->width_px + (gsize)x) * (gsize)p->channels;
    return p->channels == 1 ? q[0] : (299 * q[0] + 587 * q[1] + 114 * q[2]) / 1000;
}

static bf_rect on_picture(const bf_picture *p, bf_rect r)
{
    return bf_rect_intersect(r, (bf_rect){0, 0, p->width_px, p->height_px});
}

static guint n_masks(const judged *j)
{
    return j->result && j->result->masks ? j->result->masks->len : 0;
}

static bf_rect mask_at(const judged *j, guint i)
{
    return g_array_index(j->result->masks, bf_mask, i).rect;
}

static bool in_masks(const judged *j, int x, int y)
{
    for (guint i = 0; i < n_masks(j); i++) {
        bf_rect r = mask_at(j, i);
        if (x >= r.x && x < r.x + r.w && y >= r.y && y < r.y + r.h)
            return true;
    }
    return false;
}

/* ---- what became of an occurrence ---- */

/* Either sense of turning: the stored frame may be mirrored. */
static bool is_inside(const bf_quad *q, float x, float y)
{
    int left = 0, right = 0;
    for (int v = 0; v < 4; v++) {
        int w = (v + 1) % 4;
        float cross = (q->x[w] - q->x[v]) * (y - q->y[v]) - (q->y[w] - q->y[v]) * (x - q->x[v]);
        left += cross >= 0;
        right += cross <= 0;
    }
    return left == 4 || right == 4;
}

static double covered_share(const judged *j, const bf_quad *q)
{
    guint area = 0, covered = 0;
    bf_rect r = on_picture(j->after, bf_quad_bounds(q));
    for (int y = r.y; y < r.y + r.h; y++)
        for (int x = r.x; x < r.x + r.w; x++)
            if (is_inside(q, (float)x + 0.5F, (float)y + 0.5F)) {
                area++;
                covered += luma(j->after, x, y) <= MASK_LUMA && in_masks(j, x, y);
            }
    return area ? (double)covered / area : 1;
}

static eval_fate fate_of(const judged *j, const eval_occurrence *o)
{
    if (!j->after)
        return EVAL_WITHHELD;
    guint hidden = 0;
    double some = 0;
    for (guint i = 0; i < o->quads->len; i++) {
        double share = covered_share(j, &g_array_index(o->quads, bf_quad, i));
        some += share;
        hidden += share >= GLYPH_HIDDEN;
    }
    return hidden == o->quads->len ? EVAL_HIDDEN : some > SOME ? EVAL_PARTLY : EVAL_VISIBLE;
}

static bool count_occurrence(judged *j, const eval_occurrence *o)
{
    static const char *const words[] = {N_("hidden"), N_("partly visible"), N_("visible"), N_("withheld")};
    eval_score *s = j->score;
    eval_fate fate = fate_of(j, o);
    const char *size = o->height_px < 18   ? N_("below 18 px")
                       : o->height_px < 24 ? N_("18 to 24 px")
                       : o->height_px < 40 ? N_("24 to 40 px")
                                           : N_("40 px and more");
    bool visible = fate == EVAL_PARTLY || fate == EVAL_VISIBLE;
    eval_tally *const tallies[] = {slot(s->by_form, o->form, sizeof(eval_tally)),
                                   slot(s->by_kind, j->truth->kind, sizeof(eval_tally)),
                                   slot(s->by_capture, j->truth->capture, sizeof(eval_tally)),
                                   slot(s->by_height, size, sizeof(eval_tally)),
                                   &s->all,
                                   &s->released};
    for (guint i = 0; i < G_N_ELEMENTS(tallies) - !j->released; i++) {
        tallies[i]->n[fate]++;
        tallies[i]->leaks += visible && j->released;
    }
    if (visible)
        g_ptr_array_add(s->remarks,
                        g_strdup_printf(_("%s: %s, entry %d, %s, %s: %s is %s"), j->released ? _("LEAK") : _("visible in a held package"),
                                        j->id, (int)j->truth->entry_index, j->truth->kind, j->truth->capture, o->form, _(words[fate])));
    return !visible;
}

/* ---- masks ---- */

static bool touches(bf_rect r, const eval_page *truth, bool applicant)
{
    for (guint i = 0; i < truth->occurrences->len; i++) {
        const eval_occurrence *o = truth->occurrences->pdata[i];
        for (guint k = 0; o->applicant == applicant && k < o->quads->len; k++) {
            bf_rect b = bf_rect_grow(bf_quad_bounds(&g_array_index(o->quads, bf_quad, k)), TOUCH_PX, TOUCH_PX);
            if (!bf_rect_is_empty(bf_rect_intersect(b, r)))
                return true;
        }
    }
    return false;
}

/* Ink is what is much darker than the paper about it. */
static bool covers_ink(const bf_picture *p, bf_rect r)
{
    guint histogram[256] = {0}, n = 0, above = 0, ink = 0;
    r = on_picture(p, r);
    for (int y = r.y; y < r.y + r.h; y++)
        for (int x = r.x; x < r.x + r.w; x++, n++)
            histogram[luma(p, x, y)]++;
    int paper = 255;
    while (paper > 0 && (above += histogram[paper]) < n / 10)
        paper--;
    for (int v = 0; v < paper * 6 / 10; v++)
        ink += histogram[v];
    return ink >= INK_LEAST_PX;
}

static bool is_black(const bf_picture *p, bf_rect r)
{
    r = on_picture(p, r);
    for (int y = r.y; y < r.y + r.h; y++)
        for (int x = r.x; x < r.x + r.w; x++)
            if (luma(p, x, y) > MASK_LUMA)
                return false;
    return true;
}

/* The mask of a tilted name comes in pieces that overlap, and like any other goes on over blank paper behind the name. */
static bool is_piece_of_true_mask(const judged *j, guint which)
{
    const bf_mask *m = &g_array_index(j->result->masks, bf_mask, which);
    for (guint i = 0; i < n_masks(j); i++) {
        const bf_mask *o = &g_array_index(j->result->masks, bf_mask, i);
        if (i != which && o->kind == m->kind && !bf_rect_is_empty(bf_rect_intersect(o->rect, m->rect)) && touches(o->rect, j->truth, true))
            return true;
    }
    return false;
}

static guint count_false_masks(judged *j)
{
    guint n = 0;
    for (guint i = 0; i < n_masks(j); i++) {
        bf_rect r = mask_at(j, i);
        j->score->masks++;
        j->score->not_black += j->after && !is_black(j->after, r);
        bool on_name = touches(r, j->truth, false);
        if (touches(r, j->truth, true) || (!on_name && is_piece_of_true_mask(j, i)) || (j->before && !covers_ink(j->before, r)))
            continue;
        j->score->false_on_names += on_name;
        n++;
        g_ptr_array_add(j->score->remarks, g_strdup_printf(_("false mask: %s, entry %d, %s, %s: %d,%d %dx%d on %s"), j->id,
                                                           (int)j->truth->entry_index, j->truth->kind, j->truth->capture, r.x, r.y, r.w,
                                                           r.h, on_name ? _("somebody else's name") : _("other ink")));
    }
    return n;
}

/* ---- pages ---- */

static void count_orientation(judged *j)
{
    if (j->truth->orientation_deg < 0 || !j->result)
        return;
    if (j->result->orientation_deg < 0)
        j->score->upright_unknown++;
    else if (j->result->orientation_deg == j->truth->orientation_deg)
        j->score->upright_right++;
    else
        j->score->upright_wrong++;
}

/* Is the page held for nothing but the want of the applicant's name, and is that true? Then somebody should look at it. */
static bool is_misfiled(const judged *j)
{
    bool wanted = false;
    for (guint i = 0; i < j->truth->occurrences->len; i++)
        if (((const eval_occurrence *)j->truth->occurrences->pdata[i])->applicant)
            return false;
    for (guint i = 0; i < j->result->reasons->len; i++) {
        const char *word = j->result->reasons->pdata[i];
        wanted = wanted || strcmp(word, "expected-name-missing") == 0;
        if (strcmp(word, "expected-name-missing") != 0 && strcmp(word, "other-applicant") != 0)
            return false;
    }
    return wanted;
}

static void judge_page(judged *j)
{
    eval_score *s = j->score;
    bool all_hidden = true;
    for (guint i = 0; i < j->truth->occurrences->len; i++) {
        const eval_occurrence *o = j->truth->occurrences->pdata[i];
        if (o->applicant && !count_occurrence(j, o))
            all_hidden = false;
    }
    guint false_masks = count_false_masks(j);
    bool held = j->result && j->result->decision == BF_DECISION_REVIEW, misfiled = held && j->result->reasons && is_misfiled(j);
    bool needless = held && !misfiled && j->truth->legible && all_hidden && j->after;
    s->misfiled += misfiled;
    s->pages_missing += j->result == NULL;
    count_orientation(j);
    eval_tally *const tallies[] = {&s->all, slot(s->by_kind, j->truth->kind, sizeof(eval_tally)),
                                   slot(s->by_capture, j->truth->capture, sizeof(eval_tally))};
    for (guint i = 0; i < G_N_ELEMENTS(tallies); i++) {
        tallies[i]->pages++;
        tallies[i]->legible += j->truth->legible;
        tallies[i]->held += held;
        tallies[i]->needless += needless;
        tallies[i]->false_masks += false_masks;
    }
    for (guint i = 0; held && j->result->reasons && i < j->result->reasons->len; i++) {
        ++*(guint *)slot(s->held_reasons, j->result->reasons->pdata[i], sizeof(guint));
        if (needless)
            ++*(guint *)slot(s->needless_reasons, j->result->reasons->pdata[i], sizeof(guint));
    }
}

static bf_picture *decode(bf_package *package, guint entry)
{
    g_autoptr(GBytes) jpeg = NULL;
    bf_picture *picture = NULL;
    if (!bf_package_read(package, entry, &jpeg, NULL) || !bf_jpeg_decode(jpeg, 0, 0, &picture, NULL, NULL))
        return NULL;
    return picture;
}

static bf_picture *decode_index(bf_package *package, gint64 index)
{
    for (guint i = 0; package && i < bf_package_n_entries(package); i++)
        if (bf_package_get_entry(package, i)->index == index)
            return decode(package, i);
    return NULL;
}

static bf_picture *decode_name(bf_package *package, const char *name)
{
    for (guint i = 0; package && name && i < bf_package_n_entries(package); i++)
        if (strcmp(bf_package_get_entry(package, i)->name, name) == 0)
            return decode(package, i);
    return NULL;
}

static const bf_page_record *record_of(const bf_package_result *report, const eval_page *truth)
{
    for (guint i = 0; report && i < report->pages->len; i++) {
        const bf_page_record *r = report->pages->pdata[i];
        if (truth->entry_index >= 0 ? r->entry_index == truth->entry_index : g_strcmp0(r->output_entry, truth->entry) == 0)
            return r;
    }
    return NULL;
}

bool eval_package(eval_score *s, const char *truth_path, const char *input, const char *out_dir, const char *id, GError **error)
{
    g_autoptr(GPtrArray) pages = NULL;
    g_autoptr(bf_package_result) report = NULL;
    g_autoptr(bf_package) before = NULL, after = NULL;
    if (!eval_truth_read(truth_path, &pages, error))
        return false;
    if (!bf_report_read(out_dir, id, &report, NULL))
        report = NULL; /* failed, or never done: its pages are missing */
    g_autofree char *output = report && report->output ? g_build_filename(out_dir, report->output, NULL) : NULL;
    if ((input && !bf_package_open(input, NULL, &before, error)) || (output && !bf_package_open(output, NULL, &after, error)))
        return false;
    s->packages[report ? report->verdict : BF_VERDICT_FAILED]++;
    for (guint i = 0; i < pages->len; i++) {
        const eval_page *truth = pages->pdata[i];
        const bf_page_record *record = record_of(report, truth);
        judged j = {.score = s, .id = id, .truth = truth, .result = record ? &record->page : NULL};
        j.released = report && report->verdict == BF_VERDICT_RELEASED;
        j.before = decode_index(before, record ? record->entry_index : truth->entry_index);
        j.after = record ? decode_name(after, record->output_entry) : NULL;
        judge_page(&j);
        bf_picture_free(j.before);
        bf_picture_free(j.after);
    }
    return true;
}

bool eval_run(eval_score *s, const char *truth_dir, const char *inputs, const char *out_dir, GError **error)
{
    g_autoptr(GDir) dir = g_dir_open(truth_dir, 0, error);
    if (!dir)
        return false;
    g_autoptr(GTree) ids = words_new();
    for (const char *name = g_dir_read_name(dir); name; name = g_dir_read_name(dir))
        if (g_str_has_suffix(name, ".json"))
            g_tree_insert(ids, g_strndup(name, strlen(name) - 5), NULL);
    for (GTreeNode *node = g_tree_node_first(ids); node; node = g_tree_node_next(node)) {
        const char *id = g_tree_node_key(node);
        g_autofree char *file = g_strconcat(id, ".json", NULL), *zip = g_strconcat(id, ".zip", NULL);
        g_autofree char *truth = g_build_filename(truth_dir, file, NULL), *input = inputs ? g_build_filename(inputs, zip, NULL) : NULL;
        if (!eval_package(s, truth, input, out_dir, id, error))
            return false;
    }
    return true;
}
