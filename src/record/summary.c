#include "record/file_replace.h"
#include "record/report_file.h"
#include <errno.h>
#include <glib/gi18n.h>
#include <string.h>

#define HEAD "\xEF\xBB\xBFid,verdict,reasons,pages,masked,clear,review,masks,dropped,input_sha256,output_sha256\r\n"

static int compare_ids(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

bool bf_report_list(const char *output_dir, GPtrArray **out, GError **error)
{
    g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *folder = g_build_filename(output_dir, "reports", NULL);
    g_autoptr(GError) cause = NULL;
    g_autoptr(GDir) dir = g_dir_open(folder, 0, &cause);
    if (!dir && !g_error_matches(cause, G_FILE_ERROR, G_FILE_ERROR_NOENT)) {
        g_set_error(error, BF_REPORT_ERROR, BF_REPORT_ERROR_OPEN, "%s", cause->message);
        return false;
    }
    for (const char *name = NULL; dir && (name = g_dir_read_name(dir));) {
        if (!g_str_has_suffix(name, ".json"))
            continue;
        g_autofree char *id = g_strndup(name, strlen(name) - strlen(".json"));
        if (bf_report_id_is_safe(id))
            g_ptr_array_add(ids, g_steal_pointer(&id));
    }
    g_ptr_array_sort(ids, compare_ids);
    *out = g_steal_pointer(&ids);
    return true;
}

/* Spreadsheets run a cell that begins so, in the East Asian versions also one that begins with the full-width form. */
static bool looks_like_formula(const char *text)
{
    gunichar first = g_utf8_get_char(text);
    return first != 0 && g_utf8_strchr("=+-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20", -1, first) != NULL;
}

/* Spreadsheets make a number or a date of it, and what they then show is another text: 0012, 2026-11, 1E5, an identity card's number. */
static bool looks_like_number(const char *text)
{
    gsize n = strlen(text), digits = strspn(text, "0123456789");
    if (digits == 0 && text[0] != '.')
        return false;
    if (digits == n)
        return n > 15 || (n > 1 && text[0] == '0');
    return strspn(text, "0123456789-./:,%eE+") == n;
}

static void append_field(GString *row, const char *text)
{
    g_autoptr(GString) field = g_string_new(looks_like_formula(text) ? "'" : "");
    g_string_append(field, text);
    if (looks_like_number(text))
        g_string_append_c(field, '\t'); /* is not seen, and makes it a text */
    if (!strpbrk(field->str, ",\"\r\n\t")) {
        g_string_append(row, field->str);
        return;
    }
    g_string_replace(field, "\"", "\"\"", 0);
    g_string_append_printf(row, "\"%s\"", field->str);
}

static void append_reasons(GString *row, const GPtrArray *reasons)
{
    g_autoptr(GString) joined = g_string_new(NULL);
    for (guint i = 0; reasons && i < reasons->len; i++)
        g_string_append_printf(joined, "%s%s", i > 0 ? " " : "", (const char *)reasons->pdata[i]);
    append_field(row, joined->str);
}

static void append_row(GString *csv, const bf_package_result *result)
{
    guint n_by_decision[BF_DECISION_CLEAR + 1] = {0};
    guint n_masks = 0;
    for (guint i = 0; i < result->pages->len; i++) {
        const bf_page_record *record = result->pages->pdata[i];
        n_by_decision[record->page.decision]++;
        n_masks += record->page.masks ? record->page.masks->len : 0;
    }
    append_field(csv, result->id);
    g_string_append_printf(csv, ",%s,", bf_verdict_word(result->verdict));
    append_reasons(csv, result->reasons);
    g_string_append_printf(csv, ",%u,%u,%u,%u,%u,%u,%s,%s\r\n", result->pages->len, n_by_decision[BF_DECISION_MASKED],
                           n_by_decision[BF_DECISION_CLEAR], n_by_decision[BF_DECISION_REVIEW], n_masks, result->dropped->len,
                           result->input_sha256, result->output_sha256);
}

/* One report after the other, so that the memory needed is that of the largest. */
static void append_report(GString *csv, const char *output_dir, const char *id)
{
    g_autoptr(bf_package_result) result = NULL;
    if (!bf_report_read(output_dir, id, &result, NULL)) {
        result = bf_package_result_new(id);
        result->reasons = g_ptr_array_new();
        g_ptr_array_add(result->reasons, (gpointer) "report-unreadable");
    }
    append_row(csv, result);
}

bool bf_report_write_summary(const char *output_dir, GError **error)
{
    g_autoptr(GPtrArray) ids = NULL;
    if (!bf_report_list(output_dir, &ids, error))
        return false;
    g_autoptr(GString) csv = g_string_new(HEAD);
    for (guint i = 0; i < ids->len; i++)
        append_report(csv, output_dir, ids->pdata[i]);
    g_autofree char *path = g_build_filename(output_dir, "summary.csv", NULL);
    g_autoptr(GError) cause = NULL;
    if (!bf_file_replace(path, csv->str, csv->len, 0644, &cause)) {
        g_set_error(error, BF_REPORT_ERROR, BF_REPORT_ERROR_WRITE, _("%s: cannot be written: %s"), path, cause->message);
        return false;
    }
    return true;
}
