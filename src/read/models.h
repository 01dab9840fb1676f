/* Where the models are and whether they are the ones that the manifest names (read). Thread-safe. */
#pragma once
#include "blindfold/reader.h"

/* The folder with models: `chosen`, else $BLINDFOLD_MODELS, else where the build or the installation keeps them. A new string. */
char *bf_models_dir(const char *chosen);

/* Reads the file of the manifest's item `name` and checks its SHA-256; the bytes are those that were checked. The manifest lies in dir or one
 * folder above. version and sha256 (may be NULL) are new strings, *out is freed with g_bytes_unref. Errors: MISSING (no manifest, no file) or
 * MODEL (no usable item, another hash); each names models/fetch.sh. */
bool bf_models_load(const char *dir, const char *name, GBytes **out, char **version, char **sha256, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Reads a manifest's text (length -1: up to its NUL) for one item; file, version ("" when it has none) and sha256 are new strings. The file is a
 * plain name, never a path and never hidden. Fails (MODEL) too on text of more than 1 MiB or a thousand brackets. For bf_models_load and
 * its fuzzing. */
bool bf_manifest_find(const char *text, gssize length, const char *name, char **file, char **version, char **sha256,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
