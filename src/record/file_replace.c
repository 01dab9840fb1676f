#include "record/file_replace.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool fail(GError **error, const char *what)
{
    int saved = errno;
    g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(saved), "%s: %s", what, g_strerror(saved));
    return false;
}

static bool write_all(int fd, const char *text, gsize length)
{
    while (length > 0) {
        ssize_t n = write(fd, text, length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            errno = n < 0 ? errno : ENOSPC;
            return false;
        }
        text += n;
        length -= (gsize)n;
    }
    return true;
}

static bool fill(int fd, const char *text, gsize length, int mode, GError **error)
{
    if (!write_all(fd, text, length) || fchmod(fd, (mode_t)mode) != 0)
        return fail(error, _("cannot write"));
    return fsync(fd) == 0 || fail(error, _("cannot make it durable"));
}

static bool sync_folder(const char *folder, GError **error)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = (fd >= 0 && fsync(fd) == 0) || fail(error, _("cannot make the folder durable"));
    if (fd >= 0)
        close(fd);
    return ok;
}

bool bf_file_replace(const char *path, const char *text, gsize length, int mode, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(path), *temp = g_build_filename(folder, ".blindfold-XXXXXX", NULL);
    int fd = mkostemp(temp, O_CLOEXEC);
    if (fd < 0)
        return fail(error, _("cannot make a temporary file"));
    bool ok = fill(fd, text, length, mode, error);
    if (close(fd) != 0 && ok)
        ok = fail(error, _("cannot close"));
    if (ok && rename(temp, path) != 0)
        ok = fail(error, _("cannot put it in its place"));
    if (!ok) {
        g_unlink(temp);
        return false;
    }
    return sync_folder(folder, error);
}
