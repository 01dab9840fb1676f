/* JPEG in and out, with the metadata that cameras and scanners leave in files. */
#include "pagemaker.h"
#include "pm_pixels.h"
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <jpeglib.h> /* wants FILE */

typedef struct {
    struct jpeg_error_mgr base; /* first: libjpeg hands this pointer back */
    jmp_buf escape;
} error_mgr;

static void on_error(j_common_ptr cinfo)
{
    longjmp(((error_mgr *)(void *)cinfo->err)->escape, 1);
}

static void on_message(j_common_ptr cinfo)
{
    (void)cinfo;
}

static struct jpeg_error_mgr *error_mgr_init(error_mgr *e)
{
    jpeg_std_error(&e->base);
    e->base.error_exit = on_error;
    e->base.output_message = on_message;
    return &e->base;
}

static bool code_error(GError **error, const char *what)
{
    g_set_error(error, PM_ERROR, PM_ERROR_CODE, "libjpeg could not %s a page", what);
    return false;
}

static void put16(GByteArray *a, guint v)
{
    g_byte_array_append(a, (const guint8[]){(guint8)v, (guint8)(v >> 8)}, 2);
}

static void put32(GByteArray *a, guint v)
{
    put16(a, v & 0xffff);
    put16(a, v >> 16);
}

static void put_entry(GByteArray *a, guint tag, guint type, guint count, guint value)
{
    put16(a, tag);
    put16(a, type);
    put32(a, count);
    put32(a, value);
}

/* An EXIF block (little-endian TIFF): orientation; when told, make, artist and description too, and a thumbnail in IFD1. */
static GByteArray *exif_block(const pm_code_options *o, GBytes *thumbnail)
{
    GByteArray *a = g_byte_array_new();
    g_byte_array_append(a, (const guint8 *)"Exif\0\0II*\0\x08\0\0", 14);
    static const char maker[] = "ScanFone";
    const guint told_length = o->told ? (guint)strlen(o->told) + 1 : 0, n = o->told ? 4 : 1, data = 8 + 2 + 12 * n + 4;
    const guint maker_at = data, told_at = maker_at + (o->told ? (guint)sizeof maker + 1 : 0),
                ifd1 = told_at + told_length + (told_length & 1);
    put16(a, n);
    if (o->told) {
        put_entry(a, 0x010e, 2, told_length, told_at); /* ImageDescription */
        put_entry(a, 0x010f, 2, sizeof maker, maker_at);
    }
    put_entry(a, 0x0112, 3, 1, (guint)o->exif);
    if (o->told)
        put_entry(a, 0x013b, 2, told_length, told_at); /* Artist */
    put32(a, thumbnail ? ifd1 : 0);
    if (o->told) {
        g_byte_array_append(a, (const guint8 *)maker, sizeof maker);
        g_byte_array_append(a, (const guint8 *)"", 1);
        g_byte_array_append(a, (const guint8 *)o->told, told_length);
        if (told_length & 1)
            g_byte_array_append(a, (const guint8 *)"", 1);
    }
    if (thumbnail) {
        put16(a, 3);
        put_entry(a, 0x0103, 3, 1, 6); /* Compression: JPEG */
        put_entry(a, 0x0201, 4, 1, ifd1 + 2 + 36 + 4);
        put_entry(a, 0x0202, 4, 1, (guint)g_bytes_get_size(thumbnail));
        put32(a, 0);
        g_byte_array_append(a, g_bytes_get_data(thumbnail, NULL), (guint)g_bytes_get_size(thumbnail));
    }
    return a;
}

static void set_sampling(struct jpeg_compress_struct *cinfo, pm_sampling sampling)
{
    if (sampling == PM_SAMPLING_GRAY) {
        jpeg_set_colorspace(cinfo, JCS_GRAYSCALE);
        return;
    }
    cinfo->comp_info[0].h_samp_factor = sampling == PM_SAMPLING_444 ? 1 : 2;
    cinfo->comp_info[0].v_samp_factor = sampling == PM_SAMPLING_420 ? 2 : 1;
}

typedef struct {
    const pm_pixels *pixels;
    const pm_code_options *options;
    const GByteArray *exif; /* may be NULL */
    unsigned char *data;
    unsigned long length;
} encode_job;

