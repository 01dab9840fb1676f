#include "page/sign.h"
#include "page/ink.h"
#include "page/official_seal.h"
#include "page/seal_on_seal.h"
#include "page/strokes.h"
#include <math.h>

/* In heights of the label's text, from its end and its middle. A signature begins within START of the label, stands within REACH (and EACH
 * more for every character above three), and hangs together over gaps of GAP; what lies BEYOND that must not be left uncovered. */
static const float REACH = 8.5F, EACH = 2.0F, BEYOND = 2.5F, BAND = 1.6F, START = 5, GAP = 1.6F, BELOW = 4.2F, JOIN = 0.5F;
/* Seals: the zone (nearer where a seal is as dark as print), and how large a personal seal or a fingerprint may be. An official seal is
 * twice as large. */
static const float SEAL_ABOVE = 2, SEAL_BELOW = 9, GRAY_SEAL_BELOW = 6.5F, SEAL_LEAST = 0.9F, SEAL_MOST = 4.5F, SEAL_NEAR = 0.5F;
/* Smaller pieces are specks; what no mask covers counts from COUNTS on. */
static const float SPECK = 0.25F, COUNTS = 0.6F;
enum { MARGIN_PX = 4 };

/* A label with the ink about it. */
typedef struct {
    const bf_picture *picture;
    const bf_reading *reading;
    const GArray *labels;
    const bf_signing_label *label;
    bool colourless; /* what is red on paper is dark here */
    float h, left, right, reach;
    GArray *pieces;    /* bf_piece: dark ink */
    GArray **official; /* bf_official_seal of the page; NULL: not looked for yet */
} zone;

static float middle_x(bf_rect r)
{
    return (float)r.x + (float)r.w / 2;
}

static float middle_y(bf_rect r)
{
    return (float)r.y + (float)r.h / 2;
}

/* How far below the label's row a place stands, in heights; negative above. */
static float below_row(const bf_signing_label *l, bf_rect r)
{
    float row = middle_y(l->box) + l->slope * (middle_x(r) - middle_x(l->box));
    return (middle_y(r) - row) / l->height;
}

static bool within(bf_rect inner, bf_rect outer)
{
    bf_rect c = bf_rect_intersect(inner, outer);
    return c.w == inner.w && c.h == inner.h;
}

static bool is_named(const bf_reading *reading, bf_rect r)
{
    for (guint i = 0; i < reading->hits->len; i++) {
        bf_rect b = bf_quad_bounds(&g_array_index(reading->hits, bf_hit, i).quad);
        if (within(r, bf_rect_grow(b, MARGIN_PX, MARGIN_PX)))
            return true;
    }
    return false;
}

/* A signature that reads like print, in a line of its own: where the applicant signs, whatever stands on the label's row to its right, and
 * elsewhere what shows a character of the name. */
static bool is_written_name(const zone *z, const bf_line *line)
{
    enum { MOST_CHARS = 10 };
    const bf_signing_label *l = z->label;
    bf_rect b = bf_quad_bounds(&line->quad);
    bool on_row = !l->upright && (float)b.x > z->right - l->height && fabsf(below_row(l, b)) < 0.8F;
    return on_row && line->n_chars <= MOST_CHARS && (l->signs == BF_SIGNS_APPLICANT || line->shows_name);
}

/* Is it a character of a line that reads as print? Not what follows on the label's own line, when that is the signature or reads badly. */
static bool is_print(const zone *z, bf_rect r)
{
    const bf_signing_label *l = z->label;
    bool tail_is_ink = l->signs == BF_SIGNS_APPLICANT || !l->tail_reads;
    float x = middle_x(r), y = middle_y(r);
    if (within(r, bf_rect_grow(l->box, 2, 2)))
        return true;
    for (guint i = 0; i < z->reading->lines->len; i++) {
        const bf_line *line = &g_array_index(z->reading->lines, bf_line, i);
        const bf_quad *q = &line->quad;
        float height = bf_quad_height(q);
        if (line->confidence < BF_PRINT_CONFIDENCE || line->composed || line->n_chars == 0 || !bf_quad_holds(q, x, y) ||
            (!line->vertical && (float)r.h > 1.6F * height) || is_written_name(z, line))
            continue;
        bool own = bf_quad_holds(q, middle_x(l->box), middle_y(l->box));
        if (!own || !tail_is_ink || x < z->right)
            return true;
    }
    return false;
}

