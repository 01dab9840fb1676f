#include "page/legible.h"
#include "page/empty.h"
#include "page/ink.h"
#include "page/orient.h"
#include "page/texture.h"
#include <math.h>

/* The score is about the share of characters that are read right; of a name of three characters fewer than two are then read. */
static const float ILLEGIBLE_BELOW = 0.60F, LEGIBLE_FROM = 0.88F;
/* Sharp print has a character gradient of a fifth of its contrast; from this share down it counts against the page, gently, since readers
 * and people make do with less. */
static const float SHARP = 0.12F, GRADIENT_WEIGHT = 0.08F;
/* Print has about as many strokes that lie as strokes that stand: where one of the two gradients is so much weaker, the camera moved. */
static const float ONE_WAY = 0.4F;
/* The box of a line is about half as high again as its characters. */
static const float BOX_PER_TEXT = 1.5F;
/* Between the levels of ink and paper, of 255. */
static const float GOOD_CONTRAST = 70;
/* Of its contrast to the paper print keeps about so much against the mean of its surroundings, where characters stand, made small. */
static const float SEEN_SHARE = 0.4F;
/* So many loose pieces of faint ink are on every page. */
enum { LOOSE_INK = 6, ILLEGIBLE_INK = 12 };

/* Where so much of a page without text is noise, text may be lost in it. */
static const float NOISE_HIDES = 0.25F;

static void because(bf_legibility *l, const char *word)
{
    g_ptr_array_add(l->reasons, (gpointer)word);
}

static void judge_without_text(const bf_picture *picture, bool unread, guint faint, bf_legibility *out)
{
    if (bf_noise_share(picture) >= NOISE_HIDES) {
        because(out, "noisy");
        return;
    }
    if (unread || faint >= ILLEGIBLE_INK) {
        because(out, "unread-text");
        return;
    }
    bf_ground ground = bf_ground_of(picture);
    if (ground == BF_GROUND_SHEET) {
        because(out, "unread-text");
        return;
    }
    bool blank = ground == BF_GROUND_BLANK;
    out->verdict = blank ? BF_LEGIBILITY_MARGINAL : BF_LEGIBILITY_LEGIBLE;
    out->score = blank ? 0 : 1;
    if (blank)
        because(out, "blank");
}

/* Paper as white as can be and pale print: what was paler still has left no trace, and nobody knows how much that was. */
static bool is_bleached(const bf_text_measure *m)
{
    return m->ink > 200 && m->paper > 250;
}

/* What a person would say about the page. The limits are where readers begin to lose characters. */
static void find_reasons(const bf_text_measure *m, const bf_jpeg_info *info, float coverage, bf_legibility *out)
{
    bool small = m->height_px / BOX_PER_TEXT < 13;
    if (coverage < 0.9F)
        because(out, "unread-text");
    if (m->noise > 14 && m->noise > 0.08F * m->contrast)
        because(out, "noisy");
    if (m->paper < 100)
        because(out, "under-exposed");
    else if (is_bleached(m))
        because(out, "over-exposed");
    else if (m->contrast < 36)
        because(out, "low-contrast");
    if (small)
        because(out, "too-small");
    else if (m->sharpness < 0.075F || MIN(m->across, m->down) < ONE_WAY * MAX(m->across, m->down))
        because(out, "blurred");
    if (m->shaded > 0.15F)
        because(out, "shadow");
    if (m->glared > 0.15F)
        because(out, "glare");
    if (info->quality > 0 && info->quality < 20)
        because(out, "over-compressed");
    if (m->cut >= 3)
        because(out, "cut-off");
}

/* Pieces that stand in rows about as high as the print are writing; those of a portrait lie all about, and the waves of a guilloche are
 * thinner. In characters. */
static float in_rows(const GArray *places, float print_px)
{
    static const float ROW = 3, LOWEST = 0.6F;
    float sum = 0;
    for (guint i = 0; i < places->len; i++) {
        bf_rect r = g_array_index(places, bf_rect, i);
        float aspect = (float)r.w / (float)MAX(r.h, 1);
        sum += aspect >= ROW && (float)r.h >= LOWEST * print_px ? aspect : 0;
    }
    return sum;
}

/* Does nothing like the print that was read stand beside the lines, on a page whose grain is no finer than that? Either hardly any piece is
 * as dark, grain included; or all that is beside the lines is as quiet as paper, which many pixels together tell where one cannot. */
static bool is_all_read(const bf_picture *upright, const GArray *lines, float contrast)
{
    guint step = (guint)(SEEN_SHARE * contrast);
    return (step > 0 && bf_unread_ink_darker_by(upright, lines, step) == UNREAD_WORTH_A_LOOK) || bf_unread_dim_print(upright, lines) == 0;
}

void bf_legibility_judge(const bf_picture *upright, const GArray *lines, const bf_jpeg_info *info, bool unread, bf_legibility *out)
{
    bf_text_measure m;
    g_autoptr(GArray) places = g_array_new(FALSE, FALSE, sizeof(bf_rect));
    guint n = 0, step, faint = bf_unread_faint_ink(upright, lines, &step, places);
    *out = (bf_legibility){.reasons = g_ptr_array_new()};
    out->confidence = bf_mean_confidence(lines, &n);
    if (n == 0) {
        judge_without_text(upright, unread, faint, out);
        return;
    }
    float scale = (float)MAX(info->width_px, info->height_px) / (float)MAX(upright->width_px, upright->height_px);
    bf_measure_text(upright, lines, scale, &m);
    float loose = faint > LOOSE_INK ? (float)MIN(faint, 100000U) - LOOSE_INK : 0;
    float coverage = (float)n / ((float)n + loose);
    out->score = out->confidence * coverage * powf(CLAMP(m.sharpness / SHARP, 0.01F, 1.0F), GRADIENT_WEIGHT);
    out->verdict = out->score < ILLEGIBLE_BELOW ? BF_LEGIBILITY_ILLEGIBLE
                   : out->score < LEGIBLE_FROM  ? BF_LEGIBILITY_MARGINAL
                                                : BF_LEGIBILITY_LEGIBLE;
    /* Print that stands out and is read well, on a page without dark ink that nobody read: faint ink beside it that stands in no rows is a
     * portrait, a guilloche, a watermark. In rows it is pencil, or lines that detection lost; and what was not looked at to its end may be
     * anything. */
    if (out->verdict == BF_LEGIBILITY_ILLEGIBLE && out->confidence >= LEGIBLE_FROM && m.contrast >= GOOD_CONTRAST && !unread &&
        faint != G_MAXUINT && in_rows(places, m.height_px) < ILLEGIBLE_INK)
        out->verdict = BF_LEGIBILITY_MARGINAL;
    /* Where print like that which was read would not be seen, nobody knows how many lines detection lost. A person finds such a page hard
     * to read in any case. */
    if ((float)step > SEEN_SHARE * m.contrast)
        out->verdict = is_all_read(upright, lines, m.contrast) ? MIN(out->verdict, BF_LEGIBILITY_MARGINAL) : BF_LEGIBILITY_ILLEGIBLE;
    if (is_bleached(&m))
        out->verdict = MIN(out->verdict, BF_LEGIBILITY_MARGINAL);
    find_reasons(&m, info, coverage, out);
}

void bf_legibility_clear(bf_legibility *l)
{
    g_clear_pointer(&l->reasons, g_ptr_array_unref);
}
