/* The reader "tesseract": the second, independent look, on line crops; alone, on whole pages. One engine and one thread a worker. */
#include "read/line_crop.h"
#include "read/tesseract/symbols.h"
#include <glib/gi18n.h>
#include <leptonica/allheaders.h>
#include <math.h>
#include <tesseract/capi.h>

/* On line crops of this height with a white border the LSTM read best. */
enum { CROP_HEIGHT_PX = 48, BORDER_PX = 10, MAX_WIDTH_PX = 4000, CROP_DPI = 150 };
static const char CHINESE[] = "chi_sim", UYGHUR[] = "uig";

/* Tesseract's own OpenMP threads make parallel engines crawl, and a page's process may start none. It asks for a number of them by itself,
 * so only a limit of nesting keeps them away; that is one of the calling thread. Weak: an engine built without OpenMP has none. */
extern void omp_set_max_active_levels(int n) __attribute__((weak));

struct bf_reader {
    char *version;
};
struct bf_reader_worker {
    TessBaseAPI *api;
    TessBaseAPI *arabic; /* NULL until first asked for */
};

static TessBaseAPI *start_engine(const char *language, GError **error)
{
    if (omp_set_max_active_levels != NULL)
        omp_set_max_active_levels(0);
    TessBaseAPI *api = TessBaseAPICreate();
    if (TessBaseAPIInit2(api, NULL, language, OEM_LSTM_ONLY) != 0) {
        g_set_error(error, BF_READER_ERROR, BF_READER_ERROR_MISSING,
                    _("Tesseract cannot load its language data %s; install the package tesseract-ocr-%s"), language,
                    language == CHINESE ? "chi-sim" : language);
        TessBaseAPIDelete(api);
        return NULL;
    }
    TessBaseAPISetVariable(api, "debug_file", "/dev/null");
    TessBaseAPISetVariable(api, "lstm_choice_mode", "2");
    TessBaseAPISetVariable(api, "tessedit_do_invert", "0");
    return api;
}

static void stop_engine(TessBaseAPI *api)
{
    TessBaseAPIEnd(api);
    TessBaseAPIDelete(api);
}

static void tess_close(bf_reader *r)
{
    if (r == NULL)
        return;
    g_free(r->version);
    g_free(r);
}

static bool tess_open(const char *models_dir, bf_reader **out, GError **error)
{
    (void)models_dir; /* its language data is where Tesseract itself looks for it */
    TessBaseAPI *api = start_engine(CHINESE, error);
    if (api == NULL)
        return false;
    bf_reader *r = g_new0(bf_reader, 1);
    r->version = g_strdup_printf("%s, %s", TessVersion(), CHINESE);
    stop_engine(api);
    *out = r;
    return true;
}

static void tess_info(const bf_reader *r, bf_reader_info *out)
{
    *out = (bf_reader_info){"tesseract", r->version, ""};
}

static bool tess_worker_new(bf_reader *r, bf_reader_worker **out, GError **error)
{
    (void)r;
    TessBaseAPI *api = start_engine(CHINESE, error);
    if (api == NULL)
        return false;
    *out = g_new0(bf_reader_worker, 1);
    (*out)->api = api;
    return true;
}

static void tess_worker_free(bf_reader_worker *w)
{
    if (w == NULL)
        return;
    stop_engine(w->api);
    if (w->arabic != NULL)
        stop_engine(w->arabic);
    g_free(w);
}

static void tess_warm(bf_reader_worker *w)
{
    if (w->arabic == NULL)
        w->arabic = start_engine(UYGHUR, NULL);
    /* Its debug file is opened when there is first something to say. Without one it says it to standard error. (One for all engines.) */
    TessBaseAPISetVariable(w->api, "debug_file", "");
}

/* Layout analysis of the whole picture: rough, but all that this reader has of its own. */
static bool tess_find_lines(bf_reader_worker *w, const bf_picture *picture, int long_side_px, GArray *lines, GError **error)
{
    (void)long_side_px;
    TessBaseAPISetPageSegMode(w->api, PSM_AUTO);
    TessBaseAPISetImage(w->api, picture->data, picture->width_px, picture->height_px, picture->channels,
                        picture->width_px * picture->channels);
    TessPageIterator *it = TessBaseAPIAnalyseLayout(w->api);
    if (it == NULL)
        return true; /* nothing that looks like text */
    do {
        int x0, y0, x1, y1;
        if (!TessPageIteratorBoundingBox(it, RIL_TEXTLINE, &x0, &y0, &x1, &y1) || x1 - x0 < 4 || y1 - y0 < 4)
            continue;
        float l = (float)x0, t = (float)y0, r = (float)x1, b = (float)y1;
        bf_line line = {.quad = {{l, r, r, l}, {t, t, b, b}}, .det_score = 1, .confidence = -1, .weakest = -1};
        g_array_append_val(lines, line);
    } while (TessPageIteratorNext(it, RIL_TEXTLINE));
    TessPageIteratorDelete(it);
    TessBaseAPIClear(w->api);
    (void)error;
    return true;
}

/* Gray, with a white border: the recogniser cuts off what touches the edge. */
static bool bordered_gray(const bf_picture *crop, bf_picture **out, GError **error)
{
    if (!bf_picture_new(crop->width_px + 2 * BORDER_PX, crop->height_px + 2 * BORDER_PX, 1, out, error))
        return false;
    bf_picture *gray = *out;
    memset(gray->data, 255, (gsize)gray->width_px * (gsize)gray->height_px);
    for (int y = 0; y < crop->height_px; y++)
        for (int x = 0; x < crop->width_px; x++) {
            const uint8_t *p = crop->data + ((gsize)y * (gsize)crop->width_px + (gsize)x) * 3;
            gray->data[(gsize)(y + BORDER_PX) * (gsize)gray->width_px + (gsize)(x + BORDER_PX)] =
                (uint8_t)((p[0] * 77 + p[1] * 150 + p[2] * 29) >> 8);
        }
    return true;
}

