/* What `--help` says, in the forms that packagers need: made from the same tables, so that they cannot differ from it. */
#pragma once
#include "cmd/cmd.h"

/* True when the words behind the command's ask for a description, which has then been printed to stdout:
 *   --help-man=BRIEF   a manual page (man(7)), in the user's language; BRIEF is the line of its NAME
 *   --help-options     a line for each option: long name, short name or "-", what it takes or "-", description; parted by tabs. Before
 *                      them "@" and the words that the command may begin with, if there are any ("@ verify show") */
bool cmd_describe(const cmd_syntax *syntax, const GOptionEntry *common, int argc, char **argv);

/* The manual page of the program as a whole. names and briefs are the n commands'. */
void cmd_describe_program(const char *const *names, const char *const *briefs, guint n);
