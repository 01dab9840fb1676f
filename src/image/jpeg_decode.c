#include "image/jpeg_decode.h"

#include "image/jpeg_reader.h"

typedef struct {
    bf_jpeg_reader reader;
    bf_picture *picture; /* borrowed */
    uint8_t *cmyk_row;   /* borrowed; NULL unless the JPEG holds CMYK */
    JDIMENSION intact_scanlines;
    bool several_scans;
} decoding;

static void choose_output(void *arg)
{
    decoding *job = arg;
    struct jpeg_decompress_struct *d = &job->reader.d;
    switch (job->reader.info.colour) {
    case BF_COLOUR_GRAY:
        d->out_color_space = JCS_GRAYSCALE;
        break;
    case BF_COLOUR_CMYK:
    case BF_COLOUR_YCCK:
        d->out_color_space = JCS_CMYK;
        break;
    default:
        d->out_color_space = JCS_RGB;
        break;
    }
    d->dct_method = JDCT_ISLOW;
    d->scale_num = (unsigned)job->reader.info.decode_scale_eighths;
    d->scale_denom = 8;
    jpeg_calc_output_dimensions(d);
}

/* 4 bytes a pixel to 3. Adobe's files count 255 as no ink and have an Adobe marker; others count it as full ink. */
static void cmyk_to_rgb(const uint8_t *cmyk, uint8_t *rgb, int width_px, bool adobe)
{
    uint8_t flip = adobe ? 0 : 255;
    for (int x = 0; x < width_px; x++, cmyk += 4, rgb += 3) {
        int light = cmyk[3] ^ flip;
        for (int c = 0; c < 3; c++)
            rgb[c] = (uint8_t)(((cmyk[c] ^ flip) * light + 127) / 255);
    }
}

#define ROWS_AT_ONCE 16

static void read_rows(void *arg)
{
    decoding *job = arg;
    struct jpeg_decompress_struct *d = &job->reader.d;
    size_t stride = (size_t)job->picture->width_px * job->picture->channels;
    jpeg_start_decompress(d);
    job->several_scans = jpeg_has_multiple_scans(d);
    while (d->output_scanline < d->output_height) {
        if (job->reader.guard.err.num_warnings == 0)
            job->intact_scanlines = d->output_scanline;
        uint8_t *to = job->picture->data + d->output_scanline * stride;
        if (job->cmyk_row) {
            jpeg_read_scanlines(d, &job->cmyk_row, 1);
            cmyk_to_rgb(job->cmyk_row, to, job->picture->width_px, job->reader.adobe);
            continue;
        }
        JSAMPROW rows[ROWS_AT_ONCE];
        JDIMENSION n = MIN(ROWS_AT_ONCE, d->output_height - d->output_scanline);
        for (JDIMENSION i = 0; i < n; i++)
            rows[i] = to + i * stride;
        jpeg_read_scanlines(d, rows, n);
    }
    if (job->reader.guard.err.num_warnings == 0)
        job->intact_scanlines = d->output_height;
    jpeg_finish_decompress(d);
}

static int scale_for(const bf_jpeg_info *info, gint64 target_pixels)
{
    int eighths = 8;
    while (target_pixels > 0 && eighths > 1) {
        gint64 w = (info->width_px * (gint64)eighths + 7) / 8, h = (info->height_px * (gint64)eighths + 7) / 8;
        if (w * h <= target_pixels)
            break;
        eighths /= 2;
    }
    return eighths;
}

static bool make_picture(const struct jpeg_decompress_struct *d, bool gray, bf_picture **out, GError **error)
{
    g_autoptr(GError) why = NULL;
    if (bf_picture_new((int)d->output_width, (int)d->output_height, gray ? 1 : 3, out, &why))
        return true;
    bool memory = g_error_matches(why, BF_PICTURE_ERROR, BF_PICTURE_ERROR_MEMORY);
    g_set_error_literal(error, BF_JPEG_ERROR, memory ? BF_JPEG_ERROR_MEMORY : BF_JPEG_ERROR_LIMIT, why->message);
    return false;
}

static bool decode(decoding *job, const bf_jpeg_decoding *how, bf_picture **out, GError **error)
{
    bf_jpeg_reader *r = &job->reader;
    struct jpeg_decompress_struct *d = &r->d;
    r->info.decode_scale_eighths = scale_for(&r->info, how->target_pixels);
    if (how->imcus_apart) {
        d->do_fancy_upsampling = FALSE;
        d->do_block_smoothing = FALSE;
    }
    if (!bf_jpeg_guarded(&r->guard, choose_output, job, error))
        return false;
    g_autoptr(bf_picture) picture = NULL;
    if (!make_picture(d, r->info.colour == BF_COLOUR_GRAY, &picture, error))
        return false;
    g_autofree uint8_t *cmyk_row = d->out_color_space == JCS_CMYK ? g_malloc(4 * (size_t)d->output_width) : NULL;
    job->picture = picture;
    job->cmyk_row = cmyk_row;
    if (!bf_jpeg_guarded(&r->guard, read_rows, job, error))
        return false;
    r->info.warnings = r->guard.err.num_warnings;
    /* Of a file of several scans all are read before the first row comes out: where the damage lies is not known. Nor is it without restart
     * markers: the Huffman decoder goes on out of step after a wrong bit, and warns at the end of the data, if at all. A truncated file
     * ends where the warning stands. */
    bool known = !job->several_scans && (r->restart_interval > 0 || r->info.warnings == 0 || r->info.truncated);
    r->info.intact_percent = !known ? -1 : (int)(100.0 * job->intact_scanlines / d->output_height);
    *out = g_steal_pointer(&picture);
    return true;
}

bool bf_jpeg_decode_so(GBytes *jpeg, const bf_jpeg_decoding *how, bf_picture **out, bf_jpeg_info *info, GError **error)
{
    decoding job = {0};
    bool ok = bf_jpeg_reader_open(&job.reader, jpeg, how->max_pixels, error) && decode(&job, how, out, error);
    if (ok && info)
        *info = job.reader.info;
    bf_jpeg_reader_close(&job.reader);
    return ok;
}

bool bf_jpeg_decode(GBytes *jpeg, gint64 max_pixels, gint64 target_pixels, bf_picture **out, bf_jpeg_info *info, GError **error)
{
    bf_jpeg_decoding how = {.max_pixels = max_pixels, .target_pixels = target_pixels};
    return bf_jpeg_decode_so(jpeg, &how, out, info, error);
}

bool bf_jpeg_probe(GBytes *jpeg, gint64 max_pixels, bf_jpeg_info *out, GError **error)
{
    bf_jpeg_reader reader;
    bool ok = bf_jpeg_reader_open(&reader, jpeg, max_pixels, error);
    if (ok)
        *out = reader.info;
    bf_jpeg_reader_close(&reader);
    return ok;
}
