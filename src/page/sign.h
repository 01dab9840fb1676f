/* Where the applicant signs: beside labels such as 承诺人 or 本人签字 stand a signature, a fingerprint, a name seal (page). */
#pragma once
#include "page/sheet.h"

/* A copy of a person's query with the labels' forms behind the person's own. The person's forms are borrowed from `query`; free with
 * bf_signing_query_free. */
bf_query *bf_signing_query_new(const bf_query *query);
void bf_signing_query_free(bf_query *q, const bf_query *query);

/* Ink beside a label, as a rectangle of the upright picture. */
typedef struct {
    bf_rect rect;
    bf_mask_kind kind; /* SIGNATURE: dark ink that no line reads as print; SEAL: red or other coloured blobs of the size of a name seal or a
                        * fingerprint */
} bf_signed_ink;

/* Appends the ink (bf_signed_ink) beside the labels of the reading, which was made with this signing query. */
void bf_find_signed_ink(const bf_picture *picture, const bf_reading *reading, const bf_query *query, GArray *ink);
