/* A package in and out, with real zips made here byte by byte, as foreign packers make them. */
#include "blindfold/name.h"
#include "blindfold/package.h"
#include "package/package_internal.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static const char JPEG[] = "\xFF\xD8\xFF\xE0 what a camera made";
static const char PNG[] = "\x89PNG\r\n\x1A\n";

static int entries_until_error = -1; /* < 0: never */

/* As of a disk that fails in the middle of a folder. */
struct dirent *readdir(DIR *dir)
{
    struct dirent *(*real)(DIR *) = NULL;
    *(void **)&real = dlsym(RTLD_NEXT, "readdir");
    if (entries_until_error == 0) {
        errno = EIO;
        return NULL;
    }
    entries_until_error -= entries_until_error > 0;
    return real(dir);
}

/* One entry of a hand-made zip: stored. */
typedef struct {
    const char *name;
    const char *data;
    gsize size;
    guint16 flags; /* 1: encrypted, 0x800: UTF-8 */
    guint16 method;
    guint32 mode;         /* Unix, 0: made on DOS */
    guint32 claimed_size; /* 0: the true one */
} entry;

static guint32 crc32_of(const char *data, gsize n)
{
    guint32 crc = 0xFFFFFFFFu;
    for (gsize i = 0; i < n; i++) {
        crc ^= (guint8)data[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320u : 0);
    }
    return ~crc;
}

static void put(GString *s, guint64 v, int bytes)
{
    for (int i = 0; i < bytes; i++)
        g_string_append_c(s, (char)(v >> 8 * i & 0xFF));
}

static void put_header(GString *s, const entry *e, guint32 offset, bool central)
{
    static const char extra[] = "UT\5\0\1\x11\x22\x33\x44"; /* a time stamp that must not survive */
    const char *comment = central ? "planted comment" : "";
    guint32 claimed = e->claimed_size ? e->claimed_size : (guint32)e->size;
    g_string_append_len(s, central ? "PK\1\2" : "PK\3\4", 4);
    if (central)
        put(s, (e->mode ? 3u << 8 : 0) | 20, 2);
    put(s, 20, 2);
    put(s, e->flags, 2);
    put(s, e->method, 2);
    put(s, 0x7D1C6A5B, 4);
    put(s, crc32_of(e->data, e->size), 4);
    put(s, e->size, 4);
    put(s, claimed, 4);
    put(s, strlen(e->name), 2);
    put(s, 9, 2);
    if (central) {
        put(s, strlen(comment), 2);
        put(s, 0, 4);
        put(s, (guint64)e->mode << 16, 4);
        put(s, offset, 4);
    }
    g_string_append(s, e->name);
    g_string_append_len(s, extra, 9);
    g_string_append(s, comment);
}

static char *scratch_path(const char *name)
{
    static char *folder; /* one for the whole program, removed by main */
    if (!folder)
        folder = g_dir_make_tmp("blindfold-test-XXXXXX", NULL);
    assert_non_null(folder);
    return g_build_filename(folder, name, NULL);
}

/* Writes a zip of the entries (until one has no name) and gives its path. */
static char *make_zip(const entry *entries)
{
    g_autoptr(GString) zip = g_string_new(NULL), directory = g_string_new(NULL);
    guint n = 0;
    for (const entry *e = entries; e->name; e++, n++) {
        put_header(directory, e, (guint32)zip->len, true);
        put_header(zip, e, 0, false);
        g_string_append_len(zip, e->data, (gssize)e->size);
    }
    gsize start = zip->len;
    g_string_append_len(zip, directory->str, (gssize)directory->len);
    g_string_append_len(zip, "PK\5\6\0\0\0\0", 8);
    put(zip, n, 2);
    put(zip, n, 2);
    put(zip, directory->len, 4);
    put(zip, start, 4);
    put(zip, 7, 2);
    g_string_append(zip, "planted");
    char *path = scratch_path("in.zip");
    assert_true(g_file_set_contents(path, zip->str, (gssize)zip->len, NULL));
    return path;
}

static bf_package *open_zip(const entry *entries)
{
    g_autofree char *path = make_zip(entries);
    bf_package *p = NULL;
    GError *error = NULL;
    if (!bf_package_open(path, NULL, &p, &error))
        fail_msg("%s", error->message);
    return p;
}

