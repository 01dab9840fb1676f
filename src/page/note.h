/* Places that a person should look at, for the result (page). They lie in the stored frame and hold no text. */
#pragma once
#include "page/sheet.h"

/* reason: a static word, see bf_doubt. A place off the page is left out. */
void bf_note_place(bf_rect upright, const bf_frame *frame, const char *reason, bf_page_result *result);
void bf_note_hit(const bf_hit *hit, const bf_frame *frame, const char *reason, bf_page_result *result);
void bf_note_hits(const GArray *hits, const bf_frame *frame, const char *reason, bf_page_result *result);
/* The groups of ink that no line accounts for. */
void bf_note_unread_ink(const bf_picture *picture, const GArray *lines, const bf_frame *frame, bf_page_result *result);
