/* Tables: the list of those appointed, the annual appraisal form and its back. */
#include "pm_kinds.h"

void pm_draw_list(pm_canvas *c)
{
    pm_style t = pm_style_make(c, PM_FACE_TITLE, 46);
    t.bold = true;
    static const char *const heads[] = {"{Y}年专业技术人员聘任名单", "{Y}年职称评审通过人员名单", "{U}教职工花名册"};
    pm_line_draw(c, &t, PM_ALIGN_CENTRE, c->width / 2, 120, pm_random_pick(&c->random, heads));
    const guint pairs = pm_random_chance(&c->random, 0.5) ? 1 : 2,
                rows = pairs == 2 ? 22 + pm_random_below(&c->random, 18) : 20 + pm_random_below(&c->random, 12);
    const guint n = rows * pairs, own = pm_random_below(&c->random, n);
    const double left = 110, top = 230, width = c->width - 220, half = width / pairs, h = MIN(70, (c->height - top - 120) / (rows + 1));
    const pm_style s = pm_style_make(c, PM_FACE_SONG, MIN(c->text_size, h * 0.58));
    pm_style head = s;
    head.bold = true;
    static const double one[] = {0, 0.08, 0.34, 0.74, 0.88, 1}, two[] = {0, 0.14, 0.62, 1};
    static const char *const one_heads[] = {"序号", "姓　名", "工作单位", "职称", "备注"}, *const two_heads[] = {"序号", "姓名", "职称"};
    const guint columns = pairs == 1 ? 5 : 3;
    const double *at = pairs == 1 ? one : two;
    for (guint p = 0; p < pairs; p++) {
        const double x = left + p * half;
        for (guint k = 0; k < columns; k++)
            pm_cell_draw(c, &head, x + at[k] * half, top, (at[k + 1] - at[k]) * half, h, pairs == 1 ? one_heads[k] : two_heads[k]);
        for (guint i = 0; i < rows; i++) {
            const guint who = p * rows + i;
            g_autofree char *number = g_strdup_printf("%u", who + 1);
            const char *name = who == own ? "{N}" : "{O}";
            const char *const one_cells[] = {number, name, "{U}", "{T}", ""}, *const two_cells[] = {number, name, "{T}"};
            for (guint k = 0; k < columns; k++)
                pm_cell_draw(c, &s, x + at[k] * half, top + (i + 1) * h, (at[k + 1] - at[k]) * half, h,
                             pairs == 1 ? one_cells[k] : two_cells[k]);
        }
    }
    c->lines = rows + 2;
    if (pm_random_chance(&c->random, 0.4))
        pm_unit_seal(c, c->width - 380, c->height - 230, 120);
}

/* A tall cell: its label from top to bottom, its text in the right part. Returns the height at which somebody signs. */
static double opinion(pm_canvas *c, double y, double h, const char *label, const char *text)
{
    const double x = 120, w = c->width - 240, tab = 110, n = (double)g_utf8_strlen(label, -1);
    const pm_style s = pm_style_make(c, PM_FACE_SONG, c->text_size);
    pm_style l = s;
    l.spacing = CLAMP((h - 20) / (n * s.size) - 1, 0, 0.4);
    pm_cell_draw(c, &s, x, y, tab, h, "");
    pm_cell_draw(c, &s, x + tab, y, w - tab, h, "");
    pm_vertical_draw(c, &l, x + (tab - s.size) / 2, y + (h - (1 + l.spacing) * s.size * n) / 2, label);
    pm_flow flow = pm_flow_new();
    pm_flow_markup(c, &flow, &s, text);
    pm_column column = {.x = x + tab + 24, .y = y + 24, .width = w - tab - 48, .line_height = s.size * 1.7, .indent = 2 * s.size};
    column.max_lines = (guint)MAX(1, (h - 130) / column.line_height);
    pm_flow_draw(c, &flow, &column);
    return y + h - 2 * s.size;
}

static void signed_and_dated(pm_canvas *c, double y, const char *label, bool by_applicant)
{
    const pm_style s = pm_style_make(c, PM_FACE_SONG, c->text_size);
    const double x = c->width - 120 - 30 * s.size, date = c->width - 160 - 9 * s.size;
    if (by_applicant && pm_random_chance(&c->random, 0.7)) {
        const double width = pm_line_draw(c, &s, PM_ALIGN_LEFT, x, y, label), size = pm_random_range(&c->random, 1.3, 2) * s.size;
        pm_signature(c, x + width + 8, y - 0.4 * size, size, date - 20);
    } else {
        g_autofree char *printed = g_strconcat(label, by_applicant ? "{N:p}" : "{O}", NULL);
        pm_line_draw(c, &s, PM_ALIGN_LEFT, x, y, printed);
    }
    pm_line_draw(c, &s, PM_ALIGN_LEFT, date, y, "{Y}年{M}月{D}日");
}

