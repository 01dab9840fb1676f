#include "pm_canvas.h"
#include "pm_font.h"
#include <math.h>
#include <string.h>

G_DEFINE_QUARK(pm - error - quark, pm_error)

#define EM_ASCENT 0.87 /* where the base line lies below the em box's top, near enough for all these fonts */

bool pm_canvas_init(pm_canvas *c, const pm_page_spec *spec, double width, double height, double scale, GError **error)
{
    memset(c, 0, sizeof *c);
    c->spec = spec;
    c->person = spec->person;
    c->width = width;
    c->height = height;
    c->scale = scale;
    pm_random_init(&c->random, spec->seed, "page");
    c->surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)lround(width * scale), (int)lround(height * scale));
    c->cr = cairo_create(c->surface);
    c->occurrences = g_ptr_array_new_with_free_func((GDestroyNotify)pm_occurrence_free);
    c->others = g_ptr_array_new_with_free_func((GDestroyNotify)pm_person_free);
    c->text = g_string_new(NULL);
    c->fonts = pm_fonts_new();
    if (cairo_status(c->cr) != CAIRO_STATUS_SUCCESS) {
        g_set_error_literal(error, PM_ERROR, PM_ERROR_MEMORY, "no memory for a page's picture");
        pm_canvas_clear(c);
        return false;
    }
    cairo_scale(c->cr, scale, scale);
    cairo_set_source_rgb(c->cr, 1, 1, 1);
    cairo_paint(c->cr);
    for (guint i = 0; i < PM_N_FACES; i++)
        c->faces[i] = pm_random_below(&c->random, 3);
    return true;
}

void pm_canvas_clear(pm_canvas *c)
{
    g_clear_pointer(&c->cr, cairo_destroy);
    g_clear_pointer(&c->surface, cairo_surface_destroy);
    g_clear_pointer(&c->occurrences, g_ptr_array_unref);
    g_clear_pointer(&c->others, g_ptr_array_unref);
    if (c->text)
        g_string_free(c->text, TRUE);
    g_clear_pointer(&c->fonts, pm_fonts_free);
}

pm_style pm_style_make(const pm_canvas *c, pm_face face, double size)
{
    (void)c;
    return (pm_style){.face = face, .size = size, .rgb = 0x141414};
}

void pm_canvas_set_rgb(pm_canvas *c, guint rgb)
{
    cairo_set_source_rgb(c->cr, (rgb >> 16 & 255) / 255.0, (rgb >> 8 & 255) / 255.0, (rgb & 255) / 255.0);
}

static bool find_glyph(pm_canvas *c, const pm_style *s, gunichar ch, pm_glyph *out)
{
    if (pm_fonts_find(c->fonts, s->face, c->faces[s->face], s->bold, ch, out, &c->no_font))
        return true;
    c->missing = ch;
    return false;
}

double pm_char_width(pm_canvas *c, const pm_style *s, gunichar ch)
{
    pm_glyph g;
    if (ch == 0x3000)
        return s->size;
    if (ch == ' ')
        return 0.28 * s->size;
    return find_glyph(c, s, ch, &g) ? g.advance * s->size : 0;
}

bool pm_char_is_filler(gunichar ch)
{
    static const gunichar fillers[] = {' ',    0x3000, '-',    '.',    ',',    '\'',   0xb7,  0x2022,
                                       0x30fb, 0x2027, 0xff0e, 0x2219, 0x22c5, 0x2019, 0xff0c};
    for (guint i = 0; i < G_N_ELEMENTS(fillers); i++)
        if (ch == fillers[i])
            return true;
    return false;
}

/* The path's box in the current user space, which may be turned or sheared. (cairo_path_extents would box it in device space first,
 * and be loose.) */
static void path_box(pm_canvas *c, double *x0, double *y0, double *x1, double *y1)
{
    cairo_path_t *path = cairo_copy_path_flat(c->cr);
    *x0 = *y0 = 1e9;
    *x1 = *y1 = -1e9;
    for (int i = 0; i < path->num_data; i += path->data[i].header.length) {
        if (path->data[i].header.type == CAIRO_PATH_CLOSE_PATH || path->data[i].header.length < 2)
            continue;
        /* A move may be the path's last element, where the pen merely rests. */
        if (path->data[i].header.type == CAIRO_PATH_MOVE_TO &&
            (i + 2 >= path->num_data || path->data[i + 2].header.type == CAIRO_PATH_MOVE_TO))
            continue;
        *x0 = MIN(*x0, path->data[i + 1].point.x);
        *x1 = MAX(*x1, path->data[i + 1].point.x);
        *y0 = MIN(*y0, path->data[i + 1].point.y);
        *y1 = MAX(*y1, path->data[i + 1].point.y);
    }
    cairo_path_destroy(path);
}

