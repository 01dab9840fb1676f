/* PP-OCRv4's mobile recogniser without ONNX Runtime: an engine for this one network, on x86-64 with AVX2 (FMA, F16C) or
 * AVX-512 (sets.c).
 *
 * The network is PP-LCNetV3 with an SVTR neck and a CTC head (Cui et al., "PP-LCNet", 2021; Du et al., "SVTR", 2022), as models/rewrite.py
 * leaves it; models/flatten.py lays its weights out. A network is const once it is made: any number of threads may run it, each with a room
 * of its own. */
#pragma once
#include "blindfold/reader.h"

typedef struct bf_linenet bf_linenet;
typedef struct bf_linenet_room bf_linenet_room; /* what one thread works in */

/* How matrices are multiplied. FLOAT: as ONNX Runtime does. SHORT: whole numbers of 16 bits, activations scaled row by row and weights
 * output by output. BFLOAT: 8 bits of mantissa. INTEGER: the wide layers in whole numbers of 8 bits, neck and head as with BFLOAT. A set of
 * instructions without products of bfloats or bytes has SHORT in their place. All but FLOAT keep pictures in 16 bits (11 of mantissa)
 * between layers. */
typedef enum { BF_LINENET_FLOAT, BF_LINENET_SHORT, BF_LINENET_BFLOAT, BF_LINENET_INTEGER } bf_linenet_kind;

/* A set of instructions that the loops are compiled for. Of those that this processor has, the fastest comes first; NULL beyond the last
 * one, so that bf_linenet_set_get(0) tells whether the engine can run here at all. Static, with a name for people and logs. */
typedef struct bf_linenet_set bf_linenet_set;
const bf_linenet_set *bf_linenet_set_get(guint i);
const char *bf_linenet_set_name(const bf_linenet_set *set);

/* Packs the weights; the bytes are not needed afterwards. Fails (MODEL) when they are not those of the network, (RUN) without memory. */
bool bf_linenet_new(const void *weights, gsize size, bf_linenet_kind kind, const bf_linenet_set *set, bf_linenet **out,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
void bf_linenet_free(bf_linenet *net);
guint bf_linenet_n_classes(const bf_linenet *net);

bf_linenet_room *bf_linenet_room_new(void);
void bf_linenet_room_free(bf_linenet_room *room); /* wipes nothing: it holds activations, no text */

/* Whoever wants to know what each block (0 ..) multiplies with its matrix is told: a row of n inputs, not multiplied in whole numbers. For
 * calibration, see tests/bench/networks.c. */
typedef void (*bf_linenet_watcher)(guint block, const float *inputs, guint n, gpointer data);
void bf_linenet_watch(bf_linenet_room *room, bf_linenet_watcher watcher, gpointer data);

/* Called for each frame of a line, from left to right, with the logits of its classes. */
typedef void (*bf_linenet_sink)(guint frame, const float *logits, gpointer data);

/* Runs the network on a line of 48 rows: three planes of `width` columns, a multiple of 32, at least 64; a frame is 8 columns. The room
 * grows with the widest line. Fails (RUN) without memory, before the first frame. */
bool bf_linenet_run(const bf_linenet *net, bf_linenet_room *room, const float *input, int width, bf_linenet_sink sink, gpointer data,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Of a frame's n classes: the largest value; the sum of exp(value - top), where top is the largest. The same to the bit with every set;
 * made in the same steps as in the plain loops of recognise.c, which serve ONNX Runtime. */
float bf_linenet_largest(const bf_linenet *net, const float *values, guint n);
float bf_linenet_sum_exp(const bf_linenet *net, const float *values, guint n, float top);
