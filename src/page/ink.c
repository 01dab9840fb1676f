#include "page/ink.h"
#include "base/clones.h"
#include "page/ink_internal.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The picture for unread ink: enough to see characters of 12 px on an A4 scan of 150 dpi, little enough to cost next to nothing. A picture
 * longer than two squares (a screenshot of many screens) goes by its short side, or its text would shrink to dust. */
enum {
    INK_SIDE_PX = 1200,
    INK_SHORT_PX = INK_SIDE_PX / 2,
    WINDOW_PX = 12,
    DARKER_BY = 28,
    FAINT_STEP = 4,
    GLYPH_MIN_PX = 5,
    GLYPH_MAX_PX = 60
};
/* More blobs than print ever has: a picture that has more is noise, and was not looked at to its end. */
enum { MAX_BLOBS = 20000 };
/* So much of its height about a line belongs to it. */
static const float AROUND_LINE = 1.0F / 3;

static bf_rect clip(const bf_picture *p, bf_rect r)
{
    return bf_rect_intersect(r, (bf_rect){0, 0, p->width_px, p->height_px});
}

BF_CLONES static void luma_of(const uint8_t *restrict rgb, int n, uint8_t *restrict out)
{
    for (int x = 0; x < n; x++)
        out[x] = (uint8_t)((rgb[3 * x] * 77 + rgb[3 * x + 1] * 150 + rgb[3 * x + 2] * 29) >> 8);
}

void bf_luma_row(const bf_picture *picture, int y, uint8_t *out)
{
    gsize width = (gsize)picture->width_px;
    const uint8_t *row = picture->data + (gsize)y * width * (gsize)picture->channels;
    if (picture->channels == 1)
        memcpy(out, row, width);
    else
        luma_of(row, picture->width_px, out);
}

static bool is_red(const uint8_t *p)
{
    return p[0] > 90 && p[0] > p[1] + 40 && p[0] > p[2] + 40;
}

float bf_red_share(const bf_picture *picture, bf_rect r)
{
    if (picture->channels != 3)
        return 0;
    r = clip(picture, r);
    gsize red = 0, seen = 0;
    int step = (gint64)r.w * r.h > 400000 ? 3 : 1;
    for (int y = r.y; y < r.y + r.h; y += step)
        for (int x = r.x; x < r.x + r.w; x += step, seen++)
            red += is_red(picture->data + ((gsize)y * (gsize)picture->width_px + (gsize)x) * 3);
    return seen > 0 ? (float)red / (float)seen : 0;
}

bool bf_is_colourless(const bf_picture *picture)
{
    enum { STEP = 3, DIFFERENT = 12 };
    for (int y = 0; picture->channels == 3 && y < picture->height_px; y += STEP)
        for (int x = 0; x < picture->width_px; x += STEP) {
            const uint8_t *p = picture->data + ((gsize)y * (gsize)picture->width_px + (gsize)x) * 3;
            if (MAX(MAX(p[0], p[1]), p[2]) - MIN(MIN(p[0], p[1]), p[2]) > DIFFERENT)
                return false;
        }
    return true;
}

bool bf_is_blank(const bf_picture *picture, bf_rect r)
{
    bf_rect c = clip(picture, r);
    if (c.w != r.w || c.h != r.h || bf_rect_is_empty(r))
        return false;
    guint histogram[256] = {0}, n = 0, inside = 0;
    for (int y = c.y; y < c.y + c.h; y++)
        for (int x = c.x; x < c.x + c.w; x++, n++)
            histogram[bf_luma(picture, x, y)]++;
    int mode = 0;
    for (int i = 0; i < 256; i++)
        mode = histogram[i] > histogram[mode] ? i : mode;
    for (int i = MAX(mode - 40, 0); i <= MIN(mode + 40, 255); i++)
        inside += histogram[i];
    return n - inside <= n / 400;
}

/* ---- unread ink ---- */

typedef struct {
    float x, y;
} point;

typedef struct {
    int x0, y0, x1, y1; /* half-open */
    guint n;
} blob;

