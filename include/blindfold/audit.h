/* The audit record: audit.jsonl, append-only, each line chained to the one before (record).
 *
 * One line is one JSON object in canonical form (keys sorted, no spaces, UTF-8) with at least
 *   "seq"   0, 1, 2, ...
 *   "prev"  SHA-256 (hex) of the line before, without its line feed; 64 zeros on line 0
 *   "time"  RFC 3339, UTC
 *   "event" "run-start" | "page" | "package" | "run-end" | ...
 * Names never appear: applicants are told by "id" and "person" = HMAC-SHA-256(key, id NUL name), key in audit.key (0600, 32 random bytes)
 * beside the record.
 */
#pragma once
#include "blindfold/result.h"

#define BF_AUDIT_ERROR (bf_audit_error_quark())
GQuark bf_audit_error_quark(void);
typedef enum {
    BF_AUDIT_ERROR_OPEN,
    BF_AUDIT_ERROR_LOCKED, /* another run writes this record */
    BF_AUDIT_ERROR_WRITE,
    BF_AUDIT_ERROR_BROKEN  /* the chain does not hold: the message says at which line and how */
} bf_audit_error;

typedef struct bf_audit bf_audit;

/* Opens OUT/audit.jsonl for appending (creates it and OUT/audit.key), locks it, checks the whole chain; a torn last line (no line
 * feed: the power went) is cut off and told by an event "recovered". One thread at a time. */
bool bf_audit_open(const char *output_dir, bf_audit **out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void bf_audit_free(bf_audit *a);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(bf_audit, bf_audit_free)

/* Each appends one line; durable (fsync) for package, run-start and run-end. */
bool bf_audit_run_start(bf_audit *a, const bf_tool_info *tool, guint n_packages, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool bf_audit_page(bf_audit *a, const char *package_id, const char *person_name, const bf_page_record *page, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
bool bf_audit_package(bf_audit *a, const char *person_name, const bf_package_result *result, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
bool bf_audit_run_end(bf_audit *a, guint released, guint held, guint failed, bool interrupted, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* The keyed hash that stands for a person outside this process: HMAC-SHA-256(key, id NUL text), lower-case hex; a new string. With the
 * name as text it is the record's "person". batch gives a text of name and aliases, to know a roster row again in a report. */
char *bf_audit_person(const bf_audit *a, const char *id, const char *text) G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
    guint64 lines;
    char last_sha256[BF_SHA256_HEX];
} bf_audit_summary;
/* Checks a record without its key: parses each line, canonical form, seq, prev. Fails with BROKEN on the first line that does not
 * hold ("line 17: ..."): changed, missing, reordered, torn. A shortened tail cannot be seen from the chain alone: compare last_sha256. */
bool bf_audit_verify(const char *path, bf_audit_summary *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
