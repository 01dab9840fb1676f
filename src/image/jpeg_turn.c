/* Turning without loss, by jpegtran's method (IJG, transupp.c: blocks go to other places; within one, rows and columns of coefficients
 * change places, and those of odd frequency change their sign where an axis is flipped). */
#include "base/placement.h"

#include "blindfold/jpeg.h"
#include "image/jpeg_reader.h"
#include "image/jpeg_writer.h"

#include <string.h>
typedef struct {
    bf_jpeg_reader *reader;
    bf_placement how;
    jvirt_barray_ptr *laid; /* in the reader's own memory */
} laying;

static JDIMENSION filled_up(JDIMENSION blocks, int factor)
{
    return (blocks + (JDIMENSION)factor - 1) / (JDIMENSION)factor * (JDIMENSION)factor;
}

static void request_arrays(laying *job)
{
    struct jpeg_decompress_struct *d = &job->reader->d;
    j_common_ptr common = (j_common_ptr)d;
    job->laid = d->mem->alloc_small(common, JPOOL_IMAGE, sizeof *job->laid * (size_t)d->num_components);
    for (int ci = 0; ci < d->num_components; ci++) {
        const jpeg_component_info *c = &d->comp_info[ci];
        JDIMENSION w = filled_up(c->width_in_blocks, c->h_samp_factor), h = filled_up(c->height_in_blocks, c->v_samp_factor);
        bool swap = job->how.swap;
        job->laid[ci] = d->mem->request_virt_barray(common, JPOOL_IMAGE, TRUE, swap ? h : w, swap ? w : h,
                                                    (JDIMENSION)(swap ? c->h_samp_factor : c->v_samp_factor));
    }
    d->mem->realize_virt_arrays(common);
    for (int ci = 0; ci < d->num_components; ci++) { /* libjpeg lets rows be written for the first time in order only */
        const jpeg_component_info *c = &d->comp_info[ci];
        JDIMENSION rows =
            job->how.swap ? filled_up(c->width_in_blocks, c->h_samp_factor) : filled_up(c->height_in_blocks, c->v_samp_factor);
        for (JDIMENSION y = 0; y < rows; y++)
            d->mem->access_virt_barray(common, job->laid[ci], y, 1, TRUE);
    }
}

static void lay_block(bf_placement how, const JBLOCK from, JBLOCK to)
{
    for (int v = 0; v < DCTSIZE; v++)
        for (int u = 0; u < DCTSIZE; u++) {
            bool negative = (how.flip_x && u % 2 == 1) != (how.flip_y && v % 2 == 1);
            JCOEF value = from[v * DCTSIZE + u];
            to[how.swap ? u * DCTSIZE + v : v * DCTSIZE + u] = (JCOEF)(negative ? -value : value);
        }
}

static void lay_component(laying *job, int ci)
{
    struct jpeg_decompress_struct *d = &job->reader->d;
    const jpeg_component_info *c = &d->comp_info[ci];
    for (JDIMENSION y = 0; y < c->height_in_blocks; y++) {
        JBLOCKROW row = bf_jpeg_reader_row(job->reader, ci, y);
        for (JDIMENSION x = 0; x < c->width_in_blocks; x++) {
            JDIMENSION fx = job->how.flip_x ? c->width_in_blocks - 1 - x : x, fy = job->how.flip_y ? c->height_in_blocks - 1 - y : y;
            JDIMENSION new_x = job->how.swap ? fy : fx, new_y = job->how.swap ? fx : fy;
            JBLOCKROW to = d->mem->access_virt_barray((j_common_ptr)d, job->laid[ci], new_y, 1, TRUE)[0];
            lay_block(job->how, row[x], to[new_x]);
        }
    }
}

static void lay_coefficients(void *arg)
{
    laying *job = arg;
    request_arrays(job);
    for (int ci = 0; ci < job->reader->d.num_components; ci++)
        lay_component(job, ci);
}

static void transpose_table(JQUANT_TBL *table)
{
    for (int v = 0; table && v < DCTSIZE; v++)
        for (int u = 0; u < v; u++) {
            UINT16 kept = table->quantval[v * DCTSIZE + u];
            table->quantval[v * DCTSIZE + u] = table->quantval[u * DCTSIZE + v];
            table->quantval[u * DCTSIZE + v] = kept;
        }
}

#define EXCHANGE(a, b)                                                                                                                     \
    do {                                                                                                                                   \
        __typeof__(a) kept_ = (a);                                                                                                         \
        (a) = (b);                                                                                                                         \
        (b) = kept_;                                                                                                                       \
    } while (0)

/* From here on the reader is one of the picture as laid down: each component has a table of its own, latched by its first scan. */
static void become(bf_jpeg_reader *r, bf_placement how, jvirt_barray_ptr *laid)
{
    r->coefficients = laid;
    r->info.exif_orientation = 1;
    if (!how.swap)
        return;
    EXCHANGE(r->d.image_width, r->d.image_height);
    EXCHANGE(r->d.max_h_samp_factor, r->d.max_v_samp_factor);
    EXCHANGE(r->info.width_px, r->info.height_px);
    EXCHANGE(r->info.imcu_w_px, r->info.imcu_h_px);
    for (int ci = 0; ci < r->d.num_components; ci++) {
        jpeg_component_info *c = &r->d.comp_info[ci];
        EXCHANGE(c->h_samp_factor, c->v_samp_factor);
        EXCHANGE(c->width_in_blocks, c->height_in_blocks);
        transpose_table(c->quant_table);
    }
}

