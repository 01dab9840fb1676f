/* Which input is whose: roster rows matched to zips and folders. Inside the batch room only. */
#pragma once
#include "blindfold/batch.h"

typedef struct {
    const bf_roster_row *row; /* the roster's */
    char *path;               /* of the package */
    bf_query *query;
} plan_item;

typedef struct {
    GPtrArray *items; /* plan_item *, in the roster's order */
    bf_query *names;  /* of all whose package is among the inputs: NAME forms, for the alarm about misfiled pages */
    guint left_out;   /* bad rows, rows without a package, inputs without a row */
} batch_plan;

/* Says every misfit to `observer` (NULL: nobody). Fails with INPUT when there is one and skip_bad_rows is not set, or when nothing is
 * left to do. */
bool batch_plan_make(const bf_batch_settings *settings, const bf_batch_observer *observer, batch_plan **out, GError **error);
void batch_plan_free(batch_plan *plan);
void plan_item_free(void *item); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(batch_plan, batch_plan_free)

/* Adds the forms that the settings ask for to each item's query, and fills in plan->names (plan_names.c). */
void batch_plan_add_names(const bf_batch_settings *settings, batch_plan *plan);
