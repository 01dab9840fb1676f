#include "page/page_wire.h"

#include <math.h>
#include <string.h>

/* A field that is added to one of these must travel as well: then mend the functions below, and these sizes. */
_Static_assert(sizeof(bf_symbol) == 16 && sizeof(bf_form) == 24 && sizeof(bf_query) == 16, "the query has changed");
_Static_assert(sizeof(bf_doubt) == 24 && sizeof(bf_page_result) == 248 && sizeof(bf_mask) == 40, "the page result has changed");

enum { FORMS_MAX = 20000, SYMBOLS_MAX = 1024, ALTS_MAX = 256, SIDE_MAX_PX = 65535 };
#define RESULT_TYPE "(yyiiiiiisydbbbxxasasa(iiiiysd)a(iiiis))"
#define MASK_TYPE "(iiiiysd)"
#define DOUBT_TYPE "(iiiis)"

bool wire_frame_is(const wire_frame *f, guint32 magic)
{
    return f->magic == magic && f->head_bytes <= WIRE_HEAD_MAX && (f->jpeg_bytes <= WIRE_JPEG_MAX || f->jpeg_bytes == WIRE_NO_JPEG);
}

/* The query: number of forms; of each: kind, whole_word, number of symbols; of each: gap, number of characters, the characters. */

static void put(GArray *numbers, guint32 value)
{
    g_array_append_val(numbers, value);
}

GArray *wire_write_query(const bf_query *query)
{
    guint n = 1;
    for (guint f = 0; f < query->n_forms; f++) {
        n += 3;
        for (guint s = 0; s < query->forms[f].n_symbols; s++)
            n += 2 + query->forms[f].symbols[s].n_alts;
    }
    GArray *numbers = g_array_sized_new(FALSE, FALSE, sizeof(guint32), n); /* never grows: a copy left behind would not be wiped */
    put(numbers, query->n_forms);
    for (guint f = 0; f < query->n_forms; f++) {
        const bf_form *form = &query->forms[f];
        put(numbers, form->kind);
        put(numbers, form->whole_word);
        put(numbers, form->n_symbols);
        for (guint s = 0; s < form->n_symbols; s++) {
            put(numbers, form->symbols[s].gap);
            put(numbers, form->symbols[s].n_alts);
            g_array_append_vals(numbers, form->symbols[s].alts, form->symbols[s].n_alts);
        }
    }
    return numbers;
}

void wire_query_clear(GArray *numbers)
{
    if (numbers->len > 0)
        explicit_bzero(numbers->data, numbers->len * sizeof(guint32));
    g_array_unref(numbers);
}

typedef struct {
    const guint32 *next;
    gsize left;
} number_reader;

static bool get(number_reader *r, guint32 max, guint32 *out)
{
    if (r->left == 0 || *r->next > max)
        return false;
    *out = *r->next++;
    r->left--;
    return true;
}

static bool read_symbol(number_reader *r, bf_symbol *symbol)
{
    guint32 gap, n;
    if (!get(r, BF_GAP_REQUIRED, &gap) || !get(r, ALTS_MAX, &n) || n == 0 || n > r->left)
        return false;
    symbol->gap = (bf_gap)gap;
    symbol->alts = g_new(gunichar, n);
    for (; symbol->n_alts < n; symbol->n_alts++)
        if (!get(r, 0x10FFFF, &symbol->alts[symbol->n_alts]))
            return false;
    return true;
}

static bool read_form(number_reader *r, bf_form *form)
{
    guint32 kind, whole_word, n;
    if (!get(r, BF_FORM_LABEL, &kind) || !get(r, 1, &whole_word) || !get(r, SYMBOLS_MAX, &n) || n > r->left)
        return false;
    form->kind = (bf_form_kind)kind;
    form->whole_word = whole_word;
    form->symbols = g_new0(bf_symbol, n);
    for (guint i = 0; i < n; i++) {
        form->n_symbols++;
        if (!read_symbol(r, &form->symbols[i]))
            return false;
    }
    return true;
}

