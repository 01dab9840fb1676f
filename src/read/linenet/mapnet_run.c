/* A picture's way through the detector.
 *
 * The backbone runs in strips: each stage keeps the last rows of its picture, and makes four more when the next one asks for them. Only
 * what the neck takes is kept as a whole.
 *
 * The neck enlarges, adds and convolves pictures of 96 channels. None of them is ever made: a convolution of a sum is the sum of
 * convolutions, a tap of an enlarged picture is a product with a pixel of the small one, and widening to 96 channels and the gate over them
 * go into the weights, once the gate is known, which hangs on means alone. So each picture is multiplied as it is, narrow and small, with
 * all nine taps, and the products are added up where they belong. The head's convolution goes over enlarged pictures side by side in the
 * same way. */
#include "read/linenet/mapnet_weights.h"
#include "read/linenet/tiles.h"
#include <glib/gi18n.h>

enum {
    GRID_PX = 32,
    BATCH = 4,          /* rows that a stage makes at once */
    RING = 16,          /* rows that it keeps: a consumer's four rows and its kernel's reach take 11, and one batch may be ahead */
    STAGES = 11,        /* that run in strips: the stem and the blocks 0 to 9 */
    SLACK = 24,         /* pixels behind a picture that units may read */
    RAGGED = 2 * LANES, /* numbers behind a line of the input */
    PRODUCT_ROWS = 3,
    LINES = 4,
};

typedef struct {
    net_picture picture;
    int done; /* rows */
} stage;

/* Products of one picture with the taps of one convolution. */
typedef struct {
    const net_picture *from;
    net_matrix matrix;
    void *packed; /* the matrix's room */
    float *rows;  /* the last PRODUCT_ROWS */
    int done;
} taps;

typedef struct {
    const bf_mapnet *net;
    net_desk desk;
    int width, height;
    bf_mapnet_source source;
    gpointer data;
    float *lines; /* of the input: the last four, of three planes each, with a zero before each */
    int lines_done;
    stage stages[STAGES];
    net_picture deep[2];                     /* at 1/32 */
    net_picture narrow[MAP_LEVELS];          /* what the neck takes, */
    net_picture wide[MAP_LEVELS];            /* and what its convolutions give */
    float narrow_sums[MAP_LEVELS][MAP_NECK]; /* over all pixels */
    float gains[MAP_LEVELS][MAP_NECK];
    taps taps[MAP_LEVELS];
    float *columns, *row, *left, *weights, *tile;
    float *map;
} run;

static gsize line_stride(const run *r)
{
    return (gsize)(r->width + RAGGED);
}

/* The sizes of all pictures. */
static void set_shapes(run *r)
{
    bool half = r->net->half;
    int h = r->height / 2, w = r->width / 2;
    r->stages[0].picture = (net_picture){NULL, h, w, MAP_STEM, half, RING - 1};
    for (int i = 1; i < STAGES; i++) {
        const net_shape *s = &MAP_SHAPES[i - 1];
        h /= s->down;
        w /= s->across;
        r->stages[i].picture = (net_picture){NULL, h, w, s->outputs, half, i + 1 < STAGES ? RING - 1 : NET_WHOLE};
    }
    for (int i = 0; i < 2; i++)
        r->deep[i] = (net_picture){NULL, h / 2, w / 2, MAP_SHAPES[MAP_BLOCKS - 1].outputs, half, NET_WHOLE};
    for (int k = 0; k < MAP_LEVELS; k++) {
        int side = GRID_PX >> k;
        r->narrow[k] = (net_picture){NULL, r->height / side, r->width / side, MAP_LATERALS[k].channels, half, NET_WHOLE};
        r->wide[k] = (net_picture){NULL, r->height / side, r->width / side, NET_SUMS, half, NET_WHOLE};
    }
}

