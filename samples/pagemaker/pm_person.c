#include "pagemaker.h"
#include "pm_names.h"
#include "pm_random.h"
#include <string.h>

static char *capitalised(const char *syllable)
{
    gunichar first = g_utf8_get_char(syllable);
    GString *s = g_string_new(NULL);
    g_string_append_unichar(s, g_unichar_toupper(first));
    g_string_append(s, g_utf8_next_char(syllable));
    return g_string_free(s, FALSE);
}

/* "ming" + "an" is written "Ming'an": an apostrophe before a syllable that begins with a vowel. */
static char *joined(char *const *syllables)
{
    GString *s = g_string_new(NULL);
    for (guint i = 0; syllables[i]; i++) {
        g_autofree char *low = g_utf8_strdown(syllables[i], -1);
        if (i > 0 && strchr("aeo", low[0]))
            g_string_append_c(s, '\'');
        g_string_append(s, i == 0 ? syllables[0] : low);
    }
    return g_string_free(s, FALSE);
}

static const pm_han_part *pick_surname(pm_random *r, pm_origin origin)
{
    switch (origin) {
    case PM_ORIGIN_COMPOUND:
        return &pm_compound_surnames[pm_random_below(r, pm_n_compound_surnames)];
    case PM_ORIGIN_HUI:
        return &pm_hui_surnames[pm_random_below(r, pm_n_hui_surnames)];
    default:
        return &pm_surnames[pm_random_below(r, pm_n_surnames)];
    }
}

static const pm_han_part *pick_given(pm_random *r)
{
    return pm_random_chance(r, 0.15) ? &pm_given_rare[pm_random_below(r, pm_n_given_rare)] : &pm_given[pm_random_below(r, pm_n_given)];
}

static void set_han(pm_person *p, const pm_han_part *surname, const pm_han_part *const *given, guint n_given)
{
    GString *name = g_string_new(surname->han), *traditional = g_string_new(surname->traditional);
    for (guint i = 0; i < n_given; i++) {
        g_string_append(name, given[i]->han);
        g_string_append(traditional, given[i]->traditional);
        p->syllables[i] = capitalised(given[i]->pinyin);
    }
    p->name = g_string_free(name, FALSE);
    p->traditional = g_string_free(traditional, FALSE);
    p->surname = g_strdup(surname->han);
    p->latin_surname = capitalised(surname->pinyin);
    p->latin_given = joined(p->syllables);
}

/* Which of the table's characters stand in a Han name, to make a near one of it. */
static const pm_han_part *find_part(const pm_han_part *table, guint n, const char *han)
{
    for (guint i = 0; i < n; i++)
        if (strcmp(table[i].han, han) == 0)
            return &table[i];
    return NULL;
}

static const pm_han_part *find_given(const char *at)
{
    char han[8] = "";
    g_utf8_strncpy(han, at, 1);
    const pm_han_part *part = find_part(pm_given, pm_n_given, han);
    part = part ? part : find_part(pm_given_rare, pm_n_given_rare, han);
    return part ? part : find_part(pm_given_rarest, pm_n_given_rarest, han);
}

static void set_dotted(pm_person *p, pm_random *r, const pm_dotted_part *own, const pm_dotted_part *father)
{
    /* As clerks type it; most use U+00B7. */
    static const char *const dots[] = {"·", "·", "·", "•", "．", ""};
    const char *dot = pm_random_pick(r, dots);
    p->name = g_strconcat(own->han, dot, father->han, NULL);
    p->traditional = g_strdup(p->name);
    p->surname = g_strdup("");
    p->latin_given = g_strdup(own->latin);
    p->latin_surname = g_strdup(father->latin);
    p->alias = g_strconcat(own->latin, " ", father->latin, NULL);
    if (own->arabic && father->arabic)
        p->arabic = g_strconcat(own->arabic, " ", father->arabic, NULL);
}

static void set_mongol(pm_person *p, const pm_han_part *part)
{
    p->name = g_strdup(part->han);
    p->traditional = g_strdup(part->traditional);
    p->surname = g_strdup("");
    p->latin_surname = g_strdup("");
    g_auto(GStrv) syllables = g_strsplit(part->pinyin, " ", -1);
    g_autofree char *run = joined(syllables);
    p->latin_given = capitalised(run);
}

static pm_origin pick_origin(pm_random *r)
{
    const double x = pm_random_range(r, 0, 1);
    return x < 0.52   ? PM_ORIGIN_HAN
           : x < 0.60 ? PM_ORIGIN_COMPOUND
           : x < 0.68 ? PM_ORIGIN_HUI
           : x < 0.73 ? PM_ORIGIN_MONGOL
           : x < 0.90 ? PM_ORIGIN_UYGHUR
                      : PM_ORIGIN_KAZAKH;
}

static void set_dotted_random(pm_person *p, pm_random *r)
{
    const bool uyghur = p->origin == PM_ORIGIN_UYGHUR;
    const pm_dotted_part *table = uyghur ? pm_uyghur : pm_kazakh;
    const guint n = uyghur ? pm_n_uyghur : pm_n_kazakh, own = pm_random_below(r, n);
    set_dotted(p, r, &table[own], &table[(own + 1 + pm_random_below(r, n - 1)) % n]);
}

static void set_han_random(pm_person *p, pm_random *r)
{
    const pm_han_part *given[2];
    guint n = pm_random_chance(r, p->origin == PM_ORIGIN_COMPOUND ? 0.4 : 0.25) ? 1 : 2;
    given[0] = pick_given(r);
    do
        given[1] = pick_given(r);
    while (given[1] == given[0] && !pm_random_chance(r, 0.2));
    set_han(p, pick_surname(r, p->origin), given, n);
}

