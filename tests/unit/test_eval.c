/* Judging a finished run: what counts as hidden, as a leak, as a false mask, as held for nothing. The people are invented. */
#include "blindfold/jpeg.h"
#include "blindfold/package.h"
#include "blindfold/report.h"
#include "cmd/eval.h"
#include "pagemaker.h"
#include "record_samples.h"

#include <math.h>

/* A run of one package with one page, whose mask is where `mask` says. */
typedef struct {
    char *folder;
    GBytes *jpeg;
    bf_rect name; /* where it really stands */
} run;

static run run_new(void)
{
    run r = {.folder = make_scratch()};
    g_autoptr(pm_person) person = pm_person_random(4);
    g_autoptr(pm_page) page = NULL;
    pm_page_spec spec = {.kind = PM_KIND_TITLE, .capture = PM_CAPTURE_CLEAN, .seed = 5, .person = person, .flags = PM_FLAG_PLAIN_NAME};
    assert_true(pm_page_draw(&spec, &page, NULL));
    r.jpeg = g_bytes_ref(page->jpeg);
    for (guint i = 0; i < page->occurrences->len && bf_rect_is_empty(r.name); i++) {
        const pm_occurrence *o = page->occurrences->pdata[i];
        for (guint k = 0; o->applicant && k < o->glyphs->len; k++) {
            bf_quad q;
            memcpy(&q, &g_array_index(o->glyphs, pm_quad, k), sizeof q);
            r.name = bf_rect_union(r.name, bf_quad_bounds(&q));
        }
    }
    g_autofree char *packages = g_build_filename(r.folder, "packages", NULL), *held = g_build_filename(r.folder, "held", NULL);
    assert_int_equal(g_mkdir(packages, 0700) | g_mkdir(held, 0700), 0);
    return r;
}

static void run_clear(run *r)
{
    g_bytes_unref(r->jpeg);
    remove_scratch(r->folder);
}

/* Writes zip, report and truth, and judges. */
static eval_score *judge_masks(const run *r, const bf_rect *masks, guint n_masks, const char *held, const char *truth_more, bool others)
{
    g_autofree char *output = g_strdup(held ? "held/A1.zip" : "packages/A1.zip"), *path = g_build_filename(r->folder, output, NULL);
    g_autofree char *truth = g_build_filename(r->folder, "A1.truth", NULL);
    bf_package_result *result = bf_package_result_new("A1");
    bf_page_record *record = bf_page_record_new();
    bf_jpeg_info info;
    bf_mask_stats stats;
    assert_true(bf_jpeg_probe(r->jpeg, 0, &info, NULL));
    g_autofree bf_rect *rects = g_new(bf_rect, n_masks);
    record->page.masks = g_array_new(FALSE, FALSE, sizeof(bf_mask));
    for (guint i = 0; i < n_masks; i++) {
        bf_mask m = {.rect = bf_jpeg_snap(&info, masks[i]), .reader = "ppocr", .score = 1};
        rects[i] = m.rect;
        g_array_append_val(record->page.masks, m);
    }
    assert_true(bf_jpeg_mask(r->jpeg, rects, n_masks, 0, &record->page.output, &stats, NULL));
    record->page.decision = held ? BF_DECISION_REVIEW : BF_DECISION_MASKED;
    record->page.legibility = BF_LEGIBILITY_LEGIBLE;
    record->page.verify_passed = true;
    record->page.orientation_deg = 0;
    if (held)
        bf_page_result_add_reason(&record->page, held);
    record->entry = g_strdup("a.jpg");
    record->output_entry = g_strdup("001.jpg");
    bf_zip_writer *writer = NULL;
    assert_true(bf_zip_writer_new(path, &writer, NULL) && bf_zip_writer_add(writer, "001.jpg", record->page.output, NULL) &&
                bf_zip_writer_commit(writer, result->output_sha256, NULL));
    bf_zip_writer_free(writer);
    g_ptr_array_add(result->pages, record);
    result->verdict = held ? BF_VERDICT_HELD : BF_VERDICT_RELEASED;
    result->output = g_steal_pointer(&output);
    g_strlcpy(result->input_sha256, SHA_A, BF_SHA256_HEX);
    bf_tool_info tool = {.version = "1", .settings = ""};
    assert_true(bf_report_write(r->folder, result, &tool, NULL));
    bf_package_result_free(result);
    g_autofree char *text = g_strdup_printf("{\"pages\": [{\"entry\": \"001.jpg\", \"kind\": \"title\"%s, \"orientation_deg\": 90,"
                                            " \"occurrences\": [{\"form\": \"name\", \"box\": [%d, %d, %d, %d]%s}]}]}",
                                            truth_more, r->name.x, r->name.y, r->name.w, r->name.h, others ? ", \"applicant\": false" : "");
    assert_true(g_file_set_contents(truth, text, -1, NULL));
    eval_score *score = eval_score_new();
    g_autoptr(GError) error = NULL;
    if (!eval_package(score, truth, NULL, r->folder, "A1", &error))
        fail_msg("%s", error->message);
    unlink(path);
    return score;
}

static eval_score *judge(const run *r, bf_rect mask, const char *held, const char *truth_more, bool others)
{
    return judge_masks(r, &mask, 1, held, truth_more, others);
}

