#include "record/json_text.h"
#include "record/report_file.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SIDE_MAX_PX 65535

/* Reasons and readers become interned strings, so that they live as long as the static words of a fresh result; the shape keeps
 * foreign text out of that table, and out of everything that prints a reason. */
static const char *intern_word(const char *text)
{
    gsize length = text ? strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-+._") : 0;
    return length > 0 && length <= 64 && text[length] == '\0' ? bf_word_intern(text) : NULL;
}

static bool read_words(JsonObject *object, const char *key, GPtrArray **out)
{
    JsonArray *array = bf_json_get_array(object, key);
    if (!array)
        return false;
    guint n = json_array_get_length(array);
    g_autoptr(GPtrArray) words = n > 0 ? g_ptr_array_sized_new(n) : NULL;
    for (guint i = 0; i < n; i++) {
        JsonNode *node = json_array_get_element(array, i);
        bool is_text = JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_STRING;
        const char *word = is_text ? intern_word(json_node_get_string(node)) : NULL;
        if (!word)
            return false;
        g_ptr_array_add(words, (gpointer)word);
    }
    *out = g_steal_pointer(&words);
    return true;
}

static bool read_sha256(JsonObject *object, const char *key, char out[BF_SHA256_HEX])
{
    const char *text = bf_json_get_text(object, key);
    if (!text || !bf_json_is_sha256(text))
        return bf_json_is_null(object, key);
    g_strlcpy(out, text, BF_SHA256_HEX);
    return true;
}

/* A new string, or NULL where the report has null. */
static bool read_text(JsonObject *object, const char *key, char **out)
{
    *out = g_strdup(bf_json_get_text(object, key));
    return *out || bf_json_is_null(object, key);
}

static bool read_int(JsonObject *object, const char *key, int max, int *out)
{
    gint64 value = 0;
    if (!bf_json_get_int(object, key, 0, max, &value))
        return false;
    *out = (int)value;
    return true;
}

static bool read_index(JsonObject *object, guint *out)
{
    gint64 value = 0;
    if (!bf_json_get_int(object, "entry_index", 0, G_MAXUINT, &value))
        return false;
    *out = (guint)value;
    return true;
}

static bool read_score(JsonObject *object, const char *key, float *out)
{
    JsonNode *node = json_object_get_member(object, key);
    GType type = node && JSON_NODE_HOLDS_VALUE(node) ? json_node_get_value_type(node) : G_TYPE_NONE;
    if (type != G_TYPE_DOUBLE && type != G_TYPE_INT64) /* other programs write 1.000 as 1 */
        return false;
    double score = json_node_get_double(node);
    *out = (float)score;
    return score >= 0 && score <= 1;
}

/* The place of a member's word among those of an enumeration, which the word functions alone list; -1 when it is none of them. */
static int find_word(JsonObject *object, const char *key, const char *const *words, int n)
{
    const char *text = bf_json_get_text(object, key);
    for (int i = 0; text && i < n; i++)
        if (strcmp(text, words[i]) == 0)
            return i;
    return -1;
}

static bool read_decision(JsonObject *object, bf_decision *out)
{
    const char *words[BF_DECISION_CLEAR + 1];
    for (int i = 0; i <= BF_DECISION_CLEAR; i++)
        words[i] = bf_decision_word((bf_decision)i);
    int found = find_word(object, "decision", words, BF_DECISION_CLEAR + 1);
    *out = (bf_decision)MAX(found, 0);
    return found >= 0;
}

static bool read_mask_kind(JsonObject *object, bf_mask_kind *out)
{
    const char *words[BF_MASK_MANUAL + 1];
    for (int i = 0; i <= BF_MASK_MANUAL; i++)
        words[i] = bf_mask_kind_word((bf_mask_kind)i);
    int found = find_word(object, "kind", words, BF_MASK_MANUAL + 1);
    *out = (bf_mask_kind)MAX(found, 0);
    return found >= 0;
}

