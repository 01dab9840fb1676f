/* Names over the end of a line go on in the next one. */
#include "page/reading.h"
#include <math.h>

/* So far from both parts, in heights of the part that is less high, a line stands between them. */
static const float APART = 0.8F;
static const float SURELY = 0.9F;

/* The other part of the same name; NULL: it was not found, or went another way. */
static const bf_hit *other_part(const GArray *found, const bf_hit *h)
{
    for (guint i = 0; i < found->len; i++) {
        const bf_hit *o = &g_array_index(found, bf_hit, i);
        if (o != h && o->form == h->form && o->next_line == (gint)h->line && (gint)o->line == h->next_line && o->score == h->score)
            return o;
    }
    return NULL;
}

static bool lies(const bf_quad *q)
{
    return fabsf(q->x[1] - q->x[0]) > fabsf(q->y[1] - q->y[0]);
}

/* How high the line's middle stands at x; false where it does not reach, or was not read: cells to the left and to the right may have been
 * taken for one line, which passes over the name's own cell. */
static bool height_at(const bf_line *line, float x, float *y)
{
    const bf_quad *q = &line->quad;
    float x0, y0, x1, y1;
    bf_quad_middle(q, 0, &x0, &y0);
    bf_quad_middle(q, 1, &x1, &y1);
    if (x < x0 || x > x1 || x1 <= x0)
        return false;
    float at = (x - x0) / (x1 - x0), gap = (line->gap_to - line->gap_from) * bf_quad_length(q);
    *y = y0 + at * (y1 - y0);
    return at < line->gap_from || at > line->gap_to || gap < bf_quad_height(q);
}

bool bf_leaps_over_a_line(const GArray *found, guint which, const GArray *lines)
{
    const bf_hit *a = &g_array_index(found, bf_hit, which), *b = a->next_line >= 0 ? other_part(found, a) : NULL;
    if (b == NULL || a->n_centres == 0 || b->n_centres == 0 || !lies(&a->quad) || !lies(&b->quad))
        return false;
    const bf_hit *upper = a->centre_y[0] < b->centre_y[0] ? a : b, *lower = upper == a ? b : a;
    float apart = APART * MIN(bf_quad_height(&a->quad), bf_quad_height(&b->quad));
    for (guint i = 0; i < lines->len; i++) {
        const bf_line *l = &g_array_index(lines, bf_line, i);
        float below, above;
        if (!l->composed && !l->vertical && l->n_chars > 1 && l->confidence >= SURELY && height_at(l, upper->centre_x[0], &below) &&
            height_at(l, lower->centre_x[0], &above) && below - upper->centre_y[0] > apart && lower->centre_y[0] - above > apart)
            return true;
    }
    return false;
}
