#include "page/reading.h"
#include "page/ink.h"
#include "page/orient.h"
#include <math.h>

/* Below WEAK a line gets further looks; below BLURRED it is also read by the second reader. A near-name is dismissed only when what stands
 * there was read at PLAIN or more, by two looks. */
static const float WEAK = 0.82F, BLURRED = 0.70F, PLAIN = 0.85F;
/* Share of a line's area that must be red before it is read again without. */
static const float RED_SHARE = 0.01F;

bf_rect bf_line_bounds(const bf_line *line)
{
    return bf_quad_bounds(&line->quad);
}

static void sort_hits(const GArray *found, bf_reading *r)
{
    for (guint i = 0; i < found->len; i++) {
        const bf_hit *h = &g_array_index(found, bf_hit, i);
        g_array_append_val(h->sure ? r->hits : r->doubts, *h);
    }
}

bool bf_read_plain(bf_page_worker *w, const bf_picture *picture, const bf_query *query, bf_reading *r, GError **error)
{
    const bf_reader_class *class;
    bf_reader_worker *worker;
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(bf_hit));
    if (!bf_worker_reader(w, 0, &class, &worker, error) || !class->find_lines(worker, picture, DETECT_SIDE_PX, r->lines, error) ||
        !class->read_lines(worker, picture, r->lines, 0, r->lines->len, query, NULL, found, error))
        return false;
    sort_hits(found, r);
    return true;
}

/* Reads some lines once more. Each keeps the better of its confidences; hits are collected by the lines' own numbers. */
static bool look_again(bf_page_worker *w, guint which, const bf_picture *picture, const bf_query *query, bf_reading *r,
                       const GArray *numbers, const bf_look *look, GArray *found, GError **error)
{
    const bf_reader_class *class;
    bf_reader_worker *worker;
    g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(bf_line));
    if (numbers->len == 0)
        return true;
    for (guint i = 0; i < numbers->len; i++)
        g_array_append_val(lines, g_array_index(r->lines, bf_line, g_array_index(numbers, guint, i)));
    guint first_new = found->len;
    if (!bf_worker_reader(w, which, &class, &worker, error) ||
        !class->read_lines(worker, picture, lines, 0, lines->len, query, look, found, error))
        return false;
    for (guint i = 0; i < lines->len; i++) {
        bf_line *own = &g_array_index(r->lines, bf_line, g_array_index(numbers, guint, i));
        const bf_line *seen = &g_array_index(lines, bf_line, i);
        if (seen->confidence > own->confidence && seen->n_chars * 2 >= own->n_chars) {
            own->confidence = seen->confidence;
            own->weakest = seen->weakest;
            own->n_chars = seen->n_chars;
        }
    }
    for (guint i = first_new; i < found->len; i++) {
        bf_hit *h = &g_array_index(found, bf_hit, i);
        h->line = g_array_index(numbers, guint, h->line);
        if (h->next_line >= 0)
            h->next_line = (gint)g_array_index(numbers, guint, (guint)h->next_line);
    }
    return true;
}

static GArray *weak_lines(const bf_reading *r, float limit)
{
    GArray *numbers = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 0; i < r->lines->len; i++) {
        const bf_line *l = &g_array_index(r->lines, bf_line, i);
        if (l->confidence < limit)
            g_array_append_val(numbers, i);
    }
    return numbers;
}

static bool look_at_weak_lines(bf_page_worker *w, const bf_picture *picture, const bf_query *query, bf_reading *r, GArray *found,
                               GError **error)
{
    static const bf_look smaller = {.crop_scale = 0.8F}, contrast = {.contrast = true, .crop_scale = 1.1F}, turned = {.half_turn = true};
    static const bf_look *const looks[] = {&smaller, &contrast};
    for (gsize i = 0; i < G_N_ELEMENTS(looks); i++) {
        g_autoptr(GArray) weak = weak_lines(r, WEAK);
        if (!look_again(w, 0, picture, query, r, weak, looks[i], found, error))
            return false;
    }
    g_autoptr(GArray) blurred = weak_lines(r, BLURRED);
    if (!look_again(w, 0, picture, query, r, blurred, &turned, found, error))
        return false;
    return w->engine->n_readers < 2 || look_again(w, 1, picture, query, r, blurred, NULL, found, error);
}

/* ---- columns of upright characters ---- */

/* How many characters may stand in a column? Its box is wider than they are by what detection adds all round, so a few counts are tried. */
static bool look_at_columns(bf_page_worker *w, const bf_picture *picture, const bf_query *query, bf_reading *r, GArray *found, GError **error)
{
    for (guint i = 0; i < r->lines->len; i++) {
        const bf_line *l = &g_array_index(r->lines, bf_line, i);
        if (!l->vertical)
            continue;
        float length = hypotf(l->quad.x[1] - l->quad.x[0], l->quad.y[1] - l->quad.y[0]);
        float height = MAX(hypotf(l->quad.x[3] - l->quad.x[0], l->quad.y[3] - l->quad.y[0]), 1.0F);
        guint most = (guint)CLAMP(lroundf(length / height * 1.35F), 2, 24), least = MAX(2, (guint)(length / height * 0.7F));
        g_autoptr(GArray) number = g_array_new(FALSE, FALSE, sizeof(guint));
        g_array_append_val(number, i);
        for (guint n = least; n <= most; n++) {
            bf_look look = {.stacked = n};
            if (!look_again(w, 0, picture, query, r, number, &look, found, error))
                return false;
        }
    }
    return true;
}

