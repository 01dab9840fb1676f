#include "blindfold/merge.h"
#include "cmd/cmd.h"
#include "cmd/progress.h"

#include <glib/gi18n.h>

static int exit_status(const bf_merge_summary *s)
{
    if (s->missing->len > 0 || s->failed > 0)
        return CMD_INPUT;
    return s->held > 0 ? CMD_HELD : CMD_OK;
}

static void say_missing(const bf_merge_summary *s)
{
    for (guint i = 0; i < s->missing->len; i++)
        cmd_say(_("id %s: no shard has done it; run its shard again, then merge again"), (char *)s->missing->pdata[i]);
}

int cmd_merge(int argc, char **argv)
{
    g_autofree char *output = NULL;
    g_auto(GStrv) outputs = NULL;
    g_autoptr(GError) error = NULL;
    g_auto(bf_merge_summary) summary = {0};
    const GOptionEntry entries[] = {{"output", 'o', 0, G_OPTION_ARG_FILENAME, &output, N_("Where to (default: the first OUT)"), "OUT"},
                                    G_OPTION_ENTRY_NULL};
    const cmd_syntax syntax = {
        .words = "merge OUT...",
        .summary =
            N_("Brings together what `redact --shard I/N -o OUT` left in OUT/shards, drops what was done twice, and proves that every\n"
               "package of the batch is accounted for. It can be run again; the shards stay as they are.\n\n"
               "Exit status: 0 all released, 1 something held, 2 wrong call, 3 a package is missing or failed, 4 could not go on."),
        .entries = entries};
    if (!cmd_parse(&syntax, argc, argv, &outputs))
        return CMD_USAGE;
    if (!outputs[0])
        return cmd_usage("merge", "%s", _("what is to be merged? Name the output folder that has the shards"));
    g_auto(progress) shown;
    progress_init(&shown, PROGRESS_PLAIN);
    const bf_batch_observer observer = {.say = progress_say, .user = &shown};
    if (!bf_merge(output ? output : outputs[0], (const char *const *)outputs, &observer, &summary, &error)) {
        cmd_say("%s", error->message);
        return CMD_STOPPED;
    }
    say_missing(&summary);
    cmd_say(_("%u of %u packages from %u shards: %u released, %u held, %u failed; %u done twice, %u missing"),
            summary.listed - summary.missing->len, summary.listed, summary.shards, summary.released, summary.held, summary.failed,
            summary.done_twice, summary.missing->len);
    return exit_status(&summary);
}
