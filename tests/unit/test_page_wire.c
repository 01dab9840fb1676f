/* What page processes are told and what is believed of what they say. */
#include "blindfold/name.h"
#include "page/page_order.h"
#include "page/page_wire.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const guint8 smallest[] = {0xFF, 0xD8, 0xFF, 0xD9};

/* A result that is to be believed: masked, proved. */
static void good_result(bf_page_result *r)
{
    const bf_mask mask = {.rect = {16, 32, 48, 16}, .kind = BF_MASK_PINYIN, .reader = "ppocr", .score = 0.5F};
    bf_page_result_init(r);
    r->decision = BF_DECISION_MASKED;
    r->needs_masking = BF_ANSWER_YES;
    r->width_px = 64;
    r->height_px = 48;
    r->exif_orientation = 6;
    r->jpeg_warnings = 3;
    r->orientation_deg = 90;
    r->turned_from = 7;
    r->not_turned = "odd-size";
    r->legibility = BF_LEGIBILITY_MARGINAL;
    r->legibility_score = 0.75F;
    r->verify_passed = r->recoded = true;
    r->unchanged_blocks = 17;
    r->masked_blocks = 4;
    r->output = g_bytes_new_static(smallest, sizeof smallest);
    r->masks = g_array_new(FALSE, FALSE, sizeof(bf_mask));
    g_array_append_val(r->masks, mask);
}

/* Over the wire and back; false: it was not believed. */
static bool travel(const bf_page_result *sent, bf_page_result *received)
{
    g_autoptr(GBytes) head = wire_write_result(sent);
    bf_page_result_init(received);
    return wire_read_result(head, sent->output, received);
}

static void test_wire_result__comes_back_the_same(void **state)
{
    (void)state;
    bf_page_result sent, received;
    good_result(&sent);
    assert_true(travel(&sent, &received));
    assert_int_equal(received.decision, BF_DECISION_MASKED);
    assert_int_equal(received.needs_masking, BF_ANSWER_YES);
    assert_int_equal(received.width_px, 64);
    assert_int_equal(received.height_px, 48);
    assert_int_equal(received.exif_orientation, 6);
    assert_int_equal(received.jpeg_warnings, 3);
    assert_int_equal(received.orientation_deg, 90);
    assert_int_equal(received.turned_from, 7);
    assert_string_equal(received.not_turned, "odd-size");
    assert_int_equal(received.legibility, BF_LEGIBILITY_MARGINAL);
    assert_true(received.legibility_score == 0.75F);
    assert_true(received.verify_passed && received.recoded && !received.by_person);
    assert_int_equal(received.unchanged_blocks, 17);
    assert_int_equal(received.masked_blocks, 4);
    assert_null(received.reasons);
    assert_int_equal(received.masks->len, 1);
    const bf_mask *m = &g_array_index(received.masks, bf_mask, 0);
    assert_true(m->rect.x == 16 && m->rect.y == 32 && m->rect.w == 48 && m->rect.h == 16);
    assert_int_equal(m->kind, BF_MASK_PINYIN);
    assert_string_equal(m->reader, "ppocr");
    assert_true(m->score == 0.5F);
    bf_page_result_clear(&sent);
    bf_page_result_clear(&received);
}

static void add_places(bf_page_result *r, guint n_masks, guint n_doubts)
{
    const bf_mask mask = {.rect = {16, 32, 48, 16}, .kind = BF_MASK_NAME, .reader = "ppocr", .score = 0.5F};
    const bf_doubt doubt = {.rect = {16, 32, 48, 16}, .reason = "doubtful-name"};
    r->doubts = g_array_new(FALSE, FALSE, sizeof(bf_doubt));
    while (r->masks->len < n_masks)
        g_array_append_val(r->masks, mask);
    while (r->doubts->len < n_doubts)
        g_array_append_val(r->doubts, doubt);
}

