/* A page whose text ends with half of a name, read and masked for real: nobody sees that half, and it proves nothing about whose page it
 * is. */
#include "blindfold/jpeg.h"
#include "blindfold/memory.h"
#include "blindfold/name.h"
#include "page/sheet.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { SIZE_PX = 36, LINE_PX = 60, MARGIN_PX = 420, BENT_PX = 380 };

static const char *const TEXT[] = {
    "根据年度工作计划组织开展各项教学活动并按时完成任务", "认真学习有关文件精神不断提高自身业务水平和服务能力",
    "积极参加集体备课和教学研讨活动注重理论与实际的联系", "承担了两个班级的课程教学学生评价结果一直较为满意的",
    "在上级主管部门的领导下按照要求完成了调查研究的报告", "严格遵守学校各项规章制度自觉接受群众监督和组织考核",
    "全年共听课二十余节撰写教学反思和学习笔记三万余字了", "利用业余时间阅读专业书籍并参加了继续教育网络培训班",
    "与同事团结协作共同解决教学过程中遇到的困难和问题的", "本学期由年级组推荐参加公开课评比活动的教师是欧阳明",
};

static void draw_lines(bf_glyphs *glyphs, bf_picture **out)
{
    glong n = g_utf8_strlen(TEXT[0], -1);
    int width = ((int)n + 3) * SIZE_PX, height = 2 * MARGIN_PX + (int)G_N_ELEMENTS(TEXT) * LINE_PX;
    assert_true(bf_picture_new(width, height, 3, out, NULL));
    memset((*out)->data, 255, (gsize)width * (gsize)height * 3);
    for (guint i = 0; i < G_N_ELEMENTS(TEXT); i++) {
        g_autoptr(bf_picture) line = NULL;
        g_autofree gunichar *chars = g_utf8_to_ucs4_fast(TEXT[i], -1, &n);
        assert_true(bf_glyphs_draw(glyphs, 0, chars, (guint)n, SIZE_PX, LINE_PX, &line, NULL));
        assert_true(line->width_px <= width);
        for (int y = 0; y < LINE_PX; y++)
            memcpy((*out)->data + ((gsize)(MARGIN_PX + (int)i * LINE_PX + y) * (gsize)width) * 3,
                   line->data + (gsize)y * (gsize)line->width_px * 3, (gsize)line->width_px * 3);
    }
}

/* Bends the page like an open book's: the right edge stands `depth` px lower, and the way there is a parabola. */
static void bend(bf_picture *p, int depth)
{
    g_autofree uint8_t *flat = g_memdup2(p->data, (gsize)p->width_px * (gsize)p->height_px * 3);
    for (int x = 0; x < p->width_px; x++) {
        int shift = depth * x / p->width_px * x / p->width_px;
        for (int y = 0; y < p->height_px; y++)
            memcpy(p->data + ((gsize)y * (gsize)p->width_px + (gsize)x) * 3,
                   flat + ((gsize)MAX(y - shift, 0) * (gsize)p->width_px + (gsize)x) * 3, 3);
    }
}

/* Is there a mask over the end of the last line? */
static bool end_is_covered(const bf_page_result *r, int width, int depth)
{
    const float right = (float)g_utf8_strlen(TEXT[0], -1) * SIZE_PX, x = (right - SIZE_PX) / (float)width;
    const float y = MARGIN_PX + (G_N_ELEMENTS(TEXT) - 0.5F) * LINE_PX + (float)depth * x * x;
    bool begin = false, end = false; /* a tilted mask is cut in pieces */
    for (guint i = 0; i < r->masks->len; i++) {
        bf_rect m = g_array_index(r->masks, bf_mask, i).rect;
        bool row = (float)m.y < y && (float)(m.y + m.h) > y;
        begin = begin || (row && (float)m.x < right - 2 * SIZE_PX);
        end = end || (row && (float)(m.x + m.w) >= right + SIZE_PX);
    }
    return begin && end;
}

static void test_bf_page_process__half_of_a_name_at_the_foot(void **state)
{
    (void)state;
    static const bf_page_settings settings = {0};
    bf_page_engine *engine = NULL;
    bf_page_worker *worker = NULL;
    g_autoptr(bf_query) query = NULL;
    g_autoptr(bf_picture) picture = NULL;
    g_autoptr(GBytes) jpeg = NULL;
    bf_memory_prepare();
    assert_true(bf_page_engine_new(&settings, &engine, NULL) && bf_page_worker_new(engine, &worker, NULL));
    assert_true(bf_name_build("欧阳明华", NULL, &query, NULL) && bf_page_engine_prepare(engine, query, NULL));
    draw_lines(engine->glyphs, &picture);
    assert_true(bf_jpeg_encode_view(picture, 95, &jpeg, NULL));
    for (int expected = 0; expected < 2; expected++) {
        bf_page_result r;
        bf_page_result_init(&r);
        bf_page_process(worker, &(bf_page_task){.jpeg = jpeg, .query = query, .hit_expected = expected}, &r);
        assert_true(end_is_covered(&r, picture->width_px, 0));
        bool missing = r.reasons && g_ptr_array_find_with_equal_func(r.reasons, "expected-name-missing", g_str_equal, NULL);
        assert_int_equal(missing, expected);
        assert_int_equal(r.decision, expected ? BF_DECISION_REVIEW : BF_DECISION_MASKED);
        bf_page_result_clear(&r);
    }
    g_bytes_unref(g_steal_pointer(&jpeg));
    bend(picture, BENT_PX);
    assert_true(bf_jpeg_encode_view(picture, 95, &jpeg, NULL));
    bf_page_result r;
    bf_page_result_init(&r);
    bf_page_process(worker, &(bf_page_task){.jpeg = jpeg, .query = query}, &r);
    assert_true(end_is_covered(&r, picture->width_px, BENT_PX));
    bf_page_result_clear(&r);
    bf_page_worker_free(worker);
    bf_page_engine_free(engine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_bf_page_process__half_of_a_name_at_the_foot)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
