#include "read/ppocr/ort.h"
#include "read/ppocr/tensor_memory.h"
#include <dlfcn.h>
#include <glib/gi18n.h>

/* The lowest API version that has every slot below. */
enum { API_VERSION = 16 };

/* Pointer indices in OrtApi, from ONNX Runtime's public header. */
enum {
    SLOT_GetErrorMessage = 2,
    SLOT_CreateEnv = 3,
    SLOT_DisableTelemetryEvents = 6,
    SLOT_CreateSessionFromArray = 8,
    SLOT_Run = 9,
    SLOT_CreateSessionOptions = 10,
    SLOT_DisableMemPattern = 17,
    SLOT_DisableCpuMemArena = 19,
    SLOT_SetSessionGraphOptimizationLevel = 23,
    SLOT_SetIntraOpNumThreads = 24,
    SLOT_SetInterOpNumThreads = 25,
    SLOT_SessionGetInputName = 36,
    SLOT_SessionGetOutputName = 37,
    SLOT_CreateTensorWithDataAsOrtValue = 49,
    SLOT_GetTensorMutableData = 51,
    SLOT_GetDimensionsCount = 61,
    SLOT_GetDimensions = 62,
    SLOT_GetTensorTypeAndShape = 65,
    SLOT_CreateCpuMemoryInfo = 69,
    SLOT_AllocatorFree = 76,
    SLOT_GetAllocatorWithDefaultOptions = 78,
    SLOT_ReleaseEnv = 92,
    SLOT_ReleaseStatus = 93,
    SLOT_ReleaseMemoryInfo = 94,
    SLOT_ReleaseSession = 95,
    SLOT_ReleaseValue = 96,
    SLOT_ReleaseTensorTypeAndShapeInfo = 99,
    SLOT_ReleaseSessionOptions = 100,
    SLOT_AddSessionConfigEntry = 130,
    SLOT_RegisterAllocator = 176,
};
enum { LOGGING_ERROR = 3, OPTIMISE_ALL = 99, ALLOCATOR_DEVICE = 0, ALLOCATOR_ARENA = 1, MEM_DEFAULT = 0, ELEMENT_FLOAT = 1 };

typedef void *status; /* NULL: it went well */
typedef struct {
    const void *const *(*get_api)(uint32_t version);
    const char *(*get_version)(void);
} api_base;

/* OrtAllocator, as far as API_VERSION knows it, and what stands behind ours. */
typedef struct tensor_allocator {
    guint32 version;
    void *(*take)(struct tensor_allocator *self, size_t bytes);
    void (*leave)(struct tensor_allocator *self, void *block);
    const void *(*info)(const struct tensor_allocator *self);
    void *memory_info;
    bf_heap heap;
} tensor_allocator;

struct bf_ort {
    void *library;
    const void *const *api;
    const char *version;
    void *env, *memory_info;
};
struct bf_ort_session {
    bf_ort *ort;
    void *session;
    char *input, *output;
};

/* Tensors come from tensor_memory.h. But a sanitizer's allocator takes fresh pages from the system for each large buffer: then the
 * library's own arena is a hundred times cheaper. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { USE_ARENA = true };
#else
enum { USE_ARENA = false };
#endif

/* Calls a slot: CALL(ort, Name, (argument types), arguments). */
#define CALL(ort, name, types, ...) (((status(*) types)(uintptr_t)(ort)->api[SLOT_##name])(__VA_ARGS__))
#define RELEASE(ort, name, object) (((void (*)(void *))(uintptr_t)(ort)->api[SLOT_##name])(object))

GQuark bf_reader_error_quark(void)
{
    return g_quark_from_static_string("bf-reader-error");
}

