#include "pm_random.h"

static guint64 splitmix(guint64 *state)
{
    guint64 z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

void pm_random_init(pm_random *r, guint64 seed, const char *purpose)
{
    guint64 state = 0xcbf29ce484222325u;
    for (const char *p = purpose; *p; p++)
        state = (state ^ (guchar)*p) * 0x100000001b3u;
    state ^= splitmix(&seed);
    for (int i = 0; i < 4; i++)
        r->s[i] = splitmix(&state);
}

static guint64 rotl(guint64 x, int k)
{
    return (x << k) | (x >> (64 - k));
}

guint64 pm_random_next(pm_random *r)
{
    guint64 *s = r->s;
    const guint64 result = rotl(s[1] * 5, 7) * 9, t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotl(s[3], 45);
    return result;
}

guint pm_random_below(pm_random *r, guint n)
{
    g_assert(n > 0);
    return (guint)(((pm_random_next(r) >> 32) * n) >> 32);
}

double pm_random_range(pm_random *r, double low, double high)
{
    return low + (high - low) * (double)(pm_random_next(r) >> 11) * 0x1p-53;
}

bool pm_random_chance(pm_random *r, double p)
{
    return pm_random_range(r, 0, 1) < p;
}