#define IMAGE(name)                                                                                                                        \
    {                                                                                                                                      \
        name, JPEG, sizeof JPEG - 1, 0, 0, 0, 0                                                                                            \
    }
#define IMAGE8(name)                                                                                                                       \
    {                                                                                                                                      \
        name, JPEG, sizeof JPEG - 1, 0x800, 0, 0, 0                                                                                        \
    }

static void test_open__decodes_names(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        entry entries[4];
        const char *names[4];
    } cases[] = {
        {"GBK without a flag; the second byte of U+6DFA is a backslash", {IMAGE("\xD1\xA7\xC0\xFA/\x9C\x5C.jpg")}, {"学历/淺.jpg"}},
        {"GBK, and a path whose separator is a backslash", {IMAGE("\xD1\xA7\xC0\xFA\\\x9C\x5C\\1.jpg")}, {"学历/淺/1.jpg"}},
        {"GB18030 in four bytes", {IMAGE("\xC0\xEE\x81\x39\xEF\x30.jpg")}, {"李㐁.jpg"}},
        {"UTF-8 with the flag", {IMAGE8("学历/证书.jpg")}, {"学历/证书.jpg"}},
        {"UTF-8 without the flag", {IMAGE("学历/证书.jpg"), IMAGE("b.jpg")}, {"学历/证书.jpg", "b.jpg"}},
        {"flagged and not flagged side by side", {IMAGE8("证书.jpg"), IMAGE("\xD6\xA4\xCA\xE9\x32.jpg")}, {"证书.jpg", "证书2.jpg"}},
        {"the flag is a lie", {IMAGE8("\xD6\xA4\xCA\xE9.jpg"), IMAGE8("学历.jpg")}, {"证书.jpg", "学历.jpg"}},
        /* U+836F in GBK (D2 A9) is also the UTF-8 of U+04A9 */
        {"GBK that is UTF-8 by chance", {IMAGE("\xD2\xA9.jpg")}, {"药.jpg"}},
        {"Arabic script in UTF-8", {IMAGE("ئاينۇر.jpg")}, {"ئاينۇر.jpg"}},
        {"one name decides for all", {IMAGE("\xD2\xA9.jpg"), IMAGE("\xD1\xA7\xC0\xFA.jpg")}, {"药.jpg", "学历.jpg"}},
        {"dots and doubled separators", {IMAGE("./a//b/./1.JPEG")}, {"a/b/1.JPEG"}},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(bf_package) p = open_zip(cases[i].entries);
        for (guint k = 0; cases[i].names[k]; k++) {
            if (strcmp(bf_package_get_entry(p, k)->name, cases[i].names[k]) != 0)
                fail_msg("%s: %s", cases[i].what, bf_package_get_entry(p, k)->name);
            assert_null(bf_package_get_entry(p, k)->drop);
        }
    }
}

