#include "page/page_host_internal.h"

#include "page/page_order.h"
#include "page/page_pipe.h"
#include "page/page_wire.h"

#include <glib/gi18n.h>
#include <string.h>
#include <unistd.h>

enum { START_SECONDS = 60, VIEW_SECONDS = 30 };

static void end_process(bf_page_client *c)
{
    if (c->pid <= 0)
        return;
    close(c->socket);
    page_host_ask(c->host, (zygote_request){.order = ZYGOTE_END, .pid = c->pid}, NULL);
    c->pid = 0;
}

bool page_client_start(bf_page_client *c, bf_guard_state *guard, GError **error)
{
    page_hello hello;
    pipe_patience patience = {.left_us = (gint64)START_SECONDS * G_USEC_PER_SEC};
    int socket = -1;
    c->generation = atomic_load(&c->host->generation); /* before: rather started once too often */
    zygote_reply reply = page_host_ask(c->host, (zygote_request){.order = ZYGOTE_START}, &socket);
    if (reply.pid <= 0 || socket < 0)
        return page_host_fail(error, _("no process for a page can be started"), g_strerror(reply.status));
    c->pid = reply.pid;
    c->socket = socket;
    if (pipe_receive(socket, &hello, sizeof hello, &patience) != PIPE_OK) {
        end_process(c);
        return page_host_fail(error, _("no process for a page can be started"), _("it ended, or did not answer"));
    }
    if (!hello.ready) {
        hello.message[sizeof hello.message - 1] = '\0';
        end_process(c);
        g_set_error_literal(error, BF_GUARD_ERROR, BF_GUARD_ERROR_MISSING, hello.message);
        return false;
    }
    if (guard)
        *guard = hello.guard;
    return true;
}

bool bf_page_client_new(bf_page_host *host, bf_page_client **out, GError **error)
{
    pthread_mutex_lock(&host->lock);
    bf_page_client *client = g_steal_pointer(&host->spare);
    pthread_mutex_unlock(&host->lock);
    if (!client) {
        client = g_new0(bf_page_client, 1);
        client->host = host;
        if (!page_client_start(client, NULL, error)) {
            g_free(client);
            return false;
        }
    }
    *out = client;
    return true;
}

void bf_page_client_free(bf_page_client *client)
{
    if (!client)
        return;
    end_process(client);
    g_free(client);
}

/* What goes to the process: a frame, then the order and the query (either may be NULL), then the page. */
typedef struct {
    guint32 magic;
    guint32 flags;
    const GArray *order, *query; /* guint32 */
    GBytes *jpeg;
    char *sha256; /* BF_SHA256_HEX bytes: the page's sum is put there while the process works; NULL: not wanted */
} message;

static gsize size_of(const GArray *numbers)
{
    return numbers ? numbers->len * sizeof(guint32) : 0;
}

static pipe_outcome send_message(const bf_page_client *c, const message *m, pipe_patience *patience)
{
    gsize jpeg_bytes;
    const void *jpeg = g_bytes_get_data(m->jpeg, &jpeg_bytes);
    const wire_frame frame = {
        .magic = m->magic, .flags = m->flags, .head_bytes = size_of(m->order) + size_of(m->query), .jpeg_bytes = jpeg_bytes};
    pipe_outcome outcome = pipe_send(c->socket, &frame, sizeof frame, patience);
    if (outcome == PIPE_OK && m->order)
        outcome = pipe_send(c->socket, m->order->data, size_of(m->order), patience);
    if (outcome == PIPE_OK && m->query)
        outcome = pipe_send(c->socket, m->query->data, size_of(m->query), patience);
    return outcome == PIPE_OK ? pipe_send(c->socket, jpeg, jpeg_bytes, patience) : outcome;
}

static pipe_outcome receive_bytes(int socket, guint64 n, GBytes **out, pipe_patience *patience)
{
    guchar *data = g_try_malloc((gsize)MAX(n, 1));
    if (!data)
        return PIPE_NO_MEMORY;
    pipe_outcome outcome = pipe_receive(socket, data, (gsize)n, patience);
    *out = g_bytes_new_take(data, (gsize)n);
    return outcome;
}

