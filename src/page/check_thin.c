/* Bars that an applicant drew over a name and that are lower than its characters: flat pieces of one colour with the ends of cut strokes
 * above and below. A whole mask has paper there; rules and strokes of large print are no bars by their height and by what touches them. */
#include "page/check_page.h"
#include "page/ink.h"
#include "page/median.h"
#include <math.h>
#include <stdlib.h>

/* Runs and bars are found at full size: what sticks out of a bar may be three pixels high. */
enum { RUN_LEAST_PX = 24, TONE_STEP = 32, HUE_STEP = 64, BAR_LEAST_PX = 5, OPEN_MAX = 64, BARS_MAX = 300 };
/* Of the height of a line's box, which is about half as high again as its characters. */
static const float BAR_LOW = 0.18F, BAR_HIGH = 0.80F, BAR_HIGH_ON_ONE = 0.66F, OFF_MIDDLE = 0.25F;
/* Ink is darker than this share of the paper beside it. */
static const float INK = 0.72F;
/* Paper is lighter than this share of the page's own: what is darker is a picture, with its own dark pieces. */
static const float AS_LIGHT = 0.6F;

typedef struct {
    int r, g, b;
} tone;

typedef struct {
    bf_rect rect;
    tone ink;
} flat;

/* ---- flat pieces ---- */

static tone tone_at(const bf_picture *p, int x, int y)
{
    const uint8_t *s = p->data + ((gsize)y * (gsize)p->width_px + (gsize)x) * (gsize)p->channels;
    return p->channels == 1 ? (tone){s[0], s[0], s[0]} : (tone){s[0], s[1], s[2]};
}

static int luma_of(tone t)
{
    return (t.r * 77 + t.g * 150 + t.b * 29) / 256;
}

/* Colours are coded more coarsely than brightness, and run over an edge. */
static bool is_near(tone a, tone b)
{
    return abs(luma_of(a) - luma_of(b)) <= TONE_STEP && abs(a.r - b.r) <= HUE_STEP && abs(a.g - b.g) <= HUE_STEP &&
           abs(a.b - b.b) <= HUE_STEP;
}

/* Light and without a hue. */
static bool is_paper(tone t)
{
    int low = MIN(t.r, MIN(t.g, t.b)), high = MAX(t.r, MAX(t.g, t.b));
    return low > 190 || (low > 160 && high - low < 24);
}

static bool is_bar(bf_rect r)
{
    return r.h >= BAR_LEAST_PX && r.w * 4 >= r.h * 5;
}

/* Puts a run on the piece that it goes on with, or begins one. */
static void take_run(GArray *open, int y, int x0, int x1, tone t)
{
    for (guint i = 0; i < open->len; i++) {
        flat *f = &g_array_index(open, flat, i);
        int shared = MIN(x1, f->rect.x + f->rect.w) - MAX(x0, f->rect.x);
        if (f->rect.y + f->rect.h != y || shared * 5 < MAX(x1 - x0, f->rect.w) * 4 || !is_near(f->ink, t))
            continue;
        int left = MAX(x0, f->rect.x);
        f->rect = (bf_rect){left, f->rect.y, MIN(x1, f->rect.x + f->rect.w) - left, f->rect.h + 1};
        f->ink = t;
        return;
    }
    if (open->len < OPEN_MAX) {
        flat f = {{x0, y, x1 - x0, 1}, t};
        g_array_append_val(open, f);
    }
}

/* Moves pieces that end above row y to bars. */
static void close_pieces(GArray *open, int y, GArray *bars)
{
    for (guint i = 0; i < open->len;) {
        flat f = g_array_index(open, flat, i);
        if (f.rect.y + f.rect.h > y) {
            i++;
            continue;
        }
        if (is_bar(f.rect) && bars->len < BARS_MAX)
            g_array_append_val(bars, f.rect);
        g_array_remove_index_fast(open, i);
    }
}

/* Where the run of one tone ends that begins at x. The tone may wander, as it does beside edges in a JPEG. */
static int end_of_run(const bf_picture *p, int x, int y, tone *t)
{
    int sum_r = t->r * 8, sum_g = t->g * 8, sum_b = t->b * 8;
    for (x++; x < p->width_px; x++) {
        tone here = tone_at(p, x, y), mean = {sum_r / 8, sum_g / 8, sum_b / 8};
        if (!is_near(here, mean))
            break;
        *t = mean;
        sum_r += here.r - mean.r;
        sum_g += here.g - mean.g;
        sum_b += here.b - mean.b;
    }
    return x;
}

static void find_flat(const bf_picture *p, GArray *bars)
{
    g_autoptr(GArray) open = g_array_new(FALSE, FALSE, sizeof(flat));
    for (int y = 0; y < p->height_px; y++) {
        for (int x = 0; x < p->width_px;) {
            tone t = tone_at(p, x, y);
            int end = is_paper(t) ? x + 1 : end_of_run(p, x, y, &t);
            if (end - x >= RUN_LEAST_PX && !is_paper(t))
                take_run(open, y, x, end, t);
            x = end;
        }
        close_pieces(open, y, bars);
    }
    close_pieces(open, G_MAXINT, bars);
}

/* ---- cut strokes ---- */

static int paper_of_row(const bf_picture *p, bf_rect bar, int y)
{
    guint histogram[256] = {0}, seen = 0;
    int light = 255;
    for (int x = bar.x; x < bar.x + bar.w; x++)
        histogram[bf_luma(p, x, y)]++;
    while (light > 0 && (seen += histogram[light]) * 6 < (guint)bar.w)
        light--;
    return light;
}

