#include "package/package_internal.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zip.h>

typedef struct {
    zip_t *zip;
    void *map; /* only for archives that had to be mended, see open_mended */
    size_t map_bytes;
} zip_box;

static void box_close(void *source)
{
    zip_box *box = source;
    if (box->zip)
        zip_discard(box->zip);
    if (box->map)
        munmap(box->map, box->map_bytes);
    g_free(box);
}

static bool fail_entry(GError **error, guint index, const char *what)
{
    g_set_error(error, BF_PACKAGE_ERROR, BF_PACKAGE_ERROR_ENTRY, _("entry %u: %s"), index, what);
    return false;
}

/* Reads exactly `size` bytes and then the end: only there does libzip check the CRC and the declared size. */
static bool read_to_end(zip_file_t *file, guchar *data, gint64 size)
{
    gint64 at = 0;
    while (at < size) {
        zip_int64_t n = zip_fread(file, data + at, (zip_uint64_t)(size - at));
        if (n <= 0)
            return false;
        at += n;
    }
    guchar beyond;
    return zip_fread(file, &beyond, 1) == 0;
}

static bool box_read(void *source, guint index, gint64 size, GBytes **out, GError **error)
{
    zip_box *box = source;
    guchar *data = g_try_malloc((gsize)MAX(size, 1));
    if (!data) {
        g_set_error(error, BF_PACKAGE_ERROR, BF_PACKAGE_ERROR_MEMORY, _("entry %u: no memory for its content"), index);
        return false;
    }
    zip_file_t *file = zip_fopen_index(box->zip, index, 0);
    bool ok = file && read_to_end(file, data, size);
    if (file)
        zip_fclose(file);
    if (!ok) {
        g_free(data);
        return fail_entry(error, index, _("damaged, or packed in a way that cannot be read"));
    }
    *out = g_bytes_new_take(data, (gsize)size);
    return true;
}

static const container_class zip_class = {.read = box_read, .close = box_close};

static guint32 le(const guchar *p, int n)
{
    guint32 v = 0;
    for (int i = n - 1; i >= 0; i--)
        v = v << 8 | p[i];
    return v;
}

enum { END_BYTES = 22, HEADER_BYTES = 46 };

/* Where the end record of the directory stands; n: nowhere. */
static size_t find_end(const guchar *data, size_t n)
{
    for (size_t back = END_BYTES; back <= n && back <= END_BYTES + 65535; back++)
        if (memcmp(data + n - back, "PK\5\6", 4) == 0)
            return n - back;
    return n;
}

/* How many bytes stand before the archive that its offsets do not count, as when something was put before a finished one. The directory
 * ends where its end record begins, wherever it claims to begin. */
static size_t uncounted_prefix(const guchar *data, size_t end)
{
    size_t directory = le(data + end + 12, 4), claimed = le(data + end + 16, 4);
    if (directory < HEADER_BYTES || directory > end || claimed > end - directory || memcmp(data + end - directory, "PK\1\2", 4) != 0)
        return 0;
    return end - directory - claimed;
}

/* Clears the UTF-8 flag of those directory entries whose name or comment is not UTF-8. Says whether there was any. */
static bool clear_false_utf8_flags(guchar *data, size_t end)
{
    enum { UTF8_FLAG = 1 << 11 };
    bool any = false;
    for (size_t at = le(data + end + 16, 4); at <= end && end - at >= HEADER_BYTES && memcmp(data + at, "PK\1\2", 4) == 0;) {
        guchar *h = data + at;
        size_t name = le(h + 28, 2), extra = le(h + 30, 2), comment = le(h + 32, 2), length = HEADER_BYTES + name + extra + comment;
        if (length > end - at)
            break;
        if ((le(h + 8, 2) & UTF8_FLAG) && (!g_utf8_validate((char *)h + HEADER_BYTES, (gssize)name, NULL) ||
                                           !g_utf8_validate((char *)h + HEADER_BYTES + name + extra, (gssize)comment, NULL))) {
            h[9] &= (guchar) ~(UTF8_FLAG >> 8);
            any = true;
        }
        at += length;
    }
    return any;
}

/* Two kinds of archives that libzip refuses as a whole, and that every other program opens: GBK names that claim to be UTF-8, and offsets
 * that do not count what stands before the archive. libzip is given a private copy of the pages of the file, in which the claim is taken
 * back and which begins where the archive does. */
static zip_t *open_mended(zip_box *box, int fd)
{
    struct stat st;
    if (fstat(fd, &st) != 0 || st.st_size < END_BYTES)
        return NULL;
    void *map = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    if (map == MAP_FAILED)
        return NULL;
    box->map = map;
    box->map_bytes = (size_t)st.st_size;
    size_t end = find_end(map, box->map_bytes);
    if (end == box->map_bytes)
        return NULL;
    size_t before = uncounted_prefix(map, end);
    guchar *archive = (guchar *)map + before;
    if (!clear_false_utf8_flags(archive, end - before) && before == 0)
        return NULL;
    zip_source_t *source = zip_source_buffer_create(archive, (zip_uint64_t)(box->map_bytes - before), 0, NULL);
    zip_t *zip = source ? zip_open_from_source(source, ZIP_RDONLY, NULL) : NULL;
    if (!zip && source)
        zip_source_free(source);
    return zip;
}

