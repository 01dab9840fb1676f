/* What check finds on a page, with the real models: masks that hide and masks that do not, previews, mirrors, light, photos. One page,
 * changed in one way for each case; each rule has a case in which it must be found, and the others in which it must not. */
#include "blindfold/jpeg.h"
#include "blindfold/name.h"
#include "page/check_page.h"
#include "pagemaker.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef struct {
    bf_page_engine *engine;
    bf_page_worker *worker;
    bf_query *query;
    bf_picture *page; /* a part of a summary, RGB or gray */
    bf_rect name;     /* on it */
} fixture;

/* The bounds of the first place of the name that is printed in one line. */
static bf_rect bounds_of_name(const pm_page *page)
{
    bf_rect all = {0};
    const pm_occurrence *o = g_ptr_array_index(page->occurrences, 0);
    for (guint g = 0; g < o->glyphs->len; g++) {
        bf_quad quad;
        memcpy(&quad, &g_array_index(o->glyphs, pm_quad, g), sizeof quad);
        all = g == 0 ? bf_quad_bounds(&quad) : bf_rect_union(all, bf_quad_bounds(&quad));
    }
    return all;
}

static bf_picture *cut_out(const bf_picture *from, bf_rect r)
{
    bf_picture *out = NULL;
    gsize ch = (gsize)from->channels;
    assert_true(bf_picture_new(r.w, r.h, from->channels, &out, NULL));
    for (int y = 0; y < r.h; y++)
        memcpy(out->data + (gsize)y * (gsize)r.w * ch, from->data + ((gsize)(r.y + y) * (gsize)from->width_px + (gsize)r.x) * ch,
               (gsize)r.w * ch);
    return out;
}

static int set_up(void **state)
{
    fixture *f = g_new0(fixture, 1);
    const bf_page_settings settings = {0};
    g_autoptr(GError) error = NULL;
    g_autoptr(pm_person) person = pm_person_random(20264);
    const pm_page_spec spec = {
        .kind = PM_KIND_SUMMARY, .capture = PM_CAPTURE_CLEAN, .seed = 21, .text_px = 34, .person = person, .flags = PM_FLAG_PLAIN_NAME};
    g_autoptr(pm_page) page = NULL;
    g_autoptr(bf_picture) whole = NULL;
    if (!bf_page_engine_new(&settings, &f->engine, &error) || !bf_page_worker_new(f->engine, &f->worker, &error) ||
        !bf_name_build(person->name, NULL, &f->query, &error) || !pm_page_draw(&spec, &page, &error) ||
        !bf_jpeg_decode(page->jpeg, 0, 0, &whole, NULL, &error)) {
        print_error("%s\n", error->message);
        return -1;
    }
    bf_rect name = bounds_of_name(page);
    int top = CLAMP(name.y - 300, 0, whole->height_px - 700);
    f->page = cut_out(whole, (bf_rect){0, top, whole->width_px, 700});
    f->name = (bf_rect){name.x, name.y - top, name.w, name.h};
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    bf_page_worker_free(f->worker);
    bf_page_engine_free(f->engine);
    bf_query_free(f->query);
    bf_picture_free(f->page);
    g_free(f);
    return 0;
}

/* ---- what is done to the page ---- */

static uint8_t *pixel(bf_picture *p, int x, int y)
{
    return p->data + ((gsize)y * (gsize)p->width_px + (gsize)x) * (gsize)p->channels;
}

/* Each sample of r becomes lift + share of what it was. */
static void veil(bf_picture *p, bf_rect r, int lift, float share)
{
    bf_rect c = bf_rect_intersect(r, (bf_rect){0, 0, p->width_px, p->height_px});
    for (int y = c.y; y < c.y + c.h; y++)
        for (int i = 0; i < c.w * p->channels; i++) {
            uint8_t *s = pixel(p, c.x, y) + i;
            *s = (uint8_t)CLAMP(lift + (int)(share * (float)*s), 0, 255);
        }
}

/* Each cell becomes its mean: cells of whole blocks are a mosaic, a running mean along one axis or both is blur. */
static void average(bf_picture *p, bf_rect r, int rx, int ry, int cell)
{
    g_autoptr(bf_picture) old = cut_out(p, (bf_rect){0, 0, p->width_px, p->height_px});
    bf_rect c = bf_rect_intersect(r, (bf_rect){0, 0, p->width_px, p->height_px});
    for (int y = c.y; y < c.y + c.h; y++)
        for (int x = c.x; x < c.x + c.w; x++)
            for (int ch = 0; ch < p->channels; ch++) {
                int x0 = cell ? x / cell * cell : x - rx, x1 = cell ? x0 + cell - 1 : x + rx, sum = 0, n = 0;
                int y0 = cell ? y / cell * cell : y - ry, y1 = cell ? y0 + cell - 1 : y + ry;
                for (int yy = MAX(y0, 0); yy <= MIN(y1, p->height_px - 1); yy++)
                    for (int xx = MAX(x0, 0); xx <= MIN(x1, p->width_px - 1); xx++, n++)
                        sum += pixel(old, xx, yy)[ch];
                pixel(p, x, y)[ch] = (uint8_t)(sum / MAX(n, 1));
            }
}

