#include "pm_truth.h"
#include "pm_capture.h"
#include <math.h>

static void add_int(JsonBuilder *b, const char *name, gint64 value)
{
    json_builder_set_member_name(b, name);
    json_builder_add_int_value(b, value);
}

static void add_string(JsonBuilder *b, const char *name, const char *value)
{
    json_builder_set_member_name(b, name);
    json_builder_add_string_value(b, value);
}

static void add_bool(JsonBuilder *b, const char *name, bool value)
{
    json_builder_set_member_name(b, name);
    json_builder_add_boolean_value(b, value);
}

/* Tenths of a pixel are enough, and shorter. */
static void add_tenths(JsonBuilder *b, double v)
{
    json_builder_add_double_value(b, round(v * 10) / 10);
}

static void add_occurrence(JsonBuilder *b, const pm_occurrence *o)
{
    json_builder_begin_object(b);
    add_bool(b, "applicant", o->applicant);
    add_string(b, "text", o->text);
    add_string(b, "form", pm_form_word(o->form));
    add_bool(b, "under_seal", o->under_seal);
    json_builder_set_member_name(b, "height_px");
    add_tenths(b, (double)o->height_px);
    json_builder_set_member_name(b, "glyphs");
    json_builder_begin_array(b);
    for (guint k = 0; k < o->glyphs->len; k++) {
        const pm_quad *q = &g_array_index(o->glyphs, pm_quad, k);
        json_builder_begin_array(b);
        for (int v = 0; v < 4; v++) {
            add_tenths(b, (double)q->x[v]);
            add_tenths(b, (double)q->y[v]);
        }
        json_builder_end_array(b);
    }
    json_builder_end_array(b);
    json_builder_end_object(b);
}

void pm_truth_add(JsonBuilder *b, const pm_page *page)
{
    add_string(b, "kind", pm_kind_word(page->kind));
    add_string(b, "capture", pm_capture_word(page->capture));
    g_autofree char *seed = g_strdup_printf("%" G_GUINT64_FORMAT, page->seed);
    add_string(b, "seed", seed); /* 64 bits do not fit into what JSON readers take for a number */
    add_int(b, "width", page->width_px);
    add_int(b, "height", page->height_px);
    add_int(b, "exif_orientation", page->exif_orientation);
    add_int(b, "orientation_deg", page->turn_deg);
    add_int(b, "text_lines", page->text_lines);
    json_builder_set_member_name(b, "occurrences");
    json_builder_begin_array(b);
    for (guint i = 0; i < page->occurrences->len; i++)
        add_occurrence(b, page->occurrences->pdata[i]);
    json_builder_end_array(b);
}

char *pm_truth_print(JsonBuilder *b)
{
    JsonNode *root = json_builder_get_root(b);
    char *text = json_to_string(root, FALSE);
    json_node_unref(root);
    return text;
}

char *pm_page_to_json(const pm_page *page)
{
    g_autoptr(JsonBuilder) b = json_builder_new();
    json_builder_begin_object(b);
    pm_truth_add(b, page);
    json_builder_end_object(b);
    return pm_truth_print(b);
}

static cairo_surface_t *surface_of(const pm_pixels *p)
{
    cairo_surface_t *s = cairo_image_surface_create(CAIRO_FORMAT_RGB24, p->width, p->height);
    cairo_surface_flush(s);
    for (int y = 0; y < p->height && cairo_surface_status(s) == CAIRO_STATUS_SUCCESS; y++) {
        guint32 *row = (guint32 *)(void *)(cairo_image_surface_get_data(s) + (size_t)y * (size_t)cairo_image_surface_get_stride(s));
        for (int x = 0; x < p->width; x++) {
            const uint8_t *q = p->rgb + 3 * ((size_t)y * (size_t)p->width + (size_t)x);
            row[x] = (guint32)q[0] << 16 | (guint32)q[1] << 8 | q[2];
        }
    }
    cairo_surface_mark_dirty(s);
    return s;
}

bool pm_page_write_overlay(const pm_page *page, const char *path, GError **error)
{
    pm_pixels p;
    if (!pm_jpeg_decode(page->jpeg, &p, error))
        return false;
    cairo_surface_t *s = surface_of(&p);
    pm_pixels_clear(&p);
    cairo_t *cr = cairo_create(s);
    cairo_set_line_width(cr, 1.5);
    for (guint i = 0; i < page->occurrences->len; i++) {
        const pm_occurrence *o = page->occurrences->pdata[i];
        for (guint k = 0; k < o->glyphs->len; k++) {
            const pm_quad *q = &g_array_index(o->glyphs, pm_quad, k);
            cairo_set_source_rgb(cr, 0, o->applicant ? 0.7 : 0.2, o->applicant ? 0 : 1);
            for (int v = 0; v < 4; v++)
                cairo_line_to(cr, (double)q->x[v], (double)q->y[v]);
            cairo_close_path(cr);
            cairo_stroke(cr);
        }
    }
    cairo_destroy(cr);
    const cairo_status_t status = cairo_surface_write_to_png(s, path);
    cairo_surface_destroy(s);
    if (status != CAIRO_STATUS_SUCCESS)
        g_set_error(error, PM_ERROR, PM_ERROR_WRITE, "cannot write %s: %s", path, cairo_status_to_string(status));
    return status == CAIRO_STATUS_SUCCESS;
}
