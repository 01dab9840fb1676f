#include "blindfold/jpeg_look.h"
#include "blindfold/name.h"
#include "page/check_page.h"
#include "page/ink.h"
#include <stdlib.h>

enum { DIFFERENT = 105, DIFFERENT_PIXELS = 3, LEAST_SIDE_PX = 32, COARSER = 3 };

/* Does the small picture show something else than the page, in some place? Cameras make thumbnails by leaving pixels out, so both are
 * compared at a third of the size. Where it was laid down in another shape, the bars at its top and bottom do not count. */
static bool shows_another(const bf_picture *small, const bf_picture *page)
{
    g_autoptr(bf_picture) a = NULL, b = NULL;
    guint n = 0;
    int w = small->width_px / COARSER, h = small->height_px / COARSER;
    if (!bf_picture_scale(small, w, h, &a, NULL) || !bf_picture_scale(page, w, h, &b, NULL))
        return true;
    for (int y = h / 8; y < h - h / 8; y++)
        for (int x = 1; x < w - 1; x++)
            n += abs(bf_luma(a, x, y) - bf_luma(b, x, y)) > DIFFERENT;
    return n >= DIFFERENT_PIXELS;
}

static bool thumbnail_differs(const bf_check_view *v, GBytes *jpeg)
{
    g_autoptr(bf_picture) picture = NULL, oriented = NULL, turned = NULL;
    if (v->picture == NULL || !bf_jpeg_decode(jpeg, 4 << 20, 0, &picture, NULL, NULL) ||
        MIN(picture->width_px, picture->height_px) < LEAST_SIDE_PX)
        return true; /* what cannot be compared may show anything */
    return !bf_picture_orient(picture, v->frame->exif_orientation, &oriented, NULL) ||
           !bf_picture_turn(oriented, v->frame->turn_deg, &turned, NULL) || shows_another(turned, v->picture);
}

/* Each rule once; the detail is the first place's. */
static void add(const bf_check_view *v, const char *rule, bf_finding_weight weight, const char *detail)
{
    GArray *findings = v->task->check->findings;
    for (guint i = 0; i < findings->len; i++) {
        const bf_finding *f = &g_array_index(findings, bf_finding, i);
        if (strcmp(f->rule, rule) == 0)
            return;
    }
    bf_findings_add(findings, (bf_finding){.rule = rule, .weight = weight, .detail = detail, .number = -1});
}

void bf_check_leaks(const bf_check_view *v)
{
    bool unmasked = v->task->check_unmasked;
    bf_finding_weight grave = unmasked ? BF_FINDING_NOTE : BF_FINDING_MEND, light = unmasked ? BF_FINDING_NOTE : BF_FINDING_WARN;
    g_autoptr(GArray) extras = bf_jpeg_extras(v->task->jpeg);
    for (guint i = 0; i < extras->len; i++) {
        const bf_jpeg_extra *e = &g_array_index(extras, bf_jpeg_extra, i);
        bool picture = strcmp(e->kind, "thumbnail") == 0 || strcmp(e->kind, "second-picture") == 0;
        if (!picture && bf_name_in_bytes(v->task->query, e->data))
            add(v, "name-in-metadata", grave, e->kind);
        if (strcmp(e->kind, "thumbnail") == 0 && thumbnail_differs(v, e->data))
            add(v, "thumbnail-differs", grave, NULL);
        else if (strcmp(e->kind, "second-picture") == 0)
            add(v, "second-picture", light, NULL);
        else if (strcmp(e->kind, "after-end") == 0)
            add(v, "data-after-end", light, NULL);
    }
}
