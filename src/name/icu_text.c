/* Everything that asks ICU. ICU's strings are UTF-16, ours are UTF-8 or single code points: the border runs through this file. */
#include "name/name_internal.h"

#include <glib/gi18n.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/ucnv.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

#define ARABIC_TATWEEL 0x0640

typedef struct {
    UTransliterator *simplify, *traditional, *pinyin, *surname_pinyin;
    const UNormalizer2 *nfkc, *nfd;
    UErrorCode status;
} icu_objects;

static UTransliterator *transliterator_open(const char *id, UErrorCode *status)
{
    UChar id16[32];
    u_uastrncpy(id16, id, G_N_ELEMENTS(id16));
    return utrans_openU(id16, -1, UTRANS_FORWARD, NULL, 0, NULL, status);
}

/* ICU builds a transliterator from its rules in tens of milliseconds, so they live as long as the process. It locks them itself
 * while they work (RuleBasedTransliterator::handleTransliterate), so threads may share them. */
static gpointer icu_open(G_GNUC_UNUSED gpointer unused)
{
    icu_objects *icu = g_new0(icu_objects, 1);
    icu->status = U_ZERO_ERROR;
    icu->nfkc = unorm2_getNFKCInstance(&icu->status);
    icu->nfd = unorm2_getNFDInstance(&icu->status);
    icu->simplify = transliterator_open("Hant-Hans", &icu->status);
    icu->traditional = transliterator_open("Hans-Hant", &icu->status);
    icu->pinyin = transliterator_open("Han-Latin", &icu->status);
    icu->surname_pinyin = transliterator_open("Han-Latin/Names", &icu->status);
    return icu;
}

static const icu_objects *icu_get(void)
{
    static GOnce once = G_ONCE_INIT;
    return g_once(&once, icu_open, NULL);
}

bool bf_name_icu_ready(GError **error)
{
    const icu_objects *icu = icu_get();
    if (U_SUCCESS(icu->status))
        return true;
    g_set_error(error, BF_NAME_ERROR, BF_NAME_ERROR_ICU, _("ICU's transliteration data cannot be opened: %s"), u_errorName(icu->status));
    return false;
}

bf_char_class bf_name_classify(gunichar c)
{
    if (bf_query_is_separator(c))
        return BF_CHAR_SEPARATOR;
    UErrorCode status = U_ZERO_ERROR;
    UScriptCode script = uscript_getScript((UChar32)c, &status);
    if (script == USCRIPT_HAN)
        return BF_CHAR_HAN;
    if (!u_isalpha((UChar32)c))
        return BF_CHAR_OTHER;
    return script == USCRIPT_ARABIC ? BF_CHAR_ARABIC : BF_CHAR_LETTER;
}

bool bf_name_is_latin(gunichar c)
{
    UErrorCode status = U_ZERO_ERROR;
    return u_isalpha((UChar32)c) && uscript_getScript((UChar32)c, &status) == USCRIPT_LATIN;
}

gunichar bf_name_base_letter(gunichar c)
{
    UChar decomposition[32];
    UErrorCode status = U_ZERO_ERROR;
    int32_t n = unorm2_getDecomposition(icu_get()->nfd, (UChar32)c, decomposition, G_N_ELEMENTS(decomposition), &status);
    if (n <= 0 || U_FAILURE(status))
        return c;
    UChar32 base;
    U16_GET(decomposition, 0, 0, n, base);
    return (gunichar)base;
}

/* Marks that belong to a script of their own (vowels of Indic scripts, say) are text; accents and harakat are not. */
static bool is_dropped(gunichar c)
{
    UErrorCode status = U_ZERO_ERROR;
    switch (u_charType((UChar32)c)) {
    case U_FORMAT_CHAR:
        return true;
    case U_NON_SPACING_MARK: {
        UScriptCode script = uscript_getScript((UChar32)c, &status);
        return script == USCRIPT_INHERITED || script == USCRIPT_ARABIC;
    }
    default:
        return c == ARABIC_TATWEEL;
    }
}

/* Normalises one stretch that nothing outside of it can interact with, and appends its characters. */
static void fold_stretch(GArray *folded, const UChar *utf16, int32_t n, gsize start, gsize end)
{
    UChar small[64];
    g_autofree UChar *large = NULL;
    UChar *normal = small;
    UErrorCode status = U_ZERO_ERROR;
    int32_t length = unorm2_normalize(icu_get()->nfkc, utf16, n, small, G_N_ELEMENTS(small), &status);
    if (status == U_BUFFER_OVERFLOW_ERROR) {
        status = U_ZERO_ERROR;
        normal = large = g_new(UChar, length);
        length = unorm2_normalize(icu_get()->nfkc, utf16, n, large, length, &status);
    }
    g_assert(U_SUCCESS(status) || status == U_STRING_NOT_TERMINATED_WARNING);
    bool kept = false;
    for (int32_t i = 0; i < length;) {
        UChar32 c;
        U16_NEXT(normal, i, length, c);
        if (is_dropped((gunichar)c))
            continue;
        bf_folded_char out = {(gunichar)c, start, end};
        g_array_append_val(folded, out);
        kept = true;
    }
    if (!kept && folded->len)
        g_array_index(folded, bf_folded_char, folded->len - 1).end = end;
}

