/* Reports: reports/<id>.json and summary.csv (record). Told results, asks nobody. Files appear whole (atomic, durable). Thread-safe. */
#pragma once
#include "blindfold/result.h"

#define BF_REPORT_ERROR (bf_report_error_quark())
GQuark bf_report_error_quark(void);
typedef enum {
    BF_REPORT_ERROR_WRITE,
    BF_REPORT_ERROR_FORMAT, /* not a report of this schema, or another package's */
    BF_REPORT_ERROR_OPEN    /* not there, not readable */
} bf_report_error;

/* The report as in the contract, schema "blindfold.report/1"; keys in the contract's order, two-space indent, deterministic and
 * independent of the locale. null stands for what is not known: hashes, output, output_entry, exif_orientation, orientation_deg,
 * needs_masking, person. "recoded": true is in a page's verify when the page was encoded anew, else not there; a page's
 * "jpeg_warnings" is there when there were any. Scores have three decimals. */
char *bf_report_to_json(const bf_package_result *result, const bf_tool_info *tool) G_GNUC_WARN_UNUSED_RESULT;
/* Writes OUT/reports/<id>.json (0600, for the committee only); makes OUT/reports where it is missing. */
bool bf_report_write(const char *output_dir, const bf_package_result *result, const bf_tool_info *tool,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same from text that bf_report_to_json gave. */
bool bf_report_store(const char *output_dir, const char *id, const char *json, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What a report says about how it was made, to see whether a new run would do the same. */
typedef struct {
    bf_tool_info info;   /* settings as one line again; "" where the report has null */
    GStringChunk *texts; /* holds the strings of info */
} bf_report_tool;
void bf_report_tool_free(bf_report_tool *tool); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(bf_report_tool, bf_report_tool_free)
/* Same version, settings and readers (in the same order)? */
bool bf_report_tool_equals(const bf_tool_info *a, const bf_tool_info *b);

/* Reads reports back. The bytes may be anybody's: whatever is not a report fails with FORMAT. In what comes back every number is
 * within its type's meaning, every reason and reader is a word (a-z, 0-9, - + . _; interned, so as good as static), every hash is
 * "" or 64 hex digits, output is "packages/<id>.zip", "held/<id>.zip" or NULL, and the id is safe as a file name. entry and
 * output_entry are any text. page.output is NULL: the picture is in the package. */
bool bf_report_read(const char *output_dir, const char *id, bf_package_result **out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool bf_report_read_tool(const char *output_dir, const char *id, bf_report_tool **out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same from memory, both parts at once; `what` names the source in errors, tool may be NULL. */
bool bf_report_parse(const char *data, gsize length, const char *what, bf_package_result **out, bf_report_tool **tool,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The ids of all reports in OUT/reports (char *, owned), sorted by bytes; none where there is no such folder. */
bool bf_report_list(const char *output_dir, GPtrArray **out, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The report for people, in Chinese and English, with the pages' thumbnails: one file that opens anywhere without a network and holds no
 * unmasked picture and no name. A new string; equal results give equal text. */
char *bf_report_to_html(const bf_package_result *result) G_GNUC_WARN_UNUSED_RESULT;
/* Puts it into OUT/reports/<id>.html (0600), whole and durably; the folder must be there. */
bool bf_report_store_html(const char *output_dir, const char *id, const char *html, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool bf_report_has_html(const char *output_dir, const char *id);
/* Writes OUT/index.html (0600) anew from all reports: the batch at a glance. */
bool bf_report_write_index(const char *output_dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Writes OUT/summary.csv (0644) anew from all reports in OUT/reports: UTF-8 with BOM, CRLF, one row per package, sorted by id (bytes);
 * columns id,verdict,reasons,pages,masked,clear,review,masks,dropped,input_sha256,output_sha256; reasons with spaces between. Fields
 * that a spreadsheet would take for a formula get an apostrophe in front. A report that cannot be read is a row with the verdict
 * "failed" and the reason "report-unreadable". */
bool bf_report_write_summary(const char *output_dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
