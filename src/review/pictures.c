#include "review/pictures.h"

#include <string.h>

enum { THREADS = 2, CACHE_BYTES = 192 * 1024 * 1024 };

typedef struct {
    char *key;
    GBytes *jpeg;
} kept_picture;

/* A page process for pictures. */
typedef struct {
    bf_page_client *client; /* NULL until it is needed */
} viewer;

struct pictures {
    desk *desk;
    GThreadPool *pool;
    GAsyncQueue *viewers; /* viewer *: those that no thread uses at the moment */
    GQueue kept;          /* kept_picture *, the newest last; main thread */
    gsize kept_bytes;
    guint n_jobs;
};

typedef struct {
    pictures *owner;
    SoupServerMessage *message;
    desk_package *package;
    const bf_package_result *result;
    guint place;
    picture_kind kind;
    int size_px;
    GArray *masks;
    char *key;
    bf_page_picture picture; /* without a JPEG: it could not be made */
    const char *failure;     /* why */
} picture_job;

static void kept_free(void *data)
{
    kept_picture *k = data;
    g_free(k->key);
    g_bytes_unref(k->jpeg);
    g_free(k);
}

static void job_free(picture_job *j)
{
    g_object_unref(j->message);
    g_clear_pointer(&j->masks, g_array_unref);
    g_clear_pointer(&j->picture.jpeg, g_bytes_unref);
    g_free(j->key);
    g_free(j);
}

static GBytes *find(pictures *ps, const char *key)
{
    for (GList *l = ps->kept.tail; l; l = l->prev) {
        kept_picture *k = l->data;
        if (!g_str_equal(k->key, key))
            continue;
        g_queue_unlink(&ps->kept, l);
        g_queue_push_tail_link(&ps->kept, l);
        return k->jpeg;
    }
    return NULL;
}

static void keep(pictures *ps, const char *key, GBytes *jpeg)
{
    kept_picture *k = g_new0(kept_picture, 1);
    k->key = g_strdup(key);
    k->jpeg = g_bytes_ref(jpeg);
    g_queue_push_tail(&ps->kept, k);
    ps->kept_bytes += g_bytes_get_size(jpeg);
    while (ps->kept_bytes > CACHE_BYTES && ps->kept.length > 1) {
        k = g_queue_pop_head(&ps->kept);
        ps->kept_bytes -= g_bytes_get_size(k->jpeg);
        kept_free(k);
    }
}

static void send_failure(SoupServerMessage *message, const char *word)
{
    g_autofree char *text = g_strdup_printf("{\"error\":\"%s\"}", word);
    soup_server_message_set_status(message, 404, NULL);
    soup_server_message_set_response(message, "application/json", SOUP_MEMORY_COPY, text, strlen(text));
}

static void send(SoupServerMessage *message, GBytes *jpeg)
{
    gsize length;
    const char *data = g_bytes_get_data(jpeg, &length);
    soup_server_message_set_status(message, 200, NULL);
    soup_server_message_set_response(message, "image/jpeg", SOUP_MEMORY_COPY, data, length);
}

/* ---- on a thread of the pool ---- */

static void look(picture_job *j, viewer *v, GBytes *jpeg)
{
    const bf_page_result *page = &((const bf_page_record *)j->result->pages->pdata[j->place])->page;
    const bf_page_look what = {.jpeg = jpeg,
                               .turned_from = j->kind == PICTURE_FINAL ? 0 : page->turned_from,
                               .turn_deg = page->orientation_deg,
                               .long_side_px = j->size_px,
                               .masks = j->kind == PICTURE_AFTER ? j->masks : NULL};
    if ((!v->client && !desk_new_client(j->owner->desk, &v->client)) || !bf_page_client_view(v->client, &what, &j->picture, NULL))
        j->failure = "picture";
}