bf_query *wire_read_query(const guint32 *numbers, gsize n)
{
    number_reader r = {numbers, n};
    g_autoptr(bf_query) query = g_new0(bf_query, 1);
    guint32 n_forms;
    if (!get(&r, FORMS_MAX, &n_forms) || n_forms > r.left)
        return NULL;
    query->forms = g_new0(bf_form, n_forms);
    for (guint i = 0; i < n_forms; i++) {
        query->n_forms++;
        if (!read_form(&r, &query->forms[i]))
            return NULL;
    }
    return r.left == 0 ? g_steal_pointer(&query) : NULL;
}

bf_query *wire_join_queries(const bf_query *person, const bf_query *others)
{
    bf_query *both = g_new0(bf_query, 1);
    for (guint i = 0; i < person->n_forms; i++)
        bf_query_add(both, &(bf_query){&person->forms[i], 1}, person->forms[i].kind);
    guint n = both->n_forms;
    if (others != NULL)
        bf_query_add(both, others, BF_FORM_NAME);
    for (guint i = n; i < both->n_forms; i++)
        both->forms[i].kind = BF_FORM_LABEL;
    for (; both->n_forms > MAX(n, FORMS_MAX); both->n_forms--) {
        bf_form *last = &both->forms[both->n_forms - 1];
        for (guint s = 0; s < last->n_symbols; s++)
            g_free(last->symbols[s].alts);
        g_free(last->symbols);
    }
    return both;
}

bf_query *wire_split_query(bf_query *both)
{
    bf_query *others = g_new0(bf_query, 1);
    guint n = 0;
    while (n < both->n_forms && both->forms[n].kind != BF_FORM_LABEL)
        n++;
    others->n_forms = both->n_forms - n;
    others->forms = g_memdup2(both->forms + n, others->n_forms * sizeof(bf_form));
    for (guint i = 0; i < others->n_forms; i++)
        others->forms[i].kind = BF_FORM_NAME;
    both->n_forms = n;
    return others;
}

static void add_words(GVariantBuilder *builder, const GPtrArray *words)
{
    g_variant_builder_open(builder, G_VARIANT_TYPE_STRING_ARRAY);
    for (guint i = 0; words && i < words->len; i++)
        g_variant_builder_add(builder, "s", words->pdata[i]);
    g_variant_builder_close(builder);
}

void wire_fit_result(bf_page_result *r)
{
    bool many_masks = r->masks && r->masks->len > WIRE_PLACES_MAX, many_doubts = r->doubts && r->doubts->len > WIRE_PLACES_MAX;
    if (many_doubts)
        g_array_set_size(r->doubts, WIRE_PLACES_MAX);
    if (many_masks) {
        g_array_set_size(r->masks, 0);
        g_clear_pointer(&r->output, g_bytes_unref);
        r->verify_passed = false;
        r->unchanged_blocks = r->masked_blocks = 0;
    }
    if (!many_masks && !many_doubts)
        return;
    r->decision = BF_DECISION_REVIEW;
    bf_page_result_add_reason(r, "too-many-places");
}

GBytes *wire_write_result(const bf_page_result *r)
{
    GVariantBuilder b;
    g_variant_builder_init(&b, G_VARIANT_TYPE(RESULT_TYPE));
    g_variant_builder_add(&b, "y", (guint)r->decision);
    g_variant_builder_add(&b, "y", (guint)r->needs_masking);
    g_variant_builder_add(&b, "i", r->width_px);
    g_variant_builder_add(&b, "i", r->height_px);
    g_variant_builder_add(&b, "i", r->exif_orientation);
    g_variant_builder_add(&b, "i", r->jpeg_warnings);
    g_variant_builder_add(&b, "i", r->orientation_deg);
    g_variant_builder_add(&b, "i", r->turned_from);
    g_variant_builder_add(&b, "s", r->not_turned ? r->not_turned : "");
    g_variant_builder_add(&b, "y", (guint)r->legibility);
    g_variant_builder_add(&b, "d", (double)r->legibility_score);
    g_variant_builder_add(&b, "b", r->verify_passed);
    g_variant_builder_add(&b, "b", r->recoded);
    g_variant_builder_add(&b, "b", r->by_person);
    g_variant_builder_add(&b, "x", r->unchanged_blocks);
    g_variant_builder_add(&b, "x", r->masked_blocks);
    add_words(&b, r->reasons);
    add_words(&b, r->legibility_reasons);
    g_variant_builder_open(&b, G_VARIANT_TYPE("a" MASK_TYPE));
    for (guint i = 0; r->masks && i < r->masks->len; i++) {
        const bf_mask *m = &g_array_index(r->masks, bf_mask, i);
        g_variant_builder_add(&b, MASK_TYPE, m->rect.x, m->rect.y, m->rect.w, m->rect.h, (guint)m->kind, m->reader, (double)m->score);
    }
    g_variant_builder_close(&b);
    g_variant_builder_open(&b, G_VARIANT_TYPE("a" DOUBT_TYPE));
    for (guint i = 0; r->doubts && i < r->doubts->len; i++) {
        const bf_doubt *d = &g_array_index(r->doubts, bf_doubt, i);
        g_variant_builder_add(&b, DOUBT_TYPE, d->rect.x, d->rect.y, d->rect.w, d->rect.h, d->reason);
    }
    g_variant_builder_close(&b);
    g_autoptr(GVariant) value = g_variant_ref_sink(g_variant_builder_end(&b));
    return g_variant_get_data_as_bytes(value);
}

