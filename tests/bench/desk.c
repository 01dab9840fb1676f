/* Makes a large output folder for `blindfold review`, to measure how long it takes until something is seen: many packages, all with the
 * same original of many pages, which is one JPEG over and over. Every tenth page of every second package waits. No page is processed: what
 * the reports say is made up.
 *
 *     bench-desk --packages 1000 --pages 40 --jpeg page.jpg --out DIR      makes DIR/OUT, DIR/in.zip, DIR/roster.csv
 *     blindfold review DIR/OUT -r DIR/roster.csv
 *
 * tests/web/bench.mjs takes the times. */
#include "blindfold/jpeg.h"
#include "blindfold/output.h"
#include "blindfold/report.h"

#include <stdlib.h>

static struct {
    int packages, pages;
    char *jpeg, *out;
} call = {.packages = 1000, .pages = 40};

static void die(const char *what, const GError *error)
{
    g_printerr("bench-desk: %s: %s\n", what, error ? error->message : "failed");
    exit(EXIT_FAILURE);
}

static void make_input(GBytes *jpeg, const char *path, char *sha256)
{
    g_autoptr(bf_zip_writer) zip = NULL;
    g_autoptr(GError) error = NULL;
    if (!bf_zip_writer_new(path, &zip, &error))
        die(path, error);
    for (int i = 0; i < call.pages; i++) {
        g_autofree char *name = g_strdup_printf("%03d.jpg", i + 1);
        if (!bf_zip_writer_add(zip, name, jpeg, &error))
            die(path, error);
    }
    if (!bf_zip_writer_commit(zip, sha256, &error))
        die(path, error);
}

static void fill_page(bf_page_record *record, int i, bool waits, const char *jpeg_sha256, const bf_jpeg_info *info)
{
    bf_page_result *p = &record->page;
    record->entry = g_strdup_printf("%03d.jpg", i + 1);
    record->output_entry = g_strdup(record->entry);
    record->entry_index = (guint)i;
    p->width_px = info->width_px;
    p->height_px = info->height_px;
    p->exif_orientation = info->exif_orientation;
    p->orientation_deg = 0;
    p->legibility = BF_LEGIBILITY_LEGIBLE;
    p->legibility_score = 0.97F;
    p->decision = waits ? BF_DECISION_REVIEW : BF_DECISION_MASKED;
    p->needs_masking = waits ? BF_ANSWER_UNKNOWN : BF_ANSWER_YES;
    p->verify_passed = !waits;
    p->unchanged_blocks = 180000;
    p->masked_blocks = 96;
    g_strlcpy(p->sha256_in, jpeg_sha256, BF_SHA256_HEX);
    g_strlcpy(p->sha256_out, jpeg_sha256, BF_SHA256_HEX);
    p->masks = g_array_new(FALSE, FALSE, sizeof(bf_mask));
    for (int k = 0; k < 3; k++) {
        const bf_mask mask = {.rect = {160 * (k + 1), 320, 96, 48}, .kind = BF_MASK_NAME, .reader = "ppocr", .score = 0.9F};
        g_array_append_val(p->masks, mask);
    }
    if (waits) {
        bf_page_result_add_reason(p, "unread-ink");
        bf_page_result_add_doubt(p, (bf_rect){400, 600, 300, 60}, "unread-ink");
    }
}

