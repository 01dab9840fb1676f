/* A query compiled into columns and states. */
#include "read/ppocr/spot.h"

/* Characters that mean the same thing to somebody who reads a scan, or that the recogniser itself cannot tell apart. */
static const gunichar *lookalikes(gunichar c)
{
    static const gunichar ell[] = {'l', 'I', '1', '|', 'i', 0}, oh[] = {'o', 'O', '0', 0};
    static const gunichar ess[] = {'s', 'S', '5', 0}, zee[] = {'z', 'Z', '2', 0};
    switch (c) {
    case 'l':
    case 'I':
    case 'i':
        return ell;
    case 'o':
    case 'O':
        return oh;
    case 's':
    case 'S':
        return ess;
    case 'z':
    case 'Z':
        return zee;
    default:
        return NULL;
    }
}

static void add_class(GArray *set, guint class)
{
    guint16 value = (guint16) class;
    for (guint i = 0; i < set->len; i++)
        if (g_array_index(set, guint16, i) == value)
            return;
    if (value != 0)
        g_array_append_val(set, value);
}

static guint intern(GArray *columns, GArray *set)
{
    for (guint i = COLUMN_FIRST_FREE; i < columns->len; i++) {
        bf_column *c = &g_array_index(columns, bf_column, i);
        if (c->n_classes == set->len && memcmp(c->classes, set->data, set->len * sizeof(guint16)) == 0)
            return i;
    }
    bf_column column = {g_memdup2(set->data, set->len * sizeof(guint16)), set->len};
    g_array_append_val(columns, column);
    return columns->len - 1;
}

static void misreading_free(gpointer data)
{
    bf_misreading *m = data;
    g_array_unref(m->taken_for);
    g_free(m);
}

GHashTable *bf_misreadings_new(void)
{
    return g_hash_table_new_full(NULL, NULL, NULL, misreading_free);
}

static void add_misreadings(const bf_misreading *m, const bf_charset *charset, GArray *set)
{
    for (guint i = 0; i < m->taken_for->len; i++)
        add_class(set, bf_charset_class(charset, g_array_index(m->taken_for, gunichar, i)));
}

/* The column of a symbol; COLUMN_ANY when the alphabet has none of its characters. With misreadings: of all that it may be taken for. */
static guint symbol_column(const bf_symbol *symbol, const bf_charset *charset, GHashTable *misreadings, GArray *columns)
{
    g_autoptr(GArray) set = g_array_new(FALSE, FALSE, sizeof(guint16));
    for (guint i = 0; i < symbol->n_alts && misreadings != NULL; i++) {
        const bf_misreading *m = g_hash_table_lookup(misreadings, GUINT_TO_POINTER(symbol->alts[i]));
        if (m != NULL && (i == 0 ? m->fails : m->silent))
            return COLUMN_ANY;
        if (m != NULL)
            add_misreadings(m, charset, set);
    }
    bool known = false;
    for (guint i = 0; i < symbol->n_alts; i++) {
        known = known || bf_charset_class(charset, symbol->alts[i]) != 0;
        add_class(set, bf_charset_class(charset, symbol->alts[i]));
        const gunichar *more = lookalikes(symbol->alts[i]);
        for (; more != NULL && *more != 0; more++)
            add_class(set, bf_charset_class(charset, *more));
    }
    return known ? intern(columns, set) : COLUMN_ANY;
}

/* A form's states while they are laid out. Behind each character stand the states of its gap; `exits` are those from which the next
 * character may follow. */
typedef struct {
    bf_program *program;
    const bf_form *form;
    const guint *columns;
    guint character[MAX_SYMBOLS], exits[MAX_SYMBOLS][2], n_exits[MAX_SYMBOLS];
} layout;

static guint add_state(layout *l, guint column, gint symbol)
{
    l->program->states[l->program->n_states] = (bf_state){.column = (guint16)column, .symbol = (gint16)symbol};
    return l->program->n_states++;
}

static void link_states(layout *l, guint from, guint to)
{
    bf_state *state = &l->program->states[to];
    g_assert(state->n_from < MAX_PREDECESSORS);
    state->from[state->n_from++] = (gint16)from;
}

/* The gap behind symbol i. A required one goes blank -> separator -> anything loose, and can only be left after its separator. */
static void add_gap(layout *l, guint i)
{
    guint character = l->character[i];
    bf_gap gap = l->form->symbols[i].gap;
    guint first = add_state(l, gap == BF_GAP_LOOSE ? COLUMN_LOOSE : COLUMN_BLANK, -1);
    link_states(l, character, first);
    l->exits[i][0] = first;
    l->n_exits[i] = 1;
    if (gap != BF_GAP_REQUIRED)
        return;
    guint separator = add_state(l, COLUMN_SEPARATOR, -1), after = add_state(l, COLUMN_LOOSE, -1);
    link_states(l, character, separator);
    link_states(l, first, separator);
    link_states(l, separator, after);
    l->exits[i][0] = separator;
    l->exits[i][1] = after;
    l->n_exits[i] = 2;
}

