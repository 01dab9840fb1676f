#include "record/json_text.h"
#include <string.h>

#define MAX_DEPTH 32

static void print_value(JsonNode *value, bf_json_style style, int level, GString *out);

static void print_string(const char *text, GString *out)
{
    g_string_append_c(out, '"');
    for (const char *p = text; *p; p++) {
        unsigned char c = (unsigned char)*p;
        const char *short_form = c == '"'    ? "\\\""
                                 : c == '\\' ? "\\\\"
                                 : c == '\b' ? "\\b"
                                 : c == '\f' ? "\\f"
                                 : c == '\n' ? "\\n"
                                 : c == '\r' ? "\\r"
                                 : c == '\t' ? "\\t"
                                             : NULL;
        if (short_form)
            g_string_append(out, short_form);
        else if (c < 0x20)
            g_string_append_printf(out, "\\u%04x", c);
        else
            g_string_append_c(out, *p);
    }
    g_string_append_c(out, '"');
}

static void break_line(bf_json_style style, int level, GString *out)
{
    if (style != BF_JSON_PRETTY)
        return;
    g_string_append_c(out, '\n');
    for (int i = 0; i < level; i++)
        g_string_append(out, "  ");
}

static void print_object(JsonObject *object, bf_json_style style, int level, GString *out)
{
    g_autoptr(GList) keys = json_object_get_members(object);
    if (style == BF_JSON_CANONICAL)
        keys = g_list_sort(keys, (GCompareFunc)strcmp);
    g_string_append_c(out, '{');
    for (GList *key = keys; key; key = key->next) {
        if (key != keys)
            g_string_append_c(out, ',');
        break_line(style, level + 1, out);
        print_string(key->data, out);
        g_string_append(out, style == BF_JSON_PRETTY ? ": " : ":");
        print_value(json_object_get_member(object, key->data), style, level + 1, out);
    }
    if (keys)
        break_line(style, level, out);
    g_string_append_c(out, '}');
}

static void print_array(JsonArray *array, bf_json_style style, int level, GString *out)
{
    guint n = json_array_get_length(array);
    g_string_append_c(out, '[');
    for (guint i = 0; i < n; i++) {
        if (i > 0)
            g_string_append_c(out, ',');
        break_line(style, level + 1, out);
        print_value(json_array_get_element(array, i), style, level + 1, out);
    }
    if (n > 0)
        break_line(style, level, out);
    g_string_append_c(out, ']');
}

static void print_scalar(JsonNode *value, GString *out)
{
    GType type = json_node_get_value_type(value);
    if (type == G_TYPE_STRING) {
        print_string(json_node_get_string(value), out);
    } else if (type == G_TYPE_BOOLEAN) {
        g_string_append(out, json_node_get_boolean(value) ? "true" : "false");
    } else if (type == G_TYPE_DOUBLE) {
        char digits[400]; /* the longest double with three decimals has 313 characters */
        g_string_append(out, g_ascii_formatd(digits, sizeof digits, "%.3f", json_node_get_double(value)));
    } else {
        g_string_append_printf(out, "%" G_GINT64_FORMAT, json_node_get_int(value));
    }
}

static void print_value(JsonNode *value, bf_json_style style, int level, GString *out)
{
    if (JSON_NODE_HOLDS_OBJECT(value))
        print_object(json_node_get_object(value), style, level, out);
    else if (JSON_NODE_HOLDS_ARRAY(value))
        print_array(json_node_get_array(value), style, level, out);
    else if (JSON_NODE_HOLDS_VALUE(value))
        print_scalar(value, out);
    else
        g_string_append(out, "null");
}

void bf_json_print(JsonNode *value, bf_json_style style, GString *out)
{
    print_value(value, style, 0, out);
    if (style == BF_JSON_PRETTY)
        g_string_append_c(out, '\n');
}

/* An escape from \uD800 to \uDFFF? */
static bool is_surrogate(const char *escape, gsize length)
{
    return length >= 4 && escape[1] == 'u' && g_ascii_tolower(escape[2]) == 'd' && g_ascii_xdigit_value(escape[3]) >= 8;
}

/* json-glib's parser calls itself for each level and so can be driven off the stack; it also takes comments, in which brackets could
 * hide from a plain count, and makes text that is no UTF-8 out of half a surrogate pair. So everything outside strings must be of
 * JSON's own alphabet, and no string may escape a surrogate. */