/* Words stand for static strings on the other side. */
const char *wire_word(const char *text, bool digits)
{
    gsize length = strspn(text, digits ? "abcdefghijklmnopqrstuvwxyz-0123456789" : "abcdefghijklmnopqrstuvwxyz-");
    return length > 0 && length <= 40 && text[length] == '\0' ? bf_word_intern(text) : NULL;
}

bool wire_read_words(GVariant *list, GPtrArray **out)
{
    gsize n = g_variant_n_children(list);
    if (n == 0)
        return true;
    if (n > WIRE_WORDS_MAX)
        return false;
    g_autoptr(GPtrArray) words = g_ptr_array_new();
    for (gsize i = 0; i < n; i++) {
        g_autoptr(GVariant) item = g_variant_get_child_value(list, i);
        const char *word = wire_word(g_variant_get_string(item, NULL), false);
        if (!word)
            return false;
        g_ptr_array_add(words, (gpointer)word);
    }
    *out = g_steal_pointer(&words);
    return true;
}

static bool is_share(double x)
{
    return isfinite(x) && x >= 0 && x <= 1;
}

static bool fits(const bf_page_result *page, const bf_rect *r)
{
    return r->x >= 0 && r->y >= 0 && r->w > 0 && r->h > 0 && r->w <= page->width_px - r->x && r->h <= page->height_px - r->y;
}

static bool read_mask(GVariant *item, const bf_page_result *page, bf_mask *m)
{
    const char *reader;
    guint8 kind;
    double score;
    g_variant_get(item, "(iiiiy&sd)", &m->rect.x, &m->rect.y, &m->rect.w, &m->rect.h, &kind, &reader, &score);
    m->kind = (bf_mask_kind)kind;
    m->score = (float)score;
    m->reader = wire_word(reader, false);
    return fits(page, &m->rect) && kind <= BF_MASK_MANUAL && is_share(score) && m->reader;
}

static bool read_masks(GVariant *list, bf_page_result *page)
{
    gsize n = g_variant_n_children(list);
    if (n > WIRE_PLACES_MAX)
        return false;
    page->masks = g_array_sized_new(FALSE, FALSE, sizeof(bf_mask), (guint)n);
    for (gsize i = 0; i < n; i++) {
        g_autoptr(GVariant) item = g_variant_get_child_value(list, i);
        bf_mask mask;
        if (!read_mask(item, page, &mask))
            return false;
        g_array_append_val(page->masks, mask);
    }
    return true;
}

static bool read_doubts(GVariant *list, bf_page_result *page)
{
    gsize n = g_variant_n_children(list);
    if (n > WIRE_PLACES_MAX)
        return false;
    if (n > 0)
        page->doubts = g_array_sized_new(FALSE, FALSE, sizeof(bf_doubt), (guint)n);
    for (gsize i = 0; i < n; i++) {
        g_autoptr(GVariant) item = g_variant_get_child_value(list, i);
        const char *reason;
        bf_doubt d;
        g_variant_get(item, "(iiii&s)", &d.rect.x, &d.rect.y, &d.rect.w, &d.rect.h, &reason);
        d.reason = wire_word(reason, false);
        if (!fits(page, &d.rect) || !d.reason)
            return false;
        g_array_append_val(page->doubts, d);
    }
    return true;
}

