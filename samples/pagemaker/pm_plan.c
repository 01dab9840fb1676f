/* What each capture does, as a table; the seed fills in the rest. */
#include "pm_capture.h"
#include <math.h>
#include <string.h>

typedef struct {
    const char *word;
    double tilt, persp, bend, margin, light, shadow, paper, noise, blur, contrast, specks;
    int quality_low, quality_high;
    bool gray, fax, table;
    int turn, exif;
} capture_row;

static const capture_row captures[PM_N_CAPTURES] = {
    [PM_CAPTURE_CLEAN] = {.word = "clean", .quality_low = 88, .quality_high = 95, .exif = 1},
    [PM_CAPTURE_SCAN] =
        {.word = "scan", .tilt = 0.6, .paper = 3, .noise = 3, .blur = 0.5, .light = 0.04, .quality_low = 72, .quality_high = 90, .exif = 1},
    [PM_CAPTURE_SKEW] = {.word = "skew", .tilt = 3, .paper = 3, .noise = 2, .blur = 0.4, .quality_low = 70, .quality_high = 90, .exif = 1},
    [PM_CAPTURE_GRAY] =
        {.word = "gray", .tilt = 0.6, .paper = 3, .noise = 4, .blur = 0.6, .quality_low = 60, .quality_high = 85, .gray = true, .exif = 1},
    [PM_CAPTURE_NOISE] =
        {.word = "noise", .tilt = 0.8, .paper = 4, .noise = 22, .light = 0.1, .quality_low = 60, .quality_high = 85, .exif = 1},
    [PM_CAPTURE_BLUR] =
        {.word = "blur", .tilt = 0.8, .paper = 2, .noise = 3, .blur = 2.2, .quality_low = 60, .quality_high = 85, .exif = 1},
    [PM_CAPTURE_PHOTO] = {.word = "photo",
                          .tilt = 2.5,
                          .persp = 0.035,
                          .bend = 0.004,
                          .margin = 0.07,
                          .paper = 4,
                          .noise = 6,
                          .blur = 0.7,
                          .light = 0.3,
                          .shadow = 0.3,
                          .quality_low = 70,
                          .quality_high = 92,
                          .table = true,
                          .exif = 1},
    [PM_CAPTURE_CURVED] = {.word = "curved",
                           .tilt = 2,
                           .persp = 0.04,
                           .bend = 0.022,
                           .margin = 0.07,
                           .paper = 4,
                           .noise = 5,
                           .blur = 0.7,
                           .light = 0.35,
                           .shadow = 0.3,
                           .quality_low = 70,
                           .quality_high = 90,
                           .table = true,
                           .exif = 1},
    [PM_CAPTURE_SEAL] =
        {.word = "seal", .tilt = 0.8, .paper = 3, .noise = 3, .blur = 0.5, .quality_low = 70, .quality_high = 90, .exif = 1},
    [PM_CAPTURE_FAX] = {.word = "fax",
                        .tilt = 1,
                        .paper = 3,
                        .noise = 9,
                        .blur = 0.7,
                        .contrast = 1,
                        .specks = 1,
                        .quality_low = 60,
                        .quality_high = 85,
                        .gray = true,
                        .fax = true,
                        .exif = 1},
    [PM_CAPTURE_LOWQ] =
        {.word = "lowq", .tilt = 0.8, .paper = 3, .noise = 3, .blur = 0.6, .quality_low = 35, .quality_high = 45, .exif = 1},
    [PM_CAPTURE_SMALL] =
        {.word = "small", .tilt = 0.6, .paper = 3, .noise = 3, .blur = 0.3, .quality_low = 70, .quality_high = 88, .exif = 1},
    [PM_CAPTURE_ROT90] =
        {.word = "rot90", .tilt = 0.6, .paper = 3, .noise = 3, .blur = 0.5, .quality_low = 70, .quality_high = 90, .turn = 90, .exif = 1},
    [PM_CAPTURE_ROT180] =
        {.word = "rot180", .tilt = 0.6, .paper = 3, .noise = 3, .blur = 0.5, .quality_low = 70, .quality_high = 90, .turn = 180, .exif = 1},
    [PM_CAPTURE_ROT270] =
        {.word = "rot270", .tilt = 0.6, .paper = 3, .noise = 3, .blur = 0.5, .quality_low = 70, .quality_high = 90, .turn = 270, .exif = 1},
    [PM_CAPTURE_EXIF3] =
        {.word = "exif3", .tilt = 0.6, .paper = 3, .noise = 3, .blur = 0.5, .quality_low = 70, .quality_high = 90, .exif = 3},
    [PM_CAPTURE_EXIF6] = {.word = "exif6",
                          .tilt = 1.5,
                          .persp = 0.02,
                          .margin = 0.05,
                          .paper = 4,
                          .noise = 5,
                          .blur = 0.6,
                          .light = 0.2,
                          .shadow = 0.2,
                          .quality_low = 75,
                          .quality_high = 92,
                          .table = true,
                          .exif = 6},
    [PM_CAPTURE_EXIF8] = {.word = "exif8",
                          .tilt = 1.5,
                          .persp = 0.02,
                          .margin = 0.05,
                          .paper = 4,
                          .noise = 5,
                          .blur = 0.6,
                          .light = 0.2,
                          .shadow = 0.2,
                          .quality_low = 75,
                          .quality_high = 92,
                          .table = true,
                          .exif = 8},
    [PM_CAPTURE_EXIF6_ROT180] = {.word = "exif6-rot180",
                                 .tilt = 0.6,
                                 .paper = 3,
                                 .noise = 3,
                                 .blur = 0.5,
                                 .quality_low = 75,
                                 .quality_high = 92,
                                 .turn = 180,
                                 .exif = 6},
    [PM_CAPTURE_STEEP] = {.word = "steep",
                          .tilt = 6,
                          .persp = 0.15,
                          .bend = 0.003,
                          .margin = 0.12,
                          .paper = 4,
                          .noise = 6,
                          .blur = 0.8,
                          .light = 0.4,
                          .shadow = 0.35,
                          .quality_low = 65,
                          .quality_high = 90,
                          .table = true,
                          .exif = 1},
    [PM_CAPTURE_FAR] = {.word = "far",
                        .tilt = 9,
                        .persp = 0.05,
                        .bend = 0.003,
                        .margin = 0.6,
                        .paper = 4,
                        .noise = 6,
                        .blur = 0.7,
                        .light = 0.4,
                        .shadow = 0.35,
                        .quality_low = 70,
                        .quality_high = 92,
                        .table = true,
                        .exif = 1},
    [PM_CAPTURE_SOFT] =
        {.word = "soft", .tilt = 0.8, .paper = 2, .noise = 3, .blur = 3.6, .quality_low = 60, .quality_high = 85, .exif = 1},
    [PM_CAPTURE_TINY] =
        {.word = "tiny", .tilt = 0.8, .paper = 3, .noise = 8, .blur = 0.5, .quality_low = 35, .quality_high = 60, .exif = 1},
    [PM_CAPTURE_BLUE_SEAL] =
        {.word = "blue-seal", .tilt = 0.8, .paper = 3, .noise = 3, .blur = 0.5, .quality_low = 70, .quality_high = 90, .exif = 1},
    [PM_CAPTURE_PURPLE_SEAL] =
        {.word = "purple-seal", .tilt = 0.8, .paper = 3, .noise = 3, .blur = 0.5, .quality_low = 70, .quality_high = 90, .exif = 1},
};

