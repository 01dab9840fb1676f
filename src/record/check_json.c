#include "blindfold/check_report.h"
#include "record/json_text.h"

static JsonArray *make_findings(const GArray *findings)
{
    JsonArray *array = json_array_new();
    for (guint i = 0; i < findings->len; i++) {
        const bf_finding *f = &g_array_index(findings, bf_finding, i);
        JsonObject *object = json_object_new();
        json_object_set_string_member(object, "rule", f->rule);
        json_object_set_string_member(object, "weight", bf_finding_weight_word(f->weight));
        if (f->detail)
            json_object_set_string_member(object, "detail", f->detail);
        if (f->number >= 0)
            json_object_set_int_member(object, "number", f->number);
        if (!bf_rect_is_empty(f->place)) {
            JsonObject *place = json_object_new();
            json_object_set_int_member(place, "x", f->place.x);
            json_object_set_int_member(place, "y", f->place.y);
            json_object_set_int_member(place, "w", f->place.w);
            json_object_set_int_member(place, "h", f->place.h);
            json_object_set_object_member(object, "place", place);
        }
        json_array_add_object_element(array, object);
    }
    return array;
}

static JsonObject *make_page(const bf_checked_page *page, guint number)
{
    JsonObject *object = json_object_new();
    json_object_set_int_member(object, "number", number);
    bf_json_set_text(object, "entry", page->entry);
    json_object_set_int_member(object, "entry_index", page->entry_index);
    bf_json_set_text(object, "sha256", page->sha256);
    json_object_set_int_member(object, "width", page->width_px);
    json_object_set_int_member(object, "height", page->height_px);
    if (page->legibility) {
        JsonObject *legibility = json_object_new();
        json_object_set_string_member(legibility, "verdict", page->legibility);
        json_object_set_double_member(legibility, "score", (double)CLAMP(page->score, 0.0F, 1.0F));
        bf_json_set_words(legibility, "reasons", page->legibility_reasons);
        json_object_set_object_member(object, "legibility", legibility);
    } else {
        json_object_set_null_member(object, "legibility");
    }
    json_object_set_array_member(object, "findings", make_findings(page->findings));
    return object;
}

static JsonObject *make_package(const bf_checked_package *package)
{
    JsonObject *object = json_object_new();
    JsonArray *pages = json_array_new(), *missing = json_array_new();
    bf_json_set_text(object, "input", package->label);
    json_object_set_array_member(object, "findings", make_findings(package->findings));
    for (guint i = 0; i < package->pages->len; i++)
        json_array_add_object_element(pages, make_page(package->pages->pdata[i], i + 1));
    for (guint i = 0; i < package->missing->len; i++) {
        const bf_missing *m = package->missing->pdata[i];
        JsonObject *item = json_object_new();
        bf_json_set_text(item, "title", m->title);
        json_object_set_int_member(item, "found", m->found);
        json_object_set_int_member(item, "wanted", m->wanted);
        json_array_add_object_element(missing, item);
    }
    json_object_set_array_member(object, "missing", missing);
    json_object_set_array_member(object, "pages", pages);
    return object;
}

char *bf_check_to_json(const GPtrArray *packages)
{
    g_autoptr(JsonObject) report = json_object_new();
    JsonArray *array = json_array_new();
    json_object_set_string_member(report, "schema", "blindfold.check/1");
    for (guint i = 0; i < packages->len; i++)
        json_array_add_object_element(array, make_package(packages->pdata[i]));
    json_object_set_array_member(report, "packages", array);
    g_autoptr(JsonNode) root = json_node_init_object(json_node_alloc(), report);
    GString *text = g_string_new(NULL);
    bf_json_print(root, BF_JSON_PRETTY, text);
    return g_string_free(text, FALSE);
}
