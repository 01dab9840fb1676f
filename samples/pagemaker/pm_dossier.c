#include "pm_random.h"
#include "pm_truth.h"
#include <errno.h>
#include <string.h>
#include <zip.h>

/* Folder and file name of each kind, as applicants call them; %s is the name. */
static const char *const entries[PM_N_KINDS][2] = {
    [PM_KIND_ID_FRONT] = {"身份证", "%s身份证正面"},
    [PM_KIND_ID_BACK] = {"身份证", "%s身份证反面"},
    [PM_KIND_DIPLOMA] = {"学历", "%s毕业证"},
    [PM_KIND_TITLE] = {"职称证书", "%s职称证"},
    [PM_KIND_APPOINTMENT] = {"聘任", "聘任文件"},
    [PM_KIND_LIST] = {"聘任", "聘任名单（%s）"},
    [PM_KIND_APPRAISAL] = {"年度考核", "%s年度考核表正面"},
    [PM_KIND_APPRAISAL_BACK] = {"年度考核", "%s年度考核表反面"},
    [PM_KIND_COMMITMENT] = {"承诺书", "%s承诺书"},
    [PM_KIND_PAPER] = {"论文", "论文首页-%s"},
    [PM_KIND_SUMMARY] = {"个人总结", "%s个人工作总结"},
    [PM_KIND_NOTICE] = {"公示", "单位公示"},
    [PM_KIND_TRAINING] = {"继续教育", "%s继续教育证书"},
    [PM_KIND_SERVICE] = {"基层服务", "IMG_20230%03u"},
    [PM_KIND_PLAIN] = {"其他", "附件"},
    [PM_KIND_WAYS] = {"其他", "材料"},
};

typedef struct {
    const pm_dossier_spec *spec;
    const char *dir, *id;
    guint number; /* of the package */
    const pm_person *person;
    zip_t *zip;
    GHashTable *folders; /* made so far */
    JsonBuilder *truth;
} package;

static bool zip_failed(zip_t *zip, const char *id, GError **error)
{
    g_set_error(error, PM_ERROR, PM_ERROR_WRITE, "cannot write the zip of %s: %s", id, zip_strerror(zip));
    return false;
}

static char *raw_name(const pm_dossier_spec *spec, const char *name, GError **error)
{
    return spec->gbk_names ? g_convert(name, -1, "GB18030", "UTF-8", NULL, NULL, error) : g_strdup(name);
}

/* Windows: DOS attributes, a time stamp in local time. */
static void dress_entry(zip_t *zip, zip_uint64_t index, pm_random *r)
{
    zip_file_set_external_attributes(zip, index, 0, ZIP_OPSYS_DOS, 0x20);
    const guint date = (2023 - 1980) << 9 | (1 + pm_random_below(r, 12)) << 5 | (1 + pm_random_below(r, 28));
    const guint time = (8 + pm_random_below(r, 10)) << 11 | pm_random_below(r, 60) << 5 | pm_random_below(r, 30);
    zip_file_set_dostime(zip, index, (zip_uint16_t)time, (zip_uint16_t)date, 0);
}

static bool add_folder(package *p, const char *folder, pm_random *r, GError **error)
{
    if (!g_hash_table_add(p->folders, (gpointer)folder))
        return true;
    g_autofree char *raw = raw_name(p->spec, folder, error);
    if (!raw)
        return false;
    const zip_int64_t index = zip_dir_add(p->zip, raw, p->spec->gbk_names ? ZIP_FL_ENC_CP437 : ZIP_FL_ENC_UTF_8);
    if (index < 0)
        return zip_failed(p->zip, p->id, error);
    dress_entry(p->zip, (zip_uint64_t)index, r);
    zip_file_set_external_attributes(p->zip, (zip_uint64_t)index, 0, ZIP_OPSYS_DOS, 0x10);
    return true;
}

