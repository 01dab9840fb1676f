#include "page/note.h"

#include "page/ink.h"

/* A page full of specks: more places than these help nobody. */
enum { PLACES_MAX = 40 };

void bf_note_place(bf_rect upright, const bf_frame *frame, const char *reason, bf_page_result *result)
{
    if (result->doubts != NULL && result->doubts->len >= PLACES_MAX)
        return;
    bf_page_result_add_doubt(result, bf_frame_rect_to_stored(frame, upright), reason);
}

void bf_note_hit(const bf_hit *hit, const bf_frame *frame, const char *reason, bf_page_result *result)
{
    bf_note_place(bf_quad_bounds(&hit->quad), frame, reason, result);
}

void bf_note_hits(const GArray *hits, const bf_frame *frame, const char *reason, bf_page_result *result)
{
    for (guint i = 0; i < hits->len; i++)
        bf_note_hit(&g_array_index(hits, bf_hit, i), frame, reason, result);
}

void bf_note_unread_ink(const bf_picture *picture, const GArray *lines, const bf_frame *frame, bf_page_result *result)
{
    g_autoptr(GArray) places = g_array_new(FALSE, FALSE, sizeof(bf_rect));
    bf_unread_ink_places(picture, lines, places);
    for (guint i = 0; i < places->len; i++)
        bf_note_place(g_array_index(places, bf_rect, i), frame, "unread-ink", result);
}
