#include "blindfold/audit.h"
#include "cmd/cmd.h"

#include <stdio.h>
#include <string.h>

/* The record of an output folder, or the file itself. */
static char *record_path(const char *operand)
{
    return g_file_test(operand, G_FILE_TEST_IS_DIR) ? g_build_filename(operand, "audit.jsonl", NULL) : g_strdup(operand);
}

static int verify(const char *path)
{
    g_autoptr(GError) error = NULL;
    bf_audit_summary summary;
    if (!bf_audit_verify(path, &summary, &error)) {
        cmd_say("%s", error->message);
        return g_error_matches(error, BF_AUDIT_ERROR, BF_AUDIT_ERROR_BROKEN) ? CMD_HELD : CMD_INPUT;
    }
    printf("%s: whole, %" G_GUINT64_FORMAT " lines, last %s%s\n", path, summary.lines, summary.last_sha256,
           summary.keyed ? "" : " (without its key: the chain alone)");
    return CMD_OK;
}

static bool print_entry(const bf_audit_entry *entry, void *user)
{
    (void)user;
    char index[24] = "";
    if (entry->entry_index >= 0)
        g_snprintf(index, sizeof index, "%" G_GINT64_FORMAT, entry->entry_index);
    g_autofree char *line =
        g_strdup_printf("%-24s  %-10s  %-16s  %5s  %-8s  %s", entry->time, entry->event, entry->id, index, entry->outcome, entry->reasons);
    puts(g_strchomp(line));
    return !ferror(stdout);
}

static int show(const char *path)
{
    g_autoptr(GError) error = NULL;
    printf("%-24s  %-10s  %-16s  %5s  %-8s  %s\n", "time", "event", "id", "entry", "decision", "reasons");
    if (bf_audit_foreach(path, print_entry, NULL, &error))
        return CMD_OK;
    fflush(stdout);
    cmd_say("%s", error->message);
    return g_error_matches(error, BF_AUDIT_ERROR, BF_AUDIT_ERROR_BROKEN) ? CMD_HELD : CMD_INPUT;
}

int cmd_audit(int argc, char **argv)
{
    const cmd_syntax syntax = {
        .words = "audit verify|show FILE|OUT ...",
        .summary = "The record of what was decided. verify proves that it is whole: no line changed, missing or moved; show prints it.\n"
                   "A record is named by its file (audit.jsonl) or by the output folder that it lies in.\n\n"
                   "Exit status: 0 whole, 1 a record does not hold, 2 wrong call, 3 a record cannot be read."};
    g_auto(GStrv) words = NULL;
    if (!cmd_parse(&syntax, argc, argv, &words))
        return CMD_USAGE;
    int (*action)(const char *path) = g_strcmp0(words[0], "verify") == 0 ? verify : g_strcmp0(words[0], "show") == 0 ? show : NULL;
    if (!action)
        return cmd_usage("audit", "what about the record? Say verify or show");
    if (!words[1])
        return cmd_usage("audit", "no record given: name audit.jsonl or the output folder");
    int status = CMD_OK;
    for (char **word = words + 1; *word; word++) {
        g_autofree char *path = record_path(*word);
        int one = action(path);
        status = MAX(status, one);
    }
    return status;
}
