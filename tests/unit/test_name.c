/* Names and the forms that are made of them. All names are invented. */
#include "name/name_internal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static bf_query *build(const char *name, const char *const *aliases)
{
    bf_query *query = NULL;
    g_autoptr(GError) error = NULL;
    if (!bf_name_build(name, aliases, &query, &error))
        fail_msg("%s: %s", name, error->message);
    return query;
}

/* One form in a line: its kind, "'" for whole words, then the symbols; letters of a TIGHT gap stand side by side, '-' is LOOSE, '|' is
 * REQUIRED. */
static void print_form(GString *out, const bf_form *form)
{
    static const char kinds[] = {'N', 'A', 'P', 'I', 'L', 'R', 'S'};
    g_string_append_printf(out, "%c%s ", kinds[form->kind], form->whole_word ? "'" : "");
    for (guint i = 0; i < form->n_symbols; i++) {
        g_string_append_unichar(out, form->symbols[i].alts[0]);
        if (i + 1 < form->n_symbols && form->symbols[i].gap != BF_GAP_TIGHT)
            g_string_append_c(out, form->symbols[i].gap == BF_GAP_LOOSE ? '-' : '|');
    }
    g_string_append_c(out, '\n');
}

static char *print_query(const bf_query *query)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < query->n_forms; i++)
        print_form(out, &query->forms[i]);
    return g_string_free(out, FALSE);
}

static bool symbol_has(const bf_symbol *symbol, const char *utf8)
{
    for (guint i = 0; i < symbol->n_alts; i++)
        if (symbol->alts[i] == g_utf8_get_char(utf8))
            return true;
    return false;
}

typedef struct {
    const char *name, *alias;
    const char *forms;
} form_case;

