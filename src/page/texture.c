#include "page/texture.h"
#include "page/ink.h"

/* A tile is 8 times 8 cells of 8 times 8 pixels. Of white noise an eighth of the deviation is left in the means of such cells, of pictures
 * of things more than half. */
enum { CELL = 8, TILE_CELLS = 8, TILE = CELL * TILE_CELLS, STRONG = 20 };
static const double EVENED = 0.3;

typedef struct {
    double sum, squares;
    int n;
} spread;

static void add(spread *s, double value)
{
    s->sum += value;
    s->squares += value * value;
    s->n++;
}

static double variance(const spread *s)
{
    double mean = s->sum / s->n;
    return MAX(s->squares / s->n - mean * mean, 0);
}

static bool is_noise(const bf_picture *picture, int left, int top)
{
    spread pixels = {0}, cells = {0};
    for (int c = 0; c < TILE_CELLS * TILE_CELLS; c++) {
        spread cell = {0};
        for (int i = 0; i < CELL * CELL; i++) {
            int x = left + c % TILE_CELLS * CELL + i % CELL, y = top + c / TILE_CELLS * CELL + i / CELL;
            add(&cell, bf_luma(picture, x, y));
        }
        pixels.sum += cell.sum;
        pixels.squares += cell.squares;
        pixels.n += cell.n;
        add(&cells, cell.sum / cell.n);
    }
    double all = variance(&pixels);
    return all >= STRONG * STRONG && variance(&cells) <= EVENED * EVENED * all;
}

float bf_noise_share(const bf_picture *picture)
{
    guint n = 0, noise = 0;
    for (int top = 0; top + TILE <= picture->height_px; top += TILE)
        for (int left = 0; left + TILE <= picture->width_px; left += TILE, n++)
            noise += is_noise(picture, left, top);
    return n > 0 ? (float)noise / (float)n : 0;
}
