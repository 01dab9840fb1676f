#include "cmd/cmd.h"
#include "cmd/eval.h"

#include <glib/gi18n.h>

int cmd_eval(int argc, char **argv)
{
    g_autofree char *truth = NULL, *inputs = NULL;
    gboolean json = FALSE;
    const GOptionEntry entries[] = {
        {"truth", 't', 0, G_OPTION_ARG_FILENAME, &truth, N_("The folder with <id>.json for each package: where the names stand"), "DIR"},
        {"inputs", 0, 0, G_OPTION_ARG_FILENAME, &inputs,
         N_("The folder with <id>.zip as submitted: masks on blank paper then do not count"), "DIR"},
        {"json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Print JSON instead of tables"), NULL},
        G_OPTION_ENTRY_NULL};
    const cmd_syntax syntax = {
        .words = "eval --truth DIR [--inputs DIR] [--json] OUT",
        .summary = N_(
            "How well did a finished run do on pages of which you know where the names stand? Prints what is visible, found, masked for\n"
            "nothing and held for nothing, by form, kind and capture, with confidence intervals. README says how to write the truth.\n\n"
            "Exit status: 0 no name is visible in a released package, 1 one is, 2 wrong call, 3 something cannot be read."),
        .entries = entries};
    g_auto(GStrv) words = NULL;
    if (!cmd_parse(&syntax, argc, argv, &words))
        return CMD_USAGE;
    if (!truth)
        return cmd_usage("eval", _("what is true? Give the folder with --truth DIR"));
    if (!words[0] || words[1])
        return cmd_usage("eval", _("which run? Name its output folder"));
    g_autoptr(GError) error = NULL;
    eval_score *score = eval_score_new();
    bool good = eval_run(score, truth, inputs, words[0], &error);
    int status = !good ? CMD_INPUT : score->all.leaks > 0 ? CMD_HELD : CMD_OK;
    if (!good)
        cmd_say("%s", error->message);
    else if (json)
        eval_print_json(score, stdout);
    else {
        g_autofree char *text = eval_text(score);
        g_print("%s", text);
    }
    eval_score_free(score);
    return status;
}
