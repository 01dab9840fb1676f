#include "batch/restore.h"

#include "blindfold/report.h"

#include <string.h>

/* The page's bytes in the finished zip, when they are what the report says. */
static GBytes *finished_page(bf_package *zip, const bf_page_record *record)
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

static void add_pictures(bf_package_result *r, bf_package *zip, bf_page_client *client)
{
    for (guint i = 0; i < r->pages->len; i++) {
        bf_page_record *record = r->pages->pdata[i];
        record->page.output = finished_page(zip, record);
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
