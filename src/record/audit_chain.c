#include "record/audit_chain.h"
#include "record/json_text.h"
#include <errno.h>
#include <glib/gi18n.h>
#include <string.h>
#include <unistd.h>

struct bf_audit_lines {
    int fd;
    const char *path;
    char *data;
    gsize room;                /* bytes that data can hold */
    gsize start, scanned, end; /* the present line begins at start and has no line feed before scanned */
    guint64 number;
};

#define ROOM_MIN_BYTES (16 << 10) /* a great many lines; it grows when one is longer */
#define ROOM_MAX_BYTES (BF_AUDIT_LINE_MAX_BYTES + 1)

bf_audit_lines *bf_audit_lines_new(int fd, const char *path)
{
    bf_audit_lines *lines = g_new0(bf_audit_lines, 1);
    lines->fd = fd;
    lines->path = path;
    lines->room = ROOM_MIN_BYTES;
    lines->data = g_malloc(lines->room);
    return lines;
}

void bf_audit_lines_free(bf_audit_lines *lines)
{
    if (!lines)
        return;
    g_free(lines->data);
    g_free(lines);
}

guint64 bf_audit_lines_number(const bf_audit_lines *lines)
{
    return lines->number;
}

/* Reads on into the room behind the present line; 0 at the end of the file, < 0 on an error. */
static ssize_t refill(bf_audit_lines *lines)
{
    memmove(lines->data, lines->data + lines->start, lines->end - lines->start);
    lines->scanned -= lines->start;
    lines->end -= lines->start;
    lines->start = 0;
    if (lines->end == lines->room) {
        lines->room = MIN(2 * lines->room, ROOM_MAX_BYTES);
        lines->data = g_realloc(lines->data, lines->room);
    }
    ssize_t n;
    do
        n = read(lines->fd, lines->data + lines->end, lines->room - lines->end);
    while (n < 0 && errno == EINTR);
    if (n > 0)
        lines->end += (gsize)n;
    return n;
}

bf_audit_lines_state bf_audit_lines_next(bf_audit_lines *lines, const char **line, gsize *length, GError **error)
{
    lines->number++;
    for (;;) {
        const char *feed = memchr(lines->data + lines->scanned, '\n', lines->end - lines->scanned);
        *line = lines->data + lines->start;
        if (feed) {
            *length = (gsize)(feed - *line);
            lines->start = lines->scanned = (gsize)(feed + 1 - lines->data);
            return BF_AUDIT_LINES_WHOLE;
        }
        lines->scanned = lines->end;
        if (lines->end - lines->start == ROOM_MAX_BYTES) {
            g_set_error(error, BF_AUDIT_ERROR, BF_AUDIT_ERROR_BROKEN, _("%s: line %llu: longer than any line of a record"), lines->path,
                        (unsigned long long)lines->number);
            return BF_AUDIT_LINES_ERROR;
        }
        ssize_t n = refill(lines);
        if (n < 0) {
            int saved = errno;
            g_set_error(error, BF_AUDIT_ERROR, BF_AUDIT_ERROR_OPEN, _("%s: cannot be read: %s"), lines->path, g_strerror(saved));
            return BF_AUDIT_LINES_ERROR;
        }
        if (n == 0) {
            *line = lines->data + lines->start;
            *length = lines->end - lines->start;
            lines->start = lines->scanned = lines->end;
            return *length > 0 ? BF_AUDIT_LINES_TORN : BF_AUDIT_LINES_END;
        }
    }
}

void bf_audit_chain_hash(const char *line, gsize length, char sha256[BF_SHA256_HEX])
{
    if (!line) {
        memset(sha256, '0', BF_SHA256_HEX - 1);
        sha256[BF_SHA256_HEX - 1] = '\0';
        return;
    }
    g_autofree char *hex = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)line, length);
    g_strlcpy(sha256, hex, BF_SHA256_HEX);
}

char *bf_audit_chain_mac(const bf_audit_key *key, JsonNode *event)
{
    JsonObject *object = json_node_get_object(event);
    if (json_object_has_member(object, "mac"))
        json_object_remove_member(object, "mac");
    g_autoptr(GString) bare = g_string_new(NULL);
    bf_json_print(event, BF_JSON_CANONICAL, bare);
    const char *prev = bf_json_get_text(object, "prev");
    return bf_audit_key_hmac(key, prev, strlen(prev), bare->str, bare->len);
}

