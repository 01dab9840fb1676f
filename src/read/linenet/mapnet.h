/* PP-OCRv4's mobile detector without ONNX Runtime: an engine for this one network, made of the recogniser's loops (linenet).
 *
 * The network is PP-LCNetV3 with an RSE-FPN neck and a DB head (Cui et al., "PP-LCNet", 2021; Liao et al., "Real-time Scene Text Detection
 * with Differentiable Binarization", 2020; PP-OCRv3's neck), as models/rewrite.py leaves it; models/flatten.py lays its weights out. A
 * network is const once it is made: any number of threads may run it. */
#pragma once
#include "read/linenet/linenet.h"

typedef struct bf_mapnet bf_mapnet;

/* Packs the weights; the bytes are not needed afterwards. Fails (MODEL) when they are not those of the network, (RUN) without memory. */
bool bf_mapnet_new(const void *weights, gsize size, bf_linenet_kind kind, const bf_linenet_set *set, bf_mapnet **out,
                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
void bf_mapnet_free(bf_mapnet *net);

/* Fills in a row of the input, three planes of `width` numbers. Asked for each row once, from top to bottom. */
typedef void (*bf_mapnet_source)(int y, float *const planes[3], gpointer data);

/* Runs the network on a picture of width x height px, multiples of 32: map takes as many probabilities, row by row. What it works in comes
 * from the heap and goes back there. Fails (RUN) without memory, before the first row. */
bool bf_mapnet_run(const bf_mapnet *net, int width, int height, bf_mapnet_source source, gpointer data, float *map,
                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