static void lay_picture(net_packer *p, net_picture *picture)
{
    int rows = picture->mask == NET_WHOLE ? picture->height : picture->mask + 1;
    gsize n = net_picture_elements(rows, picture->width, picture->channels) + (gsize)(SLACK * picture->channels);
    picture->data = net_room(p, n * net_element_bytes(picture->half));
}

static float *lay_floats(net_packer *p, gsize n)
{
    return net_room(p, n * sizeof(float));
}

/* Lays everything down in the packer's memory, or counts what it takes. */
static void lay(run *r, net_packer *p)
{
    gsize quarter = (gsize)r->width / 4;
    r->lines = lay_floats(p, LINES * 3 * line_stride(r));
    for (int i = 0; i < STAGES; i++)
        lay_picture(p, &r->stages[i].picture);
    for (int i = 0; i < 2; i++)
        lay_picture(p, &r->deep[i]);
    for (int k = 0; k < MAP_LEVELS; k++) {
        net_packer packed = {.loops = p->loops};
        lay_picture(p, &r->narrow[k]);
        lay_picture(p, &r->wide[k]);
        r->taps[k].rows = lay_floats(p, PRODUCT_ROWS * (gsize)r->wide[k].width * NET_PRODUCTS);
        net_lay_matrix(&packed, &r->taps[k].matrix, MAX(MAP_LATERALS[k].channels, NET_SUMS), NET_PRODUCTS, r->net->neck);
        r->taps[k].packed = net_room(p, packed.n_memory);
    }
    r->columns = lay_floats(p, (quarter + 2) * NET_COLUMNS);
    r->row = lay_floats(p, quarter * NET_SUMS);
    r->left = lay_floats(p, (MAP_NECK + 1) * MAP_NECK);
    r->weights = lay_floats(p, (MAP_NECK + 1) * NET_PRODUCTS);
    r->tile = lay_floats(p, TILE_ROWS * NET_MOST_CHANNELS);
    r->desk.unit = lay_floats(p, UNIT * NET_MOST_CHANNELS);
    r->desk.rows.words = (guint32 *)net_room(p, TILE_ROWS * NET_MOST_CHANNELS * sizeof(guint32));
}

static void fetch_lines(run *r, int last)
{
    for (; r->lines_done <= last; r->lines_done++) {
        float *planes[3];
        for (int c = 0; c < 3; c++) {
            float *line = r->lines + (gsize)(r->lines_done % LINES * 3 + c) * line_stride(r);
            line[0] = 0;
            planes[c] = line + 1;
        }
        r->source(r->lines_done, planes, r->data);
    }
}

static void make_stem_row(run *r, int y)
{
    const net_picture *out = &r->stages[0].picture;
    fetch_lines(r, 2 * y + 1);
    for (int x = 0; x < out->width; x += UNIT) {
        const float *lines[9];
        for (int i = 0; i < 9; i++)
            lines[i] = r->lines + (gsize)((2 * y - 1 + i / 3 + LINES) % LINES * 3 + i % 3) * line_stride(r) + 2 * x;
        r->desk.loops->stem_unit(r->net->stem, r->net->stem_bias, lines, r->desk.unit);
        r->desk.loops->keep(r->desk.unit, UNIT * MAP_STEM, out->half, net_pixel(out, y, x));
    }
    net_clear_margins(out, y, y + 1);
}

/* out = activation(in x matrix + bias), for n rows of floats. */
static void multiply(run *r, const net_matrix *m, const float *in, gsize in_stride, int n, net_activation activation, float *out,
                     gsize out_stride)
{
    net_result result = {.activation = activation};
    for (int first = 0; first < n; first += TILE_ROWS) {
        int count = MIN(TILE_ROWS, n - first);
        r->desk.loops->rows_set(&r->desk.rows, m, 0, count, in + (gsize)first * in_stride, in_stride);
        for (int i = 0; i < count; i++)
            result.out[i] = out + (gsize)(first + i) * out_stride;
        r->desk.loops->multiply(m, &r->desk.rows, count, &result);
    }
}

