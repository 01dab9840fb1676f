#include "read/glyph/patch.h"
#include "read/line_crop.h"
#include <math.h>
#include <string.h>

/* How much of the line's height is seen; the rest follows from the patch's sides. */
static const float SEEN = 1.15F;
/* Brightness between ink and paper below which there is none. */
static const float CONTRAST = 24;
enum { EDGES = 4 };

static void brightness(const bf_picture *p, float *out)
{
    for (int i = 0; i < PATCH_WIDTH * PATCH_HEIGHT; i++) {
        const uint8_t *q = p->data + (gsize)i * 3;
        out[i] = 0.299F * q[0] + 0.587F * q[1] + 0.114F * q[2];
    }
}

/* Otsu's threshold: the split that leaves the two sides most apart. Gives both sides' means and the darker one's share. */
static void split(const float *v, int n, float *dark, float *light, float *dark_share)
{
    double histogram[256] = {0}, sum = 0, best = -1;
    for (int i = 0; i < n; i++) {
        histogram[CLAMP((int)v[i], 0, 255)]++;
        sum += CLAMP((int)v[i], 0, 255);
    }
    double below = 0, sum_below = 0;
    for (int t = 0; t < 255; t++) {
        below += histogram[t];
        sum_below += t * histogram[t];
        if (below <= 0 || below >= n)
            continue;
        double a = sum_below / below, b = (sum - sum_below) / (n - below), apart = below * (n - below) * (b - a) * (b - a);
        if (apart > best) {
            best = apart;
            *dark = (float)a;
            *light = (float)b;
            *dark_share = (float)(below / n);
        }
    }
}

static bool to_ink(float *v)
{
    float dark = 0, light = 0, share = 0;
    split(v, PATCH_WIDTH * PATCH_HEIGHT, &dark, &light, &share);
    if (light - dark < CONTRAST)
        return false;
    float ink = share > 0.5F ? light : dark, paper = share > 0.5F ? dark : light; /* there is less ink than paper */
    for (int i = 0; i < PATCH_WIDTH * PATCH_HEIGHT; i++)
        v[i] = CLAMP((paper - v[i]) / (paper - ink), 0.0F, 1.0F);
    return true;
}

/* Lines that run right through the patch are no strokes but rulings. */
static void drop_rulings(float *v)
{
    for (int y = 0; y < PATCH_HEIGHT; y++) {
        float sum = 0;
        for (int x = 0; x < PATCH_WIDTH; x++)
            sum += v[y * PATCH_WIDTH + x];
        if (sum > 0.8F * PATCH_WIDTH)
            memset(v + y * PATCH_WIDTH, 0, sizeof(float) * PATCH_WIDTH);
    }
    for (int x = 0; x < PATCH_WIDTH; x++) {
        float sum = 0;
        for (int y = 0; y < PATCH_HEIGHT; y++)
            sum += v[y * PATCH_WIDTH + x];
        for (int y = 0; y < PATCH_HEIGHT && sum > 0.93F * PATCH_HEIGHT; y++)
            v[y * PATCH_WIDTH + x] = 0;
    }
}

/* The first and last row (or column) of a box that have ink enough to be more than specks. */
static bool tight(const bf_patch *p, bf_box in, bf_box *out)
{
    static const float LEAST = 1.2F;
    bf_box b = {G_MAXINT, G_MAXINT, -1, -1};
    for (int y = in.y0; y < in.y1; y++) {
        float sum = 0;
        for (int x = in.x0; x < in.x1; x++)
            sum += p->samples[y * PATCH_WIDTH + x];
        if (sum > LEAST) {
            b.y0 = MIN(b.y0, y);
            b.y1 = y + 1;
        }
    }
    for (int x = in.x0; x < in.x1; x++) {
        float sum = 0;
        for (int y = in.y0; y < in.y1; y++)
            sum += p->samples[y * PATCH_WIDTH + x];
        if (sum > LEAST) {
            b.x0 = MIN(b.x0, x);
            b.x1 = x + 1;
        }
    }
    *out = b;
    return b.x1 > b.x0 && b.y1 > b.y0;
}