/* Each value by itself. */
static bool in_bounds(const bf_page_result *r)
{
    bool turn = r->orientation_deg == -1 || r->orientation_deg == 0 || r->orientation_deg == 90 || r->orientation_deg == 180 ||
                r->orientation_deg == 270;
    return r->decision <= BF_DECISION_CLEAR && r->needs_masking <= BF_ANSWER_NO && r->legibility <= BF_LEGIBILITY_LEGIBLE && turn &&
           r->width_px >= 0 && r->width_px <= SIDE_MAX_PX && r->height_px >= 0 && r->height_px <= SIDE_MAX_PX && r->exif_orientation >= 0 &&
           r->exif_orientation <= 8 && r->jpeg_warnings >= 0 && r->turned_from >= 0 && r->turned_from <= 8 &&
           is_share((double)r->legibility_score) && r->unchanged_blocks >= 0 && r->masked_blocks >= 0;
}

/* What decide in page.c, or in manual.c, would not have said. */
static bool is_proved(const bf_page_result *r, bool manual)
{
    bool masked = r->masks->len > 0;
    if (r->decision == BF_DECISION_REVIEW)
        return true;
    return r->by_person == manual && !r->reasons && r->verify_passed && r->output && r->width_px > 0 && r->height_px > 0 &&
           (r->decision == BF_DECISION_MASKED) == masked && r->needs_masking == (masked ? BF_ANSWER_YES : BF_ANSWER_NO);
}

static bool read_fields(GVariant *value, bool manual, bf_page_result *r)
{
    guint8 decision, needs, legibility;
    const char *not_turned;
    gboolean passed, recoded, by_person;
    double score;
    g_autoptr(GVariant) reasons = NULL, why_illegible = NULL, masks = NULL, doubts = NULL;
    g_variant_get(value, "(yyiiiiii&sydbbbxx@as@as@a" MASK_TYPE "@a" DOUBT_TYPE ")", &decision, &needs, &r->width_px, &r->height_px,
                  &r->exif_orientation, &r->jpeg_warnings, &r->orientation_deg, &r->turned_from, &not_turned, &legibility, &score, &passed,
                  &recoded, &by_person, &r->unchanged_blocks, &r->masked_blocks, &reasons, &why_illegible, &masks, &doubts);
    r->not_turned = *not_turned ? wire_word(not_turned, false) : NULL;
    if (*not_turned && !r->not_turned)
        return false;
    r->decision = (bf_decision)decision;
    r->needs_masking = (bf_answer)needs;
    r->legibility = (bf_legibility_verdict)legibility;
    r->legibility_score = (float)score;
    r->verify_passed = passed;
    r->recoded = recoded;
    r->by_person = by_person;
    return in_bounds(r) && wire_read_words(reasons, &r->reasons) && wire_read_words(why_illegible, &r->legibility_reasons) &&
           read_masks(masks, r) && read_doubts(doubts, r) && is_proved(r, manual);
}

bool wire_has_ends(GBytes *output)
{
    gsize n;
    const guint8 *p = g_bytes_get_data(output, &n);
    return n >= 4 && p[0] == 0xFF && p[1] == 0xD8 && p[n - 2] == 0xFF && p[n - 1] == 0xD9;
}

static bool read_result(GBytes *head, GBytes *output, bool manual, bf_page_result *result)
{
    g_autoptr(GVariant) value = g_variant_ref_sink(g_variant_new_from_bytes(G_VARIANT_TYPE(RESULT_TYPE), head, FALSE));
    bf_page_result r;
    bf_page_result_init(&r);
    r.output = output ? g_bytes_ref(output) : NULL;
    if (!g_variant_is_normal_form(value) || (output && !wire_has_ends(output)) || !read_fields(value, manual, &r)) {
        bf_page_result_clear(&r);
        return false;
    }
    bf_page_result_clear(result);
    *result = r;
    return true;
}

bool wire_read_result(GBytes *head, GBytes *output, bf_page_result *result)
{
    return read_result(head, output, false, result);
}

bool wire_read_manual_result(GBytes *head, GBytes *output, bf_page_result *result)
{
    return read_result(head, output, true, result);
}
