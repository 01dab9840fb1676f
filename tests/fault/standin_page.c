/* Stands in for the page room, so that a batch takes milliseconds and everything else of it is real. A "page" is FF D8 FF, a letter and
 * anything: 'C' is clear, 'M' is masked, 'R' wants review, 'S' wants review unless the settings say "later". The output is the input with
 * the letter in lower case. */
#include "standin_page.h"

#include "blindfold/page_host.h"
#include <string.h>

struct bf_page_engine {
    bool later;
};

struct bf_page_host {
    const bf_page_engine *engine;
};

struct bf_page_client {
    const bf_page_engine *engine;
};

bf_page_engine *standin_engine(bool later)
{
    bf_page_engine *e = g_new0(bf_page_engine, 1);
    e->later = later;
    return e;
}

void standin_engine_free(bf_page_engine *e)
{
    g_free(e);
}

const bf_reader_info *bf_page_engine_readers(const bf_page_engine *engine, guint *n)
{
    static const bf_reader_info readers[] = {{"standin", "1", ""}};
    (void)engine;
    *n = 1;
    return readers;
}

const char *bf_page_engine_settings(const bf_page_engine *engine)
{
    return engine->later ? "settings=later" : "settings=first";
}

char *bf_page_engine_unreadable(const bf_page_engine *engine, const bf_query *query)
{
    (void)engine;
    (void)query;
    return g_strdup("");
}

bool bf_page_engine_prepare(bf_page_engine *engine, const bf_query *query, GError **error)
{
    (void)engine;
    (void)query;
    (void)error;
    return true;
}

guint bf_page_engine_n_fonts(const bf_page_engine *engine)
{
    (void)engine;
    return 0;
}

bool bf_page_host_new(bf_page_engine *engine, const bf_page_host_settings *settings, bf_page_host **out, GError **error)
{
    (void)settings;
    (void)error;
    *out = g_new0(bf_page_host, 1);
    (*out)->engine = engine;
    return true;
}

void bf_page_host_free(bf_page_host *host)
{
    g_free(host);
}

bf_guard_state bf_page_host_guard(const bf_page_host *host)
{
    (void)host;
    return (bf_guard_state){0};
}

bool bf_page_host_is_lost(const bf_page_host *host)
{
    (void)host;
    return false;
}

bool bf_page_client_new(bf_page_host *host, bf_page_client **out, GError **error)
{
    (void)error;
    *out = g_new0(bf_page_client, 1);
    (*out)->engine = host->engine;
    return true;
}

void bf_page_client_free(bf_page_client *client)
{
    g_free(client);
}

GBytes *bf_page_client_thumbnail(bf_page_client *client, const bf_page_result *result)
{
    (void)client;
    (void)result;
    return NULL;
}

gint64 bf_page_weight(GBytes *jpeg)
{
    return (gint64)g_bytes_get_size(jpeg);
}

bool bf_page_hit_expected(const char *entry_name)
{
    (void)entry_name;
    return false;
}

void bf_page_client_process(bf_page_client *client, const bf_page_task *task, bf_page_result *r)
{
    gsize n = 0;
    const guint8 *bytes = g_bytes_get_data(task->jpeg, &n);
    char letter = n > 3 ? (char)bytes[3] : 'R';
    if (task->cancel && atomic_load(task->cancel)) {
        bf_page_result_add_reason(r, "interrupted");
        return;
    }
    g_autofree char *sum = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, task->jpeg);
    g_strlcpy(r->sha256_in, sum, BF_SHA256_HEX);
    guint8 *copy = g_try_malloc(n);
    if (!copy) {
        bf_page_result_add_reason(r, "out-of-memory");
        return;
    }
    memcpy(copy, bytes, n);
    copy[3] = (guint8)g_ascii_tolower(letter);
    r->output = g_bytes_new_take(copy, n);
    g_autofree char *out_sum = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, r->output);
    g_strlcpy(r->sha256_out, out_sum, BF_SHA256_HEX);
    r->legibility = BF_LEGIBILITY_LEGIBLE;
    r->verify_passed = true;
    if (letter == 'R' || (letter == 'S' && !client->engine->later)) {
        bf_page_result_add_reason(r, "doubtful-name");
        return;
    }
    r->decision = letter == 'M' ? BF_DECISION_MASKED : BF_DECISION_CLEAR;
    r->needs_masking = letter == 'M' ? BF_ANSWER_YES : BF_ANSWER_NO;
}
