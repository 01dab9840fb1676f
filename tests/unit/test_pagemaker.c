/* The page maker is what everything else is measured with: its truth must sit on the ink, in every kind and capture. */
#include "pagemaker.h"
#include "pm_font.h"
#include "pm_pixels.h"
#include <json-glib/json-glib.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static pm_page *draw(pm_kind kind, pm_capture capture, guint64 seed, guint flags)
{
    g_autoptr(pm_person) person = pm_person_random(seed);
    const pm_page_spec spec = {.kind = kind, .capture = capture, .seed = seed, .person = person, .flags = flags};
    pm_page *page = NULL;
    g_autoptr(GError) error = NULL;
    if (!pm_page_draw(&spec, &page, &error))
        fail_msg("%s, %s, seed %d: %s", pm_kind_word(kind), pm_capture_word(capture), (int)seed, error->message);
    return page;
}

static int luma(const pm_pixels *p, int x, int y)
{
    const uint8_t *q = p->rgb + 3 * ((size_t)y * (size_t)p->width + (size_t)x);
    return (q[0] * 299 + q[1] * 587 + q[2] * 114) / 1000;
}

static pm_quad grown(const pm_quad *q, float by)
{
    pm_quad g;
    const float cx = (q->x[0] + q->x[2]) / 2, cy = (q->y[0] + q->y[2]) / 2;
    for (int v = 0; v < 4; v++) {
        const float dx = q->x[v] - cx, dy = q->y[v] - cy, d = hypotf(dx, dy);
        g.x[v] = cx + dx * (1 + by / d);
        g.y[v] = cy + dy * (1 + by / d);
    }
    return g;
}

/* The darkest and brightest pixel near the points of a strip along edge v of the quad, `depth` px deep to the inside. */
static void strip_range(const pm_pixels *p, const pm_quad *q, int v, float depth, int *dark, int *bright)
{
    const int w = (v + 1) % 4, back = (v + 3) % 4;
    const float ix = q->x[back] - q->x[v], iy = q->y[back] - q->y[v], inner = hypotf(ix, iy);
    *dark = 255;
    *bright = 0;
    for (float t = 0; t <= 1; t += 0.02f)
        for (float d = 0; d <= depth; d += 0.5f) {
            const int x = (int)(q->x[v] + t * (q->x[w] - q->x[v]) + ix * d / inner),
                      y = (int)(q->y[v] + t * (q->y[w] - q->y[v]) + iy * d / inner);
            if (x < 0 || y < 0 || x >= p->width || y >= p->height)
                continue;
            *dark = MIN(*dark, luma(p, x, y));
            *bright = MAX(*bright, luma(p, x, y));
        }
}

/* Each edge of a tight box has ink close to it, and there is contrast inside. A fax may lose the tip of a thin stroke. */
static void assert_tight(const pm_pixels *p, const pm_page *page, const pm_occurrence *o, guint k)
{
    const pm_quad *q = &g_array_index(o->glyphs, pm_quad, k);
    int dark = 255, bright = 0;
    const pm_quad around = grown(q, 2);
    strip_range(p, &around, 0, 2 + hypotf(q->x[3] - q->x[0], q->y[3] - q->y[0]), &dark, &bright);
    if (bright - dark < 40)
        fail_msg("%s, %s, seed %d: no contrast in a glyph of %s", pm_kind_word(page->kind), pm_capture_word(page->capture), (int)page->seed,
                 o->text);
    const bool white = o->form == PM_FORM_WHITE_ON_DARK;
    for (int v = 0; v < 4; v++) {
        int edge_dark, edge_bright;
        const pm_quad loose = grown(q, 1);
        strip_range(p, &loose, v, page->capture == PM_CAPTURE_FAX ? 7 : 3.5f, &edge_dark, &edge_bright);
        const double ink = white ? (double)(edge_bright - dark) / (bright - dark) : (double)(bright - edge_dark) / (bright - dark);
        if (ink < 0.25)
            fail_msg("%s, %s, seed %d: glyph %u of %s has no ink near its edge %d", pm_kind_word(page->kind),
                     pm_capture_word(page->capture), (int)page->seed, k, o->text, v);
    }
}

