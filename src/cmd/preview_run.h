/* redact --dry-run (cmd): lists what would be processed and what does not fit, and writes nothing. */
#pragma once
#include "cmd/progress.h"

/* On stdout a line for each package: id, pages, entries left out, and "ready" or why it cannot be processed; parted by tabs, or as a table
 * on a terminal. Gives the exit status. */
int preview_run(const bf_batch_settings *settings, progress *shown);
