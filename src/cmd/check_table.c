#include "cmd/check_table.h"
#include "blindfold/check_report.h"
#include "cmd/table.h"

#include <glib/gi18n.h>
#include <math.h>

enum { ENTRY_MAX = 34, SENTENCE_MAX = 52 };

/* One finding's row, before the columns' widths are known. */
typedef struct {
    guint number; /* of its page; 0: of the package */
    char *entry, *score, *sentence;
    const char *remedy, *mark;
} table_row;

static void row_clear(void *p)
{
    table_row *r = p;
    g_free(r->entry);
    g_free(r->score);
    g_free(r->sentence);
}

static const char *mark_of(bf_finding_weight weight)
{
    return weight == BF_FINDING_MEND ? "!" : weight == BF_FINDING_WARN ? "?" : " ";
}

static char *sentence_of(const bf_finding *f)
{
    char *sentence = bf_check_sentence(f);
    if (bf_rect_is_empty(f->place))
        return sentence;
    char *placed = g_strdup_printf("%s [%d,%d %dx%d]", sentence, f->place.x, f->place.y, f->place.w, f->place.h);
    g_free(sentence);
    return placed;
}

static void add_rows(GArray *rows, const GArray *findings, guint number, const bf_checked_page *page)
{
    for (guint i = 0; i < findings->len; i++) {
        const bf_finding *f = &g_array_index(findings, bf_finding, i);
        bool first = i == 0;
        table_row r = {.number = first ? number : 0,
                       .entry = g_strdup(first && page ? page->entry : ""),
                       .score = first && page && page->legibility ? g_strdup_printf("%d", (int)lroundf(page->score * 100)) : g_strdup(""),
                       .sentence = sentence_of(f),
                       .remedy = f->weight > BF_FINDING_NOTE ? bf_check_remedy(f->rule) : "",
                       .mark = mark_of(f->weight)};
        g_array_append_val(rows, r);
    }
}

static void append_row(GString *out, const char *number, const table_row *r, guint entry_cells, guint sentence_cells)
{
    g_autoptr(GString) line = g_string_new(NULL);
    g_string_append_printf(line, "%4s  ", number);
    table_append(line, r->entry, entry_cells);
    for (guint pad = table_width(r->score); pad < 5; pad++)
        g_string_append_c(line, ' ');
    g_string_append_printf(line, "%s  %s ", r->score, r->mark);
    table_append(line, r->sentence, MAX(sentence_cells, table_width(r->sentence)));
    g_string_append_printf(line, "  %s", r->remedy);
    g_string_append_printf(out, "%s\n", g_strchomp(line->str));
}

static void append_rows(GString *out, const GArray *rows)
{
    table_row head = {
        .entry = (char *)_("page"), .score = (char *)_("score"), .sentence = (char *)_("what"), .remedy = _("what to do"), .mark = " "};
    guint entry_cells = table_width(head.entry), sentence_cells = table_width(head.sentence);
    if (rows->len == 0)
        return;
    for (guint i = 0; i < rows->len; i++) {
        const table_row *r = &g_array_index(rows, table_row, i);
        entry_cells = MAX(entry_cells, MIN(table_width(r->entry), ENTRY_MAX));
        sentence_cells = MAX(sentence_cells, MIN(table_width(r->sentence), SENTENCE_MAX));
    }
    append_row(out, "#", &head, entry_cells, sentence_cells);
    for (guint i = 0; i < rows->len; i++) {
        const table_row *r = &g_array_index(rows, table_row, i);
        g_autofree char *number = r->number > 0 ? g_strdup_printf("%u", r->number) : g_strdup("");
        append_row(out, number, r, entry_cells, sentence_cells);
    }
}

static void append_missing(GString *out, const GPtrArray *missing)
{
    for (guint i = 0; i < missing->len; i++) {
        const bf_missing *m = missing->pdata[i];
        g_string_append_printf(out, "   !  ");
        g_string_append_printf(out, _("missing: %s"), m->title);
        g_string_append(out, " (");
        g_string_append_printf(out, _("%d of %d"), m->found, m->wanted);
        g_string_append(out, ")\n");
    }
}

static void append_counts(GString *out, const bf_checked_package *package)
{
    guint count[3] = {0}, good = 0;
    for (guint i = 0; i < package->pages->len; i++) {
        bf_finding_weight worst = BF_FINDING_NOTE;
        bf_findings_worst(((const bf_checked_page *)package->pages->pdata[i])->findings, &worst);
        count[worst]++;
    }
    good = count[BF_FINDING_NOTE];
    g_string_append_printf(out, ngettext("%u page", "%u pages", package->pages->len), package->pages->len);
    g_string_append(out, _(": "));
    g_string_append_printf(out, _("%u good, %u doubtful (?), %u to mend (!)"), good, count[BF_FINDING_WARN], count[BF_FINDING_MEND]);
    if (package->missing->len > 0) {
        g_string_append(out, _(", "));
        g_string_append_printf(out, _("%u missing"), package->missing->len);
    }
    if (package->interrupted)
        g_string_append(out, _(" (interrupted)"));
    g_string_append_c(out, '\n');
}

char *check_table(const GPtrArray *packages)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < packages->len; i++) {
        const bf_checked_package *package = packages->pdata[i];
        g_autoptr(GArray) order = bf_check_worst_first(package), rows = g_array_new(FALSE, FALSE, sizeof(table_row));
        g_array_set_clear_func(rows, row_clear);
        add_rows(rows, package->findings, 0, NULL);
        for (guint k = 0; k < order->len; k++) {
            guint number = g_array_index(order, guint, k);
            const bf_checked_page *page = package->pages->pdata[number];
            add_rows(rows, page->findings, number + 1, page);
        }
        if (*package->label)
            g_string_append_printf(out, "%s\n", package->label);
        append_rows(out, rows);
        append_missing(out, package->missing);
        append_counts(out, package);
    }
    return g_string_free(out, FALSE);
}
