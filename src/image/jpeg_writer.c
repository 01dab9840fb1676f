#include "image/jpeg_writer.h"

#include <jerror.h>
#include <string.h>

#include "image/exif.h"

/* libjpeg's own memory destination loses its buffer when an error strikes; this one leaves it with its owner. */
typedef struct {
    struct jpeg_destination_mgr mgr; /* must be first */
    uint8_t *data;
    size_t size, capacity;
} memory_out;

#define CAPACITY_FIRST ((size_t)1 << 16)

static void point_at_rest(memory_out *to)
{
    to->mgr.next_output_byte = to->data + to->size;
    to->mgr.free_in_buffer = to->capacity - to->size;
}

static boolean grow(j_compress_ptr c)
{
    memory_out *to = (memory_out *)c->dest;
    size_t capacity = to->capacity ? 2 * to->capacity : CAPACITY_FIRST;
    uint8_t *data = g_try_realloc(to->data, capacity);
    if (!data)
        ERREXIT1(c, JERR_OUT_OF_MEMORY, 0);
    to->size = to->capacity; /* libjpeg calls when all of it is full */
    to->data = data;
    to->capacity = capacity;
    point_at_rest(to);
    return TRUE;
}

static void start(j_compress_ptr c)
{
    grow(c);
}

static void finish(j_compress_ptr c)
{
    memory_out *to = (memory_out *)c->dest;
    to->size = to->capacity - to->mgr.free_in_buffer;
}

static const memory_out memory_out_empty = {.mgr = {.init_destination = start, .empty_output_buffer = grow, .term_destination = finish}};

static GBytes *take_bytes(memory_out *to)
{
    uint8_t *fitted = g_try_realloc(to->data, to->size); /* gives back the rest, where that can be */
    GBytes *bytes = g_bytes_new_take(fitted ? fitted : to->data, to->size);
    *to = memory_out_empty;
    return bytes;
}

typedef struct {
    bf_jpeg_reader *reader;
    int exif_orientation;
    struct jpeg_compress_struct c;
    memory_out to;
    jpeg_scan_info scans[2 * MAX_COMPS_IN_SCAN]; /* of one component each, where those of all would have too large MCUs */
} writing;

/* Numbers the tables afresh, 0 upwards in order of use: equal tables share a slot, a slot that the file redefined between scans
 * becomes two. There are as many slots as components. */
static void number_tables(bf_jpeg_reader *r)
{
    UINT16 table[NUM_QUANT_TBLS][DCTSIZE2];
    int n = 0;
    for (int ci = 0; ci < r->d.num_components; ci++) {
        bf_jpeg_reader_table(r, ci, table[n]);
        int slot = 0;
        while (memcmp(table[slot], table[n], sizeof table[n]) != 0)
            slot++;
        r->d.comp_info[ci].quant_tbl_no = slot;
        if (slot == n)
            n++;
    }
    for (int slot = 0; slot < n; slot++) {
        if (!r->d.quant_tbl_ptrs[slot])
            r->d.quant_tbl_ptrs[slot] = jpeg_alloc_quant_table((j_common_ptr)&r->d);
        memcpy(r->d.quant_tbl_ptrs[slot]->quantval, table[slot], sizeof table[slot]);
    }
}

static void add_scan(writing *job, int component, int from, int to)
{
    job->scans[job->c.num_scans++] = (jpeg_scan_info){.comps_in_scan = 1, .component_index = {component}, .Ss = from, .Se = to};
}

/* libjpeg's own order of scans puts all components into the first one, which an MCU of more than 10 blocks does not allow. */
static void choose_scans(writing *job)
{
    struct jpeg_compress_struct *c = &job->c;
    bool progressive = job->reader->info.progressive;
    int blocks = 0;
    for (int ci = 0; ci < c->num_components; ci++)
        blocks += c->comp_info[ci].h_samp_factor * c->comp_info[ci].v_samp_factor;
    if (c->num_components == 1 || blocks <= C_MAX_BLOCKS_IN_MCU) {
        if (progressive)
            jpeg_simple_progression(c);
        return;
    }
    c->scan_info = job->scans;
    c->num_scans = 0;
    for (int ci = 0; ci < c->num_components; ci++)
        add_scan(job, ci, 0, progressive ? 0 : DCTSIZE2 - 1);
    for (int ci = 0; progressive && ci < c->num_components; ci++)
        add_scan(job, ci, 1, DCTSIZE2 - 1);
}

