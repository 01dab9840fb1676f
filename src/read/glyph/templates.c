#include "read/glyph/templates.h"
#include <glib/gi18n.h>
#include <math.h>
#include <pthread.h>
#include <string.h>

static const struct {
    int size_px;
    bool blurred;
} SEEN[TEMPLATE_SIZES] = {{48, false}, {18, false}, {16, true}};
/* What the faces are compared by: simple and rich characters of several builds. */
static const gunichar SAMPLE[] = {0x660E, 0x738B, 0x7684, 0x6797, 0x6625};
static const float THE_SAME = 0.02F; /* of all of them */

struct bf_glyphs {
    bf_faces *faces;
    GHashTable *of; /* character -> bf_templates */
    pthread_mutex_t lock;
};

/* A glyph on a ground one sample wider on each side. */
static void lay_ink(const bf_drawn *d, bool blurred, float *out)
{
    int w = d->width + 2, h = d->height + 2;
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++) {
            int sum = 0, reach = blurred ? 1 : 0;
            for (int v = MAX(y - 1 - reach, 0); v <= MIN(y - 1 + reach, d->height - 1); v++)
                for (int u = MAX(x - 1 - reach, 0); u <= MIN(x - 1 + reach, d->width - 1); u++)
                    sum += d->coverage[v * d->width + u];
            out[y * w + x] = (float)sum / (255.0F * (float)((2 * reach + 1) * (2 * reach + 1)));
        }
}

/* Blurred strokes are pale; as in a picture, what counts is how they stand out. */
static void stretch(float *v, int n)
{
    float top = 0, sum = 0;
    int inked = 0;
    for (int i = 0; i < n; i++)
        top = MAX(top, v[i]);
    for (int i = 0; i < n; i++)
        if (v[i] > top / 2) {
            sum += v[i];
            inked++;
        }
    for (int i = 0; i < n && inked > 0; i++)
        v[i] = MIN(v[i] * (float)inked / sum, 1.0F);
}

static bool draw_shape(const bf_faces *faces, guint face, gunichar c, guint seen, bf_shape *out, float *width_em, float *height_em)
{
    bf_drawn drawn;
    if (!bf_faces_draw(faces, face, c, SEEN[seen].size_px, &drawn))
        return false;
    int w = drawn.width + 2, h = drawn.height + 2;
    g_autofree float *samples = g_new(float, (gsize)w *(gsize)h);
    lay_ink(&drawn, SEEN[seen].blurred, samples);
    g_free(drawn.coverage);
    stretch(samples, w * h);
    bf_ink ink = {samples, w, h};
    bf_box box;
    if (!bf_ink_bounds(&ink, (bf_box){0, 0, w, h}, &box))
        return false;
    bf_shape_of(&ink, box, out);
    *width_em = (float)(box.x1 - box.x0) / (float)SEEN[seen].size_px;
    *height_em = (float)(box.y1 - box.y0) / (float)SEEN[seen].size_px;
    return true;
}

static bf_templates *draw_templates(const bf_faces *faces, gunichar c)
{
    bf_templates *all = g_new0(bf_templates, 1);
    for (guint face = 0; face < bf_faces_n(faces) && all->n < TEMPLATE_FACES; face++) {
        bf_template *t = &all->t[all->n];
        bool ok = true;
        for (int s = TEMPLATE_SIZES - 1; s >= 0 && ok; s--) /* its size in em is that of the large one */
            ok = draw_shape(faces, face, c, (guint)s, &t->shape[s], &t->width_em, &t->height_em);
        t->face = face;
        all->n += ok;
    }
    return all;
}

/* Puts the faces into an order in which each is as unlike those before it as can be: the first few then speak for all. One that is just
 * like another (the same glyphs under another name) is of no use. */
static void keep_unlike(bf_faces *faces)
{
    guint n = bf_faces_n(faces), samples = G_N_ELEMENTS(SAMPLE);
    g_autofree bf_shape *shapes = g_new0(bf_shape, n * samples + 1);
    g_autofree float *nearest = g_new(float, n + 1);
    g_autofree guint *order = g_new(guint, n + 1);
    for (guint f = 0; f < n; f++) {
        float w, h;
        nearest[f] = INFINITY;
        for (guint k = 0; k < samples; k++)
            draw_shape(faces, f, SAMPLE[k], 0, &shapes[f * samples + k], &w, &h);
    }
    guint kept = 0, next = 0;
    while (kept < n) {
        order[kept++] = next;
        nearest[next] = -1;
        guint best = next;
        for (guint f = 0; f < n; f++) {
            float distance = 0;
            for (guint k = 0; k < samples; k++)
                distance += bf_shape_distance(&shapes[f * samples + k], &shapes[next * samples + k]);
            nearest[f] = MIN(nearest[f], distance);
        }
        for (guint f = 0; f < n; f++)
            best = nearest[f] > nearest[best] ? f : best;
        if (nearest[best] < THE_SAME)
            break;
        next = best;
    }
    bf_faces_keep(faces, order, kept);
}

