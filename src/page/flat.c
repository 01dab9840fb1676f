#include "page/flat.h"
#include "page/paper.h"

/* Lines read as surely as this are not read again. */
static const float SURE = 0.90F;

static bool is_read_surely(const bf_reading *r, const bf_quad *quad)
{
    for (guint i = 0; i < r->lines->len; i++) {
        const bf_line *l = &g_array_index(r->lines, bf_line, i);
        if (l->confidence >= SURE && !l->composed && bf_quads_meet(&l->quad, quad))
            return true;
    }
    return false;
}

static void take_over(bf_reading *r, const GArray *lines, GArray *hits, const bf_homography *to_picture, GArray *found)
{
    guint before = r->lines->len;
    for (guint i = 0; i < lines->len; i++) {
        bf_line l = g_array_index(lines, bf_line, i);
        l.quad = bf_homography_quad(to_picture, &l.quad);
        g_array_append_val(r->lines, l);
        bf_retire_weaker(r, before, &l);
    }
    for (guint i = 0; i < hits->len; i++) {
        bf_hit h = g_array_index(hits, bf_hit, i);
        h.quad = bf_homography_quad(to_picture, &h.quad);
        for (guint k = 0; k < h.n_centres; k++)
            bf_homography_point(to_picture, h.centre_x[k], h.centre_y[k], &h.centre_x[k], &h.centre_y[k]);
        h.line += before;
        h.next_line = h.next_line >= 0 ? h.next_line + (gint)before : -1;
        g_array_append_val(found, h);
    }
}

bool bf_look_at_flat_sheet(bf_page_worker *w, const bf_picture *picture, const bf_query *query, bf_reading *r, GArray *found,
                           GError **error)
{
    static const bf_look plain = {.crop_scale = 1.0F};
    const bf_reader_class *class;
    bf_reader_worker *worker;
    bf_quad paper;
    bf_homography to_picture;
    g_autoptr(bf_picture) flat = NULL;
    g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(bf_line)), hits = g_array_new(FALSE, FALSE, sizeof(bf_hit));
    if (!bf_find_paper(picture, &paper) || bf_paper_is_straight(picture, &paper))
        return true;
    if (!bf_worker_reader(w, 0, &class, &worker, error) || !bf_flatten_paper(picture, &paper, &flat, &to_picture, error) ||
        !class->find_lines(worker, flat, DETECT_AGAIN_SIDE_PX, lines, error))
        return false;
    for (guint i = lines->len; i-- > 0;) {
        bf_quad seen = bf_homography_quad(&to_picture, &g_array_index(lines, bf_line, i).quad);
        if (is_read_surely(r, &seen))
            g_array_remove_index(lines, i);
    }
    if (!class->read_lines(worker, flat, lines, 0, lines->len, query, &plain, hits, error))
        return false;
    take_over(r, lines, hits, &to_picture, found);
    return true;
}