static double between(pm_random *r, double most)
{
    return most * pm_random_range(r, 0.5, 1);
}

void pm_plan_make(const pm_page_spec *spec, double text_size, pm_plan *out)
{
    const capture_row *row = &captures[spec->capture];
    pm_random r;
    pm_random_init(&r, spec->seed, "plan");
    static const guint tables[] = {0x6b4a2f, 0x8d7355, 0x4a4d52, 0xb9b4a8, 0x2f3b36};
    *out = (pm_plan){.scale = 1, .gray = row->gray, .fax = row->fax, .turn_deg = row->turn, .exif = row->exif};
    out->tilt_deg = between(&r, row->tilt) * (pm_random_chance(&r, 0.5) ? 1 : -1);
    out->persp = between(&r, row->persp);
    out->bend = between(&r, row->bend) * (pm_random_chance(&r, 0.5) ? 1 : -1);
    out->margin = between(&r, row->margin);
    out->light = between(&r, row->light);
    out->shadow = pm_random_chance(&r, 0.6) ? between(&r, row->shadow) : 0;
    out->paper = between(&r, row->paper);
    out->noise = between(&r, row->noise);
    out->blur = between(&r, row->blur);
    out->contrast = row->contrast;
    out->specks = row->specks;
    out->table_rgb = row->table ? pm_random_pick(&r, tables) : pm_random_chance(&r, 0.7) ? 0xf4f4f2 : 0x303030;
    if (spec->capture == PM_CAPTURE_SMALL)
        out->scale = pm_random_range(&r, 14.5, 17) / text_size;
    else if (spec->capture == PM_CAPTURE_TINY)
        out->scale = pm_random_range(&r, 14, 15.5) / text_size;
    else if (row->table)
        out->scale = pm_random_range(&r, 1, 1.3);
    out->quality =
        spec->quality > 0 ? spec->quality : row->quality_low + (int)pm_random_below(&r, (guint)(row->quality_high - row->quality_low + 1));
    if (spec->grade.shrink > 0)
        out->scale *= spec->grade.shrink;
    out->blur = hypot(out->blur, spec->grade.blur_px);
    out->noise = hypot(out->noise, spec->grade.noise);
    out->fade = spec->grade.fade;
    out->exposure = spec->grade.exposure;
    out->sampling = row->gray && pm_random_chance(&r, 0.7) ? PM_SAMPLING_GRAY : (pm_sampling)pm_random_below(&r, 3);
    out->progressive = (spec->flags & PM_FLAG_PROGRESSIVE) || pm_random_chance(&r, 0.15);
}

const char *pm_capture_word(pm_capture capture)
{
    return captures[capture].word;
}

bool pm_capture_parse(const char *word, pm_capture *out, GError **error)
{
    for (guint i = 0; i < PM_N_CAPTURES; i++)
        if (strcmp(word, captures[i].word) == 0) {
            *out = (pm_capture)i;
            return true;
        }
    g_set_error(error, PM_ERROR, PM_ERROR_WORD, "no such capture: %s", word);
    return false;
}
