/* Pages of running text: summary, notice, commitment, proof of service, letter of appointment, plain text. */
#include "pm_kinds.h"
#include "pm_words.h"
#include <string.h>

#define MARGIN 180.0

void pm_unit_seal(pm_canvas *c, double x, double y, double radius)
{
    pm_seal_draw(c, x + pm_random_range(&c->random, -15, 15), y + pm_random_range(&c->random, -12, 12), radius, c->unit);
}

double pm_closing(pm_canvas *c, double y)
{
    const pm_style s = pm_style_make(c, PM_FACE_SONG, c->text_size);
    const double right = c->width - MARGIN - 40;
    pm_line_draw(c, &s, PM_ALIGN_RIGHT, right, y, "{W}");
    pm_line_draw(c, &s, PM_ALIGN_RIGHT, right, y + 2 * s.size, "{Y}年{M}月{D}日");
    if (pm_random_chance(&c->random, 0.8))
        pm_unit_seal(c, right - 5 * s.size, y + 1.4 * s.size, 118);
    return y + 4 * s.size;
}

static double heading(pm_canvas *c, double y, double size, const char *markup)
{
    pm_style s = pm_style_make(c, PM_FACE_TITLE, size);
    s.bold = true;
    pm_line_draw(c, &s, PM_ALIGN_CENTRE, c->width / 2, y, markup);
    return y + 2.2 * size;
}

static void sentences(pm_canvas *c, pm_flow *flow, const pm_style *s, guint n, double personal)
{
    for (guint i = 0; i < n; i++)
        pm_flow_markup(c, flow, s, pm_random_chance(&c->random, personal) ? pm_word_personal(&c->random) : "{S}");
}

static pm_column column_at(const pm_canvas *c, double y, double line_height)
{
    return (pm_column){
        .x = MARGIN, .y = y, .width = c->width - 2 * MARGIN, .line_height = line_height, .indent = 2 * c->text_size, .justify = true};
}

/* Dense paragraphs down to the foot: 27 lines at the usual size. */
static void fill_page(pm_canvas *c, double y, double personal, bool named)
{
    const pm_style s = pm_style_make(c, pm_random_chance(&c->random, 0.7) ? PM_FACE_SONG : PM_FACE_KAI, c->text_size);
    const double line = (c->height - 2 * 190) / 27.0;
    pm_flow flow = pm_flow_new();
    if (named)
        pm_flow_markup(c, &flow, &s, "本人{N}，现任{U}{T}，从事{L}教学工作。");
    for (guint i = 0; i < 9; i++) {
        sentences(c, &flow, &s, 3, personal);
        pm_flow_text(&flow, &s, "\n");
    }
    pm_column column = column_at(c, y, line);
    column.max_lines = (guint)((c->height - 170 - y) / line);
    pm_flow_draw(c, &flow, &column);
}

void pm_draw_summary(pm_canvas *c)
{
    double y = heading(c, 190, 50, pm_random_chance(&c->random, 0.6) ? "个人工作总结" : "任现职以来专业技术工作总结");
    pm_style s = pm_style_make(c, PM_FACE_KAI, c->text_size * 1.05);
    if (pm_random_chance(&c->random, 0.7)) {
        pm_line_draw(c, &s, PM_ALIGN_CENTRE, c->width / 2, y - 20, "{U}　　{N}");
        y += 50;
    }
    fill_page(c, y, 0.25, pm_random_chance(&c->random, 0.7));
}

void pm_draw_plain(pm_canvas *c)
{
    fill_page(c, 190, 0, false);
}

void pm_draw_notice(pm_canvas *c)
{
    static const char *const heads[] = {"关于{Y}年度职称申报人员的公示", "公　　示", "关于推荐{T}人选的公示"};
    double y = heading(c, 220, 54, pm_random_pick(&c->random, heads));
    const pm_style s = pm_style_make(c, PM_FACE_SONG, c->text_size);
    pm_flow flow = pm_flow_new();
    pm_flow_markup(c, &flow, &s,
                   "根据{Y}年职称评审工作安排，经个人申报、单位审核、集体研究，拟推荐以下同志参加{T}职称评审，现予以公示。\n");
    const guint n = 2 + pm_random_below(&c->random, 5), own = pm_random_below(&c->random, n);
    for (guint i = 0; i < n; i++) {
        g_autofree char *row = g_strdup_printf("%u．%s，{U}，申报{T}，从事{L}教学工作。\n", i + 1, i == own ? "{N}" : "{O}");
        pm_flow_markup(c, &flow, &s, row);
    }
    pm_flow_markup(c, &flow, &s,
                   "公示时间为{Y}年{M}月{D}日起五个工作日。公示期间，如对以上人员有异议，请以书面形式向{U}反映，反映情况要客观真实，"
                   "以个人名义反映的应署真实姓名。\n联系人：{O}　　联系电话：09{n}-{n}{n}{n}\n");
    const pm_column column = column_at(c, y, c->text_size * 1.95);
    y = pm_flow_draw(c, &flow, &column);
    pm_closing(c, y + 60);
}