static void assert_truth(const pm_page *page)
{
    pm_pixels p;
    g_autoptr(GError) error = NULL;
    assert_true(pm_jpeg_decode(page->jpeg, &p, &error));
    assert_int_equal(p.width, page->width_px);
    assert_int_equal(p.height, page->height_px);
    for (guint i = 0; i < page->occurrences->len; i++) {
        const pm_occurrence *o = page->occurrences->pdata[i];
        assert_true(o->glyphs->len > 0);
        assert_true(o->height_px > 5);
        for (guint k = 0; k < o->glyphs->len; k++) {
            const pm_quad *q = &g_array_index(o->glyphs, pm_quad, k);
            for (int v = 0; v < 4; v++)
                if (q->x[v] < 0 || q->y[v] < 0 || q->x[v] > (float)p.width || q->y[v] > (float)p.height)
                    fail_msg("%s, %s, seed %d: %s stands outside the page", pm_kind_word(page->kind), pm_capture_word(page->capture),
                             (int)page->seed, o->text);
            /* A seal's ink or the specks of a fax may stand anywhere. */
            if (!o->under_seal && o->form != PM_FORM_NAME_SEAL)
                assert_tight(&p, page, o, k);
        }
    }
    pm_pixels_clear(&p);
}

static void test_pm_page_draw__every_kind(void **state)
{
    (void)state;
    for (guint kind = 0; kind < PM_N_KINDS; kind++) {
        g_autoptr(pm_page) page = draw((pm_kind)kind, kind % 2 ? PM_CAPTURE_CLEAN : PM_CAPTURE_SKEW, 100 + kind, 0);
        assert_truth(page);
        const bool nameless = kind == PM_KIND_ID_BACK || kind == PM_KIND_PLAIN;
        assert_true(nameless == (page->occurrences->len == 0) || kind == PM_KIND_SUMMARY);
        assert_true(kind != PM_KIND_PLAIN || page->text_lines == 27);
    }
}

static void test_pm_page_draw__every_capture(void **state)
{
    static const pm_kind kinds[] = {PM_KIND_ID_FRONT, PM_KIND_TITLE, PM_KIND_TRAINING, PM_KIND_DIPLOMA};
    (void)state;
    for (guint capture = 0; capture < PM_N_CAPTURES; capture++) {
        g_autoptr(pm_page) page = draw(kinds[capture % G_N_ELEMENTS(kinds)], (pm_capture)capture, 300 + capture, PM_FLAG_PLAIN_NAME);
        assert_truth(page);
    }
}

/* What an upright look at the page needs, as blindfold's own frames understand it. */
static void test_pm_page_draw__turns(void **state)
{
    static const struct {
        pm_capture capture;
        int exif, turn;
        bool lying; /* stored lower than wide, though the page stands */
    } cases[] = {{PM_CAPTURE_CLEAN, 1, 0, false},   {PM_CAPTURE_ROT90, 1, 90, true},        {PM_CAPTURE_ROT180, 1, 180, false},
                 {PM_CAPTURE_ROT270, 1, 270, true}, {PM_CAPTURE_EXIF3, 3, 0, false},        {PM_CAPTURE_EXIF6, 6, 0, true},
                 {PM_CAPTURE_EXIF8, 8, 0, true},    {PM_CAPTURE_EXIF6_ROT180, 6, 180, true}};
    (void)state;
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(pm_page) page = draw(PM_KIND_COMMITMENT, cases[i].capture, 7, 0);
        assert_int_equal(page->exif_orientation, cases[i].exif);
        assert_int_equal(page->turn_deg, cases[i].turn);
        assert_true(cases[i].lying == (page->width_px > page->height_px));
    }
}

