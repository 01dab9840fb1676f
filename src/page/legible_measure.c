#include "page/legible_measure.h"
#include "page/ink.h"
#include <math.h>

/* Every line is laid straight at this height before it is measured, about that at which the recogniser sees it: text that is small on the
 * page is then as soft as text that is blurred, relative to its strokes. */
enum { HEIGHT_PX = 32, LINES_MAX = 32, LENGTH_MAX = 512, DENSEST = 4 /* samples a pixel, each way */ };
/* A line counts as unlike the others when its paper is darker than this share of that of lines in the light, or its contrast lower than
 * this share of the mean. */
static const float DARKER = 0.55F, FAINTER = 0.45F, LIT = 0.15F;

typedef struct {
    float gradient, across, down, contrast, noise, paper, ink, weight, height_px;
} line_measure;

typedef struct {
    int width;
    float luma[HEIGHT_PX * LENGTH_MAX];
} strip;

/* The luma of the pixels about a line: each is asked for by many samples. */
typedef struct {
    bf_rect r;
    uint8_t *luma;
    bool all_inside; /* every sample has its neighbours in it */
} excerpt;

static bool excerpt_of(const bf_picture *p, bf_rect about, excerpt *out)
{
    enum { NEIGHBOURS = 2 };
    bf_rect all = bf_rect_grow(about, NEIGHBOURS, NEIGHBOURS);
    out->r = bf_rect_intersect(all, (bf_rect){0, 0, p->width_px, p->height_px});
    out->all_inside = all.w == out->r.w && all.h == out->r.h;
    out->luma = bf_rect_is_empty(out->r) ? NULL : g_try_malloc((gsize)out->r.w * (gsize)out->r.h);
    for (int y = 0; out->luma != NULL && y < out->r.h; y++)
        for (int x = 0; x < out->r.w; x++)
            out->luma[(gsize)y * (gsize)out->r.w + (gsize)x] = bf_luma(p, out->r.x + x, out->r.y + y);
    return out->luma != NULL;
}

static float sample(const bf_picture *p, const excerpt *e, float x, float y)
{
    x = CLAMP(x - 0.5F, 0.0F, (float)(p->width_px - 1));
    y = CLAMP(y - 0.5F, 0.0F, (float)(p->height_px - 1));
    int xi = MIN((int)x, MAX(p->width_px - 2, 0)), yi = MIN((int)y, MAX(p->height_px - 2, 0));
    float fx = x - (float)xi, fy = y - (float)yi;
    int left = CLAMP(xi - e->r.x, 0, e->r.w - 1), right = CLAMP(MIN(xi + 1, p->width_px - 1) - e->r.x, 0, e->r.w - 1);
    const uint8_t *above = e->luma + (gsize)CLAMP(yi - e->r.y, 0, e->r.h - 1) * (gsize)e->r.w;
    const uint8_t *below = e->luma + (gsize)CLAMP(MIN(yi + 1, p->height_px - 1) - e->r.y, 0, e->r.h - 1) * (gsize)e->r.w;
    float top = (float)above[left] * (1 - fx) + (float)above[right] * fx;
    float bottom = (float)below[left] * (1 - fx) + (float)below[right] * fx;
    return top * (1 - fy) + bottom * fy;
}

/* The same well inside the excerpt, where nothing need be clamped. */
static inline float sample_inside(const excerpt *e, float x, float y)
{
    x -= 0.5F;
    y -= 0.5F;
    int xi = (int)x, yi = (int)y;
    float fx = x - (float)xi, fy = y - (float)yi;
    const uint8_t *above = e->luma + (gsize)(yi - e->r.y) * (gsize)e->r.w + (gsize)(xi - e->r.x), *below = above + e->r.w;
    float top = (float)above[0] * (1 - fx) + (float)above[1] * fx;
    float bottom = (float)below[0] * (1 - fx) + (float)below[1] * fx;
    return top * (1 - fy) + bottom * fy;
}

static float side(const bf_quad *q, int a, int b)
{
    return hypotf(q->x[b] - q->x[a], q->y[b] - q->y[a]);
}

/* Where a column of samples begins, and what lies between that and its end. */
typedef struct {
    float x, y, dx, dy;
} ray;

