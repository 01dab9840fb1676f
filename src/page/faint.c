#include "page/faint.h"
#include "base/clones.h"
#include "page/ink.h"
#include "page/median.h"
#include <glib/gi18n.h>
#include <string.h>

/* Ink is faint when it is darker than its paper by these shares, print when it is darker by more; drawn as black from BLACK on. */
static const float FAINT = 0.07F, PRINT = 0.40F, BLACK = 0.20F;
/* Worth a look from this share of the page on: a watermark of a few characters. */
static const float WORTH_A_LOOK = 0.001F;
/* The map's pixels are HALF x HALF of the picture's; its paper is told in blocks; the edges of print reach so far. */
enum { HALF = 2, BLOCK = 24, EDGE = 4 };

/* The picture at half its size: brightness, its paper by blocks, where print or its edge is, and where faint ink. */
typedef struct {
    int w, h, blocks_w, blocks_h;
    uint8_t *luma, *paper, *print, *faint;
} map;

static void map_clear(map *m)
{
    g_free(m->luma);
    g_free(m->paper);
    g_free(m->print);
    g_free(m->faint);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(map, map_clear)

static bool no_memory(GError **error)
{
    g_set_error(error, BF_PICTURE_ERROR, BF_PICTURE_ERROR_MEMORY, _("no memory for a map of faint ink"));
    return false;
}

static bool map_new(const bf_picture *p, map *m, GError **error)
{
    m->w = p->width_px / HALF;
    m->h = p->height_px / HALF;
    m->blocks_w = (m->w + BLOCK - 1) / BLOCK;
    m->blocks_h = (m->h + BLOCK - 1) / BLOCK;
    gsize n = (gsize)m->w * (gsize)m->h + 1;
    m->luma = g_try_malloc(n);
    m->print = g_try_malloc0(n);
    m->faint = g_try_malloc(n);
    m->paper = g_try_malloc((gsize)m->blocks_w * (gsize)m->blocks_h + 1);
    if (m->luma != NULL && m->print != NULL && m->faint != NULL && m->paper != NULL)
        return true;
    return no_memory(error);
}

static uint8_t paper_at(const map *m, int x, int y)
{
    return m->paper[(gsize)MIN(y / BLOCK, m->blocks_h - 1) * (gsize)m->blocks_w + (gsize)MIN(x / BLOCK, m->blocks_w - 1)];
}

/* The brightness that a quarter of the block exceeds. */
static uint8_t paper_of(const map *m, int block_x, int block_y)
{
    guint histogram[256] = {0}, n = 0, above = 0;
    for (int y = block_y * BLOCK; y < MIN((block_y + 1) * BLOCK, m->h); y++)
        for (int x = block_x * BLOCK; x < MIN((block_x + 1) * BLOCK, m->w); x++, n++)
            histogram[m->luma[(gsize)y * (gsize)m->w + (gsize)x]]++;
    int level = 255;
    for (above = histogram[255]; level > 1 && 4 * above < n; above += histogram[level])
        level--;
    return (uint8_t)level;
}

/* One row of the map: the means of HALF x HALF pixels' luma. */
BF_CLONES static void half_row(const uint8_t *restrict upper, const uint8_t *restrict lower, int n, uint8_t *restrict out)
{
    for (int x = 0; x < n; x++)
        out[x] = (uint8_t)((upper[2 * x] + upper[2 * x + 1] + lower[2 * x] + lower[2 * x + 1]) / (HALF * HALF));
}

static bool fill(const bf_picture *p, map *m)
{
    g_autofree uint8_t *luma = g_try_malloc(2 * (gsize)p->width_px);
    if (luma == NULL)
        return false;
    for (int y = 0; y < m->h; y++) {
        bf_luma_row(p, HALF * y, luma);
        bf_luma_row(p, HALF * y + 1, luma + p->width_px);
        half_row(luma, luma + p->width_px, m->w, m->luma + (gsize)y * (gsize)m->w);
    }
    for (int y = 0; y < m->blocks_h; y++)
        for (int x = 0; x < m->blocks_w; x++)
            m->paper[(gsize)y * (gsize)m->blocks_w + (gsize)x] = paper_of(m, x, y);
    return true;
}

/* How much darker than its paper, as a share of it. */
static float darker(int luma, uint8_t paper)
{
    return (float)(paper - luma) / (float)MAX(paper, 1);
}

/* On each paper: the lightest luma that is print, and that is faint ink if it is not print. -1: none. */
typedef struct {
    int print[256], faint[256];
} levels;

static void find_levels(levels *l)
{
    for (int paper = 0; paper < 256; paper++) {
        l->print[paper] = l->faint[paper] = -1;
        for (int luma = 0; luma <= paper; luma++) {
            float d = darker(luma, (uint8_t)paper);
            l->print[paper] = d > PRINT ? luma : l->print[paper];
            l->faint[paper] = d >= FAINT ? luma : l->faint[paper];
        }
    }
}

/* Each pixel of print, with EDGE pixels about it: first across, then down. */
static void widen_across(const uint8_t *luma, const map *m, int y, const levels *l, uint8_t *wide)
{
    memset(wide, 0, (gsize)m->w);
    for (int from = 0; from < m->w; from += BLOCK) {
        int most = l->print[paper_at(m, from, y)];
        for (int x = from; x < MIN(from + BLOCK, m->w); x++)
            if (luma[x] <= most)
                memset(wide + MAX(x - EDGE, 0), 1, (gsize)(MIN(x + EDGE, m->w - 1) - MAX(x - EDGE, 0) + 1));
    }
}

BF_CLONES static void add_row(const uint8_t *restrict wide, int n, uint8_t *restrict print)
{
    for (int x = 0; x < n; x++)
        print[x] |= wide[x];
}

static bool mark_print(map *m, const levels *l)
{
    g_autofree uint8_t *wide = g_try_malloc((gsize)m->w + 1);
    if (wide == NULL)
        return false;
    for (int y = 0; y < m->h; y++) {
        widen_across(m->luma + (gsize)y * (gsize)m->w, m, y, l, wide);
        if (memchr(wide, 1, (gsize)m->w) == NULL)
            continue;
        for (int ny = MAX(y - EDGE, 0); ny <= MIN(y + EDGE, m->h - 1); ny++)
            add_row(wide, m->w, m->print + (gsize)ny * (gsize)m->w);
    }
    return true;
}

BF_CLONES static void faint_of(const uint8_t *restrict luma, const uint8_t *restrict print, int n, int above, int most,
                               uint8_t *restrict faint)
{
    for (int x = 0; x < n; x++)
        faint[x] = (uint8_t)(!print[x] & (luma[x] > above) & (luma[x] <= most));
}

/* Which pixels of the map are faint ink. */
static void find_faint(map *m, const levels *l)
{
    for (int y = 0; y < m->h; y++)
        for (int x = 0; x < m->w; x += BLOCK) {
            gsize i = (gsize)y * (gsize)m->w + (gsize)x;
            uint8_t paper = paper_at(m, x, y);
            faint_of(m->luma + i, m->print + i, MIN(BLOCK, m->w - x), l->print[paper], l->faint[paper], m->faint + i);
        }
}

/* Strokes hang together; the grain of a scan does not. */
static bool is_worth_a_look(const map *m)
{
    enum { NEIGHBOURS = 5 }; /* of the nine about a place, itself included */
    gsize n = 0, w = (gsize)m->w;
    for (gsize y = 1; y + 1 < (gsize)m->h; y++)
        for (gsize x = 1; x + 1 < w; x++) {
            const uint8_t *f = m->faint + y * w + x, *above = f - w, *below = f + w;
            if (*f)
                n += above[-1] + above[0] + above[1] + f[-1] + f[0] + f[1] + below[-1] + below[0] + below[1] >= NEIGHBOURS;
        }
    return (float)n >= WORTH_A_LOOK * (float)m->w * (float)m->h;
}

static void draw(const bf_picture *p, const map *m, bf_picture *out)
{
    memset(out->data, 255, (gsize)p->width_px * (gsize)p->height_px);
    for (int y = 0; y < m->h; y++)
        for (int x = 0; x < m->w; x++) {
            if (m->print[(gsize)y * (gsize)m->w + (gsize)x])
                continue;
            int paper = paper_at(m, x, y);
            float per_step = 255 / (BLACK * (float)MAX(paper, 1));
            for (int k = 0; k < HALF * HALF; k++) {
                int px = HALF * x + k % HALF, py = HALF * y + k / HALF;
                float ink = (float)MAX(paper - bf_luma(p, px, py), 0) * per_step;
                out->data[(gsize)py * (gsize)p->width_px + (gsize)px] = (uint8_t)(255 - MIN(ink, 255.0F));
            }
        }
}

bool bf_faint_ink(const bf_picture *picture, bf_picture **out, GError **error)
{
    g_auto(map) m = {0};
    *out = NULL;
    if (picture->width_px < HALF || picture->height_px < HALF)
        return true;
    if (!map_new(picture, &m, error))
        return false;
    levels l;
    find_levels(&l);
    if (!fill(picture, &m) || !mark_print(&m, &l))
        return no_memory(error);
    find_faint(&m, &l);
    if (!is_worth_a_look(&m))
        return true;
    if (!bf_picture_new(picture->width_px, picture->height_px, 1, out, error))
        return false;
    draw(picture, &m, *out);
    return true;
}

/* ---- the look ---- */

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
    return darker(ink, (uint8_t)paper);
}