static void add_choice(bf_choices *at, const char *text, float confidence)
{
    if (text == NULL || at->n >= G_N_ELEMENTS(at->c) || !g_utf8_validate(text, -1, NULL) || g_utf8_strlen(text, -1) != 1)
        return;
    gunichar c = g_utf8_get_char(text);
    for (guint i = 0; i < at->n; i++)
        if (at->c[i] == c)
            return;
    at->c[at->n] = c;
    at->p[at->n++] = CLAMP(confidence / 100, 0.0F, 1.0F);
}

static bf_choices symbol_choices(TessResultIterator *it, float crop_width)
{
    bf_choices at = {0};
    char *top = TessResultIteratorGetUTF8Text(it, RIL_SYMBOL);
    if (top == NULL)
        return at; /* the iterator of an empty result stands nowhere, and its choices must not be asked for */
    add_choice(&at, top, TessResultIteratorConfidence(it, RIL_SYMBOL));
    TessDeleteText(top);
    TessChoiceIterator *choice = TessResultIteratorGetChoiceIterator(it);
    if (choice != NULL) {
        do
            add_choice(&at, TessChoiceIteratorGetUTF8Text(choice), TessChoiceIteratorConfidence(choice));
        while (TessChoiceIteratorNext(choice));
        TessChoiceIteratorDelete(choice);
    }
    int x0, y0, x1, y1;
    TessPageIterator *box = TessResultIteratorGetPageIterator(it);
    if (TessPageIteratorBoundingBox(box, RIL_SYMBOL, &x0, &y0, &x1, &y1)) {
        at.from = CLAMP(((float)x0 - BORDER_PX) / crop_width, 0.0F, 1.0F);
        at.to = CLAMP(((float)x1 - BORDER_PX) / crop_width, 0.0F, 1.0F);
    }
    return at;
}

static bool read_symbols(TessBaseAPI *api, const bf_picture *crop, GArray *symbols, GError **error)
{
    g_autoptr(bf_picture) gray = NULL;
    if (!bordered_gray(crop, &gray, error))
        return false;
    TessBaseAPISetPageSegMode(api, PSM_RAW_LINE);
    TessBaseAPISetImage(api, gray->data, gray->width_px, gray->height_px, 1, gray->width_px);
    TessBaseAPISetSourceResolution(api, CROP_DPI);
    if (TessBaseAPIRecognize(api, NULL) != 0) {
        g_set_error(error, BF_READER_ERROR, BF_READER_ERROR_RUN, _("Tesseract gave up on a line"));
        TessBaseAPIClear(api);
        return false;
    }
    static const bf_choices space = {.c = {' '}, .p = {1}, .n = 1};
    TessResultIterator *it = TessBaseAPIGetIterator(api);
    if (it != NULL) {
        do {
            bf_choices at = symbol_choices(it, (float)crop->width_px);
            bool word_starts = TessPageIteratorIsAtBeginningOf(TessResultIteratorGetPageIterator(it), RIL_WORD);
            if (word_starts && symbols->len > 0)
                g_array_append_val(symbols, space);
            if (at.n > 0)
                g_array_append_val(symbols, at);
        } while (TessResultIteratorNext(it, RIL_SYMBOL));
        TessResultIteratorDelete(it);
    }
    TessBaseAPIClear(api);
    return true;
}

static void sum_up(const GArray *symbols, bf_line *line)
{
    float sum = 0, weakest = 1;
    guint n = 0;
    for (guint i = 0; i < symbols->len; i++) {
        const bf_choices *at = &g_array_index(symbols, bf_choices, i);
        if (at->c[0] == ' ')
            continue;
        sum += at->p[0];
        weakest = MIN(weakest, at->p[0]);
        n++;
    }
    line->n_chars = n;
    line->confidence = n > 0 ? sum / (float)n : 0;
    line->weakest = n > 0 ? weakest : 0;
}

static bool tess_read_lines(bf_reader_worker *w, const bf_picture *picture, GArray *lines, guint first, guint n, const bf_query *query,
                            const bf_look *look, GArray *hits, GError **error)
{
    bool arabic = look != NULL && look->arabic;
    if (arabic && w->arabic == NULL && (w->arabic = start_engine(UYGHUR, error)) == NULL)
        return false;
    for (guint i = first; i < first + n; i++) {
        bf_line *line = &g_array_index(lines, bf_line, i);
        g_autoptr(bf_picture) crop = NULL;
        g_autoptr(GArray) symbols = g_array_new(FALSE, FALSE, sizeof(bf_choices));
        if (!bf_line_crop(picture, &line->quad, look, CROP_HEIGHT_PX, 1, MAX_WIDTH_PX, &crop, error) ||
            !read_symbols(arabic ? w->arabic : w->api, crop, symbols, error))
            return false;
        bf_quad quad = look != NULL && look->half_turn ? bf_quad_half_turned(&line->quad) : line->quad;
        sum_up(symbols, line);
        bf_symbols_spot(symbols, query, &quad, i, hits);
        if (symbols->len > 0) /* an empty array has no memory */
            explicit_bzero(symbols->data, symbols->len * sizeof(bf_choices));
    }
    return true;
}

const bf_reader_class bf_reader_tesseract = {
    .name = "tesseract",
    .open = tess_open,
    .close = tess_close,
    .info = tess_info,
    .worker_new = tess_worker_new,
    .worker_free = tess_worker_free,
    .warm = tess_warm,
    .find_lines = tess_find_lines,
    .read_lines = tess_read_lines,
};