static bool lay_down(bf_jpeg_reader *reader, int orientation, GError **error)
{
    laying job = {.reader = reader, .how = bf_placement_of_exif(orientation)};
    if (!bf_jpeg_guarded(&reader->guard, lay_coefficients, &job, error))
        return false;
    become(reader, job.how, job.laid);
    return true;
}

/* ---- the proof ---- */

typedef struct {
    bf_jpeg_reader *reader;
    GChecksum *sum;
} summing;

static void sum_coefficients(void *arg)
{
    summing *job = arg;
    bf_jpeg_reader *r = job->reader;
    for (int ci = 0; ci < r->d.num_components; ci++)
        for (JDIMENSION y = 0; y < r->d.comp_info[ci].height_in_blocks; y++)
            g_checksum_update(job->sum, (const guchar *)bf_jpeg_reader_row(r, ci, y),
                              (gssize)(sizeof(JBLOCK) * r->d.comp_info[ci].width_in_blocks));
}

/* Of everything that makes the picture: size, colour, sampling, tables and every coefficient of the page. Two pictures need not be in
 * memory at once to be compared. NULL: libjpeg gave up. */
static char *sum_of(bf_jpeg_reader *r, GError **error)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    summing job = {r, sum};
    const int head[] = {r->info.width_px,    r->info.height_px,   r->info.components,
                        (int)r->info.colour, r->info.progressive, (int)r->restart_interval};
    g_checksum_update(sum, (const guchar *)head, sizeof head);
    for (int ci = 0; ci < r->d.num_components; ci++) {
        const int factors[] = {r->d.comp_info[ci].h_samp_factor, r->d.comp_info[ci].v_samp_factor};
        UINT16 table[DCTSIZE2];
        bf_jpeg_reader_table(r, ci, table);
        g_checksum_update(sum, (const guchar *)factors, sizeof factors);
        g_checksum_update(sum, (const guchar *)table, sizeof table);
    }
    return bf_jpeg_guarded(&r->guard, sum_coefficients, &job, error) ? g_strdup(g_checksum_get_string(sum)) : NULL;
}

/* Turned back, it must be the input. */
static bool prove(GBytes *turned, int orientation, const char *input_sum, GError **error)
{
    const int back = orientation == 6 ? 8 : orientation == 8 ? 6 : orientation; /* all others undo themselves */
    bf_jpeg_reader reader;
    g_autofree char *sum = NULL;
    bool ok = bf_jpeg_reader_open(&reader, turned, 0, error) && bf_jpeg_reader_read_coefficients(&reader, error) &&
              lay_down(&reader, back, error) && (sum = sum_of(&reader, error)) != NULL;
    bool same = ok && reader.info.warnings == 0 && strcmp(sum, input_sum) == 0;
    bf_jpeg_reader_close(&reader);
    if (ok && !same)
        g_set_error_literal(error, BF_JPEG_ERROR, BF_JPEG_ERROR_MISMATCH, "The turned picture is not the input when it is turned back");
    return same;
}

/* ---- */

static bool can_be_turned(const bf_jpeg_info *info, int orientation, GError **error)
{
    bf_placement how = bf_placement_of_exif(orientation);
    if (info->truncated || info->warnings > 0) {
        g_set_error_literal(error, BF_JPEG_ERROR, BF_JPEG_ERROR_CORRUPT, "A damaged picture is not turned: it would look sound");
        return false;
    }
    /* What fills up the last iMCU is never seen at the right and at the bottom; flipped, it would stand at the left or at the top. */
    if ((how.flip_x && info->width_px % info->imcu_w_px != 0) || (how.flip_y && info->height_px % info->imcu_h_px != 0)) {
        g_set_error(error, BF_JPEG_ERROR, BF_JPEG_ERROR_INEXACT, "%d x %d pixels are no whole blocks of %d x %d, so a strip would be lost",
                    info->width_px, info->height_px, info->imcu_w_px, info->imcu_h_px);
        return false;
    }
    return true;
}

bool bf_jpeg_turn(GBytes *jpeg, int orientation, gint64 max_pixels, GBytes **out, GError **error)
{
    bf_jpeg_reader reader;
    g_autofree char *sum = NULL;
    g_autoptr(GBytes) turned = NULL;
    bool ok = bf_jpeg_reader_open(&reader, jpeg, max_pixels, error) && bf_jpeg_reader_read_coefficients(&reader, error) &&
              can_be_turned(&reader.info, orientation, error) && (sum = sum_of(&reader, error)) != NULL &&
              lay_down(&reader, orientation, error) && bf_jpeg_write(&reader, 1, &turned, error);
    bf_jpeg_reader_close(&reader);
    if (!ok || !prove(turned, orientation, sum, error))
        return false;
    *out = g_steal_pointer(&turned);
    return true;
}
