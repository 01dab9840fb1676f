#include "page/sign.h"
#include "page/ink.h"
#include "page/reading.h"
#include <math.h>

/* The applicant's own labels; whoever is responsible or has checked signs elsewhere. They stand in running text too: a label is one where a
 * mark follows, or at the end of its line. */
static const char *const LABELS[] = {"承诺人", "申报人", "申请人", "本人签字", "本人签名", "本人签章", "按手印", "捺印"};
static const gunichar MARKS[] = {':', 0xFF1A, '(', 0xFF08, ')', 0xFF09, 0x7B7E /* 签 */, 0x76D6 /* 盖 */, '_'};

/* In heights of the label's line: the zone beside a label, and how large a personal seal or a fingerprint may be. An official seal is twice
 * as large. */
static const float ZONE_RIGHT = 11.0F, ZONE_ABOVE = 1.6F, ZONE_BELOW = 4.0F, SIGNED_RIGHT = 8.0F, SIGNED_ABOVE = 0.5F;
static const float SEAL_LEAST = 0.9F, SEAL_MOST = 4.5F, GAP = 2.5F;
/* Lines read this surely are print. */
static const float PRINT = 0.80F;
enum { CELL_PX = 4 };

static bf_form label_form(const char *text, bool marked)
{
    bf_form form = {.kind = BF_FORM_LABEL};
    form.symbols = g_new0(bf_symbol, (gsize)g_utf8_strlen(text, -1) + 1);
    for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
        bf_symbol *s = &form.symbols[form.n_symbols++];
        s->alts = g_new(gunichar, 1);
        s->alts[0] = g_utf8_get_char(p);
        s->n_alts = 1;
        s->gap = BF_GAP_TIGHT;
    }
    if (marked)
        form.symbols[form.n_symbols++] = (bf_symbol){g_memdup2(MARKS, sizeof MARKS), G_N_ELEMENTS(MARKS), BF_GAP_TIGHT};
    return form;
}

/* Without a mark a label counts at the end of its line only. */
static bool is_label(const bf_reading *reading, const bf_query *query, const bf_hit *hit)
{
    const bf_form *form = &query->forms[hit->form];
    if (form->symbols[form->n_symbols - 1].n_alts > 1)
        return true;
    if (hit->n_centres == 0) /* somewhere on the line; a look that knows where decides */
        return false;
    const bf_quad *line = &g_array_index(reading->lines, bf_line, hit->line).quad;
    guint last = MIN(hit->n_centres, form->n_symbols) - 1;
    float height = hypotf(line->x[3] - line->x[0], line->y[3] - line->y[0]);
    float dx = (line->x[1] + line->x[2]) / 2 - hit->centre_x[last], dy = (line->y[1] + line->y[2]) / 2 - hit->centre_y[last];
    return hypotf(dx, dy) < 1.1F * height;
}

bf_query *bf_signing_query_new(const bf_query *query)
{
    bf_query *q = g_new0(bf_query, 1);
    q->n_forms = query->n_forms + 2 * G_N_ELEMENTS(LABELS);
    q->forms = g_new0(bf_form, q->n_forms);
    memcpy(q->forms, query->forms, query->n_forms * sizeof(bf_form));
    for (gsize i = 0; i < G_N_ELEMENTS(LABELS); i++) {
        q->forms[query->n_forms + 2 * i] = label_form(LABELS[i], true);
        q->forms[query->n_forms + 2 * i + 1] = label_form(LABELS[i], false);
    }
    return q;
}

void bf_signing_query_free(bf_query *q, const bf_query *query)
{
    for (guint i = query->n_forms; i < q->n_forms; i++) {
        for (guint s = 0; s < q->forms[i].n_symbols; s++)
            g_free(q->forms[i].symbols[s].alts);
        g_free(q->forms[i].symbols);
    }
    g_free(q->forms);
    g_free(q);
}

static bf_rect clipped(const bf_picture *p, float left, float top, float right, float bottom)
{
    bf_rect r = {(int)left, (int)top, (int)(right - left), (int)(bottom - top)};
    return bf_rect_intersect(r, (bf_rect){0, 0, p->width_px, p->height_px});
}

/* ---- seals and fingerprints ---- */

/* The zone as a grid of cells, each with the ink of a seal in it or not. */
typedef struct {
    bf_rect zone;
    int cols, rows;
    uint8_t *inked;
} grid;

/* Is this pixel within a line that reads as print? */
static bool is_print(const bf_reading *reading, int x, int y)
{
    for (guint i = 0; i < reading->lines->len; i++) {
        const bf_line *l = &g_array_index(reading->lines, bf_line, i);
        bf_rect b = bf_line_bounds(l);
        if (l->confidence >= PRINT && !l->composed && x >= b.x && x < b.x + b.w && y >= b.y && y < b.y + b.h)
            return true;
    }
    return false;
}

/* The brightness that most of the zone has: its paper. */
static guint paper(const bf_picture *picture, bf_rect zone)
{
    guint histogram[256] = {0}, mode = 255;
    for (int y = zone.y; y < zone.y + zone.h; y++)
        for (int x = zone.x; x < zone.x + zone.w; x++)
            histogram[bf_luma(picture, x, y)]++;
    for (guint i = 0; i < 256; i++)
        mode = histogram[i] > histogram[mode] ? i : mode;
    return mode;
}

/* A gray scan shows a red seal as gray ink that no line accounts for. */
static bool is_gray_ink(const bf_picture *picture, const bf_reading *reading, bf_rect cell, guint white)
{
    for (int y = cell.y; y < cell.y + cell.h; y += 2)
        for (int x = cell.x; x < cell.x + cell.w; x += 2)
            if (bf_luma(picture, x, y) + 60U < white)
                return !is_print(reading, x, y);
    return false;
}