static void test_open__judges_entries(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        entry e;
        const char *drop;
        bool holds;
    } cases[] = {
        {"a page", IMAGE("1.jpg"), NULL, false},
        {"a page in capitals", IMAGE("A.JPEG"), NULL, false},
        {"a JPEG behind another name", IMAGE("scan.dat"), NULL, false},
        {"another image behind the name of one", {"1.jpg", PNG, sizeof PNG - 1, 0, 0, 0, 0}, NULL, false},
        {"a document", {"form.docx", "PK\3\4 text", 9, 0, 0, 0, 0}, "not-an-image", false},
        {"another image", {"1.png", PNG, sizeof PNG - 1, 0, 0, 0, 0}, "not-an-image", false},
        {"an empty page", {"1.jpg", "", 0, 0, 0, 0, 0}, "empty", true},
        {"an empty document", {"a.txt", "", 0, 0, 0, 0, 0}, "empty", false},
        {"a folder", {"a/", "", 0, 0, 0, 0, 0}, "directory", false},
        {"a folder as old Windows programs write it", {"a\\", "", 0, 0, 0, 0, 0}, "directory", false},
        {"a thumbnail cache", IMAGE("a/Thumbs.db"), "not-an-image", false},
        {"a Mac's shadow", IMAGE("__MACOSX/a/._1.jpg"), "not-an-image", false},
        {"a link", {"1.jpg", "/etc/passwd", 11, 0, 0, 0120777, 0}, "not-an-image", true},
        {"an ordinary file made on Unix", {"1.jpg", JPEG, sizeof JPEG - 1, 0, 0, 0100644, 0}, NULL, false},
        {"encrypted", {"1.jpg", JPEG, sizeof JPEG - 1, 1, 0, 0, 0}, "encrypted", true},
        {"encrypted, and nobody knows what", {"x.bin", JPEG, sizeof JPEG - 1, 1, 0, 0, 0}, "encrypted", true},
        {"out of the folder", IMAGE("../1.jpg"), "unsafe-path", true},
        {"out of the folder, later", IMAGE("a/../../1.jpg"), "unsafe-path", true},
        {"out of the folder, as Windows does", IMAGE("..\\1.jpg"), "unsafe-path", true},
        {"absolute", IMAGE("/a/1.jpg"), "unsafe-path", true},
        {"on a share", IMAGE("\\\\host\\a\\1.jpg"), "unsafe-path", true},
        {"with a drive", IMAGE("C:\\a\\1.jpg"), "unsafe-path", true},
        {"with a control character", IMAGE("a\n1.jpg"), "unsafe-path", true},
        {"with a control character of Latin-1",
         IMAGE8("a\xC2\x85"
                "1.jpg"),
         "unsafe-path", true},
        {"no name at all", IMAGE("./"), "unsafe-path", true},
        {"out of the folder, no image", {"../a.txt", "text", 4, 0, 0, 0, 0}, "not-an-image", false},
        {"claims to be huge", {"1.jpg", JPEG, sizeof JPEG - 1, 0, 0, 0, 200u << 20}, "too-large", true},
        {"claims to be packed beyond belief", {"1.jpg", JPEG, sizeof JPEG - 1, 0, 8, 0, 2u << 20}, "too-large", true},
        {"packed in an unknown way", {"1.bin", JPEG, sizeof JPEG - 1, 0, 77, 0, 0}, "unreadable", true},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        const entry entries[] = {cases[i].e, {0}};
        g_autoptr(bf_package) p = open_zip(entries);
        const bf_package_entry *e = bf_package_get_entry(p, 0);
        if (g_strcmp0(e->drop, cases[i].drop) != 0 || e->holds != cases[i].holds)
            fail_msg("%s: %s, holds %d", cases[i].what, e->drop ? e->drop : "a page", e->holds);
    }
}

static void test_open__finds_duplicates(void **state)
{
    (void)state;
    const entry entries[] = {IMAGE8("a/Scan1.jpg"),
                             IMAGE8("b/scan1.jpg"),
                             IMAGE8("A/SCAN1.JPG"),
                             IMAGE8("a/Scan\uFF11.jpg"),
                             {"a/notes.txt", "x", 1, 0, 0, 0, 0},
                             {"a/notes.txt", "x", 1, 0, 0, 0, 0},
                             {0}};
    static const char *const drops[] = {NULL, NULL, "duplicate", "duplicate", "not-an-image", "not-an-image"};
    g_autoptr(bf_package) p = open_zip(entries);
    assert_int_equal(bf_package_n_entries(p), 6);
    for (guint i = 0; i < 6; i++) {
        const bf_package_entry *e = bf_package_get_entry(p, i);
        assert_int_equal(e->index, i);
        assert_int_equal(g_strcmp0(e->drop, drops[i]), 0);
        assert_int_equal(e->holds, g_strcmp0(e->drop, "duplicate") == 0);
    }
}

static void test_open__keeps_limits(void **state)
{
    (void)state;
    const entry entries[] = {IMAGE("1.jpg"), IMAGE("2.jpg"), {0}};
    g_autofree char *path = make_zip(entries);
    static const struct {
        bf_limits limits;
        bool opens;
    } cases[] = {
        {{0}, true},
        {{.max_entries = 2}, true},
        {{.max_entries = 1}, false},
        {{.max_total_bytes = 2 * (sizeof JPEG - 1)}, true},
        {{.max_total_bytes = 2 * (sizeof JPEG - 1) - 1}, false},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(bf_package) p = NULL;
        g_autoptr(GError) error = NULL;
        assert_int_equal(bf_package_open(path, &cases[i].limits, &p, &error), cases[i].opens);
        assert_int_equal(g_error_matches(error, BF_PACKAGE_ERROR, BF_PACKAGE_ERROR_LIMIT), !cases[i].opens);
    }
    g_autoptr(bf_package) p = NULL;
    assert_true(bf_package_open(path, &(bf_limits){.max_entry_bytes = 5}, &p, NULL));
    assert_string_equal(bf_package_get_entry(p, 1)->drop, "too-large");
}

