/* A line's way through the network. Pictures lie in two buffers in turn; the sequence of the neck goes into the one that is free. */
#include "read/linenet/network.h"
#include <glib/gi18n.h>

/* A picture has zeros on its left and right, as many as the widest kernel reaches beyond it. */
enum { MARGIN = 2, ALIGNMENT = 64, WIDTH_STEP_PX = 32, MIN_WIDTH_PX = 64, FRAME_PX = 8, HEAD_ROWS = 32, MAX_INPUTS = 6 * WIDE };

typedef struct {
    void *data;
    int height, width, channels;
    bool half;
} picture;

struct bf_linenet_room {
    const net_loops *loops; /* of the network that runs */
    void *memory;
    int width_px; /* of the widest line that fits */
    bool half;    /* only pictures in halves fit */
    float *lines; /* the input, each line with a zero before it */
    void *picture[2];
    float *unit, *logits;
    net_rows rows;
    bf_linenet_watcher watcher;
    gpointer watcher_data;
};

bf_linenet_room *bf_linenet_room_new(void)
{
    return g_new0(bf_linenet_room, 1);
}

void bf_linenet_room_free(bf_linenet_room *room)
{
    if (room == NULL)
        return;
    g_free(room->memory);
    g_free(room);
}

void bf_linenet_watch(bf_linenet_room *room, bf_linenet_watcher watcher, gpointer data)
{
    room->watcher = watcher;
    room->watcher_data = data;
}

static gsize picture_floats(int height, int width, int channels)
{
    return (gsize)height * (gsize)(width + 2 * MARGIN) * (gsize)channels;
}

/* Of the largest picture in the network. */
static gsize largest_picture(int width_px)
{
    int h = HEIGHT_PX / 2, w = width_px / 2;
    gsize most = picture_floats(h, w, STEM_CHANNELS);
    for (int i = 0; i < N_BLOCKS; i++) {
        const net_shape *s = &NET_BLOCKS[i];
        h /= s->down;
        w /= s->across;
        most = MAX(most, picture_floats(h, w, MAX(s->channels, s->outputs)));
    }
    return most;
}

static int line_stride(int width_px)
{
    return width_px + LANES;
}

