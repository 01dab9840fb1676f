#include "page/labels.h"
#include "page/ink.h"
#include "page/median.h"
#include "page/reading.h"
#include <math.h>

/* In heights of the text: how far apart the words of one label may stand; and somebody's office from the word of signing behind it. */
static const float NEXT = 1.6F, NEXT_OF_OTHER = 2.6F, NESTED = -1.5F;
/* A hit's box is higher than its characters by the detector's and the reader's margins. */
static const float BOX_TO_HEIGHT = 1.15F;

typedef struct {
    bf_rect box;
    float height, slope;
    const bf_hit *hit;
    bf_word_role role;
    bool marked, upright, used;
} word;

/* A line is as high as what is signed on it, and the reader's boxes have generous margins: the characters' own distance tells better how
 * large the word is, and where. */
static word word_at(const bf_hit *hit, const bf_page_query *query, bf_word_role role, bool marked)
{
    const bf_quad *q = &hit->quad;
    guint n = MIN(hit->n_centres, query->all.forms[hit->form].n_symbols), last = n - 1, letters = marked && n > 2 ? n - 1 : n;
    float dx = q->x[1] - q->x[0], dy = q->y[1] - q->y[0], height = bf_quad_height(q) / BOX_TO_HEIGHT;
    float pitch = height;
    if (letters > 1)
        pitch = hypotf(hit->centre_x[letters - 1] - hit->centre_x[0], hit->centre_y[letters - 1] - hit->centre_y[0]) / (float)(letters - 1);
    height = MIN(height, MAX(pitch, 1.0F));
    float half = 0.6F * height, left = MIN(hit->centre_x[0], hit->centre_x[last]), right = MAX(hit->centre_x[0], hit->centre_x[last]);
    float top = MIN(hit->centre_y[0], hit->centre_y[last]), bottom = MAX(hit->centre_y[0], hit->centre_y[last]);
    bool upright = fabsf(dy) > fabsf(dx);
    return (word){.box = {(int)(left - half), (int)(top - half), (int)(right - left + 2 * half), (int)(bottom - top + 2 * half)},
                  .height = height,
                  .slope = upright || dx == 0 ? 0 : dy / dx,
                  .hit = hit,
                  .role = role,
                  .marked = marked,
                  .upright = upright};
}

/* How high print is on this page: the median over its lines. */
static float usual_height(const bf_reading *reading)
{
    g_autoptr(GArray) heights = g_array_new(FALSE, FALSE, sizeof(float));
    for (guint i = 0; i < reading->lines->len; i++) {
        const bf_line *l = &g_array_index(reading->lines, bf_line, i);
        float height = bf_quad_height(&l->quad) / BOX_TO_HEIGHT;
        if (!l->composed && l->n_chars > 1)
            g_array_append_val(heights, height);
    }
    return heights->len > 0 ? bf_median(heights) : INFINITY;
}

static int by_x(const void *a, const void *b)
{
    const word *p = a, *q = b;
    return p->box.x != q->box.x ? (p->box.x > q->box.x ? 1 : -1) : p->box.w < q->box.w ? 1 : p->box.w > q->box.w ? -1 : 0;
}

static bool same_row(const word *a, const word *b)
{
    float height = MIN(a->height, b->height), dx = (float)(b->box.x - a->box.x);
    float ya = (float)a->box.y + (float)a->box.h / 2 + a->slope * dx, yb = (float)b->box.y + (float)b->box.h / 2;
    return fabsf(ya - yb) < 0.7F * height;
}

static bool lies_in(bf_rect inner, bf_rect outer)
{
    bf_rect c = bf_rect_intersect(inner, outer);
    return (double)c.w * c.h > 0.75 * (double)inner.w * inner.h;
}

/* A word that is part of a longer one (考核人 of 被考核人), or that the same place gave twice, goes. */
static void drop_parts(GArray *words)
{
    for (guint i = words->len; i-- > 0;) {
        const word *w = &g_array_index(words, word, i);
        bool part = false;
        for (guint k = 0; k < words->len && !part; k++) {
            const word *o = &g_array_index(words, word, k);
            bool larger = o->box.w > w->box.w || (o->box.w == w->box.w && k < i);
            part = k != i && larger && lies_in(w->box, o->box) && !(w->marked && !o->marked && o->role == w->role);
        }
        if (part)
            g_array_remove_index(words, i);
    }
}

/* Where fewer characters were read than the word has, or only others, everything fits a little: in the letters of seals. What is signed
 * ends at a date, so that one must be plainly read, and whole: a stroke of the signature begins a number that goes on in the next line. */
static bool is_noise(const bf_reading *reading, const bf_hit *hit, bf_word_role role)
{
    static const float FITS = -4;
    if (role == BF_WORD_END)
        return hit->score < FITS || hit->next_line >= 0;
    return hit->score < FITS && (g_array_index(reading->lines, bf_line, hit->line).n_chars < hit->n_centres || !bf_shows_a_character(hit));
}

