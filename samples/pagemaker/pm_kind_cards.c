/* Cards and certificates: ID card, diploma, title certificate, certificate of continuing education. */
#include "pm_kinds.h"
#include "pm_words.h"
#include <math.h>

/* Wavy lines as security print has them, pale. */
static void guilloche(pm_canvas *c, double x, double y, double w, double h, guint rgb)
{
    cairo_save(c->cr);
    cairo_rectangle(c->cr, x, y, w, h);
    cairo_clip(c->cr);
    pm_canvas_set_rgb(c, rgb);
    cairo_set_line_width(c->cr, 1);
    const double phase = pm_random_range(&c->random, 0, 6);
    for (double row = 0; row < h + 40; row += 9) {
        for (double at = 0; at <= w; at += 12)
            cairo_line_to(c->cr, x + at, y + row + 14 * sin(at / 60 + phase) + 6 * sin(at / 23 + row / 40));
        cairo_stroke(c->cr);
    }
    cairo_restore(c->cr);
}

static void portrait(pm_canvas *c, double x, double y, double w, double h)
{
    static const guint grounds[] = {0xd8e4f0, 0xf5f5f5, 0x3f7fc0, 0xc03030};
    pm_box(c, x, y, w, h, pm_random_pick(&c->random, grounds));
    cairo_save(c->cr);
    cairo_rectangle(c->cr, x, y, w, h);
    cairo_clip(c->cr);
    pm_canvas_set_rgb(c, 0x2a2a33);
    cairo_translate(c->cr, x + w / 2, y + h);
    cairo_save(c->cr);
    cairo_scale(c->cr, w * 0.46, h * 0.3);
    cairo_arc(c->cr, 0, 0, 1, 0, 2 * G_PI);
    cairo_restore(c->cr);
    cairo_fill(c->cr);
    cairo_arc(c->cr, 0, -h * 0.55, w * 0.26, 0, 2 * G_PI);
    cairo_fill(c->cr);
    cairo_save(c->cr);
    cairo_translate(c->cr, 0, -h * 0.49);
    cairo_scale(c->cr, w * 0.2, h * 0.2);
    cairo_arc(c->cr, 0, 0, 1, 0, 2 * G_PI);
    cairo_restore(c->cr);
    pm_canvas_set_rgb(c, 0xe3bb98);
    cairo_fill(c->cr);
    cairo_restore(c->cr);
}

static void field(pm_canvas *c, double x, double y, const char *label, const char *value)
{
    pm_style l = pm_style_make(c, PM_FACE_HEI, 30), v = pm_style_make(c, PM_FACE_HEI, 38);
    l.rgb = 0x2f6fb0;
    pm_text_draw(c, &l, label, x, y + 6);
    pm_line_draw(c, &v, PM_ALIGN_LEFT, x + 130, y, value);
}

static const char *nation(const pm_person *p)
{
    static const char *const words[] = {"汉", "汉", "回", "蒙古", "维吾尔", "哈萨克"};
    return words[p->origin];
}

void pm_draw_id_front(pm_canvas *c)
{
    pm_box(c, 0, 0, c->width, c->height, 0xeef4f6);
    guilloche(c, 0, 0, c->width, c->height, 0xd2e2ea);
    const double x = 80, step = 96;
    double y = 80;
    field(c, x, y, "姓　名", (c->spec->flags & (PM_FLAG_SPACED | PM_FLAG_TRADITIONAL)) ? "{N}" : "{N:p}");
    if (c->person->arabic && !(c->spec->flags & PM_FLAG_NO_NAME) &&
        ((c->spec->flags & PM_FLAG_ARABIC) || pm_random_chance(&c->random, 0.3)))
        pm_arabic_draw(c, x + 130, y - 52, 36);
    y += step;
    field(c, x, y, "性　别", c->person->woman ? "女" : "男");
    field(c, x + 260, y, "民族", nation(c->person));
    y += step;
    field(c, x, y, "出　生", "{G}年{M}月{D}日");
    y += step;
    field(c, x, y, "住　址", "");
    const pm_style v = pm_style_make(c, PM_FACE_HEI, 36);
    pm_flow flow = pm_flow_new();
    pm_flow_markup(c, &flow, &v, "{A}人民路{n}号院{M}号楼{D}单元{n}室");
    const pm_column column = {.x = x + 130, .y = y, .width = 560, .line_height = 52};
    pm_flow_draw(c, &flow, &column);
    portrait(c, c->width - 390, 100, 300, 390);
    const pm_style l = pm_style_make(c, PM_FACE_HEI, 32), digits = pm_style_make(c, PM_FACE_LATIN, 44);
    pm_text_draw(c, &l, "公民身份号码", x, c->height - 130);
    pm_line_draw(c, &digits, PM_ALIGN_LEFT, x + 290, c->height - 140, "65{n}{n}{G}{n}{n}{n}{n}");
}

