/* One batch on several machines: each takes its share of the packages and works in a folder of its own. Inside the batch room only.
 *
 * The list is the ids of all packages of the batch, sorted by bytes: it is the same on every machine that has the same roster and inputs.
 * Shard I of N takes those whose place in it is I modulo N. It is kept in the shard's folder, so that merging can prove that the shards
 * are of one batch and leave nothing out. */
#pragma once
#include "batch/batch_plan.h"
#include "blindfold/output.h"

#define SHARDS_FOLDER "shards"
#define SHARD_LIST "list.txt"

/* Sorts the plan's items by id; leaves only the shard's own. *list: a line "I N", then an id a line; a new string. */
char *shard_take(batch_plan *plan, guint shard, guint n_shards);

/* Opens OUT/shards/I-of-N for writing; while another process writes there (an engine may start a shard twice, at once), I-of-N.2, and so
 * on. Fails when a list is there that is another one. */
bool shard_output_open(const bf_batch_settings *settings, const char *list, bf_output **out, GError **error);
