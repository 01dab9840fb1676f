/* What a person's masks, or a picture to look at, ask of a page process besides the page: numbers, in front of the query's (page). What
 * comes back is checked as page_wire.h says. */
#pragma once
#include "blindfold/page_host.h"

typedef struct {
    int turned_from;     /* 1..8: the page is turned so first, 1: only its tag goes; 0: it is not */
    int orientation_deg; /* -1: not known */
    int long_side_px;    /* of a picture */
    bool accept_visible; /* of masks */
    bool masked;         /* of a picture: as the package's page would be with these masks */
    GArray *masks;       /* bf_mask; only rectangles and kinds travel, the reader is "person". NULL: none */
} page_order;
void page_order_clear(page_order *order);

GArray *page_order_write(const page_order *order); /* guint32 */
/* *used: how many of the n numbers it was. False, with nothing to clear, when they are no order. */
bool page_order_read(const guint32 *numbers, gsize n, page_order *order, gsize *used) G_GNUC_WARN_UNUSED_RESULT;

/* Is the result about these masks: each one that lies on the page within one of the result's, of the same kind, and none besides? Those get
 * their reader and score back. A page without output that stays in review needs no masks. */
bool page_order_check(const bf_mask *asked, guint n, bf_page_result *result) G_GNUC_WARN_UNUSED_RESULT;

/* What is told about a page with its picture. */
GBytes *page_picture_write(const bf_page_picture *picture);
bool page_picture_read(GBytes *head, bf_page_picture *picture) G_GNUC_WARN_UNUSED_RESULT; /* not the JPEG */
