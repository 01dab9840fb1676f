/* Doubts about single characters, decided by their glyphs. */
#include "page/reading.h"
#include <math.h>

/* How far on a character that stands apart is looked for, and in what steps, in line heights. */
static const float STEP = 0.45F;
enum { STEPS = 9 };
/* Half a character and what frames do not tell, in line heights. */
static const float HALF = 0.62F;

static void add_rival(GArray *rivals, const bf_symbol *symbol, gunichar c)
{
    for (guint a = 0; a < symbol->n_alts; a++)
        if (symbol->alts[a] == c)
            return;
    for (guint i = 0; i < rivals->len; i++)
        if (g_array_index(rivals, gunichar, i) == c)
            return;
    if (c != 0)
        g_array_append_val(rivals, c);
}

/* What else may stand there: what was read, and what the reader takes the character for. */
static GArray *rivals_of(const bf_page_engine *e, const bf_symbol *symbol, gunichar read)
{
    GArray *rivals = g_array_new(FALSE, FALSE, sizeof(gunichar));
    const bf_used_reader *reader = &e->readers[0];
    add_rival(rivals, symbol, read);
    for (guint a = 0; a < symbol->n_alts && reader->class->taken_for != NULL; a++) {
        guint n;
        const gunichar *taken = reader->class->taken_for(reader->reader, symbol->alts[a], &n);
        for (guint i = 0; i < n; i++)
            add_rival(rivals, symbol, taken[i]);
    }
    return rivals;
}

/* Does the reader take the name's character for this one? Then reading it says nothing against the name. */
static bool is_taken_for(const bf_page_engine *e, const bf_symbol *symbol, gunichar read)
{
    const bf_used_reader *reader = &e->readers[0];
    for (guint a = 0; a < symbol->n_alts && reader->class->taken_for != NULL; a++) {
        guint n;
        const gunichar *taken = reader->class->taken_for(reader->reader, symbol->alts[a], &n);
        for (guint i = 0; i < n; i++)
            if (taken[i] == read)
                return true;
    }
    return false;
}

typedef struct {
    float x, y;
} point;

static point along_of(const bf_quad *q)
{
    float dx = q->x[1] - q->x[0], dy = q->y[1] - q->y[0], length = MAX(hypotf(dx, dy), 1.0F);
    return (point){dx / length, dy / length};
}

/* Away from the characters that were read. */
static float direction_of(const bf_hit *hit, const bf_unproved *u, point along)
{
    float sum = 0;
    for (guint i = 0; i < hit->n_centres; i++)
        sum += (u->x - hit->centre_x[i]) * along.x + (u->y - hit->centre_y[i]) * along.y;
    return sum < 0 ? -1.0F : 1.0F;
}

/* The hit covers this character too. */
static void reach_over(bf_hit *hit, float x, float y, float height_px)
{
    bf_quad *q = &hit->quad;
    point a = along_of(q);
    float start = (x - (q->x[0] + q->x[3]) / 2) * a.x + (y - (q->y[0] + q->y[3]) / 2) * a.y - HALF * height_px;
    float end = (x - (q->x[1] + q->x[2]) / 2) * a.x + (y - (q->y[1] + q->y[2]) / 2) * a.y + HALF * height_px;
    for (int i = 0; i < 4; i++) {
        bool at_start = i == 0 || i == 3;
        float more = at_start ? MIN(start, 0.0F) : MAX(end, 0.0F);
        q->x[i] += a.x * more;
        q->y[i] += a.y * more;
    }
    if (hit->n_centres < G_N_ELEMENTS(hit->centre_x)) {
        hit->centre_x[hit->n_centres] = x;
        hit->centre_y[hit->n_centres++] = y;
    }
}

/* The reader is sure of its character, and the shape, of whatever quality, is more like it than like the name's, from which it is quite
 * unlike: grain and rules spoil both alike. */
static bool backs_the_reader(const bf_glyph_answer *a, gunichar read)
{
    static const float UNLIKE = 0.4F, CLEAR = 0.19F;
    return a->verdict == BF_GLYPH_UNSURE && !a->blank && a->like == read && a->apart >= UNLIKE && -a->margin * sqrtf(a->apart) >= CLEAR;
}

