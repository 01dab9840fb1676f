/* Anything that a taken-over page process may send as a result, and any numbers as a query: what is accepted keeps within its bounds,
 * claims no more than it proves, and is the same when it is written and read once more. Odd first bytes are queries; of the others, the
 * second byte says whether it is a result, with an output (1) or without one, or what `check` found (2). BF_TEST_WRITE_SEEDS=FOLDER of
 * test_page_wire writes the corpus. */
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

static void try_result(const guint8 *data, size_t size, bool has_output)
{
    static const guint8 smallest[] = {0xFF, 0xD8, 0xFF, 0xD9};
    g_autoptr(GBytes) head = g_bytes_new(data, size);
    g_autoptr(GBytes) output = has_output ? g_bytes_new_static(smallest, sizeof smallest) : NULL;
    bf_page_result r, second;
    bf_page_result_init(&r);
    bf_page_result_init(&second);
    if (wire_read_result(head, output, &r)) {
        check_masks(&r);
        must(r.decision == BF_DECISION_REVIEW || (r.output && r.verify_passed && !r.reasons && !r.by_person));
        must((r.decision == BF_DECISION_CLEAR) <= (r.masks->len == 0));
        must(r.sha256_in[0] == '\0' && r.sha256_out[0] == '\0');
        g_autoptr(GBytes) again = wire_write_result(&r);
        must(wire_read_result(again, output, &second) && second.decision == r.decision && second.masks->len == r.masks->len);
        g_autoptr(GBytes) third = wire_write_result(&second);
        must(g_bytes_equal(again, third));
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
    if (data[0] & 1)
        try_query(data + 4, size - 4);
    else if (data[1] & 2)
        try_checked(data + 4, size - 4);
    else
        try_result(data + 4, size - 4, data[1] & 1);
    return 0;
}
