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

/* In each encoding, at an even and at an odd place, behind bytes that are no text, and with a NUL before it. */
static void test_bf_name_in_bytes__every_encoding(void **state)
{
    (void)state;
    static const char *const encodings[] = {"UTF-8", "GB18030", "UTF-16LE", "UTF-16BE"};
    static const struct {
        const char *name, *text;
        bool found;
    } cases[] = {{"周明霞", "周明霞", true},       {"周明霞", "Artist: 周 明 霞 2023", true},
                 {"周明霞", "Zhou Mingxia", true}, {"李㛃", "照片 李㛃", true},
                 {"李𠮷", "李𠮷", true}, /* four bytes in GB18030 and in UTF-16 */
                 {"周明霞", "周大明霞", false},    {"周明霞", "", false}};
    static const char *const before[] = {"", "a", "\xE0", "\0\0\xFF\xFE"};
    for (gsize c = 0; c < G_N_ELEMENTS(cases); c++)
        for (gsize e = 0; e < G_N_ELEMENTS(encodings); e++)
            for (gsize b = 0; b < G_N_ELEMENTS(before); b++) {
                gsize n = 0;
                g_autoptr(bf_query) query = build(cases[c].name, NULL);
                g_autofree char *coded = g_convert(cases[c].text, -1, encodings[e], "UTF-8", NULL, &n, NULL);
                g_autoptr(GByteArray) all = g_byte_array_new();
                g_byte_array_append(all, (const guint8 *)before[b], b == 3 ? 4 : (guint)strlen(before[b]));
                g_byte_array_append(all, (const guint8 *)coded, (guint)n);
                g_autoptr(GBytes) bytes = g_bytes_new(all->data, all->len);
                if (bf_name_in_bytes(query, bytes) != cases[c].found)
                    fail_msg("%s in %s behind case %zu", cases[c].text, encodings[e], b);
            }
}

static void test_bf_name_in_bytes__bytes_that_are_no_text(void **state)
{
    (void)state;
    g_autoptr(bf_query) query = build("李敏", NULL);
    g_autoptr(GRand) random = g_rand_new_with_seed(7);
    for (int round = 0; round < 50; round++) {
        guint8 noise[997];
        for (gsize i = 0; i < sizeof noise; i++)
            noise[i] = (guint8)g_rand_int(random);
        g_autoptr(GBytes) bytes = g_bytes_new(noise, (gsize)(round * 20) % sizeof noise);
        assert_false(bf_name_in_bytes(query, bytes));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bf_name_redact_text__table),
        cmocka_unit_test(test_bf_name_redact_text__aliases),
        cmocka_unit_test(test_bf_name_in_bytes__every_encoding),
        cmocka_unit_test(test_bf_name_in_bytes__bytes_that_are_no_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