/* Asks at one place. */
static bf_glyph_answer ask(const bf_page_engine *e, const bf_picture *picture, const bf_symbol *symbol, gunichar read,
                           const bf_glyph_place *place)
{
    bf_glyph_answer answer;
    g_autoptr(GArray) rivals = rivals_of(e, symbol, read);
    bf_glyphs_judge(e->glyphs, picture, place, symbol->alts, symbol->n_alts, (const gunichar *)(const void *)rivals->data, rivals->len,
                    &answer);
    return answer;
}

/* The place is a guess, which a frame of the reader or the neighbour's distance makes: of some places about it the one where the ink is
 * most like a glyph, whichever. */
static void ask_about(const bf_page_engine *e, const bf_picture *picture, const bf_symbol *symbol, gunichar read, point along,
                      bf_glyph_place *place, bf_glyph_answer *answer)
{
    static const float ASIDE[] = {-0.15F, -0.3F, -0.45F, 0.15F, 0.3F};
    bf_glyph_place guess = *place;
    float height = hypotf(place->right_x, place->right_y);
    for (gsize i = 0; i < G_N_ELEMENTS(ASIDE) && answer->verdict == BF_GLYPH_UNSURE; i++) {
        bf_glyph_place aside = guess;
        aside.x += along.x * ASIDE[i] * height;
        aside.y += along.y * ASIDE[i] * height;
        bf_glyph_answer other = ask(e, picture, symbol, read, &aside);
        if (other.blank || other.distance >= answer->distance)
            continue;
        *answer = other;
        *place = aside;
    }
}

/* From here on the reader is sure of a character; and so far from all glyphs, ink that is the nearer to one of them says little against it.
 */
static const float PLAINLY = 0.9F, FAR = 0.3F;

/* Another character only by two witnesses: its shape, and the reader, which read another one right there and does not take the name's for
 * it. A shape alone may have been cut out in the wrong place. */
static bf_glyph_verdict judge(const bf_page_engine *e, const bf_picture *picture, const bf_symbol *symbol, bool plainly_read, bf_hit *hit,
                              bf_unproved *u)
{
    bf_glyph_place place = {u->x, u->y, hit->right_x, hit->right_y, hit->down_x, hit->down_y};
    bf_glyph_answer answer = {.blank = true};
    point along = along_of(&hit->quad);
    float height = hypotf(hit->right_x, hit->right_y), step = direction_of(hit, u, along) * STEP * height;
    bool read_here = false;
    for (int i = 0; i < STEPS && answer.blank; i++) {
        if (i > 0) {
            place.x += along.x * step;
            place.y += along.y * step;
        }
        read_here = u->read != 0 && hypotf(place.x - u->read_x, place.y - u->read_y) < STEP * height;
        answer = ask(e, picture, symbol, read_here ? u->read : 0, &place);
    }
    if (u->silent && answer.blank)
        return BF_GLYPH_ANOTHER; /* nothing stands there */
    if (!answer.blank)
        ask_about(e, picture, symbol, read_here ? u->read : 0, along, &place, &answer);
    if (!answer.blank) {
        u->x = place.x;
        u->y = place.y;
    }
    if (plainly_read && read_here && backs_the_reader(&answer, u->read))
        answer.verdict = BF_GLYPH_ANOTHER;
    bool plainly_another = read_here && u->read_p >= PLAINLY && !is_taken_for(e, symbol, u->read);
    if (answer.verdict == BF_GLYPH_IS && plainly_another && answer.distance > FAR)
        return BF_GLYPH_UNSURE;
    bool alone = answer.verdict == BF_GLYPH_ANOTHER && (!read_here || is_taken_for(e, symbol, u->read));
    return alone ? BF_GLYPH_UNSURE : answer.verdict;
}

/* Where a symbol should stand by the places of the others and the pitch of its line; false where that cannot be said: short lines, letter-
 * spaced names. */
