/* The query: one person's name in every form it may take, as plain data between name, read and page (base).
 * Built by name.h; readers only look at it. Immutable once built, so any number of threads may share it. */
#pragma once
#include <glib.h>
#include <stdbool.h>

typedef enum {
    BF_FORM_NAME,   /* the name as the roster writes it, with traditional, simplified and variant characters as alternatives */
    BF_FORM_ALIAS,  /* the same for an alias (former name, other spelling) */
    BF_FORM_PINYIN, /* romanised, full: surname and given name in either order */
    BF_FORM_INITIALS, /* romanised, the given name as initials */
    BF_FORM_LATIN,  /* an alias that is already in Latin letters */
    BF_FORM_ARABIC, /* an alias in Arabic script, logical order */
    BF_FORM_ADDRESS, /* the surname with a title: 周老师 */
    BF_FORM_LABEL   /* no name: words beside which the applicant signs; page adds them to a query for its own use */
} bf_form_kind;

/* What may stand between a symbol and the next one without breaking the match. */
typedef enum {
    BF_GAP_TIGHT,  /* nothing but letter-spacing (blanks and spaces): inside a syllable or a word */
    BF_GAP_LOOSE,  /* blanks, spaces and separators: middle dots of every kind, hyphens, full stops, commas, apostrophes */
    BF_GAP_REQUIRED /* as LOOSE, but at least one separator or space must be there ("M Zhou", never "MZhou") */
} bf_gap;

typedef struct {
    gunichar *alts; /* n_alts characters that count as this symbol (case, tone marks, traditional/simplified); [0] as written */
    guint n_alts;
    bf_gap gap; /* between this symbol and the next; of no meaning on the last one */
} bf_symbol;

/* What readers look for; a longer form is in no reader's reach, and its absence proves nothing. */
enum { BF_FORM_MAX_SYMBOLS = 64 };
typedef struct {
    bf_form_kind kind;
    bool whole_word; /* a match may not be preceded or followed directly by another Latin letter */
    bf_symbol *symbols;
    guint n_symbols;
} bf_form;

typedef struct {
    bf_form *forms;
    guint n_forms;
} bf_query;

/* Appends copies of the other query's forms of one kind: the names of a whole roster make one query that way. */
void bf_query_add(bf_query *to, const bf_query *from, bf_form_kind kind);
/* How many characters has the longest name or alias? 0: there is none. */
guint bf_query_longest_name(const bf_query *query);
void bf_query_free(bf_query *query); /* NULL is fine; clears the name's memory before it frees it */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(bf_query, bf_query_free)

/* True for what BF_GAP_LOOSE may pass over: spaces, every middle dot (U+00B7 U+2022 U+30FB U+2027 U+FF0E U+2219 U+22C5 U+25CF
 * U+FF65 U+0387), '.', ',', '-', hyphens and dashes, apostrophes, full-width forms of these, '_', U+3000, zero-width characters. */
bool bf_query_is_separator(gunichar c);