/* True when the call went well; else turns the status into an error and frees it. */
static bool good(const bf_ort *ort, status s, const char *what, GError **error)
{
    if (s == NULL)
        return true;
    const char *(*message)(const void *) = (const char *(*)(const void *))(uintptr_t)ort->api[SLOT_GetErrorMessage];
    g_set_error(error, BF_READER_ERROR, BF_READER_ERROR_RUN, _("ONNX Runtime: %s: %s"), what, message(s));
    RELEASE(ort, ReleaseStatus, s);
    return false;
}

/* Throws what C++'s new throws: the library ends a run by that, and dies of NULL. This file and tensor_memory.c are compiled for it to
 * pass. */
static void *take_tensor(tensor_allocator *self, size_t bytes)
{
    return bf_tensor_memory_take(&self->heap, bytes);
}

static void leave_tensor(tensor_allocator *self, void *block)
{
    bf_tensor_memory_leave(&self->heap, block);
}

static const void *tensor_info(const tensor_allocator *self)
{
    return self->memory_info;
}

/* C++'s new and delete as the library itself has them. */
static bool find_heap(const bf_ort *ort, bf_heap *heap)
{
    heap->take = (void *(*)(size_t))(uintptr_t)dlsym(ort->library, "_Znwm");
    heap->leave = (void (*)(void *))(uintptr_t)dlsym(ort->library, "_ZdlPv");
    return heap->take != NULL && heap->leave != NULL;
}

/* The environment is one for all who load the library in this process, and keeps to the first allocator that it is given: so that one stays
 * for good. Where it takes none everything works, in more memory. */
static bool provide_tensor_memory(bf_ort *ort, GError **error)
{
    tensor_allocator a = {API_VERSION, take_tensor, leave_tensor, tensor_info, NULL, {0}};
    if (!find_heap(ort, &a.heap))
        return true;
    if (!good(ort, CALL(ort, CreateCpuMemoryInfo, (int, int, void **), ALLOCATOR_DEVICE, MEM_DEFAULT, &a.memory_info), "start", error))
        return false;
    tensor_allocator *kept = g_memdup2(&a, sizeof a);
    status refused = CALL(ort, RegisterAllocator, (void *, void *), ort->env, kept);
    if (refused != NULL) {
        RELEASE(ort, ReleaseStatus, refused);
        RELEASE(ort, ReleaseMemoryInfo, a.memory_info);
        g_free(kept);
    }
    return true;
}

static void *open_system_library(void)
{
    enum { NEWEST_MINOR = 60 };
    for (int minor = NEWEST_MINOR; minor >= API_VERSION; minor--) {
        char name[sizeof "libonnxruntime.so.1.00"];
        g_snprintf(name, sizeof name, "libonnxruntime.so.1.%d", minor);
        void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
        if (library != NULL)
            return library;
    }
    void *library = dlopen("libonnxruntime.so.1", RTLD_NOW | RTLD_LOCAL);
    return library != NULL ? library : dlopen("libonnxruntime.so", RTLD_NOW | RTLD_LOCAL);
}

static void *open_library(const char *models_dir)
{
    /* Without this the library keeps a log and a database of its use, and sends them to its makers; DisableTelemetryEvents comes too
     * late for it. */
    g_setenv("ORT_DISABLE_TELEMETRY", "1", TRUE);
    const char *chosen = g_getenv("BLINDFOLD_ORT");
    if (chosen != NULL)
        return dlopen(chosen, RTLD_NOW | RTLD_LOCAL);
    g_autofree char *fetched = g_build_filename(models_dir, "libonnxruntime.so.1", NULL);
    void *library = dlopen(fetched, RTLD_NOW | RTLD_LOCAL);
    return library != NULL ? library : open_system_library();
}

