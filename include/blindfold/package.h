/* One zip (or folder) in, one zip out: entry names, limits, canonical writing (package). The only room that includes libzip.
 * A package is used by one thread at a time.
 */
#pragma once
#include "blindfold/limits.h"
#include "blindfold/query.h"
#include "blindfold/result.h"

#define BF_PACKAGE_ERROR (bf_package_error_quark())
GQuark bf_package_error_quark(void);
typedef enum {
    BF_PACKAGE_ERROR_OPEN,    /* not there, not readable */
    BF_PACKAGE_ERROR_FORMAT,  /* not a zip, damaged directory */
    BF_PACKAGE_ERROR_LIMIT,   /* more entries or bytes than allowed */
    BF_PACKAGE_ERROR_ENTRY,   /* this entry only: damaged, CRC, too large, encrypted, unsupported method */
    BF_PACKAGE_ERROR_WRITE,
    BF_PACKAGE_ERROR_MEMORY   /* none for this entry now; another time there may be */
} bf_package_error;

typedef struct {
    guint index;          /* place in the zip's directory, 0-based; for folders: in sorted order of the relative paths */
    char *name;           /* UTF-8, '/' between folders; GB18030 decoded. For processing only: may hold the applicant's name */
    gint64 size;          /* declared uncompressed size */
    const char *drop;     /* NULL: an image to process; else the reason why not: "not-an-image" (by content and name), "empty", "encrypted",
                           * "unsafe-path", "duplicate" (same name twice, case and width folded), "too-large", "unreadable",
                           * "directory" (silent). A static word */
    bool holds;           /* dropped, but it is an image by name or content, or its content could not be looked at: somebody has to. A
                           * package with such an entry is never released. Never set for system files, links and what is no image */
} bf_package_entry;

/* What is an image: content that begins as a JPEG does (FF D8 FF), whatever its name; and a name that ends in .jpg or .jpeg, whatever
 * its content (page tells what it found instead). Thumbs.db, desktop.ini, .DS_Store and everything below __MACOSX are never images;
 * links are not followed. "unsafe-path": absolute, with a drive letter, "..", control characters, no name at all, deeper than 32 folders
 * or longer than 1,024 bytes. */
typedef struct bf_package bf_package;

/* Opens a zip file or a folder and lists it. Entry names: raw bytes; the UTF-8 flag is honoured when the bytes are valid UTF-8; else
 * UTF-8 or GB18030 is decided once for the archive from all names together; only then is a name split at '/' and '\'.
 * Errors name the path. limits may be NULL. */
bool bf_package_open(const char *path, const bf_limits *limits, bf_package **out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void bf_package_free(bf_package *p); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(bf_package, bf_package_free)

/* SHA-256 of the input (zip: of the file's bytes; folder: of the sorted list of "relative-path NUL sha256 LF"). Borrowed. */
const char *bf_package_sha256(const bf_package *p);
guint bf_package_n_entries(const bf_package *p);
const bf_package_entry *bf_package_get_entry(const bf_package *p, guint i); /* in directory order */

/* The bytes of one entry, decompressed under the limits; checks the CRC. Error ENTRY concerns this entry alone. */
bool bf_package_read(bf_package *p, guint i, GBytes **out, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Output names for the entries that are processed: folders kept (each path component that holds a form of the name becomes
 * "folder-1", "folder-2" ... unique among its siblings, and characters that Windows does not allow become '_'), files 001.jpg, 002.jpg ... within their folder, numbered over the entries in the order of the original names
 * (natural order, deterministic). names[i] is NULL for dropped entries. order[] lists entry numbers in output order. */
typedef struct {
    GPtrArray *names; /* char * by entry number, NULL entries where dropped; owned */
    GArray *order;    /* guint entry numbers in output order; owned */
} bf_package_plan;
void bf_package_plan_names(const bf_package *p, const bf_query *query, bf_package_plan *out);
void bf_package_plan_clear(bf_package_plan *plan);

/* The canonical writer: stored, DOS time 1980-01-01 00:00:00, no comment, no extra field, attributes 0, entries in the order
 * added. Equal calls give equal bytes. Writes a 0600 temp file beside the target; commit makes it appear by rename (fsynced, file and
 * folder); free without commit leaves nothing behind. */
typedef struct bf_zip_writer bf_zip_writer;
bool bf_zip_writer_new(const char *final_path, bf_zip_writer **out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool bf_zip_writer_add(bf_zip_writer *w, const char *name, GBytes *data, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* hex must hold BF_SHA256_HEX bytes: the SHA-256 of the finished file. */
bool bf_zip_writer_commit(bf_zip_writer *w, char *hex, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Instead of commit, for a caller that puts the file in its place itself: finish makes the temp file whole and durable, detach leaves it
 * to the caller (free then removes nothing). temp_path is borrowed, NULL after commit or detach. */
bool bf_zip_writer_finish(bf_zip_writer *w, char *hex, GError **error) G_GNUC_WARN_UNUSED_RESULT;
const char *bf_zip_writer_temp_path(const bf_zip_writer *w);
void bf_zip_writer_detach(bf_zip_writer *w);
void bf_zip_writer_free(bf_zip_writer *w);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(bf_zip_writer, bf_zip_writer_free)

/* One member of a zip in memory that is no package (an office document): the one called exactly `name`, at most max_bytes uncompressed.
 * Errors: FORMAT (not a zip), OPEN (no such member), LIMIT, ENTRY (damaged, encrypted). Thread-safe. */
bool bf_zip_read_member(GBytes *zip, const char *name, gsize max_bytes, GBytes **out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