/* Lets symbol i follow symbol `before`. Equal neighbours need a gap between them, as CTC has it. */
static void link_symbols(layout *l, guint before, guint i)
{
    bool equal = l->columns[before] == l->columns[i] && l->columns[i] != COLUMN_ANY;
    if (l->form->symbols[before].gap != BF_GAP_REQUIRED && !equal)
        link_states(l, l->character[before], l->character[i]);
    for (guint e = 0; e < l->n_exits[before]; e++)
        link_states(l, l->exits[before][e], l->character[i]);
}

enum { MAX_LEFT_OUT = 3 }; /* wildcards side by side within a form that may all be left out: MAX_PREDECESSORS has room for them */

static void lay_out(bf_program *p, const bf_form *form, const guint *columns)
{
    layout l = {.program = p, .form = form, .columns = columns};
    guint n = form->n_symbols;
    for (guint i = 0; i < n; i++) {
        l.character[i] = add_state(&l, columns[i], (gint)i);
        if (i + 1 < n)
            add_gap(&l, i);
    }
    for (guint i = 1; i < n; i++) {
        link_symbols(&l, i - 1, i);
        /* A wildcard may stand for nothing: the recogniser often leaves out what it does not know. */
        for (guint k = 1; k <= MAX_LEFT_OUT && i > k && columns[i - k] == COLUMN_ANY; k++)
            link_symbols(&l, i - k - 1, i);
    }
    p->states[l.character[0]].start = true;
    p->states[l.character[n - 1]].end = true;
    for (guint i = 0; i + 1 < n && columns[i] == COLUMN_ANY; i++)
        p->states[l.character[i + 1]].start = true;
    for (guint i = n - 1; i > 0 && columns[i] == COLUMN_ANY; i--)
        p->states[l.character[i - 1]].end = true;
}

/* Han characters: two may be weak together, three and more bear one that is all but lost. Letters: there are few of them and many words,
 * so short words must fit well. */
static void set_thresholds(bf_program *p, bf_form_kind kind)
{
    guint known = p->n_symbols - p->n_wild;
    if (kind == BF_FORM_INITIALS || kind == BF_FORM_ADDRESS) { /* a title is on many pages: only the surname tells whose */
        p->sure = -4.0F;
        p->doubtful = -6.0F;
    } else if (kind == BF_FORM_PINYIN || kind == BF_FORM_LATIN) {
        p->sure = known <= 5 ? -6.0F : known <= 7 ? -8.0F : -11.9F;
        p->doubtful = p->sure - 4.0F;
    } else {
        p->sure = known <= 2 ? -8.0F : -11.9F;
        /* One known character beside unknown ones: it must be seen, if faintly, or anything will do. */
        p->doubtful = known == 1 ? -6.0F : known == 2 ? -11.9F : known == 3 ? -16.0F : -20.0F;
    }
}

/* Which wildcards are none for the character as the form has it, but for the other ways to write it? */
static void mark_silent(bf_program *p, const bf_form *form, GHashTable *misreadings)
{
    for (guint i = 0; i < p->n_symbols && misreadings != NULL; i++) {
        const bf_misreading *m = g_hash_table_lookup(misreadings, GUINT_TO_POINTER(form->symbols[i].alts[0]));
        if (p->column_of[i] != COLUMN_ANY || p->plain_of[i] == COLUMN_ANY || (m != NULL && m->fails))
            continue;
        if (p->silent == NULL)
            p->silent = g_new0(bool, p->n_symbols);
        p->silent[i] = true;
    }
}

/* Without misreadings: the form as it is. With them: no states when they make no difference, or when nothing is left to hold on to.
 * left_out: a symbol that is a wildcard whatever is known of it; -1: none. */
static bf_program compile(const bf_form *form, const bf_charset *charset, GHashTable *misreadings, gint left_out, GArray *columns)
{
    bf_program p = {.n_symbols = form->n_symbols, .whole_word = form->whole_word};
    if (form->n_symbols < 2 || form->n_symbols > MAX_SYMBOLS)
        return p;
    guint columns_of[MAX_SYMBOLS], plain_of[MAX_SYMBOLS], n_any = 0;
    bool han = form->kind == BF_FORM_NAME || form->kind == BF_FORM_ALIAS;
    for (guint i = 0; i < form->n_symbols; i++) {
        plain_of[i] = symbol_column(&form->symbols[i], charset, NULL, columns);
        columns_of[i] = (gint)i == left_out ? (guint)COLUMN_ANY
                        : han               ? symbol_column(&form->symbols[i], charset, misreadings, columns)
                                            : plain_of[i];
        p.n_wild += plain_of[i] == COLUMN_ANY;
        n_any += columns_of[i] == COLUMN_ANY;
    }
    bool same = memcmp(columns_of, plain_of, sizeof *plain_of * p.n_symbols) == 0;
    guint least = left_out >= 0 ? 2 : 1; /* a single character is on every page */
    if (n_any + least > p.n_symbols || (misreadings != NULL && same))
        return p;
    p.states = g_new0(bf_state, 4 * form->n_symbols);
    p.column_of = g_new0(guint16, form->n_symbols);
    p.plain_of = g_new0(guint16, form->n_symbols);
    for (guint i = 0; i < form->n_symbols; i++) {
        p.column_of[i] = (guint16)columns_of[i];
        p.plain_of[i] = (guint16)plain_of[i];
        p.tight |= form->symbols[i].gap == BF_GAP_TIGHT ? (guint64)1 << i : 0;
    }
    lay_out(&p, form, columns_of);
    set_thresholds(&p, form->kind);
    mark_silent(&p, form, misreadings);
    if (misreadings != NULL) /* what it is taken for must have been read, or nearly so */
        p.doubtful = p.sure / 2;
    return p;
}

