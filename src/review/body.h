/* What a request says: its path and its body, both anybody's bytes (review). Nothing here knows the desk. */
#pragma once
#include <json-glib/json-glib.h>
#include <stdbool.h>

enum { BODY_MAX = 256 * 1024, PATH_PARTS = 6 };

/* A POST's body: one JSON object in UTF-8, at most 16 levels deep. NULL when it is anything else. Free with json_node_unref. */
JsonNode *body_parse(const char *data, gsize length);
/* Members of a body: the default when they are not there, or of another type. Text is borrowed. */
const char *body_text(JsonObject *body, const char *key); /* "" */
gint64 body_number(JsonObject *body, const char *key);    /* -1 */
bool body_flag(JsonObject *body, const char *key);        /* false */
JsonArray *body_list(JsonObject *body, const char *key);  /* NULL */

/* A raw path's parts, each decoded by itself, so that an id may hold any letter and a part never becomes two. NULL: too many, empty, not
 * UTF-8, or with a slash or a NUL within. "/" has none. Free with g_strfreev. */
char **path_split(const char *raw);
