/* A name seal stamped over an official one (page). */
#pragma once
#include "blindfold/picture.h"

/* Appends (bf_rect) what is framed like a seal in the red ink of `zone`, from least_px to most_px large: seals that hang together with a
 * larger one and have the deeper ink. Found at any of several depths, as maximally stable extremal regions are (Matas et al., Robust wide
 * baseline stereo, 2002); pieces of the larger seal have ink along two of their sides at most. height_px: of the text there. False without
 * memory. Thread-safe. */
bool bf_find_seals_on_seals(const bf_picture *picture, bf_rect zone, float height_px, float least_px, float most_px, GArray *seals);
