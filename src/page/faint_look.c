#include "page/faint.h"
#include "page/ink.h"
#include "page/median.h"
#include <math.h>

/* From here on a line says what it seems to. */
static const float SURE = 0.9F;
/* Ink that is a watermark's, as a share of the page's print. */
static const float PALER = 0.6F;

static bool is_among(const GArray *hits, guint n, const bf_hit *hit)
{
    for (guint i = 0; i < n; i++)
        if (bf_same_place(hit, &g_array_index(hits, bf_hit, i)))
            return true;
    return false;
}

/* How much darker the darkest twentieth of the place is than its lightest quarter, as a share of that. */
static float ink_of(const bf_picture *picture, const bf_quad *place)
{
    bf_rect b = bf_rect_intersect(bf_quad_bounds(place), (bf_rect){0, 0, picture->width_px, picture->height_px});
    guint histogram[256] = {0}, n = (guint)(b.w * b.h), seen = 0;
    int paper = 255, ink = 0;
    for (int y = b.y; y < b.y + b.h; y++)
        for (int x = b.x; x < b.x + b.w; x++)
            histogram[bf_luma(picture, x, y)]++;
    for (seen = histogram[255]; paper > 0 && 4 * seen < n; seen += histogram[paper])
        paper--;
    for (seen = histogram[0]; ink < paper && 20 * seen < n; seen += histogram[ink])
        ink++;
    return (float)(paper - ink) / (float)MAX(paper, 1);
}

/* The ink of most of the lines that were read surely; 0: there are none. */
static float ink_of_print(const bf_picture *picture, const bf_reading *r)
{
    g_autoptr(GArray) inks = g_array_new(FALSE, FALSE, sizeof(float));
    for (guint i = 0; i < r->lines->len; i++) {
        const bf_line *l = &g_array_index(r->lines, bf_line, i);
        if (l->composed || l->confidence < SURE || l->n_chars == 0)
            continue;
        float ink = ink_of(picture, &l->quad);
        g_array_append_val(inks, ink);
    }
    return inks->len > 0 ? bf_median(inks) : 0;
}

/* Grain and halos fit something, too: what is the name in faint ink was read as that. */
static bool is_read(const bf_hit *hit, guint n_symbols, const GArray *lines)
{
    static const float SCORE = -1.6F /* a character */, CONFIDENCE = 0.6F;
    return hit->sure && hit->score >= SCORE * (float)n_symbols && g_array_index(lines, bf_line, hit->line).confidence >= CONFIDENCE;
}

static void add_hit(bf_reading *r, const GArray *lines, bf_hit hit)
{
    bf_line line = g_array_index(lines, bf_line, hit.line);
    line.composed = true; /* it says nothing of how the page's print reads */
    hit.line = r->lines->len;
    hit.next_line = -1;
    g_array_append_val(r->lines, line);
    g_array_append_val(r->hits, hit);
}

/* Adds what was not found before. A watermark is paler than the page's print, and stands in several places: so many copies tell that it is
 * one, or a single one that was read well. A character that was not read, or read as another one, is no proof of another name here. */
static void count_names(const bf_picture *picture, const bf_query *query, float print, const GArray *lines, const GArray *found,
                        bf_reading *r)
{
    enum { COPIES = 2, DIM_COPIES = 3 };
    guint n_hits = r->hits->len, n_known = 0, n_dim = 0;
    for (guint i = 0; i < found->len; i++) {
        const bf_hit *hit = &g_array_index(found, bf_hit, i);
        bool all_read = !bf_is_near_name(hit) && hit->n_unproved == 0;
        if (!hit->sure || query->forms[hit->form].kind == BF_FORM_LABEL || is_among(r->others, r->others->len, hit) ||
            is_among(r->doubts, r->doubts->len, hit))
            continue;
        if (is_among(r->hits, n_hits, hit)) {
            n_known += ink_of(picture, &hit->quad) < PALER * print;
        } else if (all_read && is_read(hit, query->forms[hit->form].n_symbols, lines)) {
            r->faint_name = true;
            add_hit(r, lines, *hit);
        } else {
            n_dim++;
        }
    }
    r->faint_name = r->faint_name || n_known >= COPIES || n_dim >= DIM_COPIES;
}

/* Degrees from the nearest of the four directions, -45 .. 45. */
static float tilt_of(const bf_quad *q)
{
    float angle = atan2f(q->y[1] - q->y[0], q->x[1] - q->x[0]) * (float)(180 / G_PI);
    return angle - 90 * roundf(angle / 90);
}