static const form_case form_cases[] = {
    {"周明霞", NULL,
     "N 周-明-霞\n"
     "P' Zhou-Ming-xia\nP' Ming-xia-Zhou\n"
     "I' M-X|Zhou\nI' Zhou|M-X\nI' M|Zhou\nI' Zhou|M\n"},
    {"李敏", NULL, "N 李-敏\nP' Li-Min\nP' Min-Li\nI' M|Li\nI' Li|M\n"},
    {"李　敏", NULL, "N 李-敏\nP' Li-Min\nP' Min-Li\nI' M|Li\nI' Li|M\n"}, /* letter-spaced in the roster */
    {"欧阳明霞", NULL,
     "N 欧-阳-明-霞\n"
     "P' Ou-yang-Ming-xia\nP' Ming-xia-Ou-yang\n"
     "I' M-X|Ou-yang\nI' Ou-yang|M-X\nI' M|Ou-yang\nI' Ou-yang|M\n"},
    {"歐陽敏", NULL, "N 歐-陽-敏\nP' Ou-yang-Min\nP' Min-Ou-yang\nI' M|Ou-yang\nI' Ou-yang|M\n"},
    /* two surnames and two, or one and three: read on, both are the same */
    {"周李明霞", NULL,
     "N 周-李-明-霞\n"
     "P' Zhou-Li-Ming-xia\nP' Ming-xia-Zhou-Li\n"
     "I' M-X|Zhou-Li\nI' Zhou-Li|M-X\nI' M|Zhou-Li\nI' Zhou-Li|M\n"
     "P' Li-ming-xia-Zhou\n"
     "I' L-M-X|Zhou\nI' Zhou|L-M-X\nI' L|Zhou\nI' Zhou|L\n"},
    /* 夏侯 and 亓官 may be surnames or not */
    {"夏侯敏", NULL,
     "N 夏-侯-敏\n"
     "P' Xia-hou-Min\nP' Min-Xia-hou\nI' M|Xia-hou\nI' Xia-hou|M\n"
     "P' Hou-min-Xia\nI' H-M|Xia\nI' Xia|H-M\nI' H|Xia\nI' Xia|H\n"},
    {"亓官敏", NULL,
     "N 亓-官-敏\n"
     "P' Qi-guan-Min\nP' Min-Qi-guan\nI' M|Qi-guan\nI' Qi-guan|M\n"
     "P' Guan-min-Qi\nI' G-M|Qi\nI' Qi|G-M\nI' G|Qi\nI' Qi|G\n"},
    {"单敏", NULL,
     "N 单-敏\n"
     "P' Shan-Min\nP' Min-Shan\nI' M|Shan\nI' Shan|M\n"
     "P' Dan-Min\nP' Min-Dan\nI' M|Dan\nI' Dan|M\n"},
    {"吕敏", NULL,
     "N 吕-敏\n"
     "P' Lü-Min\nP' Min-Lü\nI' M|Lü\nI' Lü|M\n"
     "P' Lyu-Min\nP' Min-Lyu\nI' M|Lyu\nI' Lyu|M\n"},
    {"万俟敏", NULL,
     "N 万-俟-敏\n"
     "P' Mo-qi-Min\nP' Min-Mo-qi\nI' M|Mo-qi\nI' Mo-qi|M\n"
     "P' Wan-qi-Min\nP' Min-Wan-qi\nI' M|Wan-qi\nI' Wan-qi|M\n"},
    {"李娥", NULL, "N 李-娥\nP' Li-E\nP' E-Li\n"}, /* the initials are the whole name and covered */
    {"艾力木江·买买提", NULL, "N 艾-力-木-江-买-买-提\nP' Ai-li-mu-jiang-Mai-mai-ti\nP' Mai-mai-ti-Ai-li-mu-jiang\n"},
    {"艾力木江•买买提", NULL, "N 艾-力-木-江-买-买-提\nP' Ai-li-mu-jiang-Mai-mai-ti\nP' Mai-mai-ti-Ai-li-mu-jiang\n"},
    {"艾力木江．买买提", NULL, "N 艾-力-木-江-买-买-提\nP' Ai-li-mu-jiang-Mai-mai-ti\nP' Mai-mai-ti-Ai-li-mu-jiang\n"},
    {"艾力木江 买买提", NULL, "N 艾-力-木-江-买-买-提\nP' Ai-li-mu-jiang-Mai-mai-ti\nP' Mai-mai-ti-Ai-li-mu-jiang\n"},
    {"艾力木江买买提", NULL, "N 艾-力-木-江-买-买-提\nP' Ai-li-mu-jiang-mai-mai-ti\n"},
    {"叶·敏", NULL, "N 叶-敏\nP' Ye-Min\nP' Min-Ye\n"}, /* a dot: no Chinese name, no initials */
    {"𠀂𠏵", NULL, "N 𠀂-𠏵\n"},                        /* beyond the BMP, reading unknown */
    {"𠮷敏", NULL, "N 𠮷-敏\nP' Ji-Min\nP' Min-Ji\nI' M|Ji\nI' Ji|M\n"},
    {"Zhou Mingxia", NULL, "L' Zhou-Mingxia\nL' Mingxia-Zhou\n"},
    {"ＺＨＯＵ Ｍｉｎｇｘｉａ", NULL, "L' ZHOU-Mingxia\nL' Mingxia-ZHOU\n"},
    {"Zhou, Ming-xia", NULL, "L' Zhou-Ming-xia\nL' Ming-xia-Zhou\n"},
    {"ZhouMingxia", NULL, "L' Zhou-Mingxia\n"},
    {"M.-X. Zhou", NULL, "L' M-X|Zhou\nL' Zhou|M-X\n"},
    {"Aynur Memet Qizi", NULL, "L' Aynur-Memet-Qizi\nL' Qizi-Aynur-Memet\nL' Memet-Qizi-Aynur\n"},
    {"مەمەت ئايدىن", NULL, "R مەمەت-ئايدىن\n"},
    {"李敏（女）", NULL, "N 李-敏\nP' Li-Min\nP' Min-Li\nI' M|Li\nI' Li|M\n"},
    {"李敏(回族)2", NULL, "N 李-敏\nP' Li-Min\nP' Min-Li\nI' M|Li\nI' Li|M\n"},
    {"李娥（曾用名：李霞）", NULL, "N 李-娥\nP' Li-E\nP' E-Li\nN 李-霞\nP' Li-Xia\nP' Xia-Li\nI' X|Li\nI' Li|X\n"},
    {"李娥（曾用名李霞）", NULL, "N 李-娥\nP' Li-E\nP' E-Li\nN 李-霞\nP' Li-Xia\nP' Xia-Li\nI' X|Li\nI' Li|X\n"},
    {"李娥A", NULL, "N 李-娥-A\nN 李-娥\nP' Li-E\nP' E-Li\n"},
    /* aliases: what the name covers is not made again, a former name gets pinyin too */
    {"李娥", "LI E", "N 李-娥\nP' Li-E\nP' E-Li\n"},
    {"李娥", "李霞", "N 李-娥\nP' Li-E\nP' E-Li\nA 李-霞\nP' Li-Xia\nP' Xia-Li\nI' X|Li\nI' Li|X\n"},
    {"李娥", "  ", "N 李-娥\nP' Li-E\nP' E-Li\n"},
    {"李娥", "Lucy", "N 李-娥\nP' Li-E\nP' E-Li\nL' Lucy\n"},
};