/* That box, taken to page px, is the tightest quad that follows the glyph's own axes. */
static void note_ink(pm_canvas *c, pm_occurrence *occ)
{
    double x0, y0, x1, y1;
    path_box(c, &x0, &y0, &x1, &y1);
    const double xs[4] = {x0, x1, x1, x0}, ys[4] = {y0, y0, y1, y1};
    pm_quad q;
    for (int i = 0; i < 4; i++) {
        double x = xs[i], y = ys[i];
        cairo_user_to_device(c->cr, &x, &y);
        q.x[i] = (float)(x / c->scale);
        q.y[i] = (float)(y / c->scale);
    }
    g_array_append_val(occ->glyphs, q);
}

double pm_char_draw(pm_canvas *c, const pm_style *s, gunichar ch, double x, double y, pm_occurrence *occ)
{
    pm_glyph g;
    if (ch == ' ' || ch == 0x3000)
        return pm_char_width(c, s, ch);
    if (!find_glyph(c, s, ch, &g))
        return 0;
    g_string_append_unichar(c->text, ch);
    cairo_save(c->cr);
    cairo_translate(c->cr, x, y + EM_ASCENT * s->size);
    if (s->wobble > 0) {
        cairo_translate(c->cr, 0, s->size * s->wobble * pm_random_range(&c->random, -0.5, 0.5));
        cairo_rotate(c->cr, s->wobble * pm_random_range(&c->random, -0.6, 0.6));
        cairo_scale(c->cr, 1 + s->wobble * pm_random_range(&c->random, -1, 0.4), 1 + s->wobble * pm_random_range(&c->random, -0.7, 0.7));
    }
    if (s->shear != 0) {
        const cairo_matrix_t shear = {.xx = 1, .xy = -s->shear, .yy = 1};
        cairo_transform(c->cr, &shear);
    }
    cairo_set_font_face(c->cr, g.face);
    cairo_set_font_size(c->cr, s->size);
    const cairo_glyph_t glyph = {.index = g.glyph};
    cairo_new_path(c->cr);
    cairo_glyph_path(c->cr, &glyph, 1);
    if (occ && !pm_char_is_filler(ch))
        note_ink(c, occ);
    pm_canvas_set_rgb(c, s->rgb);
    cairo_fill(c->cr);
    cairo_restore(c->cr);
    return g.advance * s->size;
}

double pm_text_width(pm_canvas *c, const pm_style *s, const char *text)
{
    double w = 0;
    for (const char *p = text; *p; p = g_utf8_next_char(p))
        w += pm_char_width(c, s, g_utf8_get_char(p)) + s->spacing * s->size;
    return *text ? w - s->spacing * s->size : 0;
}

double pm_text_draw(pm_canvas *c, const pm_style *s, const char *text, double x, double y)
{
    const double start = x;
    for (const char *p = text; *p; p = g_utf8_next_char(p))
        x += pm_char_draw(c, s, g_utf8_get_char(p), x, y, NULL) + s->spacing * s->size;
    c->lines++;
    return x - start;
}

pm_occurrence *pm_occurrence_new(pm_canvas *c, bool applicant, const char *text, pm_form form, double size)
{
    pm_occurrence *o = g_new0(pm_occurrence, 1);
    o->applicant = applicant;
    o->text = g_strdup(text);
    o->form = form;
    o->height_px = (float)size;
    o->glyphs = g_array_new(FALSE, FALSE, sizeof(pm_quad));
    g_ptr_array_add(c->occurrences, o);
    return o;
}

void pm_occurrence_free(pm_occurrence *o)
{
    g_free(o->text);
    g_array_unref(o->glyphs);
    g_free(o);
}

const pm_person *pm_other_person(pm_canvas *c)
{
    const bool near = (c->spec->flags & PM_FLAG_NEAR_NAMES) ? pm_random_chance(&c->random, 0.7) : pm_random_chance(&c->random, 0.08);
    const guint64 seed = pm_random_next(&c->random);
    pm_person *p = NULL;
    /* pm_person_near never collides with the applicant; a stranger might by chance. */
    if (!near) {
        p = pm_person_random(seed);
        if (strstr(p->name, c->person->name) || strstr(c->person->name, p->name) || strcmp(p->traditional, c->person->traditional) == 0 ||
            (c->person->former && strstr(p->name, c->person->former)) || strcmp(p->latin_surname, c->person->latin_surname) == 0)
            g_clear_pointer(&p, pm_person_free);
    }
    if (!p)
        p = pm_person_near(c->person, seed);
    g_ptr_array_add(c->others, p);
    return p;
}

void pm_rule(pm_canvas *c, double x0, double y0, double x1, double y1, double width)
{
    cairo_set_line_width(c->cr, width);
    cairo_move_to(c->cr, x0, y0);
    cairo_line_to(c->cr, x1, y1);
    pm_canvas_set_rgb(c, 0x202020);
    cairo_stroke(c->cr);
}

void pm_box(pm_canvas *c, double x, double y, double w, double h, guint rgb)
{
    cairo_rectangle(c->cr, x, y, w, h);
    pm_canvas_set_rgb(c, rgb);
    cairo_fill(c->cr);
}
