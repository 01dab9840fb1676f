#include "record/html_text.h"
#include "record/report_file.h"

#include <glib/gi18n.h>

/* Takes the page's masks of a kind together: "name 2, signature 1". */
static void append_masks(GString *html, const bf_page_result *page)
{
    static const char *const words[][2] = {
        {"姓名", "name"}, {"拼音", "pinyin"}, {"签名", "signature"}, {"印章", "seal"}, {"人工", "by hand"}};
    guint n = page->masks ? page->masks->len : 0;
    g_string_append(html, "<p>");
    bf_html_count(html, n ? "遮盖 %u 处" : "没有遮盖", n ? "%u places masked" : "nothing masked", n);
    g_string_append(html, "</p>");
    if (n == 0)
        return;
    g_string_append(html, "<details><summary>");
    bf_html_both(html, "位置（图片存储坐标，像素）", "Where (pixels of the stored image)");
    g_string_append(html, "</summary><ul class=\"why\">");
    for (guint i = 0; i < n; i++) {
        const bf_mask *m = &g_array_index(page->masks, bf_mask, i);
        g_string_append(html, "<li>");
        bf_html_both(html, words[m->kind][0], words[m->kind][1]);
        g_string_append_printf(html, " x %d, y %d, %d × %d</li>", m->rect.x, m->rect.y, m->rect.w, m->rect.h);
    }
    g_string_append(html, "</ul></details>");
}

static void append_decision(GString *html, const bf_page_result *page)
{
    static const char *const words[][3] = {
        {"wait", "待审核", "held"}, {"ok", "有姓名，已遮盖", "name: yes, masked"}, {"ok", "没有姓名", "name: no"}};
    static const char *const legibility[][2] = {{"不清晰", "not legible"}, {"勉强清晰", "barely legible"}, {"清晰", "legible"}};
    g_string_append_printf(html, "<p><span class=\"chip %s\">", words[page->decision][0]);
    bf_html_both(html, words[page->decision][1], words[page->decision][2]);
    g_string_append(html, "</span>");
    if (page->by_person) {
        g_string_append(html, " ");
        bf_html_both(html, "（人工决定）", "(decided by a person)");
    }
    g_string_append(html, "</p><p>");
    bf_html_both(html, "清晰度：", "Legibility: ");
    bf_html_both(html, legibility[page->legibility][0], legibility[page->legibility][1]);
    g_string_append(html, "</p>");
}

static void append_picture(GString *html, const bf_page_record *record, guint number)
{
    g_string_append(html, "<div class=\"shot\">");
    if (record->thumbnail) {
        gsize length;
        const guchar *data = g_bytes_get_data(record->thumbnail, &length);
        g_autofree char *text = g_base64_encode(data, length);
        g_string_append_printf(html, "<img alt=\"%u\" src=\"data:image/jpeg;base64,%s\">", number, text);
    } else {
        bf_html_both(html, "没有成品图", "no finished picture");
    }
    g_string_append(html, "</div>\n");
}

static void append_page(GString *html, const bf_page_record *record, guint number)
{
    const bf_page_result *page = &record->page;
    g_string_append_printf(html, "<article class=\"card%s\">", page->decision == BF_DECISION_REVIEW ? " held" : "");
    append_picture(html, record, number);
    g_string_append_printf(html, "<div class=\"body\"><h3>%u. ", number);
    bf_html_text(html, record->entry ? record->entry : "");
    g_string_append(html, "</h3>");
    append_decision(html, page);
    append_masks(html, page);
    if (page->reasons && page->reasons->len > 0) {
        g_string_append(html, "<ul class=\"why\">\n");
        bf_html_reasons(html, page->reasons, true);
        g_string_append(html, "</ul>");
    }
    g_string_append(html, "</div></article>\n");
}

static void append_dropped(GString *html, const GPtrArray *dropped)
{
    if (dropped->len == 0)
        return;
    g_string_append(html, "<h2>");
    bf_html_both(html, "未放入成品包的文件", "Files that are not in the package");
    g_string_append(html, "</h2>\n<table><tbody>\n");
    for (guint i = 0; i < dropped->len; i++) {
        const bf_dropped_entry *entry = dropped->pdata[i];
        const char *words[] = {entry->reason};
        GPtrArray reason = {.pdata = (gpointer *)words, .len = 1};
        g_string_append(html, "<tr><td>");
        bf_html_text(html, entry->entry ? entry->entry : "");
        g_string_append(html, "</td><td>");
        bf_html_reasons(html, &reason, false);
        g_string_append(html, "</td></tr>\n");
    }
    g_string_append(html, "</tbody></table>\n");
}

static void append_head(GString *html, const bf_package_result *result)
{
    guint waiting = 0, masks = 0;
    for (guint i = 0; i < result->pages->len; i++) {
        const bf_page_result *page = &((const bf_page_record *)result->pages->pdata[i])->page;
        waiting += page->decision == BF_DECISION_REVIEW;
        masks += page->masks ? page->masks->len : 0;
    }
    g_string_append(html, "<header><h1>");
    bf_html_text(html, result->id);
    g_string_append(html, "</h1>");
    bf_html_verdict(html, result->verdict);
    g_string_append(html, "<p class=\"facts\">");
    bf_html_count(html, "共 %u 页，", "%u pages, ", result->pages->len);
    bf_html_count(html, "待审核 %u 页，", "%u of them held, ", waiting);
    bf_html_count(html, "遮盖 %u 处", "%u places masked", masks);
    g_string_append(html, "</p></header>\n<main>\n");
    if (result->reasons && result->reasons->len > 0 && result->verdict != BF_VERDICT_RELEASED) {
        g_string_append(html, "<h2>");
        bf_html_both(html, "原因", "Why");
        g_string_append(html, "</h2><ul class=\"why\">\n");
        bf_html_reasons(html, result->reasons, true);
        g_string_append(html, "</ul>\n");
    }
}

char *bf_report_to_html(const bf_package_result *result)
{
    GString *html = g_string_new(NULL);
    bf_html_open(html, result->id);
    append_head(html, result);
    g_string_append(html, "<h2>");
    bf_html_both(html, "各页", "Pages");
    g_string_append(html, "</h2>\n<div class=\"pages\">\n");
    for (guint i = 0; i < result->pages->len; i++)
        append_page(html, result->pages->pdata[i], i + 1);
    g_string_append(html, "</div>\n");
    append_dropped(html, result->dropped);
    g_string_append(html, "</main>\n");
    bf_html_close(html);
    return g_string_free(html, FALSE);
}

static char *html_path(const char *output_dir, const char *id)
{
    g_autofree char *name = g_strconcat(id, ".html", NULL);
    return g_build_filename(output_dir, "reports", name, NULL);
}

bool bf_report_store_html(const char *output_dir, const char *id, const char *html, GError **error)
{
    if (!bf_report_id_is_safe(id)) {
        g_set_error(error, BF_REPORT_ERROR, BF_REPORT_ERROR_WRITE, _("%s: a package's id cannot be a file name"), output_dir);
        return false;
    }
    g_autofree char *path = html_path(output_dir, id);
    return bf_html_write(path, html, error);
}

bool bf_report_has_html(const char *output_dir, const char *id)
{
    g_autofree char *path = html_path(output_dir, id);
    return g_file_test(path, G_FILE_TEST_IS_REGULAR);
}
