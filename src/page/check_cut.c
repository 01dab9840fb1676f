/* Bars in the paper's own colour over a name that leave the tops and the feet of its characters: no edge of the bar is to be seen, but all
 * strokes end at one height and go on at another, and between the two nothing is left. Print has such gaps between its lines, where it goes
 * on beyond them for a whole character, and in characters made of lying strokes, which are wide; here little is left, and it is narrow. */
#include "page/check_page.h"
#include "page/ink.h"
#include <math.h>
#include <stdlib.h>

/* Of the height of a line's box, which is half as high again as its characters or twice as high: what is looked at at a time, how far from
 * one look to the next, how far beyond a line's ends, how far from the line's middle the gap's may lie, and how high characters are. */
static const float WINDOW = 0.7F, STEP = 0.25F, BEYOND = 5, OFF_MIDDLE = 0.25F, ALL_LOW = 0.30F, ALL_HIGH = 0.85F;
/* Of the characters' height: the gap, and what is left above or below it. */
static const float GAP_LOW = 0.38F, LEFT_LOW = 0.07F, LEFT_HIGH = 0.42F;
/* The widest cut stroke, the shortest rule, and the least that a name is wide. */
static const float STROKE = 0.33F, RULE = 0.8F, NAME_LEAST = 1.0F;
/* Ink is darker than this share of the paper. */
static const float INK = 0.68F;
/* Of the page's own paper: darker windows are pictures. */
static const float AS_LIGHT = 0.8F;
/* Strokes that do not reach up to the bar leave the gap higher, by so much at most. */
static const float RAGGED = 0.08F;
enum { STROKES_LEAST = 2, STROKES_TOGETHER = 6, LOWEST_PX = 18, ROWS_MAX = 512 };

typedef struct {
    int top, bottom; /* rows, half-open */
    bool found;
} gap;

static int paper_of(const bf_picture *p, bf_rect r)
{
    guint histogram[256] = {0}, seen = 0, n = (guint)(r.w * r.h);
    int light = 255;
    for (int y = r.y; y < r.y + r.h; y++)
        for (int x = r.x; x < r.x + r.w; x++)
            histogram[bf_luma(p, x, y)]++;
    while (light > 0 && (seen += histogram[light]) * 3 < n)
        light--;
    return light;
}

/* Two pixels together, since one may be grain. x + 1 lies on the picture. */
static bool is_ink(const bf_picture *p, int x, int y, int paper)
{
    return (float)(bf_luma(p, x, y) + bf_luma(p, x + 1, y)) < 2 * INK * (float)paper;
}

/* Pieces of ink in a row that are as wide as a cut stroke may be; none when one is as wide as a rule. */
static int count_in_row(const bf_picture *p, bf_rect r, int y, int paper, float height)
{
    int n = 0, run = 0;
    for (int x = r.x; x + 1 < r.x + r.w; x++) {
        bool ink = is_ink(p, x, y, paper);
        n += !ink && run > 0 && (float)run <= STROKE * height;
        run = ink ? run + 1 : 0;
        if ((float)run > RULE * height)
            return 0;
    }
    return n + (run > 0 && (float)run <= STROKE * height);
}

/* The same beside a gap's edge, which is soft. */
static int count_strokes(const bf_picture *p, bf_rect r, int y, int step, int paper, float height)
{
    int first = count_in_row(p, r, y, paper, height);
    return y + step < 0 || y + step >= p->height_px ? first : MAX(first, count_in_row(p, r, y + step, paper, height));
}

static bool has_ink(const bf_picture *p, bf_rect r, int y, int paper)
{
    for (int x = r.x; x + 1 < r.x + r.w; x++)
        if (is_ink(p, x, y, paper))
            return true;
    return false;
}

/* How many rows of ink there are from row `at` on, over single blank ones. */
static int rows_of_ink(const bool *inked, int n, int at, int step)
{
    int rows = 0, last = 0;
    for (int i = at; i >= 0 && i < n && rows - last < 2; i += step) {
        rows++;
        last = inked[i] ? rows : last;
    }
    return last;
}

/* Is the stretch of blank rows from top to bottom what a bar would leave, seen from the middle row of n? */
static bool is_gap(const bool *inked, int n, int top, int bottom, float height)
{
    float open = (float)(bottom - top), up = (float)rows_of_ink(inked, n, top - 1, -1), down = (float)rows_of_ink(inked, n, bottom, 1);
    float all = open + up + down, middle = (float)(top + bottom) / 2 + (down - up) / 2;
    return all >= ALL_LOW * height && all <= ALL_HIGH * height && open >= GAP_LOW * all && MIN(up, down) >= MAX(LEFT_LOW * all, 2.0F) &&
           MAX(up, down) <= LEFT_HIGH * all && fabsf(middle - (float)n / 2) <= OFF_MIDDLE * height;
}

