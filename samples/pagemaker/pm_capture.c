#include "pm_capture.h"
#include <math.h>
#include <string.h>

bool pm_pixels_new(int width, int height, pm_pixels *out, GError **error)
{
    *out = (pm_pixels){.width = width, .height = height};
    out->rgb = g_try_malloc((gsize)width * (gsize)height * 3);
    if (out->rgb)
        return true;
    g_set_error(error, PM_ERROR, PM_ERROR_MEMORY, "no memory for a picture of %d x %d", width, height);
    return false;
}

void pm_pixels_clear(pm_pixels *p)
{
    g_clear_pointer(&p->rgb, g_free);
}

static void surface_pixels(cairo_surface_t *surface, const pm_pixels *out)
{
    cairo_surface_flush(surface);
    const uint8_t *data = cairo_image_surface_get_data(surface);
    const int stride = cairo_image_surface_get_stride(surface);
    for (int y = 0; y < out->height; y++) {
        const guint32 *row = (const guint32 *)(const void *)(data + (size_t)y * (size_t)stride);
        uint8_t *to = out->rgb + (size_t)y * (size_t)out->width * 3;
        for (int x = 0; x < out->width; x++, to += 3) {
            to[0] = (uint8_t)(row[x] >> 16);
            to[1] = (uint8_t)(row[x] >> 8);
            to[2] = (uint8_t)row[x];
        }
    }
}

static void table_pixel(guint rgb, int x, int y, uint8_t *to)
{
    /* Grain along x: enough for a table not to look like paper. */
    const int grain = (int)(6 * sin(y * 0.21 + 3 * sin(x * 0.004)) + 4 * sin(y * 0.9 + x * 0.002));
    for (int k = 0; k < 3; k++)
        to[k] = (uint8_t)CLAMP((int)(rgb >> (16 - 8 * k) & 255) + grain, 0, 255);
}

static void bilinear(const pm_pixels *in, double x, double y, uint8_t *to)
{
    x = CLAMP(x - 0.5, 0, in->width - 1.001);
    y = CLAMP(y - 0.5, 0, in->height - 1.001);
    const int xi = (int)x, yi = (int)y, fx = (int)((x - xi) * 256), fy = (int)((y - yi) * 256);
    const uint8_t *a = in->rgb + 3 * ((size_t)yi * (size_t)in->width + (size_t)xi), *b = a + 3 * (size_t)in->width;
    for (int k = 0; k < 3; k++) {
        const int top = a[k] * (256 - fx) + a[k + 3] * fx, bottom = b[k] * (256 - fx) + b[k + 3] * fx;
        to[k] = (uint8_t)((top * (256 - fy) + bottom * fy + 32768) >> 16);
    }
}

static void warp_pixels(const pm_plan *plan, const pm_warp *w, const pm_pixels *in, const pm_pixels *out)
{
    const double *h = w->inverse;
    g_autofree double *bow = g_new(double, (gsize)in->width + 1);
    for (int x = 0; x <= in->width; x++)
        bow[x] = w->bend_px * sin(G_PI * x / w->width_px);
    for (int y = 0; y < out->height; y++) {
        uint8_t *to = out->rgb + (size_t)y * (size_t)out->width * 3;
        for (int x = 0; x < out->width; x++, to += 3) {
            const double px = x + 0.5, py = y + 0.5, z = h[6] * px + h[7] * py + h[8];
            const double sx = (h[0] * px + h[1] * py + h[2]) / z;
            if (sx < 0 || sx >= in->width) {
                table_pixel(plan->table_rgb, x, y, to);
                continue;
            }
            const double sy = (h[3] * px + h[4] * py + h[5]) / z - bow[(int)sx];
            if (sy < 0 || sy >= in->height)
                table_pixel(plan->table_rgb, x, y, to);
            else
                bilinear(in, sx, sy, to);
        }
    }
}

/* Rows of bytes weighed and summed: written so that compilers vectorise it. */
static void weigh(uint32_t *acc, const uint8_t *from, size_t n, uint32_t weight)
{
    for (size_t i = 0; i < n; i++)
        acc[i] += weight * from[i];
}

static void store_row(uint8_t *to, const uint32_t *acc, size_t n)
{
    for (size_t i = 0; i < n; i++)
        to[i] = (uint8_t)(acc[i] >> 16);
}

