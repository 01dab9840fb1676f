#include "page/page_words.h"

/* 签字 and the like also come with a mark behind them, as do all labels; `marked` asks for both forms. A digit stands for any digit. */
static const struct {
    const char *text;
    bf_word_role role;
    bool marked;
} WORDS[] = {
    {"承诺人", BF_WORD_OWN, true},        {"声明人", BF_WORD_OWN, true},        {"述职人", BF_WORD_OWN, true},
    {"被考核人", BF_WORD_OWN, true},      {"承诺者", BF_WORD_OWN, true},        {"具结人", BF_WORD_OWN, true},
    {"申报人", BF_WORD_APPLICANT, true},  {"申请人", BF_WORD_APPLICANT, true},  {"参评人", BF_WORD_APPLICANT, true},
    {"申报者", BF_WORD_APPLICANT, true},  {"本人", BF_WORD_SELF, false},        {"个人", BF_WORD_SELF, false},
    {"签字", BF_WORD_SIGN, true},         {"签名", BF_WORD_SIGN, true},         {"签章", BF_WORD_SIGN, true},
    {"手印", BF_WORD_SIGN, true},         {"捺印", BF_WORD_SIGN, true},         {"指印", BF_WORD_SIGN, true},
    {"负责人", BF_WORD_OTHER, true},      {"审核人", BF_WORD_OTHER, true},      {"复核人", BF_WORD_OTHER, true},
    {"经办人", BF_WORD_OTHER, true},      {"领导", BF_WORD_OTHER, false},       {"证明人", BF_WORD_OTHER, true},
    {"审批人", BF_WORD_OTHER, true},      {"批准人", BF_WORD_OTHER, true},      {"推荐人", BF_WORD_OTHER, true},
    {"考核人", BF_WORD_OTHER, true},      {"评审人", BF_WORD_OTHER, true},      {"主任", BF_WORD_OTHER, false},
    {"校长", BF_WORD_OTHER, false},       {"院长", BF_WORD_OTHER, false},       {"组长", BF_WORD_OTHER, false},
    {"书记", BF_WORD_OTHER, false},       {"委员", BF_WORD_OTHER, false},       {"专家", BF_WORD_OTHER, false},
    {"家长", BF_WORD_OTHER, false},       {"见证人", BF_WORD_OTHER, true},      {"监督人", BF_WORD_OTHER, true},
    {"联系人", BF_WORD_OTHER, true},      {"主管", BF_WORD_OTHER, false},       {"单位", BF_WORD_OTHER, false},
    {"部门", BF_WORD_OTHER, false},       {"盖章", BF_WORD_OTHER, true},        {"公章", BF_WORD_OTHER, true},
    {"日期", BF_WORD_END, false},         {"时间", BF_WORD_END, false},         {"电话", BF_WORD_END, false},
    {"年月日", BF_WORD_END, false},       {"0000年", BF_WORD_END, false},       {"身份证号", BF_WORD_END, false},
    {"毕业证书", BF_WORD_TITLE, false},   {"学位证书", BF_WORD_TITLE, false},   {"结业证书", BF_WORD_TITLE, false},
    {"资格证书", BF_WORD_TITLE, false},   {"职称证书", BF_WORD_TITLE, false},   {"荣誉证书", BF_WORD_TITLE, false},
    {"获奖证书", BF_WORD_TITLE, false},   {"合格证书", BF_WORD_TITLE, false},   {"聘书", BF_WORD_TITLE, false},
    {"聘任书", BF_WORD_TITLE, false},     {"考核登记表", BF_WORD_TITLE, false}, {"申请表", BF_WORD_TITLE, false},
    {"申报表", BF_WORD_TITLE, false},     {"承诺书", BF_WORD_LETTER, false},    {"公民身份号码", BF_WORD_ID_FRONT, false},
    {"签发机关", BF_WORD_ID_BACK, false}, {"姓名", BF_WORD_HOLDER, true},       {"兹证明", BF_WORD_HOLDER, false},
    {"兹有", BF_WORD_HOLDER, false},      {"学生", BF_WORD_HOLDER, false},      {"学员", BF_WORD_HOLDER, true},
    {"同志", BF_WORD_COMRADE, false},
};
static const gunichar MARKS[] = {':', 0xFF1A, '(', 0xFF08, ')', 0xFF09, '_'};
static const gunichar DIGITS[] = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9'};

