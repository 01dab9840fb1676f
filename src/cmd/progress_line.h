/* One line that says how far a batch is (cmd), in the user's language. */
#pragma once
#include "blindfold/batch.h"

/* For a terminal: a bar, pages, time left and so on. `cells`: the room there is; parts are left out, the least important first, until it
 * fits. A new string without line feed. */
char *progress_line_live(const bf_batch_event *e, guint cells, bool color);
/* For a log: the same parts with commas between, all of them. */
char *progress_line_plain(const bf_batch_event *e);
/* Seconds as 1:02:03 or 2:03; a new string. */
char *progress_clock(double seconds);
/* Pages a second; 0 while it cannot be told. */
double progress_rate(const bf_batch_event *e);
/* Seconds to go; below 0 while it cannot be told. */
double progress_seconds_left(const bf_batch_event *e);
