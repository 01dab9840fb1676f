/* Takes a name from the roster apart, by script, and has the forms of each part made. */
#include "name/name_internal.h"

#include <glib/gi18n.h>
#include <string.h>

G_DEFINE_QUARK(bf - name - error - quark, bf_name_error)

typedef struct {
    gunichar c;
    bf_char_class class;
} token;

/* What data bases and hands write where a character is missing. A name without one of its characters would be looked for in vain. */
static bool is_placeholder(gunichar c)
{
    return c == '?' || c == '*' || c == 0xFFFD || c == 0x25A0 || c == 0x25A1 || c == 0x3013 || c == 0x2588;
}

static bf_char_class class_in_name(gunichar c)
{
    if (g_unichar_type(c) == G_UNICODE_PRIVATE_USE)
        return BF_CHAR_HAN; /* a rare character of an older GB 18030 or of the police's own font */
    return bf_name_classify(c);
}

static bool tokenise(const char *name, GArray **out, GError **error)
{
    if (!g_utf8_validate(name, -1, NULL)) {
        g_set_error_literal(error, BF_NAME_ERROR, BF_NAME_ERROR_ENCODING, _("the name is not valid UTF-8"));
        return false;
    }
    g_autofree char *trimmed = g_strstrip(g_strdup(name));
    g_autoptr(GArray) folded = bf_name_fold(trimmed);
    if (folded->len > BF_NAME_MAX_CHARS) {
        g_set_error(error, BF_NAME_ERROR, BF_NAME_ERROR_LONG, _("the name has more than %d characters"), BF_NAME_MAX_CHARS);
        return false;
    }
    g_autoptr(GArray) tokens = g_array_new(FALSE, FALSE, sizeof(token));
    for (guint i = 0; i < folded->len; i++) {
        gunichar c = g_array_index(folded, bf_folded_char, i).c;
        if (is_placeholder(c)) {
            g_set_error_literal(error, BF_NAME_ERROR, BF_NAME_ERROR_ENCODING, _("the name holds a sign that stands for a lost character"));
            return false;
        }
        token t = {c, class_in_name(c)};
        g_array_append_val(tokens, t);
    }
    *out = g_steal_pointer(&tokens);
    return true;
}

static bool is_letter(const token *t)
{
    return t->class == BF_CHAR_HAN || t->class == BF_CHAR_LETTER || t->class == BF_CHAR_ARABIC;
}

static guint count_letters(const token *tokens, guint n)
{
    guint count = 0;
    for (guint i = 0; i < n; i++)
        count += is_letter(&tokens[i]);
    return count;
}

/* Middle dots and full stops part a transcribed name; hyphens and the like do not. */
static bool is_dot(gunichar c)
{
    GUnicodeType type = g_unichar_type(c);
    return !g_unichar_isspace(c) && type != G_UNICODE_DASH_PUNCTUATION && type != G_UNICODE_CONNECT_PUNCTUATION;
}

/* Ends of the parts at dots; at blanks only when there are no dots and the name is too long for a letter-spaced Chinese one. */
static GArray *find_han_parts(const token *tokens, guint n)
{
    GArray *dotted = g_array_new(FALSE, FALSE, sizeof(guint));
    g_autoptr(GArray) spaced = g_array_new(FALSE, FALSE, sizeof(guint));
    guint n_han = 0, last_space = 0;
    bool single = false;
    for (guint i = 0; i < n; i++) {
        if (tokens[i].class == BF_CHAR_HAN) {
            n_han++;
            continue;
        }
        bool again = dotted->len && g_array_index(dotted, guint, dotted->len - 1) == n_han;
        if (n_han && is_dot(tokens[i].c) && !again)
            g_array_append_val(dotted, n_han);
        if (n_han > last_space) {
            single = single || n_han - last_space == 1;
            g_array_append_val(spaced, n_han);
            last_space = n_han;
        }
    }
    single = single || n_han - last_space == 1;
    if (dotted->len == 0 && spaced->len && n_han > 4 && !single)
        g_array_append_vals(dotted, spaced->data, spaced->len);
    if (dotted->len == 0 || g_array_index(dotted, guint, dotted->len - 1) != n_han)
        g_array_append_val(dotted, n_han);
    return dotted;
}

