/* Can a person, and can this program, read the page? (page). Pure, thread-safe.
 *
 * The first witness is the character gradient of CG-DIQA (H. Li, F. Zhu, J. Qiu, "CG-DIQA: No-reference Document Image Quality Assessment
 * Based on Character Gradient", ICPR 2018): the standard deviation of the gradients in the regions of characters, without training. Lines
 * that the reader found stand in for its candidate characters, and each is laid straight at one height first, so that blur counts
 * relative to the strokes and small text as soft. The second witness is the reader's own confidence on these lines.
 */
#pragma once
#include "page/legible_measure.h"

typedef struct {
    bf_legibility_verdict verdict;
    float score;        /* 0..1 */
    float confidence;   /* the reader's part: mean probability of the characters read */
    GPtrArray *reasons; /* const char *, static words (README), the heaviest first; empty for legible pages without a flaw */
} bf_legibility;

/* Lines are those that the reader found on the upright picture; info is of the stored page; unread: is ink left that no line accounts
 * for? A picture without any line is a photo, which is legible, or blank (marginal, score 0), or text that nobody can read, or noise. */
void bf_legibility_judge(const bf_picture *upright, const GArray *lines, const bf_jpeg_info *info, bool unread, bf_legibility *out);
void bf_legibility_clear(bf_legibility *l); /* a zeroed one is fine */