/* The same for a row of a picture. */
static void multiply_row(run *r, const net_matrix *m, const net_picture *in, int y, float *out)
{
    for (int x = 0; x < in->width; x += TILE_ROWS) {
        int count = MIN(TILE_ROWS, in->width - x);
        r->desk.loops->widen(net_pixel(in, y, x), (gsize)count * (gsize)in->channels, in->half, r->tile);
        multiply(r, m, r->tile, (gsize)in->channels, count, NET_LINEAR, out + (gsize)x * (gsize)m->n, (gsize)m->n);
    }
}

/* Rows of a block's picture for the neck. */
static void take_for_neck(run *r, int block, const net_picture *from, int first, int end)
{
    for (int k = 0; k < MAP_LEVELS; k++)
        for (int y = first; y < end && MAP_LATERALS[k].block == block; y++) {
            const net_picture *out = &r->narrow[k];
            multiply_row(r, &r->net->levels[k].narrow, from, y, r->row);
            r->desk.loops->add_rows(r->row, out->width, out->channels, r->narrow_sums[k]);
            r->desk.loops->keep(r->row, (gsize)out->width * (gsize)out->channels, out->half, net_pixel(out, y, 0));
        }
}

/* What the next block adds to its input. */
static float term_after(const run *r, int block)
{
    return block + 1 < MAP_BLOCKS ? r->net->blocks[block + 1].before.term : 0;
}

/* Makes rows of a stage up to the last one that is asked for. */
static void make_rows(run *r, int number, int last)
{
    stage *s = &r->stages[number];
    while (s->done <= last) {
        int first = s->done, block = number - 1;
        s->done = MIN(first + BATCH, s->picture.height);
        if (number == 0) {
            for (int y = first; y < s->done; y++)
                make_stem_row(r, y);
            continue;
        }
        const net_shape *shape = &MAP_SHAPES[block];
        const net_picture *in = &r->stages[number - 1].picture;
        make_rows(r, number - 1, MIN((s->done - 1) * shape->down + shape->side / 2, in->height - 1));
        net_tiles(&r->desk, &r->net->blocks[block], (guint)block, shape->down, in, NULL, term_after(r, block), &s->picture, first, s->done);
        take_for_neck(r, block, &s->picture, first, s->done);
    }
}

/* The blocks at 1/32, in two pictures in turn. */
static void run_deep(run *r)
{
    float gate[NET_MOST_CHANNELS] __attribute__((aligned(NET_ALIGNMENT)));
    net_picture at = r->stages[STAGES - 1].picture;
    int next = 1;
    for (int i = STAGES - 1; i < MAP_BLOCKS; i++) {
        const net_block *b = &r->net->blocks[i];
        const net_shape *s = &MAP_SHAPES[i];
        net_picture out = r->deep[next];
        if (s->gated) {
            net_picture middle = r->deep[1 - next];
            middle.channels = s->channels;
            net_gate(&r->desk, b, s, &at, &middle, gate);
            net_tiles(&r->desk, b, (guint)i, 1, &middle, gate, term_after(r, i), &out, 0, out.height);
        } else {
            next = 1 - next;
            out = r->deep[next];
            net_tiles(&r->desk, b, (guint)i, s->down, &at, NULL, term_after(r, i), &out, 0, out.height);
        }
        at = out;
    }
    take_for_neck(r, MAP_BLOCKS - 1, &at, 0, at.height);
}

static void find_gain(run *r, const map_gate *gate, const float *means, int channels, float *gain)
{
    float room[MAP_GATE] __attribute__((aligned(NET_ALIGNMENT)));
    net_squeeze(&r->desk, &gate->squeeze, &gate->widen, means, room, gain);
    for (int c = 0; c < channels; c++)
        gain[c] += 1;
}

