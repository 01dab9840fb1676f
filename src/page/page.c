/* The order of the stages: decode, orient, read, decide what is masked, mask, prove, decide. */
#include "page/check_page.h"
#include "page/expect.h"
#include "page/ink.h"
#include "page/note.h"
#include "page/orient.h"
#include "page/paper.h"
#include "page/place.h"
#include "page/proof.h"
#include "page/reading.h"
#include "page/sign.h"
#include "page/upright.h"

/* Each round masks what the one before still found. */
enum { MAX_ROUNDS = 3 };

/* A page on its way. */
typedef struct {
    bf_page_worker *worker;
    const bf_page_task *task;
    bf_page_result *result;
    GBytes *jpeg; /* the task's, or that one turned; owned */
    bf_jpeg_info info;
    bf_frame frame;
    bf_picture *picture; /* upright */
    bf_reading reading;
    bf_page_query *query; /* the task's, with the words by which a page says what it is */
    bf_page_says says;
    bool signed_ink_known;    /* all ink where the applicant signs is accounted for */
    bf_legibility legibility; /* without reasons: not judged yet */
} passage;

static bool cancelled(const passage *p)
{
    if (p->task->cancel == NULL || !atomic_load(p->task->cancel))
        return false;
    bf_page_result_add_reason(p->result, "interrupted");
    return true;
}

static const char *decode_reason(const GError *error)
{
    if (error->domain == BF_JPEG_ERROR)
        switch (error->code) {
        case BF_JPEG_ERROR_NOT_JPEG:
            return "not-a-jpeg";
        case BF_JPEG_ERROR_UNSUPPORTED:
            return "unsupported-coding";
        case BF_JPEG_ERROR_LIMIT:
            return "too-large";
        case BF_JPEG_ERROR_MEMORY:
            return "out-of-memory";
        default:
            return "corrupt";
        }
    return "out-of-memory";
}

/* Damage below the share, in rows at the foot of the page, is none that could hide a name. Where its place is not known it may be
 * anywhere. */
static bool is_damaged(const passage *p)
{
    const bf_jpeg_info *i = &p->info;
    return i->warnings > 0 && (i->intact_percent < 0 || 100 - i->intact_percent > (int)p->worker->engine->max_damaged_percent);
}

/* Always from the task's own bytes. False: it stays as it is, and the result says why. */
static bool turn_first(passage *p, int orientation)
{
    GBytes *turned = NULL;
    g_autoptr(GError) error = NULL;
    if (!bf_jpeg_turn(p->task->jpeg, orientation, p->worker->engine->max_pixels, &turned, &error)) {
        p->result->not_turned = g_error_matches(error, BF_JPEG_ERROR, BF_JPEG_ERROR_INEXACT)   ? "odd-size"
                                : g_error_matches(error, BF_JPEG_ERROR, BF_JPEG_ERROR_CORRUPT) ? "damaged"
                                                                                               : "coding";
        return false;
    }
    g_bytes_unref(p->jpeg);
    p->jpeg = turned;
    p->result->turned_from = orientation;
    p->result->not_turned = NULL;
    return true;
}

static bool turns_pages(const passage *p)
{
    return p->worker->engine->fix_orientation && p->task->check == NULL;
}

/* What viewers would do by the EXIF tag is done once and for all, before anything is looked at. */
static void turn_by_exif(passage *p)
{
    bf_jpeg_info info;
    if (turns_pages(p) && bf_jpeg_probe(p->jpeg, p->worker->engine->max_pixels, &info, NULL) && info.exif_orientation != 1)
        turn_first(p, info.exif_orientation);
}

static bool decode(passage *p)
{
    g_autoptr(GError) error = NULL;
    bf_page_result *r = p->result;
    turn_by_exif(p);
    if (!bf_upright_decode(p->jpeg, p->worker->engine->max_pixels, 0, &p->picture, &p->frame, &p->info, &error)) {
        if (bf_jpeg_probe(p->jpeg, 0, &p->info, NULL)) {
            r->width_px = p->info.width_px;
            r->height_px = p->info.height_px;
        }
        bf_page_result_add_reason(r, decode_reason(error));
        return false;
    }
    r->width_px = p->info.width_px;
    r->height_px = p->info.height_px;
    r->exif_orientation = p->info.exif_orientation;
    r->jpeg_warnings = (int)MIN(p->info.warnings, G_MAXINT);
    if (p->info.truncated)
        bf_page_result_add_reason(r, "truncated");
    else if (is_damaged(p))
        bf_page_result_add_reason(r, "damaged");
    return true;
}

