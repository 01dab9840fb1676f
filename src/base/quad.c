#include "blindfold/picture.h"
#include <math.h>

bool bf_quad_holds(const bf_quad *q, float x, float y)
{
    /* On the inner side of every edge. */
    for (int i = 0; i < 4; i++) {
        int k = (i + 1) % 4;
        if ((q->x[k] - q->x[i]) * (y - q->y[i]) - (q->y[k] - q->y[i]) * (x - q->x[i]) < 0)
            return false;
    }
    return true;
}

static bool holds_centre(const bf_quad *q, const bf_quad *other)
{
    return bf_quad_holds(q, (other->x[0] + other->x[1] + other->x[2] + other->x[3]) / 4,
                         (other->y[0] + other->y[1] + other->y[2] + other->y[3]) / 4);
}

bool bf_quads_meet(const bf_quad *a, const bf_quad *b)
{
    return holds_centre(a, b) && holds_centre(b, a);
}

static float side(const bf_quad *q, int a, int b)
{
    return hypotf(q->x[b] - q->x[a], q->y[b] - q->y[a]);
}

float bf_quad_length(const bf_quad *q)
{
    return (side(q, 0, 1) + side(q, 3, 2)) / 2;
}

float bf_quad_height(const bf_quad *q)
{
    return (side(q, 0, 3) + side(q, 1, 2)) / 2;
}

static void between(const bf_quad *q, int a, int b, float t, float *x, float *y)
{
    *x = q->x[a] + t * (q->x[b] - q->x[a]);
    *y = q->y[a] + t * (q->y[b] - q->y[a]);
}

bf_quad bf_quad_slice(const bf_quad *q, float from, float to, float grow)
{
    bf_quad s, r;
    between(q, 0, 1, from, &s.x[0], &s.y[0]);
    between(q, 0, 1, to, &s.x[1], &s.y[1]);
    between(q, 3, 2, to, &s.x[2], &s.y[2]);
    between(q, 3, 2, from, &s.x[3], &s.y[3]);
    between(&s, 3, 0, 1 + grow, &r.x[0], &r.y[0]);
    between(&s, 2, 1, 1 + grow, &r.x[1], &r.y[1]);
    between(&s, 1, 2, 1 + grow, &r.x[2], &r.y[2]);
    between(&s, 0, 3, 1 + grow, &r.x[3], &r.y[3]);
    return r;
}

bf_quad bf_quad_half_turned(const bf_quad *q)
{
    bf_quad r;
    for (int i = 0; i < 4; i++) {
        r.x[i] = q->x[(i + 2) % 4];
        r.y[i] = q->y[(i + 2) % 4];
    }
    return r;
}

void bf_quad_middle(const bf_quad *q, float share, float *x, float *y)
{
    *x = (q->x[0] + q->x[3] + share * (q->x[1] + q->x[2] - q->x[0] - q->x[3])) / 2;
    *y = (q->y[0] + q->y[3] + share * (q->y[1] + q->y[2] - q->y[0] - q->y[3])) / 2;
}
