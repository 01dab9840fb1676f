#include "record/html_text.h"

#include "blindfold/report.h"
#include "record/file_replace.h"

#include <string.h>

#include <glib/gi18n.h>

/* No script and nothing from elsewhere: the language is chosen by two radio buttons. */
static const char head_start[] =
    "<!doctype html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"robots\" content=\"noindex\">\n<title>";

static const char style[] =
    "</title>\n<style>\n"
    ":root{--ink:#1c2430;--soft:#5b6675;--line:#dde2e8;--paper:#fff;--ground:#f4f6f8;--ok:#17663a;--ok-bg:#e3f3e9;--wait:#8a4b00;"
    "--wait-bg:#fdf0d9;--bad:#a1202c;--bad-bg:#fbe6e7;--accent:#1f5aa6}\n"
    "*{box-sizing:border-box}body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.6 system-ui,\"Noto Sans CJK SC\","
    "\"PingFang SC\",\"Microsoft YaHei\",sans-serif}\n"
    "main,header{max-width:1180px;margin:0 auto;padding:0 24px}header{padding-top:28px}h1{font-size:24px;margin:0 12px 0 0;display:inline}"
    "h2{font-size:17px;margin:28px 0 10px}\n"
    "a{color:var(--accent)}a:focus-visible,input:focus-visible+label,summary:focus-visible{outline:3px solid #7fb0ee;outline-offset:2px}\n"
    "#zh,#en{position:absolute;opacity:0}nav.lang{float:right;margin:28px max(24px,calc(50% - 566px)) 0 0}"
    "label{cursor:pointer;padding:3px 10px;border:1px solid var(--line);background:var(--paper);color:var(--soft);font-size:13px}"
    "label[for=zh]{border-radius:6px 0 0 6px}label[for=en]{border-radius:0 6px 6px 0;margin-left:-1px}\n"
    ".lang{font-size:0}#zh:checked~.lang label[for=zh],#en:checked~.lang label[for=en]{background:var(--accent);color:#fff;"
    "border-color:var(--accent)}#zh:focus-visible~.lang label[for=zh],#en:focus-visible~.lang label[for=en]{outline:3px solid #7fb0ee}\n"
    "#zh:checked~* .en,#en:checked~* .zh{display:none}\n"
    ".chip{display:inline-block;padding:1px 10px;border-radius:11px;font-size:13px;font-weight:600;white-space:nowrap}"
    ".ok{color:var(--ok);background:var(--ok-bg)}.wait{color:var(--wait);background:var(--wait-bg)}.bad{color:var(--bad);"
    "background:var(--bad-bg)}\n"
    ".facts{color:var(--soft);margin:6px 0 0}.pages{display:grid;grid-template-columns:repeat(auto-fill,minmax(250px,1fr));gap:16px}"
    ".card{background:var(--paper);border:1px solid var(--line);border-radius:10px;overflow:hidden;display:flex;flex-direction:column}"
    ".card.held{border-color:#e2b467}.shot{background:#e9edf1;height:250px;display:flex;align-items:center;justify-content:center;"
    "color:var(--soft);font-size:13px}.shot img{max-width:100%;max-height:250px;display:block;box-shadow:0 1px 4px #0003}"
    ".card .body{padding:12px 14px}.card h3{font-size:14px;margin:0 0 6px;overflow-wrap:anywhere;font-weight:600}"
    ".card p{margin:4px 0;font-size:13px;color:var(--soft)}ul.why{margin:6px 0 0;padding-left:18px;font-size:13px}"
    "ul.why b{font-weight:600}details{font-size:12px;color:var(--soft);margin-top:6px}\n"
    "table{border-collapse:collapse;width:100%;background:var(--paper);border:1px solid var(--line)}th,td{text-align:left;padding:7px 12px;"
    "border-bottom:1px solid var(--line);vertical-align:top}th{font-size:13px;color:var(--soft);font-weight:600}td.n,th.n{text-align:right;"
    "font-variant-numeric:tabular-nums}.sum{display:flex;gap:12px;flex-wrap:wrap;margin:16px 0}.sum div{background:var(--paper);"
    "border:1px solid var(--line);border-radius:10px;padding:10px 18px;min-width:130px}.sum b{display:block;font-size:24px;line-height:1.3}"
    "footer{max-width:1180px;margin:32px auto 40px;padding:0 24px;color:var(--soft);font-size:13px}\n"
    "@media print{.lang{display:none}body{background:#fff}.card{break-inside:avoid}}\n"
    "</style>\n</head>\n<body>\n<input type=\"radio\" name=\"language\" id=\"zh\" aria-label=\"中文\" checked>"
    "<input type=\"radio\" name=\"language\" id=\"en\" aria-label=\"English\">"
    "<nav class=\"lang\"><label for=\"zh\">中文</label><label for=\"en\">English</label></nav>\n";

