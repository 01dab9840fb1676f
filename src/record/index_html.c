#include "record/html_text.h"
#include "record/report_file.h"

static void append_row(GString *rows, const bf_package_result *r)
{
    guint waiting = 0;
    for (guint i = 0; i < r->pages->len; i++)
        waiting += ((const bf_page_record *)r->pages->pdata[i])->page.decision == BF_DECISION_REVIEW;
    g_autofree char *link = g_uri_escape_string(r->id, NULL, FALSE);
    g_string_append_printf(rows, "<tr><td><a href=\"reports/%s.html\">", link);
    bf_html_text(rows, r->id);
    g_string_append(rows, "</a></td><td>");
    bf_html_verdict(rows, r->verdict);
    g_string_append_printf(rows, "</td><td class=\"n\">%u</td><td class=\"n\">%u</td><td>", r->pages->len, waiting);
    if (r->verdict != BF_VERDICT_RELEASED)
        bf_html_reasons(rows, r->reasons, false);
    g_string_append(rows, "</td></tr>\n");
}

static void append_sum(GString *html, const char *zh, const char *en, guint n)
{
    g_string_append_printf(html, "<div><b>%u</b>", n);
    bf_html_both(html, zh, en);
    g_string_append(html, "</div>");
}

/* One report after the other, so that the memory needed is that of the largest. What waits comes first. */
static bool append_packages(GString *html, const char *output_dir, GError **error)
{
    g_autoptr(GPtrArray) ids = NULL;
    guint n[BF_VERDICT_RELEASED + 1] = {0};
    g_autoptr(GString) held = g_string_new(NULL), failed = g_string_new(NULL), released = g_string_new(NULL);
    GString *const rows[] = {failed, held, released};
    if (!bf_report_list(output_dir, &ids, error))
        return false;
    for (guint i = 0; i < ids->len; i++) {
        g_autoptr(bf_package_result) r = NULL;
        if (!bf_report_read(output_dir, ids->pdata[i], &r, NULL))
            r = bf_package_result_new(ids->pdata[i]);
        n[r->verdict]++;
        append_row(rows[r->verdict], r);
    }
    g_string_append(html, "<div class=\"sum\">");
    append_sum(html, "申报材料", "packages", ids->len);
    append_sum(html, "已放行", "released", n[BF_VERDICT_RELEASED]);
    append_sum(html, "待审核", "held", n[BF_VERDICT_HELD]);
    append_sum(html, "未能处理", "failed", n[BF_VERDICT_FAILED]);
    g_string_append(html, "</div>\n<table><thead><tr><th>");
    bf_html_both(html, "编号", "Id");
    g_string_append(html, "</th><th>");
    bf_html_both(html, "结果", "Verdict");
    g_string_append(html, "</th><th class=\"n\">");
    bf_html_both(html, "页数", "Pages");
    g_string_append(html, "</th><th class=\"n\">");
    bf_html_both(html, "待审核页", "Held pages");
    g_string_append(html, "</th><th>");
    bf_html_both(html, "原因", "Why");
    g_string_append_printf(html, "</th></tr></thead><tbody>\n%s%s%s</tbody></table>\n", held->str, failed->str, released->str);
    return true;
}

bool bf_report_write_index(const char *output_dir, GError **error)
{
    g_autoptr(GString) html = g_string_new(NULL);
    bf_html_open(html, "blindfold");
    g_string_append(html, "<header><h1>");
    bf_html_both(html, "盲评材料处理结果", "Packages for blind review");
    g_string_append(html, "</h1></header>\n<main>\n");
    if (!append_packages(html, output_dir, error))
        return false;
    g_string_append(html, "</main>\n");
    bf_html_close(html);
    g_autofree char *path = g_build_filename(output_dir, "index.html", NULL);
    return bf_html_write(path, html->str, error);
}
