/* What `check` found, from a page process to the run. */
#include "page/page_wire.h"

#include <math.h>
#include <string.h>

_Static_assert(sizeof(bf_finding) == 56 && sizeof(bf_checked_page) == 152, "what check finds has changed: mend the functions below");

enum { FINDINGS_MAX = 200, NUMBER_MAX = 1000000, SIDE_MAX_PX = 65535, PICTURE_MAX = 1 << 20 };
#define FINDING_TYPE "(sysiiiiiay)"
#define CHECKED_TYPE "(iisdasaya" FINDING_TYPE "ay)"

/* ---- there ---- */

static GVariant *bytes_of(const void *data, gsize n)
{
    return g_variant_new_fixed_array(G_VARIANT_TYPE_BYTE, data != NULL ? data : "", data != NULL ? n : 0, 1);
}

static GVariant *bytes_of_jpeg(GBytes *jpeg)
{
    gsize n = 0;
    const void *data = jpeg != NULL ? g_bytes_get_data(jpeg, &n) : NULL;
    return bytes_of(data, n);
}

GBytes *wire_write_checked(const bf_checked_page *page)
{
    GVariantBuilder words, findings;
    g_variant_builder_init(&words, G_VARIANT_TYPE_STRING_ARRAY);
    for (guint i = 0; page->legibility_reasons != NULL && i < page->legibility_reasons->len; i++)
        g_variant_builder_add(&words, "s", page->legibility_reasons->pdata[i]);
    g_variant_builder_init(&findings, G_VARIANT_TYPE("a" FINDING_TYPE));
    for (guint i = 0; i < page->findings->len; i++) {
        const bf_finding *f = &g_array_index(page->findings, bf_finding, i);
        g_variant_builder_add(&findings, "(sysiiiii@ay)", f->rule, (guint)f->weight, f->detail != NULL ? f->detail : "", f->number,
                              f->place.x, f->place.y, f->place.w, f->place.h, bytes_of_jpeg(f->picture));
    }
    g_autoptr(GVariant) value = g_variant_ref_sink(
        g_variant_new("(iisd@as@ay@a" FINDING_TYPE "@ay)", page->width_px, page->height_px,
                      page->legibility != NULL ? page->legibility : "", (double)page->score, g_variant_builder_end(&words),
                      bytes_of_jpeg(page->thumbnail), g_variant_builder_end(&findings), bytes_of(page->print, BF_PRINT_N * sizeof(float))));
    return g_variant_get_data_as_bytes(value);
}

/* ---- and back ---- */

/* Pictures are shown by a browser and opened by nobody else; they only have to look like JPEGs here. NULL for none is fine. */
static bool read_picture(GVariant *bytes, GBytes **out)
{
    gsize n = 0;
    const guint8 *p = g_variant_get_fixed_array(bytes, &n, 1);
    *out = NULL;
    if (n == 0 || n > PICTURE_MAX)
        return n == 0;
    g_autoptr(GBytes) picture = g_bytes_new(p, n);
    if (!wire_has_ends(picture))
        return false;
    *out = g_steal_pointer(&picture);
    return true;
}

static bool read_print(GVariant *bytes, float **out)
{
    gsize n = 0;
    gconstpointer data = g_variant_get_fixed_array(bytes, &n, 1);
    if (n == 0)
        return true;
    if (n != BF_PRINT_N * sizeof(float))
        return false;
    *out = g_memdup2(data, n);
    for (int i = 0; i < BF_PRINT_N; i++)
        if (!isfinite((*out)[i]) || fabsf((*out)[i]) > 1.001F)
            return false;
    return true;
}

static const char *legibility_word(const char *text)
{
    for (int v = BF_LEGIBILITY_ILLEGIBLE; v <= BF_LEGIBILITY_LEGIBLE; v++)
        if (strcmp(text, bf_legibility_word((bf_legibility_verdict)v)) == 0)
            return bf_legibility_word((bf_legibility_verdict)v);
    return NULL;
}