static void as_it_is(bf_picture *p, bf_rect name)
{
    (void)p;
    (void)name;
}
static void opaque(bf_picture *p, bf_rect name)
{
    veil(p, bf_rect_grow(name, 8, 8), 0, 0);
}
static void translucent(bf_picture *p, bf_rect name)
{
    veil(p, bf_rect_grow(name, 8, 6), 20, 0.15F);
}
/* To the eye as black as a mask: 0 to 12 of 255. */
static void nearly_black(bf_picture *p, bf_rect name)
{
    veil(p, bf_rect_grow(name, 8, 6), 0, 0.05F);
}
static void light_veil(bf_picture *p, bf_rect name)
{
    veil(p, bf_rect_grow(name, 8, 6), 0, 0.6F);
}
static void hatched(bf_picture *p, bf_rect name)
{
    bf_rect r = bf_rect_grow(name, 8, 6);
    for (int x = r.x; x < r.x + r.w; x += 5)
        veil(p, (bf_rect){x, r.y, 5, r.h}, x / 5 % 2 * 60, 0);
}
/* A bar of that share of the characters' height (percent), its middle so many percents lower than theirs. */
static void bar(bf_picture *p, bf_rect name, int percent, int down, int red, int green, int blue)
{
    int h = name.h * percent / 100, tones[] = {red, green, blue};
    bf_rect r = {name.x - 4, name.y + (name.h - h) / 2 + name.h * down / 100, name.w + 8, h};
    for (int y = r.y; y < r.y + r.h; y++)
        for (int x = r.x; x < r.x + r.w; x++)
            for (int i = 0; i < p->channels; i++)
                pixel(p, x, y)[i] = (uint8_t)(p->channels == 1 ? (red + green + blue) / 3 : tones[i]);
}
static void thin_black(bf_picture *p, bf_rect name)
{
    bar(p, name, 45, 0, 0, 0, 0);
}
static void thin_blue(bf_picture *p, bf_rect name)
{
    bar(p, name, 60, 0, 20, 40, 190);
}
static void thin_low(bf_picture *p, bf_rect name)
{
    bar(p, name, 70, 8, 60, 60, 60);
}
static void nearly_whole(bf_picture *p, bf_rect name)
{
    bar(p, name, 78, 0, 10, 10, 10);
}
static void thin_white(bf_picture *p, bf_rect name)
{
    bar(p, name, 60, 0, 255, 255, 255);
}
static void whole_white(bf_picture *p, bf_rect name)
{
    bar(p, name, 130, 0, 255, 255, 255);
}
static void struck_white(bf_picture *p, bf_rect name)
{
    bar(p, name, 10, 0, 255, 255, 255);
}
static void struck_out(bf_picture *p, bf_rect name)
{
    bar(p, name, 10, 0, 0, 0, 0);
}
static void underlined(bf_picture *p, bf_rect name)
{
    bar(p, name, 10, 62, 0, 0, 0);
}
static void over_two_lines(bf_picture *p, bf_rect name)
{
    veil(p, (bf_rect){name.x - 8, name.y - name.h, name.w + 16, 3 * name.h}, 0, 0);
}
static void mosaic(bf_picture *p, bf_rect name)
{
    average(p, bf_rect_grow(name, 16, 16), 0, 0, 10);
}
static void smear(bf_picture *p, bf_rect name)
{
    bf_rect r = bf_rect_grow(name, 30, 4);
    average(p, r, 9, 9, 0);
    average(p, r, 9, 9, 0);
}
static void all_blurred(bf_picture *p, bf_rect name)
{
    (void)name;
    average(p, (bf_rect){0, 0, p->width_px, p->height_px}, 4, 4, 0);
}
static void moved(bf_picture *p, bf_rect name)
{
    (void)name;
    average(p, (bf_rect){0, 0, p->width_px, p->height_px}, 8, 0, 0);
}
static void in_shadow(bf_picture *p, bf_rect name)
{
    (void)name;
    veil(p, (bf_rect){0, p->height_px * 3 / 5, p->width_px, p->height_px}, 0, 0.3F);
}
static void in_glare(bf_picture *p, bf_rect name)
{
    (void)name;
    veil(p, (bf_rect){0, p->height_px * 3 / 5, p->width_px, p->height_px}, 204, 0.2F);
}
static void blank(bf_picture *p, bf_rect name)
{
    (void)name;
    veil(p, (bf_rect){0, 0, p->width_px, p->height_px}, 245, 0);
}
/* A face before a wall, roughly: shades without an edge that a pen would make. */
static void portrait(bf_picture *p, bf_rect name)
{
    (void)name;
    for (int y = 0; y < p->height_px; y++)
        for (int x = 0; x < p->width_px; x++) {
            float dx = (float)(x - p->width_px / 2) / 160, dy = (float)(y - p->height_px / 2) / 220, d = sqrtf(dx * dx + dy * dy);
            float shade = 90 + 110 / (1 + expf(-6 * (d - 1))) + 20 * sinf(4 * dx) * expf(-d * d);
            memset(pixel(p, x, y), (int)CLAMP(shade, 0.0F, 255.0F), (gsize)p->channels);
        }
}
static void mirrored(bf_picture *p, bf_rect name)
{
    bf_picture *flipped = NULL;
    (void)name;
    assert_true(bf_picture_orient(p, 2, &flipped, NULL));
    memcpy(p->data, flipped->data, (gsize)p->width_px * (gsize)p->height_px * (gsize)p->channels);
    bf_picture_free(flipped);
}

