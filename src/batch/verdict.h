/* Whether a package may go out. Inside the batch room only. */
#pragma once
#include "blindfold/result.h"

/* Sets verdict and reasons from the pages and from `holding_reasons` (const char *, static words; NULL or empty: none), the reasons of
 * dropped entries that may be images. Released only by proof: whatever is not proved holds. */
void verdict_decide(bf_package_result *result, const GPtrArray *holding_reasons);
void verdict_add_reason(bf_package_result *result, const char *static_word); /* once each */
