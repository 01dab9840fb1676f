#include "record/file_replace.h"
#include "record/json_text.h"
#include "record/report_file.h"
#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>

GQuark bf_report_error_quark(void)
{
    return g_quark_from_static_string("bf-report-error");
}

bool bf_report_id_is_safe(const char *id)
{
    if (!id || !*id || strlen(id) > 200 || strcmp(id, ".") == 0 || strcmp(id, "..") == 0 || !g_utf8_validate(id, -1, NULL))
        return false;
    for (const char *p = id; *p; p = g_utf8_next_char(p))
        if (*p == '/' || !g_unichar_isprint(g_utf8_get_char(p)))
            return false;
    return true;
}

char *bf_report_file_path(const char *output_dir, const char *id)
{
    g_autofree char *name = g_strconcat(id, ".json", NULL);
    return g_build_filename(output_dir, "reports", name, NULL);
}

/* A score that is no number proves nothing. */
static double clean_score(float score)
{
    return score > 0 ? MIN((double)score, 1.0) : 0.0;
}

static JsonObject *make_package(const bf_package_result *result)
{
    JsonObject *package = json_object_new();
    bf_json_set_text(package, "id", result->id);
    bf_json_set_text(package, "input_sha256", result->input_sha256);
    bf_json_set_text(package, "output", result->output);
    bf_json_set_text(package, "output_sha256", result->output_sha256);
    json_object_set_string_member(package, "verdict", bf_verdict_word(result->verdict));
    bf_json_set_words(package, "reasons", result->reasons);
    bf_json_set_text(package, "person", result->person);
    return package;
}

static JsonObject *make_tool(const bf_tool_info *tool)
{
    JsonObject *object = json_object_new();
    bf_json_set_text(object, "version", tool->version);
    bf_json_set_settings(object, "settings", tool->settings);
    bf_json_set_readers(object, "readers", tool);
    return object;
}

static JsonObject *make_place(bf_rect rect)
{
    JsonObject *object = json_object_new();
    json_object_set_int_member(object, "x", rect.x);
    json_object_set_int_member(object, "y", rect.y);
    json_object_set_int_member(object, "w", rect.w);
    json_object_set_int_member(object, "h", rect.h);
    return object;
}

static JsonArray *make_doubts(const GArray *doubts)
{
    JsonArray *array = json_array_new();
    for (guint i = 0; doubts && i < doubts->len; i++) {
        const bf_doubt *doubt = &g_array_index(doubts, bf_doubt, i);
        JsonObject *object = make_place(doubt->rect);
        bf_json_set_text(object, "reason", doubt->reason);
        json_array_add_object_element(array, object);
    }
    return array;
}

static JsonArray *make_masks(const GArray *masks)
{
    JsonArray *array = json_array_new();
    for (guint i = 0; masks && i < masks->len; i++) {
        const bf_mask *mask = &g_array_index(masks, bf_mask, i);
        JsonObject *object = make_place(mask->rect);
        json_object_set_string_member(object, "kind", bf_mask_kind_word(mask->kind));
        bf_json_set_text(object, "reader", mask->reader);
        json_object_set_double_member(object, "score", clean_score(mask->score));
        json_array_add_object_element(array, object);
    }
    return array;
}

static JsonObject *make_legibility(const bf_page_result *page)
{
    JsonObject *object = json_object_new();
    json_object_set_string_member(object, "verdict", bf_legibility_word(page->legibility));
    json_object_set_double_member(object, "score", clean_score(page->legibility_score));
    bf_json_set_words(object, "reasons", page->legibility_reasons);
    return object;
}

static JsonObject *make_verify(const bf_page_result *page)
{
    JsonObject *object = json_object_new();
    json_object_set_boolean_member(object, "passed", page->verify_passed);
    json_object_set_int_member(object, "unchanged_blocks", page->unchanged_blocks);
    json_object_set_int_member(object, "masked_blocks", page->masked_blocks);
    if (page->recoded)
        json_object_set_boolean_member(object, "recoded", TRUE);
    return object;
}

static void set_int_or_null(JsonObject *object, const char *key, int value, bool known)
{
    if (known)
        json_object_set_int_member(object, key, value);
    else
        json_object_set_null_member(object, key);
}