bool bf_ink_small_gray(const bf_picture *picture, bf_picture **out, float *scale, GError **error)
{
    int width = picture->width_px, height = picture->height_px;
    *scale = MAX((float)INK_SIDE_PX / (float)MAX(width, height), (float)INK_SHORT_PX / (float)MIN(width, height));
    *scale = MIN(*scale, 1.0F);
    g_autoptr(bf_picture) small = NULL;
    if (!bf_picture_scale(picture, MAX(1, (int)((float)width * *scale)), MAX(1, (int)((float)height * *scale)), &small, error) ||
        !bf_picture_new(small->width_px, small->height_px, 1, out, error))
        return false;
    for (int y = 0; y < small->height_px; y++)
        bf_luma_row(small, y, (*out)->data + (gsize)y * (gsize)small->width_px);
    return true;
}

guint32 *bf_ink_integral(const bf_picture *gray)
{
    int w = gray->width_px, h = gray->height_px, stride = w + 1;
    guint32 *sum = g_try_new0(guint32, (gsize)stride * (gsize)(h + 1));
    for (int y = 0; sum != NULL && y < h; y++) {
        guint32 row = 0;
        for (int x = 0; x < w; x++) {
            row += gray->data[y * w + x];
            sum[(y + 1) * stride + x + 1] = sum[y * stride + x + 1] + row;
        }
    }
    return sum;
}

/* 1 where a pixel is clearly darker than its surroundings (mean over a window, by an integral image). */
static uint8_t *ink_map(const bf_picture *gray, guint32 darker_by)
{
    int w = gray->width_px, h = gray->height_px, stride = w + 1;
    g_autofree guint32 *sum = bf_ink_integral(gray);
    uint8_t *ink = g_try_malloc0((gsize)w * (gsize)h);
    if (sum == NULL || ink == NULL) {
        g_free(ink);
        return NULL;
    }
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++) {
            int x0 = MAX(x - WINDOW_PX, 0), x1 = MIN(x + WINDOW_PX + 1, w), y0 = MAX(y - WINDOW_PX, 0), y1 = MIN(y + WINDOW_PX + 1, h);
            guint32 s = sum[y1 * stride + x1] - sum[y0 * stride + x1] - sum[y1 * stride + x0] + sum[y0 * stride + x0];
            guint32 area = (guint32)((x1 - x0) * (y1 - y0));
            ink[y * w + x] = (gray->data[y * w + x] + darker_by) * area < s;
        }
    return ink;
}

static blob take_blob(uint8_t *ink, int w, int h, int seed, int *stack)
{
    blob b = {seed % w, seed / w, seed % w + 1, seed / w + 1, 0};
    int depth = 0;
    stack[depth++] = seed;
    ink[seed] = 0;
    while (depth > 0) {
        int at = stack[--depth], x = at % w, y = at / w;
        b = (blob){MIN(b.x0, x), MIN(b.y0, y), MAX(b.x1, x + 1), MAX(b.y1, y + 1), b.n + 1};
        for (int ny = MAX(y - 1, 0); ny <= MIN(y + 1, h - 1); ny++)
            for (int nx = MAX(x - 1, 0); nx <= MIN(x + 1, w - 1); nx++)
                if (ink[ny * w + nx]) {
                    ink[ny * w + nx] = 0;
                    stack[depth++] = ny * w + nx;
                }
    }
    return b;
}

static void clear_rect(uint8_t *ink, int w, int h, bf_rect r, float scale)
{
    int x0 = MAX((int)((float)r.x * scale), 0), x1 = MIN((int)((float)(r.x + r.w) * scale) + 1, w);
    int y0 = MAX((int)((float)r.y * scale), 0), y1 = MIN((int)((float)(r.y + r.h) * scale) + 1, h);
    for (int y = y0; y < y1; y++)
        if (x1 > x0)
            memset(ink + y * w + x0, 0, (gsize)(x1 - x0));
}

static point between(const bf_quad *q, int a, int b, float t)
{
    return (point){q->x[a] + t * (q->x[b] - q->x[a]), q->y[a] + t * (q->y[b] - q->y[a])};
}