/* ---- lines that the first detection left out ---- */

static bool covered(const GArray *lines, guint n, const bf_line *line)
{
    bf_rect b = bf_line_bounds(line);
    double area = (double)b.w * b.h;
    for (guint i = 0; i < n; i++) {
        bf_rect c = bf_rect_intersect(b, bf_line_bounds(&g_array_index(lines, bf_line, i)));
        if ((double)c.w * c.h > 0.6 * area)
            return true;
    }
    return false;
}

/* Adds the lines found on `seen` that are new, or, in a red region, all of them; reads them with the look. */
static bool add_lines(bf_page_worker *w, const bf_picture *seen, const bf_picture *picture, int side_px, const bf_query *query,
                      bool red_only, const bf_look *look, bf_reading *r, GArray *found, GError **error)
{
    const bf_reader_class *class;
    bf_reader_worker *worker;
    g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(bf_line));
    g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(guint));
    if (!bf_worker_reader(w, 0, &class, &worker, error) || !class->find_lines(worker, seen, side_px, lines, error))
        return false;
    guint before = r->lines->len;
    for (guint i = 0; i < lines->len; i++) {
        const bf_line *l = &g_array_index(lines, bf_line, i);
        bool wanted = red_only ? bf_red_share(picture, bf_line_bounds(l)) > RED_SHARE : !covered(r->lines, before, l);
        if (!wanted)
            continue;
        guint number = r->lines->len;
        g_array_append_val(numbers, number);
        g_array_append_val(r->lines, *l);
    }
    return look_again(w, 0, seen, query, r, numbers, look, found, error);
}

static bool look_without_red(bf_page_worker *w, const bf_picture *picture, const bf_query *query, bf_reading *r, GArray *found,
                             GError **error)
{
    static const bf_look plain = {.crop_scale = 1.0F};
    bf_rect all = {0, 0, picture->width_px, picture->height_px};
    if (picture->channels != 3 || bf_red_share(picture, all) < 0.0003F)
        return true;
    g_autoptr(bf_picture) red = NULL;
    return bf_red_removed(picture, &red, error) && add_lines(w, red, picture, DETECT_SIDE_PX, query, true, &plain, r, found, error);
}

/* ---- doubts ---- */

static bool same_place(const bf_hit *a, const bf_hit *b)
{
    bf_rect c = bf_rect_intersect(bf_quad_bounds(&a->quad), bf_quad_bounds(&b->quad));
    bf_rect s = bf_quad_bounds(&a->quad);
    return (double)c.w * c.h > 0.3 * (double)s.w * s.h;
}

static bool is_hit_already(const bf_reading *r, const bf_hit *doubt)
{
    for (guint i = 0; i < r->hits->len; i++)
        if (same_place(doubt, &g_array_index(r->hits, bf_hit, i)))
            return true;
    return false;
}

/* Does the second look bear the doubt out, or leave it standing? A doubt goes only when both looks plainly read something else there. */
static bool plainly_other(const bf_hit *doubt, const GArray *found)
{
    if (doubt->read_weakest < PLAIN || doubt->n_wild > 0)
        return false;
    for (guint i = 0; i < found->len; i++) {
        const bf_hit *h = &g_array_index(found, bf_hit, i);
        if (h->form == doubt->form && same_place(doubt, h) && h->read_weakest < PLAIN)
            return false;
    }
    return true;
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

static bool settle_doubts(bf_page_worker *w, const bf_picture *picture, const bf_query *query, bf_reading *r, GError **error)
{
    static const bf_look other = {.crop_scale = 0.85F};
    g_autoptr(GArray) open = g_steal_pointer(&r->doubts), found = g_array_new(FALSE, FALSE, sizeof(bf_hit));
    g_autoptr(GArray) numbers = lines_of(open);
    r->doubts = g_array_new(FALSE, FALSE, sizeof(bf_hit));
    if (!look_again(w, 0, picture, query, r, numbers, &other, found, error) ||
        (w->engine->n_readers > 1 && !look_again(w, 1, picture, query, r, numbers, NULL, found, error)))
        return false;
    for (guint i = 0; i < found->len; i++)
        if (g_array_index(found, bf_hit, i).sure)
            g_array_append_val(r->hits, g_array_index(found, bf_hit, i));
    for (guint i = 0; i < open->len; i++) {
        const bf_hit *doubt = &g_array_index(open, bf_hit, i);
        if (!is_hit_already(r, doubt) && !plainly_other(doubt, found))
            g_array_append_val(r->doubts, *doubt);
    }
    return true;
}

bool bf_read_again(bf_page_worker *w, const bf_picture *picture, const bf_query *query, bool thorough, bf_reading *r, GError **error)
{
    static const bf_look plain = {.crop_scale = 0.9F};
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(bf_hit));
    if (!look_without_red(w, picture, query, r, found, error))
        return false;
    if (thorough || bf_unread_ink(picture, r->lines) > UNREAD_WORTH_A_LOOK) {
        if (!add_lines(w, picture, picture, DETECT_AGAIN_SIDE_PX, query, false, &plain, r, found, error))
            return false;
    }
    if (!look_at_columns(w, picture, query, r, found, error) || !look_at_weak_lines(w, picture, query, r, found, error))
        return false;
    sort_hits(found, r);
    return r->doubts->len == 0 || settle_doubts(w, picture, query, r, error);
}
