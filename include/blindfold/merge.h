/* Shards of one batch brought together in one output folder (batch). */
#pragma once
#include "blindfold/batch.h"

typedef struct {
    guint shards; /* folders that were brought together */
    guint listed; /* packages of the batch, by the shards' list */
    guint released, held, failed;
    guint done_twice;   /* packages that more than one shard had done */
    guint differed;     /* of these: with another result (held goes before released) */
    GPtrArray *missing; /* ids of the list that no shard has done (char *), sorted; owned */
} bf_merge_summary;
void bf_merge_summary_clear(bf_merge_summary *s);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(bf_merge_summary, bf_merge_summary_clear)

/* Brings the shards in outputs[i]/shards (NULL-terminated array of output folders; each of one batch) together into `target`: each
 * shard's record is proved, and its zips and reports must be what that record says (output_check.h). Packages get into the target as a run's do
 * (output.h), with page and package lines in its record, beside a line "merged" for each shard that holds the hash of its record's last
 * line. What was done twice is taken once; where the results differ a held one goes before a released one, and that is said. Can be run
 * again after any failure: what has arrived is left alone. The shards are not changed.
 * Fails with BF_BATCH_ERROR: INPUT (no shards, shards of different lists, a broken record, a zip that is not what its report says),
 * LOCKED (a shard is still running, or the target is written by another), OUTPUT. `say` is told differences; never a name. */
bool bf_merge(const char *target, const char *const *outputs, const bf_batch_observer *observer, bf_merge_summary *out,
              GError **error) G_GNUC_WARN_UNUSED_RESULT;
