#include "cmd/progress_line.h"

#include "cmd/table.h"

#include <glib/gi18n.h>
#include <math.h>

enum { BAR_CELLS = 16, GAP_CELLS = 2 };

/* A piece of the line. Those of the highest rank go first when there is no room. */
typedef struct {
    char *text;
    guint rank;
    const char *color; /* an SGR code; NULL: none */
} part;

static void part_clear(void *p)
{
    g_free(((part *)p)->text);
}

char *progress_clock(double seconds)
{
    long s = lround(seconds);
    return s >= 3600 ? g_strdup_printf("%ld:%02ld:%02ld", s / 3600, s / 60 % 60, s % 60) : g_strdup_printf("%ld:%02ld", s / 60, s % 60);
}

double progress_rate(const bf_batch_event *e)
{
    return e->pages_done > 0 && e->seconds > 0 ? e->pages_done / e->seconds : 0;
}

double progress_seconds_left(const bf_batch_event *e)
{
    double pages = MAX(e->pages_expected - e->pages_done, 0);
    return progress_rate(e) > 0 ? pages / progress_rate(e) : -1;
}

static void add(GArray *parts, guint rank, const char *color, char *text)
{
    const part p = {text, rank, color};
    g_array_append_val(parts, p);
}

static char *bar(const bf_batch_event *e)
{
    guint full = e->pages_expected > 0 ? (guint)(BAR_CELLS * MIN(e->pages_done / e->pages_expected, 1)) : 0;
    g_autofree char *done = g_strnfill(full, '#'), *rest = g_strnfill(BAR_CELLS - full, '.');
    return g_strdup_printf("[%s%s]", done, rest);
}

/* Of which there is at least one package opened. */
static char *pages(const bf_batch_event *e)
{
    guint expected = (guint)lround(e->pages_expected);
    if (e->pages_expected > e->pages_known)
        return g_strdup_printf(_("%u of about %u pages"), e->pages_done, expected);
    return g_strdup_printf(ngettext("%u of %u page", "%u of %u pages", expected), e->pages_done, expected);
}

static GArray *parts_of(const bf_batch_event *e)
{
    GArray *parts = g_array_new(FALSE, FALSE, sizeof(part));
    g_array_set_clear_func(parts, part_clear);
    if (e->pages_expected > 0)
        add(parts, 0, NULL, pages(e));
    if (e->pages_held > 0)
        add(parts, 2, "33", g_strdup_printf(ngettext("%u page held", "%u pages held", e->pages_held), e->pages_held));
    if (e->failed > 0)
        add(parts, 3, "31", g_strdup_printf(ngettext("%u package failed", "%u packages failed", e->failed), e->failed));
    if (progress_seconds_left(e) >= 0.5) {
        g_autofree char *left = progress_clock(progress_seconds_left(e));
        add(parts, 1, NULL, g_strdup_printf(_("%s left"), left));
    }
    if (progress_rate(e) > 0)
        add(parts, 5, NULL, g_strdup_printf(_("%.1f pages/s"), progress_rate(e)));
    add(parts, e->pages_expected > 0 ? 4 : 0, NULL,
        g_strdup_printf(ngettext("%u of %u package", "%u of %u packages", e->packages), e->packages_done + e->skipped, e->packages));
    return parts;
}

static guint width(const GArray *parts)
{
    guint cells = 0;
    for (guint i = 0; i < parts->len; i++)
        cells += table_width(g_array_index(parts, part, i).text) + (i > 0 ? GAP_CELLS : 0);
    return cells;
}

static void drop_least(GArray *parts)
{
    guint least = 0;
    for (guint i = 1; i < parts->len; i++)
        if (g_array_index(parts, part, i).rank > g_array_index(parts, part, least).rank)
            least = i;
    g_array_remove_index(parts, least);
}

char *progress_line_live(const bf_batch_event *e, guint cells, bool color)
{
    g_autoptr(GArray) parts = parts_of(e);
    const part first = {bar(e), 6, NULL};
    GString *line = g_string_new(NULL);
    g_array_prepend_val(parts, first);
    while (parts->len > 1 && width(parts) > cells)
        drop_least(parts);
    for (guint i = 0; i < parts->len; i++) {
        const part *p = &g_array_index(parts, part, i);
        g_string_append(line, i > 0 ? "  " : "");
        if (color && p->color)
            g_string_append_printf(line, "\033[%sm%s\033[0m", p->color, p->text);
        else if (parts->len == 1)
            table_append(line, p->text, MIN(table_width(p->text), cells));
        else
            g_string_append(line, p->text);
    }
    return g_string_free(line, FALSE);
}

char *progress_line_plain(const bf_batch_event *e)
{
    g_autoptr(GArray) parts = parts_of(e);
    GString *line = g_string_new(NULL);
    for (guint i = 0; i < parts->len; i++)
        g_string_append_printf(line, "%s%s", i > 0 ? _(", ") : "", g_array_index(parts, part, i).text);
    if (e->skipped > 0) {
        g_string_append(line, _(", "));
        g_string_append_printf(line, _("%u finished before"), e->skipped);
    }
    return g_string_free(line, FALSE);
}
