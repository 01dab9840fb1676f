/* The little language of pm_flow.h. */
#include "pm_flow.h"
#include "pm_words.h"
#include <string.h>

pm_form pm_name_form(pm_canvas *c)
{
    const guint f = c->spec->flags;
    if (f & PM_FLAG_PLAIN_NAME)
        return PM_FORM_NAME;
    if (f & PM_FLAG_SPACED)
        return PM_FORM_SPACED;
    if (f & PM_FLAG_TRADITIONAL)
        return PM_FORM_TRADITIONAL;
    if (f & PM_FLAG_LINE_BREAK)
        return PM_FORM_LINE_BREAK;
    const double x = pm_random_range(&c->random, 0, 1);
    return x < 0.82 ? PM_FORM_NAME : x < 0.88 ? PM_FORM_SPACED : x < 0.93 ? PM_FORM_TRADITIONAL : PM_FORM_LINE_BREAK;
}

/* The dot of a name is written in any way, whatever the roster says. */
static char *vary_dot(pm_canvas *c, const pm_person *who, const char *name)
{
    static const char *const dots[] = {"·", "·", "·", "•", "・", "‧", "．", ".", " ", ""};
    if (who->origin < PM_ORIGIN_UYGHUR)
        return g_strdup(name);
    const char *dot = pm_random_pick(&c->random, dots);
    GString *s = g_string_new(NULL);
    for (const char *p = name; *p; p = g_utf8_next_char(p)) {
        if (pm_char_is_filler(g_utf8_get_char(p)))
            g_string_append(s, dot);
        else
            g_string_append_unichar(s, g_utf8_get_char(p));
    }
    return g_string_free(s, FALSE);
}

/* Two characters get a full-width space between them, as forms do to align columns; longer ones are letter-spaced. */
static char *spaced(pm_canvas *c, const char *name, pm_style *s)
{
    if (g_utf8_strlen(name, -1) != 2 || pm_random_chance(&c->random, 0.3)) {
        static const double steps[] = {0.4, 0.7, 1, 1, 1.5, 2};
        s->spacing = pm_random_pick(&c->random, steps);
        return g_strdup(name);
    }
    const char *second = g_utf8_next_char(name);
    g_autofree char *first = g_strndup(name, (gsize)(second - name));
    return g_strconcat(first, pm_random_chance(&c->random, 0.25) ? "　　" : "　", second, NULL);
}

static void add_name(pm_canvas *c, pm_flow *flow, const pm_style *s, const pm_person *who, char option)
{
    pm_style style = *s;
    pm_form form = pm_name_form(c);
    form = option == 's'   ? PM_FORM_SPACED
           : option == 't' ? PM_FORM_TRADITIONAL
           : option == 'k' ? PM_FORM_LINE_BREAK
           : option        ? PM_FORM_NAME
                           : form;
    style.bold = style.bold || option == 'b' || (option == 0 && pm_random_chance(&c->random, 0.05));
    style.underline = option == 'u' || (option == 0 && pm_random_chance(&c->random, 0.04));
    if (form == PM_FORM_TRADITIONAL && strcmp(who->name, who->traditional) == 0)
        form = PM_FORM_NAME;
    if (form == PM_FORM_TRADITIONAL)
        style.face = PM_FACE_TRADITIONAL;
    g_autofree char *name = vary_dot(c, who, form == PM_FORM_TRADITIONAL ? who->traditional : who->name);
    g_autofree char *text = form == PM_FORM_SPACED ? spaced(c, name, &style) : g_strdup(name);
    pm_flow_name(c, flow, &style, who, form, text);
    /* Letter-spacing belongs between the characters of the name only. */
    if (flow->cells->len > 0)
        g_array_index(flow->cells, pm_cell, flow->cells->len - 1).style.spacing = s->spacing;
}

static char *initials_of(const pm_person *p, const char *between)
{
    GString *s = g_string_new(NULL);
    for (guint i = 0; p->syllables[i]; i++) {
        if (i > 0)
            g_string_append(s, between);
        g_string_append_unichar(s, g_utf8_get_char(p->syllables[i]));
        g_string_append_c(s, '.');
    }
    return g_string_free(s, FALSE);
}

char *pm_pinyin(pm_canvas *c, const pm_person *p, guint which, pm_form *form)
{
    *form = PM_FORM_PINYIN;
    if (!p->latin_surname[0])
        return g_strdup(p->latin_given);
    /* Names with a middle dot: own name first, as passports do. */
    if (!p->syllables[0])
        return g_strconcat(p->latin_given, " ", p->latin_surname, NULL);
    g_autofree char *upper = g_utf8_strup(p->latin_surname, -1);
    g_autofree char *hyphened = g_strjoinv("-", (char **)p->syllables);
    if (p->syllables[1]) {
        char *low = strchr(hyphened, '-') + 1;
        *low = g_ascii_tolower(*low);
    }
    g_autofree char *apart = g_strjoinv(" ", (char **)p->syllables);
    g_autofree char *apart_upper = g_utf8_strup(apart, -1);
    g_autofree char *initials = initials_of(p, pm_random_chance(&c->random, 0.4) ? "-" : pm_random_chance(&c->random, 0.5) ? " " : "");
    switch (which) {
    case 0:
        return g_strconcat(p->latin_surname, " ", p->latin_given, NULL);
    case 1:
        return g_strconcat(upper, " ", p->latin_given, NULL);
    case 2:
        return g_strconcat(p->latin_given, " ", p->latin_surname, NULL);
    case 3:
        return g_strconcat(hyphened, " ", p->latin_surname, NULL);
    case 4:
        *form = PM_FORM_INITIALS;
        return g_strconcat((char[]){p->latin_given[0], 0}, ". ", p->latin_surname, NULL);
    case 5:
        *form = PM_FORM_INITIALS;
        return g_strconcat(initials, " ", p->latin_surname, NULL);
    case 6:
        *form = PM_FORM_INITIALS;
        return g_strconcat(p->latin_surname, " ", initials, NULL);
    default:
        return g_strconcat(upper, " ", apart_upper, NULL);
    }
}