static grid inked_cells(const bf_picture *picture, const bf_reading *reading, bf_rect zone, bool gray)
{
    guint white = paper(picture, zone);
    grid g = {zone, zone.w / CELL_PX, zone.h / CELL_PX, NULL};
    g.inked = g_new0(uint8_t, (gsize)MAX(g.cols * g.rows, 1));
    for (int y = 0; y < g.rows; y++)
        for (int x = 0; x < g.cols; x++) {
            bf_rect cell = {zone.x + x * CELL_PX, zone.y + y * CELL_PX, CELL_PX, CELL_PX};
            g.inked[y * g.cols + x] = gray ? is_gray_ink(picture, reading, cell, white) : bf_red_share(picture, cell) > 0.1F;
        }
    return g;
}

/* Takes the cells that hang together with a seed, over gaps of one cell; gives their bounds in pixels. */
static bf_rect take_cells(grid *g, int seed, GArray *stack)
{
    int x0 = seed % g->cols, x1 = x0, y0 = seed / g->cols, y1 = y0;
    g_array_set_size(stack, 0);
    g_array_append_val(stack, seed);
    g->inked[seed] = 0;
    while (stack->len > 0) {
        int at = g_array_index(stack, int, stack->len - 1), x = at % g->cols, y = at / g->cols;
        g_array_set_size(stack, stack->len - 1);
        x0 = MIN(x0, x);
        x1 = MAX(x1, x);
        y0 = MIN(y0, y);
        y1 = MAX(y1, y);
        for (int ny = MAX(y - 2, 0); ny <= MIN(y + 2, g->rows - 1); ny++)
            for (int nx = MAX(x - 2, 0); nx <= MIN(x + 2, g->cols - 1); nx++)
                if (g->inked[ny * g->cols + nx]) {
                    int next = ny * g->cols + nx;
                    g->inked[next] = 0;
                    g_array_append_val(stack, next);
                }
    }
    return (bf_rect){g->zone.x + x0 * CELL_PX, g->zone.y + y0 * CELL_PX, (x1 - x0 + 1) * CELL_PX, (y1 - y0 + 1) * CELL_PX};
}

static void find_seals(const bf_picture *picture, const bf_reading *reading, bf_rect zone, float height, GArray *ink)
{
    bool gray = picture->channels == 1;
    if (bf_rect_is_empty(zone) || (!gray && bf_red_share(picture, zone) == 0))
        return;
    grid g = inked_cells(picture, reading, zone, gray);
    g_autoptr(GArray) stack = g_array_new(FALSE, FALSE, sizeof(int));
    for (int i = 0; i < g.cols * g.rows; i++) {
        if (!g.inked[i])
            continue;
        bf_rect r = take_cells(&g, i, stack);
        float least = (float)MIN(r.w, r.h), most = (float)MAX(r.w, r.h);
        if (least < SEAL_LEAST * height || most > SEAL_MOST * height)
            continue;
        bf_signed_ink found = {bf_rect_grow(r, CELL_PX, CELL_PX), BF_MASK_SEAL};
        g_array_append_val(ink, found);
    }
    g_free(g.inked);
}

/* ---- signatures ---- */

/* The bounds of what is clearly darker than the zone's paper and stands in no line of print, from left to right up to a gap of gap_px: what
 * comes after that is no longer the signature. */
static bf_rect loose_ink(const bf_picture *picture, const bf_reading *reading, bf_rect zone, int gap_px)
{
    guint white = paper(picture, zone);
    bf_rect all = {0};
    for (int x = zone.x; x < zone.x + zone.w && (all.w == 0 || x < all.x + all.w + gap_px); x += 2)
        for (int y = zone.y; y < zone.y + zone.h; y += 2) {
            if (bf_luma(picture, x, y) + 60U > white || is_print(reading, x, y))
                continue;
            all = bf_rect_union(all, (bf_rect){x, y, 2, 2});
        }
    return all;
}

static void find_signature(const bf_picture *picture, const bf_reading *reading, bf_rect zone, float height, GArray *ink)
{
    if (bf_rect_is_empty(zone))
        return;
    bf_rect r = loose_ink(picture, reading, zone, (int)(GAP * height));
    /* A ruled line to sign on is as long as the zone and flat; a signature has some height. */
    if (r.w < (int)(0.6F * height) || r.h < (int)(0.35F * height))
        return;
    bf_signed_ink found = {bf_rect_grow(r, CELL_PX, CELL_PX), BF_MASK_SIGNATURE};
    g_array_append_val(ink, found);
}

void bf_find_signed_ink(const bf_picture *picture, const bf_reading *reading, const bf_query *query, GArray *ink)
{
    for (guint i = 0; i < reading->labels->len; i++) {
        const bf_hit *label = &g_array_index(reading->labels, bf_hit, i);
        const bf_quad *q = &label->quad;
        if (!is_label(reading, query, label))
            continue;
        bf_rect b = bf_quad_bounds(q);
        float h = (float)b.h / 1.3F, right = (float)(b.x + b.w), top = (float)b.y, bottom = (float)(b.y + b.h);
        find_seals(picture, reading, clipped(picture, (float)b.x, top - ZONE_ABOVE * h, right + ZONE_RIGHT * h, bottom + ZONE_BELOW * h), h, ink);
        find_signature(picture, reading,
                       clipped(picture, right, top - SIGNED_ABOVE * h, right + SIGNED_RIGHT * h, bottom + SIGNED_ABOVE * h), h, ink);
    }
}
