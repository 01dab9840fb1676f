#include "image/markers.h"

#include <glib.h>
#include <string.h>

#include "image/exif.h"

static bool is_bare(int code)
{
    return code == BF_MARKER_SOI || code == BF_MARKER_EOI || code == 0x01 || (code >= 0xD0 && code <= 0xD7);
}

/* Entropy-coded data ends at the first 0xFF that is neither stuffed (FF 00) nor a restart marker. */
static size_t end_of_scan(const uint8_t *data, size_t size, size_t at)
{
    while (at < size) {
        const uint8_t *ff = memchr(data + at, 0xFF, size - at);
        if (!ff)
            return size;
        at = (size_t)(ff - data);
        if (at + 1 >= size)
            return size;
        uint8_t next = data[at + 1];
        if (next != 0x00 && !(next >= 0xD0 && next <= 0xD7))
            return at;
        at += 2;
    }
    return size;
}

bool bf_markers_next(bf_markers *walk, bf_marker *out)
{
    size_t at = walk->at;
    while (at + 1 < walk->size && (walk->data[at] != 0xFF || walk->data[at + 1] == 0x00 || walk->data[at + 1] == 0xFF))
        at++;
    if (at + 1 >= walk->size)
        return false;
    bf_marker m = {.code = walk->data[at + 1], .offset = at, .skipped = at - walk->at};
    if (is_bare(m.code)) {
        walk->at = at + 2;
        *out = m;
        return true;
    }
    if (walk->size - at < 4)
        return false;
    size_t length = (size_t)walk->data[at + 2] << 8 | walk->data[at + 3];
    length = MAX(length, 2); /* less cannot be; decoders go on behind the length, and so must we */
    if (length > walk->size - at - 2)
        return false;
    m.payload = walk->data + at + 4;
    m.length = length - 2;
    walk->at = at + 2 + length;
    if (m.code == BF_MARKER_SOS)
        walk->at = end_of_scan(walk->data, walk->size, walk->at);
    *out = m;
    return true;
}

bool bf_markers_have_eoi(const uint8_t *data, size_t size)
{
    bf_markers walk = {data, size, 0};
    bf_marker m;
    bool scan_seen = false;
    while (bf_markers_next(&walk, &m)) {
        if (m.code == BF_MARKER_EOI)
            return scan_seen;
        scan_seen = scan_seen || m.code == BF_MARKER_SOS;
    }
    return false;
}

int bf_markers_exif_orientation(const uint8_t *data, size_t size)
{
    bf_markers walk = {data, size, 0};
    bf_marker m;
    while (bf_markers_next(&walk, &m) && m.code != BF_MARKER_SOS && m.code != BF_MARKER_EOI) {
        int orientation = 0;
        if (m.code == BF_MARKER_APP1 && bf_exif_read_orientation(m.payload, m.length, &orientation))
            return orientation;
    }
    return 1;
}
