/* Pages that are there twice. Inside the batch room only. */
#pragma once
#include "blindfold/finding.h"

/* Adds "duplicate" (the same bytes) and "near-duplicate" (the same picture, coded again or at another size) to each later page; the
 * finding's number is the earlier page's, counted from 1. */
void duplicates_find(bf_checked_package *package);