/* Does the piece stand to the right of another label on that one's row? Then it is that one's. */
static bool is_anothers(const zone *z, bf_rect r)
{
    for (guint i = 0; i < z->labels->len; i++) {
        const bf_signing_label *o = &g_array_index(z->labels, bf_signing_label, i);
        float from = (float)(o->box.x + o->box.w), x = middle_x(r);
        bool beside = !o->upright && x > from - 0.3F * o->height && x < from + REACH * o->height;
        if (o != z->label && beside && fabsf(below_row(o, r)) < 1.2F && fabsf(below_row(o, r)) < fabsf(below_row(z->label, r)) + 0.2F)
            return true;
    }
    return false;
}

static bool is_speck(const zone *z, bf_rect r)
{
    return (float)MAX(r.w, r.h) < SPECK * z->h;
}

/* Official seals on gray scans, photographs, borders. */
static bool is_huge(const zone *z, bf_rect r)
{
    return (float)MIN(r.w, r.h) > SEAL_MOST * z->h;
}

typedef enum { RIGHT, UNDER, LEFT } direction;

/* Does the piece's middle lie where one signs on that side of the label? */
static bool is_on_side(const zone *z, bf_rect r, direction where, float reach)
{
    float x = middle_x(r), row = below_row(z->label, r);
    switch (where) {
    case RIGHT:
        return x > z->right - 0.2F * z->h && x < MIN(z->right + reach * z->h, z->label->end_x) && fabsf(row) < BAND;
    case UNDER:
        return x > z->left - 1.5F * z->h && x < z->right + 5 * z->h &&
               row > 0.9F + (z->label->upright ? (float)z->label->box.h / z->h / 2 : 0) &&
               row < BELOW + (z->label->upright ? (float)z->label->box.h / z->h / 2 : 0);
    default:
        return x < z->left + 0.2F * z->h && x > z->left - reach * z->h && fabsf(row) < BAND;
    }
}

static bool is_loose(const zone *z, bf_rect r)
{
    return !is_huge(z, r) && !is_anothers(z, r) && !is_print(z, r);
}

/* Where what stands behind the label ends: it begins near the label and hangs together. What comes after that is a date or another field.
 */
static float chain_end(const zone *z, bool *begun)
{
    float end = z->right + START * z->h;
    *begun = false;
    for (bool grown = true; grown;) {
        grown = false;
        for (guint i = 0; i < z->pieces->len; i++) {
            bf_rect r = g_array_index(z->pieces, bf_piece, i).rect;
            float reach = *begun ? end + GAP * z->h : end;
            if (is_speck(z, r) || !is_on_side(z, r, RIGHT, z->reach) || (float)r.x > reach || (*begun && (float)(r.x + r.w) <= end) ||
                is_huge(z, r) || is_print(z, r))
                continue;
            end = *begun ? MAX(end, (float)(r.x + r.w)) : (float)(r.x + r.w);
            *begun = grown = true;
        }
    }
    return *begun ? end : z->right + z->reach * z->h;
}

/* The loose ink on one side; empty when there is none of the size of a signature. *named: the name stands there in print. */
static bf_rect ink_on_side(const zone *z, direction where, bool *named)
{
    bf_rect all = {0};
    bool begun;
    float end = where == RIGHT ? chain_end(z, &begun) : 0;
    *named = false;
    for (guint i = 0; i < z->pieces->len; i++) {
        bf_rect r = g_array_index(z->pieces, bf_piece, i).rect;
        if (is_speck(z, r) || !is_on_side(z, r, where, where == RIGHT ? z->reach : REACH) || is_anothers(z, r) ||
            (where == RIGHT && (float)r.x > end))
            continue;
        if (is_named(z->reading, r))
            *named = true;
        else if (is_loose(z, r))
            all = bf_rect_union(all, r);
    }
    return (float)all.w < 0.6F * z->h || (float)all.h < 0.35F * z->h ? (bf_rect){0} : all;
}

