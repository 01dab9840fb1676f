/* The forms of a name that is written in letters: Latin (and Cyrillic, ...), and Arabic. */
#include "name/name_internal.h"

typedef struct {
    guint start, end; /* in the text */
} word_range;

/* Hyphens and apostrophes join a word ("Ming-xia", "Xi'an"); all other separators end it. */
static bool is_joiner(gunichar c)
{
    if (g_unichar_type(c) == G_UNICODE_DASH_PUNCTUATION || c == 0x2212 || c == 0x2043)
        return true;
    return bf_query_is_separator(c) &&
           (c == '\'' || c == '`' || c == 0xB4 || c == 0x2032 || (c >= 0x2B9 && c <= 0x2BC) || (c >= 0x2018 && c <= 0x201B));
}

static GArray *find_words(const gunichar *text, guint n, bool joiners)
{
    GArray *words = g_array_new(FALSE, FALSE, sizeof(word_range));
    guint start = 0;
    for (guint i = 0; i <= n; i++) {
        if (i < n && (!bf_query_is_separator(text[i]) || (joiners && i > start && is_joiner(text[i]))))
            continue;
        word_range word = {start, i};
        while (word.end > word.start && bf_query_is_separator(text[word.end - 1]))
            word.end--;
        if (word.end > word.start)
            g_array_append_val(words, word);
        start = i + 1;
    }
    return words;
}

static void draft_word(bf_draft *draft, const gunichar *text, word_range word)
{
    for (guint i = word.start; i < word.end; i++) {
        if (bf_query_is_separator(text[i])) {
            bf_draft_gap(draft, BF_GAP_LOOSE);
            continue;
        }
        if (i > word.start && g_unichar_islower(text[i - 1]) && g_unichar_isupper(text[i]))
            bf_draft_gap(draft, BF_GAP_LOOSE); /* "ZhouMingxia" */
        bf_draft_add_letter(draft, text[i]);
    }
}

static bool is_initial(word_range word)
{
    return word.end - word.start == 1;
}

typedef struct {
    GArray *forms;
    bf_draft draft;
    const gunichar *text;
    GArray *words;
    bool whole_word;
} letter_name;

/* The words from `first` on, and then those before it. */
static void add_rotation(letter_name *name, guint first)
{
    guint n = name->words->len;
    for (guint i = 0; i < n; i++) {
        word_range word = g_array_index(name->words, word_range, (first + i) % n);
        draft_word(&name->draft, name->text, word);
        bool initial_meets_word = is_initial(word) != is_initial(g_array_index(name->words, word_range, (first + i + 1) % n));
        bf_draft_gap(&name->draft, initial_meets_word ? BF_GAP_REQUIRED : BF_GAP_LOOSE);
    }
    bf_draft_finish(&name->draft, name->forms, BF_FORM_LATIN, name->whole_word);
}

void bf_name_add_letters(GArray *forms, const gunichar *text, guint n)
{
    g_autoptr(GArray) words = find_words(text, n, true);
    letter_name name = {.forms = forms, .text = text, .words = words};
    guint letters = 0;
    for (guint i = 0; i < n; i++) {
        letters += !bf_query_is_separator(text[i]);
        name.whole_word = name.whole_word || bf_name_is_latin(text[i]);
    }
    if (letters < 2)
        return;
    bf_draft_init(&name.draft);
    add_rotation(&name, 0);
    /* The surname may stand first or last; an initial is no surname. */
    if (words->len > 1 && !is_initial(g_array_index(words, word_range, words->len - 1)))
        add_rotation(&name, words->len - 1);
    if (words->len > 1 && !is_initial(g_array_index(words, word_range, 0)))
        add_rotation(&name, 1);
    bf_draft_clear(&name.draft);
}

/* Letters of Uyghur, Arabic and Persian keyboards and fonts that look alike and are mixed up. */
static const char *const arabic_look_alikes[] = {"ىيی", "كک", "ەهھة", "گݣ"};

static void draft_arabic(bf_draft *draft, gunichar c)
{
    gunichar alts[8] = {c};
    guint n = 1;
    for (guint i = 0; i < G_N_ELEMENTS(arabic_look_alikes); i++) {
        bool found = false;
        for (const char *p = arabic_look_alikes[i]; *p; p = g_utf8_next_char(p))
            found = found || g_utf8_get_char(p) == c;
        for (const char *p = arabic_look_alikes[i]; found && *p; p = g_utf8_next_char(p))
            if (g_utf8_get_char(p) != c)
                alts[n++] = g_utf8_get_char(p);
    }
    bf_draft_add(draft, alts, n);
}

void bf_name_add_arabic(GArray *forms, const gunichar *text, guint n)
{
    g_autoptr(GArray) words = find_words(text, n, false);
    bf_draft draft;
    bf_draft_init(&draft);
    for (guint i = 0; i < words->len; i++) {
        word_range word = g_array_index(words, word_range, i);
        for (guint k = word.start; k < word.end; k++)
            draft_arabic(&draft, text[k]);
        bf_draft_gap(&draft, BF_GAP_LOOSE);
    }
    if (draft.symbols->len > 1)
        bf_draft_finish(&draft, forms, BF_FORM_ARABIC, false);
    bf_draft_clear(&draft);
}