static bool open_zip(zip_box *box, int fd, const char *path, GError **error)
{
    int code = ZIP_ER_OPEN;
    int own = dup(fd);
    box->zip = own >= 0 ? zip_fdopen(own, 0, &code) : NULL;
    if (!box->zip && own >= 0)
        close(own);
    if (!box->zip && (code == ZIP_ER_INCONS || code == ZIP_ER_NOZIP))
        box->zip = open_mended(box, fd);
    if (box->zip)
        return true;
    if (code == ZIP_ER_OPEN || code == ZIP_ER_READ || code == ZIP_ER_SEEK || code == ZIP_ER_MEMORY) { /* the disk's fault, or ours */
        g_set_error(error, BF_PACKAGE_ERROR, BF_PACKAGE_ERROR_OPEN, _("%s: it cannot be read"), path);
        return false;
    }
    g_set_error(error, BF_PACKAGE_ERROR, BF_PACKAGE_ERROR_FORMAT, "%s: %s", path,
                code == ZIP_ER_NOZIP ? _("not a zip archive") : _("the zip archive is damaged"));
    return false;
}

static bool is_special(zip_t *zip, guint i)
{
    zip_uint8_t system = 0;
    zip_uint32_t attributes = 0;
    if (zip_file_get_external_attributes(zip, i, 0, &system, &attributes) != 0)
        return false;
    mode_t type = (mode_t)(attributes >> 16) & S_IFMT;
    return (system == ZIP_OPSYS_UNIX || system == ZIP_OPSYS_OS_X) && type != 0 && type != S_IFREG && type != S_IFDIR;
}

static void look_at_content(zip_t *zip, guint i, raw_entry *e)
{
    guchar head[3] = {0};
    zip_file_t *file = zip_fopen_index(zip, i, 0);
    zip_int64_t n = file ? zip_fread(file, head, sizeof head) : -1;
    if (file)
        zip_fclose(file);
    e->unreadable = n < 0;
    e->jpeg_content = n == 3 && head[0] == 0xFF && head[1] == 0xD8 && head[2] == 0xFF;
}

static void list_entry(zip_t *zip, guint i, GArray *raw)
{
    raw_entry e = {.packed_size = -1};
    zip_stat_t st;
    const char *name = zip_get_name(zip, i, ZIP_FL_ENC_RAW);
    e.raw_name = g_strdup(name ? name : "");
    /* STRICT gives back what is flagged as UTF-8 unchanged and converts everything else that is not ASCII. */
    const char *strict = zip_get_name(zip, i, ZIP_FL_ENC_STRICT);
    e.utf8_told = strict && strcmp(strict, e.raw_name) == 0 && g_utf8_validate(e.raw_name, -1, NULL);
    if (zip_stat_index(zip, i, 0, &st) != 0) {
        e.unreadable = true;
        e.size = -1;
    } else {
        e.size = (st.valid & ZIP_STAT_SIZE) && st.size <= G_MAXINT64 ? (gint64)st.size : -1;
        e.packed_size = (st.valid & ZIP_STAT_COMP_SIZE) && st.comp_size <= G_MAXINT64 ? (gint64)st.comp_size : -1;
        e.encrypted = (st.valid & ZIP_STAT_ENCRYPTION_METHOD) && st.encryption_method != ZIP_EM_NONE;
    }
    e.special = is_special(zip, i);
    if (!e.unreadable && !e.special && !e.encrypted && e.size != 0 && !name_says_jpeg(e.raw_name))
        look_at_content(zip, i, &e);
    g_array_append_val(raw, e);
}

static bool list_zip(zip_t *zip, const char *path, const bf_limits *limits, GArray *raw, GError **error)
{
    zip_int64_t n = zip_get_num_entries(zip, 0);
    if (n > limits->max_entries) {
        g_set_error(error, BF_PACKAGE_ERROR, BF_PACKAGE_ERROR_LIMIT, _("%s: more than %u entries"), path, limits->max_entries);
        return false;
    }
    for (zip_int64_t i = 0; i < n; i++)
        list_entry(zip, (guint)i, raw);
    return true;
}

bool zip_container_open(int fd, const char *path, const bf_limits *limits, container *out, GError **error)
{
    zip_box *box = g_new0(zip_box, 1);
    g_autoptr(GArray) raw = raw_entries_new();
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    bool ok = open_zip(box, fd, path, error) && list_zip(box->zip, path, limits, raw, error);
    if (ok && !hash_file(fd, sum)) {
        g_set_error(error, BF_PACKAGE_ERROR, BF_PACKAGE_ERROR_OPEN, "%s: %s", path, g_strerror(errno));
        ok = false;
    }
    if (!ok) {
        box_close(box);
        return false;
    }
    out->class = &zip_class;
    out->source = box;
    out->raw = g_steal_pointer(&raw);
    g_strlcpy(out->sha256, g_checksum_get_string(sum), sizeof out->sha256);
    return true;
}
