#include "package/package_internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_DEPTH = 32 };

typedef struct {
    int root;
    GPtrArray *paths; /* char * by entry, relative to root, as the file system spells them */
} folder_box;

typedef struct {
    const bf_limits *limits;
    const char *path; /* of the package, for errors */
    GArray *raw;
} walk;

static void box_close(void *source)
{
    folder_box *box = source;
    if (box->root >= 0)
        close(box->root);
    g_ptr_array_unref(box->paths);
    g_free(box);
}

static bool fail_open(GError **error, const char *path)
{
    int saved = errno;
    g_set_error(error, BF_PACKAGE_ERROR, BF_PACKAGE_ERROR_OPEN, "%s: %s", path, g_strerror(saved));
    return false;
}

/* Opens a file below root part by part, so that no link is followed even if one was put there after the listing. */
static int open_below(int root, const char *relative)
{
    g_auto(GStrv) parts = g_strsplit(relative, "/", -1);
    int at = root;
    for (char **part = parts; *part; part++) {
        int flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | (part[1] ? O_DIRECTORY : 0);
        int next = openat(at, *part, flags);
        if (at != root)
            close(at);
        if (next < 0)
            return -1;
        at = next;
    }
    return at == root ? -1 : at;
}

static bool read_exactly(int fd, guchar *data, gint64 size)
{
    gint64 at = 0;
    guchar beyond;
    while (at < size) {
        ssize_t n = read(fd, data + at, (size_t)(size - at));
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        at += n;
    }
    return read(fd, &beyond, 1) == 0;
}

static bool box_read(void *source, guint index, gint64 size, GBytes **out, GError **error)
{
    folder_box *box = source;
    guchar *data = g_try_malloc((gsize)MAX(size, 1));
    int fd = data ? open_below(box->root, box->paths->pdata[index]) : -1;
    bool ok = fd >= 0 && read_exactly(fd, data, size);
    if (fd >= 0)
        close(fd);
    if (!ok) {
        g_set_error(error, BF_PACKAGE_ERROR, data ? BF_PACKAGE_ERROR_ENTRY : BF_PACKAGE_ERROR_MEMORY, _("entry %u: %s"), index,
                    !data ? _("no memory for its content") : _("it cannot be read, or changed while it was"));
        g_free(data);
        return false;
    }
    *out = g_bytes_new_take(data, (gsize)size);
    return true;
}

static const container_class folder_class = {.read = box_read, .close = box_close};

static bool add_entry(walk *w, const char *relative, const struct stat *st, bool too_deep, GError **error)
{
    if (w->raw->len >= w->limits->max_entries) {
        g_set_error(error, BF_PACKAGE_ERROR, BF_PACKAGE_ERROR_LIMIT, _("%s: more than %u entries"), w->path, w->limits->max_entries);
        return false;
    }
    raw_entry e = {.raw_name = g_strdup(relative), .packed_size = -1, .too_deep = too_deep};
    e.special = !S_ISREG(st->st_mode) && !too_deep;
    e.utf8_told = g_utf8_validate(relative, -1, NULL);
    e.size = S_ISREG(st->st_mode) ? (gint64)st->st_size : 0;
    g_array_append_val(w->raw, e);
    return true;
}

static bool walk_folder(walk *w, int fd, const char *prefix, int depth, GError **error);

static bool walk_child(walk *w, int dir, const char *prefix, const char *name, int depth, GError **error)
{
    g_autofree char *relative = g_strconcat(prefix, *prefix ? "/" : "", name, NULL);
    struct stat st;
    if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
        return errno == ENOENT || fail_open(error, w->path); /* gone since it was listed */
    if (!S_ISDIR(st.st_mode))
        return add_entry(w, relative, &st, false, error);
    if (depth >= MAX_DEPTH)
        return add_entry(w, relative, &st, true, error);
    int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_DIRECTORY);
    if (fd < 0)
        return fail_open(error, w->path);
    return walk_folder(w, fd, relative, depth + 1, error);
}

/* Takes fd over. */
static bool walk_folder(walk *w, int fd, const char *prefix, int depth, GError **error)
{
    DIR *dir = fdopendir(fd);
    if (!dir) {
        fail_open(error, w->path);
        close(fd);
        return false;
    }
    bool ok = true;
    while (ok) {
        errno = 0; /* an error must not look like the end: what comes behind it would be lost */
        const struct dirent *child = readdir(dir);
        if (!child) {
            ok = errno == 0 || fail_open(error, w->path);
            break;
        }
        if (strcmp(child->d_name, ".") != 0 && strcmp(child->d_name, "..") != 0)
            ok = walk_child(w, fd, prefix, child->d_name, depth, error);
    }
    closedir(dir);
    return ok;
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const raw_entry *)a)->raw_name, ((const raw_entry *)b)->raw_name);
}

/* Reads each regular file once: for the folder's sum, and to see what it is. */
static void look_at_files(folder_box *box, GArray *raw, GChecksum *all)
{
    for (guint i = 0; i < raw->len; i++) {
        raw_entry *e = &g_array_index(raw, raw_entry, i);
        if (e->special || e->too_deep)
            continue;
        g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
        guchar head[3] = {0};
        int fd = open_below(box->root, e->raw_name);
        e->unreadable = fd < 0 || pread(fd, head, sizeof head, 0) < 0 || !hash_file(fd, sum);
        e->jpeg_content = head[0] == 0xFF && head[1] == 0xD8 && head[2] == 0xFF;
        if (fd >= 0)
            close(fd);
        g_checksum_update(all, (const guchar *)e->raw_name, (gssize)strlen(e->raw_name) + 1);
        g_checksum_update(all, (const guchar *)(e->unreadable ? "" : g_checksum_get_string(sum)), -1);
        g_checksum_update(all, (const guchar *)"\n", 1);
    }
}

bool folder_container_open(int fd, const char *path, const bf_limits *limits, container *out, GError **error)
{
    folder_box *box = g_new0(folder_box, 1);
    g_autoptr(GArray) raw = raw_entries_new();
    walk w = {.limits = limits, .path = path, .raw = raw};
    box->paths = g_ptr_array_new_with_free_func(g_free);
    box->root = dup(fd);
    int walked = box->root >= 0 ? openat(fd, ".", O_RDONLY | O_CLOEXEC | O_DIRECTORY) : -1;
    bool ok = walked >= 0 ? walk_folder(&w, walked, "", 0, error) : fail_open(error, path);
    if (!ok) {
        box_close(box);
        return false;
    }
    g_autoptr(GChecksum) all = g_checksum_new(G_CHECKSUM_SHA256);
    g_array_sort(raw, by_path);
    look_at_files(box, raw, all);
    for (guint i = 0; i < raw->len; i++)
        g_ptr_array_add(box->paths, g_strdup(g_array_index(raw, raw_entry, i).raw_name));
    out->class = &folder_class;
    out->source = box;
    out->raw = g_steal_pointer(&raw);
    g_strlcpy(out->sha256, g_checksum_get_string(all), sizeof out->sha256);
    return true;
}
