/* JPEGs for tests, made through libjpeg: every way to code a picture that the program must cope with, and plain readers that share
 * no code with the program's. */
#pragma once
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <glib.h>
#include <jpeglib.h>

#include "blindfold/jpeg.h"

typedef enum { SCANS_BASELINE, SCANS_SEPARATE, SCANS_PROGRESSIVE, SCANS_ARITHMETIC, N_SCANS } sample_scans;

typedef struct {
    const char *name;
    J_COLOR_SPACE space;
    bool no_adobe; /* CMYK only */
    int n, h[4], v[4];
} sample_colours;

static const sample_colours colours[] = {
    {"gray", JCS_GRAYSCALE, false, 1, {1}, {1}},
    {"gray 2x2", JCS_GRAYSCALE, false, 1, {2}, {2}},
    {"gray 1x3", JCS_GRAYSCALE, false, 1, {1}, {3}},
    {"4:4:4", JCS_YCbCr, false, 3, {1, 1, 1}, {1, 1, 1}},
    {"4:2:2", JCS_YCbCr, false, 3, {2, 1, 1}, {1, 1, 1}},
    {"4:4:0", JCS_YCbCr, false, 3, {1, 1, 1}, {2, 1, 1}},
    {"4:2:0", JCS_YCbCr, false, 3, {2, 1, 1}, {2, 1, 1}},
    {"4:1:1", JCS_YCbCr, false, 3, {4, 1, 1}, {1, 1, 1}},
    {"4:1:0", JCS_YCbCr, false, 3, {4, 1, 1}, {2, 1, 1}},
    {"4:4:4 as 2x2", JCS_YCbCr, false, 3, {2, 2, 2}, {2, 2, 2}}, /* 12 blocks: too many for one scan of all components */
    {"chroma finer than luma", JCS_YCbCr, false, 3, {1, 2, 1}, {1, 2, 1}},
    {"RGB", JCS_RGB, false, 3, {1, 1, 1}, {1, 1, 1}},
    {"CMYK, Adobe", JCS_CMYK, false, 4, {1, 1, 1, 1}, {1, 1, 1, 1}},
    {"CMYK, plain", JCS_CMYK, true, 4, {1, 1, 1, 1}, {1, 1, 1, 1}},
    {"YCCK", JCS_YCCK, false, 4, {2, 1, 1, 2}, {2, 1, 1, 2}},
};

typedef struct {
    const sample_colours *colour;
    sample_scans scans;
    int width, height, restart, quality; /* quality 0: 75 */
    int exif_orientation;                /* 0: no EXIF */
    const char *planted;                 /* NULL, or a word to hide in every place that a JPEG has for it */
    bool bright;                         /* nothing black in it, so that a mask is told from the content */
} sample;

/* Every pixel differs from its neighbours, in every component, and no two rows are alike. */
static inline void sample_row(const sample *s, int y, uint8_t *row)
{
    for (int i = 0; i < s->width * s->colour->n; i++) {
        unsigned noise = ((unsigned)(y * 65599 + i) * 2654435761u) >> 24;
        row[i] = (uint8_t)(s->bright ? 160 + noise / 4 : (noise + (unsigned)(3 * y)) & 255);
    }
}

static inline void sample_marker(struct jpeg_compress_struct *c, int code, const char *head, size_t head_size, const char *word)
{
    g_autoptr(GByteArray) payload = g_byte_array_new();
    g_byte_array_append(payload, (const guint8 *)head, (guint)head_size);
    g_byte_array_append(payload, (const guint8 *)word, (guint)strlen(word));
    jpeg_write_marker(c, code, payload->data, payload->len);
}

