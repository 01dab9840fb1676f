/* Arabic script: letters join, so it is Pango that sets it, and a word is the smallest piece with a place of its own. */
#include "pm_canvas.h"
#include <pango/pangocairo.h>
#include <string.h>

static PangoLayout *layout_of(pm_canvas *c, const char *text, double size)
{
    PangoLayout *layout = pango_cairo_create_layout(c->cr);
    PangoFontDescription *font = pango_font_description_from_string("UKIJ Tuz Tom, UKIJ Tuz");
    pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    pango_layout_set_text(layout, text, -1);
    return layout;
}

void pm_arabic_draw(pm_canvas *c, double x, double y, double size)
{
    g_auto(GStrv) words = g_strsplit(c->person->arabic, " ", -1);
    pm_occurrence *occ = pm_occurrence_new(c, true, c->person->arabic, PM_FORM_ARABIC, size);
    /* From right to left: the last word stands at x. */
    for (guint i = g_strv_length(words); i-- > 0;) {
        PangoLayout *layout = layout_of(c, words[i], size);
        PangoRectangle ink, logical;
        pango_layout_get_pixel_extents(layout, &ink, &logical);
        if (pango_layout_get_unknown_glyphs_count(layout) > 0)
            c->missing = g_utf8_get_char(words[i]);
        pm_canvas_set_rgb(c, 0x141414);
        cairo_move_to(c->cr, x, y);
        pango_cairo_show_layout(c->cr, layout);
        const float x0 = (float)(x + ink.x), x1 = x0 + (float)ink.width, y0 = (float)(y + ink.y), y1 = y0 + (float)ink.height;
        /* Reading order: the start is at the right. */
        const pm_quad q = {{x1, x0, x0, x1}, {y0, y0, y1, y1}};
        g_array_prepend_val(occ->glyphs, q);
        x += logical.width + 0.3 * size;
        g_object_unref(layout);
    }
    c->lines++;
}
