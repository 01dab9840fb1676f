/* What a page says about itself in print: must it bear the applicant's name, and whose does it bear instead? (page) */
#pragma once
#include "page/page_words.h"

typedef struct {
    bool titled;             /* a title says that it must bear the name: a diploma, a certificate, the front of an ID card */
    bool letter;             /* a commitment letter: besides, somebody signs it */
    bool id_back;            /* the back of an ID card bears no name, wherever it is filed */
    bool names_other;        /* another applicant's name stands on it, */
    bool names_other_holder; /* and beside a word that makes that one the page's person (姓名, 兹证明, 同志) */
    bool signs_here;         /* there is a place where the applicant signs; page.c fills it in */
} bf_page_says;

/* From the labels of a reading that was made with this query. */
bf_page_says bf_page_reads_as(const bf_reading *reading, const bf_page_query *query);

/* The expected-hit rule; by_path: folder or file name say so. */
bool bf_page_must_bear_name(const bf_page_says *says, bool by_path);
