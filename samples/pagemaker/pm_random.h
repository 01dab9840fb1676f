/* Random numbers that follow from a seed alone: xoshiro256** seeded by splitmix64 (Blackman and Vigna). One thread a generator. */
#pragma once
#include <glib.h>
#include <stdbool.h>

typedef struct {
    guint64 s[4];
} pm_random;

/* `purpose` keeps the streams of one seed apart. */
void pm_random_init(pm_random *r, guint64 seed, const char *purpose);
guint64 pm_random_next(pm_random *r);
guint pm_random_below(pm_random *r, guint n); /* 0 .. n - 1; n > 0 */
double pm_random_range(pm_random *r, double low, double high);
bool pm_random_chance(pm_random *r, double p);
#define pm_random_pick(r, table) ((table)[pm_random_below((r), G_N_ELEMENTS(table))])
