#include "record/audit_chain.h"
#include "record/audit_sign.h"
#include "record/json_text.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A record that somebody hands in may be anything: a fifo or a terminal must not make the check wait. */
static int open_record(const char *path, GError **error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    int saved = errno;
    struct stat st;
    if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
        return fd;
    if (fd >= 0)
        close(fd);
    g_set_error(error, BF_AUDIT_ERROR, BF_AUDIT_ERROR_OPEN, "%s: %s", path, fd >= 0 ? _("is not a file") : g_strerror(saved));
    return -1;
}

static bool peek_key(const char *record_path, bf_audit_key *out, bool *found, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(record_path);
    g_autofree char *path = g_build_filename(folder, "audit.key", NULL);
    return bf_audit_key_peek(path, out, found, error);
}

bool bf_audit_verify(const char *path, bf_audit_summary *out, GError **error)
{
    bf_audit_key key;
    bool keyed = false;
    if (!peek_key(path, &key, &keyed, error))
        return false;
    int fd = open_record(path, error);
    bf_audit_chain chain = {0};
    bool ok = fd >= 0 && bf_audit_chain_check(fd, path, keyed ? &key : NULL, &chain, error);
    bf_audit_key_wipe(&key);
    if (fd >= 0)
        close(fd);
    if (ok && chain.torn_bytes > 0) {
        g_set_error(error, BF_AUDIT_ERROR, BF_AUDIT_ERROR_BROKEN,
                    _("%s: line %llu: torn: it has no line feed (the next run cuts it off and says so)"), path, chain.lines + 1ULL);
        return false;
    }
    if (!ok)
        return false;
    *out = (bf_audit_summary){.lines = chain.lines, .keyed = keyed};
    g_strlcpy(out->last_sha256, chain.last_sha256, sizeof out->last_sha256);
    return true;
}

typedef struct {
    char public_hex[BF_AUDIT_PUBLIC_HEX];
    guint64 lines, signed_lines; /* up to the last checkpoint, itself included */
    guint64 broken;              /* the first checkpoint that does not hold, counted from 1; 0: none */
} signature_check;

static bool on_checkpoint(const bf_audit_entry *e, void *user)
{
    signature_check *c = user;
    c->lines++;
    if (strcmp(e->event, "checkpoint") != 0)
        return true;
    if (strcmp(e->public_key, c->public_hex) != 0 || !bf_audit_signature_holds(c->public_hex, e->seq, e->time, e->prev, e->signature)) {
        c->broken = c->lines;
        return false;
    }
    c->signed_lines = c->lines;
    return true;
}

bool bf_audit_verify_signed(const char *path, const char *public_key_path, bf_audit_summary *out, GError **error)
{
    signature_check c = {0};
    bf_audit_summary summary;
    if (!bf_audit_public_load(public_key_path, c.public_hex, error) || !bf_audit_verify(path, &summary, error) ||
        !bf_audit_foreach(path, on_checkpoint, &c, error))
        return false;
    if (c.broken)
        g_set_error(error, BF_AUDIT_ERROR, BF_AUDIT_ERROR_BROKEN, _("%s: line %llu: a checkpoint that was not signed with this key"), path,
                    (unsigned long long)c.broken);
    else if (c.signed_lines == 0)
        g_set_error(error, BF_AUDIT_ERROR, BF_AUDIT_ERROR_BROKEN, _("%s: no checkpoint is signed with this key"), path);
    else if (c.signed_lines < summary.lines)
        g_set_error(error, BF_AUDIT_ERROR, BF_AUDIT_ERROR_BROKEN, _("%s: the last %llu lines, after line %llu, are not signed"), path,
                    (unsigned long long)(summary.lines - c.signed_lines), (unsigned long long)c.signed_lines);
    if (c.broken || c.signed_lines < summary.lines || c.signed_lines == 0)
        return false;
    *out = summary;
    return true;
}

/* Text of a foreign record for a terminal: no control characters, nothing that turns the direction of writing. */
static char *make_printable(const char *text)
{
    GString *out = g_string_new(NULL);
    for (const char *p = text ? text : ""; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        g_string_append_unichar(out, g_unichar_isprint(c) ? c : 0xFFFD);
    }
    return g_string_free(out, FALSE);
}

static char *join_words(JsonArray *words)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; words && i < json_array_get_length(words); i++) {
        JsonNode *word = json_array_get_element(words, i);
        if (!JSON_NODE_HOLDS_VALUE(word) || json_node_get_value_type(word) != G_TYPE_STRING)
            continue;
        g_autofree char *printable = make_printable(json_node_get_string(word));
        g_string_append_printf(out, "%s%s", out->len > 0 ? " " : "", printable);
    }
    return g_string_free(out, FALSE);
}