void bf_html_open(GString *html, const char *title)
{
    g_string_append(html, head_start);
    bf_html_text(html, title);
    g_string_append(html, style);
}

void bf_html_close(GString *html)
{
    g_string_append(html, "<footer>");
    bf_html_both(html, "仅供评审委员会内部使用，请勿交给评审专家。", "For the committee only; not for reviewers.");
    g_string_append(html, " blindfold " BF_VERSION "</footer>\n</body>\n</html>\n");
}

void bf_html_text(GString *html, const char *text)
{
    g_autofree char *escaped = g_markup_escape_text(text, -1);
    g_string_append(html, escaped);
}

void bf_html_both(GString *html, const char *zh, const char *en)
{
    g_string_append(html, "<span class=\"zh\">");
    bf_html_text(html, zh);
    g_string_append(html, "</span><span class=\"en\" lang=\"en\">");
    bf_html_text(html, en);
    g_string_append(html, "</span>");
}

void bf_html_count(GString *html, const char *zh, const char *en, guint n)
{
    g_autofree char *number = g_strdup_printf("%u", n);
    g_autoptr(GString) a = g_string_new(zh), b = g_string_new(en);
    g_string_replace(a, "%u", number, 0);
    g_string_replace(b, "%u", number, 0);
    bf_html_both(html, a->str, b->str);
}

void bf_html_reasons(GString *html, const GPtrArray *reasons, bool advice)
{
    for (guint i = 0; reasons && i < reasons->len; i++) {
        const char *word = reasons->pdata[i];
        const bf_word *w = bf_words_find(word);
        const char *zh = w ? w->label[BF_LANGUAGE_ZH] : word, *en = w ? w->label[BF_LANGUAGE_EN] : word;
        g_string_append(html, advice ? "<li><b>" : i > 0 ? " · " : "");
        bf_html_both(html, zh, en);
        if (advice && w && w->advice[BF_LANGUAGE_ZH]) {
            g_string_append(html, "</b> ");
            bf_html_both(html, w->advice[BF_LANGUAGE_ZH], w->advice[BF_LANGUAGE_EN]);
            g_string_append(html, "</li>\n");
        } else if (advice) {
            g_string_append(html, "</b></li>\n");
        }
    }
}

void bf_html_verdict(GString *html, bf_verdict verdict)
{
    static const char *const words[][3] = {{"bad", "未能处理", "failed"}, {"wait", "待审核", "held"}, {"ok", "已放行", "released"}};
    g_string_append_printf(html, "<span class=\"chip %s\">", words[verdict][0]);
    bf_html_both(html, words[verdict][1], words[verdict][2]);
    g_string_append(html, "</span>");
}

bool bf_html_write(const char *path, const char *html, GError **error)
{
    g_autoptr(GError) cause = NULL;
    if (bf_file_replace(path, html, strlen(html), 0600, &cause))
        return true;
    g_set_error(error, BF_REPORT_ERROR, BF_REPORT_ERROR_WRITE, _("%s: cannot be written: %s"), path, cause->message);
    return false;
}
