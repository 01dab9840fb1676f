#include "read/line_crop.h"
#include <math.h>

void bf_line_move(bf_line *line, float dx, float dy)
{
    for (int k = 0; k < 4; k++) {
        line->quad.x[k] += dx;
        line->quad.y[k] += dy;
    }
    for (int k = 0; k < BF_LINE_KNOTS; k++) {
        line->middle_x[k] += dx;
        line->middle_y[k] += dy;
    }
}

/* Adds a bilinear sample in 8-bit fixed point; (x, y) are pixel centres' coordinates. Of a gray picture the first sum alone is told. */
static inline __attribute__((always_inline)) void sample(const bf_picture *p, float x, float y, int channels, int sums[3])
{
    x = CLAMP(x, 0.0F, (float)(p->width_px - 1));
    y = CLAMP(y, 0.0F, (float)(p->height_px - 1));
    int xi = MIN((int)x, MAX(p->width_px - 2, 0)), yi = MIN((int)y, MAX(p->height_px - 2, 0));
    int fx = (int)((x - (float)xi) * 256), fy = (int)((y - (float)yi) * 256);
    gsize stride = (gsize)p->width_px * (gsize)channels;
    const uint8_t *a = p->data + (gsize)yi * stride + (gsize)xi * (gsize)channels;
    const uint8_t *b = p->height_px > 1 ? a + stride : a;
    int right = p->width_px > 1 ? channels : 0;
    for (int c = 0; c < channels; c++) {
        int top = a[c] * (256 - fx) + a[right + c] * fx, bottom = b[c] * (256 - fx) + b[right + c] * fx;
        sums[c] += (top * (256 - fy) + bottom * fy) >> 16;
    }
}

static void stretch_contrast(bf_picture *p)
{
    gsize n = (gsize)p->width_px * (gsize)p->height_px * 3, histogram[256] = {0}, seen = 0;
    for (gsize i = 0; i < n; i++)
        histogram[p->data[i]]++;
    int low = 0, high = 255;
    while (low < 255 && (seen += histogram[low]) < n / 50)
        low++;
    for (seen = 0; high > 0 && (seen += histogram[high]) < n / 10; high--)
        ;
    if (high <= low)
        return;
    for (gsize i = 0; i < n; i++)
        p->data[i] = (uint8_t)CLAMP((p->data[i] - low) * 255 / (high - low), 0, 255);
}

static void keep_red(bf_picture *p)
{
    for (gsize i = 0, n = (gsize)p->width_px * (gsize)p->height_px; i < n; i++)
        p->data[3 * i + 1] = p->data[3 * i + 2] = p->data[3 * i];
}

/* Where a point of the crop, (u, v) in 0..1, lies in the quad. For a column of upright characters the crop's cell k is the column's k-th
 * part, and across the column runs along the cell. */
static void source_point(float *u, float *v, guint stacked)
{
    if (stacked == 0)
        return;
    float along = *u * (float)stacked, cell = MIN(floorf(along), (float)stacked - 1), across = along - cell;
    *u = (cell + *v) / (float)stacked;
    *v = 1 - across;
}

/* `channels` is the picture's, told where the compiler sees it. */
static inline __attribute__((always_inline)) void sample_row(const bf_picture *in, const bf_quad *q, guint stacked, int dense, int channels,
                                                             int j, bf_picture *out)
{
    int w = out->width_px, h = out->height_px, share = dense * dense;
    uint8_t *row = out->data + (gsize)j * (gsize)w * 3;
    for (int i = 0; i < w; i++) {
        int sums[3] = {0};
        for (int b = 0; b < dense; b++)
            for (int a = 0; a < dense; a++) {
                float u = ((float)i + ((float)a + 0.5F) / (float)dense) / (float)w;
                float v = ((float)j + ((float)b + 0.5F) / (float)dense) / (float)h;
                source_point(&u, &v, stacked);
                float x0 = q->x[0] + u * (q->x[1] - q->x[0]), y0 = q->y[0] + u * (q->y[1] - q->y[0]);
                float x1 = q->x[3] + u * (q->x[2] - q->x[3]), y1 = q->y[3] + u * (q->y[2] - q->y[3]);
                sample(in, x0 + v * (x1 - x0) - 0.5F, y0 + v * (y1 - y0) - 0.5F, channels, sums);
            }
        for (int c = 0; c < 3; c++)
            row[3 * i + c] = (uint8_t)(sums[channels == 3 ? c : 0] / share);
    }
}

/* The usual numbers of samples and channels are known to the compiler. */
static void sample_line(const bf_picture *in, const bf_quad *q, guint stacked, float scale, bf_picture *out)
{
    int dense = scale > 1.2F ? MIN((int)ceilf(scale), 4) : 1;
    for (int j = 0; j < out->height_px; j++)
        if (in->channels == 1)
            sample_row(in, q, stacked, dense, 1, j, out);
        else if (dense == 1)
            sample_row(in, q, stacked, 1, 3, j, out);
        else if (dense == 2)
            sample_row(in, q, stacked, 2, 3, j, out);
        else
            sample_row(in, q, stacked, dense, 3, j, out);
}

bool bf_line_crop(const bf_picture *picture, const bf_quad *quad, const bf_look *look, int height_px, float squeeze, int max_width_px,
                  bf_picture **out, GError **error)
{
    float zoom = look != NULL && look->crop_scale > 0 ? look->crop_scale : 1;
    bf_quad q = bf_quad_slice(quad, 0, 1, (1 / zoom - 1) / 2);
    if (look != NULL && look->half_turn)
        q = bf_quad_half_turned(&q);
    float height = MAX(bf_quad_height(&q), 1.0F), scale = height / (float)height_px;
    guint stacked = look != NULL ? look->stacked : 0;
    /* A cell is as high as its part of the column is long, and as wide as the column: the cells' aspect is kept. */
    float cell = bf_quad_length(&q) / (float)MAX(stacked, 1);
    float length = stacked > 0 ? (float)stacked * height * height / cell : bf_quad_length(&q);
    int width = CLAMP((int)lroundf(length / scale * squeeze), 8, max_width_px);
    g_autoptr(bf_picture) crop = NULL;
    if (!bf_picture_new(width, height_px, 3, &crop, error))
        return false;
    sample_line(picture, &q, stacked, scale, crop);
    if (look != NULL && look->red_removed)
        keep_red(crop);
    if (look != NULL && look->contrast)
        stretch_contrast(crop);
    *out = g_steal_pointer(&crop);
    return true;
}