/* A process that sends anything else than what was asked for counts as crashed. */
static pipe_outcome receive_message(const bf_page_client *c, guint32 magic, GBytes **head, GBytes **jpeg, pipe_patience *patience)
{
    wire_frame frame;
    pipe_outcome outcome = pipe_receive(c->socket, &frame, sizeof frame, patience);
    if (outcome == PIPE_OK && wire_frame_is(&frame, WIRE_NO_MEMORY))
        return PIPE_NO_MEMORY;
    if (outcome == PIPE_OK && !wire_frame_is(&frame, magic))
        return PIPE_CLOSED;
    if (outcome == PIPE_OK)
        outcome = receive_bytes(c->socket, frame.head_bytes, head, patience);
    if (outcome == PIPE_OK && frame.jpeg_bytes != WIRE_NO_JPEG)
        outcome = receive_bytes(c->socket, frame.jpeg_bytes, jpeg, patience);
    return outcome;
}

/* A process that started before the engine learnt something does not know it. */
static bool is_ready(bf_page_client *c)
{
    if (c->pid > 0 && c->generation != atomic_load(&c->host->generation))
        end_process(c);
    return c->pid > 0 || page_client_start(c, NULL, NULL);
}

/* A page's sum takes half a second where it is large: it is made while its process works, and that time counts. */
static void sum_up(GBytes *jpeg, char hex[BF_SHA256_HEX], pipe_patience *patience)
{
    enum { PIECE = 4 << 20 };
    gsize n;
    const guchar *data = g_bytes_get_data(jpeg, &n);
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    for (gsize at = 0; at < n; at += PIECE) {
        g_checksum_update(sum, data + at, (gssize)MIN(n - at, (gsize)PIECE));
        pipe_tick(patience);
    }
    g_strlcpy(hex, g_checksum_get_string(sum), BF_SHA256_HEX);
}

/* The whole exchange; anything but OK leaves no process. */
static pipe_outcome exchange(bf_page_client *c, const message *m, guint32 answer, GBytes **head, GBytes **jpeg, pipe_patience *patience)
{
    if (!is_ready(c))
        return PIPE_CLOSED;
    pipe_outcome outcome = send_message(c, m, patience);
    if (m->sha256)
        sum_up(m->jpeg, m->sha256, patience);
    if (outcome == PIPE_OK)
        outcome = receive_message(c, answer, head, jpeg, patience);
    else if (outcome == PIPE_CLOSED && receive_message(c, answer, head, jpeg, patience) == PIPE_NO_MEMORY)
        outcome = PIPE_NO_MEMORY; /* it ended before it had everything, and may have said why */
    if (outcome != PIPE_OK)
        end_process(c);
    return outcome;
}

static pipe_patience patience_of(const bf_page_client *c, const atomic_bool *cancel)
{
    return (pipe_patience){.left_us = (gint64)c->host->settings.limits.page_seconds * G_USEC_PER_SEC, .cancel = cancel};
}

/* m: what was asked; its sum is not there yet when no process could be started. */
static void conclude(bf_page_client *c, const message *m, pipe_outcome outcome, bf_page_result *result)
{
    static const char *const reasons[] = {
        [PIPE_CLOSED] = "reader-crashed", [PIPE_LATE] = "time-limit", [PIPE_CANCELLED] = "interrupted", [PIPE_NO_MEMORY] = "out-of-memory"};
    if (outcome != PIPE_OK)
        bf_page_result_add_reason(result, bf_page_host_is_lost(c->host) ? "interrupted" : reasons[outcome]);
    if (m->sha256[0])
        g_strlcpy(result->sha256_in, m->sha256, BF_SHA256_HEX);
    else
        bf_sha256_of(m->jpeg, result->sha256_in);
    if (result->output)
        bf_sha256_of(result->output, result->sha256_out);
}

static pipe_outcome receive_checked(const bf_page_client *c, bf_checked_page *page, pipe_patience *patience)
{
    g_autoptr(GBytes) head = NULL, none = NULL;
    pipe_outcome outcome = receive_message(c, WIRE_FINDINGS, &head, &none, patience);
    return outcome == PIPE_OK && !wire_read_checked(head, page) ? PIPE_CLOSED : outcome;
}

void bf_page_client_process(bf_page_client *c, const bf_page_task *task, bf_page_result *result)
{
    pipe_patience patience = patience_of(c, task->cancel);
    g_autoptr(GBytes) head = NULL, output = NULL;
    g_autoptr(bf_query) both = wire_join_queries(task->query, task->others);
    GArray *query = wire_write_query(both);
    const guint32 flags =
        (task->hit_expected ? WIRE_HIT_EXPECTED : 0U) | (task->check ? WIRE_CHECK : 0U) | (task->check_unmasked ? WIRE_CHECK_UNMASKED : 0U);
    char sum[BF_SHA256_HEX] = "";
    const message m = {.magic = WIRE_TASK, .flags = flags, .query = query, .jpeg = task->jpeg, .sha256 = sum};
    pipe_outcome outcome = exchange(c, &m, WIRE_RESULT, &head, &output, &patience);
    wire_query_clear(query);
    if (outcome == PIPE_OK && !wire_read_result(head, output, result))
        outcome = PIPE_CLOSED;
    if (outcome == PIPE_OK && task->check)
        outcome = receive_checked(c, task->check, &patience);
    if (outcome != PIPE_OK)
        end_process(c);
    conclude(c, &m, outcome, result);
}

