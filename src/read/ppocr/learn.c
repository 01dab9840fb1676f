#include "read/ppocr/learn.h"
#include "read/line_crop.h"
#include <math.h>

/* A character is read in COPIES places of a line, each between two plain ones, and alone with these: what is learnt of it must not depend
 * on the roster's other names, or the same page would come out otherwise in another batch. */
enum { COPIES = 2, FACES = 3 };
static const gunichar BETWEEN[] = {0x674E /* 李 */, 0x660E /* 明 */, 0x56FD /* 国 */};
/* Large, and small enough to be blurred when it is enlarged for reading. */
static const int SIZES_PX[] = {40, 17};

typedef struct {
    gunichar c;
    guint read, unread, seen;
    const gunichar *alts;
    guint n_alts;
    bf_misreading *m;
} pupil;

static bool counts_as(const pupil *p, gunichar c)
{
    bool same = c == p->c;
    for (guint i = 0; i < p->n_alts && !same; i++)
        same = c == p->alts[i];
    return same;
}

static void take_for(bf_misreading *m, gunichar c)
{
    for (guint i = 0; i < m->taken_for->len; i++)
        if (g_array_index(m->taken_for, gunichar, i) == c)
            return;
    g_array_append_val(m->taken_for, c);
}

/* What was read in a pupil's place on the line? */
static void mark(pupil *p, const bf_trace *trace, float centre, float half)
{
    const bf_read_char *best = NULL;
    for (guint k = 0; k < trace->chars->len; k++) {
        const bf_read_char *c = &g_array_index(trace->chars, bf_read_char, k);
        if (fabsf((float)c->frame + 0.5F - centre) < half && !bf_query_is_separator(c->c) && (best == NULL || c->p > best->p))
            best = c;
    }
    p->seen++;
    if (best != NULL && counts_as(p, best->c))
        p->read++;
    else if (best != NULL)
        take_for(p->m, best->c);
    else
        p->unread++;
}

static bool examine(const bf_recogniser *recogniser, const bf_charset *charset, bf_glyphs *glyphs, float squeeze, guint face, int size_px,
                    pupil *p, bf_recogniser_room *room, GError **error)
{
    gunichar text[2 * COPIES + 1];
    int height = size_px * 5 / 4;
    g_autoptr(bf_picture) drawn = NULL, crop = NULL;
    g_auto(bf_trace) trace = {0};
    for (guint i = 0; i <= COPIES; i++)
        text[2 * i] = BETWEEN[(i + face) % G_N_ELEMENTS(BETWEEN)];
    for (guint i = 0; i < COPIES; i++)
        text[2 * i + 1] = p->c;
    if (!bf_glyphs_draw(glyphs, face, text, G_N_ELEMENTS(text), size_px, height, &drawn, error))
        return false;
    float w = (float)drawn->width_px, h = (float)height;
    bf_quad all = {{0, w, w, 0}, {0, 0, h, h}};
    if (!bf_line_crop(drawn, &all, NULL, RECOGNISER_HEIGHT_PX, squeeze, RECOGNISER_MAX_WIDTH_PX, &crop, error) ||
        !bf_recognise(recogniser, charset, NULL, crop, room, &trace, error))
        return false;
    float slot = (float)size_px / w / trace.step; /* frames */
    for (guint i = 0; i < COPIES; i++)
        mark(p, &trace, ((float)(2 * i + 1) + 1.5F) * slot, slot * 0.6F);
    return true;
}

static bool examine_all(const bf_recogniser *recogniser, const bf_charset *charset, bf_glyphs *glyphs, float squeeze, GArray *pupils,
                        GError **error)
{
    g_autoptr(bf_recogniser_room) room = bf_recogniser_room_new();
    guint faces = MIN(bf_glyphs_n_faces(glyphs), FACES);
    for (guint i = 0; i < pupils->len; i++)
        for (guint face = 0; face < faces; face++)
            for (gsize s = 0; s < G_N_ELEMENTS(SIZES_PX); s++)
                if (!examine(recogniser, charset, glyphs, squeeze, face, SIZES_PX[s], &g_array_index(pupils, pupil, i), room, error))
                    return false;
    return true;
}

static void collect(const bf_query *query, bf_glyphs *glyphs, GHashTable *misreadings, GArray *pupils)
{
    for (guint f = 0; f < query->n_forms; f++) {
        const bf_form *form = &query->forms[f];
        bool name = form->kind == BF_FORM_NAME || form->kind == BF_FORM_ALIAS;
        for (guint s = 0; name && s < form->n_symbols; s++)
            for (guint a = 0; a < form->symbols[s].n_alts; a++) {
                gunichar c = form->symbols[s].alts[a];
                if (g_unichar_get_script(c) != G_UNICODE_SCRIPT_HAN || g_hash_table_contains(misreadings, GUINT_TO_POINTER(c)))
                    continue;
                bf_misreading *m = g_new0(bf_misreading, 1);
                m->taken_for = g_array_new(FALSE, FALSE, sizeof(gunichar));
                g_hash_table_insert(misreadings, GUINT_TO_POINTER(c), m);
                pupil p = {.c = c, .alts = form->symbols[s].alts, .n_alts = form->symbols[s].n_alts, .m = m};
                if (bf_glyphs_count(glyphs, c) > 0)
                    g_array_append_val(pupils, p);
            }
    }
}

bool bf_learn_misreadings(const bf_recogniser *recogniser, const bf_charset *charset, bf_glyphs *glyphs, float squeeze,
                          const bf_query *query, GHashTable *misreadings, GError **error)
{
    g_autoptr(GArray) pupils = g_array_new(FALSE, FALSE, sizeof(pupil));
    if (bf_glyphs_n_faces(glyphs) == 0)
        return true;
    collect(query, glyphs, misreadings, pupils);
    if (!examine_all(recogniser, charset, glyphs, squeeze, pupils, error))
        return false;
    for (guint i = 0; i < pupils->len; i++) {
        pupil *p = &g_array_index(pupils, pupil, i);
        p->m->fails = 2 * p->read <= p->seen;
        p->m->silent = 3 * p->unread >= p->seen; /* a third: its neighbours tell whether it is left out, and these are others on the page */
    }
    return true;
}