static void add_han_stretch(GArray *forms, const token *tokens, guint n, bf_form_kind kind)
{
    g_autoptr(GArray) han = g_array_new(FALSE, FALSE, sizeof(gunichar));
    for (guint i = 0; i < n; i++)
        if (tokens[i].class == BF_CHAR_HAN)
            g_array_append_val(han, tokens[i].c);
    if (han->len < 2)
        return;
    g_autoptr(GArray) parts = find_han_parts(tokens, n);
    bf_han_name name = {(const gunichar *)han->data, han->len, (const guint *)parts->data, parts->len};
    bf_name_add_han(forms, &name, kind);
}

/* A stretch of one script, separators included. */
static void add_stretch(GArray *forms, const token *tokens, guint n, bf_char_class script, bf_form_kind kind)
{
    if (script == BF_CHAR_HAN) {
        add_han_stretch(forms, tokens, n, kind);
        return;
    }
    g_autofree gunichar *text = g_new(gunichar, n);
    for (guint i = 0; i < n; i++)
        text[i] = tokens[i].c;
    if (script == BF_CHAR_ARABIC)
        bf_name_add_arabic(forms, text, n);
    else
        bf_name_add_letters(forms, text, n);
}

/* A name in several scripts as it stands; its stretches get forms of their own besides. */
static void add_mixed(GArray *forms, const token *tokens, guint n, bf_form_kind kind)
{
    bf_draft draft;
    bf_draft_init(&draft);
    bf_char_class before = BF_CHAR_SEPARATOR;
    for (guint i = 0; i < n; i++) {
        if (tokens[i].class != before || tokens[i].class == BF_CHAR_HAN)
            bf_draft_gap(&draft, BF_GAP_LOOSE);
        if (tokens[i].class == BF_CHAR_HAN)
            bf_draft_add_han(&draft, tokens[i].c);
        else if (is_letter(&tokens[i]))
            bf_draft_add_letter(&draft, tokens[i].c);
        before = tokens[i].class;
    }
    bf_draft_finish(&draft, forms, kind, false);
    bf_draft_clear(&draft);
}

/* A group is what stands between brackets, digits and other signs. */
static void add_group(GArray *forms, const token *tokens, guint n, bf_form_kind kind)
{
    guint start = 0;
    while (start < n) {
        while (start < n && !is_letter(&tokens[start]))
            start++;
        if (start == n)
            return;
        guint end = start;
        bf_char_class script = tokens[start].class;
        while (end < n && (tokens[end].class == script || tokens[end].class == BF_CHAR_SEPARATOR))
            end++;
        bool whole = start == 0 && end == n;
        if (start == 0 && !whole)
            add_mixed(forms, tokens, n, kind);
        /* Beside another script one or two letters only tell namesakes apart ("张伟A"). */
        if (whole || script == BF_CHAR_HAN || count_letters(tokens + start, end - start) > 2)
            add_stretch(forms, tokens + start, end - start, script, kind);
        start = end;
    }
}

static bool starts_with(const token *tokens, guint n, const char *utf8)
{
    guint i = 0;
    for (; *utf8 && i < n && tokens[i].c == g_utf8_get_char(utf8); utf8 = g_utf8_next_char(utf8))
        i++;
    return !*utf8;
}

/* Words that rosters put in brackets after a name: they are no names, and as forms they would stand on every page. Returns how many
 * characters of the group to pass over. */
