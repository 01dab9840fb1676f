/* Truth as JSON nodes, to be put into larger documents. */
#pragma once
#include "pagemaker.h"
#include <json-glib/json-glib.h>

/* Adds the members of a page's truth to the object that is being built. */
void pm_truth_add(JsonBuilder *b, const pm_page *page);
char *pm_truth_print(JsonBuilder *b);