static void test_open__refuses_what_is_no_package(void **state)
{
    (void)state;
    g_autofree char *path = scratch_path("no.zip"), *missing = scratch_path("missing.zip");
    assert_true(g_file_set_contents(path, "this is no zip at all, only text", -1, NULL));
    const struct {
        const char *path;
        bf_package_error code;
    } cases[] = {{path, BF_PACKAGE_ERROR_FORMAT}, {missing, BF_PACKAGE_ERROR_OPEN}, {"/dev/null", BF_PACKAGE_ERROR_OPEN}};
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(bf_package) p = NULL;
        g_autoptr(GError) error = NULL;
        assert_false(bf_package_open(cases[i].path, NULL, &p, &error));
        assert_int_equal(error->domain, BF_PACKAGE_ERROR);
        assert_int_equal(error->code, cases[i].code);
        assert_non_null(strstr(error->message, cases[i].path));
    }
}

static void test_read__gives_whole_entries_or_none(void **state)
{
    (void)state;
    const entry entries[] = {IMAGE("1.jpg"), IMAGE("2.jpg"), {"3.jpg", JPEG, sizeof JPEG - 1, 0, 0, 0, sizeof JPEG + 40}, {0}};
    g_autofree char *path = make_zip(entries);
    g_autofree char *bytes = NULL;
    gsize n;
    assert_true(g_file_get_contents(path, &bytes, &n, NULL));
    char *second = memmem(bytes + 80, n - 80, JPEG, sizeof JPEG - 1);
    second[10] ^= 1; /* its CRC no longer holds */
    assert_true(g_file_set_contents(path, bytes, (gssize)n, NULL));

    g_autoptr(bf_package) p = NULL;
    assert_true(bf_package_open(path, NULL, &p, NULL));
    g_autofree char *sum = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (guchar *)bytes, n);
    assert_string_equal(bf_package_sha256(p), sum);
    g_autoptr(GBytes) first = NULL;
    assert_true(bf_package_read(p, 0, &first, NULL));
    assert_int_equal(g_bytes_get_size(first), sizeof JPEG - 1);
    assert_memory_equal(g_bytes_get_data(first, NULL), JPEG, sizeof JPEG - 1);
    for (guint i = 1; i < 3; i++) {
        GBytes *none = NULL;
        g_autoptr(GError) error = NULL;
        assert_false(bf_package_read(p, i, &none, &error));
        assert_true(g_error_matches(error, BF_PACKAGE_ERROR, BF_PACKAGE_ERROR_ENTRY));
        assert_null(none);
    }
}

static void write_at(const char *folder, const char *relative, const char *data)
{
    g_autofree char *path = g_build_filename(folder, relative, NULL), *parent = g_path_get_dirname(path);
    assert_int_equal(g_mkdir_with_parents(parent, 0700), 0);
    assert_true(g_file_set_contents(path, data, -1, NULL));
}

static void test_open__a_folder_that_fails_in_the_middle(void **state)
{
    (void)state;
    g_autofree char *folder = scratch_path("failing");
    write_at(folder, "1.jpg", JPEG);
    write_at(folder, "2.jpg", JPEG);
    for (entries_until_error = 4; entries_until_error >= 0;) { /* ".", "..", and two files */
        int n = entries_until_error;
        g_autoptr(bf_package) p = NULL;
        g_autoptr(GError) error = NULL;
        assert_false(bf_package_open(folder, NULL, &p, &error));
        assert_true(g_error_matches(error, BF_PACKAGE_ERROR, BF_PACKAGE_ERROR_OPEN));
        entries_until_error = n - 1;
    }
    g_autoptr(bf_package) whole = NULL;
    assert_true(bf_package_open(folder, NULL, &whole, NULL));
    assert_int_equal(bf_package_n_entries(whole), 2);
}

