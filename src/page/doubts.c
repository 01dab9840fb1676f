/* Doubtful hits: is it the name, read badly, or somebody else's, read well?
 *
 * A doubt becomes a hit when another look (another scale, or the second reader) finds the name there. It goes only when both readers, who
 * know nothing of each other, read the same other character in the place where it differs: that is positive proof of another name; or when
 * it is the legend of an official seal, with nothing but paper below. What is neither stays a doubt and holds the page, unless the first
 * look alone was sure enough to mask. */
#include "page/ink.h"
#include "page/official_seal.h"
#include "page/reading.h"
#include <math.h>

bool bf_same_place(const bf_hit *a, const bf_hit *b)
{
    bf_rect ra = bf_quad_bounds(&a->quad), rb = bf_quad_bounds(&b->quad), c = bf_rect_intersect(ra, rb);
    return (double)c.w * c.h > 0.3 * MIN((double)ra.w * ra.h, (double)rb.w * rb.h);
}

static bool is_within_a_hit(const bf_reading *r, float x, float y)
{
    for (guint i = 0; i < r->hits->len; i++) {
        bf_rect b = bf_quad_bounds(&g_array_index(r->hits, bf_hit, i).quad);
        if (x >= (float)b.x && x < (float)(b.x + b.w) && y >= (float)b.y && y < (float)(b.y + b.h))
            return true;
    }
    return false;
}

/* Will masks cover all of it anyway? A hit that only overlaps may be the same name once more beside it, or a shorter form. */
static bool is_hit_already(const bf_reading *r, const bf_hit *doubt)
{
    bf_rect b = bf_quad_bounds(&doubt->quad);
    guint inside = 0;
    for (guint i = 0; i < doubt->n_centres; i++)
        inside += is_within_a_hit(r, doubt->centre_x[i], doubt->centre_y[i]);
    return inside == doubt->n_centres && is_within_a_hit(r, (float)b.x + (float)b.w / 2, (float)b.y + (float)b.h / 2);
}

static GArray *lines_of(const GArray *hits)
{
    GArray *numbers = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 0; i < hits->len; i++) {
        guint line = g_array_index(hits, bf_hit, i).line;
        bool known = false;
        for (guint k = 0; k < numbers->len; k++)
            known = known || g_array_index(numbers, guint, k) == line;
        if (!known)
            g_array_append_val(numbers, line);
    }
    return numbers;
}

/* The character that was read instead and its neighbour in the form, as a query of its own: enough to know the other name by, and more
 * likely to be read in one piece by the second reader than the whole of it. */
static bf_query *other_pair(const bf_query *query, const bf_hit *doubt)
{
    const bf_form *form = &query->forms[doubt->form];
    guint first = doubt->odd_symbol > 0 ? doubt->odd_symbol - 1 : 0;
    bf_query *q = g_new0(bf_query, 1);
    q->n_forms = 1;
    q->forms = g_new0(bf_form, 1);
    q->forms[0] = (bf_form){.kind = form->kind, .symbols = g_memdup2(form->symbols + first, 2 * sizeof(bf_symbol)), .n_symbols = 2};
    for (guint i = 0; i < 2; i++) {
        bf_symbol *s = &q->forms[0].symbols[i];
        bool odd = first + i == doubt->odd_symbol;
        s->alts = odd ? g_memdup2(&doubt->odd_char, sizeof(gunichar)) : g_memdup2(s->alts, s->n_alts * sizeof(gunichar));
        s->n_alts = odd ? 1 : s->n_alts;
    }
    return q;
}

/* Is this what the second reader read there? Not what it took for possible too (each of its hits is one of these), nor what stands anywhere
 * on the line (a hit without centres). */
static bool was_read_there(const bf_hit *found, const bf_hit *doubt)
{
    static const float READ = -0.1F;
    return found->score > READ && found->n_centres > 0 && bf_same_place(doubt, found);
}

/* Does the second reader read the same other character there, in one of its looks? */
static bool both_read_another(bf_page_worker *w, const bf_picture *picture, const bf_query *query, bf_reading *r, const bf_hit *doubt,
                              bool *another, GError **error)
{
    static const bf_look looks[] = {{0}, {.crop_scale = 0.8F}, {.crop_scale = 1.25F}, {.contrast = true}};
    *another = false;
    if (w->engine->n_readers < 2 || doubt->odd_char == 0 || doubt->n_wild > 0 || query->forms[doubt->form].whole_word)
        return true;
    g_autoptr(bf_query) other = other_pair(query, doubt);
    g_autoptr(GArray) number = g_array_new(FALSE, FALSE, sizeof(guint)), found = g_array_new(FALSE, FALSE, sizeof(bf_hit));
    g_array_append_val(number, doubt->line);
    for (gsize i = 0; i < G_N_ELEMENTS(looks) && !*another; i++) {
        if (!bf_look_again(w, 1, picture, other, r, number, &looks[i], found, error))
            return false;
        for (guint k = 0; k < found->len; k++)
            *another = *another || was_read_there(&g_array_index(found, bf_hit, k), doubt);
    }
    return true;
}