void pm_draw_service(pm_canvas *c)
{
    double y = heading(c, 260, 60, "基层服务经历证明");
    const pm_style s = pm_style_make(c, PM_FACE_SONG, c->text_size * 1.15);
    pm_flow flow = pm_flow_new();
    pm_flow_markup(c, &flow, &s,
                   "兹证明{N}同志，身份证号65{n}01{G}{n}{n}{n}{n}，系我单位在编在岗人员，于{Y}年{M}月至{Z}年{M}月在{A}开展基层服务工作，"
                   "累计服务时间{n}个月。\n");
    sentences(c, &flow, &s, 3, 0.35);
    pm_flow_markup(c, &flow, &s, "\n在此期间，{N:p}同志遵守纪律，工作表现良好。\n特此证明。\n经办人：{O}　　联系电话：09{n}-{n}{n}{n}\n");
    const pm_column column = column_at(c, y, s.size * 2);
    y = pm_flow_draw(c, &flow, &column);
    pm_closing(c, y + 80);
}

void pm_draw_appointment(pm_canvas *c)
{
    const bool letter = pm_random_chance(&c->random, 0.5);
    double y = heading(c, 280, letter ? 110 : 56, letter ? "聘　书" : "关于{O}等同志专业技术职务聘任的通知");
    const pm_style s = pm_style_make(c, letter ? PM_FACE_KAI : PM_FACE_SONG, c->text_size * (letter ? 1.5 : 1.15));
    pm_flow flow = pm_flow_new();
    if (letter)
        pm_flow_markup(c, &flow, &s, "{N:u}同志：\n经研究，聘请您担任我校{T}职务，聘期三年，自{Y}年{M}月至{Z}年{M}月。\n此聘。\n");
    else {
        pm_flow_markup(c, &flow, &s,
                       "各科室、教研组：\n经{Y}年{M}月{D}日校务会议研究，决定聘任：\n{O}同志为{T}；\n{N}同志为{T}；\n{O}同志为{T}；\n");
        sentences(c, &flow, &s, 2, 0.2);
        pm_flow_text(&flow, &s, "\n以上人员聘期自发文之日起计算。\n");
    }
    const pm_column column = column_at(c, y, s.size * 2);
    y = pm_flow_draw(c, &flow, &column);
    pm_closing(c, y + 90);
}

double pm_signature(pm_canvas *c, double x, double y, double size, double x_most)
{
    static const guint inks[] = {0x101018, 0x15205a, 0x1a1a1a};
    pm_style s = pm_style_make(c, PM_FACE_HAND, size);
    s.rgb = pm_random_pick(&c->random, inks);
    s.shear = pm_random_range(&c->random, -0.05, 0.3);
    s.wobble = pm_random_range(&c->random, 0.1, 0.28);
    s.spacing = pm_random_range(&c->random, -0.16, 0.05);
    const pm_person *who = (c->spec->flags & PM_FLAG_NO_NAME) ? pm_other_person(c) : c->person;
    const double width = pm_text_width(c, &s, who->name) + 0.4 * size;
    s.size *= MIN(1, (x_most - x) / width);
    pm_flow flow = pm_flow_new();
    pm_flow_name(c, &flow, &s, who, PM_FORM_SIGNATURE, who->name);
    const pm_column column = {.x = x, .y = y + 0.6 * (size - s.size), .width = 4000, .line_height = size};
    pm_flow_draw(c, &flow, &column);
    c->lines--;
    return s.size;
}

void pm_draw_commitment(pm_canvas *c)
{
    double y = heading(c, 240, 60, "个人承诺书");
    const bool by_hand = pm_random_chance(&c->random, 0.3);
    pm_style s = pm_style_make(c, by_hand ? PM_FACE_HAND : PM_FACE_SONG, c->text_size * 1.15);
    if (by_hand)
        s.wobble = 0.05;
    pm_flow flow = pm_flow_new();
    pm_flow_markup(c, &flow, &s,
                   pm_random_chance(&c->random, 0.6) ? "本人{N}，身份证号65{n}01{G}{n}{n}{n}{n}，现申报{T}职称。"
                                                     : "本人自愿申报{T}职称评审。");
    pm_flow_markup(c, &flow, &s,
                   "现郑重承诺如下：\n一、本人所提交的学历、资历、业绩、论文等申报材料全部真实、准确、有效。\n"
                   "二、论文、著作均为本人独立或合作完成，不存在抄袭、剽窃、代写代发等学术不端行为。\n"
                   "三、自觉遵守职称评审工作纪律，不打探、不干扰评审工作。\n"
                   "四、如有弄虚作假，本人愿意接受取消申报资格、三年内不得申报等处理，并承担由此产生的一切后果。\n");
    const pm_column column = column_at(c, y, s.size * 2);
    y = pm_flow_draw(c, &flow, &column) + 90;
    static const char *const labels[] = {"承诺人（签字）：", "承诺人：", "本人签名：", "申报人签字（按手印）："};
    const double x = 640, label = pm_line_draw(c, &s, PM_ALIGN_LEFT, x, y, pm_random_pick(&c->random, labels));
    const double sx = x + label + 10, wanted = pm_random_range(&c->random, 52, 78);
    const double size = pm_signature(c, sx, y - 0.4 * wanted, wanted, c->width - 90);
    if ((c->spec->flags & PM_FLAG_FINGERPRINT) || pm_random_chance(&c->random, 0.45))
        pm_fingerprint_draw(c, sx + pm_random_range(&c->random, 0.4, 2.4) * size, y + pm_random_range(&c->random, -10, 30), 46, 62);
    if ((c->spec->flags & PM_FLAG_NAME_SEAL) || pm_random_chance(&c->random, 0.15))
        pm_name_seal_draw(c, sx + 0.5 * size, y + 5 * s.size, pm_random_range(&c->random, 90, 130));
    pm_line_draw(c, &s, PM_ALIGN_LEFT, x, y + 3 * s.size, "日期：{Y}年{M}月{D}日");
}
