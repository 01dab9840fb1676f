#include "blindfold/page_host.h"

#include "page/page_pipe.h"
#include "page/page_wire.h"
#include "page/page_zygote.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { START_SECONDS = 60 };

struct bf_page_host {
    bf_page_host_settings settings;
    pid_t pid;
    int control;
    pthread_mutex_t lock; /* of control: one request and its reply at a time */
    atomic_bool lost;
    bf_guard_state guard;
    bf_page_client *spare; /* the trial's, until somebody takes it */
};

struct bf_page_client {
    bf_page_host *host;
    gint32 pid; /* 0: there is no process at the moment */
    int socket;
};

static bool fail(GError **error, const char *what, const char *why)
{
    g_set_error(error, BF_PAGE_ERROR, BF_PAGE_ERROR_PROCESS, "%s: %s", what, why);
    return false;
}

static zygote_reply ask(bf_page_host *host, zygote_request request, int *fd)
{
    zygote_reply reply = {0};
    int unused = -1;
    pthread_mutex_lock(&host->lock);
    bool ok = !atomic_load(&host->lost) && pipe_send_fd(host->control, &request, sizeof request, -1) &&
              pipe_receive_fd(host->control, &reply, sizeof reply, fd ? fd : &unused);
    if (!ok) {
        atomic_store(&host->lost, true);
        reply = (zygote_reply){-1, EPIPE};
    }
    pthread_mutex_unlock(&host->lock);
    if (unused >= 0)
        close(unused);
    return reply;
}

static void end_process(bf_page_client *c)
{
    if (c->pid <= 0)
        return;
    close(c->socket);
    ask(c->host, (zygote_request){ZYGOTE_END, c->pid}, NULL);
    c->pid = 0;
}

