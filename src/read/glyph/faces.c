#include "read/glyph/faces.h"
#include <fontconfig/fontconfig.h>
#include <freetype/freetype.h>
#include <string.h>

enum { FACES_MAX = 48 };

struct bf_faces {
    FT_Library library;
    FT_Face faces[FACES_MAX];
    guint n;
};

/* A font that has these is meant for Chinese text, simplified or traditional. */
static const FcChar32 COMMON[] = {0x4E00, 0x738B, 0x660E, 0x7684, 0x4EBA, 0x6797};

typedef struct {
    char *family, *file;
    int index, weight;
} found_font;

/* A collection holds the same glyphs for several regions; what is meant for the mainland comes first. */
static bool for_mainland(const char *family)
{
    return strstr(family, " SC") != NULL || strstr(family, " CN") != NULL;
}

static int by_file(const void *a, const void *b)
{
    const found_font *p = a, *q = b;
    int order = strcmp(p->file, q->file);
    order = order != 0 ? order : for_mainland(q->family) - for_mainland(p->family);
    order = order != 0 ? order : strcmp(p->family, q->family);
    return order != 0 ? order : p->index - q->index;
}

static bool wanted(FcPattern *font, const char *wanted_family, bool without, found_font *out)
{
    FcChar8 *family, *file;
    int slant = FC_SLANT_ROMAN;
    if (FcPatternGetString(font, FC_FAMILY, 0, &family) != FcResultMatch || FcPatternGetString(font, FC_FILE, 0, &file) != FcResultMatch ||
        FcPatternGetInteger(font, FC_INDEX, 0, &out->index) != FcResultMatch ||
        FcPatternGetInteger(font, FC_WEIGHT, 0, &out->weight) != FcResultMatch) /* a range: a variable font's table of styles */
        return false;
    FcPatternGetInteger(font, FC_SLANT, 0, &slant);
    bool style = slant == FC_SLANT_ROMAN && out->weight >= FC_WEIGHT_LIGHT && out->weight <= FC_WEIGHT_BOLD;
    if (!style || g_str_has_prefix((const char *)family, wanted_family) == without)
        return false;
    out->family = g_strdup((const char *)family);
    out->file = g_strdup((const char *)file);
    return true;
}

static void found_clear(void *data)
{
    found_font *f = data;
    g_free(f->family);
    g_free(f->file);
}

/* A configuration of its own, so that fontconfig keeps nothing for the process. */
static GArray *find_fonts(const char *family, bool without)
{
    GArray *found = g_array_new(FALSE, FALSE, sizeof(found_font));
    g_array_set_clear_func(found, found_clear);
    FcConfig *config = FcInitLoadConfigAndFonts();
    FcPattern *pattern = FcPatternCreate();
    FcCharSet *common = FcCharSetCreate();
    FcObjectSet *objects = FcObjectSetBuild(FC_FAMILY, FC_FILE, FC_INDEX, FC_WEIGHT, FC_SLANT, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(COMMON); i++)
        FcCharSetAddChar(common, COMMON[i]);
    FcPatternAddCharSet(pattern, FC_CHARSET, common);
    FcPatternAddBool(pattern, FC_SCALABLE, FcTrue);
    FcFontSet *fonts = config != NULL ? FcFontList(config, pattern, objects) : NULL;
    for (int i = 0; fonts != NULL && i < fonts->nfont; i++) {
        found_font f;
        if (wanted(fonts->fonts[i], family, without, &f))
            g_array_append_val(found, f);
    }
    if (fonts != NULL)
        FcFontSetDestroy(fonts);
    FcObjectSetDestroy(objects);
    FcCharSetDestroy(common);
    FcPatternDestroy(pattern);
    if (config != NULL)
        FcConfigDestroy(config);
    g_array_sort(found, by_file);
    return found;
}

bf_faces *bf_faces_new(const char *family, bool without)
{
    bf_faces *f = g_new0(bf_faces, 1);
    if (FT_Init_FreeType(&f->library) != 0) {
        f->library = NULL;
        return f;
    }
    g_autoptr(GArray) found = find_fonts(family, without);
    const found_font *before = NULL;
    for (guint i = 0; i < found->len && f->n < FACES_MAX; i++) {
        const found_font *font = &g_array_index(found, found_font, i);
        bool again = before != NULL && strcmp(before->file, font->file) == 0;
        before = font;
        if (!again && FT_New_Face(f->library, font->file, font->index, &f->faces[f->n]) == 0)
            f->n++;
    }
    return f;
}

void bf_faces_free(bf_faces *f)
{
    if (f == NULL)
        return;
    for (guint i = 0; i < f->n; i++)
        FT_Done_Face(f->faces[i]);
    if (f->library != NULL)
        FT_Done_FreeType(f->library);
    g_free(f);
}

guint bf_faces_n(const bf_faces *f)
{
    return f->n;
}

bool bf_faces_have(const bf_faces *f, guint face, gunichar c)
{
    return face < f->n && FT_Get_Char_Index(f->faces[face], c) != 0;
}

void bf_faces_keep(bf_faces *f, const guint *order, guint n)
{
    FT_Face kept[FACES_MAX];
    for (guint i = 0; i < n; i++) {
        kept[i] = f->faces[order[i]];
        f->faces[order[i]] = NULL;
    }
    for (guint i = 0; i < f->n; i++)
        if (f->faces[i] != NULL)
            FT_Done_Face(f->faces[i]);
    memcpy(f->faces, kept, sizeof *kept * n);
    f->n = n;
}

bool bf_faces_draw(const bf_faces *f, guint face, gunichar c, int size_px, bf_drawn *out)
{
    if (!bf_faces_have(f, face, c) || FT_Set_Pixel_Sizes(f->faces[face], 0, (FT_UInt)size_px) != 0 ||
        FT_Load_Char(f->faces[face], c, FT_LOAD_RENDER | FT_LOAD_NO_HINTING | FT_LOAD_NO_BITMAP) != 0)
        return false;
    const FT_GlyphSlot slot = f->faces[face]->glyph;
    const FT_Bitmap *bitmap = &slot->bitmap;
    if (bitmap->pixel_mode != FT_PIXEL_MODE_GRAY || bitmap->width == 0 || bitmap->rows == 0)
        return false;
    *out = (bf_drawn){g_malloc((gsize)bitmap->width * bitmap->rows),
                      (int)bitmap->width,
                      (int)bitmap->rows,
                      slot->bitmap_left,
                      slot->bitmap_top,
                      (float)slot->advance.x / 64};
    for (unsigned y = 0; y < bitmap->rows; y++)
        memcpy(out->coverage + (gsize)y * bitmap->width, bitmap->buffer + (gssize)y * bitmap->pitch, bitmap->width);
    return true;
}
