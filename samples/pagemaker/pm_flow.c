#include "pm_flow.h"
#include "pm_words.h"
#include <math.h>
#include <wchar.h>

#define UNBOUNDED 1e6 /* a column that is one line, however long */

pm_flow pm_flow_new(void)
{
    return (pm_flow){g_array_new(FALSE, FALSE, sizeof(pm_cell))};
}

void pm_flow_clear(pm_flow *flow)
{
    g_clear_pointer(&flow->cells, g_array_unref);
}

void pm_flow_text(pm_flow *flow, const pm_style *s, const char *text)
{
    for (const char *p = text; *p; p = g_utf8_next_char(p)) {
        const pm_cell cell = {.c = g_utf8_get_char(p), .style = *s};
        g_array_append_val(flow->cells, cell);
    }
}

void pm_flow_name(pm_canvas *c, pm_flow *flow, const pm_style *s, const pm_person *who, pm_form form, const char *text)
{
    pm_occurrence *occ = pm_occurrence_new(c, who == c->person, text, form, s->size);
    const guint first = flow->cells->len;
    pm_flow_text(flow, s, text);
    for (guint i = first; i < flow->cells->len; i++)
        g_array_index(flow->cells, pm_cell, i).occ = occ;
    if (form == PM_FORM_LINE_BREAK && flow->cells->len > first)
        g_array_index(flow->cells, pm_cell, first).want_break = true;
}

static bool is_latin(gunichar ch)
{
    return ch > ' ' && ch < 0x250 && ch != 0xb7;
}

/* Marks that may not begin a line, and those that may not end one. */
static bool closes(gunichar ch)
{
    return wcschr(L"，。、；：！？）》」』”’…·•．‧・,.;:!?)", (wchar_t)ch) != NULL;
}

static bool opens(gunichar ch)
{
    return wcschr(L"（《「『“‘(", (wchar_t)ch) != NULL;
}

static double cell_width(pm_canvas *c, const pm_cell *cell)
{
    return pm_char_width(c, &cell->style, cell->c) + cell->style.spacing * cell->style.size;
}

static bool may_break_before(const pm_flow *flow, guint i)
{
    const gunichar here = g_array_index(flow->cells, pm_cell, i).c, before = g_array_index(flow->cells, pm_cell, i - 1).c;
    if (closes(here) || opens(before) || here == ' ')
        return false;
    return !(is_latin(here) && is_latin(before));
}

/* Puts phrases before the name at cell i so that `room` is left for it on its line and only a part of the name fits. */
static void pad_to_break(pm_canvas *c, pm_flow *flow, guint i, double room)
{
    pm_style style = g_array_index(flow->cells, pm_cell, i > 0 ? i - 1 : i).style;
    style.underline = false;
    guint n = 0;
    const pm_cell *first = &g_array_index(flow->cells, pm_cell, i);
    while (i + n < flow->cells->len && (first + n)->occ == first->occ)
        n++;
    if (n < 2)
        return;
    /* A dot may not begin a line: split after a character that is followed by another character. */
    guint keep = 1 + pm_random_below(&c->random, n - 1);
    while (keep > 1 && pm_char_is_filler(first[keep].c))
        keep--;
    double kept = 0;
    for (guint k = 0; k < keep; k++)
        kept += cell_width(c, first + k);
    int missing = (int)floor((room - kept) / style.size + 0.01);
    GArray *pad = g_array_new(FALSE, FALSE, sizeof(pm_cell));
    pm_flow phrases = {pad};
    guint which = pm_random_below(&c->random, 5);
    for (; missing > 0; missing -= 8)
        pm_flow_text(&phrases, &style, pm_word_filler((guint)MIN(missing, 8), which++));
    if (pad->len > 0)
        g_array_insert_vals(flow->cells, i, pad->data, pad->len);
    g_array_unref(pad);
}

