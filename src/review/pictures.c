#include "review/pictures.h"

#include "blindfold/jpeg.h"

enum { THREADS = 2, CACHE_BYTES = 192 * 1024 * 1024 };

typedef struct {
    char *key;
    GBytes *jpeg;
} kept_picture;

struct pictures {
    desk *desk;
    GThreadPool *pool;
    GQueue kept; /* kept_picture *, the newest last; main thread */
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
    GBytes *jpeg; /* NULL: it could not be made */
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
    g_clear_pointer(&j->jpeg, g_bytes_unref);
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

static void send(SoupServerMessage *message, GBytes *jpeg)
{
    if (!jpeg) {
        soup_server_message_set_status(message, 404, NULL);
        soup_server_message_set_response(message, "application/json", SOUP_MEMORY_STATIC, "{\"error\":\"input\"}", 17);
        return;
    }
    gsize length;
    const char *data = g_bytes_get_data(jpeg, &length);
    soup_server_message_set_status(message, 200, NULL);
    soup_server_message_set_response(message, "image/jpeg", SOUP_MEMORY_COPY, data, length);
}

/* ---- on a thread of the pool ---- */

static bool mask(const picture_job *j, GBytes **jpeg)
{
    GBytes *masked = NULL;
    g_autofree bf_rect *rects = g_new(bf_rect, j->masks->len + 1);
    for (guint i = 0; i < j->masks->len; i++)
        rects[i] = g_array_index(j->masks, bf_mask, i).rect;
    if (!bf_jpeg_mask(*jpeg, rects, j->masks->len, 0, &masked, NULL, NULL))
        return false;
    g_bytes_unref(*jpeg);
    *jpeg = masked;
    return true;
}

static void make(picture_job *j)
{
    const bf_page_result *page = &((const bf_page_record *)j->result->pages->pdata[j->place])->page;
    g_autoptr(GBytes) jpeg = NULL;
    bool ok = j->kind == PICTURE_FINAL ? desk_read_finished(j->owner->desk, j->package, j->result, j->place, &jpeg, NULL)
                                       : desk_read_page(j->package, j->result, j->place, &jpeg, NULL);
    ok = ok && (j->kind != PICTURE_AFTER || mask(j, &jpeg));
    if (ok && !bf_page_view(jpeg, MAX(page->orientation_deg, 0), j->size_px, &j->jpeg, NULL))
        j->jpeg = NULL;
}

static gboolean on_made(gpointer data)
{
    picture_job *j = data;
    j->owner->n_jobs--;
    if (j->jpeg && j->key && !find(j->owner, j->key))
        keep(j->owner, j->key, j->jpeg);
    send(j->message, j->jpeg);
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
