#include "read/linenet/tiles.h"

void *net_lay(guint8 **at, gsize n, gsize element_bytes)
{
    void *here = *at;
    *at += (n * element_bytes + NET_ALIGNMENT - 1) / NET_ALIGNMENT * NET_ALIGNMENT;
    return here;
}

void net_clear_margins(const net_picture *p, int first, int end)
{
    gsize bytes = NET_MARGIN * (gsize)p->channels * net_element_bytes(p->half);
    for (int y = first; y < end; y++) {
        memset(net_pixel(p, y, -NET_MARGIN), 0, bytes);
        memset(net_pixel(p, y, p->width), 0, bytes);
    }
}

void net_depthwise_at(const net_desk *desk, const net_depthwise *d, const net_picture *in, int y, int x)
{
    const void *rows[5];
    int reach = d->side / 2;
    for (int k = 0; k < d->side; k++) {
        int from = y + k - reach;
        rows[k] = from >= 0 && from < in->height ? net_pixel(in, from, x * d->step - reach) : NULL;
    }
    desk->loops->depthwise_unit(d, rows, desk->unit);
}

void net_gate(net_desk *desk, const net_block *b, const net_shape *s, const net_picture *in, const net_picture *middle, float *gate)
{
    float sums[NET_MOST_CHANNELS] __attribute__((aligned(NET_ALIGNMENT))) = {0};
    float squeezed[NET_MOST_CHANNELS] __attribute__((aligned(NET_ALIGNMENT)));
    for (int x = 0; x < middle->width; x += UNIT)
        for (int y = 0; y < middle->height; y++) {
            int count = MIN(UNIT, middle->width - x);
            net_depthwise_at(desk, &b->depthwise, in, y * s->down, x);
            desk->loops->add_rows(desk->unit, count, middle->channels, sums);
            desk->loops->keep(desk->unit, (gsize)count * (gsize)middle->channels, middle->half, net_pixel(middle, y, x));
        }
    for (int c = 0; c < middle->channels; c++)
        sums[c] /= (float)(middle->width * middle->height);
    net_squeeze(desk, &b->squeeze, &b->gate, sums, squeezed, gate);
}

void net_squeeze(net_desk *desk, const net_matrix *squeeze, const net_matrix *widen, const float *in, float *room, float *gate)
{
    net_result to_room = {.activation = NET_RELU, .out = {room}}, to_gate = {.activation = NET_HARD_SIGMOID, .out = {gate}};
    desk->loops->rows_set(&desk->rows, squeeze, 0, 1, in, 0);
    desk->loops->multiply(squeeze, &desk->rows, 1, &to_room);
    desk->loops->rows_set(&desk->rows, widen, 0, 1, room, 0);
    desk->loops->multiply(widen, &desk->rows, 1, &to_gate);
}

static void tell_watcher(const net_desk *desk, guint block, int count, int channels)
{
    for (int i = 0; desk->watcher != NULL && i < count; i++)
        desk->watcher(block, desk->unit + i * channels, (guint)channels, desk->watcher_data);
}

/* Tiles of two units across and three or four rows down, from top to bottom: what a tile's kernels cover stays in the cache for the next
 * one. */
void net_tiles(net_desk *desk, const net_block *b, guint number, int down, const net_picture *in, const float *gate, float after,
               const net_picture *out, int first, int end)
{
    enum { ACROSS = 2 };
    int rows = (end - first) % 3 == 0 && (end - first) % 4 != 0 ? 3 : 4;
    net_result result = {.activation = NET_HARD_SWISH, .after = after, .half = out->half};
    for (int x0 = 0; x0 < out->width; x0 += ACROSS * UNIT)
        for (int y0 = first; y0 < end; y0 += rows) {
            int n = 0, x_end = MIN(x0 + ACROSS * UNIT, out->width);
            for (int y = y0; y < MIN(y0 + rows, end); y++)
                for (int x = x0, count; x < x_end; x += UNIT, n += count) {
                    count = MIN(UNIT, x_end - x);
                    if (gate != NULL)
                        desk->loops->gate_unit(net_pixel(in, y, x), in->half, in->channels, b->gain, gate, desk->unit);
                    else
                        net_depthwise_at(desk, &b->depthwise, in, y * down, x);
                    tell_watcher(desk, number, count, in->channels);
                    desk->loops->rows_set(&desk->rows, &b->point, n, count, desk->unit, (gsize)in->channels);
                    for (int i = 0; i < count; i++)
                        result.out[n + i] = net_pixel(out, y, x + i);
                }
            desk->loops->multiply(&b->point, &desk->rows, n, &result);
        }
    net_clear_margins(out, first, end);
}