/* Takes in what hangs together with it: strokes that reach over lines and labels. */
static bf_rect with_strokes(const zone *z, bf_rect all)
{
    int reach = (int)(JOIN * z->h);
    for (bool grown = true; grown;) {
        grown = false;
        for (guint i = 0; i < z->pieces->len; i++) {
            bf_rect r = g_array_index(z->pieces, bf_piece, i).rect;
            if (within(r, all) || bf_rect_is_empty(bf_rect_intersect(r, bf_rect_grow(all, reach, reach))))
                continue;
            if (middle_x(r) >= z->label->end_x || fabsf(below_row(z->label, r)) > BELOW || !is_loose(z, r) || is_named(z->reading, r))
                continue;
            all = bf_rect_union(all, r);
            grown = true;
        }
    }
    return all;
}

static void find_signature(const zone *z, GArray *ink)
{
    static const direction sides[] = {RIGHT, UNDER, LEFT};
    bool sure = z->label->signs == BF_SIGNS_APPLICANT;
    for (gsize i = z->label->upright ? 1 : 0; i < G_N_ELEMENTS(sides); i++) {
        if ((sides[i] == UNDER && !sure && !z->label->marked) || (sides[i] == LEFT && (!sure || z->label->upright)))
            continue;
        bool named;
        bf_rect r = ink_on_side(z, sides[i], &named);
        if (bf_rect_is_empty(r)) {
            if (named)
                return;
            continue;
        }
        bf_signed_ink found = {bf_rect_grow(with_strokes(z, r), MARGIN_PX, MARGIN_PX), BF_MASK_SIGNATURE};
        g_array_append_val(ink, found);
        return;
    }
}

/* ---- seals and fingerprints ---- */

/* The star and the letters of an official seal are no seals of their own. */
static bool is_part_of_larger(const GArray *pieces, guint which, float most)
{
    bf_rect r = g_array_index(pieces, bf_piece, which).rect;
    for (guint i = 0; i < pieces->len; i++) {
        bf_rect o = g_array_index(pieces, bf_piece, i).rect;
        if (i != which && (float)MIN(o.w, o.h) > most && !bf_rect_is_empty(bf_rect_intersect(r, o)))
            return true;
    }
    return false;
}

/* A name seal without a border falls into its characters, some of them into strokes: what is red and near belongs to it, as far as all of
 * it together is no larger than a seal. */
static bf_rect whole_seal(const zone *z, const GArray *pieces, bf_rect seal)
{
    int near = (int)(SEAL_NEAR * z->h);
    for (bool grown = true; grown;) {
        grown = false;
        for (guint i = 0; i < pieces->len; i++) {
            bf_rect r = g_array_index(pieces, bf_piece, i).rect, all = bf_rect_union(seal, r);
            bool apart = bf_rect_is_empty(bf_rect_intersect(bf_rect_grow(seal, near, near), r));
            if (apart || (all.w == seal.w && all.h == seal.h) || (float)MAX(all.w, all.h) > SEAL_MOST * z->h)
                continue;
            seal = all;
            grown = true;
        }
    }
    return seal;
}

/* A character of print stands within its line. A seal of two rows reads as two lines, and reaches over both. */
static bool is_within_a_line(const zone *z, bf_rect r)
{
    static const float OUTERMOST = 0.7F; /* of the way from the middle to each corner: boxes of lines are tight at times */
    for (guint i = 0; i < z->reading->lines->len; i++) {
        const bf_line *line = &g_array_index(z->reading->lines, bf_line, i);
        bool inside = !line->composed && line->n_chars > 0;
        for (int k = 0; k < 4 && inside; k++) {
            float dx = (float)r.w / 2 * OUTERMOST * (k % 2 ? 1 : -1), dy = (float)r.h / 2 * OUTERMOST * (k / 2 ? 1 : -1);
            inside = bf_quad_holds(&line->quad, middle_x(r) + dx, middle_y(r) + dy);
        }
        if (inside)
            return true;
    }
    return false;
}