/* How far the ink at x goes on from row y upwards (step -1) or down. */
static int length_from(const bf_picture *p, int x, int y, int step, int paper, int most)
{
    int n = 0;
    while (n < most && y >= 0 && y < p->height_px && (float)bf_luma(p, x, y) < INK * (float)paper) {
        y += step;
        n++;
    }
    return n;
}

/* Pieces of ink that touch a bar's upper (step -1) or lower edge and end within a bar's height or so. Runs along most of the edge are
 * rules, long ones borders of cells or other things. *reach: how far the longest goes. */
static int count_cut(const bf_picture *p, bf_rect bar, int step, int page_paper, int *reach)
{
    int inside = bf_luma(p, bar.x + bar.w / 2, bar.y + bar.h / 2);
    int edge = step < 0 ? bar.y - 1 : bar.y + bar.h, most = bar.h * 3 / 2 + 2, paper = 0, first = -1, n = 0;
    *reach = 0;
    for (int d = 0; d < most && edge + step * d >= 0 && edge + step * d < p->height_px; d++)
        paper = MAX(paper, paper_of_row(p, bar, edge + step * d));
    if ((float)paper < AS_LIGHT * (float)page_paper ||
        (float)inside > INK * (float)paper) /* a picture; or paper between two lines, in a shadow */
        return 0;
    for (int d = 0; d < 5 && first < 0 && edge + step * d >= 0 && edge + step * d < p->height_px; d++)
        if ((float)paper_of_row(p, bar, edge + step * d) >= 0.85F * (float)paper)
            first = edge + step * d;
    for (int x = bar.x; first >= 0 && x < bar.x + bar.w;) {
        int longest = 0, start = x;
        for (int length; x < bar.x + bar.w && (length = length_from(p, x, first, step, paper, most)) > 0; x++)
            longest = MAX(longest, length);
        if (longest > 0 && longest < most && (x - start) * 4 < bar.w * 3) {
            *reach = MAX(*reach, longest + abs(first - edge));
            n++;
        }
        x = MAX(x, start + 1);
    }
    return n;
}

/* ---- on a line ---- */

/* Is the line no more than what detection made of the bar itself? */
static bool is_bar_itself(const bf_quad *q, bf_rect bar)
{
    return q->x[1] - q->x[0] < 1.5F * (float)bar.w && q->x[0] < (float)(bar.x + bar.w) && q->x[1] > (float)bar.x;
}

/* The height of the highest line in whose row, and at whose middle, the bar stands, or of the usual line where none is near. 0: it stands
 * beside the middle of all that are near. */
static float line_height(const GArray *lines, bf_rect bar, float usual)
{
    float best = -1, x = (float)bar.x + (float)bar.w / 2, y = (float)bar.y + (float)bar.h / 2;
    for (guint i = 0; i < lines->len; i++) {
        const bf_line *l = &g_array_index(lines, bf_line, i);
        const bf_quad *q = &l->quad;
        float height = hypotf(q->x[3] - q->x[0], q->y[3] - q->y[0]), width = q->x[1] - q->x[0];
        if (l->vertical || width < 1 || is_bar_itself(q, bar))
            continue;
        float away = MAX(q->x[0] - x, x - q->x[1]) - (float)bar.w / 2;
        float slope = (q->y[1] - q->y[0]) / width, middle = (q->y[0] + q->y[3]) / 2 + slope * (x - q->x[0]);
        if (away <= 4 * height && fabsf(y - middle) <= height / 2)
            best = MAX(best, fabsf(y - middle) <= OFF_MIDDLE * height ? height : 0);
    }
    return best < 0 ? usual : best;
}

float bf_usual_height(const GArray *lines)
{
    g_autoptr(GArray) heights = g_array_new(FALSE, FALSE, sizeof(float));
    for (guint i = 0; i < lines->len; i++) {
        const bf_line *l = &g_array_index(lines, bf_line, i);
        float height = hypotf(l->quad.x[3] - l->quad.x[0], l->quad.y[3] - l->quad.y[0]);
        if (!l->vertical)
            g_array_append_val(heights, height);
    }
    return heights->len > 0 ? bf_median(heights) : 0;
}

static bool is_thin(const bf_picture *p, const GArray *lines, bf_rect bar, float usual, int page_paper)
{
    float height = line_height(lines, bar, usual), h = (float)bar.h;
    int up, down;
    if (h < BAR_LOW * height || h > BAR_HIGH * height || (float)bar.w < 0.8F * height)
        return false;
    int above = count_cut(p, bar, -1, page_paper, &up), below = count_cut(p, bar, 1, page_paper, &down);
    bool on_both = above >= 2 && below >= 2 && (float)(up + bar.h + down) < 1.2F * height;
    bool on_one = MAX(above, below) >= 4 && (float)(MAX(up, down) + bar.h) < height && h < BAR_HIGH_ON_ONE * height;
    return on_both || on_one;
}

void bf_find_thin(const bf_picture *picture, const GArray *lines, GArray *places)
{
    g_autoptr(GArray) bars = g_array_new(FALSE, FALSE, sizeof(bf_rect));
    float usual = bf_usual_height(lines);
    int page_paper = bf_paper_of_page(picture);
    find_flat(picture, bars);
    for (guint i = 0; i < bars->len; i++)
        if (is_thin(picture, lines, g_array_index(bars, bf_rect, i), usual, page_paper))
            g_array_append_val(places, g_array_index(bars, bf_rect, i));
}
