#include "read/linenet/mapnet_weights.h"

const net_shape MAP_SHAPES[MAP_BLOCKS] = {
    {16, 3, 1, 1, false, 32},   {32, 3, 2, 2, false, 48},   {48, 3, 1, 1, false, 48},   {48, 3, 2, 2, false, 96},
    {96, 3, 1, 1, false, 96},   {96, 3, 2, 2, false, 192},  {192, 5, 1, 1, false, 192}, {192, 5, 1, 1, false, 192},
    {192, 5, 1, 1, false, 192}, {192, 5, 1, 1, false, 192}, {192, 5, 2, 2, true, 384},  {384, 5, 1, 1, true, 384},
    {384, 5, 1, 1, false, 384}, {384, 5, 1, 1, false, 384},
};
const __typeof__(MAP_LATERALS) MAP_LATERALS = {{13, MAP_NECK}, {9, 48}, {4, 32}, {2, 16}};

static const char MAGIC[NET_MAGIC] = {'B', 'F', 'M', 'A', 'P', 'S', '1', '\n'};

static void take_gate(net_packer *p, map_gate *g, int channels, int middle)
{
    net_take_matrix(p, &g->squeeze, channels, middle, BF_LINENET_FLOAT);
    net_take_matrix(p, &g->widen, middle, channels, BF_LINENET_FLOAT);
}

static void take_level(net_packer *p, bf_mapnet *net, int level)
{
    map_level *l = &net->levels[level];
    if (level > 0) {
        l->up = net_take_kept(p, (gsize)(MAP_LATERALS[level].channels * MAP_NECK));
        l->bias = net_take_kept(p, MAP_NECK);
    }
    take_gate(p, &l->gate, MAP_NECK, MAP_GATE);
}

static void take_network(net_packer *p, void *network, bf_linenet_kind kind)
{
    bf_mapnet *net = network;
    net->half = kind != BF_LINENET_FLOAT;
    net->neck = kind == BF_LINENET_INTEGER ? BF_LINENET_BFLOAT : kind;
    net->stem = net_take_kept(p, 27 * MAP_STEM);
    net->stem_bias = net_take_kept(p, MAP_STEM);
    for (int i = 0; i < MAP_BLOCKS; i++)
        net_take_block(p, &net->blocks[i], &MAP_SHAPES[i], i == 0, kind);
    for (int k = MAP_LEVELS - 1; k >= 0; k--) /* as the file has them: the backbone's order */
        net_take_matrix(p, &net->levels[k].narrow, MAP_SHAPES[MAP_LATERALS[k].block].outputs, MAP_LATERALS[k].channels, net->neck);
    for (int k = 0; k < MAP_LEVELS; k++)
        take_level(p, net, k);
    for (int k = 0; k < MAP_LEVELS; k++) {
        net_take_matrix(p, &net->levels[k].taps, MAP_NECK, NET_PRODUCTS, BF_LINENET_FLOAT);
        net->levels[k].taps_bias = net_take_kept(p, NET_SUMS);
        take_gate(p, &net->levels[k].taps_gate, NET_SUMS, LANES);
    }
    for (int k = 0; k < MAP_LEVELS; k++)
        net->levels[k].head = net_take_kept(p, NET_SUMS * NET_PRODUCTS);
    net->head_bias = net_take_kept(p, NET_SUMS);
    net_take_matrix(p, &net->twice, NET_SUMS, 4 * NET_TAP_OUTPUTS, net->neck);
    net_take_matrix(p, &net->four_times, 4 * NET_TAP_OUTPUTS, MAP_HEAD_OUTPUTS, net->neck);
}

bool bf_mapnet_new(const void *weights, gsize size, bf_linenet_kind kind, const bf_linenet_set *set, bf_mapnet **out, GError **error)
{
    bf_mapnet *net = g_new0(bf_mapnet, 1);
    net->loops = set->loops;
    if (!net_pack(net->loops, MAGIC, weights, size, take_network, net, kind, &net->memory, error)) {
        g_free(net);
        return false;
    }
    *out = net;
    return true;
}

void bf_mapnet_free(bf_mapnet *net)
{
    if (net == NULL)
        return;
    g_free(net->memory);
    g_free(net);
}
