/* The name in every way of writing that a form, a certificate or a screen knows, with ordinary text between. */
#include "pm_kinds.h"
#include <string.h>

#define LEFT 150.0

static const pm_person *whose(pm_canvas *c)
{
    return (c->spec->flags & PM_FLAG_NO_NAME) ? pm_other_person(c) : c->person;
}

/* Text, the name in a style of its own, text: in one line or in a column of its own. */
static double told(pm_canvas *c, const pm_style *s, const pm_style *of_name, pm_form form, const char *before, const char *after,
                   const pm_column *column)
{
    const pm_person *who = whose(c);
    pm_flow flow = pm_flow_new();
    pm_flow_markup(c, &flow, s, before);
    pm_flow_name(c, &flow, of_name, who, form, who->name);
    g_array_index(flow.cells, pm_cell, flow.cells->len - 1).style.spacing = s->spacing;
    pm_flow_markup(c, &flow, s, after);
    return pm_flow_draw(c, &flow, column);
}

static pm_column one_line(double x, double y, const pm_style *s)
{
    return (pm_column){.x = x, .y = y, .width = 1e6, .line_height = s->size * 1.9};
}

static double title(pm_canvas *c, double y)
{
    pm_style s = pm_style_make(c, PM_FACE_TITLE, pm_random_range(&c->random, 110, 150));
    s.bold = true;
    const pm_person *who = whose(c);
    s.size = MIN(s.size, 1300.0 / (double)g_utf8_strlen(who->name, -1));
    const pm_column column = one_line(c->width / 2 - pm_text_width(c, &s, who->name) / 2, y, &s);
    pm_flow flow = pm_flow_new();
    pm_flow_name(c, &flow, &s, who, PM_FORM_TITLE, who->name);
    pm_flow_draw(c, &flow, &column);
    return y + 210;
}

static double wide(pm_canvas *c, double y)
{
    const pm_style s = pm_style_make(c, PM_FACE_SONG, c->text_size);
    pm_style of_name = s;
    static const double steps[] = {2.5, 3, 3.5, 4};
    of_name.spacing = pm_random_pick(&c->random, steps);
    of_name.spacing = MIN(of_name.spacing, (c->width - 2 * LEFT - 200) / (s.size * (double)g_utf8_strlen(c->person->name, -1)) - 1);
    const pm_column column = one_line(LEFT, y, &s);
    told(c, &s, &of_name, PM_FORM_WIDE, "姓名：", "", &column);
    return y + 2.4 * s.size;
}

static double plain_line(pm_canvas *c, double y)
{
    const pm_style s = pm_style_make(c, PM_FACE_SONG, c->text_size);
    pm_flow flow = pm_flow_new();
    pm_flow_markup(c, &flow, &s, "{S}{S}");
    pm_column column = {.x = LEFT, .y = y, .width = c->width - 2 * LEFT, .line_height = s.size * 1.9, .max_lines = 1};
    return pm_flow_draw(c, &flow, &column);
}

static double dressed(pm_canvas *c, double y)
{
    static const char *const courtesies[] = {"同志{S}", "老师{S}", "先生{S}"};
    static const guint inks[] = {0xc81e1e, 0x1e32b4};
    const pm_style s = pm_style_make(c, PM_FACE_SONG, c->text_size);
    pm_style under = s, bold = s, coloured = s, fine = pm_style_make(c, PM_FACE_SONG, pm_random_range(&c->random, 14.5, 18));
    under.underline = true;
    bold.bold = true;
    coloured.rgb = pm_random_pick(&c->random, inks);
    pm_column column = {.x = LEFT, .y = y, .width = c->width - 2 * LEFT, .line_height = s.size * 1.9, .max_lines = 1};
    column.y = told(c, &s, &under, PM_FORM_UNDERLINED, "兹聘请", "担任{T}。", &column);
    column.y = told(c, &s, &bold, PM_FORM_BOLD, "参加人员：", "。{S}", &column);
    column.y = told(c, &s, &s, PM_FORM_COURTESY, "现将", pm_random_pick(&c->random, courtesies), &column);
    column.y = told(c, &s, &coloured, PM_FORM_COLOURED, "持证人：", "（{T}）", &column);
    column.line_height = fine.size * 1.8;
    column.y = told(c, &fine, &fine, PM_FORM_FINE, "注：本材料由", "本人提供，{S}{S}", &column);
    return column.y + 20;
}

