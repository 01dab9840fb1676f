/* The first page of a paper: Chinese title, authors, abstract; the same in English with the authors' names in pinyin. */
#include "pm_kinds.h"
#include "pm_words.h"

static void authors(pm_canvas *c, double y, double size, bool latin)
{
    const guint n = 1 + pm_random_below(&c->random, 4), own = pm_random_below(&c->random, n);
    /* One style of pinyin a page, as editors want it. */
    const char style = (char)('0' + pm_random_below(&c->random, 8));
    GString *s = g_string_new(NULL);
    for (guint i = 0; i < n; i++) {
        g_string_append(s, i == 0 ? "" : latin ? ", " : "，");
        if (latin)
            g_string_append_printf(s, "{%c%c}", i == own ? 'P' : 'Q', style);
        else
            g_string_append(s, i == own ? "{N}" : "{O}");
    }
    const pm_style st = pm_style_make(c, latin ? PM_FACE_LATIN : PM_FACE_KAI, size);
    pm_line_draw(c, &st, PM_ALIGN_CENTRE, c->width / 2, y, s->str);
    g_string_free(s, TRUE);
}

static double abstract(pm_canvas *c, double y, bool latin)
{
    const double size = c->text_size * 0.92;
    pm_style s = pm_style_make(c, latin ? PM_FACE_LATIN : PM_FACE_KAI, size);
    pm_style label = s;
    label.bold = true;
    pm_flow flow = pm_flow_new();
    pm_flow_markup(c, &flow, &label, latin ? "Abstract: " : "摘要：");
    for (int i = 0; i < 3; i++)
        pm_flow_markup(c, &flow, &s, latin ? "{E}" : "{S}");
    pm_flow_text(&flow, &label, latin ? "\nKey words: " : "\n关键词：");
    pm_flow_markup(c, &flow, &s, latin ? "county schools; teaching; evaluation" : "{B}；教学方法；教学评价");
    const pm_column column = {.x = 210, .y = y, .width = c->width - 420, .line_height = size * 1.5, .justify = !latin};
    return pm_flow_draw(c, &flow, &column);
}

static void two_columns(pm_canvas *c, double y)
{
    const pm_style s = pm_style_make(c, PM_FACE_SONG, c->text_size * 0.9);
    const double gap = 50, width = (c->width - 300 - gap) / 2, line = s.size * 1.6;
    for (int k = 0; k < 2; k++) {
        pm_flow flow = pm_flow_new();
        pm_flow_text(&flow, &s, k == 0 ? "一、问题的提出\n" : "");
        for (int i = 0; i < 14; i++) {
            pm_flow_markup(c, &flow, &s, "{S}");
            pm_flow_text(&flow, &s, i % 3 == 2 ? "\n" : "");
        }
        pm_column column = {
            .x = 150 + k * (width + gap), .y = y, .width = width, .line_height = line, .indent = 2 * s.size, .justify = true};
        column.max_lines = (guint)((c->height - 300 - y) / line);
        pm_flow_draw(c, &flow, &column);
    }
    c->lines -= MIN(c->lines, (guint)((c->height - 300 - y) / line)); /* side by side counts once */
}

void pm_draw_paper(pm_canvas *c)
{
    const pm_style small = pm_style_make(c, PM_FACE_SONG, 24);
    pm_line_draw(c, &small, PM_ALIGN_LEFT, 150, 110, "{Y}年第{M}期");
    pm_line_draw(c, &small, PM_ALIGN_RIGHT, c->width - 150, 110, "{J}");
    if (pm_random_chance(&c->random, 0.4))
        pm_line_draw(c, &small, PM_ALIGN_CENTRE, c->width / 2, 110, "{N}：{B}教学研究");
    pm_rule(c, 150, 148, c->width - 150, 148, 2);
    pm_style title = pm_style_make(c, PM_FACE_TITLE, 50);
    title.bold = true;
    pm_line_draw(c, &title, PM_ALIGN_CENTRE, c->width / 2, 200, "{B}课程教学改革的实践与思考");
    authors(c, 300, c->text_size * 1.1, false);
    pm_line_draw(c, &small, PM_ALIGN_CENTRE, c->width / 2, 360, "（{U}，{A}　84{n}00）");
    double y = abstract(c, 430, false) + 30;
    pm_style english = pm_style_make(c, PM_FACE_LATIN, 34);
    english.bold = true;
    pm_line_draw(c, &english, PM_ALIGN_CENTRE, c->width / 2, y, "Practice and Reflection on the Reform of Teaching");
    authors(c, y + 60, c->text_size, true);
    const pm_style place = pm_style_make(c, PM_FACE_LATIN, 23);
    pm_line_draw(c, &place, PM_ALIGN_CENTRE, c->width / 2, y + 112, "(Party School of the County, 84{n}00)");
    y = abstract(c, y + 165, true) + 40;
    two_columns(c, y);
    pm_rule(c, 150, c->height - 260, 600, c->height - 260, 1.5);
    const pm_style foot = pm_style_make(c, PM_FACE_SONG, 23);
    pm_flow flow = pm_flow_new();
    pm_flow_markup(c, &flow, &foot, "收稿日期：{Y}-{M}-{D}\n作者简介：{N}（{G}—），{A}人，{U}{T}，研究方向：{B}。\n");
    const pm_column column = {.x = 150, .y = c->height - 245, .width = c->width - 300, .line_height = 36};
    pm_flow_draw(c, &flow, &column);
}