/* Upright by `turn` degrees: the page itself where that is wanted and goes without loss, else its picture alone. */
static bool lay_upright(passage *p, int turn, GError **error)
{
    bf_jpeg_info input;
    bf_page_result *r = p->result;
    if (!turns_pages(p) || !bf_jpeg_probe(p->task->jpeg, 0, &input, NULL) ||
        !turn_first(p, bf_frame_orientation(input.exif_orientation, turn)))
        return bf_upright_turn(&p->picture, &p->frame, turn, error);
    g_clear_pointer(&p->picture, bf_picture_free);
    if (!bf_upright_decode(p->jpeg, p->worker->engine->max_pixels, 0, &p->picture, &p->frame, &p->info, error))
        return false;
    r->width_px = p->info.width_px;
    r->height_px = p->info.height_px;
    r->exif_orientation = p->info.exif_orientation;
    r->orientation_deg = 0;
    return true;
}

/* Reads the page as it stands; where that does not read well, finds the turn that does and reads again. */
static bool read_upright(passage *p, GError **error)
{
    int turn = -1;
    if (!bf_read_plain(p->worker, p->picture, &p->query->all, &p->reading, error))
        return false;
    if (bf_reads_well(p->reading.lines) && !bf_lines_stand(p->reading.lines)) {
        p->result->orientation_deg = 0;
        return true;
    }
    if (!bf_orient_by_reading(p->worker, p->picture, p->reading.lines, p->task->query, &turn, error))
        return false;
    p->result->orientation_deg = turn;
    if (turn <= 0)
        return true;
    if (!lay_upright(p, turn, error))
        return false;
    bf_reading before = p->reading;
    bf_reading_init(&p->reading);
    bool read = bf_read_plain(p->worker, p->picture, &p->query->all, &p->reading, error);
    bf_carry_hits(&before, turn, p->picture, &p->query->all, &p->reading);
    bf_reading_clear(&before);
    return read;
}

/* Half of a name at the page's end is masked, but it may be a word. */
static bool names_person(const bf_reading *r)
{
    for (guint i = 0; i < r->hits->len; i++)
        if (!g_array_index(r->hits, bf_hit, i).broken_off)
            return true;
    return false;
}

static bool read_page(passage *p, GError **error)
{
    const bf_page_task *t = p->task;
    if (!read_upright(p, error))
        return false;
    bool sound = bf_reads_well(p->reading.lines);
    p->says = bf_page_reads_as(&p->reading, p->query);
    bool expected = bf_page_must_bear_name(&p->says, t->hit_expected);
    bool thorough = !sound || (expected && !names_person(&p->reading));
    if (!bf_read_again(p->worker, p->picture, &p->query->plain, thorough, &p->reading, error))
        return false;
    p->says = bf_page_reads_as(&p->reading, p->query);
    p->reading.unread = !p->reading.all_ink_read && bf_holds_unread_ink(p->picture, p->reading.lines);
    return true;
}

static void judge_legibility(passage *p)
{
    bf_page_result *r = p->result;
    bf_legibility_judge(p->picture, p->reading.lines, &p->info, p->reading.unread, &p->legibility);
    r->legibility = p->legibility.verdict;
    r->legibility_score = p->legibility.score;
    g_clear_pointer(&r->legibility_reasons, g_ptr_array_unref);
    r->legibility_reasons = g_ptr_array_ref(p->legibility.reasons);
}

static bool find_signed_ink(passage *p, GArray *ink, GError **error)
{
    g_autoptr(GArray) labels = bf_signing_labels(p->picture, &p->reading, p->query);
    if (!bf_read_label_tails(p->worker, p->picture, &p->reading, p->task->query, labels, error))
        return false;
    g_autoptr(GArray) left = g_array_new(FALSE, FALSE, sizeof(bf_rect));
    p->signed_ink_known =
        bf_find_signed_ink(p->picture, &p->reading, labels, bf_query_longest_name(p->task->query), ink, left) && left->len == 0;
    for (guint i = 0; i < left->len; i++)
        bf_note_place(g_array_index(left, bf_rect, i), &p->frame, "signature-uncovered", p->result);
    for (guint i = 0; i < labels->len; i++)
        p->says.signs_here = p->says.signs_here || g_array_index(labels, bf_signing_label, i).signs != BF_SIGNS_OTHER;
    return true;
}