static void test_wire_result__more_places_than_are_believed(void **state)
{
    (void)state;
    static const struct {
        guint masks, doubts;
        bool held;
    } CASES[] = {{WIRE_PLACES_MAX, 0, false},
                 {WIRE_PLACES_MAX + 1, 0, true},
                 {1, WIRE_PLACES_MAX + 1, true},
                 {WIRE_PLACES_MAX + 1, WIRE_PLACES_MAX + 1, true}};
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        bf_page_result sent, received;
        bool masks_fit = CASES[i].masks <= WIRE_PLACES_MAX;
        good_result(&sent);
        add_places(&sent, CASES[i].masks, CASES[i].doubts);
        assert_int_equal(travel(&sent, &received), !CASES[i].held); /* never cut on the way */
        bf_page_result_clear(&received);
        wire_fit_result(&sent);
        assert_true(travel(&sent, &received));
        assert_int_equal(received.decision, CASES[i].held ? BF_DECISION_REVIEW : BF_DECISION_MASKED);
        assert_int_equal(received.masks->len, masks_fit ? CASES[i].masks : 0);
        assert_true((received.output != NULL) == masks_fit);
        assert_int_equal(received.reasons ? received.reasons->len : 0, CASES[i].held);
        if (CASES[i].held)
            assert_string_equal(received.reasons->pdata[0], "too-many-places");
        bf_page_result_clear(&sent);
        bf_page_result_clear(&received);
    }
}

static void test_wire_result__a_held_page_with_its_reasons(void **state)
{
    (void)state;
    bf_page_result sent, received;
    bf_page_result_init(&sent);
    sent.width_px = 10;
    sent.height_px = 20;
    bf_page_result_add_reason(&sent, "unread-ink");
    bf_page_result_add_reason(&sent, "not-verified");
    bf_page_result_add_doubt(&sent, (bf_rect){1, 2, 3, 4}, "unread-ink");
    assert_true(travel(&sent, &received));
    assert_int_equal(received.decision, BF_DECISION_REVIEW);
    assert_int_equal(received.orientation_deg, -1);
    assert_int_equal(received.reasons->len, 2);
    assert_string_equal(received.reasons->pdata[1], "not-verified");
    assert_int_equal(received.doubts->len, 1);
    assert_int_equal(g_array_index(received.doubts, bf_doubt, 0).rect.h, 4);
    bf_page_result_clear(&sent);
    bf_page_result_clear(&received);
}

static bf_mask *first_mask(bf_page_result *r)
{
    return &g_array_index(r->masks, bf_mask, 0);
}

/* Each spoils the good result in one way. */
static void no_output(bf_page_result *r)
{
    g_clear_pointer(&r->output, g_bytes_unref);
}
static void not_verified(bf_page_result *r)
{
    r->verify_passed = false;
}
static void a_reason(bf_page_result *r)
{
    bf_page_result_add_reason(r, "doubtful-name");
}
static void turned_from_nowhere(bf_page_result *r)
{
    r->turned_from = 9;
}
static void not_turned_with_text(bf_page_result *r)
{
    r->not_turned = "Text from a page";
}
static void no_masks(bf_page_result *r)
{
    g_array_set_size(r->masks, 0);
}
static void clear_with_masks(bf_page_result *r)
{
    r->decision = BF_DECISION_CLEAR;
}
static void says_person(bf_page_result *r)
{
    r->by_person = true;
}
static void needs_no(bf_page_result *r)
{
    r->needs_masking = BF_ANSWER_NO;
}
static void odd_decision(bf_page_result *r)
{
    r->decision = (bf_decision)7;
}
static void odd_turn(bf_page_result *r)
{
    r->orientation_deg = 45;
}
static void odd_exif(bf_page_result *r)
{
    r->exif_orientation = 9;
}
static void odd_legibility(bf_page_result *r)
{
    r->legibility = (bf_legibility_verdict)3;
}
static void score_nan(bf_page_result *r)
{
    r->legibility_score = (float)(0.0 / 0.0);
}
static void score_large(bf_page_result *r)
{
    r->legibility_score = 1.5F;
}
static void too_wide(bf_page_result *r)
{
    r->width_px = 70000;
}
static void negative_blocks(bf_page_result *r)
{
    r->masked_blocks = -1;
}
static void mask_off_the_page(bf_page_result *r)
{
    first_mask(r)->rect.x = 32;
}
static void mask_overflows(bf_page_result *r)
{
    first_mask(r)->rect.w = G_MAXINT;
}
static void mask_negative(bf_page_result *r)
{
    first_mask(r)->rect.y = -1;
}
static void mask_empty(bf_page_result *r)
{
    first_mask(r)->rect.h = 0;
}
static void mask_kind(bf_page_result *r)
{
    first_mask(r)->kind = (bf_mask_kind)9;
}
static void mask_reader_is_text(bf_page_result *r)
{
    first_mask(r)->reader = "白石子";
}
static void mask_score(bf_page_result *r)
{
    first_mask(r)->score = -1;
}
static void reason_is_text(bf_page_result *r)
{
    r->decision = BF_DECISION_REVIEW;
    bf_page_result_add_reason(r, "Zhou Mingxia");
}
static void reason_is_empty(bf_page_result *r)
{
    r->decision = BF_DECISION_REVIEW;
    bf_page_result_add_reason(r, "");
}
static void output_is_no_jpeg(bf_page_result *r)
{
    g_bytes_unref(r->output);
    r->output = g_bytes_new_static("GIF89a", 6);
}
static void output_goes_on(bf_page_result *r)
{
    g_bytes_unref(r->output);
    r->output = g_bytes_new_static("\xFF\xD8\xFF\xD9more", 8);
}
static void negative_warnings(bf_page_result *r)
{
    r->jpeg_warnings = -1;
}
static void doubt_off_the_page(bf_page_result *r)
{
    bf_page_result_add_doubt(r, (bf_rect){60, 0, 10, 10}, "unread-ink");
}

