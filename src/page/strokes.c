#include "page/strokes.h"

/* How much darker than its paper ink is. Shadows and what shines through from the other side of the sheet are less. */
enum { DARKER_BY = 55, LEAST_PX = 4 };
/* In heights of the text: a ruled line is made of runs this long at least, is this long itself, and this thin. A border is longer than any
 * stroke. */
static const float RUN = 1.0F, RULE = 3.5F, THIN = 0.15F, BORDER = 12;

typedef struct {
    int w, h;
    uint8_t *ink;
} map;

static const uint8_t *pixel(const bf_picture *p, int x, int y)
{
    return p->data + ((gsize)y * (gsize)p->width_px + (gsize)x) * (gsize)p->channels;
}

static bool is_reddish(const bf_picture *p, int x, int y)
{
    const uint8_t *s = pixel(p, x, y);
    return p->channels == 3 && s[0] > s[1] + 35 && s[0] > s[2] + 25;
}

int bf_redness(const bf_picture *picture, int x, int y)
{
    const uint8_t *s = pixel(picture, x, y);
    return picture->channels == 3 ? MAX(s[0] - (s[1] + s[2]) / 2, 0) : 0;
}

/* The brightness that most of the zone has: its paper. */
static guint paper(const bf_picture *picture, bf_rect zone)
{
    guint histogram[256] = {0}, mode = 255;
    for (int y = zone.y; y < zone.y + zone.h; y += 2)
        for (int x = zone.x; x < zone.x + zone.w; x += 2)
            histogram[bf_luma(picture, x, y)]++;
    for (guint i = 0; i < 256; i++)
        mode = histogram[i] > histogram[mode] ? i : mode;
    return mode;
}

static void fill_map(const bf_picture *picture, bf_rect zone, bf_ink_colour colour, map *m)
{
    guint white = paper(picture, zone);
    for (int y = 0; y < m->h; y++)
        for (int x = 0; x < m->w; x++) {
            bool red = is_reddish(picture, zone.x + x, zone.y + y);
            bool dark = (guint)bf_luma(picture, zone.x + x, zone.y + y) + DARKER_BY < white;
            m->ink[(gsize)y * (gsize)m->w + (gsize)x] = colour == BF_INK_RED ? red : colour == BF_INK_DARK ? dark && !red : dark || red;
        }
}

/* Takes the ink that hangs together with a seed out of the map. The stack's numbers are what was taken, when it returns. */
static bf_piece take_piece(map *m, int seed, int reach, GArray *stack)
{
    int x0 = seed % m->w, x1 = x0, y0 = seed / m->w, y1 = y0;
    g_array_set_size(stack, 0);
    g_array_append_val(stack, seed);
    m->ink[seed] = 0;
    for (guint next = 0; next < stack->len; next++) {
        int at = g_array_index(stack, int, next), x = at % m->w, y = at / m->w;
        x0 = MIN(x0, x);
        x1 = MAX(x1, x);
        y0 = MIN(y0, y);
        y1 = MAX(y1, y);
        for (int ny = MAX(y - reach, 0); ny <= MIN(y + reach, m->h - 1); ny++)
            for (int nx = MAX(x - reach, 0); nx <= MIN(x + reach, m->w - 1); nx++) {
                int to = ny * m->w + nx;
                if (!m->ink[to])
                    continue;
                m->ink[to] = 0;
                g_array_append_val(stack, to);
            }
    }
    return (bf_piece){{x0, y0, x1 - x0 + 1, y1 - y0 + 1}, stack->len};
}

/* How far ink reaches from (x, y) along (dx, dy) and back, itself included; stops counting above `most`. */
static int extent(const map *m, int x, int y, int dx, int dy, int most)
{
    int n = 1;
    for (int sign = -1; sign <= 1; sign += 2)
        for (int i = 1; n <= most; i++, n++) {
            int px = x + sign * i * dx, py = y + sign * i * dy;
            if (px < 0 || py < 0 || px >= m->w || py >= m->h || !m->ink[py * m->w + px])
                break;
        }
    return n;
}

/* Marks in `runs` the ink of straight runs along x (dx 1) or y (dx 0). */
static void mark_runs(const map *m, int dx, int least, map *runs)
{
    int lines = dx ? m->h : m->w, length = dx ? m->w : m->h;
    for (int l = 0; l < lines; l++)
        for (int i = 0, from = 0; i <= length; i++) {
            int at = i < length ? (dx ? l * m->w + i : i * m->w + l) : 0;
            if (i < length && m->ink[at])
                continue;
            for (int k = from; i - from >= least && k < i; k++)
                runs->ink[dx ? l * m->w + k : k * m->w + l] = 1;
            from = i + 1;
        }
}