static bool expected_at(const bf_line *line, const bf_form *form, const bf_hit *hit, guint symbol, float *pitch, point *at)
{
    enum { RUNNING_TEXT = 8 };
    static const float SPACED = 1.6F;
    point along = along_of(&hit->quad);
    guint known[G_N_ELEMENTS(hit->centre_x)], n = 0;
    for (guint s = 0; s < form->n_symbols && n < G_N_ELEMENTS(known); s++) {
        bool unproved = false;
        for (guint i = 0; i < hit->n_unproved; i++)
            unproved = unproved || hit->unproved[i].symbol == s;
        if (!unproved)
            known[n++] = s;
    }
    if (n == 0 || n != hit->n_centres || line->n_chars < RUNNING_TEXT)
        return false;
    *pitch = hypotf(line->quad.x[1] - line->quad.x[0], line->quad.y[1] - line->quad.y[0]) / (float)line->n_chars;
    if (n > 1 && hypotf(hit->centre_x[n - 1] - hit->centre_x[0], hit->centre_y[n - 1] - hit->centre_y[0]) >
                     SPACED * *pitch * (float)(known[n - 1] - known[0]))
        return false;
    *at = (point){0, 0};
    for (guint i = 0; i < n; i++) {
        float on = ((float)symbol - (float)known[i]) * *pitch;
        at->x += (hit->centre_x[i] + on * along.x) / (float)n;
        at->y += (hit->centre_y[i] + on * along.y) / (float)n;
    }
    return true;
}

/* Where the reader leaves a character out, the next one stands a pitch too far: it says nothing of the name's. */
static bf_glyph_verdict at_its_place(const bf_page_engine *e, const bf_picture *picture, const bf_line *line, const bf_form *form,
                                     bf_hit *hit, bf_unproved *u, bf_glyph_verdict verdict)
{
    static const float OFF = 0.6F;
    float pitch;
    point at, along = along_of(&hit->quad);
    if (verdict != BF_GLYPH_ANOTHER || !expected_at(line, form, hit, u->symbol, &pitch, &at) ||
        fabsf((u->x - at.x) * along.x + (u->y - at.y) * along.y) < OFF * pitch)
        return verdict;
    bf_glyph_place place = {at.x, at.y, hit->right_x, hit->right_y, hit->down_x, hit->down_y};
    bf_glyph_answer answer = ask(e, picture, &form->symbols[u->symbol], 0, &place);
    if (!answer.blank)
        ask_about(e, picture, &form->symbols[u->symbol], 0, along, &place, &answer);
    u->x = place.x;
    u->y = place.y;
    return answer.verdict == BF_GLYPH_IS ? BF_GLYPH_IS : BF_GLYPH_UNSURE;
}

bf_glyph_verdict bf_tell_by_glyphs(const bf_page_engine *e, const bf_picture *picture, const bf_query *query, const bf_line *line,
                                   bf_hit *hit)
{
    const bf_form *form = &query->forms[hit->form];
    guint is = 0;
    if (hit->n_unproved == 0 || hit->n_unproved > BF_UNPROVED_MAX || hit->next_line >= 0 || bf_glyphs_n_faces(e->glyphs) == 0)
        return BF_GLYPH_UNSURE;
    for (guint i = 0; i < hit->n_unproved; i++) {
        /* Of a long line some other character is always weak. */
        bool plainly_read = line->weakest >= PLAINLY || hit->unproved[i].read_p >= PLAINLY;
        bf_glyph_verdict v = judge(e, picture, &form->symbols[hit->unproved[i].symbol], plainly_read, hit, &hit->unproved[i]);
        v = at_its_place(e, picture, line, form, hit, &hit->unproved[i], v);
        if (v == BF_GLYPH_ANOTHER)
            return v;
        is += v == BF_GLYPH_IS;
    }
    if (is < hit->n_unproved)
        return BF_GLYPH_UNSURE;
    for (guint i = 0; i < hit->n_unproved; i++)
        reach_over(hit, hit->unproved[i].x, hit->unproved[i].y, hypotf(hit->right_x, hit->right_y));
    return BF_GLYPH_IS;
}
