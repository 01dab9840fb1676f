#include "pm_kinds.h"

typedef struct {
    const char *word;
    double width, height, text_size;
    void (*draw)(pm_canvas *c);
} kind_row;

static const kind_row kinds[PM_N_KINDS] = {
    [PM_KIND_ID_FRONT] = {"id-front", 1280, 806, 36, pm_draw_id_front},
    [PM_KIND_ID_BACK] = {"id-back", 1280, 806, 34, pm_draw_id_back},
    [PM_KIND_DIPLOMA] = {"diploma", 1754, 1240, 40, pm_draw_diploma},
    [PM_KIND_TITLE] = {"title", 1654, 1100, 42, pm_draw_title},
    [PM_KIND_APPOINTMENT] = {"appointment", 1654, 2339, 34, pm_draw_appointment},
    [PM_KIND_LIST] = {"list", 1654, 2339, 30, pm_draw_list},
    [PM_KIND_APPRAISAL] = {"appraisal", 1654, 2339, 29, pm_draw_appraisal},
    [PM_KIND_APPRAISAL_BACK] = {"appraisal-back", 1654, 2339, 30, pm_draw_appraisal_back},
    [PM_KIND_COMMITMENT] = {"commitment", 1654, 2339, 34, pm_draw_commitment},
    [PM_KIND_PAPER] = {"paper", 1654, 2339, 28, pm_draw_paper},
    [PM_KIND_SUMMARY] = {"summary", 1654, 2339, 32, pm_draw_summary},
    [PM_KIND_NOTICE] = {"notice", 1654, 2339, 33, pm_draw_notice},
    [PM_KIND_TRAINING] = {"training", 1654, 1160, 42, pm_draw_training},
    [PM_KIND_SERVICE] = {"service", 1654, 2339, 33, pm_draw_service},
    [PM_KIND_PLAIN] = {"plain", 1654, 2339, 30, pm_draw_plain},
    [PM_KIND_WAYS] = {"ways", 1654, 2339, 32, pm_draw_ways},
};

void pm_kind_size(pm_kind kind, double *width, double *height, double *text_size)
{
    *width = kinds[kind].width;
    *height = kinds[kind].height;
    *text_size = kinds[kind].text_size;
}

/* The seal capture: two seals that reach into names, wherever the kind has put them. */
static void seal_names(pm_canvas *c)
{
    guint sealed = 0;
    for (guint i = 0; i < c->occurrences->len && sealed < 2; i++) {
        const pm_occurrence *o = c->occurrences->pdata[i];
        if (!o->applicant || o->glyphs->len == 0 || o->under_seal)
            continue;
        const pm_quad *q = &g_array_index(o->glyphs, pm_quad, pm_random_below(&c->random, o->glyphs->len));
        const double r = pm_random_range(&c->random, 95, 130), d = pm_random_range(&c->random, 0, 0.9) * r;
        pm_seal_draw(c, q->x[0] + d, q->y[0] + pm_random_range(&c->random, -0.5, 0.5) * r, r, c->unit);
        sealed++;
    }
}

void pm_kind_draw(pm_canvas *c)
{
    kinds[c->spec->kind].draw(c);
    const pm_capture k = c->spec->capture;
    if (k == PM_CAPTURE_SEAL || k == PM_CAPTURE_BLUE_SEAL || k == PM_CAPTURE_PURPLE_SEAL || (c->spec->flags & PM_FLAG_SEAL))
        seal_names(c);
}

const char *pm_kind_word(pm_kind kind)
{
    return kinds[kind].word;
}

const char *pm_form_word(pm_form form)
{
    static const char *const words[PM_N_FORMS] = {[PM_FORM_NAME] = "name",
                                                  [PM_FORM_SPACED] = "spaced",
                                                  [PM_FORM_TRADITIONAL] = "traditional",
                                                  [PM_FORM_LINE_BREAK] = "line-break",
                                                  [PM_FORM_VERTICAL] = "vertical",
                                                  [PM_FORM_TITLE] = "title",
                                                  [PM_FORM_WHITE_ON_DARK] = "white-on-dark",
                                                  [PM_FORM_SIGNATURE] = "signature",
                                                  [PM_FORM_NAME_SEAL] = "name-seal",
                                                  [PM_FORM_ALIAS] = "alias",
                                                  [PM_FORM_PINYIN] = "pinyin",
                                                  [PM_FORM_INITIALS] = "initials",
                                                  [PM_FORM_ARABIC] = "arabic",
                                                  [PM_FORM_WIDE] = "wide",
                                                  [PM_FORM_CELLS] = "cells",
                                                  [PM_FORM_COLUMNS] = "columns",
                                                  [PM_FORM_UNDERLINED] = "underlined",
                                                  [PM_FORM_BOLD] = "bold",
                                                  [PM_FORM_FINE] = "fine",
                                                  [PM_FORM_COURTESY] = "courtesy",
                                                  [PM_FORM_COLOURED] = "coloured"};
    return words[form];
}

bool pm_kind_parse(const char *word, pm_kind *out, GError **error)
{
    for (guint i = 0; i < PM_N_KINDS; i++)
        if (g_str_equal(word, kinds[i].word)) {
            *out = (pm_kind)i;
            return true;
        }
    g_set_error(error, PM_ERROR, PM_ERROR_WORD, "no such kind of page: %s", word);
    return false;
}