bool bf_ort_load(const char *models_dir, bf_ort **out, GError **error)
{
    bf_ort *ort = g_new0(bf_ort, 1);
    ort->library = open_library(models_dir);
    if (ort->library == NULL) {
        g_set_error(error, BF_READER_ERROR, BF_READER_ERROR_MISSING,
                    _("ONNX Runtime was not found in %s nor on the system; run models/fetch.sh to bring it"), models_dir);
        g_free(ort);
        return false;
    }
    const api_base *(*get_base)(void) = (const api_base *(*)(void))(uintptr_t)dlsym(ort->library, "OrtGetApiBase");
    const api_base *base = get_base != NULL ? get_base() : NULL;
    ort->version = base != NULL ? base->get_version() : "";
    ort->api = base != NULL ? base->get_api(API_VERSION) : NULL;
    if (ort->api == NULL) {
        g_set_error(error, BF_READER_ERROR, BF_READER_ERROR_MISSING,
                    _("ONNX Runtime %s is too old: version 1.%d or newer is needed; run models/fetch.sh to bring one"), ort->version,
                    API_VERSION);
        bf_ort_unload(ort);
        return false;
    }
    if (!good(ort, CALL(ort, CreateEnv, (int, const char *, void **), LOGGING_ERROR, "blindfold", &ort->env), "start", error) ||
        !good(ort, CALL(ort, DisableTelemetryEvents, (const void *), ort->env), "start", error) ||
        !good(ort, CALL(ort, CreateCpuMemoryInfo, (int, int, void **), ALLOCATOR_ARENA, MEM_DEFAULT, &ort->memory_info), "start", error) ||
        (!USE_ARENA && !provide_tensor_memory(ort, error))) {
        bf_ort_unload(ort);
        return false;
    }
    *out = ort;
    return true;
}

void bf_ort_unload(bf_ort *ort)
{
    if (ort == NULL)
        return;
    if (ort->memory_info != NULL)
        RELEASE(ort, ReleaseMemoryInfo, ort->memory_info);
    if (ort->env != NULL)
        RELEASE(ort, ReleaseEnv, ort->env);
    /* The library stays mapped: it keeps thread-local destructors that would otherwise point nowhere when a thread ends. */
    g_free(ort);
}

const char *bf_ort_version(const bf_ort *ort)
{
    return ort->version;
}

/* Lines and pages come in every width, so memory patterns and the arena would grow with each new one. */
static bool choose_memory(bf_ort *ort, void *options, GError **error)
{
    return good(ort, CALL(ort, DisableMemPattern, (void *), options), "session options", error) &&
           (USE_ARENA ||
            (good(ort, CALL(ort, DisableCpuMemArena, (void *), options), "session options", error) &&
             good(ort, CALL(ort, AddSessionConfigEntry, (void *, const char *, const char *), options, "session.use_env_allocators", "1"),
                  "session options", error)));
}

static bool session_options(bf_ort *ort, void **out, GError **error)
{
    void *options = NULL;
    if (!good(ort, CALL(ort, CreateSessionOptions, (void **), &options), "session options", error))
        return false;
    if (!good(ort, CALL(ort, SetSessionGraphOptimizationLevel, (void *, int), options, OPTIMISE_ALL), "session options", error) ||
        !good(ort, CALL(ort, SetIntraOpNumThreads, (void *, int), options, 1), "session options", error) ||
        !good(ort, CALL(ort, SetInterOpNumThreads, (void *, int), options, 1), "session options", error) ||
        !choose_memory(ort, options, error)) {
        RELEASE(ort, ReleaseSessionOptions, options);
        return false;
    }
    *out = options;
    return true;
}

static bool port_name(bf_ort_session *s, void *allocator, int slot, char **out, GError **error)
{
    typedef status (*get_name)(const void *, size_t, void *, char **);
    char *name = NULL;
    if (!good(s->ort, ((get_name)(uintptr_t)s->ort->api[slot])(s->session, 0, allocator, &name), "names", error))
        return false;
    *out = g_strdup(name);
    return good(s->ort, CALL(s->ort, AllocatorFree, (void *, void *), allocator, name), "names", error);
}

