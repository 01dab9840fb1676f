/* What `check` found on a page or in a package: plain data (base). No text from a page and no name is ever in it. */
#pragma once
#include "blindfold/picture.h"

typedef enum {
    BF_FINDING_NOTE, /* worth knowing; nothing need be done */
    BF_FINDING_WARN, /* may be objected to */
    BF_FINDING_MEND  /* will be objected to */
} bf_finding_weight;

typedef struct {
    const char *rule; /* static, stable word: README's table */
    bf_finding_weight weight;
    const char *detail; /* static word that the rule's sentence names ("png", "exif"); NULL: none */
    int number;         /* a number that it names (percent, degrees, pixels, a page's number); -1: none */
    bf_rect place;      /* stored frame; empty: the whole page */
    GBytes *picture;    /* a small JPEG of the place, as a person sees it; NULL: none; owned */
} bf_finding;

/* For GArrays of findings; the array frees the pictures. */
GArray *bf_findings_new(void);
/* Appends; takes f's picture over. */
void bf_findings_add(GArray *findings, bf_finding f);
/* The gravest weight among them; false when there is none. */
bool bf_findings_worst(const GArray *findings, bf_finding_weight *worst);
const char *bf_finding_weight_word(bf_finding_weight weight); /* "note" "warn" "mend" */

/* ---- what is known of a page and a package when all are looked at ---- */

typedef struct {
    char *entry;       /* its name in the package, forms of the name replaced; owned */
    guint entry_index; /* its place in the package, 0-based */
    char
        *folded_name; /* for patterns: the name as it is, lower case; it may hold the applicant's name, so it is for matching only; owned */
    int width_px, height_px;
    const char *legibility; /* "legible" "marginal" "illegible"; NULL: not judged */
    float score;
    GPtrArray *legibility_reasons; /* const char *; NULL: none */
    GArray *findings;              /* bf_finding */
    GBytes *thumbnail;             /* small JPEG, upright; NULL: none */
    char sha256[65];
    float *print; /* what near-duplicates are told by (BF_PRINT_N values); NULL: none; owned */
} bf_checked_page;

enum { BF_PRINT_SIDE = 48, BF_PRINT_N = BF_PRINT_SIDE * BF_PRINT_SIDE };

typedef struct {
    char *label;        /* the operand's last part, forms of the name replaced; owned */
    GPtrArray *pages;   /* bf_checked_page *, in the package's order; owned */
    GArray *findings;   /* bf_finding: of the package as a whole */
    GPtrArray *missing; /* bf_missing *: what the checklist misses; owned */
    bool failed;        /* it could not be opened: its finding says why */
    bool interrupted;
} bf_checked_package;

typedef struct {
    char *title; /* of the checklist's item; owned */
    int found, wanted;
} bf_missing;

bf_checked_page *bf_checked_page_new(void);
void bf_checked_page_free(bf_checked_page *page); /* NULL is fine */
bf_checked_package *bf_checked_package_new(void);
void bf_checked_package_free(bf_checked_package *package); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(bf_checked_package, bf_checked_package_free)
