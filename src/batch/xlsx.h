/* The first visible sheet of an Excel workbook (Office Open XML, ECMA-376). Inside the batch room only. */
#pragma once
#include <glib.h>
#include <stdbool.h>

/* *rows: table_row * (roster_table.h), rows without content left out. Merged cells have their text in the first of them. Numbers come as
 * whole ones where they are; a cell with one of the spreadsheet's errors (#REF!) is the row's problem. What the file's own formulas gave
 * is taken as it stands. At most 256 columns are read. Errors: BF_ROSTER_ERROR_FORMAT, beginning with `what`. */
bool xlsx_read(GBytes *workbook, const char *what, GPtrArray **rows, GError **error);
