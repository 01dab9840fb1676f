#include "page/arabic.h"
#include "page/ink.h"

/* From here on a line says what it seems to. */
static const float SURE_PRINT = 0.9F;

static bool has_arabic_form(const bf_query *query)
{
    for (guint i = 0; i < query->n_forms; i++)
        if (query->forms[i].kind == BF_FORM_ARABIC)
            return true;
    return false;
}

/* Lines on which the name was found need no further look. */
static void drop_found(const GArray *found, guint from, const bf_query *query, GArray *numbers)
{
    for (guint i = from; i < found->len; i++) {
        const bf_hit *h = &g_array_index(found, bf_hit, i);
        for (guint k = numbers->len; h->sure && query->forms[h->form].kind == BF_FORM_ARABIC && k-- > 0;)
            if (g_array_index(numbers, guint, k) == h->line)
                g_array_remove_index_fast(numbers, k);
    }
}

/* A line that reads surely may leave out words in the other script: adds each line's widest stretch without characters, when something
 * stands there, as a line of its own. */
static void add_gaps(const bf_picture *picture, bf_reading *r, GArray *numbers)
{
    static const float WORD = 2.0F, BESIDE = 0.3F; /* line heights: the least, and what belongs to the character beside it */
    for (guint i = 0, n = r->lines->len; i < n; i++) {
        bf_line l = g_array_index(r->lines, bf_line, i);
        float height = bf_quad_height(&l.quad), length = MAX(bf_quad_length(&l.quad), 1.0F), beside = BESIDE * height / length;
        if (l.composed || l.vertical || l.n_chars == 0 || l.confidence < SURE_PRINT || (l.gap_to - l.gap_from) * length < WORD * height)
            continue;
        bf_line gap = {.det_score = l.det_score, .confidence = 0, .weakest = 0, .composed = true};
        gap.quad = bf_quad_slice(&l.quad, l.gap_from > 0 ? l.gap_from + beside : 0, l.gap_to < 1 ? l.gap_to - beside : 1, 0);
        if (bf_is_blank(picture, bf_quad_bounds(&gap.quad)))
            continue;
        guint number = r->lines->len;
        g_array_append_val(r->lines, gap);
        g_array_append_val(numbers, number);
    }
}

/* The main reader knows no Arabic script: it finds such lines and reads them as something weak. */
bool bf_look_for_arabic(bf_page_worker *w, const bf_picture *picture, const bf_query *query, bf_reading *r, GArray *found, GError **error)
{
    static const bf_look looks[] = {{.arabic = true}, {.arabic = true, .crop_scale = 0.8F}, {.arabic = true, .contrast = true}};
    if (!has_arabic_form(query))
        return true;
    if (w->engine->n_readers < 2) {
        r->unproved_script = true;
        return true;
    }
    g_autoptr(GArray) weak = bf_weak_lines(r, SURE_PRINT);
    add_gaps(picture, r, weak);
    g_autoptr(GError) cause = NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(looks) && cause == NULL; i++) {
        guint from = found->len;
        if (bf_look_again(w, 1, picture, query, r, weak, &looks[i], found, &cause))
            drop_found(found, from, query, weak);
    }
    if (cause == NULL)
        return true;
    if (!g_error_matches(cause, BF_READER_ERROR, BF_READER_ERROR_MISSING)) {
        g_propagate_error(error, g_steal_pointer(&cause));
        return false;
    }
    r->unproved_script = true; /* without its language data the page is read all the same, and held for this form alone */
    return true;
}
