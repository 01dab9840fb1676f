/* What a browser may send to the review: anything as a path, anything as a body. What is accepted as a body is an object whose members can
 * be asked for under any type, and whose masks keep within the page and on its grid. The first byte says how the page lies and what its
 * grid is; odd: a path, else a body. */
#include "review/desk.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, size_t size);

static void must(bool ok)
{
    if (!ok)
        abort();
}

static void try_path(const char *text)
{
    g_auto(GStrv) parts = path_split(text);
    guint n = parts ? g_strv_length(parts) : 0;
    must(n <= PATH_PARTS);
    for (guint i = 0; i < n; i++)
        must(*parts[i] && !strchr(parts[i], '/') && g_utf8_validate(parts[i], -1, NULL));
}

static void check_masks(const GArray *masks, const bf_page_result *page, const desk_item *item)
{
    for (guint i = 0; i < masks->len; i++) {
        const bf_rect r = g_array_index(masks, bf_mask, i).rect;
        must(r.x >= 0 && r.y >= 0 && r.w > 0 && r.h > 0 && r.x + r.w <= page->width_px && r.y + r.h <= page->height_px);
        must(r.x % item->imcu_w_px == 0 && r.y % item->imcu_h_px == 0);
    }
    g_autofree char *text = desk_masks_to_text(masks);
    g_autoptr(GArray) back = desk_masks_from_text(text);
    must(back->len == masks->len);
}

static void try_body(guint8 how, const char *text, size_t size)
{
    static const char *const keys[] = {"answer", "reason", "note", "name", "revision", "accept", "masks", "id", "page"};
    g_autoptr(JsonNode) node = body_parse(text, size);
    if (!node)
        return;
    JsonObject *body = json_node_get_object(node);
    bf_page_result page;
    desk_item item = {.imcu_w_px = how & 2 ? 16 : 8, .imcu_h_px = how & 4 ? 16 : 8};
    const char *word = NULL;
    bf_page_result_init(&page);
    page.width_px = 645;
    page.height_px = 411;
    page.exif_orientation = 1 + (how >> 3) % 8;
    page.orientation_deg = (how >> 6) * 90;
    for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
        must(g_utf8_validate(body_text(body, keys[i]), -1, NULL));
        must(body_number(body, keys[i]) == -1 || *body_text(body, keys[i]) == '\0');
        must(!body_flag(body, keys[i]) || body_list(body, keys[i]) == NULL);
    }
    g_autoptr(GArray) masks = desk_parse_masks(&page, &item, body_list(body, "masks"), &word);
    must(masks || word);
    if (masks)
        check_masks(masks, &page, &item);
}

int LLVMFuzzerTestOneInput(const guint8 *data, size_t size)
{
    if (size < 1)
        return 0;
    g_autofree char *text = g_strndup((const char *)data + 1, size - 1);
    if (data[0] & 1)
        try_path(text);
    else
        try_body(data[0], (const char *)data + 1, size - 1);
    return 0;
}