static void test_wire_read_result__believes_no_more_than_is_proved(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        void (*spoil)(bf_page_result *r);
    } cases[] = {{"no output", no_output},
                 {"not verified", not_verified},
                 {"masked with a reason", a_reason},
                 {"masked without masks", no_masks},
                 {"turned from nowhere", turned_from_nowhere},
                 {"text for why it was not turned", not_turned_with_text},
                 {"clear with masks", clear_with_masks},
                 {"speaks for a person", says_person},
                 {"masked, and needs none", needs_no},
                 {"no such decision", odd_decision},
                 {"no such turn", odd_turn},
                 {"no such EXIF orientation", odd_exif},
                 {"no such legibility", odd_legibility},
                 {"score is not a number", score_nan},
                 {"score above 1", score_large},
                 {"wider than a JPEG", too_wide},
                 {"fewer than no blocks", negative_blocks},
                 {"mask off the page", mask_off_the_page},
                 {"mask overflows", mask_overflows},
                 {"mask before the page", mask_negative},
                 {"empty mask", mask_empty},
                 {"no such kind", mask_kind},
                 {"reader is text", mask_reader_is_text},
                 {"mask's score", mask_score},
                 {"reason is text", reason_is_text},
                 {"reason is empty", reason_is_empty},
                 {"output is no JPEG", output_is_no_jpeg},
                 {"output has a tail", output_goes_on},
                 {"fewer than no warnings", negative_warnings},
                 {"doubt off the page", doubt_off_the_page}};
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        bf_page_result sent, received;
        good_result(&sent);
        cases[i].spoil(&sent);
        if (travel(&sent, &received))
            fail_msg("%s: was believed", cases[i].what);
        assert_int_equal(received.decision, BF_DECISION_REVIEW);
        assert_null(received.output);
        assert_null(received.masks);
        bf_page_result_clear(&sent);
    }
}

static void test_wire_read_result__every_cut_and_every_flipped_bit(void **state)
{
    (void)state;
    bf_page_result sent;
    good_result(&sent);
    g_autoptr(GBytes) head = wire_write_result(&sent);
    gsize n;
    const guint8 *data = g_bytes_get_data(head, &n);
    for (gsize at = 0; at < n * 8; at++) {
        bf_page_result r;
        guint8 *copy = g_memdup2(data, n);
        copy[at / 8] ^= (guint8)(1 << at % 8);
        g_autoptr(GBytes) changed = g_bytes_new_take(copy, n), cut = g_bytes_new(data, at / 8);
        bf_page_result_init(&r);
        if (wire_read_result(changed, sent.output, &r))
            assert_true(r.decision == BF_DECISION_REVIEW || (r.verify_passed && r.masks->len == 1));
        bf_page_result_clear(&r);
        assert_false(wire_read_result(cut, sent.output, &r));
    }
    bf_page_result_clear(&sent);
}

