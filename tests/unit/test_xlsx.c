/* Rosters as Excel workbooks: packed by the program's own zip writer from parts as spreadsheet programs write them. All people are
 * invented. */
#include "batch/roster_table.h"
#include "blindfold/package.h"
#include "blindfold/roster.h"

#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define MAIN "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\""
#define WORKBOOK(sheets)                                                                                                                   \
    HEAD "<workbook " MAIN " xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets>" sheets              \
         "</sheets></workbook>"
#define ONE_SHEET "<sheet name=\"甲\" sheetId=\"1\" r:id=\"rId7\"/>"
#define RELATIONSHIPS                                                                                                                      \
    HEAD "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"                                          \
         "<Relationship Id=\"rId1\" Target=\"worksheets/sheet2.xml\"/><Relationship Id=\"rId7\" Target=\"/xl/worksheets/sheet1.xml\"/>"    \
         "</Relationships>"
#define SHEET(rows) HEAD "<worksheet " MAIN "><sheetData>" rows "</sheetData></worksheet>"
#define TEXT(cell, text) "<c r=\"" cell "\" t=\"inlineStr\"><is><t>" text "</t></is></c>"
#define HEADER "<row r=\"1\">" TEXT("A1", "编号") TEXT("B1", "姓名") TEXT("C1", "别名") "</row>"

typedef struct {
    const char *workbook, *relationships, *shared, *sheet, *other_sheet;
} parts;

static char *folder;

static void add(bf_zip_writer *w, const char *name, const char *text)
{
    if (!text)
        return;
    g_autoptr(GBytes) bytes = g_bytes_new_static(text, strlen(text));
    assert_true(bf_zip_writer_add(w, name, bytes, NULL));
}

/* The workbook's bytes. */
static void pack(const parts *p, char **data, gsize *n)
{
    g_autofree char *path = g_build_filename(folder, "roster.xlsx", NULL);
    g_autoptr(bf_zip_writer) w = NULL;
    char sum[BF_SHA256_HEX];
    assert_true(bf_zip_writer_new(path, &w, NULL));
    add(w, "xl/workbook.xml", p->workbook ? p->workbook : WORKBOOK(ONE_SHEET));
    add(w, "xl/_rels/workbook.xml.rels", p->relationships ? p->relationships : RELATIONSHIPS);
    add(w, "xl/sharedStrings.xml", p->shared);
    add(w, "xl/worksheets/sheet1.xml", p->sheet);
    add(w, "xl/worksheets/sheet2.xml", p->other_sheet);
    assert_true(bf_zip_writer_commit(w, sum, NULL));
    assert_true(g_file_get_contents(path, data, n, NULL));
    g_unlink(path);
}

/* Each row as "line|id|name|alias+alias", each problem as it is, one a line. */
static char *describe(const bf_roster *r)
{
    GString *s = g_string_new(NULL);
    for (guint i = 0; i < r->rows->len; i++) {
        const bf_roster_row *row = r->rows->pdata[i];
        g_autofree char *aliases = g_strjoinv("+", row->aliases);
        g_string_append_printf(s, "%u|%s|%s|%s\n", row->line, row->id, row->name, aliases);
    }
    for (guint i = 0; i < r->problems->len; i++)
        g_string_append_printf(s, "%s\n", (char *)r->problems->pdata[i]);
    return g_string_free(s, FALSE);
}

