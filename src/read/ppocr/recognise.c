#include "read/ppocr/recognise.h"
#include <glib/gi18n.h>
#include <math.h>

enum { WIDTH_STEP_PX = 32, PX_PER_FRAME = 8 };

/* BGR in -1 .. 1, planar, padded on the right with mid-gray. All planes in one go: compilers know how to take bytes in threes apart. */
static void normalise(const bf_picture *crop, int padded_width, float *out)
{
    const float scale = 1.0F / 127.5F;
    gsize plane = (gsize)crop->height_px * (gsize)padded_width;
    for (int y = 0; y < crop->height_px; y++) {
        const uint8_t *in = crop->data + (gsize)y * (gsize)crop->width_px * 3;
        float *restrict b = out + (gsize)y * (gsize)padded_width, *restrict g = b + plane, *restrict r = g + plane;
        for (int x = 0; x < crop->width_px; x++) {
            r[x] = in[3 * x] * scale - 1.0F;
            g[x] = in[3 * x + 1] * scale - 1.0F;
            b[x] = in[3 * x + 2] * scale - 1.0F;
        }
        gsize rest = sizeof(float) * (gsize)(padded_width - crop->width_px);
        memset(b + crop->width_px, 0, rest);
        memset(g + crop->width_px, 0, rest);
        memset(r + crop->width_px, 0, rest);
    }
}

/* One frame of the output. The network as shipped gives probabilities; rewritten, it gives logits, of which only differences count. */
typedef struct {
    const float *value; /* by class */
    guint n;
    bool logits;
    const bf_linenet *own;     /* of the engine, which has its own loops over the classes; or NULL */
    float top, best_but_blank; /* the largest value, and the largest of any class but the blank */
} ctc_frame;

/* Sums and maxima over the classes are kept in as many lanes: the order of a single one must not be changed by a compiler. */
enum { LANES = 16 };

static float largest(const float *v, guint n)
{
    float lane[LANES], best = v[n - 1];
    guint i = 0;
    for (guint k = 0; k < LANES; k++)
        lane[k] = best;
    for (; i + LANES <= n; i += LANES)
        for (guint k = 0; k < LANES; k++)
            lane[k] = v[i + k] > lane[k] ? v[i + k] : lane[k];
    for (; i < n; i++)
        best = MAX(best, v[i]);
    for (guint k = 0; k < LANES; k++)
        best = MAX(best, lane[k]);
    return best;
}

/* The best class of a frame, and its largest values. */
static guint best_class(ctc_frame *f)
{
    const float *v = f->value;
    f->best_but_blank = f->own != NULL ? bf_linenet_largest(f->own, v + 1, f->n - 1) : largest(v + 1, f->n - 1);
    f->top = MAX(v[0], f->best_but_blank);
    if (v[0] >= f->best_but_blank)
        return 0;
    guint at = 1;
    while (v[at] < f->best_but_blank)
        at++;
    return at;
}

static const float LOG2_E = 1.44269504F, LN_2 = 0.693147181F;

/* exp(x) for x <= 0, to six digits: a power of two by the exponent's bits, and Taylor's series for the rest. */
static inline float exp_below_0(float x)
{
    float t = MAX(x, -80.0F) * LOG2_E, whole = (float)(int)(t - 0.5F), y = (t - whole) * LN_2;
    float series = 1 + y * (1 + y * (1 / 2.0F + y * (1 / 6.0F + y * (1 / 24.0F + y * (1 / 120.0F)))));
    union {
        gint32 bits;
        float value;
    } power = {((gint32)whole + 127) << 23};
    return series * power.value;
}

/* The probability of the best class. Only frames with a character need it, which are few. */
static float top_probability(const ctc_frame *f)
{
    if (!f->logits)
        return f->top;
    if (f->own != NULL)
        return 1 / bf_linenet_sum_exp(f->own, f->value, f->n, f->top);
    float lane[LANES] = {0}, sum = 0;
    guint i = 0;
    for (; i + LANES <= f->n; i += LANES)
        for (guint k = 0; k < LANES; k++)
            lane[k] += exp_below_0(f->value[i + k] - f->top);
    for (; i < f->n; i++)
        sum += exp_below_0(f->value[i] - f->top);
    for (guint k = 0; k < LANES; k++)
        sum += lane[k];
    return 1 / sum;
}

/* log p - log p_max, floored. */
static float relative(const ctc_frame *f, float value)
{
    float r = f->logits ? value - f->top : logf(value + 1e-12F) - logf(f->top + 1e-12F);
    return MAX(r, SPOT_FLOOR);
}

static void keep_columns(const bf_spotter *spotter, const ctc_frame *f, float *row)
{
    for (guint c = 0; c < spotter->n_columns; c++) {
        const bf_column *column = &spotter->columns[c];
        float best = c == COLUMN_ANY ? f->best_but_blank : -INFINITY;
        for (guint k = 0; k < column->n_classes; k++)
            best = MAX(best, f->value[column->classes[k]]);
        row[c] = best > -INFINITY ? relative(f, best) : SPOT_FLOOR;
    }
}

