/* The audit record: audit.jsonl, append-only, each line chained to the one before (record).
 *
 * One line is one JSON object in canonical form (keys sorted by bytes, no spaces, UTF-8, only '"', '\' and control characters escaped)
 * with at least
 *   "event" "run-start" | "page" | "package" | "decision" | "checkpoint" | "run-end" | "merged" | "recovered"
 *   "mac"   HMAC-SHA-256 (hex) under the key, of the text of "prev" followed by this line without its "mac" (and the comma of it)
 *   "prev"  SHA-256 (hex) of the line before, without its line feed; 64 zeros on line 0
 *   "seq"   0, 1, 2, ...
 *   "time"  RFC 3339, UTC, milliseconds
 * and, by event,
 *   run-start  version, settings {}, readers [{name, version, model_sha256}], packages (how many), sandbox {mode, pages, packages}: what
 *              was asked for ("auto", "strict", "off"), and what keeps in the processes that look at pages and the one that opens packages
 *              ("seccomp, landlock", "nothing", ...)
 *   page       id, person, entry_index, sha256_in, sha256_out, decision, needs_masking, reasons [], masks (how many)
 *   package    id, person, input_sha256, output, output_sha256, verdict, reasons [], pages (how many)
 *   decision   id, person, entry_index, sha256_in, reviewer, decision, reason, masks_before [..], masks_after [..]: a person's, about a
 * page
 *
 *   run-end    released, held, failed, interrupted
 *
 *   merged     shard, lines, last_sha256: a shard's record that was proved and brought in, and where it ended
 *
 *   checkpoint public_key, signature: Ed25519 (hex) over "blindfold audit checkpoint" LF seq LF time LF prev LF
 *
 *   recovered  cut_bytes: how much of a torn last line was cut off when the record was opened
 * What is not known is null. Names never appear: applicants are told by "id" and "person" = HMAC-SHA-256(key, id NUL name). The key is
 * audit.key beside the record: 32 random bytes, mode 0600. (No text under "mac" holds a NUL, so neither hash can pass for the other.)
 *
 * What the record proves. With the key: every line is as it was written and stands where it was written. Without the key: the lines
 * fit together; the last line, or all lines from some line on, could have been written anew by somebody who understands the format.
 * In neither case can the file itself tell that lines were cut off its end: whoever wants to know keeps the last hash
 * (bf_audit_summary.last_sha256) or the number of lines elsewhere. Whoever holds the key can write any record.
 */
#pragma once
#include "blindfold/result.h"

#define BF_AUDIT_ERROR (bf_audit_error_quark())
GQuark bf_audit_error_quark(void);
typedef enum {
    BF_AUDIT_ERROR_OPEN,   /* not there, not readable, its key missing or readable by others */
    BF_AUDIT_ERROR_LOCKED, /* another run writes this record */
    BF_AUDIT_ERROR_WRITE,
    BF_AUDIT_ERROR_BROKEN /* the chain does not hold: the message says at which line and how */
} bf_audit_error;

typedef struct bf_audit bf_audit;

/* Opens OUT/audit.jsonl for appending (creates it and OUT/audit.key, both 0600; OUT must be there), locks it until bf_audit_free,
 * and checks the whole chain in time linear in its length; a torn last line (no line feed: the power went) is cut off and told by an
 * event "recovered". A record without its key, and a key that others can read, are errors. One thread at a time. */
