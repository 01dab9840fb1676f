#include "page/reading.h"
#include "page/arabic.h"
#include "page/composed.h"
#include "page/faint.h"
#include "page/flat.h"
#include "page/ink.h"
#include "page/orient.h"
#include "page/stamped_lines.h"

/* Below WEAK a line gets further looks, and a long one that stays there is badly read; below BLURRED it is also read upside down. From
 * SURE_PRINT on it says what it seems to. */
static const float WEAK = 0.85F, BLURRED = 0.70F, SURE_PRINT = 0.9F;
/* log p - log p_max of one character: under this, with another one read in its place, it may be somebody else's name. */
static const float NEAR_SCORE = -5.0F;

bf_rect bf_line_bounds(const bf_line *line)
{
    return bf_quad_bounds(&line->quad);
}

bool bf_is_near_name(const bf_hit *h)
{
    return h->odd_score < NEAR_SCORE && h->odd_char != 0 && h->n_wild == 0;
}

bool bf_shows_a_character(const bf_hit *h)
{
    static const float READ = -1;
    return h->best_score >= READ;
}

/* Pieces put together are a further look at what was read already. A short name of which they show but a part was doubted on its own line,
 * or is somebody else's; a long one may have come in pieces that tell nothing alone. Where another character is plainly read it is not the
 * name, and on a row where next to nothing is read everything fits a little; so do letters where fewer of them are read. Of characters that
 * may be left out one at least must be seen. */
static bool is_worth_a_doubt(const bf_hit *h, const bf_query *query, const bf_reading *r)
{
    enum { LONG_NAME = 4 };
    static const float NOTHING_FITS = -9.5F; /* the floor is -12 */
    const bf_line *line = &g_array_index(r->lines, bf_line, h->line);
    const bf_form *form = &query->forms[h->form];
    guint known = form->n_symbols - MIN(h->n_wild, form->n_symbols);
    if (h->score < NOTHING_FITS * (float)form->n_symbols)
        return false;
    if (form->kind == BF_FORM_PINYIN || form->kind == BF_FORM_LATIN)
        return line->n_chars + 1 >= known;
    return !line->composed || (known >= LONG_NAME && !bf_is_near_name(h) && 2 * line->n_chars >= known);
}

