#include "record/audit_chain.h"
#include "record/audit_sign.h"
#include "record/json_text.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct bf_audit {
    char *path, *key_path;
    int fd;
    gint64 size; /* of the file, all of it whole lines */
    guint64 lines;
    char last_sha256[BF_SHA256_HEX];
    bf_audit_key key;
    bf_audit_signer signer;
    bool signs;
    guint64 unsigned_lines; /* since the last checkpoint of ours */
    bool unusable;          /* the end of the file is no longer known */
};

GQuark bf_audit_error_quark(void)
{
    return g_quark_from_static_string("bf-audit-error");
}

static bool fail(const bf_audit *a, bf_audit_error code, const char *what, int errnum, GError **error)
{
    g_set_error(error, BF_AUDIT_ERROR, code, "%s: %s: %s", a->path, what, g_strerror(errnum));
    return false;
}

/* RFC 3339 in UTC with milliseconds. */
static char *format_now(void)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autofree char *seconds = g_date_time_format(now, "%Y-%m-%dT%H:%M:%S");
    return g_strdup_printf("%s.%03dZ", seconds, g_date_time_get_microsecond(now) / 1000);
}

static bool sync_record(bf_audit *a, GError **error)
{
    if (fsync(a->fd) == 0)
        return true;
    a->unusable = true; /* after a failed fsync nobody knows what is on the disk */
    return fail(a, BF_AUDIT_ERROR_WRITE, _("cannot be made durable"), errno, error);
}

/* One write, so that a reader never sees half a line of a run that goes on; what a full disk left of a line is taken back. */
static bool write_line(bf_audit *a, const GString *line, bool durable, GError **error)
{
    struct stat st;
    if (fstat(a->fd, &st) != 0)
        return fail(a, BF_AUDIT_ERROR_WRITE, _("cannot be written"), errno, error);
    if (st.st_size != a->size) {
        a->unusable = true;
        g_set_error(error, BF_AUDIT_ERROR, BF_AUDIT_ERROR_BROKEN, _("%s: another program changed the record during this run"), a->path);
        return false;
    }
    ssize_t n;
    do
        n = write(a->fd, line->str, line->len);
    while (n < 0 && errno == EINTR);
    if (n != (ssize_t)line->len) {
        int saved = n < 0 ? errno : ENOSPC;
        if (n > 0 && ftruncate(a->fd, a->size) != 0)
            a->unusable = true;
        return fail(a, BF_AUDIT_ERROR_WRITE, _("cannot be written"), saved, error);
    }
    return !durable || sync_record(a, error);
}

/* An event (consumed) as text, with the time that it is told at: a line without its mac, prev and seq. */
static char *compose(const char *name, JsonObject *fields)
{
    g_autoptr(JsonNode) event = json_node_init_object(json_node_alloc(), fields);
    json_object_unref(fields);
    g_autofree char *now = format_now();
    json_object_set_string_member(fields, "event", name);
    if (!json_object_has_member(fields, "time")) /* a checkpoint has signed its own */
        json_object_set_string_member(fields, "time", now);
    GString *body = g_string_new(NULL);
    bf_json_print(event, BF_JSON_CANONICAL, body);
    return g_string_free(body, FALSE);
}

/* Completes an event with its place in the chain, and appends it. */
static bool append_body(bf_audit *a, const char *body, bool durable, GError **error)
{
    g_autoptr(JsonNode) event = bf_json_parse(body, strlen(body));
    if (a->unusable || !event || !JSON_NODE_HOLDS_OBJECT(event)) {
        g_set_error(error, BF_AUDIT_ERROR, BF_AUDIT_ERROR_WRITE, "%s: %s", a->path,
                    a->unusable ? _("nothing more can be written after an earlier error") : _("an event is no JSON object"));
        return false;
    }
    JsonObject *fields = json_node_get_object(event);
    json_object_set_int_member(fields, "seq", (gint64)a->lines);
    json_object_set_string_member(fields, "prev", a->last_sha256);
    g_autofree char *mac = bf_audit_chain_mac(&a->key, event);
    json_object_set_string_member(fields, "mac", mac);

    g_autoptr(GString) line = g_string_new(NULL);
    bf_json_print(event, BF_JSON_CANONICAL, line);
    gsize length = line->len;
    if (length > BF_AUDIT_LINE_MAX_BYTES) {
        g_set_error(error, BF_AUDIT_ERROR, BF_AUDIT_ERROR_WRITE, _("%s: an event is too long for the record"), a->path);
        return false;
    }
    g_string_append_c(line, '\n');
    if (!write_line(a, line, durable, error))
        return false;
    bf_audit_chain_hash(line->str, length, a->last_sha256);
    a->size += (gint64)line->len;
    a->lines++;
    a->unsigned_lines++;
    return true;
}

