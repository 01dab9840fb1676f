#include "blindfold/memory.h"
#include "cmd/cmd.h"
#include "cmd/describe.h"
#include "cmd/language.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *summary;
} command;

static const command commands[] = {
    {"redact", cmd_redact, N_("mask the applicant's name on every page, check, package, log")},
    {"check", cmd_check, N_("tell applicants what would be sent back, and why")},
    {"review", cmd_review, N_("decide about what was held, on a page in the browser")},
    {"merge", cmd_merge, N_("bring the shards of a batch together")},
    {"audit", cmd_audit, N_("verify or show the record")},
    {"eval", cmd_eval, N_("how well did a run do, where the truth is known")},
    {"models", cmd_models, N_("list or verify the readers and their models")},
};

static void print_help(FILE *to)
{
    g_autoptr(GString) text = g_string_new(_("Usage: blindfold COMMAND [OPTION]... [OPERAND]...\n\nCommands:\n"));
    for (guint i = 0; i < G_N_ELEMENTS(commands); i++)
        g_string_append_printf(text, "  %-8s %s\n", commands[i].name, _(commands[i].summary));
    g_string_append(text, _("\n  blindfold COMMAND --help   the command's options\n  blindfold --version\n"));
    (to == stdout ? g_print : g_printerr)("%s", text->str);
}

/* --help-man and --help-commands are for packagers: see describe.h. */
static bool describe(const char *word)
{
    const char *names[G_N_ELEMENTS(commands)], *briefs[G_N_ELEMENTS(commands)];
    for (guint i = 0; i < G_N_ELEMENTS(commands); i++) {
        names[i] = commands[i].name;
        briefs[i] = _(commands[i].summary);
    }
    if (strcmp(word, "--help-man") == 0)
        cmd_describe_program(names, briefs, G_N_ELEMENTS(commands));
    else if (strcmp(word, "--help-commands") == 0)
        for (guint i = 0; i < G_N_ELEMENTS(commands); i++)
            g_print("%s\t%s\n", names[i], briefs[i]);
    else
        return false;
    return true;
}

int main(int argc, char **argv)
{
    bf_memory_prepare();
    if (!cmd_language_init(&argc, argv)) {
        cmd_say("%s", _("--lang takes zh or en"));
        return CMD_USAGE;
    }
    const char *word = argc > 1 ? argv[1] : "";
    for (guint i = 0; i < G_N_ELEMENTS(commands); i++)
        if (strcmp(word, commands[i].name) == 0)
            return commands[i].run(argc - 1, argv + 1);
    if (strcmp(word, "--version") == 0)
        return cmd_version();
    bool help = strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0;
    if (help) {
        print_help(stdout);
        return CMD_OK;
    }
    if (describe(word))
        return CMD_OK;
    if (*word)
        cmd_say(_("there is no command \"%s\""), word);
    else
        cmd_say("%s", _("which command?"));
    print_help(stderr);
    return CMD_USAGE;
}
