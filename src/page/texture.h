/* Is the picture but noise? (page). Pure, thread-safe. */
#pragma once
#include "blindfold/picture.h"

/* For pages on which no text was found: the share of the picture, 0..1, in which strong tones change from pixel to pixel and even out over
 * eight of them. Paper has no strong tones, and whatever a camera or a scanner sees larger than its own grain does not even out: what is
 * left is noise, or print far too small to be read. */
float bf_noise_share(const bf_picture *picture);