static guint remark_length(const token *tokens, guint n)
{
    static const char *const labels[] = {"曾用名", "原名", "又名", "别名", "本名", "旧名", "现名", "笔名", "小名", "化名"};
    static const char *const words[] = {"男性", "女性", "退休", "在职", "离职", "新增", "重名", "同名"};
    for (guint i = 0; i < G_N_ELEMENTS(words); i++)
        if (n == 2 && starts_with(tokens, n, words[i]))
            return n;
    if (tokens[n - 1].c == 0x65CF) /* 族: 汉族, 维吾尔族 */
        return n;
    for (guint i = 0; i < G_N_ELEMENTS(labels); i++)
        if (starts_with(tokens, n, labels[i]))
            return (guint)g_utf8_strlen(labels[i], -1);
    return 0;
}

static void add_groups(GArray *forms, const token *tokens, guint n, bf_form_kind kind)
{
    guint start = 0;
    bool first = true;
    for (guint i = 0; i <= n; i++) {
        if (i < n && tokens[i].class != BF_CHAR_OTHER)
            continue;
        guint end = i;
        while (start < end && tokens[start].class == BF_CHAR_SEPARATOR)
            start++;
        while (end > start && tokens[end - 1].class == BF_CHAR_SEPARATOR)
            end--;
        if (end > start) {
            guint skip = first ? 0 : remark_length(tokens + start, end - start);
            first = false;
            add_group(forms, tokens + start + skip, end - start - skip, kind);
        }
        start = i + 1;
    }
}

static bool add_name(GArray *forms, const char *name, bf_form_kind kind, GError **error)
{
    g_autoptr(GArray) tokens = NULL;
    if (!tokenise(name, &tokens, error))
        return false;
    const token *t = (const token *)tokens->data;
    if (count_letters(t, tokens->len) == 0) {
        g_set_error_literal(error, BF_NAME_ERROR, BF_NAME_ERROR_EMPTY, _("the name holds no letters and no characters"));
        return false;
    }
    /* The forms are made apart, so that "none" is not mistaken for "all known from the name before". */
    GArray *own = g_array_new(FALSE, FALSE, sizeof(bf_form));
    add_groups(own, t, tokens->len, kind);
    bool found = own->len > 0;
    bf_forms_take(forms, own);
    if (!found)
        g_set_error_literal(error, BF_NAME_ERROR, BF_NAME_ERROR_SHORT, _("the name is one character only"));
    return found;
}

static bf_query *query_take(GArray *forms)
{
    bf_query *query = g_new0(bf_query, 1);
    query->n_forms = forms->len;
    query->forms = (bf_form *)g_array_free(forms, FALSE);
    return query;
}

static bool is_blank(const char *text)
{
    return text[strspn(text, " \t\r\n")] == '\0';
}

bool bf_name_build(const char *name, const char *const *aliases, bf_query **out, GError **error)
{
    if (!bf_name_icu_ready(error))
        return false;
    GArray *forms = g_array_new(FALSE, FALSE, sizeof(bf_form));
    bool ok = add_name(forms, name, BF_FORM_NAME, error);
    for (guint i = 0; ok && aliases && aliases[i]; i++) {
        if (is_blank(aliases[i]))
            continue;
        ok = add_name(forms, aliases[i], BF_FORM_ALIAS, error);
        if (!ok)
            g_prefix_error(error, _("alias %u: "), i + 1);
    }
    bf_query *query = query_take(forms);
    if (!ok) {
        bf_query_free(query);
        return false;
    }
    *out = query;
    return true;
}

char *bf_name_without_pinyin(const char *name)
{
    g_autoptr(GString) unknown = g_string_new(NULL);
    g_autoptr(GArray) tokens = NULL;
    if (!bf_name_icu_ready(NULL) || !tokenise(name, &tokens, NULL))
        return g_string_free(g_steal_pointer(&unknown), FALSE);
    for (guint i = 0; i < tokens->len; i++) {
        const token *t = &g_array_index(tokens, token, i);
        if (t->class != BF_CHAR_HAN || g_utf8_strchr(unknown->str, -1, t->c))
            continue;
        g_auto(GStrv) readings = bf_name_readings(t->c, BF_ROLE_GIVEN);
        if (!readings[0])
            g_string_append_unichar(unknown, t->c);
    }
    return g_string_free(g_steal_pointer(&unknown), FALSE);
}
