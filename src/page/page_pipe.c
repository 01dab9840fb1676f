#include "page/page_pipe.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SLICE_MS = 100, SLICE_COUNTS_US = 500 * 1000 };

void pipe_tick(pipe_patience *patience)
{
    gint64 now = g_get_monotonic_time();
    if (patience->left_us > 0 && patience->looked_us > 0)
        patience->left_us = MAX(0, patience->left_us - MIN(now - patience->looked_us, SLICE_COUNTS_US));
    patience->looked_us = now;
}

/* Time counts also where the other side is ready: one that sends a byte now and then would else never be late. */
static pipe_outcome wait_for(int fd, short events, pipe_patience *patience)
{
    for (;;) {
        pipe_tick(patience);
        if (patience->cancel && atomic_load(patience->cancel))
            return PIPE_CANCELLED;
        if (patience->left_us == 0)
            return PIPE_LATE;
        struct pollfd p = {.fd = fd, .events = events};
        int n = poll(&p, 1, patience->left_us < 0 && !patience->cancel ? -1 : SLICE_MS);
        if (n > 0)
            return PIPE_OK; /* also when the other side is gone: then reading or writing tells */
        if (n < 0 && errno != EINTR)
            return PIPE_CLOSED;
    }
}

pipe_outcome pipe_send(int fd, const void *data, gsize n, pipe_patience *patience)
{
    const char *p = data;
    while (n > 0) {
        pipe_outcome ready = wait_for(fd, POLLOUT, patience);
        if (ready != PIPE_OK)
            return ready;
        ssize_t k = send(fd, p, n, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (k < 0 && errno != EINTR && errno != EAGAIN)
            return PIPE_CLOSED;
        if (k > 0) {
            p += k;
            n -= (gsize)k;
        }
    }
    return PIPE_OK;
}

pipe_outcome pipe_receive(int fd, void *data, gsize n, pipe_patience *patience)
{
    char *p = data;
    while (n > 0) {
        pipe_outcome ready = wait_for(fd, POLLIN, patience);
        if (ready != PIPE_OK)
            return ready;
        ssize_t k = recv(fd, p, n, MSG_DONTWAIT);
        if (k == 0 || (k < 0 && errno != EINTR && errno != EAGAIN))
            return PIPE_CLOSED;
        if (k > 0) {
            p += k;
            n -= (gsize)k;
        }
    }
    return PIPE_OK;
}

typedef union {
    char bytes[CMSG_SPACE(sizeof(int))];
    struct cmsghdr aligned;
} fd_control;

bool pipe_send_fd(int socket, const void *data, gsize n, int fd)
{
    fd_control control = {0};
    struct iovec part = {(void *)data, n};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    if (fd >= 0) {
        message.msg_control = &control;
        message.msg_controllen = sizeof control.bytes;
        struct cmsghdr *c = CMSG_FIRSTHDR(&message);
        c->cmsg_level = SOL_SOCKET;
        c->cmsg_type = SCM_RIGHTS;
        c->cmsg_len = CMSG_LEN(sizeof fd);
        memcpy(CMSG_DATA(c), &fd, sizeof fd);
    }
    ssize_t k;
    do
        k = sendmsg(socket, &message, MSG_NOSIGNAL);
    while (k < 0 && errno == EINTR);
    return k == (ssize_t)n;
}

bool pipe_receive_fd(int socket, void *data, gsize n, int *fd)
{
    fd_control control = {0};
    struct iovec part = {data, n};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control.bytes};
    ssize_t k;
    do
        k = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    while (k < 0 && errno == EINTR);
    *fd = -1;
    struct cmsghdr *c = k >= 0 ? CMSG_FIRSTHDR(&message) : NULL;
    if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS && c->cmsg_len == CMSG_LEN(sizeof *fd))
        memcpy(fd, CMSG_DATA(c), sizeof *fd);
    if (k == (ssize_t)n)
        return true;
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
    return false;
}
