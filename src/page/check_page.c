#include "page/check_page.h"
#include "blindfold/jpeg_look.h"
#include "blindfold/name.h"
#include "page/ink.h"
#include "page/orient.h"
#include "page/reading.h"
#include <math.h>

enum { THUMBNAIL_PX = 280, PLACE_PX = 420, PICTURE_QUALITY = 72, PLACES_MAX = 60 };

/* ---- pictures ---- */

static GBytes *small_jpeg(const bf_picture *picture, int side_px)
{
    float scale = MIN(1.0F, (float)side_px / (float)MAX(picture->width_px, picture->height_px));
    g_autoptr(bf_picture) small = NULL;
    GBytes *out = NULL;
    int w = MAX(1, (int)((float)picture->width_px * scale)), h = MAX(1, (int)((float)picture->height_px * scale));
    bool ok = bf_picture_scale(picture, w, h, &small, NULL) && bf_jpeg_encode_view(small, PICTURE_QUALITY, &out, NULL);
    return ok ? out : NULL;
}

/* The place with as much around it as tells a person where he is. */
static GBytes *picture_of(const bf_picture *picture, bf_rect place)
{
    int margin = MAX(MAX(place.w, place.h) / 2, 24);
    bf_rect r = bf_rect_intersect(bf_rect_grow(place, margin, margin), (bf_rect){0, 0, picture->width_px, picture->height_px});
    g_autoptr(bf_picture) cut = NULL;
    if (bf_rect_is_empty(r) || !bf_picture_new(r.w, r.h, picture->channels, &cut, NULL))
        return NULL;
    gsize ch = (gsize)picture->channels;
    for (int y = 0; y < r.h; y++)
        memcpy(cut->data + (gsize)y * (gsize)r.w * ch, picture->data + ((gsize)(r.y + y) * (gsize)picture->width_px + (gsize)r.x) * ch,
               (gsize)r.w * ch);
    return small_jpeg(cut, PLACE_PX);
}

/* Several looks find one place several times, each a little different. */
static bool is_told(const GArray *findings, const char *rule, bf_rect place)
{
    for (guint i = 0; i < findings->len; i++) {
        const bf_finding *f = &g_array_index(findings, bf_finding, i);
        bf_rect both = bf_rect_intersect(f->place, place);
        gint64 shared = (gint64)both.w * both.h, smaller = MIN((gint64)f->place.w * f->place.h, (gint64)place.w * place.h);
        if (strcmp(f->rule, rule) == 0 && shared * 2 > smaller)
            return true;
    }
    return false;
}

void bf_check_add(const bf_check_view *v, const char *rule, bf_finding_weight weight, bf_rect place_upright)
{
    GArray *findings = v->task->check->findings;
    bf_finding f = {.rule = rule, .weight = weight, .number = -1};
    if (findings->len >= PLACES_MAX)
        return;
    if (!bf_rect_is_empty(place_upright)) {
        if (is_told(findings, rule, bf_frame_rect_to_stored(v->frame, place_upright)))
            return;
        f.place = bf_frame_rect_to_stored(v->frame, place_upright);
        f.picture = picture_of(v->picture, place_upright);
    }
    bf_findings_add(findings, f);
}

static void add_plain(const bf_check_view *v, const char *rule, bf_finding_weight weight, const char *detail, int number)
{
    bf_findings_add(v->task->check->findings, (bf_finding){.rule = rule, .weight = weight, .detail = detail, .number = number});
}

/* The mean of the cells about one, which takes the shades away that all copies of a form share. */
static float mean_about(const float *cells, int x, int y)
{
    float sum = 0;
    int n = 0;
    for (int v = MAX(y - 2, 0); v <= MIN(y + 2, BF_PRINT_SIDE - 1); v++)
        for (int u = MAX(x - 2, 0); u <= MIN(x + 2, BF_PRINT_SIDE - 1); u++, n++)
            sum += cells[v * BF_PRINT_SIDE + u];
    return sum / (float)n;
}

