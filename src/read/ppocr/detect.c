#include "read/ppocr/detect.h"
#include "read/ppocr/components.h"
#include <glib/gi18n.h>
#include <math.h>

enum { GRID = 32 };
/* The network's memory grows with the pixels that it sees at once, so larger looks are taken in bands of about an A4 page at 960 px. The
 * overlap holds a line of print whole. */
enum { BAND_PIXELS = 720 * 1000, BAND_OVERLAP_PX = 4 * GRID, EDGE_PX = 8, JITTER_PX = 4 };

/* BGR, normalised as ImageNet, planar: what the network was trained on. */
static const float MEAN[3] = {0.485F, 0.456F, 0.406F}, DEVIATION[3] = {0.229F, 0.224F, 0.225F};

static void normalise_gray(const uint8_t *in, gsize n, float *const planes[3])
{
    for (int c = 0; c < 3; c++) {
        float scale = 1.0F / (255.0F * DEVIATION[c]), offset = -MEAN[c] / DEVIATION[c];
        float *restrict plane = planes[c];
        for (gsize i = 0; i < n; i++)
            plane[i] = in[i] * scale + offset;
    }
}

/* All planes in one go: compilers know how to take bytes in threes apart. */
static void normalise_rgb(const uint8_t *restrict in, gsize n, float *const planes[3])
{
    float *restrict b = planes[0], *restrict g = planes[1], *restrict r = planes[2], scale[3], offset[3];
    for (int c = 0; c < 3; c++) {
        scale[c] = 1.0F / (255.0F * DEVIATION[c]);
        offset[c] = -MEAN[c] / DEVIATION[c];
    }
    for (gsize i = 0; i < n; i++) {
        r[i] = in[3 * i] * scale[2] + offset[2];
        g[i] = in[3 * i + 1] * scale[1] + offset[1];
        b[i] = in[3 * i + 2] * scale[0] + offset[0];
    }
}

static void normalise(const uint8_t *in, int channels, gsize n, float *const planes[3])
{
    if (channels == 3)
        normalise_rgb(in, n, planes);
    else
        normalise_gray(in, n, planes);
}

enum { LONGEST_GRID_PX = 65472 }; /* the last multiple of GRID that a picture may be long */

static int to_grid(float px)
{
    return CLAMP((int)lroundf(px / GRID) * GRID, GRID, LONGEST_GRID_PX);
}

/* A band of rows of the scaled picture that is run through the network at once. */
typedef struct {
    int top, height;
    bool cut_above, cut_below; /* the picture goes on there */
} band;

static bool no_memory(GError **error)
{
    g_set_error(error, BF_READER_ERROR, BF_READER_ERROR_RUN, _("not enough memory to look for lines"));
    return false;
}

static void normalise_row(int y, float *const planes[3], gpointer data)
{
    const bf_picture *p = data;
    normalise(p->data + (gsize)y * (gsize)p->width_px * (gsize)p->channels, p->channels, (gsize)p->width_px, planes);
}

static bool run_own(const bf_detector *detector, bf_picture *rows, float sx, float sy, GArray *lines, GError **error)
{
    g_autofree float *map = g_try_new(float, (gsize)rows->width_px *(gsize)rows->height_px);
    if (map == NULL)
        return no_memory(error);
    return bf_mapnet_run(detector->net, rows->width_px, rows->height_px, normalise_row, rows, map, error) &&
           bf_component_lines(map, rows->width_px, rows->height_px, sx, sy, lines, error);
}

static bool run_session(const bf_detector *detector, const bf_picture *rows, float sx, float sy, GArray *lines, GError **error)
{
    gsize n = (gsize)rows->width_px * (gsize)rows->height_px;
    g_autofree float *input = g_try_new(float, 3 * n);
    if (input == NULL)
        return no_memory(error);
    normalise(rows->data, rows->channels, n, (float *const[3]){input, input + n, input + 2 * n});
    const gint64 shape[4] = {1, 3, rows->height_px, rows->width_px};
    bf_ort_tensor map;
    if (!bf_ort_run(detector->session, input, shape, &map, error))
        return false;
    bool fits = map.n_dims == 4 && map.dims[2] == rows->height_px && map.dims[3] == rows->width_px;
    if (fits)
        fits = bf_component_lines(map.data, rows->width_px, rows->height_px, sx, sy, lines, error);
    else
        g_set_error(error, BF_READER_ERROR, BF_READER_ERROR_MODEL, _("the detector answered with an unexpected shape"));
    bf_ort_tensor_clear(detector->session, &map);
    return fits;
}