static bool read_legibility_verdict(JsonObject *object, bf_legibility_verdict *out)
{
    const char *words[BF_LEGIBILITY_LEGIBLE + 1];
    for (int i = 0; i <= BF_LEGIBILITY_LEGIBLE; i++)
        words[i] = bf_legibility_word((bf_legibility_verdict)i);
    int found = find_word(object, "verdict", words, BF_LEGIBILITY_LEGIBLE + 1);
    *out = (bf_legibility_verdict)MAX(found, 0);
    return found >= 0;
}

static bool read_verdict(JsonObject *object, bf_verdict *out)
{
    const char *words[BF_VERDICT_RELEASED + 1];
    for (int i = 0; i <= BF_VERDICT_RELEASED; i++)
        words[i] = bf_verdict_word((bf_verdict)i);
    int found = find_word(object, "verdict", words, BF_VERDICT_RELEASED + 1);
    *out = (bf_verdict)MAX(found, 0);
    return found >= 0;
}

static bool read_place(JsonObject *object, bf_rect *out)
{
    return read_int(object, "x", SIDE_MAX_PX, &out->x) && read_int(object, "y", SIDE_MAX_PX, &out->y) &&
           read_int(object, "w", SIDE_MAX_PX, &out->w) && read_int(object, "h", SIDE_MAX_PX, &out->h);
}

static bool read_doubts(JsonObject *object, GArray **out)
{
    if (bf_json_is_null(object, "doubts"))
        return true;
    JsonArray *array = bf_json_get_array(object, "doubts");
    g_autoptr(GArray) doubts = g_array_new(FALSE, FALSE, sizeof(bf_doubt));
    for (guint i = 0; array && i < json_array_get_length(array); i++) {
        JsonNode *node = json_array_get_element(array, i);
        JsonObject *place = JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
        bf_doubt doubt = {.reason = place ? intern_word(bf_json_get_text(place, "reason")) : NULL};
        if (!doubt.reason || !read_place(place, &doubt.rect))
            return false;
        g_array_append_val(doubts, doubt);
    }
    *out = doubts->len > 0 ? g_steal_pointer(&doubts) : NULL;
    return array != NULL;
}

/* "decided_by" is there when a person did. */
static bool read_decided_by(JsonObject *object, bool *by_person)
{
    *by_person = g_strcmp0(bf_json_get_text(object, "decided_by"), "person") == 0;
    return *by_person || bf_json_is_null(object, "decided_by");
}

static bool read_mask(JsonObject *object, bf_mask *out)
{
    bf_mask mask = {.reader = ""};
    if (!read_place(object, &mask.rect) || !read_mask_kind(object, &mask.kind) || !read_score(object, "score", &mask.score))
        return false;
    if (!bf_json_is_null(object, "reader"))
        mask.reader = intern_word(bf_json_get_text(object, "reader"));
    *out = mask;
    return mask.reader != NULL;
}

static bool read_masks(JsonObject *object, GArray **out)
{
    JsonArray *array = bf_json_get_array(object, "masks");
    if (!array)
        return false;
    guint n = json_array_get_length(array);
    g_autoptr(GArray) masks = n > 0 ? g_array_sized_new(FALSE, FALSE, sizeof(bf_mask), n) : NULL;
    for (guint i = 0; i < n; i++) {
        JsonNode *node = json_array_get_element(array, i);
        bf_mask mask;
        if (!JSON_NODE_HOLDS_OBJECT(node) || !read_mask(json_node_get_object(node), &mask))
            return false;
        g_array_append_val(masks, mask);
    }
    *out = g_steal_pointer(&masks);
    return true;
}

static bool read_orientations(JsonObject *object, bf_page_result *page)
{
    if (!bf_json_is_null(object, "exif_orientation") &&
        (!read_int(object, "exif_orientation", 8, &page->exif_orientation) || page->exif_orientation == 0))
        return false;
    if (bf_json_is_null(object, "orientation_deg"))
        return true;
    return read_int(object, "orientation_deg", 270, &page->orientation_deg) && page->orientation_deg % 90 == 0;
}

