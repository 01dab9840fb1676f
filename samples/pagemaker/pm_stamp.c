/* Red things on paper: seals and fingerprints. They are multiplied onto the page as ink is. */
#include "pm_canvas.h"
#include <math.h>
#include <string.h>

void pm_mark_under(pm_canvas *c, double cx, double cy, double rx, double ry)
{
    for (guint i = 0; i < c->occurrences->len; i++) {
        pm_occurrence *o = c->occurrences->pdata[i];
        for (guint k = 0; k < o->glyphs->len; k++) {
            const pm_quad *q = &g_array_index(o->glyphs, pm_quad, k);
            for (int v = 0; v < 4; v++) {
                const double dx = (q->x[v] - cx) / rx, dy = (q->y[v] - cy) / ry;
                if (dx * dx + dy * dy <= 1)
                    o->under_seal = true;
            }
        }
    }
}

static void star(pm_canvas *c, double cx, double cy, double r)
{
    cairo_new_path(c->cr);
    for (int i = 0; i < 10; i++) {
        const double a = G_PI * (i / 5.0 - 0.5), d = i % 2 ? r * 0.382 : r;
        cairo_line_to(c->cr, cx + d * cos(a), cy + d * sin(a));
    }
    cairo_close_path(c->cr);
    cairo_fill(c->cr);
}

/* Ink does not take everywhere. */
static void wear(pm_canvas *c, double cx, double cy, double radius)
{
    cairo_set_source_rgba(c->cr, 1, 1, 1, 1);
    for (int i = 0; i < 260; i++) {
        const double a = pm_random_range(&c->random, 0, 2 * G_PI), d = radius * sqrt(pm_random_range(&c->random, 0, 1.1));
        cairo_arc(c->cr, cx + d * cos(a), cy + d * sin(a), pm_random_range(&c->random, 0.3, 1.6), 0, 2 * G_PI);
        cairo_fill(c->cr);
    }
}

static guint red_ink(pm_canvas *c)
{
    return (200 + pm_random_below(&c->random, 40)) << 16 | (30 + pm_random_below(&c->random, 40)) << 8 |
           (30 + pm_random_below(&c->random, 45));
}

/* Official seals are red; receipts and foreign offices stamp in blue or purple. */
static guint seal_ink(pm_canvas *c)
{
    const guint red = red_ink(c), strong = red >> 16, weak = red >> 8 & 255, third = red & 255;
    switch (c->spec->capture) {
    case PM_CAPTURE_BLUE_SEAL:
        return weak << 16 | (third + 20) << 8 | strong;
    case PM_CAPTURE_PURPLE_SEAL:
        return (strong - 80) << 16 | weak << 8 | (strong - 30);
    default:
        return red;
    }
}

static void rim_text(pm_canvas *c, double cx, double cy, double radius, const char *text, guint rgb)
{
    pm_style s = pm_style_make(c, PM_FACE_SONG, radius * 0.27);
    s.rgb = rgb;
    const guint n = (guint)g_utf8_strlen(text, -1);
    const double step = MIN(0.42, 1.45 * G_PI / MAX(n, 1));
    double a = -step * (n - 1) / 2;
    for (const char *p = text; *p; p = g_utf8_next_char(p), a += step) {
        cairo_save(c->cr);
        cairo_translate(c->cr, cx, cy);
        cairo_rotate(c->cr, a);
        pm_char_draw(c, &s, g_utf8_get_char(p), -s.size / 2, -radius * 0.93, NULL);
        cairo_restore(c->cr);
    }
}

