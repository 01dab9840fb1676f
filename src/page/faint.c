#include "page/faint.h"
#include "base/clones.h"
#include "page/ink.h"
#include <glib/gi18n.h>
#include <math.h>
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

/* The map's columns [*from, *to) that the box takes of its row; none where it does not reach. */
static void columns_of(const bf_quad *box, int row, int w, int *from, int *to)
{
    float y = ((float)row + 0.5F) * HALF, left = INFINITY, right = -INFINITY;
    for (int a = 0; a < 4; a++) {
        int b = (a + 1) % 4;
        if ((box->y[a] <= y) == (box->y[b] <= y))
            continue;
        float x = box->x[a] + (y - box->y[a]) / (box->y[b] - box->y[a]) * (box->x[b] - box->x[a]);
        left = MIN(left, x);
        right = MAX(right, x);
    }
    *from = left <= right ? CLAMP((int)(left / HALF), 0, w) : 0;
    *to = left <= right ? CLAMP((int)(right / HALF) + 1, 0, w) : 0;
}

/* What was read as print is not faint. */
static void clear_boxes(map *m, const GArray *boxes)
{
    for (guint i = 0; boxes != NULL && i < boxes->len; i++) {
        const bf_quad *box = &g_array_index(boxes, bf_quad, i);
        bf_rect b = bf_quad_bounds(box);
        for (int y = MAX(b.y / HALF, 0); y < MIN((b.y + b.h) / HALF + 1, m->h); y++) {
            int from, to;
            columns_of(box, y, m->w, &from, &to);
            if (from < to)
                memset(m->faint + (gsize)y * (gsize)m->w + from, 0, (gsize)(to - from));
        }
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

bool bf_faint_ink(const bf_picture *picture, const GArray *read, bf_picture **out, GError **error)
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
    clear_boxes(&m, read);
    if (!is_worth_a_look(&m))
        return true;
    if (!bf_picture_new(picture->width_px, picture->height_px, 1, out, error))
        return false;
    draw(picture, &m, *out);
    return true;
}
