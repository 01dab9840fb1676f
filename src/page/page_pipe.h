/* Whole messages over a socket between the run and its page processes (page). */
#pragma once
#include <glib.h>
#include <stdatomic.h>
#include <stdbool.h>

/* For how long to wait. Time is counted in slices, and a slice counts for half a second at most: a machine that sleeps, a job that was
 * stopped, or one so loaded that nobody runs must not make a page late. */
typedef struct {
    gint64 left_us;            /* < 0: for ever */
    const atomic_bool *cancel; /* may be NULL */
} pipe_patience;

typedef enum { PIPE_OK = 0, PIPE_CLOSED, PIPE_LATE, PIPE_CANCELLED, PIPE_NO_MEMORY /* the caller had no room for it */ } pipe_outcome;

/* All n bytes, or the reason why not. The socket may be blocking or not. */
pipe_outcome pipe_send(int fd, const void *data, gsize n, pipe_patience *patience);
pipe_outcome pipe_receive(int fd, void *data, gsize n, pipe_patience *patience);

/* A short message with an open file on a SOCK_SEQPACKET socket; fd -1: none. Blocking. */
bool pipe_send_fd(int socket, const void *data, gsize n, int fd);
/* fd: -1 when none came. False at the end, or when the message has another length. */
bool pipe_receive_fd(int socket, void *data, gsize n, int *fd);