/* The gap in a window as high as two line boxes, if there is one that a bar would leave. */
static gap find_gap(const bf_picture *p, bf_rect window, float height, int page_paper)
{
    bool inked[ROWS_MAX];
    int paper = paper_of(p, window), n = window.h, top = 0;
    if ((float)paper < AS_LIGHT * (float)page_paper)
        return (gap){0};
    for (int i = 0; i < n; i++)
        inked[i] = has_ink(p, window, window.y + i, paper);
    for (int bottom; top < n; top = bottom + 1) {
        for (bottom = top; bottom < n && !inked[bottom];)
            bottom++;
        if (top > 0 && bottom < n && bottom - top > 2 && is_gap(inked, n, top, bottom, height))
            return (gap){window.y + top, window.y + bottom, true};
    }
    return (gap){0};
}

/* b: the gap of a row of windows that have the same; becomes empty. */
static void close_bar(const bf_picture *p, bf_rect *b, float height, GArray *places)
{
    bf_rect r = *b;
    *b = (bf_rect){0};
    if (bf_rect_is_empty(r) || (float)r.w < NAME_LEAST * height)
        return;
    bf_rect all = bf_rect_intersect(bf_rect_grow(r, 0, (int)height / 2), (bf_rect){0, 0, p->width_px, p->height_px});
    int paper = paper_of(p, all);
    int above = count_strokes(p, r, r.y - 1, -1, paper, height), below = count_strokes(p, r, r.y + r.h, 1, paper, height);
    if (MIN(above, below) >= STROKES_LEAST && above + below >= STROKES_TOGETHER)
        g_array_append_val(places, r);
}

static bool goes_on(bf_rect b, gap g, float height)
{
    int ragged = (int)(RAGGED * height) + 1;
    return !bf_rect_is_empty(b) && abs(b.y - g.top) <= ragged && abs(b.y + b.h - g.bottom) <= ragged;
}

/* The gap that two windows share. */
static bf_rect joined(bf_rect b, gap g, int right)
{
    int top = MAX(b.y, g.top);
    return (bf_rect){b.x, top, right - b.x, MIN(b.y + b.h, g.bottom) - top};
}

static void walk(const bf_picture *p, const bf_quad *q, float height, int page_paper, GArray *places)
{
    int window = (int)(WINDOW * height), step = MAX((int)(STEP * height), 1);
    float length = q->x[1] - q->x[0], slope = (q->y[1] - q->y[0]) / MAX(length, 1.0F), middle = (q->y[0] + q->y[3]) / 2;
    bf_rect b = {0};
    for (int x = MAX((int)(q->x[0] - BEYOND * height), 0); x + window <= p->width_px && (float)x < q->x[1] + BEYOND * height; x += step) {
        int at = (int)(middle + slope * ((float)x + (float)window / 2 - q->x[0]));
        bf_rect r = {x, at - (int)height, window, 2 * (int)height};
        if (r.y < 0 || r.y + r.h > p->height_px)
            continue;
        gap g = find_gap(p, r, height, page_paper);
        if (!g.found || !goes_on(b, g, height))
            close_bar(p, &b, height, places);
        if (g.found)
            b = bf_rect_is_empty(b) ? (bf_rect){x, g.top, window, g.bottom - g.top} : joined(b, g, x + window);
    }
    close_bar(p, &b, height, places);
}

int bf_paper_of_page(const bf_picture *p)
{
    enum { EVERY = 7 };
    guint histogram[256] = {0}, seen = 0, n = 0;
    int light = 255;
    for (int y = 0; y < p->height_px; y += EVERY)
        for (int x = 0; x < p->width_px; x += EVERY, n++)
            histogram[bf_luma(p, x, y)]++;
    while (light > 0 && (seen += histogram[light]) * 4 < n)
        light--;
    return light;
}

void bf_find_cut(const bf_picture *picture, const GArray *lines, GArray *places)
{
    int page_paper = bf_paper_of_page(picture);
    float usual = bf_usual_height(lines);
    for (guint i = 0; i < lines->len; i++) {
        const bf_line *l = &g_array_index(lines, bf_line, i);
        const bf_quad *q = &l->quad;
        float height = hypotf(q->x[3] - q->x[0], q->y[3] - q->y[0]), length = q->x[1] - q->x[0];
        bool lies = !l->vertical && !l->composed && length > height && fabsf(q->y[1] - q->y[0]) <= 0.2F * length;
        height = MIN(height, 1.3F * usual);
        if (lies && height >= LOWEST_PX && 2 * (int)height <= ROWS_MAX)
            walk(picture, q, height, page_paper, places);
    }
}
