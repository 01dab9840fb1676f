/* Convolutions of 3 x 3, of products with each tap. */
#pragma once

/* The last vectors reach into the next row of taps, or behind the last one: what they hold there is not looked at. */
static void tap_columns(const float *const products[3], int width, float *columns)
{
    enum { OF_A_ROW = 3 * NET_TAP_OUTPUTS };
    for (int x = 0; x < width; x++)
        for (int i = 0; i < NET_COLUMNS; i += VECTOR) {
            vec sum = vec_of(0);
            for (int y = 0; y < 3; y++)
                if (products[y] != NULL)
                    sum = sum + vec_load(products[y] + (gsize)x * NET_PRODUCTS + y * OF_A_ROW + i);
            vec_store(columns + (gsize)x * NET_COLUMNS + i, sum);
        }
}

static void tap_spread(const float *columns, int width, int shift, float *sums)
{
    for (int x = 0; x < width; x++, sums += NET_SUMS) {
        const float *left = columns + (gssize)((x - 1) >> shift) * NET_COLUMNS, *here = columns + (gsize)(x >> shift) * NET_COLUMNS,
                    *right = columns + (gsize)((x + 1) >> shift) * NET_COLUMNS;
        for (int i = 0; i < NET_TAP_OUTPUTS; i += VECTOR) {
            vec v = vec_load(left + i) + vec_load(here + NET_TAP_OUTPUTS + i) + vec_load(right + 2 * NET_TAP_OUTPUTS + i);
            vec_store(sums + i, vec_load(sums + i) + vec_first(NET_TAP_OUTPUTS - i, v, vec_of(0)));
        }
    }
}

static void rectify(float *values, gsize n)
{
    for (gsize i = 0; i < n; i += VECTOR)
        vec_store(values + i, vec_max(vec_load(values + i), vec_of(0)));
}