/* What append_body adds to it is shorter than this. */
enum { CHAIN_MAX_BYTES = 512 };

bool bf_audit_fits(const char *body)
{
    return strlen(body) <= BF_AUDIT_LINE_MAX_BYTES - CHAIN_MAX_BYTES;
}

/* Appends an event (consumed). */
static bool append_event(bf_audit *a, const char *name, JsonObject *fields, bool durable, GError **error)
{
    g_autofree char *body = compose(name, fields);
    return append_body(a, body, durable, error);
}

static bool open_file(bf_audit *a, GError **error)
{
    a->fd = open(a->path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
    if (a->fd < 0)
        return fail(a, BF_AUDIT_ERROR_OPEN, _("cannot be opened"), errno, error);
    struct stat st;
    if (fstat(a->fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        g_set_error(error, BF_AUDIT_ERROR, BF_AUDIT_ERROR_OPEN, _("%s: is not a file"), a->path);
        return false;
    }
    return true;
}

/* A lock of the open file description: it holds against another open in this process too, and ends with the process. A process that a
 * killed run had just split off has it a moment longer, until it gets to closing what it inherited: that is waited for. */
static bool lock_file(bf_audit *a, GError **error)
{
    enum { WAIT_MS = 2000, LOOK_MS = 20 };
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    for (int waited_ms = 0;; waited_ms += LOOK_MS) {
        if (fcntl(a->fd, F_OFD_SETLK, &lock) == 0)
            return true;
        if ((errno != EAGAIN && errno != EACCES) || waited_ms >= WAIT_MS)
            break;
        g_usleep(LOOK_MS * 1000);
    }
    if (errno != EAGAIN && errno != EACCES)
        return fail(a, BF_AUDIT_ERROR_OPEN, _("cannot be locked"), errno, error);
    g_set_error(error, BF_AUDIT_ERROR, BF_AUDIT_ERROR_LOCKED, _("%s: another run is writing this record; wait for it to end"), a->path);
    return false;
}

/* Makes new names in a folder durable. */
static bool sync_folder(const bf_audit *a, const char *output_dir, GError **error)
{
    int fd = open(output_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (!ok)
        fail(a, BF_AUDIT_ERROR_OPEN, _("the folder cannot be made durable"), errno, error);
    if (fd >= 0)
        close(fd);
    return ok;
}

static bool get_key(bf_audit *a, const char *output_dir, GError **error)
{
    bool found = false;
    if (!bf_audit_key_load(a->key_path, &a->key, &found, error))
        return false;
    if (found)
        return true;
    struct stat st;
    if (fstat(a->fd, &st) != 0)
        return fail(a, BF_AUDIT_ERROR_OPEN, _("cannot be read"), errno, error);
    if (st.st_size > 0) {
        g_set_error(error, BF_AUDIT_ERROR, BF_AUDIT_ERROR_OPEN,
                    _("%s: the record is here but its key, audit.key, is not: put it back, or move the record away to begin a new one"),
                    a->path);
        return false;
    }
    return bf_audit_key_create(a->key_path, &a->key, error) && sync_folder(a, output_dir, error);
}

/* Takes up the chain where it ends. */
static bool take_up(bf_audit *a, GError **error)
{
    bf_audit_chain chain;
    if (!bf_audit_chain_check(a->fd, a->path, &a->key, &chain, error))
        return false;
    a->lines = chain.lines;
    a->size = chain.whole_bytes;
    g_strlcpy(a->last_sha256, chain.last_sha256, sizeof a->last_sha256);
    if (chain.torn_bytes == 0)
        return true;
    if (ftruncate(a->fd, a->size) != 0)
        return fail(a, BF_AUDIT_ERROR_WRITE, _("its torn end cannot be cut off"), errno, error);
    JsonObject *fields = json_object_new();
    json_object_set_int_member(fields, "cut_bytes", chain.torn_bytes);
    return append_event(a, "recovered", fields, true, error);
}

bool bf_audit_open(const char *output_dir, bf_audit **out, GError **error)
{
    g_autoptr(bf_audit) a = g_new0(bf_audit, 1);
    a->fd = -1;
    a->path = g_build_filename(output_dir, "audit.jsonl", NULL);
    a->key_path = g_build_filename(output_dir, "audit.key", NULL);
    if (!open_file(a, error) || !lock_file(a, error) || !get_key(a, output_dir, error) || !take_up(a, error))
        return false;
    *out = g_steal_pointer(&a);
    return true;
}

void bf_audit_free(bf_audit *a)
{
    if (!a)
        return;
    if (a->fd >= 0)
        close(a->fd);
    bf_audit_key_wipe(&a->key);
    bf_audit_signer_wipe(&a->signer);
    g_free(a->path);
    g_free(a->key_path);
    g_free(a);
}

char *bf_audit_person(const bf_audit *a, const char *id, const char *text)
{
    if (!id || !text)
        return NULL;
    return bf_audit_key_hmac(&a->key, id, strlen(id) + 1, text, strlen(text));
}

static void set_person(JsonObject *fields, const bf_audit *a, const char *id, const char *name)
{
    g_autofree char *person = bf_audit_person(a, id, name);
    bf_json_set_text(fields, "person", person);
}

static void set_sandbox(JsonObject *fields, const bf_audit_sandbox *sandbox)
{
    if (!sandbox) {
        json_object_set_null_member(fields, "sandbox");
        return;
    }
    JsonObject *object = json_object_new();
    bf_json_set_text(object, "mode", sandbox->mode);
    bf_json_set_text(object, "pages", sandbox->pages);
    bf_json_set_text(object, "packages", sandbox->packages);
    json_object_set_object_member(fields, "sandbox", object);
}

bool bf_audit_run_start(bf_audit *a, const bf_tool_info *tool, guint n_packages, const bf_audit_sandbox *sandbox, GError **error)
{
    JsonObject *fields = json_object_new();
    bf_json_set_text(fields, "version", tool->version);
    bf_json_set_settings(fields, "settings", tool->settings);
    bf_json_set_readers(fields, "readers", tool);
    json_object_set_int_member(fields, "packages", n_packages);
    set_sandbox(fields, sandbox);
    return append_event(a, "run-start", fields, true, error);
}

char *bf_audit_compose_page(const bf_audit *a, const char *package_id, const char *person_name, const bf_page_record *page)
{
    const bf_page_result *result = &page->page;
    JsonObject *fields = json_object_new();
    bf_json_set_text(fields, "id", package_id);
    set_person(fields, a, package_id, person_name);
    json_object_set_int_member(fields, "entry_index", page->entry_index);
    bf_json_set_text(fields, "sha256_in", result->sha256_in);
    bf_json_set_text(fields, "sha256_out", result->sha256_out);
    json_object_set_string_member(fields, "decision", bf_decision_word(result->decision));
    bf_json_set_answer(fields, "needs_masking", result->needs_masking);
    bf_json_set_words(fields, "reasons", result->reasons);
    if (result->turned_from > 0)
        json_object_set_int_member(fields, "turned_from", result->turned_from);
    json_object_set_int_member(fields, "masks", result->masks ? result->masks->len : 0);
    return compose("page", fields);
}

bool bf_audit_page(bf_audit *a, const char *package_id, const char *person_name, const bf_page_record *page, GError **error)
{
    g_autofree char *body = bf_audit_compose_page(a, package_id, person_name, page);
    return append_body(a, body, false, error);
}

char *bf_audit_compose_package(const bf_audit *a, const char *person_name, const bf_package_result *result)
{
    JsonObject *fields = json_object_new();
    bf_json_set_text(fields, "id", result->id);
    set_person(fields, a, result->id, person_name);
    bf_json_set_text(fields, "input_sha256", result->input_sha256);
    bf_json_set_text(fields, "output", result->output);
    bf_json_set_text(fields, "output_sha256", result->output_sha256);
    json_object_set_string_member(fields, "verdict", bf_verdict_word(result->verdict));
    bf_json_set_words(fields, "reasons", result->reasons);
    json_object_set_int_member(fields, "pages", result->pages ? result->pages->len : 0);
    return compose("package", fields);
}

bool bf_audit_package(bf_audit *a, const char *person_name, const bf_package_result *result, GError **error)
{
    g_autofree char *body = bf_audit_compose_package(a, person_name, result);
    return append_body(a, body, true, error);
}

static void set_masks(JsonObject *fields, const char *key, const char *json)
{
    g_autoptr(JsonNode) masks = json ? bf_json_parse(json, strlen(json)) : NULL;
    if (masks && JSON_NODE_HOLDS_ARRAY(masks))
        json_object_set_array_member(fields, key, json_array_ref(json_node_get_array(masks)));
    else
        json_object_set_null_member(fields, key);
}

char *bf_audit_compose_decision(const bf_audit *a, const char *person_name, const bf_audit_decision *d)
{
    JsonObject *fields = json_object_new();
    bf_json_set_text(fields, "id", d->package_id);
    set_person(fields, a, d->package_id, person_name);
    json_object_set_int_member(fields, "entry_index", d->entry_index);
    bf_json_set_text(fields, "sha256_in", d->sha256_in);
    bf_json_set_text(fields, "reviewer", d->reviewer);
    bf_json_set_text(fields, "decision", d->decision);
    bf_json_set_text(fields, "reason", d->reason);
    set_masks(fields, "masks_before", d->masks_before);
    set_masks(fields, "masks_after", d->masks_after);
    return compose("decision", fields);
}

guint64 bf_audit_n_lines(const bf_audit *a)
{
    return a->lines;
}

const char *bf_audit_path(const bf_audit *a)
{
    return a->path;
}

/* Whether each body stands in the record from line `from` on; found[] gets it. */
static bool find_bodies(const bf_audit *a, guint64 from, const char *const *bodies, gsize n, bool *found, GError **error)
{
    int fd = open(a->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return fail(a, BF_AUDIT_ERROR_OPEN, _("cannot be read"), errno, error);
    g_autoptr(bf_audit_lines) lines = bf_audit_lines_new(fd, a->path);
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    const char *line = NULL;
    gsize length = 0;
    bf_audit_lines_state state;
    while ((state = bf_audit_lines_next(lines, &line, &length, error)) == BF_AUDIT_LINES_WHOLE) {
        char *body = bf_audit_lines_number(lines) > from ? bf_audit_chain_body(line, length) : NULL;
        if (body)
            g_hash_table_add(seen, body);
    }
    for (gsize i = 0; i < n; i++)
        found[i] = g_hash_table_contains(seen, bodies[i]);
    close(fd);
    return state != BF_AUDIT_LINES_ERROR;
}

/* The last line vouches for all before it. Nothing where no key was given. */
static bool add_checkpoint(bf_audit *a, GError **error)
{
    char signature[BF_AUDIT_SIGNATURE_HEX];
    if (!a->signs)
        return true;
    g_autofree char *now = format_now();
    bf_audit_sign(&a->signer, a->lines, now, a->last_sha256, signature);
    JsonObject *fields = json_object_new();
    json_object_set_string_member(fields, "time", now);
    json_object_set_string_member(fields, "public_key", a->signer.public_hex);
    json_object_set_string_member(fields, "signature", signature);
    if (!append_event(a, "checkpoint", fields, true, error))
        return false;
    a->unsigned_lines = 0;
    return true;
}

bool bf_audit_append(bf_audit *a, guint64 from, const char *const *bodies, gsize n, GError **error)
{
    g_autofree bool *found = g_new0(bool, MAX(n, 1));
    if (a->lines > from && !find_bodies(a, from, bodies, n, found, error))
        return false;
    for (gsize i = 0; i < n; i++)
        if (!found[i] && !append_body(a, bodies[i], false, error))
            return false;
    if (a->unsigned_lines >= BF_AUDIT_CHECKPOINT_LINES && !add_checkpoint(a, error))
        return false;
    return sync_record(a, error);
}

bool bf_audit_sign_with(bf_audit *a, const char *secret_key_path, GError **error)
{
    a->signs = bf_audit_signer_load(secret_key_path, &a->signer, error);
    return a->signs;
}

bool bf_audit_run_end(bf_audit *a, guint released, guint held, guint failed, bool interrupted, GError **error)
{
    JsonObject *fields = json_object_new();
    json_object_set_int_member(fields, "released", released);
    json_object_set_int_member(fields, "held", held);
    json_object_set_int_member(fields, "failed", failed);
    json_object_set_boolean_member(fields, "interrupted", interrupted);
    return append_event(a, "run-end", fields, true, error) && add_checkpoint(a, error);
}

typedef struct {
    const char *shard, *last_sha256;
    bool found;
} noted;

static bool is_noted(const bf_audit_entry *entry, void *user)
{
    noted *n = user;
    if (strcmp(entry->event, "merged") != 0)
        return true;
    g_autoptr(JsonNode) event = bf_json_parse(entry->line, strlen(entry->line));
    JsonObject *object = event ? json_node_get_object(event) : NULL;
    n->found = object && g_strcmp0(bf_json_get_text(object, "shard"), n->shard) == 0 &&
               g_strcmp0(bf_json_get_text(object, "last_sha256"), n->last_sha256) == 0;
    return !n->found;
}

bool bf_audit_merged(bf_audit *a, const char *shard, const bf_audit_summary *proved, GError **error)
{
    noted known = {shard, proved->last_sha256, false};
    if (!bf_audit_foreach(a->path, is_noted, &known, error))
        return false;
    if (known.found)
        return true;
    JsonObject *fields = json_object_new();
    json_object_set_string_member(fields, "shard", shard);
    json_object_set_int_member(fields, "lines", (gint64)proved->lines);
    json_object_set_string_member(fields, "last_sha256", proved->last_sha256);
    return append_event(a, "merged", fields, true, error);
}