/* Has the symbol another way to write it, which the alphabet lacks? */
static bool is_foreign_elsewhere(const bf_symbol *symbol, const bf_charset *charset)
{
    for (guint i = 1; i < symbol->n_alts; i++)
        if (bf_charset_class(charset, symbol->alts[i]) == 0 && g_unichar_get_script(symbol->alts[i]) == G_UNICODE_SCRIPT_HAN)
            return true;
    return false;
}

static void compile_left_out(bf_spotter *s, guint form_index, const bf_form *form, const bf_charset *charset, GHashTable *misreadings,
                             GArray *columns)
{
    const bf_program *known = &s->lenient[form_index];
    if (form->kind != BF_FORM_NAME && form->kind != BF_FORM_ALIAS)
        return;
    s->left_out[form_index] = g_new0(bf_program, MAX(form->n_symbols, 1));
    for (guint i = 0; i < form->n_symbols; i++) {
        if (!is_foreign_elsewhere(&form->symbols[i], charset) || (known->n_states > 0 && known->column_of[i] == COLUMN_ANY))
            continue;
        bf_program p = compile(form, charset, misreadings, (gint)i, columns);
        if (p.n_states > 0)
            s->left_out[form_index][s->n_left_out[form_index]++] = p;
    }
}

static bf_column class_column(const bf_charset *charset, bool blank, bool spaces, bool separators)
{
    g_autoptr(GArray) set = g_array_new(FALSE, FALSE, sizeof(guint16));
    guint16 zero = 0;
    if (blank)
        g_array_append_val(set, zero);
    for (guint i = 1; i < charset->n_classes; i++) {
        bool is_space = charset->chars[i] == ' ' || charset->chars[i] == 0x3000;
        if ((is_space && spaces) || (separators && bf_query_is_separator(charset->chars[i])))
            add_class(set, i);
    }
    return (bf_column){g_memdup2(set->data, set->len * sizeof(guint16)), set->len};
}

bf_spotter *bf_spotter_new(const bf_query *query, const bf_charset *charset, GHashTable *misreadings)
{
    bf_spotter *s = g_new0(bf_spotter, 1);
    g_autoptr(GArray) columns = g_array_new(FALSE, FALSE, sizeof(bf_column));
    bf_column fixed[COLUMN_FIRST_FREE] = {
        [COLUMN_BLANK] = class_column(charset, true, true, false),
        [COLUMN_LOOSE] = class_column(charset, true, true, true),
        [COLUMN_SEPARATOR] = class_column(charset, false, true, true),
    }; /* COLUMN_ANY stays empty: its value is that of the best class but the blank */
    g_array_append_vals(columns, fixed, COLUMN_FIRST_FREE);
    s->n_programs = query->n_forms;
    s->programs = g_new0(bf_program, MAX(query->n_forms, 1));
    for (guint i = 0; i < query->n_forms; i++)
        s->programs[i] = compile(&query->forms[i], charset, NULL, -1, columns);
    s->lenient = g_new0(bf_program, MAX(query->n_forms, 1));
    s->left_out = g_new0(bf_program *, MAX(query->n_forms, 1));
    s->n_left_out = g_new0(guint, MAX(query->n_forms, 1));
    for (guint i = 0; i < query->n_forms && misreadings != NULL; i++) {
        s->lenient[i] = compile(&query->forms[i], charset, misreadings, -1, columns);
        compile_left_out(s, i, &query->forms[i], charset, misreadings, columns);
    }
    s->n_columns = columns->len;
    s->columns = (bf_column *)(void *)g_array_free(g_steal_pointer(&columns), FALSE);
    return s;
}

static void program_clear(bf_program *p)
{
    g_free(p->states);
    g_free(p->column_of);
    g_free(p->plain_of);
    g_free(p->silent);
}

void bf_spotter_free(bf_spotter *s)
{
    if (s == NULL)
        return;
    for (guint i = 0; i < s->n_columns; i++)
        g_free(s->columns[i].classes);
    for (guint i = 0; i < s->n_programs; i++) {
        program_clear(&s->programs[i]);
        program_clear(&s->lenient[i]);
        for (guint k = 0; k < s->n_left_out[i]; k++)
            program_clear(&s->left_out[i][k]);
        g_free(s->left_out[i]);
    }
    g_free(s->left_out);
    g_free(s->n_left_out);
    g_free(s->columns);
    g_free(s->programs);
    g_free(s->lenient);
    g_free(s);
}
