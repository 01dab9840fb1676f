/* What the process of a run gives up itself, before it opens the first package. Inside the batch room only. */
#pragma once
#include "batch/batch_plan.h"
#include "blindfold/check.h"

/* From here on: reads of the inputs, of what the system has installed and of Tesseract's data; writes below the output. No-op unless
 * settings->guard_process is set. */
bool batch_guard(const bf_batch_settings *settings, const batch_plan *plan, bf_guard_state *state,
                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same for `check`: writes below settings->writable_dir only. */
bool check_guard(const bf_check_settings *settings, GError **error) G_GNUC_WARN_UNUSED_RESULT;
