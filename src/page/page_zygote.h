/* The host's own process and the page processes that it splits off (page). Runs in them; page_host.c is the other side. */
#pragma once
#include "blindfold/page_host.h"
#include "page/sheet.h"

typedef enum { ZYGOTE_START, ZYGOTE_END, ZYGOTE_PREPARE } zygote_order;
typedef struct {
    gint32 order;  /* zygote_order */
    gint32 pid;    /* END: whom */
    guint32 bytes; /* PREPARE: of the query, which comes through the socket that comes along */
} zygote_request;

/* The answer to each: of START with the page process's socket. */
typedef struct {
    gint32 pid;    /* < 1: it did not work; PREPARE: < 0 */
    gint32 status; /* why it did not: an errno */
} zygote_reply;

/* The first thing that a page process says. */
typedef struct {
    guint32 ready;
    bf_guard_state guard;
    char message[200]; /* why it is not ready */
} page_hello;

typedef struct {
    bf_page_engine *engine;      /* NULL: it makes one of its own */
    const bf_page_settings *own; /* with these */
    bf_page_host_settings settings;
    int control; /* SOCK_SEQPACKET: requests and replies */
    gint32 parent;
} zygote;

/* The life of the host's process; never comes back. */
void zygote_live(const zygote *z) G_GNUC_NORETURN;
