#include "read/linenet/linenet.h"
#include "read/linenet/network.h"
#include <glib/gi18n.h>
#include <math.h>

const net_shape NET_BLOCKS[N_BLOCKS] = {
    {16, 3, 1, 1, false, 32},   {32, 3, 1, 1, false, 64},   {64, 3, 1, 1, false, 64},   {64, 3, 2, 1, false, 128},
    {128, 3, 1, 1, false, 128}, {128, 3, 1, 2, false, 240}, {240, 5, 1, 1, false, 240}, {240, 5, 1, 1, false, 240},
    {240, 5, 1, 1, false, 240}, {240, 5, 1, 1, false, 240}, {240, 5, 2, 1, true, 480},  {480, 5, 1, 1, true, 480},
    {480, 5, 2, 1, false, 480}, {480, 5, 1, 1, false, 480},
};

static const char MAGIC[8] = {'B', 'F', 'L', 'I', 'N', 'E', '1', '\n'};
/* With fewer inputs than this, whole numbers gain nothing. */
enum { INTEGER_MIN_INPUTS = 64, ALIGNMENT = 64 };

/* The network is walked twice in the same order: to count what it takes of the file and of memory, and to pack it. */
typedef struct {
    const net_loops *loops;
    const float *in; /* NULL: count only */
    gsize n_in;
    guint8 *memory;
    gsize n_memory;
} packer;

