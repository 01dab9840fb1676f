/* Anything that a taken-over page process may send as a result, and any numbers as a query or an order: what is accepted keeps within its
 * bounds, claims no more than it proves, and is the same when it is written and read once more. The first byte modulo 6 says what it is: 0
 * a result, 1 a query, 2 what is told with a picture, 3 an order, 4 the result of a person's masks, 5 what `check` found; the second
 * whether an output comes with a result. BF_TEST_WRITE_SEEDS=FOLDER of test_page_wire writes the corpus. */
#include "page/page_order.h"
#include "page/page_wire.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, size_t size);

static void must(bool ok)
{
    if (!ok)
        abort();
}

static void try_query(const guint8 *data, size_t size)
{
    g_autofree guint32 *numbers = g_memdup2(data, size);
    bf_query *query = wire_read_query(numbers, size / sizeof *numbers);
    if (!query)
        return;
    GArray *again = wire_write_query(query);
    must(again->len == size / sizeof *numbers && memcmp(again->data, numbers, again->len * sizeof *numbers) == 0);
    wire_query_clear(again);
    bf_query_free(query);
}

static void check_masks(const bf_page_result *r)
{
    const bf_rect page = {0, 0, r->width_px, r->height_px};
    for (guint i = 0; i < r->masks->len; i++) {
        const bf_mask *m = &g_array_index(r->masks, bf_mask, i);
        const bf_rect inside = bf_rect_intersect(m->rect, page);
        must(memcmp(&inside, &m->rect, sizeof inside) == 0 && !bf_rect_is_empty(inside));
        must(m->score >= 0 && m->score <= 1 && strlen(m->reader) > 0);
    }
}

static void try_order(const guint8 *data, size_t size)
{
    g_autofree guint32 *numbers = g_memdup2(data, size);
    page_order order;
    gsize used = 0;
    if (!page_order_read(numbers, size / sizeof *numbers, &order, &used))
        return;
    g_autoptr(GArray) again = page_order_write(&order);
    must(again->len == used && memcmp(again->data, numbers, used * sizeof *numbers) == 0);
    page_order_clear(&order);
}

static void try_picture(const guint8 *data, size_t size)
{
    g_autoptr(GBytes) head = g_bytes_new(data, size);
    bf_page_picture picture;
    if (!page_picture_read(head, &picture))
        return;
    must(picture.width_px > 0 && picture.height_px > 0 && picture.imcu_w_px > 0 && picture.imcu_h_px > 0);
    g_autoptr(GBytes) again = page_picture_write(&picture);
    must(g_bytes_equal(again, head));
}

static void try_result(const guint8 *data, size_t size, bool has_output, bool manual)
{
    static const guint8 smallest[] = {0xFF, 0xD8, 0xFF, 0xD9};
    bool (*read)(GBytes *, GBytes *, bf_page_result *) = manual ? wire_read_manual_result : wire_read_result;
    g_autoptr(GBytes) head = g_bytes_new(data, size);
    g_autoptr(GBytes) output = has_output ? g_bytes_new_static(smallest, sizeof smallest) : NULL;
    bf_page_result r, second;
    bf_page_result_init(&r);
    bf_page_result_init(&second);
    if (read(head, output, &r)) {
        check_masks(&r);
        must(r.decision == BF_DECISION_REVIEW || (r.output && r.verify_passed && !r.reasons && r.by_person == manual));
        must((r.decision == BF_DECISION_CLEAR) <= (r.masks->len == 0));
        must(r.sha256_in[0] == '\0' && r.sha256_out[0] == '\0');
        g_autoptr(GBytes) again = wire_write_result(&r);
        must(read(again, output, &second) && second.decision == r.decision && second.masks->len == r.masks->len);
        g_autoptr(GBytes) third = wire_write_result(&second);
        must(g_bytes_equal(again, third));
        /* what a person asked for is what was masked, or it is not believed */
        const bf_mask *own = (const bf_mask *)(const void *)r.masks->data;
        must(page_order_check(own, r.masks->len, &r));
        must(r.masks->len == 0 || !page_order_check(NULL, 0, &r));
    }
    bf_page_result_clear(&r);
    bf_page_result_clear(&second);
}

static void try_checked(const guint8 *data, size_t size)
{
    g_autoptr(GBytes) head = g_bytes_new(data, size);
    bf_checked_page *page = bf_checked_page_new(), *second = bf_checked_page_new();
    if (wire_read_checked(head, page)) {
        for (guint i = 0; i < page->findings->len; i++) {
            const bf_finding *f = &g_array_index(page->findings, bf_finding, i);
            const bf_rect inside = bf_rect_intersect(f->place, (bf_rect){0, 0, page->width_px, page->height_px});
            must(bf_rect_is_empty(f->place) || memcmp(&inside, &f->place, sizeof inside) == 0);
            must(strlen(f->rule) > 0 && !strchr(f->rule, ' '));
        }
        g_autoptr(GBytes) again = wire_write_checked(page);
        must(wire_read_checked(again, second));
        g_autoptr(GBytes) third = wire_write_checked(second);
        must(g_bytes_equal(again, third));
    }
    bf_checked_page_free(page);
    bf_checked_page_free(second);
}

int LLVMFuzzerTestOneInput(const guint8 *data, size_t size)
{
    if (size < 4)
        return 0;
    switch (data[0] % 6) {
    case 1:
        try_query(data + 4, size - 4);
        break;
    case 2:
        try_picture(data + 4, size - 4);
        break;
    case 3:
        try_order(data + 4, size - 4);
        break;
    case 5:
        try_checked(data + 4, size - 4);
        break;
    default:
        try_result(data + 4, size - 4, data[1] & 1, data[0] % 6 == 4);
    }
    return 0;
}
