/* Masks as the applicant made them: what shines through flat dark pieces; the rest is found elsewhere and told here. */
#include "page/check_page.h"
#include "page/ink.h"
#include "page/reading.h"
#include <math.h>

enum { SMALL_PX = 1000, DARK = 96, BARS_MAX = 60, SHINES = 3 };

typedef struct {
    bf_rect rect; /* upright */
} bar;

/* ---- flat dark pieces ---- */

static uint8_t *dark_map(const bf_picture *p, float scale, int w, int h)
{
    uint8_t *map = g_try_malloc0((gsize)w * (gsize)h);
    for (int y = 0; map != NULL && y < h; y++)
        for (int x = 0; x < w; x++) {
            int px = MIN((int)(((float)x + 0.5F) / scale), p->width_px - 1), py = MIN((int)(((float)y + 0.5F) / scale), p->height_px - 1);
            map[y * w + x] = bf_luma(p, px, py) < DARK;
        }
    return map;
}

/* Grows a rectangle of dark pixels from its left top corner: right as far as the first row is dark, then down while the rows are. */
static bf_rect grow_bar(const uint8_t *map, int w, int h, int x0, int y0)
{
    int x1 = x0, y1 = y0;
    while (x1 < w && map[y0 * w + x1])
        x1++;
    for (; y1 < h; y1++) {
        int dark = 0;
        for (int x = x0; x < x1; x++)
            dark += map[y1 * w + x];
        if (dark * 20 < (x1 - x0) * 19)
            break;
    }
    return (bf_rect){x0, y0, x1 - x0, y1 - y0};
}

static void clear_bar(uint8_t *map, int w, bf_rect r)
{
    for (int y = r.y; y < r.y + r.h; y++)
        memset(map + y * w + r.x, 0, (gsize)r.w);
}

static void find_bars(const bf_picture *picture, GArray *bars)
{
    float scale = MIN(1.0F, (float)SMALL_PX / (float)MAX(picture->width_px, picture->height_px));
    int w = MAX(1, (int)((float)picture->width_px * scale)), h = MAX(1, (int)((float)picture->height_px * scale));
    g_autofree uint8_t *map = dark_map(picture, scale, w, h);
    for (int y = 0; map != NULL && y < h; y++)
        for (int x = 0; x < w && bars->len < BARS_MAX; x++) {
            if (!map[y * w + x])
                continue;
            bf_rect r = grow_bar(map, w, h, x, y);
            clear_bar(map, w, (bf_rect){r.x, r.y, r.w, MAX(r.h, 1)});
            bool like_a_mask = r.h >= 4 && r.w >= 14 && r.w * 2 > r.h * 3 && r.w * r.h < w * h / 5;
            if (like_a_mask) {
                bar b = {{(int)((float)r.x / scale), (int)((float)r.y / scale), (int)((float)r.w / scale), (int)((float)r.h / scale)}};
                g_array_append_val(bars, b);
            }
        }
}

/* ---- what shines through ---- */

/* The inside stretched to the full range of tones; false when it is as flat as an opaque mask is. */
static bool stretch_inside(const bf_picture *p, bf_rect r, bf_picture **out)
{
    guint histogram[256] = {0}, n = 0, seen = 0;
    bf_rect in = bf_rect_grow(r, -MAX(2, r.h / 12), -MAX(2, r.h / 12));
    if (in.w < 24 || in.h < 16) /* no character below it could be read */
        return false;
    for (int y = in.y; y < in.y + in.h; y++)
        for (int x = in.x; x < in.x + in.w; x++, n++)
            histogram[bf_luma(p, x, y)]++;
    int low = 0, high = 255;
    while (low < 255 && (seen += histogram[low]) * 50 < n)
        low++;
    for (seen = 0; high > 0 && (seen += histogram[high]) * 50 < n;)
        high--;
    if (high - low < SHINES)
        return false;
    int margin = r.h / 2;
    if (!bf_picture_new(in.w + 2 * margin, in.h + 2 * margin, 1, out, NULL))
        return false;
    memset((*out)->data, 255, (gsize)(*out)->width_px * (gsize)(*out)->height_px); /* paper around it, as a reader is used to */
    for (int y = 0; y < in.h; y++)
        for (int x = 0; x < in.w; x++) {
            int tone = (bf_luma(p, in.x + x, in.y + y) - low) * 255 / (high - low);
            (*out)->data[(gsize)(y + margin) * (gsize)(*out)->width_px + (gsize)(x + margin)] = (uint8_t)CLAMP(tone, 0, 255);
        }
    return true;
}

/* Reads what is below a mask. *named: the name; *text: anything that is surely print. */
static bool read_below(const bf_check_view *v, const bf_picture *below, bool *named, bool *text, GError **error)
{
    bf_reading reading = {0};
    bf_reading_init(&reading);
    bool ok = bf_read_plain(v->worker, below, v->task->query, &reading, error);
    *named = ok && reading.hits->len > 0;
    for (guint i = 0; ok && i < reading.lines->len; i++) {
        const bf_line *l = &g_array_index(reading.lines, bf_line, i);
        *text = *text || (l->n_chars >= 2 && l->confidence >= 0.75F);
    }
    bf_reading_clear(&reading);
    return ok;
}

static bool check_shine(const bf_check_view *v, bf_rect r, GError **error)
{
    g_autoptr(bf_picture) below = NULL;
    bool named = false, text = false;
    if (!stretch_inside(v->picture, r, &below))
        return true;
    if (!read_below(v, below, &named, &text, error))
        return false;
    if (named)
        bf_check_add(v, "name-shines-through", v->task->check_unmasked ? BF_FINDING_WARN : BF_FINDING_MEND, r);
    else if (text)
        bf_check_add(v, "mask-translucent", BF_FINDING_WARN, r);
    return true;
}

/* ---- all ---- */

static void add_places(const bf_check_view *v, const char *rule, const GArray *places)
{
    for (guint i = 0; i < places->len; i++)
        bf_check_add(v, rule, v->task->check_unmasked ? BF_FINDING_NOTE : BF_FINDING_WARN, g_array_index(places, bf_rect, i));
}

bool bf_check_masks(const bf_check_view *v, GError **error)
{
    g_autoptr(GArray) bars = g_array_new(FALSE, FALSE, sizeof(bar));
    g_autoptr(GArray) mosaic = g_array_new(FALSE, FALSE, sizeof(bf_rect)), smeared = g_array_new(FALSE, FALSE, sizeof(bf_rect));
    g_autoptr(GArray) thin = g_array_new(FALSE, FALSE, sizeof(bf_rect));
    bf_find_thin(v->picture, v->reading->lines, thin);
    bf_find_cut(v->picture, v->reading->lines, thin);
    for (guint i = 0; i < thin->len; i++)
        bf_check_add(v, "mask-too-thin", BF_FINDING_WARN, g_array_index(thin, bf_rect, i));
    find_bars(v->picture, bars);
    for (guint i = 0; i < bars->len; i++)
        if (!check_shine(v, g_array_index(bars, bar, i).rect, error))
            return false;
    bf_find_mosaic(v->picture, mosaic);
    bf_find_smeared(v->picture, v->reading->lines, smeared);
    add_places(v, "mask-mosaic", mosaic);
    add_places(v, "mask-blurred", smeared);
    return true;
}
