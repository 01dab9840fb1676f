#include "cmd/eval.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>

static void occurrence_free(void *p)
{
    eval_occurrence *o = p;
    g_free(o->form);
    g_array_unref(o->quads);
    g_free(o);
}

static void page_free(void *p)
{
    eval_page *page = p;
    g_free(page->entry);
    g_free(page->kind);
    g_free(page->capture);
    g_ptr_array_unref(page->occurrences);
    g_free(page);
}

static bool number_at(JsonArray *array, guint i, float *out)
{
    JsonNode *node = json_array_get_element(array, i);
    GType type = JSON_NODE_HOLDS_VALUE(node) ? json_node_get_value_type(node) : G_TYPE_INVALID;
    *out = type == G_TYPE_DOUBLE || type == G_TYPE_INT64 ? (float)json_node_get_double(node) : 0;
    return type == G_TYPE_DOUBLE || type == G_TYPE_INT64;
}

static JsonArray *array_member(JsonObject *o, const char *name)
{
    JsonNode *node = json_object_get_member(o, name);
    return node && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
}

/* Four corners as x, y in turn, or x, y, width and height. */
static bool add_quad(JsonArray *numbers, GArray *quads)
{
    float v[8];
    guint n = json_array_get_length(numbers);
    if (n != 4 && n != 8)
        return false;
    for (guint i = 0; i < n; i++)
        if (!number_at(numbers, i, &v[i]))
            return false;
    bf_quad q = {{v[0], v[0] + v[2], v[0] + v[2], v[0]}, {v[1], v[1], v[1] + v[3], v[1] + v[3]}};
    for (guint i = 0; n == 8 && i < 4; i++) {
        q.x[i] = v[2 * i];
        q.y[i] = v[2 * i + 1];
    }
    g_array_append_val(quads, q);
    return true;
}

static bool add_occurrence(JsonNode *node, GPtrArray *occurrences)
{
    if (!JSON_NODE_HOLDS_OBJECT(node))
        return false;
    JsonObject *o = json_node_get_object(node);
    eval_occurrence *occurrence = g_new0(eval_occurrence, 1);
    occurrence->quads = g_array_new(FALSE, FALSE, sizeof(bf_quad));
    occurrence->applicant = json_object_get_boolean_member_with_default(o, "applicant", TRUE);
    const char *form = json_object_get_string_member_with_default(o, "form", "name");
    bool sealed = json_object_get_boolean_member_with_default(o, "under_seal", FALSE);
    occurrence->form = sealed ? g_strconcat(form, " under a seal", NULL) : g_strdup(form);
    g_ptr_array_add(occurrences, occurrence);
    JsonArray *box = array_member(o, "box"), *glyphs = array_member(o, "glyphs");
    bool good = box || glyphs;
    if (box)
        good = add_quad(box, occurrence->quads);
    for (guint i = 0; good && glyphs && i < json_array_get_length(glyphs); i++) {
        JsonNode *glyph = json_array_get_element(glyphs, i);
        good = JSON_NODE_HOLDS_ARRAY(glyph) && add_quad(json_node_get_array(glyph), occurrence->quads);
    }
    if (!good || occurrence->quads->len == 0)
        return good;
    bf_rect first = bf_quad_bounds(&g_array_index(occurrence->quads, bf_quad, 0));
    occurrence->height_px = (float)json_object_get_double_member_with_default(o, "height_px", MIN(first.w, first.h));
    return true;
}

static bool add_page(JsonNode *node, GPtrArray *pages)
{
    if (!JSON_NODE_HOLDS_OBJECT(node))
        return false;
    JsonObject *o = json_node_get_object(node);
    eval_page *page = g_new0(eval_page, 1);
    page->occurrences = g_ptr_array_new_with_free_func(occurrence_free);
    page->entry_index = json_object_get_int_member_with_default(o, "entry_index", -1);
    page->entry = page->entry_index < 0 ? g_strdup(json_object_get_string_member_with_default(o, "entry", NULL)) : NULL;
    page->kind = g_strdup(json_object_get_string_member_with_default(o, "kind", "unknown"));
    page->capture = g_strdup(json_object_get_string_member_with_default(o, "capture", "unknown"));
    page->orientation_deg = (int)json_object_get_int_member_with_default(o, "orientation_deg", -1);
    page->legible = json_object_get_boolean_member_with_default(o, "legible", TRUE);
    g_ptr_array_add(pages, page);
    JsonArray *occurrences = array_member(o, "occurrences");
    bool good = page->entry_index >= 0 || page->entry;
    for (guint i = 0; good && occurrences && i < json_array_get_length(occurrences); i++)
        good = add_occurrence(json_array_get_element(occurrences, i), page->occurrences);
    return good;
}

bool eval_truth_read(const char *path, GPtrArray **pages, GError **error)
{
    g_autoptr(JsonParser) parser = json_parser_new();
    if (!json_parser_load_from_file(parser, path, error))
        return false;
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(page_free);
    JsonNode *root = json_parser_get_root(parser);
    JsonArray *list = root && JSON_NODE_HOLDS_OBJECT(root) ? array_member(json_node_get_object(root), "pages") : NULL;
    bool good = list != NULL;
    for (guint i = 0; good && i < json_array_get_length(list); i++)
        if (!add_page(json_array_get_element(list, i), all)) {
            g_set_error(error, JSON_PARSER_ERROR, JSON_PARSER_ERROR_INVALID_DATA,
                        _("%s: page %u is not as it should be: entry_index or entry, and occurrences with box or glyphs"), path, i + 1);
            return false;
        }
    if (!good) {
        g_set_error(error, JSON_PARSER_ERROR, JSON_PARSER_ERROR_INVALID_DATA, _("%s: there is no list \"pages\" in it"), path);
        return false;
    }
    *pages = g_steal_pointer(&all);
    return true;
}
