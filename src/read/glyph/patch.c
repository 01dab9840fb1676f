#include "read/glyph/patch.h"
#include "read/line_crop.h"
#include <math.h>
#include <string.h>

/* How much of the line's height is seen; the rest follows from the patch's sides. */
static const float SEEN = 1.15F;
/* Brightness between ink and paper below which there is none. */
static const float CONTRAST = 24;
enum { EDGES = 4, LINE_PX = 56 /* the line's height in a patch */ };

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

static float row_ink(const float *v, int y)
{
    float sum = 0;
    for (int x = 0; x < PATCH_WIDTH; x++)
        sum += v[y * PATCH_WIDTH + x];
    return sum;
}

/* The rows from y0 on that hang together: no more than two of them are blank. */
static bool next_band(const float *v, int from, int *y0, int *y1)
{
    static const float BLANK = 1.5F;
    enum { GAP = 3 };
    while (from < PATCH_HEIGHT && row_ink(v, from) <= BLANK)
        from++;
    *y0 = *y1 = from;
    for (int y = from; y < PATCH_HEIGHT && y - *y1 < GAP; y++)
        if (row_ink(v, y) > BLANK)
            *y1 = y + 1;
    return *y0 < PATCH_HEIGHT;
}

/* A border above or below, tilted perhaps: it runs through all columns, and is thin in each. */
static bool is_border(const float *v, int y0, int y1)
{
    static const float THIN = 4;
    float sum = 0;
    int columns = 0;
    for (int x = 0; x < PATCH_WIDTH; x++) {
        float ink = 0;
        for (int y = y0; y < y1; y++)
            ink += v[y * PATCH_WIDTH + x];
        columns += ink > 0.5F;
        sum += ink;
    }
    return columns > 0.85F * PATCH_WIDTH && sum < THIN * PATCH_WIDTH;
}

/* A tilted border that leaves the patch above or below: longer than any stroke, and thin. */
static bool is_cut_border(const float *v, int y0, int y1)
{
    static const float THIN = 4;
    float sum = 0;
    int run = 0, longest = 0;
    for (int x = 0; x < PATCH_WIDTH; x++) {
        float ink = 0;
        for (int y = y0; y < y1; y++)
            ink += v[y * PATCH_WIDTH + x];
        run = ink > 0.3F ? run + 1 : 0;
        longest = MAX(longest, run);
        sum += ink;
    }
    return (y0 == 0 || y1 == PATCH_HEIGHT) && longest > LINE_PX && sum < THIN * (float)longest;
}

static void clear_rows(float *v, int y0, int y1)
{
    for (int i = y0 * PATCH_WIDTH; i < y1 * PATCH_WIDTH; i++)
        v[i] = 0;
}

/* What lies beyond a border is another cell's. A border through the middle is none: the text is struck out. */
static void keep_cell(float *v)
{
    static const float MIDDLE = 0.25F;
    int above = 0, below = PATCH_HEIGHT, top, bottom;
    for (int from = 0; next_band(v, from, &top, &bottom); from = bottom) {
        if (!is_border(v, top, bottom) && !is_cut_border(v, top, bottom))
            continue;
        clear_rows(v, top, bottom);
        if ((float)bottom <= (0.5F - MIDDLE) * PATCH_HEIGHT)
            above = bottom;
        else if ((float)top >= (0.5F + MIDDLE) * PATCH_HEIGHT)
            below = MIN(below, top);
    }
    clear_rows(v, 0, above);
    clear_rows(v, below, PATCH_HEIGHT);
}

/* Where the text's rows begin and end. A blank patch: nothing, false. */
static bool find_text_rows(const float *v, int *y0, int *y1)
{
    int top, bottom;
    *y0 = PATCH_HEIGHT;
    *y1 = 0;
    for (int from = 0; next_band(v, from, &top, &bottom); from = bottom) {
        *y0 = MIN(*y0, top);
        *y1 = MAX(*y1, bottom);
    }
    return *y0 < *y1;
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

/* Fills the samples. *inked: ink stands out there. */
static bool cut(const bf_picture *picture, const bf_glyph_place *place, bf_patch *out, bool *inked)
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
    *inked = false;
    if (!bf_line_crop(picture, &q, NULL, PATCH_HEIGHT, squeeze, PATCH_WIDTH, &crop, NULL))
        return false;
    if (crop->width_px != PATCH_WIDTH)
        return true; /* a place without an extent */
    brightness(crop, out->samples);
    *inked = to_ink(out->samples);
    if (*inked) {
        keep_cell(out->samples); /* before the rulings: of a tilted one these leave the ends */
        drop_rulings(out->samples);
    }
    return true;
}

/* The place as the rows [y0, y1) of its patch say: a line's box may be far higher than its characters, as in the cell of a table. */
static bf_glyph_place closer(const bf_glyph_place *place, int y0, int y1)
{
    static const float LEAST = 0.4F;
    float share = MAX((float)(y1 - y0) / PATCH_HEIGHT * SEEN, LEAST), by = ((float)(y0 + y1) / 2 / PATCH_HEIGHT - 0.5F) * SEEN;
    return (bf_glyph_place){place->x + place->down_x * by, place->y + place->down_y * by, place->right_x * share,
                            place->right_y * share,        place->down_x * share,         place->down_y * share};
}

bool bf_patch_cut(const bf_picture *picture, const bf_glyph_place *place, bf_patch *out)
{
    static const float LOW = 0.65F;
    bool inked;
    int y0, y1;
    memset(out, 0, sizeof *out);
    out->ink = (bf_ink){out->samples, PATCH_WIDTH, PATCH_HEIGHT};
    if (!cut(picture, place, out, &inked))
        return false;
    if (!inked || !find_text_rows(out->samples, &y0, &y1))
        return true;
    if ((float)(y1 - y0) < LOW * PATCH_HEIGHT) {
        bf_glyph_place near = closer(place, y0, y1);
        if (!cut(picture, &near, out, &inked))
            return false;
        if (!inked || !find_text_rows(out->samples, &y0, &y1))
            return true;
    }
    find_boxes(out);
    return true;
}
