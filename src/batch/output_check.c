#include "blindfold/output_check.h"

#include "batch/arrive.h"
#include "blindfold/package.h"
#include "blindfold/report.h"

#include <glib/gi18n.h>
#include <string.h>

typedef struct {
    char *sha256_in, *sha256_out, *decision;
} page_line;

/* What the record last said about a package. */
typedef struct {
    char *verdict, *input_sha256, *output, *output_sha256;
    GHashTable *pages; /* entry_index -> page_line *; those since the package line before this one */
    guint n_page_lines;
    bool doubled;
} package_word;

typedef struct {
    const char *dir;
    bf_say_func say;
    void *user;
    GHashTable *begun, *words; /* id -> package_word *: pages without their package line yet; whole */
    bf_state *state;           /* NULL: none to ask */
    bf_output_check result;
} checking;

static void page_line_free(gpointer data)
{
    page_line *p = data;
    g_free(p->sha256_in);
    g_free(p->sha256_out);
    g_free(p->decision);
    g_free(p);
}

static package_word *word_new(void)
{
    package_word *w = g_new0(package_word, 1);
    w->pages = g_hash_table_new_full(NULL, NULL, NULL, page_line_free);
    return w;
}

static void word_free(gpointer data)
{
    package_word *w = data;
    g_free(w->verdict);
    g_free(w->input_sha256);
    g_free(w->output);
    g_free(w->output_sha256);
    g_hash_table_unref(w->pages);
    g_free(w);
}

static void flaw(checking *c, const char *id, const char *format, ...) G_GNUC_PRINTF(3, 4);
static void flaw(checking *c, const char *id, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *what = g_strdup_vprintf(format, args);
    g_autofree char *sentence = g_strdup_printf(_("id %s: %s"), id, what);
    va_end(args);
    c->result.flaws++;
    if (c->say)
        c->say(c->user, sentence);
}

static bool on_line(const bf_audit_entry *e, void *user)
{
    checking *c = user;
    bool page = strcmp(e->event, "page") == 0, package = strcmp(e->event, "package") == 0;
    if (!page && !package)
        return true;
    package_word *w = g_hash_table_lookup(c->begun, e->id);
    if (!w)
        g_hash_table_insert(c->begun, g_strdup(e->id), w = word_new());
    if (page) {
        page_line *p = g_new0(page_line, 1);
        p->sha256_in = g_strdup(e->sha256_in);
        p->sha256_out = g_strdup(e->sha256_out);
        p->decision = g_strdup(e->outcome);
        w->doubled |= g_hash_table_contains(w->pages, GINT_TO_POINTER((gint)e->entry_index + 1));
        w->n_page_lines++;
        g_hash_table_insert(w->pages, GINT_TO_POINTER((gint)e->entry_index + 1), p);
        return true;
    }
    w->verdict = g_strdup(e->outcome);
    w->input_sha256 = g_strdup(e->input_sha256);
    w->output = g_strdup(e->output);
    w->output_sha256 = g_strdup(e->output_sha256);
    if (e->n_pages >= 0 && (guint)e->n_pages != w->n_page_lines)
        flaw(c, e->id, _("line %llu of the record: %d pages, but %u lines of pages before it"), e->seq + 1ULL, (int)e->n_pages,
             w->n_page_lines);
    gpointer id;
    g_hash_table_steal_extended(c->begun, e->id, &id, NULL);
    g_hash_table_replace(c->words, id, w);
    return true;
}

static void check_zip(checking *c, const char *id, const package_word *w)
{
    static const char *const folders[] = {"packages", "held"};
    for (guint i = 0; i < G_N_ELEMENTS(folders); i++) {
        g_autofree char *place = g_strdup_printf("%s/%s.zip", folders[i], id), *path = g_build_filename(c->dir, place, NULL);
        char hex[BF_SHA256_HEX] = "";
        bool there = g_file_test(path, G_FILE_TEST_EXISTS | G_FILE_TEST_IS_SYMLINK), due = strcmp(w->output, place) == 0;
        if (there && !due)
            flaw(c, id, _("%s is there, but the record does not say so"), place);
        else if (!there && due)
            flaw(c, id, _("%s is missing"), place);
        else if (due && (!arrive_file_sha256(path, hex) || strcmp(hex, w->output_sha256) != 0))
            flaw(c, id, _("%s is not the file that the record says: it was changed"), place);
    }
    const char *due = strcmp(w->verdict, "released") == 0 ? "packages/" : strcmp(w->verdict, "held") == 0 ? "held/" : "";
    if (*due ? !g_str_has_prefix(w->output, due) : *w->output != '\0')
        flaw(c, id, _("the record says %s, and an output that does not fit it"), w->verdict);
}

static void check_page(checking *c, const char *id, const package_word *w, const bf_page_record *page)
{
    const page_line *line = g_hash_table_lookup(w->pages, GINT_TO_POINTER((gint)page->entry_index + 1));
    if (!line)
        flaw(c, id, _("page %u of its report has no line in the record"), page->entry_index);
    else if (strcmp(line->sha256_in, page->page.sha256_in) != 0 || strcmp(line->sha256_out, page->page.sha256_out) != 0 ||
             strcmp(line->decision, bf_decision_word(page->page.decision)) != 0)
        flaw(c, id, _("page %u: its report says something else than the record"), page->entry_index);
}