static bool is_plain_and_shallow(const char *data, gsize length)
{
    int depth = 0;
    bool in_string = false;
    for (gsize i = 0; i < length; i++) {
        char c = data[i];
        if (c == '\0')
            return false;
        if (in_string) {
            if (c == '\\' && is_surrogate(data + i, length - i))
                return false;
            if (c == '\\')
                i++;
            else if (c == '"')
                in_string = false;
            continue;
        }
        if (c == '"')
            in_string = true;
        else if ((c == '[' || c == '{') && ++depth > MAX_DEPTH)
            return false;
        else if ((c == ']' || c == '}') && --depth < 0)
            return false;
        else if (!g_ascii_isalnum(c) && !strchr(" \t\r\n[]{}:,+-.", c))
            return false;
    }
    return !in_string && depth == 0;
}

JsonNode *bf_json_parse(const char *data, gsize length)
{
    if (length > G_MAXINT || !is_plain_and_shallow(data, length) || !g_utf8_validate(data, (gssize)length, NULL))
        return NULL;
    g_autoptr(JsonParser) parser = json_parser_new();
    if (!json_parser_load_from_data(parser, data, (gssize)length, NULL))
        return NULL;
    return json_parser_steal_root(parser);
}

void bf_json_set_text(JsonObject *object, const char *key, const char *text)
{
    if (!text || !*text) {
        json_object_set_null_member(object, key);
        return;
    }
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    json_object_set_string_member(object, key, valid);
}

void bf_json_set_words(JsonObject *object, const char *key, const GPtrArray *words)
{
    JsonArray *array = json_array_new();
    for (guint i = 0; words && i < words->len; i++)
        json_array_add_string_element(array, words->pdata[i]);
    json_object_set_array_member(object, key, array);
}

void bf_json_set_settings(JsonObject *object, const char *key, const char *settings)
{
    JsonObject *pairs = json_object_new();
    g_autofree char *valid = g_utf8_make_valid(settings ? settings : "", -1);
    g_auto(GStrv) tokens = g_strsplit(valid, " ", -1);
    for (char **token = tokens; *token; token++) {
        if (!**token)
            continue;
        char *equals = strchr(*token, '=');
        if (equals)
            *equals = '\0';
        json_object_set_string_member(pairs, *token, equals ? equals + 1 : "");
    }
    json_object_set_object_member(object, key, pairs);
}

void bf_json_set_readers(JsonObject *object, const char *key, const bf_tool_info *tool)
{
    JsonArray *array = json_array_new();
    for (guint i = 0; i < tool->n_readers; i++) {
        JsonObject *reader = json_object_new();
        bf_json_set_text(reader, "name", tool->readers[i].name);
        bf_json_set_text(reader, "version", tool->readers[i].version);
        bf_json_set_text(reader, "model_sha256", tool->readers[i].model_sha256);
        json_array_add_object_element(array, reader);
    }
    json_object_set_array_member(object, key, array);
}

void bf_json_set_answer(JsonObject *object, const char *key, bf_answer answer)
{
    if (answer == BF_ANSWER_UNKNOWN)
        json_object_set_null_member(object, key);
    else
        json_object_set_boolean_member(object, key, answer == BF_ANSWER_YES);
}

static JsonNode *get_value(JsonObject *object, const char *key, GType type)
{
    JsonNode *node = json_object_get_member(object, key);
    return node && JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == type ? node : NULL;
}

JsonObject *bf_json_get_object(JsonObject *object, const char *key)
{
    JsonNode *node = json_object_get_member(object, key);
    return node && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
}

JsonArray *bf_json_get_array(JsonObject *object, const char *key)
{
    JsonNode *node = json_object_get_member(object, key);
    return node && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
}

const char *bf_json_get_text(JsonObject *object, const char *key)
{
    JsonNode *node = get_value(object, key, G_TYPE_STRING);
    return node ? json_node_get_string(node) : NULL;
}

bool bf_json_get_int(JsonObject *object, const char *key, gint64 min, gint64 max, gint64 *out)
{
    JsonNode *node = get_value(object, key, G_TYPE_INT64);
    if (!node || json_node_get_int(node) < min || json_node_get_int(node) > max)
        return false;
    *out = json_node_get_int(node);
    return true;
}

bool bf_json_get_bool(JsonObject *object, const char *key, bool *out)
{
    JsonNode *node = get_value(object, key, G_TYPE_BOOLEAN);
    if (!node)
        return false;
    *out = json_node_get_boolean(node);
    return true;
}

bool bf_json_is_null(JsonObject *object, const char *key)
{
    JsonNode *node = json_object_get_member(object, key);
    return !node || JSON_NODE_HOLDS_NULL(node);
}

bool bf_json_is_sha256(const char *text)
{
    return text && strlen(text) == BF_SHA256_HEX - 1 && strspn(text, "0123456789abcdef") == BF_SHA256_HEX - 1;
}
