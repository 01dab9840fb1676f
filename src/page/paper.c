/* Where the sheet lies: threshold (Otsu 1979) on brightness less colour, the largest connected area, its convex hull (Andrew 1979), and the
 * largest quadrilateral with corners on the hull. It is believed when it and the area are nearly the same. */
#include "page/paper.h"
#include "page/ink.h"
#include <glib/gi18n.h>
#include <math.h>

enum { SIDE_PX = 360, HULL_MOST = 96, CLOSE_PX = 3, FLAT_MOST_PIXELS = 16 * 1000 * 1000, LIGHT_CELL_PX = 24 };
/* Shares: of the picture's area that a sheet takes at least; of the quadrilateral that is bright; of the picture's sides that each of its
 * own has at least. And how much brighter than what is around it. */
static const float LEAST_AREA = 0.12F, LEAST_FILLED = 0.93F, LEAST_SIDE = 0.2F, MOST_AREA = 0.97F;
enum { CONTRAST_LEAST = 30 };

typedef struct {
    float x, y;
} corner;

typedef struct {
    int w, h;
    uint8_t *v;
    int *room; /* for largest_area: twice as many as there are pixels, all 0 */
} map;

/* Brightness less colour: paper is bright and gray, wood is not. */
static map paperness(const bf_picture *small)
{
    map m = {small->width_px, small->height_px, g_new(uint8_t, (gsize)small->width_px * (gsize)small->height_px), NULL};
    for (int i = 0; i < m.w * m.h; i++) {
        const uint8_t *p = small->data + (gsize)i * (gsize)small->channels;
        if (small->channels == 1) {
            m.v[i] = p[0];
            continue;
        }
        int most = MAX(p[0], MAX(p[1], p[2])), least = MIN(p[0], MIN(p[1], p[2]));
        m.v[i] = (uint8_t)CLAMP((most + least) / 2 - (most - least), 0, 255);
    }
    return m;
}

/* The brightest (or darkest) of a square around each pixel: brightest, then darkest, closes print. */
static void spread(map *m, bool brightest)
{
    g_autofree uint8_t *rows = g_new(uint8_t, (gsize)m->w * (gsize)m->h);
    for (int pass = 0; pass < 2; pass++) {
        const uint8_t *from = pass == 0 ? m->v : rows;
        uint8_t *to = pass == 0 ? rows : m->v;
        int step = pass == 0 ? 1 : m->w, n = pass == 0 ? m->w : m->h;
        for (int i = 0; i < m->w * m->h; i++) {
            int at = pass == 0 ? i % m->w : i / m->w;
            uint8_t best = from[i];
            for (int k = -MIN(CLOSE_PX, at); k <= MIN(CLOSE_PX, n - 1 - at); k++)
                best = brightest ? MAX(best, from[i + k * step]) : MIN(best, from[i + k * step]);
            to[i] = best;
        }
    }
}

/* The level that parts the two classes best, and how far apart these are. */
static int otsu(const map *m, float *contrast)
{
    double count[256] = {0}, all = m->w * m->h, sum = 0, below = 0, sum_below = 0, best = -1;
    int level = 0;
    for (int i = 0; i < m->w * m->h; i++)
        count[m->v[i]]++;
    for (int i = 0; i < 256; i++)
        sum += i * count[i];
    for (int i = 0; i < 255; i++) {
        below += count[i];
        sum_below += i * count[i];
        if (below == 0 || below == all)
            continue;
        double dark = sum_below / below, bright = (sum - sum_below) / (all - below);
        double between = below * (all - below) * (bright - dark) * (bright - dark);
        if (between > best) {
            best = between;
            level = i;
            *contrast = (float)(bright - dark);
        }
    }
    return level;
}

/* Marks the largest connected area brighter than the level: 2 in it, 0 or 1 elsewhere. Its size in pixels. */
static int largest_area(map *m, int level)
{
    int *stack = m->room, *label = m->room + (gsize)m->w * (gsize)m->h;
    int best = 0, most = 0, n_labels = 0;
    for (int seed = 0; seed < m->w * m->h; seed++) {
        if (label[seed] != 0 || m->v[seed] <= level)
            continue;
        int depth = 0, n = 0;
        label[seed] = ++n_labels;
        for (stack[depth++] = seed; depth > 0; n++) {
            int at = stack[--depth], x = at % m->w, y = at / m->w;
            const int beside[4] = {x > 0 ? at - 1 : at, x + 1 < m->w ? at + 1 : at, y > 0 ? at - m->w : at, y + 1 < m->h ? at + m->w : at};
            for (int k = 0; k < 4; k++)
                if (label[beside[k]] == 0 && m->v[beside[k]] > level) {
                    label[beside[k]] = n_labels;
                    stack[depth++] = beside[k];
                }
        }
        if (n > most) {
            most = n;
            best = n_labels;
        }
    }
    for (int i = 0; i < m->w * m->h; i++)
        m->v[i] = best > 0 && label[i] == best ? 2 : 0;
    return most;
}

