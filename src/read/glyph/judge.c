/* Deciding between characters by their glyphs. */
#include "read/glyph/patch.h"
#include "read/glyph/templates.h"
#include <math.h>
#include <string.h>

/* How much a box that is larger or smaller than the glyph should be counts against it. */
static const float SIZE_FREE = 0.12F, SIZE_WEIGHT = 1.0F;
/* What an answer takes: a margin, one that is large for how alike the two are and how badly the ink fits, and ink that fits. To say that it
 * is another takes more, since that leaves a place unmasked. */
static const float IS_MARGIN = 0.3F, IS_CLEAR = 0.6F, IS_DISTANCE = 0.45F, ALONE_DISTANCE = 0.2F;
static const float ANOTHER_MARGIN = 0.35F, ANOTHER_CLEAR = 0.9F, ANOTHER_DISTANCE = 0.36F;
enum { SPEAKERS = 3 }; /* the faces that are most like the ink; the others know less */

/* The ink as seen through one box. */
typedef struct {
    bf_shape shape;
    float width_em, height_em;
} view;

static float size_fault(float seen, float drawn)
{
    float d = MAX(fabsf(seen - drawn) - SIZE_FREE, 0.0F);
    return SIZE_WEIGHT * d * d;
}

static float fault(const view *v, const bf_template *t)
{
    return size_fault(v->width_em, t->width_em) + size_fault(v->height_em, t->height_em);
}

static float distance(const view *v, const bf_template *t, guint size)
{
    return bf_shape_distance(&v->shape, &t->shape[size]) + fault(v, t);
}

static float nearest(const view *v, const bf_templates *all)
{
    float best = INFINITY;
    for (guint i = 0; i < all->n; i++)
        for (guint s = 0; s < TEMPLATE_SIZES; s++)
            best = MIN(best, distance(v, &all->t[i], s));
    return best;
}

typedef struct {
    float likeness, margin, apart;
} opinion;

/* Where between two characters' glyphs does the ink lie? For each face that has both: 1 on the wanted one's side, -1 on the rival's; what
 * is common to both counts nothing. The faces that are most like the ink speak. */
static opinion between(const view *v, const bf_templates *wanted, const bf_templates *rival)
{
    opinion best[SPEAKERS];
    guint n = 0;
    for (guint i = 0; i < wanted->n; i++)
        for (guint k = 0; k < rival->n; k++)
            for (guint s = 0; s < TEMPLATE_SIZES; s++) {
                const bf_template *w = &wanted->t[i], *r = &rival->t[k];
                if (w->face != r->face)
                    continue;
                float a = distance(v, w, s), b = distance(v, r, s), apart = bf_shape_distance(&w->shape[s], &r->shape[s]);
                opinion o = {MIN(a, b), CLAMP((b - a) / MAX(apart, 0.02F), -1.0F, 1.0F), apart};
                guint at = MIN(n, SPEAKERS);
                while (at > 0 && best[at - 1].likeness > o.likeness)
                    at--;
                if (at == SPEAKERS)
                    continue;
                memmove(best + at + 1, best + at, sizeof *best * (MIN(n, SPEAKERS - 1) - at));
                best[at] = o;
                n = MIN(n + 1, SPEAKERS);
            }
    opinion mean = {.likeness = n > 0 ? best[0].likeness : 2};
    for (guint i = 0; i < n; i++) {
        mean.margin += best[i].margin / (float)n;
        mean.apart += best[i].apart / (float)n;
    }
    return mean;
}

static const view *best_view(const view *views, guint n, const bf_templates *const *all, guint n_all, float *best, guint *which)
{
    const view *at = NULL;
    *best = INFINITY;
    for (guint i = 0; i < n; i++)
        for (guint k = 0; k < n_all; k++) {
            float d = nearest(&views[i], all[k]);
            if (d < *best) {
                *best = d;
                *which = k;
                at = &views[i];
            }
        }
    return at;
}

static bf_glyph_verdict decide(const bf_glyph_answer *a, bool like_wanted, bool has_rivals)
{
    if (!has_rivals) /* nothing was read there, and nothing is known that it may be taken for */
        return a->distance < ALONE_DISTANCE ? BF_GLYPH_IS : BF_GLYPH_UNSURE;
    float clear = a->margin * sqrtf(a->apart) / MAX(a->distance, 0.1F);
    if (like_wanted && a->margin > IS_MARGIN && clear > IS_CLEAR && a->distance < IS_DISTANCE)
        return BF_GLYPH_IS;
    if (!like_wanted && a->margin < -ANOTHER_MARGIN && clear < -ANOTHER_CLEAR && a->distance < ANOTHER_DISTANCE)
        return BF_GLYPH_ANOTHER;
    return BF_GLYPH_UNSURE;
}

void bf_glyphs_judge(bf_glyphs *g, const bf_picture *picture, const bf_glyph_place *place, const gunichar *wanted, guint n_wanted,
                     const gunichar *rivals, guint n_rivals, bf_glyph_answer *out)
{
    static const float EM = 0.93F; /* how high the ink of a line of text is */
    g_autofree bf_patch *patch = g_new(bf_patch, 1);
    *out = (bf_glyph_answer){.distance = 2};
    if (!bf_patch_cut(picture, place, patch))
        return;
    out->blank = patch->n_boxes == 0;
    if (out->blank)
        return;
    g_autofree const bf_templates **all = g_new(const bf_templates *, n_wanted + n_rivals + 1);
    for (guint i = 0; i < n_wanted + n_rivals; i++)
        all[i] = bf_glyphs_templates(g, i < n_wanted ? wanted[i] : rivals[i - n_wanted]);
    view views[PATCH_BOXES];
    for (guint i = 0; i < patch->n_boxes; i++) {
        bf_box b = patch->boxes[i];
        bf_shape_of(&patch->ink, b, &views[i].shape);
        views[i].width_em = (float)(b.x1 - b.x0) / patch->text_px * EM;
        views[i].height_em = (float)(b.y1 - b.y0) / patch->text_px * EM;
    }
    guint which = 0;
    const view *v = best_view(views, patch->n_boxes, all, n_wanted + n_rivals, &out->distance, &which);
    if (v == NULL)
        return;
    out->like = which < n_wanted ? wanted[which] : rivals[which - n_wanted];
    out->margin = 1;
    for (guint r = 0; r < n_rivals; r++) {
        opinion best = {.margin = -2};
        for (guint w = 0; w < n_wanted; w++) {
            opinion o = between(v, all[w], all[n_wanted + r]);
            best = o.margin > best.margin ? o : best;
        }
        if (all[n_wanted + r]->n > 0 && best.margin < out->margin) {
            out->margin = best.margin;
            out->apart = best.apart;
        }
    }
    out->verdict = decide(out, which<n_wanted, out->apart> 0);
}