/* Clears what a line accounts for, and a margin around, in pieces about as long as it is high: the bounds of a whole tilted
 * line would hold its neighbours too. */
static void clear_line(uint8_t *ink, int w, int h, const bf_quad *q, float scale, float share)
{
    float length = hypotf(q->x[1] - q->x[0], q->y[1] - q->y[0]), height = hypotf(q->x[3] - q->x[0], q->y[3] - q->y[0]);
    int pieces = (int)CLAMP(length / MAX(height, 1.0F), 1.0F, 400.0F), margin = (int)(height * share);
    for (int k = 0; k < pieces; k++) {
        float from = (float)k / (float)pieces, to = (float)(k + 1) / (float)pieces;
        point a = between(q, 0, 1, from), b = between(q, 0, 1, to), c = between(q, 3, 2, to), d = between(q, 3, 2, from);
        bf_quad piece = {{a.x, b.x, c.x, d.x}, {a.y, b.y, c.y, d.y}};
        clear_rect(ink, w, h, bf_rect_grow(bf_quad_bounds(&piece), margin, margin), scale);
    }
}

/* A line on which no reader read anything accounts for nothing. */
void bf_ink_clear_lines(uint8_t *map, int w, int h, const GArray *lines, float scale, float margin)
{
    for (guint i = 0; i < lines->len; i++) {
        const bf_line *line = &g_array_index(lines, bf_line, i);
        if (line->n_chars > 0)
            clear_line(map, w, h, &line->quad, scale, margin);
    }
}

static bool glyph_like(const blob *b)
{
    int w = b->x1 - b->x0, h = b->y1 - b->y0;
    return MAX(w, h) >= GLYPH_MIN_PX && MAX(w, h) <= GLYPH_MAX_PX && MIN(w, h) * 6 >= MAX(w, h) && b->n * 12 >= (guint)(w * h) &&
           b->n * 10 <= (guint)(w * h) * 9;
}

static bool beside(const blob *a, const blob *b)
{
    int ha = a->y1 - a->y0, hb = b->y1 - b->y0, overlap = MIN(a->y1, b->y1) - MAX(a->y0, b->y0);
    int gap = MAX(a->x0, b->x0) - MIN(a->x1, b->x1);
    return overlap * 2 > MIN(ha, hb) && MAX(ha, hb) <= 2 * MIN(ha, hb) && gap < 2 * MAX(ha, hb);
}

/* Adds a piece to the group that it touches, or as a new one. */
static void add_place(GArray *places, const blob *b, float scale)
{
    bf_rect r = {(int)((float)b->x0 / scale), (int)((float)b->y0 / scale), (int)((float)(b->x1 - b->x0) / scale) + 1,
                 (int)((float)(b->y1 - b->y0) / scale) + 1};
    for (guint i = 0; i < places->len; i++) {
        bf_rect *known = &g_array_index(places, bf_rect, i);
        if (!bf_rect_is_empty(bf_rect_intersect(bf_rect_grow(*known, 2 * r.h, r.h / 2), r))) {
            *known = bf_rect_union(*known, r);
            return;
        }
    }
    g_array_append_val(places, r);
}

/* How much darker than its surroundings ink has to be on a page whose print is faint: above the paper's grain, whose size is the median
 * difference between neighbours. Never more than usual. */
static guint32 faint_step(const bf_picture *gray)
{
    guint histogram[256] = {0}, n = 0, seen = 0;
    int w = gray->width_px, median = 0;
    for (int y = 0; y < gray->height_px; y += 2)
        for (int x = 1; x < w; x += 2, n++)
            histogram[abs(gray->data[y * w + x] - gray->data[y * w + x - 1])]++;
    while (median < 255 && (seen += histogram[median]) * 2 < n)
        median++;
    return (guint32)MIN(FAINT_STEP + 4 * median, DARKER_BY);
}

