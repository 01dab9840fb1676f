/* Keyword spotting in a CTC recogniser's posteriors: is this form of the name on this line, and where?
 *
 * Not by reading and comparing: a rare character that the recogniser misreads still leaves its probability in the posteriors. Each
 * frame gives r(c) = log p(c) - log max p, floored at SPOT_FLOOR; a Viterbi search with free start and end runs over the states
 * "character, gap, character, ...", where the gap takes blanks and whatever separators the form allows. The sum over the characters is the
 * score: 0 when the form lies on the top path. The method is keyword-filler spotting with a max filler (Rose & Paul 1990), on CTC
 * outputs as in Fernandez, Graves & Schmidhuber 2007.
 */
#pragma once
#include "read/ppocr/charset.h"

#define SPOT_FLOOR (-12.0F)

/* A query in the recogniser's classes. A column is a set of classes; its value in a frame is the largest r of its members. */
enum { COLUMN_BLANK, COLUMN_LOOSE, COLUMN_SEPARATOR, COLUMN_ANY, COLUMN_FIRST_FREE };
typedef struct {
    guint16 *classes;
    guint n_classes;
} bf_column;

enum { MAX_PREDECESSORS = 12 };
typedef struct {
    guint16 column;
    gint16 symbol;   /* index of the form's symbol; -1: a gap */
    bool start, end; /* may a match begin, end here? */
    guint8 n_from;
    gint16 from[MAX_PREDECESSORS]; /* states before this one; itself is implied */
} bf_state;
typedef struct {
    bf_state *states;
    guint16 *column_of; /* by symbol: what is searched for, with what the character is often taken for; COLUMN_ANY is a wildcard */
    guint16 *plain_of;  /* by symbol: the character itself; COLUMN_ANY where the alphabet has none */
    guint n_states, n_symbols, n_wild; /* wild: outside the alphabet */
    float sure, doubtful;              /* thresholds on the score */
    bool whole_word;
    guint64 tight; /* bit i: nothing but letter-spacing stands between symbols i and i + 1 */
    bool *silent; /* of a lenient program, by symbol: a wildcard only since another way to write it is left out by the reader. NULL: none */
} bf_program;

typedef struct {
    bf_column *columns;
    guint n_columns;
    bf_program *programs;  /* one a form */
    bf_program *lenient;   /* one a form: with what the recogniser takes its characters for; no states where that is the same */
    bf_program **left_out; /* of each form: n_left_out[form] lenient ones, each with one of the characters a wildcard that has another way
                            * to write it outside the alphabet: what the recogniser makes of that depends on what stands beside it */
    guint *n_left_out;
    guint n_programs;
} bf_spotter;

/* What the recogniser takes characters for, as a test of it found out. */
typedef struct {
    bool fails;        /* most of the time: anything may be read in its place, or nothing */
    bool silent;       /* often nothing is read in its place */
    GArray *taken_for; /* gunichar */
} bf_misreading;
/* gunichar -> bf_misreading; free with g_hash_table_unref. */
GHashTable *bf_misreadings_new(void);

/* Compiles a query for an alphabet. misreadings may be NULL. Characters outside the alphabet become wildcards that match any character or
 * none. A form with one known character is spotted, but never surely; a form without any, of one symbol, or of more than MAX_SYMBOLS has no
 * states and is never spotted: whoever asks must know that its absence proves nothing. Free with bf_spotter_free. Thread-safe. */
bf_spotter *bf_spotter_new(const bf_query *query, const bf_charset *charset, GHashTable *misreadings);
void bf_spotter_free(bf_spotter *spotter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(bf_spotter, bf_spotter_free)

/* What is kept of a line's posteriors: n_frames x n_columns, row major, and the top path. */
typedef struct {
    gunichar c;
    float p;     /* probability of the character where it is strongest */
    guint frame; /* and that frame */
} bf_read_char;
typedef struct {
    guint n_frames, n_columns;
    float *r;
    GArray *chars; /* bf_read_char: the top path, blanks and repeats removed */
    float step;    /* one frame's share of the line's length */
} bf_trace;
void bf_trace_clear(bf_trace *trace); /* wipes what was read */
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(bf_trace, bf_trace_clear)

/* Frames first .. last of each symbol, both inclusive, by the best path: the whole run of frames where it is the top reading; -1 where a
 * wildcard matched nothing. */
enum { MAX_SYMBOLS = BF_FORM_MAX_SYMBOLS };
typedef struct {
    bool lenient; /* by a lenient program: a candidate, whatever its score */
    guint which;  /* of those: 0 the one of all characters, n + 1 the n-th of left_out */
    float score;  /* by the characters themselves */
    float fit;    /* by what was searched for: of a lenient program, with what they are taken for */
    guint n_wild; /* wildcards of the form */
    gint first[MAX_SYMBOLS], last[MAX_SYMBOLS];
    float part[MAX_SYMBOLS]; /* how well each character itself fits, 0 for those outside the alphabet */
    guint n_symbols;
} bf_match;

/* Appends the matches (bf_match) of one form in r (n_frames x spotter->n_columns) that reach its doubtful threshold: best first, then those
 * of its lenient programs; no two of either share a frame, and one of each only when the lenient one fits much better. */
void bf_spot(const bf_spotter *spotter, guint form, const float *r, guint n_frames, GArray *matches);
/* The program that a match comes from. */
const bf_program *bf_match_program(const bf_spotter *spotter, guint form, const bf_match *match);
