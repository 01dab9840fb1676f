#include "read/linenet/linenet.h"
#include "read/linenet/pack.h"

const net_shape NET_BLOCKS[N_BLOCKS] = {
    {16, 3, 1, 1, false, 32},   {32, 3, 1, 1, false, 64},   {64, 3, 1, 1, false, 64},   {64, 3, 2, 1, false, 128},
    {128, 3, 1, 1, false, 128}, {128, 3, 1, 2, false, 240}, {240, 5, 1, 1, false, 240}, {240, 5, 1, 1, false, 240},
    {240, 5, 1, 1, false, 240}, {240, 5, 1, 1, false, 240}, {240, 5, 2, 1, true, 480},  {480, 5, 1, 1, true, 480},
    {480, 5, 2, 1, false, 480}, {480, 5, 1, 1, false, 480},
};

static const char MAGIC[NET_MAGIC] = {'B', 'F', 'L', 'I', 'N', 'E', '1', '\n'};

static net_norm_weights take_norm(net_packer *p)
{
    const float *gamma = net_take_kept(p, FILLED);
    return (net_norm_weights){gamma, net_take_kept(p, FILLED)};
}

static void take_network(net_packer *p, void *network, bf_linenet_kind kind)
{
    bf_linenet *net = network;
    net->half = kind != BF_LINENET_FLOAT;
    net->stem = net_take_kept(p, 27 * STEM_CHANNELS);
    net->stem_bias = net_take_kept(p, STEM_CHANNELS);
    for (int i = 0; i < N_BLOCKS; i++)
        net_take_block(p, &net->blocks[i], &NET_BLOCKS[i], i == 0, kind);
    kind = kind == BF_LINENET_INTEGER ? BF_LINENET_BFLOAT : kind;
    net->into_neck = net_take_affine(p);
    net_take_matrix(p, &net->neck_in, 3 * WIDE, 64, kind);
    net_take_matrix(p, &net->neck_up, 64, FILLED, kind);
    for (int i = 0; i < N_LAYERS; i++) {
        net_layer *l = &net->layers[i];
        l->before_mixing = take_norm(p);
        net_take_matrix(p, &l->qkv, FILLED, 3 * HEADS * LANES, kind);
        net_take_matrix(p, &l->project, HEADS * LANES, FILLED, kind);
        l->before_widening = take_norm(p);
        net_take_matrix(p, &l->widen, FILLED, 2 * CHANNELS, kind);
        net_take_matrix(p, &l->narrow, 2 * CHANNELS, FILLED, kind);
    }
    net->last_norm = take_norm(p);
    net_take_matrix(p, &net->neck_out, FILLED, WIDE, kind);
    net->around = net_take_affine(p);
    net_take_matrix(p, &net->neck_back, 3 * 2 * WIDE, 64, kind);
    net_take_matrix(p, &net->neck_up_again, 64, FILLED, kind);
    net_take_matrix(p, &net->head, FILLED, (N_CLASSES + LANES - 1) / LANES * LANES, kind);
}

bool bf_linenet_new(const void *weights, gsize size, bf_linenet_kind kind, const bf_linenet_set *set, bf_linenet **out, GError **error)
{
    bf_linenet *net = g_new0(bf_linenet, 1);
    net->loops = set->loops;
    if (!net_pack(net->loops, MAGIC, weights, size, take_network, net, kind, &net->memory, error)) {
        g_free(net);
        return false;
    }
    *out = net;
    return true;
}

void bf_linenet_free(bf_linenet *net)
{
    if (net == NULL)
        return;
    g_free(net->memory);
    g_free(net);
}

guint bf_linenet_n_classes(const bf_linenet *net)
{
    (void)net;
    return N_CLASSES;
}

float bf_linenet_largest(const bf_linenet *net, const float *values, guint n)
{
    return net->loops->largest(values, n);
}

float bf_linenet_sum_exp(const bf_linenet *net, const float *values, guint n, float top)
{
    return net->loops->sum_exp(values, n, top);
}