static JsonObject *make_page(const bf_page_record *record)
{
    const bf_page_result *page = &record->page;
    JsonObject *object = json_object_new();
    bf_json_set_text(object, "entry", record->entry);
    json_object_set_int_member(object, "entry_index", record->entry_index);
    bf_json_set_text(object, "output_entry", record->output_entry);
    bf_json_set_text(object, "sha256_in", page->sha256_in);
    bf_json_set_text(object, "sha256_out", page->sha256_out);
    json_object_set_int_member(object, "width", page->width_px);
    json_object_set_int_member(object, "height", page->height_px);
    set_int_or_null(object, "exif_orientation", page->exif_orientation, page->exif_orientation > 0);
    set_int_or_null(object, "orientation_deg", page->orientation_deg, page->orientation_deg >= 0);
    if (page->jpeg_warnings > 0)
        json_object_set_int_member(object, "jpeg_warnings", page->jpeg_warnings);
    if (page->turned_from > 0)
        json_object_set_int_member(object, "turned_from", page->turned_from);
    if (page->not_turned)
        json_object_set_string_member(object, "not_turned", page->not_turned);
    json_object_set_object_member(object, "legibility", make_legibility(page));
    bf_json_set_answer(object, "needs_masking", page->needs_masking);
    json_object_set_string_member(object, "decision", bf_decision_word(page->decision));
    bf_json_set_words(object, "reasons", page->reasons);
    json_object_set_array_member(object, "masks", make_masks(page->masks));
    if (page->doubts && page->doubts->len > 0)
        json_object_set_array_member(object, "doubts", make_doubts(page->doubts));
    if (page->by_person)
        json_object_set_string_member(object, "decided_by", "person");
    json_object_set_object_member(object, "verify", make_verify(page));
    return object;
}

static JsonArray *make_pages(const GPtrArray *pages)
{
    JsonArray *array = json_array_new();
    for (guint i = 0; pages && i < pages->len; i++)
        json_array_add_object_element(array, make_page(pages->pdata[i]));
    return array;
}

static JsonArray *make_dropped(const GPtrArray *dropped)
{
    JsonArray *array = json_array_new();
    for (guint i = 0; dropped && i < dropped->len; i++) {
        const bf_dropped_entry *entry = dropped->pdata[i];
        JsonObject *object = json_object_new();
        bf_json_set_text(object, "entry", entry->entry);
        json_object_set_int_member(object, "entry_index", entry->entry_index);
        bf_json_set_text(object, "reason", entry->reason);
        json_array_add_object_element(array, object);
    }
    return array;
}

static GString *print_report(const bf_package_result *result, const bf_tool_info *tool)
{
    g_autoptr(JsonObject) report = json_object_new();
    json_object_set_string_member(report, "schema", BF_REPORT_SCHEMA);
    json_object_set_object_member(report, "package", make_package(result));
    json_object_set_object_member(report, "tool", make_tool(tool));
    json_object_set_array_member(report, "pages", make_pages(result->pages));
    json_object_set_array_member(report, "dropped", make_dropped(result->dropped));
    g_autoptr(JsonNode) root = json_node_init_object(json_node_alloc(), report);
    GString *text = g_string_new(NULL);
    bf_json_print(root, BF_JSON_PRETTY, text);
    return text;
}

char *bf_report_to_json(const bf_package_result *result, const bf_tool_info *tool)
{
    return g_string_free(print_report(result, tool), FALSE);
}

bool bf_report_store(const char *output_dir, const char *id, const char *json, GError **error)
{
    if (!bf_report_id_is_safe(id)) {
        g_set_error(error, BF_REPORT_ERROR, BF_REPORT_ERROR_WRITE, _("%s: a package's id cannot be a file name"), output_dir);
        return false;
    }
    g_autofree char *path = bf_report_file_path(output_dir, id);
    g_autofree char *folder = g_path_get_dirname(path);
    if (g_mkdir_with_parents(folder, 0700) != 0) {
        int saved = errno;
        g_set_error(error, BF_REPORT_ERROR, BF_REPORT_ERROR_WRITE, _("%s: cannot be made: %s"), folder, g_strerror(saved));
        return false;
    }
    gsize length = strlen(json);
    if (length > BF_REPORT_MAX_BYTES) { /* no reader would take it back */
        g_set_error(error, BF_REPORT_ERROR, BF_REPORT_ERROR_WRITE, _("%s: the report is too long"), path);
        return false;
    }
    g_autoptr(GError) cause = NULL;
    if (!bf_file_replace(path, json, length, 0600, &cause)) {
        g_set_error(error, BF_REPORT_ERROR, BF_REPORT_ERROR_WRITE, _("%s: cannot be written: %s"), path, cause->message);
        return false;
    }
    return true;
}

bool bf_report_write(const char *output_dir, const bf_package_result *result, const bf_tool_info *tool, GError **error)
{
    g_autoptr(GString) text = print_report(result, tool);
    return bf_report_store(output_dir, result->id, text->str, error);
}
