/* What does the recogniser take characters for? Found out by having it read them, drawn with the installed fonts. */
#pragma once
#include "blindfold/glyph.h"
#include "read/ppocr/recognise.h"

/* Adds a misreading for each of the query's Han characters that is not in `misreadings` yet (one that is always read rightly takes
 * nothing for granted: its entry is empty). squeeze: how crops are narrowed in the plain look. Without fonts nothing is learnt. */
bool bf_learn_misreadings(const bf_recogniser *recogniser, const bf_charset *charset, bf_glyphs *glyphs, float squeeze,
                          const bf_query *query, GHashTable *misreadings, GError **error) G_GNUC_WARN_UNUSED_RESULT;