static bf_rect beside(bf_rect r)
{
    return (bf_rect){r.x, r.y + 400, r.w, r.h};
}

static void test_eval_package__fates(void **state)
{
    (void)state;
    run r = run_new();
    const struct {
        const char *what;
        bf_rect mask;
        const char *held;
        const char *more;
        eval_fate fate;
        guint leaks, false_masks, needless;
    } cases[] = {
        {"masked", r.name, NULL, "", EVAL_HIDDEN, 0, 0, 0},
        {"half masked", {r.name.x, r.name.y, r.name.w / 2, r.name.h}, NULL, "", EVAL_PARTLY, 1, 0, 0},
        {"masked elsewhere", beside(r.name), NULL, "", EVAL_VISIBLE, 1, 1, 0},
        {"held though all is well", r.name, "unread-ink", "", EVAL_HIDDEN, 0, 0, 1},
        {"held, and nobody could read it", r.name, "unread-ink", ", \"legible\": false", EVAL_HIDDEN, 0, 0, 0},
        {"held for a reason", beside(r.name), "unread-ink", "", EVAL_VISIBLE, 0, 1, 0},
        {"held for a name that is there", r.name, "expected-name-missing", "", EVAL_HIDDEN, 0, 0, 1},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        eval_score *s = judge(&r, cases[i].mask, cases[i].held, cases[i].more, false);
        if (s->all.n[cases[i].fate] != 1 || s->all.leaks != cases[i].leaks || s->all.false_masks != cases[i].false_masks ||
            s->all.needless != cases[i].needless || s->all.pages != 1 || s->upright_wrong != 1)
            fail_msg("%s: hidden %u partly %u visible %u, leaks %u, false %u, needless %u", cases[i].what, s->all.n[0], s->all.n[1],
                     s->all.n[2], s->all.leaks, s->all.false_masks, s->all.needless);
        const eval_tally *kind = g_tree_lookup(s->by_kind, "title");
        assert_non_null(kind);
        assert_int_equal(kind->n[cases[i].fate], 1);
        eval_score_free(s);
    }
    run_clear(&r);
}

/* A piece of the name's mask that goes on behind the name is part of it; a mask apart from it is false. */
static void test_eval_package__pieces_of_a_mask(void **state)
{
    (void)state;
    run r = run_new();
    for (int apart = 0; apart < 2; apart++) {
        bf_rect on = bf_rect_grow(r.name, 80, 0), masks[] = {on, {on.x + on.w - (apart ? -40 : 8), on.y, 80, on.h}};
        eval_score *s = judge_masks(&r, masks, G_N_ELEMENTS(masks), NULL, "", false);
        assert_int_equal(s->masks, 2);
        assert_int_equal(s->all.false_masks, apart);
        eval_score_free(s);
    }
    run_clear(&r);
}

/* A page that should bear the name and bears another's is held rightly when that is why it is held. */
static void test_eval_package__misfiled(void **state)
{
    (void)state;
    run r = run_new();
    const struct {
        const char *reason;
        guint misfiled, needless;
    } cases[] = {{"expected-name-missing", 1, 0}, {"other-applicant", 0, 1}, {"unread-ink", 0, 1}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        eval_score *s = judge(&r, r.name, cases[i].reason, "", true);
        assert_int_equal(s->misfiled, cases[i].misfiled);
        assert_int_equal(s->all.needless, cases[i].needless);
        eval_score_free(s);
    }
    run_clear(&r);
}

static void test_eval_truth_read__faults(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "[]",
        "{}",
        "{\"pages\": 3}",
        "{\"pages\": [3]}",
        "{\"pages\": [{}]}",
        "{\"pages\": [{\"entry_index\": 1, \"occurrences\": [{}]}]}",
        "{\"pages\": [{\"entry_index\": 1, \"occurrences\": [{\"box\": [1, 2, 3]}]}]}",
        "{\"pages\": [{\"entry_index\": 1, \"occurrences\": [{\"box\": [1, 2, 3, \"4\"]}]}]}",
        "{\"pages\": [{\"entry_index\": 1, \"occurrences\": [{\"glyphs\": [5]}]}]}",
    };
    char *folder = make_scratch();
    g_autofree char *path = g_build_filename(folder, "truth.json", NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GError) error = NULL;
        GPtrArray *pages = NULL;
        assert_true(g_file_set_contents(path, texts[i], -1, NULL));
        if (eval_truth_read(path, &pages, &error) || !error)
            fail_msg("%s passes for truth", texts[i]);
    }
    remove_scratch(folder);
}

static void test_eval_wilson__known_values(void **state)
{
    (void)state;
    /* Newcombe 1998, table I, method 3 */
    static const struct {
        guint k, n;
        double low, high;
    } cases[] = {{81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0, 0.1611}, {1, 29, 0.0061, 0.1718}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        double low, high;
        eval_wilson(cases[i].k, cases[i].n, &low, &high);
        assert_true(fabs(low - cases[i].low) < 1e-4 && fabs(high - cases[i].high) < 1e-4);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_eval_package__fates),       cmocka_unit_test(test_eval_package__pieces_of_a_mask),
        cmocka_unit_test(test_eval_package__misfiled),    cmocka_unit_test(test_eval_truth_read__faults),
        cmocka_unit_test(test_eval_wilson__known_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
