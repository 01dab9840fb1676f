/* Packing a network's weights as the loops take them (linenet). */
#pragma once
#include "read/linenet/network.h"

/* A network is walked twice in the same order: to count what it takes of the file and of memory, and to pack it. While it counts (`in` is
 * NULL) what these functions return is of no use. */
typedef struct {
    const net_loops *loops;
    const float *in; /* NULL: count only */
    gsize n_in;
    guint8 *memory;
    gsize n_memory;
} net_packer;

void *net_room(net_packer *p, gsize bytes);         /* of what is packed; at a multiple of NET_ALIGNMENT when the memory is */
const float *net_take(net_packer *p, gsize n);      /* the next n numbers, in the file */
const float *net_take_kept(net_packer *p, gsize n); /* a copy of them */
net_affine net_take_affine(net_packer *p);

/* k x n, then n of the bias. The set of instructions may not be able to do this kind: see bf_linenet_kind. */
void net_take_matrix(net_packer *p, net_matrix *m, int k, int n, bf_linenet_kind kind);
void net_take_block(net_packer *p, net_block *b, const net_shape *s, bool first, bf_linenet_kind kind);

/* A matrix that is worked out while a network runs: its room, of which the bias is the caller's to fill; then its k x n weights. */
void net_lay_matrix(net_packer *p, net_matrix *m, int k, int n, bf_linenet_kind kind);
void net_fill_matrix(const net_loops *loops, net_matrix *m, const float *weights);

/* Walks a network over a file's bytes, the magic word first. *memory holds what was packed. Fails (MODEL) when the bytes are not those of
 * the network, (RUN) without memory. */
enum { NET_MAGIC = 8 };
typedef void (*net_walk)(net_packer *p, void *net, bf_linenet_kind kind);
bool net_pack(const net_loops *loops, const char magic[NET_MAGIC], const void *weights, gsize size, net_walk walk, void *net,
              bf_linenet_kind kind, void **memory, GError **error) G_GNUC_WARN_UNUSED_RESULT;