/* EXIF with an orientation and, when a word is given, the word as the artist and as a "thumbnail" behind the directory. */
static inline void sample_exif(struct jpeg_compress_struct *c, int orientation, const char *word)
{
    static const uint8_t head[] = {'E',  'x', 'i', 'f', 0, 0, 'I', 'I', 42,  0,   8,   0, 0, 0, 2, 0, /* two entries */
                                   0x3B, 1,   2,   0,   4, 0, 0,   0,   'a', 'b', 'c', 0,             /* Artist */
                                   0x12, 1,   3,   0,   1, 0, 0,   0};
    g_autoptr(GByteArray) exif = g_byte_array_new();
    g_byte_array_append(exif, head, sizeof head);
    uint8_t rest[8] = {(uint8_t)orientation};
    g_byte_array_append(exif, rest, sizeof rest);
    if (word)
        g_byte_array_append(exif, (const guint8 *)word, (guint)strlen(word));
    jpeg_write_marker(c, JPEG_APP0 + 1, exif->data, exif->len);
}

static inline void sample_markers(struct jpeg_compress_struct *c, const sample *s)
{
    if (s->exif_orientation || s->planted)
        sample_exif(c, s->exif_orientation ? s->exif_orientation : 1, s->planted);
    if (!s->planted)
        return;
    sample_marker(c, JPEG_COM, "", 0, s->planted);
    sample_marker(c, JPEG_APP0, "JFXX\0\x10", 6, s->planted);
    sample_marker(c, JPEG_APP0 + 1, "http://ns.adobe.com/xap/1.0/\0", 29, s->planted);
    sample_marker(c, JPEG_APP0 + 2, "ICC_PROFILE\0\1\1", 14, s->planted);
    sample_marker(c, JPEG_APP0 + 2, "MPF\0", 4, s->planted);
    sample_marker(c, JPEG_APP0 + 13, "Photoshop 3.0\0", 14, s->planted);
    sample_marker(c, JPEG_APP0 + 15, "", 0, s->planted);
}

static inline void sample_setup(struct jpeg_compress_struct *c, const sample *s, jpeg_scan_info *separate)
{
    c->image_width = (JDIMENSION)s->width;
    c->image_height = (JDIMENSION)s->height;
    c->input_components = s->colour->n;
    c->in_color_space = s->colour->space;
    jpeg_set_defaults(c);
    jpeg_set_colorspace(c, s->colour->space);
    jpeg_set_quality(c, s->quality ? s->quality : 75, TRUE);
    if (s->colour->no_adobe)
        c->write_Adobe_marker = FALSE;
    int blocks = 0;
    for (int i = 0; i < s->colour->n; i++) {
        c->comp_info[i].h_samp_factor = s->colour->h[i];
        c->comp_info[i].v_samp_factor = s->colour->v[i];
        blocks += s->colour->h[i] * s->colour->v[i];
        separate[i] = (jpeg_scan_info){1, {i}, 0, 63, 0, 0};
        separate[s->colour->n + i] = (jpeg_scan_info){1, {i}, 1, 63, 0, 0};
    }
    bool too_many = s->colour->n > 1 && blocks > C_MAX_BLOCKS_IN_MCU;
    c->restart_interval = (unsigned)s->restart;
    c->arith_code = s->scans == SCANS_ARITHMETIC;
    if (s->scans == SCANS_PROGRESSIVE && !too_many) {
        jpeg_simple_progression(c);
    } else if (s->scans == SCANS_SEPARATE || too_many) {
        c->scan_info = separate;
        c->num_scans = s->colour->n;
        for (int i = 0; s->scans == SCANS_PROGRESSIVE && i < s->colour->n; i++)
            separate[i].Se = 0;
        c->num_scans *= s->scans == SCANS_PROGRESSIVE ? 2 : 1;
    }
}

static inline GBytes *sample_jpeg(const sample *s)
{
    struct jpeg_error_mgr err;
    struct jpeg_compress_struct c = {.err = jpeg_std_error(&err)};
    jpeg_scan_info separate[8];
    unsigned char *data = NULL;
    unsigned long size = 0;
    jpeg_create_compress(&c);
    jpeg_mem_dest(&c, &data, &size);
    sample_setup(&c, s, separate);
    jpeg_start_compress(&c, TRUE);
    sample_markers(&c, s);
    g_autofree uint8_t *row = g_malloc((size_t)s->width * s->colour->n);
    for (int y = 0; y < s->height; y++) {
        sample_row(s, y, row);
        jpeg_write_scanlines(&c, &row, 1);
    }
    jpeg_finish_compress(&c);
    jpeg_destroy_compress(&c);
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    g_byte_array_append(bytes, data, (guint)size);
    free(data);
    if (s->planted)
        g_byte_array_append(bytes, (const guint8 *)s->planted, (guint)strlen(s->planted));
    return g_byte_array_free_to_bytes(g_steal_pointer(&bytes));
}

