/* What page_host.c (the host) and page_client.c (its clients) share (page). */
#pragma once
#include "blindfold/page_host.h"
#include "page/page_zygote.h"

#include <pthread.h>

struct bf_page_host {
    bf_page_host_settings settings;
    pid_t pid;
    int control;
    pthread_mutex_t lock; /* of control: one request and its reply at a time */
    atomic_bool lost;
    atomic_uint generation; /* grows when the engine has learnt something */
    bf_guard_state guard;
    bf_page_client *spare; /* the trial's, until somebody takes it */
};

struct bf_page_client {
    bf_page_host *host;
    gint32 pid; /* 0: there is no process at the moment */
    int socket;
    guint generation; /* the host's when the process was started */
};

bool page_host_fail(GError **error, const char *what, const char *why);
/* One request to the host's process and its reply; fd may be NULL. Thread-safe. */
zygote_reply page_host_ask(bf_page_host *host, zygote_request request, int *fd);
/* Starts the client's process; guard may be NULL. */
bool page_client_start(bf_page_client *c, bf_guard_state *guard, GError **error);
