/* In which language the program speaks (cmd). Texts are marked with _(), N_() and ngettext() of glib/gi18n.h; catalogues are made from
 * po/. Messages are UTF-8 in the program; g_print and g_printerr turn them to what the terminal takes. */
#pragma once
#include "blindfold/words.h"

#include <stdbool.h>

/* Takes "--lang zh|en" (or "--lang=zh|en") out of the command line, wherever it stands before "--", and sets locale and text domain: the
 * option's language, else the environment's. Numbers are written the same in every language: LC_NUMERIC stays "C". Call it once, before
 * any thread starts. False when --lang has no or another value; the locale is set all the same. */
bool cmd_language_init(int *argc, char **argv);

/* The language that was chosen, for tables that hold both. */
bf_language cmd_language(void);
