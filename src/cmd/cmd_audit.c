#include "blindfold/audit.h"
#include "blindfold/output_check.h"
#include "cmd/cmd.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

/* The record of an output folder, or the file itself. */
static char *record_path(const char *operand)
{
    return g_file_test(operand, G_FILE_TEST_IS_DIR) ? g_build_filename(operand, "audit.jsonl", NULL) : g_strdup(operand);
}

typedef struct {
    char *package, *person, *since, *until, *public_key, *output;
    int page;
} audit_call;

static void call_clear(audit_call *c)
{
    g_free(c->package);
    g_free(c->person);
    g_free(c->since);
    g_free(c->until);
    g_free(c->public_key);
    g_free(c->output);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(audit_call, call_clear)

static int say_error(const GError *error)
{
    fflush(stdout);
    cmd_say("%s", error->message);
    return g_error_matches(error, BF_AUDIT_ERROR, BF_AUDIT_ERROR_BROKEN) ? CMD_HELD : CMD_INPUT;
}

static void say_flaw(void *user, const char *sentence)
{
    (void)user;
    cmd_say("%s", sentence);
}

/* Of a folder also what the record says about the files in it. */
static int verify_output(const char *folder)
{
    g_autoptr(GError) error = NULL;
    bf_output_check check;
    if (!bf_output_verify(folder, say_flaw, NULL, &check, &error))
        return say_error(error);
    g_print(check.flaws ? _("%s: not all is as recorded. Looked at: packages %u, their pages %u, inputs %u\n")
                        : _("%s: all as recorded. Looked at: packages %u, their pages %u, inputs %u\n"),
            folder, check.packages, check.pages, check.inputs);
    return check.flaws ? CMD_HELD : CMD_OK;
}

static int verify(const audit_call *c, const char *operand)
{
    g_autofree char *path = record_path(operand);
    g_autoptr(GError) error = NULL;
    bf_audit_summary summary;
    bool ok = c->public_key ? bf_audit_verify_signed(path, c->public_key, &summary, &error) : bf_audit_verify(path, &summary, &error);
    if (!ok)
        return say_error(error);
    g_print(c->public_key ? _("%s: whole and signed, %llu lines, last %s%s\n") : _("%s: whole, %llu lines, last %s%s\n"), path,
            (unsigned long long)summary.lines, summary.last_sha256, summary.keyed ? "" : _(" (without its key: the chain alone)"));
    return g_file_test(operand, G_FILE_TEST_IS_DIR) ? verify_output(operand) : CMD_OK;
}

static bool print_entry(const bf_audit_entry *entry, void *user)
{
    (void)user;
    char index[24] = "";
    if (entry->entry_index >= 0)
        g_snprintf(index, sizeof index, "%" G_GINT64_FORMAT, entry->entry_index);
    g_autofree char *line =
        g_strdup_printf("%-24s  %-10s  %-16s  %5s  %-8s  %s", entry->time, entry->event, entry->id, index, entry->outcome, entry->reasons);
    if (*entry->reviewer)
        g_print(_("%s  by %s: %s\n"), g_strchomp(line), entry->reviewer, entry->reason);
    else
        puts(g_strchomp(line));
    return !ferror(stdout);
}

static int show(const audit_call *c, const char *operand)
{
    const bf_audit_filter filter = {
        .package_id = c->package, .entry_index = c->page, .person_name = c->person, .since = c->since, .until = c->until};
    g_autofree char *path = record_path(operand);
    g_autoptr(GError) error = NULL;
    printf("%-24s  %-10s  %-16s  %5s  %-8s  %s\n", "time", "event", "id", "entry", "decision", "reasons");
    return bf_audit_foreach_of(path, &filter, print_entry, NULL, &error) ? CMD_OK : say_error(error);
}

static int keygen(const audit_call *c, const char *path)
{
    (void)c;
    g_autoptr(GError) error = NULL;
    if (!bf_audit_keygen(path, &error))
        return say_error(error);
    g_print(_("%s: the secret key; keep it away from the output folder\n%s.pub: the public key, for audit verify\n"), path, path);
    return CMD_OK;
}

/* All records into one, in the folder that --output names. */
static int merge(const audit_call *c, char **operands)
{
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GError) error = NULL;
    guint64 left_out = 0;
    if (!c->output)
        return cmd_usage("audit", _("where to? Give the folder of the joined record with -o OUT"));
    for (; *operands; operands++)
        g_ptr_array_add(paths, record_path(*operands));
    guint n = paths->len;
    g_ptr_array_add(paths, NULL);
    if (g_mkdir_with_parents(c->output, 0700) != 0 || !bf_audit_merge((const char *const *)paths->pdata, c->output, &left_out, &error)) {
        cmd_say("%s", error ? error->message : _("the folder of the joined record cannot be made"));
        return g_error_matches(error, BF_AUDIT_ERROR, BF_AUDIT_ERROR_BROKEN) ? CMD_HELD : CMD_INPUT;
    }
    g_print(_("%s/audit.jsonl: %u records joined, %llu lines left out as done twice\n"), c->output, n, (unsigned long long)left_out);
    return CMD_OK;
}

