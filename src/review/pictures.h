/* Pictures for the browser, made by a few threads with a page process each, the newest kept in memory. Inside the review room only. */
#pragma once
#include "review/desk.h"
#include <libsoup/soup.h>

typedef enum {
    PICTURE_BEFORE, /* the original */
    PICTURE_AFTER,  /* the original under these masks, made as the package's page is made */
    PICTURE_FINAL   /* the page of the finished package */
} picture_kind;

pictures *pictures_new(desk *d);
void pictures_free(pictures *ps);
/* Answers the message with a JPEG, now or later. size_px: at least so long is the long side; 0: as it is. masks (bf_mask): for AFTER;
 * taken. */
void pictures_answer(pictures *ps, SoupServerMessage *message, desk_package *p, guint place, picture_kind kind, int size_px, GArray *masks);
