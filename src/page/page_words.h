/* The words by which a page says what it is and where somebody signs; they are spotted together with the name (page). */
#pragma once
#include "page/sheet.h"

typedef enum {
    BF_WORD_OWN,       /* 承诺人: the applicant signs behind it */
    BF_WORD_APPLICANT, /* 申请人: the same, or a field of a form */
    BF_WORD_SELF,      /* 本人: only before a word of signing */
    BF_WORD_SIGN,      /* 签字: the applicant's when nobody else is named before it */
    BF_WORD_OTHER,     /* 负责人: somebody else signs */
    BF_WORD_END,       /* 日期: what is signed ends before it */
    BF_WORD_TITLE,     /* 毕业证书: as a title, the page must bear the name */
    BF_WORD_LETTER,    /* 承诺书: as a title, the page must bear the name and, somewhere, where the applicant signs */
    BF_WORD_ID_FRONT,  /* 公民身份号码 */
    BF_WORD_ID_BACK,   /* 签发机关 */
    BF_WORD_HOLDER,    /* 姓名: who comes next is the page's person */
    BF_WORD_COMRADE,   /* 同志: who stands before it is */
    BF_N_WORD_ROLES
} bf_word_role;

/* What is looked for on one page. The first n_person forms are the person's, the next n_words the page's own words; both make up `plain`.
 * In `all` the names of other applicants follow. Labels, others' names among them, are forms of kind LABEL, so that nothing of them is
 * masked. */
typedef struct {
    bf_query all, plain; /* views of the same forms */
    guint n_person, n_words;
} bf_page_query;

/* others: names of the whole roster, or NULL. Those that are, hold, or are held by one of the person's own names are left out. Both queries
 * must outlive the result. */
bf_page_query *bf_page_query_new(const bf_query *person, const bf_query *others);
void bf_page_query_free(bf_page_query *q);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(bf_page_query, bf_page_query_free)

/* Is this hit a word of that role? *marked (may be NULL): with a colon or the like behind it. */
bool bf_is_word(const bf_page_query *q, const bf_hit *hit, bf_word_role role, bool *marked);
/* Is it another applicant's name? */
bool bf_is_other_applicant(const bf_page_query *q, const bf_hit *hit);
