/* What the HTML reports have in common: one style, two languages, everything escaped. Inside the record room only. */
#pragma once
#include "blindfold/result.h"
#include "blindfold/words.h"

/* Opens the document and its <main>; the title is escaped. */
void bf_html_open(GString *html, const char *title);
void bf_html_close(GString *html);
/* Text of unknown origin. */
void bf_html_text(GString *html, const char *text);
/* The same thing in both languages, of which one is shown. */
void bf_html_both(GString *html, const char *zh, const char *en);
/* As above, with a number for %u in both. */
void bf_html_count(GString *html, const char *zh, const char *en, guint n);
/* Reasons as a list: what each means and what to do; with advice = false only a few words each. */
void bf_html_reasons(GString *html, const GPtrArray *reasons, bool advice);
void bf_html_verdict(GString *html, bf_verdict verdict);
/* Writes a file of the committee's (0600), atomically and durably. */
bool bf_html_write(const char *path, const char *html, GError **error) G_GNUC_WARN_UNUSED_RESULT;