void bf_sort_hits(const GArray *found, const bf_query *query, bf_reading *r)
{
    for (guint i = 0; i < found->len; i++) {
        const bf_hit *h = &g_array_index(found, bf_hit, i);
        bool plain = h->sure && !bf_is_near_name(h);
        if ((!h->sure && !is_worth_a_doubt(h, query, r)) || bf_leaps_over_a_line(found, i, r->lines))
            continue;
        if (query->forms[h->form].kind != BF_FORM_LABEL)
            g_array_append_val(plain && h->n_unproved == 0 && bf_shows_a_character(h) ? r->hits : r->doubts, *h);
        else if (plain)
            g_array_append_val(r->labels, *h);
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
    bf_sort_hits(found, query, r);
    return true;
}

bool bf_says_more(const bf_line *better, const bf_line *l)
{
    static const float MOST = 0.6F;
    return l->confidence < better->confidence && better->n_chars >= l->n_chars &&
           bf_quad_length(&better->quad) >= MOST * bf_quad_length(&l->quad);
}

/* As many as a line of this length has, even when it is widely spaced. */
static float least_chars(const bf_line *l)
{
    static const float PER_HEIGHT = 0.5F;
    return PER_HEIGHT * bf_quad_length(&l->quad) / MAX(bf_quad_height(&l->quad), 1.0F);
}

bool bf_is_badly_read(const bf_line *line)
{
    enum { CHARS = 8 };
    static const float SURELY_TEXT = 0.9F;
    bool is_long = line->n_chars >= CHARS || (line->n_chars > 0 && least_chars(line) >= CHARS);
    return !line->composed && is_long && line->det_score >= SURELY_TEXT && line->confidence < WEAK;
}

void bf_retire_weaker(bf_reading *r, guint n, const bf_line *better)
{
    for (guint i = 0; i < n; i++) {
        bf_line *l = &g_array_index(r->lines, bf_line, i);
        if (bf_says_more(better, l) && bf_quads_meet(&l->quad, &better->quad))
            l->composed = true;
    }
}

bool bf_reads_better(const bf_line *seen, const bf_line *own)
{
    return seen->confidence > own->confidence && seen->n_chars * 4 >= own->n_chars * 3;
}

bool bf_look_again(bf_page_worker *w, guint which, const bf_picture *picture, const bf_query *query, bf_reading *r, const GArray *numbers,
                   const bf_look *look, GArray *found, GError **error)
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
        own->none_seen = own->none_seen && seen->none_seen;
        own->shows_none = own->shows_none && seen->shows_none;
        own->shows_name = own->shows_name || seen->shows_name;
        if (bf_reads_better(seen, own)) {
            own->confidence = seen->confidence;
            own->weakest = seen->weakest;
            own->n_chars = seen->n_chars;
            own->gap_from = seen->gap_from;
            own->gap_to = seen->gap_to;
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

static void turn_point(int turn_deg, const bf_picture *turned, float *x, float *y)
{
    float old_x = *x, old_y = *y;
    *x = turn_deg == 90 ? (float)turned->width_px - old_y : turn_deg == 180 ? (float)turned->width_px - old_x : old_y;
    *y = turn_deg == 90 ? old_x : turn_deg == 180 ? (float)turned->height_px - old_y : (float)turned->height_px - old_x;
}

static bool is_surely_read(const bf_reading *r, guint n_lines, float x, float y)
{
    for (guint i = 0; i < n_lines; i++) {
        const bf_line *l = &g_array_index(r->lines, bf_line, i);
        if (!l->composed && l->confidence >= SURE_PRINT && (float)l->n_chars >= least_chars(l) && bf_quad_holds(&l->quad, x, y))
            return true;
    }
    return false;
}

bool bf_is_read_elsewhere(const bf_reading *r, const bf_line *line)
{
    static const float places[] = {0.15F, 0.33F, 0.5F, 0.67F, 0.85F};
    for (gsize p = 0; p < G_N_ELEMENTS(places); p++) {
        float x, y;
        bf_quad_middle(&line->quad, places[p], &x, &y);
        if (!is_surely_read(r, r->lines->len, x, y))
            return false;
    }
    return true;
}

/* Upright, something else is read there as surely as print reads, in the place of most of its characters; upside down the same print may
 * read like anything. */
static bool reads_otherwise(const bf_reading *upright, guint n_lines, const bf_hit *hit)
{
    guint n = 0;
    for (guint k = 0; k < hit->n_centres; k++)
        n += is_surely_read(upright, n_lines, hit->centre_x[k], hit->centre_y[k]);
    return 2 * n > hit->n_centres;
}

/* Where print is upside down next to nothing is read, and of letters, which are few, some fit everywhere. What stands in a direction of its
 * own reads well in it. */
static bool is_noise_in_letters(const bf_hit *hit, const bf_line *line, const bf_query *query)
{
    static const float READ = 0.5F;
    return query->forms[hit->form].whole_word && line->confidence < READ;
}

void bf_carry_hits(const bf_reading *before, int turn_deg, const bf_picture *turned, const bf_query *query, bf_reading *r)
{
    guint n_lines = r->lines->len;
    for (guint i = 0; i < before->hits->len; i++) {
        bf_hit hit = g_array_index(before->hits, bf_hit, i);
        bf_line line = g_array_index(before->lines, bf_line, hit.line);
        for (int k = 0; k < 4; k++) {
            turn_point(turn_deg, turned, &hit.quad.x[k], &hit.quad.y[k]);
            turn_point(turn_deg, turned, &line.quad.x[k], &line.quad.y[k]);
        }
        for (guint k = 0; k < hit.n_centres; k++)
            turn_point(turn_deg, turned, &hit.centre_x[k], &hit.centre_y[k]);
        if (is_noise_in_letters(&hit, &line, query) || reads_otherwise(r, n_lines, &hit))
            continue;
        hit.line = r->lines->len;
        hit.next_line = -1;
        line.composed = true;
        g_array_append_val(r->lines, line);
        g_array_append_val(r->hits, hit);
    }
}

GArray *bf_weak_lines(const bf_reading *r, float limit)
{
    GArray *numbers = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 0; i < r->lines->len; i++) {
        const bf_line *l = &g_array_index(r->lines, bf_line, i);
        if (l->confidence < limit && !l->composed)
            g_array_append_val(numbers, i);
    }
    return numbers;
}

static bool has_weak_lines(const bf_reading *r)
{
    g_autoptr(GArray) weak = bf_weak_lines(r, WEAK);
    return weak->len > 0;
}

static bool look_at_weak_lines(bf_page_worker *w, const bf_picture *picture, const bf_query *query, bf_reading *r, GArray *found,
                               GError **error)
{
    static const bf_look smaller = {.crop_scale = 0.8F}, contrast = {.contrast = true, .crop_scale = 1.1F}, turned = {.half_turn = true};
    static const bf_look *const looks[] = {&smaller, &contrast};
    for (gsize i = 0; i < G_N_ELEMENTS(looks); i++) {
        g_autoptr(GArray) weak = bf_weak_lines(r, WEAK);
        if (!bf_look_again(w, 0, picture, query, r, weak, looks[i], found, error))
            return false;
    }
    g_autoptr(GArray) blurred = bf_weak_lines(r, BLURRED);
    if (!bf_look_again(w, 0, picture, query, r, blurred, &turned, found, error))
        return false;
    for (guint i = 0; i < r->lines->len; i++)
        if (bf_is_badly_read(&g_array_index(r->lines, bf_line, i)) && g_array_index(r->lines, bf_line, i).confidence >= BLURRED)
            g_array_append_val(blurred, i);
    return w->engine->n_readers < 2 || bf_look_again(w, 1, picture, query, r, blurred, NULL, found, error);
}

/* ---- lines that the first detection left out ---- */

/* Do three places along the line all lie within lines that are known already? Bounds do not tell: those of tilted neighbours overlap. */
static bool covered(const GArray *lines, guint n, const bf_line *line)
{
    static const float places[] = {0.15F, 0.5F, 0.85F};
    for (gsize p = 0; p < G_N_ELEMENTS(places); p++) {
        float x, y;
        bool held = false;
        bf_quad_middle(&line->quad, places[p], &x, &y);
        for (guint i = 0; i < n && !held; i++)
            held = bf_quad_holds(&g_array_index(lines, bf_line, i).quad, x, y);
        if (!held)
            return false;
    }
    return true;
}

/* Adds lines to those of the page, and reads them on `seen` with the look. */
static bool read_added(bf_page_worker *w, const bf_picture *seen, const GArray *lines, const bf_query *query, const bf_look *look,
                       bf_reading *r, GArray *found, GError **error)
{
    g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(guint));
    guint before = r->lines->len;
    for (guint i = 0; i < lines->len; i++) {
        guint number = r->lines->len;
        g_array_append_val(numbers, number);
        g_array_append_val(r->lines, g_array_index(lines, bf_line, i));
    }
    if (!bf_look_again(w, 0, seen, query, r, numbers, look, found, error))
        return false;
    for (guint i = before; i < r->lines->len; i++) {
        const bf_line better = g_array_index(r->lines, bf_line, i);
        bf_retire_weaker(r, before, &better);
    }
    return true;
}

