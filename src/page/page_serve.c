#include "page/page_serve.h"

#include "blindfold/jpeg.h"
#include "page/page_order.h"
#include "page/page_pipe.h"
#include "page/page_wire.h"
#include "page/place.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct {
    wire_frame frame;
    guint32 *numbers; /* the order where there is one, and the query */
    GBytes *jpeg;
    page_order order;
    bf_query *query;
} received;

static void received_clear(received *r)
{
    if (r->numbers)
        explicit_bzero(r->numbers, (gsize)r->frame.head_bytes);
    g_free(r->numbers);
    g_clear_pointer(&r->jpeg, g_bytes_unref);
    page_order_clear(&r->order);
    bf_query_free(r->query);
}

static bool receive_frame(int socket, wire_frame *frame)
{
    static const guint32 kinds[] = {WIRE_TASK, WIRE_MANUAL, WIRE_VIEW};
    pipe_patience for_ever = {.left_us = -1};
    if (pipe_receive(socket, frame, sizeof *frame, &for_ever) != PIPE_OK || frame->jpeg_bytes == WIRE_NO_JPEG ||
        frame->head_bytes % sizeof(guint32) != 0)
        return false;
    for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (wire_frame_is(frame, kinds[i]))
            return true;
    return false;
}

static bool read_head(received *r)
{
    gsize n = (gsize)r->frame.head_bytes / sizeof(guint32), used = 0;
    if (r->frame.magic != WIRE_TASK && !page_order_read(r->numbers, n, &r->order, &used))
        return false;
    if (r->frame.magic == WIRE_VIEW)
        return used == n;
    r->query = wire_read_query(r->numbers + used, n - used);
    return r->query != NULL;
}

/* Takes what there is no memory for off the socket. */
static bool skip(int socket, guint64 n)
{
    guchar block[4096];
    pipe_patience for_ever = {.left_us = -1};
    for (; n > 0; n -= MIN(n, sizeof block))
        if (pipe_receive(socket, block, (gsize)MIN(n, sizeof block), &for_ever) != PIPE_OK)
            return false;
    return true;
}

/* jpeg is NULL when there is no memory for it. */
static bool receive(int socket, received *r)
{
    pipe_patience for_ever = {.left_us = -1};
    if (!receive_frame(socket, &r->frame))
        return false;
    gsize n = (gsize)r->frame.jpeg_bytes;
    r->numbers = g_try_malloc0((gsize)r->frame.head_bytes + sizeof(guint32));
    if (!r->numbers || pipe_receive(socket, r->numbers, (gsize)r->frame.head_bytes, &for_ever) != PIPE_OK || !read_head(r))
        return false;
    guchar *data = g_try_malloc(MAX(n, 1));
    if (!data)
        return skip(socket, n);
    bool ok = pipe_receive(socket, data, n, &for_ever) == PIPE_OK;
    r->jpeg = g_bytes_new_take(data, n);
    return ok;
}

/* jpeg may be NULL. */
static bool answer(int socket, guint32 magic, GBytes *head, GBytes *jpeg)
{
    pipe_patience for_ever = {.left_us = -1};
    gsize head_bytes, jpeg_bytes = 0;
    const void *head_data = g_bytes_get_data(head, &head_bytes), *jpeg_data = jpeg ? g_bytes_get_data(jpeg, &jpeg_bytes) : NULL;
    const wire_frame frame = {.magic = magic, .head_bytes = head_bytes, .jpeg_bytes = jpeg ? jpeg_bytes : WIRE_NO_JPEG};
    return pipe_send(socket, &frame, sizeof frame, &for_ever) == PIPE_OK &&
           pipe_send(socket, head_data, head_bytes, &for_ever) == PIPE_OK && pipe_send(socket, jpeg_data, jpeg_bytes, &for_ever) == PIPE_OK;
}

static bool send_result(int socket, bf_page_result *result)
{
    wire_fit_result(result);
    g_autoptr(GBytes) head = wire_write_result(result);
    return answer(socket, WIRE_RESULT, head, result->output);
}