static void test_wire_read_manual_result__must_say_that_it_is_a_persons(void **state)
{
    (void)state;
    bf_page_result sent, r;
    good_result(&sent);
    bf_page_result_init(&r);
    g_autoptr(GBytes) programs = wire_write_result(&sent);
    assert_false(wire_read_manual_result(programs, sent.output, &r));
    sent.by_person = true;
    bf_page_result_add_doubt(&sent, (bf_rect){1, 2, 3, 4}, "name-still-visible"); /* a person answers for it */
    g_autoptr(GBytes) persons = wire_write_result(&sent);
    assert_true(wire_read_manual_result(persons, sent.output, &r));
    assert_true(r.by_person);
    bf_page_result_clear(&r);
    sent.verify_passed = false;
    g_autoptr(GBytes) unproved = wire_write_result(&sent);
    assert_false(wire_read_manual_result(unproved, sent.output, &r));
    bf_page_result_clear(&sent);
}

static void test_page_order__comes_back_the_same(void **state)
{
    (void)state;
    const bf_mask mask = {.rect = {16, 0, 48, 65535}, .kind = BF_MASK_SEAL, .reader = "ink", .score = 0.5F};
    g_autoptr(GArray) masks = g_array_new(FALSE, FALSE, sizeof(bf_mask));
    g_array_append_val(masks, mask);
    const page_order sent = {.orientation_deg = 270, .long_side_px = 2000, .accept_visible = true, .masked = true, .masks = masks};
    g_autoptr(GArray) numbers = page_order_write(&sent);
    page_order r;
    gsize used = 0;
    assert_true(page_order_read((const guint32 *)(gconstpointer)numbers->data, numbers->len, &r, &used));
    assert_int_equal(used, numbers->len);
    assert_true(r.orientation_deg == 270 && r.long_side_px == 2000 && r.accept_visible && r.masked && r.masks->len == 1);
    const bf_mask *back = &g_array_index(r.masks, bf_mask, 0);
    assert_memory_equal(&back->rect, &mask.rect, sizeof mask.rect);
    assert_int_equal(back->kind, BF_MASK_SEAL);
    page_order_clear(&r);
    for (guint n = 0; n < numbers->len; n++)
        assert_false(page_order_read((const guint32 *)(gconstpointer)numbers->data, n, &r, &used));
    static const guint32 odd[][5] = {{46, 0, 0, 0}, {0, 65536, 0, 0}, {0, 0, 4, 0}, {0, 0, 0, G_MAXUINT32}};
    for (guint i = 0; i < G_N_ELEMENTS(odd); i++)
        assert_false(page_order_read(odd[i], 4, &r, &used));
}

/* What comes back must be about the masks that were asked for. */
static void test_page_order_check__these_masks_and_no_others(void **state)
{
    (void)state;
    const bf_mask within = {.rect = {20, 33, 10, 8}, .kind = BF_MASK_PINYIN, .reader = "person", .score = 1};
    bf_mask elsewhere = within, other_kind = within, off_page = within;
    elsewhere.rect.x = 2;
    other_kind.kind = BF_MASK_MANUAL;
    off_page.rect.y = 48;
    const bf_mask both[] = {within, off_page}, two[] = {within, elsewhere};
    bf_page_result r;
    good_result(&r);
    assert_true(page_order_check(both, 2, &r));
    assert_string_equal(first_mask(&r)->reader, "person");
    assert_false(page_order_check(two, 2, &r));
    assert_false(page_order_check(&elsewhere, 1, &r));
    assert_false(page_order_check(&other_kind, 1, &r));
    assert_false(page_order_check(NULL, 0, &r)); /* more masked than was asked for */
    no_masks(&r);
    assert_false(page_order_check(&within, 1, &r)); /* nothing masked */
    assert_true(page_order_check(&off_page, 1, &r));
    no_output(&r);
    r.decision = BF_DECISION_REVIEW;
    assert_true(page_order_check(&within, 1, &r)); /* nothing came of it, and it says so */
    bf_page_result_clear(&r);
}