static bool encode_guarded(encode_job *job)
{
    struct jpeg_compress_struct cinfo;
    error_mgr e;
    cinfo.err = error_mgr_init(&e);
    if (setjmp(e.escape)) {
        jpeg_destroy_compress(&cinfo);
        return false;
    }
    jpeg_create_compress(&cinfo);
    jpeg_mem_dest(&cinfo, &job->data, &job->length);
    cinfo.image_width = (JDIMENSION)job->pixels->width;
    cinfo.image_height = (JDIMENSION)job->pixels->height;
    cinfo.input_components = 3;
    cinfo.in_color_space = JCS_RGB;
    jpeg_set_defaults(&cinfo);
    set_sampling(&cinfo, job->options->sampling);
    jpeg_set_quality(&cinfo, job->options->quality, TRUE);
    if (job->options->progressive)
        jpeg_simple_progression(&cinfo);
    jpeg_start_compress(&cinfo, TRUE);
    if (job->exif)
        jpeg_write_marker(&cinfo, JPEG_APP0 + 1, job->exif->data, job->exif->len);
    if (job->options->told)
        jpeg_write_marker(&cinfo, JPEG_COM, (const JOCTET *)job->options->told, (unsigned)strlen(job->options->told));
    while (cinfo.next_scanline < cinfo.image_height) {
        JSAMPROW row = job->pixels->rgb + (size_t)cinfo.next_scanline * (size_t)job->pixels->width * 3;
        jpeg_write_scanlines(&cinfo, &row, 1);
    }
    jpeg_finish_compress(&cinfo);
    jpeg_destroy_compress(&cinfo);
    return true;
}

static bool encode(const pm_pixels *p, const pm_code_options *o, const GByteArray *exif, GBytes **out, GError **error)
{
    encode_job job = {.pixels = p, .options = o, .exif = exif};
    const bool good = encode_guarded(&job);
    if (good)
        *out = g_bytes_new(job.data, job.length);
    free(job.data);
    return good || code_error(error, "write");
}

/* 160 pixels wide, every n-th pixel: as poor as cameras' thumbnails are. */
static bool thumbnail_of(const pm_pixels *p, GBytes **out, GError **error)
{
    pm_pixels small;
    if (!pm_pixels_new(160, MAX(1, 160 * p->height / p->width), &small, error))
        return false;
    for (int y = 0; y < small.height; y++)
        for (int x = 0; x < small.width; x++)
            memcpy(small.rgb + 3 * (y * small.width + x),
                   p->rgb + 3 * ((size_t)(y * p->height / small.height) * (size_t)p->width + (size_t)(x * p->width / small.width)), 3);
    const pm_code_options options = {.quality = 60, .sampling = PM_SAMPLING_420, .exif = 1};
    const bool good = encode(&small, &options, NULL, out, error);
    pm_pixels_clear(&small);
    return good;
}

bool pm_jpeg_encode(const pm_pixels *p, const pm_code_options *o, GBytes **out, GError **error)
{
    g_autoptr(GBytes) thumbnail = NULL;
    if (o->thumbnail && !thumbnail_of(o->thumbnail, &thumbnail, error))
        return false;
    g_autoptr(GByteArray) exif = o->exif != 1 || o->told ? exif_block(o, thumbnail) : NULL;
    return encode(p, o, exif, out, error);
}

static bool decode_guarded(const void *data, gsize length, pm_pixels *out)
{
    struct jpeg_decompress_struct cinfo;
    error_mgr e;
    cinfo.err = error_mgr_init(&e);
    if (setjmp(e.escape)) {
        jpeg_destroy_decompress(&cinfo);
        return false;
    }
    jpeg_create_decompress(&cinfo);
    jpeg_mem_src(&cinfo, data, length);
    jpeg_read_header(&cinfo, TRUE);
    cinfo.out_color_space = JCS_RGB;
    jpeg_start_decompress(&cinfo);
    out->width = (int)cinfo.output_width;
    out->height = (int)cinfo.output_height;
    out->rgb = g_try_malloc((gsize)out->width * (gsize)out->height * 3);
    while (out->rgb && cinfo.output_scanline < cinfo.output_height) {
        JSAMPROW row = out->rgb + (size_t)cinfo.output_scanline * (size_t)out->width * 3;
        jpeg_read_scanlines(&cinfo, &row, 1);
    }
    jpeg_destroy_decompress(&cinfo);
    return out->rgb != NULL;
}

bool pm_jpeg_decode(GBytes *jpeg, pm_pixels *out, GError **error)
{
    gsize length;
    const void *data = g_bytes_get_data(jpeg, &length);
    *out = (pm_pixels){0};
    if (decode_guarded(data, length, out))
        return true;
    pm_pixels_clear(out);
    return code_error(error, "read");
}