/* Columns where a glyph may begin (or end): little ink, and about half a character from its middle. */
static guint find_edges(const float *profile, float text, int direction, int out[EDGES])
{
    float cost[PATCH_WIDTH];
    guint n = 0;
    for (int x = 0; x < PATCH_WIDTH; x++) {
        float away = (float)(direction * (x - PATCH_WIDTH / 2)) / text;
        cost[x] = away < 0.18F || away > 0.9F ? INFINITY : profile[x] / text + 0.5F * fabsf(away - 0.52F);
    }
    while (n < EDGES) {
        int best = 0;
        for (int x = 1; x < PATCH_WIDTH; x++)
            best = cost[x] < cost[best] ? x : best;
        if (isinf(cost[best]))
            break;
        out[n++] = best;
        int near = MAX(2, (int)(0.09F * text));
        for (int x = MAX(0, best - near); x <= MIN(PATCH_WIDTH - 1, best + near); x++)
            cost[x] = INFINITY;
    }
    return n;
}

static void add_box(bf_patch *p, bf_box box)
{
    for (guint i = 0; i < p->n_boxes; i++)
        if (memcmp(&p->boxes[i], &box, sizeof box) == 0)
            return;
    if (p->n_boxes < PATCH_BOXES)
        p->boxes[p->n_boxes++] = box;
}

static void find_boxes(bf_patch *p)
{
    int margin = (int)(PATCH_HEIGHT * (1 - 1 / SEEN) / 2), left[EDGES], right[EDGES];
    bf_box around = {0, margin, PATCH_WIDTH, PATCH_HEIGHT - margin}, text;
    float profile[PATCH_WIDTH] = {0};
    if (!tight(p, around, &text))
        return;
    p->text_px = MAX((float)(text.y1 - text.y0), PATCH_HEIGHT * 0.4F);
    for (int x = 0; x < PATCH_WIDTH; x++)
        for (int y = text.y0; y < text.y1; y++)
            profile[x] += p->samples[y * PATCH_WIDTH + x];
    guint n_left = find_edges(profile, p->text_px, -1, left), n_right = find_edges(profile, p->text_px, 1, right);
    for (guint i = 0; i < n_left; i++)
        for (guint k = 0; k < n_right; k++) {
            bf_box box;
            float width = (float)(right[k] - left[i]) / p->text_px;
            if (width < 0.55F || width > 1.45F || !tight(p, (bf_box){left[i], text.y0, right[k] + 1, text.y1}, &box))
                continue;
            if ((float)MAX(box.x1 - box.x0, box.y1 - box.y0) > 0.4F * p->text_px)
                add_box(p, box);
        }
}

bool bf_patch_cut(const bf_picture *picture, const bf_glyph_place *place, bf_patch *out)
{
    float rx = place->right_x, ry = place->right_y, dx = place->down_x, dy = place->down_y;
    float tall = SEEN / 2, wide = tall * PATCH_WIDTH / PATCH_HEIGHT;
    bf_quad q;
    static const int across[] = {-1, 1, 1, -1}, down[] = {-1, -1, 1, 1};
    for (int i = 0; i < 4; i++) {
        q.x[i] = place->x + rx * wide * (float)across[i] + dx * tall * (float)down[i];
        q.y[i] = place->y + ry * wide * (float)across[i] + dy * tall * (float)down[i];
    }
    float squeeze = (float)PATCH_WIDTH / PATCH_HEIGHT * bf_quad_height(&q) / MAX(bf_quad_length(&q), 1.0F);
    g_autoptr(bf_picture) crop = NULL;
    memset(out, 0, sizeof *out);
    if (!bf_line_crop(picture, &q, NULL, PATCH_HEIGHT, squeeze, PATCH_WIDTH, &crop, NULL))
        return false;
    out->ink = (bf_ink){out->samples, PATCH_WIDTH, PATCH_HEIGHT};
    if (crop->width_px != PATCH_WIDTH)
        return true; /* a place without an extent */
    brightness(crop, out->samples);
    if (!to_ink(out->samples))
        return true;
    drop_rulings(out->samples);
    find_boxes(out);
    return true;
}
