/* Reports: reports/<id>.json and summary.csv (record). Told results, asks nobody. Files appear whole (atomic, durable). */
#pragma once
#include "blindfold/result.h"

#define BF_REPORT_ERROR (bf_report_error_quark())
GQuark bf_report_error_quark(void);
typedef enum { BF_REPORT_ERROR_WRITE, BF_REPORT_ERROR_FORMAT } bf_report_error;

/* The report as in the contract, schema "blindfold.report/1"; keys in the contract's order, two-space indent, deterministic. */
char *bf_report_to_json(const bf_package_result *result, const bf_tool_info *tool) G_GNUC_WARN_UNUSED_RESULT;
bool bf_report_write(const char *output_dir, const bf_package_result *result, const bf_tool_info *tool, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Writes OUT/summary.csv anew from all reports in OUT/reports: UTF-8 with BOM, CRLF, one row per package, sorted by id;
 * columns id,verdict,reasons,pages,masked,clear,review,masks,dropped,input_sha256,output_sha256. Fields that a spreadsheet would take
 * for a formula are quoted so that it does not. */
bool bf_report_write_summary(const char *output_dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
