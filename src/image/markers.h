/* A walk over the marker segments of a JPEG, bounds-checked and without libjpeg: a second pair of eyes (image, internal). */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    BF_MARKER_SOF0 = 0xC0,
    BF_MARKER_SOF1 = 0xC1,
    BF_MARKER_SOF2 = 0xC2,
    BF_MARKER_DHT = 0xC4,
    BF_MARKER_SOI = 0xD8,
    BF_MARKER_EOI = 0xD9,
    BF_MARKER_SOS = 0xDA,
    BF_MARKER_DQT = 0xDB,
    BF_MARKER_DRI = 0xDD,
    BF_MARKER_APP0 = 0xE0,
    BF_MARKER_APP1 = 0xE1
};

typedef struct {
    const uint8_t *data; /* borrowed */
    size_t size;
    size_t at; /* the next byte to look at */
} bf_markers;

typedef struct {
    int code;               /* the byte after 0xFF */
    size_t offset;          /* of the 0xFF */
    size_t skipped;         /* bytes of no segment between the one before (or its entropy-coded data) and this one */
    const uint8_t *payload; /* after the length field; NULL for SOI, EOI and other bare markers */
    size_t length;          /* of the payload */
} bf_marker;

/* The next marker; a scan's entropy-coded data, with its stuffed bytes and RSTn, belongs to the SOS before it. Garbage is skipped and
 * counted; a segment whose length is less than that of its length field is empty. False at the end of the data or when a segment is longer
 * than what is left. */
bool bf_markers_next(bf_markers *walk, bf_marker *out);

/* Whether an EOI follows the first scan. */
bool bf_markers_have_eoi(const uint8_t *data, size_t size);

/* The Orientation tag (1..8) of the first EXIF segment before the first scan; 1 when absent or not readable. */
int bf_markers_exif_orientation(const uint8_t *data, size_t size);
