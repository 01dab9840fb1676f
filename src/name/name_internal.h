/* Private to the room name: ICU behind a few calls, the tables, and the drafts that forms are made from. */
#pragma once
#include "blindfold/name.h"

#define BF_NAME_MAX_READINGS 32    /* combinations of readings of a Han name */
#define BF_NAME_MAX_READINGS_RUN 8 /* of a transcribed name, whose forms are long */
#define BF_NAME_MAX_CHARS 64

/* ---- icu_text.c */

/* One character of a folded text and the bytes of the original that it stands for. */
typedef struct {
    gunichar c;
    gsize start, end;
} bf_folded_char;

/* NFKC, then without marks that compose with nothing, kashida, variation selectors and format characters (zero-width, direction); the
 * bytes of what was left out belong to the character before. Case stays. utf8 must be valid. Returns an array of bf_folded_char. */
GArray *bf_name_fold(const char *utf8);

typedef enum { BF_CHAR_OTHER, BF_CHAR_SEPARATOR, BF_CHAR_HAN, BF_CHAR_LETTER, BF_CHAR_ARABIC } bf_char_class;
bf_char_class bf_name_classify(gunichar c);
bool bf_name_is_latin(gunichar c);
gunichar bf_name_base_letter(gunichar c); /* without its marks: é -> e */

/* False when ICU's transliterators cannot be had; the calls below need it to have been true once. */
bool bf_name_icu_ready(GError **error) G_GNUC_WARN_UNUSED_RESULT;
gunichar bf_name_simplify(gunichar c);    /* Hant-Hans of one character */
gunichar bf_name_traditional(gunichar c); /* Hans-Hant of one character */
/* The toneless pinyin of a character (a-z and ü), as a surname or not; NULL when ICU knows none. A new string. */
char *bf_name_icu_pinyin(gunichar c, bool surname);

enum { BF_NAME_BYTES_MAX = 1 << 20 };
/* At most BF_NAME_BYTES_MAX bytes as UTF-8, what is not of that encoding as U+FFFD and NULs as line ends. NULL for none, or when there is no
 * memory. A new string. Opens no file: the tables are in ICU's library. */
char *bf_name_decode(const char *encoding, const void *data, gsize size);

/* ---- variants.c, han.c */

typedef struct {
    const char *linked; /* the simplified form and what ICU links to it */
    const char *extra;  /* what it does not */
} bf_variant_set;
const bf_variant_set *bf_name_variant_sets(guint *n);

/* The character and everything that may be written for it, itself first: an array of gunichar. */
GArray *bf_name_han_alternatives(gunichar c);

/* ---- readings.c, pinyin.c */

typedef struct {
    const char *character, *surname, *given, *run;
} bf_reading_row;
const bf_reading_row *bf_name_reading_rows(guint *n);

typedef enum { BF_ROLE_SURNAME, BF_ROLE_GIVEN, BF_ROLE_RUN } bf_name_role;
/* Every reading that serves, likeliest first, ü also as yu after l and n; empty when none is known. */
GStrv bf_name_readings(gunichar c, bf_name_role role);
/* Chooses one reading for each of n units (counts[i] >= 1 readings each), the likeliest combinations first; calls use(choice, user)
 * at most `max` times. */
void bf_name_each_reading(const guint *counts, guint n, guint max, void (*use)(const guint *choice, void *user), void *user);

/* ---- surnames.c */

typedef struct {
    const char *characters, *pinyin; /* syllables parted by spaces */
    bool open;                       /* the first character alone may be the surname as well */
} bf_compound_surname;
const bf_compound_surname *bf_name_compound_surnames(guint *n);
/* The compound surname that a Han name begins with (in traditional characters too), NULL when none; a given name must follow. */
const bf_compound_surname *bf_name_find_compound(const gunichar *han, guint n_han, guint *n_chars);

/* The same for a compound surname: its own reading, and that of its characters one by one. */
GStrv bf_name_compound_readings(const bf_compound_surname *surname);

/* ---- draft.c: a form in the making */

typedef struct {
    GArray *symbols; /* bf_symbol */
} bf_draft;

void bf_draft_init(bf_draft *draft);
void bf_draft_clear(bf_draft *draft);
void bf_draft_add(bf_draft *draft, const gunichar *alts, guint n_alts); /* a symbol; what stands before it is TIGHT */
void bf_draft_add_han(bf_draft *draft, gunichar c);
void bf_draft_add_letter(bf_draft *draft, gunichar c);                          /* with case, width and marks as alternatives */
void bf_draft_add_pinyin(bf_draft *draft, const char *syllables, bool capital); /* several are parted by spaces and joined LOOSE */
void bf_draft_gap(bf_draft *draft, bf_gap gap);                                 /* after the last symbol; nothing when there is none */
/* Moves the draft into forms (an array of bf_form), unless one of them finds everything that it would, and empties it. */
void bf_draft_finish(bf_draft *draft, GArray *forms, bf_form_kind kind, bool whole_word);

/* Moves the forms of `more` behind `forms`, but for those that one there covers, and frees `more`. */
void bf_forms_take(GArray *forms, GArray *more);

/* ---- the forms of one kind of name, appended to forms */

/* Han characters; part_ends (n_parts numbers, the last is n) tell where middle dots part a transcribed name. */
typedef struct {
    const gunichar *han;
    guint n;
    const guint *part_ends;
    guint n_parts;
} bf_han_name;
void bf_name_add_han(GArray *forms, const bf_han_name *name, bf_form_kind kind);
void bf_name_add_letters(GArray *forms, const gunichar *text, guint n); /* letters and separators */
void bf_name_add_arabic(GArray *forms, const gunichar *text, guint n);