static void test_bf_name_build__forms(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(form_cases); i++) {
        const char *aliases[] = {form_cases[i].alias, NULL};
        g_autoptr(bf_query) query = build(form_cases[i].name, aliases);
        g_autofree char *printed = print_query(query);
        if (strcmp(printed, form_cases[i].forms))
            fail_msg("%s:\n%sbut expected\n%s", form_cases[i].name, printed, form_cases[i].forms);
    }
}

typedef struct {
    const char *name;
    gint code;
} error_case;

static const error_case error_cases[] = {
    {"", BF_NAME_ERROR_EMPTY},         {" 　\t", BF_NAME_ERROR_EMPTY},     {"·", BF_NAME_ERROR_EMPTY},
    {"123", BF_NAME_ERROR_EMPTY},      {"（）", BF_NAME_ERROR_EMPTY},      {"李", BF_NAME_ERROR_SHORT},
    {"李（女）", BF_NAME_ERROR_SHORT}, {"X", BF_NAME_ERROR_SHORT},         {"\xC0\xEE\xC3\xF4", BF_NAME_ERROR_ENCODING},
    {"李?", BF_NAME_ERROR_ENCODING},   {"李＊敏", BF_NAME_ERROR_ENCODING}, {"李\xEF\xBF\xBD", BF_NAME_ERROR_ENCODING},
    {"李□敏", BF_NAME_ERROR_ENCODING}, {"李〓敏", BF_NAME_ERROR_ENCODING},
};

static void expect_error(const char *name, const char *const *aliases, gint code, const char *prefix)
{
    bf_query *untouched = (bf_query *)0x1, *query = untouched;
    g_autoptr(GError) error = NULL;
    assert_false(bf_name_build(name, aliases, &query, &error));
    assert_ptr_equal(query, untouched);
    if (!g_error_matches(error, BF_NAME_ERROR, code))
        fail_msg("\"%s\": %s", name, error ? error->message : "no error");
    assert_true(g_str_has_prefix(error->message, prefix));
    assert_null(strstr(error->message, "李")); /* messages never hold the name */
}

static void test_bf_name_build__errors(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(error_cases); i++) {
        expect_error(error_cases[i].name, NULL, error_cases[i].code, "the name");
        if (error_cases[i].code == BF_NAME_ERROR_EMPTY && strspn(error_cases[i].name, " \t") == strlen(error_cases[i].name))
            continue; /* an empty alias is none */
        const char *aliases[] = {"Aynur", error_cases[i].name, NULL};
        expect_error("周明霞", aliases, error_cases[i].code, "alias 2: ");
    }
}

static void test_bf_name_build__length(void **state)
{
    (void)state;
    g_autoptr(GString) name = g_string_new(NULL);
    for (guint i = 0; i < 64; i++)
        g_string_append(name, "敏");
    g_autoptr(bf_query) query = build(name->str, NULL);
    assert_int_equal(query->forms[0].n_symbols, 64);
    g_string_append(name, "敏");
    expect_error(name->str, NULL, BF_NAME_ERROR_LONG, "the name");
}

typedef struct {
    const char *name, *alternatives; /* of the first character */
} alternative_case;