static bool look_for_more_lines(bf_page_worker *w, const bf_picture *picture, const bf_query *query, bf_reading *r, GArray *found,
                                GError **error)
{
    static const bf_look plain = {.crop_scale = 0.9F};
    const bf_reader_class *class;
    bf_reader_worker *worker;
    g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(bf_line));
    if (!bf_worker_reader(w, 0, &class, &worker, error) || !class->find_lines(worker, picture, DETECT_AGAIN_SIDE_PX, lines, error))
        return false;
    for (guint i = lines->len; i-- > 0;)
        if (covered(r->lines, r->lines->len, &g_array_index(lines, bf_line, i)))
            g_array_remove_index(lines, i);
    return read_added(w, picture, lines, query, &plain, r, found, error);
}

/* Red, blue, purple, or gray that is lighter than print: whatever ink stands out, print below it is looked for with that ink removed. */
static bool look_without_stamps(bf_page_worker *w, const bf_picture *picture, const bf_query *query, bf_reading *r, GArray *found,
                                GError **error)
{
    static const bf_look plain = {.crop_scale = 1.0F};
    bf_stamp_ink inks[BF_STAMP_INKS_MAX];
    guint n = bf_stamp_inks(picture, inks);
    if (n == 0 && bf_gray_stamp_ink(picture, &inks[0]))
        n = 1;
    for (guint i = 0; i < n; i++) {
        g_autoptr(bf_picture) seen = NULL;
        g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(bf_line));
        if (!bf_stamp_removed(picture, &inks[i], &seen, error) ||
            !bf_find_stamped_lines(w, picture, seen, &inks[i], DETECT_SIDE_PX, lines, error) ||
            !read_added(w, seen, lines, query, &plain, r, found, error))
            return false;
    }
    return true;
}

bool bf_read_again(bf_page_worker *w, const bf_picture *picture, const bf_query *query, bool thorough, bf_reading *r, GError **error)
{
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(bf_hit));
    if (!bf_look_at_bent_lines(w, picture, query, r, found, error) || !look_without_stamps(w, picture, query, r, found, error))
        return false;
    r->all_ink_read = !thorough && bf_unread_ink(picture, r->lines) <= UNREAD_WORTH_A_LOOK;
    if (!r->all_ink_read) {
        if (!look_for_more_lines(w, picture, query, r, found, error))
            return false;
    }
    /* A photo costs what its sheet adds; a scan shows none, and pages that read surely are not looked at. */
    if ((thorough || has_weak_lines(r)) && !bf_look_at_flat_sheet(w, picture, query, r, found, error))
        return false;
    if (!bf_look_for_arabic(w, picture, query, r, found, error) || !bf_look_at_composed(w, picture, query, r, found, error) ||
        !look_at_weak_lines(w, picture, query, r, found, error))
        return false;
    bf_sort_hits(found, query, r);
    if (r->doubts->len > 0 && !bf_settle_doubts(w, picture, query, r, error))
        return false;
    return bf_look_at_faint_ink(w, picture, query, r, error);
}