/* Gaussian weights that sum to 65536. */
static int gaussian(double sigma, uint32_t weights[33])
{
    const int radius = MIN(16, (int)ceil(2.6 * sigma));
    double sum = 0;
    for (int i = -radius; i <= radius; i++)
        sum += exp(-i * i / (2 * sigma * sigma));
    uint32_t total = 0;
    for (int i = -radius; i <= radius; i++)
        total += weights[i + radius] = (uint32_t)(65536 * exp(-i * i / (2 * sigma * sigma)) / sum);
    weights[radius] += 65536 - total;
    return radius;
}

/* Separable, 8-bit between the passes; edges repeat. */
static bool blur_pixels(const pm_pixels *p, double sigma, GError **error)
{
    if (sigma < 0.25)
        return true;
    uint32_t weights[33];
    const int radius = gaussian(sigma, weights), w = p->width, h = p->height;
    const size_t stride = (size_t)w * 3, pad = (size_t)radius * 3;
    g_autofree uint8_t *copy = g_try_malloc(stride * (size_t)h);
    g_autofree uint8_t *row = g_try_malloc(stride + 2 * pad);
    g_autofree uint32_t *acc = g_try_malloc(stride * sizeof *acc);
    if (!copy || !row || !acc) {
        g_set_error_literal(error, PM_ERROR, PM_ERROR_MEMORY, "no memory to blur a picture");
        return false;
    }
    for (int y = 0; y < h; y++) {
        const uint8_t *from = p->rgb + (size_t)y * stride;
        memcpy(row + pad, from, stride);
        for (int i = 0; i < radius; i++) {
            memcpy(row + 3 * i, from, 3);
            memcpy(row + pad + stride + 3 * i, from + stride - 3, 3);
        }
        for (size_t i = 0; i < stride; i++)
            acc[i] = 32768;
        for (int i = 0; i <= 2 * radius; i++)
            weigh(acc, row + 3 * i, stride, weights[i]);
        store_row(copy + (size_t)y * stride, acc, stride);
    }
    for (int y = 0; y < h; y++) {
        for (size_t i = 0; i < stride; i++)
            acc[i] = 32768;
        for (int i = -radius; i <= radius; i++)
            weigh(acc, copy + (size_t)CLAMP(y + i, 0, h - 1) * stride, stride, weights[i + radius]);
        store_row(p->rgb + (size_t)y * stride, acc, stride);
    }
    return true;
}

/* Paper's cloudiness: random values on a coarse grid, interpolated. */
#define CLOUD 64
typedef struct {
    float v[CLOUD + 1][CLOUD + 1];
} clouds;

static void clouds_make(clouds *c, pm_random *r)
{
    for (int y = 0; y <= CLOUD; y++)
        for (int x = 0; x <= CLOUD; x++)
            c->v[y][x] = (float)pm_random_range(r, -1, 1);
}

static float clouds_at(const clouds *c, float x, float y)
{
    const int xi = MIN((int)x, CLOUD - 1), yi = MIN((int)y, CLOUD - 1);
    const float fx = x - (float)xi, fy = y - (float)yi;
    const float top = c->v[yi][xi] * (1 - fx) + c->v[yi][xi + 1] * fx, bottom = c->v[yi + 1][xi] * (1 - fx) + c->v[yi + 1][xi + 1] * fx;
    return top * (1 - fy) + bottom * fy;
}

typedef struct {
    float angle_x, angle_y, edge, softness; /* light falls along an angle; a shadow's edge lies across it */
} lighting;

static float light_at(const pm_plan *plan, const lighting *l, float u, float v)
{
    const float along = u * l->angle_x + v * l->angle_y;
    float light = 1 - (float)plan->light * (along + 0.5f) * 0.7f;
    if (plan->shadow > 0) {
        const float across = u * l->angle_y - v * l->angle_x + l->edge;
        light *= 1 - (float)plan->shadow * CLAMP(across / l->softness, 0, 1);
    }
    return light;
}

/* Normal deviates, to be drawn from by 12 random bits. */
#define N_DEVIATES 4096
static float *deviates(pm_random *r)
{
    float *table = g_new(float, N_DEVIATES);
    for (int i = 0; i < N_DEVIATES; i++) {
        double sum = -6;
        for (int k = 0; k < 12; k++)
            sum += pm_random_range(r, 0, 1);
        table[i] = (float)sum;
    }
    return table;
}