static bool find_official(const bf_picture *picture, GArray *seals)
{
    bf_stamp_ink inks[BF_STAMP_INKS_MAX];
    guint n = bf_stamp_inks(picture, inks);
    for (guint i = 0; i < n; i++)
        if (!bf_find_official_seals(picture, &inks[i], seals, NULL))
            return false;
    return true;
}

static bool is_whole_of(const bf_official_seal *s, bf_rect r)
{
    static const float SAME = 0.12F; /* of its size: the ring's bounds are known to so much */
    float near = SAME * (float)MAX(r.w, r.h);
    return hypotf(s->x - middle_x(r), s->y - middle_y(r)) < near && fabsf(2 * s->rx - (float)r.w) < near &&
           fabsf(2 * s->ry - (float)r.h) < near;
}

/* Its star, or a letter of its legend: not what stands in a corner of the ring's bounds. */
static bool is_within_ring(const bf_official_seal *s, bf_rect r)
{
    for (int k = 0; k < 4; k++) {
        float x = (float)(k % 2 ? r.x + r.w : r.x), y = (float)(k / 2 ? r.y + r.h : r.y);
        if (hypotf((x - s->x) / s->rx, (y - s->y) / s->ry) > 1)
            return false;
    }
    return true;
}

/* An official seal, or a part of one, tells nobody's name, unless a name seal is stamped over it. *known: false without memory. */
static bool is_official(const zone *z, bf_rect r, bool *known)
{
    if (*z->official == NULL) {
        *z->official = g_array_new(FALSE, FALSE, sizeof(bf_official_seal));
        *known = find_official(z->picture, *z->official) && *known;
    }
    for (guint i = 0; i < (*z->official)->len; i++) {
        const bf_official_seal *s = &g_array_index(*z->official, bf_official_seal, i);
        if (is_whole_of(s, r) || is_within_ring(s, r))
            return true;
    }
    return false;
}

/* White characters on ink: no print is that dark, so that the zone may be as wide as in colour. */
static bool is_block(const bf_piece *piece)
{
    static const float INK = 0.5F;
    return (float)piece->n_px > INK * (float)piece->rect.w * (float)piece->rect.h;
}

/* Where a seal stands that is the applicant's: about the label, and no further below than this. */
static bool is_seals_place(const zone *z, bf_rect r, float below)
{
    float row = below_row(z->label, r);
    return middle_x(r) > z->left - z->h && middle_x(r) < z->right + (REACH + BEYOND) * z->h && row > -SEAL_ABOVE && row < below;
}

/* A name seal over an official one hangs together with it. */
static bool find_seals_on_seals(const zone *z, bf_rect about, GArray *ink)
{
    static const float LEAST = 1.8F; /* two characters across; larger than the official seal's star */
    g_autoptr(GArray) seals = g_array_new(FALSE, FALSE, sizeof(bf_rect));
    if (!bf_find_seals_on_seals(z->picture, about, z->h, LEAST * z->h, SEAL_MOST * z->h, seals))
        return false;
    for (guint i = 0; i < seals->len; i++) {
        bf_rect r = g_array_index(seals, bf_rect, i);
        bf_signed_ink found = {bf_rect_grow(r, MARGIN_PX, MARGIN_PX), BF_MASK_SEAL};
        if (is_seals_place(z, r, SEAL_BELOW))
            g_array_append_val(ink, found);
    }
    return true;
}

