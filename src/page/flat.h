/* Reading a photographed sheet as if it lay flat (page). */
#pragma once
#include "page/reading.h"

/* Where a sheet lies askew on the picture: finds the lines on the flattened sheet and reads those that the plain look left out or read
 * weakly. The lines and hits come back to the picture; weak lines that are read better now become composed (they say nothing any more).
 * Does nothing where no sheet is found or it stands straight. */
bool bf_look_at_flat_sheet(bf_page_worker *worker, const bf_picture *picture, const bf_query *query, bf_reading *r, GArray *found,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Where lines are bent: lays the page flat by them (bend.h) and reads all of it anew, as a name may go on from line to line. Takes over as
 * above. Does nothing where no line is bent. */
bool bf_look_at_bent_lines(bf_page_worker *worker, const bf_picture *picture, const bf_query *query, bf_reading *r, GArray *found,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
