/* Does a line show anything at all of what is looked for? */
#pragma once
#include "blindfold/query.h"
#include "blindfold/reader.h"
#include "read/ppocr/spot.h"

/* True when no character of any name, nor a part of a word that is not there in full, can be seen anywhere on the line, however badly it
 * was read. */
bool bf_none_seen(const bf_spotter *spotter, const bf_query *query, const bf_trace *trace, const bf_line *line);
/* True when the line was read surely and no character of any name, nor a part of a word that is not there in full, can be seen anywhere on
 * it: then no row that is put together with it can hold them. False is no proof of the opposite. */
bool bf_shows_none(const bf_spotter *spotter, const bf_query *query, const bf_trace *trace, const bf_line *line);
/* Is a character of a name (Han, or in whatever letters an alias has) the top reading anywhere on the line? */
bool bf_shows_name(const bf_spotter *spotter, const bf_query *query, const bf_trace *trace, const bf_line *line);
