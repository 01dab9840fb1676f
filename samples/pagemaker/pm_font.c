#include "pm_font.h"
#include <hb.h>
#include <pango/pangocairo.h>
#include <string.h>

#define REFERENCE_PX 256 /* metrics are taken at this size, unhinted, and scaled */

typedef struct {
    PangoFont *font; /* NULL: not installed */
    hb_font_t *hb;   /* of font */
    cairo_font_face_t *cairo_face;
    cairo_scaled_font_t *scaled;
} loaded_font;

struct pm_fonts {
    PangoFontMap *map;
    PangoContext *context;
    GHashTable *loaded; /* "family/bold" -> loaded_font */
    GHashTable *glyphs; /* face, first, bold, character -> pm_glyph */
};

/* For each face the families to try; the page picks which of the first N_CHOICES comes first. */
#define N_CHOICES 3
static const char *const families[PM_N_FACES][6] = {
    [PM_FACE_SONG] = {"Noto Serif CJK SC", "AR PL UMing CN", "Noto Serif CJK SC", "WenQuanYi Zen Hei", "DejaVu Serif"},
    [PM_FACE_HEI] = {"Noto Sans CJK SC", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "Noto Serif CJK SC", "DejaVu Sans"},
    [PM_FACE_KAI] = {"AR PL UKai CN", "LXGW WenKai", "AR PL UKai CN", "Noto Serif CJK SC", "DejaVu Serif"},
    [PM_FACE_HAND] = {"LXGW WenKai", "AR PL UKai CN", "LXGW WenKai", "Noto Serif CJK SC"},
    [PM_FACE_TRADITIONAL] = {"Noto Serif CJK TC", "cwTeXFangSong", "AR PL UMing TW", "Noto Serif CJK TC", "Noto Serif CJK SC"},
    [PM_FACE_LATIN] = {"DejaVu Serif", "Noto Serif CJK SC", "DejaVu Sans", "Noto Serif CJK SC"},
    [PM_FACE_TITLE] = {"Noto Serif CJK SC", "Noto Sans CJK SC", "AR PL UKai CN", "Noto Serif CJK SC", "DejaVu Serif"},
};

#ifdef __SANITIZE_ADDRESS__
/* Fontconfig keeps its patterns until the process ends; LeakSanitizer is told so here, for every program that draws. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig";
}
#endif

static void loaded_free(gpointer data)
{
    loaded_font *l = data;
    g_clear_object(&l->font);
    g_free(l);
}

pm_fonts *pm_fonts_new(void)
{
    pm_fonts *f = g_new0(pm_fonts, 1);
    /* The default map belongs to this thread and keeps what fontconfig found. */
    f->map = g_object_ref(pango_cairo_font_map_get_default());
    f->context = pango_font_map_create_context(f->map);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    pango_cairo_context_set_font_options(f->context, options);
    cairo_font_options_destroy(options);
    f->loaded = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, loaded_free);
    f->glyphs = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    return f;
}

void pm_fonts_free(pm_fonts *f)
{
    if (!f)
        return;
    g_hash_table_unref(f->glyphs);
    g_hash_table_unref(f->loaded);
    g_clear_object(&f->context);
    g_clear_object(&f->map);
    g_free(f);
}

/* Fontconfig answers with something else when a family is missing: then it is not used. */
static bool is_family(PangoFont *font, const char *family)
{
    PangoFontDescription *got = pango_font_describe(font);
    const char *name = pango_font_description_get_family(got);
    const bool same = name && g_ascii_strncasecmp(name, family, strlen(family)) == 0;
    pango_font_description_free(got);
    return same;
}

static loaded_font *load(pm_fonts *f, const char *family, bool bold)
{
    g_autofree char *key = g_strconcat(family, bold ? "/bold" : "/", NULL);
    loaded_font *l = g_hash_table_lookup(f->loaded, key);
    if (l)
        return l;
    l = g_new0(loaded_font, 1);
    PangoFontDescription *wanted = pango_font_description_new();
    pango_font_description_set_family(wanted, family);
    pango_font_description_set_weight(wanted, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_font_description_set_absolute_size(wanted, REFERENCE_PX * PANGO_SCALE);
    l->font = pango_font_map_load_font(f->map, f->context, wanted);
    pango_font_description_free(wanted);
    if (l->font && !is_family(l->font, family))
        g_clear_object(&l->font);
    if (l->font) {
        l->hb = pango_font_get_hb_font(l->font);
        l->scaled = pango_cairo_font_get_scaled_font(PANGO_CAIRO_FONT(l->font));
        l->cairo_face = cairo_scaled_font_get_font_face(l->scaled);
    }
    g_hash_table_insert(f->loaded, g_steal_pointer(&key), l);
    return l;
}

static bool glyph_of(const loaded_font *l, gunichar ch, pm_glyph *out)
{
    hb_codepoint_t glyph;
    if (!l->font || !hb_font_get_nominal_glyph(l->hb, ch, &glyph) || glyph == 0)
        return false;
    cairo_glyph_t g = {.index = glyph};
    cairo_text_extents_t extents;
    cairo_scaled_font_glyph_extents(l->scaled, &g, 1, &extents);
    /* A font may claim a character and draw nothing for it; made bold by cairo, even nothing has a width there. */
    hb_glyph_extents_t shape;
    bool drawn = extents.width > 0 && hb_font_get_glyph_extents(l->hb, glyph, &shape) && shape.width != 0;
    if (!drawn && !g_unichar_isspace(ch))
        return false;
    *out = (pm_glyph){.face = l->cairo_face, .glyph = glyph, .advance = extents.x_advance / REFERENCE_PX};
    return true;
}

bool pm_fonts_find(pm_fonts *f, pm_face face, guint first, bool bold, gunichar ch, pm_glyph *out, const char **no_font)
{
    const gint64 key = (gint64)ch | (gint64)face << 32 | (gint64)(first % N_CHOICES) << 40 | (gint64)bold << 48;
    const pm_glyph *known = g_hash_table_lookup(f->glyphs, &key);
    if (known) {
        *out = *known;
        return true;
    }
    const guint n = G_N_ELEMENTS(families[face]);
    for (guint i = 0; i <= n; i++) {
        const char *family = i == 0 ? families[face][first % N_CHOICES] : families[face][i - 1];
        if (!family)
            continue;
        const loaded_font *l = load(f, family, bold);
        if (!l->font)
            *no_font = family;
        else if (glyph_of(l, ch, out)) {
            g_hash_table_insert(f->glyphs, g_memdup2(&key, sizeof key), g_memdup2(out, sizeof *out));
            return true;
        }
    }
    return false;
}