/* A label is printed like the rest of the form. What seems far larger reads so on the ring of a seal, whose letters lie in a bent row; by
 * its size an official seal would pass for a personal one. */
static GArray *words_of(const bf_reading *reading, const bf_page_query *query)
{
    static const float LARGEST = 1.15F;
    GArray *words = g_array_new(FALSE, FALSE, sizeof(word));
    float most = LARGEST * usual_height(reading);
    for (guint i = 0; i < reading->labels->len; i++) {
        const bf_hit *hit = &g_array_index(reading->labels, bf_hit, i);
        for (bf_word_role role = BF_WORD_OWN; role <= BF_WORD_END && hit->n_centres > 0; role++) {
            bool marked;
            if (!bf_is_word(query, hit, role, &marked) || is_noise(reading, hit, role))
                continue;
            word w = word_at(hit, query, role, marked);
            w.height = MIN(w.height, most);
            g_array_append_val(words, w);
        }
    }
    g_array_sort(words, by_x);
    drop_parts(words);
    return words;
}

/* The word that goes on where w ends, or NULL; height: of the label so far. */
static word *next_word(GArray *words, guint from, const word *w, float height)
{
    float most = w->role == BF_WORD_OTHER ? NEXT_OF_OTHER : NEXT;
    for (guint i = from; i < words->len; i++) {
        word *next = &g_array_index(words, word, i);
        float gap = (float)(next->box.x - w->box.x - w->box.w) / height;
        if (!next->used && next->role != BF_WORD_END && !next->upright && same_row(w, next) && gap > NESTED && gap < most &&
            next->box.x + next->box.w > w->box.x + w->box.w)
            return next;
    }
    return NULL;
}

static const bf_quad *line_of(const bf_reading *reading, const word *w)
{
    return &g_array_index(reading->lines, bf_line, w->hit->line).quad;
}

/* Does other text stand right before the word? Then 签名 is a part of somebody's label (班主任签名). */
static bool has_text_before(const bf_picture *picture, const bf_reading *reading, const word *w)
{
    const bf_quad *line = line_of(reading, w);
    float line_left = MIN(line->x[0], line->x[3]);
    if ((float)w->hit->centre_x[0] - line_left < 1.1F * w->height)
        return false;
    int side = (int)(0.5F * w->height);
    return !bf_is_blank(picture, (bf_rect){w->box.x - side, w->box.y + w->box.h / 4, side, w->box.h / 2});
}

/* A label ends with a mark, at the end of its line, or before blank paper; else it is a word of a sentence. */
static bool ends_there(const bf_picture *picture, const bf_reading *reading, const word *last)
{
    const bf_quad *line = line_of(reading, last);
    guint n = last->hit->n_centres - 1;
    float dx = (line->x[1] + line->x[2]) / 2 - last->hit->centre_x[n], dy = (line->y[1] + line->y[2]) / 2 - last->hit->centre_y[n];
    if (last->marked || hypotf(dx, dy) < 1.1F * last->height)
        return true;
    int wide = (int)last->height;
    return bf_is_blank(picture, (bf_rect){last->box.x + last->box.w, last->box.y + last->box.h / 4, wide, last->box.h / 2});
}

/* What the words from the first to the last mean together. */
static bool meaning(const bf_picture *picture, const bf_reading *reading, const word *first, bf_word_role named, bool signs, bf_signs *out)
{
    switch (named) {
    case BF_WORD_OWN:
        *out = BF_SIGNS_APPLICANT;
        return true;
    case BF_WORD_APPLICANT:
        *out = signs ? BF_SIGNS_APPLICANT : BF_SIGNS_PERHAPS;
        return true;
    case BF_WORD_SELF:
        *out = BF_SIGNS_APPLICANT;
        return signs;
    case BF_WORD_SIGN:
        *out = has_text_before(picture, reading, first) ? BF_SIGNS_OTHER : BF_SIGNS_PERHAPS;
        return true;
    default:
        *out = BF_SIGNS_OTHER;
        return true;
    }
}

static void add_label(const bf_picture *picture, const bf_reading *reading, GArray *words, guint at, GArray *labels)
{
    word *first = &g_array_index(words, word, at), *last = first;
    bf_word_role named = first->role;
    bool signs = first->role == BF_WORD_SIGN;
    bf_rect box = first->box;
    float height = first->height; /* of words whose characters the reader put too close together, none is too high */
    first->used = true;
    for (word *next; (next = next_word(words, at + 1, last, height)) != NULL; last = next) {
        next->used = true;
        height = MAX(height, next->height);
        box = bf_rect_union(box, next->box);
        signs = signs || next->role == BF_WORD_SIGN;
        named = next->role == BF_WORD_SIGN ? named : next->role;
    }
    /* Other looks found the same words again, hardly moved. */
    for (guint i = at + 1; i < words->len; i++) {
        word *again = &g_array_index(words, word, i);
        again->used = again->used || lies_in(again->box, box);
    }
    bf_signing_label label = {.box = box,
                              .height = height,
                              .slope = last->slope,
                              .upright = first->upright,
                              .marked = last->marked,
                              .end_x = INFINITY,
                              .tail_reads = true};
    if (meaning(picture, reading, first, named, signs, &label.signs) &&
        (first->upright || label.signs == BF_SIGNS_OTHER || ends_there(picture, reading, last)))
        g_array_append_val(labels, label);
}

