#include "image/jpeg_guard.h"

#include <jerror.h>

#include "blindfold/jpeg.h"

/* Progressive files may name any number of scans in a few bytes each, and each costs a pass over the whole picture. Encoders write
 * about ten. */
#define SCANS_MAX 500

static void leave(j_common_ptr object)
{
    bf_jpeg_guard *guard = (bf_jpeg_guard *)object->err;
    longjmp(guard->escape, 1);
}

/* Below zero is a warning (damaged data, worked around), from zero on a trace. Nothing is printed. */
static void count_warning(j_common_ptr object, int level)
{
    if (level < 0)
        object->err->num_warnings++;
}

static void print_nothing(j_common_ptr object)
{
    (void)object;
}

static void watch_scans(j_common_ptr object)
{
    bf_jpeg_guard *guard = (bf_jpeg_guard *)object->err;
    if (object->is_decompressor && ((j_decompress_ptr)object)->input_scan_number > SCANS_MAX) {
        guard->too_many_scans = true;
        leave(object);
    }
}

void bf_jpeg_guard_init(bf_jpeg_guard *guard)
{
    *guard = (bf_jpeg_guard){0};
    jpeg_std_error(&guard->err);
    guard->err.error_exit = leave;
    guard->err.emit_message = count_warning;
    guard->err.output_message = print_nothing;
    guard->progress.progress_monitor = watch_scans;
}

void bf_jpeg_guard_attach(bf_jpeg_guard *guard, j_common_ptr object)
{
    object->progress = &guard->progress;
    /* The environment variable JPEGMEM may have set a smaller one, which would ask for temporary files, with the page in them. */
    object->mem->max_memory_to_use = G_MAXLONG;
}

static bf_jpeg_error error_of_message(int code)
{
    switch (code) {
    case JERR_OUT_OF_MEMORY:
    case JERR_NO_BACKING_STORE:
        return BF_JPEG_ERROR_MEMORY;
    case JERR_IMAGE_TOO_BIG:
    case JERR_WIDTH_OVERFLOW:
        return BF_JPEG_ERROR_LIMIT;
    case JERR_NO_SOI:
    case JERR_INPUT_EMPTY:
        return BF_JPEG_ERROR_NOT_JPEG;
    case JERR_SOF_UNSUPPORTED:
    case JERR_BAD_PRECISION:
    case JERR_ARITH_NOTIMPL:
    case JERR_CCIR601_NOTIMPL:
    case JERR_FRACT_SAMPLE_NOTIMPL:
    case JERR_COMPONENT_COUNT:
    case JERR_CONVERSION_NOTIMPL:
    case JERR_NOTIMPL:
        return BF_JPEG_ERROR_UNSUPPORTED;
    default:
        return BF_JPEG_ERROR_CORRUPT;
    }
}

/* libjpeg's own sentences hold numbers only: nothing of a file's text. */
static void tell(bf_jpeg_guard *guard, GError **error)
{
    if (guard->too_many_scans) {
        g_set_error(error, BF_JPEG_ERROR, BF_JPEG_ERROR_LIMIT, "The JPEG has more than %d scans", SCANS_MAX);
        return;
    }
    char text[JMSG_LENGTH_MAX] = "";
    struct jpeg_common_struct voice = {.err = &guard->err};
    guard->err.format_message(&voice, text);
    g_set_error(error, BF_JPEG_ERROR, error_of_message(guard->err.msg_code), "libjpeg: %s", text);
}

bool bf_jpeg_guarded(bf_jpeg_guard *guard, void (*body)(void *arg), void *arg, GError **error)
{
    if (setjmp(guard->escape)) {
        tell(guard, error);
        return false;
    }
    body(arg);
    return true;
}