/* The gain of a level's 96 channels: their means hang on the narrow picture's. */
static void find_level_gain(run *r, int level)
{
    const map_level *l = &r->net->levels[level];
    const net_picture *p = &r->narrow[level];
    float means[MAP_NECK];
    for (int c = 0; c < MAP_NECK; c++) {
        float sum = l->up == NULL ? r->narrow_sums[level][c] : 0;
        for (int i = 0; l->up != NULL && i < p->channels; i++)
            sum += r->narrow_sums[level][i] * l->up[i * MAP_NECK + c];
        means[c] = sum / (float)(p->width * p->height) + (l->up != NULL ? l->bias[c] : 0);
    }
    find_gain(r, &l->gate, means, MAP_NECK, r->gains[level]);
}

/* A matrix of taps, of the weights as they now are; bias: one for each product, or NULL. */
static void set_taps(run *r, int source, const net_picture *from, int channels, const float *weights, const float *bias)
{
    taps *t = &r->taps[source];
    net_packer p = {.loops = r->net->loops, .memory = t->packed};
    net_lay_matrix(&p, &t->matrix, channels, NET_PRODUCTS, r->net->neck);
    for (int i = 0; i < NET_PRODUCTS; i++)
        t->matrix.bias[i] = bias != NULL ? bias[i] : 0;
    net_fill_matrix(r->net->loops, &t->matrix, weights);
    t->from = from;
    t->done = 0;
}

/* From a level's narrow picture to the products of another level's convolution: widening, gain and taps as one matrix. */
static void join_weights(run *r, int source, int level)
{
    const map_level *l = &r->net->levels[source];
    int channels = MAP_LATERALS[source].channels;
    for (int i = 0; i <= channels; i++)
        for (int c = 0; c < MAP_NECK; c++) {
            float up = i == c;
            if (l->up != NULL)
                up = i < channels ? l->up[i * MAP_NECK + c] : l->bias[c];
            r->left[i * MAP_NECK + c] = up * r->gains[source][c];
        }
    multiply(r, &r->net->levels[level].taps, r->left, MAP_NECK, channels + 1, NET_LINEAR, r->weights, NET_PRODUCTS);
    set_taps(r, source, &r->narrow[source], channels, r->weights, r->weights + (gsize)channels * NET_PRODUCTS);
}

/* A row of a level's sums over the sources 0 .. n_sources - 1. */
static void sum_row(run *r, int level, int n_sources, int y, const float *bias)
{
    int width = r->wide[level].width, height = r->wide[level].height;
    for (int x = 0; x < width; x++)
        memcpy(r->row + (gsize)x * NET_SUMS, bias, NET_SUMS * sizeof *bias);
    for (int k = 0; k < n_sources; k++) {
        taps *t = &r->taps[k];
        int shift = level - k, last = MIN((y + 1) >> shift, t->from->height - 1);
        gsize stride = (gsize)t->from->width * NET_PRODUCTS;
        for (; t->done <= last; t->done++)
            multiply_row(r, &t->matrix, t->from, t->done, t->rows + (gsize)(t->done % PRODUCT_ROWS) * stride);
        const float *products[3];
        for (int i = 0; i < 3; i++) {
            int from = y + i - 1;
            products[i] = from >= 0 && from < height ? t->rows + (gsize)((from >> shift) % PRODUCT_ROWS) * stride : NULL;
        }
        float *columns = r->columns + NET_COLUMNS;
        r->desk.loops->tap_columns(products, t->from->width, columns);
        memset(columns + (gsize)t->from->width * NET_COLUMNS, 0, NET_COLUMNS * sizeof *columns);
        r->desk.loops->tap_spread(columns, width, shift, r->row);
    }
}