/* Takes out ruled lines that run along (dx, dy); where a stroke crosses one, its ink stays. */
static bool erase_rules(map *m, int dx, int dy, float height, GArray *stack)
{
    int thin = MAX((int)(THIN * height), 4), least = MAX((int)(RUN * height), 8);
    g_autofree uint8_t *marks = g_try_malloc0((gsize)m->w * (gsize)m->h), *rules = g_try_malloc0((gsize)m->w * (gsize)m->h);
    if (marks == NULL || rules == NULL)
        return false;
    map runs = {m->w, m->h, marks};
    mark_runs(m, dx, least, &runs);
    for (int i = 0; i < m->w * m->h; i++) {
        if (!runs.ink[i])
            continue;
        bf_piece p = take_piece(&runs, i, 1, stack);
        int along = dx ? p.rect.w : p.rect.h;
        bool rule = (float)along >= RULE * height && p.n_px <= (guint)(along * thin);
        for (guint k = 0; rule && k < stack->len; k++) {
            int at = g_array_index(stack, int, k);
            rules[at] = extent(m, at % m->w, at / m->w, dy, dx, 2 * thin) <= thin;
        }
    }
    for (int i = 0; i < m->w * m->h; i++)
        m->ink[i] = m->ink[i] && !rules[i];
    return true;
}

/* A ruled line of a sheet that is not flat has no straight runs: it is long, and thin everywhere. Blurred it is thicker, and no stroke of a
 * pen is as long as the border of a table. */
static bool is_bent_rule(const bf_piece *p, float height)
{
    int along = MAX(p->rect.w, p->rect.h), across = MIN(p->rect.w, p->rect.h), thin = MAX((int)(THIN * height), 4);
    bool border = (float)along >= BORDER * height;
    return (float)along >= RULE * height && (float)across < height && p->n_px <= (guint)(along * (border ? 2 * thin : thin));
}

/* Takes all pieces out of the map of a zone; bent_rules: those of text as high as this are left out, 0: none are. */
static void take_pieces(map *m, bf_rect zone, int reach_px, float bent_rules, GArray *stack, GArray *pieces)
{
    for (int i = 0; i < m->w * m->h; i++) {
        if (!m->ink[i])
            continue;
        bf_piece p = take_piece(m, i, reach_px, stack);
        p.rect.x += zone.x;
        p.rect.y += zone.y;
        if (p.n_px >= LEAST_PX && !(bent_rules > 0 && is_bent_rule(&p, bent_rules)))
            g_array_append_val(pieces, p);
    }
}

/* The map of the zone, which is clipped to the picture; nothing in it yet. False without memory; `ink` NULL where there is nothing to look
 * at.
 */
static bool open_map(const bf_picture *picture, bool red, bf_rect *zone, map *m)
{
    *zone = bf_rect_intersect(*zone, (bf_rect){0, 0, picture->width_px, picture->height_px});
    *m = (map){zone->w, zone->h, NULL};
    if (bf_rect_is_empty(*zone) || (red && picture->channels != 3))
        return true;
    m->ink = g_try_malloc((gsize)zone->w * (gsize)zone->h);
    return m->ink != NULL;
}

bool bf_find_pieces(const bf_picture *picture, bf_rect zone, bf_ink_colour colour, float height_px, int reach_px, GArray *pieces)
{
    map m;
    if (!open_map(picture, colour == BF_INK_RED, &zone, &m))
        return false;
    if (m.ink == NULL)
        return true;
    g_autofree uint8_t *ink = m.ink;
    g_autoptr(GArray) stack = g_array_new(FALSE, FALSE, sizeof(int));
    fill_map(picture, zone, colour, &m);
    if (colour != BF_INK_RED && (!erase_rules(&m, 1, 0, height_px, stack) || !erase_rules(&m, 0, 1, height_px, stack)))
        return false;
    take_pieces(&m, zone, reach_px, colour == BF_INK_RED ? 0 : height_px, stack, pieces);
    return true;
}

bool bf_find_red_pieces(const bf_picture *picture, bf_rect zone, int least_redness, int reach_px, GArray *pieces)
{
    map m;
    if (!open_map(picture, true, &zone, &m))
        return false;
    if (m.ink == NULL)
        return true;
    g_autofree uint8_t *ink = m.ink;
    g_autoptr(GArray) stack = g_array_new(FALSE, FALSE, sizeof(int));
    for (int i = 0; i < m.w * m.h; i++) {
        int x = zone.x + i % m.w, y = zone.y + i / m.w;
        ink[i] = is_reddish(picture, x, y) && bf_redness(picture, x, y) >= least_redness;
    }
    take_pieces(&m, zone, reach_px, 0, stack, pieces);
    return true;
}