void pm_draw_id_back(pm_canvas *c)
{
    pm_box(c, 0, 0, c->width, c->height, 0xeef4f6);
    guilloche(c, 0, 0, c->width, c->height, 0xe6d9d6);
    cairo_arc(c->cr, 190, 190, 95, 0, 2 * G_PI);
    pm_canvas_set_rgb(c, 0xc9302c);
    cairo_fill(c->cr);
    pm_style s = pm_style_make(c, PM_FACE_SONG, 52);
    pm_text_draw(c, &s, "中华人民共和国", 500, 110);
    s.size = 76;
    s.spacing = 0.15;
    pm_text_draw(c, &s, "居民身份证", 410, 200);
    const pm_style v = pm_style_make(c, PM_FACE_HEI, 34);
    pm_line_draw(c, &v, PM_ALIGN_LEFT, 330, c->height - 220, "签发机关　{A}公安局");
    pm_line_draw(c, &v, PM_ALIGN_LEFT, 330, c->height - 140, "有效期限　{Y}.0{D}.{n}-长期");
}

static void ornate_frame(pm_canvas *c, guint rgb)
{
    pm_canvas_set_rgb(c, rgb);
    cairo_set_line_width(c->cr, 14);
    cairo_rectangle(c->cr, 45, 45, c->width - 90, c->height - 90);
    cairo_stroke(c->cr);
    cairo_set_line_width(c->cr, 3);
    cairo_rectangle(c->cr, 66, 66, c->width - 132, c->height - 132);
    cairo_stroke(c->cr);
}

static void certificate_text(pm_canvas *c, double x, double y, double width, double size, pm_face face, const char *markup)
{
    const pm_style s = pm_style_make(c, face, size);
    pm_flow flow = pm_flow_new();
    pm_flow_markup(c, &flow, &s, markup);
    const pm_column column = {.x = x, .y = y, .width = width, .line_height = size * 1.9, .indent = 2 * size};
    pm_flow_draw(c, &flow, &column);
}

/* The name as the heart of a certificate: very large. */
static void big_name(pm_canvas *c, double x, double y, double size)
{
    const pm_person *who = (c->spec->flags & PM_FLAG_NO_NAME) ? pm_other_person(c) : c->person;
    pm_style s = pm_style_make(c, PM_FACE_KAI, size * (g_utf8_strlen(who->name, -1) > 6 ? 0.6 : 1));
    pm_flow flow = pm_flow_new();
    pm_flow_name(c, &flow, &s, who, PM_FORM_TITLE, who->name);
    double width = 0;
    for (guint i = 0; i < flow.cells->len; i++)
        width += pm_char_width(c, &s, g_array_index(flow.cells, pm_cell, i).c);
    const pm_column column = {.x = x - width / 2, .y = y, .width = 3000, .line_height = size};
    pm_flow_draw(c, &flow, &column);
}

void pm_draw_diploma(pm_canvas *c)
{
    c->unit = pm_word_school(&c->random);
    pm_box(c, 0, 0, c->width, c->height, 0xfdf8ec);
    guilloche(c, 70, 70, c->width - 140, c->height - 140, 0xf3e6cc);
    ornate_frame(c, 0xb8902f);
    pm_style t = pm_style_make(c, PM_FACE_KAI, 84);
    t.spacing = 0.3;
    pm_line_draw(c, &t, PM_ALIGN_CENTRE, c->width / 2, 130,
                 pm_random_chance(&c->random, 0.5) ? "普通高等学校毕业证书" : "成人高等教育毕业证书");
    portrait(c, 170, 330, 260, 350);
    g_autofree char *markup = g_strdup_printf("学生{N}，性别%s，{G}年{M}月{D}日生，于{Y}年9月至{Z}年7月在本校{B}专业四年制本科学习，"
                                              "修完教学计划规定的全部课程，成绩合格，准予毕业。",
                                              c->person->woman ? "女" : "男");
    certificate_text(c, 500, 330, c->width - 650, 42, PM_FACE_KAI, markup);
    const pm_style s = pm_style_make(c, PM_FACE_SONG, 38);
    pm_line_draw(c, &s, PM_ALIGN_LEFT, 170, c->height - 300, "校（院）长：{O}");
    pm_line_draw(c, &s, PM_ALIGN_LEFT, 980, c->height - 300, c->unit);
    pm_line_draw(c, &s, PM_ALIGN_LEFT, 980, c->height - 220, "{Y}年{M}月{D}日");
    pm_line_draw(c, &s, PM_ALIGN_LEFT, 170, c->height - 200, "证书编号：1{n}{n}{Y}05{n}{n}{n}");
    pm_unit_seal(c, 1130, c->height - 240, 115);
}

