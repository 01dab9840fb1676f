#include "review/gate.h"

#include <string.h>
#include <sys/random.h>

#define COOKIE "blindfold"
enum { SECRET_BYTES = 32, LINKS_MAX = 32, SESSIONS_MAX = 32 };

struct gate {
    char *origin, *authority;
    GPtrArray *links;    /* char * */
    GPtrArray *sessions; /* gate_session * */
};

static void session_free(void *data)
{
    gate_session *s = data;
    g_free(s->cookie);
    g_free(s->reviewer);
    g_free(s);
}

static char *new_secret(void)
{
    guint8 bytes[SECRET_BYTES];
    GString *text = g_string_new(NULL);
    if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes)
        g_error("no random numbers");
    for (guint i = 0; i < sizeof bytes; i++)
        g_string_append_printf(text, "%02x", bytes[i]);
    return g_string_free(text, FALSE);
}

/* In a time that does not tell how much of it was right. */
static bool same_secret(const char *a, const char *b)
{
    gsize n = strlen(a);
    guint different = 0;
    if (strlen(b) != n)
        return false;
    for (gsize i = 0; i < n; i++)
        different |= (guint)(guchar)(a[i] ^ b[i]);
    return different == 0;
}

gate *gate_new(const char *origin)
{
    gate *g = g_new0(gate, 1);
    g->origin = g_strdup(origin);
    g->authority = g_strdup(strstr(origin, "://") + 3);
    g->links = g_ptr_array_new_with_free_func(g_free);
    g->sessions = g_ptr_array_new_with_free_func(session_free);
    return g;
}

void gate_free(gate *g)
{
    if (!g)
        return;
    g_ptr_array_unref(g->links);
    g_ptr_array_unref(g->sessions);
    g_free(g->origin);
    g_free(g->authority);
    g_free(g);
}

char *gate_new_link(gate *g)
{
    char *token = new_secret();
    if (g->links->len == LINKS_MAX)
        g_ptr_array_remove_index(g->links, 0);
    g_ptr_array_add(g->links, token);
    return g_strdup_printf("%s/?token=%s", g->origin, token);
}

gate_session *gate_enter(gate *g, const char *token)
{
    for (guint i = 0; token && i < g->links->len; i++) {
        if (!same_secret(g->links->pdata[i], token))
            continue;
        g_ptr_array_remove_index(g->links, i);
        if (g->sessions->len == SESSIONS_MAX)
            g_ptr_array_remove_index(g->sessions, 0);
        gate_session *s = g_new0(gate_session, 1);
        s->cookie = new_secret();
        g_ptr_array_add(g->sessions, s);
        return s;
    }
    return NULL;
}

gate_session *gate_find(gate *g, SoupServerMessage *message)
{
    gate_session *found = NULL;
    const char *header = soup_message_headers_get_list(soup_server_message_get_request_headers(message), "Cookie");
    g_auto(GStrv) parts = g_strsplit(header ? header : "", ";", -1);
    for (char **part = parts; *part && !found; part++) {
        const char *text = g_strstrip(*part);
        if (!g_str_has_prefix(text, COOKIE "="))
            continue;
        for (guint i = 0; i < g->sessions->len; i++) {
            gate_session *s = g->sessions->pdata[i];
            if (same_secret(s->cookie, text + strlen(COOKIE "=")))
                found = s;
        }
    }
    return found;
}

void gate_set_cookie(const gate *g, SoupServerMessage *message, const gate_session *session)
{
    bool secure = g_str_has_prefix(g->origin, "https:");
    g_autofree char *text = g_strdup_printf(COOKIE "=%s; Path=/; HttpOnly; SameSite=Strict%s", session->cookie, secure ? "; Secure" : "");
    soup_message_headers_append(soup_server_message_get_response_headers(message), "Set-Cookie", text);
}

bool gate_is_own(const gate *g, SoupServerMessage *message)
{
    SoupMessageHeaders *headers = soup_server_message_get_request_headers(message);
    const char *host = soup_message_headers_get_one(headers, "Host"), *origin = soup_message_headers_get_one(headers, "Origin");
    const char *site = soup_message_headers_get_one(headers, "Sec-Fetch-Site"), *method = soup_server_message_get_method(message);
    bool changes = strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0;
    if (!host || g_ascii_strcasecmp(host, g->authority) != 0)
        return false;
    if (origin ? g_ascii_strcasecmp(origin, g->origin) != 0 : changes)
        return false;
    return !changes || !site || strcmp(site, "same-origin") == 0;
}
