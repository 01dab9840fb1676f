/* The middle one of measured values (page). */
#pragma once
#include <glib.h>

/* values: float, one at least; sorted on the way. Of an even number the upper one. Thread-safe. */
float bf_median(GArray *values);