char *bf_audit_chain_body(const char *line, gsize length)
{
    static const char *const places[] = {"mac", "prev", "seq"};
    g_autoptr(JsonNode) event = bf_json_parse(line, length);
    if (!event || !JSON_NODE_HOLDS_OBJECT(event))
        return NULL;
    JsonObject *object = json_node_get_object(event);
    for (guint i = 0; i < G_N_ELEMENTS(places); i++)
        if (json_object_has_member(object, places[i]))
            json_object_remove_member(object, places[i]);
    GString *body = g_string_sized_new(length);
    bf_json_print(event, BF_JSON_CANONICAL, body);
    return g_string_free(body, FALSE);
}

/* The parsed line when it is an event in canonical form with all that every event has, else NULL and why. */
static JsonNode *parse_event(const char *line, gsize length, const char **why)
{
    g_autoptr(JsonNode) event = bf_json_parse(line, length);
    if (!event || !JSON_NODE_HOLDS_OBJECT(event)) {
        *why = _("was changed: it is no JSON object");
        return NULL;
    }
    g_autoptr(GString) canonical = g_string_sized_new(length);
    bf_json_print(event, BF_JSON_CANONICAL, canonical);
    if (canonical->len != length || memcmp(canonical->str, line, length) != 0) {
        *why = _("was changed: it is not in canonical form");
        return NULL;
    }
    JsonObject *object = json_node_get_object(event);
    gint64 seq = 0;
    if (!bf_json_get_int(object, "seq", 0, G_MAXINT64, &seq) || !bf_json_is_sha256(bf_json_get_text(object, "prev")) ||
        !bf_json_is_sha256(bf_json_get_text(object, "mac")) || !bf_json_get_text(object, "time") || !bf_json_get_text(object, "event")) {
        *why = _("was changed: it lacks what every line has (event, mac, prev, seq, time)");
        return NULL;
    }
    return g_steal_pointer(&event);
}

/* NULL when the line holds. The mac is looked at first: with the key, a line that was changed is told from one that was moved. */
static const char *find_flaw(const bf_audit_chain *chain, const bf_audit_key *key, const char *line, gsize length)
{
    const char *why = NULL;
    g_autoptr(JsonNode) event = parse_event(line, length, &why);
    if (!event)
        return why;
    JsonObject *object = json_node_get_object(event);
    gint64 seq = json_object_get_int_member(object, "seq");
    if (key) {
        g_autofree char *claimed = g_strdup(bf_json_get_text(object, "mac"));
        g_autofree char *mac = bf_audit_chain_mac(key, event);
        if (strcmp(claimed, mac) != 0)
            return chain->lines == 0 ? _("was changed, or audit.key is another record's key") : _("was changed: its mac does not hold");
    }
    if ((guint64)seq > chain->lines)
        return _("has a later seq than its place asks for: lines before it are missing or were moved");
    if ((guint64)seq < chain->lines)
        return _("has an earlier seq than its place asks for: it was moved or copied here");
    if (strcmp(bf_json_get_text(object, "prev"), chain->last_sha256) != 0)
        return _("does not carry the hash of the line before it: one of the two was changed");
    return NULL;
}

bool bf_audit_chain_check(int fd, const char *path, const bf_audit_key *key, bf_audit_chain *out, GError **error)
{
    bf_audit_chain chain = {0};
    bf_audit_chain_hash(NULL, 0, chain.last_sha256);
    g_autoptr(bf_audit_lines) lines = bf_audit_lines_new(fd, path);
    const char *line = NULL;
    gsize length = 0;
    bf_audit_lines_state state;
    while ((state = bf_audit_lines_next(lines, &line, &length, error)) == BF_AUDIT_LINES_WHOLE) {
        const char *flaw = find_flaw(&chain, key, line, length);
        if (flaw) {
            g_set_error(error, BF_AUDIT_ERROR, BF_AUDIT_ERROR_BROKEN, _("%s: line %llu: %s"), path,
                        (unsigned long long)bf_audit_lines_number(lines), flaw);
            return false;
        }
        bf_audit_chain_hash(line, length, chain.last_sha256);
        chain.whole_bytes += (gint64)length + 1;
        chain.lines++;
    }
    if (state == BF_AUDIT_LINES_ERROR)
        return false;
    chain.torn_bytes = state == BF_AUDIT_LINES_TORN ? (gint64)length : 0;
    *out = chain;
    return true;
}
