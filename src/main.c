#include "blindfold/memory.h"
#include "cmd/cmd.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *summary;
} command;

static const command commands[] = {
    {"redact", cmd_redact, "mask the applicant's name on every page, check, package, log"},
    {"audit", cmd_audit, "verify or show the record"},
    {"models", cmd_models, "list or verify the readers and their models"},
};

static void print_help(FILE *to)
{
    fputs("Usage: blindfold COMMAND [OPTION]... [OPERAND]...\n\nCommands:\n", to);
    for (guint i = 0; i < G_N_ELEMENTS(commands); i++)
        fprintf(to, "  %-8s %s\n", commands[i].name, commands[i].summary);
    fputs("\n  blindfold COMMAND --help   the command's options\n  blindfold --version\n", to);
}

int main(int argc, char **argv)
{
    bf_memory_prepare();
    setlocale(LC_CTYPE, ""); /* and no more: numbers are written the same everywhere */
    const char *word = argc > 1 ? argv[1] : "";
    for (guint i = 0; i < G_N_ELEMENTS(commands); i++)
        if (strcmp(word, commands[i].name) == 0)
            return commands[i].run(argc - 1, argv + 1);
    if (strcmp(word, "--version") == 0) {
        puts("blindfold " BF_VERSION);
        return CMD_OK;
    }
    bool help = strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0;
    if (help) {
        print_help(stdout);
        return CMD_OK;
    }
    if (*word)
        cmd_say("there is no command \"%s\"", word);
    else
        cmd_say("which command?");
    print_help(stderr);
    return CMD_USAGE;
}
