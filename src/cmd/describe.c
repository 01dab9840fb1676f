#include "cmd/describe.h"

#include <glib/gi18n.h>
#include <string.h>

/* Text for man(7): nothing of it is a request, and hyphens can be copied from the page. */
static void append_roff(GString *page, const char *text)
{
    bool line_start = page->len == 0 || page->str[page->len - 1] == '\n';
    for (const char *p = text; *p; p++) {
        if (line_start && (*p == '.' || *p == '\''))
            g_string_append(page, "\\&");
        if (*p == '\\')
            g_string_append(page, "\\e");
        else if (*p == '-')
            g_string_append(page, "\\-");
        else
            g_string_append_c(page, *p);
        line_start = *p == '\n';
    }
}

static void append_words(GString *page, const char *before, const char *text, const char *behind)
{
    g_string_append(page, before);
    append_roff(page, text);
    g_string_append(page, behind);
}

/* Paragraphs as they stand; lines that are set in by blanks are examples. */
static void append_summary(GString *page, const char *summary)
{
    g_auto(GStrv) lines = g_strsplit(summary, "\n", -1);
    bool example = false;
    for (char **line = lines; *line; line++) {
        bool set_in = g_str_has_prefix(*line, "  ");
        if (set_in != example)
            g_string_append(page, set_in ? ".PP\n.nf\n" : ".fi\n");
        example = set_in;
        if (**line)
            append_words(page, "", *line, "\n");
        else
            g_string_append(page, ".PP\n");
    }
    if (example)
        g_string_append(page, ".fi\n");
}

static void append_option(GString *page, const GOptionEntry *e)
{
    g_string_append(page, ".TP\n");
    if (e->short_name)
        g_string_append_printf(page, "\\fB\\-%c\\fR, ", e->short_name);
    append_words(page, "\\fB\\-\\-", e->long_name, "\\fR");
    if (e->arg_description)
        append_words(page, "=\\fI", e->arg_description, "\\fR");
    append_words(page, "\n", _(e->description), "\n");
}

static bool is_shown(const GOptionEntry *e)
{
    return !(e->flags & G_OPTION_FLAG_HIDDEN) && e->long_name[0] && e->description;
}

static void append_options(GString *page, const GOptionEntry *entries)
{
    for (const GOptionEntry *e = entries; e && e->long_name; e++)
        if (is_shown(e))
            append_option(page, e);
}

static void append_title(GString *page, const char *name)
{
    g_autofree char *upper = g_ascii_strup(name, -1);
    append_words(page, ".TH ", upper, " 1 \"\" \"blindfold " BF_VERSION "\"\n");
}

static void print_man(const cmd_syntax *syntax, const GOptionEntry *common, const char *brief)
{
    g_autoptr(GString) page = g_string_new(NULL);
    g_autofree char *command = g_strndup(syntax->words, strcspn(syntax->words, " "));
    g_autofree char *name = g_strconcat("blindfold-", command, NULL);
    append_title(page, name);
    append_words(page, ".SH ", _("NAME"), "\n");
    append_words(page, "", name, " \\- ");
    append_words(page, "", brief, "\n");
    append_words(page, ".SH ", _("SYNOPSIS"), "\n");
    append_words(page, "\\fBblindfold ", syntax->words, "\\fR [");
    append_words(page, "", _("OPTION"), "]...\n");
    if (syntax->summary) {
        append_words(page, ".SH ", _("DESCRIPTION"), "\n");
        append_summary(page, _(syntax->summary));
    }
    append_words(page, ".SH ", _("OPTIONS"), "\n");
    append_options(page, syntax->entries);
    append_options(page, common);
    append_words(page, ".SH ", _("SEE ALSO"), "\n.BR blindfold (1)\n");
    g_print("%s", page->str);
}

static void print_options(const cmd_syntax *syntax, const GOptionEntry *common)
{
    const GOptionEntry *const tables[] = {syntax->entries, common};
    g_auto(GStrv) words = g_strsplit(syntax->words, " ", 3);
    if (words[1] && strchr(words[1], '|'))
        g_print("@ %s\n", g_strdelimit(words[1], "|", ' '));
    for (guint i = 0; i < G_N_ELEMENTS(tables); i++)
        for (const GOptionEntry *e = tables[i]; e && e->long_name; e++)
            if (is_shown(e))
                g_print("%s\t%c\t%s\t%s\n", e->long_name, e->short_name ? e->short_name : '-',
                        e->arg_description ? e->arg_description : "-", _(e->description));
}

bool cmd_describe(const cmd_syntax *syntax, const GOptionEntry *common, int argc, char **argv)
{
    if (argc != 2)
        return false;
    if (g_str_has_prefix(argv[1], "--help-man="))
        print_man(syntax, common, argv[1] + strlen("--help-man="));
    else if (strcmp(argv[1], "--help-options") == 0)
        print_options(syntax, common);
    else
        return false;
    return true;
}

void cmd_describe_program(const char *const *names, const char *const *briefs, guint n)
{
    g_autoptr(GString) page = g_string_new(NULL);
    append_title(page, "blindfold");
    append_words(page, ".SH ", _("NAME"), "\nblindfold \\- ");
    append_words(page, "", _("get application dossiers ready for blind review"), "\n");
    append_words(page, ".SH ", _("SYNOPSIS"), "\n\\fBblindfold\\fR ");
    append_words(page, "", _("COMMAND [OPTION]... [OPERAND]..."), "\n");
    append_words(page, ".SH ", _("DESCRIPTION"), "\n");
    append_words(
        page, "",
        _("Finds the applicant's own name on every page of a dossier, in every form that it may take, covers it in the JPEG's own "
          "coefficients, proves the result, and writes packages that reviewers may have. What is not proved is held for a person."),
        "\n");
    append_words(page, ".SH ", _("COMMANDS"), "\n");
    for (guint i = 0; i < n; i++) {
        append_words(page, ".TP\n\\fBblindfold\\-", names[i], "\\fR(1)\n");
        append_words(page, "", briefs[i], "\n");
    }
    append_words(page, ".SH ", _("ENVIRONMENT"), "\n.TP\n\\fBBLINDFOLD_MODELS\\fR\n");
    append_words(page, "", _("where the models are, unless --models says so"), "\n");
    append_words(page, ".SH ", _("SEE ALSO"), "\n");
    for (guint i = 0; i < n; i++)
        g_string_append_printf(page, ".BR blindfold\\-%s (1)%s\n", names[i], i + 1 < n ? "," : "");
    g_print("%s", page->str);
}
