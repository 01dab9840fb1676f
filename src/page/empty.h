/* Is there nothing on the page? (page). Pure, thread-safe. */
#pragma once
#include "page/sheet.h"

/* For pages on which no text was found. Nothing but even ground; or, of a sheet photographed on a table, mostly so, and light, and nothing
 * standing within it. Anything else is a photo. */
bool bf_is_empty_page(const bf_picture *picture);
