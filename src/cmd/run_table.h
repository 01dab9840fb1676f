/* What came of a run, as a table for people (cmd). */
#pragma once
#include "blindfold/batch.h"

/* A package that was not released. */
typedef struct {
    char *id, *why; /* why: the reasons in the user's language */
    bf_verdict verdict;
    guint pages, held;
} run_table_row;

run_table_row *run_table_row_new(const bf_batch_event *event); /* of BF_BATCH_EVENT_PACKAGE */
void run_table_row_free(void *row);
const char *run_table_verdict(bf_verdict v); /* in the user's language */

typedef struct {
    const bf_batch_summary *summary;
    const GPtrArray *unsettled; /* run_table_row * */
    const char *output_dir;
    double seconds;
    guint pages_done; /* by this run */
    guint cells;      /* of the terminal; 0: no terminal, lines may be long */
    bool color;
} run_table_input;

/* Lines, each with its line feed. */
char *run_table(const run_table_input *in);
