/* A person's name -> the query (name). The only room that includes ICU. Thread-safe; returned data is the caller's. */
#pragma once
#include "blindfold/query.h"

#define BF_NAME_ERROR (bf_name_error_quark())
GQuark bf_name_error_quark(void);
typedef enum {
    BF_NAME_ERROR_EMPTY,    /* no letter and no character in it */
    BF_NAME_ERROR_ENCODING, /* not UTF-8, or a sign that stands for a lost character (? * U+FFFD, a box): it would be looked for in vain */
    BF_NAME_ERROR_SHORT,    /* one character only: it would match everywhere */
    BF_NAME_ERROR_LONG,     /* more than 64 characters */
    BF_NAME_ERROR_ICU       /* ICU's transliteration data is not installed */
} bf_name_error;

/* Builds every form of `name` and of `aliases` (NULL-terminated array, or NULL). The kind of a form follows the script:
 *  - Han names (any mix of Han and middle dots): one form (NAME or ALIAS), each symbol with the character's traditional, simplified
 *    and well-known variant forms as alternatives (ICU Hant-Hans, Hans-Hant, and a table of variants), gaps LOOSE throughout;
 *  - pinyin of Han names of 2 to 4 characters (PINYIN, INITIALS): "Zhou Mingxia", "Mingxia Zhou", and initials "M. X. Zhou",
 *    "M. Zhou", "Zhou M. X.", "Zhou M."; letters carry both cases, full width and tone marks as alternatives, u-umlaut also u and v,
 *    and Lü also Lyu as a form of its own; syllables joined LOOSE, letters within a syllable TIGHT; whole_word; initials and surname
 *    joined REQUIRED, initials among themselves LOOSE. Surnames of several characters go by a table; four characters without one are
 *    taken both as two surnames + two and as one + three. Where characters have several readings in names every combination is
 *    made, the likeliest first, at most 32 a way of splitting the name. Forms that an earlier one covers are left out;
 *  - names with a middle dot, or of five and more characters (Uyghur, Kazakh, ...): the dot itself is never a symbol (gaps are LOOSE
 *    anyway); no pinyin initials (their Latin spelling is not pinyin), but pinyin of the characters as one run per part, in both
 *    orders when there are two, at most 8 combinations of readings;
 *  - Latin names and aliases (LATIN; Cyrillic and other alphabets too): case-insensitive, letters with marks also without, words LOOSE
 *    (an initial and a word REQUIRED), as written and with the last word first and the first word last; Arabic ones (ARABIC) as
 *    written, with letters of Uyghur, Arabic and Persian fonts that look alike as alternatives;
 *  - mixed ones: as they stand (NAME or ALIAS), and each stretch of one script by itself. Digits, brackets and other signs part a
 *    name in two of which each is looked for ("name (former name)"); single characters and usual remarks among these are passed over.
 * Empty aliases are passed over; any other fault of an alias is an error that begins "alias N: ". Messages never hold the name.
 * The order of forms is fixed and the same for equal input. The first call in a process opens ICU's data (about 0.15 s). */
bool bf_name_build(const char *name, const char *const *aliases, bf_query **out, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Shorter forms, for those who ask for them; each is appended to a query that bf_name_build made (so ICU is ready).
 *
 * The surname with a title behind it (ADDRESS): 周老师, 欧阳同志. Nothing for transcribed names. Anybody of that surname who is addressed
 * so will be found. */
void bf_name_add_surname_forms(bf_query *query, const char *name);
/* Is the name a transcribed one of several parts (阿不都热合曼·买买提)? */
bool bf_name_is_transcribed(const char *name);
/* Its parts in simplified characters, the given name first; none for other names. Free with g_strfreev. */
GStrv bf_name_parts(const char *name) G_GNUC_WARN_UNUSED_RESULT;
/* One part by itself (ALIAS). */
void bf_name_add_part(bf_query *query, const char *part);

/* The characters of a name that have no known pinyin, each once, in order; a new string, "" when none. A Han name with such a character
 * has no PINYIN and no INITIALS forms, so a roster may want to warn and ask for the spelling as an alias. */
char *bf_name_without_pinyin(const char *name) G_GNUC_WARN_UNUSED_RESULT;

/* Does a form of the name stand in this text (a file name, a folder name, a comment)? Width and compatibility forms are folded (NFKC),
 * accents fall away, and gaps are passed over as the form says. Where whole_word holds, no Latin letter may stand directly before or
 * after; digits and '_' may, and for full names a change of case counts as a border too ("ZhouMingxiaCV"). Text that is not UTF-8 is
 * read with U+FFFD for what is broken. */
bool bf_name_in_text(const bf_query *query, const char *utf8);
/* The same in bytes whose encoding nobody tells, such as a picture's properties: as UTF-8, GB18030 and UTF-16 of either order, from the
 * first byte and from the second; the first MiB of them. What follows a stray byte is found too. Opens no file, so it works in a page
 * process too. */
bool bf_name_in_bytes(const bf_query *query, GBytes *bytes);

/* A copy of the text in which every form found is replaced by "×××" (forms that touch or overlap by one); all other bytes stay as they
 * are, but for those that are not UTF-8. Nothing is found in the result. */
char *bf_name_redact_text(const bf_query *query, const char *utf8) G_GNUC_WARN_UNUSED_RESULT;
