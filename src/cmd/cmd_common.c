#include "cmd/cmd.h"
#include "cmd/describe.h"

#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>

static void say(const char *format, va_list args)
{
    g_autofree char *sentence = g_strdup_vprintf(format, args);
    g_printerr("blindfold: %s\n", sentence);
}

void cmd_say(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say(format, args);
    va_end(args);
}

int cmd_usage(const char *command, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say(format, args);
    va_end(args);
    g_printerr(_("See: blindfold %s --help\n"), command);
    return CMD_USAGE;
}

bool cmd_parse(const cmd_syntax *syntax, int argc, char **argv, char ***operands)
{
    g_auto(GStrv) left = NULL;
    const GOptionEntry rest[] = {{G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &left, NULL, NULL}, G_OPTION_ENTRY_NULL};
    g_autofree char *language = NULL; /* main has taken --lang out already; this is for --help */
    const GOptionEntry common[] = {
        {"lang", 0, 0, G_OPTION_ARG_STRING, &language, N_("In which language the program speaks: zh or en"), "zh|en"}, G_OPTION_ENTRY_NULL};
    if (cmd_describe(syntax, common, argc, argv))
        exit(CMD_OK); /* as --help does */
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_autoptr(GError) error = NULL;
    g_autofree char *usage = g_strdup_printf("blindfold %s", syntax->words);
    g_autofree char *command = g_strndup(syntax->words, strcspn(syntax->words, " "));
    g_set_prgname(usage); /* GOption begins its usage line with it */
    if (syntax->entries)
        g_option_context_add_main_entries(context, syntax->entries, NULL);
    g_option_context_add_main_entries(context, common, NULL);
    g_option_context_add_main_entries(context, rest, NULL);
    g_option_group_set_translation_domain(g_option_context_get_main_group(context), GETTEXT_PACKAGE);
    if (syntax->summary)
        g_option_context_set_summary(context, _(syntax->summary));
    bool ok = g_option_context_parse(context, &argc, &argv, &error);
    g_set_prgname("blindfold");
    if (!ok) {
        cmd_usage(command, "%s", error->message);
        return false;
    }
    *operands = left ? g_steal_pointer(&left) : g_new0(char *, 1);
    return true;
}
