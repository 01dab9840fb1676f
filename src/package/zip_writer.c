#include "package/package_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zip.h>

struct bf_zip_writer {
    char *final_path, *folder, *temp_path; /* temp_path: NULL once it is renamed or gone */
    int fd;
    zip_t *zip;
    GPtrArray *contents; /* GBytes * of the entries: libzip borrows their bytes until the archive is closed */
    guint n_added;
    off_t at;           /* of the write that comes next */
    zip_error_t status; /* what libzip asks its source for after a failure */
};

static bool fail(GError **error, const char *path, const char *what, const char *why)
{
    g_set_error(error, BF_PACKAGE_ERROR, BF_PACKAGE_ERROR_WRITE, "%s: %s: %s", path, what, why);
    return false;
}

static zip_int64_t write_some(bf_zip_writer *w, const void *data, zip_uint64_t n)
{
    const char *p = data;
    zip_uint64_t left = n;
    while (left > 0) {
        ssize_t k = pwrite(w->fd, p, left, w->at);
        if (k < 0 && errno == EINTR)
            continue;
        if (k <= 0) {
            zip_error_set(&w->status, ZIP_ER_WRITE, k < 0 ? errno : ENOSPC);
            return -1;
        }
        p += k;
        left -= (zip_uint64_t)k;
        w->at += k;
    }
    return (zip_int64_t)n;
}

static zip_int64_t seek(bf_zip_writer *w, void *data, zip_uint64_t n)
{
    struct stat st;
    zip_int64_t to =
        fstat(w->fd, &st) == 0 ? zip_source_seek_compute_offset((zip_uint64_t)w->at, (zip_uint64_t)st.st_size, data, n, &w->status) : -1;
    if (to < 0)
        return -1;
    w->at = (off_t)to;
    return 0;
}

/* libzip writes into our own file through this, because its own way makes temp files with other names and rights. It never reads: to
 * libzip, the archive does not exist before it is written. */
static zip_int64_t on_zip(void *user, void *data, zip_uint64_t n, zip_source_cmd_t command)
{
    bf_zip_writer *w = user;
    switch (command) {
    case ZIP_SOURCE_SUPPORTS:
        return zip_source_make_command_bitmap(ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE, ZIP_SOURCE_STAT, ZIP_SOURCE_ERROR,
                                              ZIP_SOURCE_FREE, ZIP_SOURCE_SEEK, ZIP_SOURCE_TELL, ZIP_SOURCE_SUPPORTS,
                                              ZIP_SOURCE_BEGIN_WRITE, ZIP_SOURCE_COMMIT_WRITE, ZIP_SOURCE_ROLLBACK_WRITE, ZIP_SOURCE_WRITE,
                                              ZIP_SOURCE_SEEK_WRITE, ZIP_SOURCE_TELL_WRITE, ZIP_SOURCE_REMOVE, -1);
    case ZIP_SOURCE_STAT:
        zip_error_set(&w->status, ZIP_ER_READ, ENOENT);
        return -1;
    case ZIP_SOURCE_ERROR:
        return zip_error_to_data(&w->status, data, n);
    case ZIP_SOURCE_BEGIN_WRITE:
    case ZIP_SOURCE_COMMIT_WRITE:
    case ZIP_SOURCE_ROLLBACK_WRITE:
    case ZIP_SOURCE_FREE:
        return 0;
    case ZIP_SOURCE_WRITE:
        return write_some(w, data, n);
    case ZIP_SOURCE_SEEK_WRITE:
        return seek(w, data, n);
    case ZIP_SOURCE_TELL_WRITE:
        return (zip_int64_t)w->at;
    default:
        zip_error_set(&w->status, ZIP_ER_OPNOTSUPP, 0);
        return -1;
    }
}

static bool open_archive(bf_zip_writer *w, GError **error)
{
    zip_error_t zip_error;
    zip_error_init(&zip_error);
    zip_source_t *source = zip_source_function_create(on_zip, w, &zip_error);
    w->zip = source ? zip_open_from_source(source, ZIP_CREATE | ZIP_TRUNCATE, &zip_error) : NULL;
    if (!w->zip) {
        fail(error, w->final_path, _("cannot begin the archive"), zip_error_strerror(&zip_error));
        if (source)
            zip_source_free(source);
    }
    zip_error_fini(&zip_error);
    return w->zip != NULL;
}

