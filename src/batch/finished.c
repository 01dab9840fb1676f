#include "batch/finished.h"

#include "batch/arrive.h"
#include "blindfold/report.h"

#include <string.h>

GBytes *bf_output_read_page(bf_package *zip, const bf_page_record *record)
{
    for (guint i = 0; record->output_entry && i < bf_package_n_entries(zip); i++) {
        char hex[BF_SHA256_HEX];
        g_autoptr(GBytes) bytes = NULL;
        if (strcmp(bf_package_get_entry(zip, i)->name, record->output_entry) != 0)
            continue;
        if (!bf_package_read(zip, i, &bytes, NULL))
            return NULL;
        bf_sha256_of(bytes, hex);
        return strcmp(hex, record->page.sha256_out) == 0 ? g_steal_pointer(&bytes) : NULL;
    }
    return NULL;
}

/* The output is where the verdict says, is what the report says, and the other folder has none. */
static bool output_stands(const bf_output *o, const bf_package_result *r)
{
    bool released = r->verdict == BF_VERDICT_RELEASED;
    g_autofree char *place = g_strdup_printf("%s/%s.zip", released ? "packages" : "held", r->id);
    g_autofree char *path = bf_output_zip_path(o, r->id, r->verdict);
    g_autofree char *other = bf_output_zip_path(o, r->id, released ? BF_VERDICT_HELD : BF_VERDICT_RELEASED);
    char hex[BF_SHA256_HEX] = "";
    return r->verdict != BF_VERDICT_FAILED && g_strcmp0(r->output, place) == 0 && !g_file_test(other, G_FILE_TEST_EXISTS) &&
           arrive_file_sha256(path, hex) && strcmp(hex, r->output_sha256) == 0;
}

/* The state knows this very output as recorded. A state that cannot be asked knows nothing. */
static bool is_recorded(bf_output *o, const bf_package_result *r)
{
    g_autoptr(bf_state_package) p = NULL;
    return bf_state_get_package(o->state, r->id, &p, NULL) && p && p->recorded && g_strcmp0(p->input_sha256, r->input_sha256) == 0 &&
           g_strcmp0(p->output, r->output) == 0 && g_strcmp0(p->output_sha256, r->output_sha256) == 0;
}

/* Another time it may come out better. */
static bool wants_another_try(const bf_package_result *r)
{
    for (guint i = 0; r->reasons && i < r->reasons->len; i++)
        if (strcmp(r->reasons->pdata[i], "out-of-memory") == 0)
            return true;
    return false;
}

bf_package_result *finished_before(bf_output *output, const bf_tool_info *tool, const bf_package_result *wanted)
{
    g_autoptr(bf_package_result) before = NULL;
    g_autoptr(bf_report_tool) made_by = NULL;
    if (!bf_report_read(output->dir, wanted->id, &before, NULL) || !bf_report_read_tool(output->dir, wanted->id, &made_by, NULL))
        return NULL;
    bool same = wanted->input_sha256[0] != '\0' && strcmp(before->input_sha256, wanted->input_sha256) == 0 && before->person &&
                g_strcmp0(before->person, wanted->person) == 0 && bf_report_tool_equals(&made_by->info, tool);
    return same && !wants_another_try(before) && is_recorded(output, before) && output_stands(output, before) ? g_steal_pointer(&before)
                                                                                                              : NULL;
}