bf_glyphs *bf_glyphs_new(void)
{
    return bf_glyphs_new_of("", false);
}

bf_glyphs *bf_glyphs_new_of(const char *family, bool without)
{
    bf_glyphs *g = g_new0(bf_glyphs, 1);
    g->faces = bf_faces_new(family, without);
    g->of = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    pthread_mutex_init(&g->lock, NULL);
    keep_unlike(g->faces);
    return g;
}

void bf_glyphs_free(bf_glyphs *g)
{
    if (g == NULL)
        return;
    bf_faces_free(g->faces);
    g_hash_table_unref(g->of);
    pthread_mutex_destroy(&g->lock);
    g_free(g);
}

guint bf_glyphs_n_faces(const bf_glyphs *g)
{
    return bf_faces_n(g->faces);
}

const bf_templates *bf_glyphs_templates(bf_glyphs *g, gunichar c)
{
    pthread_mutex_lock(&g->lock);
    bf_templates *t = g_hash_table_lookup(g->of, GUINT_TO_POINTER(c));
    if (t == NULL) {
        t = draw_templates(g->faces, c);
        g_hash_table_insert(g->of, GUINT_TO_POINTER(c), t);
    }
    pthread_mutex_unlock(&g->lock);
    return t;
}

guint bf_glyphs_count(bf_glyphs *g, gunichar c)
{
    guint n = 0;
    pthread_mutex_lock(&g->lock);
    for (guint face = 0; face < bf_faces_n(g->faces); face++)
        n += bf_faces_have(g->faces, face, c);
    pthread_mutex_unlock(&g->lock);
    return n;
}

/* ---- lines to read ---- */

static void blacken(bf_picture *p, const bf_drawn *d, int left, int top)
{
    for (int y = MAX(0, -top); y < d->height && top + y < p->height_px; y++)
        for (int x = MAX(0, -left); x < d->width && left + x < p->width_px; x++) {
            uint8_t *at = p->data + ((gsize)(top + y) * (gsize)p->width_px + (gsize)(left + x)) * 3, ink = d->coverage[y * d->width + x];
            at[0] = at[1] = at[2] = (uint8_t)MIN(at[0], 255 - ink);
        }
}

static bool draw_any(const bf_faces *faces, guint face, gunichar c, int size_px, bf_drawn *out)
{
    bool ok = bf_faces_draw(faces, face, c, size_px, out);
    for (guint f = 0; f < bf_faces_n(faces) && !ok; f++)
        ok = bf_faces_draw(faces, f, c, size_px, out);
    return ok;
}

bool bf_glyphs_draw(bf_glyphs *g, guint face, const gunichar *text, guint n, int size_px, int height_px, bf_picture **out, GError **error)
{
    g_autoptr(bf_picture) p = NULL;
    if (bf_faces_n(g->faces) == 0) {
        g_set_error(error, BF_PICTURE_ERROR, BF_PICTURE_ERROR_SIZE, _("there are no fonts to draw with"));
        return false;
    }
    if (!bf_picture_new((int)(n + 2) * size_px, height_px, 3, &p, error))
        return false;
    memset(p->data, 255, (gsize)p->width_px * (gsize)p->height_px * 3);
    int baseline = (height_px - size_px) / 2 + size_px * 88 / 100; /* Han glyphs reach an eighth of an em below it */
    pthread_mutex_lock(&g->lock);
    for (guint i = 0; i < n; i++) {
        bf_drawn d;
        if (!draw_any(g->faces, face, text[i], size_px, &d))
            continue;
        blacken(p, &d, (int)(i + 1) * size_px + d.left, baseline - d.top);
        g_free(d.coverage);
    }
    pthread_mutex_unlock(&g->lock);
    *out = g_steal_pointer(&p);
    return true;
}