/* Is it table right beside the sheet? There the window holds paper too, than which everything is darker. */
static bool is_sheets_edge(const blob *b, const bf_quad *sheet, float scale)
{
    float x = (float)(b->x0 + b->x1) / 2 / scale, y = (float)(b->y0 + b->y1) / 2 / scale;
    if (bf_quad_holds(sheet, x, y))
        return false;
    float nearest = INFINITY;
    for (int i = 0; i < 4; i++) {
        float ax = sheet->x[i], ay = sheet->y[i], dx = sheet->x[(i + 1) % 4] - ax, dy = sheet->y[(i + 1) % 4] - ay;
        float t = CLAMP(((x - ax) * dx + (y - ay) * dy) / MAX(dx * dx + dy * dy, 1.0F), 0.0F, 1.0F);
        nearest = MIN(nearest, hypotf(x - ax - t * dx, y - ay - t * dy));
    }
    return nearest * scale < WINDOW_PX;
}

/* sheet: NULL, or on which all print stands. *step: by how much of 255 ink has to be darker than its surroundings; AS_GRAIN_ALLOWS is
 * replaced by what that was. */
enum { AS_GRAIN_ALLOWS = 0 };

static guint find_unread(const bf_picture *picture, const GArray *lines, const bf_quad *sheet, guint *step, GArray *places)
{
    g_autoptr(bf_picture) gray = NULL;
    float scale;
    if (!bf_ink_small_gray(picture, &gray, &scale, NULL))
        return G_MAXUINT; /* what cannot be looked at counts as unread */
    int w = gray->width_px, h = gray->height_px;
    if (*step == AS_GRAIN_ALLOWS)
        *step = faint_step(gray);
    g_autofree uint8_t *ink = ink_map(gray, *step);
    g_autofree int *stack = g_try_new(int, (gsize)w *(gsize)h);
    if (ink == NULL || stack == NULL)
        return G_MAXUINT;
    bf_ink_clear_lines(ink, w, h, lines, scale, AROUND_LINE);
    g_autoptr(GArray) blobs = g_array_new(FALSE, FALSE, sizeof(blob));
    for (int i = 0; i < w * h && blobs->len < MAX_BLOBS; i++)
        if (ink[i]) {
            blob b = take_blob(ink, w, h, i, stack);
            if (glyph_like(&b) && (sheet == NULL || !is_sheets_edge(&b, sheet, scale)))
                g_array_append_val(blobs, b);
        }
    if (blobs->len == MAX_BLOBS)
        return G_MAXUINT;
    guint grouped = 0;
    for (guint i = 0; i < blobs->len; i++) {
        guint neighbours = 0;
        /* Blobs come in the order of their first row, so neighbours of a row are near in the list too. */
        for (guint j = i > 150 ? i - 150 : 0; j < MIN(blobs->len, i + 150) && neighbours < 2; j++)
            neighbours += j != i && beside(&g_array_index(blobs, blob, i), &g_array_index(blobs, blob, j));
        grouped += neighbours >= 2;
        if (places != NULL && neighbours >= 2)
            add_place(places, &g_array_index(blobs, blob, i), scale);
    }
    return grouped;
}

guint bf_unread_ink(const bf_picture *picture, const GArray *lines)
{
    return find_unread(picture, lines, NULL, &(guint){DARKER_BY}, NULL);
}

guint bf_unread_ink_on_sheet(const bf_picture *picture, const GArray *lines, const bf_quad *sheet)
{
    return find_unread(picture, lines, sheet, &(guint){DARKER_BY}, NULL);
}

void bf_unread_ink_places(const bf_picture *picture, const GArray *lines, GArray *places)
{
    find_unread(picture, lines, NULL, &(guint){DARKER_BY}, places);
}

guint bf_unread_ink_darker_by(const bf_picture *picture, const GArray *lines, guint step)
{
    return find_unread(picture, lines, NULL, &step, NULL);
}

guint bf_unread_faint_ink(const bf_picture *picture, const GArray *lines, guint *step, GArray *places)
{
    *step = AS_GRAIN_ALLOWS;
    guint n = find_unread(picture, lines, NULL, step, places);
    *step = *step == AS_GRAIN_ALLOWS ? G_MAXUINT : *step;
    return n;
}