GArray *bf_name_fold(const char *utf8)
{
    GArray *folded = g_array_new(FALSE, FALSE, sizeof(bf_folded_char));
    g_autoptr(GArray) stretch = g_array_new(FALSE, FALSE, sizeof(UChar));
    gsize start = 0;
    const char *p = utf8;
    for (; *p; p = g_utf8_next_char(p)) {
        UChar32 c = (UChar32)g_utf8_get_char(p);
        gsize at = (gsize)(p - utf8);
        if (stretch->len && unorm2_hasBoundaryBefore(icu_get()->nfkc, c)) {
            fold_stretch(folded, (const UChar *)stretch->data, (int32_t)stretch->len, start, at);
            g_array_set_size(stretch, 0);
        }
        if (!stretch->len)
            start = at;
        UChar pair[2];
        guint n = 0;
        U16_APPEND_UNSAFE(pair, n, c);
        g_array_append_vals(stretch, pair, n);
    }
    if (stretch->len)
        fold_stretch(folded, (const UChar *)stretch->data, (int32_t)stretch->len, start, (gsize)(p - utf8));
    return folded;
}

/* Returns the length in UTF-16 units, 0 when it failed. */
static int32_t transliterate_char(const UTransliterator *transliterator, gunichar c, UChar *buffer, int32_t capacity)
{
    int32_t n = 0;
    U16_APPEND_UNSAFE(buffer, n, (UChar32)c);
    int32_t limit = n;
    UErrorCode status = U_ZERO_ERROR;
    utrans_transUChars(transliterator, buffer, &n, capacity, 0, &limit, &status);
    return U_SUCCESS(status) ? n : 0;
}

static gunichar map_char(const UTransliterator *transliterator, gunichar c)
{
    UChar buffer[32];
    int32_t n = transliterate_char(transliterator, c, buffer, G_N_ELEMENTS(buffer));
    if (n == 0 || u_countChar32(buffer, n) != 1)
        return c;
    UChar32 mapped;
    U16_GET(buffer, 0, 0, n, mapped);
    return (gunichar)mapped;
}

gunichar bf_name_simplify(gunichar c)
{
    return map_char(icu_get()->simplify, c);
}

gunichar bf_name_traditional(gunichar c)
{
    return map_char(icu_get()->traditional, c);
}

char *bf_name_icu_pinyin(gunichar c, bool surname)
{
    const icu_objects *icu = icu_get();
    UChar buffer[64], bare[128];
    int32_t n = transliterate_char(surname ? icu->surname_pinyin : icu->pinyin, c, buffer, G_N_ELEMENTS(buffer));
    UErrorCode status = U_ZERO_ERROR;
    int32_t length = unorm2_normalize(icu->nfd, buffer, n, bare, G_N_ELEMENTS(bare), &status);
    if (n == 0 || U_FAILURE(status))
        return NULL;
    g_autoptr(GString) pinyin = g_string_new(NULL);
    for (int32_t i = 0; i < length; i++) {
        if (bare[i] == 0x0308 && g_str_has_suffix(pinyin->str, "u")) {
            g_string_truncate(pinyin, pinyin->len - 1);
            g_string_append(pinyin, "ü");
        } else if (bare[i] >= 'a' && bare[i] <= 'z') {
            g_string_append_c(pinyin, (char)bare[i]);
        } else if (u_charType(bare[i]) != U_NON_SPACING_MARK) {
            return NULL; /* the character itself (no reading known) or a unit of two syllables */
        }
    }
    return pinyin->len ? g_string_free(g_steal_pointer(&pinyin), FALSE) : NULL;
}

char *bf_name_decode(const char *encoding, const void *data, gsize size)
{
    UErrorCode status = U_ZERO_ERROR;
    char *text = NULL;
    int32_t room = (int32_t)MIN(size, BF_NAME_BYTES_MAX);
    int32_t n = ucnv_convert("UTF-8", encoding, NULL, 0, data, room, &status); /* tells the length */
    if (status == U_BUFFER_OVERFLOW_ERROR || status == U_STRING_NOT_TERMINATED_WARNING)
        text = g_try_malloc((gsize)n + 1);
    if (!text)
        return NULL;
    status = U_ZERO_ERROR;
    ucnv_convert("UTF-8", encoding, text, n + 1, data, room, &status);
    if (U_FAILURE(status)) {
        explicit_bzero(text, (gsize)n + 1);
        g_free(text);
        return NULL;
    }
    for (int32_t i = 0; i < n; i++)
        if (text[i] == '\0') /* it would end the text early */
            text[i] = '\n';
    return text;
}
