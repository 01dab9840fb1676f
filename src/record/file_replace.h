/* A file replaced whole and durably. Inside the record room only. */
#pragma once
#include <glib.h>
#include <stdbool.h>

/* Like g_file_set_contents_full (consistent, durable), but its temporary file is called .blindfold-XXXXXX, so that one which a killed
 * process leaves is known for what it is. Errors are of G_FILE_ERROR, the message says why. */
bool bf_file_replace(const char *path, const char *text, gsize length, int mode, GError **error) G_GNUC_WARN_UNUSED_RESULT;
