#include "blindfold/batch.h"
#include "blindfold/report.h"
#include "cmd/cmd.h"
#include "cmd/cmd_process.h"
#include "cmd/preview_run.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    char *roster, *name, *id, *output, *reader, *progress, *models, *sandbox, *shard, *sign_key;
    char **aliases;
    int jobs, max_memory_mib, page_timeout_s;
    guint shard_index, n_shards;
    bf_guard_mode guard;
    bf_limits limits;
    char **limit_settings;
    gboolean force, skip_bad_rows, uniform_width, fix_orientation, dry_run, surname_forms, given_names;
    char **inputs;
} redact_call;

static void call_clear(redact_call *c)
{
    g_free(c->roster);
    g_free(c->name);
    g_free(c->id);
    g_free(c->output);
    g_free(c->reader);
    g_free(c->progress);
    g_free(c->models);
    g_free(c->sign_key);
    g_free(c->sandbox);
    g_free(c->shard);
    g_strfreev(c->aliases);
    g_strfreev(c->limit_settings);
    g_strfreev(c->inputs);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(redact_call, call_clear)

static bool parse(int argc, char **argv, redact_call *c)
{
    /* Names are taken as bytes: GOption would refuse them in a locale that is not UTF-8. */
    const GOptionEntry entries[] = {
        {"roster", 'r', 0, G_OPTION_ARG_FILENAME, &c->roster, N_("The applicants: CSV or .xlsx with the columns id and name; see README"),
         "FILE"},
        {"name", 'n', 0, G_OPTION_ARG_FILENAME, &c->name, N_("One applicant instead of a roster"), "NAME"},
        {"alias", 'a', 0, G_OPTION_ARG_FILENAME_ARRAY, &c->aliases, N_("Another form of the name; may be given again"), "ALIAS"},
        {"id", 0, 0, G_OPTION_ARG_FILENAME, &c->id, N_("The id of the one applicant (default: package-0001, ...)"), "ID"},
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &c->output, N_("The output folder; made when it is missing"), "OUT"},
        {"jobs", 'j', 0, G_OPTION_ARG_INT, &c->jobs, N_("Pages at the same time (default: the processors this process may use)"), "N"},
        {"reader", 0, 0, G_OPTION_ARG_STRING, &c->reader, N_("Readers to use, in order (default: ppocr,tesseract)"), "LIST"},
        {"models", 0, 0, G_OPTION_ARG_FILENAME, &c->models, N_("Where the models are (default: $BLINDFOLD_MODELS)"), "DIR"},
        {"uniform-width", 0, 0, G_OPTION_ARG_NONE, &c->uniform_width, N_("Make masks equally wide, so that none tells a name's length"),
         NULL},
        {"fix-orientation", 0, 0, G_OPTION_ARG_NONE, &c->fix_orientation,
         N_("Turn pages that are not upright, without loss; those that this cannot be done with stay as they are"), NULL},
        {"surname-forms", 0, 0, G_OPTION_ARG_NONE, &c->surname_forms,
         N_("Also mask the surname with a title (Teacher Zhou), whoever is meant"), NULL},
        {"given-names", 0, 0, G_OPTION_ARG_NONE, &c->given_names,
         N_("Also mask the given name of a transcribed name, where it is long and nobody else's"), NULL},
        {"max-memory", 0, 0, G_OPTION_ARG_INT, &c->max_memory_mib, N_("For pages in work, in MiB (default: 2048)"), "N"},
        {"page-timeout", 0, 0, G_OPTION_ARG_INT, &c->page_timeout_s, N_("Seconds that a page may take (default: 120)"), "N"},
        {"limit", 0, 0, G_OPTION_ARG_STRING_ARRAY, &c->limit_settings,
         N_("entries, entry-mib, total-mib, ratio, megapixels, damaged-percent, page-seconds or page-mib; see README"), "KEY=N"},
        {"sandbox", 0, 0, G_OPTION_ARG_STRING, &c->sandbox, N_("auto, strict (all of it or no run) or off"), "MODE"},
        {"sign-key", 0, 0, G_OPTION_ARG_FILENAME, &c->sign_key, N_("Sign the record's end with this key (see audit keygen)"), "FILE"},
        {"force", 0, 0, G_OPTION_ARG_NONE, &c->force, N_("Do packages again that are finished"), NULL},
        {"skip-bad-rows", 0, 0, G_OPTION_ARG_NONE, &c->skip_bad_rows, N_("Go on without rows and inputs that do not fit"), NULL},
        {"shard", 0, 0, G_OPTION_ARG_STRING, &c->shard, N_("Only share I (from 0) of N of the packages, into OUT/shards; see merge"),
         "I/N"},
        {"dry-run", 0, 0, G_OPTION_ARG_NONE, &c->dry_run, N_("Only list what would be processed, and what does not fit"), NULL},
        {"progress", 0, 0, G_OPTION_ARG_STRING, &c->progress, N_("auto, plain, json or never"), "MODE"},
        G_OPTION_ENTRY_NULL};
    const cmd_syntax syntax = {
        .words = "redact",
        .summary =
            N_("Masks the applicant's name on every page of each package (a zip or a folder of JPGs), proves the result, and writes\n"
               "OUT/packages (released), OUT/held (a person has to decide), OUT/reports, OUT/summary.csv and OUT/audit.jsonl.\n\n"
               "  blindfold redact -r ROSTER.csv -o OUT PACKAGE.zip|FOLDER ...\n"
               "  blindfold redact -n NAME [-a ALIAS]... [--id ID] -o OUT PACKAGE.zip|FOLDER\n\n"
               "Exit status: 0 all released, 1 something held, 2 wrong call, 3 some input not processed, 4 could not go on,\n"
               "75 interrupted (run it again to go on)."),
        .entries = entries};
    return cmd_parse(&syntax, argc, argv, &c->inputs);
}

