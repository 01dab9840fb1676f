#include "cmd/eval.h"
#include "cmd/table.h"

#include <glib/gi18n.h>
#include <math.h>

void eval_wilson(guint k, guint n, double *low, double *high)
{
    const double z = 1.959964;
    if (n == 0) {
        *low = 0;
        *high = 1;
        return;
    }
    double p = (double)k / n, scale = 1 + z * z / n;
    double middle = (p + z * z / (2.0 * n)) / scale, half = z * sqrt(p * (1 - p) / n + z * z / (4.0 * n * n)) / scale;
    *low = MAX(0, middle - half);
    *high = MIN(1, middle + half);
}

static guint shown(const eval_tally *t)
{
    return t->n[EVAL_HIDDEN] + t->n[EVAL_PARTLY] + t->n[EVAL_VISIBLE];
}

/* A fraction, and its interval in percent. */
static void append_share(GString *out, const char *what, guint k, guint n)
{
    double low, high;
    eval_wilson(k, n, &low, &high);
    table_append(out, what, 42);
    g_string_append_printf(out, " %5u / %-5u  %6.2f%%  (95%%: %.2f - %.2f)\n", k, n, n ? 100.0 * k / n : 0, 100 * low, 100 * high);
}

typedef struct {
    GString *out;
    bool our_words; /* they are in the catalogue; else they are the truth's */
} table_text;

static gboolean append_row(gpointer word, gpointer value, gpointer user)
{
    const table_text *text = user;
    const eval_tally *t = value;
    double low, high;
    eval_wilson(t->n[EVAL_HIDDEN], shown(t), &low, &high);
    g_string_append_printf(text->out, "| %s | %u | %u | %u | %u | %u | %.1f - %.1f%% | %u | %u | %u | %u |\n",
                           text->our_words ? _(word) : (const char *)word, shown(t), t->n[EVAL_HIDDEN],
                           t->n[EVAL_PARTLY] + t->n[EVAL_VISIBLE], t->leaks, t->n[EVAL_WITHHELD], 100 * low, 100 * high, t->pages, t->held,
                           t->needless, t->false_masks);
    return FALSE;
}

static void append_table(GString *out, const char *what, GTree *tree, bool our_words)
{
    table_text text = {out, our_words};
    g_string_append_printf(out, "\n| %s | %s |\n|---|---|---|---|---|---|---|---|---|---|---|\n", what,
                           _("shown | hidden | visible | leaks | withheld | hidden, 95% | pages | held | needlessly | false masks"));
    g_tree_foreach(tree, append_row, &text);
}

static gboolean append_count(gpointer word, gpointer value, gpointer user)
{
    g_string_append_printf(user, "    %s: %u\n", (const char *)word, *(const guint *)value);
    return FALSE;
}

char *eval_text(const eval_score *s)
{
    const eval_tally *a = &s->all, *r = &s->released;
    guint turned = s->upright_right + s->upright_wrong + s->upright_unknown;
    GString *out = g_string_new(NULL);
    g_string_append_printf(out, _("packages: %u released, %u held, %u failed; pages: %u, %u of them in no report\n"), s->packages[2],
                           s->packages[1], s->packages[0], a->pages, s->pages_missing);
    g_string_append_printf(out, _("LEAKS (visible, all or in part, in a released package): %u\n"), a->leaks);
    append_share(out, _("occurrences visible in released packages"), a->leaks, shown(r));
    append_share(out, _("occurrences found"), a->n[EVAL_HIDDEN], shown(a));
    append_share(out, _("pages held"), a->held, a->pages);
    g_tree_foreach(s->held_reasons, append_count, out);
    g_string_append_printf(out, _("    only because the name was expected there and is indeed missing: %u\n"), s->misfiled);
    append_share(out, _("legible pages held needlessly"), a->needless, a->legible);
    g_tree_foreach(s->needless_reasons, append_count, out);
    append_share(out, _("orientation right"), s->upright_right, turned);
    g_string_append_printf(out, _("    wrong: %u, unknown: %u\n"), s->upright_wrong, s->upright_unknown);
    g_string_append_printf(
        out, _("false masks: %u of %u, %u of them on other people's names: %.2f per 100 pages; masks that are not black: %u\n"),
        a->false_masks, s->masks, s->false_on_names, 100.0 * a->false_masks / MAX(a->pages, 1), s->not_black);
    for (guint i = 0; i < s->remarks->len; i++)
        g_string_append_printf(out, "  %s\n", (const char *)s->remarks->pdata[i]);
    append_table(out, _("form"), s->by_form, false);
    append_table(out, _("kind"), s->by_kind, false);
    append_table(out, _("capture"), s->by_capture, false);
    append_table(out, _("height"), s->by_height, true);
    return g_string_free(out, FALSE);
}

