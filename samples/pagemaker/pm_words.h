/* What pages are filled with: invented units, places and official Chinese (see pm_words.c). Strings are markup of pm_flow.h. */
#pragma once
#include "pm_random.h"

const char *pm_word_unit(pm_random *r);
const char *pm_word_place(pm_random *r);
const char *pm_word_lesson(pm_random *r);
const char *pm_word_title(pm_random *r);
const char *pm_word_journal(pm_random *r);
const char *pm_word_sentence(pm_random *r); /* without names */
const char *pm_word_personal(pm_random *r); /* a sentence that holds {N} or {O} */
const char *pm_word_english(pm_random *r);  /* a sentence of an abstract */
const char *pm_word_school(pm_random *r);
const char *pm_word_subject(pm_random *r);
/* A phrase of n characters, 1 <= n <= 8, that may stand before a name; of the longest there are several. */
const char *pm_word_filler(guint n, guint which);