static float turn(corner a, corner b, corner c)
{
    return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

/* Half of the hull: the first and the last marked pixel of each row, outer edges, from top to bottom or back. */
static void add_side(const map *m, bool right, GArray *hull)
{
    guint first = hull->len;
    for (int k = 0; k < m->h; k++) {
        int y = right ? k : m->h - 1 - k, at = -1;
        for (int x = 0; x < m->w && (at < 0 || right); x++)
            if (m->v[y * m->w + x] == 2)
                at = x;
        for (int edge = 0; at >= 0 && edge < 2; edge++) {
            corner c = {(float)(right ? at + 1 : at), (float)(y + (right ? edge : 1 - edge))};
            while (hull->len >= first + 2 &&
                   turn(g_array_index(hull, corner, hull->len - 2), g_array_index(hull, corner, hull->len - 1), c) <= 0)
                g_array_set_size(hull, hull->len - 1);
            g_array_append_val(hull, c);
        }
    }
}

static float area(const corner *c, guint n)
{
    float sum = 0;
    for (guint i = 0; i < n; i++)
        sum += c[i].x * c[(i + 1) % n].y - c[(i + 1) % n].x * c[i].y;
    return fabsf(sum) / 2;
}

static void thin(GArray *hull)
{
    guint n = MIN(hull->len, HULL_MOST);
    for (guint i = 0; i < n; i++)
        g_array_index(hull, corner, i) = g_array_index(hull, corner, i * hull->len / n);
    g_array_set_size(hull, n);
}

/* The largest quadrilateral: for each diagonal the furthest point on either side. */
static void largest_quad(const GArray *hull, corner best[4])
{
    const corner *c = (const corner *)(const void *)hull->data;
    float most = -1;
    for (guint i = 0; i < hull->len; i++)
        for (guint k = i + 2; k < hull->len; k++) {
            guint one = i + 1, other = k;
            float far_one = 0, far_other = 0;
            for (guint l = i + 1; l < k; l++)
                if (fabsf(turn(c[i], c[k], c[l])) > far_one) {
                    far_one = fabsf(turn(c[i], c[k], c[l]));
                    one = l;
                }
            for (guint l = k + 1; l < hull->len + i; l++)
                if (fabsf(turn(c[i], c[k], c[l % hull->len])) > far_other) {
                    far_other = fabsf(turn(c[i], c[k], c[l % hull->len]));
                    other = l % hull->len;
                }
            if (far_one > 0 && far_other > 0 && far_one + far_other > most) {
                most = far_one + far_other;
                const corner q[4] = {c[i], c[one], c[k], c[other]};
                memcpy(best, q, sizeof q);
            }
        }
}

static float apart(corner a, corner b)
{
    return hypotf(b.x - a.x, b.y - a.y);
}

/* Nearly a rectangle seen from some side: no corner sharper than 50 degrees or blunter than 130, no side too short. */
static bool plausible(const corner q[4], const map *m)
{
    for (int i = 0; i < 4; i++) {
        corner a = q[(i + 3) % 4], b = q[i], c = q[(i + 1) % 4];
        float along = apart(b, c), before = apart(a, b);
        if (along < LEAST_SIDE * (float)MIN(m->w, m->h) || fabsf(turn(a, b, c)) < 0.766F * along * before)
            return false;
    }
    return true;
}

static bool find_quad(map *m, corner q[4])
{
    float contrast = 0, whole = (float)(m->w * m->h);
    spread(m, true);
    spread(m, false);
    int level = otsu(m, &contrast), bright = largest_area(m, level);
    if (contrast < CONTRAST_LEAST || (float)bright < LEAST_AREA * whole || (float)bright > MOST_AREA * whole)
        return false;
    g_autoptr(GArray) hull = g_array_new(FALSE, FALSE, sizeof(corner));
    add_side(m, true, hull);
    add_side(m, false, hull);
    float hull_area = area((const corner *)(const void *)hull->data, hull->len);
    thin(hull);
    if (hull->len < 4)
        return false;
    memset(q, 0, 4 * sizeof *q);
    largest_quad(hull, q);
    float quad_area = area(q, 4);
    return quad_area > LEAST_FILLED * hull_area && (float)bright > LEAST_FILLED * quad_area && plausible(q, m);
}

bool bf_find_paper(const bf_picture *picture, bf_quad *paper, GError **error)
{
    float scale = (float)SIDE_PX / (float)MAX(picture->width_px, picture->height_px);
    int w = (int)((float)picture->width_px * scale), h = (int)((float)picture->height_px * scale), first = 0;
    g_autoptr(bf_picture) small = NULL;
    if (scale >= 1 || MIN(w, h) < 40 || !bf_picture_scale(picture, w, h, &small, error))
        return false;
    g_autofree int *room = g_try_new0(int, 2 * (gsize)w * (gsize)h);
    if (!room) {
        g_set_error(error, BF_PICTURE_ERROR, BF_PICTURE_ERROR_MEMORY, _("No memory to look for a sheet"));
        return false;
    }
    map m = paperness(small);
    m.room = room;
    corner q[4];
    bool found = find_quad(&m, q);
    g_free(m.v);
    for (int i = 1; found && i < 4; i++)
        first = q[i].x + q[i].y < q[first].x + q[first].y ? i : first;
    for (int i = 0; found && i < 4; i++) { /* the hull runs clockwise, and so does the quadrilateral */
        paper->x[i] = q[(first + i) % 4].x * (float)picture->width_px / (float)w;
        paper->y[i] = q[(first + i) % 4].y * (float)picture->height_px / (float)h;
    }
    return found;
}

bool bf_paper_is_straight(const bf_picture *picture, const bf_quad *q)
{
    static const float SLOPE = 0.02F, MOST = 0.5F;
    bool level = true;
    for (int i = 0; i < 4; i++) {
        float dx = fabsf(q->x[(i + 1) % 4] - q->x[i]), dy = fabsf(q->y[(i + 1) % 4] - q->y[i]);
        level = level && MIN(dx, dy) < SLOPE * MAX(dx, dy);
    }
    bf_rect b = bf_quad_bounds(q);
    return level && (float)b.w * (float)b.h > MOST * (float)picture->width_px * (float)picture->height_px;
}

/* ---- flat, and in even light ---- */

/* The paper's brightness in cells: the brightest of each that is not a speck, and of its neighbours, so that print does not count. */
static bool paper_light(const bf_picture *picture, bf_picture **out, GError **error)
{
    int w = MAX(picture->width_px / LIGHT_CELL_PX, 1), h = MAX(picture->height_px / LIGHT_CELL_PX, 1);
    g_autoptr(bf_picture) cells = NULL;
    if (!bf_picture_scale(picture, MIN(w * 4, picture->width_px), MIN(h * 4, picture->height_px), &cells, error))
        return false;
    map m = {cells->width_px, cells->height_px, cells->data, NULL};
    spread(&m, true);
    return bf_picture_scale(cells, w, h, out, error);
}

bool bf_even_light(const bf_picture *picture, bf_picture **out, GError **error)
{
    enum { PAPER = 235, DARKEST = 40 };
    g_autoptr(bf_picture) gray = NULL, cells = NULL, light = NULL;
    if (!bf_picture_new(picture->width_px, picture->height_px, 1, &gray, error))
        return false;
    for (int y = 0; y < gray->height_px; y++)
        for (int x = 0; x < gray->width_px; x++)
            gray->data[(gsize)y * (gsize)gray->width_px + (gsize)x] = bf_luma(picture, x, y);
    if (!paper_light(gray, &cells, error) || !bf_picture_scale(cells, gray->width_px, gray->height_px, &light, error))
        return false;
    for (gsize i = 0, n = (gsize)gray->width_px * (gsize)gray->height_px; i < n; i++)
        gray->data[i] = (uint8_t)MIN(gray->data[i] * PAPER / MAX((int)light->data[i], DARKEST), 255);
    *out = g_steal_pointer(&gray);
    return true;
}

bool bf_flatten_paper(const bf_picture *picture, const bf_quad *q, bf_picture **out, bf_homography *to_picture, GError **error)
{
    float w = MAX(hypotf(q->x[1] - q->x[0], q->y[1] - q->y[0]), hypotf(q->x[2] - q->x[3], q->y[2] - q->y[3]));
    float h = MAX(hypotf(q->x[3] - q->x[0], q->y[3] - q->y[0]), hypotf(q->x[2] - q->x[1], q->y[2] - q->y[1]));
    float shrink = MIN(1.0F, sqrtf((float)FLAT_MOST_PIXELS / MAX(w * h, 1.0F)));
    w = MAX(w * shrink, 8.0F);
    h = MAX(h * shrink, 8.0F);
    const bf_quad flat = {{0, w, w, 0}, {0, 0, h, h}};
    g_autoptr(bf_picture) warped = NULL;
    if (!bf_homography_between(&flat, q, to_picture)) {
        g_set_error(error, BF_PICTURE_ERROR, BF_PICTURE_ERROR_SIZE, _("A sheet without area"));
        return false;
    }
    return bf_picture_warp(picture, to_picture, (int)w, (int)h, &warped, error) && bf_even_light(warped, out, error);
}

static bool all_stand_on(const bf_quad *sheet, const GArray *lines)
{
    for (guint i = 0; i < lines->len; i++) {
        const bf_quad *q = &g_array_index(lines, bf_line, i).quad;
        if (g_array_index(lines, bf_line, i).n_chars > 0 &&
            !bf_quad_holds(sheet, (q->x[0] + q->x[1] + q->x[2] + q->x[3]) / 4, (q->y[0] + q->y[1] + q->y[2] + q->y[3]) / 4))
            return false;
    }
    return true;
}

bool bf_holds_unread_ink(const bf_picture *picture, const GArray *lines)
{
    bf_quad sheet;
    g_autoptr(GError) no_memory = NULL;
    guint n = bf_unread_ink(picture, lines);
    if (n < UNREAD_HOLDS_A_PAGE || n == G_MAXUINT || !bf_find_paper(picture, &sheet, &no_memory) || !all_stand_on(&sheet, lines))
        return n >= UNREAD_HOLDS_A_PAGE;
    return bf_unread_ink_on_sheet(picture, lines, &sheet) >= UNREAD_HOLDS_A_PAGE;
}
