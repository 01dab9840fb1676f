/* Who may come in: links that work once, sessions, where requests come from. Inside the review room only. */
#pragma once
#include <libsoup/soup.h>
#include <stdbool.h>

typedef struct gate gate;

typedef struct {
    char *cookie;
    char *reviewer; /* NULL until given */
} gate_session;

/* origin: as browsers see the server, "http://127.0.0.1:8000". */
gate *gate_new(const char *origin);
void gate_free(gate *g);

/* A link that opens one session, once. A new string. */
char *gate_new_link(gate *g);
/* Uses a link's token up; NULL when it is none. The session is the gate's. */
gate_session *gate_enter(gate *g, const char *token);
/* The session whose cookie the request bears, or NULL. */
gate_session *gate_find(gate *g, SoupServerMessage *message);
void gate_set_cookie(const gate *g, SoupServerMessage *message, const gate_session *session);

/* Was the request sent to this server's own name, and (when it says so, and always when it changes something) by this server's own page? */
bool gate_is_own(const gate *g, SoupServerMessage *message);
