#include "read/models.h"
#include <glib/gi18n.h>
#include <json-glib/json-glib.h>

char *bf_models_dir(const char *chosen)
{
    if (chosen != NULL)
        return g_strdup(chosen);
    if (g_getenv("BLINDFOLD_MODELS") != NULL)
        return g_strdup(g_getenv("BLINDFOLD_MODELS"));
#ifdef BF_MODELS_BUILD
    if (g_file_test(BF_MODELS_BUILD, G_FILE_TEST_IS_DIR))
        return g_strdup(BF_MODELS_BUILD);
#endif
    return g_strdup(BF_MODELS_INSTALLED);
}

/* json-glib's parser calls itself for each level of nesting and can be driven off the stack. A manifest has a few dozen brackets; counting
 * those in strings and comments too, nothing can hide. */
enum { MANIFEST_MAX_BYTES = 1 << 20, MANIFEST_MAX_BRACKETS = 1000 };

static bool is_small_and_flat(const char *text, gsize length)
{
    guint brackets = 0;
    for (gsize i = 0; i < length; i++)
        brackets += text[i] == '[' || text[i] == '{';
    return length <= MANIFEST_MAX_BYTES && brackets <= MANIFEST_MAX_BRACKETS;
}

static bool no_item(const char *name, GError **error)
{
    g_set_error(error, BF_READER_ERROR, BF_READER_ERROR_MODEL, _("the model manifest has no usable item %s; run models/fetch.sh again"),
                name);
    return false;
}

static const char *text_member(JsonObject *o, const char *key)
{
    JsonNode *node = json_object_get_member(o, key);
    return node != NULL && JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_STRING ? json_node_get_string(node)
                                                                                                          : NULL;
}

bool bf_manifest_find(const char *text, gssize length, const char *name, char **file, char **version, char **sha256, GError **error)
{
    gsize size = length < 0 ? strlen(text) : (gsize)length;
    g_autoptr(JsonParser) parser = json_parser_new_immutable();
    if (!is_small_and_flat(text, size) || !g_utf8_validate(text, (gssize)size, NULL) ||
        !json_parser_load_from_data(parser, text, (gssize)size, NULL))
        return no_item(name, error);
    JsonNode *root = json_parser_get_root(parser);
    JsonNode *items = root != NULL && JSON_NODE_HOLDS_OBJECT(root) ? json_object_get_member(json_node_get_object(root), "items") : NULL;
    if (items == NULL || !JSON_NODE_HOLDS_ARRAY(items))
        return no_item(name, error);
    JsonArray *array = json_node_get_array(items);
    for (guint i = 0; i < json_array_get_length(array); i++) {
        JsonNode *node = json_array_get_element(array, i);
        if (!JSON_NODE_HOLDS_OBJECT(node))
            continue;
        JsonObject *item = json_node_get_object(node);
        const char *item_file = text_member(item, "file"), *item_hash = text_member(item, "sha256");
        if (g_strcmp0(text_member(item, "name"), name) != 0 || item_file == NULL || item_hash == NULL || item_file[0] == '\0' ||
            item_file[0] == '.' || strchr(item_file, '/') != NULL)
            continue;
        *file = g_strdup(item_file);
        *sha256 = g_strdup(item_hash);
        *version = g_strdup(text_member(item, "version") != NULL ? text_member(item, "version") : "");
        return true;
    }
    return no_item(name, error);
}

/* The manifest lies beside the models when they are installed, one folder up in a checkout. */
static bool read_manifest(const char *dir, char **text, gsize *length, GError **error)
{
    g_autofree char *beside = g_build_filename(dir, "manifest.json", NULL), *above = g_build_filename(dir, "..", "manifest.json", NULL);
    if (g_file_get_contents(beside, text, length, NULL) || g_file_get_contents(above, text, length, NULL))
        return true;
    g_set_error(error, BF_READER_ERROR, BF_READER_ERROR_MISSING, _("no models in %s; run models/fetch.sh to bring them"), dir);
    return false;
}

bool bf_models_load(const char *dir, const char *name, GBytes **out, char **version, char **sha256, GError **error)
{
    g_autofree char *manifest = NULL, *file = NULL, *item_version = NULL, *expected = NULL, *data = NULL;
    gsize manifest_length = 0, length = 0;
    if (!read_manifest(dir, &manifest, &manifest_length, error) ||
        !bf_manifest_find(manifest, (gssize)manifest_length, name, &file, &item_version, &expected, error))
        return false;
    g_autofree char *path = g_build_filename(dir, file, NULL);
    if (!g_file_get_contents(path, &data, &length, NULL)) {
        g_set_error(error, BF_READER_ERROR, BF_READER_ERROR_MISSING, _("%s is missing; run models/fetch.sh to bring it"), path);
        return false;
    }
    g_autofree char *actual = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)data, length);
    if (g_strcmp0(actual, expected) != 0) {
        g_set_error(error, BF_READER_ERROR, BF_READER_ERROR_MODEL,
                    _("%s is not the file that the manifest names (its SHA-256 differs); remove it and run models/fetch.sh"), path);
        return false;
    }
    *out = g_bytes_new_take(g_steal_pointer(&data), length);
    if (version != NULL)
        *version = g_steal_pointer(&item_version);
    if (sha256 != NULL)
        *sha256 = g_steal_pointer(&actual);
    return true;
}
