/* Where reports lie, and what their words are. Inside the record room only. */
#pragma once
#include "blindfold/report.h"

#define BF_REPORT_SCHEMA "blindfold.report/1"
#define BF_REPORT_MAX_BYTES (32 << 20) /* some 10,000 pages */

bool bf_report_id_is_safe(const char *id);                         /* as a file name, and to be printed */
char *bf_report_file_path(const char *output_dir, const char *id); /* OUT/reports/<id>.json */