/* What is wrong with the call, or NULL. Static: it must not repeat a name. */
static const char *call_problem(redact_call *c)
{
    if (!c->roster && !c->name)
        return N_("whose names? Give a roster with -r FILE or one applicant with -n NAME");
    if (c->roster && c->name)
        return N_("-r and -n exclude each other: give a roster or one applicant");
    if (c->roster && (c->aliases || c->id))
        return N_("-a and --id belong to -n; a roster has columns for them");
    if (!c->output)
        return N_("where to? Give the output folder with -o OUT");
    if (!c->inputs[0])
        return N_("no package given: name a zip or a folder");
    if (c->name && c->inputs[1])
        return N_("-n takes one package; for several give a roster with -r FILE");
    if (c->jobs < 0 || c->jobs > 1024)
        return N_("-j must be between 1 and 1024 (or 0: the processors this process may use)");
    if (c->max_memory_mib < 0)
        return N_("--max-memory must be a number of MiB");
    if (c->page_timeout_s < 0 || c->page_timeout_s > 86400)
        return N_("--page-timeout must be between 1 and 86400 seconds (or 0: 120)");
    if (c->page_timeout_s > 0)
        c->limits.page_seconds = (guint)c->page_timeout_s;
    for (char **setting = c->limit_settings; setting && *setting; setting++)
        if (!bf_limits_set(&c->limits, *setting))
            return N_("--limit takes KEY=N with one of the keys that --help lists, and N from 1 up to that limit's maximum");
    if (c->sandbox && !bf_guard_parse_mode(c->sandbox, &c->guard))
        return N_("--sandbox takes auto, strict or off");
    if (c->shard && c->name)
        return N_("--shard belongs to a roster");
    if (c->reader && !cmd_readers_are_known(c->reader))
        return N_("--reader takes ppocr and tesseract, with a comma between");
    return NULL;
}

static bool make_call_utf8(redact_call *c)
{
    bool ok = cmd_make_utf8(&c->name) && cmd_make_utf8(&c->id);
    for (char **alias = c->aliases; ok && alias && *alias; alias++)
        ok = cmd_make_utf8(alias);
    return ok;
}

/* The first of package-0001, ... that is free in the output, or is this very input's from an earlier run. */
static char *choose_id(const char *output_dir, const char *input)
{
    g_autoptr(bf_package) package = NULL;
    const char *sum = bf_package_open(input, NULL, &package, NULL) ? bf_package_sha256(package) : "";
    for (guint n = 1;; n++) {
        g_autofree char *id = g_strdup_printf("package-%04u", n), *name = g_strconcat(id, ".json", NULL);
        g_autofree char *path = g_build_filename(output_dir, "reports", name, NULL);
        g_autoptr(bf_package_result) before = NULL;
        bool same = *sum && bf_report_read(output_dir, id, &before, NULL) && strcmp(before->input_sha256, sum) == 0;
        if (same || !g_file_test(path, G_FILE_TEST_EXISTS))
            return g_steal_pointer(&id);
    }
}