/* Each entry of the input once: a page or dropped. `n_entries` of the input, less its folders; < 0: not known. */
static void check_entries(checking *c, const char *id, const bf_package_result *r, gint64 n_entries)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    guint n = r->pages->len + r->dropped->len;
    for (guint i = 0; i < r->pages->len; i++)
        g_hash_table_add(seen, GUINT_TO_POINTER(((bf_page_record *)r->pages->pdata[i])->entry_index + 1));
    for (guint i = 0; i < r->dropped->len; i++)
        g_hash_table_add(seen, GUINT_TO_POINTER(((bf_dropped_entry *)r->dropped->pdata[i])->entry_index + 1));
    if (g_hash_table_size(seen) != n)
        flaw(c, id, _("its report lists an entry of the input twice"));
    if (n_entries >= 0 && n_entries != (gint64)n)
        flaw(c, id, _("its input has %d files, its report accounts for %u"), (int)n_entries, n);
}

/* How many files the input has, if it is still there and the same; else -1. */
static gint64 count_input(checking *c, const char *id, const char *input_sha256)
{
    g_autoptr(bf_state_package) p = NULL;
    g_autoptr(bf_package) package = NULL;
    gint64 n = 0;
    if (!c->state || !bf_state_get_package(c->state, id, &p, NULL) || !p || !p->input_path ||
        !bf_package_open(p->input_path, NULL, &package, NULL) || strcmp(bf_package_sha256(package), input_sha256) != 0)
        return -1;
    for (guint i = 0; i < bf_package_n_entries(package); i++)
        n += g_strcmp0(bf_package_get_entry(package, i)->drop, "directory") != 0;
    c->result.inputs++;
    return n;
}

static void check_package(checking *c, const char *id, const package_word *w)
{
    g_autoptr(bf_package_result) r = NULL;
    c->result.packages++;
    c->result.pages += g_hash_table_size(w->pages);
    check_zip(c, id, w);
    if (w->doubled)
        flaw(c, id, _("a page stands twice in the record"));
    if (!bf_report_read(c->dir, id, &r, NULL)) {
        flaw(c, id, _("its report is missing, or is none"));
        return;
    }
    if (strcmp(r->input_sha256, w->input_sha256) != 0 || strcmp(r->output_sha256, w->output_sha256) != 0 ||
        g_strcmp0(r->output ? r->output : "", w->output) != 0 || strcmp(bf_verdict_word(r->verdict), w->verdict) != 0)
        flaw(c, id, _("its report says something else than the record"));
    if (r->pages->len != g_hash_table_size(w->pages))
        flaw(c, id, _("its report has %u pages, the record %u"), r->pages->len, g_hash_table_size(w->pages));
    for (guint i = 0; i < r->pages->len; i++)
        check_page(c, id, w, r->pages->pdata[i]);
    if (*w->input_sha256)
        check_entries(c, id, r, count_input(c, id, w->input_sha256));
}

/* What stands in a folder without a word of the record. */
static void check_strays(checking *c, const char *folder, const char *suffix)
{
    g_autofree char *path = g_build_filename(c->dir, folder, NULL);
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    for (const char *name = NULL; dir && (name = g_dir_read_name(dir));) {
        if (!g_str_has_suffix(name, suffix) || name[0] == '.')
            continue;
        g_autofree char *id = g_strndup(name, strlen(name) - strlen(suffix));
        if (!g_hash_table_contains(c->words, id) && g_utf8_validate(id, -1, NULL))
            flaw(c, id, _("%s holds something of it, and the record does not know it"), folder);
    }
}

static int compare_ids(gconstpointer a, gconstpointer b)
{
    return strcmp(a, b);
}

bool bf_output_verify(const char *output_dir, bf_say_func say, void *user, bf_output_check *out, GError **error)
{
    g_autoptr(GHashTable) begun = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, word_free);
    g_autoptr(GHashTable) words = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, word_free);
    g_autofree char *path = g_build_filename(output_dir, "audit.jsonl", NULL);
    checking c = {.dir = output_dir, .say = say, .user = user, .begun = begun, .words = words};
    if (!bf_audit_foreach(path, on_line, &c, error))
        return false;
    g_autoptr(bf_state) state = NULL;
    if (bf_state_open(output_dir, "state.db", NULL, NULL, NULL, &state, NULL))
        c.state = state;
    g_autoptr(GList) ids = g_list_sort(g_hash_table_get_keys(words), compare_ids);
    for (GList *at = ids; at; at = at->next)
        check_package(&c, at->data, g_hash_table_lookup(words, at->data));
    check_strays(&c, "packages", ".zip");
    check_strays(&c, "held", ".zip");
    check_strays(&c, "reports", ".json");
    *out = c.result;
    return true;
}