/* What is signed ends where a date, a telephone or the next label begins on the same row. */
static void find_ends(const GArray *words, GArray *labels)
{
    for (guint i = 0; i < labels->len; i++) {
        bf_signing_label *label = &g_array_index(labels, bf_signing_label, i);
        word self = {.box = label->box, .height = label->height, .slope = label->slope};
        float right = (float)(label->box.x + label->box.w);
        for (guint k = 0; k < words->len; k++) {
            const word *w = &g_array_index(words, word, k);
            if ((float)w->box.x > right - 0.3F * label->height && same_row(&self, w))
                label->end_x = MIN(label->end_x, (float)w->box.x);
        }
    }
}

GArray *bf_signing_labels(const bf_picture *picture, const bf_reading *reading, const bf_page_query *query)
{
    GArray *labels = g_array_new(FALSE, FALSE, sizeof(bf_signing_label));
    g_autoptr(GArray) words = words_of(reading, query);
    for (guint i = 0; i < words->len; i++) {
        const word *w = &g_array_index(words, word, i);
        if (!w->used && w->role != BF_WORD_END)
            add_label(picture, reading, words, i, labels);
    }
    find_ends(words, labels);
    return labels;
}

/* The part of a line that is a label's row behind it, or false when there is none to speak of. */
static bool tail_of(const bf_line *line, const bf_signing_label *label, bf_line *tail)
{
    float right = (float)(label->box.x + label->box.w), mid = (float)label->box.y + (float)label->box.h / 2;
    const bf_quad *q = &line->quad;
    float length = q->x[1] - q->x[0], end = MIN(MAX(q->x[1], q->x[2]), label->end_x);
    if (line->composed || line->vertical || label->upright || length < 1 || end - right < 0.6F * label->height ||
        !bf_quad_holds(q, right - label->height, mid))
        return false;
    float from = CLAMP((right - q->x[0]) / length, 0.0F, 1.0F), to = CLAMP((end - q->x[0]) / length, 0.0F, 1.0F);
    *tail = (bf_line){.confidence = -1, .weakest = -1, .det_score = line->det_score};
    for (int v = 0; v < 4; v++) {
        int a = v < 2 ? 0 : 3, b = v < 2 ? 1 : 2;
        float t = v == 0 || v == 3 ? from : to;
        tail->quad.x[v] = q->x[a] + t * (q->x[b] - q->x[a]);
        tail->quad.y[v] = q->y[a] + t * (q->y[b] - q->y[a]);
    }
    return to > from;
}

/* Somebody else's name with one rare character: two others at least were read, each as surely as print, and none is the applicant's. */
static bool is_rare_name(const bf_line *line, const bf_line *tail)
{
    static const float SURELY = 0.95F;
    float others = (float)tail->n_chars - 1;
    return others >= 2 && (tail->confidence * (others + 1) - tail->weakest) / others >= SURELY && !tail->shows_name && !line->shows_name;
}

/* Is what stands behind the label print? Read surely by itself; or less surely, as a name with a rare character is, when the whole line
 * shows no character of the applicant's name. What nothing was read in may be a signature. */
static bool is_others_print(const bf_line *line, const bf_line *tail)
{
    static const float READ = 0.6F;
    return tail->confidence >= BF_PRINT_CONFIDENCE || (line->shows_none && tail->n_chars > 0 && tail->confidence >= READ) ||
           is_rare_name(line, tail);
}

bool bf_read_label_tails(bf_page_worker *w, const bf_picture *picture, const bf_reading *reading, const bf_query *person, GArray *labels,
                         GError **error)
{
    const bf_reader_class *class;
    bf_reader_worker *worker;
    if (!bf_worker_reader(w, 0, &class, &worker, error))
        return false;
    for (guint i = 0; i < labels->len; i++) {
        bf_signing_label *label = &g_array_index(labels, bf_signing_label, i);
        for (guint k = 0; k < reading->lines->len && label->signs == BF_SIGNS_PERHAPS && label->tail_reads; k++) {
            bf_line tail;
            g_autoptr(GArray) one = g_array_new(FALSE, FALSE, sizeof(bf_line)), found = g_array_new(FALSE, FALSE, sizeof(bf_hit));
            if (!tail_of(&g_array_index(reading->lines, bf_line, k), label, &tail))
                continue;
            g_array_append_val(one, tail);
            if (!class->read_lines(worker, picture, one, 0, 1, person, NULL, found, error))
                return false;
            label->tail_reads = is_others_print(&g_array_index(reading->lines, bf_line, k), &g_array_index(one, bf_line, 0));
        }
    }
    return true;
}
