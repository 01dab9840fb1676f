/* Where the models are and whether they are the ones that the manifest names (read). Thread-safe. */
#pragma once
#include "blindfold/reader.h"

/* The folder with models: `chosen`, else $BLINDFOLD_MODELS, else where the build or the installation keeps them. A new string. */
char *bf_models_dir(const char *chosen);

/* Reads the file of the manifest's item `name` and checks its SHA-256; version and sha256 (may be NULL) are new strings. */
bool bf_models_load(const char *dir, const char *name, GBytes **out, char **version, char **sha256, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Reads a manifest's text for one item. For bf_models_load and its fuzzing. */
bool bf_manifest_find(const char *text, gssize length, const char *name, char **file, char **version, char **sha256,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
