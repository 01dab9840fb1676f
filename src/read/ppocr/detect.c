#include "read/ppocr/detect.h"
#include <glib/gi18n.h>
#include <math.h>

/* Parameters of the post-processing as PP-OCR ships them, but for the unclip ratio: a wider box costs fewer pixels once it is scaled
 * to 48 px, and keeps the whole glyph when the map is thin. */
static const float PIXEL_THRESHOLD = 0.3F, BOX_THRESHOLD = 0.5F, UNCLIP_RATIO = 1.8F, MIN_SIDE_PX = 3.0F;
enum { MIN_COMPONENT_PX = 6, MAX_LINES = 3000, GRID = 32 };
/* The network's memory grows with the pixels that it sees at once, so larger looks are taken in bands of about an A4 page at 960 px. The
 * overlap holds a line of print whole. */
enum { BAND_PIXELS = 720 * 1000, BAND_OVERLAP_PX = 4 * GRID, EDGE_PX = 8, JITTER_PX = 4 };

/* BGR, normalised as ImageNet, planar: what the network was trained on. */
static const float MEAN[3] = {0.485F, 0.456F, 0.406F}, DEVIATION[3] = {0.229F, 0.224F, 0.225F};

static void normalise_gray(const uint8_t *in, gsize n, float *out)
{
    for (int c = 0; c < 3; c++) {
        float scale = 1.0F / (255.0F * DEVIATION[c]), offset = -MEAN[c] / DEVIATION[c];
        float *restrict plane = out + (gsize)c * n;
        for (gsize i = 0; i < n; i++)
            plane[i] = in[i] * scale + offset;
    }
}

/* All planes in one go: compilers know how to take bytes in threes apart. */
static void normalise_rgb(const uint8_t *restrict in, gsize n, float *out)
{
    float *restrict b = out, *restrict g = out + n, *restrict r = g + n, scale[3], offset[3];
    for (int c = 0; c < 3; c++) {
        scale[c] = 1.0F / (255.0F * DEVIATION[c]);
        offset[c] = -MEAN[c] / DEVIATION[c];
    }
    for (gsize i = 0; i < n; i++) {
        r[i] = in[3 * i] * scale[2] + offset[2];
        g[i] = in[3 * i + 1] * scale[1] + offset[1];
        b[i] = in[3 * i + 2] * scale[0] + offset[0];
    }
}

static void normalise(const bf_picture *p, float *out)
{
    gsize n = (gsize)p->width_px * (gsize)p->height_px;
    if (p->channels == 3)
        normalise_rgb(p->data, n, out);
    else
        normalise_gray(p->data, n, out);
}