void bf_page_client_apply_masks(bf_page_client *c, const bf_page_manual *manual, bf_page_result *result)
{
    pipe_patience patience = patience_of(c, manual->task.cancel);
    g_autoptr(GBytes) head = NULL, output = NULL;
    g_autoptr(GArray) masks = g_array_new(FALSE, FALSE, sizeof(bf_mask));
    if (manual->n_masks > 0)
        g_array_append_vals(masks, manual->masks, manual->n_masks);
    const page_order order = {.turned_from = manual->turned_from,
                              .orientation_deg = manual->orientation_deg,
                              .accept_visible = manual->accept_visible,
                              .masks = masks};
    g_autoptr(GArray) numbers = page_order_write(&order);
    GArray *query = wire_write_query(manual->task.query);
    char sum[BF_SHA256_HEX] = "";
    const message m = {.magic = WIRE_MANUAL, .order = numbers, .query = query, .jpeg = manual->task.jpeg, .sha256 = sum};
    bf_page_result told;
    bf_page_result_init(&told);
    pipe_outcome outcome = exchange(c, &m, WIRE_RESULT, &head, &output, &patience);
    wire_query_clear(query);
    if (outcome == PIPE_OK && (!wire_read_manual_result(head, output, &told) || !page_order_check(manual->masks, manual->n_masks, &told))) {
        bf_page_result_clear(&told);
        end_process(c);
        outcome = PIPE_CLOSED;
    }
    bf_page_result_clear(result);
    *result = told;
    result->by_person = true;
    conclude(c, &m, outcome, result);
}

static bool no_picture(GError **error, pipe_outcome outcome)
{
    static const char *const sentences[] = {[PIPE_OK] = N_("no picture can be made of this page"),
                                            [PIPE_CLOSED] = N_("the process that looked at this page ended"),
                                            [PIPE_LATE] = N_("a picture of this page took too long"),
                                            [PIPE_CANCELLED] = N_("interrupted"),
                                            [PIPE_NO_MEMORY] = N_("no picture can be made of this page")};
    g_set_error_literal(error, BF_PAGE_ERROR, outcome == PIPE_OK ? BF_PAGE_ERROR_PICTURE : BF_PAGE_ERROR_PROCESS, _(sentences[outcome]));
    return false;
}

bool bf_page_client_view(bf_page_client *c, const bf_page_look *look, bf_page_picture *out, GError **error)
{
    pipe_patience patience = patience_of(c, look->cancel);
    g_autoptr(GBytes) head = NULL, jpeg = NULL;
    const page_order order = {.turned_from = look->turned_from,
                              .orientation_deg = look->turn_deg,
                              .long_side_px = look->long_side_px,
                              .masked = look->masks != NULL,
                              .masks = look->masks};
    g_autoptr(GArray) numbers = page_order_write(&order);
    const message m = {.magic = WIRE_VIEW, .order = numbers, .jpeg = look->jpeg};
    bf_page_picture picture = {0};
    patience.left_us = MIN(patience.left_us, (gint64)VIEW_SECONDS * G_USEC_PER_SEC);
    pipe_outcome outcome = exchange(c, &m, WIRE_PICTURE, &head, &jpeg, &patience);
    if (outcome != PIPE_OK)
        return no_picture(error, outcome);
    if (!jpeg)
        return no_picture(error, PIPE_OK);
    if (!page_picture_read(head, &picture) || !wire_has_ends(jpeg)) {
        end_process(c);
        return no_picture(error, PIPE_CLOSED);
    }
    picture.jpeg = g_steal_pointer(&jpeg);
    *out = picture;
    return true;
}

GBytes *bf_page_client_thumbnail(bf_page_client *c, const bf_page_result *result)
{
    bool held = result->decision == BF_DECISION_REVIEW;
    const bf_page_look look = {
        .jpeg = result->output, .turn_deg = result->orientation_deg, .long_side_px = held ? BF_HELD_THUMBNAIL_PX : BF_THUMBNAIL_PX};
    bf_page_picture picture;
    return c && result->output && bf_page_client_view(c, &look, &picture, NULL) ? picture.jpeg : NULL;
}
