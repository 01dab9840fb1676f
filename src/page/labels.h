/* Labels beside which somebody signs: words of signing put together to what they mean (page). */
#pragma once
#include "page/page_words.h"

typedef enum {
    BF_SIGNS_OTHER,    /* 负责人签字: somebody else's */
    BF_SIGNS_PERHAPS,  /* 签名, 申请人: the applicant's, unless print stands there that is not the name */
    BF_SIGNS_APPLICANT /* 承诺人, 本人签字: whatever stands there is the signature */
} bf_signs;

typedef struct {
    bf_rect box;  /* of the upright picture */
    float height; /* of its characters, px */
    float slope;  /* of its line: px down for each px to the right */
    bf_signs signs;
    bool upright;    /* a column of characters: one signs below it */
    bool marked;     /* a colon or the like stands behind it */
    float end_x;     /* what is signed to the right ends before this: a date, the next label */
    bool tail_reads; /* what follows on the label's own line reads as print */
} bf_signing_label;

/* The labels (bf_signing_label) of a reading that was made with this query, other people's among them. Free with g_array_unref. */
GArray *bf_signing_labels(const bf_picture *picture, const bf_reading *reading, const bf_page_query *query);

/* Reads what follows each label on its own line by itself: together with the label's print it may pass for print. Sets tail_reads. person:
 * the applicant's name. */
bool bf_read_label_tails(bf_page_worker *worker, const bf_picture *picture, const bf_reading *reading, const bf_query *person,
                         GArray *labels, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Lines read this surely are print. */
#define BF_PRINT_CONFIDENCE 0.80F
