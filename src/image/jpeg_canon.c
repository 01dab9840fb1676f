#include "image/jpeg_canon.h"

#include <string.h>

#include "image/exif.h"
#include "image/markers.h"

/* Written down again here rather than taken from the writer: the check should not believe what the writer believes. */
static const uint8_t jfif[18] = {0xFF, 0xE0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0};
static const uint8_t adobe[16] = {0xFF, 0xEE, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0};

static void append_adobe(GByteArray *head, uint8_t transform)
{
    g_byte_array_append(head, adobe, sizeof adobe);
    head->data[head->len - 1] = transform;
}

static GByteArray *expected_head(const bf_jpeg_canon *form)
{
    static const uint8_t soi[2] = {0xFF, BF_MARKER_SOI}, app1[4] = {0xFF, BF_MARKER_APP1, 0, BF_EXIF_LENGTH + 2};
    GByteArray *head = g_byte_array_new();
    g_byte_array_append(head, soi, sizeof soi);
    if (form->colour == BF_COLOUR_GRAY || form->colour == BF_COLOUR_YCC)
        g_byte_array_append(head, jfif, sizeof jfif);
    else if (form->colour == BF_COLOUR_YCCK)
        append_adobe(head, 2);
    else if (form->colour == BF_COLOUR_RGB || form->adobe)
        append_adobe(head, 0);
    if (form->exif_orientation != 1) {
        uint8_t exif[BF_EXIF_LENGTH];
        bf_exif_write_orientation(form->exif_orientation, exif);
        g_byte_array_append(head, app1, sizeof app1);
        g_byte_array_append(head, exif, sizeof exif);
    }
    return head;
}

/* What has been seen on the way; table sets are bits by number, Huffman tables 1 << (4 * class + number). */
typedef struct {
    const bf_jpeg_canon *form;
    unsigned quant_defined, quant_used, huffman_new;
    bool frame, restart, scan, end;
} progress;

static bool check_dqt(progress *p, const bf_marker *m)
{
    size_t at = 0;
    while (at < m->length) {
        unsigned wide = m->payload[at] >> 4, number = m->payload[at] & 15;
        if (p->frame || wide > 1 || number > 3 || p->quant_defined & 1u << number)
            return false;
        p->quant_defined |= 1u << number;
        at += 1 + 64 * (wide + 1);
    }
    return at == m->length && m->length > 0;
}

static int expected_id(bf_colour colour, int component)
{
    static const char rgb[3] = {'R', 'G', 'B'}, cmyk[4] = {'C', 'M', 'Y', 'K'};
    return colour == BF_COLOUR_RGB ? rgb[component] : colour == BF_COLOUR_CMYK ? cmyk[component] : component + 1;
}

static bool check_sof(progress *p, const bf_marker *m)
{
    int n = p->form->components;
    if (p->frame || m->length != 6 + 3 * (size_t)n || m->payload[0] != 8 || m->payload[5] != n)
        return false;
    for (int ci = 0; ci < n; ci++) {
        const uint8_t *component = m->payload + 6 + 3 * ci;
        if (component[0] != expected_id(p->form->colour, ci) || component[2] > 3)
            return false;
        p->quant_used |= 1u << component[2];
    }
    p->frame = true;
    return p->quant_used == p->quant_defined;
}

static bool check_dht(progress *p, const bf_marker *m)
{
    size_t at = 0;
    while (at + 17 <= m->length) {
        unsigned class = m->payload[at] >> 4, number = m->payload[at] & 15;
        if (!p->frame || class > 1 || number > 3)
            return false;
        unsigned bit = 1u << (4 * class + number);
        if (p->huffman_new & bit)
            return false;
        p->huffman_new |= bit;
        size_t symbols = 0;
        for (int i = 1; i <= 16; i++)
            symbols += m->payload[at + i];
        at += 17 + symbols;
    }
    return at == m->length && m->length > 0;
}

static bool check_sos(progress *p, const bf_marker *m)
{
    if (!p->frame || m->length < 1 || m->length != 4 + 2 * (size_t)m->payload[0])
        return false;
    int n = m->payload[0], from = m->payload[1 + 2 * n], to = m->payload[2 + 2 * n], high = m->payload[3 + 2 * n] >> 4;
    unsigned used = 0;
    for (int i = 0; i < n; i++) {
        unsigned dc = m->payload[2 + 2 * i] >> 4, ac = m->payload[2 + 2 * i] & 15;
        if (dc > 3 || ac > 3)
            return false;
        used |= (from == 0 && high == 0 ? 1u << dc : 0) | (to > 0 ? 1u << (4 + ac) : 0);
    }
    bool all_used = !(p->huffman_new & ~used);
    p->huffman_new = 0;
    p->scan = true;
    return all_used;
}

static bool check_marker(progress *p, const bf_marker *m)
{
    switch (m->code) {
    case BF_MARKER_DQT:
        return check_dqt(p, m);
    case BF_MARKER_SOF0:
    case BF_MARKER_SOF1:
    case BF_MARKER_SOF2:
        return check_sof(p, m);
    case BF_MARKER_DHT:
        return check_dht(p, m);
    case BF_MARKER_DRI:
        if (!p->frame || p->restart || p->scan)
            return false;
        p->restart = true;
        return m->length == 2;
    case BF_MARKER_SOS:
        return check_sos(p, m);
    case BF_MARKER_EOI:
        p->end = true;
        return p->scan && p->huffman_new == 0;
    default:
        return false;
    }
}

bool bf_jpeg_canon_check(const uint8_t *data, size_t size, const bf_jpeg_canon *form, GError **error)
{
    g_autoptr(GByteArray) head = expected_head(form);
    if (size < head->len || memcmp(data, head->data, head->len) != 0) {
        g_set_error_literal(error, BF_JPEG_ERROR, BF_JPEG_ERROR_MISMATCH, "The output's first markers are not the canonical ones");
        return false;
    }
    bf_markers walk = {data, size, head->len};
    progress p = {.form = form};
    bf_marker m;
    while (!p.end) {
        if (!bf_markers_next(&walk, &m)) {
            g_set_error_literal(error, BF_JPEG_ERROR, BF_JPEG_ERROR_MISMATCH, "The output ends without an EOI marker");
            return false;
        }
        if (m.skipped > 0 || !check_marker(&p, &m)) {
            g_set_error(error, BF_JPEG_ERROR, BF_JPEG_ERROR_MISMATCH, "The output's marker 0x%02X at byte %zu should not be there so",
                        (unsigned)m.code, m.offset);
            return false;
        }
    }
    if (walk.at != size) {
        g_set_error(error, BF_JPEG_ERROR, BF_JPEG_ERROR_MISMATCH, "The output goes on for %zu bytes behind its EOI marker", size - walk.at);
        return false;
    }
    return true;
}