static void sum_samples(const bf_picture *picture, const bf_quad *q, const excerpt *e, int dense, float share, strip *out)
{
    ray rays[DENSEST * LENGTH_MAX];
    for (int n = 0; n < out->width * dense; n++) {
        float u = ((float)(n / dense) + ((float)(n % dense) + 0.5F) / (float)dense) / (float)out->width * share;
        float x0 = q->x[0] + u * (q->x[1] - q->x[0]), y0 = q->y[0] + u * (q->y[1] - q->y[0]);
        float x1 = q->x[3] + u * (q->x[2] - q->x[3]), y1 = q->y[3] + u * (q->y[2] - q->y[3]);
        rays[n] = (ray){x0, y0, x1 - x0, y1 - y0};
    }
    for (int j = 0; j < HEIGHT_PX; j++) {
        float v[DENSEST];
        for (int b = 0; b < dense; b++)
            v[b] = ((float)j + ((float)b + 0.5F) / (float)dense) / HEIGHT_PX;
        for (int i = 0; i < out->width; i++) {
            float sum = 0;
            for (int b = 0; b < dense; b++)
                for (const ray *r = rays + i * dense; r < rays + (i + 1) * dense; r++) {
                    float x = r->x + v[b] * r->dx, y = r->y + v[b] * r->dy;
                    sum += e->all_inside ? sample_inside(e, x, y) : sample(picture, e, x, y);
                }
            out->luma[j * out->width + i] = sum / (float)(dense * dense);
        }
    }
}

/* The line, or of a long one its first part, at HEIGHT_PX; area samples where it shrinks. */
static bool cut_strip(const bf_picture *picture, const bf_quad *q, strip *out)
{
    float length = side(q, 0, 1), height = MAX(side(q, 0, 3), 1.0F), scale = height / HEIGHT_PX;
    out->width = (int)CLAMP(length / scale, 8.0F, (float)LENGTH_MAX);
    float share = MIN(1.0F, (float)out->width * scale / MAX(length, 1.0F));
    int dense = scale > 1.2F ? MIN((int)ceilf(scale), DENSEST) : 1;
    bf_quad seen = *q;
    for (int k = 0; k < 2; k++) { /* of a long line its first part */
        seen.x[k + 1] = q->x[k == 0 ? 0 : 3] + share * (q->x[k + 1] - q->x[k == 0 ? 0 : 3]);
        seen.y[k + 1] = q->y[k == 0 ? 0 : 3] + share * (q->y[k + 1] - q->y[k == 0 ? 0 : 3]);
    }
    excerpt e;
    if (!excerpt_of(picture, bf_quad_bounds(&seen), &e))
        return false;
    sum_samples(picture, q, &e, dense, share, out);
    g_free(e.luma);
    return true;
}

static float percentile(const guint histogram[256], guint n, float share)
{
    guint seen = 0, wanted = (guint)(share * (float)n);
    for (int i = 0; i < 256; i++)
        if ((seen += histogram[i]) > wanted)
            return (float)i;
    return 255;
}

static void tones(const strip *s, line_measure *m)
{
    guint histogram[256] = {0}, n = (guint)(s->width * HEIGHT_PX);
    for (guint i = 0; i < n; i++)
        histogram[(int)CLAMP(s->luma[i], 0.0F, 255.0F)]++;
    m->ink = percentile(histogram, n, 0.05F);
    m->paper = percentile(histogram, n, 0.95F);
    m->contrast = m->paper - m->ink;
}

static void gradients(const strip *s, line_measure *m)
{
    double sum = 0, squares = 0, across = 0, down = 0;
    int w = s->width, n = 0;
    for (int y = 1; y < HEIGHT_PX - 1; y++)
        for (int x = 1; x < w - 1; x++, n++) {
            const float *p = s->luma + y * w + x;
            float gx = (p[1] - p[-1]) / 2, gy = (p[w] - p[-w]) / 2, g = hypotf(gx, gy);
            across += (double)(gx * gx);
            down += (double)(gy * gy);
            sum += (double)g;
            squares += (double)(g * g);
        }
    m->across = n > 0 ? (float)sqrt(across / n) : 0;
    m->down = n > 0 ? (float)sqrt(down / n) : 0;
    m->gradient = n > 0 ? (float)sqrt(MAX(squares / n - sum / n * (sum / n), 0)) : 0;
}

/* Grain of the paper at the page's own pixels: mean difference between neighbours among the lighter half of the line's bounds (Immerkaer's
 * idea of 1996: what a Laplacian leaves of a flat ground is noise). */