static void test_page_picture_read__limits(void **state)
{
    (void)state;
    const bf_page_picture sent = {.width_px = 3264, .height_px = 2448, .imcu_w_px = 16, .imcu_h_px = 8};
    bf_page_picture r;
    g_autoptr(GBytes) head = page_picture_write(&sent), cut = g_bytes_new_from_bytes(head, 0, 12);
    assert_true(page_picture_read(head, &r));
    assert_true(r.width_px == 3264 && r.height_px == 2448 && r.imcu_w_px == 16 && r.imcu_h_px == 8);
    assert_false(page_picture_read(cut, &r));
    const bf_page_picture odd[] = {{.width_px = 0, .height_px = 1, .imcu_w_px = 8, .imcu_h_px = 8},
                                   {.width_px = 70000, .height_px = 1, .imcu_w_px = 8, .imcu_h_px = 8},
                                   {.width_px = 1, .height_px = 1, .imcu_w_px = 0, .imcu_h_px = 8},
                                   {.width_px = 1, .height_px = 1, .imcu_w_px = 8, .imcu_h_px = 64}};
    for (guint i = 0; i < G_N_ELEMENTS(odd); i++) {
        g_autoptr(GBytes) bad = page_picture_write(&odd[i]);
        assert_false(page_picture_read(bad, &r));
    }
}

static void test_wire_query__comes_back_the_same(void **state)
{
    (void)state;
    static const char *const aliases[] = {"M. Zhou", "ئايگۈل", NULL};
    g_autoptr(bf_query) query = NULL, back = NULL;
    assert_true(bf_name_build("欧阳明霞", aliases, &query, NULL));
    GArray *numbers = wire_write_query(query);
    back = wire_read_query((const guint32 *)(gconstpointer)numbers->data, numbers->len);
    assert_non_null(back);
    assert_int_equal(back->n_forms, query->n_forms);
    GArray *again = wire_write_query(back);
    assert_int_equal(again->len, numbers->len);
    assert_memory_equal(again->data, numbers->data, numbers->len * sizeof(guint32));
    for (guint n = 0; n < numbers->len; n++)
        assert_null(wire_read_query((const guint32 *)(gconstpointer)numbers->data, n));
    wire_query_clear(numbers);
    wire_query_clear(again);
}

/* ---- what was checked ---- */

static bf_checked_page *good_checked(void)
{
    bf_checked_page *page = bf_checked_page_new();
    page->width_px = 64;
    page->height_px = 48;
    page->legibility = "marginal";
    page->score = 0.5F;
    page->legibility_reasons = g_ptr_array_new();
    g_ptr_array_add(page->legibility_reasons, (gpointer) "blurred");
    page->thumbnail = g_bytes_new_static(smallest, sizeof smallest);
    page->print = g_new0(float, BF_PRINT_N);
    page->print[7] = -0.25F;
    bf_findings_add(page->findings, (bf_finding){.rule = "not-a-jpeg", .weight = BF_FINDING_MEND, .detail = "7z", .number = -1});
    bf_findings_add(page->findings, (bf_finding){.rule = "name-visible",
                                                 .weight = BF_FINDING_WARN,
                                                 .number = 12,
                                                 .place = {1, 2, 63, 46},
                                                 .picture = g_bytes_new_static(smallest, sizeof smallest)});
    return page;
}

static bf_finding *finding(const bf_checked_page *page, guint i)
{
    return &g_array_index(page->findings, bf_finding, i);
}

static void test_wire_checked__comes_back_behind_what_is_there(void **state)
{
    (void)state;
    bf_checked_page *sent = good_checked(), *page = bf_checked_page_new();
    g_autoptr(GBytes) head = wire_write_checked(sent);
    bf_findings_add(page->findings, (bf_finding){.rule = "name-in-file-name", .number = -1});
    assert_true(wire_read_checked(head, page));
    assert_int_equal(page->findings->len, 3);
    assert_string_equal(finding(page, 0)->rule, "name-in-file-name");
    assert_string_equal(finding(page, 1)->detail, "7z");
    assert_null(finding(page, 1)->picture);
    assert_string_equal(finding(page, 2)->rule, "name-visible");
    assert_true(finding(page, 2)->number == 12 && finding(page, 2)->weight == BF_FINDING_WARN);
    assert_memory_equal(&finding(page, 2)->place, &finding(sent, 1)->place, sizeof(bf_rect));
    assert_true(g_bytes_equal(finding(page, 2)->picture, finding(sent, 1)->picture));
    assert_true(page->width_px == 64 && page->height_px == 48 && page->score == 0.5F);
    assert_string_equal(page->legibility, "marginal");
    assert_string_equal(page->legibility_reasons->pdata[0], "blurred");
    assert_true(g_bytes_equal(page->thumbnail, sent->thumbnail));
    assert_memory_equal(page->print, sent->print, BF_PRINT_N * sizeof(float));
    bf_checked_page_free(sent);
    bf_checked_page_free(page);
}