/* ---- what is found on it ---- */

static bf_checked_page *check(const fixture *f, GBytes *jpeg)
{
    bf_checked_page *checked = bf_checked_page_new();
    bf_page_result r;
    bf_page_result_init(&r);
    bf_page_process(f->worker, &(bf_page_task){.jpeg = jpeg, .query = f->query, .check = checked}, &r);
    bf_page_result_clear(&r);
    return checked;
}

static bool is_found(const bf_checked_page *page, const char *rule)
{
    for (guint i = 0; i < page->findings->len; i++)
        if (strcmp(g_array_index(page->findings, bf_finding, i).rule, rule) == 0)
            return true;
    return false;
}

static char *all_rules(const bf_checked_page *page)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < page->findings->len; i++)
        g_string_append_printf(text, " %s", g_array_index(page->findings, bf_finding, i).rule);
    return g_string_free(text, FALSE);
}

static const struct {
    const char *name;
    void (*change)(bf_picture *page, bf_rect name);
    const char *rules[3];   /* that must be found; no other of `watched` may be */
    const char *legibility; /* NULL: any */
} cases[] = {
    {"as it is", as_it_is, {"name-visible"}, "legible"},
    {"opaque", opaque, {NULL}, "legible"},
    {"half as high", thin_black, {"mask-too-thin"}, NULL},
    {"thin and blue", thin_blue, {"mask-too-thin"}, NULL},
    {"thin and low", thin_low, {"mask-too-thin"}, NULL},
    {"nearly whole", nearly_whole, {"mask-too-thin"}, NULL},
    {"thin and white", thin_white, {"mask-too-thin"}, NULL},
    {"whole and white", whole_white, {NULL}, NULL},
    {"struck through in white", struck_white, {NULL}, NULL},
    {"struck out", struck_out, {NULL}, NULL},
    {"underlined", underlined, {NULL}, NULL},
    {"over two lines", over_two_lines, {NULL}, NULL},
    {"translucent", translucent, {"name-shines-through"}, NULL},
    {"nearly black", nearly_black, {"name-shines-through"}, NULL},
    {"a light veil", light_veil, {"name-visible"}, NULL},
    {"hatched", hatched, {NULL}, NULL},
    {"mosaic", mosaic, {"mask-mosaic"}, NULL},
    {"smeared", smear, {"mask-blurred"}, NULL},
    {"blurred all over", all_blurred, {"blurred"}, NULL},
    {"moved", moved, {"blurred"}, NULL},
    {"a shadow", in_shadow, {"shadow"}, NULL},
    {"a glare", in_glare, {"glare"}, NULL},
    {"blank", blank, {"blank"}, "marginal"},
    {"a portrait", portrait, {NULL}, "legible"},
    {"mirrored", mirrored, {"mirrored"}, NULL},
};
/* Not the name: blurred or thinly struck out it may still be read, or not. */
static const char *const watched[] = {
    "mask-too-thin", "name-shines-through", "mask-translucent", "mask-mosaic", "mask-blurred", "shadow", "glare", "blank", "mirrored",
    "turned",        "thumbnail-differs"};