static void test_open__reads_folders(void **state)
{
    (void)state;
    g_autofree char *folder = scratch_path("dossier"), *link = g_build_filename(folder, "b", "3.jpg", NULL),
                    *outside = g_build_filename(folder, "elsewhere", NULL);
    write_at(folder, "b/2.jpg", JPEG);
    write_at(folder, "b/10.jpg", JPEG);
    write_at(folder, "a/1.jpg", JPEG);
    write_at(folder, "note.txt", "text");
    assert_int_equal(symlink("/etc/passwd", link), 0);
    assert_int_equal(symlink("/etc", outside), 0);

    static const struct {
        const char *name, *drop;
    } want[] = {
        {"a/1.jpg", NULL},           {"b/10.jpg", NULL}, {"b/2.jpg", NULL}, {"b/3.jpg", "not-an-image"}, {"elsewhere", "not-an-image"},
        {"note.txt", "not-an-image"}};
    g_autoptr(bf_package) p = NULL;
    assert_true(bf_package_open(folder, NULL, &p, NULL));
    assert_int_equal(bf_package_n_entries(p), G_N_ELEMENTS(want));
    for (guint i = 0; i < G_N_ELEMENTS(want); i++) {
        assert_string_equal(bf_package_get_entry(p, i)->name, want[i].name);
        assert_int_equal(g_strcmp0(bf_package_get_entry(p, i)->drop, want[i].drop), 0);
    }
    assert_true(bf_package_get_entry(p, 3)->holds &&
                !bf_package_get_entry(p, 4)->holds); /* a link that may be a page, and one that is none */
    g_autoptr(GBytes) bytes = NULL;
    assert_true(bf_package_read(p, 2, &bytes, NULL));
    assert_int_equal(g_bytes_get_size(bytes), sizeof JPEG - 1);
    /* what was put there after the listing is not followed either */
    g_autofree char *swapped = g_build_filename(folder, "a", "1.jpg", NULL);
    assert_int_equal(g_unlink(swapped), 0);
    assert_int_equal(symlink("../b/2.jpg", swapped), 0);
    g_autoptr(GBytes) none = NULL;
    assert_false(bf_package_read(p, 0, &none, NULL));

    g_autofree char *before = g_strdup(bf_package_sha256(p));
    g_clear_pointer(&p, bf_package_free);
    write_at(folder, "b/2.jpg", "\xFF\xD8\xFF another");
    assert_true(bf_package_open(folder, NULL, &p, NULL));
    assert_string_not_equal(bf_package_sha256(p), before);
}

static bf_query *make_query(void)
{
    bf_query *q = NULL;
    const char *const aliases[] = {"Qiao Yuzhen", NULL};
    assert_true(bf_name_build("乔雨溱", aliases, &q, NULL));
    return q;
}

static void test_plan_names__neutral_and_ordered(void **state)
{
    (void)state;
    const entry entries[] = {IMAGE8("乔雨溱/学历/IMG_10.jpg"),
                             IMAGE8("乔雨溱/学历/IMG_9.jpg"),
                             IMAGE8("乔雨溱/乔雨溱的论文/1.jpg"),
                             IMAGE8("乔雨溱/Papers of Qiao Yuzhen/1.jpg"),
                             {"readme.txt", "x", 1, 0, 0, 0, 0},
                             IMAGE8("乔雨溱/folder-1/1.jpg"),
                             IMAGE8("乔雨溱/a?b/1.jpg"),
                             IMAGE8("乔雨溱/a*b/1.jpg"),
                             IMAGE8("乔雨溱/CON/1.jpg"),
                             IMAGE8("乔雨溱/001.jpg/1.jpg"),
                             IMAGE8("乔/雨溱/1.jpg"),
                             IMAGE8("x.dat"),
                             {0}};
    static const char *const want[] = {"folder-2/学历/002.jpg",
                                       "folder-2/学历/001.jpg",
                                       "folder-2/folder-3/001.jpg",
                                       "folder-2/folder-2/001.jpg",
                                       NULL,
                                       "folder-2/folder-1/001.jpg",
                                       "folder-2/a_b-2/001.jpg",
                                       "folder-2/a_b/001.jpg",
                                       "folder-2/CON_/001.jpg",
                                       "folder-2/001.jpg_/001.jpg",
                                       "folder-1/folder-1/001.jpg",
                                       "001.jpg"};
    g_autoptr(bf_package) p = open_zip(entries);
    g_autoptr(bf_query) query = make_query();
    bf_package_plan plan;
    bf_package_plan_names(p, query, &plan);
    for (guint i = 0; i < G_N_ELEMENTS(want); i++)
        if (g_strcmp0(plan.names->pdata[i], want[i]) != 0)
            fail_msg("entry %u: %s", i, (char *)plan.names->pdata[i]);
    assert_int_equal(plan.order->len, 11);
    for (guint i = 1; i < plan.order->len; i++) {
        g_autofree char *a = folded_name(plan.names->pdata[g_array_index(plan.order, guint, i - 1)]);
        g_autofree char *b = folded_name(plan.names->pdata[g_array_index(plan.order, guint, i)]);
        assert_true(natural_compare(a, b) < 0);
    }
    bf_package_plan_clear(&plan);
}