void pm_draw_title(pm_canvas *c)
{
    pm_box(c, 0, 0, c->width, c->height, 0xfbf7f2);
    ornate_frame(c, 0xa03030);
    pm_style t = pm_style_make(c, PM_FACE_TITLE, 70);
    t.bold = true;
    pm_line_draw(c, &t, PM_ALIGN_CENTRE, c->width / 2, 120, "专业技术职务任职资格证书");
    portrait(c, 180, 320, 240, 320);
    const pm_style s = pm_style_make(c, PM_FACE_SONG, 42);
    static const char *const rows[] = {"姓　　名：{N}",
                                       "性　　别：",
                                       "工作单位：{U}",
                                       "专业名称：{B}",
                                       "资格名称：{T}",
                                       "批准时间：{Y}年{M}月{D}日",
                                       "评审组织：{A}中级职称评审委员会"};
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *row = g_strconcat(rows[i], i == 1 ? (c->person->woman ? "女" : "男") : "", NULL);
        pm_line_draw(c, &s, PM_ALIGN_LEFT, 520, 310 + 84.0 * i, row);
    }
    pm_line_draw(c, &s, PM_ALIGN_LEFT, 180, 720, "编号：{Y}{n}{n}");
    if (pm_random_chance(&c->random, 0.8))
        pm_unit_seal(c, (c->spec->flags & PM_FLAG_SEAL) ? 800 : 400, (c->spec->flags & PM_FLAG_SEAL) ? 350 : 640, 110);
    pm_line_draw(c, &s, PM_ALIGN_RIGHT, c->width - 180, c->height - 200, "{Y}年{M}月{D}日");
}

void pm_draw_training(pm_canvas *c)
{
    pm_box(c, 0, 0, c->width, c->height, 0xfefefa);
    ornate_frame(c, 0x2f5fa0);
    const bool dark = (c->spec->flags & PM_FLAG_WHITE_ON_DARK) || pm_random_chance(&c->random, 0.25);
    pm_style t = pm_style_make(c, PM_FACE_TITLE, 78);
    t.bold = true;
    pm_line_draw(c, &t, PM_ALIGN_CENTRE, c->width / 2, 130, "继续教育结业证书");
    if (dark) {
        pm_box(c, 90, 290, c->width - 180, 120, 0x234a86);
        pm_style w = pm_style_make(c, PM_FACE_HEI, 48);
        w.rgb = 0xffffff;
        const pm_person *who = (c->spec->flags & PM_FLAG_NO_NAME) ? pm_other_person(c) : c->person;
        pm_flow flow = pm_flow_new();
        pm_flow_text(&flow, &w, "学员：");
        pm_flow_name(c, &flow, &w, who, PM_FORM_WHITE_ON_DARK, who->name);
        pm_flow_markup(c, &flow, &w, "　　学号：{Y}{n}{n}");
        const pm_column column = {.x = 240, .y = 322, .width = 3000, .line_height = 60};
        pm_flow_draw(c, &flow, &column);
    } else if (pm_random_chance(&c->random, 0.6))
        big_name(c, c->width / 2, 270, 110);
    certificate_text(c, 180, 470, c->width - 360, 42, PM_FACE_SONG,
                     dark
                         ? "该同志于{Y}年{M}月参加专业技术人员继续教育专业科目培训，完成{L}等课程学习，共计{n}学时，考核合格，特发此证。"
                         : "{N}同志于{Y}年{M}月参加专业技术人员继续教育公需科目培训，完成{L}等课程学习，共计{n}学时，考核合格，特发此证。");
    const pm_style s = pm_style_make(c, PM_FACE_SONG, 38);
    pm_line_draw(c, &s, PM_ALIGN_LEFT, 180, c->height - 200, "证书编号：JX{Y}{n}{n}");
    pm_line_draw(c, &s, PM_ALIGN_RIGHT, c->width - 180, c->height - 300, "{W}");
    pm_line_draw(c, &s, PM_ALIGN_RIGHT, c->width - 180, c->height - 220, "{Y}年{M}月{D}日");
    pm_unit_seal(c, c->width - 380, c->height - 250, 112);
}
