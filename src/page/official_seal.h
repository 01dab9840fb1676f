/* Official seals: a ring of one strong colour with a star in its middle and an institution's name between them (page). */
#pragma once
#include "page/stamp.h"

/* Upright picture. */
typedef struct {
    float x, y, rx, ry; /* middle and the ring's outer radii, px */
} bf_official_seal;

/* Appends the seals (bf_official_seal) of this ink. A round name seal is none: it has no star with nothing around it. False: no memory. */
bool bf_find_official_seals(const bf_picture *picture, const bf_stamp_ink *ink, GArray *seals, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Takes those of the doubts (bf_hit) away that are the legend of an official seal: all ink of its colour there is within its ring, and with
 * that ink removed nothing is left there but what other lines were read surely. Sure ones go to `others`. A name under the seal is print
 * and stays. */
bool bf_tell_seal_legends(const bf_picture *picture, const bf_reading *reading, GArray *doubts, GArray *others,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
