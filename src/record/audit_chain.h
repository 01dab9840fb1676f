/* Checking and reading the lines of audit.jsonl. Inside the record room only. */
#pragma once
#include "blindfold/audit.h"
#include "record/audit_key.h"
#include <json-glib/json-glib.h>

#define BF_AUDIT_LINE_MAX_BYTES (1 << 20)

/* Lines of a file, one after the other, in memory that does not grow with it. */
typedef struct bf_audit_lines bf_audit_lines;
typedef enum {
    BF_AUDIT_LINES_WHOLE, /* a line that ends in a line feed */
    BF_AUDIT_LINES_TORN,  /* bytes after the last line feed */
    BF_AUDIT_LINES_END,
    BF_AUDIT_LINES_ERROR /* reading failed (OPEN), or a line is longer than BF_AUDIT_LINE_MAX_BYTES (BROKEN) */
} bf_audit_lines_state;
bf_audit_lines *bf_audit_lines_new(int fd, const char *path); /* both borrowed; reads from the file's present position */
void bf_audit_lines_free(bf_audit_lines *lines);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(bf_audit_lines, bf_audit_lines_free)
/* *line is valid until the next call; its length is without the line feed. */
bf_audit_lines_state bf_audit_lines_next(bf_audit_lines *lines, const char **line, gsize *length, GError **error);
guint64 bf_audit_lines_number(const bf_audit_lines *lines); /* of the line returned last, 1-based */

typedef struct {
    guint64 lines; /* whole lines, all of which hold */
    char last_sha256[BF_SHA256_HEX];
    gint64 whole_bytes; /* where the last whole line ends */
    gint64 torn_bytes;  /* what follows it without a line feed */
} bf_audit_chain;

/* Checks every line from the start of the file; key may be NULL. Fails with BROKEN at the first line that does not hold; a torn end
 * is told, not an error. */
bool bf_audit_chain_check(int fd, const char *path, const bf_audit_key *key, bf_audit_chain *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The hash that the line after `line` carries; 64 zeros for line = NULL. */
void bf_audit_chain_hash(const char *line, gsize length, char sha256[BF_SHA256_HEX]);
/* The mac of an event, which holds "prev"; its "mac", if it has one, is taken out. */
char *bf_audit_chain_mac(const bf_audit_key *key, JsonNode *event);
/* What a line tells, without its place in the chain (mac, prev, seq), in canonical form; NULL when it is no event. A new string. */
char *bf_audit_chain_body(const char *line, gsize length);
