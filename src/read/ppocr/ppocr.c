/* The reader "ppocr": PP-OCR's detector and recogniser on our own engine or on ONNX Runtime, spotting in the posteriors. */
#include "read/line_crop.h"
#include "read/models.h"
#include "read/ppocr/broken_off.h"
#include "read/ppocr/detect.h"
#include "read/ppocr/learn.h"
#include "read/ppocr/locate.h"
#include "read/ppocr/shown.h"

/* Crops narrower than the glyphs' own aspect: fewer pixels to recognise at no loss of recall on plain lines. Second looks are not
 * squeezed. */
static const float PLAIN_SQUEEZE = 0.8F;

struct bf_reader {
    bf_ort *ort;
    bf_detector detector;
    bf_recogniser recogniser;
    bf_charset charset;
    char *version, *sha256;
    GHashTable *misreadings; /* what prepare learnt; read only afterwards */
};

struct bf_reader_worker {
    bf_reader *reader;
    bf_recogniser_room *room;
};

static void ppocr_close(bf_reader *r)
{
    if (r == NULL)
        return;
    bf_detector_clear(&r->detector);
    bf_recogniser_clear(&r->recogniser);
    bf_ort_unload(r->ort);
    bf_charset_clear(&r->charset);
    if (r->misreadings != NULL)
        g_hash_table_unref(r->misreadings);
    g_free(r->version);
    g_free(r->sha256);
    g_free(r);
}

/* What is loaded of a network: the rewritten one where models/fetch.sh could make it, else the one that it was made from. */
typedef struct {
    char *version, *sha256;
    bool as_shipped;
    const char *own_engine; /* the instructions that it uses; NULL: ONNX Runtime reads */
} origin;