static double personal_rows(pm_canvas *c, double y)
{
    const pm_style s = pm_style_make(c, PM_FACE_SONG, c->text_size);
    static const char *const rows[][6] = {{"姓　名", "{N}", "性　别", "", "民　族", ""},
                                          {"出生年月", "{G}.{M}", "文化程度", "本科", "政治面貌", "群众"},
                                          {"职　称", "{T}", "任职时间", "{Y}.{M}", "曾用名", "{F}"}};
    static const double at[] = {0, 0.13, 0.42, 0.55, 0.72, 0.85, 1};
    static const char *const nations[] = {"汉族", "汉族", "回族", "蒙古族", "维吾尔族", "哈萨克族"};
    const double x = 120, w = c->width - 240, h = 84;
    for (guint i = 0; i < 3; i++, y += h)
        for (guint k = 0; k < 6; k++) {
            const char *text = rows[i][k];
            if (i == 0 && k == 3)
                text = c->person->woman ? "女" : "男";
            if (i == 0 && k == 5)
                text = nations[c->person->origin];
            pm_cell_draw(c, &s, x + at[k] * w, y, (at[k + 1] - at[k]) * w, h, text);
        }
    pm_cell_draw(c, &s, x, y, 0.13 * w, h, "工作单位");
    pm_cell_draw(c, &s, x + 0.13 * w, y, 0.87 * w, h, "{U}");
    return y + h;
}

void pm_draw_appraisal(pm_canvas *c)
{
    pm_style t = pm_style_make(c, PM_FACE_TITLE, 48);
    t.bold = true;
    pm_line_draw(c, &t, PM_ALIGN_CENTRE, c->width / 2, 120, "事业单位工作人员年度考核登记表");
    const pm_style s = pm_style_make(c, PM_FACE_SONG, c->text_size);
    pm_line_draw(c, &s, PM_ALIGN_CENTRE, c->width / 2, 200, "（{Y}年度）");
    const double y = personal_rows(c, 260);
    static const char *const ends[] = {"{S}{S}\n{S}{S}{S}\n{S}{S}\n{S}{S}{S}\n{S}{S}{S}\n{S}{S}{S}\n{S}{S}{S}\n{S}{S}",
                                       "{S}{S}\n{S}{S}{S}\n{S}{S}\n{S}{S}{S}\n{S}{S}"};
    g_autofree char *summary = g_strconcat(pm_random_chance(&c->random, 0.4) ? "本人{N}，" : "", pm_random_pick(&c->random, ends), NULL);
    signed_and_dated(c, opinion(c, y, c->height - 140 - y, "个人总结", summary), "签名：", true);
    if ((c->spec->flags & PM_FLAG_VERTICAL) || pm_random_chance(&c->random, 0.08)) {
        const pm_style v = pm_style_make(c, PM_FACE_KAI, 34);
        pm_vertical_draw(c, &v, c->width - 85, 420, "{N:p}");
    }
}

void pm_draw_appraisal_back(pm_canvas *c)
{
    const double top = 130, h = (c->height - 270) / 4;
    const char *leader = pm_random_chance(&c->random, 0.5) ? "{N}同志{S}建议确定为合格等次。" : "该同志{S}建议确定为合格等次。";
    signed_and_dated(c, opinion(c, top, h, "主管领导评语", leader), "签名：", false);
    signed_and_dated(c, opinion(c, top + h, h, "考核小组意见", "经考核小组研究，确定该同志{Y}年度考核为合格等次。"), "负责人签名：", false);
    const char *own = pm_random_chance(&c->random, 0.5) ? "同意。" : "同意考核结果，无异议。";
    signed_and_dated(c, opinion(c, top + 2 * h, h, "本人意见", own), "签名：", true);
    opinion(c, top + 3 * h, h, "未确定等次或不参加考核情况说明", "无");
    if (pm_random_chance(&c->random, 0.7))
        pm_unit_seal(c, c->width - 420, top + 2 * h - 90, 115);
    if (pm_random_chance(&c->random, 0.3))
        pm_unit_seal(c, c->width - 420, top + 3 * h - 80, 115);
}
