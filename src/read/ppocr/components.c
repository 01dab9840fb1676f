#include "read/ppocr/components.h"
#include "read/ppocr/min_area_box.h"
#include <glib/gi18n.h>
#include <math.h>

/* Parameters as PP-OCR ships them, but for the unclip ratio: a wider box costs fewer pixels once it is scaled to 48 px, and keeps the whole
 * glyph when the map is thin. */
static const float PIXEL_THRESHOLD = 0.3F, BOX_THRESHOLD = 0.5F, UNCLIP_RATIO = 1.8F, MIN_SIDE_PX = 3.0F;
enum { MIN_COMPONENT_PX = 6, MAX_LINES = 3000 };
/* A line is bent whose middle sags by this share of its thickness, over the whole of it or a half. */
static const float BENT = 0.4F;
/* In thicknesses of the component: shorter ones are never bent, and their middle tells nothing. */
static const float LONG = 8.0F;

/* One connected component of the thresholded map, as extents per row and per column. */
typedef struct {
    int *low, *high;    /* by row; valid within [top, bottom] */
    int *upper, *lower; /* by column; valid within [left, right] */
    int top, bottom, left, right;
    gsize count;
    double sum;
} component;

static void grow_rows(component *c, int y, int width)
{
    while (y > c->bottom) {
        c->bottom++;
        c->low[c->bottom] = width;
        c->high[c->bottom] = -1;
    }
}

static void grow_columns(component *c, int x, int height)
{
    for (; x < c->left; c->left--) {
        c->upper[c->left - 1] = height;
        c->lower[c->left - 1] = -1;
    }
    for (; x > c->right; c->right++) {
        c->upper[c->right + 1] = height;
        c->lower[c->right + 1] = -1;
    }
}

static void start(component *c, int x, int y, int width, int height)
{
    c->top = c->bottom = y;
    c->left = c->right = x;
    c->low[y] = width;
    c->high[y] = -1;
    c->upper[x] = height;
    c->lower[x] = -1;
    c->count = 0;
    c->sum = 0;
}

/* Flood fill (8-connected) from a seed; clears the pixels it takes. Seeds come in row order, so a component only grows downwards from
 * its seed's row. */
static void fill(component *c, uint8_t *mask, int *stack, const float *map, int width, int height, int seed)
{
    int depth = 0;
    start(c, seed % width, seed / width, width, height);
    mask[seed] = 0;
    stack[depth++] = seed;
    while (depth > 0) {
        int at = stack[--depth], y = at / width, x = at % width;
        grow_rows(c, y, width);
        grow_columns(c, x, height);
        c->count++;
        c->sum += map[at];
        c->low[y] = MIN(c->low[y], x);
        c->high[y] = MAX(c->high[y], x);
        c->upper[x] = MIN(c->upper[x], y);
        c->lower[x] = MAX(c->lower[x], y);
        for (int ny = MAX(y - 1, 0); ny <= MIN(y + 1, height - 1); ny++)
            for (int nx = MAX(x - 1, 0); nx <= MIN(x + 1, width - 1); nx++)
                if (mask[ny * width + nx]) {
                    mask[ny * width + nx] = 0;
                    stack[depth++] = ny * width + nx;
                }
    }
}

static bool row_box(const component *c, bf_point *points, bf_min_box *box)
{
    gsize n = 0;
    for (int y = c->top; y <= c->bottom; y++) {
        float y0 = (float)y, x0 = (float)c->low[y], x1 = (float)c->high[y] + 1;
        points[n++] = (bf_point){x0, y0};
        points[n++] = (bf_point){x1, y0};
        points[n++] = (bf_point){x0, y0 + 1};
        points[n++] = (bf_point){x1, y0 + 1};
    }
    return bf_min_area_box(points, n, box) && MIN(box->w, box->h) >= MIN_SIDE_PX;
}

/* How far the middle of the columns [from, to] sags below or above the straight line through them: of the parabola that fits best (a place
 * where the line is thicker bends nothing), px. Over u in [-1, 1] its square term is found alone, by the Legendre polynomial (3 u^2 - 1)
 * / 2. */
static float sag(const component *c, int from, int to)
{
    int n = to - from + 1;
    float sum = 0, norm = 0;
    for (int i = 0; i < n; i++) {
        float u = (2 * (float)i + 1) / (float)n - 1, p = 1.5F * u * u - 0.5F;
        sum += p * (float)(c->upper[from + i] + c->lower[from + i]) / 2;
        norm += p * p;
    }
    return norm > 0 ? fabsf(1.5F * sum / norm) : 0;
}

