/* Is print lost in the dark? Where print differs from its paper by so little that no single pixel tells it from grain, a few hundred pixels
 * together still do. The page is cut into cells of less than a character; a cell's depth is how far its pixels lie below the mean about
 * them (root of the mean square). Cells within lines that were read say how deep print is, those beside all lines how deep paper is; cells
 * beside all lines that come nearer to print than paper does, side by side as print stands, are what nobody read. */
#include "page/ink.h"
#include "page/ink_internal.h"
#include "page/median.h"
#include <math.h>
#include <stdlib.h>

/* Of the small picture, in which characters are 12 px and more. */
enum { CELL_PX = 8, ABOUT_PX = 12, IN_A_ROW = 3, ENOUGH_CELLS = 60 };
/* From paper to print: fainter print than that which was read has to be seen too. */
static const float LIKE_PRINT = 0.4F;
/* Paper has to lie below that, but for so few cells. */
static const float QUIET = 0.95F;

typedef struct {
    int columns, rows;
    float *depth;
    uint8_t *place; /* PRINT, PAPER or neither */
} cells;

enum { NEITHER, PAPER, PRINT };

static void free_cells(cells *c)
{
    g_free(c->depth);
    g_free(c->place);
}

static float depth_of(const bf_picture *gray, const guint32 *sum, int cx, int cy)
{
    int w = gray->width_px, h = gray->height_px, stride = w + 1;
    float squares = 0;
    for (int y = cy * CELL_PX; y < (cy + 1) * CELL_PX; y++)
        for (int x = cx * CELL_PX; x < (cx + 1) * CELL_PX; x++) {
            int x0 = MAX(x - ABOUT_PX, 0), x1 = MIN(x + ABOUT_PX + 1, w), y0 = MAX(y - ABOUT_PX, 0), y1 = MIN(y + ABOUT_PX + 1, h);
            guint32 s = sum[y1 * stride + x1] - sum[y0 * stride + x1] - sum[y1 * stride + x0] + sum[y0 * stride + x0];
            float below = (float)s / (float)((x1 - x0) * (y1 - y0)) - (float)gray->data[y * w + x];
            squares += below > 0 ? below * below : 0;
        }
    return sqrtf(squares / (CELL_PX * CELL_PX));
}

/* How many pixels of a cell are left in a map. */
static int left_in(const uint8_t *map, int w, int cx, int cy)
{
    int n = 0;
    for (int y = cy * CELL_PX; y < (cy + 1) * CELL_PX; y++)
        for (int x = cx * CELL_PX; x < (cx + 1) * CELL_PX; x++)
            n += map[y * w + x];
    return n;
}

static bool make_cells(const bf_picture *gray, const GArray *lines, float scale, cells *out)
{
    int w = gray->width_px, h = gray->height_px;
    *out = (cells){.columns = w / CELL_PX, .rows = h / CELL_PX};
    gsize n = (gsize)out->columns * (gsize)out->rows, pixels = (gsize)w * (gsize)h;
    g_autofree guint32 *sum = bf_ink_integral(gray);
    g_autofree uint8_t *beyond = g_try_malloc(pixels), *outside = g_try_malloc(pixels);
    out->depth = g_try_new(float, MAX(n, 1U));
    out->place = g_try_malloc0(MAX(n, 1U));
    if (sum == NULL || beyond == NULL || outside == NULL || out->depth == NULL || out->place == NULL)
        return false;
    memset(beyond, 1, pixels);
    memset(outside, 1, pixels);
    bf_ink_clear_lines(beyond, w, h, lines, scale, 1.0F / 3);
    bf_ink_clear_lines(outside, w, h, lines, scale, 0);
    for (int cy = 0; cy < out->rows; cy++)
        for (int cx = 0; cx < out->columns; cx++) {
            int at = cy * out->columns + cx;
            out->depth[at] = depth_of(gray, sum, cx, cy);
            out->place[at] = left_in(beyond, w, cx, cy) == CELL_PX * CELL_PX ? PAPER : left_in(outside, w, cx, cy) == 0 ? PRINT : NEITHER;
        }
    return true;
}

/* The depth below which this share of the cells of a place lie; negative: there are too few of them. */
static float depth_at(const cells *c, uint8_t place, float share)
{
    g_autoptr(GArray) depths = g_array_new(FALSE, FALSE, sizeof(float));
    for (int i = 0; i < c->columns * c->rows; i++)
        if (c->place[i] == place)
            g_array_append_val(depths, c->depth[i]);
    return depths->len < ENOUGH_CELLS ? -1 : bf_quantile(depths, share);
}

/* Cells of paper deeper than the limit, IN_A_ROW side by side or one below the other. */
static guint count_rows(const cells *c, float limit)
{
    const int steps[2] = {1, c->columns};
    guint n = 0;
    for (int i = 0; i < c->columns * c->rows; i++)
        for (int k = 0; k < 2; k++) {
            int along = k == 0 ? i % c->columns : i / c->columns, end = k == 0 ? c->columns : c->rows, deep = 0;
            for (int j = 0; j < IN_A_ROW && along + IN_A_ROW <= end; j++)
                deep += c->place[i + j * steps[k]] == PAPER && c->depth[i + j * steps[k]] > limit;
            n += deep == IN_A_ROW;
        }
    return n;
}

guint bf_unread_dim_print(const bf_picture *picture, const GArray *lines)
{
    g_autoptr(bf_picture) gray = NULL;
    float scale;
    cells c = {0};
    guint n = G_MAXUINT;
    if (bf_ink_small_gray(picture, &gray, &scale, NULL) && make_cells(gray, lines, scale, &c)) {
        float paper = depth_at(&c, PAPER, 0.5F), print = depth_at(&c, PRINT, 0.5F), noisy = depth_at(&c, PAPER, QUIET);
        float limit = paper + LIKE_PRINT * (print - paper);
        if (paper >= 0 && print > paper && noisy < limit)
            n = count_rows(&c, limit);
    }
    free_cells(&c);
    return n;
}
