/* Finding a name in plain text, and taking it out. All names are invented. */
#include "blindfold/name.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static bf_query *build(const char *name, const char *alias)
{
    const char *aliases[] = {alias, NULL};
    bf_query *query = NULL;
    g_autoptr(GError) error = NULL;
    if (!bf_name_build(name, aliases, &query, &error))
        fail_msg("%s: %s", name, error->message);
    return query;
}

typedef struct {
    const char *name, *text;
    const char *redacted; /* NULL: the text as it is, nothing to be found */
} text_case;

static const text_case text_cases[] = {
    /* characters */
    {"周明霞", "学历/周明霞毕业证.jpg", "学历/×××毕业证.jpg"},
    {"周明霞", "周 明　霞、周·明•霞", "×××、×××"},
    {"周明霞", "周-明_霞.jpg", "×××.jpg"},
    {"周明霞", "周\u200B明\U000E0100霞 2023", "××× 2023"},
    {"周明霞", "周明霞周明霞", "×××"},
    {"周明霞", "周明霞\u200B!", "×××!"}, /* what is invisible goes with the character before it */
    {"周明霞", "周明/霞", NULL},
    {"周明霞", "周明", NULL},
    {"周明霞", "周大明霞", NULL},
    {"周明霞", "", NULL},
    {"欧阳云", "歐陽雲.JPG", "×××.JPG"},
    {"歐陽雲", "歐阳云", "×××"},
    {"发里钟", "發裡鐘", "×××"},
    {"发里钟", "髮裏鍾", "×××"},
    {"吴敏", "呉敏", "×××"},
    {"李敏", "⽊\uF9E1敏", "⽊×××"}, /* a compatibility ideograph for 李 behind a Kangxi radical */
    {"𠮷敏", "-𠮷敏-吉敏-", "-×××-×××-"},
    {"艾力木江·买买提", "艾力木江买买提 艾力木江．買買提", "××× ×××"},
    {"艾力木江·买买提", "艾力木江", NULL},
    /* pinyin */
    {"周明霞", "zhoumingxia2023.jpg", "×××2023.jpg"},
    {"周明霞", "001_zhou_mingxia.jpg", "001_×××.jpg"},
    {"周明霞", "Ming-xia Zhou", "×××"},
    {"周明霞", "ZHOU, Ming'xia", "×××"},
    {"周明霞", "Zhōu Míngxiá!", "×××!"},
    {"周明霞", "Zho\u0304u Mi\u0301ngxia\u0301!", "×××!"},
    {"周明霞", "Zhöu Mingxîa", "×××"}, /* marks that are no tones */
    {"周明霞", "ＺＨＯＵ　Ｍｉｎｇｘｉａ。", "×××。"},
    {"周明霞", "Z h o u M i n g x i a", "×××"},
    {"周明霞", "周老师ZhouMingxia签字", "周老师×××签字"},
    {"周明霞", "ZhouMingxiaCV.pdf", "×××CV.pdf"},
    {"周明霞", "scanZhouMingxia.pdf", "scan×××.pdf"},
    {"周明霞", "xzhoumingxia", NULL},
    {"周明霞", "zhoumingxian", NULL},
    {"周明霞", "zhou-ming-xi-a", NULL}, /* nothing but blanks inside a syllable */
    {"周明霞", "zhou mingli", NULL},
    {"李拉", "lilacs", NULL},
    {"李拉", "a lila c", "a ××× c"},
    {"李拉", "élila", NULL},
    {"吕敏", "lv_min/LYU MIN/LǙ MIN/lumin/lümin/Lu\u0308 Min", "×××/×××/×××/×××/×××/×××"},
    {"徐敏", "xvmin", "×××"},
    {"单敏", "shan min/dan min", "×××/×××"},
    {"欧阳敏", "Ou'yang Min", "×××"},
    {"艾力木江·买买提", "MAIMAITI AILIMUJIANG", "×××"},
    /* initials */
    {"周明霞", "by M. X. Zhou (2019)", "by ××× (2019)"},
    {"周明霞", "by M.X. Zhou; MX Zhou; M.-X. Zhou", "by ×××; ×××; ×××"},
    {"周明霞", "Zhou M.X.: Zhou MX; Zhou, M; m_zhou", "×××.: ×××; ×××; ×××"},
    {"周明霞", "MZhou ZhouM MXZhou ZhouMX", NULL},
    {"周明霞", "Zhou Meng", NULL},
    {"周明霞", "aM Zhou", NULL},
    {"周明霞", "M Zhoushan", NULL},
    {"周明霞", "X Zhou", NULL},
    /* compatibility forms that stand for several characters */
    {"李敏", "x㈠李敏㈠x", "x㈠×××㈠x"},
    {"周飞", "ZHOU ﬁ Fei", NULL},
    {"Afia Moor", "Aﬁa Moor", "×××"},
    {"Fia Moor", "Aﬁa Moor", NULL},
    {"Fia Moor", "1ﬁa Moor", "1×××"},
    /* text that is not UTF-8 */
    {"周明霞", "\xFF周明霞\xC0", "\uFFFD×××\uFFFD"},
    {"周明霞", "\xFFzhou mingxia\xC0", "\uFFFD×××\uFFFD"},
    {"周明霞", "\xD6\xDC", NULL},
};

static void test_bf_name_redact_text__table(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(text_cases); i++) {
        const text_case *c = &text_cases[i];
        g_autoptr(bf_query) query = build(c->name, NULL);
        g_autofree char *valid = g_utf8_make_valid(c->text, -1);
        g_autofree char *redacted = bf_name_redact_text(query, c->text);
        const char *expected = c->redacted ? c->redacted : valid;
        if (strcmp(redacted, expected))
            fail_msg("%s in \"%s\": \"%s\", not \"%s\"", c->name, c->text, redacted, expected);
        if (bf_name_in_text(query, c->text) != (c->redacted != NULL))
            fail_msg("%s in \"%s\": found or not is wrong", c->name, c->text);
        assert_false(bf_name_in_text(query, redacted));
    }
}

static const struct {
    const char *alias, *text, *redacted;
} alias_cases[] = {
    {"李霞", "李霞 lixia X. Li", "××× ××× ×××"},
    {"Aynur Memet", "memet_aynur.jpg", "×××.jpg"},
    {"Aynur Memet", "Aynur·Memet x AYNUR", "××× x AYNUR"},
    {"Émile Brün", "emile brun, ÉMILE BRÜN", "×××"},
    {"Айнур Мемет", "айнур мемет", "×××"},
    {"مەمەت ئايدىن", "x مه‌مه‌ت  ئايدين y", "x ××× y"},
    {"مەمەت", "ﻣﻪﻣﻪﺕ", "×××"},
};

static void test_bf_name_redact_text__aliases(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(alias_cases); i++) {
        g_autoptr(bf_query) query = build("周明霞", alias_cases[i].alias);
        g_autofree char *redacted = bf_name_redact_text(query, alias_cases[i].text);
        if (strcmp(redacted, alias_cases[i].redacted))
            fail_msg("%s in \"%s\": \"%s\"", alias_cases[i].alias, alias_cases[i].text, redacted);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bf_name_redact_text__table),
        cmocka_unit_test(test_bf_name_redact_text__aliases),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