static bool run_band(const bf_detector *detector, const bf_picture *small, band b, float sx, float sy, GArray *lines, GError **error)
{
    bf_picture rows = *small;
    rows.height_px = b.height;
    rows.data = small->data + (gsize)b.top * (gsize)small->width_px * (gsize)small->channels;
    if (detector->net != NULL)
        return run_own(detector, &rows, sx, sy, lines, error);
    return run_session(detector, &rows, sx, sy, lines, error);
}

void bf_detector_clear(bf_detector *detector)
{
    bf_mapnet_free(detector->net);
    bf_ort_session_free(detector->session);
    *detector = (bf_detector){0};
}

/* Was this line found before? */
static bool is_among(const GArray *lines, guint n, const bf_line *line)
{
    for (guint i = 0; i < n; i++) {
        if (bf_quads_meet(&g_array_index(lines, bf_line, i).quad, &line->quad))
            return true;
    }
    return false;
}

/* Moves a band's lines to their place on the page. What touches a cut edge is left to the neighbouring band when that one holds it whole;
 * what is higher than the overlap (a column, a long tilted line) is whole in none, and each band gives its part. What two bands found is
 * taken once. */
static void take_over(const GArray *found, band b, float sy, GArray *lines)
{
    /* What ends at an edge may be cut there. Two bands see the same line a little differently: at the limit it is taken from both. */
    float height = (float)b.height * sy, edge = EDGE_PX * sy, overlap = (BAND_OVERLAP_PX - EDGE_PX - JITTER_PX) * sy;
    guint before = lines->len;
    for (guint i = 0; i < found->len; i++) {
        bf_line line = g_array_index(found, bf_line, i);
        bf_rect r = bf_quad_bounds(&line.quad);
        float top = (float)r.y, bottom = (float)(r.y + r.h);
        bool cut_above = b.cut_above && top <= edge, cut_below = b.cut_below && bottom >= height - edge;
        if ((cut_above && bottom < overlap) || (cut_below && top > height - overlap))
            continue;
        bf_line_move(&line, 0, (float)b.top * sy);
        if (cut_above || cut_below || !is_among(lines, before, &line))
            g_array_append_val(lines, line);
    }
}

bool bf_detect_lines(const bf_detector *detector, const bf_picture *picture, int long_side_px, GArray *lines, GError **error)
{
    /* A picture longer than two squares (a screenshot of many screens) goes by its short side, or its text would shrink to dust. */
    float by_long = (float)long_side_px / (float)MAX(picture->width_px, picture->height_px);
    float by_short = (float)long_side_px / 2 / (float)MIN(picture->width_px, picture->height_px);
    float scale = MIN(1.0F, MAX(by_long, by_short));
    int width = to_grid((float)picture->width_px * scale), height = to_grid((float)picture->height_px * scale);
    float sx = (float)picture->width_px / (float)width, sy = (float)picture->height_px / (float)height;
    g_autoptr(bf_picture) small = NULL;
    if (!bf_picture_scale(picture, width, height, &small, error))
        return false;
    int step = MAX(GRID, BAND_PIXELS / width / GRID * GRID);
    if (step >= height)
        return run_band(detector, small, (band){0, height, false, false}, sx, sy, lines, error);
    for (int top = 0; top < height; top += step - BAND_OVERLAP_PX) {
        band b = {top, MIN(step, height - top), top > 0, top + step < height};
        g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(bf_line));
        if (!run_band(detector, small, b, sx, sy, found, error))
            return false;
        take_over(found, b, sy, lines);
        if (!b.cut_below)
            break;
    }
    return true;
}
