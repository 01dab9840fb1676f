/* Forms in the making: symbols with their alternatives, and no form twice. */
#include "name/name_internal.h"

#include <string.h>

void bf_draft_init(bf_draft *draft)
{
    draft->symbols = g_array_new(FALSE, FALSE, sizeof(bf_symbol));
}

static void drop_symbols(GArray *symbols)
{
    for (guint i = 0; i < symbols->len; i++)
        g_free(g_array_index(symbols, bf_symbol, i).alts);
    g_array_set_size(symbols, 0);
}

void bf_draft_clear(bf_draft *draft)
{
    drop_symbols(draft->symbols);
    g_clear_pointer(&draft->symbols, g_array_unref);
}

void bf_draft_add(bf_draft *draft, const gunichar *alts, guint n_alts)
{
    bf_symbol symbol = {g_memdup2(alts, n_alts * sizeof *alts), n_alts, BF_GAP_TIGHT};
    g_array_append_val(draft->symbols, symbol);
}

void bf_draft_add_han(bf_draft *draft, gunichar c)
{
    g_autoptr(GArray) alts = bf_name_han_alternatives(c);
    bf_draft_add(draft, (const gunichar *)alts->data, alts->len);
}

/* What a plain letter may look like in pinyin: tone marks, the breve that many take for the third tone, and the one-storey a and g
 * of Chinese textbooks. ü comes with the spellings that stand for it on keyboards and in data bases. */
static const struct {
    gunichar letter;
    const char *looks;
} letter_looks[] = {
    {'a', "āáǎàăɑ"}, {'e', "ēéěèĕ"}, {'i', "īíǐìĭ"}, {'o', "ōóǒòŏ"}, {'u', "ūúǔùŭ"}, {0xFC, "uvǖǘǚǜūúǔùŭ"}, {'g', "ɡ"},
};

static void add_once(GArray *alts, gunichar c)
{
    for (guint i = 0; i < alts->len; i++)
        if (g_array_index(alts, gunichar, i) == c)
            return;
    g_array_append_val(alts, c);
}

static void add_both_cases(GArray *alts, gunichar c)
{
    add_once(alts, c);
    add_once(alts, g_unichar_toupper(c));
    add_once(alts, g_unichar_tolower(c));
}

static void add_with_width(GArray *alts, gunichar c)
{
    add_both_cases(alts, c);
    gunichar upper = g_unichar_toupper(c);
    if (upper >= 'A' && upper <= 'Z') {
        add_once(alts, upper - 'A' + 0xFF21);
        add_once(alts, upper - 'A' + 0xFF41);
    }
}

static void add_looks(GArray *alts, gunichar letter)
{
    gunichar lower = g_unichar_tolower(letter);
    for (guint i = 0; i < G_N_ELEMENTS(letter_looks); i++) {
        if (letter_looks[i].letter != lower)
            continue;
        for (const char *p = letter_looks[i].looks; *p; p = g_utf8_next_char(p))
            add_with_width(alts, g_utf8_get_char(p));
    }
}

/* c, then its base letter without marks, in both cases and widths, then the marks that either may carry. */
static GArray *letter_alternatives(gunichar c)
{
    GArray *alts = g_array_new(FALSE, FALSE, sizeof(gunichar));
    gunichar base = bf_name_base_letter(c);
    add_with_width(alts, c);
    add_with_width(alts, base);
    if (c == 0x131 || c == 0x130) /* the Turkic dotless and dotted i */
        add_with_width(alts, 'i');
    add_looks(alts, c);
    if (base != c)
        add_looks(alts, base);
    return alts;
}

void bf_draft_add_letter(bf_draft *draft, gunichar c)
{
    g_autoptr(GArray) alts = letter_alternatives(c);
    bf_draft_add(draft, (const gunichar *)alts->data, alts->len);
}

void bf_draft_add_pinyin(bf_draft *draft, const char *syllables, bool capital)
{
    gunichar before = 0;
    for (const char *p = syllables; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (c == ' ') {
            bf_draft_gap(draft, BF_GAP_LOOSE);
            continue;
        }
        g_autoptr(GArray) alts = letter_alternatives(capital ? g_unichar_toupper(c) : c);
        /* After j, q and x a u is sounded ü, and some write it so. */
        if (c == 'u' && (before == 'j' || before == 'q' || before == 'x')) {
            add_with_width(alts, 0xFC);
            add_looks(alts, 0xFC);
        }
        bf_draft_add(draft, (const gunichar *)alts->data, alts->len);
        capital = false;
        before = c;
    }
}

void bf_draft_gap(bf_draft *draft, bf_gap gap)
{
    if (draft->symbols->len)
        g_array_index(draft->symbols, bf_symbol, draft->symbols->len - 1).gap = gap;
}

static bool symbol_covers(const bf_symbol *wide, const bf_symbol *narrow)
{
    for (guint i = 0; i < narrow->n_alts; i++) {
        guint k = 0;
        while (k < wide->n_alts && wide->alts[k] != narrow->alts[i])
            k++;
        if (k == wide->n_alts)
            return false;
    }
    return true;
}

/* Does `wide` find everything that `narrow` would? */
static bool form_covers(const bf_form *wide, const bf_form *narrow)
{
    if (wide->n_symbols != narrow->n_symbols || (wide->whole_word && !narrow->whole_word))
        return false;
    for (guint i = 0; i < narrow->n_symbols; i++) {
        bf_gap wide_gap = wide->symbols[i].gap, narrow_gap = narrow->symbols[i].gap;
        bool last = i + 1 == narrow->n_symbols;
        if (!last && wide_gap != narrow_gap && wide_gap != BF_GAP_LOOSE)
            return false;
        if (!symbol_covers(&wide->symbols[i], &narrow->symbols[i]))
            return false;
    }
    return true;
}

static bool is_covered(const GArray *forms, const bf_form *form)
{
    for (guint i = 0; i < forms->len; i++)
        if (form_covers(&g_array_index(forms, bf_form, i), form))
            return true;
    return false;
}

void bf_draft_finish(bf_draft *draft, GArray *forms, bf_form_kind kind, bool whole_word)
{
    guint n = draft->symbols->len;
    bf_form form = {kind, whole_word, (bf_symbol *)draft->symbols->data, n};
    if (n == 0 || is_covered(forms, &form)) {
        drop_symbols(draft->symbols);
        return;
    }
    form.symbols = g_memdup2(form.symbols, n * sizeof *form.symbols);
    g_array_append_val(forms, form);
    g_array_set_size(draft->symbols, 0); /* the alternatives now belong to the form */
}

void bf_forms_take(GArray *forms, GArray *more)
{
    for (guint i = 0; i < more->len; i++) {
        bf_form *form = &g_array_index(more, bf_form, i);
        if (!is_covered(forms, form)) {
            g_array_append_vals(forms, form, 1);
            continue;
        }
        for (guint k = 0; k < form->n_symbols; k++)
            g_free(form->symbols[k].alts);
        g_free(form->symbols);
    }
    g_array_unref(more);
}
