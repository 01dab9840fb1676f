/* Reports for people that are missing are made anew (batch, internal). */
#pragma once
#include "blindfold/output.h"
#include "blindfold/page_host.h"

/* Makes OUT/reports/<id>.html of a package that is finished from its report and its zip: the same bytes as the run that finished it wrote.
 * Nothing happens where it is there, or where report and zip do not fit. The client makes the pictures. */
bool restore_html(const bf_output *output, const char *id, bf_page_client *client, GError **error);