static bool find_seals(const zone *z, bf_rect about, GArray *ink)
{
    bool gray = z->colourless, large = false, known = true;
    g_autoptr(GArray) pieces = g_array_new(FALSE, FALSE, sizeof(bf_piece));
    if (!bf_find_pieces(z->picture, about, gray ? BF_INK_DARK : BF_INK_RED, z->h, MAX(3, (int)(z->h / 6)), pieces))
        return false;
    for (guint i = 0; i < pieces->len; i++) {
        bf_rect r = g_array_index(pieces, bf_piece, i).rect;
        float least = (float)MIN(r.w, r.h), most = (float)MAX(r.w, r.h);
        float below = gray && !is_block(&g_array_index(pieces, bf_piece, i)) ? GRAY_SEAL_BELOW : SEAL_BELOW;
        large = large || least > SEAL_MOST * z->h;
        if (!is_seals_place(z, r, below) || least < SEAL_LEAST * z->h || most > SEAL_MOST * z->h ||
            is_part_of_larger(pieces, i, SEAL_MOST * z->h))
            continue;
        if (gray && ((is_print(z, r) && is_within_a_line(z, r)) || is_named(z->reading, r) || most > 1.8F * least))
            continue;
        if (!gray && is_official(z, r, &known)) {
            large = true;
            continue;
        }
        bf_signed_ink found = {bf_rect_grow(gray ? r : whole_seal(z, pieces, r), MARGIN_PX, MARGIN_PX), BF_MASK_SEAL};
        g_array_append_val(ink, found);
    }
    return known && (gray || !large || find_seals_on_seals(z, about, ink));
}

/* ---- what is left ---- */

static bool is_covered(const GArray *ink, bf_rect r)
{
    for (guint i = 0; i < ink->len; i++)
        if (within(r, g_array_index(ink, bf_signed_ink, i).rect))
            return true;
    return false;
}

static void find_left(const zone *z, const GArray *ink, GArray *left)
{
    bool begun;
    float end = chain_end(z, &begun) + (begun ? 2 * GAP * z->h : 0);
    for (guint i = 0; i < z->pieces->len; i++) {
        bf_rect r = g_array_index(z->pieces, bf_piece, i).rect;
        float least = (float)MIN(r.w, r.h), most = (float)MAX(r.w, r.h);
        if (most < COUNTS * z->h || least < SPECK * z->h || (float)r.x > end || !is_on_side(z, r, RIGHT, z->reach + BEYOND) ||
            is_anothers(z, r) || is_print(z, r) || is_named(z->reading, r))
            continue;
        if (!is_covered(ink, r))
            g_array_append_val(left, r);
    }
}

static bool look_about(zone *z, GArray *ink)
{
    const bf_signing_label *l = z->label;
    z->h = MAX(l->height, 4);
    z->left = (float)l->box.x;
    z->right = (float)(l->box.x + l->box.w);
    float side = (z->reach + BEYOND + SEAL_MOST) * z->h, above = (SEAL_ABOVE + SEAL_MOST) * z->h, under = (SEAL_BELOW + SEAL_MOST) * z->h;
    bf_rect about = {(int)(z->left - side), (int)((float)l->box.y - above), l->box.w + (int)(2 * side), l->box.h + (int)(above + under)};
    return bf_find_pieces(z->picture, about, BF_INK_DARK, z->h, 1, z->pieces) && find_seals(z, about, ink);
}

bool bf_find_signed_ink(const bf_picture *picture, const bf_reading *reading, const GArray *labels, guint name_chars, GArray *ink,
                        GArray *left)
{
    g_autoptr(GArray) official = NULL;
    bool known = true, colourless = labels->len > 0 && bf_is_colourless(picture);
    for (guint i = 0; i < labels->len; i++) {
        g_autoptr(GArray) pieces = g_array_new(FALSE, FALSE, sizeof(bf_piece));
        zone z = {picture,
                  reading,
                  labels,
                  &g_array_index(labels, bf_signing_label, i),
                  .colourless = colourless,
                  .reach = REACH + EACH * (float)(MAX(name_chars, 3) - 3),
                  .pieces = pieces,
                  .official = &official};
        if (z.label->signs == BF_SIGNS_OTHER)
            continue;
        if (!look_about(&z, ink)) {
            known = false;
            continue;
        }
        find_signature(&z, ink);
        if (!z.label->upright)
            find_left(&z, ink, left);
    }
    return known;
}
