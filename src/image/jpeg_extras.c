#include "blindfold/jpeg_look.h"

#include <string.h>

#include "image/exif.h"
#include "image/markers.h"

enum { COMMENT = 0xFE, APP15 = 0xEF, ADOBE = 0xEE, BEHIND_MAX = 1 << 20 };

static void clear_extra(void *p)
{
    g_clear_pointer(&((bf_jpeg_extra *)p)->data, g_bytes_unref);
}

static void add(GArray *extras, const char *kind, const void *data, gsize size)
{
    bf_jpeg_extra e = {kind, g_bytes_new(data, size)};
    g_array_append_val(extras, e);
}

/* ---- pictures in a segment ---- */

/* A JPEG of its own within the bytes, from SOI to EOI. */
static bool inner_jpeg(const uint8_t *data, gsize size, gsize *from, gsize *length)
{
    for (gsize i = 0; i + 3 < size; i++) {
        if (data[i] != 0xFF || data[i + 1] != BF_MARKER_SOI || data[i + 2] != 0xFF)
            continue;
        bf_markers walk = {data + i, size - i, 0};
        bf_marker m;
        while (bf_markers_next(&walk, &m))
            if (m.code == BF_MARKER_EOI) {
                *from = i;
                *length = walk.at;
                return true;
            }
        *from = i;
        *length = size - i;
        return true;
    }
    return false;
}

/* An EXIF block with the orientation alone is what redact writes itself. */
static bool is_plain(const bf_marker *m)
{
    static const char jfif[] = "JFIF";
    uint8_t own[BF_EXIF_LENGTH];
    int orientation = 1;
    if (m->code == BF_MARKER_APP0 && m->length == 14 && memcmp(m->payload, jfif, sizeof jfif) == 0)
        return true;
    if (m->code == ADOBE && m->length >= 12 && m->length <= 14 && memcmp(m->payload, "Adobe", 5) == 0)
        return true;
    if (m->code != BF_MARKER_APP1 || m->length != BF_EXIF_LENGTH || !bf_exif_read_orientation(m->payload, m->length, &orientation))
        return false;
    bf_exif_write_orientation(orientation, own);
    return memcmp(own, m->payload, BF_EXIF_LENGTH) == 0;
}

static void look_at_segment(GArray *extras, const bf_marker *m)
{
    gsize from, length;
    bool app = m->code >= BF_MARKER_APP0 && m->code <= APP15;
    if ((!app && m->code != COMMENT) || is_plain(m))
        return;
    if (m->code == COMMENT) {
        add(extras, "comment", m->payload, m->length);
        return;
    }
    if (inner_jpeg(m->payload, m->length, &from, &length))
        add(extras, "thumbnail", m->payload + from, length);
    else if (m->code == BF_MARKER_APP0 && m->length > 14 && memcmp(m->payload, "JF", 2) == 0)
        add(extras, "thumbnail", NULL, 0); /* uncompressed pixels: nothing that could be compared */
    add(extras, "metadata", m->payload, m->length);
}

static void look_behind_end(GArray *extras, const uint8_t *data, gsize size, gsize at)
{
    gsize from, length;
    while (at < size && (data[at] == 0 || data[at] == '\n' || data[at] == '\r'))
        at++; /* padding of some writers */
    if (at >= size)
        return;
    if (inner_jpeg(data + at, size - at, &from, &length))
        add(extras, "second-picture", data + at + from, length);
    else
        add(extras, "after-end", data + at, MIN(size - at, BEHIND_MAX));
}

GArray *bf_jpeg_extras(GBytes *jpeg)
{
    GArray *extras = g_array_new(FALSE, FALSE, sizeof(bf_jpeg_extra));
    g_array_set_clear_func(extras, clear_extra);
    gsize size = 0;
    const uint8_t *data = g_bytes_get_data(jpeg, &size);
    bf_markers walk = {data, size, 0};
    bf_marker m;
    bool scan_seen = false;
    while (bf_markers_next(&walk, &m)) {
        scan_seen = scan_seen || m.code == BF_MARKER_SOS;
        if (m.code == BF_MARKER_EOI && scan_seen) {
            look_behind_end(extras, data, size, walk.at);
            break;
        }
        look_at_segment(extras, &m);
    }
    return extras;
}