static const struct {
    const char *word;
    int (*run)(const audit_call *call, const char *operand);
} actions[] = {{"verify", verify}, {"show", show}, {"keygen", keygen}};

static bool parse(int argc, char **argv, audit_call *c, char ***words)
{
    const GOptionEntry entries[] = {
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &c->output, N_("merge: the folder of the joined record"), "OUT"},
        {"public-key", 0, 0, G_OPTION_ARG_FILENAME, &c->public_key, N_("verify: the record must be signed with this key, to its end"),
         "FILE"},
        {"package", 0, 0, G_OPTION_ARG_FILENAME, &c->package, N_("show: lines about this package only"), "ID"},
        {"page", 0, 0, G_OPTION_ARG_INT, &c->page, N_("show: about this page only (entry_index of the report)"), "N"},
        {"person", 0, 0, G_OPTION_ARG_FILENAME, &c->person, N_("show: about this applicant only; wants audit.key"), "NAME"},
        {"since", 0, 0, G_OPTION_ARG_STRING, &c->since, N_("show: from this time on (2026-03-01, 2026-03-01T10:30; UTC)"), "TIME"},
        {"until", 0, 0, G_OPTION_ARG_STRING, &c->until, N_("show: up to this time, all of it included"), "TIME"},
        G_OPTION_ENTRY_NULL};
    const cmd_syntax syntax = {
        .words = "audit verify|show|merge|keygen FILE|OUT ...",
        .summary =
            N_("The record of what was decided. A record is named by its file (audit.jsonl) or by the output folder that it lies in.\n"
               "  verify   proves that it is whole: no line changed, missing or moved; of a folder also that packages, reports and inputs\n"
               "           are as recorded\n"
               "  show     prints it\n"
               "  merge    joins several into one, each proved first; what was done twice is taken once\n"
               "  keygen   makes a pair of keys: FILE for redact --sign-key, FILE.pub for audit verify --public-key\n\n"
               "Exit status: 0 whole, 1 a record does not hold, 2 wrong call, 3 a record cannot be read."),
        .entries = entries};
    return cmd_parse(&syntax, argc, argv, words);
}

int cmd_audit(int argc, char **argv)
{
    g_auto(audit_call) c = {.page = -1};
    g_auto(GStrv) words = NULL;
    if (!parse(argc, argv, &c, &words))
        return CMD_USAGE;
    int (*run)(const audit_call *, const char *) = NULL;
    for (guint i = 0; i < G_N_ELEMENTS(actions); i++)
        if (g_strcmp0(words[0], actions[i].word) == 0)
            run = actions[i].run;
    bool merging = g_strcmp0(words[0], "merge") == 0;
    if (!run && !merging)
        return cmd_usage("audit", _("what about the record? Say verify, show, merge or keygen"));
    if (!words[1])
        return cmd_usage("audit", _("no record given: name audit.jsonl or the output folder"));
    if (merging)
        return merge(&c, words + 1);
    int status = CMD_OK;
    for (char **word = words + 1; *word; word++) {
        int one = run(&c, *word);
        status = MAX(status, one);
    }
    return status;
}