bool bf_zip_writer_new(const char *final_path, bf_zip_writer **out, GError **error)
{
    g_autoptr(bf_zip_writer) w = g_new0(bf_zip_writer, 1);
    zip_error_init(&w->status);
    w->contents = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    w->final_path = g_strdup(final_path);
    w->folder = g_path_get_dirname(final_path);
    w->temp_path = g_build_filename(w->folder, ".blindfold-XXXXXX", NULL);
    w->fd = mkostemp(w->temp_path, O_CLOEXEC);
    if (w->fd < 0) {
        int saved = errno;
        g_clear_pointer(&w->temp_path, g_free);
        return fail(error, final_path, _("cannot make a temporary file beside it"), g_strerror(saved));
    }
    if (!open_archive(w, error))
        return false;
    *out = g_steal_pointer(&w);
    return true;
}

/* The system named is Windows NTFS: Info-ZIP's unzip takes the names of DOS entries for its old code page even when they are flagged as
 * UTF-8, and gives files of Unix entries without attributes to nobody. */
bool bf_zip_writer_add(bf_zip_writer *w, const char *name, GBytes *data, GError **error)
{
    const zip_uint16_t dos_1980_01_01 = 1 << 5 | 1;
    gsize size;
    const void *bytes = g_bytes_get_data(data, &size);
    zip_source_t *source = zip_source_buffer(w->zip, bytes, size, 0);
    zip_int64_t i = source ? zip_file_add(w->zip, name, source, ZIP_FL_ENC_UTF_8) : -1;
    if (source && i < 0)
        zip_source_free(source);
    g_ptr_array_add(w->contents, g_bytes_ref(data));
    if (i < 0 || zip_set_file_compression(w->zip, (zip_uint64_t)i, ZIP_CM_STORE, 0) != 0 ||
        zip_file_set_dostime(w->zip, (zip_uint64_t)i, 0, dos_1980_01_01, 0) != 0 ||
        zip_file_set_external_attributes(w->zip, (zip_uint64_t)i, 0, ZIP_OPSYS_WINDOWS_NTFS, 0) != 0)
        return fail(error, w->final_path, _("cannot add an entry"), zip_strerror(w->zip));
    w->n_added++;
    return true;
}

/* libzip makes no archive without entries; the format's own empty archive is its end record alone. */
static bool write_empty(bf_zip_writer *w, GError **error)
{
    static const char end_record[22] = {'P', 'K', 5, 6};
    zip_discard(g_steal_pointer(&w->zip));
    if (write_some(w, end_record, sizeof end_record) < 0)
        return fail(error, w->final_path, _("cannot write"), g_strerror(zip_error_code_system(&w->status)));
    return true;
}

static bool write_archive(bf_zip_writer *w, GError **error)
{
    if (w->n_added == 0)
        return write_empty(w, error);
    if (zip_close(w->zip) != 0)
        return fail(error, w->final_path, _("cannot write"), zip_strerror(w->zip));
    w->zip = NULL;
    return true;
}

static bool sync_folder(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_CLOEXEC | O_DIRECTORY);
    bool ok = fd >= 0 && fsync(fd) == 0;
    int saved = errno;
    if (fd >= 0)
        close(fd);
    errno = saved;
    return ok;
}

bool bf_zip_writer_finish(bf_zip_writer *w, char *hex, GError **error)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    if (!write_archive(w, error))
        return false;
    if (!hash_file(w->fd, sum))
        return fail(error, w->final_path, _("cannot read back what was written"), g_strerror(errno));
    if (fsync(w->fd) != 0 || !sync_folder(w->folder))
        return fail(error, w->final_path, _("cannot make it durable"), g_strerror(errno));
    g_strlcpy(hex, g_checksum_get_string(sum), BF_SHA256_HEX);
    return true;
}

const char *bf_zip_writer_temp_path(const bf_zip_writer *w)
{
    return w->temp_path;
}

void bf_zip_writer_detach(bf_zip_writer *w)
{
    g_clear_pointer(&w->temp_path, g_free);
}

bool bf_zip_writer_commit(bf_zip_writer *w, char *hex, GError **error)
{
    char sum[BF_SHA256_HEX];
    if (!bf_zip_writer_finish(w, sum, error))
        return false;
    if (rename(w->temp_path, w->final_path) != 0)
        return fail(error, w->final_path, _("cannot put it in its place"), g_strerror(errno));
    bf_zip_writer_detach(w);
    if (!sync_folder(w->folder))
        return fail(error, w->final_path, _("cannot make its folder durable"), g_strerror(errno));
    g_strlcpy(hex, sum, BF_SHA256_HEX);
    return true;
}

void bf_zip_writer_free(bf_zip_writer *w)
{
    if (!w)
        return;
    if (w->zip)
        zip_discard(w->zip);
    zip_error_fini(&w->status);
    if (w->fd >= 0)
        close(w->fd);
    if (w->temp_path)
        unlink(w->temp_path);
    g_ptr_array_unref(w->contents);
    g_free(w->temp_path);
    g_free(w->folder);
    g_free(w->final_path);
    g_free(w);
}
