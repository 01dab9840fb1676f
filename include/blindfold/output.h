/* An output folder opened for writing: its record, its state, and the one way by which a package gets into its place (batch).
 *
 * Opening locks the record (one writer: a run, or a review), and then carries to its end whatever an earlier writer began when it was
 * killed. One thread at a time.
 *
 * How a package travels. Its zip is written to a temporary file and made durable; then one transaction in state.db says everything:
 * where the zip is to go, both reports' texts, the lines for the record. From there on it only goes forward, however often the power goes:
 * the zip of the same id in the other folder is removed, the new one renamed, the reports replaced, those lines appended which the
 * record does not have yet, and the transaction ticked off. Before that transaction nothing is visible and everything is as it was. */
#pragma once
#include "blindfold/package.h"
#include "blindfold/roster.h"
#include "blindfold/state.h"

typedef struct {
    char *dir;
    bf_audit *audit;
    bf_state *state;
    bf_say_func say;
    void *user;
} bf_output;

/* Makes OUT, OUT/packages, OUT/held and OUT/reports (0700) where they are missing. Fails with BF_BATCH_ERROR LOCKED or OUTPUT. */
bool bf_output_open(const char *dir, bf_say_func say, void *user, bf_output **out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void bf_output_free(bf_output *o); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(bf_output, bf_output_free)

/* A finished package. The result's output and output_sha256 are set by bf_output_publish; its verdict must be decided and its pages'
 * output_entry set, since the report is made of it. */
typedef struct {
    bf_package_result *result;
    const bf_tool_info *tool;
    bf_zip_writer *zip; /* all entries added, made for bf_output_zip_path, neither finished nor committed; NULL: failed, there is no zip */
    const char *person_name; /* for the record's "person"; may be NULL */
    const char *input_path;  /* may be NULL */
    const GPtrArray *bodies; /* char *: the lines for the record, as another record has them; NULL: they are composed */
    const char *html;        /* the report for people, where the result has no pictures to make it of; NULL: made of the result */
} bf_publication;
/* On an error the package is as it was, or on its way: then the next bf_output_open brings it home. The caller frees the writer. */
bool bf_output_publish(bf_output *o, const bf_publication *p, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A page's bytes in the finished zip: found by its name there, and proved by the hash that the record tells. NULL: it is not in it, or
 * another one. */
GBytes *bf_output_read_page(bf_package *zip, const bf_page_record *record) G_GNUC_WARN_UNUSED_RESULT;
/* Where the zip of a package with this verdict (released or held) goes; a new string. */
char *bf_output_zip_path(const bf_output *o, const char *id, bf_verdict verdict) G_GNUC_WARN_UNUSED_RESULT;

/* The keyed hash that a report has as "person": of a row's id, name and aliases, so that a change of any makes another person of it. A new
 * string. */
char *bf_output_person(const bf_output *o, const bf_roster_row *row) G_GNUC_WARN_UNUSED_RESULT;

/* A reviewer's decision, into state and record; durable and recorded exactly once. person_name may be NULL. */
bool bf_output_decide(bf_output *o, const bf_state_decision *d, const char *person_name, gint64 *number,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
