#include "cmd/progress.h"

#include "cmd/cmd.h"

#include <math.h>
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

void progress_init(progress *p, progress_mode mode)
{
    const char *term = g_getenv("TERM");
    *p = (progress){.mode = mode};
    p->live = mode == PROGRESS_AUTO && isatty(STDERR_FILENO) && g_strcmp0(term, "dumb") != 0;
}

static void close_line(progress *p)
{
    if (p->line_is_open)
        fputs("\r\033[K", stderr);
    p->line_is_open = false;
}

void progress_say(void *user, const char *sentence)
{
    close_line(user);
    cmd_say("%s", sentence);
}

/* Seconds as 1:02:03 or 2:03; a new string. */
static char *clock_text(double seconds)
{
    long s = lround(seconds);
    return s >= 3600 ? g_strdup_printf("%ld:%02ld:%02ld", s / 3600, s / 60 % 60, s % 60) : g_strdup_printf("%ld:%02ld", s / 60, s % 60);
}

/* Pages a second; 0 while it cannot be told. */
static double rate(const bf_batch_event *e)
{
    return e->pages_done > 0 && e->seconds > 0 ? e->pages_done / e->seconds : 0;
}

/* Seconds to go; below 0 while it cannot be told. */
static double seconds_left(const bf_batch_event *e)
{
    double pages = MAX(e->pages_expected - e->pages_done, 0);
    return rate(e) > 0 ? pages / rate(e) : -1;
}

/* "12 of 60 pages (2 held), 1.8 pages/s, 0:27 left; 1 of 5 packages: ..." */
static char *state_text(const bf_batch_event *e)
{
    g_autoptr(GString) s = g_string_new(NULL);
    bool guessed = e->pages_expected > e->pages_known;
    g_string_printf(s, "%u of %s%.0f pages (%u held)", e->pages_done, guessed ? "about " : "", e->pages_expected, e->pages_held);
    if (rate(e) > 0)
        g_string_append_printf(s, ", %.1f pages/s", rate(e));
    if (seconds_left(e) >= 0.5) {
        g_autofree char *left = clock_text(seconds_left(e));
        g_string_append_printf(s, ", %s left", left);
    }
    g_string_append_printf(s, "; %u of %u packages: %u released, %u held, %u failed", e->packages_done + e->skipped, e->packages,
                           e->released, e->held, e->failed);
    if (e->skipped > 0)
        g_string_append_printf(s, ", %u finished before", e->skipped);
    return g_string_free(g_steal_pointer(&s), FALSE);
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
    append_number(s, "pages_per_second", rate(e));
    if (seconds_left(e) >= 0)
        append_number(s, "seconds_left", seconds_left(e));
    fprintf(stderr, "%s}\n", s->str);
}

/* A line that is wider than the terminal could not be written over. The text is ASCII. */
static void cut_to_terminal(char *text)
{
    struct winsize size;
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 && strlen(text) >= size.ws_col)
        text[size.ws_col - 1] = '\0';
}

static void print_live(progress *p, const bf_batch_event *e)
{
    g_autofree char *state = state_text(e);
    cut_to_terminal(state);
    if (e->kind == BF_BATCH_EVENT_END) {
        close_line(p);
        return;
    }
    fprintf(stderr, "\r%s\033[K", state);
    fflush(stderr);
    p->line_is_open = true;
}

static void print_plain(const bf_batch_event *e)
{
    g_autofree char *state = state_text(e), *time = clock_text(e->seconds);
    if (e->id)
        fprintf(stderr, "[%s] package %s: %s%s; %s\n", time, e->id, bf_verdict_word(e->verdict), e->found_finished ? " before" : "", state);
    else
        fprintf(stderr, "[%s] %s\n", time, state);
}

/* How often pages and ticks are told; packages always are. */
static double pause_seconds(const progress *p)
{
    return p->live ? 0.2 : p->mode == PROGRESS_JSON ? 1 : 10;
}

void progress_event(void *user, const bf_batch_event *e)
{
    progress *p = user;
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