/* Both are there only where pages were to be turned. */
static bool read_turned(JsonObject *object, bf_page_result *page)
{
    if (!bf_json_is_null(object, "turned_from") && (!read_int(object, "turned_from", 8, &page->turned_from) || page->turned_from == 0))
        return false;
    if (bf_json_is_null(object, "not_turned"))
        return true;
    page->not_turned = intern_word(bf_json_get_text(object, "not_turned"));
    return page->not_turned != NULL;
}

static bool read_legibility(JsonObject *object, bf_page_result *page)
{
    JsonObject *legibility = bf_json_get_object(object, "legibility");
    return legibility && read_legibility_verdict(legibility, &page->legibility) &&
           read_score(legibility, "score", &page->legibility_score) && read_words(legibility, "reasons", &page->legibility_reasons);
}

static bool read_verify(JsonObject *object, bf_page_result *page)
{
    JsonObject *verify = bf_json_get_object(object, "verify");
    return verify && bf_json_get_bool(verify, "passed", &page->verify_passed) &&
           bf_json_get_int(verify, "unchanged_blocks", 0, G_MAXINT64, &page->unchanged_blocks) &&
           bf_json_get_int(verify, "masked_blocks", 0, G_MAXINT64, &page->masked_blocks) &&
           (bf_json_is_null(verify, "recoded") || bf_json_get_bool(verify, "recoded", &page->recoded));
}

static bool read_warnings(JsonObject *object, bf_page_result *page)
{
    return bf_json_is_null(object, "jpeg_warnings") || read_int(object, "jpeg_warnings", G_MAXINT, &page->jpeg_warnings);
}

static bool read_needs_masking(JsonObject *object, bf_answer *out)
{
    bool yes = false;
    if (bf_json_is_null(object, "needs_masking"))
        return true;
    if (!bf_json_get_bool(object, "needs_masking", &yes))
        return false;
    *out = yes ? BF_ANSWER_YES : BF_ANSWER_NO;
    return true;
}

static bool read_page(JsonObject *object, bf_page_record *record)
{
    bf_page_result *page = &record->page;
    return read_text(object, "entry", &record->entry) && read_index(object, &record->entry_index) &&
           read_text(object, "output_entry", &record->output_entry) && read_sha256(object, "sha256_in", page->sha256_in) &&
           read_sha256(object, "sha256_out", page->sha256_out) && read_int(object, "width", SIDE_MAX_PX, &page->width_px) &&
           read_int(object, "height", SIDE_MAX_PX, &page->height_px) && read_orientations(object, page) && read_warnings(object, page) &&
           read_turned(object, page) && read_legibility(object, page) && read_needs_masking(object, &page->needs_masking) &&
           read_decision(object, &page->decision) && read_words(object, "reasons", &page->reasons) && read_masks(object, &page->masks) &&
           read_doubts(object, &page->doubts) && read_decided_by(object, &page->by_person) && read_verify(object, page);
}

static bool read_pages(JsonObject *report, GPtrArray *pages)
{
    JsonArray *array = bf_json_get_array(report, "pages");
    for (guint i = 0; array && i < json_array_get_length(array); i++) {
        JsonNode *node = json_array_get_element(array, i);
        bf_page_record *record = bf_page_record_new();
        g_ptr_array_add(pages, record);
        if (!JSON_NODE_HOLDS_OBJECT(node) || !read_page(json_node_get_object(node), record))
            return false;
        if (!record->entry)
            record->entry = g_strdup("");
    }
    return array != NULL;
}

static bool read_dropped(JsonObject *report, GPtrArray *dropped)
{
    JsonArray *array = bf_json_get_array(report, "dropped");
    for (guint i = 0; array && i < json_array_get_length(array); i++) {
        JsonNode *node = json_array_get_element(array, i);
        JsonObject *object = JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
        const char *reason = object ? intern_word(bf_json_get_text(object, "reason")) : NULL;
        guint entry_index = 0;
        g_autofree char *entry = NULL;
        if (!reason || !read_index(object, &entry_index) || !read_text(object, "entry", &entry))
            return false;
        g_ptr_array_add(dropped, bf_dropped_entry_new(entry ? entry : "", entry_index, reason));
    }
    return array != NULL;
}

