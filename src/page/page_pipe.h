/* Whole messages over a socket between the run and its page processes (page). */
#pragma once
#include <glib.h>
#include <stdatomic.h>
#include <stdbool.h>

/* For how long to wait, from the first look at it on. All time counts, that of waiting, of copying and of what the caller does in between;
 * but it is looked at every tenth of a second, and what lies between two looks counts for half a second at most: a machine that sleeps or a
 * job that was stopped must not make a page late. */
typedef struct {
    gint64 left_us;            /* < 0: for ever */
    const atomic_bool *cancel; /* may be NULL */
    gint64 looked_us;          /* pipe_tick's own: when it was last looked at; 0: never */
} pipe_patience;

/* Looks: for work between two messages that takes longer than half a second. */
void pipe_tick(pipe_patience *patience);

typedef enum { PIPE_OK = 0, PIPE_CLOSED, PIPE_LATE, PIPE_CANCELLED, PIPE_NO_MEMORY /* the caller had no room for it */ } pipe_outcome;

/* All n bytes, or the reason why not. The socket may be blocking or not. */
pipe_outcome pipe_send(int fd, const void *data, gsize n, pipe_patience *patience);
pipe_outcome pipe_receive(int fd, void *data, gsize n, pipe_patience *patience);

/* A short message with an open file on a SOCK_SEQPACKET socket; fd -1: none. Blocking. */
bool pipe_send_fd(int socket, const void *data, gsize n, int fd);
/* fd: -1 when none came. False at the end, or when the message has another length. */
bool pipe_receive_fd(int socket, void *data, gsize n, int *fd);