float *bf_check_print(const bf_picture *picture)
{
    g_autoptr(bf_picture) small = NULL;
    float cells[BF_PRINT_N], norm = 0;
    if (!bf_picture_scale(picture, BF_PRINT_SIDE, BF_PRINT_SIDE, &small, NULL))
        return NULL;
    for (int i = 0; i < BF_PRINT_N; i++)
        cells[i] = bf_luma(small, i % BF_PRINT_SIDE, i / BF_PRINT_SIDE);
    float *print = g_new(float, BF_PRINT_N);
    for (int i = 0; i < BF_PRINT_N; i++) {
        print[i] = cells[i] - mean_about(cells, i % BF_PRINT_SIDE, i / BF_PRINT_SIDE);
        norm += print[i] * print[i];
    }
    for (int i = 0; i < BF_PRINT_N; i++)
        print[i] = norm > 0 ? print[i] / sqrtf(norm) : 0;
    return print;
}

/* ---- openable ---- */

static bool has_reason(const bf_page_result *r, const char *word)
{
    for (guint i = 0; r->reasons != NULL && i < r->reasons->len; i++)
        if (strcmp(r->reasons->pdata[i], word) == 0)
            return true;
    return false;
}

static void check_form(const bf_check_view *v, const bf_page_result *r)
{
    static const char *const plain[] = {"unsupported-coding", "too-large", "out-of-memory", "not-readable", "unreadable-entry"};
    const char *kind = bf_file_kind(v->task->jpeg);
    if (has_reason(r, "not-a-jpeg"))
        add_plain(v, strcmp(kind, "empty") == 0 ? "empty" : "not-a-jpeg", BF_FINDING_MEND, kind, -1);
    if (has_reason(r, "truncated"))
        add_plain(v, "truncated", BF_FINDING_MEND, NULL, v->info->intact_percent);
    if (has_reason(r, "corrupt")) /* cut off between two scans there is nothing to be shown, but it is still a matter of the end */
        add_plain(v, v->info->truncated ? "truncated" : "corrupt", BF_FINDING_MEND, NULL, -1);
    if (has_reason(r, "damaged"))
        add_plain(v, "damaged", BF_FINDING_MEND, NULL, v->info->intact_percent);
    for (gsize i = 0; i < G_N_ELEMENTS(plain); i++)
        if (has_reason(r, plain[i]))
            add_plain(v, plain[i], BF_FINDING_MEND, NULL, -1);
}

/* ---- upright ---- */

static bf_quad mirrored_quad(const bf_quad *q, float width)
{
    static const int from[] = {1, 0, 3, 2};
    bf_quad m;
    for (int i = 0; i < 4; i++) {
        m.x[i] = width - q->x[from[i]];
        m.y[i] = q->y[from[i]];
    }
    return m;
}

static bool reads_better(const bf_check_view *v, const bf_picture *flipped, int turn, bool *better, GError **error)
{
    g_autoptr(bf_picture) upright = NULL;
    bf_reading reading = {0};
    bf_reading_init(&reading);
    bool ok = bf_picture_turn(flipped, turn, &upright, error) && bf_read_plain(v->worker, upright, v->task->query, &reading, error);
    float before = bf_mean_confidence(v->reading->lines, NULL), now = bf_mean_confidence(reading.lines, NULL);
    *better = ok && now >= 0.75F && now > before + 0.1F;
    bf_reading_clear(&reading);
    return ok;
}

/* Does the page read when it is seen in a mirror, and not otherwise? */
static bool check_mirrored(const bf_check_view *v, bool *mirrored, GError **error)
{
    g_autoptr(bf_picture) flipped = NULL;
    g_autoptr(GArray) lines = g_array_copy(v->reading->lines);
    int turn = -1;
    *mirrored = false;
    if (lines->len == 0)
        return true;
    if (!bf_picture_orient(v->picture, 2, &flipped, error))
        return false;
    for (guint i = 0; i < lines->len; i++) {
        bf_line *l = &g_array_index(lines, bf_line, i);
        l->quad = mirrored_quad(&l->quad, (float)v->picture->width_px);
    }
    if (!bf_orient_by_reading(v->worker, flipped, lines, v->task->query, &turn, error))
        return false;
    return turn < 0 || reads_better(v, flipped, turn, mirrored, error);
}

