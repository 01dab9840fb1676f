/* Pictures of the engines, and the way of a depthwise convolution and a matrix over them, tile by tile (linenet). */
#pragma once
#include "read/linenet/network.h"

/* A picture has zeros on its left and right, as many as the widest kernel reaches beyond it. */
enum { NET_MARGIN = 2, NET_WHOLE = G_MAXINT32 };

/* Rows of a picture. Of one that is not kept as a whole the last 2^n rows are there: row y lies at y & mask. */
typedef struct {
    void *data;
    int height, width, channels;
    bool half;
    int mask; /* NET_WHOLE, or 2^n - 1 */
} net_picture;

/* What one thread works on. unit: UNIT pixels of the most channels; rows.words: TILE_ROWS rows of the widest matrix. */
typedef struct {
    const net_loops *loops;
    float *unit;
    net_rows rows;
    bf_linenet_watcher watcher;
    gpointer watcher_data;
} net_desk;

static inline gsize net_element_bytes(bool half)
{
    return half ? sizeof(guint16) : sizeof(float);
}

/* Elements of `rows` rows. */
static inline gsize net_picture_elements(int rows, int width, int channels)
{
    return (gsize)rows * (gsize)(width + 2 * NET_MARGIN) * (gsize)channels;
}

static inline void *net_pixel(const net_picture *p, int y, int x)
{
    gsize at = ((gsize)(y & p->mask) * (gsize)(p->width + 2 * NET_MARGIN) + (gsize)(x + NET_MARGIN)) * (gsize)p->channels;
    return (guint8 *)p->data + at * net_element_bytes(p->half);
}

/* Lays n elements down at *at, which moves on. */
void *net_lay(guint8 **at, gsize n, gsize element_bytes);

/* Zeros to the left and right of rows first .. end - 1. */
void net_clear_margins(const net_picture *p, int first, int end);

/* UNIT pixels of the depthwise convolution's row y of the input, from x on, into the unit. Reads up to 16 pixels beyond the row's margin.
 */
void net_depthwise_at(const net_desk *desk, const net_depthwise *d, const net_picture *in, int y, int x);

/* gate = HardSigmoid(ReLU(in x squeeze) x widen), of one row; the room holds what comes between. */
void net_squeeze(net_desk *desk, const net_matrix *squeeze, const net_matrix *widen, const float *in, float *room, float *gate);

/* Depthwise convolution first, in full, into `middle`: the gate (a factor for each channel) is made of its mean. */
void net_gate(net_desk *desk, const net_block *b, const net_shape *s, const net_picture *in, const net_picture *middle, float *gate);

/* Rows first .. end - 1 of a block: out = HardSwish(depthwise(in) x matrix + bias) + after, margins and all; with a gate the depthwise
 * convolution is there already, and the gate and its gain go over it. number: which block, for the watcher. */
void net_tiles(net_desk *desk, const net_block *b, guint number, int down, const net_picture *in, const float *gate, float after,
               const net_picture *out, int first, int end);
