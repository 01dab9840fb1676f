/* A package built anew from what people decided about its pages (batch). */
#pragma once
#include "blindfold/output.h"
#include "blindfold/page_host.h"
#include "blindfold/query.h"

/* All borrowed for the call. */
typedef struct {
    const bf_package_result *before; /* its report as it stands */
    const bf_tool_info *tool;        /* what made it */
    const bf_query *query;
    const char *person_name, *input_path;
    const bf_page_result *const *by_person; /* by place among before->pages: what bf_page_apply_masks made; NULL: the page stays as it is */
    const guint *left_out;                  /* entry_index of dropped entries of which a person said that they may be left out */
    guint n_left_out;
    bf_page_client *client; /* makes the report's thumbnails; NULL: it goes without */
    const bool *recalled;   /* by place: pages that have to be looked at again, so that the package goes back to held; NULL: none */
} bf_rebuild;

/* Takes the pages that stay from the finished zip (each proved by its hash), the others from by_person; decides the verdict as a run does,
 * and publishes zip, report and record lines as a run does. Then writes its HTML report anew;
 * summary and index are the caller's, who may build several. Nothing of `before` is
 * trusted that the input itself can tell: what dropped entries hold the package is read from it again. *out is the new result: its
 * verdict may still be "held". Fails when the input or the zip is not what the report says, or the output cannot be written. */
bool bf_rebuild_package(bf_output *output, const bf_rebuild *rebuild, bf_package_result **out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
