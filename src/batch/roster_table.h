/* The roster as a table, before anybody looks at what its rows say. Inside the batch room only. */
#pragma once
#include <glib.h>
#include <stdbool.h>

typedef enum { COLUMN_ID, COLUMN_NAME, COLUMN_ALIASES, COLUMN_PACKAGE, COLUMN_LEVEL, N_COLUMNS } roster_column;

typedef struct {
    guint line;          /* line of the file, row of the sheet; 1-based */
    GPtrArray *fields;   /* char *, trimmed; owned */
    const char *problem; /* why the row as such cannot be used, or NULL; static, without any of its text */
} table_row;

typedef struct {
    GPtrArray *rows;       /* table_row *, without empty ones; owned */
    guint first;           /* the first row below the header */
    int places[N_COLUMNS]; /* number of each column's field, -1: the table has no such column */
} roster_table;

/* CSV or .xlsx, as roster.h says. Errors (BF_ROSTER_ERROR_FORMAT) begin with `what`. */
bool roster_table_read(const char *data, gsize length, const char *what, roster_table *out, GError **error);
/* "" where the row has no such field. Borrowed. */
const char *roster_table_field(const roster_table *table, const table_row *row, roster_column column);
void roster_table_clear(roster_table *table);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(roster_table, roster_table_clear)

table_row *table_row_new(guint line);
void table_row_free(void *row);