static bool add_entry(package *p, const char *name, GBytes *bytes, pm_random *r, gint64 *index, GError **error)
{
    g_autofree char *raw = raw_name(p->spec, name, error);
    if (!raw)
        return false;
    gsize length;
    const void *data = g_bytes_get_data(bytes, &length);
    void *copy = malloc(length); /* libzip frees it with free() */
    zip_source_t *source = copy ? zip_source_buffer(p->zip, memcpy(copy, data, length), length, 1) : NULL;
    if (!source) {
        free(copy);
        return zip_failed(p->zip, p->id, error);
    }
    *index = zip_file_add(p->zip, raw, source, p->spec->gbk_names ? ZIP_FL_ENC_CP437 : ZIP_FL_ENC_UTF_8);
    if (*index < 0) {
        zip_source_free(source);
        return zip_failed(p->zip, p->id, error);
    }
    zip_set_file_compression(p->zip, (zip_uint64_t)*index, ZIP_CM_DEFLATE, 1);
    dress_entry(p->zip, (zip_uint64_t)*index, r);
    return true;
}

static char *entry_name(const package *p, pm_kind kind, guint page)
{
    const char *pattern = entries[kind][1];
    GString *s = g_string_new(entries[kind][0]);
    g_string_append_c(s, '/');
    const char *hole = strstr(pattern, "%s"), *number = strstr(pattern, "%03u");
    if (hole) {
        g_string_append_len(s, pattern, hole - pattern);
        g_string_append(s, p->person->name);
        g_string_append(s, hole + 2);
    } else if (number) {
        g_string_append_len(s, pattern, number - pattern);
        g_string_append_printf(s, "%03u", page);
    } else
        g_string_append(s, pattern);
    if (!number)
        g_string_append_printf(s, "%u", page + 1);
    g_string_append(s, page % 5 == 4 ? ".JPG" : ".jpg");
    return g_string_free(s, FALSE);
}

/* Kinds and captures in turn, each in an order of its own, so that every pair comes up in time. */
static bool may_lack_the_name(pm_kind kind)
{
    return kind == PM_KIND_SUMMARY || kind == PM_KIND_NOTICE || kind == PM_KIND_LIST || kind == PM_KIND_APPOINTMENT ||
           kind == PM_KIND_PAPER;
}

static pm_page_spec page_spec(const package *p, guint page, pm_random *r)
{
    const pm_dossier_spec *d = p->spec;
    const guint n_kinds = d->n_kinds ? d->n_kinds : PM_KIND_PLAIN, n_captures = d->n_captures ? d->n_captures : PM_CAPTURE_STEEP;
    const guint total = p->number * d->n_pages + page, k = (page + p->number * d->n_pages) % n_kinds,
                c = (total + total / n_captures + p->number) % n_captures;
    const pm_kind kind = d->n_kinds ? d->kinds[k] : (pm_kind)k;
    const guint nameless = pm_random_chance(r, 0.12) && may_lack_the_name(kind) ? PM_FLAG_NO_NAME : 0u;
    return (pm_page_spec){.kind = kind,
                          .capture = d->n_captures ? d->captures[c] : (pm_capture)c,
                          .seed = pm_random_next(r),
                          .person = p->person,
                          .grade = {.shrink = d->shrink},
                          .flags = d->extra_flags | nameless | (d->metadata && page % 3 == 0 ? PM_FLAG_METADATA : 0u)};
}

static bool add_page(package *p, guint page, pm_random *r, GError **error)
{
    const pm_page_spec spec = page_spec(p, page, r);
    g_autoptr(pm_page) drawn = NULL;
    if (!pm_page_draw(&spec, &drawn, error))
        return false;
    g_autofree char *name = entry_name(p, spec.kind, page);
    gint64 index = -1;
    if (!add_folder(p, entries[spec.kind][0], r, error) || !add_entry(p, name, drawn->jpeg, r, &index, error))
        return false;
    json_builder_begin_object(p->truth);
    json_builder_set_member_name(p->truth, "entry_index");
    json_builder_add_int_value(p->truth, index);
    json_builder_set_member_name(p->truth, "entry");
    json_builder_add_string_value(p->truth, name);
    pm_truth_add(p->truth, drawn);
    json_builder_end_object(p->truth);
    return true;
}

