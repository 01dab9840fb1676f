#include "cmd/preview_run.h"
#include "blindfold/words.h"
#include "cmd/cmd.h"
#include "cmd/language.h"
#include "cmd/table.h"

#include <glib/gi18n.h>
#include <unistd.h>

enum { NUMBER_CELLS = 9 };

static void append_right(GString *out, const char *text)
{
    for (guint pad = table_width(text); pad < NUMBER_CELLS; pad++)
        g_string_append_c(out, ' ');
    g_string_append(out, text);
}

static const char *in_words(const char *problem)
{
    const bf_word *word = bf_words_find(problem);
    return word ? word->label[cmd_language()] : problem;
}

static void print_table(const GPtrArray *rows)
{
    g_autoptr(GString) out = g_string_new(NULL);
    guint id_cells = table_width(_("id"));
    for (guint i = 0; i < rows->len; i++)
        id_cells = MAX(id_cells, table_width(((const bf_batch_preview_row *)rows->pdata[i])->row->id));
    table_append(out, _("id"), id_cells);
    append_right(out, _("pages"));
    append_right(out, _("left out"));
    g_string_append_c(out, '\n');
    for (guint i = 0; i < rows->len; i++) {
        const bf_batch_preview_row *row = rows->pdata[i];
        table_append(out, row->row->id, id_cells);
        g_string_append_printf(out, "%*u%*u  %s\n", NUMBER_CELLS, row->pages, NUMBER_CELLS, row->dropped,
                               row->problem ? in_words(row->problem) : _("ready"));
    }
    g_print("%s", out->str);
}

static void print_lines(const GPtrArray *rows)
{
    for (guint i = 0; i < rows->len; i++) {
        const bf_batch_preview_row *row = rows->pdata[i];
        g_print("%s\t%u\t%u\t%s\n", row->row->id, row->pages, row->dropped, row->problem ? row->problem : "ready");
    }
}

int preview_run(const bf_batch_settings *settings, progress *shown)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) rows = NULL;
    guint pages = 0, broken = 0, left_out = 0;
    if (!bf_batch_preview(settings, &rows, &left_out, &error)) {
        progress_say(shown, error->message);
        return CMD_STOPPED;
    }
    for (guint i = 0; i < rows->len; i++) {
        const bf_batch_preview_row *row = rows->pdata[i];
        pages += row->pages;
        broken += row->problem != NULL;
    }
    (isatty(STDOUT_FILENO) ? print_table : print_lines)(rows);
    cmd_say(_("%u packages with %u pages would be processed, %u cannot be opened; nothing was written"), rows->len - broken, pages, broken);
    if (left_out > 0 && !settings->skip_bad_rows) {
        cmd_say(ngettext("but the run would stop: %u line above does not fit; mend it, or pass --skip-bad-rows",
                         "but the run would stop: %u lines above do not fit; mend them, or pass --skip-bad-rows", left_out),
                left_out);
        return CMD_STOPPED;
    }
    return broken || left_out ? CMD_INPUT : CMD_OK;
}
