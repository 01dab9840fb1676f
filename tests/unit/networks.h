/* What tests of the networks share: the fetched models and ONNX Runtime. */
#pragma once
#include "read/models.h"
#include "read/ppocr/ort.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

typedef struct {
    char *dir;
    bf_ort *ort;
} networks;

static inline void must(bool ok, const GError *error)
{
    if (!ok)
        fail_msg("%s", error != NULL ? error->message : "failed");
}

static inline void networks_open(networks *n)
{
    g_autoptr(GError) error = NULL;
    n->dir = bf_models_dir(NULL);
    must(bf_ort_load(n->dir, &n->ort, &error), error);
}

static inline void networks_close(networks *n)
{
    bf_ort_unload(n->ort);
    g_free(n->dir);
}

/* An item of the manifest; free with g_bytes_unref. */
static inline GBytes *networks_item(const networks *n, const char *name)
{
    GBytes *bytes = NULL;
    g_autoptr(GError) error = NULL;
    must(bf_models_load(n->dir, name, &bytes, NULL, NULL, &error), error);
    return bytes;
}

/* Free with bf_ort_session_free, before networks_close. */
static inline bf_ort_session *networks_session(const networks *n, const char *name)
{
    bf_ort_session *s = NULL;
    g_autoptr(GBytes) model = networks_item(n, name);
    g_autoptr(GError) error = NULL;
    must(bf_ort_session_new(n->ort, g_bytes_get_data(model, NULL), g_bytes_get_size(model), name, &s, &error), error);
    return s;
}