/* Adds a frame's top class to the path: blanks and repeats give nothing new. */
static void add_to_path(GArray *chars, const bf_charset *charset, guint class, guint last_class, float p, guint frame)
{
    if (class == 0)
        return;
    if (class == last_class) {
        bf_read_char *c = &g_array_index(chars, bf_read_char, chars->len - 1);
        if (p > c->p) {
            c->p = p;
            c->frame = frame;
        }
        return;
    }
    bf_read_char c = {charset->chars[class], p, frame};
    g_array_append_val(chars, c);
}

/* What is kept of a line while its frames come. */
typedef struct {
    const bf_charset *charset;
    const bf_spotter *spotter;
    bf_trace *trace;
    bool logits;
    const bf_linenet *own;
    guint last; /* class */
} keeper;

static void keep_frame(guint frame, const float *values, gpointer data)
{
    keeper *k = data;
    ctc_frame f = {.value = values, .n = k->charset->n_classes, .logits = k->logits, .own = k->own};
    guint class = best_class(&f);
    add_to_path(k->trace->chars, k->charset, class, k->last, class != 0 ? top_probability(&f) : 0, frame);
    k->last = class;
    if (k->spotter != NULL)
        keep_columns(k->spotter, &f, k->trace->r + (gsize)frame * k->trace->n_columns);
}

void bf_recogniser_clear(bf_recogniser *r)
{
    bf_linenet_free(r->net);
    bf_ort_session_free(r->session);
    *r = (bf_recogniser){0};
}

bf_recogniser_room *bf_recogniser_room_new(void)
{
    bf_recogniser_room *room = g_new0(bf_recogniser_room, 1);
    room->input = g_array_sized_new(FALSE, FALSE, sizeof(float), 3 * RECOGNISER_HEIGHT_PX * RECOGNISER_MAX_WIDTH_PX); /* never grows */
    room->room = bf_linenet_room_new();
    return room;
}

void bf_recogniser_room_free(bf_recogniser_room *room)
{
    if (room == NULL)
        return;
    g_array_unref(room->input);
    bf_linenet_room_free(room->room);
    g_free(room);
}

static bool misfit(GError **error)
{
    g_set_error_literal(error, BF_READER_ERROR, BF_READER_ERROR_MODEL, _("the recogniser's output does not fit its list of characters"));
    return false;
}

static bool run_engine(const bf_recogniser *r, bf_recogniser_room *room, const float *input, int width, keeper *k, GError **error)
{
    if (bf_linenet_n_classes(r->net) != k->charset->n_classes)
        return misfit(error);
    k->own = r->net;
    return bf_linenet_run(r->net, room->room, input, width, keep_frame, k, error);
}

static bool run_session(const bf_recogniser *r, float *input, int width, keeper *k, GError **error)
{
    const gint64 shape[4] = {1, 3, RECOGNISER_HEIGHT_PX, width};
    bf_ort_tensor t;
    if (!bf_ort_run(r->session, input, shape, &t, error))
        return false;
    /* Places are told from frames, so these must be as wide as they are taken for. */
    bool fits = t.n_dims == 3 && t.dims[0] == 1 && t.dims[1] == k->trace->n_frames && t.dims[2] == (gint64)k->charset->n_classes;
    k->logits = strcmp(bf_ort_output_name(r->session), "logits") == 0;
    for (guint frame = 0; fits && frame < k->trace->n_frames; frame++)
        keep_frame(frame, t.data + (gsize)frame * k->charset->n_classes, k);
    bf_ort_tensor_clear(r->session, &t);
    return fits || misfit(error);
}

bool bf_recognise(const bf_recogniser *recogniser, const bf_charset *charset, const bf_spotter *spotter, const bf_picture *crop,
                  bf_recogniser_room *room, bf_trace *out, GError **error)
{
    int width = (crop->width_px + WIDTH_STEP_PX - 1) / WIDTH_STEP_PX * WIDTH_STEP_PX;
    width = MAX(width, 2 * WIDTH_STEP_PX);
    g_array_set_size(room->input, 3 * RECOGNISER_HEIGHT_PX * (guint)width);
    float *input = (float *)(void *)room->input->data;
    normalise(crop, width, input);
    bf_trace trace = {.n_frames = (guint)width / PX_PER_FRAME, .n_columns = spotter != NULL ? spotter->n_columns : 0};
    trace.step = (float)PX_PER_FRAME / (float)crop->width_px;
    trace.r = g_try_new(float, (gsize)trace.n_frames *trace.n_columns + 1); /* large where a whole roster's names are looked for */
    if (trace.r == NULL) {
        g_set_error_literal(error, BF_READER_ERROR, BF_READER_ERROR_RUN, _("not enough memory for a line"));
        return false;
    }
    trace.chars = g_array_new(FALSE, FALSE, sizeof(bf_read_char));
    keeper k = {.charset = charset, .spotter = spotter, .trace = &trace, .logits = true};
    bool ok =
        recogniser->net != NULL ? run_engine(recogniser, room, input, width, &k, error) : run_session(recogniser, input, width, &k, error);
    if (ok)
        *out = trace;
    else
        bf_trace_clear(&trace);
    return ok;
}
