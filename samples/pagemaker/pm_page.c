#include "pm_capture.h"
#include "pm_kinds.h"
#include "pm_words.h"
#include <math.h>
#include <string.h>

/* Page px -> surface px -> picture -> stored frame. */
static void map_point(const pm_canvas *c, const pm_plan *plan, const pm_warp *warp, double x, double y, double *sx, double *sy)
{
    double px, py;
    pm_warp_point(warp, x * c->scale, y * c->scale, &px, &py);
    pm_store_point(plan, warp->out_width, warp->out_height, px, py, sx, sy);
}

static void map_truth(const pm_canvas *c, const pm_plan *plan, const pm_warp *warp)
{
    for (guint i = 0; i < c->occurrences->len; i++) {
        pm_occurrence *o = c->occurrences->pdata[i];
        double local = c->scale;
        for (guint k = 0; k < o->glyphs->len; k++) {
            pm_quad *q = &g_array_index(o->glyphs, pm_quad, k);
            const double before = hypot(q->x[3] - q->x[0], q->y[3] - q->y[0]);
            for (int v = 0; v < 4; v++) {
                double x, y;
                map_point(c, plan, warp, q->x[v], q->y[v], &x, &y);
                q->x[v] = (float)x;
                q->y[v] = (float)y;
            }
            if (k == 0 && before > 0)
                local = hypot(q->x[3] - q->x[0], q->y[3] - q->y[0]) / before;
        }
        o->height_px *= (float)local;
    }
}

static bool check_fonts(const pm_canvas *c, GError **error)
{
    if (c->missing)
        g_set_error(error, PM_ERROR, PM_ERROR_FONT, "no font has the character U+%04X%s%s", c->missing,
                    c->no_font ? "; not installed: " : "", c->no_font ? c->no_font : "");
    return !c->missing;
}

static bool code_page(const pm_page_spec *spec, const pm_plan *plan, const pm_pixels *upright, pm_page *page, GError **error)
{
    pm_pixels stored;
    if (!pm_pixels_store(upright, plan, &stored, error))
        return false;
    const bool telling = spec->flags & PM_FLAG_METADATA;
    const pm_code_options options = {.quality = plan->quality,
                                     .sampling = plan->sampling,
                                     .progressive = plan->progressive,
                                     .exif = plan->exif,
                                     .told = telling ? spec->person->name : NULL,
                                     .thumbnail = telling ? &stored : NULL};
    page->width_px = stored.width;
    page->height_px = stored.height;
    const bool good = pm_jpeg_encode(&stored, &options, &page->jpeg, error);
    pm_pixels_clear(&stored);
    return good;
}

static bool finish_page(const pm_page_spec *spec, pm_canvas *c, const pm_plan *plan, pm_page **out, GError **error)
{
    pm_random r;
    pm_random_init(&r, spec->seed, "capture");
    pm_warp warp;
    pm_warp_make(plan, cairo_image_surface_get_width(c->surface), cairo_image_surface_get_height(c->surface), &r, &warp);
    pm_pixels upright;
    if (!pm_capture_take(plan, &warp, c->surface, &r, &upright, error))
        return false;
    g_autoptr(pm_page) page = g_new0(pm_page, 1);
    page->kind = spec->kind;
    page->capture = spec->capture;
    page->seed = spec->seed;
    page->exif_orientation = plan->exif;
    page->turn_deg = plan->turn_deg;
    page->text_lines = c->lines;
    page->text = g_strdup(c->text->str);
    const bool good = code_page(spec, plan, &upright, page, error);
    pm_pixels_clear(&upright);
    if (!good)
        return false;
    map_truth(c, plan, &warp);
    page->occurrences = g_steal_pointer(&c->occurrences);
    *out = g_steal_pointer(&page);
    return true;
}

bool pm_page_draw(const pm_page_spec *spec, pm_page **out, GError **error)
{
    double width, height, text_size;
    pm_kind_size(spec->kind, &width, &height, &text_size);
    if (spec->text_px > 0)
        text_size = spec->text_px;
    pm_plan plan;
    pm_plan_make(spec, text_size, &plan);
    pm_canvas c;
    if (!pm_canvas_init(&c, spec, width, height, plan.scale, error))
        return false;
    c.text_size = text_size;
    c.unit = pm_word_unit(&c.random);
    pm_kind_draw(&c);
    const bool good = check_fonts(&c, error) && finish_page(spec, &c, &plan, out, error);
    pm_canvas_clear(&c);
    return good;
}

void pm_page_free(pm_page *page)
{
    if (!page)
        return;
    g_clear_pointer(&page->jpeg, g_bytes_unref);
    g_clear_pointer(&page->occurrences, g_ptr_array_unref);
    g_free(page->text);
    g_free(page);
}
