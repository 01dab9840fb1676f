#include <string.h>

#include "blindfold/jpeg.h"
#include "image/jpeg_canon.h"
#include "image/jpeg_cover.h"
#include "image/jpeg_reader.h"
#include "image/jpeg_writer.h"

/* Where the first difference is; component -1 while there is none. */
typedef struct {
    int component;
    JDIMENSION x, y;
    const char *what;
} difference;

typedef struct {
    bf_jpeg_reader *input; /* NULL: a recoded page has no coefficients to compare with */
    bf_jpeg_reader *output;
    const bf_jpeg_cover *cover; /* on the output's grid */
    bf_mask_stats stats;
    difference found;
} comparison;

static bool mismatch(GError **error, const char *sentence)
{
    g_set_error_literal(error, BF_JPEG_ERROR, BF_JPEG_ERROR_MISMATCH, sentence);
    return false;
}

static bool is_flat(const JBLOCK block, JCOEF dc)
{
    if (block[0] != dc)
        return false;
    for (int k = 1; k < DCTSIZE2; k++)
        if (block[k] != 0)
            return false;
    return true;
}

static void tell(comparison *job, int component, JDIMENSION x, JDIMENSION y, const char *what)
{
    if (job->found.component < 0)
        job->found = (difference){component, x, y, what};
}

/* What lies in the last iMCU but beyond the page: flat, or it could hide something. */
static void compare_padding(comparison *job, int ci, JDIMENSION y, JDIMENSION from, JDIMENSION to)
{
    JBLOCKROW row = bf_jpeg_reader_row(job->output, ci, y);
    for (JDIMENSION x = from; x < to; x++)
        if (!is_flat(row[x], row[x][0]))
            tell(job, ci, x, y, "beyond the page's edge is not flat");
}

static void compare_row(comparison *job, int ci, JDIMENSION y, JCOEF dc)
{
    const jpeg_component_info *c = &job->output->d.comp_info[ci];
    const uint8_t *covered = bf_jpeg_cover_row(job->cover, (int)y / bf_jpeg_reader_imcu_blocks_h(job->output, ci));
    int imcu_w = bf_jpeg_reader_imcu_blocks_w(job->output, ci);
    JBLOCKROW after = bf_jpeg_reader_row(job->output, ci, y);
    JBLOCKROW before = job->input ? bf_jpeg_reader_row(job->input, ci, y) : NULL;
    for (JDIMENSION x = 0; x < c->width_in_blocks; x++) {
        if (covered[(int)x / imcu_w]) {
            job->stats.masked_blocks++;
            if (!is_flat(after[x], dc))
                tell(job, ci, x, y, "under a mask is not flat");
        } else if (before) {
            job->stats.unchanged_blocks++;
            if (memcmp(before[x], after[x], sizeof after[x]) != 0)
                tell(job, ci, x, y, "outside the masks has changed");
        }
    }
}

static void compare_all(void *arg)
{
    comparison *job = arg;
    for (int ci = 0; ci < job->output->d.num_components; ci++) {
        const jpeg_component_info *c = &job->output->d.comp_info[ci];
        JDIMENSION padded_w = (c->width_in_blocks + c->h_samp_factor - 1) / c->h_samp_factor * c->h_samp_factor;
        JDIMENSION padded_h = (c->height_in_blocks + c->v_samp_factor - 1) / c->v_samp_factor * c->v_samp_factor;
        UINT16 table[DCTSIZE2];
        bf_jpeg_reader_table(job->output, ci, table);
        JCOEF dc = (JCOEF)bf_jpeg_cover_dc(job->output->info.colour, ci, table[0]);
        for (JDIMENSION y = 0; y < padded_h; y++) {
            bool on_page = y < c->height_in_blocks;
            if (on_page)
                compare_row(job, ci, y, dc);
            compare_padding(job, ci, y, on_page ? c->width_in_blocks : 0, padded_w);
        }
    }
}

/* Size, colour and, of a page that was not recoded, the components' sampling and tables. Call it when all scans have been read: a
 * table is known to belong to a component only then. */
static bool compare_frames(const bf_jpeg_reader *in, const bf_jpeg_reader *out, bool recoded, GError **error)
{
    const bf_jpeg_info *a = &in->info, *b = &out->info;
    if (a->width_px != b->width_px || a->height_px != b->height_px)
        return mismatch(error, "The output has another size than the input");
    if (recoded) {
        bf_colour colour = a->colour == BF_COLOUR_GRAY ? BF_COLOUR_GRAY : BF_COLOUR_YCC;
        return (b->colour == colour && b->imcu_w_px == DCTSIZE && b->imcu_h_px == DCTSIZE) ||
               mismatch(error, "The recoded output has another colour space or sampling than a recoded page gets");
    }
    if (a->components != b->components || a->colour != b->colour)
        return mismatch(error, "The output has other components or another colour space than the input");
    if (a->progressive != b->progressive || in->restart_interval != out->restart_interval)
        return mismatch(error, "The output is coded in another way than the input");
    for (int ci = 0; ci < a->components; ci++) {
        const jpeg_component_info *p = &in->d.comp_info[ci], *q = &out->d.comp_info[ci];
        if (p->h_samp_factor != q->h_samp_factor || p->v_samp_factor != q->v_samp_factor)
            return mismatch(error, "The output has other sampling factors than the input");
        UINT16 table_in[DCTSIZE2], table_out[DCTSIZE2];
        bf_jpeg_reader_table(in, ci, table_in);
        bf_jpeg_reader_table(out, ci, table_out);
        if (memcmp(table_in, table_out, sizeof table_in) != 0)
            return mismatch(error, "The output has another quantisation table than the input");
    }
    return true;
}