/* Light, paper, noise, and the photocopier's contrast, in one pass. */
static void expose(const pm_plan *plan, const pm_pixels *p, pm_random *r)
{
    clouds paper;
    clouds_make(&paper, r);
    g_autofree float *normal = deviates(r);
    const double angle = pm_random_range(r, 0, 2 * G_PI);
    const lighting l = {(float)cos(angle), (float)sin(angle), (float)pm_random_range(r, -0.3, 0.1), (float)pm_random_range(r, 0.03, 0.3)};
    const float gain = plan->contrast > 0 ? 2.2f : 1, lift = plan->contrast > 0 ? 20 : 0, noise = (float)plan->noise;
    const float du = 1 / (float)p->width;
    const float keep = (float)(1 - plan->fade), lighter = MAX(0, (float)plan->exposure) * 255, dim = 1 + MIN(0, (float)plan->exposure);
    for (int y = 0; y < p->height; y++) {
        uint8_t *q = p->rgb + (size_t)y * (size_t)p->width * 3;
        const float v = (float)y / (float)p->height;
        guint64 bits = 0;
        for (int x = 0; x < p->width; x++, q += 3, bits >>= 12) {
            if (x % 5 == 0)
                bits = pm_random_next(r);
            const float u = (float)x * du;
            const float light = light_at(plan, &l, u - 0.5f, v - 0.5f),
                        cloud = (float)plan->paper * clouds_at(&paper, u * CLOUD, v * CLOUD);
            const float add = noise * normal[bits % N_DEVIATES] - fabsf(cloud) + 2;
            float rgb[3] = {q[0], q[1], q[2]};
            if (plan->gray)
                rgb[0] = rgb[1] = rgb[2] = 0.299f * rgb[0] + 0.587f * rgb[1] + 0.114f * rgb[2];
            for (int k = 0; k < 3; k++) {
                const float ink = 255 - (255 - rgb[k]) * keep, s = ((ink * dim + lighter) * light + add - 128) * gain + 128 + lift;
                q[k] = (uint8_t)CLAMP(s + 0.5f, 0, 255);
            }
        }
    }
}

/* A fax knows black and white; the coder then sees its edges. */
static void threshold(const pm_pixels *p)
{
    for (size_t i = 0; i < (size_t)p->width * (size_t)p->height; i++) {
        uint8_t *q = p->rgb + 3 * i;
        q[0] = q[1] = q[2] = q[1] < 212 ? 0 : 255;
    }
}

static void specks(const pm_plan *plan, const pm_pixels *p, pm_random *r)
{
    const guint n = (guint)(plan->specks * 900);
    for (guint i = 0; i < n; i++) {
        const int x = (int)pm_random_below(r, (guint)p->width - 4), y = (int)pm_random_below(r, (guint)p->height - 4);
        const int w = 1 + (int)pm_random_below(r, 3), h = 1 + (int)pm_random_below(r, 3);
        for (int k = 0; k < h; k++)
            memset(p->rgb + 3 * ((size_t)(y + k) * (size_t)p->width + (size_t)x), 20, 3 * (size_t)w);
    }
}

bool pm_capture_take(const pm_plan *plan, const pm_warp *warp, cairo_surface_t *surface, pm_random *r, pm_pixels *out, GError **error)
{
    pm_pixels flat = {0};
    if (!pm_pixels_new(cairo_image_surface_get_width(surface), cairo_image_surface_get_height(surface), &flat, error))
        return false;
    surface_pixels(surface, &flat);
    if (warp->identity)
        *out = flat;
    else {
        if (!pm_pixels_new(warp->out_width, warp->out_height, out, error)) {
            pm_pixels_clear(&flat);
            return false;
        }
        warp_pixels(plan, warp, &flat, out);
        pm_pixels_clear(&flat);
    }
    if (!blur_pixels(out, plan->blur, error)) {
        pm_pixels_clear(out);
        return false;
    }
    if (plan->noise > 0 || plan->light > 0 || plan->paper > 0 || plan->gray || plan->fade > 0 || plan->exposure != 0)
        expose(plan, out, r);
    if (plan->fax)
        threshold(out);
    specks(plan, out, r);
    return true;
}
