/* Whether an output folder is what its record says (batch). Reads only; a run may go on meanwhile, but then what it is writing may be
 * told as a flaw. */
#pragma once
#include "blindfold/state.h"

typedef struct {
    guint packages, pages; /* of the record's latest word about each package */
    guint inputs;          /* inputs that are still where they were, and were looked at too */
    guint flaws;
} bf_output_check;

/* For each package of the record: its zip stands in its one folder with the recorded hash (none, if it failed); its report tells the
 * same package and the same pages, each with the hashes and the decision of its line; every entry of the input is either a page or
 * listed as dropped, once (against the input itself where it still is where state.db says, unchanged). Nothing else stands in packages/,
 * held/ and reports/. Each flaw is a sentence to `say`, by id and number, never with a name. Does not check the chain: see
 * bf_audit_verify. Fails only when the record cannot be read. */
bool bf_output_verify(const char *output_dir, bf_say_func say, void *user, bf_output_check *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
