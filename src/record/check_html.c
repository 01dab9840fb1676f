#include "blindfold/check_report.h"

#include <glib/gi18n.h>

/* Nothing is loaded from anywhere, and no script can run, whatever an entry is called. */
static const char head[] =
    "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\">\n"
    "<meta name=\"viewport\" content=\"width=device-width\">\n<title>%s</title>\n<style>\n"
    "body{font:16px/1.5 system-ui,'Noto Sans CJK SC','Microsoft YaHei',sans-serif;max-width:60em;margin:1em auto;padding:0 "
    "1em;color:#222}\n"
    "h2{border-bottom:1px solid #ccc;overflow-wrap:anywhere}\n"
    ".page{display:grid;grid-template-columns:150px 1fr;gap:1em;margin:1em 0;padding:1em;border:1px solid #ddd;border-radius:6px}\n"
    ".page>img{width:150px;border:1px solid #ccc}\nh3{margin:0;font-size:1em;overflow-wrap:anywhere}\nul{margin:.3em "
    "0;padding-left:1.2em}\n"
    ".place{max-width:100%%;max-height:180px;border:1px solid #ccc;display:block;margin:.3em 0}\n"
    ".mend{color:#a11}.warn{color:#8a5a00}.note{color:#555}.remedy{color:#333}.good{color:#176b2c}\n"
    "@media print{.page{break-inside:avoid}}\n</style>\n</head>\n<body>\n";

static void append_text(GString *out, const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text ? text : "", -1), *escaped = g_markup_escape_text(valid, -1);
    g_string_append(out, escaped);
}

static void append_picture(GString *out, GBytes *jpeg, const char *class_name, const char *alt)
{
    gsize size = 0;
    const guchar *data = g_bytes_get_data(jpeg, &size);
    g_autofree char *base64 = g_base64_encode(data, size);
    g_string_append_printf(out, "<img class=\"%s\" alt=\"", class_name);
    append_text(out, alt);
    g_string_append_printf(out, "\" src=\"data:image/jpeg;base64,%s\">", base64);
}

static void append_finding(GString *out, const bf_finding *f)
{
    g_autofree char *sentence = bf_check_sentence(f);
    g_string_append_printf(out, "<li><span class=\"%s\" title=\"%s\">", bf_finding_weight_word(f->weight), f->rule);
    append_text(out, sentence);
    g_string_append(out, "</span>");
    if (f->weight > BF_FINDING_NOTE) {
        g_string_append(out, " <span class=\"remedy\">");
        append_text(out, bf_check_remedy(f->rule));
        g_string_append(out, "</span>");
    }
    if (f->picture)
        append_picture(out, f->picture, "place", sentence);
    g_string_append(out, "</li>\n");
}

static void append_findings(GString *out, const GArray *findings)
{
    if (findings->len == 0)
        return;
    g_string_append(out, "<ul>\n");
    for (guint i = 0; i < findings->len; i++)
        append_finding(out, &g_array_index(findings, bf_finding, i));
    g_string_append(out, "</ul>\n");
}

static void append_page(GString *out, const bf_checked_page *page, guint number)
{
    g_string_append(out, "<div class=\"page\">");
    if (page->thumbnail)
        append_picture(out, page->thumbnail, "thumbnail", page->entry);
    else
        g_string_append(out, "<span></span>");
    g_string_append_printf(out, "<div><h3>%u. ", number);
    append_text(out, page->entry);
    g_string_append(out, "</h3>\n");
    if (page->findings->len == 0) {
        g_string_append(out, "<p class=\"good\">");
        append_text(out, _("nothing to object to"));
        g_string_append(out, "</p>");
    }
    append_findings(out, page->findings);
    g_string_append(out, "</div></div>\n");
}

static void append_missing(GString *out, const GPtrArray *missing)
{
    if (missing->len == 0)
        return;
    g_string_append(out, "<h3 class=\"mend\">");
    append_text(out, _("Missing"));
    g_string_append(out, "</h3>\n<ul>\n");
    for (guint i = 0; i < missing->len; i++) {
        const bf_missing *m = missing->pdata[i];
        g_autofree char *counts = g_strdup_printf(_("%d of %d"), m->found, m->wanted);
        g_string_append(out, "<li>");
        append_text(out, m->title);
        g_string_append(out, " (");
        append_text(out, counts);
        g_string_append(out, ")</li>\n");
    }
    g_string_append(out, "</ul>\n");
}

char *bf_check_to_html(const GPtrArray *packages)
{
    GString *out = g_string_new(NULL);
    /* TRANSLATORS: the code of your language, as HTML wants it */
    const char *language = _("en");
    g_string_append_printf(out, head, language, _("Check before submission"));
    g_string_append(out, "<h1>");
    append_text(out, _("Check before submission"));
    g_string_append(out, "</h1>\n");
    for (guint i = 0; i < packages->len; i++) {
        const bf_checked_package *package = packages->pdata[i];
        g_autoptr(GArray) order = bf_check_worst_first(package);
        g_string_append(out, "<h2>");
        append_text(out, *package->label ? package->label : _("Files"));
        g_string_append(out, "</h2>\n");
        append_findings(out, package->findings);
        append_missing(out, package->missing);
        for (guint k = 0; k < order->len; k++) {
            guint number = g_array_index(order, guint, k);
            append_page(out, package->pages->pdata[number], number + 1);
        }
    }
    g_string_append(out, "</body>\n</html>\n");
    return g_string_free(out, FALSE);
}
