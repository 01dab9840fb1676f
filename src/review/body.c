#include "review/body.h"

#include <string.h>

enum { DEPTH_MAX = 16 };

/* json-glib's parser calls itself for each level, so depth is counted before it sees the text; and it takes comments, in which brackets
 * would hide from that count: outside strings only JSON's own characters may stand. */
static bool is_shallow(const char *data, gsize length)
{
    guint depth = 0;
    bool in_string = false;
    for (gsize i = 0; i < length; i++) {
        char c = data[i];
        if (in_string) {
            if (c == '\\')
                i++;
            in_string = c != '"';
        } else if (c == '"') {
            in_string = true;
        } else if (c == '[' || c == '{') {
            if (++depth > DEPTH_MAX)
                return false;
        } else if (c == ']' || c == '}') {
            if (depth-- == 0)
                return false;
        } else if (!g_ascii_isalnum(c) && !strchr(" \t\r\n:,+-.", c)) {
            return false;
        }
    }
    return !in_string && depth == 0;
}

JsonNode *body_parse(const char *data, gsize length)
{
    if (!data || length > BODY_MAX || memchr(data, '\0', length) || !g_utf8_validate(data, (gssize)length, NULL) ||
        !is_shallow(data, length))
        return NULL;
    g_autoptr(JsonParser) parser = json_parser_new();
    if (!json_parser_load_from_data(parser, data, (gssize)length, NULL))
        return NULL;
    JsonNode *node = json_parser_steal_root(parser);
    if (node && !JSON_NODE_HOLDS_OBJECT(node))
        g_clear_pointer(&node, json_node_unref);
    return node;
}

static JsonNode *value_of(JsonObject *body, const char *key, GType type)
{
    JsonNode *node = json_object_get_member(body, key);
    return node && JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == type ? node : NULL;
}

const char *body_text(JsonObject *body, const char *key)
{
    JsonNode *node = value_of(body, key, G_TYPE_STRING);
    const char *text = node ? json_node_get_string(node) : NULL;
    return text && g_utf8_validate(text, -1, NULL) ? text : ""; /* half a surrogate pair, escaped, comes out as no UTF-8 */
}

gint64 body_number(JsonObject *body, const char *key)
{
    JsonNode *node = value_of(body, key, G_TYPE_INT64);
    return node ? json_node_get_int(node) : -1;
}

bool body_flag(JsonObject *body, const char *key)
{
    JsonNode *node = value_of(body, key, G_TYPE_BOOLEAN);
    return node && json_node_get_boolean(node);
}

JsonArray *body_list(JsonObject *body, const char *key)
{
    JsonNode *node = json_object_get_member(body, key);
    return node && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
}

char **path_split(const char *raw)
{
    g_auto(GStrv) parts = g_strsplit(raw + (*raw == '/'), "/", PATH_PARTS + 2);
    guint n = g_strv_length(parts);
    if (n > 0 && !*parts[n - 1])
        g_clear_pointer(&parts[--n], g_free);
    for (guint i = 0; i < n; i++) {
        char *part = g_uri_unescape_string(parts[i], "/");
        if (!part || !*part || !g_utf8_validate(part, -1, NULL)) {
            g_free(part);
            return NULL;
        }
        g_free(parts[i]);
        parts[i] = part;
    }
    return n <= PATH_PARTS ? g_steal_pointer(&parts) : NULL;
}