static double dark(pm_canvas *c, double y)
{
    pm_style s = pm_style_make(c, PM_FACE_HEI, c->text_size);
    s.rgb = 0xf8f8f8;
    pm_box(c, LEFT, y, c->width - 2 * LEFT, 2 * s.size, 0x27364f);
    const pm_column column = one_line(LEFT + 40, y + 0.45 * s.size, &s);
    told(c, &s, &s, PM_FORM_WHITE_ON_DARK, "用户：", "　退出登录", &column);
    return y + 3 * s.size;
}

static void boxed(pm_canvas *c, double x, double y, double w, double h)
{
    pm_cell_draw(c, &(pm_style){.face = PM_FACE_SONG, .size = c->text_size}, x, y, w, h, "");
}

/* The name in two cells side by side, and in one narrow cell over two or three lines. */
static double cells(pm_canvas *c, double y)
{
    const pm_style s = pm_style_make(c, PM_FACE_SONG, c->text_size);
    const pm_person *who = whose(c);
    const guint n = (guint)g_utf8_strlen(who->name, -1), half = MAX(1, n / 2), third = (n + 2) / 3;
    const double w = 8 * s.size, h = 5.2 * s.size;
    pm_cell_draw(c, &s, LEFT, y, 4 * s.size, h, "姓名");
    for (guint i = 0; i < 2; i++)
        boxed(c, LEFT + 4 * s.size + i * w, y, w, h);
    pm_occurrence *occ = pm_occurrence_new(c, who == c->person, who->name, PM_FORM_CELLS, s.size);
    guint i = 0;
    double x = LEFT + 4 * s.size + w - (half + 0.3) * s.size;
    for (const char *p = who->name; *p; p = g_utf8_next_char(p), i++) {
        if (i == half)
            x = LEFT + 4 * s.size + w + 0.3 * s.size;
        x += pm_char_draw(c, &s, g_utf8_get_char(p), x, y + 2 * s.size, occ);
    }
    x = LEFT + 5 * s.size + 2 * w;
    const guint per_line = n > 4 ? third : (n + 1) / 2;
    const double narrow = (per_line + 0.8) * s.size;
    pm_cell_draw(c, &s, x, y, 4 * s.size, h, "申报人");
    boxed(c, x + 4 * s.size, y, narrow, h);
    pm_flow flow = pm_flow_new();
    pm_flow_name(c, &flow, &s, who, PM_FORM_CELLS, who->name);
    const pm_column column = {
        .x = x + 4.4 * s.size, .y = y + 0.5 * s.size, .width = (per_line + 0.2) * s.size, .line_height = s.size * 1.4};
    pm_flow_draw(c, &flow, &column);
    return y + h + 1.5 * s.size;
}

/* Columns from right to left; the name stands somewhere in one, or over its end. */
static double columns(pm_canvas *c, double y)
{
    const pm_style s = pm_style_make(c, PM_FACE_KAI, c->text_size * 1.1);
    const guint rows = 14, n_columns = 8;
    pm_flow flow = pm_flow_new();
    pm_flow_markup(c, &flow, &s, "{S}兹有");
    const pm_person *who = whose(c);
    pm_flow_name(c, &flow, &s, who, PM_FORM_COLUMNS, who->name);
    pm_flow_markup(c, &flow, &s, "担任{T}。{S}{S}{S}{S}");
    for (guint i = 0; i < MIN(flow.cells->len, rows * n_columns); i++) {
        const pm_cell *cell = &g_array_index(flow.cells, pm_cell, i);
        const double x = c->width - LEFT - (i / rows + 1) * 1.9 * s.size;
        pm_char_draw(c, &cell->style, cell->c, x + (s.size - pm_char_width(c, &cell->style, cell->c)) / 2, y + (i % rows) * 1.12 * s.size,
                     cell->occ);
    }
    c->lines += n_columns;
    for (guint i = rows * n_columns; i < flow.cells->len; i++)
        g_array_index(flow.cells, pm_cell, i).occ = NULL;
    pm_flow_clear(&flow);
    return y + rows * 1.12 * s.size;
}

void pm_draw_ways(pm_canvas *c)
{
    double y = plain_line(c, title(c, 100));
    y = plain_line(c, wide(c, y));
    y = plain_line(c, dressed(c, y));
    y = plain_line(c, dark(c, y));
    y = plain_line(c, cells(c, y));
    columns(c, y + 20);
}