static bool check_upright(const bf_check_view *v, const bf_page_result *r, GError **error)
{
    bool mirrored = false;
    /* Many characters look much the same in a mirror: such a page reads badly, not hardly at all. */
    bool doubtful = v->legibility->verdict != BF_LEGIBILITY_LEGIBLE || !bf_reads_well(v->reading->lines);
    if (doubtful && !check_mirrored(v, &mirrored, error))
        return false;
    if (mirrored)
        add_plain(v, "mirrored", BF_FINDING_MEND, NULL, -1);
    else if (r->orientation_deg > 0)
        add_plain(v, "turned", BF_FINDING_MEND, NULL, r->orientation_deg);
    else if (r->orientation_deg < 0 && v->reading->lines->len > 0 && bf_mean_confidence(v->reading->lines, NULL) > 0)
        add_plain(v, "orientation-unknown", BF_FINDING_WARN, NULL, -1);
    else if (v->info->exif_orientation != 1)
        add_plain(v, "upright-by-exif", BF_FINDING_NOTE, NULL, v->info->exif_orientation);
    return true;
}

/* ---- legible ---- */

static void check_legible(const bf_check_view *v)
{
    static const char *const verdicts[] = {"illegible", "hard-to-read"};
    const bf_legibility *l = v->legibility;
    bf_checked_page *out = v->task->check;
    out->legibility = bf_legibility_word(l->verdict);
    out->score = l->score;
    out->legibility_reasons = g_ptr_array_copy(l->reasons, NULL, NULL);
    if (l->verdict == BF_LEGIBILITY_LEGIBLE) {
        for (guint i = 0; i < l->reasons->len; i++)
            add_plain(v, l->reasons->pdata[i], BF_FINDING_NOTE, NULL, -1);
        return;
    }
    bf_finding_weight weight = l->verdict == BF_LEGIBILITY_ILLEGIBLE ? BF_FINDING_MEND : BF_FINDING_WARN;
    if (l->reasons->len == 0 || strcmp(l->reasons->pdata[0], "blank") != 0)
        add_plain(v, verdicts[l->verdict], weight, NULL, (int)lroundf(l->score * 100));
    for (guint i = 0; i < l->reasons->len; i++)
        add_plain(v, l->reasons->pdata[i], weight, NULL, -1);
}

/* ---- names ---- */

static bf_finding_weight leak_weight(const bf_check_view *v)
{
    return v->task->check_unmasked ? BF_FINDING_NOTE : BF_FINDING_MEND;
}

static void check_names(const bf_check_view *v)
{
    const bf_reading *r = v->reading;
    for (guint i = 0; i < r->hits->len; i++)
        bf_check_add(v, "name-visible", leak_weight(v), bf_quad_bounds(&g_array_index(r->hits, bf_hit, i).quad));
    for (guint i = 0; i < r->doubts->len; i++)
        bf_check_add(v, "name-doubtful", v->task->check_unmasked ? BF_FINDING_NOTE : BF_FINDING_WARN,
                     bf_quad_bounds(&g_array_index(r->doubts, bf_hit, i).quad));
}

bool bf_check_page(const bf_check_view *v, const bf_page_result *r, GError **error)
{
    bf_checked_page *out = v->task->check;
    out->width_px = r->width_px;
    out->height_px = r->height_px;
    check_form(v, r);
    bf_check_leaks(v);
    if (v->picture == NULL || v->legibility == NULL)
        return true;
    out->thumbnail = small_jpeg(v->picture, THUMBNAIL_PX);
    out->print = bf_check_print(v->picture);
    if (!check_upright(v, r, error))
        return false;
    check_legible(v);
    check_names(v);
    return bf_check_masks(v, error);
}
