/* The recogniser's shape and its packed weights, and what the detector shares with it (linenet). */
#pragma once
#include "read/linenet/loops.h"

enum { HEIGHT_PX = 48, STEM_CHANNELS = 16, N_BLOCKS = 14, N_LAYERS = 2, CHANNELS = 120, FILLED = 128, WIDE = 480, N_CLASSES = 6625 };

struct bf_linenet_set {
    const char *name;
    const net_loops *loops;
};

enum { NET_MOST_CHANNELS = 480, NET_ALIGNMENT = 64 };

/* A depthwise convolution, perhaps a gate, and a matrix. */
typedef struct {
    int channels, side, down, across;
    bool gated;
    int outputs;
} net_shape;

typedef struct {
    net_depthwise depthwise;
    net_matrix squeeze, gate, point;
    net_affine before, gain; /* before the depthwise convolution; of what is gated */
} net_block;
typedef struct {
    const float *gamma, *beta;
} net_norm_weights;
typedef struct {
    net_norm_weights before_mixing, before_widening;
    net_matrix qkv, project, widen, narrow;
} net_layer;

extern const net_shape NET_BLOCKS[N_BLOCKS];

struct bf_linenet {
    const net_loops *loops;
    void *memory; /* of all that is packed */
    bool half;    /* pictures */
    const float *stem, *stem_bias;
    net_block blocks[N_BLOCKS];
    net_affine into_neck, around; /* of what goes into the neck, and past it */
    net_matrix neck_in, neck_up, neck_out, neck_back, neck_up_again, head;
    net_layer layers[N_LAYERS];
    net_norm_weights last_norm;
};