/* A place that was told to be another's is not the name's because its known part is seen once more. */
static bool is_others(const bf_reading *r, const bf_hit *hit)
{
    for (guint i = 0; hit->n_unproved > 0 && i < r->others->len; i++)
        if (bf_same_place(hit, &g_array_index(r->others, bf_hit, i)))
            return true;
    return false;
}

/* The looks that may bear a doubt out. */
static bool look_for_proof(bf_page_worker *w, const bf_picture *picture, const bf_query *query, bf_reading *r, const GArray *open,
                           GError **error)
{
    static const bf_look other_scale = {.crop_scale = 0.85F};
    g_autoptr(GArray) numbers = lines_of(open), found = g_array_new(FALSE, FALSE, sizeof(bf_hit));
    if (!bf_look_again(w, 0, picture, query, r, numbers, &other_scale, found, error) ||
        (w->engine->n_readers > 1 && !bf_look_again(w, 1, picture, query, r, numbers, NULL, found, error)))
        return false;
    for (guint i = 0; i < found->len; i++) {
        const bf_hit *h = &g_array_index(found, bf_hit, i);
        if (h->sure && !bf_is_near_name(h) && query->forms[h->form].kind != BF_FORM_LABEL && !is_others(r, h))
            g_array_append_val(r->hits, *h);
    }
    return true;
}

/* Those that their glyphs decide need no further look. */
static GArray *told_by_glyphs(bf_page_worker *w, const bf_picture *picture, const bf_query *query, bf_reading *r, GArray *doubts)
{
    GArray *open = g_array_new(FALSE, FALSE, sizeof(bf_hit));
    for (guint i = 0; i < doubts->len; i++) {
        bf_hit *doubt = &g_array_index(doubts, bf_hit, i);
        bf_glyph_verdict v = bf_tell_by_glyphs(w->engine, picture, query, &g_array_index(r->lines, bf_line, doubt->line), doubt);
        g_array_append_val(v == BF_GLYPH_IS ? r->hits : v == BF_GLYPH_ANOTHER ? r->others : open, *doubt);
    }
    return open;
}

/* Even ink, as the star of a seal, is no paper: something may stand below it. Print stands on paper, which is as bright in its box. */
static bool is_paper(const bf_picture *picture, bf_rect place, bf_rect print)
{
    enum { SHADE = 60, STEP = 2 };
    bf_rect r = bf_rect_intersect(print, (bf_rect){0, 0, picture->width_px, picture->height_px});
    int brightest = 0;
    for (int y = r.y; y < r.y + r.h; y += STEP)
        for (int x = r.x; x < r.x + r.w; x += STEP)
            brightest = MAX(brightest, bf_luma(picture, x, y));
    return bf_is_blank(picture, place) && bf_luma(picture, place.x + place.w / 2, place.y + place.h / 2) + SHADE >= brightest;
}

/* Does the form lack its first or its last character, with nothing but paper where that should stand? Then what stands there is no name: a
 * name that goes on in another line or box is looked for over the end of the line. */
static bool stands_without(const bf_hit *doubt, const bf_query *query, const bf_picture *picture)
{
    const bf_form *form = &query->forms[doubt->form];
    guint n = doubt->n_centres;
    bool first = doubt->odd_symbol == 0, last = doubt->odd_symbol + 1 == form->n_symbols;
    if (doubt->odd_char != 0 || doubt->n_wild > 0 || n < 3 || n != form->n_symbols || !(first || last))
        return false;
    /* The neighbours' distance is the pitch; the missing character's place is one pitch beyond. */
    guint a = first ? 1 : n - 2, b = first ? 2 : n - 3;
    float dx = doubt->centre_x[a] - doubt->centre_x[b], dy = doubt->centre_y[a] - doubt->centre_y[b];
    float x = doubt->centre_x[a] + dx, y = doubt->centre_y[a] + dy, half = (fabsf(dx) + fabsf(dy)) * 0.35F;
    bf_rect place = {(int)(x - half), (int)(y - half), (int)(2 * half), (int)(2 * half)};
    return is_paper(picture, place, bf_quad_bounds(&doubt->quad));
}

bool bf_settle_doubts(bf_page_worker *w, const bf_picture *picture, const bf_query *query, bf_reading *r, GError **error)
{
    g_autoptr(GArray) doubts = g_steal_pointer(&r->doubts), open = told_by_glyphs(w, picture, query, r, doubts);
    r->doubts = g_array_new(FALSE, FALSE, sizeof(bf_hit));
    if (!look_for_proof(w, picture, query, r, open, error) || !bf_tell_seal_legends(picture, r, open, r->others, error))
        return false;
    for (guint i = 0; i < open->len; i++) {
        const bf_hit *doubt = &g_array_index(open, bf_hit, i);
        bool another;
        if (is_hit_already(r, doubt) || stands_without(doubt, query, picture))
            continue;
        if (!both_read_another(w, picture, query, r, doubt, &another, error))
            return false;
        g_array_append_val(another ? r->others : doubt->sure ? r->hits : r->doubts, *doubt);
    }
    return true;
}
