/* What a match in frames says about words and places: shared by locate.c and over_lines.c. */
#pragma once
#include "read/ppocr/spot.h"

/* The frames that a match takes, both inclusive. */
typedef struct {
    gint first, last;
} bf_span;
bf_span bf_match_frames(const bf_match *m);

/* Is what stands in frames first .. last a word of its own, and not part of a longer one? */
bool bf_match_is_word(const bf_trace *trace, gint first, gint last);
/* Where the known characters of a match stand along a line. */
typedef struct {
    float u[MAX_SYMBOLS];               /* centres along the line, 0..1 of its length; only those that were matched */
    guint unknown_between[MAX_SYMBOLS]; /* characters that the reader does not know, between each and the one before */
    guint n;
    guint unknown_before, unknown_after; /* characters that the reader does not know, before the first and behind the last known one */
} bf_centres;
/* The centres of the symbols whose frames lie in [from, to); frame from + k of the match is frame offset + k of the line. */
bf_centres bf_match_centres(const bf_program *p, const bf_match *m, gint from, gint to, gint offset, float step);
/* The widest distance from one character to the next, 0..1 of the line's length. A name is letter-spaced by up to four character widths;
 * what lies further apart than BF_MAX_SPACING line heights is no name. */
#define BF_MAX_SPACING 6.0F
float bf_match_widest_spacing(const bf_centres *c);

/* Describes the characters of a match that were not read: what was read in their places, and where these are. For a match
 * within one line. */
void bf_match_describe(const bf_program *p, const bf_match *m, const bf_trace *trace, const bf_quad *line, bool stacked, bf_hit *hit);

/* The same for n characters of the form, from `first` on, that are taken on trust at the start of a line or at its end. */
void bf_match_describe_trusted(const bf_program *p, const bf_trace *trace, const bf_quad *line, guint first, guint n, bool at_end,
                               bf_hit *hit);

/* A hit without a place: who found it, how well it fits. */
bf_hit bf_match_base(const bf_program *p, guint form, const bf_match *m, guint line);
/* The same with its place on the picture: from the first to the last character, half a character beyond, and the margin. At least one
 * centre. */
bf_hit bf_match_hit(const bf_quad *line, const bf_centres *c, bf_hit base);
/* The place of n_unknown characters at the start or at the end of a line, taken on trust. */
bf_hit bf_match_trusted_hit(const bf_quad *line, guint n_unknown, bool at_end, bf_hit base);
