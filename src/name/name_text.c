/* The forms of a name in plain text, such as the names of files. */
#include "name/name_internal.h"

#include <string.h>

#define REPLACEMENT "×××"

typedef struct {
    const bf_folded_char *chars;
    guint n;
} folded_text;

/* Alternatives hold both cases; a mark that none of them carries is taken off the letter of the text. */
static bool symbol_matches(const bf_symbol *symbol, gunichar c)
{
    for (guint i = 0; i < symbol->n_alts; i++)
        if (symbol->alts[i] == c)
            return true;
    if (c < 0x80)
        return false;
    gunichar base = bf_name_base_letter(c);
    for (guint i = 0; base != c && i < symbol->n_alts; i++)
        if (symbol->alts[i] == base)
            return true;
    return false;
}

static bool is_blank(gunichar c)
{
    return c == '\t' || g_unichar_type(c) == G_UNICODE_SPACE_SEPARATOR;
}

/* Returns where the gap that begins at `at` ends, or G_MAXUINT when the gap is not as it must be. Symbols are never separators, so
 * the longest gap is the only one to try. */
static guint pass_gap(folded_text text, guint at, bf_gap gap)
{
    guint end = at;
    while (end < text.n && (gap == BF_GAP_TIGHT ? is_blank(text.chars[end].c) : bf_query_is_separator(text.chars[end].c)))
        end++;
    return gap == BF_GAP_REQUIRED && end == at ? G_MAXUINT : end;
}

/* Does a word end between two neighbours of which the left one ends or the right one begins what was found? */
static bool is_word_border(gunichar left, gunichar right, bool camel)
{
    if (!bf_name_is_latin(left) || !bf_name_is_latin(right))
        return true;
    return camel && g_unichar_islower(left) && g_unichar_isupper(right);
}

/* Returns the end of the form that begins at `start`, or 0. */
static guint match_form(const bf_form *form, folded_text text, guint start)
{
    guint at = start;
    for (guint i = 0; i < form->n_symbols; i++) {
        if (at >= text.n || !symbol_matches(&form->symbols[i], text.chars[at].c))
            return 0;
        at++;
        if (i + 1 < form->n_symbols)
            at = pass_gap(text, at, form->symbols[i].gap);
    }
    if (!form->whole_word)
        return at;
    bool camel = form->kind != BF_FORM_INITIALS;
    if (start > 0 && !is_word_border(text.chars[start - 1].c, text.chars[start].c, camel))
        return 0;
    if (at < text.n && !is_word_border(text.chars[at - 1].c, text.chars[at].c, camel))
        return 0;
    return at;
}

/* Calls found(first, last, user) for each place where a form stands, until it returns false. */
static void each_match(const bf_query *query, folded_text text, bool (*found)(guint first, guint end, void *user), void *user)
{
    for (guint f = 0; f < query->n_forms; f++) {
        const bf_form *form = &query->forms[f];
        for (guint start = 0; form->n_symbols && start < text.n; start++) {
            guint end = match_form(form, text, start);
            if (end && !found(start, end, user))
                return;
        }
    }
}

static bool note_found(G_GNUC_UNUSED guint first, G_GNUC_UNUSED guint end, void *user)
{
    *(bool *)user = true;
    return false;
}

static char *make_valid(const char *utf8)
{
    return g_utf8_validate(utf8, -1, NULL) ? g_strdup(utf8) : g_utf8_make_valid(utf8, -1);
}

bool bf_name_in_text(const bf_query *query, const char *utf8)
{
    g_autofree char *valid = make_valid(utf8);
    g_autoptr(GArray) folded = bf_name_fold(valid);
    folded_text text = {(const bf_folded_char *)folded->data, folded->len};
    bool found = false;
    each_match(query, text, note_found, &found);
    return found;
}

static bool is_in_decoded(const bf_query *query, const char *encoding, const void *data, gsize size)
{
    char *text = bf_name_decode(encoding, data, size);
    bool found = text && bf_name_in_text(query, text);
    if (text)
        explicit_bzero(text, strlen(text));
    g_free(text);
    return found;
}

/* Two bytes to a character: a stray one before the text would pair with its first, and so on to its end. So it is read a second time
 * without the first byte of each run of high ones (digits are within characters of four bytes). */
static bool is_in_gb18030(const bf_query *query, const guint8 *data, gsize size)
{
    gsize n = MIN(size, BF_NAME_BYTES_MAX);
    guint8 *even = g_try_malloc(MAX(n, 1)), *odd = g_try_malloc(MAX(n, 1));
    for (gsize i = 0; even && odd && i < n; i++) {
        even[i] = data[i] == 0xFF || data[i] == 0x80 ? ' ' : data[i]; /* never in that encoding */
        odd[i] = even[i] > 0x80 && (i == 0 || (even[i - 1] < 0x80 && !g_ascii_isdigit(even[i - 1]))) ? ' ' : even[i];
    }
    bool found = even && odd && (is_in_decoded(query, "GB18030", even, n) || is_in_decoded(query, "GB18030", odd, n));
    for (int k = 0; k < 2; k++) {
        guint8 *copy = k == 0 ? even : odd;
        if (copy)
            explicit_bzero(copy, n);
        g_free(copy);
    }
    return found;
}

bool bf_name_in_bytes(const bf_query *query, GBytes *bytes)
{
    static const char *const wide[] = {"UTF-16LE", "UTF-16BE"};
    gsize size = 0;
    const guint8 *data = g_bytes_get_data(bytes, &size);
    bool found = is_in_decoded(query, "UTF-8", data, size) || is_in_gb18030(query, data, size);
    for (gsize i = 0; i < G_N_ELEMENTS(wide) && !found; i++)
        for (gsize start = 0; start < 2 && start < size && !found; start++)
            found = is_in_decoded(query, wide[i], data + start, size - start);
    return found;
}

typedef struct {
    const bf_folded_char *chars;
    guint8 *covered; /* one for each byte of the text */
    bool any;
} cover_state;

static bool cover_match(guint first, guint end, void *user)
{
    cover_state *state = user;
    gsize from = state->chars[first].start, to = state->chars[end - 1].end;
    memset(state->covered + from, 1, to - from);
    state->any = true;
    return true;
}

/* Returns NULL when nothing was found. */
static char *redact_once(const bf_query *query, const char *valid)
{
    g_autoptr(GArray) folded = bf_name_fold(valid);
    folded_text text = {(const bf_folded_char *)folded->data, folded->len};
    gsize length = strlen(valid);
    g_autofree guint8 *covered = g_new0(guint8, length + 1);
    cover_state state = {text.chars, covered, false};
    each_match(query, text, cover_match, &state);
    if (!state.any)
        return NULL;
    GString *out = g_string_sized_new(length);
    for (gsize i = 0; i < length; i++) {
        if (!covered[i])
            g_string_append_c(out, valid[i]);
        else if (i == 0 || !covered[i - 1])
            g_string_append(out, REPLACEMENT);
    }
    return g_string_free(out, FALSE);
}

char *bf_name_redact_text(const bf_query *query, const char *utf8)
{
    char *text = make_valid(utf8);
    /* What is left may match where a neighbour kept it from doing so: "LiLi" beside another name. Each turn takes letters away, so
     * it ends. */
    char *next;
    while ((next = redact_once(query, text))) {
        g_free(text);
        text = next;
    }
    return text;
}
