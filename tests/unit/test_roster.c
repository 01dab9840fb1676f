/* Rosters as people really save them. All people are invented. */
#include "batch/csv.h"
#include "blindfold/roster.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* Each row as "line|id|name|alias+alias|package|level", each problem as it is, one a line. */
static char *describe(const bf_roster *r)
{
    GString *s = g_string_new(NULL);
    for (guint i = 0; i < r->rows->len; i++) {
        const bf_roster_row *row = r->rows->pdata[i];
        g_autofree char *aliases = g_strjoinv("+", row->aliases);
        g_string_append_printf(s, "%u|%s|%s|%s|%s|%s\n", row->line, row->id, row->name, aliases, row->package,
                               row->level ? row->level : "-");
    }
    for (guint i = 0; i < r->problems->len; i++)
        g_string_append_printf(s, "%s\n", (char *)r->problems->pdata[i]);
    return g_string_free(s, FALSE);
}

static void expect(const char *what, const char *data, gsize n, const char *want)
{
    g_autoptr(bf_roster) r = NULL;
    g_autoptr(GError) error = NULL;
    if (!bf_roster_parse(data, n, "roster.csv", &r, &error))
        fail_msg("%s: %s", what, error->message);
    g_autofree char *got = describe(r);
    if (strcmp(got, want) != 0)
        fail_msg("%s:\n%s", what, got);
}