/* Others open this path: it may be this package's place in one of the two folders and nothing else. */
static bool read_output(JsonObject *package, const char *id, char **out)
{
    if (!read_text(package, "output", out))
        return false;
    g_autofree char *released = g_strdup_printf("packages/%s.zip", id);
    g_autofree char *held = g_strdup_printf("held/%s.zip", id);
    return !*out || strcmp(*out, released) == 0 || strcmp(*out, held) == 0;
}

static bool read_person(JsonObject *package, char **out)
{
    return read_text(package, "person", out) && (!*out || bf_json_is_sha256(*out));
}

static bf_package_result *read_result(JsonObject *report)
{
    JsonObject *package = bf_json_get_object(report, "package");
    const char *id = package ? bf_json_get_text(package, "id") : NULL;
    if (!bf_report_id_is_safe(id))
        return NULL;
    g_autoptr(bf_package_result) result = bf_package_result_new(id);
    bool ok = read_sha256(package, "input_sha256", result->input_sha256) && read_output(package, id, &result->output) &&
              read_sha256(package, "output_sha256", result->output_sha256) && read_verdict(package, &result->verdict) &&
              read_words(package, "reasons", &result->reasons) && read_person(package, &result->person) &&
              read_pages(report, result->pages) && read_dropped(report, result->dropped);
    return ok ? g_steal_pointer(&result) : NULL;
}

static const char *keep_text(bf_report_tool *tool, JsonObject *object, const char *key)
{
    const char *text = bf_json_get_text(object, key);
    return text ? g_string_chunk_insert(tool->texts, text) : "";
}

static bool read_settings(JsonObject *object, bf_report_tool *tool)
{
    JsonObject *settings = bf_json_get_object(object, "settings");
    if (!settings)
        return false;
    g_autoptr(GString) line = g_string_new(NULL);
    g_autoptr(GList) keys = json_object_get_members(settings);
    for (GList *key = keys; key; key = key->next) {
        const char *value = bf_json_get_text(settings, key->data);
        if (!value)
            return false;
        g_string_append_printf(line, "%s%s=%s", line->len > 0 ? " " : "", (const char *)key->data, value);
    }
    tool->info.settings = g_string_chunk_insert(tool->texts, line->str);
    return true;
}

static bf_report_tool *read_tool(JsonObject *report)
{
    JsonObject *object = bf_json_get_object(report, "tool");
    JsonArray *readers = object ? bf_json_get_array(object, "readers") : NULL;
    if (!readers)
        return NULL;
    g_autoptr(bf_report_tool) tool = g_new0(bf_report_tool, 1);
    tool->texts = g_string_chunk_new(512);
    tool->info.version = keep_text(tool, object, "version");
    tool->info.n_readers = json_array_get_length(readers);
    bf_reader_info *infos = g_new0(bf_reader_info, tool->info.n_readers);
    tool->info.readers = infos;
    for (guint i = 0; i < tool->info.n_readers; i++) {
        JsonNode *node = json_array_get_element(readers, i);
        if (!JSON_NODE_HOLDS_OBJECT(node))
            return NULL;
        JsonObject *reader = json_node_get_object(node);
        infos[i] = (bf_reader_info){.name = keep_text(tool, reader, "name"),
                                    .version = keep_text(tool, reader, "version"),
                                    .model_sha256 = keep_text(tool, reader, "model_sha256")};
    }
    return read_settings(object, tool) ? g_steal_pointer(&tool) : NULL;
}

void bf_report_tool_free(bf_report_tool *tool)
{
    if (!tool)
        return;
    g_free((gpointer)tool->info.readers);
    g_string_chunk_free(tool->texts);
    g_free(tool);
}