static void test_natural_compare__cases(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        int sign;
    } cases[] = {{"2", "10", -1}, {"a2b", "a10a", -1}, {"a/z", "a b", -1},      {"007", "7", -1},
                 {"a", "a", 0},   {"a", "ab", -1},     {"1.jpg", "一.jpg", -1}, {"99999999999999999999", "100000000000000000000", -1}};
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        int order = natural_compare(cases[i].a, cases[i].b), back = natural_compare(cases[i].b, cases[i].a);
        if ((order > 0) - (order < 0) != cases[i].sign || (back > 0) - (back < 0) != -cases[i].sign)
            fail_msg("%s and %s: %d, %d", cases[i].a, cases[i].b, order, back);
    }
}

static GBytes *write_zip(const char *path, char *hex)
{
    g_autoptr(bf_zip_writer) w = NULL;
    g_autoptr(GBytes) a = g_bytes_new_static(JPEG, sizeof JPEG - 1), b = g_bytes_new_static(PNG, sizeof PNG - 1);
    assert_true(bf_zip_writer_new(path, &w, NULL));
    assert_true(bf_zip_writer_add(w, "学历/001.jpg", a, NULL));
    assert_true(bf_zip_writer_add(w, "b/001.jpg", b, NULL));
    assert_true(bf_zip_writer_commit(w, hex, NULL));
    char *bytes;
    gsize n;
    assert_true(g_file_get_contents(path, &bytes, &n, NULL));
    return g_bytes_new_take(bytes, n);
}

static guint32 get(const guint8 *p, int n)
{
    return n == 0 ? 0 : p[0] | get(p + 1, n - 1) << 8;
}

/* Checks every header field of the canonical form by hand. */
static void check_header(const guint8 *h, bool central)
{
    const guint8 *common = h + (central ? 6 : 4);
    assert_memory_equal(h, central ? "PK\1\2" : "PK\3\4", 4);
    if (central)
        assert_int_equal(h[5], 10);                    /* made on NTFS: names of DOS entries are garbled by some unzips */
    assert_int_equal(get(common + 2, 2) & ~0x800u, 0); /* flags: UTF-8 at most */
    assert_int_equal(get(common + 4, 2), 0);           /* stored */
    assert_int_equal(get(common + 6, 2), 0);           /* 00:00:00 */
    assert_int_equal(get(common + 8, 2), 1 << 5 | 1);  /* 1980-01-01 */
    assert_int_equal(get(common + 24, 2), 0);          /* no extra field */
    if (central) {
        assert_int_equal(get(h + 32, 2), 0); /* no comment */
        assert_int_equal(get(h + 36, 2), 0); /* internal attributes */
        assert_int_equal(get(h + 38, 4), 0); /* external attributes */
    }
}