/* One connected component of the thresholded map, as extents per row. */
typedef struct {
    int *low, *high; /* by row; valid within [top, bottom] */
    int top, bottom;
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

/* Flood fill (8-connected) from a seed; clears the pixels it takes. Seeds come in row order, so a component only grows downwards from
 * its seed's row. */
static void fill(component *c, uint8_t *mask, int *stack, const float *map, int width, int height, int seed)
{
    int depth = 0;
    c->top = c->bottom = seed / width;
    c->low[c->top] = width;
    c->high[c->top] = -1;
    c->count = 0;
    c->sum = 0;
    mask[seed] = 0;
    stack[depth++] = seed;
    while (depth > 0) {
        int at = stack[--depth], y = at / width, x = at % width;
        grow_rows(c, y, width);
        c->count++;
        c->sum += map[at];
        c->low[y] = MIN(c->low[y], x);
        c->high[y] = MAX(c->high[y], x);
        for (int ny = MAX(y - 1, 0); ny <= MIN(y + 1, height - 1); ny++)
            for (int nx = MAX(x - 1, 0); nx <= MIN(x + 1, width - 1); nx++)
                if (mask[ny * width + nx]) {
                    mask[ny * width + nx] = 0;
                    stack[depth++] = ny * width + nx;
                }
    }
}

/* Unclips the component's box and brings it from map pixels to picture pixels. Tall boxes are turned so that text runs along [0]->[1],
 * downwards. */
static bool to_line(const component *c, float sx, float sy, bf_point *points, bf_line *line)
{
    gsize n = 0;
    for (int y = c->top; y <= c->bottom; y++) {
        float y0 = (float)y, x0 = (float)c->low[y], x1 = (float)c->high[y] + 1;
        points[n++] = (bf_point){x0, y0};
        points[n++] = (bf_point){x1, y0};
        points[n++] = (bf_point){x0, y0 + 1};
        points[n++] = (bf_point){x1, y0 + 1};
    }
    bf_min_box box;
    if (!bf_min_area_box(points, n, &box) || MIN(box.w, box.h) < MIN_SIDE_PX)
        return false;
    float grow = box.w * box.h * UNCLIP_RATIO / (box.w + box.h); /* both sides together: 2 * area * ratio / perimeter */
    float w = (box.w + grow) / 2, h = (box.h + grow) / 2;
    static const float along[4] = {-1, 1, 1, -1}, across[4] = {-1, -1, 1, 1};
    bf_quad q;
    for (int i = 0; i < 4; i++) {
        float u = along[i] * w, v = across[i] * h;
        q.x[i] = (box.cx + u * box.ux - v * box.uy) * sx;
        q.y[i] = (box.cy + u * box.uy + v * box.ux) * sy;
    }
    *line = (bf_line){.quad = q, .det_score = (float)(c->sum / (double)c->count), .confidence = -1, .weakest = -1};
    if (h * sy > 1.5F * w * sx) {
        line->vertical = true;
        for (int i = 0; i < 4; i++) {
            line->quad.x[i] = q.x[(i + 1) % 4];
            line->quad.y[i] = q.y[(i + 1) % 4];
        }
    }
    return true;
}

static bool collect(const float *map, int width, int height, float sx, float sy, GArray *lines, GError **error)
{
    gsize n = (gsize)width * (gsize)height;
    g_autofree uint8_t *mask = g_try_malloc(n);
    g_autofree int *stack = g_try_new(int, n);
    g_autofree int *low = g_new(int, height), *high = g_new(int, height);
    g_autofree bf_point *points = g_new(bf_point, 4 * (gsize)height + 4);
    if (mask == NULL || stack == NULL) {
        g_set_error(error, BF_READER_ERROR, BF_READER_ERROR_RUN, _("not enough memory to look for lines"));
        return false;
    }
    for (gsize i = 0; i < n; i++)
        mask[i] = map[i] > PIXEL_THRESHOLD;
    component c = {.low = low, .high = high};
    for (gsize i = 0; i < n; i++) {
        if (!mask[i])
            continue;
        if (lines->len >= MAX_LINES) { /* what would be left out is not read: better nothing than half a page */
            g_set_error(error, BF_READER_ERROR, BF_READER_ERROR_RUN, _("more than %d pieces of text on one picture"), MAX_LINES);
            return false;
        }
        fill(&c, mask, stack, map, width, height, (int)i);
        bf_line line;
        if (c.count >= MIN_COMPONENT_PX && c.sum / (double)c.count >= (double)BOX_THRESHOLD && to_line(&c, sx, sy, points, &line))
            g_array_append_val(lines, line);
    }
    return true;
}

enum { LONGEST_GRID_PX = 65472 }; /* the last multiple of GRID that a picture may be long */

static int to_grid(float px)
{
    return CLAMP((int)lroundf(px / GRID) * GRID, GRID, LONGEST_GRID_PX);
}

/* A band of rows of the scaled picture that is run through the network at once. */
typedef struct {
    int top, height;
    bool cut_above, cut_below; /* the picture goes on there */
} band;

static bool run_band(bf_ort_session *detector, const bf_picture *small, band b, float sx, float sy, GArray *lines, GError **error)
{
    bf_picture rows = *small;
    rows.height_px = b.height;
    rows.data = small->data + (gsize)b.top * (gsize)small->width_px * (gsize)small->channels;
    g_autofree float *input = g_try_new(float, 3 * (gsize)rows.width_px * (gsize)rows.height_px);
    if (input == NULL) {
        g_set_error(error, BF_READER_ERROR, BF_READER_ERROR_RUN, _("not enough memory to look for lines"));
        return false;
    }
    normalise(&rows, input);
    const gint64 shape[4] = {1, 3, rows.height_px, rows.width_px};
    bf_ort_tensor map;
    if (!bf_ort_run(detector, input, shape, &map, error))
        return false;
    bool fits = map.n_dims == 4 && map.dims[2] == rows.height_px && map.dims[3] == rows.width_px;
    if (fits)
        fits = collect(map.data, rows.width_px, rows.height_px, sx, sy, lines, error);
    else
        g_set_error(error, BF_READER_ERROR, BF_READER_ERROR_MODEL, _("the detector answered with an unexpected shape"));
    bf_ort_tensor_clear(detector, &map);
    return fits;
}

static bool holds_centre(const bf_quad *q, const bf_quad *other)
{
    return bf_quad_holds(q, (other->x[0] + other->x[1] + other->x[2] + other->x[3]) / 4,
                         (other->y[0] + other->y[1] + other->y[2] + other->y[3]) / 4);
}

/* Was this line found before? Bounds do not tell: those of tilted neighbours overlap by more than half. */
static bool is_among(const GArray *lines, guint n, const bf_line *line)
{
    for (guint i = 0; i < n; i++) {
        const bf_quad *q = &g_array_index(lines, bf_line, i).quad;
        if (holds_centre(q, &line->quad) && holds_centre(&line->quad, q))
            return true;
    }
    return false;
}

/* Moves a band's lines to their place on the page. What touches a cut edge is left to the neighbouring band when that one holds it whole;
 * what is higher than the overlap (a column, a long tilted line) is whole in none, and each band gives its part. What two bands found is
 * taken once. */
static void take_over(const GArray *found, band b, float sy, GArray *lines)
{
    /* What ends at an edge may be cut there. Two bands see the same line a little differently: at the limit it is taken from both. */
    float height = (float)b.height * sy, edge = EDGE_PX * sy, overlap = (BAND_OVERLAP_PX - EDGE_PX - JITTER_PX) * sy;
    guint before = lines->len;
    for (guint i = 0; i < found->len; i++) {
        bf_line line = g_array_index(found, bf_line, i);
        bf_rect r = bf_quad_bounds(&line.quad);
        float top = (float)r.y, bottom = (float)(r.y + r.h);
        bool cut_above = b.cut_above && top <= edge, cut_below = b.cut_below && bottom >= height - edge;
        if ((cut_above && bottom < overlap) || (cut_below && top > height - overlap))
            continue;
        for (int k = 0; k < 4; k++)
            line.quad.y[k] += (float)b.top * sy;
        if (cut_above || cut_below || !is_among(lines, before, &line))
            g_array_append_val(lines, line);
    }
}

bool bf_detect_lines(bf_ort_session *detector, const bf_picture *picture, int long_side_px, GArray *lines, GError **error)
{
    /* A picture longer than two squares (a screenshot of many screens) goes by its short side, or its text would shrink to dust. */
    float by_long = (float)long_side_px / (float)MAX(picture->width_px, picture->height_px);
    float by_short = (float)long_side_px / 2 / (float)MIN(picture->width_px, picture->height_px);
    float scale = MIN(1.0F, MAX(by_long, by_short));
    int width = to_grid((float)picture->width_px * scale), height = to_grid((float)picture->height_px * scale);
    float sx = (float)picture->width_px / (float)width, sy = (float)picture->height_px / (float)height;
    g_autoptr(bf_picture) small = NULL;
    if (!bf_picture_scale(picture, width, height, &small, error))
        return false;
    int step = MAX(GRID, BAND_PIXELS / width / GRID * GRID);
    if (step >= height)
        return run_band(detector, small, (band){0, height, false, false}, sx, sy, lines, error);
    for (int top = 0; top < height; top += step - BAND_OVERLAP_PX) {
        band b = {top, MIN(step, height - top), top > 0, top + step < height};
        g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(bf_line));
        if (!run_band(detector, small, b, sx, sy, found, error))
            return false;
        take_over(found, b, sy, lines);
        if (!b.cut_below)
            break;
    }
    return true;
}