/* Each spoils the good one in one way. */
static void rule_with_text(bf_checked_page *p)
{
    finding(p, 0)->rule = "Text from a page";
}
static void detail_with_text(bf_checked_page *p)
{
    finding(p, 0)->detail = "7Z";
}
static void rule_without_letters(bf_checked_page *p)
{
    finding(p, 0)->rule = "";
}
static void weight_too_grave(bf_checked_page *p)
{
    finding(p, 0)->weight = (bf_finding_weight)3;
}
static void number_below(bf_checked_page *p)
{
    finding(p, 0)->number = -2;
}
static void place_off_the_page(bf_checked_page *p)
{
    finding(p, 1)->place.x = 2;
}
static void place_without_width(bf_checked_page *p)
{
    finding(p, 1)->place.w = 0;
}
static void picture_that_is_none(bf_checked_page *p)
{
    g_clear_pointer(&finding(p, 1)->picture, g_bytes_unref);
    finding(p, 1)->picture = g_bytes_new_static("<svg>", 5);
}
static void thumbnail_that_is_none(bf_checked_page *p)
{
    g_clear_pointer(&p->thumbnail, g_bytes_unref);
    p->thumbnail = g_bytes_new_static("<svg>", 5);
}
static void strange_verdict(bf_checked_page *p)
{
    p->legibility = "fine";
}
static void strange_reason(bf_checked_page *p)
{
    p->legibility_reasons->pdata[0] = "a name";
}
static void score_above(bf_checked_page *p)
{
    p->score = 1.5F;
}
static void print_without_end(bf_checked_page *p)
{
    p->print[9] = INFINITY;
}
static void print_not_a_number(bf_checked_page *p)
{
    p->print[9] = NAN;
}
static void huge_page(bf_checked_page *p)
{
    p->width_px = 70000;
}
static void too_many_findings(bf_checked_page *p)
{
    for (int i = 0; i < 200; i++)
        bf_findings_add(p->findings, (bf_finding){.rule = "blurred", .number = -1});
}

static void test_wire_read_checked__believes_nothing_out_of_bounds(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        void (*spoil)(bf_checked_page *);
    } cases[] = {
#define CASE(f) {#f, f}
        CASE(rule_with_text),      CASE(detail_with_text),     CASE(rule_without_letters),
        CASE(weight_too_grave),    CASE(number_below),         CASE(place_off_the_page),
        CASE(place_without_width), CASE(picture_that_is_none), CASE(thumbnail_that_is_none),
        CASE(strange_verdict),     CASE(strange_reason),       CASE(score_above),
        CASE(print_without_end),   CASE(print_not_a_number),   CASE(huge_page),
        CASE(too_many_findings),
#undef CASE
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        bf_checked_page *sent = good_checked(), *page = bf_checked_page_new();
        cases[i].spoil(sent);
        g_autoptr(GBytes) head = wire_write_checked(sent);
        if (wire_read_checked(head, page) || page->findings->len > 0 || page->thumbnail || page->legibility)
            fail_msg("believed: %s", cases[i].name);
        bf_checked_page_free(sent);
        bf_checked_page_free(page);
    }
}

static void test_wire_read_checked__every_cut(void **state)
{
    (void)state;
    bf_checked_page *sent = good_checked();
    g_autoptr(GBytes) head = wire_write_checked(sent);
    for (gsize n = 0; n < g_bytes_get_size(head); n++) {
        g_autoptr(GBytes) cut = g_bytes_new(g_bytes_get_data(head, NULL), n); /* a copy: reads beyond it are seen by the sanitizer */
        bf_checked_page *page = bf_checked_page_new();
        assert_false(wire_read_checked(cut, page));
        bf_checked_page_free(page);
    }
    bf_checked_page_free(sent);
}

static void test_wire_frame_is__limits(void **state)
{
    (void)state;
    wire_frame f = {.magic = WIRE_RESULT, .head_bytes = 100, .jpeg_bytes = WIRE_NO_JPEG};
    assert_true(wire_frame_is(&f, WIRE_RESULT));
    assert_false(wire_frame_is(&f, WIRE_TASK));
    f.head_bytes = WIRE_HEAD_MAX + 1;
    assert_false(wire_frame_is(&f, WIRE_RESULT));
    f.head_bytes = 0;
    f.jpeg_bytes = WIRE_NO_JPEG - 1;
    assert_false(wire_frame_is(&f, WIRE_RESULT));
}

