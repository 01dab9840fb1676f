#include "blindfold/result.h"

#include <pthread.h>
#include <string.h>

void bf_page_result_init(bf_page_result *r)
{
    *r = (bf_page_result){.orientation_deg = -1};
}

void bf_page_result_clear(bf_page_result *r)
{
    if (r->reasons)
        g_ptr_array_unref(r->reasons);
    if (r->legibility_reasons)
        g_ptr_array_unref(r->legibility_reasons);
    if (r->masks)
        g_array_unref(r->masks);
    if (r->doubts)
        g_array_unref(r->doubts);
    if (r->output)
        g_bytes_unref(r->output);
    bf_page_result_init(r);
}

void bf_page_result_add_reason(bf_page_result *r, const char *static_word)
{
    if (!r->reasons)
        r->reasons = g_ptr_array_new();
    for (guint i = 0; i < r->reasons->len; i++)
        if (strcmp(g_ptr_array_index(r->reasons, i), static_word) == 0)
            return;
    g_ptr_array_add(r->reasons, (gpointer)static_word);
}

/* Do they share half of the smaller one? */
static bool same_place(bf_rect a, bf_rect b)
{
    bf_rect both = bf_rect_intersect(a, b);
    gint64 shared = (gint64)both.w * both.h, smaller = MIN((gint64)a.w * a.h, (gint64)b.w * b.h);
    return shared * 2 >= smaller;
}

void bf_page_result_add_doubt(bf_page_result *r, bf_rect stored, const char *static_word)
{
    if (bf_rect_is_empty(stored))
        return;
    if (!r->doubts)
        r->doubts = g_array_new(FALSE, FALSE, sizeof(bf_doubt));
    for (guint i = 0; i < r->doubts->len; i++) {
        bf_doubt *d = &g_array_index(r->doubts, bf_doubt, i);
        if (strcmp(d->reason, static_word) == 0 && same_place(d->rect, stored)) {
            d->rect = bf_rect_union(d->rect, stored);
            return;
        }
    }
    const bf_doubt doubt = {.rect = stored, .reason = static_word};
    g_array_append_val(r->doubts, doubt);
}

bf_page_record *bf_page_record_new(void)
{
    bf_page_record *r = g_new0(bf_page_record, 1);
    bf_page_result_init(&r->page);
    return r;
}

void bf_page_record_free(bf_page_record *r)
{
    if (!r)
        return;
    g_free(r->entry);
    g_free(r->output_entry);
    g_clear_pointer(&r->thumbnail, g_bytes_unref);
    bf_page_result_clear(&r->page);
    g_free(r);
}

bf_dropped_entry *bf_dropped_entry_new(const char *entry, guint entry_index, const char *static_reason)
{
    bf_dropped_entry *e = g_new0(bf_dropped_entry, 1);
    e->entry = g_strdup(entry);
    e->entry_index = entry_index;
    e->reason = static_reason;
    return e;
}

void bf_dropped_entry_free(bf_dropped_entry *e)
{
    if (!e)
        return;
    g_free(e->entry);
    g_free(e);
}

bf_package_result *bf_package_result_new(const char *id)
{
    bf_package_result *r = g_new0(bf_package_result, 1);
    r->id = g_strdup(id);
    r->pages = g_ptr_array_new_with_free_func((GDestroyNotify)bf_page_record_free);
    r->dropped = g_ptr_array_new_with_free_func((GDestroyNotify)bf_dropped_entry_free);
    return r;
}

void bf_package_result_free(bf_package_result *r)
{
    if (!r)
        return;
    g_free(r->id);
    g_free(r->person);
    g_free(r->output);
    if (r->reasons)
        g_ptr_array_unref(r->reasons);
    if (r->pages)
        g_ptr_array_unref(r->pages);
    if (r->dropped)
        g_ptr_array_unref(r->dropped);
    g_free(r);
}

/* A value that no enumerator names can only be a bug; the word for the zero value is the one that releases nothing. */
static const char *word_of(const char *const *words, size_t n, size_t value)
{
    return value < n ? words[value] : words[0];
}

const char *bf_decision_word(bf_decision d)
{
    static const char *const words[] = {"review", "masked", "clear"};
    return word_of(words, G_N_ELEMENTS(words), (size_t)d);
}

const char *bf_mask_kind_word(bf_mask_kind k)
{
    static const char *const words[] = {"name", "pinyin", "signature", "seal", "manual"};
    return word_of(words, G_N_ELEMENTS(words), (size_t)k);
}

const char *bf_legibility_word(bf_legibility_verdict v)
{
    static const char *const words[] = {"illegible", "marginal", "legible"};
    return word_of(words, G_N_ELEMENTS(words), (size_t)v);
}

const char *bf_verdict_word(bf_verdict v)
{
    static const char *const words[] = {"failed", "held", "released"};
    return word_of(words, G_N_ELEMENTS(words), (size_t)v);
}

void bf_sha256_of(GBytes *bytes, char hex[BF_SHA256_HEX])
{
    g_autofree char *sum = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, bytes);
    g_strlcpy(hex, sum, BF_SHA256_HEX);
}

/* GLib's table has a lock of its own, but one of futexes, of which ThreadSanitizer sees nothing: workers and the run's thread would
 * seem to race for it, and a real race would drown among these. */
const char *bf_word_intern(const char *word)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&lock);
    const char *interned = g_intern_string(word);
    pthread_mutex_unlock(&lock);
    return interned;
}