static void test_bf_roster_parse__workbooks(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        parts p;
        const char *want;
    } cases[] = {
        {"texts in their cells",
         {.sheet = SHEET(HEADER "<row r=\"2\">" TEXT("A2", "甲-1") TEXT("B2", "乔雨溱") TEXT("C2", "雨臻;乔臻") "</row>")},
         "2|甲-1|乔雨溱|雨臻+乔臻\n"},
        {"shared texts: plain, in pieces, with a reading that is not part of it",
         {.shared =
              HEAD "<sst " MAIN "><si><t>id</t></si><si><t xml:space=\"preserve\"> name </t></si><si><r><t>乔雨</t></r><r><t>溱</t></r>"
                   "<rPh sb=\"0\" eb=\"1\"><t>qiao</t></rPh></si></sst>",
          .sheet = SHEET("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c></row>"
                         "<row r=\"2\"><c r=\"A2\"><v>17</v></c><c r=\"B2\" t=\"s\"><v>2</v></c></row>")},
         "2|17|乔雨溱|\n"},
        {"numbers as ids",
         {.sheet = SHEET(HEADER "<row r=\"2\"><c r=\"A2\"><v>20230017</v></c>" TEXT("B2", "乔雨溱") "</row><row r=\"3\"><c r=\"A3\">"
                                                                                                    "<v>2.0230018E7</v></c>" TEXT(
                                                                                                        "B3", "孟知遥") "</row>")},
         "2|20230017|乔雨溱|\n3|20230018|孟知遥|\n"},
        {"a formula's result",
         {.sheet = SHEET(HEADER "<row r=\"2\"><c r=\"A2\" t=\"str\"><f>\"A\"&amp;1</f><v>A1</v></c>" TEXT("B2", "乔雨溱") "</row>")},
         "2|A1|乔雨溱|\n"},
        {"merged titles above, empty rows, cells left out, columns beyond Z",
         {.sheet = SHEET("<row r=\"1\">" TEXT("A1", "2026 年度汇总") "</row><row r=\"3\">" TEXT("B3", "姓名")
                             TEXT("AB3", "编号") "</row><row r=\"4\"/><row r=\"5\">" TEXT("B5", "乔雨溱") TEXT("AB5", "17") "</row>")},
         "5|17|乔雨溱|\n"},
        {"rows and cells without references",
         {.sheet =
              SHEET("<row><c t=\"inlineStr\"><is><t>id</t></is></c><c t=\"inlineStr\"><is><t>name</t></is></c></row><row><c><v>1</v></c>"
                    "<c t=\"inlineStr\"><is><t>乔雨溱</t></is></c></row>")},
         "2|1|乔雨溱|\n"},
        {"the first sheet is hidden",
         {.workbook = WORKBOOK("<sheet name=\"a\" sheetId=\"1\" state=\"hidden\" r:id=\"rId1\"/>" ONE_SHEET),
          .sheet = SHEET(HEADER "<row r=\"2\">" TEXT("A2", "1") TEXT("B2", "乔雨溱") "</row>"),
          .other_sheet = SHEET("")},
         "2|1|乔雨溱|\n"},
        {"errors of the spreadsheet, texts that are not there",
         {.sheet = SHEET(HEADER "<row r=\"2\">" TEXT("A2", "1")
                             TEXT("B2", "乔雨溱") "<c r=\"C2\" t=\"e\"><v>#REF!</v></c></row>"
                                                  "<row r=\"3\">" TEXT("A3", "2") "<c r=\"B3\" t=\"s\"><v>4</v></c></row>")},
         "line 2: a cell holds an error of the spreadsheet\nline 3: a cell refers to text that the workbook does not have\n"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *data = NULL;
        gsize n;
        g_autoptr(bf_roster) r = NULL;
        g_autoptr(GError) error = NULL;
        pack(&cases[i].p, &data, &n);
        if (!bf_roster_parse(data, n, "roster.xlsx", &r, &error))
            fail_msg("%s: %s", cases[i].what, error->message);
        g_autofree char *got = describe(r);
        if (strcmp(got, cases[i].want) != 0)
            fail_msg("%s:\n%s", cases[i].what, got);
    }
}

static void test_bf_roster_parse__workbooks_that_are_none(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        parts p;
        const char *part;
    } cases[] = {
        {"no sheet of that name", {.sheet = NULL}, "no sheet"},
        {"no sheets", {.workbook = WORKBOOK(""), .sheet = SHEET(HEADER)}, "no sheet"},
        {"a sheet cut off", {.sheet = HEAD "<worksheet " MAIN "><sheetData>" HEADER}, "first sheet is damaged"},
        {"no header", {.sheet = SHEET("<row r=\"1\">" TEXT("A1", "乔雨溱") "</row>")}, "\"id\" is missing"},
        {"entities that grow",
         {.sheet = "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>"
                   "<worksheet><sheetData><row><c t=\"inlineStr\"><is><t>&b;id</t></is></c></row></sheetData></worksheet>"},
         "is missing"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *data = NULL;
        gsize n;
        g_autoptr(bf_roster) r = NULL;
        g_autoptr(GError) error = NULL;
        pack(&cases[i].p, &data, &n);
        if (bf_roster_parse(data, n, "roster.xlsx", &r, &error))
            fail_msg("%s: taken", cases[i].what);
        assert_true(g_error_matches(error, BF_ROSTER_ERROR, BF_ROSTER_ERROR_FORMAT));
        if (!strstr(error->message, cases[i].part) || strstr(error->message, "乔雨溱"))
            fail_msg("%s: %s", cases[i].what, error->message);
    }
}

/* Every prefix of a good workbook is a roster or a clear error. */
static void test_bf_roster_parse__workbooks_cut_off(void **state)
{
    (void)state;
    const parts p = {.sheet = SHEET(HEADER "<row r=\"2\">" TEXT("A2", "1") TEXT("B2", "乔雨溱") "</row>")};
    g_autofree char *data = NULL;
    gsize n;
    pack(&p, &data, &n);
    for (gsize cut = 4; cut < n; cut++) {
        g_autofree char *copy = g_memdup2(data, cut);
        g_autoptr(bf_roster) r = NULL;
        g_autoptr(GError) error = NULL;
        if (!bf_roster_parse(copy, cut, "roster.xlsx", &r, &error))
            assert_int_equal(error->domain, BF_ROSTER_ERROR);
        else
            assert_int_equal(r->rows->len, 1);
    }
}

static int make_folder(void **state)
{
    (void)state;
    return (folder = g_dir_make_tmp("xlsx-XXXXXX", NULL)) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    int status = g_rmdir(folder);
    g_free(folder);
    return status;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_bf_roster_parse__workbooks),
                                       cmocka_unit_test(test_bf_roster_parse__workbooks_that_are_none),
                                       cmocka_unit_test(test_bf_roster_parse__workbooks_cut_off)};
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
