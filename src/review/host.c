/* The page processes. Readers take seconds to load, and the list wants none of them: so the host loads them by itself while the server
 * starts, and who needs a page process waits for it. */
#include "review/desk.h"

#include <glib/gi18n.h>

bool desk_begin_host(desk *d, GError **error)
{
    g_mutex_init(&d->host_lock);
    g_cond_init(&d->host_known);
    return bf_page_host_begin(&d->settings->readers, &d->settings->pages, &d->host, error);
}

static void *wait_for_host(void *data)
{
    desk *d = data;
    GError *error = NULL;
    bool ok = bf_page_host_wait(d->host, &error);
    g_mutex_lock(&d->host_lock);
    d->host_state = ok ? HOST_READY : HOST_FAILED;
    d->host_error = error;
    g_cond_broadcast(&d->host_known);
    g_mutex_unlock(&d->host_lock);
    g_idle_add_full(G_PRIORITY_DEFAULT, d->on_host, d->on_host_user, NULL);
    return NULL;
}

void desk_await_host(desk *d, GSourceFunc then, gpointer user)
{
    d->on_host = then;
    d->on_host_user = user;
    d->host_waiter = g_thread_new("host", wait_for_host, d);
}

bool desk_new_client(desk *d, bf_page_client **client)
{
    g_mutex_lock(&d->host_lock);
    while (d->host_state == HOST_LOADING)
        g_cond_wait(&d->host_known, &d->host_lock);
    bool ready = d->host_state == HOST_READY;
    g_mutex_unlock(&d->host_lock);
    return ready && bf_page_client_new(d->host, client, NULL);
}

bool desk_host_is_well(desk *d)
{
    g_mutex_lock(&d->host_lock);
    bool ready = d->host_state == HOST_READY;
    g_mutex_unlock(&d->host_lock);
    return ready && !bf_page_host_is_lost(d->host);
}

void desk_fail_host(desk *d)
{
    g_mutex_lock(&d->host_lock);
    d->host_state = HOST_FAILED;
    g_set_error(&d->host_error, BF_REVIEW_ERROR, BF_REVIEW_ERROR_PROCESS, _("the process that starts page processes has ended"));
    g_mutex_unlock(&d->host_lock);
}

void desk_say_sandbox(const desk *d)
{
    g_autofree char *sentence = g_strdup_printf(_("sandbox: %s for pages, %s for the server"),
                                                _(bf_guard_word(bf_page_host_guard(d->host))), _(bf_guard_word(d->own_guard)));
    d->settings->say(d->settings->user, sentence);
}

void desk_end_host(desk *d)
{
    if (d->host_waiter)
        g_thread_join(d->host_waiter);
    if (d->host)
        g_idle_remove_by_data(d->on_host_user);
    bf_page_host_free(d->host);
    g_clear_error(&d->host_error);
    g_mutex_clear(&d->host_lock);
    g_cond_clear(&d->host_known);
}
