/* The roster: who is in the batch and which package is whose (batch). */
#pragma once
#include <glib.h>
#include <stdbool.h>

#define BF_ROSTER_ERROR (bf_roster_error_quark())
GQuark bf_roster_error_quark(void);
typedef enum { BF_ROSTER_ERROR_OPEN, BF_ROSTER_ERROR_FORMAT, BF_ROSTER_ERROR_ROW } bf_roster_error;

typedef struct {
    guint line; /* line number in the file (row of the sheet), 1-based; 0 when made from the command line */
    char *id, *name, *package, *level; /* package defaults to "<id>.zip"; level may be NULL */
    char **aliases;                    /* NULL-terminated, may be empty */
} bf_roster_row;

typedef struct {
    GPtrArray *rows;     /* bf_roster_row *, in file order; owned */
    GPtrArray *problems; /* char *: one sentence per bad row, beginning "line N: "; never holds a name; owned */
} bf_roster;

/* Reads CSV (comma, semicolon or tab, quotes as in RFC 4180; UTF-8 with or without BOM, UTF-16, GB18030) or the first sheet of an Excel
 * workbook (.xlsx), told apart by content. The header, in English or Chinese (README), is the first row that has both the id and the
 * name, among the first 20: titles may stand above it. Bad rows (no name, id twice, id that is no safe file name or holds the name) go into
 * problems and not into rows; of two rows with one id the first stands, of rows with one package none. Fails only when the file cannot be read or has no usable header. */
bool bf_roster_read(const char *path, bf_roster **out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same from memory; `what` names the source in errors. */
bool bf_roster_parse(const char *data, gsize length, const char *what, bf_roster **out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Letters and digits of any script, '-', '_' and '.', at most 100 bytes: safe as a file name on every system. */
bool bf_roster_id_is_safe(const char *id);
/* What is wrong with a row by itself, or NULL: a static sentence without any of its text. */
const char *bf_roster_row_problem(const bf_roster_row *row);
/* One row that is not checked; package NULL: "<id>.zip". */
bf_roster *bf_roster_new_single(const char *id, const char *name, const char *const *aliases, const char *package);
void bf_roster_free(bf_roster *r);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(bf_roster, bf_roster_free)