static bool compare_blocks(bf_jpeg_reader *in, bf_jpeg_reader *out, const bf_jpeg_cover *cover, bool recoded, bf_mask_stats *stats,
                           GError **error)
{
    comparison job = {.input = recoded ? NULL : in, .output = out, .cover = cover, .found = {.component = -1}};
    job.stats.recoded = recoded;
    /* Both readers' rows are asked for in one body: the output's guard must catch for the input as well. */
    in->d.err = &out->guard.err;
    bool ok = bf_jpeg_guarded(&out->guard, compare_all, &job, error);
    in->d.err = &in->guard.err;
    if (!ok)
        return false;
    if (job.found.component >= 0) {
        g_set_error(error, BF_JPEG_ERROR, BF_JPEG_ERROR_MISMATCH, "Block (%u, %u) of component %d %s", job.found.x, job.found.y,
                    job.found.component, job.found.what);
        return false;
    }
    *stats = job.stats;
    return true;
}

static bool check_markers(const bf_jpeg_reader *in, const bf_jpeg_reader *out, bool recoded, GError **error)
{
    bf_jpeg_canon form = {
        .colour = out->info.colour,
        .components = out->info.components,
        .adobe = !recoded && in->info.colour == BF_COLOUR_CMYK && in->adobe,
        .exif_orientation = in->info.exif_orientation,
    };
    return bf_jpeg_canon_check(out->data, out->size, &form, error);
}

/* As bf_jpeg_cover_init, for an output that may have a finer grid than the input by which the rectangles are snapped. */
static bool cover_output(bf_jpeg_cover *cover, const bf_jpeg_info *in, const bf_jpeg_info *out, const bf_rect *rects, size_t n,
                         GError **error)
{
    g_autofree bf_rect *snapped = g_new(bf_rect, MAX(n, 1));
    for (size_t i = 0; i < n; i++)
        snapped[i] = bf_jpeg_snap(in, rects[i]);
    return bf_jpeg_cover_init(cover, out, snapped, n, error);
}

/* Bits that no reader looks at: padding before markers, codes that no block uses, the order of tables. There is one way in which the
 * writer writes a picture, and every byte has to be that way. */
static bool check_every_byte(bf_jpeg_reader *out, GError **error)
{
    g_autoptr(GBytes) again = NULL;
    if (!bf_jpeg_write(out, out->info.exif_orientation, &again, error))
        return false;
    gsize size = 0;
    const uint8_t *data = g_bytes_get_data(again, &size);
    return (size == out->size && memcmp(data, out->data, size) == 0) ||
           mismatch(error, "The output's bytes are not the ones that its picture is written with");
}

/* An output that cannot be read is a mismatch like any other; only a lack of memory says nothing about it. */
static bool blame_output(GError *why, GError **error)
{
    if (!g_error_matches(why, BF_JPEG_ERROR, BF_JPEG_ERROR_MEMORY))
        why->code = BF_JPEG_ERROR_MISMATCH;
    g_propagate_prefixed_error(error, why, "The output cannot be read: ");
    return false;
}

static bool verify(bf_jpeg_reader *in, bf_jpeg_reader *out, const bf_rect *rects, size_t n, bool recoded, bf_mask_stats *stats,
                   GError **error)
{
    g_auto(bf_jpeg_cover) cover = {0};
    GError *why = NULL;
    if (!check_markers(in, out, recoded, error))
        return false;
    if (!bf_jpeg_reader_read_coefficients(out, &why))
        return blame_output(why, error);
    if (out->info.warnings > 0)
        return mismatch(error, "The output's coded data is damaged");
    if (!recoded && !bf_jpeg_reader_read_coefficients(in, error))
        return false;
    bf_mask_stats found;
    bool ok = compare_frames(in, out, recoded, error) && cover_output(&cover, &in->info, &out->info, rects, n, error) &&
              compare_blocks(in, out, &cover, recoded, &found, error) && check_every_byte(out, error);
    if (ok && stats)
        *stats = found;
    return ok;
}

bool bf_jpeg_verify(GBytes *input, GBytes *output, const bf_rect *rects_stored, size_t n, bool recoded, bf_mask_stats *stats,
                    GError **error)
{
    bf_jpeg_reader in, out;
    GError *why = NULL;
    bool ok = bf_jpeg_reader_open(&in, input, 0, error);
    if (ok) {
        if (bf_jpeg_reader_open(&out, output, (gint64)in.info.width_px * in.info.height_px, &why))
            ok = verify(&in, &out, rects_stored, n, recoded, stats, error);
        else
            ok = blame_output(why, error);
        bf_jpeg_reader_close(&out);
    }
    bf_jpeg_reader_close(&in);
    return ok;
}
