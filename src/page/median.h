/* Of measured values: the middle one, and others by their rank (page). Thread-safe. */
#pragma once
#include <glib.h>

/* values: float, one at least; sorted on the way. Of an even number the upper one. */
float bf_median(GArray *values);
/* The one below which this share (0..1) of the values lies. */
float bf_quantile(GArray *values, float share);
