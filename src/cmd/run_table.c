#include "cmd/run_table.h"

#include "blindfold/words.h"
#include "cmd/language.h"
#include "cmd/progress_line.h"
#include "cmd/table.h"

#include <glib/gi18n.h>

enum { ROWS_MAX = 20, ID_CELLS_MAX = 40, NUMBER_CELLS = 7, WHY_CELLS_LEAST = 12 };

static const char *color_of(bf_verdict v)
{
    return v == BF_VERDICT_RELEASED ? "32" : v == BF_VERDICT_HELD ? "33" : "31";
}

const char *run_table_verdict(bf_verdict v)
{
    return v == BF_VERDICT_RELEASED ? _("released") : v == BF_VERDICT_HELD ? _("held") : _("failed");
}

run_table_row *run_table_row_new(const bf_batch_event *e)
{
    run_table_row *row = g_new0(run_table_row, 1);
    g_autoptr(GString) why = g_string_new(NULL);
    for (guint i = 0; e->reasons && i < e->reasons->len; i++) {
        const bf_word *word = bf_words_find(e->reasons->pdata[i]);
        const char *label = word ? word->label[cmd_language()] : NULL;
        g_string_append_printf(why, "%s%s", i > 0 ? _(", ") : "", label ? label : (const char *)e->reasons->pdata[i]);
    }
    *row = (run_table_row){g_strdup(e->id), g_string_free(g_steal_pointer(&why), FALSE), e->verdict, e->n_pages, e->n_held};
    return row;
}

void run_table_row_free(void *p)
{
    run_table_row *row = p;
    g_free(row->id);
    g_free(row->why);
    g_free(row);
}

static void append_colored(GString *out, const char *text, guint cells, const char *color)
{
    if (color)
        g_string_append_printf(out, "\033[%sm", color);
    table_append(out, text, cells);
    if (color)
        g_string_append(out, "\033[0m");
}

static void append_number(GString *out, guint number, guint cells)
{
    g_string_append_printf(out, "%*u", (int)cells, number);
}

typedef struct {
    const char *label, *color;
    guint n;
    char *note;
} total;

static void append_totals(GString *out, const run_table_input *in)
{
    const bf_batch_summary *s = in->summary;
    const total totals[] = {
        {run_table_verdict(BF_VERDICT_RELEASED), "32", s->released, NULL},
        {run_table_verdict(BF_VERDICT_HELD), "33", s->held,
         s->held ? g_strdup_printf(ngettext("%u page to decide about: blindfold review %s", "%u pages to decide about: blindfold review %s",
                                            s->pages_held),
                                   s->pages_held, in->output_dir)
                 : NULL},
        {run_table_verdict(BF_VERDICT_FAILED), "31", s->failed, NULL},
        {_("finished before"), NULL, s->found_finished, NULL},
        {_("left out"), NULL, s->skipped_rows, g_strdup(_("rows or inputs that do not fit"))},
    };
    guint label_cells = 0;
    for (guint i = 0; i < G_N_ELEMENTS(totals); i++)
        label_cells = MAX(label_cells, table_width(totals[i].label));
    for (guint i = 0; i < G_N_ELEMENTS(totals); i++) {
        const total *t = &totals[i];
        if (i < 3 || t->n > 0) {
            g_string_append(out, "  ");
            append_colored(out, t->label, label_cells, in->color && t->n > 0 ? t->color : NULL);
            append_number(out, t->n, NUMBER_CELLS);
            g_string_append_printf(out, "%s%s\n", t->note ? "  " : "", t->note ? t->note : "");
        }
        g_free(t->note);
    }
}

static void append_right(GString *out, const char *text, guint cells)
{
    for (guint pad = table_width(text); pad < cells; pad++)
        g_string_append_c(out, ' ');
    g_string_append(out, text);
}

/* Cells of each column but the last, with the gap before it. */
typedef struct {
    guint id, verdict, pages, held;
} columns;

static columns measure(const run_table_input *in, guint n)
{
    columns c = {table_width(_("id")), table_width(_("result")), table_width(_("pages")) + 2, table_width(_("held")) + 2};
    for (guint i = 0; i < n; i++) {
        const run_table_row *row = in->unsettled->pdata[i];
        c.id = MAX(c.id, MIN(table_width(row->id), ID_CELLS_MAX));
        c.verdict = MAX(c.verdict, table_width(run_table_verdict(row->verdict)));
    }
    c.pages = MAX(c.pages, NUMBER_CELLS);
    c.held = MAX(c.held, NUMBER_CELLS);
    return c;
}

static void append_row(GString *out, const run_table_row *row, const columns *c, const run_table_input *in)
{
    guint before = 2 + c->id + 2 + c->verdict + c->pages + c->held + 2;
    guint why_cells = table_width(row->why), room = in->cells > before + WHY_CELLS_LEAST ? in->cells - before : WHY_CELLS_LEAST;
    g_string_append(out, "  ");
    table_append(out, row->id, c->id);
    g_string_append(out, "  ");
    append_colored(out, run_table_verdict(row->verdict), c->verdict, in->color ? color_of(row->verdict) : NULL);
    append_number(out, row->pages, c->pages);
    append_number(out, row->held, c->held);
    g_string_append(out, "  ");
    table_append(out, row->why, in->cells ? MIN(why_cells, room) : why_cells);
    g_string_append_c(out, '\n');
}

static void append_unsettled(GString *out, const run_table_input *in)
{
    guint n = MIN(in->unsettled->len, ROWS_MAX);
    const columns c = measure(in, n);
    if (n == 0)
        return;
    g_string_append(out, "\n  ");
    table_append(out, _("id"), c.id);
    g_string_append(out, "  ");
    table_append(out, _("result"), c.verdict);
    append_right(out, _("pages"), c.pages);
    append_right(out, _("held"), c.held);
    g_string_append_printf(out, "  %s\n", _("why"));
    for (guint i = 0; i < n; i++)
        append_row(out, in->unsettled->pdata[i], &c, in);
    if (in->unsettled->len > n) {
        g_string_append(out, "  ");
        g_string_append_printf(out, _("... and %u more: see %s/summary.csv"), in->unsettled->len - n, in->output_dir);
        g_string_append_c(out, '\n');
    }
}

char *run_table(const run_table_input *in)
{
    const bf_batch_summary *s = in->summary;
    GString *out = g_string_new(NULL);
    guint packages = s->released + s->held + s->failed;
    g_autofree char *time = progress_clock(in->seconds);
    g_string_append_printf(out, ngettext("%u package", "%u packages", packages), packages);
    g_string_append(out, _(", "));
    g_string_append_printf(out, ngettext("%u page", "%u pages", s->pages), s->pages);
    g_string_append(out, _(", "));
    g_string_append(out, time);
    if (in->pages_done > 0 && in->seconds > 0) {
        g_string_append(out, _(", "));
        g_string_append_printf(out, _("%.1f pages/s"), in->pages_done / in->seconds);
    }
    g_string_append_c(out, '\n');
    append_totals(out, in);
    append_unsettled(out, in);
    return g_string_free(out, FALSE);
}
