#include "blindfold/check.h"
#include "blindfold/check_report.h"
#include "blindfold/guard.h"
#include "blindfold/name.h"
#include "cmd/check_table.h"
#include "cmd/cmd.h"
#include "cmd/cmd_process.h"
#include "cmd/progress.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef struct {
    char *name, *html, *checklist, *level, *reader, *models, *sandbox;
    char **aliases, **limit_settings;
    bf_guard_mode guard;
    bf_limits limits;
    int jobs, max_memory_mib;
    gboolean json, unmasked, quiet;
    char **inputs;
} check_call;

static void call_clear(check_call *c)
{
    g_free(c->name);
    g_free(c->html);
    g_free(c->checklist);
    g_free(c->level);
    g_free(c->reader);
    g_free(c->models);
    g_free(c->sandbox);
    g_strfreev(c->aliases);
    g_strfreev(c->limit_settings);
    g_strfreev(c->inputs);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(check_call, call_clear)

static bool parse(int argc, char **argv, check_call *c)
{
    /* Names are taken as bytes: GOption would refuse them in a locale that is not UTF-8. */
    const GOptionEntry entries[] = {
        {"name", 'n', 0, G_OPTION_ARG_FILENAME, &c->name, N_("The applicant's name"), N_("NAME")},
        {"alias", 'a', 0, G_OPTION_ARG_FILENAME_ARRAY, &c->aliases, N_("Another form of the name; may be given again"), N_("ALIAS")},
        {"unmasked", 'u', 0, G_OPTION_ARG_NONE, &c->unmasked, N_("The pages are not masked yet: that the name can be read is no fault"),
         NULL},
        {"checklist", 0, 0, G_OPTION_ARG_FILENAME, &c->checklist, N_("What a package must contain: a key file; see README"), N_("FILE")},
        {"level", 0, 0, G_OPTION_ARG_FILENAME, &c->level, N_("The level applied for, as the checklist names it"), N_("LEVEL")},
        {"json", 0, 0, G_OPTION_ARG_NONE, &c->json, N_("Print JSON instead of a table"), NULL},
        {"html", 0, 0, G_OPTION_ARG_FILENAME, &c->html, N_("Also write a page with pictures, for a browser"), N_("FILE")},
        {"jobs", 'j', 0, G_OPTION_ARG_INT, &c->jobs, N_("Pages at the same time (default: the processors this process may use)"), "N"},
        {"reader", 0, 0, G_OPTION_ARG_STRING, &c->reader, N_("Readers to use, in order (default: ppocr,tesseract)"), N_("LIST")},
        {"models", 0, 0, G_OPTION_ARG_FILENAME, &c->models, N_("Where the models are (default: $BLINDFOLD_MODELS)"), N_("DIR")},
        {"max-memory", 0, 0, G_OPTION_ARG_INT, &c->max_memory_mib, N_("For pages in work, in MiB (default: 2048)"), "N"},
        {"limit", 0, 0, G_OPTION_ARG_STRING_ARRAY, &c->limit_settings,
         N_("entries, entry-mib, total-mib, ratio, megapixels, damaged-percent, page-seconds or page-mib; see README"), "KEY=N"},
        {"sandbox", 0, 0, G_OPTION_ARG_STRING, &c->sandbox, N_("auto, strict (all of it or no run) or off"), "MODE"},
        {"quiet", 'q', 0, G_OPTION_ARG_NONE, &c->quiet, N_("Say nothing while working"), NULL},
        G_OPTION_ENTRY_NULL};
    const cmd_syntax syntax = {
        .words = "check",
        .summary =
            N_("Says, page by page, what a committee would object to, and what to do about it: files that do not open, pages that are\n"
               "not upright or not legible, masks that do not hide, what is missing. Writes no package.\n\n"
               "  blindfold check -n NAME [-a ALIAS]... PACKAGE.zip|FOLDER|IMAGE.jpg ...\n\n"
               "Exit status: 0 nothing to mend, 1 something to mend, 2 wrong call, 3 some input could not be opened, 4 could not go on,\n"
               "75 interrupted."),
        .entries = entries};
    return cmd_parse(&syntax, argc, argv, &c->inputs);
}

/* What is wrong with the call, or NULL. Static: it must not repeat a name. */
static const char *call_problem(check_call *c)
{
    if (!c->name)
        return _("whose pages? Give the applicant's name with -n NAME");
    if (!c->inputs[0])
        return _("nothing to check: name a zip, a folder or a JPG");
    if (c->level && !c->checklist)
        return _("--level belongs to --checklist");
    if (c->jobs < 0 || c->jobs > 1024)
        return _("-j must be between 1 and 1024 (or 0: the processors this process may use)");
    if (c->max_memory_mib < 0)
        return _("--max-memory must be a number of MiB");
    for (char **setting = c->limit_settings; setting && *setting; setting++)
        if (!bf_limits_set(&c->limits, *setting))
            return _("--limit takes KEY=N with one of the keys that --help lists, and N from 1 up to that limit's maximum");
    if (c->sandbox && !bf_guard_parse_mode(c->sandbox, &c->guard))
        return _("--sandbox takes auto, strict or off");
    if (c->reader && !cmd_readers_are_known(c->reader))
        return _("--reader takes ppocr and tesseract, with a comma between");
    return NULL;
}

static bool make_call_utf8(check_call *c)
{
    bool ok = cmd_make_utf8(&c->name) && cmd_make_utf8(&c->level);
    for (char **alias = c->aliases; ok && alias && *alias; alias++)
        ok = cmd_make_utf8(alias);
    return ok;
}

static void say_progress(void *user, guint done, guint known)
{
    (void)user;
    g_printerr("\r");
    g_printerr(_("%u of %u pages"), done, known);
    g_printerr("\033[K");
}

/* Sorted, so that every output tells the gravest first. */
static int judge(const GPtrArray *packages)
{
    int status = CMD_OK;
    for (guint i = 0; i < packages->len; i++) {
        const bf_checked_package *package = packages->pdata[i];
        bf_finding_weight worst = BF_FINDING_NOTE;
        bf_check_sort_findings(package->findings);
        bf_findings_worst(package->findings, &worst);
        for (guint k = 0; k < package->pages->len; k++) {
            const bf_checked_page *page = package->pages->pdata[k];
            bf_finding_weight of_page = BF_FINDING_NOTE;
            bf_check_sort_findings(page->findings);
            bf_findings_worst(page->findings, &of_page);
            worst = MAX(worst, of_page);
        }
        int one = package->interrupted                                   ? CMD_INTERRUPTED
                  : package->failed                                      ? CMD_INPUT
                  : worst > BF_FINDING_NOTE || package->missing->len > 0 ? CMD_HELD
                                                                         : CMD_OK;
        status = MAX(status, one);
    }
    return status;
}

static int tell(const check_call *c, const GPtrArray *packages)
{
    int status = judge(packages);
    g_autofree char *text = c->json ? bf_check_to_json(packages) : check_table(packages);
    g_autofree char *html = c->html ? bf_check_to_html(packages) : NULL;
    g_autoptr(GError) error = NULL;
    if (c->json)
        fputs(text, stdout); /* UTF-8 whatever the terminal takes */
    else
        g_print("%s", text);
    if (html && !g_file_set_contents_full(c->html, html, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error)) {
        cmd_say("%s", error->message);
        return CMD_STOPPED;
    }
    return status;
}

static int run(const check_call *c, const bf_query *query, const bf_checklist *checklist)
{
    const bf_page_settings page = {.readers = c->reader, .models_dir = c->models, .limits = c->limits};
    g_autofree char *html_dir = c->html ? g_path_get_dirname(c->html) : NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) packages = NULL;
    bf_page_engine *engine = NULL;
    bool live = !c->quiet && progress_can_be_live();
    bf_check_settings settings = {.query = query,
                                  .inputs = (const char *const *)c->inputs,
                                  .n_jobs = (guint)c->jobs,
                                  .unmasked = c->unmasked,
                                  .checklist = checklist,
                                  .level = c->level,
                                  .progress = live ? say_progress : NULL,
                                  .max_memory = (gint64)c->max_memory_mib * 1024 * 1024,
                                  .limits = c->limits,
                                  .sandbox = c->guard,
                                  .guard_process = true,
                                  .writable_dir = html_dir,
                                  .cancel = cmd_catch_signals()};
    bool ok = bf_page_engine_new(&page, &engine, &error) && bf_check_run(&settings, engine, &packages, &error);
    if (live)
        g_printerr("\r\033[K");
    bf_page_engine_free(engine);
    if (!ok) {
        cmd_say("%s", error->message);
        return CMD_STOPPED;
    }
    return tell(c, packages);
}

int cmd_check(int argc, char **argv)
{
    g_auto(check_call) c = {0};
    g_autoptr(GError) error = NULL;
    g_autoptr(bf_query) query = NULL;
    g_autoptr(bf_checklist) checklist = NULL;
    if (!parse(argc, argv, &c))
        return CMD_USAGE;
    const char *problem = call_problem(&c);
    if (problem)
        return cmd_usage("check", "%s", problem);
    if (!make_call_utf8(&c))
        return cmd_usage("check", "%s", _("the name or an alias is not in this terminal's encoding; use UTF-8"));
    bf_guard_keep_secrets();
    if (!bf_name_build(c.name, (const char *const *)c.aliases, &query, &error))
        return cmd_usage("check", "%s", error->message);
    if (c.checklist && !bf_checklist_load(c.checklist, &checklist, &error)) {
        cmd_say("%s", error->message);
        return CMD_STOPPED;
    }
    return run(&c, query, checklist);
}
