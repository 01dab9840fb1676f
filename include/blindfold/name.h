/* A person's name -> the query (name). The only room that includes ICU. Thread-safe; returned data is the caller's. */
#pragma once
#include "blindfold/query.h"

#define BF_NAME_ERROR (bf_name_error_quark())
GQuark bf_name_error_quark(void);
typedef enum {
    BF_NAME_ERROR_EMPTY,    /* nothing left after trimming */
    BF_NAME_ERROR_ENCODING, /* not UTF-8 */
    BF_NAME_ERROR_SHORT,    /* one character only: it would match everywhere */
    BF_NAME_ERROR_LONG      /* more than 64 characters */
} bf_name_error;

/* Builds every form of `name` and of `aliases` (NULL-terminated array, or NULL):
 *  - Han names (any mix of Han and middle dots): one form, each symbol with the character's traditional, simplified and well-known
 *    variant forms as alternatives (ICU Hant-Hans, Hans-Hant, and a table of variants), gaps LOOSE throughout;
 *  - pinyin of Han names (surname by compound-surname table; every reading that serves for names where a character has several):
 *    "Zhou Mingxia", "Mingxia Zhou", and initials "M. X. Zhou", "M. Zhou", "Zhou M. X.", "Zhou M."; letters carry both cases and tone
 *    marks as alternatives, u-umlaut also u and v; syllables joined LOOSE, letters within a syllable TIGHT; whole_word; initials and
 *    surname joined REQUIRED. Forms that would be equal are given once;
 *  - names with a middle dot (Uyghur, Kazakh, ...): the dot itself is never a symbol (gaps are LOOSE anyway); no pinyin initials
 *    (their Latin spelling is not pinyin), but pinyin of the characters as one run per part;
 *  - Latin aliases: case-insensitive, parts LOOSE, both orders when there are two parts; Arabic aliases as written.
 * The order of forms is fixed and the same for equal input. */
bool bf_name_build(const char *name, const char *const *aliases, bf_query **out, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Does a form of the name stand in this text (a file name, a folder name, a comment)? Case, width and compatibility forms are
 * folded (NFKC); initials count only when whole_word holds. */
bool bf_name_in_text(const bf_query *query, const char *utf8);

/* A copy of the text in which every form found is replaced by "×××". */
char *bf_name_redact_text(const bf_query *query, const char *utf8) G_GNUC_WARN_UNUSED_RESULT;
