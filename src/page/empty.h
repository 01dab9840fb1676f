/* Is there nothing on the page? (page). Pure, thread-safe. */
#pragma once
#include "page/sheet.h"

/* For pages on which no text was found. Nothing but even ground; or, of a sheet photographed on a table, mostly so, and light, and nothing
 * standing within it. Anything else is a photo. */
bool bf_is_empty_page(const bf_picture *picture);
/* Is nearly all of it, but for what lies beside a sheet, as light as paper? Then what stands there is no photo, but print that is too
 * blurred to be found, or a drawing. Without memory: yes. */
bool bf_is_sheet(const bf_picture *picture);
