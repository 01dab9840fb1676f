#include "cmd/progress.h"

#include "cmd/cmd.h"
#include "cmd/progress_line.h"
#include "cmd/run_table.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

bool progress_parse_mode(const char *word, progress_mode *out)
{
    static const char *const words[] = {"auto", "plain", "json", "never"};
    for (guint i = 0; i < G_N_ELEMENTS(words); i++)
        if (strcmp(word, words[i]) == 0) {
            *out = (progress_mode)i;
            return true;
        }
    return false;
}

bool progress_can_be_live(void)
{
    return isatty(STDERR_FILENO) && g_strcmp0(g_getenv("TERM"), "dumb") != 0;
}

void progress_init(progress *p, progress_mode mode)
{
    *p = (progress){.mode = mode};
    const char *no_color = g_getenv("NO_COLOR");
    p->unsettled = g_ptr_array_new_with_free_func(run_table_row_free);
    p->live = mode == PROGRESS_AUTO && progress_can_be_live();
    p->color = p->live && !(no_color && *no_color);
}

void progress_clear(progress *p)
{
    g_clear_pointer(&p->unsettled, g_ptr_array_unref);
}

static void close_line(progress *p)
{
    if (p->line_is_open)
        g_printerr("\r\033[K");
    p->line_is_open = false;
}

void progress_say(void *user, const char *sentence)
{
    close_line(user);
    cmd_say("%s", sentence);
}

static const char *event_word(bf_batch_event_kind kind)
{
    static const char *const words[] = {"start", "page", "package", "tick", "end"};
    return words[kind];
}

static void append_number(GString *s, const char *key, double value)
{
    char digits[G_ASCII_DTOSTR_BUF_SIZE]; /* a point in every locale */
    g_string_append_printf(s, ",\"%s\":%s", key, g_ascii_formatd(digits, sizeof digits, "%.1f", value));
}

static void print_json(const bf_batch_event *e)
{
    g_autoptr(GString) s = g_string_new(NULL);
    g_string_printf(s, "{\"event\":\"%s\"", event_word(e->kind));
    append_number(s, "seconds", e->seconds);
    if (e->id) /* an id is letters, digits, '-', '_' and '.': nothing to escape */
        g_string_append_printf(s, ",\"id\":\"%s\",\"verdict\":\"%s\",\"found_finished\":%s", e->id, bf_verdict_word(e->verdict),
                               e->found_finished ? "true" : "false");
    g_string_append_printf(s, ",\"packages\":%u,\"packages_done\":%u,\"skipped\":%u,\"released\":%u,\"held\":%u,\"failed\":%u", e->packages,
                           e->packages_done, e->skipped, e->released, e->held, e->failed);
    g_string_append_printf(s, ",\"pages_done\":%u,\"pages_held\":%u", e->pages_done, e->pages_held);
    append_number(s, "pages_expected", e->pages_expected);
    append_number(s, "pages_per_second", progress_rate(e));
    if (progress_seconds_left(e) >= 0)
        append_number(s, "seconds_left", progress_seconds_left(e));
    g_printerr("%s}\n", s->str);
}

/* Columns of the terminal behind stderr, which may have been resized; 0: not known. */
static guint terminal_cells(void)
{
    struct winsize size;
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

static void print_live(progress *p, const bf_batch_event *e)
{
    guint cells = terminal_cells();
    if (e->kind == BF_BATCH_EVENT_END) {
        close_line(p);
        return;
    }
    /* The last column stays free: some terminals begin a new line when it is written, which then could not be written over. */
    g_autofree char *line = progress_line_live(e, cells > 1 ? cells - 1 : 79, p->color);
    g_printerr("\r%s\033[K", line);
    p->line_is_open = true;
}

static void print_plain(const bf_batch_event *e)
{
    g_autofree char *state = progress_line_plain(e), *time = progress_clock(e->seconds);
    if (e->id)
        g_printerr(e->found_finished ? _("[%s] package %s: %s before; %s\n") : _("[%s] package %s: %s; %s\n"), time, e->id,
                   run_table_verdict(e->verdict), state);
    else
        g_printerr("[%s] %s\n", time, state);
}

/* How often pages and ticks are told; packages always are. */
static double pause_seconds(const progress *p)
{
    return p->live ? 0.2 : p->mode == PROGRESS_JSON ? 1 : 10;
}

void progress_event(void *user, const bf_batch_event *e)
{
    progress *p = user;
    p->seconds = e->seconds;
    p->pages_done = e->pages_done;
    if (e->kind == BF_BATCH_EVENT_PACKAGE && e->verdict != BF_VERDICT_RELEASED)
        g_ptr_array_add(p->unsettled, run_table_row_new(e));
    bool minor = e->kind == BF_BATCH_EVENT_PAGE || e->kind == BF_BATCH_EVENT_TICK;
    if (p->mode == PROGRESS_NEVER || (minor && e->seconds - p->last < pause_seconds(p)))
        return;
    if (p->live)
        print_live(p, e);
    else if (p->mode == PROGRESS_JSON)
        print_json(e);
    else if (minor || e->kind == BF_BATCH_EVENT_PACKAGE)
        print_plain(e);
    p->last = e->seconds;
}

void progress_summary(progress *p, const bf_batch_summary *summary, const char *output_dir)
{
    if (p->mode != PROGRESS_AUTO && p->mode != PROGRESS_PLAIN)
        return;
    const run_table_input in = {.summary = summary,
                                .unsettled = p->unsettled,
                                .output_dir = output_dir,
                                .seconds = p->seconds,
                                .pages_done = p->pages_done,
                                .cells = p->live ? terminal_cells() : 0,
                                .color = p->color};
    g_autofree char *table = run_table(&in);
    close_line(p);
    g_printerr("blindfold: %s", table);
    if (summary->interrupted)
        cmd_say("%s", _("interrupted: run the same command again to go on"));
}
