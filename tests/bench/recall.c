/* How many of an applicant's names are hidden? Draws dossiers of known truth, runs the program on them as a user would, and judges
 * from the pixels that came out, with the counting of `blindfold eval` (src/cmd/eval_judge.c). */
#include "cmd/eval.h"
#include "pagemaker.h"
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

typedef struct {
    gint64 seed;
    int names, pages, jobs;
    gboolean rare_names;
    char *captures, *kinds, *flags, *program, *work, *out;
} options;

static bool make_dossiers(const options *o, GError **error)
{
    pm_kind kinds[64];
    pm_capture captures[64];
    pm_dossier_spec spec = {.seed = (guint64)o->seed,
                            .n_packages = (guint)o->names,
                            .n_pages = (guint)o->pages,
                            .kinds = kinds,
                            .captures = captures,
                            .gbk_names = true,
                            .metadata = true,
                            .rare_names = o->rare_names};
    return pm_kinds_parse(o->kinds, kinds, G_N_ELEMENTS(kinds), &spec.n_kinds, error) &&
           pm_captures_parse(o->captures, captures, G_N_ELEMENTS(captures), &spec.n_captures, error) &&
           pm_flags_parse(o->flags, &spec.extra_flags, error) && pm_dossier_write(&spec, o->work, error);
}

static double seconds(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static bool run_program(const options *o, GError **error)
{
    g_autofree char *roster = g_build_filename(o->work, "roster.csv", NULL), *in = g_build_filename(o->work, "in", NULL);
    g_autofree char *jobs = g_strdup_printf("%d", o->jobs);
    char *argv[] = {o->program, (char *)"redact",     "--force",       (char *)"-r", roster, (char *)"-o", o->out, (char *)"-j",
                    jobs,       (char *)"--progress", (char *)"never", in,           NULL};
    int status;
    const gint64 start = g_get_monotonic_time();
    if (!g_spawn_sync(NULL, argv, NULL, G_SPAWN_CHILD_INHERITS_STDIN, NULL, NULL, NULL, NULL, &status, error))
        return false;
    struct rusage usage;
    getrusage(RUSAGE_CHILDREN, &usage);
    const double pages = o->names * o->pages, cpu = seconds(usage.ru_utime) + seconds(usage.ru_stime);
    printf("run: exit %d, %.2f s CPU a page (%.0f s in all), %.2f s wall a page with -j %d, %.0f MB at most\n",
           WIFEXITED(status) ? WEXITSTATUS(status) : -1, cpu / pages, cpu, (double)(g_get_monotonic_time() - start) / 1e6 / pages, o->jobs,
           (double)usage.ru_maxrss / 1024);
    return true;
}

static int run(options *o, GError **error)
{
    const bool judge_only = o->out != NULL;
    if (!o->out)
        o->out = g_build_filename(o->work, "out", NULL);
    if (!judge_only && (!make_dossiers(o, error) || !run_program(o, error)))
        return 2;
    g_autofree char *truth = g_build_filename(o->work, "truth", NULL), *in = g_build_filename(o->work, "in", NULL);
    eval_score *score = eval_score_new();
    const bool good = eval_run(score, truth, in, o->out, error);
    const bool leaks = good && score->all.leaks > 0;
    if (good)
        g_print("%s", eval_text(score));
    eval_score_free(score);
    return !good ? 2 : leaks;
}

int main(int argc, char **argv)
{
    options o = {.seed = 1, .names = 10, .pages = 14, .jobs = 2};
    const GOptionEntry entries[] = {
        {"seed", 0, 0, G_OPTION_ARG_INT64, &o.seed, "Everything follows from it (1)", "S"},
        {"names", 0, 0, G_OPTION_ARG_INT, &o.names, "How many applicants (10)", "N"},
        {"pages-per-name", 0, 0, G_OPTION_ARG_INT, &o.pages, "Pages of each (14)", "M"},
        {"captures", 0, 0, G_OPTION_ARG_STRING, &o.captures, "Captures to take in turn (all)", "A,B"},
        {"kinds", 0, 0, G_OPTION_ARG_STRING, &o.kinds, "Kinds to take in turn (all)", "A,B"},
        {"flags", 0, 0, G_OPTION_ARG_STRING, &o.flags, "What every page has: near-names, seal, spaced, ...", "A,B"},
        {"rare-names", 0, 0, G_OPTION_ARG_NONE, &o.rare_names, "Applicants with rare characters only, most of two characters", NULL},
        {"jobs", 'j', 0, G_OPTION_ARG_INT, &o.jobs, "Threads of the program (2)", "N"},
        {"blindfold", 0, 0, G_OPTION_ARG_FILENAME, &o.program, "The program", "PATH"},
        {"work", 0, 0, G_OPTION_ARG_FILENAME, &o.work, "Folder for dossiers, truth and output", "DIR"},
        {"out", 0, 0, G_OPTION_ARG_FILENAME, &o.out, "Judge this finished run on the dossiers in --work; nothing is drawn or run", "DIR"},
        G_OPTION_ENTRY_NULL};
    g_autoptr(GOptionContext) context = g_option_context_new("- how many of an applicant's names are hidden");
    g_option_context_add_main_entries(context, entries, NULL);
    g_autoptr(GError) error = NULL;
    int status = 2;
    if (g_option_context_parse(context, &argc, &argv, &error)) {
        if (o.work && (o.program || o.out))
            status = run(&o, &error);
        else
            g_set_error_literal(&error, PM_ERROR, PM_ERROR_WORD, "--work, and --blindfold or --out, must be given");
    }
    if (error)
        fprintf(stderr, "bench-recall: %s\n", error->message);
    char *const owned[] = {o.captures, o.kinds, o.flags, o.program, o.work, o.out};
    for (guint i = 0; i < G_N_ELEMENTS(owned); i++)
        g_free(owned[i]);
    return status;
}
