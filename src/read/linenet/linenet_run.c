/* A line's way through the network. Pictures lie in two buffers in turn; the sequence of the neck goes into the one that is free. */
#include "read/linenet/tiles.h"
#include <glib/gi18n.h>

enum { WIDTH_STEP_PX = 32, MIN_WIDTH_PX = 64, FRAME_PX = 8, HEAD_ROWS = 32, MAX_INPUTS = 6 * WIDE };

struct bf_linenet_room {
    net_desk desk; /* its loops: of the network that runs */
    void *memory;
    int width_px; /* of the widest line that fits */
    bool half;    /* only pictures in halves fit */
    float *lines; /* the input, each line with a zero before it */
    void *picture[2];
    float *logits;
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
    room->desk.watcher = watcher;
    room->desk.watcher_data = data;
}

/* Of the largest picture in the network. */
static gsize largest_picture(int width_px)
{
    int h = HEIGHT_PX / 2, w = width_px / 2;
    gsize most = net_picture_elements(h, w, STEM_CHANNELS);
    for (int i = 0; i < N_BLOCKS; i++) {
        const net_shape *s = &NET_BLOCKS[i];
        h /= s->down;
        w /= s->across;
        most = MAX(most, net_picture_elements(h, w, MAX(s->channels, s->outputs)));
    }
    return most;
}

static int line_stride(int width_px)
{
    return width_px + LANES;
}

static float *floats(guint8 **at, gsize n)
{
    return net_lay(at, n, sizeof(float));
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
    gsize n_picture = largest_picture(width) * net_element_bytes(half) / sizeof(float);
    gsize n_unit = UNIT * WIDE, n_logits = (gsize)HEAD_ROWS * (N_CLASSES + LANES), n_rows = (gsize)TILE_ROWS * MAX_INPUTS;
    room->memory = g_try_malloc((n_lines + 2 * n_picture + n_unit + n_logits + n_rows) * sizeof(float) + 7 * NET_ALIGNMENT);
    if (room->memory == NULL) {
        g_set_error_literal(error, BF_READER_ERROR, BF_READER_ERROR_RUN, _("not enough memory for a line"));
        return false;
    }
    guint8 *at = room->memory;
    at += (NET_ALIGNMENT - (guintptr)at % NET_ALIGNMENT) % NET_ALIGNMENT;
    room->lines = floats(&at, n_lines);
    room->picture[0] = floats(&at, n_picture);
    room->picture[1] = floats(&at, n_picture);
    room->desk.unit = floats(&at, n_unit);
    room->logits = floats(&at, n_logits);
    room->desk.rows.words = (guint32 *)(void *)floats(&at, n_rows);
    room->width_px = width;
    room->half = half;
    return true;
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

static void run_stem(const bf_linenet *net, bf_linenet_room *room, int width_px, net_picture *out)
{
    gsize stride = (gsize)line_stride(width_px);
    *out = (net_picture){room->picture[0], HEIGHT_PX / 2, width_px / 2, STEM_CHANNELS, net->half, NET_WHOLE};
    for (int y = 0; y < out->height; y++)
        for (int x = 0; x < out->width; x += UNIT) {
            const float *lines[9];
            for (int i = 0; i < 9; i++)
                lines[i] = room->lines + (gsize)(2 * y * 3 + i) * stride + 2 * x;
            room->desk.loops->stem_unit(net->stem, net->stem_bias, lines, room->desk.unit);
            room->desk.loops->keep(room->desk.unit, UNIT * STEM_CHANNELS, out->half, net_pixel(out, y, x));
        }
    net_clear_margins(out, 0, out->height);
}

static void run_block(const bf_linenet *net, guint number, bf_linenet_room *room, net_picture *at)
{
    const net_block *b = &net->blocks[number];
    const net_shape *s = &NET_BLOCKS[number];
    float after = number + 1 < N_BLOCKS ? net->blocks[number + 1].before.term : 0; /* what the next block adds to its input */
    float gate[WIDE] __attribute__((aligned(NET_ALIGNMENT)));
    bool in_first = at->data == room->picture[0];
    void *own = room->picture[in_first ? 0 : 1], *other = room->picture[in_first ? 1 : 0];
    int height = at->height / s->down, width = at->width / s->across;
    net_picture out = {s->gated ? own : other, height, width, s->outputs, at->half, NET_WHOLE};
    if (s->gated) {
        net_picture middle = {other, height, width, s->channels, at->half, NET_WHOLE};
        net_gate(&room->desk, b, s, at, &middle, gate);
        net_tiles(&room->desk, b, number, 1, &middle, gate, after, &out, 0, height);
    } else {
        net_tiles(&room->desk, b, number, s->down, at, NULL, after, &out, 0, height);
    }
    *at = out;
}

/* out = activation(in x matrix + bias) for each frame. */
static void multiply(const net_matrix *m, bf_linenet_room *room, const float *in, gsize in_stride, int n, net_activation activation,
                     float *out, gsize out_stride)
{
    for (int first = 0; first < n; first += TILE_ROWS) {
        int count = MIN(TILE_ROWS, n - first);
        net_result result = {.activation = activation};
        room->desk.loops->rows_set(&room->desk.rows, m, 0, count, in + (gsize)first * in_stride, in_stride);
        for (int i = 0; i < count; i++)
            result.out[i] = out + (gsize)(first + i) * out_stride;
        room->desk.loops->multiply(m, &room->desk.rows, count, &result);
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
    room->desk.loops->norm(s->x, n, CHANNELS, l->before_mixing.gamma, l->before_mixing.beta, 1e-5F, s->y);
    multiply(&l->qkv, room, s->y, FILLED, n, NET_LINEAR, s->wide, 3 * FILLED);
    room->desk.loops->attention(s->wide, n, s->y, s->attention);
    multiply(&l->project, room, s->y, FILLED, n, NET_LINEAR, s->wide, FILLED);
    room->desk.loops->add(s->wide, all, s->x);
    room->desk.loops->norm(s->x, n, CHANNELS, l->before_widening.gamma, l->before_widening.beta, 1e-5F, s->y);
    multiply(&l->widen, room, s->y, FILLED, n, NET_SWISH, s->wide, 2 * CHANNELS);
    multiply(&l->narrow, room, s->wide, 2 * CHANNELS, n, NET_LINEAR, s->y, FILLED);
    room->desk.loops->add(s->y, all, s->x);
}

/* From the last picture to n frames of FILLED channels, in s.y. */
static sequences run_neck(const bf_linenet *net, bf_linenet_room *room, const net_picture *last, int n)
{
    sequences s = lay_sequences(room->picture[last->data == room->picture[0] ? 1 : 0], n);
    for (int t = 0; t < n; t++) {
        const void *rows[3] = {net_pixel(last, 0, 2 * t), net_pixel(last, 1, 2 * t), net_pixel(last, 2, 2 * t)};
        room->desk.loops->pool(rows, last->half, WIDE, net->into_neck, s.in + (gsize)(t + 1) * WIDE, net->around,
                               s.both + (gsize)(t + 1) * 2 * WIDE);
    }
    multiply(&net->neck_in, room, s.in, WIDE, n, NET_SWISH, s.y, 64);
    multiply(&net->neck_up, room, s.y, 64, n, NET_SWISH, s.x, FILLED);
    for (int i = 0; i < N_LAYERS; i++)
        run_layer(&net->layers[i], room, &s, n);
    room->desk.loops->norm(s.x, n, CHANNELS, net->last_norm.gamma, net->last_norm.beta, 1e-6F, s.y);
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
    room->desk.loops = net->loops;
    net_picture at;
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