/* ---- JSON ---- */

static void print_string(FILE *to, const char *text)
{
    fputc('"', to);
    for (const char *p = text; *p; p++)
        if (*p == '"' || *p == '\\')
            fprintf(to, "\\%c", *p);
        else if ((unsigned char)*p < 0x20)
            fprintf(to, "\\u%04x", (unsigned)*p);
        else
            fputc(*p, to);
    fputc('"', to);
}

/* A point in every locale. */
static void print_number(FILE *to, double value)
{
    char digits[G_ASCII_DTOSTR_BUF_SIZE];
    fputs(g_ascii_formatd(digits, sizeof digits, "%.5f", value), to);
}

static void print_json_share(FILE *to, const char *key, guint k, guint n)
{
    double low, high;
    eval_wilson(k, n, &low, &high);
    fprintf(to, "\"%s\": {\"count\": %u, \"of\": %u, \"low\": ", key, k, n);
    print_number(to, low);
    fputs(", \"high\": ", to);
    print_number(to, high);
    fputc('}', to);
}

static void print_json_tally(FILE *to, const eval_tally *t)
{
    fprintf(to, "{\"hidden\": %u, \"partly\": %u, \"visible\": %u, \"withheld\": %u, \"leaks\": %u, ", t->n[EVAL_HIDDEN], t->n[EVAL_PARTLY],
            t->n[EVAL_VISIBLE], t->n[EVAL_WITHHELD], t->leaks);
    print_json_share(to, "found", t->n[EVAL_HIDDEN], shown(t));
    fprintf(to, ", \"pages\": %u, \"held\": %u, \"legible\": %u, \"needless\": %u, \"false_masks\": %u}", t->pages, t->held, t->legible,
            t->needless, t->false_masks);
}

typedef struct {
    FILE *to;
    bool more, counts;
} list;

static gboolean print_json_member(gpointer word, gpointer value, gpointer user)
{
    list *l = user;
    fputs(l->more ? ", " : "", l->to);
    l->more = true;
    print_string(l->to, word);
    fputs(": ", l->to);
    if (l->counts)
        fprintf(l->to, "%u", *(const guint *)value);
    else
        print_json_tally(l->to, value);
    return FALSE;
}

static void print_json_tree(FILE *to, const char *key, GTree *tree, bool counts)
{
    list l = {to, false, counts};
    fprintf(to, ",\n  \"%s\": {", key);
    g_tree_foreach(tree, print_json_member, &l);
    fputc('}', to);
}

void eval_print_json(const eval_score *s, FILE *to)
{
    const eval_tally *a = &s->all;
    fprintf(to, "{\n  \"schema\": \"blindfold.eval/1\",\n  \"packages\": {\"released\": %u, \"held\": %u, \"failed\": %u},\n  \"all\": ",
            s->packages[2], s->packages[1], s->packages[0]);
    print_json_tally(to, a);
    fputs(",\n  ", to);
    print_json_share(to, "visible_in_released", a->leaks, shown(&s->released));
    fputs(",\n  ", to);
    print_json_share(to, "needless_of_legible", a->needless, a->legible);
    fprintf(to, ",\n  \"misfiled\": %u", s->misfiled);
    fprintf(to, ",\n  \"orientation\": {\"right\": %u, \"wrong\": %u, \"unknown\": %u}", s->upright_right, s->upright_wrong,
            s->upright_unknown);
    fprintf(to,
            ",\n  \"masks\": {\"all\": %u, \"false\": %u, \"false_on_names\": %u, \"not_black\": %u, \"false_per_100_pages\": ", s->masks,
            a->false_masks, s->false_on_names, s->not_black);
    print_number(to, 100.0 * a->false_masks / MAX(a->pages, 1));
    fputc('}', to);
    print_json_tree(to, "held_reasons", s->held_reasons, true);
    print_json_tree(to, "needless_reasons", s->needless_reasons, true);
    print_json_tree(to, "by_form", s->by_form, false);
    print_json_tree(to, "by_kind", s->by_kind, false);
    print_json_tree(to, "by_capture", s->by_capture, false);
    print_json_tree(to, "by_height", s->by_height, false);
    fputs("\n}\n", to);
}
