#include "read/ppocr/broken_off.h"
#include "read/ppocr/match_place.h"
#include <math.h>

enum { LEAST_SHOWN = 2, LEAST_IN_LINE = 8, LEAST_LINES = 8 };
/* log p - log p_max: what was read, or as good as that. */
static const float READ = -1.0F;
/* In line heights: the next line of a text is this near; a full line ends this near to the margin; characters stand no further apart. */
static const float NEXT = 2.5F, AT_MARGIN = 1.5F, SPACING = 3.0F;

static float left(const bf_quad *q)
{
    return (q->x[0] + q->x[3]) / 2;
}

static float right(const bf_quad *q)
{
    return (q->x[1] + q->x[2]) / 2;
}

static float middle(const bf_quad *q)
{
    return (q->y[0] + q->y[1] + q->y[2] + q->y[3]) / 4;
}

/* Does the text go no further down (or up) from here, and does this line reach the margin that its neighbours share? */
static bool is_at_edge(const bf_quad *own, const GArray *all, bool foot)
{
    float height = bf_quad_height(own), margin = foot ? right(own) : left(own);
    for (guint i = 0; i < all->len; i++) {
        const bf_quad *q = &g_array_index(all, bf_line, i).quad;
        float further = foot ? middle(q) - middle(own) : middle(own) - middle(q);
        float shared = MIN(right(q), right(own)) - MAX(left(q), left(own));
        if (shared <= 0)
            continue;
        if (further > 0.5F * height && further < NEXT * height)
            return false;
        if (shared > 0.5F * (right(own) - left(own)))
            margin = foot ? MAX(margin, right(q)) : MIN(margin, left(q));
    }
    return foot ? right(own) > margin - AT_MARGIN * height : left(own) < margin + AT_MARGIN * height;
}

/* The characters of a line that are no separators. */
static GArray *letters_of(const bf_trace *trace)
{
    GArray *letters = g_array_new(FALSE, FALSE, sizeof(bf_read_char));
    for (guint i = 0; i < trace->chars->len; i++) {
        const bf_read_char *c = &g_array_index(trace->chars, bf_read_char, i);
        if (!bf_query_is_separator(c->c) && c->c != ' ')
            g_array_append_val(letters, *c);
    }
    return letters;
}

/* Do symbols from .. from + k - 1 stand as the k letters from `at` on? */
static bool stand(const bf_program *p, guint from, guint k, const bf_trace *trace, const GArray *letters, guint at, float em, bf_match *m)
{
    *m = (bf_match){.n_symbols = p->n_symbols, .n_wild = p->n_wild};
    for (guint i = 0; i < p->n_symbols; i++)
        m->first[i] = m->last[i] = -1;
    for (guint i = 0; i < k; i++) {
        gint frame = (gint)g_array_index(letters, bf_read_char, at + i).frame, before = i > 0 ? m->first[from + i - 1] : frame;
        guint column = p->plain_of[from + i];
        if (column == COLUMN_ANY || (float)(frame - before) > SPACING * em || trace->r[(gsize)frame * trace->n_columns + column] < READ)
            return false;
        m->first[from + i] = m->last[from + i] = frame;
    }
    return true;
}

static void look_at_edge(const bf_spotter *spotter, guint form, const bf_read_line *line, const GArray *letters, bool foot, GArray *hits)
{
    const bf_program *p = &spotter->programs[form];
    float em = bf_quad_height(&line->quad) / MAX(bf_quad_length(&line->quad), 1.0F) / line->trace->step; /* frames */
    for (guint k = MIN(p->n_symbols - 1, letters->len); k >= LEAST_SHOWN; k--) {
        bf_match m;
        if (!stand(p, foot ? 0 : p->n_symbols - k, k, line->trace, letters, foot ? letters->len - k : 0, em, &m))
            continue;
        bf_centres c = bf_match_centres(p, &m, 0, (gint)line->trace->n_frames, 0, line->trace->step);
        c.unknown_before = c.unknown_after = 0; /* they stand on the other page */
        bf_hit hit = bf_match_hit(&line->quad, &c, bf_match_base(p, form, &m, line->line));
        hit.broken_off = true;
        g_array_append_val(hits, hit);
        return;
    }
}

void bf_locate_broken_off(const bf_spotter *spotter, const bf_query *query, const bf_read_line *read, guint n, const GArray *all,
                          GArray *hits)
{
    if (all->len < LEAST_LINES)
        return;
    for (guint i = 0; i < n; i++) {
        bool foot = is_at_edge(&read[i].quad, all, true), head = is_at_edge(&read[i].quad, all, false);
        g_autoptr(GArray) letters = foot || head ? letters_of(read[i].trace) : NULL;
        for (guint f = 0; letters != NULL && letters->len >= LEAST_IN_LINE && f < spotter->n_programs; f++) {
            bool name =
                query->forms[f].kind == BF_FORM_NAME && spotter->programs[f].n_states > 0 && spotter->programs[f].n_symbols > LEAST_SHOWN;
            if (name && foot)
                look_at_edge(spotter, f, &read[i], letters, true, hits);
            if (name && head)
                look_at_edge(spotter, f, &read[i], letters, false, hits);
        }
    }
}