static void *room_for(packer *p, gsize bytes)
{
    void *at = p->memory != NULL ? p->memory + p->n_memory : NULL;
    p->n_memory += (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    return at;
}

static const float *take(packer *p, gsize n)
{
    const float *at = p->in != NULL ? p->in + p->n_in : NULL;
    p->n_in += n;
    return at;
}

static const float *take_kept(packer *p, gsize n)
{
    const float *in = take(p, n);
    float *out = room_for(p, n * sizeof *out);
    if (in != NULL)
        memcpy(out, in, n * sizeof *out);
    return out;
}

/* Bits 16 to 31, to the nearest, ties to even. */
static guint32 bfloat_of(float v)
{
    guint32 bits;
    memcpy(&bits, &v, sizeof bits);
    return (bits + 0x7FFF + (bits >> 16 & 1)) >> 16;
}

static long whole_of(const net_matrix *m, float weight, int output)
{
    return m->scale[output] > 0 ? lrintf(weight / m->scale[output]) : 0;
}

/* The word of inputs first .. of an output; n: outputs in a row of `in`. */
static guint32 word_of(const net_matrix *m, const float *in, int word, int output)
{
    guint32 bits = 0;
    const float *at = in + (gsize)output;
    gsize n = (gsize)m->n;
    switch (m->kind) {
    case BF_LINENET_FLOAT:
        memcpy(&bits, at + (gsize)word * n, sizeof bits);
        return bits;
    case BF_LINENET_BFLOAT:
        at += 2 * (gsize)word * n;
        return bfloat_of(at[0]) | bfloat_of(at[n]) << 16;
    case BF_LINENET_SHORT:
        at += 2 * (gsize)word * n;
        return (guint32)(whole_of(m, at[0], output) & 0xFFFF) | (guint32)(whole_of(m, at[n], output) & 0xFFFF) << 16;
    default:
        for (int i = 0; i < 4; i++) {
            bits |= (guint32)(whole_of(m, at[(4 * (gsize)word + (gsize)i) * n], output) & 0xFF) << 8 * i;
        }
        return bits;
    }
}

/* Weights of 8 bits go from -127 to 127. Those of 16 are as fine as they can be without a sum that overflows: no more than MOST_SUM of
 * steps, which are up to NET_SHORT_STEPS on the other side. */
static float step_of(const net_matrix *m, float most, double sum)
{
    const int MOST_SUM = G_MAXINT32 / NET_SHORT_STEPS;
    if (m->kind == BF_LINENET_INTEGER)
        return most / 127;
    return MAX(most / G_MAXINT16, (float)(sum / (MOST_SUM - m->k)));
}

static void scale_outputs(const net_matrix *m, const float *in)
{
    for (int o = 0; o < m->n; o++) {
        float most = 0;
        double all = 0;
        long sum = 0;
        for (int i = 0; i < m->k; i++) {
            float size = fabsf(in[(gsize)i * (gsize)m->n + (gsize)o]);
            most = MAX(most, size);
            all += (double)size;
        }
        m->scale[o] = step_of(m, most, all);
        for (int i = 0; i < m->k; i++)
            sum += whole_of(m, in[(gsize)i * (gsize)m->n + (gsize)o], o);
        m->sums[o] = m->scale[o] * (float)sum;
    }
}

/* What the set of instructions can do. */
static bf_linenet_kind possible(const packer *p, bf_linenet_kind kind)
{
    bool cannot = (kind == BF_LINENET_INTEGER && !p->loops->integers) || (kind == BF_LINENET_BFLOAT && !p->loops->bfloats);
    return cannot ? BF_LINENET_SHORT : kind;
}

static void take_matrix(packer *p, net_matrix *m, int k, int n, bf_linenet_kind kind)
{
    static const int NUMBERS[] = {[BF_LINENET_FLOAT] = 1, [BF_LINENET_SHORT] = 2, [BF_LINENET_BFLOAT] = 2, [BF_LINENET_INTEGER] = 4};
    kind = possible(p, kind);
    *m = (net_matrix){.kind = kind, .k = k, .n = n, .words = k / NUMBERS[kind]};
    const float *in = take(p, (gsize)k * (gsize)n);
    m->packed = room_for(p, sizeof(guint32) * (gsize)m->words * (gsize)n);
    if (net_is_whole(kind)) {
        m->scale = room_for(p, sizeof(float) * (gsize)n);
        m->sums = room_for(p, sizeof(float) * (gsize)n);
    }
    m->bias = (float *)take_kept(p, (gsize)n);
    if (in == NULL)
        return;
    if (net_is_whole(kind))
        scale_outputs(m, in);
    guint32 *out = m->packed;
    for (int at = 0, width; at < n; at += width) {
        width = net_panel((n - at) / p->loops->vector) * p->loops->vector;
        for (int word = 0; word < m->words; word++)
            for (int i = 0; i < width; i++)
                *out++ = word_of(m, in, word, at + i);
    }
}

static void take_depthwise(packer *p, net_depthwise *d, const net_shape *s, bool half)
{
    int taps = s->side * s->side;
    const float *in = take(p, (gsize)(taps * s->channels));
    float *out = room_for(p, sizeof *out * (gsize)(taps * s->channels));
    *d = (net_depthwise){s->channels, s->side, s->across, half, out, take_kept(p, (gsize)s->channels)};
    for (int c = 0; in != NULL && c < s->channels; c += LANES)
        for (int tap = 0; tap < taps; tap++, out += LANES)
            memcpy(out, in + tap * s->channels + c, sizeof *out * LANES);
}

static net_affine take_affine(packer *p)
{
    const float *in = take(p, 2);
    return in != NULL ? (net_affine){in[0], in[1]} : (net_affine){0, 0};
}

static net_norm_weights take_norm(packer *p)
{
    const float *gamma = take_kept(p, FILLED);
    return (net_norm_weights){gamma, take_kept(p, FILLED)};
}

/* What rounding the weights changes on average goes into the bias: inputs are far from zero in the mean, so that these are most of the
 * error. in: the weights; means: of the inputs. */
static void correct(const net_matrix *m, const float *in, const float *means)
{
    for (int o = 0; in != NULL && net_is_whole(m->kind) && o < m->n; o++) {
        double change = 0;
        for (int i = 0; i < m->k; i++) {
            float w = in[(gsize)i * (gsize)m->n + (gsize)o];
            change += (double)(w - m->scale[o] * (float)whole_of(m, w, o)) * (double)means[i];
        }
        m->bias[o] += (float)change;
    }
}

static void take_block(packer *p, net_block *b, const net_shape *s, bool first, bf_linenet_kind kind)
{
    if (!first)
        b->before = take_affine(p);
    take_depthwise(p, &b->depthwise, s, kind != BF_LINENET_FLOAT);
    if (s->gated) {
        int middle = (s->channels / 4 + LANES - 1) / LANES * LANES;
        take_matrix(p, &b->squeeze, s->channels, middle, BF_LINENET_FLOAT);
        take_matrix(p, &b->gate, middle, s->channels, BF_LINENET_FLOAT);
        b->gain = take_affine(p);
    }
    bool too_small = kind == BF_LINENET_INTEGER && s->channels < INTEGER_MIN_INPUTS;
    const float *means = take(p, (gsize)s->channels), *weights = p->in != NULL ? p->in + p->n_in : NULL;
    take_matrix(p, &b->point, s->channels, s->outputs, too_small ? BF_LINENET_BFLOAT : kind);
    correct(&b->point, weights, means);
}

static void take_network(packer *p, bf_linenet *net, bf_linenet_kind kind)
{
    net->loops = p->loops;
    net->half = kind != BF_LINENET_FLOAT;
    net->stem = take_kept(p, 27 * STEM_CHANNELS);
    net->stem_bias = take_kept(p, STEM_CHANNELS);
    for (int i = 0; i < N_BLOCKS; i++)
        take_block(p, &net->blocks[i], &NET_BLOCKS[i], i == 0, kind);
    kind = kind == BF_LINENET_INTEGER ? BF_LINENET_BFLOAT : kind;
    net->into_neck = take_affine(p);
    take_matrix(p, &net->neck_in, 3 * WIDE, 64, kind);
    take_matrix(p, &net->neck_up, 64, FILLED, kind);
    for (int i = 0; i < N_LAYERS; i++) {
        net_layer *l = &net->layers[i];
        l->before_mixing = take_norm(p);
        take_matrix(p, &l->qkv, FILLED, 3 * HEADS * LANES, kind);
        take_matrix(p, &l->project, HEADS * LANES, FILLED, kind);
        l->before_widening = take_norm(p);
        take_matrix(p, &l->widen, FILLED, 2 * CHANNELS, kind);
        take_matrix(p, &l->narrow, 2 * CHANNELS, FILLED, kind);
    }
    net->last_norm = take_norm(p);
    take_matrix(p, &net->neck_out, FILLED, WIDE, kind);
    net->around = take_affine(p);
    take_matrix(p, &net->neck_back, 3 * 2 * WIDE, 64, kind);
    take_matrix(p, &net->neck_up_again, 64, FILLED, kind);
    take_matrix(p, &net->head, FILLED, (N_CLASSES + LANES - 1) / LANES * LANES, kind);
}

static bool are_finite(const float *v, gsize n)
{
    for (gsize i = 0; i < n; i++)
        if (!isfinite(v[i]))
            return false;
    return true;
}

bool bf_linenet_new(const void *weights, gsize size, bf_linenet_kind kind, const bf_linenet_set *set, bf_linenet **out, GError **error)
{
    packer count = {.loops = set->loops};
    bf_linenet *net = g_new0(bf_linenet, 1);
    take_network(&count, net, kind);
    g_autofree float *in = g_try_malloc(count.n_in * sizeof *in);
    net->memory = g_try_malloc(count.n_memory + ALIGNMENT);
    if (in == NULL || net->memory == NULL) {
        g_set_error_literal(error, BF_READER_ERROR, BF_READER_ERROR_RUN, _("not enough memory for the recogniser"));
        bf_linenet_free(net);
        return false;
    }
    bool fits = size == sizeof MAGIC + count.n_in * sizeof *in && memcmp(weights, MAGIC, sizeof MAGIC) == 0;
    if (fits)
        memcpy(in, (const guint8 *)weights + sizeof MAGIC, count.n_in * sizeof *in);
    if (!fits || !are_finite(in, count.n_in)) {
        g_set_error_literal(error, BF_READER_ERROR, BF_READER_ERROR_MODEL,
                            _("these are not the recogniser's weights; run models/fetch.sh again"));
        bf_linenet_free(net);
        return false;
    }
    guint8 *memory = net->memory;
    packer pack = {.loops = set->loops, .in = in, .memory = memory + (ALIGNMENT - (guintptr)memory % ALIGNMENT) % ALIGNMENT};
    take_network(&pack, net, kind);
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
