#include "blindfold/guard.h"
#include "blindfold/review.h"
#include "blindfold/state.h"
#include "cmd/cmd.h"

#include <glib/gi18n.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef struct {
    char *roster, *name, *id, *listen, *origin, *spot_check, *models, *sandbox;
    char **aliases, **inputs, **operands;
    int port;
    double idle_minutes;
    bf_guard_mode guard;
    gboolean no_browser;
} review_call;

static void call_clear(review_call *c)
{
    g_free(c->roster);
    g_free(c->name);
    g_free(c->id);
    g_free(c->listen);
    g_free(c->origin);
    g_free(c->spot_check);
    g_free(c->models);
    g_free(c->sandbox);
    g_strfreev(c->aliases);
    g_strfreev(c->inputs);
    g_strfreev(c->operands);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(review_call, call_clear)

static bool parse(int argc, char **argv, review_call *c)
{
    const GOptionEntry entries[] = {
        {"roster", 'r', 0, G_OPTION_ARG_FILENAME, &c->roster, N_("The applicants (default: the roster of the last run)"), "FILE"},
        {"name", 'n', 0, G_OPTION_ARG_FILENAME, &c->name, N_("One applicant instead of a roster"), "NAME"},
        {"alias", 'a', 0, G_OPTION_ARG_FILENAME_ARRAY, &c->aliases, N_("Another form of the name; may be given again"), "ALIAS"},
        {"id", 0, 0, G_OPTION_ARG_FILENAME, &c->id, N_("The id of the one applicant (default: package-0001)"), "ID"},
        {"input", 'i', 0, G_OPTION_ARG_FILENAME_ARRAY, &c->inputs,
         N_("Where the original packages are now, if they were moved; may be given again"), "DIR"},
        {"port", 'p', 0, G_OPTION_ARG_INT, &c->port, N_("The port on 127.0.0.1 (default: any free one)"), "N"},
        {"listen", 0, 0, G_OPTION_ARG_FILENAME, &c->listen, N_("Listen on a socket for a reverse proxy instead: unix:PATH; needs --origin"),
         "WHERE"},
        {"origin", 0, 0, G_OPTION_ARG_STRING, &c->origin,
         N_("The address under which browsers see the page, such as https://review.example.org"), "URL"},
        {"idle", 0, 0, G_OPTION_ARG_DOUBLE, &c->idle_minutes, N_("End after so many minutes without a request (default 60; 0: never)"),
         "MINUTES"},
        {"spot-check", 0, 0, G_OPTION_ARG_STRING, &c->spot_check, N_("Offer this share of the released pages for a second look"), "N%"},
        {"no-browser", 0, 0, G_OPTION_ARG_NONE, &c->no_browser, N_("Only print the link"), NULL},
        {"sandbox", 0, 0, G_OPTION_ARG_STRING, &c->sandbox, N_("auto, strict (all of it or no server) or off"), "MODE"},
        {"models", 0, 0, G_OPTION_ARG_FILENAME, &c->models, N_("Where the models are"), "DIR"},
        G_OPTION_ENTRY_NULL};
    const cmd_syntax syntax = {
        .words = "review OUT",
        .summary = N_(
            "Opens a page in the browser on which people decide about what was held. It is served on this machine only; the link that is\n"
            "printed opens it once. Press Enter in the terminal for another link, Ctrl-C to end.\n\n"
            "Exit status: 0 ended in order, 2 wrong call, 4 could not go on."),
        .entries = entries};
    return cmd_parse(&syntax, argc, argv, &c->operands);
}

/* "5", "5%", "2.5%" -> percent; below 0 when it is none. */
static double parse_percent(const char *text)
{
    char *end = NULL;
    double value = g_ascii_strtod(text, &end);
    if (end == text || (strcmp(end, "") != 0 && strcmp(end, "%") != 0) || !(value > 0 && value <= 100))
        return -1;
    return value;
}

static bool is_origin(const char *text)
{
    g_autoptr(GUri) uri = g_uri_parse(text, G_URI_FLAGS_NONE, NULL);
    const char *scheme = uri ? g_uri_get_scheme(uri) : NULL;
    return scheme && (strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0) && g_uri_get_host(uri) && !*g_uri_get_path(uri) &&
           !g_uri_get_query(uri) && !g_uri_get_userinfo(uri);
}

/* What is wrong with the call, or NULL. */
static const char *call_problem(review_call *c)
{
    if (!c->operands[0] || c->operands[1])
        return _("give one output folder, that of blindfold redact");
    if (c->roster && c->name)
        return _("-r and -n exclude each other: give a roster or one applicant");
    if (!c->name && (c->aliases || c->id))
        return _("-a and --id belong to -n");
    if (c->port < 0 || c->port > 65535)
        return _("--port must be between 1 and 65535");
    if (!(c->idle_minutes >= 0 && c->idle_minutes <= 1e6))
        return _("--idle must be a number of minutes");
    if (c->listen && !g_str_has_prefix(c->listen, "unix:"))
        return _("--listen takes unix:PATH");
    if (c->listen && !c->origin)
        return _("--listen needs --origin: the address under which browsers see the page");
    if (c->origin && !is_origin(c->origin))
        return _("--origin takes an address such as https://review.example.org, without a path");
    if (c->sandbox && !bf_guard_parse_mode(c->sandbox, &c->guard))
        return _("--sandbox takes auto, strict or off");
    if (c->spot_check && parse_percent(c->spot_check) < 0)
        return _("--spot-check takes a share such as 5%");
    return NULL;
}

/* The roster of the last run, as the state remembers it. */
static char *find_roster(const char *output_dir)
{
    g_autoptr(bf_state) state = NULL;
    char *path = NULL;
    if (!bf_state_open(output_dir, "state.db", NULL, NULL, NULL, &state, NULL) || !bf_state_last_roster(state, &path, NULL))
        return NULL;
    return path;
}

static bool get_roster(const review_call *c, bf_roster **out)
{
    g_autoptr(GError) error = NULL;
    if (c->name) {
        *out = bf_roster_new_single(c->id ? c->id : "package-0001", c->name, (const char *const *)c->aliases, NULL);
        const char *problem = bf_roster_row_problem((*out)->rows->pdata[0]);
        if (problem)
            cmd_say("%s", problem);
        return !problem;
    }
    g_autofree char *path = c->roster ? g_strdup(c->roster) : find_roster(c->operands[0]);
    if (!path) {
        cmd_say("%s", _("the last run had no roster: give one with -r FILE, or the applicant with -n NAME and --id ID"));
        return false;
    }
    if (bf_roster_read(path, out, &error))
        return true;
    cmd_say("%s", error->message);
    return false;
}

static void say(void *user, const char *sentence)
{
    (void)user;
    cmd_say("%s", sentence);
}

static void open_browser(const char *url)
{
    const char *const argv[] = {"xdg-open", url, NULL};
    if (g_getenv("DISPLAY") || g_getenv("WAYLAND_DISPLAY"))
        g_spawn_async(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL,
                      NULL, NULL);
}

static void on_link(void *user, const char *url)
{
    review_call *c = user;
    g_print("%s\n", url);
    fflush(stdout);
    if (!c->no_browser)
        open_browser(url);
    c->no_browser = TRUE; /* later links are for somebody else */
}

static int run(review_call *c, const bf_roster *roster)
{
    g_autoptr(GError) error = NULL;
    const bf_review_settings settings = {.output_dir = c->operands[0],
                                         .roster = roster,
                                         .input_dirs = (const char *const *)c->inputs,
                                         .readers = {.models_dir = c->models},
                                         .pages = {.sandbox = c->guard},
                                         .port = (guint)c->port,
                                         .unix_path = c->listen ? c->listen + strlen("unix:") : NULL,
                                         .origin = c->origin,
                                         .idle_minutes = c->idle_minutes,
                                         .spot_percent = c->spot_check ? parse_percent(c->spot_check) : 0,
                                         .say = say,
                                         .link = on_link,
                                         .user = c,
                                         .links_fd = isatty(STDIN_FILENO) ? STDIN_FILENO : -1};
    bool ok = bf_review_run(&settings, &error);
    if (!ok)
        cmd_say("%s", error->message);
    return ok ? CMD_OK : CMD_STOPPED;
}

int cmd_review(int argc, char **argv)
{
    g_auto(review_call) c = {.idle_minutes = 60};
    g_autoptr(bf_roster) roster = NULL;
    if (!parse(argc, argv, &c))
        return CMD_USAGE;
    const char *problem = call_problem(&c);
    if (problem)
        return cmd_usage("review", "%s", problem);
    g_autofree char *reports = g_build_filename(c.operands[0], "reports", NULL);
    if (!g_file_test(reports, G_FILE_TEST_IS_DIR)) {
        cmd_say(_("%s: is no output folder of blindfold redact"), c.operands[0]);
        return CMD_STOPPED;
    }
    bf_guard_keep_secrets();
    return get_roster(&c, &roster) ? run(&c, roster) : CMD_STOPPED;
}
