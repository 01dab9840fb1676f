/* What the stable words of reports mean, for people (record): one table, in Chinese and English, for the HTML reports and the review page.
 * Static data, thread-safe. */
#pragma once
#include <glib.h>

typedef enum { BF_LANGUAGE_ZH = 0, BF_LANGUAGE_EN, BF_LANGUAGES } bf_language;

typedef struct {
    const char *word;
    const char *label[BF_LANGUAGES];  /* a few words */
    const char *advice[BF_LANGUAGES]; /* a sentence: what a person should look at or do; NULL: nothing to add */
} bf_word;

/* Reasons of pages, dropped entries and packages. NULL for a word that is not known: show the word itself. */
const bf_word *bf_words_find(const char *word);
/* All of them, in the order of the table. */
const bf_word *bf_words_reasons(guint *n);
/* Why a page goes back to the applicant (label) and what is to be mended (advice), in the words of the notice. */
const bf_word *bf_words_returns(guint *n);
const bf_word *bf_words_find_return(const char *word);
