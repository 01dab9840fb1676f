/* A name in Arabic script among a reader's symbols, also where some letters were misread, left out or added: of letters that differ in
 * their dots the reader takes one for another, and it loses some in grain. */
#pragma once
#include "read/tesseract/symbols.h"

typedef struct {
    guint start, end; /* symbols [start, end) */
    float cost;       /* letters that differ; those that differ in their dots count less */
} bf_arabic_match;

/* The best place of the form among symbols [from, to) (bf_choices); spaces and separators count nothing. False: none that costs less than
 * half of its letters. Approximate matching by dynamic programming with a free start and end (Sellers 1980). Thread-safe. */
bool bf_arabic_match_best(const GArray *symbols, guint from, guint to, const bf_form *form, bf_arabic_match *out);

/* Up to this cost for each letter it is the name; up to DOUBTFUL it may be. */
#define BF_ARABIC_SURE 0.25F
#define BF_ARABIC_DOUBTFUL 0.4F
