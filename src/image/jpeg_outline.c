#include "blindfold/jpeg_look.h"

#include "image/markers.h"

enum { FRAME_HEAD = 6, COMPONENT = 3, SOF15 = 0xCF, JPG = 0xC8, DAC = 0xCC };

static bool begins_frame(int code)
{
    return code >= BF_MARKER_SOF0 && code <= SOF15 && code != BF_MARKER_DHT && code != JPG && code != DAC;
}

/* Precision, height, width, number of components; of each component its number, sampling factors and table. */
static bool read_frame(const bf_marker *m, bf_jpeg_outline *out)
{
    const uint8_t *p = m->payload;
    int max_h = 0, max_v = 0, n_small = 0;
    if (m->length < FRAME_HEAD || p[5] == 0 || m->length != FRAME_HEAD + (size_t)p[5] * COMPONENT)
        return false;
    *out = (bf_jpeg_outline){.height_px = p[1] << 8 | p[2], .width_px = p[3] << 8 | p[4], .components = p[5]};
    for (int i = 0; i < out->components; i++) {
        int sampling = p[FRAME_HEAD + i * COMPONENT + 1];
        max_h = MAX(max_h, sampling >> 4);
        max_v = MAX(max_v, sampling & 15);
    }
    for (int i = 0; i < out->components; i++) {
        int sampling = p[FRAME_HEAD + i * COMPONENT + 1];
        n_small += 2 * (sampling >> 4) <= max_h && 2 * (sampling & 15) <= max_v;
    }
    out->quartered = n_small == out->components - 1;
    return out->height_px > 0 && out->width_px > 0;
}

bool bf_jpeg_outline_of(GBytes *jpeg, bf_jpeg_outline *out)
{
    gsize size = 0;
    const uint8_t *data = g_bytes_get_data(jpeg, &size);
    bf_markers walk = {data, size, 0};
    bf_marker m;
    while (bf_markers_next(&walk, &m) && m.code != BF_MARKER_SOS)
        if (begins_frame(m.code))
            return read_frame(&m, out);
    return false;
}