static void test_pm_page_draw__equal_seeds_equal_bytes(void **state)
{
    (void)state;
    g_autoptr(pm_page) a = draw(PM_KIND_TITLE, PM_CAPTURE_EXIF6, 5, 0), b = draw(PM_KIND_TITLE, PM_CAPTURE_EXIF6, 5, 0),
                       c = draw(PM_KIND_TITLE, PM_CAPTURE_EXIF6, 6, 0);
    g_autofree char *ta = pm_page_to_json(a), *tb = pm_page_to_json(b);
    assert_true(g_bytes_equal(a->jpeg, b->jpeg));
    assert_string_equal(ta, tb);
    assert_false(g_bytes_equal(a->jpeg, c->jpeg));
}

static guint count_form(const pm_page *page, pm_form form)
{
    guint n = 0;
    for (guint i = 0; i < page->occurrences->len; i++) {
        const pm_occurrence *o = page->occurrences->pdata[i];
        n += o->applicant && o->form == form;
    }
    return n;
}

/* A flag makes the form come up on a page of a kind that has room for it, within a few seeds (some people have no such form). */
static void test_pm_page_draw__forms(void **state)
{
    static const struct {
        guint flag;
        pm_kind kind;
        pm_form form;
    } cases[] = {{PM_FLAG_SPACED, PM_KIND_TITLE, PM_FORM_SPACED},
                 {PM_FLAG_TRADITIONAL, PM_KIND_TITLE, PM_FORM_TRADITIONAL},
                 {PM_FLAG_LINE_BREAK, PM_KIND_NOTICE, PM_FORM_LINE_BREAK},
                 {PM_FLAG_VERTICAL, PM_KIND_APPRAISAL, PM_FORM_VERTICAL},
                 {PM_FLAG_WHITE_ON_DARK, PM_KIND_TRAINING, PM_FORM_WHITE_ON_DARK},
                 {PM_FLAG_NAME_SEAL, PM_KIND_COMMITMENT, PM_FORM_NAME_SEAL},
                 {PM_FLAG_ARABIC, PM_KIND_ID_FRONT, PM_FORM_ARABIC}};
    (void)state;
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        guint found = 0;
        for (guint64 seed = 20; seed < 32 && !found; seed++) {
            g_autoptr(pm_page) page = draw(cases[i].kind, PM_CAPTURE_CLEAN, seed, cases[i].flag);
            found = count_form(page, cases[i].form);
            if (found)
                assert_truth(page);
        }
        if (!found)
            fail_msg("form %s never came up", pm_form_word(cases[i].form));
    }
}

static void test_pm_page_draw__no_name(void **state)
{
    (void)state;
    for (guint64 seed = 1; seed < 5; seed++) {
        g_autoptr(pm_page) page = draw(PM_KIND_NOTICE, PM_CAPTURE_CLEAN, seed, PM_FLAG_NO_NAME);
        assert_true(page->occurrences->len > 0);
        for (guint i = 0; i < page->occurrences->len; i++)
            assert_false(((const pm_occurrence *)page->occurrences->pdata[i])->applicant);
    }
}

static void test_pm_person_near__shares_and_never_holds(void **state)
{
    (void)state;
    for (guint64 seed = 1; seed < 300; seed++) {
        g_autoptr(pm_person) p = pm_person_random(seed), again = pm_person_random(seed), q = pm_person_near(p, seed);
        assert_string_equal(p->name, again->name);
        assert_null(strstr(p->name, q->name));
        assert_null(strstr(q->name, p->name));
        assert_true(g_utf8_validate(p->name, -1, NULL) && g_utf8_strlen(p->name, -1) >= 2 && g_utf8_strlen(p->name, -1) <= 14);
    }
}

static JsonObject *read_truth(const char *dir, const char *file, JsonParser *parser)
{
    g_autofree char *path = g_build_filename(dir, "truth", file, NULL);
    assert_true(json_parser_load_from_file(parser, path, NULL));
    return json_node_get_object(json_parser_get_root(parser));
}

