/* What an earlier run has done already. Inside the batch room only. */
#pragma once
#include "blindfold/output.h"

/* The earlier result of wanted->id, when it is of the same input and person, was made in the same way, and its output stands whole in
 * its one place and its lines are in the record; else NULL. A package
 * for which there was not enough memory is never finished. */
bf_package_result *finished_before(bf_output *output, const bf_tool_info *tool, const bf_package_result *wanted);