/* The roster, or CMD_OK's opposite in *status, said. */
static bf_roster *get_roster(const redact_call *c, int *status)
{
    g_autoptr(bf_roster) roster = NULL;
    g_autoptr(GError) error = NULL;
    if (c->roster) {
        *status = CMD_STOPPED;
        if (!bf_roster_read(c->roster, &roster, &error))
            cmd_say("%s", error->message);
        return g_steal_pointer(&roster);
    }
    g_autofree char *id = c->id ? g_strdup(c->id) : choose_id(c->output, c->inputs[0]);
    roster = bf_roster_new_single(id, c->name, (const char *const *)c->aliases, NULL);
    const char *problem = bf_roster_row_problem(roster->rows->pdata[0]);
    if (problem) {
        *status = cmd_usage("redact", "%s", problem);
        return NULL;
    }
    return g_steal_pointer(&roster);
}

static int exit_status(const bf_batch_summary *s)
{
    if (s->interrupted)
        return CMD_INTERRUPTED;
    if (s->failed > 0 || s->skipped_rows > 0)
        return CMD_INPUT;
    return s->held > 0 ? CMD_HELD : CMD_OK;
}

static int run(const redact_call *c, const bf_roster *roster, progress_mode mode)
{
    g_auto(progress) shown;
    progress_init(&shown, mode);
    const bf_batch_observer observer = {.say = progress_say, .event = progress_event, .user = &shown};
    const bf_batch_settings settings = {.output_dir = c->output,
                                        .roster = roster,
                                        .roster_path = c->roster,
                                        .sign_key = c->sign_key,
                                        .inputs = (const char *const *)c->inputs,
                                        .n_jobs = (guint)c->jobs,
                                        .force = c->force,
                                        .skip_bad_rows = c->skip_bad_rows,
                                        .surname_forms = c->surname_forms,
                                        .given_names = c->given_names,
                                        .observer = &observer,
                                        .max_memory = (gint64)c->max_memory_mib * 1024 * 1024,
                                        .limits = c->limits,
                                        .sandbox = c->guard,
                                        .guard_process = true,
                                        .cancel = cmd_catch_signals(),
                                        .shard = c->shard_index,
                                        .n_shards = c->n_shards};
    const bf_page_settings page_settings = {.readers = c->reader,
                                            .models_dir = c->models,
                                            .uniform_width = c->uniform_width,
                                            .fix_orientation = c->fix_orientation,
                                            .limits = c->limits};
    g_autoptr(GError) error = NULL;
    bf_page_engine *engine = NULL;
    bf_batch_summary summary = {0};

    if (c->dry_run)
        return preview_run(&settings, &shown);
    bool ok = bf_batch_check(&settings, &error) && bf_page_engine_new(&page_settings, &engine, &error) &&
              bf_batch_run(&settings, engine, &summary, &error);
    bf_page_engine_free(engine);
    if (!ok) {
        progress_say(&shown, error->message);
        return CMD_STOPPED;
    }
    progress_summary(&shown, &summary, c->output);
    return exit_status(&summary);
}

int cmd_redact(int argc, char **argv)
{
    g_auto(redact_call) c = {0};
    progress_mode mode = PROGRESS_AUTO;
    int status = CMD_OK;
    if (!parse(argc, argv, &c))
        return CMD_USAGE;
    const char *problem = call_problem(&c);
    if (problem)
        return cmd_usage("redact", "%s", _(problem));
    if (c.progress && !progress_parse_mode(c.progress, &mode))
        return cmd_usage("redact", "%s", _("--progress takes auto, plain, json or never"));
    if (c.shard && !bf_shard_parse(c.shard, &c.shard_index, &c.n_shards))
        return cmd_usage("redact", "%s", _("--shard takes I/N: 0/4 is the first of four, 3/4 the last"));
    if (!make_call_utf8(&c))
        return cmd_usage("redact", "%s", _("the name, an alias or the id is not in this terminal's encoding; use UTF-8"));
    bf_guard_keep_secrets();
    g_autoptr(bf_roster) roster = get_roster(&c, &status);
    return roster ? run(&c, roster, mode) : status;
}