static void remove_tree(const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    for (const char *name = dir ? g_dir_read_name(dir) : NULL; name; name = g_dir_read_name(dir)) {
        g_autofree char *below = g_build_filename(path, name, NULL);
        remove_tree(below);
    }
    remove(path);
}

static void test_pm_dossier_write__zips_truth_and_roster(void **state)
{
    static const pm_kind kinds[] = {PM_KIND_ID_FRONT, PM_KIND_ID_BACK};
    static const pm_capture captures[] = {PM_CAPTURE_CLEAN};
    (void)state;
    g_autofree char *dir = g_dir_make_tmp("pagemaker-XXXXXX", NULL);
    const pm_dossier_spec spec = {
        .seed = 3, .n_packages = 2, .n_pages = 2, .kinds = kinds, .n_kinds = 2, .captures = captures, .n_captures = 1, .gbk_names = true};
    g_autoptr(GError) error = NULL;
    assert_true(pm_dossier_write(&spec, dir, &error));
    g_autofree char *roster = NULL, *path = g_build_filename(dir, "roster.csv", NULL),
                    *zip = g_build_filename(dir, "in", "A0002.zip", NULL);
    assert_true(g_file_get_contents(path, &roster, NULL, NULL));
    assert_true(g_str_has_prefix(roster, "\xef\xbb\xbfid,name,aliases,package\r\nA0001,"));
    assert_true(g_file_test(zip, G_FILE_TEST_EXISTS));
    g_autoptr(JsonParser) parser = json_parser_new();
    JsonArray *pages = json_object_get_array_member(read_truth(dir, "A0001.json", parser), "pages");
    assert_int_equal(json_array_get_length(pages), 2);
    /* The folder is the zip's first entry, so the first page is its second. */
    assert_int_equal(json_object_get_int_member(json_array_get_object_element(pages, 0), "entry_index"), 1);
    remove_tree(dir);
}

/* A character is drawn by a font that has a shape for it, bold too, where nothing made bold is as wide as a stroke. */
static void test_pm_fonts_find__has_a_shape(void **state)
{
    (void)state;
    static const gunichar rare[] = {0x65FB, 0x7440, 0x4DAE, 0x9F91, 0x9A89};
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_A8, 64, 64);
    cairo_t *cr = cairo_create(surface);
    pm_fonts *fonts = pm_fonts_new();
    for (guint i = 0; i < G_N_ELEMENTS(rare) * 2; i++)
        for (int face = 0; face < PM_N_FACES; face++) {
            const char *no_font = NULL;
            pm_glyph g;
            double x0, y0, x1, y1;
            if (!pm_fonts_find(fonts, (pm_face)face, 0, i % 2, rare[i / 2], &g, &no_font))
                continue;
            const cairo_glyph_t glyph = {.index = g.glyph};
            cairo_set_font_face(cr, g.face);
            cairo_set_font_size(cr, 40);
            cairo_new_path(cr);
            cairo_glyph_path(cr, &glyph, 1);
            cairo_path_extents(cr, &x0, &y0, &x1, &y1);
            if (x1 - x0 < 8 || y1 - y0 < 8)
                fail_msg("U+%04X, face %d, bold %d: %.1f x %.1f of 40", rare[i / 2], face, (int)(i % 2), x1 - x0, y1 - y0);
        }
    pm_fonts_free(fonts);
    cairo_destroy(cr);
    cairo_surface_destroy(surface);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pm_fonts_find__has_a_shape),
        cmocka_unit_test(test_pm_page_draw__every_kind),
        cmocka_unit_test(test_pm_page_draw__every_capture),
        cmocka_unit_test(test_pm_page_draw__turns),
        cmocka_unit_test(test_pm_page_draw__equal_seeds_equal_bytes),
        cmocka_unit_test(test_pm_page_draw__forms),
        cmocka_unit_test(test_pm_page_draw__no_name),
        cmocka_unit_test(test_pm_person_near__shares_and_never_holds),
        cmocka_unit_test(test_pm_dossier_write__zips_truth_and_roster),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