void pm_seal_draw(pm_canvas *c, double cx, double cy, double radius, const char *text)
{
    const guint rgb = seal_ink(c);
    cairo_save(c->cr);
    cairo_push_group(c->cr);
    cairo_set_source_rgb(c->cr, 1, 1, 1);
    cairo_paint(c->cr);
    cairo_translate(c->cr, cx, cy);
    cairo_rotate(c->cr, pm_random_range(&c->random, -0.3, 0.3));
    cairo_translate(c->cr, -cx, -cy);
    pm_canvas_set_rgb(c, rgb);
    cairo_set_line_width(c->cr, radius * 0.05);
    cairo_arc(c->cr, cx, cy, radius, 0, 2 * G_PI);
    cairo_stroke(c->cr);
    star(c, cx, cy, radius * 0.3);
    rim_text(c, cx, cy, radius, text, rgb);
    wear(c, cx, cy, radius);
    cairo_pop_group_to_source(c->cr);
    cairo_set_operator(c->cr, CAIRO_OPERATOR_MULTIPLY);
    cairo_paint_with_alpha(c->cr, pm_random_range(&c->random, 0.75, 0.95));
    cairo_restore(c->cr);
    pm_mark_under(c, cx, cy, radius * 1.03, radius * 1.03);
}

void pm_fingerprint_draw(pm_canvas *c, double cx, double cy, double rx, double ry)
{
    const double turn = pm_random_range(&c->random, -0.5, 0.5), phase = pm_random_range(&c->random, 0, 6);
    cairo_save(c->cr);
    cairo_set_operator(c->cr, CAIRO_OPERATOR_MULTIPLY);
    cairo_translate(c->cr, cx, cy);
    cairo_rotate(c->cr, turn);
    cairo_scale(c->cr, rx, ry);
    cairo_arc(c->cr, 0, 0, 1, 0, 2 * G_PI);
    cairo_clip(c->cr);
    cairo_set_source_rgba(c->cr, 0.86, 0.25, 0.25, 0.22);
    cairo_paint(c->cr);
    cairo_set_source_rgba(c->cr, 0.82, 0.12, 0.15, 0.6);
    cairo_set_line_width(c->cr, 0.055);
    for (double r = 0.08; r < 1.7; r += 0.125) {
        for (double a = 0; a < 6.4; a += 0.1) {
            const double wave = r + 0.05 * sin(3 * a + phase) + 0.03 * sin(7 * a + r * 9);
            cairo_line_to(c->cr, wave * cos(a), 0.25 + wave * 0.92 * sin(a));
        }
        cairo_stroke(c->cr);
    }
    cairo_restore(c->cr);
    pm_mark_under(c, cx, cy, rx, ry);
}

/* 2 x 2 characters as such seals are cut: right column first. Names of other lengths fill it with 印, or run in as many rows as
 * needed. */
void pm_name_seal_draw(pm_canvas *c, double x, double y, double side)
{
    const bool red_ground = pm_random_chance(&c->random, 0.5);
    const char *name = c->person->traditional;
    const glong n = g_utf8_strlen(name, -1);
    if (n > 4 || (c->spec->flags & PM_FLAG_NO_NAME))
        return;
    g_autofree char *cut = n == 4 ? g_strdup(name) : n == 3 ? g_strconcat(name, "印", NULL) : g_strconcat(name, "之印", NULL);
    const guint red = red_ink(c);
    cairo_save(c->cr);
    if (red_ground)
        pm_box(c, x, y, side, side, red);
    pm_canvas_set_rgb(c, red);
    cairo_set_line_width(c->cr, side * 0.05);
    cairo_rectangle(c->cr, x, y, side, side);
    cairo_stroke(c->cr);
    pm_style s = pm_style_make(c, PM_FACE_TRADITIONAL, side * 0.42);
    s.bold = true;
    s.rgb = red_ground ? 0xfdf6f0 : red;
    pm_occurrence *occ = pm_occurrence_new(c, true, c->person->traditional, PM_FORM_NAME_SEAL, s.size);
    glong i = 0;
    for (const char *p = cut; *p; p = g_utf8_next_char(p), i++) {
        const double gx = x + (i < 2 ? side * 0.52 : side * 0.06), gy = y + side * (i % 2 ? 0.52 : 0.06);
        pm_char_draw(c, &s, g_utf8_get_char(p), gx, gy, i < n ? occ : NULL);
    }
    cairo_restore(c->cr);
}