static const char *get_sha256(JsonObject *object, const char *key)
{
    const char *text = bf_json_get_text(object, key);
    return bf_json_is_sha256(text) ? text : "";
}

static char *print_array(JsonObject *object, const char *key)
{
    JsonArray *array = bf_json_get_array(object, key);
    g_autoptr(GString) text = g_string_new(NULL);
    if (array)
        bf_json_print(json_object_get_member(object, key), BF_JSON_CANONICAL, text);
    return g_strdup(text->str);
}

/* Tells one line; false in *go_on when the callback has seen enough. False when the line is no event. */
static bool tell_line(const char *line, gsize length, bf_audit_entry_func callback, void *user, bool *go_on)
{
    g_autoptr(JsonNode) event = bf_json_parse(line, length);
    JsonObject *object = event && JSON_NODE_HOLDS_OBJECT(event) ? json_node_get_object(event) : NULL;
    gint64 seq = 0;
    if (!object || !bf_json_get_int(object, "seq", 0, G_MAXINT64, &seq) || !bf_json_get_text(object, "event"))
        return false;
    gint64 entry_index = -1, n_pages = -1;
    bf_json_get_int(object, "pages", 0, G_MAXUINT, &n_pages);
    bf_json_get_int(object, "entry_index", 0, G_MAXUINT, &entry_index);
    const char *outcome = bf_json_get_text(object, "decision");
    g_autofree char *time = make_printable(bf_json_get_text(object, "time"));
    g_autofree char *name = make_printable(bf_json_get_text(object, "event"));
    g_autofree char *id = make_printable(bf_json_get_text(object, "id"));
    g_autofree char *person = make_printable(bf_json_get_text(object, "person"));
    g_autofree char *word = make_printable(outcome ? outcome : bf_json_get_text(object, "verdict"));
    g_autofree char *output = make_printable(bf_json_get_text(object, "output"));
    g_autofree char *reviewer = make_printable(bf_json_get_text(object, "reviewer"));
    g_autofree char *reason = make_printable(bf_json_get_text(object, "reason"));
    g_autofree char *signature = make_printable(bf_json_get_text(object, "signature"));
    g_autofree char *before = print_array(object, "masks_before"), *after = print_array(object, "masks_after");
    g_autofree char *reasons = join_words(bf_json_get_array(object, "reasons"));
    g_autoptr(GString) canonical = g_string_new(NULL);
    bf_json_print(event, BF_JSON_CANONICAL, canonical);
    const bf_audit_entry entry = {.seq = (guint64)seq,
                                  .time = time,
                                  .event = name,
                                  .id = id,
                                  .person = person,
                                  .entry_index = entry_index,
                                  .outcome = word,
                                  .reasons = reasons,
                                  .sha256_in = get_sha256(object, "sha256_in"),
                                  .sha256_out = get_sha256(object, "sha256_out"),
                                  .input_sha256 = get_sha256(object, "input_sha256"),
                                  .output = output,
                                  .output_sha256 = get_sha256(object, "output_sha256"),
                                  .n_pages = n_pages,
                                  .prev = get_sha256(object, "prev"),
                                  .public_key = get_sha256(object, "public_key"), /* of the same form */
                                  .signature = signature,
                                  .reviewer = reviewer,
                                  .reason = reason,
                                  .masks_before = before,
                                  .masks_after = after,
                                  .line = canonical->str};
    *go_on = callback(&entry, user);
    return true;
}

bool bf_audit_foreach(const char *path, bf_audit_entry_func callback, void *user, GError **error)
{
    int fd = open_record(path, error);
    if (fd < 0)
        return false;
    g_autoptr(bf_audit_lines) lines = bf_audit_lines_new(fd, path);
    const char *line = NULL;
    gsize length = 0;
    bool go_on = true, told = true;
    bf_audit_lines_state state = BF_AUDIT_LINES_END;
    while (go_on && told && (state = bf_audit_lines_next(lines, &line, &length, error)) == BF_AUDIT_LINES_WHOLE)
        told = tell_line(line, length, callback, user, &go_on);
    close(fd);
    if (state == BF_AUDIT_LINES_ERROR)
        return false;
    if (!told || state == BF_AUDIT_LINES_TORN) {
        g_set_error(error, BF_AUDIT_ERROR, BF_AUDIT_ERROR_BROKEN, _("%s: line %llu: %s"), path,
                    (unsigned long long)bf_audit_lines_number(lines), told ? _("torn: it has no line feed") : _("is no event of a record"));
        return false;
    }
    return true;
}
