#include "blindfold/query.h"

#include <string.h>

/* A plain memset before a free may be optimised away; a volatile pointer may not. */
static void wipe(void *memory, size_t size)
{
    volatile unsigned char *byte = memory;
    while (size--)
        *byte++ = 0;
}

static void form_clear(bf_form *form)
{
    for (guint i = 0; i < form->n_symbols; i++) {
        bf_symbol *symbol = &form->symbols[i];
        if (symbol->alts)
            wipe(symbol->alts, symbol->n_alts * sizeof *symbol->alts);
        g_free(symbol->alts);
    }
    g_free(form->symbols);
}

guint bf_query_longest_name(const bf_query *query)
{
    guint longest = 0;
    for (guint i = 0; i < query->n_forms; i++)
        if (query->forms[i].kind == BF_FORM_NAME || query->forms[i].kind == BF_FORM_ALIAS)
            longest = MAX(longest, query->forms[i].n_symbols);
    return longest;
}

void bf_query_free(bf_query *query)
{
    if (!query)
        return;
    for (guint i = 0; i < query->n_forms; i++)
        form_clear(&query->forms[i]);
    g_free(query->forms);
    g_free(query);
}

void bf_query_add(bf_query *to, const bf_query *from, bf_form_kind kind)
{
    for (guint i = 0; i < from->n_forms; i++) {
        const bf_form *form = &from->forms[i];
        if (form->kind != kind)
            continue;
        to->forms = g_renew(bf_form, to->forms, to->n_forms + 1);
        bf_form *copy = &to->forms[to->n_forms++];
        *copy = *form;
        copy->symbols = g_memdup2(form->symbols, form->n_symbols * sizeof(bf_symbol));
        for (guint s = 0; s < form->n_symbols; s++)
            copy->symbols[s].alts = g_memdup2(form->symbols[s].alts, form->symbols[s].n_alts * sizeof(gunichar));
    }
}

/* What Unicode's categories of dashes, connectors, spaces and format characters do not hold. */
static const gunichar other_separators[] = {
    0x00B7, 0x0387, 0x2022, 0x2024, 0x2027, 0x2219, 0x22C5, 0x25CF, 0x2E31, 0x2E33, 0x30FB, 0xFF65, /* middle dots */
    '.',    0xFE52, 0xFF0E,                                                                         /* full stops */
    '@',    0xFE6B, 0xFF20,                                                                         /* signs of an address */
    ',',    0x060C, 0xFE50, 0xFF0C,                                                                 /* commas */
    0x2043, 0x2212,                                                                                 /* signs used as hyphens */
    '\'',   '`',    0x00B4, 0x02B9, 0x02BB, 0x02BC, 0x2018, 0x2019, 0x201B, 0x2032, 0xFF07,         /* apostrophes */
};

bool bf_query_is_separator(gunichar c)
{
    if (g_unichar_isspace(c))
        return true;
    switch (g_unichar_type(c)) {
    case G_UNICODE_DASH_PUNCTUATION:
    case G_UNICODE_CONNECT_PUNCTUATION:
    case G_UNICODE_SPACE_SEPARATOR:
    case G_UNICODE_FORMAT: /* soft hyphen, zero-width characters, direction marks */
        return true;
    default:
        break;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(other_separators); i++)
        if (c == other_separators[i])
            return true;
    return false;
}