/* Masks, proves, and masks again what the proof still sees. */
static bool mask_and_prove(passage *p, GError **error)
{
    bf_page_result *r = p->result;
    bool whole = !bf_reads_well(p->reading.lines) && p->reading.lines->len > 0;
    g_autoptr(GArray) ink = g_array_new(FALSE, FALSE, sizeof(bf_signed_ink));
    if (!find_signed_ink(p, ink, error))
        return false;
    bf_place_masks(p->reading.hits, p->task->query, p->picture, &p->frame, &p->info, p->worker->engine, r->masks);
    bf_place_signed_ink(ink, p->picture, &p->frame, &p->info, r->masks);
    int round = 0;
    for (; round < MAX_ROUNDS && !cancelled(p); round++) {
        bf_mask_stats stats = {0};
        bf_proof proof = {0};
        g_clear_pointer(&r->output, g_bytes_unref);
        if (!bf_put_masks(p->jpeg, r->masks, p->worker->engine, &r->output, &stats, error))
            return false;
        bool proved =
            bf_prove(p->worker, p->jpeg, r->output, r->masks, stats.recoded, &p->frame, &p->reading, p->task->query, whole, &proof, error);
        g_autoptr(GArray) visible = proof.visible;
        if (!proved)
            return false;
        r->recoded = stats.recoded;
        r->unchanged_blocks = proof.stats.unchanged_blocks;
        r->masked_blocks = proof.stats.masked_blocks;
        if (visible->len == 0) {
            r->verify_passed = true;
            return true;
        }
        if (round + 1 == MAX_ROUNDS)
            bf_note_hits(visible, &p->frame, "name-still-visible", r);
        else /* never after the last round: the masks told of would not be those of the output */
            bf_place_masks(visible, p->task->query, p->picture, &p->frame, &p->info, p->worker->engine, r->masks);
    }
    if (round == MAX_ROUNDS)
        bf_page_result_add_reason(r, "name-still-visible");
    return true;
}

/* Is there a mask on the name or on a signature? A seal or a fingerprint alone may be anybody's, and so may half of a name. */
static bool bears_name(const passage *p)
{
    bool in_part_only = p->reading.hits->len > 0 && !names_person(&p->reading);
    for (guint i = 0; i < p->result->masks->len; i++) {
        bf_mask_kind kind = g_array_index(p->result->masks, bf_mask, i).kind;
        if (kind != BF_MASK_SEAL && !(in_part_only && kind == BF_MASK_NAME))
            return true;
    }
    return false;
}

static bool has_signature(const GArray *masks)
{
    for (guint i = 0; i < masks->len; i++)
        if (g_array_index(masks, bf_mask, i).kind == BF_MASK_SIGNATURE)
            return true;
    return false;
}

/* A hit that got no mask (a place off the page, a broken number) must not make a page clear. */
static bool every_hit_is_masked(const passage *p)
{
    for (guint i = 0; i < p->reading.hits->len; i++) {
        const bf_hit *hit = &g_array_index(p->reading.hits, bf_hit, i);
        if (!bf_hit_is_masked(hit, p->result->masks, p->picture, &p->frame))
            return false;
    }
    return true;
}

/* Where a person should look. */
static void note_places(passage *p)
{
    bf_note_hits(p->reading.doubts, &p->frame, "doubtful-name", p->result);
    for (guint i = 0; i < p->reading.hits->len; i++) {
        const bf_hit *hit = &g_array_index(p->reading.hits, bf_hit, i);
        if (!bf_hit_is_masked(hit, p->result->masks, p->picture, &p->frame))
            bf_note_hit(hit, &p->frame, "name-still-visible", p->result);
    }
    if (p->reading.unread)
        bf_note_unread_ink(p->picture, p->reading.lines, &p->frame, p->result);
}

/* Whatever it may be, nobody sees a doubt that lies under masks. */
static void drop_masked_doubts(passage *p)
{
    for (guint i = p->reading.doubts->len; i-- > 0;)
        if (bf_hit_is_masked(&g_array_index(p->reading.doubts, bf_hit, i), p->result->masks, p->picture, &p->frame))
            g_array_remove_index(p->reading.doubts, i);
}

static void object_to_badly_read_lines(passage *p)
{
    for (guint i = 0; i < p->reading.lines->len; i++) {
        const bf_line *line = &g_array_index(p->reading.lines, bf_line, i);
        if (!bf_is_badly_read(line) || bf_is_read_elsewhere(&p->reading, line))
            continue;
        bf_page_result_add_reason(p->result, "badly-read-line");
        bf_note_place(bf_quad_bounds(&line->quad), &p->frame, "badly-read-line", p->result);
    }
}

