/* The way of a package from its row in state.db into its place, and what of it is on the disk. Inside the batch room only. */
#pragma once
#include "blindfold/output.h"

/* Carries a package that is on its way (recorded = false) to its end; can be called again after any failure or crash. *lost: neither the
 * temporary zip nor the finished one is there, so nothing was done but taking back the row. */
bool arrive_package(bf_output *o, const bf_state_package *p, bool *lost, GError **error);
/* All packages and decisions that an earlier writer left on their way; says what was found. */
bool arrive_all(bf_output *o, GError **error);
/* What waits in the outbox of a package (NULL: of the decisions), into the record. */
bool arrive_bodies(bf_output *o, const char *package_id, GError **error);

bool arrive_file_sha256(const char *path, char hex[BF_SHA256_HEX]); /* false: not there, no file, not readable */
