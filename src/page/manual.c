/* A person's masks: the same masking and the same proof as for the program's own; only who decides is another. */
#include "page/note.h"
#include "page/orient.h"
#include "page/place.h"
#include "page/proof.h"
#include "page/reading.h"
#include "page/upright.h"

typedef struct {
    bf_page_worker *worker;
    const bf_page_manual *manual;
    bf_page_result *result;
    GBytes *jpeg; /* the task's, or that one turned; owned */
    bf_jpeg_info info;
    bf_frame frame;
    bf_picture *picture; /* upright */
    bf_reading reading;
} manual_passage;

static bool cancelled(const manual_passage *p)
{
    const atomic_bool *cancel = p->manual->task.cancel;
    if (cancel == NULL || !atomic_load(cancel))
        return false;
    bf_page_result_add_reason(p->result, "interrupted");
    return true;
}

static bool decode(manual_passage *p, GError **error)
{
    bf_page_result *r = p->result;
    int turn = MAX(p->manual->orientation_deg, 0);
    GBytes *turned = NULL;
    if (p->manual->turned_from > 0) { /* masks are of the turned page's frame: without it nothing may be masked */
        if (!bf_jpeg_turn(p->jpeg, p->manual->turned_from, p->worker->engine->max_pixels, &turned, error))
            return false;
        g_bytes_unref(p->jpeg);
        p->jpeg = turned;
        r->turned_from = p->manual->turned_from;
    }
    if (!bf_upright_decode(p->jpeg, p->worker->engine->max_pixels, turn, &p->picture, &p->frame, &p->info, error))
        return false;
    r->width_px = p->info.width_px;
    r->height_px = p->info.height_px;
    r->exif_orientation = p->info.exif_orientation;
    r->orientation_deg = p->manual->orientation_deg;
    for (guint i = 0; i < p->manual->n_masks; i++) {
        bf_mask mask = p->manual->masks[i];
        mask.rect = bf_jpeg_snap(&p->info, mask.rect);
        if (!bf_rect_is_empty(mask.rect))
            g_array_append_val(r->masks, mask);
    }
    return true;
}

static bool read_page(manual_passage *p, GError **error)
{
    const bf_query *query = p->manual->task.query;
    if (!bf_read_plain(p->worker, p->picture, query, &p->reading, error) ||
        !bf_read_again(p->worker, p->picture, query, !bf_reads_well(p->reading.lines), &p->reading, error))
        return false;
    p->result->legibility_score = bf_mean_confidence(p->reading.lines, NULL);
    return true;
}

/* What is read as the name and lies beside the masks, before and after masking. */
static void note_visible(manual_passage *p, const GArray *proved)
{
    for (guint i = 0; i < p->reading.hits->len; i++) {
        const bf_hit *hit = &g_array_index(p->reading.hits, bf_hit, i);
        if (!bf_hit_is_masked(hit, p->result->masks, p->picture, &p->frame))
            bf_note_hit(hit, &p->frame, "name-still-visible", p->result);
    }
    bf_note_hits(proved, &p->frame, "name-still-visible", p->result);
}

static bool mask_and_prove(manual_passage *p, GError **error)
{
    bf_page_result *r = p->result;
    bf_mask_stats stats = {0};
    bf_proof proof = {0};
    if (!bf_put_masks(p->jpeg, r->masks, p->worker->engine, &r->output, &stats, error))
        return false;
    bool proved = bf_prove(p->worker, p->jpeg, r->output, r->masks, stats.recoded, &p->frame, &p->reading, p->manual->task.query, true,
                           &proof, error);
    g_autoptr(GArray) visible = proof.visible;
    if (!proved)
        return false;
    r->recoded = stats.recoded;
    r->unchanged_blocks = proof.stats.unchanged_blocks;
    r->masked_blocks = proof.stats.masked_blocks;
    r->verify_passed = true;
    note_visible(p, visible);
    return true;
}

static void decide(manual_passage *p)
{
    bf_page_result *r = p->result;
    bool visible = r->doubts != NULL && r->doubts->len > 0;
    r->needs_masking = r->masks->len > 0 ? BF_ANSWER_YES : BF_ANSWER_NO;
    if (visible && !p->manual->accept_visible) {
        bf_page_result_add_reason(r, "name-still-visible");
        r->verify_passed = false;
        return;
    }
    r->decision = r->masks->len > 0 ? BF_DECISION_MASKED : BF_DECISION_CLEAR;
}

static void run_stages(manual_passage *p)
{
    g_autoptr(GError) error = NULL;
    if (!decode(p, &error) || !read_page(p, &error)) {
        bf_page_result_add_reason(p->result, "not-readable");
        return;
    }
    if (cancelled(p))
        return;
    if (!mask_and_prove(p, &error)) {
        bf_page_result_add_reason(p->result, "not-verified");
        g_clear_pointer(&p->result->output, g_bytes_unref);
        return;
    }
    decide(p);
}

void bf_page_apply_masks(bf_page_worker *worker, const bf_page_manual *manual, bf_page_result *result)
{
    manual_passage p = {.worker = worker, .manual = manual, .result = result, .jpeg = g_bytes_ref(manual->task.jpeg)};
    bf_reading_init(&p.reading);
    result->by_person = true;
    if (result->masks == NULL)
        result->masks = g_array_new(FALSE, FALSE, sizeof(bf_mask));
    run_stages(&p);
    g_bytes_unref(p.jpeg);
    bf_picture_free(p.picture);
    bf_reading_clear(&p.reading);
}