bool bf_audit_open(const char *output_dir, bf_audit **out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void bf_audit_free(bf_audit *a); /* NULL is fine; clears the key's memory */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(bf_audit, bf_audit_free)

/* The keyed hash that stands for a person outside this process: HMAC-SHA-256(key, id NUL text), lower-case hex; a new string, NULL when
 * id or text is. With the name as text it is the record's "person". batch gives a text of name and aliases, to know a roster row again
 * in a report. */
char *bf_audit_person(const bf_audit *a, const char *id, const char *text) G_GNUC_WARN_UNUSED_RESULT;

/* A run-start's sandbox, as words; borrowed. */
typedef struct {
    const char *mode, *pages, *packages;
} bf_audit_sandbox;

/* Each appends one line; durable (fsync) for package, run-start and run-end. A line that cannot be written whole is taken back, and
 * the record can be used on; after an error at which its end is not known, every later call fails. person_name and sandbox may be NULL. */
bool bf_audit_run_start(bf_audit *a, const bf_tool_info *tool, guint n_packages, const bf_audit_sandbox *sandbox,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool bf_audit_page(bf_audit *a, const char *package_id, const char *person_name, const bf_page_record *page,
                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool bf_audit_package(bf_audit *a, const char *person_name, const bf_package_result *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool bf_audit_run_end(bf_audit *a, guint released, guint held, guint failed, bool interrupted, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A reviewer's decision about a page. Texts are borrowed; masks are JSON arrays as in a report's page, NULL: not known. */
typedef struct {
    const char *package_id;
    guint entry_index;
    const char *sha256_in; /* of the page that was looked at */
    const char *reviewer, *decision, *reason;
    const char *masks_before, *masks_after;
} bf_audit_decision;

/* Events as text ("bodies": canonical JSON, without mac, prev and seq, the time of this call in it), to be kept somewhere safe before
 * they are appended. New strings. */
char *bf_audit_compose_page(const bf_audit *a, const char *package_id, const char *person_name,
                            const bf_page_record *page) G_GNUC_WARN_UNUSED_RESULT;
char *bf_audit_compose_package(const bf_audit *a, const char *person_name, const bf_package_result *result) G_GNUC_WARN_UNUSED_RESULT;
char *bf_audit_compose_decision(const bf_audit *a, const char *person_name, const bf_audit_decision *d) G_GNUC_WARN_UNUSED_RESULT;
/* Short enough for a line of the record, which no body may be that somebody promised to append. */
bool bf_audit_fits(const char *body);
guint64 bf_audit_n_lines(const bf_audit *a);
const char *bf_audit_path(const bf_audit *a); /* of the file; borrowed */
/* Appends those of the bodies that the record does not have from line `from` (counted from 0) on, in order; durable. Calling it again
 * with the same bodies, also after a crash, adds nothing twice. */
bool bf_audit_append(bf_audit *a, guint64 from, const char *const *bodies, gsize n, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The bodies of a record that tell of packages, in its order: id -> GPtrArray of char *. Free with g_hash_table_unref. Proves nothing. */
bool bf_audit_bodies(const char *path, GHashTable **out, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* For records that will be brought together, so that "person" means the same in all: before a record is begun in `to`, gives it the key of
 * `from`, which is made when there is none; whoever asks at the same time gets the same. Both folders must be there. Where `to` has a key
 * already, or the file system cannot make links, nothing is done, and the record gets or keeps a key of its own. */
bool bf_audit_key_share(const char *from, const char *to, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Makes an Ed25519 key pair: the secret one at path (0600), the public one at path.pub; neither may be there yet. */
bool bf_audit_keygen(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* From now on the record gets signed checkpoints: one after each run-end, and one whenever another BF_AUDIT_CHECKPOINT_LINES lines have
 * been appended by bf_audit_append. A checkpoint vouches for every line before it: with the secret key kept elsewhere nobody who holds
 * folder and HMAC key can write these anew. */
bool bf_audit_sign_with(bf_audit *a, const char *secret_key_path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
enum { BF_AUDIT_CHECKPOINT_LINES = 1000 };

typedef struct {
    guint64 lines;
    char last_sha256[BF_SHA256_HEX]; /* of the last line; 64 zeros when there is none */
    bool keyed;                      /* audit.key was there to prove each line, the last one too */
} bf_audit_summary;
/* Checks a record: parses each line, canonical form, seq, prev, and mac when audit.key lies beside the file and can be read. Fails with
 * BROKEN on the first line that does not hold ("line 17: ...", counted from 1): changed, written in another form, missing, reordered,
 * duplicated, torn. With the key the line named is the one that was changed; without it, a changed line may show only by the one after
 * it, and a changed last line need not show at all. A shortened tail cannot be seen: compare last_sha256. */
bool bf_audit_verify(const char *path, bf_audit_summary *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Notes that the record of a shard, proved with this summary, was brought in; durable. Once for each end of its record: what is noted
 * already is not noted again. */
bool bf_audit_merged(bf_audit *a, const char *shard, const bf_audit_summary *proved, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Joins records (paths of audit.jsonl files, NULL-terminated; shards of one batch, say) into the record of output_dir, which is made when
 * it is missing; the folder must be there. Each is proved first (BROKEN), then its lines about packages, pages and decisions are
 * appended, in its order, and a line "merged" with its folder's name and its last hash. A package of which the target has lines already
 * that come from elsewhere, from a record before this one, an earlier call or a run of its own, keeps those, and this record's are left out
 * (*left_out: how many lines). The same records again, in one call or in many, add nothing; one that has grown since adds what is new.
 * "person" stays what it was under the source's own key. */
bool bf_audit_merge(const char *const *paths, const char *output_dir, guint64 *left_out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Besides the above: the last line must be a checkpoint signed with the secret half of this public key, and so must be every checkpoint.
 * Lines after the last checkpoint are an error (a run that was killed leaves some; the next one with the key signs them). */
bool bf_audit_verify_signed(const char *path, const char *public_key_path, bf_audit_summary *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* One line, for people to read. Strings are borrowed for the call, "" where the event has no such thing, and safe to print on a
 * terminal (control characters are replaced), all but `line`. */
typedef struct {
    guint64 seq;
    const char *time, *event;
    const char *id, *person;
    gint64 entry_index;                                         /* -1: not about a page */
    const char *outcome;                                        /* a page's decision, a package's verdict */
    const char *reasons;                                        /* with spaces between */
    const char *sha256_in, *sha256_out;                         /* a page's */
    const char *input_sha256, *output, *output_sha256;          /* a package's */
    gint64 n_pages;                                             /* a package's; else -1 */
    const char *reviewer, *reason, *masks_before, *masks_after; /* a decision's; masks as JSON */
    const char *prev;                                           /* of the chain; "" when it is no hash */
    const char *public_key, *signature;                         /* a checkpoint's */
    const char *line;                                           /* the whole event as canonical JSON */
} bf_audit_entry;
typedef bool (*bf_audit_entry_func)(const bf_audit_entry *entry, void *user); /* false: enough seen */

/* Calls back for each line in file order. Does not check the chain, so a broken record can be read as well; fails with BROKEN at the
 * first line that is no event, after all lines before it were told. */
bool bf_audit_foreach(const char *path, bf_audit_entry_func callback, void *user, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Which lines; what is NULL (page: < 0) does not matter. */
typedef struct {
    const char *package_id;
    gint64 entry_index;
    const char *person_name;   /* looked up by the keyed hash: audit.key must lie beside the record and be readable */
    const char *since, *until; /* the beginning of a time as the record writes it ("2026-03-01", "2026-03-01T10"); both included */
} bf_audit_filter;
bool bf_audit_foreach_of(const char *path, const bf_audit_filter *filter, bf_audit_entry_func callback, void *user,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