static bool same_text(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

bool bf_report_tool_equals(const bf_tool_info *a, const bf_tool_info *b)
{
    if (!same_text(a->version, b->version) || !same_text(a->settings, b->settings) || a->n_readers != b->n_readers)
        return false;
    for (guint i = 0; i < a->n_readers; i++)
        if (!same_text(a->readers[i].name, b->readers[i].name) || !same_text(a->readers[i].version, b->readers[i].version) ||
            !same_text(a->readers[i].model_sha256, b->readers[i].model_sha256))
            return false;
    return true;
}

static bool fail_format(const char *what, const char *why, GError **error)
{
    g_set_error(error, BF_REPORT_ERROR, BF_REPORT_ERROR_FORMAT, "%s: %s", what, why);
    return false;
}

bool bf_report_parse(const char *data, gsize length, const char *what, bf_package_result **out, bf_report_tool **tool, GError **error)
{
    if (length > BF_REPORT_MAX_BYTES)
        return fail_format(what, _("longer than any report"), error);
    g_autoptr(JsonNode) root = bf_json_parse(data, length);
    JsonObject *report = root && JSON_NODE_HOLDS_OBJECT(root) ? json_node_get_object(root) : NULL;
    if (!report)
        return fail_format(what, _("is no JSON object"), error);
    const char *schema = bf_json_get_text(report, "schema");
    if (!schema || strcmp(schema, BF_REPORT_SCHEMA) != 0)
        return fail_format(what, _("is not of the schema that this version reads"), error);
    g_autoptr(bf_package_result) result = read_result(report);
    g_autoptr(bf_report_tool) how = read_tool(report);
    if (!result || !how)
        return fail_format(
            what, result ? _("its \"tool\" is not as the schema says") : _("its package or a page is not as the schema says"), error);
    if (tool)
        *tool = g_steal_pointer(&how);
    *out = g_steal_pointer(&result);
    return true;
}

static bool fail_open(const char *path, int errnum, GError **error)
{
    g_set_error(error, BF_REPORT_ERROR, BF_REPORT_ERROR_OPEN, _("%s: cannot be read: %s"), path, g_strerror(errnum));
    return false;
}

/* The whole of a regular file of a report's size. O_NONBLOCK: a fifo with a report's name must not make the run wait. */
static bool load_file(const char *path, GByteArray *out, GError **error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return fail_open(path, errno, error);
    struct stat st;
    bool ok = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= BF_REPORT_MAX_BYTES;
    if (!ok) {
        fail_format(path, _("is not a file of a report's size"), error);
    } else {
        guint8 chunk[8192];
        ssize_t n;
        while ((n = read(fd, chunk, sizeof chunk)) > 0 && out->len <= BF_REPORT_MAX_BYTES)
            g_byte_array_append(out, chunk, (guint)n);
        ok = n >= 0 || fail_open(path, errno, error);
    }
    close(fd);
    return ok;
}

static bool read_both(const char *output_dir, const char *id, bf_package_result **out, bf_report_tool **tool, GError **error)
{
    if (!bf_report_id_is_safe(id))
        return fail_format(output_dir, _("a package's id cannot be a file name"), error);
    g_autofree char *path = bf_report_file_path(output_dir, id);
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    g_autoptr(bf_package_result) result = NULL;
    g_autoptr(bf_report_tool) how = NULL;
    if (!load_file(path, bytes, error) || !bf_report_parse((const char *)bytes->data, bytes->len, path, &result, &how, error))
        return false;
    if (strcmp(result->id, id) != 0)
        return fail_format(path, _("is the report of another package"), error);
    if (out)
        *out = g_steal_pointer(&result);
    if (tool)
        *tool = g_steal_pointer(&how);
    return true;
}

bool bf_report_read(const char *output_dir, const char *id, bf_package_result **out, GError **error)
{
    return read_both(output_dir, id, out, NULL, error);
}

bool bf_report_read_tool(const char *output_dir, const char *id, bf_report_tool **out, GError **error)
{
    return read_both(output_dir, id, NULL, out, error);
}