static bool add_pages(package *p, pm_random *r, GError **error)
{
    for (guint page = 0; page < p->spec->n_pages; page++)
        if (!add_page(p, page, r, error))
            return false;
    return true;
}

static bool write_truth(package *p, GError **error)
{
    g_autofree char *text = pm_truth_print(p->truth), *file = g_strconcat(p->id, ".json", NULL);
    g_autofree char *path = g_build_filename(p->dir, "truth", file, NULL);
    return g_file_set_contents(path, text, -1, error);
}

static bool write_package(package *p, pm_random *r, GError **error)
{
    g_autofree char *file = g_strconcat(p->id, ".zip", NULL), *path = g_build_filename(p->dir, "in", file, NULL);
    int code = 0;
    p->zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &code);
    if (!p->zip) {
        g_set_error(error, PM_ERROR, PM_ERROR_WRITE, "cannot create %s", path);
        return false;
    }
    g_autoptr(GHashTable) folders = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(JsonBuilder) truth = json_builder_new();
    p->folders = folders;
    p->truth = truth;
    json_builder_begin_object(truth);
    json_builder_set_member_name(truth, "schema");
    json_builder_add_string_value(truth, "pagemaker.truth/1");
    json_builder_set_member_name(truth, "id");
    json_builder_add_string_value(truth, p->id);
    json_builder_set_member_name(truth, "name");
    json_builder_add_string_value(truth, p->person->name);
    json_builder_set_member_name(truth, "pages");
    json_builder_begin_array(truth);
    if (!add_pages(p, r, error)) {
        zip_discard(p->zip);
        return false;
    }
    json_builder_end_array(truth);
    json_builder_end_object(truth);
    if (zip_close(p->zip) != 0) {
        zip_failed(p->zip, p->id, error);
        zip_discard(p->zip);
        return false;
    }
    return write_truth(p, error);
}

static bool make_dirs(const char *dir, GError **error)
{
    static const char *const subs[] = {"in", "truth"};
    for (guint i = 0; i < G_N_ELEMENTS(subs); i++) {
        g_autofree char *path = g_build_filename(dir, subs[i], NULL);
        if (g_mkdir_with_parents(path, 0755) != 0) {
            g_set_error(error, PM_ERROR, PM_ERROR_WRITE, "cannot make %s: %s", path, g_strerror(errno));
            return false;
        }
    }
    return true;
}

bool pm_dossier_write(const pm_dossier_spec *spec, const char *dir, GError **error)
{
    if (!make_dirs(dir, error))
        return false;
    g_autoptr(GString) roster = g_string_new("\xef\xbb\xbf"
                                             "id,name,aliases,package\r\n");
    pm_random seeds;
    pm_random_init(&seeds, spec->seed, "dossier");
    for (guint i = 0; i < spec->n_packages; i++) {
        const guint64 seed = pm_random_next(&seeds);
        g_autoptr(pm_person) person = spec->rare_names ? pm_person_rare(seed) : pm_person_random(seed);
        pm_random r;
        pm_random_init(&r, pm_random_next(&seeds), "package");
        g_autofree char *id = g_strdup_printf("A%04u", i + 1);
        package p = {.spec = spec, .dir = dir, .id = id, .number = i, .person = person};
        if (!write_package(&p, &r, error))
            return false;
        g_autofree char *aliases =
            person->arabic ? g_strconcat(person->alias, ";", person->arabic, NULL) : g_strdup(person->alias ? person->alias : "");
        g_string_append_printf(roster, "%s,%s,%s,%s.zip\r\n", id, person->name, aliases, id);
    }
    g_autofree char *path = g_build_filename(dir, "roster.csv", NULL);
    return g_file_set_contents(path, roster->str, (gssize)roster->len, error);
}
