#include "page/page_zygote.h"

#include "page/page_pipe.h"
#include "page/page_wire.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

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

static bool receive_task(int socket, wire_frame *frame, bf_query **query, GBytes **jpeg)
{
    pipe_patience for_ever = {.left_us = -1};
    if (pipe_receive(socket, frame, sizeof *frame, &for_ever) != PIPE_OK || !wire_frame_is(frame, WIRE_TASK) ||
        frame->jpeg_bytes == WIRE_NO_JPEG || frame->head_bytes % sizeof(guint32) != 0)
        return false;
    guint n = (guint)(frame->head_bytes / sizeof(guint32));
    g_autoptr(GArray) numbers = g_array_sized_new(FALSE, FALSE, sizeof(guint32), n);
    g_array_set_size(numbers, n);
    guchar *data = g_try_malloc((gsize)MAX(frame->jpeg_bytes, 1));
    bool ok = data && pipe_receive(socket, numbers->data, (gsize)frame->head_bytes, &for_ever) == PIPE_OK &&
              pipe_receive(socket, data, (gsize)frame->jpeg_bytes, &for_ever) == PIPE_OK;
    *query = ok ? wire_read_query((const guint32 *)(gconstpointer)numbers->data, n) : NULL;
    if (n > 0)
        explicit_bzero(numbers->data, n * sizeof(guint32));
    *jpeg = g_bytes_new_take(data, data ? (gsize)frame->jpeg_bytes : 0);
    return *query != NULL;
}

static bool send_result(int socket, const bf_page_result *result)
{
    pipe_patience for_ever = {.left_us = -1};
    g_autoptr(GBytes) head = wire_write_result(result);
    gsize head_bytes, output_bytes = 0;
    const void *head_data = g_bytes_get_data(head, &head_bytes);
    const void *output = result->output ? g_bytes_get_data(result->output, &output_bytes) : NULL;
    const wire_frame frame = {.magic = WIRE_RESULT, .head_bytes = head_bytes, .jpeg_bytes = output ? output_bytes : WIRE_NO_JPEG};
    return pipe_send(socket, &frame, sizeof frame, &for_ever) == PIPE_OK &&
           pipe_send(socket, head_data, head_bytes, &for_ever) == PIPE_OK && pipe_send(socket, output, output_bytes, &for_ever) == PIPE_OK;
}

static bool send_checked(int socket, const bf_checked_page *page)
{
    pipe_patience for_ever = {.left_us = -1};
    g_autoptr(GBytes) head = wire_write_checked(page);
    gsize head_bytes;
    const void *head_data = g_bytes_get_data(head, &head_bytes);
    const wire_frame frame = {.magic = WIRE_FINDINGS, .head_bytes = head_bytes, .jpeg_bytes = WIRE_NO_JPEG};
    return pipe_send(socket, &frame, sizeof frame, &for_ever) == PIPE_OK && pipe_send(socket, head_data, head_bytes, &for_ever) == PIPE_OK;
}

static bool serve_one(int socket, bf_page_worker *worker)
{
    wire_frame frame;
    bf_query *query = NULL;
    GBytes *jpeg = NULL;
    bf_page_result result;
    bool ok = receive_task(socket, &frame, &query, &jpeg);
    if (ok) {
        g_autoptr(bf_query) others = wire_split_query(query);
        const bf_page_task task = {.jpeg = jpeg,
                                   .query = query,
                                   .others = others,
                                   .hit_expected = (frame.flags & WIRE_HIT_EXPECTED) != 0,
                                   .check = frame.flags & WIRE_CHECK ? bf_checked_page_new() : NULL,
                                   .check_unmasked = (frame.flags & WIRE_CHECK_UNMASKED) != 0};
        bf_page_result_init(&result);
        bf_page_process(worker, &task, &result);
        ok = send_result(socket, &result) && (!task.check || send_checked(socket, task.check));
        bf_page_result_clear(&result);
        bf_checked_page_free(task.check);
    }
    bf_query_free(query);
    g_clear_pointer(&jpeg, g_bytes_unref);
    return ok;
}

/* The life of a page process. */
static void live_as_page(const zygote *z, bf_page_worker *worker, int socket, gint32 parent) G_GNUC_NORETURN;
static void live_as_page(const zygote *z, bf_page_worker *worker, int socket, gint32 parent)
{
    page_hello hello = {0};
    GError *error = NULL;
    pipe_patience for_ever = {.left_us = -1};
    socket = close_all_but(socket);
    die_with(parent);
    hello.ready = bf_guard_compute_only(z->settings.sandbox, z->settings.limits.max_page_bytes, &hello.guard, &error);
    if (error)
        g_strlcpy(hello.message, error->message, sizeof hello.message);
    if (pipe_send(socket, &hello, sizeof hello, &for_ever) == PIPE_OK && hello.ready)
        while (serve_one(socket, worker))
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

/* Only waitpid gives a number back to the system, so no stranger is ever met under it. */
static zygote_reply end_page(GArray *pages, gint32 pid)
{
    for (guint i = 0; i < pages->len; i++)
        if (g_array_index(pages, gint32, i) == pid) {
            int status = 0;
            kill(pid, SIGKILL);
            while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
                ;
            g_array_remove_index_fast(pages, i);
            return (zygote_reply){pid, status};
        }
    return (zygote_reply){-1, ESRCH};
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
    g_autoptr(GArray) pages = g_array_new(FALSE, FALSE, sizeof(gint32));
    ignore_signals();
    int control = close_all_but(z->control);
    die_with(z->parent);
    bf_guard_keep_secrets();
    say_hello(control, bf_page_worker_new(z->engine, &worker, &error) && bf_page_worker_warm(worker, &error), error);
    zygote_request request;
    int none;
    while (pipe_receive_fd(control, &request, sizeof request, &none)) {
        int client_end = -1;
        zygote_reply reply = request.order == ZYGOTE_START ? start_page(z, worker, &client_end) : end_page(pages, request.pid);
        if (request.order == ZYGOTE_START && reply.pid > 0)
            g_array_append_val(pages, reply.pid);
        bool sent = pipe_send_fd(control, &reply, sizeof reply, client_end);
        if (client_end >= 0)
            close(client_end);
        if (!sent)
            break;
    }
    for (guint i = pages->len; i > 0; i--)
        end_page(pages, g_array_index(pages, gint32, i - 1));
    _exit(EXIT_SUCCESS);
}
