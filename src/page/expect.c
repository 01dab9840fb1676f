#include "page/expect.h"
#include "page/median.h"
#include <math.h>

/* A title takes at least this share of its line, and is higher than the page's usual line by this factor. On a cover there is little else.
 */
static const float TITLE_SHARE = 0.3F, TITLE_HEIGHT = 1.2F;
enum { LINES_BESIDE_TITLE = 5 };
/* How far from a word (姓名：) the name may stand, and 同志 from the name, in heights of the line. */
static const float BESIDE = 4, RIGHT_BEHIND = 1.2F;

/* Which pages must bear the applicant's name, by folder or file name. */
bool bf_page_hit_expected(const char *entry_name)
{
    static const char *const bearing[] = {"身份证", "毕业证", "学位证", "学历",   "职称证", "资格证", "教师证", "证书",
                                          "聘",     "承诺",   "考核",   "登记表", "结业",   "获奖",   "荣誉",   "奖状"};
    static const char *const not_bearing[] = {"背面", "反面", "国徽", "封面", "封底", "目录"};
    for (gsize i = 0; i < G_N_ELEMENTS(not_bearing); i++)
        if (strstr(entry_name, not_bearing[i]) != NULL)
            return false;
    for (gsize i = 0; i < G_N_ELEMENTS(bearing); i++)
        if (strstr(entry_name, bearing[i]) != NULL)
            return true;
    return false;
}

/* The height of the page's usual line, and how many lines there are. */
static float usual_height(const bf_reading *reading, guint *n)
{
    g_autoptr(GArray) heights = g_array_new(FALSE, FALSE, sizeof(float));
    for (guint i = 0; i < reading->lines->len; i++) {
        const bf_line *line = &g_array_index(reading->lines, bf_line, i);
        float height = bf_quad_height(&line->quad);
        if (!line->composed && line->n_chars >= 2)
            g_array_append_val(heights, height);
    }
    *n = heights->len;
    return heights->len > 0 ? bf_median(heights) : 0;
}

static bool is_title(const bf_reading *reading, const bf_hit *hit, float usual)
{
    const bf_quad *line = &g_array_index(reading->lines, bf_line, hit->line).quad;
    if (hit->n_centres < 2)
        return false;
    guint last = hit->n_centres - 1;
    float span = hypotf(hit->centre_x[last] - hit->centre_x[0], hit->centre_y[last] - hit->centre_y[0]) * (float)(last + 1) / (float)last;
    return span >= TITLE_SHARE * bf_quad_length(line) && bf_quad_height(line) >= TITLE_HEIGHT * usual;
}

/* Does b begin where a ends, on the same row, after most heights at most? */
static bool follows(const bf_hit *a, const bf_hit *b, float most)
{
    const bf_quad *p = &a->quad, *q = &b->quad;
    float height = MIN(bf_quad_height(p), bf_quad_height(q)), gap = (q->x[0] + q->x[3]) / 2 - (p->x[1] + p->x[2]) / 2;
    float dy = (q->y[0] + q->y[3]) / 2 - (p->y[1] + p->y[2]) / 2;
    return fabsf(dy) < 0.7F * height && gap > -0.8F * height && gap < most * height;
}

static bool is_holder(const bf_reading *reading, const bf_page_query *query, const bf_hit *name)
{
    for (guint i = 0; i < reading->labels->len; i++) {
        const bf_hit *word = &g_array_index(reading->labels, bf_hit, i);
        bool before = bf_is_word(query, word, BF_WORD_HOLDER, NULL) || bf_is_word(query, word, BF_WORD_OWN, NULL) ||
                      bf_is_word(query, word, BF_WORD_APPLICANT, NULL) || bf_is_word(query, word, BF_WORD_SELF, NULL);
        if ((before && follows(word, name, BESIDE)) ||
            (bf_is_word(query, word, BF_WORD_COMRADE, NULL) && follows(name, word, RIGHT_BEHIND)))
            return true;
    }
    return false;
}

bf_page_says bf_page_reads_as(const bf_reading *reading, const bf_page_query *query)
{
    bf_page_says says = {0};
    guint n_lines;
    float usual = usual_height(reading, &n_lines);
    bool front = false, back = false;
    for (guint i = 0; i < reading->labels->len; i++) {
        const bf_hit *hit = &g_array_index(reading->labels, bf_hit, i);
        bool letter = bf_is_word(query, hit, BF_WORD_LETTER, NULL);
        front = front || bf_is_word(query, hit, BF_WORD_ID_FRONT, NULL);
        back = back || bf_is_word(query, hit, BF_WORD_ID_BACK, NULL);
        if ((letter || bf_is_word(query, hit, BF_WORD_TITLE, NULL)) && n_lines > LINES_BESIDE_TITLE && is_title(reading, hit, usual)) {
            says.titled = true;
            says.letter = says.letter || letter;
        }
        if (bf_is_other_applicant(query, hit)) {
            says.names_other = true;
            says.names_other_holder = says.names_other_holder || is_holder(reading, query, hit);
        }
    }
    says.titled = says.titled || front;
    says.id_back = back && !front;
    return says;
}

bool bf_page_must_bear_name(const bf_page_says *says, bool by_path)
{
    return !says->id_back && (by_path || says->titled);
}