static void write_seed(const char *folder, const char *name, guint8 first, guint8 second, const void *data, gsize n)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autofree guint8 *bytes = g_malloc0(n + 4);
    bytes[0] = first;
    bytes[1] = second;
    memcpy(bytes + 4, data, n);
    assert_true(g_file_set_contents(path, (char *)bytes, (gssize)(n + 4), NULL));
}

static void write_seeds(const char *folder)
{
    g_autoptr(bf_query) query = NULL;
    bf_page_result r;
    good_result(&r);
    g_autoptr(GBytes) masked = wire_write_result(&r);
    write_seed(folder, "masked", 0, 1, g_bytes_get_data(masked, NULL), g_bytes_get_size(masked));
    bf_page_result_clear(&r);
    r.width_px = r.height_px = 9;
    bf_page_result_add_reason(&r, "truncated");
    bf_page_result_add_doubt(&r, (bf_rect){1, 2, 3, 4}, "unread-ink");
    g_autoptr(GBytes) held = wire_write_result(&r);
    write_seed(folder, "held", 0, 0, g_bytes_get_data(held, NULL), g_bytes_get_size(held));
    bf_page_result_clear(&r);
    bf_checked_page *page = good_checked();
    g_autoptr(GBytes) checked = wire_write_checked(page);
    write_seed(folder, "checked", 5, 0, g_bytes_get_data(checked, NULL), g_bytes_get_size(checked));
    bf_checked_page_free(page);
    const bf_mask drawn = {.rect = {16, 32, 48, 16}, .kind = BF_MASK_MANUAL};
    g_autoptr(GArray) masks = g_array_new(FALSE, FALSE, sizeof(bf_mask));
    g_array_append_val(masks, drawn);
    g_autoptr(GArray) order = page_order_write(&(page_order){.orientation_deg = 90, .long_side_px = 1000, .masks = masks});
    write_seed(folder, "order", 3, 0, order->data, order->len * sizeof(guint32));
    g_autoptr(GBytes) picture = page_picture_write(&(bf_page_picture){.width_px = 640, .height_px = 400, .imcu_w_px = 16, .imcu_h_px = 16});
    write_seed(folder, "picture", 2, 0, g_bytes_get_data(picture, NULL), g_bytes_get_size(picture));
    bf_page_result p;
    good_result(&p);
    p.by_person = true;
    g_autoptr(GBytes) persons = wire_write_result(&p);
    write_seed(folder, "persons", 4, 1, g_bytes_get_data(persons, NULL), g_bytes_get_size(persons));
    bf_page_result_clear(&p);
    assert_true(bf_name_build("白子", NULL, &query, NULL));
    GArray *numbers = wire_write_query(query);
    write_seed(folder, "query", 1, 0, numbers->data, numbers->len * sizeof(guint32));
    wire_query_clear(numbers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wire_result__comes_back_the_same),
        cmocka_unit_test(test_wire_result__more_places_than_are_believed),
        cmocka_unit_test(test_wire_result__a_held_page_with_its_reasons),
        cmocka_unit_test(test_wire_read_result__believes_no_more_than_is_proved),
        cmocka_unit_test(test_wire_read_result__every_cut_and_every_flipped_bit),
        cmocka_unit_test(test_wire_read_manual_result__must_say_that_it_is_a_persons),
        cmocka_unit_test(test_page_order__comes_back_the_same),
        cmocka_unit_test(test_page_order_check__these_masks_and_no_others),
        cmocka_unit_test(test_page_picture_read__limits),
        cmocka_unit_test(test_wire_query__comes_back_the_same),
        cmocka_unit_test(test_wire_checked__comes_back_behind_what_is_there),
        cmocka_unit_test(test_wire_read_checked__believes_nothing_out_of_bounds),
        cmocka_unit_test(test_wire_read_checked__every_cut),
        cmocka_unit_test(test_wire_frame_is__limits),
    };
    if (g_getenv("BF_TEST_WRITE_SEEDS"))
        write_seeds(g_getenv("BF_TEST_WRITE_SEEDS"));
    return cmocka_run_group_tests(tests, NULL, NULL);
}
