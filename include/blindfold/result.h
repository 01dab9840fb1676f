/* What is known about a page and a package when the work on it has ended: plain data that batch and package hand to record (base).
 * Zero means "not proved": a zeroed page result says review. Reasons are stable words (see README) and never text from a page. */
#pragma once
#include "blindfold/picture.h"

typedef enum { BF_DECISION_REVIEW = 0, BF_DECISION_MASKED, BF_DECISION_CLEAR } bf_decision;
typedef enum { BF_ANSWER_UNKNOWN = 0, BF_ANSWER_YES, BF_ANSWER_NO } bf_answer;
typedef enum { BF_MASK_NAME = 0, BF_MASK_PINYIN, BF_MASK_SIGNATURE, BF_MASK_SEAL, BF_MASK_MANUAL } bf_mask_kind;
typedef enum { BF_LEGIBILITY_ILLEGIBLE = 0, BF_LEGIBILITY_MARGINAL, BF_LEGIBILITY_LEGIBLE } bf_legibility_verdict;

typedef struct {
    bf_rect rect; /* stored frame, whole iMCUs, clipped to the page */
    bf_mask_kind kind;
    const char *reader; /* static string: "ppocr", "tesseract", ... */
    float score;        /* 0..1: exp of the spotting score per character */
} bf_mask;

/* A place that a person should look at before the page goes. */
typedef struct {
    bf_rect rect;       /* stored frame, clipped to the page */
    const char *reason; /* static word: "doubtful-name", "unread-ink", "name-still-visible" */
} bf_doubt;

#define BF_SHA256_HEX 65 /* 64 lower-case hex digits and a NUL; "" when not known */

typedef struct {
    bf_decision decision;
    bf_answer needs_masking;
    GPtrArray *reasons;      /* const char *, static strings; may be NULL for none */
    int width_px, height_px; /* stored frame; 0 when the header could not be read */
    int exif_orientation;    /* 1..8; 0 when not known */
    int jpeg_warnings;       /* how often libjpeg found the data damaged and worked around it */
    int orientation_deg;     /* 0, 90, 180, 270; -1 when not known. A zeroed result must set it to -1: bf_page_result_init */
    int turned_from;         /* the stored frame of the output was laid down from the input's as this EXIF orientation (1..8; 1: only the tag
                              * went) says, before anything else; width, height, masks and orientations are those of the output. 0: it was
                              * not */
    const char *not_turned;  /* it should have been turned (a setting), and was not: static word "odd-size" "damaged" "coding"; else NULL */
    bf_legibility_verdict legibility;
    float legibility_score;        /* 0..1 */
    GPtrArray *legibility_reasons; /* as reasons */
    GArray *masks;                 /* bf_mask; may be NULL for none */
    GArray *doubts;                /* bf_doubt; may be NULL for none */
    bool by_person;                /* a person decided about this page, legibility included */
    bool verify_passed;
    bool recoded; /* the page had to be decoded and encoded anew */
    gint64 unchanged_blocks, masked_blocks;
    char sha256_in[BF_SHA256_HEX], sha256_out[BF_SHA256_HEX];
    GBytes *output; /* the redacted JPEG; NULL when there is none (then the page is not in the output zip) */
} bf_page_result;

void bf_page_result_init(bf_page_result *r);                                /* everything "not proved", orientation unknown */
void bf_page_result_clear(bf_page_result *r);                               /* frees what it owns, leaves an initialised result */
void bf_page_result_add_reason(bf_page_result *r, const char *static_word); /* once each */

typedef struct {
    char *entry;        /* the entry's name in the input, forms of the name replaced; owned */
    guint entry_index;  /* its place in the input zip, 0-based */
    GBytes *thumbnail;  /* the output made small and upright, as a JPEG, for the HTML report; NULL: none; owned */
    char *output_entry; /* its name in the output zip, NULL when it is not in it; owned */
    bf_page_result page;
} bf_page_record;

typedef struct {
    char *entry; /* as above; owned */
    guint entry_index;
    const char *reason; /* static word: "not-an-image", "empty", "encrypted", "unsafe-path", "duplicate", "too-large", ... */
} bf_dropped_entry;

typedef enum { BF_VERDICT_FAILED = 0, BF_VERDICT_HELD, BF_VERDICT_RELEASED } bf_verdict;

typedef struct {
    char *id;     /* owned */
    char *person; /* keyed hash (hex) of the id, the name and the aliases: tells whether the roster has changed; NULL: not known; owned */
    bf_verdict verdict;
    GPtrArray *reasons; /* const char *, static words: the union of the pages' reasons, then the package's own; may be NULL */
    char input_sha256[BF_SHA256_HEX];
    char *output; /* "packages/<id>.zip" or "held/<id>.zip", NULL when failed; owned */
    char output_sha256[BF_SHA256_HEX];
    GPtrArray *pages;   /* bf_page_record *, in output order; owned */
    GPtrArray *dropped; /* bf_dropped_entry *, in input order; owned */
} bf_package_result;

bf_package_result *bf_package_result_new(const char *id);
void bf_package_result_free(bf_package_result *r); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(bf_package_result, bf_package_result_free)
bf_page_record *bf_page_record_new(void);
void bf_page_record_free(bf_page_record *r);
bf_dropped_entry *bf_dropped_entry_new(const char *entry, guint entry_index, const char *static_reason);
void bf_dropped_entry_free(bf_dropped_entry *e);

void bf_page_result_add_doubt(bf_page_result *r, bf_rect stored,
                              const char *static_word); /* not for an empty one; with one in the same place it becomes one */

/* A word that lives as long as the program, equal words being one. Thread-safe. */
const char *bf_word_intern(const char *word);
/* SHA-256 in lower-case hex. */
void bf_sha256_of(GBytes *bytes, char hex[BF_SHA256_HEX]);

/* The stable words, as reports write them. */
const char *bf_decision_word(bf_decision d);             /* "review" "masked" "clear" */
const char *bf_mask_kind_word(bf_mask_kind k);           /* "name" "pinyin" "signature" "seal" "manual" */
const char *bf_legibility_word(bf_legibility_verdict v); /* "illegible" "marginal" "legible" */
const char *bf_verdict_word(bf_verdict v);               /* "failed" "held" "released" */

/* How the run was made: told to the report and the audit record. All strings borrowed. */
typedef struct {
    const char *name, *version, *model_sha256; /* model_sha256 "" when the reader has no single model */
} bf_reader_info;
typedef struct {
    const char *version;  /* of blindfold */
    const char *settings; /* one line "key=value key=value", sorted, only what changes the output */
    const bf_reader_info *readers;
    guint n_readers;
} bf_tool_info;
