#include "blindfold/frame.h"
#include "blindfold/jpeg.h"
#include "review/desk.h"

#include <math.h>
#include <string.h>

enum { MASKS_MAX = 500 };

/* At full size: no scale between the two. */
static bf_frame frame_of(const bf_page_result *page)
{
    int exif = page->exif_orientation > 0 ? page->exif_orientation : 1, turn = MAX(page->orientation_deg, 0);
    bool swapped = (exif >= 5) != (turn == 90 || turn == 270);
    return (bf_frame){.stored_width_px = page->width_px,
                      .stored_height_px = page->height_px,
                      .exif_orientation = exif,
                      .turn_deg = turn,
                      .upright_width_px = swapped ? page->height_px : page->width_px,
                      .upright_height_px = swapped ? page->width_px : page->height_px};
}

bool desk_frame_size(const bf_page_result *page, int *width_px, int *height_px)
{
    bf_frame frame = frame_of(page);
    *width_px = frame.upright_width_px;
    *height_px = frame.upright_height_px;
    /* exif_orientation is set when the page could be decoded */
    return page->width_px > 0 && page->height_px > 0 && page->exif_orientation > 0;
}

bf_rect desk_to_upright(const bf_page_result *page, bf_rect stored)
{
    bf_frame frame = frame_of(page);
    return bf_frame_rect_to_upright(&frame, stored);
}

bf_rect desk_to_stored(const bf_page_result *page, bf_rect upright)
{
    bf_frame frame = frame_of(page);
    return bf_frame_rect_to_stored(&frame, upright);
}

static bool read_side(JsonObject *object, const char *key, int *out)
{
    JsonNode *node = json_object_get_member(object, key);
    GType type = node && JSON_NODE_HOLDS_VALUE(node) ? json_node_get_value_type(node) : G_TYPE_NONE;
    if (type != G_TYPE_INT64 && type != G_TYPE_DOUBLE)
        return false;
    double value = json_node_get_double(node);
    if (!(value >= 0 && value <= 65535))
        return false;
    *out = (int)lround(value);
    return true;
}

static bool same_rect(bf_rect a, bf_rect b)
{
    return a.x == b.x && a.y == b.y && a.w == b.w && a.h == b.h;
}

static bf_mask name_mask(const bf_page_result *page, bf_rect rect)
{
    for (guint i = 0; page->masks && i < page->masks->len; i++) {
        bf_mask known = g_array_index(page->masks, bf_mask, i);
        if (same_rect(known.rect, rect))
            return known;
    }
    return (bf_mask){.rect = rect, .kind = BF_MASK_MANUAL, .reader = "person", .score = 1};
}

/* False: the page's grid would be needed. */
static bool make_mask(const bf_page_result *page, const desk_item *item, bf_rect upright, bf_mask *mask)
{
    const bf_jpeg_info info = {
        .width_px = page->width_px, .height_px = page->height_px, .imcu_w_px = item->imcu_w_px, .imcu_h_px = item->imcu_h_px};
    bf_rect rect = desk_to_stored(page, upright);
    *mask = name_mask(page, rect);
    if (mask->kind != BF_MASK_MANUAL) /* it is on the grid already */
        return true;
    if (item->imcu_w_px == 0)
        return false;
    *mask = name_mask(page, bf_jpeg_snap(&info, rect));
    return true;
}

static void add_mask(GArray *masks, bf_mask mask)
{
    for (guint i = 0; i < masks->len; i++)
        if (same_rect(g_array_index(masks, bf_mask, i).rect, mask.rect))
            return;
    if (!bf_rect_is_empty(mask.rect))
        g_array_append_val(masks, mask);
}

GArray *desk_parse_masks(const bf_page_result *page, const desk_item *item, JsonArray *array, const char **error_word)
{
    g_autoptr(GArray) masks = g_array_new(FALSE, FALSE, sizeof(bf_mask));
    guint n = array ? json_array_get_length(array) : 0;
    *error_word = "bad_request";
    if (!array || n > MASKS_MAX)
        return NULL;
    for (guint i = 0; i < n; i++) {
        JsonNode *node = json_array_get_element(array, i);
        JsonObject *object = JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
        bf_rect r;
        bf_mask mask;
        if (!object || !read_side(object, "x", &r.x) || !read_side(object, "y", &r.y) || !read_side(object, "w", &r.w) ||
            !read_side(object, "h", &r.h))
            return NULL;
        if (!make_mask(page, item, r, &mask)) {
            *error_word = "not_shown";
            return NULL;
        }
        add_mask(masks, mask);
    }
    return g_steal_pointer(&masks);
}

char *desk_masks_to_text(const GArray *masks)
{
    g_autoptr(GString) text = g_string_new("[");
    for (guint i = 0; masks && i < masks->len; i++) {
        const bf_mask *m = &g_array_index(masks, bf_mask, i);
        g_string_append_printf(text, "%s{\"x\":%d,\"y\":%d,\"w\":%d,\"h\":%d,\"kind\":\"%s\",\"reader\":\"%s\"}", i ? "," : "", m->rect.x,
                               m->rect.y, m->rect.w, m->rect.h, bf_mask_kind_word(m->kind), m->reader);
    }
    g_string_append_c(text, ']');
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static bf_mask_kind kind_of(const char *word)
{
    for (int k = 0; k <= BF_MASK_MANUAL; k++)
        if (g_strcmp0(word, bf_mask_kind_word((bf_mask_kind)k)) == 0)
            return (bf_mask_kind)k;
    return BF_MASK_MANUAL;
}

GArray *desk_masks_from_text(const char *text)
{
    GArray *masks = g_array_new(FALSE, FALSE, sizeof(bf_mask));
    g_autoptr(JsonNode) root = text ? json_from_string(text, NULL) : NULL;
    JsonArray *array = root && JSON_NODE_HOLDS_ARRAY(root) ? json_node_get_array(root) : NULL;
    for (guint i = 0; array && i < json_array_get_length(array); i++) {
        JsonNode *node = json_array_get_element(array, i);
        JsonObject *object = JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
        bf_mask m = {.score = 1};
        if (!object || !read_side(object, "x", &m.rect.x) || !read_side(object, "y", &m.rect.y) || !read_side(object, "w", &m.rect.w) ||
            !read_side(object, "h", &m.rect.h))
            continue;
        m.kind = kind_of(json_object_get_string_member_with_default(object, "kind", ""));
        m.reader = bf_word_intern(json_object_get_string_member_with_default(object, "reader", "person"));
        g_array_append_val(masks, m);
    }
    return masks;
}