static const alternative_case alternative_cases[] = {
    {"发敏", "发發髮"}, {"髮敏", "发發髮"},     {"里敏", "里裏裡"},  {"裡敏", "里裏裡"},      {"钟敏", "钟鐘鍾"}, {"范敏", "范範"},
    {"于敏", "于於"},   {"余敏", "余餘"},       {"云敏", "云雲"},    {"丰敏", "丰豐"},        {"谷敏", "谷穀"},   {"郁敏", "郁鬱"},
    {"岳敏", "岳嶽"},   {"升敏", "升昇陞"},     {"志敏", "志誌"},    {"制敏", "制製"},        {"杰敏", "杰傑"},   {"峰敏", "峰峯"},
    {"群敏", "群羣"},   {"强敏", "强強彊"},     {"温敏", "温溫"},    {"吕敏", "吕呂"},        {"吴敏", "吴吳呉"}, {"黄敏", "黄黃"},
    {"晋敏", "晋晉"},   {"喆敏", "喆哲"},       {"歐敏", "歐欧"},    {"萧敏", "萧蕭肖"},      {"闫敏", "闫阎閻"}, {"傅敏", "傅付"},
    {"德敏", "德徳"},   {"宁敏", "宁寧甯"},     {"䶮敏", "䶮龑"},    {"龍敏", "龍龙竜"},      {"后敏", "后後"},   {"辉敏", "辉輝煇"},
    {"Zoe", "ZzＺｚ"},  {"Ali", "AaＡａāáǎàĀ"}, {"Émile", "ÉéEeēě"}, {"ü-na", "üÜuUvVǖǘǚǜǕ"},
};

static void test_bf_name_build__alternatives(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(alternative_cases); i++) {
        g_autoptr(bf_query) query = build(alternative_cases[i].name, NULL);
        const bf_symbol *symbol = &query->forms[0].symbols[0];
        assert_int_equal(symbol->alts[0], g_utf8_get_char(alternative_cases[i].name));
        for (const char *p = alternative_cases[i].alternatives; *p; p = g_utf8_next_char(p))
            if (!symbol_has(symbol, p))
                fail_msg("%s lacks %.3s", alternative_cases[i].name, p);
        for (guint k = 0; k < symbol->n_alts; k++)
            for (guint m = 0; m < k; m++)
                assert_int_not_equal(symbol->alts[k], symbol->alts[m]);
    }
    g_autoptr(bf_query) plain = build("李敏", NULL); /* and characters without variants get none */
    assert_int_equal(plain->forms[0].symbols[0].n_alts, 1);
}

static void test_bf_name_build__pinyin_letters(void **state)
{
    (void)state;
    g_autoptr(bf_query) query = build("吕徐", NULL); /* L-ü-X-u */
    const bf_symbol *symbols = query->forms[1].symbols;
    for (const char *p = "üÜuUvVǖǘǚǜǕǗǙǛ"; *p; p = g_utf8_next_char(p))
        assert_true(symbol_has(&symbols[1], p));
    for (const char *p = "uUüvūúǔùŪ"; *p; p = g_utf8_next_char(p))
        assert_true(symbol_has(&symbols[3], p));
    assert_false(symbol_has(&symbols[0], "v"));
    g_autoptr(bf_query) other = build("卢敏", NULL); /* Lu is not Lü */
    assert_false(symbol_has(&other->forms[1].symbols[1], "v"));
}

static bool holds_form(const bf_query *query, const char *line)
{
    for (guint i = 0; i < query->n_forms; i++) {
        g_autoptr(GString) printed = g_string_new(NULL);
        print_form(printed, &query->forms[i]);
        if (g_str_has_prefix(printed->str, line) && printed->len == strlen(line) + 1)
            return true;
    }
    return false;
}