/* One past the last cell of the line that begins at `start`. */
static guint line_end(pm_canvas *c, pm_flow *flow, guint start, double room)
{
    const double width = room;
    guint last_good = start;
    for (guint i = start; i < flow->cells->len; i++) {
        pm_cell *cell = &g_array_index(flow->cells, pm_cell, i);
        if (cell->c == '\n')
            return i + 1;
        if (cell->want_break) {
            cell->want_break = false;
            if (width < UNBOUNDED)
                pad_to_break(c, flow, i, room);
            cell = &g_array_index(flow->cells, pm_cell, i);
        }
        const double w = cell_width(c, cell);
        if (i > start && may_break_before(flow, i))
            last_good = i;
        /* A closing mark may hang over the margin by its own width. */
        if (w > room + (closes(cell->c) ? w : 0.01))
            return last_good > start ? last_good : MAX(i, start + 1);
        room -= w;
    }
    return flow->cells->len;
}

static void underline(pm_canvas *c, const pm_cell *cell, double x, double y, double w)
{
    if (!cell->style.underline)
        return;
    const double below = y + cell->style.size * 1.09;
    pm_rule(c, x, below, x + w, below, MAX(1.2, cell->style.size * 0.04));
}

/* The line's characters share the slack when the line is full; the last line of a paragraph stays as it is. */
static void draw_line(pm_canvas *c, const pm_flow *flow, guint start, guint end, const pm_column *column, double x, double y)
{
    const bool last = end == flow->cells->len || g_array_index(flow->cells, pm_cell, end - 1).c == '\n';
    double used = 0, tallest = 0;
    for (guint i = start; i < end; i++) {
        const pm_cell *cell = &g_array_index(flow->cells, pm_cell, i);
        used += cell->c == '\n' ? 0 : cell_width(c, cell);
        tallest = MAX(tallest, cell->style.size);
    }
    const double slack = column->x + column->width - x - used;
    const double extra = column->justify && !last && end - start > 1 && slack < 3 * tallest ? slack / (end - start - 1) : 0;
    for (guint i = start; i < end; i++) {
        const pm_cell *cell = &g_array_index(flow->cells, pm_cell, i);
        if (cell->c == '\n')
            continue;
        const double w = cell_width(c, cell) + extra;
        /* Different sizes on a line share the base line. */
        pm_char_draw(c, &cell->style, cell->c, x, y + 0.87 * (tallest - cell->style.size), cell->occ);
        underline(c, cell, x, y + 0.87 * (tallest - cell->style.size), w);
        x += w;
    }
    c->lines++;
}

static void note_line_break(const pm_flow *flow, guint end)
{
    if (end == 0 || end >= flow->cells->len)
        return;
    const pm_cell *before = &g_array_index(flow->cells, pm_cell, end - 1), *after = &g_array_index(flow->cells, pm_cell, end);
    if (before->occ && before->occ == after->occ && before->occ->form != PM_FORM_PINYIN && before->occ->form != PM_FORM_INITIALS)
        before->occ->form = PM_FORM_LINE_BREAK;
}

/* A name that was to go over a line end and did not is an ordinary one. One that did not fit on the page is none, nor is one of which a
 * single character did: it tells nobody's name. */
static void settle(pm_canvas *c, const pm_flow *flow, guint drawn)
{
    for (guint i = drawn; i < flow->cells->len; i++) {
        pm_occurrence *occ = g_array_index(flow->cells, pm_cell, i).occ;
        if (occ && occ->glyphs->len <= 1)
            for (guint k = i; k < flow->cells->len; k++)
                if (g_array_index(flow->cells, pm_cell, k).occ == occ)
                    g_array_index(flow->cells, pm_cell, k).occ = NULL;
        if (occ && occ->glyphs->len <= 1)
            g_ptr_array_remove(c->occurrences, occ);
    }
}

