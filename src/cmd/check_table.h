/* What `check` found, as a table for a terminal (cmd). In the user's language; never a name. */
#pragma once
#include "blindfold/finding.h"

char *check_table(const GPtrArray *packages) G_GNUC_WARN_UNUSED_RESULT;