static void publish(bf_output *output, const bf_roster_row *row, const char *jpeg_sha256, const bf_jpeg_info *info, const char *input,
                    const char *sha256)
{
    static const bf_reader_info reader = {"ppocr", "4", ""};
    static const bf_tool_info tool = {.version = "bench", .settings = "bench=true", .readers = &reader, .n_readers = 1};
    g_autoptr(GError) error = NULL;
    g_autoptr(bf_package_result) r = bf_package_result_new(row->id);
    g_autoptr(bf_zip_writer) zip = NULL;
    g_autoptr(GBytes) page = g_bytes_new_static("\xFF\xD8\xFF\xD9", 4);
    bool held = atoi(row->id + 1) % 2 == 1;
    r->person = bf_output_person(output, row);
    g_strlcpy(r->input_sha256, sha256, BF_SHA256_HEX);
    r->verdict = held ? BF_VERDICT_HELD : BF_VERDICT_RELEASED;
    r->reasons = g_ptr_array_new();
    if (held)
        g_ptr_array_add(r->reasons, (gpointer) "unread-ink");
    for (int i = 0; i < call.pages; i++) {
        bf_page_record *record = bf_page_record_new();
        fill_page(record, i, held && i % 10 == 0, jpeg_sha256, info);
        g_ptr_array_add(r->pages, record);
    }
    g_autofree char *path = bf_output_zip_path(output, row->id, r->verdict);
    if (!bf_zip_writer_new(path, &zip, &error) || !bf_zip_writer_add(zip, "001.jpg", page, &error))
        die(row->id, error);
    const bf_publication p = {.result = r, .tool = &tool, .zip = zip, .person_name = row->name, .input_path = input};
    if (!bf_output_publish(output, &p, &error))
        die(row->id, error);
}

static GBytes *load_jpeg(bf_jpeg_info *info)
{
    g_autoptr(GError) error = NULL;
    char *data = NULL;
    gsize n = 0;
    if (!g_file_get_contents(call.jpeg, &data, &n, &error))
        die(call.jpeg, error);
    GBytes *jpeg = g_bytes_new_take(data, n);
    if (!bf_jpeg_probe(jpeg, 0, info, &error))
        die(call.jpeg, error);
    return jpeg;
}

static char *write_roster(void)
{
    g_autoptr(GString) csv = g_string_new("id,name\n");
    for (int i = 0; i < call.packages; i++)
        g_string_append_printf(csv, "D%04d,欧阳试样\n", i + 1);
    char *path = g_build_filename(call.out, "roster.csv", NULL);
    g_autoptr(GError) error = NULL;
    if (!g_file_set_contents(path, csv->str, (gssize)csv->len, &error))
        die(path, error);
    return path;
}

int main(int argc, char **argv)
{
    const GOptionEntry entries[] = {{"packages", 0, 0, G_OPTION_ARG_INT, &call.packages, "How many (1000)", "N"},
                                    {"pages", 0, 0, G_OPTION_ARG_INT, &call.pages, "Pages of each (40)", "M"},
                                    {"jpeg", 0, 0, G_OPTION_ARG_FILENAME, &call.jpeg, "What every page looks like", "FILE"},
                                    {"out", 'o', 0, G_OPTION_ARG_FILENAME, &call.out, "Folder to make", "DIR"},
                                    G_OPTION_ENTRY_NULL};
    g_autoptr(GOptionContext) context = g_option_context_new("- a large output folder for blindfold review");
    g_autoptr(GError) error = NULL;
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error) || !call.jpeg || !call.out || call.packages < 1 || call.pages < 1)
        die("--jpeg FILE and --out DIR", error);
    if (g_mkdir_with_parents(call.out, 0700) != 0)
        die(call.out, NULL);
    bf_jpeg_info info;
    char sha256[BF_SHA256_HEX], jpeg_sha256[BF_SHA256_HEX];
    g_autoptr(GBytes) jpeg = load_jpeg(&info);
    g_autofree char *input = g_build_filename(call.out, "in.zip", NULL), *out = g_build_filename(call.out, "OUT", NULL);
    g_autofree char *roster_path = write_roster();
    g_autoptr(bf_roster) roster = NULL;
    g_autoptr(bf_output) output = NULL;
    make_input(jpeg, input, sha256);
    bf_sha256_of(jpeg, jpeg_sha256);
    if (!bf_roster_read(roster_path, &roster, &error) || !bf_output_open(out, NULL, NULL, &output, &error))
        die(out, error);
    for (guint i = 0; i < roster->rows->len; i++)
        publish(output, roster->rows->pdata[i], jpeg_sha256, &info, input, sha256);
    return EXIT_SUCCESS;
}