static void origin_clear(origin *o)
{
    g_free(o->version);
    g_free(o->sha256);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(origin, origin_clear)

/* ONNX Runtime is loaded for the first network that needs it: where our own engine reads, its library would only take memory. */
static bool load_session(bf_reader *r, const char *dir, const char *item, bf_ort_session **out, origin *from, GError **error)
{
    if (r->ort == NULL && !bf_ort_load(dir, &r->ort, error))
        return false;
    g_autofree char *rewritten = g_strconcat(item, "-rewritten", NULL);
    g_autoptr(GBytes) model = NULL;
    g_autoptr(GError) why = NULL;
    if (!bf_models_load(dir, rewritten, &model, &from->version, &from->sha256, &why)) {
        from->as_shipped = g_error_matches(why, BF_READER_ERROR, BF_READER_ERROR_MISSING);
        if (!from->as_shipped) {
            g_propagate_error(error, g_steal_pointer(&why));
            return false;
        }
        if (!bf_models_load(dir, item, &model, &from->version, &from->sha256, error))
            return false;
    }
    return bf_ort_session_new(r->ort, g_bytes_get_data(model, NULL), g_bytes_get_size(model), item, out, error);
}

/* The engine's weights, where models/fetch.sh could make them and the processor can use them: else NULL, and the network is to be loaded.
 */
static bool load_weights(const char *dir, const char *item, const bf_linenet_set *set, GBytes **weights, origin *from, GError **error)
{
    g_autoptr(GError) why = NULL;
    *weights = NULL;
    if (set == NULL)
        return true;
    if (bf_models_load(dir, item, weights, &from->version, &from->sha256, &why)) {
        from->own_engine = bf_linenet_set_name(set);
        return true;
    }
    if (g_error_matches(why, BF_READER_ERROR, BF_READER_ERROR_MISSING))
        return true;
    g_propagate_error(error, g_steal_pointer(&why));
    return false;
}

static bool load_recogniser(bf_reader *r, const char *dir, origin *from, GError **error)
{
    g_autoptr(GBytes) weights = NULL;
    const bf_linenet_set *set = bf_linenet_set_get(0);
    if (!load_weights(dir, "ppocr-recognition-weights", set, &weights, from, error))
        return false;
    if (weights == NULL)
        return load_session(r, dir, "ppocr-recognition", &r->recogniser.session, from, error);
    return bf_linenet_new(g_bytes_get_data(weights, NULL), g_bytes_get_size(weights), BF_LINENET_INTEGER, set, &r->recogniser.net, error);
}

static bool load_detector(bf_reader *r, const char *dir, origin *from, GError **error)
{
    g_autoptr(GBytes) weights = NULL;
    const bf_linenet_set *set = bf_linenet_set_get(0);
    if (!load_weights(dir, "ppocr-detection-weights", set, &weights, from, error))
        return false;
    if (weights == NULL)
        return load_session(r, dir, "ppocr-detection", &r->detector.session, from, error);
    return bf_mapnet_new(g_bytes_get_data(weights, NULL), g_bytes_get_size(weights), BF_LINENET_SHORT, set, &r->detector.net, error);
}

/* Which parts our own engine does, when it does any; it has the same instructions for both. */
static char *describe_engine(const origin *detector, const origin *recogniser)
{
    const char *set = recogniser->own_engine != NULL ? recogniser->own_engine : detector->own_engine;
    if (set == NULL)
        return g_strdup("");
    const char *part = recogniser->own_engine == NULL ? " for detection" : detector->own_engine == NULL ? " for recognition" : "";
    return g_strdup_printf(", own engine%s (%s)", part, set);
}

static bool ppocr_open(const char *models_dir, bf_reader **out, GError **error)
{
    g_autofree char *dir = bf_models_dir(models_dir), *keys_sha = NULL;
    g_autoptr(GBytes) keys = NULL;
    g_auto(origin) detector = {0}, recogniser = {0};
    bf_reader *r = g_new0(bf_reader, 1);
    r->misreadings = bf_misreadings_new();
    bool ok = bf_models_load(dir, "ppocr-charset", &keys, NULL, &keys_sha, error) &&
              bf_charset_parse(g_bytes_get_data(keys, NULL), g_bytes_get_size(keys), &r->charset, error) &&
              load_detector(r, dir, &detector, error) && load_recogniser(r, dir, &recogniser, error);
    if (!ok) {
        ppocr_close(r);
        return false;
    }
    g_autofree char *all = g_strdup_printf("%s %s %s", detector.sha256, recogniser.sha256, keys_sha);
    r->sha256 = g_compute_checksum_for_string(G_CHECKSUM_SHA256, all, -1);
    g_autofree char *engine = describe_engine(&detector, &recogniser);
    const char *slower = detector.as_shipped || recogniser.as_shipped ? ", as shipped (slower)" : "";
    g_autofree char *runtime = r->ort != NULL ? g_strdup_printf(", ONNX Runtime %s", bf_ort_version(r->ort)) : g_strdup("");
    r->version = g_strconcat(recogniser.version, engine, slower, runtime, NULL);
    *out = r;
    return true;
}

static void ppocr_info(const bf_reader *r, bf_reader_info *out)
{
    *out = (bf_reader_info){"ppocr", r->version, r->sha256};
}

static bool ppocr_knows(const bf_reader *r, gunichar c)
{
    return bf_charset_class(&r->charset, c) != 0;
}

static bool ppocr_prepare(bf_reader *r, bf_glyphs *glyphs, const bf_query *query, GError **error)
{
    return bf_learn_misreadings(&r->recogniser, &r->charset, glyphs, PLAIN_SQUEEZE, query, r->misreadings, error);
}

static const gunichar *ppocr_taken_for(const bf_reader *r, gunichar c, guint *n)
{
    const bf_misreading *m = g_hash_table_lookup(r->misreadings, GUINT_TO_POINTER(c));
    *n = m != NULL ? m->taken_for->len : 0;
    return *n > 0 ? (const gunichar *)(const void *)m->taken_for->data : NULL;
}

static bool ppocr_misreads(const bf_reader *r, gunichar c)
{
    const bf_misreading *m = g_hash_table_lookup(r->misreadings, GUINT_TO_POINTER(c));
    return m != NULL && m->fails;
}

static bool ppocr_worker_new(bf_reader *r, bf_reader_worker **out, GError **error)
{
    (void)error;
    bf_reader_worker *w = g_new0(bf_reader_worker, 1);
    w->reader = r;
    w->room = bf_recogniser_room_new();
    *out = w;
    return true;
}

static void ppocr_worker_free(bf_reader_worker *w)
{
    if (w == NULL)
        return;
    bf_recogniser_room_free(w->room);
    g_free(w);
}

static bool ppocr_find_lines(bf_reader_worker *w, const bf_picture *picture, int long_side_px, GArray *lines, GError **error)
{
    return bf_detect_lines(&w->reader->detector, picture, long_side_px, lines, error);
}

/* The widest stretch between two characters that were read surely, or before the first or behind the last one. */
static void find_gap(const bf_trace *trace, bf_line *line)
{
    static const float SURELY = 0.7F;
    float from = 0;
    line->gap_from = line->gap_to = 0;
    for (guint i = 0; i <= trace->chars->len; i++) {
        const bf_read_char *c = i < trace->chars->len ? &g_array_index(trace->chars, bf_read_char, i) : NULL;
        if (c != NULL && (c->c == ' ' || c->p < SURELY))
            continue;
        float to = c != NULL ? MIN(((float)c->frame + 0.5F) * trace->step, 1.0F) : 1;
        if (to - from > line->gap_to - line->gap_from) {
            line->gap_from = from;
            line->gap_to = to;
        }
        from = to;
    }
}

static void sum_up(const bf_trace *trace, bf_line *line)
{
    float sum = 0, weakest = 1;
    guint n = 0;
    for (guint i = 0; i < trace->chars->len; i++) {
        const bf_read_char *c = &g_array_index(trace->chars, bf_read_char, i);
        if (c->c == ' ')
            continue;
        sum += c->p;
        weakest = MIN(weakest, c->p);
        n++;
    }
    line->n_chars = n;
    line->confidence = n > 0 ? sum / (float)n : 0;
    line->weakest = n > 0 ? weakest : 0;
}

static bool read_crop(bf_reader_worker *w, const bf_picture *picture, const bf_line *line, const bf_spotter *spotter, const bf_look *look,
                      float squeeze, bf_trace *trace, GError **error)
{
    g_autoptr(bf_picture) crop = NULL;
    return bf_line_crop(picture, &line->quad, look, RECOGNISER_HEIGHT_PX, squeeze, RECOGNISER_MAX_WIDTH_PX, &crop, error) &&
           bf_recognise(&w->reader->recogniser, &w->reader->charset, spotter, crop, w->room, trace, error);
}

/* Latin letters stand too close for a squeezed crop: the recogniser then leaves some out. */
static bool is_latin(const bf_trace *trace)
{
    guint letters = 0;
    for (guint i = 0; i < trace->chars->len; i++) {
        gunichar c = g_array_index(trace->chars, bf_read_char, i).c;
        letters += c < 0x250 && g_unichar_isalpha(c);
    }
    return letters >= 3 && letters * 4 >= trace->chars->len;
}

static bool is_plain(const bf_look *look)
{
    static const bf_look nothing_special = {0};
    return look == NULL || memcmp(look, &nothing_special, sizeof *look) == 0;
}

static bool read_line(bf_reader_worker *w, const bf_picture *picture, bf_line *line, const bf_spotter *spotter, const bf_look *look,
                      bf_trace *trace, GError **error)
{
    bf_look own = look != NULL ? *look : (bf_look){0};
    if (own.stacked == BF_STACKED_OWN) {
        own.stacked = MAX(line->stacked, 1);
        look = &own;
    }
    bool plain = is_plain(look);
    if (!read_crop(w, picture, line, spotter, look, plain ? PLAIN_SQUEEZE : 1, trace, error))
        return false;
    if (plain && is_latin(trace)) {
        bf_trace_clear(trace);
        if (!read_crop(w, picture, line, spotter, look, 1, trace, error))
            return false;
    }
    sum_up(trace, line);
    find_gap(trace, line);
    return true;
}

static bool ppocr_read_lines(bf_reader_worker *w, const bf_picture *picture, GArray *lines, guint first, guint n, const bf_query *query,
                             const bf_look *look, GArray *hits, GError **error)
{
    /* Compiled anew for each call: that costs a fraction of one line, and nothing can go stale. */
    g_autoptr(bf_spotter) spotter = bf_spotter_new(query, &w->reader->charset, w->reader->misreadings);
    g_autofree bf_trace *traces = g_new0(bf_trace, n + 1);
    g_autofree bf_read_line *read = g_new0(bf_read_line, n + 1);
    bool ok = true;
    for (guint i = 0; i < n && ok; i++) {
        bf_line *line = &g_array_index(lines, bf_line, first + i);
        ok = read_line(w, picture, line, spotter, look, &traces[i], error);
        bf_quad quad = look != NULL && look->half_turn ? bf_quad_half_turned(&line->quad) : line->quad;
        read[i] = (bf_read_line){&traces[i], quad, first + i, line->composed};
        line->none_seen = ok && bf_none_seen(spotter, query, &traces[i], line);
        line->shows_none = ok && bf_shows_none(spotter, query, &traces[i], line);
        line->shows_name = ok && bf_shows_name(spotter, query, &traces[i], line);
        if (ok)
            bf_locate_in_line(spotter, &traces[i], &quad, look != NULL && look->stacked > 0, first + i, hits);
    }
    if (ok) {
        bf_locate_over_lines(spotter, read, n, hits);
        bf_locate_stacked(spotter, read, n, hits);
    }
    if (ok && (is_plain(look) || look->whole_page))
        bf_locate_broken_off(spotter, query, read, n, lines, hits);
    for (guint i = 0; i < n; i++)
        bf_trace_clear(&traces[i]);
    return ok;
}

const bf_reader_class bf_reader_ppocr = {
    .name = "ppocr",
    .open = ppocr_open,
    .close = ppocr_close,
    .info = ppocr_info,
    .knows = ppocr_knows,
    .prepare = ppocr_prepare,
    .taken_for = ppocr_taken_for,
    .misreads = ppocr_misreads,
    .worker_new = ppocr_worker_new,
    .worker_free = ppocr_worker_free,
    .find_lines = ppocr_find_lines,
    .read_lines = ppocr_read_lines,
};
