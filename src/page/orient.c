#include "page/orient.h"
#include "page/chains.h"
#include <math.h>
#include <stdlib.h>

/* Upright Chinese print reads at 0.9 and more, upside down at 0.3 to 0.6: the gap is wide, the limits stand well inside. */
static const float WELL = 0.80F, CLEAR_LEAD = 1.25F, LEAST = 0.55F;
enum { PROBES = 5, LEAST_CHARS = 4, TURNED_CLOCKWISE = 270 /* degrees to go on until it is upright */ };

bool bf_lines_stand(const GArray *lines)
{
    float standing = 0, lying = 0;
    for (guint i = 0; i < lines->len; i++) {
        const bf_line *l = &g_array_index(lines, bf_line, i);
        if (bf_quad_length(&l->quad) > 1.5F * bf_quad_height(&l->quad))
            *(l->vertical ? &standing : &lying) += bf_quad_length(&l->quad) * bf_quad_height(&l->quad);
    }
    return standing > lying;
}

float bf_mean_confidence(const GArray *lines, guint *n_chars)
{
    float sum = 0;
    guint n = 0;
    for (guint i = 0; i < lines->len; i++) {
        const bf_line *l = &g_array_index(lines, bf_line, i);
        if (l->composed)
            continue;
        sum += l->confidence > 0 ? l->confidence * (float)l->n_chars : 0;
        n += l->confidence > 0 ? l->n_chars : 0;
    }
    if (n_chars != NULL)
        *n_chars = n;
    return n > 0 ? sum / (float)n : 0;
}

/* Characters that there would be on the lines where nothing was read. Upside down a page may be so strange to the reader that it reads a
 * few characters, surely, and nothing on all the other lines. Ruled lines and grain are taken for lines too, so it is half of them. */
static float silent_chars(const GArray *lines)
{
    float sum = 0;
    for (guint i = 0; i < lines->len; i++) {
        const bf_line *l = &g_array_index(lines, bf_line, i);
        if (!l->composed && l->n_chars == 0 && bf_quad_height(&l->quad) > 0)
            sum += 0.5F * bf_quad_length(&l->quad) / bf_quad_height(&l->quad);
    }
    return sum;
}

bool bf_reads_well(const GArray *lines)
{
    guint n;
    float confidence = bf_mean_confidence(lines, &n);
    return n >= LEAST_CHARS && confidence * (float)n >= WELL * ((float)n + silent_chars(lines));
}

/* Lines of about twelve characters tell most at the least cost. */
static int by_usefulness(const void *a, const void *b)
{
    const bf_line *p = a, *q = b;
    float dp = fabsf(bf_quad_length(&p->quad) / bf_quad_height(&p->quad) - 12),
          dq = fabsf(bf_quad_length(&q->quad) / bf_quad_height(&q->quad) - 12);
    return dp < dq ? -1 : dp > dq;
}

static GArray *probes(const GArray *lines, bool standing)
{
    GArray *chosen = g_array_new(FALSE, FALSE, sizeof(bf_line));
    for (guint i = 0; i < lines->len; i++) {
        const bf_line *l = &g_array_index(lines, bf_line, i);
        if (l->vertical == standing && bf_quad_length(&l->quad) > 1.5F * bf_quad_height(&l->quad) && bf_quad_height(&l->quad) > 4)
            g_array_append_val(chosen, *l);
    }
    g_array_sort(chosen, by_usefulness);
    g_array_set_size(chosen, MIN(chosen->len, PROBES));
    return chosen;
}

/* How much is read on the probes with one look: characters weighted by the squared confidence. */
static bool reading_yield(bf_page_worker *w, const bf_picture *picture, GArray *lines, const bf_query *query, const bf_look *look,
                          float *yield, float *confidence, GError **error)
{
    const bf_reader_class *class;
    bf_reader_worker *worker;
    g_autoptr(GArray) hits = g_array_new(FALSE, FALSE, sizeof(bf_hit));
    if (!bf_worker_reader(w, 0, &class, &worker, error) ||
        !class->read_lines(worker, picture, lines, 0, lines->len, query, look, hits, error))
        return false;
    guint n;
    *confidence = bf_mean_confidence(lines, &n);
    *yield = *confidence * *confidence * (float)n;
    return true;
}

/* Are these columns of upright characters? The reader knows columns laid on their side, and reads them so as surely as lines that were
 * turned clockwise. Of those it reads next to nothing character by character, of columns most. */
static bool are_columns(bf_page_worker *w, const bf_picture *picture, const GArray *lines, const bf_query *query, float laid_down,
                        bool *are, GError **error)
{
    static const float AS_COLUMNS = 1.0F / 3; /* of the yield; seen: 0.67 on a page of columns, up to 0.09 on turned ones */
    static const bf_look own_counts = {.stacked = BF_STACKED_OWN};
    g_autoptr(GArray) chosen = probes(lines, true);
    float yield, confidence;
    for (guint i = 0; i < chosen->len; i++)
        g_array_index(chosen, bf_line, i).stacked = MAX(2, bf_column_chars(&g_array_index(chosen, bf_line, i)));
    if (!reading_yield(w, picture, chosen, query, &own_counts, &yield, &confidence, error))
        return false;
    *are = yield >= AS_COLUMNS * laid_down && confidence >= LEAST;
    return true;
}

bool bf_orient_by_reading(bf_page_worker *w, const bf_picture *picture, const GArray *lines, const bf_query *query, int *turn_deg,
                          GError **error)
{
    /* A line that stands on end and reads downwards with its top to the right was turned clockwise: three quarters more make it upright. */
    static const struct {
        bool standing, half_turn;
        int turn_deg;
    } ways[] = {{false, false, 0}, {false, true, 180}, {true, false, TURNED_CLOCKWISE}, {true, true, 90}};
    float best = 0, second = 0, best_confidence = 0;
    *turn_deg = -1;
    for (gsize i = 0; i < G_N_ELEMENTS(ways); i++) {
        g_autoptr(GArray) chosen = probes(lines, ways[i].standing);
        float yield, confidence;
        if (chosen->len == 0)
            continue;
        bf_look look = {.half_turn = ways[i].half_turn};
        if (!reading_yield(w, picture, chosen, query, &look, &yield, &confidence, error))
            return false;
        if (yield > best) {
            second = best;
            best = yield;
            best_confidence = confidence;
            *turn_deg = ways[i].turn_deg;
        } else {
            second = MAX(second, yield);
        }
    }
    if (best_confidence < LEAST || best < CLEAR_LEAD * second)
        *turn_deg = -1;
    bool columns = false;
    if (*turn_deg == TURNED_CLOCKWISE && !are_columns(w, picture, lines, query, best, &columns, error))
        return false;
    *turn_deg = columns ? 0 : *turn_deg;
    return true;
}
