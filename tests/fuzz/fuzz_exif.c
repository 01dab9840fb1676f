/* Any bytes as an EXIF block, and as the whole of a JPEG's segments: the orientation is one of eight, the same through every reader, and
 * what is listed as standing beside the picture lies within the file. */
#include "image/exif.h"

#include "blindfold/jpeg_look.h"
#include "image/markers.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { HEAD = 6, PAYLOAD_MAX = 60000 };

static void must(bool ok)
{
    if (!ok)
        abort();
}

static void check_written(int orientation)
{
    uint8_t own[BF_EXIF_LENGTH];
    int again = 0;
    bf_exif_write_orientation(orientation, own);
    must(bf_exif_read_orientation(own, sizeof own, &again) && again == orientation);
}

static void check_extras(const uint8_t *data, size_t size)
{
    g_autoptr(GBytes) jpeg = g_bytes_new(data, size);
    g_autoptr(GArray) extras = bf_jpeg_extras(jpeg);
    for (guint i = 0; i < extras->len; i++) {
        const bf_jpeg_extra *e = &g_array_index(extras, bf_jpeg_extra, i);
        must(e->data != NULL && g_bytes_get_size(e->data) <= size);
    }
    must(strlen(bf_file_kind(jpeg)) > 0);
}

/* SOI, one APP1 with the block, EOI: the walk over markers must come to the same. */
static void check_in_file(const uint8_t *payload, size_t n, int expected)
{
    g_autoptr(GByteArray) file = g_byte_array_new();
    const uint8_t head[] = {0xFF, BF_MARKER_SOI, 0xFF, BF_MARKER_APP1, (uint8_t)((n + 2) >> 8), (uint8_t)(n + 2)};
    const uint8_t tail[] = {0xFF, BF_MARKER_SOS, 0, 2, 1, 2, 3, 0xFF, BF_MARKER_EOI};
    g_byte_array_append(file, head, sizeof head);
    g_byte_array_append(file, payload, (guint)n);
    g_byte_array_append(file, tail, sizeof tail);
    must(bf_markers_exif_orientation(file->data, file->len) == expected);
    must(bf_markers_have_eoi(file->data, file->len));
    check_extras(file->data, file->len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int whole = bf_markers_exif_orientation(data, size), orientation = 0;
    must(whole >= 1 && whole <= 8);
    check_extras(data, size);
    if (size > PAYLOAD_MAX)
        return 0;
    g_autofree uint8_t *payload = g_malloc(HEAD + size); /* its own block, so that a byte too many is seen */
    memcpy(payload, "Exif\0", HEAD);
    if (size > 0)
        memcpy(payload + HEAD, data, size);
    must(bf_exif_read_orientation(payload, HEAD + size, &orientation));
    must(orientation >= 1 && orientation <= 8);
    check_written(orientation);
    check_in_file(payload, HEAD + size, orientation);
    return 0;
}
