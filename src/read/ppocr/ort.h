/* ONNX Runtime through its C API, loaded at run time; the only file pair that knows about it.
 *
 * The library is stable by design: OrtApi is a struct of function pointers whose order never changes. ort.c declares the few slots
 * that are used, by number. API version 16 (ONNX Runtime 1.16) is the lowest that has them all.
 */
#pragma once
#include "blindfold/reader.h"

typedef struct bf_ort bf_ort;                 /* the library and its environment: once a process */
typedef struct bf_ort_session bf_ort_session; /* a model, ready to run; any number of threads may run it at once */

/* Looks for the library: $BLINDFOLD_ORT, models_dir/libonnxruntime.so.1, then where the system keeps its own. */
bool bf_ort_load(const char *models_dir, bf_ort **out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void bf_ort_unload(bf_ort *ort);
const char *bf_ort_version(const bf_ort *ort);

/* A session on one float input and one float output; `what` names the model in errors. One thread per run. */
bool bf_ort_session_new(bf_ort *ort, const void *model, gsize size, const char *what, bf_ort_session **out,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
void bf_ort_session_free(bf_ort_session *session);
const char *bf_ort_output_name(const bf_ort_session *session);

/* What a run gave: data is n_dims-dimensional, row major, owned by the tensor. */
typedef struct {
    void *value;
    const float *data;
    gint64 dims[8];
    gsize n_dims;
} bf_ort_tensor;

/* Runs the model on a tensor of shape[4] (N, C, H, W). The input is borrowed for the call. Clear the output with
 * bf_ort_tensor_clear. Thread-safe. */
bool bf_ort_run(bf_ort_session *session, float *input, const gint64 shape[4], bf_ort_tensor *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void bf_ort_tensor_clear(bf_ort_session *session, bf_ort_tensor *tensor);