static void test_roster_parse__good_rows(void **state)
{
    (void)state;
    static const struct {
        const char *what, *text, *want;
    } cases[] = {
        {"the least", "id,name\n17,乔雨溱\n", "2|17|乔雨溱||17.zip|-\n"},
        {"Chinese heads in another order", "姓名,附件包,编号,级别,别名\r\n乔雨溱,a.zip,17,中级,雨臻、Yuzhen Qiao;乔臻\r\n",
         "2|17|乔雨溱|雨臻+Yuzhen Qiao+乔臻|a.zip|中级\n"},
        {"heads in capitals, full width, with blanks", " ID , ＮＡＭＥ \n17,乔雨溱\n", "2|17|乔雨溱||17.zip|-\n"},
        {"columns that nobody knows", "no,id,phone,name\n1,17,555,乔雨溱\n", "2|17|乔雨溱||17.zip|-\n"},
        {"semicolons; aliases in quotes", "id;name;aliases\n17;乔雨溱;\"雨臻; 乔臻\"\n", "2|17|乔雨溱|雨臻+乔臻|17.zip|-\n"},
        {"tabs", "id\tname\n17\t乔雨溱", "2|17|乔雨溱||17.zip|-\n"},
        {"quotes, doubled quotes, line ends inside", "id,name,level\n\"17\",\"乔雨溱\",\"a \"\"b\"\"\nc,d\"\n18,孟知遥,\n",
         "2|17|乔雨溱||17.zip|a \"b\"\nc,d\n4|18|孟知遥||18.zip|-\n"},
        {"blank lines are counted", "\nid,name\n\n17,乔雨溱\n,,\n\n18,孟知遥", "4|17|乔雨溱||17.zip|-\n7|18|孟知遥||18.zip|-\n"},
        {"old Mac line ends", "id,name\r17,乔雨溱\r18,孟知遥\r", "2|17|乔雨溱||17.zip|-\n3|18|孟知遥||18.zip|-\n"},
        {"a byte order mark", "\xEF\xBB\xBFid,name\n17,乔雨溱\n", "2|17|乔雨溱||17.zip|-\n"},
        {"wide and invisible blanks around", "id,name\n17,\u3000乔雨溱\u200B\u00A0\n", "2|17|乔雨溱||17.zip|-\n"},
        {"a middle dot, a rare character", "id,name\n甲-7,艾力江·吐尔逊尼亚孜\n8,孟頔\n",
         "2|甲-7|艾力江·吐尔逊尼亚孜||甲-7.zip|-\n3|8|孟頔||8.zip|-\n"},
        {"empty fields beyond the header", "id,name\n17,乔雨溱,,\n", "2|17|乔雨溱||17.zip|-\n"},
        {"nobody", "id,name\n", ""},
        {"titles above the header", "2026 年度职称评审；汇总,,\n单位：第三中学,,\n编号,姓名,级别\n17,乔雨溱,中级\n",
         "4|17|乔雨溱||17.zip|中级\n"},
        {"a title with other delimiters", "一, 二, 三\n\nid;name\n17;乔雨溱\n", "4|17|乔雨溱||17.zip|-\n"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
        expect(cases[i].what, cases[i].text, strlen(cases[i].text), cases[i].want);
}

static void test_roster_parse__encodings(void **state)
{
    (void)state;
    static const char text[] = "编号,姓名\r\n17,乔雨溱\r\n18,孟頔\r\n";
    static const char want[] = "2|17|乔雨溱||17.zip|-\n3|18|孟頔||18.zip|-\n";
    static const struct {
        const char *encoding, *mark;
    } cases[] = {{"UTF-8", ""},    {"UTF-8", "\xEF\xBB\xBF"}, {"GB18030", ""},
                 {"GBK", ""},      {"UTF-16LE", "\xFF\xFE"},  {"UTF-16BE", "\xFE\xFF"},
                 {"UTF-16LE", ""}, {"UTF-16BE", ""}};
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        gsize n = 0;
        g_autofree char *body = g_convert(text, -1, cases[i].encoding, "UTF-8", NULL, &n, NULL);
        assert_non_null(body);
        g_autoptr(GString) all = g_string_new(cases[i].mark);
        g_string_append_len(all, body, (gssize)n);
        expect(cases[i].encoding, all->str, all->len, want);
    }
}

static void test_roster_parse__bad_rows(void **state)
{
    (void)state;
    static const struct {
        const char *what, *text, *want;
    } cases[] = {
        {"no name", "id,name\n17,\n18,孟知遥\n", "3|18|孟知遥||18.zip|-\nline 2: the name is missing\n"},
        {"no id", "id,name\n,乔雨溱\n", "line 2: the id is missing\n"},
        {"the id twice, in other letters", "id,name\nA7,乔雨溱\na7,孟知遥\n",
         "2|A7|乔雨溱||A7.zip|-\nline 3: its id stands on line 2 already\n"},
        {"the id of a row that is bad itself", "id,name\n乔雨溱,乔雨溱\n乔雨溱,孟知遥\n",
         "line 2: the id holds the applicant's name; the id is the name of the output file, so give another one\n"
         "line 3: its id stands on line 2 already\n"},
        {"the id holds an alias", "id,name,aliases\n17-乔臻,乔雨溱,乔臻\n",
         "line 2: the id holds the applicant's name; the id is the name of the output file, so give another one\n"},
        {"one package for two", "id,name,package\n1,乔雨溱,a.zip\n2,孟知遥,A.ZIP\n3,汤可久,c.zip\n",
         "4|3|汤可久||c.zip|-\nline 3: its package is that of line 2 too\nline 2: its package is that of line 3 too\n"},
        {"one package for two, by default", "id,name,package\n1,乔雨溱,2.zip\n2,孟知遥,\n",
         "line 3: its package is that of line 2 too\nline 2: its package is that of line 3 too\n"},
        {"a path as the package", "id,name,package\n1,乔雨溱,../a.zip\n", "line 2: the package must be a file name without its folder\n"},
        {"one character", "id,name\n1,乔\n",
         "line 2: the name or an alias has one character only, which would be found everywhere; give it in full\n"},
        {"a quote without an end", "id,name\n1,\"乔雨溱\n2,孟知遥\n", "line 2: a quote is opened and never closed\n"},
        {"a delimiter that is not quoted", "id;name;aliases\n1;乔雨溱;雨臻;乔臻\n",
         "line 2: more fields than the header has; put a field that holds the delimiter in double quotes\n"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        expect(cases[i].what, cases[i].text, strlen(cases[i].text), cases[i].want);
        g_autoptr(bf_roster) r = NULL;
        assert_true(bf_roster_parse(cases[i].text, strlen(cases[i].text), "x", &r, NULL));
        for (guint k = 0; k < r->problems->len; k++)
            for (const char *p = r->problems->pdata[k]; *p; p++)
                assert_true((guchar)*p < 0x80); /* so no name can be in it */
    }
}

static void test_roster_parse__no_roster(void **state)
{
    (void)state;
    static const struct {
        const char *what, *data;
        gsize n;
        const char *part;
    } cases[] = {
        {"nothing", "", 0, "empty"},
        {"no header", "17,乔雨溱\n", 14, "\"id\" is missing"},
        {"no name column", "id,who\n17,x\n", 12, "\"name\" is missing"},
        {"a column twice", "id,name,姓名\n", 15, "twice"},
        {"an Excel workbook, cut off", "PK\3\4\24\0", 6, "CSV"},
        {"an old Excel workbook", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8, "old kind"},
        {"no text", "\xFF\xFF\x81\x00", 3, "neither UTF-8"},
        {"a zero in the text", "\xEF\xBB\xBFid,name\n1,\0\n", 15, "neither UTF-8"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(bf_roster) r = NULL;
        g_autoptr(GError) error = NULL;
        if (bf_roster_parse(cases[i].data, cases[i].n, "roster.csv", &r, &error))
            fail_msg("%s: taken", cases[i].what);
        assert_int_equal(error->domain, BF_ROSTER_ERROR);
        assert_int_equal(error->code, BF_ROSTER_ERROR_FORMAT);
        if (!strstr(error->message, cases[i].part) || strstr(error->message, "乔雨溱"))
            fail_msg("%s: %s", cases[i].what, error->message);
    }
    g_autoptr(bf_roster) r = NULL;
    g_autoptr(GError) error = NULL;
    assert_false(bf_roster_read("/nowhere/roster.csv", &r, &error));
    assert_true(g_error_matches(error, BF_ROSTER_ERROR, BF_ROSTER_ERROR_OPEN));
}

static void test_roster_id_is_safe__cases(void **state)
{
    (void)state;
    static const struct {
        const char *id;
        bool safe;
    } cases[] = {{"17", true},   {"2023-甲_4.b", true}, {"", false},     {".", false},   {"..", false},  {".hidden", false},
                 {"-r", false},  {"a/b", false},        {"a\\b", false}, {"a b", false}, {"a:b", false}, {"a\n", false},
                 {"nul", false}, {"COM3.x", false},     {"come", true},  {"a.", false},  {"a*", false},  {"\"a\"", false}};
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
        if (bf_roster_id_is_safe(cases[i].id) != cases[i].safe)
            fail_msg("%s", cases[i].id);
    g_autofree char *longest = g_strnfill(100, 'a'), *longer = g_strnfill(101, 'a');
    assert_true(bf_roster_id_is_safe(longest));
    assert_false(bf_roster_id_is_safe(longer));
}

static void test_roster_new_single__defaults(void **state)
{
    (void)state;
    const char *const aliases[] = {"雨臻", NULL};
    g_autoptr(bf_roster) a = bf_roster_new_single("package-0001", "乔雨溱", aliases, NULL);
    g_autoptr(bf_roster) b = bf_roster_new_single("17", "乔雨溱", NULL, "x.zip");
    g_autofree char *got_a = describe(a), *got_b = describe(b);
    assert_string_equal(got_a, "0|package-0001|乔雨溱|雨臻|package-0001.zip|-\n");
    assert_string_equal(got_b, "0|17|乔雨溱||x.zip|-\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_roster_parse__good_rows),  cmocka_unit_test(test_roster_parse__encodings),
        cmocka_unit_test(test_roster_parse__bad_rows),   cmocka_unit_test(test_roster_parse__no_roster),
        cmocka_unit_test(test_roster_id_is_safe__cases), cmocka_unit_test(test_roster_new_single__defaults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