bool bf_ort_session_new(bf_ort *ort, const void *model, gsize size, const char *what, bf_ort_session **out, GError **error)
{
    void *options = NULL, *allocator = NULL;
    if (!session_options(ort, &options, error))
        return false;
    bf_ort_session *s = g_new0(bf_ort_session, 1);
    s->ort = ort;
    bool ok = good(ort,
                   CALL(ort, CreateSessionFromArray, (const void *, const void *, size_t, const void *, void **), ort->env, model, size,
                        options, &s->session),
                   what, error) &&
              good(ort, CALL(ort, GetAllocatorWithDefaultOptions, (void **), &allocator), what, error) &&
              port_name(s, allocator, SLOT_SessionGetInputName, &s->input, error) &&
              port_name(s, allocator, SLOT_SessionGetOutputName, &s->output, error);
    RELEASE(ort, ReleaseSessionOptions, options);
    if (!ok) {
        bf_ort_session_free(s);
        return false;
    }
    *out = s;
    return true;
}

void bf_ort_session_free(bf_ort_session *s)
{
    if (s == NULL)
        return;
    if (s->session != NULL)
        RELEASE(s->ort, ReleaseSession, s->session);
    g_free(s->input);
    g_free(s->output);
    g_free(s);
}

const char *bf_ort_output_name(const bf_ort_session *s)
{
    return s->output;
}

static bool tensor_view(bf_ort *ort, bf_ort_tensor *tensor, GError **error)
{
    void *info = NULL, *data = NULL;
    if (!good(ort, CALL(ort, GetTensorTypeAndShape, (const void *, void **), tensor->value, &info), "shape", error))
        return false;
    bool ok = good(ort, CALL(ort, GetDimensionsCount, (const void *, size_t *), info, &tensor->n_dims), "shape", error);
    if (ok && tensor->n_dims > G_N_ELEMENTS(tensor->dims)) {
        g_set_error(error, BF_READER_ERROR, BF_READER_ERROR_MODEL, _("the model's output has %zu dimensions"), tensor->n_dims);
        ok = false;
    }
    ok = ok && good(ort, CALL(ort, GetDimensions, (const void *, gint64 *, size_t), info, tensor->dims, tensor->n_dims), "shape", error);
    RELEASE(ort, ReleaseTensorTypeAndShapeInfo, info);
    if (!ok || !good(ort, CALL(ort, GetTensorMutableData, (void *, void **), tensor->value, &data), "output", error))
        return false;
    tensor->data = data;
    return true;
}

bool bf_ort_run(bf_ort_session *s, float *input, const gint64 shape[4], bf_ort_tensor *out, GError **error)
{
    bf_ort *ort = s->ort;
    size_t bytes = sizeof(float) * (size_t)(shape[0] * shape[1] * shape[2] * shape[3]);
    void *value = NULL;
    memset(out, 0, sizeof *out);
    if (!good(ort,
              CALL(ort, CreateTensorWithDataAsOrtValue, (const void *, void *, size_t, const gint64 *, size_t, int, void **),
                   ort->memory_info, input, bytes, shape, 4, ELEMENT_FLOAT, &value),
              "input", error))
        return false;
    const char *const inputs[] = {s->input}, *const outputs[] = {s->output};
    const void *const values[] = {value};
    bool ok =
        good(ort,
             CALL(ort, Run, (void *, const void *, const char *const *, const void *const *, size_t, const char *const *, size_t, void **),
                  s->session, NULL, inputs, values, 1, outputs, 1, &out->value),
             "run", error);
    RELEASE(ort, ReleaseValue, value);
    if (ok && tensor_view(ort, out, error))
        return true;
    bf_ort_tensor_clear(s, out);
    return false;
}

void bf_ort_tensor_clear(bf_ort_session *s, bf_ort_tensor *tensor)
{
    if (tensor->value != NULL)
        RELEASE(s->ort, ReleaseValue, tensor->value);
    memset(tensor, 0, sizeof *tensor);
}