static const char *const reading_cases[][2] = {
    {"曾敏", "P' Zeng-Min"},      {"曾敏", "P' Ceng-Min"}, {"解敏", "P' Xie-Min"},         {"仇敏", "P' Qiu-Min"},
    {"区敏", "P' Ou-Min"},        {"查敏", "P' Zha-Min"},  {"朴敏", "P' Piao-Min"},        {"朴敏", "P' Pu-Min"},
    {"翟敏", "P' Zhai-Min"},      {"翟敏", "P' Di-Min"},   {"尉迟敏", "P' Yu-chi-Min"},    {"长孙敏", "P' Zhang-sun-Min"},
    {"盖敏", "P' Ge-Min"},        {"盖敏", "P' Gai-Min"},  {"覃敏", "P' Qin-Min"},         {"覃敏", "P' Tan-Min"},
    {"缪敏", "P' Miao-Min"},      {"乐敏", "P' Yue-Min"},  {"乐敏", "P' Le-Min"},          {"召敏", "P' Shao-Min"},
    {"繁敏", "P' Po-Min"},        {"员敏", "P' Yun-Min"},  {"折敏", "P' She-Min"},         {"种敏", "P' Chong-Min"},
    {"冼敏", "P' Xian-Min"},      {"宓敏", "P' Mi-Min"},   {"宓敏", "P' Fu-Min"},          {"秘敏", "P' Bi-Min"},
    {"令狐敏", "P' Ling-hu-Min"}, {"薄敏", "P' Bo-Min"},   {"逄敏", "P' Pang-Min"},        {"隗敏", "P' Wei-Min"},
    {"隗敏", "P' Kui-Min"},       {"李晟", "P' Li-Sheng"}, {"李晟", "P' Li-Cheng"},        {"李茜", "P' Li-Qian"},
    {"李茜", "P' Li-Xi"},         {"李朝", "P' Li-Chao"},  {"李长行", "P' Li-Chang-xing"}, {"李重", "P' Li-Chong"},
    {"李绿", "P' Li-Lü"},         {"李绿", "P' Li-Lyu"},   {"單敏", "P' Shan-Min"},        {"澹台敏", "P' Tan-tai-Min"},
    {"单于敏", "P' Chan-yu-Min"}, {"任敏", "P' Ren-Min"},  {"华敏", "P' Hua-Min"},         {"闾丘敏", "P' Lyu-qiu-Min"},
};

static void test_bf_name_build__readings(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(reading_cases); i++) {
        g_autoptr(bf_query) query = build(reading_cases[i][0], NULL);
        if (!holds_form(query, reading_cases[i][1]))
            fail_msg("%s lacks %s", reading_cases[i][0], reading_cases[i][1]);
    }
}

static guint count_kind(const bf_query *query, bf_form_kind kind)
{
    guint n = 0;
    for (guint i = 0; i < query->n_forms; i++)
        n += query->forms[i].kind == kind;
    return n;
}

static void test_bf_name_build__reading_cap(void **state)
{
    (void)state;
    g_autoptr(bf_query) query = build("曾参侗娜", NULL); /* more combinations than are taken, in two ways to split it */
    assert_true(count_kind(query, BF_FORM_PINYIN) > BF_NAME_MAX_READINGS);
    assert_true(count_kind(query, BF_FORM_PINYIN) <= 4 * BF_NAME_MAX_READINGS);
    g_autoptr(bf_query) run = build("都都都都都都", NULL);
    assert_int_equal(count_kind(run, BF_FORM_PINYIN), BF_NAME_MAX_READINGS_RUN);
    assert_true(holds_form(run, "P' Du-du-du-du-du-du"));
}

static void test_bf_name_build__same_again(void **state)
{
    (void)state;
    const char *aliases[] = {"Aynur Memet", "欧阳行", "مەمەت", NULL};
    g_autoptr(bf_query) one = build("曾乐行", aliases);
    g_autoptr(bf_query) two = build("曾乐行", aliases);
    assert_int_equal(one->n_forms, two->n_forms);
    for (guint f = 0; f < one->n_forms; f++) {
        assert_int_equal(one->forms[f].n_symbols, two->forms[f].n_symbols);
        for (guint s = 0; s < one->forms[f].n_symbols; s++) {
            const bf_symbol *a = &one->forms[f].symbols[s], *b = &two->forms[f].symbols[s];
            assert_int_equal(a->n_alts, b->n_alts);
            assert_memory_equal(a->alts, b->alts, a->n_alts * sizeof(gunichar));
        }
    }
}

static gpointer build_many(gpointer name)
{
    for (guint i = 0; i < 20; i++) {
        g_autoptr(bf_query) query = build(name, NULL);
        if (query->forms[0].n_symbols != (guint)g_utf8_strlen(name, -1))
            return GINT_TO_POINTER(1);
    }
    return NULL;
}

