#include "batch/restore.h"

#include "blindfold/report.h"

#include <string.h>

static void add_pictures(bf_package_result *r, bf_package *zip, bf_page_client *client)
{
    for (guint i = 0; i < r->pages->len; i++) {
        bf_page_record *record = r->pages->pdata[i];
        record->page.output = bf_output_read_page(zip, record);
        record->thumbnail = bf_page_client_thumbnail(client, &record->page);
    }
}

bool restore_html(const bf_output *output, const char *id, bf_page_client *client, GError **error)
{
    g_autoptr(bf_package_result) result = NULL;
    g_autoptr(bf_package) zip = NULL;
    if (bf_report_has_html(output->dir, id) || !bf_report_read(output->dir, id, &result, NULL))
        return true;
    g_autofree char *path = result->output ? g_build_filename(output->dir, result->output, NULL) : NULL;
    const bf_limits none = {.max_entries = G_MAXUINT, .max_total_bytes = G_MAXINT64};
    if (path && (!bf_package_open(path, &none, &zip, NULL) || strcmp(bf_package_sha256(zip), result->output_sha256) != 0))
        return true;
    if (zip)
        add_pictures(result, zip, client);
    g_autofree char *html = bf_report_to_html(result);
    return bf_report_store_html(output->dir, id, html, error);
}