static void test_bf_check_page__each_rule_where_it_belongs(void **state)
{
    const fixture *f = *state;
    GString *wrong = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(bf_picture) page = cut_out(f->page, (bf_rect){0, 0, f->page->width_px, f->page->height_px});
        g_autoptr(GBytes) jpeg = NULL;
        cases[i].change(page, f->name);
        assert_true(bf_jpeg_encode_view(page, 92, &jpeg, NULL));
        bf_checked_page *checked = check(f, jpeg);
        bool ok = !cases[i].legibility || g_strcmp0(checked->legibility, cases[i].legibility) == 0;
        for (gsize k = 0; k < G_N_ELEMENTS(watched); k++) {
            bool wanted = g_strv_contains(cases[i].rules, watched[k]);
            ok = ok && (wanted || !is_found(checked, watched[k]));
        }
        for (gsize k = 0; cases[i].rules[k]; k++)
            ok = ok && is_found(checked, cases[i].rules[k]);
        g_autofree char *rules = all_rules(checked);
        if (!ok)
            g_string_append_printf(wrong, "%s: %s,%s\n", cases[i].name, checked->legibility ? checked->legibility : "-", rules);
        bf_checked_page_free(checked);
    }
    if (wrong->len > 0)
        fail_msg("%s", wrong->str);
    g_string_free(wrong, TRUE);
}

/* The page with a small picture of another state of it in its EXIF. */
static GBytes *with_preview(const bf_picture *page, const bf_picture *shown)
{
    g_autoptr(bf_picture) small = NULL;
    g_autoptr(GBytes) jpeg = NULL, preview = NULL;
    g_autoptr(GByteArray) all = g_byte_array_new();
    assert_true(bf_picture_scale(shown, 320, 320 * shown->height_px / shown->width_px, &small, NULL));
    assert_true(bf_jpeg_encode_view(small, 90, &preview, NULL) && bf_jpeg_encode_view(page, 92, &jpeg, NULL));
    gsize n = g_bytes_get_size(preview), length = n + 8;
    const guint8 head[] = {0xFF, 0xD8, 0xFF, 0xE1, (guint8)(length >> 8), (guint8)length, 'E', 'x', 'i', 'f', 0, 0};
    g_byte_array_append(all, head, sizeof head);
    g_byte_array_append(all, g_bytes_get_data(preview, NULL), (guint)n);
    g_byte_array_append(all, (const guint8 *)g_bytes_get_data(jpeg, NULL) + 2, (guint)g_bytes_get_size(jpeg) - 2);
    return g_bytes_new(all->data, all->len);
}

static void test_bf_check_page__preview_of_the_page_without_its_mask(void **state)
{
    const fixture *f = *state;
    g_autoptr(bf_picture) masked = cut_out(f->page, (bf_rect){0, 0, f->page->width_px, f->page->height_px});
    veil(masked, bf_rect_grow(f->name, 60, 20), 0, 0);
    const bf_picture *const shown[] = {masked, f->page};
    for (gsize i = 0; i < G_N_ELEMENTS(shown); i++) {
        g_autoptr(GBytes) jpeg = with_preview(masked, shown[i]);
        bf_checked_page *checked = check(f, jpeg);
        assert_int_equal(is_found(checked, "thumbnail-differs"), i == 1);
        bf_checked_page_free(checked);
    }
}

/* ---- without a reader ---- */

/* Squares of 8 px, shaded or only black and white. */
static bf_picture *squares(bool shaded)
{
    bf_picture *p = NULL;
    assert_true(bf_picture_new(256, 192, 1, &p, NULL));
    for (int y = 0; y < 192; y++)
        for (int x = 0; x < 256; x++) {
            unsigned noise = ((unsigned)(y / 8 * 97 + x / 8) * 2654435761U) >> 24;
            *pixel(p, x, y) = shaded ? (uint8_t)noise : noise & 1 ? 255 : 0;
        }
    return p;
}

static void test_bf_find_mosaic__shades_and_codes(void **state)
{
    (void)state;
    for (int shaded = 0; shaded < 2; shaded++) {
        g_autoptr(bf_picture) p = squares(shaded == 1);
        g_autoptr(GArray) places = g_array_new(FALSE, FALSE, sizeof(bf_rect));
        bf_find_mosaic(p, places);
        assert_int_equal(places->len > 0, shaded); /* black and white ones are a QR code */
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bf_check_page__each_rule_where_it_belongs),
        cmocka_unit_test(test_bf_check_page__preview_of_the_page_without_its_mask),
        cmocka_unit_test(test_bf_find_mosaic__shades_and_codes),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