static void add_pinyin(pm_canvas *c, pm_flow *flow, const pm_style *s, const pm_person *who, char option)
{
    const guint which = g_ascii_isdigit(option) ? (guint)(option - '0') : pm_random_below(&c->random, 8);
    pm_form form;
    g_autofree char *text = pm_pinyin(c, who, which, &form);
    pm_style style = *s;
    style.face = PM_FACE_LATIN;
    pm_flow_name(c, flow, &style, who, form, text);
}

static void add_former(pm_canvas *c, pm_flow *flow, const pm_style *s)
{
    if (c->spec->flags & PM_FLAG_NO_NAME)
        pm_flow_text(flow, s, "无");
    else if (c->person->former)
        pm_flow_name(c, flow, s, c->person, PM_FORM_ALIAS, c->person->former);
    else
        pm_flow_text(flow, s, "无");
}

/* Words may hold markup themselves. A word that happens to hold the applicant's name is left out: it would be an occurrence that
 * nobody marked. */
static void add_word(pm_canvas *c, pm_flow *flow, const pm_style *s, const char *(*word)(pm_random *))
{
    const char *text;
    do
        text = word(&c->random);
    while (strstr(text, c->person->name) || strstr(text, c->person->traditional) || (c->person->former && strstr(text, c->person->former)));
    pm_flow_markup(c, flow, s, text);
}

static guint add_number(pm_canvas *c, pm_flow *flow, const pm_style *s, guint low, guint high)
{
    const guint number = low + pm_random_below(&c->random, high - low + 1);
    g_autofree char *text = g_strdup_printf("%u", number);
    pm_flow_text(flow, s, text);
    return number;
}

static void add_key(pm_canvas *c, pm_flow *flow, const pm_style *s, char key, char option)
{
    switch (key) {
    case 'N':
        add_name(c, flow, s, (c->spec->flags & PM_FLAG_NO_NAME) ? pm_other_person(c) : c->person, option);
        break;
    case 'P':
        add_pinyin(c, flow, s, (c->spec->flags & PM_FLAG_NO_NAME) ? pm_other_person(c) : c->person, option);
        break;
    case 'O':
        add_name(c, flow, s, pm_other_person(c), option ? option : 'p');
        break;
    case 'Q':
        add_pinyin(c, flow, s, pm_other_person(c), option);
        break;
    case 'F':
        add_former(c, flow, s);
        break;
    case 'U':
        add_word(c, flow, s, pm_word_unit);
        break;
    case 'W':
        pm_flow_text(flow, s, c->unit);
        break;
    case 'A':
        add_word(c, flow, s, pm_word_place);
        break;
    case 'L':
        add_word(c, flow, s, pm_word_lesson);
        break;
    case 'S':
        add_word(c, flow, s, pm_word_sentence);
        break;
    case 'T':
        add_word(c, flow, s, pm_word_title);
        break;
    case 'J':
        add_word(c, flow, s, pm_word_journal);
        break;
    case 'H':
        add_word(c, flow, s, pm_word_school);
        break;
    case 'B':
        add_word(c, flow, s, pm_word_subject);
        break;
    case 'E':
        add_word(c, flow, s, pm_word_english);
        break;
    case 'Y':
        c->year = add_number(c, flow, s, 2008, 2023);
        break;
    case 'Z':
        add_number(c, flow, s, c->year + 1, c->year + 4);
        break;
    case 'G':
        add_number(c, flow, s, 1964, 1997);
        break;
    case 'M':
        add_number(c, flow, s, 1, 12);
        break;
    case 'D':
        add_number(c, flow, s, 1, 28);
        break;
    case 'n':
        add_number(c, flow, s, 11, 98);
        break;
    default:
        g_assert_not_reached();
    }
}

void pm_flow_markup(pm_canvas *c, pm_flow *flow, const pm_style *s, const char *markup)
{
    for (const char *p = markup; *p;) {
        const char *open = strchr(p, '{');
        if (!open) {
            pm_flow_text(flow, s, p);
            return;
        }
        g_autofree char *plain = g_strndup(p, (gsize)(open - p));
        pm_flow_text(flow, s, plain);
        const char key = open[1];
        const char option = open[2] == ':' ? open[3] : open[2] == '}' ? 0 : open[2];
        add_key(c, flow, s, key, option);
        p = strchr(open, '}') + 1;
    }
}