static inline GBytes *plain_sample(void)
{
    static const sample s = {.colour = &colours[6], .width = 70, .height = 50};
    return sample_jpeg(&s);
}

/* A plain copy with one change: bytes [at, at + cut) replaced by `put`. */
static inline GBytes *spliced(GBytes *in, size_t at, size_t cut, const void *put, size_t put_size)
{
    gsize size = 0;
    const guint8 *data = g_bytes_get_data(in, &size);
    g_assert(at + cut <= size);
    GByteArray *out = g_byte_array_new();
    g_byte_array_append(out, data, (guint)at);
    g_byte_array_append(out, put, (guint)put_size);
    g_byte_array_append(out, data + at + cut, (guint)(size - at - cut));
    return g_byte_array_free_to_bytes(out);
}

/* Where the first marker of that code is. */
static inline size_t find_marker(GBytes *jpeg, int code)
{
    gsize size = 0;
    const guint8 *data = g_bytes_get_data(jpeg, &size);
    for (size_t at = 0; at + 1 < size; at++)
        if (data[at] == 0xFF && data[at + 1] == code)
            return at;
    fail_msg("no marker %02x", (unsigned)code);
    return 0;
}

static inline bool bytes_hold(GBytes *bytes, const char *word)
{
    gsize size = 0;
    const char *data = g_bytes_get_data(bytes, &size);
    return memmem(data, size, word, strlen(word)) != NULL;
}

/* Coefficients, read with plain libjpeg (its own error handling ends the test). Free with sample_coefficients_clear. */
typedef struct {
    struct jpeg_error_mgr err;
    struct jpeg_decompress_struct d;
    jvirt_barray_ptr *arrays;
} sample_coefficients;

static inline void sample_coefficients_init(sample_coefficients *c, GBytes *jpeg)
{
    gsize size = 0;
    const void *data = g_bytes_get_data(jpeg, &size);
    memset(c, 0, sizeof *c);
    c->d.err = jpeg_std_error(&c->err);
    jpeg_create_decompress(&c->d);
    jpeg_mem_src(&c->d, data, size);
    jpeg_read_header(&c->d, TRUE);
    c->arrays = jpeg_read_coefficients(&c->d);
}

static inline void sample_coefficients_clear(sample_coefficients *c)
{
    jpeg_destroy_decompress(&c->d);
}

static inline JCOEF *sample_block(sample_coefficients *c, int component, int x, int y)
{
    return c->d.mem->access_virt_barray((j_common_ptr)&c->d, c->arrays[component], (JDIMENSION)y, 1, TRUE)[0][x];
}

/* Writes changed coefficients with the same few choices that the program makes, so that nothing but the change differs. */
static inline GBytes *sample_rewritten(sample_coefficients *c)
{
    struct jpeg_error_mgr err;
    struct jpeg_compress_struct out = {.err = jpeg_std_error(&err)};
    unsigned char *data = NULL;
    unsigned long size = 0;
    jpeg_create_compress(&out);
    jpeg_mem_dest(&out, &data, &size);
    jpeg_copy_critical_parameters(&c->d, &out);
    out.optimize_coding = TRUE;
    if (c->d.progressive_mode)
        jpeg_simple_progression(&out);
    jpeg_write_coefficients(&out, c->arrays);
    jpeg_finish_compress(&out);
    jpeg_destroy_compress(&out);
    GBytes *bytes = g_bytes_new(data, size);
    free(data);
    return bytes;
}
