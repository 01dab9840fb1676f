#include "page/page_zygote.h"

#include "blindfold/memory.h"
#include "page/page_pipe.h"
#include "page/page_serve.h"
#include "page/page_wire.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PREPARE_SECONDS = 60 };

/* Everything from `first` on. By the kernel's own call where it has it; else one by one. */
static void close_from(int first)
{
#ifdef SYS_close_range
    if (first > INT_MAX - 1 || syscall(SYS_close_range, (unsigned)first, ~0U, 0) == 0)
        return;
#endif
    for (long fd = first, n = sysconf(_SC_OPEN_MAX); fd < n; fd++)
        close((int)fd);
}

/* Standard input, output and error go nowhere, `keep` becomes 3, and nothing else stays open: not the record, not its lock, not a zip.
 * What libraries would print might be read from a page. */
static int close_all_but(int keep)
{
    int null = open("/dev/null", O_RDWR);
    for (int fd = 0; null >= 0 && fd <= 2; fd++)
        dup2(null, fd);
    if (keep != 3 && dup2(keep, 3) < 0)
        _exit(EXIT_FAILURE);
    close_from(4);
    return 3;
}

/* Whoever ends the run tells its first process, and that tells us; a terminal's Ctrl-C comes to everybody. */
static void ignore_signals(void)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGQUIT};
    for (guint i = 0; i < G_N_ELEMENTS(signals); i++)
        signal(signals[i], SIG_IGN);
}

static void die_with(gint32 parent)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(EXIT_FAILURE);
}

/* Detection and the pictures of an A4 page; and no more of what a page may take at most than this part, since it comes on top of that. */
enum { PAGE_NEEDS_BYTES = 128 << 20, PART = 32 };

/* The life of a page process. */
static void live_as_page(const zygote *z, bf_page_worker *worker, int socket, gint32 parent) G_GNUC_NORETURN;
static void live_as_page(const zygote *z, bf_page_worker *worker, int socket, gint32 parent)
{
    page_hello hello = {0};
    GError *error = NULL;
    pipe_patience for_ever = {.left_us = -1};
    socket = close_all_but(socket);
    die_with(parent);
    bf_memory_expect((size_t)MIN((guint64)PAGE_NEEDS_BYTES, (guint64)z->settings.limits.max_page_bytes / PART));
    hello.ready = bf_guard_compute_only(z->settings.sandbox, z->settings.limits.max_page_bytes, &hello.guard, &error);
    if (error)
        g_strlcpy(hello.message, error->message, sizeof hello.message);
    page_serve_prepare(socket);
    if (pipe_send(socket, &hello, sizeof hello, &for_ever) == PIPE_OK && hello.ready)
        while (page_serve(socket, worker))
            ;
    _exit(EXIT_SUCCESS);
}

static zygote_reply start_page(const zygote *z, bf_page_worker *worker, int *client_end)
{
    int ends[2];
    gint32 self = getpid();
    *client_end = -1;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return (zygote_reply){-1, errno};
    pid_t pid = fork();
    if (pid == 0)
        live_as_page(z, worker, ends[1], self);
    int code = errno;
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return (zygote_reply){-1, code};
    }
    *client_end = ends[0];
    return (zygote_reply){pid, 0};
}

/* Killed at once, and waited for when the next is started: a page's time must not depend on how fast the system takes back a gigabyte. Only
 * waitpid gives a number back to the system, so no stranger is ever met under it. */
static zygote_reply end_page(GArray *pages, GArray *dying, gint32 pid)
{
    for (guint i = 0; i < pages->len; i++)
        if (g_array_index(pages, gint32, i) == pid) {
            kill(pid, SIGKILL);
            g_array_remove_index_fast(pages, i);
            g_array_append_val(dying, pid);
            return (zygote_reply){pid, 0};
        }
    return (zygote_reply){-1, ESRCH};
}

/* Before another one takes memory. */
static void bury(GArray *dying)
{
    for (guint i = 0; i < dying->len; i++)
        while (waitpid(g_array_index(dying, gint32, i), NULL, 0) < 0 && errno == EINTR)
            ;
    g_array_set_size(dying, 0);
}

/* What is learnt here every page process knows that is started from now on. No page is at work in this process, ever. */
static zygote_reply prepare(bf_page_engine *engine, int socket, guint32 bytes)
{
    pipe_patience patience = {.left_us = (gint64)PREPARE_SECONDS * G_USEC_PER_SEC};
    zygote_reply reply = {-1, EPROTO};
    if (socket < 0 || bytes > WIRE_HEAD_MAX || bytes % sizeof(guint32) != 0)
        return reply;
    guint32 *numbers = g_malloc0(bytes + sizeof(guint32));
    if (pipe_receive(socket, numbers, bytes, &patience) == PIPE_OK) {
        g_autoptr(bf_query) query = wire_read_query(numbers, bytes / sizeof(guint32));
        if (query && bf_page_engine_prepare(engine, query, NULL))
            reply = (zygote_reply){0, 0};
    }
    explicit_bzero(numbers, bytes);
    g_free(numbers);
    return reply;
}

/* The page processes that this one has. */
typedef struct {
    GArray *pages, *dying; /* gint32 */
} children;

static zygote_reply obey(const zygote *z, bf_page_worker *worker, children *c, const zygote_request *request, int socket, int *client_end)
{
    *client_end = -1;
    if (request->order == ZYGOTE_PREPARE)
        return prepare(z->engine, socket, request->bytes);
    if (request->order == ZYGOTE_END)
        return end_page(c->pages, c->dying, request->pid);
    bury(c->dying);
    zygote_reply reply = start_page(z, worker, client_end);
    if (reply.pid > 0)
        g_array_append_val(c->pages, reply.pid);
    return reply;
}

static void say_hello(int control, bool ready, const GError *error)
{
    page_hello hello = {.ready = ready};
    if (error)
        g_strlcpy(hello.message, error->message, sizeof hello.message);
    if (!pipe_send_fd(control, &hello, sizeof hello, -1) || !ready)
        _exit(EXIT_FAILURE);
}

void zygote_live(const zygote *z)
{
    bf_page_worker *worker = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) pages = g_array_new(FALSE, FALSE, sizeof(gint32)), dying = g_array_new(FALSE, FALSE, sizeof(gint32));
    children c = {pages, dying};
    ignore_signals();
    int control = close_all_but(z->control);
    die_with(z->parent);
    bf_guard_keep_secrets();
    zygote made = *z;
    bool opened = z->engine || bf_page_engine_new(z->own, &made.engine, &error);
    z = &made;
    bf_memory_give_back(); /* as in page_host.c: for an engine of its own */
    say_hello(control, opened && bf_page_worker_new(z->engine, &worker, &error) && bf_page_worker_warm(worker, &error), error);
    zygote_request request;
    int socket;
    while (pipe_receive_fd(control, &request, sizeof request, &socket)) {
        int client_end;
        zygote_reply reply = obey(z, worker, &c, &request, socket, &client_end);
        bool sent = pipe_send_fd(control, &reply, sizeof reply, client_end);
        if (client_end >= 0)
            close(client_end);
        if (socket >= 0)
            close(socket);
        if (!sent)
            break;
    }
    for (guint i = pages->len; i > 0; i--)
        end_page(pages, dying, g_array_index(pages, gint32, i - 1));
    bury(dying);
    _exit(EXIT_SUCCESS);
}