static void test_bf_name_add_surname_forms__whose(void **state)
{
    (void)state;
    static const struct {
        const char *name, *form;
        bool there;
    } cases[] = {
        {"周明霞", "S 周-老师\n", true}, {"欧阳明霞", "S 欧-阳-同志\n", true},    {"欧阳明霞", "S 欧-同志\n", false},
        {"周　明", "S 周-老师\n", true}, {"阿不都·买买提", "S 阿-同志\n", false}, {"东方明", "S 东-老师\n", true},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(bf_query) query = build(cases[i].name, NULL);
        guint before = query->n_forms;
        bf_name_add_surname_forms(query, cases[i].name);
        bf_query more = {query->forms + before, query->n_forms - before};
        g_autofree char *text = print_query(&more);
        if ((strstr(text, cases[i].form) != NULL) != cases[i].there)
            fail_msg("%s: %s %s", cases[i].name, cases[i].form, cases[i].there ? "is missing" : "is there");
    }
}

static void test_bf_name_parts__transcribed(void **state)
{
    (void)state;
    g_auto(GStrv) parts = bf_name_parts("阿不都热合曼·買買提"), none = bf_name_parts("周明霞"), spaced = bf_name_parts("周 明 霞");
    assert_int_equal(g_strv_length(parts), 2);
    assert_string_equal(parts[0], "阿不都热合曼");
    assert_string_equal(parts[1], "买买提");
    assert_int_equal(g_strv_length(none) + g_strv_length(spaced), 0);
    g_autoptr(bf_query) query = build("阿不都热合曼·买买提", NULL);
    assert_false(bf_name_in_text(query, "阿不都热合曼同志"));
    bf_name_add_part(query, parts[0]);
    assert_true(bf_name_in_text(query, "阿不都热合曼同志"));
}

static void test_bf_name_build__threads(void **state)
{
    (void)state;
    const char *names[] = {"曾乐行", "欧阳明霞", "周李明霞", "單于發里"};
    GThread *threads[G_N_ELEMENTS(names)];
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        threads[i] = g_thread_new(NULL, build_many, (gpointer)names[i]);
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        assert_null(g_thread_join(threads[i]));
}

/* Far above what it takes (about 1 ms), so that it only fails when the transliterators are opened anew each time. */
static void test_bf_name_build__time(void **state)
{
    (void)state;
    g_autoptr(bf_query) warm = build("曾乐行", NULL);
    clock_t start = clock();
    for (guint i = 0; i < 20; i++) {
        g_autoptr(bf_query) query = build("曾乐行", NULL);
        assert_int_equal(query->n_forms, warm->n_forms);
    }
    assert_true((double)(clock() - start) / CLOCKS_PER_SEC < 20 * 0.025);
}

static void test_bf_name_without_pinyin__table(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"周明霞", ""},
        {"李𠀂𠏵𠀂", "𠀂𠏵"},
        {"Zhou", ""},
        {"\xFF", ""},
        {"李\xEE\xA1\xA3", ""} /* stands for 䶮 */,
        {"李\xEE\x80\x80", "\xEE\x80\x80"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *unknown = bf_name_without_pinyin(cases[i][0]);
        assert_string_equal(unknown, cases[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bf_name_build__forms),
        cmocka_unit_test(test_bf_name_build__errors),
        cmocka_unit_test(test_bf_name_build__length),
        cmocka_unit_test(test_bf_name_build__alternatives),
        cmocka_unit_test(test_bf_name_build__pinyin_letters),
        cmocka_unit_test(test_bf_name_build__readings),
        cmocka_unit_test(test_bf_name_build__reading_cap),
        cmocka_unit_test(test_bf_name_build__same_again),
        cmocka_unit_test(test_bf_name_add_surname_forms__whose),
        cmocka_unit_test(test_bf_name_parts__transcribed),
        cmocka_unit_test(test_bf_name_build__threads),
        cmocka_unit_test(test_bf_name_build__time),
        cmocka_unit_test(test_bf_name_without_pinyin__table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
