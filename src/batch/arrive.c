#include "batch/arrive.h"

#include "blindfold/batch.h"
#include "blindfold/report.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool arrive_file_sha256(const char *path, char hex[BF_SHA256_HEX])
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    guchar block[65536];
    ssize_t n = -1;
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return false;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
        while ((n = read(fd, block, sizeof block)) > 0)
            g_checksum_update(sum, block, n);
    close(fd);
    g_strlcpy(hex, g_checksum_get_string(sum), BF_SHA256_HEX);
    return n == 0;
}

static bool is_file_with(const char *path, const char *sha256)
{
    char hex[BF_SHA256_HEX];
    return arrive_file_sha256(path, hex) && g_strcmp0(hex, sha256) == 0;
}

static bool fail(GError **error, const char *path, int code)
{
    g_set_error(error, BF_BATCH_ERROR, BF_BATCH_ERROR_OUTPUT, "%s: %s", path, g_strerror(code));
    return false;
}

static bool sync_folder_of(const char *path, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(path);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (!ok)
        fail(error, folder, errno);
    if (fd >= 0)
        close(fd);
    return ok;
}

/* Durably: a place must be empty before the other folder gets the package. */
static bool remove_zip(const bf_output *o, const char *id, bf_verdict verdict, GError **error)
{
    g_autofree char *path = bf_output_zip_path(o, id, verdict);
    if (unlink(path) != 0)
        return errno == ENOENT || fail(error, path, errno);
    return sync_folder_of(path, error);
}

/* A package that failed has no output: one from an earlier run would be of another input. */
static bool place_zip(const bf_output *o, const bf_state_package *p, bool *lost, GError **error)
{
    if (!p->temp)
        return remove_zip(o, p->id, BF_VERDICT_RELEASED, error) && remove_zip(o, p->id, BF_VERDICT_HELD, error);
    g_autofree char *temp = g_build_filename(o->dir, p->temp, NULL), *path = bf_output_zip_path(o, p->id, p->verdict);
    bool waiting = is_file_with(temp, p->output_sha256);
    *lost = !waiting && !is_file_with(path, p->output_sha256);
    if (*lost)
        return true;
    if (!remove_zip(o, p->id, p->verdict == BF_VERDICT_RELEASED ? BF_VERDICT_HELD : BF_VERDICT_RELEASED, error))
        return false;
    if (waiting && rename(temp, path) != 0)
        return fail(error, path, errno);
    return sync_folder_of(path, error);
}

bool arrive_bodies(bf_output *o, const char *package_id, GError **error)
{
    g_autoptr(GPtrArray) bodies = NULL;
    guint64 from_line = 0;
    return bf_state_get_outbox(o->state, package_id, &bodies, &from_line, error) &&
           (bodies->len == 0 || bf_audit_append(o->audit, from_line, (const char *const *)bodies->pdata, bodies->len, error));
}

static bool place_reports(const bf_output *o, const bf_state_package *p, GError **error)
{
    g_autofree char *html = NULL;
    return (!p->report || bf_report_store(o->dir, p->id, p->report, error)) && bf_state_get_html(o->state, p->id, &html, error) &&
           (!html || bf_report_store_html(o->dir, p->id, html, error));
}

bool arrive_package(bf_output *o, const bf_state_package *p, bool *lost, GError **error)
{
    *lost = false;
    if (!place_zip(o, p, lost, error))
        return false;
    if (*lost)
        return bf_state_drop_package(o->state, p->id, error);
    return place_reports(o, p, error) && arrive_bodies(o, p->id, error) && bf_state_package_arrived(o->state, p->id, error);
}

static void say_arrived(const bf_output *o, const char *id, bool lost)
{
    g_autofree char *sentence =
        g_strdup_printf(lost ? _("id %s: an earlier run was killed while it wrote this package; its zip is gone, so it will be done again")
                             : _("id %s: an earlier run was killed while it wrote this package; now it is whole"),
                        id);
    if (o->say)
        o->say(o->user, sentence);
}

bool arrive_all(bf_output *o, GError **error)
{
    g_autoptr(GPtrArray) packages = NULL;
    if (!bf_state_list_packages(o->state, &packages, error))
        return false;
    for (guint i = 0; i < packages->len; i++) {
        const bf_state_package *p = packages->pdata[i];
        bool lost = false;
        if (p->recorded)
            continue;
        if (!arrive_package(o, p, &lost, error))
            return false;
        say_arrived(o, p->id, lost);
    }
    return arrive_bodies(o, NULL, error) && bf_state_clear_outbox(o->state, NULL, error);
}