/* Whatever speaks against letting the page go, each with its word. */
static void gather_objections(passage *p)
{
    bf_page_result *r = p->result;
    if (p->worker->engine->readers[0].class != &bf_reader_ppocr)
        bf_page_result_add_reason(r, "weak-reader");
    if (r->orientation_deg < 0 && p->reading.lines->len > 0)
        bf_page_result_add_reason(r, "orientation-unknown");
    if (!every_hit_is_masked(p))
        bf_page_result_add_reason(r, "name-still-visible");
    if (p->reading.doubts->len > 0)
        bf_page_result_add_reason(r, "doubtful-name");
    if (p->reading.faint_name)
        bf_page_result_add_reason(r, "name-in-watermark");
    if (p->reading.unread)
        bf_page_result_add_reason(r, "unread-ink");
    object_to_badly_read_lines(p);
    if (p->reading.unproved_script || bf_page_engine_is_blind_to(p->worker->engine, p->task->query))
        bf_page_result_add_reason(r, "script-not-proved");
    if (r->legibility == BF_LEGIBILITY_ILLEGIBLE)
        bf_page_result_add_reason(r, "illegible");
    bool expected = bf_page_must_bear_name(&p->says, p->task->hit_expected);
    if (expected && !bears_name(p))
        bf_page_result_add_reason(r, "expected-name-missing");
    if (!names_person(&p->reading) && (p->says.names_other_holder || (expected && p->says.names_other)))
        bf_page_result_add_reason(r, "other-applicant");
    if (!p->signed_ink_known)
        bf_page_result_add_reason(r, "signature-uncovered");
    if (p->says.letter && !p->says.signs_here && !has_signature(r->masks))
        bf_page_result_add_reason(r, "signature-not-found");
    if (!r->verify_passed)
        bf_page_result_add_reason(r, "not-verified");
}

/* The only place where a page becomes anything else than "review". */
static void decide(passage *p)
{
    bf_page_result *r = p->result;
    drop_masked_doubts(p);
    gather_objections(p);
    note_places(p);
    r->needs_masking = r->masks->len > 0 ? BF_ANSWER_YES : BF_ANSWER_UNKNOWN;
    if (r->reasons != NULL && r->reasons->len > 0)
        return;
    if (!r->verify_passed || r->output == NULL)
        return;
    r->needs_masking = r->masks->len > 0 ? BF_ANSWER_YES : BF_ANSWER_NO;
    r->decision = r->masks->len > 0 ? BF_DECISION_MASKED : BF_DECISION_CLEAR;
}

static void run_stages(passage *p)
{
    g_autoptr(GError) error = NULL;
    if (!decode(p) || cancelled(p))
        return;
    if (!read_page(p, &error)) {
        bf_page_result_add_reason(p->result, "not-readable");
        return;
    }
    judge_legibility(p);
    if (cancelled(p) || p->task->check != NULL)
        return;
    if (!mask_and_prove(p, &error)) {
        bf_page_result_add_reason(p->result, "not-verified");
        g_clear_pointer(&p->result->output, g_bytes_unref);
        return;
    }
    decide(p);
}

/* Instead of masking: everything that was learnt about the page, and a look at what only applicants care about. */
static void check(passage *p)
{
    g_autoptr(GError) error = NULL;
    bf_check_view view = {.worker = p->worker,
                          .task = p->task,
                          .picture = p->picture,
                          .frame = &p->frame,
                          .info = &p->info,
                          .reading = &p->reading,
                          .legibility = p->legibility.reasons != NULL ? &p->legibility : NULL};
    if (!bf_check_page(&view, p->result, &error))
        bf_page_result_add_reason(p->result, "not-readable");
}

void bf_page_process(bf_page_worker *worker, const bf_page_task *task, bf_page_result *result)
{
    passage p = {.worker = worker, .task = task, .result = result, .jpeg = g_bytes_ref(task->jpeg)};
    bf_reading_init(&p.reading);
    p.query = bf_page_query_new(task->query, task->others);
    if (result->masks == NULL)
        result->masks = g_array_new(FALSE, FALSE, sizeof(bf_mask));
    run_stages(&p);
    if (task->check != NULL)
        check(&p);
    g_bytes_unref(p.jpeg);
    bf_picture_free(p.picture);
    bf_reading_clear(&p.reading);
    bf_page_query_free(p.query);
    bf_legibility_clear(&p.legibility);
}
