/* A report of anybody's making. What is taken for a report must come back the same when it is written and read again. */
#include "blindfold/report.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static char *read_and_write(const char *json, size_t length)
{
    g_autoptr(bf_package_result) result = NULL;
    g_autoptr(bf_report_tool) tool = NULL;
    g_autoptr(GError) error = NULL;
    if (bf_report_parse(json, length, "input", &result, &tool, &error))
        return bf_report_to_json(result, &tool->info);
    if (!error || result || tool)
        abort();
    return NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *first = read_and_write((const char *)data, size);
    if (!first)
        return 0;
    g_autofree char *second = read_and_write(first, strlen(first));
    if (!second || strcmp(first, second) != 0)
        abort();
    return 0;
}