static bool serve_task(int socket, bf_page_worker *worker, const received *r)
{
    bf_page_result result;
    g_autoptr(bf_query) others = wire_split_query(r->query);
    const bf_page_task task = {.jpeg = r->jpeg,
                               .query = r->query,
                               .others = others,
                               .hit_expected = (r->frame.flags & WIRE_HIT_EXPECTED) != 0,
                               .check = r->frame.flags & WIRE_CHECK ? bf_checked_page_new() : NULL,
                               .check_unmasked = (r->frame.flags & WIRE_CHECK_UNMASKED) != 0};
    bf_page_result_init(&result);
    if (r->jpeg)
        bf_page_process(worker, &task, &result);
    else
        bf_page_result_add_reason(&result, "out-of-memory");
    bool ok = send_result(socket, &result);
    if (ok && task.check) {
        g_autoptr(GBytes) head = wire_write_checked(task.check);
        ok = answer(socket, WIRE_FINDINGS, head, NULL);
    }
    bf_page_result_clear(&result);
    bf_checked_page_free(task.check);
    return ok;
}

static bool serve_manual(int socket, bf_page_worker *worker, const received *r)
{
    bf_page_result result;
    const bf_page_manual manual = {.task = {.jpeg = r->jpeg, .query = r->query},
                                   .masks = (const bf_mask *)(const void *)r->order.masks->data,
                                   .n_masks = r->order.masks->len,
                                   .turned_from = r->order.turned_from,
                                   .orientation_deg = r->order.orientation_deg,
                                   .accept_visible = r->order.accept_visible};
    bf_page_result_init(&result);
    bf_page_apply_masks(worker, &manual, &result);
    bool ok = send_result(socket, &result);
    bf_page_result_clear(&result);
    return ok;
}

/* As it was turned when it was worked on. */
static bool turn(const page_order *order, const bf_page_engine *engine, GBytes **jpeg)
{
    GBytes *turned = NULL;
    if (order->turned_from == 0)
        return true;
    if (!bf_jpeg_turn(*jpeg, order->turned_from, engine->max_pixels, &turned, NULL))
        return false;
    g_bytes_unref(*jpeg);
    *jpeg = turned;
    return true;
}

/* The page as the package's would be with these masks. */
static bool mask(const page_order *order, const bf_page_engine *engine, GBytes **jpeg)
{
    GBytes *masked = NULL;
    if (!order->masked)
        return true;
    if (!bf_put_masks(*jpeg, order->masks, engine, &masked, NULL, NULL))
        return false;
    g_bytes_unref(*jpeg);
    *jpeg = masked;
    return true;
}

static bool serve_view(int socket, const bf_page_worker *worker, const received *r)
{
    const bf_page_engine *engine = worker->engine;
    bf_jpeg_info info;
    g_autoptr(GBytes) jpeg = g_bytes_ref(r->jpeg), picture = NULL, nothing = g_bytes_new(NULL, 0);
    if (!turn(&r->order, engine, &jpeg) || !bf_jpeg_probe(jpeg, engine->max_pixels, &info, NULL) || !mask(&r->order, engine, &jpeg) ||
        !bf_page_view(jpeg, MAX(r->order.orientation_deg, 0), r->order.long_side_px, &picture, NULL))
        return answer(socket, WIRE_PICTURE, nothing, NULL);
    const bf_page_picture about = {
        .width_px = info.width_px, .height_px = info.height_px, .imcu_w_px = info.imcu_w_px, .imcu_h_px = info.imcu_h_px};
    g_autoptr(GBytes) head = page_picture_write(&about);
    return answer(socket, WIRE_PICTURE, head, picture);
}

/* GLib's own word for it; NULL when there is no memory for that either. */
static void end_without_memory(const char *domain, GLogLevelFlags level, const char *text, void *socket)
{
    static const wire_frame frame = {.magic = WIRE_NO_MEMORY, .jpeg_bytes = WIRE_NO_JPEG};
    pipe_patience for_ever = {.left_us = -1};
    (void)domain;
    if (!(level & G_LOG_LEVEL_ERROR) || (text && !strstr(text, "failed to allocate")))
        return;
    pipe_send(GPOINTER_TO_INT(socket), &frame, sizeof frame, &for_ever);
    _exit(EXIT_FAILURE);
}

void page_serve_prepare(int socket)
{
    g_log_set_default_handler(end_without_memory, GINT_TO_POINTER(socket));
}

bool page_serve(int socket, bf_page_worker *worker)
{
    received r = {0};
    bool ok = receive(socket, &r);
    if (ok && (r.jpeg || r.frame.magic == WIRE_TASK))
        ok = r.frame.magic == WIRE_VIEW     ? serve_view(socket, worker, &r)
             : r.frame.magic == WIRE_MANUAL ? serve_manual(socket, worker, &r)
                                            : serve_task(socket, worker, &r);
    else
        ok = false;
    received_clear(&r);
    return ok;
}
