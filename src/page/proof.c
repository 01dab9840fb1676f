#include "page/proof.h"
#include "page/reading.h"
#include "page/upright.h"

#include <glib/gi18n.h>

static bool touches(const bf_line *line, const GArray *masks, const bf_frame *frame)
{
    bf_rect bounds = bf_frame_rect_to_stored(frame, bf_line_bounds(line));
    for (guint i = 0; i < masks->len; i++)
        if (!bf_rect_is_empty(bf_rect_intersect(bounds, g_array_index(masks, bf_mask, i).rect)))
            return true;
    return false;
}

static GArray *touched_lines(const bf_reading *reading, const GArray *masks, const bf_frame *frame)
{
    GArray *lines = g_array_new(FALSE, FALSE, sizeof(bf_line));
    for (guint i = 0; i < reading->lines->len; i++) {
        const bf_line *line = &g_array_index(reading->lines, bf_line, i);
        if (touches(line, masks, frame))
            g_array_append_val(lines, *line);
    }
    return lines;
}

static bool look(bf_page_worker *w, const bf_picture *picture, const GArray *touched, const bf_query *query, bool whole, GArray *found,
                 GError **error)
{
    static const bf_look other_scale = {.crop_scale = 0.85F};
    const bf_reader_class *class;
    bf_reader_worker *worker;
    g_autoptr(GArray) lines = g_array_copy((GArray *)touched);
    if (!bf_worker_reader(w, 0, &class, &worker, error))
        return false;
    if (whole && !class->find_lines(worker, picture, DETECT_AGAIN_SIDE_PX, lines, error))
        return false;
    return class->read_lines(worker, picture, lines, 0, lines->len, query, &other_scale, found, error);
}

/* A hit on the output counts when it does not lie on the masks themselves: a black bar between two characters of other words can look
 * like a gap, never like a character. */
static bool mostly_masked(const bf_hit *hit, const GArray *masks, const bf_frame *frame)
{
    guint under = 0;
    for (guint c = 0; c < hit->n_centres; c++) {
        float x, y;
        bf_frame_point_to_stored(frame, hit->centre_x[c], hit->centre_y[c], &x, &y);
        for (guint i = 0; i < masks->len; i++) {
            bf_rect r = g_array_index(masks, bf_mask, i).rect;
            if ((int)x >= r.x && (int)x < r.x + r.w && (int)y >= r.y && (int)y < r.y + r.h) {
                under++;
                break;
            }
        }
    }
    return hit->n_centres > 0 && under == hit->n_centres;
}

/* A near name counts, unless both readers have read another name in that place. */
static bool is_others(const bf_hit *hit, const bf_reading *reading)
{
    for (guint i = 0; (bf_is_near_name(hit) || hit->n_unproved > 0) && i < reading->others->len; i++)
        if (bf_same_place(hit, &g_array_index(reading->others, bf_hit, i)))
            return true;
    return false;
}

bool bf_prove(bf_page_worker *w, GBytes *input, GBytes *output, const GArray *masks, bool recoded, const bf_frame *frame,
              const bf_reading *reading, const bf_query *query, bool whole, bf_proof *proof, GError **error)
{
    g_autofree bf_rect *rects = g_new(bf_rect, masks->len + 1);
    for (guint i = 0; i < masks->len; i++)
        rects[i] = g_array_index(masks, bf_mask, i).rect;
    if (!bf_jpeg_verify(input, output, rects, masks->len, recoded, &proof->stats, error))
        return false;
    g_autoptr(GArray) touched = touched_lines(reading, masks, frame), found = g_array_new(FALSE, FALSE, sizeof(bf_hit));
    proof->visible = g_array_new(FALSE, FALSE, sizeof(bf_hit));
    if (touched->len == 0 && !whole)
        return true;
    g_autoptr(bf_picture) picture = NULL;
    bf_frame seen;
    if (!bf_upright_decode(output, 0, frame->turn_deg, &picture, &seen, NULL, error))
        return false;
    if (memcmp(&seen, frame, sizeof seen) != 0) { /* the lines' places would mean something else on it */
        g_set_error(error, BF_JPEG_ERROR, BF_JPEG_ERROR_MISMATCH, _("The output is not shown the way the input is"));
        return false;
    }
    if (!look(w, picture, touched, query, whole, found, error))
        return false;
    for (guint i = 0; i < found->len; i++) {
        const bf_hit *hit = &g_array_index(found, bf_hit, i);
        if (hit->sure && !is_others(hit, reading) && !mostly_masked(hit, masks, frame) && !bf_leaps_over_a_line(found, i, reading->lines))
            g_array_append_val(proof->visible, *hit);
    }
    return true;
}
