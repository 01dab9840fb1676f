/* JSON as text: printed in two fixed styles, read with guards against hostile bytes. Inside the record room only.
 *
 * Printing is deterministic and independent of the locale. Numbers that are no integers are printed with three decimals.
 */
#pragma once
#include "blindfold/result.h"
#include <json-glib/json-glib.h>

typedef enum {
    BF_JSON_CANONICAL, /* keys sorted by bytes, no spaces, no line feeds: one value, one text */
    BF_JSON_PRETTY     /* keys in the order they were set, two-space indent, a line feed at the end */
} bf_json_style;

/* Appends the value to `out`. Strings must be valid UTF-8 (bf_json_set_text sees to it). */
void bf_json_print(JsonNode *value, bf_json_style style, GString *out);

/* Reads strict JSON: no comments, at most 32 levels deep, no NUL bytes. NULL when it is anything else; there is no message, since a
 * parser's message quotes what it read. */
JsonNode *bf_json_parse(const char *data, gsize length) G_GNUC_WARN_UNUSED_RESULT;

/* Sets a string, made valid UTF-8; null where text is NULL or empty. */
void bf_json_set_text(JsonObject *object, const char *key, const char *text);
/* Sets an array of words; empty when words (const char *) is NULL. */
void bf_json_set_words(JsonObject *object, const char *key, const GPtrArray *words);
/* Sets "k=v k=v" as an object of strings. */
void bf_json_set_settings(JsonObject *object, const char *key, const char *settings);

/* Sets an array of {name, version, model_sha256}. */
void bf_json_set_readers(JsonObject *object, const char *key, const bf_tool_info *tool);
/* Sets true, false, or null for unknown. */
void bf_json_set_answer(JsonObject *object, const char *key, bf_answer answer);

/* Getters for foreign objects: NULL or false when the member is not there or of another type. Borrowed. */
JsonObject *bf_json_get_object(JsonObject *object, const char *key);
JsonArray *bf_json_get_array(JsonObject *object, const char *key);
const char *bf_json_get_text(JsonObject *object, const char *key);
bool bf_json_get_int(JsonObject *object, const char *key, gint64 min, gint64 max, gint64 *out);
bool bf_json_get_bool(JsonObject *object, const char *key, bool *out);
bool bf_json_is_null(JsonObject *object, const char *key); /* true when it is null or not there */

bool bf_json_is_sha256(const char *text); /* 64 lower-case hex digits; false for NULL */
