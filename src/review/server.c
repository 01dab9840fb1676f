#include "review/gate.h"
#include "review/pictures.h"

#include "blindfold/batch.h"

#include <errno.h>
#include <gio/gunixsocketaddress.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

G_DEFINE_QUARK(bf - review - error - quark, bf_review_error)

void review_web_register_resource(void); /* made of web/ */

enum { REVIEWER_MAX = 60, HOST_WATCH_MS = 1000 };

typedef struct {
    desk desk;
    SoupServer *server;
    GMainLoop *loop;
    guint sources[6]; /* signals, idle, links, reading, host; 0: none */
} review;

/* A request on its way through the routes. */
typedef struct {
    review *r;
    desk *d;
    SoupServerMessage *message;
    gate_session *session;
    char **path; /* parts of the path, decoded; path[0] is "api", "img", ... */
    guint n_path;
    JsonObject *body; /* of a POST */
} request;

/* ---- answers ---- */

static void answer_text(SoupServerMessage *message, guint status, const char *type, const char *text, gsize length)
{
    soup_server_message_set_status(message, status, NULL);
    soup_server_message_set_response(message, type, SOUP_MEMORY_COPY, text, length);
}

static void answer_json(SoupServerMessage *message, guint status, JsonNode *node)
{
    g_autofree char *text = json_to_string(node, FALSE);
    answer_text(message, status, "application/json; charset=utf-8", text, strlen(text));
    json_node_unref(node);
}

static void answer_error(SoupServerMessage *message, guint status, const char *word)
{
    g_autofree char *text = g_strdup_printf("{\"error\":\"%s\"}", word ? word : "server");
    answer_text(message, status, "application/json; charset=utf-8", text, strlen(text));
}

static const char *type_of(const char *name)
{
    static const char *const types[][2] = {
        {".js", "text/javascript; charset=utf-8"}, {".css", "text/css; charset=utf-8"}, {".svg", "image/svg+xml"}};
    for (guint i = 0; i < G_N_ELEMENTS(types); i++)
        if (g_str_has_suffix(name, types[i][0]))
            return types[i][1];
    return "text/html; charset=utf-8";
}

