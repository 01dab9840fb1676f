/* The forms of a name in Han characters: the characters, and their pinyin. */
#include "name/name_internal.h"

/* One way to spell a name: its units (a character or a compound surname) with the readings of each. */
typedef struct {
    GArray *forms;
    bf_draft draft;
    GPtrArray *units;       /* GStrv */
    guint n_surname;        /* units of the surname; 0 for a transcribed name */
    const guint *part_ends; /* of a transcribed name */
    guint n_parts;
} spelling;

static void spelling_init(spelling *s, GArray *forms)
{
    *s = (spelling){.forms = forms, .units = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev)};
    bf_draft_init(&s->draft);
}

static void spelling_clear(spelling *s)
{
    bf_draft_clear(&s->draft);
    g_ptr_array_unref(s->units);
}

static void add_unit(spelling *s, gunichar c, bf_name_role role)
{
    g_ptr_array_add(s->units, bf_name_readings(c, role));
}

static void each_reading(spelling *s, guint max, void (*use)(const guint *choice, void *user))
{
    g_autofree guint *counts = g_new(guint, s->units->len);
    for (guint i = 0; i < s->units->len; i++) {
        counts[i] = g_strv_length(g_ptr_array_index(s->units, i));
        if (counts[i] == 0)
            return; /* a character without a known reading: no pinyin at all rather than a wrong one */
    }
    bf_name_each_reading(counts, s->units->len, max, use, s);
}

static const char *reading_of(const spelling *s, const guint *choice, guint unit)
{
    GStrv readings = g_ptr_array_index(s->units, unit);
    return readings[choice[unit]];
}

static void draft_surname(spelling *s, const guint *choice, bf_gap gap_after)
{
    for (guint i = 0; i < s->n_surname; i++) {
        bf_draft_add_pinyin(&s->draft, reading_of(s, choice, i), true);
        bf_draft_gap(&s->draft, BF_GAP_LOOSE);
    }
    bf_draft_gap(&s->draft, gap_after);
}

static void draft_given(spelling *s, const guint *choice)
{
    for (guint i = s->n_surname; i < s->units->len; i++) {
        bf_draft_add_pinyin(&s->draft, reading_of(s, choice, i), i == s->n_surname);
        bf_draft_gap(&s->draft, BF_GAP_LOOSE);
    }
}

static void draft_initials(spelling *s, const guint *choice, guint n_initials, bf_gap gap_after)
{
    for (guint i = s->n_surname; i < s->n_surname + n_initials; i++) {
        bf_draft_add_letter(&s->draft, g_unichar_toupper(g_utf8_get_char(reading_of(s, choice, i))));
        bf_draft_gap(&s->draft, BF_GAP_LOOSE);
    }
    bf_draft_gap(&s->draft, gap_after);
}

static void finish_initials(spelling *s, const guint *choice, guint n_initials)
{
    draft_initials(s, choice, n_initials, BF_GAP_REQUIRED);
    draft_surname(s, choice, BF_GAP_LOOSE);
    bf_draft_finish(&s->draft, s->forms, BF_FORM_INITIALS, true);
    draft_surname(s, choice, BF_GAP_REQUIRED);
    draft_initials(s, choice, n_initials, BF_GAP_LOOSE);
    bf_draft_finish(&s->draft, s->forms, BF_FORM_INITIALS, true);
}

static void add_person_forms(const guint *choice, void *user)
{
    spelling *s = user;
    draft_surname(s, choice, BF_GAP_LOOSE);
    draft_given(s, choice);
    bf_draft_finish(&s->draft, s->forms, BF_FORM_PINYIN, true);
    draft_given(s, choice);
    draft_surname(s, choice, BF_GAP_LOOSE);
    bf_draft_finish(&s->draft, s->forms, BF_FORM_PINYIN, true);
    guint n_given = s->units->len - s->n_surname;
    finish_initials(s, choice, n_given);
    if (n_given > 1)
        finish_initials(s, choice, 1);
}

static void add_compound_person(GArray *forms, const bf_han_name *name, const bf_compound_surname *surname, guint n_chars)
{
    spelling s;
    spelling_init(&s, forms);
    g_ptr_array_add(s.units, bf_name_compound_readings(surname));
    s.n_surname = 1;
    for (guint i = n_chars; i < name->n; i++)
        add_unit(&s, name->han[i], BF_ROLE_GIVEN);
    each_reading(&s, BF_NAME_MAX_READINGS, add_person_forms);
    spelling_clear(&s);
}

/* n_surname 1, or 2 for a double-barrelled surname. */
static void add_person(GArray *forms, const bf_han_name *name, guint n_surname)
{
    spelling s;
    spelling_init(&s, forms);
    s.n_surname = n_surname;
    for (guint i = 0; i < name->n; i++)
        add_unit(&s, name->han[i], i < n_surname ? BF_ROLE_SURNAME : BF_ROLE_GIVEN);
    each_reading(&s, BF_NAME_MAX_READINGS, add_person_forms);
    spelling_clear(&s);
}

static void draft_part(spelling *s, const guint *choice, guint part)
{
    guint first = part ? s->part_ends[part - 1] : 0;
    for (guint i = first; i < s->part_ends[part]; i++) {
        bf_draft_add_pinyin(&s->draft, reading_of(s, choice, i), i == first);
        bf_draft_gap(&s->draft, BF_GAP_LOOSE);
    }
}

static void add_run_forms(const guint *choice, void *user)
{
    spelling *s = user;
    for (guint part = 0; part < s->n_parts; part++)
        draft_part(s, choice, part);
    bf_draft_finish(&s->draft, s->forms, BF_FORM_PINYIN, true);
    if (s->n_parts != 2)
        return;
    draft_part(s, choice, 1);
    draft_part(s, choice, 0);
    bf_draft_finish(&s->draft, s->forms, BF_FORM_PINYIN, true);
}

static void add_run(GArray *forms, const bf_han_name *name)
{
    spelling s;
    spelling_init(&s, forms);
    s.part_ends = name->part_ends;
    s.n_parts = name->n_parts;
    for (guint i = 0; i < name->n; i++)
        add_unit(&s, name->han[i], BF_ROLE_RUN);
    each_reading(&s, BF_NAME_MAX_READINGS_RUN, add_run_forms);
    spelling_clear(&s);
}

static void add_pinyin(GArray *forms, const bf_han_name *name)
{
    guint n_compound = 0;
    const bf_compound_surname *compound = bf_name_find_compound(name->han, name->n, &n_compound);
    guint most = n_compound > 2 ? n_compound + 2 : 4;
    if (name->n_parts > 1 || name->n > most) {
        add_run(forms, name);
        return;
    }
    if (compound)
        add_compound_person(forms, name, compound, n_compound);
    if (compound && !compound->open)
        return;
    if (name->n == 4) /* husband's surname and own surname, or father's and mother's */
        add_person(forms, name, 2);
    add_person(forms, name, 1);
}

void bf_name_add_han(GArray *forms, const bf_han_name *name, bf_form_kind kind)
{
    bf_draft draft;
    bf_draft_init(&draft);
    for (guint i = 0; i < name->n; i++) {
        bf_draft_add_han(&draft, name->han[i]);
        bf_draft_gap(&draft, BF_GAP_LOOSE);
    }
    bf_draft_finish(&draft, forms, kind, false);
    bf_draft_clear(&draft);
    add_pinyin(forms, name);
}
