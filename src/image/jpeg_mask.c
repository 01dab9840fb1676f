#include <string.h>

#include "blindfold/jpeg.h"
#include "image/jpeg_cover.h"
#include "image/jpeg_decode.h"
#include "image/jpeg_reader.h"
#include "image/jpeg_writer.h"

/* Blocks beyond the page. The last iMCU of a row or column may hold blocks that lie wholly beyond the page's edge. libjpeg keeps what
 * a file has there in its arrays, but never writes it: it fills such places with flat copies of the block before. So nothing that
 * was hidden there is in the output, masked or not, and there is nothing to overwrite here.
 * The last block that is partly on the page keeps its up to 7 rows or columns beyond the edge: they share its coefficients with
 * pixels that must not change. No viewer shows them; a mask that touches the block wipes them too. */
typedef struct {
    bf_jpeg_reader *reader;
    const bf_jpeg_cover *cover;
    gint64 masked, unchanged;
} masking;

static void mask_component(masking *job, int ci)
{
    bf_jpeg_reader *r = job->reader;
    const jpeg_component_info *c = &r->d.comp_info[ci];
    int imcu_w = bf_jpeg_reader_imcu_blocks_w(r, ci), imcu_h = bf_jpeg_reader_imcu_blocks_h(r, ci);
    UINT16 table[DCTSIZE2];
    bf_jpeg_reader_table(r, ci, table);
    JCOEF dc = (JCOEF)bf_jpeg_cover_dc(r->info.colour, ci, table[0]);
    for (JDIMENSION y = 0; y < c->height_in_blocks; y++) {
        const uint8_t *covered = bf_jpeg_cover_row(job->cover, (int)y / imcu_h);
        if (!memchr(covered, 1, (size_t)job->cover->cols)) {
            job->unchanged += c->width_in_blocks;
            continue;
        }
        JBLOCKROW row = bf_jpeg_reader_row(r, ci, y);
        for (JDIMENSION x = 0; x < c->width_in_blocks; x++) {
            if (!covered[(int)x / imcu_w]) {
                job->unchanged++;
                continue;
            }
            memset(row[x], 0, sizeof row[x]);
            row[x][0] = dc;
            job->masked++;
        }
    }
}

static void mask_all(void *arg)
{
    masking *job = arg;
    for (int ci = 0; ci < job->reader->d.num_components; ci++)
        mask_component(job, ci);
}

/* Reads the coefficients, overwrites those under the rectangles and writes all. */
static bool mask_in_coefficients(bf_jpeg_reader *reader, const bf_rect *rects, size_t n, int exif_orientation, GBytes **out,
                                 bf_mask_stats *stats, GError **error)
{
    g_auto(bf_jpeg_cover) cover = {0};
    if (!bf_jpeg_cover_init(&cover, &reader->info, rects, n, error))
        return false;
    masking job = {.reader = reader, .cover = &cover};
    if (!bf_jpeg_guarded(&reader->guard, mask_all, &job, error) || !bf_jpeg_write(reader, exif_orientation, out, error))
        return false;
    *stats = (bf_mask_stats){.unchanged_blocks = job.unchanged, .masked_blocks = job.masked};
    return true;
}

static bool mask_bytes(GBytes *jpeg, const bf_rect *rects, size_t n, int exif_orientation, GBytes **out, bf_mask_stats *stats,
                       GError **error)
{
    bf_jpeg_reader reader;
    bool ok = bf_jpeg_reader_open(&reader, jpeg, 0, error) && bf_jpeg_reader_read_coefficients(&reader, error) &&
              mask_in_coefficients(&reader, rects, n, exif_orientation, out, stats, error);
    bf_jpeg_reader_close(&reader);
    return ok;
}

/* The rectangles are snapped to the input's grid, so that they mean the same on the finer grid of the new file; there, blocks share
 * nothing with their neighbours, and decoding with iMCUs apart has seen to it that their pixels do not either. */
static bool recode(GBytes *jpeg, const bf_jpeg_info *info, const bf_rect *rects, size_t n, GBytes **out, bf_mask_stats *stats,
                   GError **error)
{
    g_autoptr(bf_picture) picture = NULL;
    g_autoptr(GBytes) encoded = NULL;
    bf_jpeg_decoding how = {.imcus_apart = true};
    if (!bf_jpeg_decode_so(jpeg, &how, &picture, NULL, error) || !bf_jpeg_encode(picture, &encoded, error))
        return false;
    g_clear_pointer(&picture, bf_picture_free);
    g_autofree bf_rect *snapped = g_new(bf_rect, MAX(n, 1));
    for (size_t i = 0; i < n; i++)
        snapped[i] = bf_jpeg_snap(info, rects[i]);
    if (!mask_bytes(encoded, snapped, n, info->exif_orientation, out, stats, error))
        return false;
    stats->recoded = true;
    stats->unchanged_blocks = 0; /* none is what it was */
    return true;
}

static bool can_be_recoded(const GError *why)
{
    return !g_error_matches(why, BF_JPEG_ERROR, BF_JPEG_ERROR_MEMORY) && !g_error_matches(why, BF_JPEG_ERROR, BF_JPEG_ERROR_LIMIT);
}

bool bf_jpeg_mask(GBytes *jpeg, const bf_rect *rects_stored, size_t n, gint64 max_pixels, GBytes **out, bf_mask_stats *stats,
                  GError **error)
{
    bf_jpeg_reader reader;
    g_autoptr(GError) why = NULL;
    bf_mask_stats done = {0};
    bool readable = bf_jpeg_reader_open(&reader, jpeg, max_pixels, error) && bf_jpeg_reader_read_coefficients(&reader, error);
    bool ok = readable && mask_in_coefficients(&reader, rects_stored, n, reader.info.exif_orientation, out, &done, &why);
    bf_jpeg_info info = reader.info;
    bf_jpeg_reader_close(&reader);
    if (why && can_be_recoded(why))
        ok = recode(jpeg, &info, rects_stored, n, out, &done, error);
    else if (why)
        g_propagate_error(error, g_steal_pointer(&why));
    if (ok && stats)
        *stats = done;
    return ok;
}
