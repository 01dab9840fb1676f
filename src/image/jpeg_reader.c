#include "image/jpeg_reader.h"

#include <string.h>

#include "image/markers.h"

G_DEFINE_QUARK(bf - jpeg - error - quark, bf_jpeg_error)

static void create_and_read_header(void *arg)
{
    bf_jpeg_reader *r = arg;
    jpeg_create_decompress(&r->d);
    bf_jpeg_guard_attach(&r->guard, (j_common_ptr)&r->d);
    jpeg_mem_src(&r->d, r->data, r->size);
    jpeg_read_header(&r->d, TRUE);
}

static bf_colour colour_of(J_COLOR_SPACE space)
{
    switch (space) {
    case JCS_GRAYSCALE:
        return BF_COLOUR_GRAY;
    case JCS_YCbCr:
        return BF_COLOUR_YCC;
    case JCS_RGB:
        return BF_COLOUR_RGB;
    case JCS_CMYK:
        return BF_COLOUR_CMYK;
    case JCS_YCCK:
        return BF_COLOUR_YCCK;
    default:
        return BF_COLOUR_OTHER;
    }
}

/* The IJG's scale of quality, turned round: how the table compares with the standard's luminance table (ITU-T T.81, annex K), by the
 * sums of their entries. */
static int quality_of(const struct jpeg_decompress_struct *d)
{
    enum { STANDARD_SUM = 3688 };
    int slot = d->num_components > 0 ? d->comp_info[0].quant_tbl_no : 0;
    const JQUANT_TBL *table = slot >= 0 && slot < NUM_QUANT_TBLS ? d->quant_tbl_ptrs[slot] : NULL;
    long sum = 0;
    for (int i = 0; table && i < DCTSIZE2; i++)
        sum += table->quantval[i];
    if (sum == 0)
        return 0;
    double percent = 100.0 * (double)sum / STANDARD_SUM;
    return (int)CLAMP(percent <= 100 ? (200 - percent) / 2 : 5000 / percent, 1, 100);
}

static void tell_info(bf_jpeg_reader *r)
{
    const struct jpeg_decompress_struct *d = &r->d;
    bool one = d->num_components == 1; /* a scan of one component has MCUs of one block, whatever the sampling factors say */
    r->info = (bf_jpeg_info){
        .width_px = (int)d->image_width,
        .height_px = (int)d->image_height,
        .components = d->num_components,
        .colour = colour_of(d->jpeg_color_space),
        .imcu_w_px = DCTSIZE * (one ? 1 : d->max_h_samp_factor),
        .imcu_h_px = DCTSIZE * (one ? 1 : d->max_v_samp_factor),
        .progressive = d->progressive_mode,
        .exif_orientation = bf_markers_exif_orientation(r->data, r->size),
        .truncated = !bf_markers_have_eoi(r->data, r->size),
        .quality = quality_of(d),
        .intact_percent = -1,
        .decode_scale_eighths = 8,
    };
    r->restart_interval = d->restart_interval;
    r->adobe = d->saw_Adobe_marker;
}

bool bf_jpeg_reader_open(bf_jpeg_reader *reader, GBytes *jpeg, gint64 max_pixels, GError **error)
{
    memset(reader, 0, sizeof *reader);
    bf_jpeg_guard_init(&reader->guard);
    reader->d.err = &reader->guard.err;
    reader->data = g_bytes_get_data(jpeg, &reader->size);
    if (reader->size < 4 || reader->data[0] != 0xFF || reader->data[1] != BF_MARKER_SOI) {
        g_set_error_literal(error, BF_JPEG_ERROR, BF_JPEG_ERROR_NOT_JPEG, "This is not a JPEG: it does not start like one");
        return false;
    }
    if (!bf_jpeg_guarded(&reader->guard, create_and_read_header, reader, error))
        return false;
    tell_info(reader);
    const bf_jpeg_info *info = &reader->info;
    if (info->colour == BF_COLOUR_OTHER) {
        g_set_error(error, BF_JPEG_ERROR, BF_JPEG_ERROR_UNSUPPORTED, "A JPEG with %d colour components cannot be read", info->components);
        return false;
    }
    /* Memory for coefficients and pixels is a fixed number of bytes for each pixel (4 components of 2 bytes at most), so this one
     * limit, before libjpeg takes any of it, bounds everything. */
    if (max_pixels > 0 && (gint64)info->width_px * info->height_px > max_pixels) {
        g_set_error(error, BF_JPEG_ERROR, BF_JPEG_ERROR_LIMIT,
                    "The picture of %d x %d pixels is larger than the limit of %" G_GINT64_FORMAT, info->width_px, info->height_px,
                    max_pixels);
        return false;
    }
    return true;
}

void bf_jpeg_reader_close(bf_jpeg_reader *reader)
{
    jpeg_destroy_decompress(&reader->d); /* fine before jpeg_create_decompress: all zero */
    reader->coefficients = NULL;
}

/* The rows of a component that no scan held (a truncated file) are not there yet, and libjpeg only lets them be written in order. */
static void define_rows(bf_jpeg_reader *r, int component)
{
    const jpeg_component_info *c = &r->d.comp_info[component];
    for (JDIMENSION y = 0; y < c->height_in_blocks; y++)
        bf_jpeg_reader_row(r, component, y);
}

static void read_coefficients(void *arg)
{
    bf_jpeg_reader *r = arg;
    r->coefficients = jpeg_read_coefficients(&r->d);
    for (int ci = 0; ci < r->d.num_components; ci++)
        define_rows(r, ci);
}

bool bf_jpeg_reader_read_coefficients(bf_jpeg_reader *reader, GError **error)
{
    bool ok = bf_jpeg_guarded(&reader->guard, read_coefficients, reader, error);
    reader->info.warnings = reader->guard.err.num_warnings;
    return ok;
}

JBLOCKROW bf_jpeg_reader_row(bf_jpeg_reader *reader, int component, JDIMENSION row)
{
    struct jpeg_decompress_struct *d = &reader->d;
    return d->mem->access_virt_barray((j_common_ptr)d, reader->coefficients[component], row, 1, TRUE)[0];
}

void bf_jpeg_reader_table(const bf_jpeg_reader *reader, int component, UINT16 table[DCTSIZE2])
{
    const jpeg_component_info *c = &reader->d.comp_info[component];
    const JQUANT_TBL *known = c->quant_table; /* as of the component's first scan */
    if (!known && c->quant_tbl_no >= 0 && c->quant_tbl_no < NUM_QUANT_TBLS)
        known = reader->d.quant_tbl_ptrs[c->quant_tbl_no];
    for (int i = 0; i < DCTSIZE2; i++)
        table[i] = known ? known->quantval[i] : 1;
}

int bf_jpeg_reader_imcu_blocks_w(const bf_jpeg_reader *reader, int component)
{
    return reader->info.components == 1 ? 1 : reader->d.comp_info[component].h_samp_factor;
}

int bf_jpeg_reader_imcu_blocks_h(const bf_jpeg_reader *reader, int component)
{
    return reader->info.components == 1 ? 1 : reader->d.comp_info[component].v_samp_factor;
}
