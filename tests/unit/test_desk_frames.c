/* Rectangles between the page that the browser shows and the page as it is stored; masks as text. */
#include "review/desk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* There and back, whichever way the page lies. */
static void test_desk_to_stored__every_way(void **state)
{
    (void)state;
    const bf_rect upright = {16, 40, 120, 24};
    for (int exif = 1; exif <= 8; exif++)
        for (int turn = 0; turn < 360; turn += 90) {
            bf_page_result page;
            int w, h;
            bf_page_result_init(&page);
            page.width_px = 640;
            page.height_px = 400;
            page.exif_orientation = exif;
            page.orientation_deg = turn;
            assert_true(desk_frame_size(&page, &w, &h));
            assert_int_equal(w * h, 640 * 400);
            bf_rect stored = desk_to_stored(&page, upright), back = desk_to_upright(&page, stored);
            assert_memory_equal(&back, &upright, sizeof back);
            assert_int_equal(stored.w * stored.h, upright.w * upright.h);
        }
}

/* EXIF 6: shown turned clockwise, so the stored page's lower left corner is shown at the upper left. */
static void test_desk_to_stored__exif_6(void **state)
{
    (void)state;
    bf_page_result page;
    bf_page_result_init(&page);
    page.width_px = 640;
    page.height_px = 400;
    page.exif_orientation = 6;
    bf_rect r = desk_to_stored(&page, (bf_rect){0, 0, 10, 20});
    const bf_rect expected = {0, 390, 20, 10};
    assert_memory_equal(&r, &expected, sizeof r);
}

static void test_desk_masks__as_text(void **state)
{
    (void)state;
    const char *text = "[{\"x\":8,\"y\":16,\"w\":32,\"h\":8,\"kind\":\"seal\",\"reader\":\"ink\"},"
                       "{\"x\":0,\"y\":0,\"w\":16,\"h\":16,\"kind\":\"manual\",\"reader\":\"person\"}]";
    g_autoptr(GArray) masks = desk_masks_from_text(text), none = desk_masks_from_text(NULL), broken = desk_masks_from_text("[{\"x\":-1}, 3");
    g_autofree char *back = desk_masks_to_text(masks), *empty = desk_masks_to_text(none);
    assert_string_equal(back, text);
    assert_string_equal(empty, "[]");
    assert_int_equal(broken->len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_desk_to_stored__every_way),
        cmocka_unit_test(test_desk_to_stored__exif_6),
        cmocka_unit_test(test_desk_masks__as_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