/* Unclips a box and brings it from map pixels to picture pixels. Tall boxes are turned so that text runs along [0]->[1], downwards. */
static bf_line to_line(const bf_min_box *box, const component *c, float sx, float sy)
{
    float grow = box->w * box->h * UNCLIP_RATIO / (box->w + box->h); /* both sides together: 2 * area * ratio / perimeter */
    float w = (box->w + grow) / 2, h = (box->h + grow) / 2;
    static const float along[4] = {-1, 1, 1, -1}, across[4] = {-1, -1, 1, 1};
    bf_quad q;
    for (int i = 0; i < 4; i++) {
        float u = along[i] * w, v = across[i] * h;
        q.x[i] = (box->cx + u * box->ux - v * box->uy) * sx;
        q.y[i] = (box->cy + u * box->uy + v * box->ux) * sy;
    }
    bf_line line = {.quad = q, .det_score = (float)(c->sum / (double)c->count), .confidence = -1, .weakest = -1};
    if (h * sy > 1.5F * w * sx) {
        line.vertical = true;
        for (int i = 0; i < 4; i++) {
            line.quad.x[i] = q.x[(i + 1) % 4];
            line.quad.y[i] = q.y[(i + 1) % 4];
        }
    }
    return line;
}

/* The middle of the columns about each knot. */
static void find_middle(const component *c, float sx, float sy, bf_line *line)
{
    int along = c->right + 1 - c->left, half = MAX(along / (2 * BF_LINE_KNOTS), 1);
    line->has_middle = true;
    for (int k = 0; k < BF_LINE_KNOTS; k++) {
        int at = c->left + along * (2 * k + 1) / (2 * BF_LINE_KNOTS), n = 0;
        float sum = 0;
        for (int x = MAX(at - half, c->left); x <= MIN(at + half, c->right); x++, n++)
            sum += (float)(c->upper[x] + c->lower[x] + 1) / 2;
        line->middle_x[k] = ((float)at + 0.5F) * sx;
        line->middle_y[k] = sum / (float)MAX(n, 1) * sy;
    }
}

static void add_line(const component *c, float sx, float sy, bf_point *points, GArray *lines)
{
    bf_min_box box;
    float along = (float)(c->right + 1 - c->left), thickness = (float)c->count / along;
    if (!row_box(c, points, &box))
        return;
    bf_line line = to_line(&box, c, sx, sy);
    if (!line.vertical && along >= LONG * thickness) {
        int middle = (c->left + c->right) / 2;
        find_middle(c, sx, sy, &line);
        line.bent = MAX(sag(c, c->left, c->right), MAX(sag(c, c->left, middle), sag(c, middle, c->right))) >= BENT * thickness;
    }
    g_array_append_val(lines, line);
}

bool bf_component_lines(const float *map, int width, int height, float sx, float sy, GArray *lines, GError **error)
{
    gsize n = (gsize)width * (gsize)height;
    g_autofree uint8_t *mask = g_try_malloc(n);
    g_autofree int *stack = g_try_new(int, n);
    g_autofree int *low = g_new(int, height), *high = g_new(int, height), *upper = g_new(int, width), *lower = g_new(int, width);
    g_autofree bf_point *points = g_new(bf_point, 4 * (gsize)height);
    if (mask == NULL || stack == NULL) {
        g_set_error(error, BF_READER_ERROR, BF_READER_ERROR_RUN, _("not enough memory to look for lines"));
        return false;
    }
    for (gsize i = 0; i < n; i++)
        mask[i] = map[i] > PIXEL_THRESHOLD;
    component c = {.low = low, .high = high, .upper = upper, .lower = lower};
    for (gsize i = 0; i < n; i++) {
        if (!mask[i])
            continue;
        if (lines->len >= MAX_LINES) { /* what would be left out is not read: better nothing than half a page */
            g_set_error(error, BF_READER_ERROR, BF_READER_ERROR_RUN, _("more than %d pieces of text on one picture"), MAX_LINES);
            return false;
        }
        fill(&c, mask, stack, map, width, height, (int)i);
        if (c.count >= MIN_COMPONENT_PX && c.sum / (double)c.count >= (double)BOX_THRESHOLD)
            add_line(&c, sx, sy, points, lines);
    }
    return true;
}