double pm_flow_draw(pm_canvas *c, pm_flow *flow, const pm_column *column)
{
    double y = column->y, x = column->x + column->indent;
    guint start = 0, lines = 0;
    GPtrArray *forced = g_ptr_array_new();
    for (guint i = 0; i < flow->cells->len; i++)
        if (g_array_index(flow->cells, pm_cell, i).want_break)
            g_ptr_array_add(forced, g_array_index(flow->cells, pm_cell, i).occ);
    for (guint i = 0; i < forced->len; i++)
        ((pm_occurrence *)forced->pdata[i])->form = PM_FORM_NAME;
    while (start < flow->cells->len && (column->max_lines == 0 || lines < column->max_lines)) {
        while (start < flow->cells->len && lines > 0 && g_array_index(flow->cells, pm_cell, start).c == ' ')
            start++;
        const guint end = line_end(c, flow, start, column->x + column->width - x);
        draw_line(c, flow, start, end, column, x, y);
        note_line_break(flow, end);
        const bool paragraph = g_array_index(flow->cells, pm_cell, end - 1).c == '\n';
        start = end;
        y += column->line_height;
        x = column->x + (paragraph ? column->indent : 0);
        lines++;
    }
    settle(c, flow, start);
    g_ptr_array_unref(forced);
    pm_flow_clear(flow);
    return y;
}

double pm_line_draw(pm_canvas *c, const pm_style *s, pm_align align, double x, double y, const char *markup)
{
    pm_flow flow = pm_flow_new();
    pm_flow_markup(c, &flow, s, markup);
    double width = 0;
    for (guint i = 0; i < flow.cells->len; i++)
        width += cell_width(c, &g_array_index(flow.cells, pm_cell, i));
    if (width > 0)
        width -= s->spacing * s->size;
    if (align != PM_ALIGN_LEFT)
        x -= align == PM_ALIGN_CENTRE ? width / 2 : width;
    const pm_column column = {.x = x, .y = y, .width = UNBOUNDED, .line_height = s->size * 1.3};
    pm_flow_draw(c, &flow, &column);
    return width;
}

void pm_cell_draw(pm_canvas *c, const pm_style *s, double x, double y, double w, double h, const char *markup)
{
    cairo_set_line_width(c->cr, 2);
    cairo_rectangle(c->cr, x, y, w, h);
    pm_canvas_set_rgb(c, 0x202020);
    cairo_stroke(c->cr);
    pm_flow flow = pm_flow_new();
    pm_flow_markup(c, &flow, s, markup);
    double width = 0;
    for (guint i = 0; i < flow.cells->len; i++)
        width += cell_width(c, &g_array_index(flow.cells, pm_cell, i));
    const double pad = 0.35 * s->size, inner = w - 2 * pad;
    double size = s->size;
    guint n = (guint)ceil(width / inner);
    while (n > 1 && n * size * 1.25 > h - 4 && size > 12) {
        size *= 0.92;
        n = (guint)ceil(width * size / s->size / inner * 1.05);
    }
    for (guint i = 0; i < flow.cells->len; i++) {
        pm_cell *cell = &g_array_index(flow.cells, pm_cell, i);
        cell->style.size *= size / s->size;
        if (cell->occ)
            cell->occ->height_px = (float)cell->style.size;
    }
    width *= size / s->size;
    const double line = size * 1.25, top = y + (h - MAX(n, 1) * line) / 2 + 0.12 * size;
    const pm_column column = {
        .x = n <= 1 ? x + (w - width) / 2 : x + pad, .y = top, .width = n <= 1 ? UNBOUNDED : inner, .line_height = line};
    pm_flow_draw(c, &flow, &column);
}

double pm_vertical_draw(pm_canvas *c, const pm_style *s, double x, double y, const char *markup)
{
    pm_flow flow = pm_flow_new();
    pm_flow_markup(c, &flow, s, markup);
    for (guint i = 0; i < flow.cells->len; i++) {
        const pm_cell *cell = &g_array_index(flow.cells, pm_cell, i);
        const double w = pm_char_width(c, &cell->style, cell->c);
        pm_char_draw(c, &cell->style, cell->c, x + (s->size - w) / 2, y, cell->occ);
        y += (1 + cell->style.spacing) * cell->style.size;
        if (cell->occ)
            cell->occ->form = PM_FORM_VERTICAL;
    }
    c->lines++;
    pm_flow_clear(&flow);
    return y;
}
