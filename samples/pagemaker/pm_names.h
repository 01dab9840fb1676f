/* What names are made of. Tables only; UTF-8. */
#pragma once
#include <glib.h>

typedef struct {
    const char *han, *traditional, *pinyin;
} pm_han_part;

/* A part of a Uyghur or Kazakh name: as written in Chinese, in Latin letters, and in Arabic script (NULL where not given). */
typedef struct {
    const char *han, *latin, *arabic;
} pm_dotted_part;

extern const pm_han_part pm_surnames[], pm_hui_surnames[], pm_compound_surnames[], pm_given[], pm_given_rare[], pm_given_rarest[], pm_mongol[];
extern const guint pm_n_surnames, pm_n_hui_surnames, pm_n_compound_surnames, pm_n_given, pm_n_given_rare, pm_n_given_rarest, pm_n_mongol;
extern const pm_dotted_part pm_uyghur[], pm_kazakh[];
extern const guint pm_n_uyghur, pm_n_kazakh;