/* What libjpeg and others tell a file's colour space by when it has neither a JFIF nor an Adobe marker. */
static int component_id(bf_colour colour, int component)
{
    if (colour == BF_COLOUR_RGB)
        return "RGB"[component];
    if (colour == BF_COLOUR_CMYK)
        return "CMYK"[component];
    return component + 1;
}

/* Everything in the headers that could carry something over gets a fixed value. */
static void choose_headers(writing *job)
{
    struct jpeg_compress_struct *c = &job->c;
    bf_colour colour = job->reader->info.colour;
    jpeg_copy_critical_parameters(&job->reader->d, c); /* also chooses JFIF or Adobe by the colour space */
    for (int ci = 0; ci < c->num_components; ci++)
        c->comp_info[ci].component_id = component_id(colour, ci);
    c->JFIF_major_version = 1;
    c->JFIF_minor_version = 1;
    c->density_unit = 0;
    c->X_density = 1;
    c->Y_density = 1;
    if (colour == BF_COLOUR_CMYK) /* the marker would turn the colours of a file that had none */
        c->write_Adobe_marker = job->reader->adobe;
}

static void write_coefficients(void *arg)
{
    writing *job = arg;
    struct jpeg_compress_struct *c = &job->c;
    bf_jpeg_reader *r = job->reader;
    jpeg_create_compress(c);
    bf_jpeg_guard_attach(&r->guard, (j_common_ptr)c);
    c->dest = &job->to.mgr;
    number_tables(r);
    choose_headers(job);
    c->optimize_coding = TRUE;
    c->restart_interval = r->restart_interval;
    choose_scans(job);
    jpeg_write_coefficients(c, r->coefficients);
    if (job->exif_orientation != 1) {
        uint8_t exif[BF_EXIF_LENGTH];
        bf_exif_write_orientation(job->exif_orientation, exif);
        jpeg_write_marker(c, JPEG_APP0 + 1, exif, sizeof exif);
    }
    jpeg_finish_compress(c);
}

bool bf_jpeg_write(bf_jpeg_reader *reader, int exif_orientation, GBytes **out, GError **error)
{
    writing job = {.reader = reader, .exif_orientation = exif_orientation, .c = {.err = &reader->guard.err}, .to = memory_out_empty};
    bool ok = bf_jpeg_guarded(&reader->guard, write_coefficients, &job, error);
    jpeg_destroy_compress(&job.c);
    if (ok)
        *out = take_bytes(&job.to);
    g_free(job.to.data);
    return ok;
}

typedef struct {
    const bf_picture *picture;
    int quality;
    bool subsampled;
    bf_jpeg_guard guard;
    struct jpeg_compress_struct c;
    memory_out to;
} encoding;

static void encode(void *arg)
{
    encoding *job = arg;
    struct jpeg_compress_struct *c = &job->c;
    const bf_picture *p = job->picture;
    jpeg_create_compress(c);
    bf_jpeg_guard_attach(&job->guard, (j_common_ptr)c);
    c->dest = &job->to.mgr;
    c->image_width = (JDIMENSION)p->width_px;
    c->image_height = (JDIMENSION)p->height_px;
    c->input_components = p->channels;
    c->in_color_space = p->channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_set_defaults(c);
    jpeg_set_quality(c, job->quality, TRUE);
    for (int ci = 0; !job->subsampled && ci < c->num_components; ci++)
        c->comp_info[ci].h_samp_factor = c->comp_info[ci].v_samp_factor = 1;
    jpeg_start_compress(c, TRUE);
    while (c->next_scanline < c->image_height) {
        JSAMPROW row = p->data + c->next_scanline * (size_t)p->width_px * p->channels;
        jpeg_write_scanlines(c, &row, 1);
    }
    jpeg_finish_compress(c);
}

static bool run_encoding(encoding *job, GBytes **out, GError **error)
{
    bf_jpeg_guard_init(&job->guard);
    job->c.err = &job->guard.err;
    bool ok = bf_jpeg_guarded(&job->guard, encode, job, error);
    jpeg_destroy_compress(&job->c);
    if (ok)
        *out = take_bytes(&job->to);
    g_free(job->to.data);
    return ok;
}

bool bf_jpeg_encode(const bf_picture *picture, GBytes **out, GError **error)
{
    encoding job = {.picture = picture, .quality = 92, .to = memory_out_empty};
    return run_encoding(&job, out, error);
}

bool bf_jpeg_encode_view(const bf_picture *picture, int quality, GBytes **out, GError **error)
{
    encoding job = {.picture = picture, .quality = quality, .subsampled = true, .to = memory_out_empty};
    return run_encoding(&job, out, error);
}