static bf_form word_form(const char *text, bool marked)
{
    bf_form form = {.kind = BF_FORM_LABEL};
    form.symbols = g_new0(bf_symbol, (gsize)g_utf8_strlen(text, -1) + 1);
    for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
        bf_symbol *s = &form.symbols[form.n_symbols++];
        gunichar c = g_utf8_get_char(p);
        bool digit = c == '0';
        *s =
            (bf_symbol){digit ? g_memdup2(DIGITS, sizeof DIGITS) : g_memdup2(&c, sizeof c), digit ? G_N_ELEMENTS(DIGITS) : 1, BF_GAP_TIGHT};
    }
    if (marked)
        form.symbols[form.n_symbols++] = (bf_symbol){g_memdup2(MARKS, sizeof MARKS), G_N_ELEMENTS(MARKS), BF_GAP_TIGHT};
    return form;
}

/* By number of the form behind the person's own: two for a word that may be marked, else one. */
static guint word_of(guint n, bool *marked)
{
    for (guint i = 0; i < G_N_ELEMENTS(WORDS); i++) {
        guint forms = WORDS[i].marked ? 2 : 1;
        if (n < forms) {
            *marked = n == 1;
            return i;
        }
        n -= forms;
    }
    g_assert_not_reached();
}

bool bf_is_word(const bf_page_query *q, const bf_hit *hit, bf_word_role role, bool *marked)
{
    bool with_mark;
    if (hit->form < q->n_person || hit->form >= q->n_person + q->n_words)
        return false;
    bool is = WORDS[word_of(hit->form - q->n_person, &with_mark)].role == role;
    if (is && marked != NULL)
        *marked = with_mark;
    return is;
}

bool bf_is_other_applicant(const bf_page_query *q, const bf_hit *hit)
{
    return hit->form >= q->n_person + q->n_words;
}

/* ---- other applicants' names ---- */

static bool same_symbol(const bf_symbol *a, const bf_symbol *b)
{
    for (guint i = 0; i < a->n_alts; i++)
        for (guint k = 0; k < b->n_alts; k++)
            if (a->alts[i] == b->alts[k])
                return true;
    return false;
}

static bool holds(const bf_form *longer, const bf_form *shorter)
{
    for (guint from = 0; from + shorter->n_symbols <= longer->n_symbols; from++) {
        guint i = 0;
        while (i < shorter->n_symbols && same_symbol(&longer->symbols[from + i], &shorter->symbols[i]))
            i++;
        if (i == shorter->n_symbols)
            return true;
    }
    return false;
}

/* Who bears the same name, or one that holds the other, cannot be told from the person. */
static bool is_like_own(const bf_query *person, const bf_form *other)
{
    for (guint i = 0; i < person->n_forms; i++)
        if (holds(&person->forms[i], other) || holds(other, &person->forms[i]))
            return true;
    return false;
}

bf_page_query *bf_page_query_new(const bf_query *person, const bf_query *others)
{
    bf_page_query *q = g_new0(bf_page_query, 1);
    guint n_others = others != NULL ? others->n_forms : 0, n = person->n_forms;
    bf_form *forms = g_new0(bf_form, n + 2 * G_N_ELEMENTS(WORDS) + n_others);
    if (n > 0)
        memcpy(forms, person->forms, n * sizeof(bf_form));
    for (gsize i = 0; i < G_N_ELEMENTS(WORDS); i++) {
        forms[n++] = word_form(WORDS[i].text, false);
        if (WORDS[i].marked)
            forms[n++] = word_form(WORDS[i].text, true);
    }
    q->n_person = person->n_forms;
    q->n_words = n - q->n_person;
    q->plain = (bf_query){forms, n};
    for (guint i = 0; i < n_others; i++)
        if (others->forms[i].kind == BF_FORM_NAME && !is_like_own(person, &others->forms[i])) {
            forms[n] = others->forms[i];
            forms[n++].kind = BF_FORM_LABEL;
        }
    q->all = (bf_query){forms, n};
    return q;
}

void bf_page_query_free(bf_page_query *q)
{
    if (q == NULL)
        return;
    for (guint i = q->n_person; i < q->n_person + q->n_words; i++) {
        for (guint s = 0; s < q->all.forms[i].n_symbols; s++)
            g_free(q->all.forms[i].symbols[s].alts);
        g_free(q->all.forms[i].symbols);
    }
    g_free(q->all.forms);
    g_free(q);
}
