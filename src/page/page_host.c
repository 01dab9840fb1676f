#include "blindfold/memory.h"
#include "page/page_host_internal.h"

#include "page/page_pipe.h"
#include "page/page_wire.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PREPARE_SECONDS = 60 };

bool page_host_fail(GError **error, const char *what, const char *why)
{
    g_set_error(error, BF_PAGE_ERROR, BF_PAGE_ERROR_PROCESS, "%s: %s", what, why);
    return false;
}

zygote_reply page_host_ask(bf_page_host *host, zygote_request request, int *fd)
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

/* The query goes through a socket of its own: it may be longer than a message of the control socket. */
static bool send_query(bf_page_host *host, const GArray *numbers, int ends[2])
{
    const gsize bytes = numbers->len * sizeof(guint32);
    const zygote_request request = {ZYGOTE_PREPARE, 0, (guint32)bytes};
    pipe_patience patience = {.left_us = (gint64)PREPARE_SECONDS * G_USEC_PER_SEC};
    zygote_reply reply = {.pid = -1};
    int none = -1;
    pthread_mutex_lock(&host->lock);
    bool ok = !atomic_load(&host->lost) && pipe_send_fd(host->control, &request, sizeof request, ends[1]) &&
              pipe_send(ends[0], numbers->data, bytes, &patience) == PIPE_OK && pipe_receive_fd(host->control, &reply, sizeof reply, &none);
    if (!ok)
        atomic_store(&host->lost, true);
    pthread_mutex_unlock(&host->lock);
    atomic_fetch_add(&host->generation, 1);
    return reply.pid >= 0;
}

bool bf_page_host_prepare(bf_page_host *host, const bf_query *query, GError **error)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return page_host_fail(error, _("the name's characters cannot be learnt"), g_strerror(errno));
    GArray *numbers = wire_write_query(query);
    bool ok = send_query(host, numbers, ends);
    wire_query_clear(numbers);
    close(ends[0]);
    close(ends[1]);
    return ok || page_host_fail(error, _("the name's characters cannot be learnt"), _("the reader failed"));
}

static bool split_off(bf_page_host *host, bf_page_engine *engine, const bf_page_settings *own, GError **error)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return page_host_fail(error, _("no process for pages can be started"), g_strerror(errno));
    const zygote z = {.engine = engine, .own = own, .settings = host->settings, .control = ends[1], .parent = getpid()};
    bf_memory_give_back(); /* what loading the models left free: else this process keeps it for good */
    host->pid = fork();
    if (host->pid == 0)
        zygote_live(&z);
    int code = errno;
    close(ends[1]);
    host->control = ends[0];
    return host->pid > 0 || page_host_fail(error, _("no process for pages can be started"), g_strerror(code));
}

static bool receive_hello(bf_page_host *host, GError **error)
{
    page_hello hello;
    int none;
    if (!pipe_receive_fd(host->control, &hello, sizeof hello, &none))
        return page_host_fail(error, _("no process for pages can be started"), _("it ended at once"));
    hello.message[sizeof hello.message - 1] = '\0';
    if (!hello.ready)
        g_set_error_literal(error, BF_PAGE_ERROR, BF_PAGE_ERROR_READER, hello.message);
    return hello.ready;
}

bool bf_page_host_wait(bf_page_host *host, GError **error)
{
    bf_page_client *trial = g_new0(bf_page_client, 1);
    trial->host = host;
    pthread_mutex_lock(&host->lock);
    bool ok = receive_hello(host, error);
    pthread_mutex_unlock(&host->lock);
    if (!ok || !page_client_start(trial, &host->guard, error)) {
        atomic_store(&host->lost, true);
        g_free(trial);
        return false;
    }
    pthread_mutex_lock(&host->lock);
    host->spare = trial;
    pthread_mutex_unlock(&host->lock);
    return true;
}

static bf_page_host *make_host(const bf_page_host_settings *settings)
{
    bf_page_host *host = g_new0(bf_page_host, 1);
    host->settings = *settings;
    host->settings.limits = bf_limits_effective(&settings->limits);
    host->control = -1;
    pthread_mutex_init(&host->lock, NULL);
    return host;
}

bool bf_page_host_new(bf_page_engine *engine, const bf_page_host_settings *settings, bf_page_host **out, GError **error)
{
    bf_page_host *host = make_host(settings);
    if (!split_off(host, engine, NULL, error) || !bf_page_host_wait(host, error)) {
        bf_page_host_free(host);
        return false;
    }
    *out = host;
    return true;
}

bool bf_page_host_begin(const bf_page_settings *pages, const bf_page_host_settings *settings, bf_page_host **out, GError **error)
{
    bf_page_host *host = make_host(settings);
    if (!split_off(host, NULL, pages, error)) {
        bf_page_host_free(host);
        return false;
    }
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
    struct pollfd end = {.fd = host->control};
    return atomic_load(&host->lost) || (poll(&end, 1, 0) > 0 && (end.revents & (POLLHUP | POLLERR)) != 0);
}