/* guard may be NULL. */
static bool start_process(bf_page_client *c, bf_guard_state *guard, GError **error)
{
    page_hello hello;
    pipe_patience patience = {.left_us = (gint64)START_SECONDS * G_USEC_PER_SEC};
    int socket = -1;
    zygote_reply reply = ask(c->host, (zygote_request){ZYGOTE_START, 0}, &socket);
    if (reply.pid <= 0 || socket < 0)
        return fail(error, _("no process for a page can be started"), g_strerror(reply.status));
    c->pid = reply.pid;
    c->socket = socket;
    if (pipe_receive(socket, &hello, sizeof hello, &patience) != PIPE_OK) {
        end_process(c);
        return fail(error, _("no process for a page can be started"), _("it ended, or did not answer"));
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

static bool start_host(bf_page_host *host, bf_page_engine *engine, GError **error)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return fail(error, _("no process for pages can be started"), g_strerror(errno));
    const zygote z = {.engine = engine, .settings = host->settings, .control = ends[1], .parent = getpid()};
    host->pid = fork();
    if (host->pid == 0)
        zygote_live(&z);
    int code = errno;
    close(ends[1]);
    host->control = ends[0];
    if (host->pid < 0)
        return fail(error, _("no process for pages can be started"), g_strerror(code));
    page_hello hello;
    int none;
    if (!pipe_receive_fd(host->control, &hello, sizeof hello, &none))
        return fail(error, _("no process for pages can be started"), _("it ended at once"));
    hello.message[sizeof hello.message - 1] = '\0';
    if (!hello.ready)
        g_set_error_literal(error, BF_PAGE_ERROR, BF_PAGE_ERROR_READER, hello.message);
    return hello.ready;
}

bool bf_page_host_new(bf_page_engine *engine, const bf_page_host_settings *settings, bf_page_host **out, GError **error)
{
    bf_page_host *host = g_new0(bf_page_host, 1);
    host->settings = *settings;
    host->settings.limits = bf_limits_effective(&settings->limits);
    host->control = -1;
    pthread_mutex_init(&host->lock, NULL);
    bf_page_client *trial = g_new0(bf_page_client, 1);
    trial->host = host;
    if (!start_host(host, engine, error) || !start_process(trial, &host->guard, error)) {
        g_free(trial);
        bf_page_host_free(host);
        return false;
    }
    host->spare = trial;
    *out = host;
    return true;
}

void bf_page_host_free(bf_page_host *host)
{
    if (!host)
        return;
    bf_page_client_free(g_steal_pointer(&host->spare));
    if (host->control >= 0)
        close(host->control); /* tells it to end */
    while (host->pid > 0 && waitpid(host->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    pthread_mutex_destroy(&host->lock);
    g_free(host);
}

bf_guard_state bf_page_host_guard(const bf_page_host *host)
{
    return host->guard;
}

bool bf_page_host_is_lost(const bf_page_host *host)
{
    return atomic_load(&host->lost);
}

bool bf_page_client_new(bf_page_host *host, bf_page_client **out, GError **error)
{
    pthread_mutex_lock(&host->lock);
    bf_page_client *client = g_steal_pointer(&host->spare);
    pthread_mutex_unlock(&host->lock);
    if (!client) {
        client = g_new0(bf_page_client, 1);
        client->host = host;
        if (!start_process(client, NULL, error)) {
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

static pipe_outcome send_task(const bf_page_client *c, const bf_page_task *task, pipe_patience *patience)
{
    gsize jpeg_bytes;
    const void *jpeg = g_bytes_get_data(task->jpeg, &jpeg_bytes);
    g_autoptr(bf_query) both = wire_join_queries(task->query, task->others);
    GArray *query = wire_write_query(both);
    const guint32 flags =
        (task->hit_expected ? WIRE_HIT_EXPECTED : 0U) | (task->check ? WIRE_CHECK : 0U) | (task->check_unmasked ? WIRE_CHECK_UNMASKED : 0U);
    const wire_frame frame = {.magic = WIRE_TASK, .flags = flags, .head_bytes = query->len * sizeof(guint32), .jpeg_bytes = jpeg_bytes};
    pipe_outcome outcome = pipe_send(c->socket, &frame, sizeof frame, patience);
    if (outcome == PIPE_OK)
        outcome = pipe_send(c->socket, query->data, (gsize)frame.head_bytes, patience);
    if (outcome == PIPE_OK)
        outcome = pipe_send(c->socket, jpeg, jpeg_bytes, patience);
    wire_query_clear(query);
    return outcome;
}

static pipe_outcome receive_bytes(int socket, guint64 n, GBytes **out, pipe_patience *patience)
{
    guchar *data = g_try_malloc((gsize)MAX(n, 1));
    if (!data)
        return PIPE_CLOSED;
    pipe_outcome outcome = pipe_receive(socket, data, (gsize)n, patience);
    *out = g_bytes_new_take(data, (gsize)n);
    return outcome;
}

/* A process that sends anything else than a sound result counts as crashed. */
static pipe_outcome receive_result(const bf_page_client *c, bf_page_result *result, pipe_patience *patience)
{
    wire_frame frame;
    g_autoptr(GBytes) head = NULL, output = NULL;
    pipe_outcome outcome = pipe_receive(c->socket, &frame, sizeof frame, patience);
    if (outcome == PIPE_OK && !wire_frame_is(&frame, WIRE_RESULT))
        return PIPE_CLOSED;
    if (outcome == PIPE_OK)
        outcome = receive_bytes(c->socket, frame.head_bytes, &head, patience);
    if (outcome == PIPE_OK && frame.jpeg_bytes != WIRE_NO_JPEG)
        outcome = receive_bytes(c->socket, frame.jpeg_bytes, &output, patience);
    if (outcome == PIPE_OK && !wire_read_result(head, output, result))
        return PIPE_CLOSED;
    return outcome;
}

static pipe_outcome receive_checked(const bf_page_client *c, bf_checked_page *page, pipe_patience *patience)
{
    wire_frame frame;
    g_autoptr(GBytes) head = NULL;
    pipe_outcome outcome = pipe_receive(c->socket, &frame, sizeof frame, patience);
    if (outcome == PIPE_OK && !wire_frame_is(&frame, WIRE_FINDINGS))
        return PIPE_CLOSED;
    if (outcome == PIPE_OK)
        outcome = receive_bytes(c->socket, frame.head_bytes, &head, patience);
    if (outcome == PIPE_OK && !wire_read_checked(head, page))
        return PIPE_CLOSED;
    return outcome;
}

void bf_page_client_process(bf_page_client *c, const bf_page_task *task, bf_page_result *result)
{
    static const char *const reasons[] = {[PIPE_CLOSED] = "reader-crashed", [PIPE_LATE] = "time-limit", [PIPE_CANCELLED] = "interrupted"};
    pipe_patience patience = {.left_us = (gint64)c->host->settings.limits.page_seconds * G_USEC_PER_SEC, .cancel = task->cancel};
    pipe_outcome outcome = PIPE_CLOSED;
    if (c->pid > 0 || start_process(c, NULL, NULL)) {
        outcome = send_task(c, task, &patience);
        if (outcome == PIPE_OK)
            outcome = receive_result(c, result, &patience);
        if (outcome == PIPE_OK && task->check)
            outcome = receive_checked(c, task->check, &patience);
        if (outcome != PIPE_OK)
            end_process(c);
    }
    if (outcome != PIPE_OK)
        bf_page_result_add_reason(result, bf_page_host_is_lost(c->host) ? "interrupted" : reasons[outcome]);
    bf_sha256_of(task->jpeg, result->sha256_in);
    if (result->output)
        bf_sha256_of(result->output, result->sha256_out);
}
