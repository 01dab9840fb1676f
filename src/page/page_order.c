#include "page/page_order.h"

#include <string.h>

enum { MASKS_MAX = 20000, SIDE_MAX_PX = 65535, IMCU_MAX_PX = 32, FIRST = 5, PER_MASK = 5, ACCEPT = 1, MASKED = 2, PICTURE_NUMBERS = 4 };

void page_order_clear(page_order *order)
{
    g_clear_pointer(&order->masks, g_array_unref);
}

static void put(GArray *numbers, gint64 value)
{
    const guint32 number = (guint32)value;
    g_array_append_val(numbers, number);
}

GArray *page_order_write(const page_order *order)
{
    guint n = order->masks ? order->masks->len : 0;
    GArray *numbers = g_array_sized_new(FALSE, FALSE, sizeof(guint32), FIRST + PER_MASK * n);
    put(numbers, order->orientation_deg + 1);
    put(numbers, order->long_side_px);
    put(numbers, (order->accept_visible ? ACCEPT : 0) | (order->masked ? MASKED : 0));
    put(numbers, order->turned_from);
    put(numbers, n);
    for (guint i = 0; i < n; i++) {
        const bf_mask *m = &g_array_index(order->masks, bf_mask, i);
        put(numbers, m->rect.x);
        put(numbers, m->rect.y);
        put(numbers, m->rect.w);
        put(numbers, m->rect.h);
        put(numbers, m->kind);
    }
    return numbers;
}

static bool is_turn(guint32 plus_one)
{
    return plus_one == 0 || plus_one == 1 || plus_one == 91 || plus_one == 181 || plus_one == 271;
}

bool page_order_read(const guint32 *numbers, gsize n, page_order *order, gsize *used)
{
    if (n < FIRST || !is_turn(numbers[0]) || numbers[1] > SIDE_MAX_PX || numbers[2] > (ACCEPT | MASKED) || numbers[3] > 8 ||
        numbers[4] > MASKS_MAX || n - FIRST < (gsize)numbers[4] * PER_MASK)
        return false;
    g_autoptr(GArray) masks = g_array_sized_new(FALSE, FALSE, sizeof(bf_mask), numbers[4]);
    for (guint i = 0; i < numbers[4]; i++) {
        const guint32 *m = numbers + FIRST + i * PER_MASK;
        if (m[0] > SIDE_MAX_PX || m[1] > SIDE_MAX_PX || m[2] > SIDE_MAX_PX || m[3] > SIDE_MAX_PX || m[4] > BF_MASK_MANUAL)
            return false;
        const bf_mask mask = {
            .rect = {(int)m[0], (int)m[1], (int)m[2], (int)m[3]}, .kind = (bf_mask_kind)m[4], .reader = "person", .score = 1};
        g_array_append_val(masks, mask);
    }
    *order = (page_order){.orientation_deg = (int)numbers[0] - 1,
                          .long_side_px = (int)numbers[1],
                          .accept_visible = (numbers[2] & ACCEPT) != 0,
                          .masked = (numbers[2] & MASKED) != 0,
                          .turned_from = (int)numbers[3],
                          .masks = g_steal_pointer(&masks)};
    *used = FIRST + (gsize)numbers[4] * PER_MASK;
    return true;
}

static bool holds(const bf_mask *outer, const bf_mask *inner, bf_rect page)
{
    bf_rect part = bf_rect_intersect(inner->rect, page), both = bf_rect_intersect(part, outer->rect);
    return outer->kind == inner->kind && !bf_rect_is_empty(part) && memcmp(&both, &part, sizeof part) == 0;
}

bool page_order_check(const bf_mask *asked, guint n, bf_page_result *r)
{
    const bf_rect page = {0, 0, r->width_px, r->height_px};
    guint n_masks = r->masks ? r->masks->len : 0;
    g_autofree bool *told = g_new0(bool, n_masks + 1);
    if (r->decision == BF_DECISION_REVIEW && !r->output && n_masks == 0)
        return true;
    for (guint i = 0; i < n; i++) {
        bool found = bf_rect_is_empty(bf_rect_intersect(asked[i].rect, page));
        for (guint k = 0; k < n_masks; k++) {
            bf_mask *mask = &g_array_index(r->masks, bf_mask, k);
            if (!holds(mask, &asked[i], page))
                continue;
            found = told[k] = true;
            mask->reader = asked[i].reader;
            mask->score = asked[i].score;
        }
        if (!found)
            return false;
    }
    for (guint k = 0; k < n_masks; k++)
        if (!told[k])
            return false;
    return true;
}

GBytes *page_picture_write(const bf_page_picture *picture)
{
    const guint32 numbers[PICTURE_NUMBERS] = {(guint32)picture->width_px, (guint32)picture->height_px, (guint32)picture->imcu_w_px,
                                              (guint32)picture->imcu_h_px};
    return g_bytes_new(numbers, sizeof numbers);
}

bool page_picture_read(GBytes *head, bf_page_picture *picture)
{
    guint32 numbers[PICTURE_NUMBERS];
    if (g_bytes_get_size(head) != sizeof numbers)
        return false;
    memcpy(numbers, g_bytes_get_data(head, NULL), sizeof numbers);
    for (guint i = 0; i < PICTURE_NUMBERS; i++)
        if (numbers[i] == 0 || numbers[i] > (i < 2 ? SIDE_MAX_PX : IMCU_MAX_PX))
            return false;
    picture->width_px = (int)numbers[0];
    picture->height_px = (int)numbers[1];
    picture->imcu_w_px = (int)numbers[2];
    picture->imcu_h_px = (int)numbers[3];
    return true;
}
