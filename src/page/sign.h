/* What stands where the applicant signs: a signature, a fingerprint, a name seal (page). */
#pragma once
#include "page/labels.h"

/* Ink beside a label, as a rectangle of the upright picture. */
typedef struct {
    bf_rect rect;
    bf_mask_kind kind; /* SIGNATURE: ink that no line reads as print; SEAL: a red blob of the size of a name seal or a fingerprint */
} bf_signed_ink;

/* Appends the ink (bf_signed_ink) beside the applicant's labels; and to `left` (bf_rect) what stands there and is neither print, nor the
 * name, nor within what was appended. name_chars: how many characters the name has; a long one reaches further. False without memory: then
 * it is not known what stands there. */
bool bf_find_signed_ink(const bf_picture *picture, const bf_reading *reading, const GArray *labels, guint name_chars, GArray *ink,
                        GArray *left);