/* Does the name lie aslant across the page's lines in several places? Then it is a watermark, whatever its ink, and its copies across print
 * may not have been read. */
static bool lies_aslant(const bf_reading *r, const bf_query *query)
{
    enum { COPIES = 2, WORDS = 4 /* characters */ };
    static const float ASLANT = 15; /* degrees: sheets on photos, and lines on bent ones, differ by less */
    g_autoptr(GArray) tilts = g_array_new(FALSE, FALSE, sizeof(float));
    guint n = 0;
    for (guint i = 0; i < r->lines->len; i++) {
        const bf_line *l = &g_array_index(r->lines, bf_line, i);
        float tilt = tilt_of(&l->quad);
        if (!l->composed && l->confidence >= SURE && l->n_chars >= WORDS)
            g_array_append_val(tilts, tilt);
    }
    float usual = tilts->len > 0 ? bf_median(tilts) : 0;
    for (guint i = 0; i < r->hits->len; i++) {
        const bf_hit *h = &g_array_index(r->hits, bf_hit, i);
        n += tilts->len > 0 && query->forms[h->form].kind != BF_FORM_LABEL && fabsf(tilt_of(&h->quad) - usual) > ASLANT;
    }
    return n >= COPIES;
}

/* The boxes (bf_quad) of lines that were surely read and are full of characters as dark as the page's print: there is no room on them for
 * paler ones. Print that is blurred is pale itself, but as pale as all of it. */
static GArray *full_lines(const bf_picture *picture, const GArray *lines, float print)
{
    static const float PER_HEIGHT = 1.0F; /* characters; those of print stand at 0.85 heights */
    GArray *boxes = g_array_new(FALSE, FALSE, sizeof(bf_quad));
    for (guint i = 0; i < lines->len; i++) {
        const bf_line *l = &g_array_index(lines, bf_line, i);
        if (!l->composed && !l->bent && l->confidence >= SURE &&
            (float)l->n_chars * bf_quad_height(&l->quad) >= PER_HEIGHT * bf_quad_length(&l->quad) &&
            ink_of(picture, &l->quad) >= PALER * print)
            g_array_append_val(boxes, l->quad);
    }
    return boxes;
}

/* Is it one of these once more? A watermark's characters are larger, or lie across. */
static bool is_seen_print(const bf_line *line, const GArray *boxes)
{
    static const float AS_HIGH = 1.5F, places[] = {0.15F, 0.5F, 0.85F};
    const bf_quad *q = &line->quad;
    for (gsize p = 0; p < G_N_ELEMENTS(places); p++) {
        float x, y;
        bf_quad_middle(q, places[p], &x, &y);
        bool held = false;
        for (guint i = 0; i < boxes->len && !held; i++) {
            const bf_quad *box = &g_array_index(boxes, bf_quad, i);
            held = bf_quad_holds(box, x, y) && bf_quad_height(q) < AS_HIGH * bf_quad_height(box);
        }
        if (!held)
            return false;
    }
    return true;
}

static bool find_faint_lines(bf_page_worker *w, const bf_picture *faint, const GArray *read, GArray *lines, GError **error)
{
    const bf_reader_class *class;
    bf_reader_worker *worker;
    if (!bf_worker_reader(w, 0, &class, &worker, error) || !class->find_lines(worker, faint, DETECT_SIDE_PX, lines, error))
        return false;
    for (guint i = lines->len; i-- > 0;)
        if (is_seen_print(&g_array_index(lines, bf_line, i), read))
            g_array_remove_index(lines, i);
    return true;
}

bool bf_look_at_faint_ink(bf_page_worker *w, const bf_picture *picture, const bf_query *query, bf_reading *r, GError **error)
{
    static const bf_look plain = {.crop_scale = 1.0F};
    const bf_reader_class *class;
    bf_reader_worker *worker;
    g_autoptr(bf_picture) faint = NULL;
    g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(bf_line)), found = g_array_new(FALSE, FALSE, sizeof(bf_hit));
    float print = ink_of_print(picture, r);
    g_autoptr(GArray) read = full_lines(picture, r->lines, print);
    r->faint_name = r->faint_name || lies_aslant(r, query);
    if (!bf_faint_ink(picture, read, &faint, error))
        return false;
    if (faint == NULL)
        return true;
    if (!bf_worker_reader(w, 0, &class, &worker, error) || !find_faint_lines(w, faint, read, lines, error) ||
        !class->read_lines(worker, faint, lines, 0, lines->len, query, &plain, found, error))
        return false;
    if (found->len > 0)
        count_names(picture, query, print, lines, found, r);
    return true;
}