static bool is_on(const bf_checked_page *page, bf_rect r)
{
    bool whole_page = r.x == 0 && r.y == 0 && r.w == 0 && r.h == 0;
    return whole_page || (r.x >= 0 && r.y >= 0 && r.w > 0 && r.h > 0 && r.w <= page->width_px - r.x && r.h <= page->height_px - r.y);
}

static bool read_finding(GVariant *item, bf_checked_page *page)
{
    const char *rule, *detail;
    guint8 weight;
    bf_finding f = {0};
    g_autoptr(GVariant) picture = NULL;
    g_variant_get(item, "(&sy&siiiii@ay)", &rule, &weight, &detail, &f.number, &f.place.x, &f.place.y, &f.place.w, &f.place.h, &picture);
    f.rule = wire_word(rule, false);
    f.weight = (bf_finding_weight)weight;
    f.detail = *detail ? wire_word(detail, true) : NULL;
    bool ok = f.rule && weight <= BF_FINDING_MEND && (f.detail || !*detail) && f.number >= -1 && f.number <= NUMBER_MAX &&
              is_on(page, f.place) && read_picture(picture, &f.picture);
    if (ok)
        bf_findings_add(page->findings, f);
    return ok;
}

static bool read_all(GVariant *value, bf_checked_page *page)
{
    const char *verdict;
    double score;
    g_autoptr(GVariant) reasons = NULL, thumbnail = NULL, findings = NULL, print = NULL;
    g_variant_get(value, "(ii&sd@as@ay@a" FINDING_TYPE "@ay)", &page->width_px, &page->height_px, &verdict, &score, &reasons, &thumbnail,
                  &findings, &print);
    gsize n = g_variant_n_children(findings);
    page->legibility = *verdict ? legibility_word(verdict) : NULL;
    page->score = (float)score;
    if (page->width_px < 0 || page->width_px > SIDE_MAX_PX || page->height_px < 0 || page->height_px > SIDE_MAX_PX || !isfinite(score) ||
        score < 0 || score > 1 || n > FINDINGS_MAX || (*verdict && !page->legibility))
        return false;
    for (gsize i = 0; i < n; i++) {
        g_autoptr(GVariant) item = g_variant_get_child_value(findings, i);
        if (!read_finding(item, page))
            return false;
    }
    return (!page->legibility || wire_read_words(reasons, &page->legibility_reasons)) && read_picture(thumbnail, &page->thumbnail) &&
           read_print(print, &page->print);
}

/* The page keeps its own findings, and those received come behind them. */
static void move(bf_checked_page *from, bf_checked_page *to)
{
    to->width_px = from->width_px;
    to->height_px = from->height_px;
    to->legibility = from->legibility;
    to->score = from->score;
    g_clear_pointer(&to->legibility_reasons, g_ptr_array_unref);
    to->legibility_reasons = g_steal_pointer(&from->legibility_reasons);
    g_clear_pointer(&to->thumbnail, g_bytes_unref);
    to->thumbnail = g_steal_pointer(&from->thumbnail);
    g_free(to->print);
    to->print = g_steal_pointer(&from->print);
    for (guint i = 0; i < from->findings->len; i++) {
        bf_finding *f = &g_array_index(from->findings, bf_finding, i);
        bf_findings_add(to->findings, *f);
        f->picture = NULL;
    }
}

bool wire_read_checked(GBytes *head, bf_checked_page *page)
{
    g_autoptr(GVariant) value = g_variant_ref_sink(g_variant_new_from_bytes(G_VARIANT_TYPE(CHECKED_TYPE), head, FALSE));
    bf_checked_page *received = bf_checked_page_new();
    bool ok = g_variant_is_normal_form(value) && read_all(value, received);
    if (ok)
        move(received, page);
    bf_checked_page_free(received);
    return ok;
}
