/* The detector's shape and its packed weights (linenet). */
#pragma once
#include "read/linenet/mapnet.h"
#include "read/linenet/pack.h"

/* Levels of the neck, the deepest first: pictures of 1/32, 1/16, 1/8 and 1/4 of the input. A level's convolution goes over the sum of its
 * own picture and the deeper ones', enlarged. */
enum { MAP_BLOCKS = 14, MAP_LEVELS = 4, MAP_STEM = 16, MAP_NECK = 96, MAP_GATE = 32, MAP_HEAD_OUTPUTS = 16 };

extern const net_shape MAP_SHAPES[MAP_BLOCKS];
/* Of each level: the block behind which its picture is taken, and how many channels that is narrowed to. */
extern const struct {
    int block, channels;
} MAP_LATERALS[MAP_LEVELS];

typedef struct {
    net_matrix squeeze, widen;
} map_gate;

typedef struct {
    net_matrix narrow;      /* from the block's picture */
    const float *up, *bias; /* from there to the neck's channels; NULL: they are those. Never a picture: see mapnet_run.c */
    map_gate gate;          /* of the neck's channels */
    net_matrix taps;        /* the convolution, in floats: from the neck's channels to the products of its taps */
    const float *taps_bias;
    map_gate taps_gate;
    const float *head; /* the head's convolution, of what this level's gives */
} map_level;

struct bf_mapnet {
    const net_loops *loops;
    void *memory;
    bool half;
    bf_linenet_kind neck;
    const float *stem, *stem_bias;
    net_block blocks[MAP_BLOCKS];
    map_level levels[MAP_LEVELS];
    const float *head_bias;
    net_matrix twice, four_times; /* transposed convolutions: to 2 x 2 pixels of 24 channels, and these to 4 x 4 of one */
};
