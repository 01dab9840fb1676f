/* Stands in for what looks at a page, so that a batch takes milliseconds and everything else of it is real, the processes for pages, their
 * guards and the wire to them too. A "page" is FF D8 FF, a letter, anything, FF D9: 'C' is clear, 'M' is masked, 'R' wants review, 'S'
 * wants review unless the settings say "later". The output is the input with the letter in lower case. */
#include "standin_page.h"

#include "faults.h"

#include <string.h>

struct bf_page_engine {
    bool later;
};

struct bf_page_worker {
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

GQuark bf_page_error_quark(void)
{
    return g_quark_from_static_string("bf-page-error");
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

bool bf_page_engine_is_blind_to(const bf_page_engine *engine, const bf_query *query)
{
    (void)engine;
    (void)query;
    return false;
}

char *bf_page_engine_unreadable(const bf_page_engine *engine, const bf_query *query)
{
    (void)engine;
    (void)query;
    return g_strdup("");
}

bool bf_page_engine_new(const bf_page_settings *settings, bf_page_engine **out, GError **error)
{
    (void)settings;
    (void)error;
    *out = standin_engine(false);
    return true;
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

bool bf_page_worker_new(bf_page_engine *engine, bf_page_worker **out, GError **error)
{
    (void)error;
    *out = g_new0(bf_page_worker, 1);
    (*out)->engine = engine;
    return true;
}

void bf_page_worker_free(bf_page_worker *worker)
{
    g_free(worker);
}

/* Runs in the process that starts page processes: these have no files, and only their memory can fail. (Processes that die or hang are
 * test_page_host's.) */
bool bf_page_worker_warm(bf_page_worker *worker, GError **error)
{
    (void)worker;
    (void)error;
    fault_keep_only(FAULT_MALLOC);
    return true;
}

bool bf_page_hit_expected(const char *entry_name)
{
    (void)entry_name;
    return false;
}

/* What only a proved page may claim. */
static void prove(bf_page_result *r, bool masked)
{
    const bf_mask mask = {.rect = {0, 0, 16, 16}, .reader = "standin", .score = 1};
    r->width_px = r->height_px = 64;
    r->legibility = BF_LEGIBILITY_LEGIBLE;
    r->verify_passed = true;
    r->masks = g_array_new(FALSE, FALSE, sizeof(bf_mask));
    if (masked)
        g_array_append_val(r->masks, mask);
}

void bf_page_process(bf_page_worker *worker, const bf_page_task *task, bf_page_result *r)
{
    gsize n = 0;
    const guint8 *bytes = g_bytes_get_data(task->jpeg, &n);
    char letter = n > 3 ? (char)bytes[3] : 'R';
    guint8 *copy = g_try_malloc(n);
    if (!copy) {
        bf_page_result_add_reason(r, "out-of-memory");
        return;
    }
    memcpy(copy, bytes, n);
    copy[3] = (guint8)g_ascii_tolower(letter);
    r->output = g_bytes_new_take(copy, n);
    prove(r, letter == 'M');
    if (letter == 'R' || (letter == 'S' && !worker->engine->later)) {
        bf_page_result_add_reason(r, "doubtful-name");
        return;
    }
    r->decision = letter == 'M' ? BF_DECISION_MASKED : BF_DECISION_CLEAR;
    r->needs_masking = letter == 'M' ? BF_ANSWER_YES : BF_ANSWER_NO;
}

/* Nobody reviews here. */
void bf_page_apply_masks(bf_page_worker *worker, const bf_page_manual *manual, bf_page_result *r)
{
    (void)worker;
    (void)manual;
    bf_page_result_add_reason(r, "not-readable");
}
