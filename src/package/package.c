#include "package/package_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

G_DEFINE_QUARK(bf - package - error - quark, bf_package_error)

struct bf_package {
    bf_limits limits;
    container box;
    GPtrArray *entries; /* bf_package_entry * */
};

static void raw_entry_clear(void *p)
{
    g_free(((raw_entry *)p)->raw_name);
}

GArray *raw_entries_new(void)
{
    GArray *raw = g_array_new(FALSE, TRUE, sizeof(raw_entry));
    g_array_set_clear_func(raw, raw_entry_clear);
    return raw;
}

bool hash_file(int fd, GChecksum *sum)
{
    guchar block[65536];
    off_t at = 0;
    for (;;) {
        ssize_t n = pread(fd, block, sizeof block, at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n == 0;
        g_checksum_update(sum, block, n);
        at += n;
    }
}

static void entry_free(void *p)
{
    bf_package_entry *e = p;
    g_free(e->name);
    g_free(e);
}

static bool too_large(const raw_entry *raw, const bf_limits *limits)
{
    const gint64 ratio_matters_above = 1024 * 1024;
    if (raw->size < 0 || raw->size > limits->max_entry_bytes)
        return true;
    return raw->packed_size >= 0 && raw->size > ratio_matters_above && raw->size / MAX(raw->packed_size, 1) > limits->max_ratio;
}

/* Fills drop and holds; duplicates are found later. What might be an image and is left out has to hold the package; what surely is
 * none must not, or every package with a stray document would wait for a person. */
static void judge(bf_package_entry *e, const raw_entry *raw, const clean_name *clean, const bf_limits *limits)
{
    bool named = name_says_jpeg(clean->path);
    bool may_be_image = named || raw->jpeg_content || raw->unreadable || raw->encrypted;
    e->holds = false;
    if (raw->too_deep) {
        e->drop = "unsafe-path";
        e->holds = true;
    } else if (clean->folder && raw->size == 0) {
        e->drop = "directory";
    } else if (raw->special || is_system_file(clean->path)) {
        e->drop = "not-an-image";
        e->holds = raw->special && named; /* a link may be meant for a page */
    } else if (raw->size == 0) {
        e->drop = "empty";
        e->holds = named;
    } else if (!may_be_image) {
        e->drop = "not-an-image";
    } else {
        e->drop = !clean->safe || clean->folder  ? "unsafe-path"
                  : raw->encrypted               ? "encrypted"
                  : too_large(raw, limits)       ? "too-large"
                  : !named && !raw->jpeg_content ? "unreadable"
                                                 : NULL;
        e->holds = e->drop != NULL;
    }
}

static void drop_duplicates(GPtrArray *entries)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < entries->len; i++) {
        bf_package_entry *e = entries->pdata[i];
        if (!e->drop && !g_hash_table_add(seen, folded_name(e->name))) {
            e->drop = "duplicate";
            e->holds = true;
        }
    }
}

static bool list_entries(bf_package *p, const char *path, GError **error)
{
    g_autoptr(GPtrArray) names = decode_names(p->box.raw);
    gint64 total = 0;
    for (guint i = 0; i < p->box.raw->len; i++) {
        const raw_entry *raw = &g_array_index(p->box.raw, raw_entry, i);
        clean_name clean = clean_entry_name(names->pdata[i]);
        bf_package_entry *e = g_new0(bf_package_entry, 1);
        e->index = i;
        e->size = raw->size;
        judge(e, raw, &clean, &p->limits);
        e->name = clean.path;
        g_ptr_array_add(p->entries, e);
    }
    drop_duplicates(p->entries);
    for (guint i = 0; i < p->entries->len; i++) {
        const bf_package_entry *e = p->entries->pdata[i];
        total += e->drop ? 0 : e->size; /* cannot overflow: at most max_entries sizes below max_entry_bytes */
        if (total > p->limits.max_total_bytes) {
            g_set_error(error, BF_PACKAGE_ERROR, BF_PACKAGE_ERROR_LIMIT, _("%s: its images unpack to more than %lld bytes"), path,
                        (long long)p->limits.max_total_bytes);
            return false;
        }
    }
    return true;
}

static bool open_container(const char *path, const bf_limits *limits, container *box, GError **error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* NONBLOCK: a pipe must not hang us */
    struct stat st;
    if (fd < 0 || fstat(fd, &st) != 0) {
        g_set_error(error, BF_PACKAGE_ERROR, BF_PACKAGE_ERROR_OPEN, "%s: %s", path, g_strerror(errno));
        if (fd >= 0)
            close(fd);
        return false;
    }
    bool ok = false;
    if (S_ISDIR(st.st_mode))
        ok = folder_container_open(fd, path, limits, box, error);
    else if (S_ISREG(st.st_mode))
        ok = zip_container_open(fd, path, limits, box, error);
    else
        g_set_error(error, BF_PACKAGE_ERROR, BF_PACKAGE_ERROR_OPEN, _("%s: neither a file nor a folder"), path);
    close(fd);
    return ok;
}

bool bf_package_open(const char *path, const bf_limits *limits, bf_package **out, GError **error)
{
    g_autoptr(bf_package) p = g_new0(bf_package, 1);
    p->limits = bf_limits_effective(limits);
    p->entries = g_ptr_array_new_with_free_func(entry_free);
    if (!open_container(path, &p->limits, &p->box, error) || !list_entries(p, path, error))
        return false;
    *out = g_steal_pointer(&p);
    return true;
}

void bf_package_free(bf_package *p)
{
    if (!p)
        return;
    if (p->box.source)
        p->box.class->close(p->box.source);
    if (p->box.raw)
        g_array_unref(p->box.raw);
    g_ptr_array_unref(p->entries);
    g_free(p);
}

const char *bf_package_sha256(const bf_package *p)
{
    return p->box.sha256;
}

guint bf_package_n_entries(const bf_package *p)
{
    return p->entries->len;
}

const bf_package_entry *bf_package_get_entry(const bf_package *p, guint i)
{
    return p->entries->pdata[i];
}

bool bf_package_read(bf_package *p, guint i, GBytes **out, GError **error)
{
    const bf_package_entry *e = p->entries->pdata[i];
    if (e->drop) {
        g_set_error(error, BF_PACKAGE_ERROR, BF_PACKAGE_ERROR_ENTRY, _("entry %u was left out: %s"), i, e->drop);
        return false;
    }
    return p->box.class->read(p->box.source, i, e->size, out, error);
}
