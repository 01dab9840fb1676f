#include "page/empty.h"
#include "page/ink.h"
#include <stdlib.h>

/* Seen so small, print is gone and what is left is sheets, tables and shades. */
enum { SIDE = 64, ALL = SIDE * SIDE, ODD = ALL / 200, EVEN_STEP = 6, LIGHT = 110, SHEET = ALL * 13 / 20, BLANK_RANGE = 40 };
/* So much of a picture may lie within the sheet and not be even: creases, holes. */
enum { WITHIN = ALL / 50 };

static int tonal_range(const uint8_t tones[ALL])
{
    guint histogram[256] = {0}, seen = 0;
    int low = 0, high = 255;
    for (int i = 0; i < ALL; i++)
        histogram[tones[i]]++;
    while ((seen += histogram[low]) <= ODD)
        low++;
    for (seen = 0; (seen += histogram[high]) <= ODD;)
        high--;
    return high - low;
}

static guint find_even(const uint8_t tones[ALL], bool even[ALL])
{
    guint n = 0;
    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++) {
            int here = tones[y * SIDE + x], right = tones[y * SIDE + MIN(x + 1, SIDE - 1)], below = tones[MIN(y + 1, SIDE - 1) * SIDE + x];
            even[y * SIDE + x] = here >= LIGHT && abs(here - right) <= EVEN_STEP && abs(here - below) <= EVEN_STEP;
            n += even[y * SIDE + x];
        }
    return n;
}

/* What is not even and has even ground on both sides in its row. A sheet is convex: the table lies beside it, never within; a face or a
 * vase stands before its wall. */
static guint uneven_within(const bool even[ALL])
{
    guint n = 0;
    for (int y = 0; y < SIDE; y++) {
        const bool *row = even + y * SIDE;
        int left = 0, right = SIDE - 1;
        while (left < SIDE && !row[left])
            left++;
        while (right > left && !row[right])
            right--;
        for (int x = left; x < right; x++)
            n += !row[x];
    }
    return n;
}

static bool is_blank(const uint8_t tones[ALL])
{
    bool even[ALL];
    return tonal_range(tones) < BLANK_RANGE || (find_even(tones, even) >= SHEET && uneven_within(even) <= WITHIN);
}

static bool is_sheet(const uint8_t tones[ALL])
{
    enum { LIKE_PAPER = 48, STANDS_OUT = ALL / 100 };
    bool light[ALL];
    guint histogram[256] = {0}, above = 0, n = 0;
    int paper = 255;
    for (int i = 0; i < ALL; i++)
        histogram[tones[i]]++;
    for (above = histogram[255]; paper > 0 && 4 * above < ALL; above += histogram[paper])
        paper--;
    for (int i = 0; i < ALL; i++) {
        light[i] = tones[i] >= LIGHT && tones[i] + LIKE_PAPER >= paper;
        n += light[i];
    }
    return n >= SHEET && uneven_within(light) <= STANDS_OUT;
}

bf_ground bf_ground_of(const bf_picture *picture)
{
    g_autoptr(bf_picture) small = NULL;
    uint8_t tones[ALL];
    if (!bf_picture_scale(picture, SIDE, SIDE, &small, NULL))
        return BF_GROUND_SHEET;
    for (int i = 0; i < ALL; i++)
        tones[i] = bf_luma(small, i % SIDE, i / SIDE);
    return is_blank(tones) ? BF_GROUND_BLANK : is_sheet(tones) ? BF_GROUND_SHEET : BF_GROUND_PHOTO;
}