static void answer_resource(SoupServerMessage *message, guint status, const char *name)
{
    g_autofree char *path = g_strconcat("/blindfold/review/", name, NULL);
    g_autoptr(GBytes) bytes = strchr(name, '/') ? NULL : g_resources_lookup_data(path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
    if (!bytes) {
        answer_error(message, 404, "unknown");
        return;
    }
    answer_text(message, status, type_of(name), g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

/* Nothing from elsewhere, nothing kept, nothing framed. */
static void add_headers(SoupServerMessage *message)
{
    static const char *const headers[][2] = {
        {"Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
                                    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"},
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "no-referrer"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Permissions-Policy", "camera=(), microphone=(), geolocation=()"},
        {"Cache-Control", "no-store"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(headers); i++)
        soup_message_headers_replace(soup_server_message_get_response_headers(message), headers[i][0], headers[i][1]);
}

/* ---- routes ---- */

static bool is_post(const request *q)
{
    return q->body != NULL;
}

static bool path_is(const request *q, guint place, const char *word)
{
    return place < q->n_path && strcmp(q->path[place], word) == 0;
}

static bool parse_number(const char *text, guint64 max, guint *out)
{
    guint64 value;
    if (!g_ascii_string_to_unsigned(text, 10, 0, max, &value, NULL))
        return false;
    *out = (guint)value;
    return true;
}

static void set_reviewer(request *q)
{
    g_autofree char *name = g_strdup(body_text(q->body, "name"));
    g_strstrip(name);
    bool good = *name && g_utf8_validate(name, -1, NULL) && g_utf8_strlen(name, -1) <= REVIEWER_MAX;
    for (const char *c = name; good && *c; c = g_utf8_next_char(c))
        good = g_unichar_isprint(g_utf8_get_char(c));
    if (!good || q->session->reviewer) {
        answer_error(q->message, good ? 409 : 400, "name");
        return;
    }
    q->session->reviewer = g_steal_pointer(&name);
    answer_text(q->message, 200, "application/json", "{}", 2);
}

static void invite(request *q)
{
    g_autofree char *link = gate_new_link(q->d->gate);
    JsonObject *object = json_object_new();
    json_object_set_string_member(object, "url", link);
    JsonNode *node = json_node_new(JSON_NODE_OBJECT);
    json_node_take_object(node, object);
    answer_json(q->message, 200, node);
}

static void spot(request *q)
{
    const char *word = NULL;
    guint status = is_post(q) ? desk_spot_answer(q->d, q->body, q->session->reviewer, &word) : 200;
    JsonNode *node = status == 200 ? desk_spot_to_json(q->d, true) : NULL;
    if (node)
        answer_json(q->message, 200, node);
    else
        answer_error(q->message, status == 200 ? 404 : status, word ? word : "unknown");
}

/* /api/packages/ID[/finish | /pages/N/decide | /pages/N/undo | /files/INDEX/decide] */
static void package(request *q)
{
    desk_package *p = q->n_path >= 3 ? desk_find(q->d, q->path[2]) : NULL;
    const char *word = "unknown", *who = q->session->reviewer;
    guint status = 404, n = 0;
    bool item = p && is_post(q) && q->n_path == 6;
    if (p)
        desk_open_package(q->d, p);
    if (p && !is_post(q) && q->n_path == 3)
        status = 200;
    else if (p && is_post(q) && q->n_path == 4 && path_is(q, 3, "finish"))
        status = desk_finish(q->d, p, who, &word);
    else if (item && path_is(q, 3, "pages") && parse_number(q->path[4], p->result->pages->len - 1, &n) && p->result->pages->len > 0)
        status = path_is(q, 5, "decide") ? desk_decide_page(q->d, p, n, q->body, who, &word)
                 : path_is(q, 5, "undo") ? desk_undo_page(q->d, p, n, q->body, who, &word)
                                         : 404;
    else if (item && path_is(q, 3, "files") && path_is(q, 5, "decide") && parse_number(q->path[4], G_MAXUINT, &n))
        status = desk_decide_file(q->d, p, n, q->body, who, &word);
    if (status == 200)
        answer_json(q->message, 200, desk_package_to_json(q->d, p));
    else
        answer_error(q->message, status, word);
}

static void api(request *q)
{
    if (is_post(q) && !q->session->reviewer && !path_is(q, 1, "reviewer"))
        answer_error(q->message, 403, "reviewer");
    else if (path_is(q, 1, "state") && !is_post(q))
        answer_json(q->message, 200, desk_list_to_json(q->d, q->session->reviewer));
    else if (path_is(q, 1, "words") && !is_post(q))
        answer_json(q->message, 200, desk_words_to_json());
    else if (path_is(q, 1, "reviewer") && is_post(q))
        set_reviewer(q);
    else if (path_is(q, 1, "invite") && is_post(q))
        invite(q);
    else if (path_is(q, 1, "spot"))
        spot(q);
    else if (path_is(q, 1, "packages"))
        package(q);
    else
        answer_error(q->message, 404, "unknown");
}

/* /img/ID/N/before|after|final/SIZE; after: a POST with masks */
static void image(request *q)
{
    static const char *const kinds[] = {"before", "after", "final"};
    static const char *const sizes[] = {"0", "240", "1000", "2000"};
    desk_package *p = q->n_path == 5 ? desk_find(q->d, q->path[1]) : NULL;
    const char *word = "unknown";
    guint place = 0, kind = 0, size = 0;
    while (p && kind < G_N_ELEMENTS(kinds) && !path_is(q, 3, kinds[kind]))
        kind++;
    while (p && size < G_N_ELEMENTS(sizes) && !path_is(q, 4, sizes[size]))
        size++;
    bool good = p && p->result->pages->len > 0 && parse_number(q->path[2], p->result->pages->len - 1, &place) &&
                kind < G_N_ELEMENTS(kinds) && size < G_N_ELEMENTS(sizes) && (kind == PICTURE_AFTER) == is_post(q);
    g_autoptr(GArray) masks = NULL;
    if (good)
        desk_open_package(q->d, p);
    if (good && kind == PICTURE_AFTER) {
        const bf_page_result *page = &((const bf_page_record *)p->result->pages->pdata[place])->page;
        masks = desk_parse_masks(page, &p->pages[place], body_list(q->body, "masks"), &word);
        good = masks != NULL;
    }
    if (good)
        pictures_answer(q->d->pictures, q->message, p, place, (picture_kind)kind, (int)g_ascii_strtoll(sizes[size], NULL, 10),
                        g_steal_pointer(&masks));
    else
        answer_error(q->message, strcmp(word, "unknown") == 0 ? 404 : 409, word);
}

static void returns(request *q, bool csv)
{
    g_autofree char *text = csv ? desk_returns_csv(q->d) : desk_returns_html(q->d);
    if (!csv) /* it has its own style within */
        soup_message_headers_replace(soup_server_message_get_response_headers(q->message), "Content-Security-Policy",
                                     "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
    answer_text(q->message, 200, csv ? "text/csv; charset=utf-8" : "text/html; charset=utf-8", text, strlen(text));
}

/* Relative: behind a proxy only the browser knows the scheme. */
static void go_to_front(SoupServerMessage *message)
{
    soup_server_message_set_status(message, 303, NULL);
    soup_message_headers_replace(soup_server_message_get_response_headers(message), "Location", "/");
}

/* The page itself, and the link that opens it: the token is used up and goes from the address. */
static void front(request *q, GHashTable *query)
{
    const char *token = query ? g_hash_table_lookup(query, "token") : NULL;
    gate_session *entered = token ? gate_enter(q->d->gate, token) : NULL;
    if (entered) {
        gate_set_cookie(q->d->gate, q->message, entered);
        go_to_front(q->message);
    } else if (q->session && token) {
        go_to_front(q->message);
    } else if (q->session) {
        answer_resource(q->message, 200, "index.html");
    } else {
        answer_resource(q->message, 403, "denied.html");
    }
}

static void dispatch(request *q, GHashTable *query)
{
    if (q->n_path == 0 && !is_post(q))
        front(q, query);
    else if (q->n_path == 2 && path_is(q, 0, "app") && !is_post(q))
        answer_resource(q->message, 200, q->path[1]);
    else if (!q->session)
        answer_error(q->message, 403, "session");
    else if (path_is(q, 0, "api") && q->n_path >= 2)
        api(q);
    else if (path_is(q, 0, "img"))
        image(q);
    else if (q->n_path == 1 && !is_post(q) && (path_is(q, 0, "returns.csv") || path_is(q, 0, "returns.html")))
        returns(q, path_is(q, 0, "returns.csv"));
    else
        answer_error(q->message, 404, "unknown");
}

/* The body of a POST as an object, or NULL. */
static JsonNode *parse_body(SoupServerMessage *message)
{
    SoupMessageBody *body = soup_server_message_get_request_body(message);
    const char *type = soup_message_headers_get_content_type(soup_server_message_get_request_headers(message), NULL);
    if (g_strcmp0(type, "application/json") != 0)
        return NULL;
    g_autoptr(GBytes) bytes = soup_message_body_flatten(body);
    return body_parse(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

static void on_request(SoupServer *server, SoupServerMessage *message, const char *decoded_path, GHashTable *query, gpointer user)
{
    (void)server;
    (void)decoded_path;
    review *r = user;
    request q = {.r = r, .d = &r->desk, .message = message, .session = gate_find(r->desk.gate, message)};
    const char *method = soup_server_message_get_method(message);
    bool post = strcmp(method, "POST") == 0, get = strcmp(method, "GET") == 0;
    g_autoptr(JsonNode) body = post ? parse_body(message) : NULL;
    if (body)
        q.body = json_node_get_object(body);
    q.path = path_split(g_uri_get_path(soup_server_message_get_uri(message)));
    q.n_path = q.path ? g_strv_length(q.path) : 0;
    r->desk.last_request_us = g_get_monotonic_time();
    add_headers(message);
    if (!get && !post)
        answer_error(message, 405, "bad_request");
    else if (!gate_is_own(r->desk.gate, message))
        answer_error(message, 403, "session");
    else if (!q.path)
        answer_error(message, 404, "unknown");
    else if (post && !q.session)
        answer_error(message, 403, "session");
    else if (post && !q.body)
        answer_error(message, 400, "bad_request");
    else
        dispatch(&q, query);
    g_strfreev(q.path);
}

/* A body that is too long is not even read to its end. */
static void on_early(SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query, gpointer user)
{
    (void)server, (void)path, (void)query, (void)user;
    goffset length = soup_message_headers_get_content_length(soup_server_message_get_request_headers(message));
    if (length > BODY_MAX || soup_message_headers_get_encoding(soup_server_message_get_request_headers(message)) == SOUP_ENCODING_CHUNKED) {
        add_headers(message);
        answer_error(message, 413, "bad_request");
    }
}

/* ---- running ---- */

static gboolean on_signal(gpointer user)
{
    g_main_loop_quit(((review *)user)->loop);
    return G_SOURCE_CONTINUE;
}

/* The reports, one at a time, whenever there is nothing else to do. */
static gboolean on_nothing_to_do(gpointer user)
{
    review *r = user;
    if (desk_read_next(&r->desk))
        return G_SOURCE_CONTINUE;
    r->sources[4] = 0;
    return G_SOURCE_REMOVE;
}

static gboolean on_idle_check(gpointer user)
{
    review *r = user;
    gint64 idle_us = g_get_monotonic_time() - r->desk.last_request_us;
    if ((double)idle_us > r->desk.settings->idle_minutes * 60 * G_USEC_PER_SEC && !checker_is_busy(r->desk.checker))
        g_main_loop_quit(r->loop);
    return G_SOURCE_CONTINUE;
}

static void tell_link(review *r)
{
    g_autofree char *link = gate_new_link(r->desk.gate);
    r->desk.settings->link(r->desk.settings->user, link);
}

static gboolean on_line(gint fd, GIOCondition condition, gpointer user)
{
    (void)condition;
    char line[256];
    if (read(fd, line, sizeof line) <= 0) {
        ((review *)user)->sources[3] = 0;
        return G_SOURCE_REMOVE;
    }
    tell_link(user);
    return G_SOURCE_CONTINUE;
}

static bool listen_on(review *r, GError **error)
{
    const bf_review_settings *s = r->desk.settings;
    g_autoptr(GError) cause = NULL;
    bool ok;
    if (s->unix_path) {
        g_autoptr(GSocketAddress) address = g_unix_socket_address_new(s->unix_path);
        struct stat st;
        if (stat(s->unix_path, &st) == 0 && S_ISSOCK(st.st_mode)) /* nobody else: the output is locked by us */
            unlink(s->unix_path);
        mode_t before = umask(0117); /* for the proxy's group */
        ok = soup_server_listen(r->server, address, 0, &cause);
        umask(before);
    } else {
        g_autoptr(GInetAddress) loopback = g_inet_address_new_loopback(G_SOCKET_FAMILY_IPV4);
        g_autoptr(GSocketAddress) address = g_inet_socket_address_new(loopback, (guint16)s->port);
        ok = soup_server_listen(r->server, address, 0, &cause);
    }
    if (!ok)
        g_set_error(error, BF_REVIEW_ERROR, BF_REVIEW_ERROR_LISTEN, "%s", cause->message);
    return ok;
}

static char *own_origin(const review *r)
{
    if (r->desk.settings->origin)
        return g_strdup(r->desk.settings->origin);
    GSList *uris = soup_server_get_uris(r->server);
    char *origin = g_strdup_printf("http://127.0.0.1:%d", g_uri_get_port(uris->data));
    g_slist_free_full(uris, (GDestroyNotify)g_uri_unref);
    return origin;
}

/* Nothing can be shown or proved without it, and it does not come back: who keeps the server running starts it anew. */
static gboolean on_host_watch(gpointer user)
{
    review *r = user;
    if (desk_host_is_well(&r->desk))
        return G_SOURCE_CONTINUE;
    desk_fail_host(&r->desk);
    g_main_loop_quit(r->loop);
    r->sources[5] = 0;
    return G_SOURCE_REMOVE;
}

static gboolean on_host(gpointer user)
{
    review *r = user;
    if (r->desk.host_state == HOST_READY) {
        desk_say_sandbox(&r->desk);
        r->sources[5] = g_timeout_add(HOST_WATCH_MS, on_host_watch, r);
    } else {
        g_main_loop_quit(r->loop);
    }
    return G_SOURCE_REMOVE;
}

static void add_sources(review *r)
{
    const bf_review_settings *s = r->desk.settings;
    r->sources[0] = g_unix_signal_add(SIGINT, on_signal, r);
    r->sources[1] = g_unix_signal_add(SIGTERM, on_signal, r);
    if (s->idle_minutes > 0)
        r->sources[2] = g_timeout_add((guint)CLAMP(s->idle_minutes * 15000, 100, 15000), on_idle_check, r);
    r->sources[4] = g_idle_add_full(G_PRIORITY_LOW, on_nothing_to_do, r, NULL);
    if (s->links_fd >= 0)
        r->sources[3] = g_unix_fd_add(s->links_fd, G_IO_IN | G_IO_HUP, on_line, r);
}

/* Page processes are split off while there is one thread and nothing is open; what this process gives up it gives up before the first
 * request, and after the link, which may start a browser. */
static bool start(review *r, GError **error)
{
    desk *d = &r->desk;
    const bf_review_settings *s = d->settings;
    if (!desk_begin_host(d, error) || !bf_output_open(s->output_dir, s->say, s->user, &d->output, error) || !desk_load(d, error))
        return false;
    r->server = soup_server_new("server-header", "blindfold", NULL);
    soup_server_add_early_handler(r->server, NULL, on_early, r, NULL);
    soup_server_add_handler(r->server, NULL, on_request, r, NULL);
    if (!listen_on(r, error))
        return false;
    g_autofree char *origin = own_origin(r);
    d->gate = gate_new(origin);
    tell_link(r);
    if (!desk_confine(d, error))
        return false;
    d->checker = checker_new(d);
    d->pictures = pictures_new(d);
    d->last_request_us = g_get_monotonic_time();
    add_sources(r);
    desk_await_host(d, on_host, r);
    desk_spot_resume(d);
    return true;
}

static void stop(review *r)
{
    for (guint i = 0; i < G_N_ELEMENTS(r->sources); i++)
        if (r->sources[i])
            g_source_remove(r->sources[i]);
    if (r->server)
        soup_server_disconnect(r->server);
    pictures_free(r->desk.pictures);
    checker_free(r->desk.checker);
    g_clear_object(&r->server);
    if (r->desk.settings->unix_path && r->desk.gate)
        unlink(r->desk.settings->unix_path);
    gate_free(r->desk.gate);
    desk_clear(&r->desk);
    bf_output_free(r->desk.output);
    desk_end_host(&r->desk);
    g_main_loop_unref(r->loop);
    g_mutex_clear(&r->desk.output_lock);
}

bool bf_review_run(const bf_review_settings *settings, GError **error)
{
    review r = {.desk = {.settings = settings}};
    g_mutex_init(&r.desk.output_lock);
    review_web_register_resource();
    r.loop = g_main_loop_new(NULL, FALSE);
    bool ok = start(&r, error);
    if (ok) {
        g_main_loop_run(r.loop);
        ok = r.desk.host_state != HOST_FAILED;
        if (!ok)
            g_propagate_error(error, g_steal_pointer(&r.desk.host_error));
    }
    stop(&r);
    return ok;
}
