/* The commands. Each parses its own options, calls down and gives the exit status. */
#pragma once
#include <glib.h>
#include <stdbool.h>

/* When several apply, the highest of HELD, INPUT, STOPPED wins. */
enum {
    CMD_OK = 0,
    CMD_HELD = 1,        /* done, something was held for review; audit verify: the record does not hold */
    CMD_USAGE = 2,       /* the call was wrong */
    CMD_INPUT = 3,       /* done, but some input could not be processed */
    CMD_STOPPED = 4,     /* the run could not go on: disk, roster, models */
    CMD_INTERRUPTED = 75 /* run it again to go on */
};

/* argv[0] is the command's word. */
int cmd_redact(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_review(int argc, char **argv);
int cmd_audit(int argc, char **argv);
int cmd_eval(int argc, char **argv);
int cmd_models(int argc, char **argv);
/* --version: this program's, and each reader's with its model, and whether it is ready. Works without models as well. */
int cmd_version(void);
int cmd_merge(int argc, char **argv);

/* "blindfold: <sentence>" on stderr, in the user's language: callers pass _("..."). */
void cmd_say(const char *format, ...) G_GNUC_PRINTF(1, 2);

typedef struct {
    const char *words;           /* of the usage line, behind "blindfold" */
    const char *summary;         /* above the options, marked with N_(); may be NULL */
    const GOptionEntry *entries; /* descriptions marked with N_() */
} cmd_syntax;

/* Parses argv behind the command's word; options may stand anywhere before "--". *operands: what is left, as bytes (NULL-terminated,
 * for g_strfreev). False when the call is wrong: that has been said. --help prints and ends the program. */
bool cmd_parse(const cmd_syntax *syntax, int argc, char **argv, char ***operands);

/* A wrong call: says the sentence and where help is; gives CMD_USAGE. */
int cmd_usage(const char *command, const char *format, ...) G_GNUC_PRINTF(2, 3);
