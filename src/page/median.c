#include "page/median.h"

static int by_value(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

float bf_median(GArray *values)
{
    g_array_sort(values, by_value);
    return g_array_index(values, float, values->len / 2);
}

float bf_quantile(GArray *values, float share)
{
    g_array_sort(values, by_value);
    return g_array_index(values, float, (guint)(share * (float)(values->len - 1)));
}
