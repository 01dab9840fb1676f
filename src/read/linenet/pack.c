#include "read/linenet/pack.h"
#include <glib/gi18n.h>
#include <math.h>

/* With fewer inputs than this, whole numbers gain nothing. */
enum { INTEGER_MIN_INPUTS = 64 };

void *net_room(net_packer *p, gsize bytes)
{
    void *at = p->memory != NULL ? p->memory + p->n_memory : NULL;
    p->n_memory += (bytes + NET_ALIGNMENT - 1) / NET_ALIGNMENT * NET_ALIGNMENT;
    return at;
}

const float *net_take(net_packer *p, gsize n)
{
    const float *at = p->in != NULL ? p->in + p->n_in : NULL;
    p->n_in += n;
    return at;
}

const float *net_take_kept(net_packer *p, gsize n)
{
    const float *in = net_take(p, n);
    float *out = net_room(p, n * sizeof *out);
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
static bf_linenet_kind possible(const net_packer *p, bf_linenet_kind kind)
{
    bool cannot = (kind == BF_LINENET_INTEGER && !p->loops->integers) || (kind == BF_LINENET_BFLOAT && !p->loops->bfloats);
    return cannot ? BF_LINENET_SHORT : kind;
}

void net_lay_matrix(net_packer *p, net_matrix *m, int k, int n, bf_linenet_kind kind)
{
    static const int NUMBERS[] = {[BF_LINENET_FLOAT] = 1, [BF_LINENET_SHORT] = 2, [BF_LINENET_BFLOAT] = 2, [BF_LINENET_INTEGER] = 4};
    kind = possible(p, kind);
    *m = (net_matrix){.kind = kind, .k = k, .n = n, .words = k / NUMBERS[kind]};
    m->packed = net_room(p, sizeof(guint32) * (gsize)m->words * (gsize)n);
    if (net_is_whole(kind)) {
        m->scale = net_room(p, sizeof(float) * (gsize)n);
        m->sums = net_room(p, sizeof(float) * (gsize)n);
    }
    m->bias = net_room(p, sizeof(float) * (gsize)n);
}

void net_fill_matrix(const net_loops *loops, net_matrix *m, const float *weights)
{
    if (net_is_whole(m->kind))
        scale_outputs(m, weights);
    guint32 *out = m->packed;
    for (int at = 0, width; at < m->n; at += width) {
        width = net_panel((m->n - at) / loops->vector) * loops->vector;
        for (int word = 0; word < m->words; word++)
            for (int i = 0; i < width; i++)
                *out++ = word_of(m, weights, word, at + i);
    }
}

void net_take_matrix(net_packer *p, net_matrix *m, int k, int n, bf_linenet_kind kind)
{
    const float *in = net_take(p, (gsize)k * (gsize)n), *bias = net_take(p, (gsize)n);
    net_lay_matrix(p, m, k, n, kind);
    if (in == NULL)
        return;
    memcpy(m->bias, bias, sizeof *bias * (gsize)n);
    net_fill_matrix(p->loops, m, in);
}

static void take_depthwise(net_packer *p, net_depthwise *d, const net_shape *s, bool half)
{
    int taps = s->side * s->side;
    const float *in = net_take(p, (gsize)(taps * s->channels));
    float *out = net_room(p, sizeof *out * (gsize)(taps * s->channels));
    /* PP-LCNetV3 has no activation behind what halves both sides. */
    bool linear = s->down == 2 && s->across == 2;
    *d = (net_depthwise){s->channels, s->side, s->across, half, linear, out, net_take_kept(p, (gsize)s->channels)};
    for (int c = 0; in != NULL && c < s->channels; c += LANES)
        for (int tap = 0; tap < taps; tap++, out += LANES)
            memcpy(out, in + tap * s->channels + c, sizeof *out * LANES);
}

net_affine net_take_affine(net_packer *p)
{
    const float *in = net_take(p, 2);
    return in != NULL ? (net_affine){in[0], in[1]} : (net_affine){0, 0};
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

void net_take_block(net_packer *p, net_block *b, const net_shape *s, bool first, bf_linenet_kind kind)
{
    if (!first)
        b->before = net_take_affine(p);
    take_depthwise(p, &b->depthwise, s, kind != BF_LINENET_FLOAT);
    if (s->gated) {
        int middle = (s->channels / 4 + LANES - 1) / LANES * LANES;
        net_take_matrix(p, &b->squeeze, s->channels, middle, BF_LINENET_FLOAT);
        net_take_matrix(p, &b->gate, middle, s->channels, BF_LINENET_FLOAT);
        b->gain = net_take_affine(p);
    }
    bool too_small = kind == BF_LINENET_INTEGER && s->channels < INTEGER_MIN_INPUTS;
    const float *means = net_take(p, (gsize)s->channels), *weights = p->in != NULL ? p->in + p->n_in : NULL;
    net_take_matrix(p, &b->point, s->channels, s->outputs, too_small ? BF_LINENET_BFLOAT : kind);
    correct(&b->point, weights, means);
}

static bool are_finite(const float *v, gsize n)
{
    for (gsize i = 0; i < n; i++)
        if (!isfinite(v[i]))
            return false;
    return true;
}

bool net_pack(const net_loops *loops, const char magic[NET_MAGIC], const void *weights, gsize size, net_walk walk, void *net,
              bf_linenet_kind kind, void **memory, GError **error)
{
    net_packer count = {.loops = loops};
    walk(&count, net, kind);
    g_autofree float *in = g_try_malloc(count.n_in * sizeof *in);
    g_autofree guint8 *packed = g_try_malloc(count.n_memory + NET_ALIGNMENT);
    if (in == NULL || packed == NULL) {
        g_set_error_literal(error, BF_READER_ERROR, BF_READER_ERROR_RUN, _("not enough memory for a network"));
        return false;
    }
    bool fits = size == NET_MAGIC + count.n_in * sizeof *in && memcmp(weights, magic, NET_MAGIC) == 0;
    if (fits)
        memcpy(in, (const guint8 *)weights + NET_MAGIC, count.n_in * sizeof *in);
    if (!fits || !are_finite(in, count.n_in)) {
        g_set_error_literal(error, BF_READER_ERROR, BF_READER_ERROR_MODEL,
                            _("these are not the network's weights; run models/fetch.sh again"));
        return false;
    }
    net_packer pack = {.loops = loops, .in = in, .memory = packed + (NET_ALIGNMENT - (guintptr)packed % NET_ALIGNMENT) % NET_ALIGNMENT};
    walk(&pack, net, kind);
    *memory = g_steal_pointer(&packed);
    return true;
}