static void make(picture_job *j)
{
    g_autoptr(GBytes) jpeg = NULL;
    bool ok = j->kind == PICTURE_FINAL ? desk_read_finished(j->owner->desk, j->package, j->result, j->place, &jpeg, NULL)
                                       : desk_read_page(j->package, j->result, j->place, &jpeg, NULL);
    if (!ok) {
        j->failure = j->kind == PICTURE_FINAL ? "output" : "input";
        return;
    }
    viewer *v = g_async_queue_pop(j->owner->viewers);
    look(j, v, jpeg);
    g_async_queue_push(j->owner->viewers, v);
}

/* The page was shown: from now on masks can be drawn on it. */
static void take_grid(const picture_job *j)
{
    const bf_page_result *page = &((const bf_page_record *)j->result->pages->pdata[j->place])->page;
    desk_item *item = &j->package->pages[j->place];
    if (j->kind != PICTURE_BEFORE || j->picture.width_px != page->width_px || j->picture.height_px != page->height_px)
        return;
    item->imcu_w_px = j->picture.imcu_w_px;
    item->imcu_h_px = j->picture.imcu_h_px;
}

static gboolean on_made(gpointer data)
{
    picture_job *j = data;
    j->owner->n_jobs--;
    if (j->picture.jpeg)
        take_grid(j);
    if (j->picture.jpeg && j->key && !find(j->owner, j->key))
        keep(j->owner, j->key, j->picture.jpeg);
    if (j->picture.jpeg)
        send(j->message, j->picture.jpeg);
    else
        send_failure(j->message, j->failure);
    soup_server_message_unpause(j->message);
    job_free(j);
    return G_SOURCE_REMOVE;
}

static void work(gpointer data, gpointer user)
{
    (void)user;
    make(data);
    g_idle_add_full(G_PRIORITY_DEFAULT, on_made, data, NULL);
}

/* ---- on the main thread ---- */

pictures *pictures_new(desk *d)
{
    pictures *ps = g_new0(pictures, 1);
    ps->desk = d;
    g_queue_init(&ps->kept);
    ps->viewers = g_async_queue_new();
    for (int i = 0; i < THREADS; i++)
        g_async_queue_push(ps->viewers, g_new0(viewer, 1));
    ps->pool = g_thread_pool_new(work, NULL, THREADS, TRUE, NULL);
    return ps;
}

void pictures_free(pictures *ps)
{
    if (!ps)
        return;
    g_thread_pool_free(ps->pool, FALSE, TRUE);
    while (ps->n_jobs > 0)
        g_main_context_iteration(NULL, TRUE);
    for (int i = 0; i < THREADS; i++) {
        viewer *v = g_async_queue_pop(ps->viewers);
        bf_page_client_free(v->client);
        g_free(v);
    }
    g_async_queue_unref(ps->viewers);
    g_queue_clear_full(&ps->kept, kept_free);
    g_free(ps);
}

void pictures_answer(pictures *ps, SoupServerMessage *message, desk_package *p, guint place, picture_kind kind, int size_px, GArray *masks)
{
    static const char *const kinds[] = {"before", "after", "final"};
    char *key = kind == PICTURE_AFTER ? NULL
                                      : g_strdup_printf("%s/%u/%s/%d/%s", p->result->id, place, kinds[kind], size_px,
                                                        kind == PICTURE_FINAL ? p->result->output_sha256 : "");
    GBytes *known = key ? find(ps, key) : NULL;
    if (known) {
        send(message, known);
        g_free(key);
        return;
    }
    picture_job *j = g_new0(picture_job, 1);
    *j = (picture_job){.owner = ps,
                       .message = g_object_ref(message),
                       .package = p,
                       .result = p->result,
                       .place = place,
                       .kind = kind,
                       .size_px = size_px,
                       .masks = masks,
                       .key = key};
    ps->n_jobs++;
    soup_server_message_pause(message);
    g_thread_pool_push(ps->pool, j, NULL);
}
