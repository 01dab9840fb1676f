#include "blindfold/words.h"
#include "review/desk.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#define HOURS "48"

typedef void (*return_func)(const desk_package *p, const char *entry, const bf_state_decision *decision, GString *to);

/* Each page and file of the package that goes back. */
static void for_each_return(const desk_package *p, return_func func, GString *to)
{
    for (guint i = 0; i < p->result->pages->len; i++)
        if (desk_is_returned(&p->pages[i]))
            func(p, ((const bf_page_record *)p->result->pages->pdata[i])->entry, p->pages[i].decision, to);
    for (guint i = 0; i < p->result->dropped->len; i++)
        if (desk_is_returned(&p->files[i]))
            func(p, ((const bf_dropped_entry *)p->result->dropped->pdata[i])->entry, p->files[i].decision, to);
}

/* A spreadsheet runs a cell that begins so. */
static void add_field(GString *csv, const char *text, const char *end)
{
    bool formula = *text && strchr("=+-@\t", *text);
    g_string_append_printf(csv, "\"%s", formula ? "'" : "");
    for (const char *c = text; *c; c++) {
        if (*c == '"')
            g_string_append_c(csv, '"');
        g_string_append_c(csv, *c);
    }
    g_string_append_printf(csv, "\"%s", end);
}

static const bf_word *word_of(const bf_state_decision *decision, const char **remark)
{
    g_autofree char *word = NULL;
    desk_split_reason(decision, &word, remark);
    const bf_word *found = bf_words_find_return(word);
    return found ? found : bf_words_find_return("other");
}

static void add_csv(const desk_package *p, const char *entry, const bf_state_decision *decision, GString *csv)
{
    const char *remark;
    const bf_word *word = word_of(decision, &remark);
    add_field(csv, p->result->id, ",");
    add_field(csv, entry ? entry : "", ",");
    add_field(csv, word->label[BF_LANGUAGE_ZH], ",");
    add_field(csv, word->advice[BF_LANGUAGE_ZH], ",");
    add_field(csv, remark, ",");
    add_field(csv, decision->time ? decision->time : "", "\r\n");
}

static void add_cell(GString *html, const char *text)
{
    g_autofree char *escaped = g_markup_escape_text(text, -1);
    g_string_append_printf(html, "<td>%s</td>", escaped);
}

static void add_html(const desk_package *p, const char *entry, const bf_state_decision *decision, GString *html)
{
    (void)p;
    const char *remark;
    const bf_word *word = word_of(decision, &remark);
    g_string_append(html, "<tr>");
    add_cell(html, entry ? entry : "");
    add_cell(html, word->label[BF_LANGUAGE_ZH]);
    add_cell(html, word->advice[BF_LANGUAGE_ZH]);
    add_cell(html, remark);
    g_string_append(html, "</tr>\n");
}

static bool is_sent_back(const desk_package *p)
{
    return p->result && strcmp(desk_package_state(p), "returned") == 0;
}

static void open_html(GString *html)
{
    g_string_append(
        html, "<!doctype html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>退回修改清单</title>\n"
              "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<style>"
              "body{font:15px/1.7 system-ui,\"Noto Sans CJK SC\",\"Microsoft YaHei\",sans-serif;max-width:960px;margin:32px auto;padding:0 "
              "24px;color:#1c2430}h1{font-size:22px}h2{font-size:17px;margin:28px 0 8px}table{border-collapse:collapse;width:100%}"
              "td,th{border:1px solid #c9d1da;padding:6px 10px;text-align:left;vertical-align:top}th{background:#f3f5f7}"
              "section{break-inside:avoid}</style></head>\n<body><h1>退回修改清单</h1>\n<p>以下附件不符合要求，请在 " HOURS
              " 小时内修改后重新提交。附件须为 *.jpg，正向、清晰；打不开、不清晰、缺失或位置错误的，视为未提交。</p>\n");
}

static void add_section(const desk_package *p, GString *html)
{
    g_autofree char *id = g_markup_escape_text(p->result->id, -1);
    g_string_append_printf(
        html, "<section><h2>编号 %s</h2>\n<table><thead><tr><th>附件</th><th>问题</th><th>如何修改</th><th>备注</th></tr></thead><tbody>\n",
        id);
    for_each_return(p, add_html, html);
    g_string_append(html, "</tbody></table></section>\n");
}

#define CSV_HEAD "\xEF\xBB\xBF编号,附件,问题,如何修改（" HOURS " 小时内）,备注,时间\r\n"

/* Whoever has decisions may be on the list; the other reports need not be read for it. */
static void read_decided(desk *d)
{
    for (guint i = 0; i < d->packages->len; i++)
        if (((desk_package *)d->packages->pdata[i])->decisions)
            desk_read(d, d->packages->pdata[i]);
}

char *desk_returns_csv(desk *d)
{
    read_decided(d);
    GString *csv = g_string_new(CSV_HEAD);
    for (guint i = 0; i < d->packages->len; i++)
        if (is_sent_back(d->packages->pdata[i]))
            for_each_return(d->packages->pdata[i], add_csv, csv);
    return g_string_free(csv, FALSE);
}

char *desk_returns_html(desk *d)
{
    read_decided(d);
    GString *html = g_string_new(NULL);
    open_html(html);
    for (guint i = 0; i < d->packages->len; i++)
        if (is_sent_back(d->packages->pdata[i]))
            add_section(d->packages->pdata[i], html);
    g_string_append(html, "</body></html>\n");
    return g_string_free(html, FALSE);
}

static bool write_file(const char *folder, const char *id, const char *suffix, const GString *text, GError **error)
{
    g_autofree char *name = g_strconcat(id, suffix, NULL), *path = g_build_filename(folder, name, NULL);
    return g_file_set_contents_full(path, text->str, (gssize)text->len, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600,
                                    error);
}

bool desk_write_returns(const desk *d, const desk_package *p, GError **error)
{
    g_autofree char *folder = g_build_filename(d->settings->output_dir, "returns", NULL);
    g_autoptr(GString) csv = g_string_new(CSV_HEAD), html = g_string_new(NULL);
    if (g_mkdir_with_parents(folder, 0700) != 0) {
        g_set_error(error, BF_REVIEW_ERROR, BF_REVIEW_ERROR_OUTPUT, "%s: %s", folder, g_strerror(errno));
        return false;
    }
    for_each_return(p, add_csv, csv);
    open_html(html);
    add_section(p, html);
    g_string_append(html, "</body></html>\n");
    return write_file(folder, p->result->id, ".csv", csv, error) && write_file(folder, p->result->id, ".html", html, error);
}