static float grain(const bf_picture *p, const bf_quad *q, float lightest)
{
    bf_rect r = bf_rect_intersect(bf_quad_bounds(q), (bf_rect){1, 1, p->width_px - 2, p->height_px - 2});
    double sum = 0;
    int n = 0, step = MAX(1, r.w / 256);
    for (int y = r.y; y < r.y + r.h; y += 2)
        for (int x = r.x; x < r.x + r.w; x += step) {
            int here = bf_luma(p, x, y);
            int left = bf_luma(p, x - 1, y), right = bf_luma(p, x + 1, y), up = bf_luma(p, x, y - 1), down = bf_luma(p, x, y + 1);
            if ((float)MIN(MIN(left, right), MIN(up, down)) < lightest)
                continue;
            sum += abs(4 * here - left - right - up - down);
            n++;
        }
    return n > 40 ? (float)(sum / n / sqrt(20.0) * 1.2533) : 0; /* the filter's own gain, and mean deviation to sigma */
}

static bool measure_line(const bf_picture *picture, const bf_line *line, strip *scratch, line_measure *out)
{
    float length = side(&line->quad, 0, 1), height = side(&line->quad, 0, 3);
    if (height < 3 || length < height || line->composed || !cut_strip(picture, &line->quad, scratch))
        return false;
    tones(scratch, out);
    gradients(scratch, out);
    out->noise = grain(picture, &line->quad, (out->paper * 3 + out->ink) / 4);
    out->weight = MIN(length / height, 40.0F);
    out->height_px = height;
    return true;
}

static int by_height(const void *a, const void *b)
{
    float p = ((const line_measure *)a)->height_px, q = ((const line_measure *)b)->height_px;
    return p < q ? -1 : p > q;
}

static int by_paper(const void *a, const void *b)
{
    float p = ((const line_measure *)a)->paper, q = ((const line_measure *)b)->paper;
    return p > q ? -1 : p < q;
}

/* How light the paper is where light falls on it: a fair part of the text is at least so light. Their mean would not do: when most of the
 * text lies in the shadow, it is the shadow's. */
static float lit_paper(GArray *measures, float weights)
{
    float seen = 0;
    guint i = 0;
    g_array_sort(measures, by_paper);
    while (i + 1 < measures->len && (seen += g_array_index(measures, line_measure, i).weight) < LIT * weights)
        i++;
    return g_array_index(measures, line_measure, i).paper;
}

static void sum_up(GArray *measures, bf_text_measure *out)
{
    float weights = 0;
    for (guint i = 0; i < measures->len; i++) {
        const line_measure *m = &g_array_index(measures, line_measure, i);
        weights += m->weight;
        out->gradient += m->weight * m->gradient;
        out->contrast += m->weight * m->contrast;
        out->sharpness += m->weight * m->gradient / MAX(m->contrast, 8.0F);
        out->across += m->weight * m->across / MAX(m->contrast, 8.0F);
        out->down += m->weight * m->down / MAX(m->contrast, 8.0F);
        out->noise += m->weight * m->noise;
        out->paper += m->weight * m->paper;
        out->ink += m->weight * m->ink;
    }
    out->lines = measures->len;
    if (weights <= 0)
        return;
    float *const means[] = {&out->gradient, &out->contrast, &out->sharpness, &out->across, &out->down, &out->noise, &out->paper, &out->ink};
    for (gsize k = 0; k < G_N_ELEMENTS(means); k++)
        *means[k] /= weights;
    float lit = lit_paper(measures, weights);
    for (guint i = 0; i < measures->len; i++) {
        const line_measure *m = &g_array_index(measures, line_measure, i);
        if (m->paper < DARKER * lit)
            out->shaded += m->weight / weights;
        else if (m->contrast < FAINTER * out->contrast && m->ink > out->ink)
            out->glared += m->weight / weights;
    }
    g_array_sort(measures, by_height);
    out->height_px = g_array_index(measures, line_measure, measures->len / 2).height_px;
}

static bool is_cut(const bf_picture *picture, const bf_line *line)
{
    bf_rect b = bf_quad_bounds(&line->quad);
    return line->n_chars >= 2 && !line->composed && !line->vertical && (b.x <= 1 || b.x + b.w >= picture->width_px - 1);
}

void bf_measure_text(const bf_picture *upright, const GArray *lines, float scale, bf_text_measure *out)
{
    g_autoptr(GArray) measures = g_array_new(FALSE, FALSE, sizeof(line_measure));
    g_autofree strip *scratch = g_new(strip, 1);
    guint step = (lines->len + LINES_MAX - 1) / LINES_MAX;
    *out = (bf_text_measure){0};
    for (guint i = 0; i < lines->len; i += MAX(step, 1U)) {
        line_measure m = {0};
        if (measure_line(upright, &g_array_index(lines, bf_line, i), scratch, &m))
            g_array_append_val(measures, m);
    }
    sum_up(measures, out);
    out->height_px *= scale;
    for (guint i = 0; i < lines->len; i++)
        out->cut += is_cut(upright, &g_array_index(lines, bf_line, i));
}
