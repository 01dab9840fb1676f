#include "read/ppocr/shown.h"

/* Surely read: the mean probability, and the weakest character's. */
static const float SURE_MEAN = 0.90F, SURE_WEAKEST = 0.40F;
/* log p - log p_max below which a character is not to be seen: what was read there instead is a few thousand times as likely. */
static const float NAME_HIDDEN = -8.0F, WORD_HIDDEN = -4.0F;
/* Words fall to pieces of so many characters. */
enum { MOST_OF_A_WORD = 3 };

static bool column_shows(const bf_trace *trace, guint column, float least)
{
    for (guint t = 0; t < trace->n_frames; t++)
        if (trace->r[(gsize)t * trace->n_columns + column] > least)
            return true;
    return false;
}

/* A wildcard may stand anywhere. */
static bool name_shows(const bf_program *plain, const bf_program *lenient, const bf_trace *trace)
{
    for (guint i = 0; i < plain->n_symbols && plain->n_states > 0; i++) {
        guint taken_for = lenient->n_states > 0 ? lenient->column_of[i] : plain->plain_of[i];
        if (plain->plain_of[i] == COLUMN_ANY || taken_for == COLUMN_ANY || column_shows(trace, plain->plain_of[i], NAME_HIDDEN) ||
            (taken_for != plain->plain_of[i] && column_shows(trace, taken_for, NAME_HIDDEN)))
            return true;
    }
    return false;
}

static bool part_shows(const bf_spotter *spotter, guint form, const bf_trace *trace)
{
    const bf_program *p = &spotter->programs[form];
    bool any = false;
    for (guint i = 0; i < p->n_symbols && p->n_states > 0 && !any; i++)
        any = column_shows(trace, p->plain_of[i], WORD_HIDDEN);
    if (!any)
        return false;
    g_autoptr(GArray) matches = g_array_new(FALSE, FALSE, sizeof(bf_match));
    bf_spot(spotter, form, trace->r, trace->n_frames, matches);
    return matches->len == 0 || g_array_index(matches, bf_match, 0).score < p->sure;
}

/* Words are tight; names that were added as labels, other applicants', are looked for on lines alone. */
static bool is_word(const bf_form *form)
{
    return form->kind == BF_FORM_LABEL && form->symbols[0].gap == BF_GAP_TIGHT;
}

static bool is_surely_read(const bf_line *line)
{
    return !line->vertical && line->n_chars > 0 && line->confidence >= SURE_MEAN && line->weakest >= SURE_WEAKEST;
}

bool bf_shows_name(const bf_spotter *spotter, const bf_query *query, const bf_trace *trace, const bf_line *line)
{
    static const float TOP = -0.01F;
    for (guint f = 0; f < spotter->n_programs && !line->vertical && line->n_chars > 0; f++) {
        const bf_program *p = &spotter->programs[f];
        bool name = query->forms[f].kind == BF_FORM_NAME || query->forms[f].kind == BF_FORM_ALIAS;
        for (guint i = 0; name && i < p->n_symbols && p->n_states > 0; i++)
            if (p->plain_of[i] != COLUMN_ANY && column_shows(trace, p->plain_of[i], TOP))
                return true;
    }
    return false;
}

bool bf_none_seen(const bf_spotter *spotter, const bf_query *query, const bf_trace *trace, const bf_line *line)
{
    for (guint i = 0; i < trace->chars->len; i++) { /* letters are few, and each is in some form or other */
        gunichar c = g_array_index(trace->chars, bf_read_char, i).c;
        if (c < 0x250 && g_unichar_isalpha(c))
            return false;
    }
    for (guint f = 0; f < spotter->n_programs; f++) {
        bf_form_kind kind = query->forms[f].kind;
        bool name = kind == BF_FORM_NAME || kind == BF_FORM_ALIAS || kind == BF_FORM_ADDRESS;
        if (name && name_shows(&spotter->programs[f], &spotter->lenient[f], trace))
            return false;
        if (line->n_chars <= MOST_OF_A_WORD && is_word(&query->forms[f]) && part_shows(spotter, f, trace))
            return false;
    }
    return true;
}

bool bf_shows_none(const bf_spotter *spotter, const bf_query *query, const bf_trace *trace, const bf_line *line)
{
    return is_surely_read(line) && bf_none_seen(spotter, query, trace, line);
}
