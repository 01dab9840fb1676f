/* What `check` found, for people and for programs (record). Thread-safe; sentences come in the language that gettext is set to. */
#pragma once
#include "blindfold/finding.h"

/* One sentence about a finding, and what to do about it; new strings. Every rule has both. */
char *bf_check_sentence(const bf_finding *finding) G_GNUC_WARN_UNUSED_RESULT;
const char *bf_check_remedy(const char *rule); /* translated; "" when nothing need be done */
/* All rules that there are, by number from 0; NULL beyond the last. */
const char *bf_check_rule(guint i);

/* Pages with the gravest findings first, then by the lowest score, then in the package's order; each once. guint page numbers; free
 * with g_array_unref. */
GArray *bf_check_worst_first(const bf_checked_package *package);
/* The order of a page's findings: gravest first. Sorts in place. */
void bf_check_sort_findings(GArray *findings);

/* {"schema":"blindfold.check/1", ...}: see README. Equal results give equal text. */
char *bf_check_to_json(const GPtrArray *packages) G_GNUC_WARN_UNUSED_RESULT;
/* One page that needs nothing else: thumbnails and the places, as data. Never a name, but in the pictures. */
char *bf_check_to_html(const GPtrArray *packages) G_GNUC_WARN_UNUSED_RESULT;