static void test_zip_writer__is_canonical(void **state)
{
    (void)state;
    g_autofree char *one = scratch_path("one.zip"), *two = scratch_path("two.zip");
    char hex[BF_SHA256_HEX], other[BF_SHA256_HEX];
    g_autoptr(GBytes) a = write_zip(one, hex), b = NULL;
    g_usleep(2100 * 1000); /* a DOS time stamp has steps of two seconds */
    b = write_zip(two, other);
    assert_true(g_bytes_equal(a, b));
    assert_string_equal(hex, other);
    gsize n;
    const guint8 *z = g_bytes_get_data(a, &n);
    g_autofree char *sum = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, a);
    assert_string_equal(hex, sum);

    const guint8 *end = z + n - 22;
    assert_memory_equal(end, "PK\5\6", 4);
    assert_int_equal(get(end + 20, 2), 0); /* no comment */
    const guint8 *local = z, *central = z + get(end + 16, 4);
    for (int i = 0; i < 2; i++) {
        check_header(local, false);
        check_header(central, true);
        assert_int_equal(get(central + 42, 4), local - z);
        local += 30 + get(local + 26, 2) + get(local + 18, 4);
        central += 46 + get(central + 28, 2);
    }
    assert_ptr_equal(local, z + get(end + 16, 4)); /* nothing between the parts */
    assert_ptr_equal(central, end);

    g_autoptr(bf_package) p = NULL;
    assert_true(bf_package_open(one, NULL, &p, NULL));
    assert_string_equal(bf_package_get_entry(p, 0)->name, "学历/001.jpg");
    g_autoptr(GBytes) back = NULL;
    assert_true(bf_package_read(p, 0, &back, NULL));
    assert_memory_equal(g_bytes_get_data(back, NULL), JPEG, sizeof JPEG - 1);
    struct stat st;
    assert_int_equal(stat(one, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
}

static guint count_files(const char *folder)
{
    guint n = 0;
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    while (g_dir_read_name(dir))
        n++;
    return n;
}

static void test_zip_writer__leaves_nothing_without_commit(void **state)
{
    (void)state;
    g_autofree char *folder = scratch_path("packages"), *path = g_build_filename(folder, "17.zip", NULL);
    char hex[BF_SHA256_HEX];
    assert_int_equal(g_mkdir(folder, 0700), 0);
    bf_zip_writer *w = NULL;
    g_autoptr(GBytes) bytes = g_bytes_new_static(JPEG, sizeof JPEG - 1);
    assert_true(bf_zip_writer_new(path, &w, NULL));
    assert_true(bf_zip_writer_add(w, "001.jpg", bytes, NULL));
    assert_int_equal(count_files(folder), 1);
    bf_zip_writer_free(w);
    assert_int_equal(count_files(folder), 0);

    w = NULL; /* nothing to put in is an archive all the same */
    assert_true(bf_zip_writer_new(path, &w, NULL));
    assert_true(bf_zip_writer_commit(w, hex, NULL));
    bf_zip_writer_free(w);
    assert_int_equal(count_files(folder), 1);
    g_autoptr(bf_package) p = NULL;
    assert_true(bf_package_open(path, NULL, &p, NULL));
    assert_int_equal(bf_package_n_entries(p), 0);

    g_autofree char *nowhere = g_build_filename(folder, "none", "17.zip", NULL);
    g_autoptr(GError) error = NULL;
    w = NULL;
    assert_false(bf_zip_writer_new(nowhere, &w, &error));
    assert_true(g_error_matches(error, BF_PACKAGE_ERROR, BF_PACKAGE_ERROR_WRITE));
}

static int remove_scratch(void **state)
{
    (void)state;
    g_autofree char *marker = scratch_path("x"), *folder = g_path_get_dirname(marker);
    char *argv[] = {"rm", "-rf", folder, NULL};
    return g_spawn_sync(NULL, argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL) ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_open__decodes_names),
        cmocka_unit_test(test_open__judges_entries),
        cmocka_unit_test(test_open__finds_duplicates),
        cmocka_unit_test(test_open__keeps_limits),
        cmocka_unit_test(test_open__refuses_what_is_no_package),
        cmocka_unit_test(test_read__gives_whole_entries_or_none),
        cmocka_unit_test(test_open__reads_folders),
        cmocka_unit_test(test_open__a_folder_that_fails_in_the_middle),
        cmocka_unit_test(test_plan_names__neutral_and_ordered),
        cmocka_unit_test(test_natural_compare__cases),
        cmocka_unit_test(test_zip_writer__is_canonical),
        cmocka_unit_test(test_zip_writer__leaves_nothing_without_commit),
    };
    return cmocka_run_group_tests(tests, NULL, remove_scratch);
}
