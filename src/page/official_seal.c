#include "page/official_seal.h"
#include "page/ink.h"
#include "page/reading.h"
#include <math.h>
#include <string.h>

/* The picture is looked at through a grid of about this many cells along its long side. A seal has at least LEAST of them across. */
enum { CELLS = 1000, LEAST = 50, ANGLES = 72 };
/* Seals on photos are ellipses, but not flat ones. */
static const float ROUND = 1.33F;
/* In shares of the radius: where the ring is, the star's inside, and where nothing stands between star and legend. */
static const float RING_FROM = 0.86F, RING_TO = 1.04F, STAR = 0.12F, GAP_FROM = 0.42F, GAP_TO = 0.54F;
/* Specks of a removed seal, of its radius squared. */
static const float SPECKS = 0.01F;
static const float RING_SHARE = 0.8F, STAR_SHARE = 0.6F, GAP_SHARE = 0.12F;

typedef struct {
    int w, h, step;
    bf_picture *ink, *near,
        *stack; /* 1: yes. near: ink, or beside it, and in no piece yet; stack: room for as many numbers as there are cells */
} grid;

static void grid_clear(grid *g)
{
    bf_picture_free(g->ink);
    bf_picture_free(g->near);
    bf_picture_free(g->stack);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(grid, grid_clear)

static bool grid_new(const bf_picture *p, grid *g, GError **error)
{
    g->step = MAX(1, MAX(p->width_px, p->height_px) / CELLS);
    g->w = MAX(p->width_px / g->step, 1);
    g->h = MAX(p->height_px / g->step, 1);
    if (!bf_picture_new(g->w, g->h, 1, &g->ink, error) || !bf_picture_new(g->w, g->h, 1, &g->near, error) ||
        !bf_picture_new(g->w, g->h * (int)sizeof(int), 1, &g->stack, error))
        return false;
    memset(g->ink->data, 0, (gsize)g->w * (gsize)g->h);
    memset(g->near->data, 0, (gsize)g->w * (gsize)g->h);
    return true;
}

static void grid_fill(const bf_picture *p, const bf_stamp_ink *ink, grid *g)
{
    for (int y = 0; y < g->h; y++)
        for (int x = 0; x < g->w; x++) {
            if (bf_stamp_share(p, ink, (bf_rect){x * g->step + g->step / 2, y * g->step + g->step / 2, 1, 1}) <= 0)
                continue;
            g->ink->data[y * g->w + x] = 1;
            for (int ny = MAX(y - 1, 0); ny <= MIN(y + 1, g->h - 1); ny++)
                for (int nx = MAX(x - 1, 0); nx <= MIN(x + 1, g->w - 1); nx++)
                    g->near->data[ny * g->w + nx] = 1;
        }
}

/* Takes the piece that hangs together at `seed` out of `near`; its bounds in cells. */
static bf_rect take_piece(grid *g, int seed)
{
    int *stack = (int *)(void *)g->stack->data;
    int depth = 0, x0 = g->w, y0 = g->h, x1 = 0, y1 = 0;
    stack[depth++] = seed;
    g->near->data[seed] = 0;
    while (depth > 0) {
        int at = stack[--depth], x = at % g->w, y = at / g->w;
        x0 = MIN(x0, x), y0 = MIN(y0, y), x1 = MAX(x1, x + 1), y1 = MAX(y1, y + 1);
        const int beside[4] = {x > 0 ? at - 1 : -1, x + 1 < g->w ? at + 1 : -1, y > 0 ? at - g->w : -1, y + 1 < g->h ? at + g->w : -1};
        for (int i = 0; i < 4; i++)
            if (beside[i] >= 0 && g->near->data[beside[i]]) {
                g->near->data[beside[i]] = 0;
                stack[depth++] = beside[i];
            }
    }
    return (bf_rect){x0, y0, x1 - x0, y1 - y0};
}

static bool is_ink(const grid *g, float x, float y)
{
    int cx = (int)x, cy = (int)y;
    return x >= 0 && y >= 0 && cx < g->w && cy < g->h && g->ink->data[cy * g->w + cx];
}

/* The share of directions in which ink is met between two radii. */
static float directions_with_ink(const grid *g, const bf_official_seal *s, float from, float to)
{
    static const float STEP = 0.01F;
    int met = 0;
    for (int a = 0; a < ANGLES; a++) {
        float angle = (float)a * (2 * (float)G_PI / ANGLES);
        bool seen = false;
        for (float r = from; r <= to && !seen; r += STEP)
            seen = is_ink(g, s->x + r * s->rx * cosf(angle), s->y + r * s->ry * sinf(angle));
        met += seen;
    }
    return (float)met / ANGLES;
}

static float ink_between(const grid *g, const bf_official_seal *s, float from, float to)
{
    guint n = 0, ink = 0;
    for (float y = s->y - to * s->ry; y <= s->y + to * s->ry; y++)
        for (float x = s->x - to * s->rx; x <= s->x + to * s->rx; x++) {
            float r = hypotf((x - s->x) / s->rx, (y - s->y) / s->ry);
            if (r < from || r > to)
                continue;
            n++;
            ink += is_ink(g, x, y);
        }
    return n > 0 ? (float)ink / (float)n : 0;
}

bool bf_find_official_seals(const bf_picture *picture, const bf_stamp_ink *ink, GArray *seals, GError **error)
{
    g_auto(grid) g = {0};
    if (!grid_new(picture, &g, error))
        return false;
    grid_fill(picture, ink, &g);
    for (int i = 0; i < g.w * g.h; i++) {
        if (!g.near->data[i])
            continue;
        bf_rect b = take_piece(&g, i);
        if (MIN(b.w, b.h) < LEAST || (float)MAX(b.w, b.h) > ROUND * (float)MIN(b.w, b.h))
            continue;
        bf_official_seal s = {(float)b.x + (float)b.w / 2, (float)b.y + (float)b.h / 2, (float)b.w / 2 - 1, (float)b.h / 2 - 1};
        if (directions_with_ink(&g, &s, RING_FROM, RING_TO) < RING_SHARE || ink_between(&g, &s, 0, STAR) < STAR_SHARE ||
            ink_between(&g, &s, GAP_FROM, GAP_TO) > GAP_SHARE)
            continue;
        float step = (float)g.step;
        s = (bf_official_seal){s.x * step, s.y * step, s.rx * step, s.ry * step};
        g_array_append_val(seals, s);
    }
    return true;
}

/* ---- doubts in the legend ---- */

/* Where the doubt's characters are said to stand, those that were not read too. */
static bf_rect place_of(const bf_picture *picture, const bf_hit *doubt)
{
    bf_rect all = bf_quad_bounds(&doubt->quad);
    int half = (int)(hypotf(doubt->right_x, doubt->right_y) / 2);
    for (guint i = 0; i < MIN(doubt->n_unproved, BF_UNPROVED_MAX); i++)
        all = bf_rect_union(all, (bf_rect){(int)doubt->unproved[i].x - half, (int)doubt->unproved[i].y - half, 2 * half, 2 * half});
    return bf_rect_intersect(all, (bf_rect){0, 0, picture->width_px, picture->height_px});
}

/* What the first look was sure of, having read some of it, must be as small as a legend's letters: its place is remembered, and something
 * else may stand beside it. */
static bool may_be_legend(const bf_official_seal *s, const bf_hit *doubt)
{
    static const float LETTERS = 0.45F;
    float height = bf_quad_height(&doubt->quad);
    return doubt->next_line < 0 && doubt->n_unproved <= BF_UNPROVED_MAX &&
           (!doubt->sure || !bf_shows_a_character(doubt) || height <= LETTERS * MIN(s->rx, s->ry));
}

/* Is all of this ink there the seal's, and is there some? */
static bool is_the_seals(const bf_picture *picture, const bf_stamp_ink *ink, const bf_official_seal *s, bf_rect r)
{
    static const float SOME = 0.02F, ELSEWHERE = 0.02F; /* of the place; of the ink */
    enum { STEP = 2 };
    guint n = 0, found = 0, outside = 0;
    for (int y = r.y; y < r.y + r.h; y += STEP)
        for (int x = r.x; x < r.x + r.w; x += STEP, n++) {
            if (bf_stamp_share(picture, ink, (bf_rect){x, y, 1, 1}) <= 0)
                continue;
            found++;
            outside += hypotf(((float)x - s->x) / s->rx, ((float)y - s->y) / s->ry) > RING_TO;
        }
    return (float)found >= SOME * (float)n && (float)outside <= ELSEWHERE * (float)found;
}

/* Print reaches a little beyond its line's box. */
static bool is_read_there(const bf_reading *r, const bf_hit *doubt, float x, float y)
{
    static const float SURELY = 0.9F, BEYOND = 0.2F;
    for (guint i = 0; i < r->lines->len; i++) {
        const bf_line *l = &g_array_index(r->lines, bf_line, i);
        if (i == doubt->line || l->composed || l->confidence < SURELY || l->n_chars < 2)
            continue;
        float more = BEYOND * bf_quad_height(&l->quad);
        if (bf_quad_holds(&l->quad, x, y) || bf_quad_holds(&l->quad, x, y + more) || bf_quad_holds(&l->quad, x, y - more) ||
            bf_quad_holds(&l->quad, x + more, y) || bf_quad_holds(&l->quad, x - more, y))
            return true;
    }
    return false;
}

/* Ink hangs together, the dark spots of grain seldom do. */
static bool is_in_a_stroke(const bf_picture *seen, int x, int y, int darker_than)
{
    enum { NEIGHBOURS = 3 };
    int n = -1; /* itself */
    for (int ny = MAX(y - 1, 0); ny <= MIN(y + 1, seen->height_px - 1); ny++)
        for (int nx = MAX(x - 1, 0); nx <= MIN(x + 1, seen->width_px - 1); nx++)
            n += bf_luma(seen, nx, ny) < darker_than;
    return n >= NEIGHBOURS;
}

/* Is there nothing but paper, apart from what was read surely? A character of print has more ink than `most` pixels. */
static bool nothing_is_left(const bf_picture *seen, const bf_reading *r, const bf_hit *doubt, bf_rect b, float most)
{
    enum { LIKE_PAPER = 48, SHARE = 100 /* one pixel in so many may be ink */ };
    guint histogram[256] = {0}, n = 0, ink = 0;
    int mode = 0;
    for (int y = b.y; y < b.y + b.h; y++)
        for (int x = b.x; x < b.x + b.w; x++)
            if (!is_read_there(r, doubt, (float)x, (float)y)) {
                histogram[bf_luma(seen, x, y)]++;
                n++;
            }
    for (int i = 0; i < 256; i++)
        mode = histogram[i] > histogram[mode] ? i : mode;
    for (int y = b.y; y < b.y + b.h; y++)
        for (int x = b.x; x < b.x + b.w; x++)
            ink += bf_luma(seen, x, y) < mode - LIKE_PAPER && is_in_a_stroke(seen, x, y, mode - LIKE_PAPER) &&
                   !is_read_there(r, doubt, (float)x, (float)y);
    return n > 0 && ink * SHARE <= n && (float)ink <= most;
}

static bool tell_of_ink(const bf_picture *picture, const bf_stamp_ink *ink, const bf_reading *r, GArray *doubts, GArray *others,
                        GError **error)
{
    g_autoptr(GArray) seals = g_array_new(FALSE, FALSE, sizeof(bf_official_seal));
    g_autoptr(bf_picture) seen = NULL;
    if (!bf_find_official_seals(picture, ink, seals, error))
        return false;
    if (seals->len > 0 && !bf_stamp_removed(picture, ink, &seen, error))
        return false;
    for (guint i = doubts->len; seals->len > 0 && i-- > 0;) {
        const bf_hit doubt = g_array_index(doubts, bf_hit, i);
        bf_rect place = place_of(picture, &doubt);
        bool legend = false;
        for (guint k = 0; k < seals->len && !legend; k++) {
            const bf_official_seal *s = &g_array_index(seals, bf_official_seal, k);
            legend = may_be_legend(s, &doubt) && is_the_seals(picture, ink, s, place) &&
                     nothing_is_left(seen, r, &doubt, place, SPECKS * s->rx * s->ry);
        }
        if (!legend)
            continue;
        if (doubt.sure)
            g_array_append_val(others, doubt);
        g_array_remove_index(doubts, i);
    }
    return true;
}

bool bf_tell_seal_legends(const bf_picture *picture, const bf_reading *reading, GArray *doubts, GArray *others, GError **error)
{
    bf_stamp_ink inks[BF_STAMP_INKS_MAX];
    guint n = doubts->len > 0 ? bf_stamp_inks(picture, inks) : 0;
    for (guint i = 0; i < n && doubts->len > 0; i++)
        if (!tell_of_ink(picture, &inks[i], reading, doubts, others, error))
            return false;
    return true;
}