/* A level's convolution in the neck, and what the head makes of it: its gain goes into the head's weights. */
static void run_level(run *r, int level, float *gain)
{
    const map_level *l = &r->net->levels[level];
    const net_picture *out = &r->wide[level];
    float means[NET_SUMS] __attribute__((aligned(NET_ALIGNMENT))) = {0};
    for (int k = 0; k <= level; k++)
        join_weights(r, k, level);
    for (int y = 0; y < out->height; y++) {
        sum_row(r, level, level + 1, y, l->taps_bias);
        r->desk.loops->add_rows(r->row, out->width, NET_SUMS, means);
        r->desk.loops->keep(r->row, (gsize)out->width * NET_SUMS, out->half, net_pixel(out, y, 0));
    }
    for (int c = 0; c < NET_SUMS; c++)
        means[c] /= (float)(out->width * out->height);
    find_gain(r, &l->taps_gate, means, NET_SUMS, gain);
}

/* Pixels of the head's row become 4 x 4 of the map. */
static void enlarge(run *r, int y, int x, int count)
{
    float found[TILE_ROWS * MAP_HEAD_OUTPUTS];
    multiply(r, &r->net->twice, r->row + (gsize)x * NET_SUMS, NET_SUMS, count, NET_RELU, r->tile, 4 * NET_TAP_OUTPUTS);
    multiply(r, &r->net->four_times, r->tile, 4 * NET_TAP_OUTPUTS, count, NET_SIGMOID, found, MAP_HEAD_OUTPUTS);
    for (int row = 0; row < 4; row++) {
        float *out = r->map + (gsize)(4 * y + row) * (gsize)r->width + 4 * x;
        for (int i = 0; i < count; i++)
            memcpy(out + 4 * i, found + i * MAP_HEAD_OUTPUTS + 4 * row, 4 * sizeof *out);
    }
}

static void run_head(run *r, float gains[MAP_LEVELS][NET_SUMS])
{
    const net_picture *last = &r->wide[MAP_LEVELS - 1];
    for (int k = 0; k < MAP_LEVELS; k++) {
        for (int i = 0; i < NET_SUMS * NET_PRODUCTS; i++)
            r->weights[i] = r->net->levels[k].head[i] * gains[k][i / NET_PRODUCTS];
        set_taps(r, k, &r->wide[k], NET_SUMS, r->weights, NULL);
    }
    for (int y = 0; y < last->height; y++) {
        sum_row(r, MAP_LEVELS - 1, MAP_LEVELS, y, r->net->head_bias);
        r->desk.loops->rectify(r->row, (gsize)last->width * NET_SUMS);
        for (int x = 0; x < last->width; x += TILE_ROWS)
            enlarge(r, y, x, MIN(TILE_ROWS, last->width - x));
    }
}

bool bf_mapnet_run(const bf_mapnet *net, int width, int height, bf_mapnet_source source, gpointer data, float *map, GError **error)
{
    g_assert(width > 0 && height > 0 && width % GRID_PX == 0 && height % GRID_PX == 0);
    float gains[MAP_LEVELS][NET_SUMS];
    run r = {.net = net, .desk.loops = net->loops, .width = width, .height = height, .source = source, .data = data, .map = map};
    net_packer count = {.loops = net->loops};
    set_shapes(&r);
    lay(&r, &count);
    g_autofree guint8 *memory = g_try_malloc(count.n_memory + NET_ALIGNMENT);
    if (memory == NULL) {
        g_set_error_literal(error, BF_READER_ERROR, BF_READER_ERROR_RUN, _("not enough memory to look for lines"));
        return false;
    }
    net_packer packer = {.loops = net->loops, .memory = memory + (NET_ALIGNMENT - (guintptr)memory % NET_ALIGNMENT) % NET_ALIGNMENT};
    lay(&r, &packer);
    memset(r.lines, 0, LINES * 3 * line_stride(&r) * sizeof *r.lines); /* the line above the first is zeros */
    memset(r.columns, 0, NET_COLUMNS * sizeof *r.columns);
    make_rows(&r, STAGES - 1, r.stages[STAGES - 1].picture.height - 1);
    run_deep(&r);
    for (int k = 0; k < MAP_LEVELS; k++)
        find_level_gain(&r, k);
    for (int k = 0; k < MAP_LEVELS; k++)
        run_level(&r, k, gains[k]);
    run_head(&r, gains);
    return true;
}