/* The ink of most of the lines that were read surely; 0: there are none. */
static float ink_of_print(const bf_picture *picture, const bf_reading *r)
{
    static const float SURE = 0.9F;
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
static void count_names(const bf_picture *picture, const bf_query *query, const GArray *lines, const GArray *found, bf_reading *r)
{
    enum { COPIES = 2, DIM_COPIES = 3 };
    static const float PALER = 0.6F;
    guint n_hits = r->hits->len, n_known = 0, n_dim = 0;
    float print = ink_of_print(picture, r);
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

bool bf_look_at_faint_ink(bf_page_worker *w, const bf_picture *picture, const bf_query *query, bf_reading *r, GError **error)
{
    static const bf_look plain = {.crop_scale = 1.0F};
    const bf_reader_class *class;
    bf_reader_worker *worker;
    g_autoptr(bf_picture) faint = NULL;
    g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(bf_line)), found = g_array_new(FALSE, FALSE, sizeof(bf_hit));
    if (!bf_faint_ink(picture, &faint, error))
        return false;
    if (faint == NULL)
        return true;
    if (!bf_worker_reader(w, 0, &class, &worker, error) || !class->find_lines(worker, faint, DETECT_SIDE_PX, lines, error) ||
        !class->read_lines(worker, faint, lines, 0, lines->len, query, &plain, found, error))
        return false;
    if (found->len > 0)
        count_names(picture, query, lines, found, r);
    return true;
}