static float *floats(guint8 **at, gsize n)
{
    float *here = (float *)(void *)*at;
    *at += (n * sizeof(float) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    return here;
}

static gsize element_bytes(bool half)
{
    return half ? sizeof(guint16) : sizeof(float);
}

/* Widths in steps, so that a room does not grow with each line that is a little wider. */
static bool grow(bf_linenet_room *room, int width_px, bool half, GError **error)
{
    enum { STEP_PX = 512 };
    if (width_px <= room->width_px && (half || !room->half))
        return true;
    g_free(room->memory);
    room->width_px = 0;
    int width = (width_px + STEP_PX - 1) / STEP_PX * STEP_PX;
    gsize n_lines = (gsize)(3 * (HEIGHT_PX + 2)) * (gsize)line_stride(width);
    gsize n_picture = largest_picture(width) * element_bytes(half) / sizeof(float);
    gsize n_unit = UNIT * WIDE, n_logits = (gsize)HEAD_ROWS * (N_CLASSES + LANES), n_rows = (gsize)TILE_ROWS * MAX_INPUTS;
    room->memory = g_try_malloc((n_lines + 2 * n_picture + n_unit + n_logits + n_rows) * sizeof(float) + 7 * ALIGNMENT);
    if (room->memory == NULL) {
        g_set_error_literal(error, BF_READER_ERROR, BF_READER_ERROR_RUN, _("not enough memory for a line"));
        return false;
    }
    guint8 *at = room->memory;
    at += (ALIGNMENT - (guintptr)at % ALIGNMENT) % ALIGNMENT;
    room->lines = floats(&at, n_lines);
    room->picture[0] = floats(&at, n_picture);
    room->picture[1] = floats(&at, n_picture);
    room->unit = floats(&at, n_unit);
    room->logits = floats(&at, n_logits);
    room->rows.words = (guint32 *)(void *)floats(&at, n_rows);
    room->width_px = width;
    room->half = half;
    return true;
}

static void *pixel(const picture *p, int y, int x)
{
    gsize at = ((gsize)y * (gsize)(p->width + 2 * MARGIN) + (gsize)(x + MARGIN)) * (gsize)p->channels;
    return (guint8 *)p->data + at * element_bytes(p->half);
}

static void clear_margins(const picture *p)
{
    gsize bytes = MARGIN * (gsize)p->channels * element_bytes(p->half);
    for (int y = 0; y < p->height; y++) {
        memset(pixel(p, y, -MARGIN), 0, bytes);
        memset(pixel(p, y, p->width), 0, bytes);
    }
}

/* The planes' lines with a zero before each, and a line of zeros above and below. */
static void lay_lines(bf_linenet_room *room, const float *input, int width_px)
{
    int stride = line_stride(width_px);
    for (int plane = 0; plane < 3; plane++)
        for (int y = -1; y <= HEIGHT_PX; y++) {
            float *out = room->lines + (gsize)((y + 1) * 3 + plane) * (gsize)stride;
            out[0] = 0;
            if (y < 0 || y == HEIGHT_PX)
                memset(out, 0, sizeof *out * (gsize)stride);
            else
                memcpy(out + 1, input + (gsize)(plane * HEIGHT_PX + y) * (gsize)width_px, sizeof *out * (gsize)width_px);
        }
}

static void run_stem(const bf_linenet *net, bf_linenet_room *room, int width_px, picture *out)
{
    gsize stride = (gsize)line_stride(width_px);
    *out = (picture){room->picture[0], HEIGHT_PX / 2, width_px / 2, STEM_CHANNELS, net->half};
    for (int y = 0; y < out->height; y++)
        for (int x = 0; x < out->width; x += UNIT) {
            const float *lines[9];
            for (int i = 0; i < 9; i++)
                lines[i] = room->lines + (gsize)(2 * y * 3 + i) * stride + 2 * x;
            room->loops->stem_unit(net->stem, net->stem_bias, lines, room->unit);
            room->loops->keep(room->unit, UNIT * STEM_CHANNELS, out->half, pixel(out, y, x));
        }
    clear_margins(out);
}

static void depthwise(const net_depthwise *d, bf_linenet_room *room, const picture *in, int y, int x)
{
    const void *rows[5];
    int reach = d->side / 2;
    for (int k = 0; k < d->side; k++) {
        int from = y + k - reach;
        rows[k] = from >= 0 && from < in->height ? pixel(in, from, x * d->step - reach) : NULL;
    }
    room->loops->depthwise_unit(d, rows, room->unit);
}

/* Depthwise convolution first, in full: the gate is made of its mean. */
static void run_gate(const net_block *b, const net_shape *s, bf_linenet_room *room, const picture *in, const picture *out, float *gate)
{
    float sums[WIDE] __attribute__((aligned(ALIGNMENT))) = {0}, middle[WIDE] __attribute__((aligned(ALIGNMENT)));
    for (int x = 0; x < out->width; x += UNIT)
        for (int y = 0; y < out->height; y++) {
            depthwise(&b->depthwise, room, in, y * s->down, x);
            room->loops->add_rows(room->unit, UNIT, out->channels, sums);
            room->loops->keep(room->unit, UNIT * (gsize)out->channels, out->half, pixel(out, y, x));
        }
    for (int c = 0; c < out->channels; c++)
        sums[c] /= (float)(out->width * out->height);
    net_result to_middle = {.activation = NET_RELU, .out = {middle}}, to_gate = {.activation = NET_HARD_SIGMOID, .out = {gate}};
    room->loops->rows_set(&room->rows, &b->squeeze, 0, 1, sums, 0);
    room->loops->multiply(&b->squeeze, &room->rows, 1, &to_middle);
    room->loops->rows_set(&room->rows, &b->gate, 0, 1, middle, 0);
    room->loops->multiply(&b->gate, &room->rows, 1, &to_gate);
}

static void tell_watcher(const bf_linenet_room *room, guint block, int channels)
{
    for (int i = 0; room->watcher != NULL && i < UNIT; i++)
        room->watcher(block, room->unit + i * channels, (guint)channels, room->watcher_data);
}

/* Tiles of two units across and three or four rows down, from top to bottom: what a tile's kernels cover stays in the cache for the next
 * one. */
static void run_tiles(const net_block *b, guint number, int down, bf_linenet_room *room, const picture *in, const float *gate, float after,
                      const picture *out)
{
    enum { ACROSS = 2 };
    int rows = out->height % 4 == 0 ? 4 : 3;
    net_result result = {.activation = NET_HARD_SWISH, .after = after, .half = out->half};
    for (int x0 = 0; x0 < out->width; x0 += ACROSS * UNIT)
        for (int y0 = 0; y0 < out->height; y0 += rows) {
            int n = 0;
            for (int y = y0; y < y0 + rows; y++)
                for (int x = x0; x < MIN(x0 + ACROSS * UNIT, out->width); x += UNIT, n += UNIT) {
                    if (gate != NULL)
                        room->loops->gate_unit(pixel(in, y, x), in->half, in->channels, b->gain, gate, room->unit);
                    else
                        depthwise(&b->depthwise, room, in, y * down, x);
                    tell_watcher(room, number, in->channels);
                    room->loops->rows_set(&room->rows, &b->point, n, UNIT, room->unit, (gsize)in->channels);
                    for (int i = 0; i < UNIT; i++)
                        result.out[n + i] = pixel(out, y, x + i);
                }
            room->loops->multiply(&b->point, &room->rows, n, &result);
        }
    clear_margins(out);
}

static void run_block(const bf_linenet *net, guint number, bf_linenet_room *room, picture *at)
{
    const net_block *b = &net->blocks[number];
    const net_shape *s = &NET_BLOCKS[number];
    float after = number + 1 < N_BLOCKS ? net->blocks[number + 1].before.term : 0; /* what the next block adds to its input */
    float gate[WIDE] __attribute__((aligned(ALIGNMENT)));
    bool in_first = at->data == room->picture[0];
    void *own = room->picture[in_first ? 0 : 1], *other = room->picture[in_first ? 1 : 0];
    int height = at->height / s->down, width = at->width / s->across;
    if (s->gated) {
        picture middle = {other, height, width, s->channels, at->half}, out = {own, height, width, s->outputs, at->half};
        run_gate(b, s, room, at, &middle, gate);
        run_tiles(b, number, 1, room, &middle, gate, after, &out);
        *at = out;
    } else {
        picture out = {other, height, width, s->outputs, at->half};
        run_tiles(b, number, s->down, room, at, NULL, after, &out);
        *at = out;
    }
}

/* out = activation(in x matrix + bias) for each frame. */
static void multiply(const net_matrix *m, bf_linenet_room *room, const float *in, gsize in_stride, int n, net_activation activation,
                     float *out, gsize out_stride)
{
    for (int first = 0; first < n; first += TILE_ROWS) {
        int count = MIN(TILE_ROWS, n - first);
        net_result result = {.activation = activation};
        room->loops->rows_set(&room->rows, m, 0, count, in + (gsize)first * in_stride, in_stride);
        for (int i = 0; i < count; i++)
            result.out[i] = out + (gsize)(first + i) * out_stride;
        room->loops->multiply(m, &room->rows, count, &result);
    }
}

/* What the neck works in. Sequences that a convolution of three frames goes over have a frame of zeros at each end. */
typedef struct {
    float *in, *both, *x, *y, *wide, *attention;
} sequences;

static sequences lay_sequences(float *buffer, int n)
{
    guint8 *at = (guint8 *)buffer;
    sequences s;
    gsize frames = (gsize)n;
    s.in = floats(&at, (frames + 2) * WIDE);
    s.both = floats(&at, (frames + 2) * 2 * WIDE);
    s.x = floats(&at, frames * FILLED);
    s.y = floats(&at, frames * FILLED);
    s.wide = floats(&at, frames * 3 * FILLED);
    s.attention = floats(&at, net_attention_room(n));
    memset(s.in, 0, sizeof(float) * WIDE);
    memset(s.in + (frames + 1) * WIDE, 0, sizeof(float) * WIDE);
    memset(s.both, 0, sizeof(float) * 2 * WIDE);
    memset(s.both + (frames + 1) * 2 * WIDE, 0, sizeof(float) * 2 * WIDE);
    return s;
}

static void run_layer(const net_layer *l, bf_linenet_room *room, const sequences *s, int n)
{
    gsize all = (gsize)n * FILLED;
    room->loops->norm(s->x, n, CHANNELS, l->before_mixing.gamma, l->before_mixing.beta, 1e-5F, s->y);
    multiply(&l->qkv, room, s->y, FILLED, n, NET_LINEAR, s->wide, 3 * FILLED);
    room->loops->attention(s->wide, n, s->y, s->attention);
    multiply(&l->project, room, s->y, FILLED, n, NET_LINEAR, s->wide, FILLED);
    room->loops->add(s->wide, all, s->x);
    room->loops->norm(s->x, n, CHANNELS, l->before_widening.gamma, l->before_widening.beta, 1e-5F, s->y);
    multiply(&l->widen, room, s->y, FILLED, n, NET_SWISH, s->wide, 2 * CHANNELS);
    multiply(&l->narrow, room, s->wide, 2 * CHANNELS, n, NET_LINEAR, s->y, FILLED);
    room->loops->add(s->y, all, s->x);
}

/* From the last picture to n frames of FILLED channels, in s.y. */
static sequences run_neck(const bf_linenet *net, bf_linenet_room *room, const picture *last, int n)
{
    sequences s = lay_sequences(room->picture[last->data == room->picture[0] ? 1 : 0], n);
    for (int t = 0; t < n; t++) {
        const void *rows[3] = {pixel(last, 0, 2 * t), pixel(last, 1, 2 * t), pixel(last, 2, 2 * t)};
        room->loops->pool(rows, last->half, WIDE, net->into_neck, s.in + (gsize)(t + 1) * WIDE, net->around,
                          s.both + (gsize)(t + 1) * 2 * WIDE);
    }
    multiply(&net->neck_in, room, s.in, WIDE, n, NET_SWISH, s.y, 64);
    multiply(&net->neck_up, room, s.y, 64, n, NET_SWISH, s.x, FILLED);
    for (int i = 0; i < N_LAYERS; i++)
        run_layer(&net->layers[i], room, &s, n);
    room->loops->norm(s.x, n, CHANNELS, net->last_norm.gamma, net->last_norm.beta, 1e-6F, s.y);
    multiply(&net->neck_out, room, s.y, FILLED, n, NET_SWISH, s.both + 2 * WIDE + WIDE, 2 * WIDE);
    multiply(&net->neck_back, room, s.both, 2 * WIDE, n, NET_SWISH, s.x, 64);
    multiply(&net->neck_up_again, room, s.x, 64, n, NET_SWISH, s.y, FILLED);
    return s;
}

bool bf_linenet_run(const bf_linenet *net, bf_linenet_room *room, const float *input, int width, bf_linenet_sink sink, gpointer data,
                    GError **error)
{
    g_assert(width >= MIN_WIDTH_PX && width % WIDTH_STEP_PX == 0);
    if (!grow(room, width, net->half, error))
        return false;
    room->loops = net->loops;
    picture at;
    lay_lines(room, input, width);
    run_stem(net, room, width, &at);
    for (guint i = 0; i < N_BLOCKS; i++)
        run_block(net, i, room, &at);
    int n = width / FRAME_PX;
    sequences s = run_neck(net, room, &at, n);
    gsize stride = (gsize)net->head.n;
    for (int first = 0; first < n; first += HEAD_ROWS) {
        int count = MIN(HEAD_ROWS, n - first);
        multiply(&net->head, room, s.y + (gsize)first * FILLED, FILLED, count, NET_LINEAR, room->logits, stride);
        for (int i = 0; i < count; i++)
            sink((guint)(first + i), room->logits + (gsize)i * stride, data);
    }
    return true;
}