static void add_former(pm_person *p, pm_random *r)
{
    const pm_han_part *surname = find_part(pm_surnames, pm_n_surnames, p->surname);
    if (!surname || !pm_random_chance(r, 0.12))
        return;
    pm_person other = {0};
    const pm_han_part *given[2] = {pick_given(r), pick_given(r)};
    set_han(&other, surname, given, 2);
    if (strstr(other.name, p->name) == NULL) {
        p->former = g_strdup(other.name);
        p->alias = g_strdup(other.name);
    }
    g_free(other.name);
    g_free(other.traditional);
    g_free(other.surname);
    g_free(other.latin_surname);
    g_free(other.latin_given);
    g_free(other.syllables[0]);
    g_free(other.syllables[1]);
}

pm_person *pm_person_random(guint64 seed)
{
    pm_random r;
    pm_random_init(&r, seed, "person");
    pm_person *p = g_new0(pm_person, 1);
    p->woman = pm_random_chance(&r, 0.5);
    p->origin = pick_origin(&r);
    if (p->origin == PM_ORIGIN_MONGOL)
        set_mongol(p, &pm_mongol[pm_random_below(&r, pm_n_mongol)]);
    else if (p->origin >= PM_ORIGIN_UYGHUR)
        set_dotted_random(p, &r);
    else
        set_han_random(p, &r);
    add_former(p, &r);
    return p;
}

pm_person *pm_person_rare(guint64 seed)
{
    pm_random r;
    pm_random_init(&r, seed, "rare");
    pm_person *p = g_new0(pm_person, 1);
    p->woman = pm_random_chance(&r, 0.5);
    p->origin = PM_ORIGIN_HAN;
    const pm_han_part *rare = pm_random_chance(&r, 0.4) ? &pm_given_rare[pm_random_below(&r, pm_n_given_rare)]
                                                        : &pm_given_rarest[pm_random_below(&r, pm_n_given_rarest)];
    const pm_han_part *given[2] = {rare, &pm_given[pm_random_below(&r, pm_n_given)]};
    if (pm_random_chance(&r, 0.5)) {
        given[1] = given[0];
        given[0] = &pm_given[pm_random_below(&r, pm_n_given)];
    }
    if (pm_random_chance(&r, 0.6)) {
        given[0] = rare;
        set_han(p, pick_surname(&r, p->origin), given, 1);
    } else {
        set_han(p, pick_surname(&r, p->origin), given, 2);
    }
    return p;
}

/* Would a reader who looks for a's forms rightly stop at b? */
static bool collides(const pm_person *a, const pm_person *b)
{
    if (strstr(b->name, a->name) || strstr(a->name, b->name) || strstr(b->traditional, a->traditional))
        return true;
    if (a->former && strstr(b->name, a->former))
        return true;
    return g_ascii_strcasecmp(a->latin_surname, b->latin_surname) == 0 && a->latin_given[0] == b->latin_given[0];
}

static pm_person *near_dotted(const pm_person *p, pm_random *r)
{
    pm_person *q = g_new0(pm_person, 1);
    q->origin = p->origin;
    const bool uyghur = p->origin == PM_ORIGIN_UYGHUR;
    const pm_dotted_part *table = uyghur ? pm_uyghur : pm_kazakh;
    const guint n = uyghur ? pm_n_uyghur : pm_n_kazakh;
    const bool keep_own = pm_random_chance(r, 0.5);
    const pm_dotted_part *kept = table, *other;
    for (guint i = 0; i < n; i++)
        if (strcmp(table[i].latin, keep_own ? p->latin_given : p->latin_surname) == 0)
            kept = &table[i];
    do
        other = &table[pm_random_below(r, n)];
    while (other == kept);
    set_dotted(q, r, keep_own ? kept : other, keep_own ? other : kept);
    return q;
}

static pm_person *near_han(const pm_person *p, pm_random *r)
{
    pm_person *q = g_new0(pm_person, 1);
    q->origin = p->origin;
    const pm_han_part *surname = find_part(pm_surnames, pm_n_surnames, p->surname);
    if (!surname)
        surname = find_part(pm_hui_surnames, pm_n_hui_surnames, p->surname);
    if (!surname)
        surname = find_part(pm_compound_surnames, pm_n_compound_surnames, p->surname);
    const char *at = p->name + strlen(p->surname);
    const pm_han_part *given[2] = {NULL, NULL};
    guint n = 0;
    for (; *at && n < 2; at = g_utf8_next_char(at))
        given[n++] = find_given(at);
    if (pm_random_chance(r, 0.4))
        surname = pick_surname(r, PM_ORIGIN_HAN);
    else
        given[pm_random_below(r, n)] = pick_given(r);
    set_han(q, surname, given, n);
    return q;
}

pm_person *pm_person_near(const pm_person *p, guint64 seed)
{
    pm_random r;
    pm_random_init(&r, seed, "near");
    for (;;) {
        pm_person *q;
        if (p->origin >= PM_ORIGIN_UYGHUR)
            q = near_dotted(p, &r);
        else if (p->origin == PM_ORIGIN_MONGOL)
            q = pm_person_random(pm_random_next(&r));
        else
            q = near_han(p, &r);
        if (!collides(p, q) && !collides(q, p))
            return q;
        pm_person_free(q);
    }
}

void pm_person_free(pm_person *p)
{
    if (!p)
        return;
    g_free(p->name);
    g_free(p->traditional);
    g_free(p->surname);
    g_free(p->latin_surname);
    g_free(p->latin_given);
    for (guint i = 0; i < G_N_ELEMENTS(p->syllables); i++)
        g_free(p->syllables[i]);
    g_free(p->alias);
    g_free(p->former);
    g_free(p->arabic);
    g_free(p);
}
