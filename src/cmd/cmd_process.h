/* What commands that work on pages do with their process (cmd). */
#pragma once
#include <glib.h>
#include <stdatomic.h>
#include <stdbool.h>

/* The first SIGINT or SIGTERM ends the work in order: the flag given back turns true; a second one ends it at once. */
const atomic_bool *cmd_catch_signals(void);
/* From the command line's bytes, in the locale's encoding where they are not UTF-8. In place; NULL is fine. */
bool cmd_make_utf8(char **text);
/* Is every word of --reader's list a reader? */
bool cmd_readers_are_known(const char *list);
