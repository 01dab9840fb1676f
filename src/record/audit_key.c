#include "record/audit_key.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

static bool fail(GError **error, const char *path, const char *what)
{
    int saved = errno;
    g_set_error(error, BF_AUDIT_ERROR, BF_AUDIT_ERROR_OPEN, "%s: %s: %s", path, what, g_strerror(saved));
    return false;
}

static bool is_private(int fd)
{
    struct stat st;
    return fstat(fd, &st) == 0 && (st.st_mode & (S_IRWXG | S_IRWXO)) == 0;
}

static bool write_key(int fd, const char *path, bf_audit_key *key, bool draw, GError **error)
{
    if (!is_private(fd)) {
        g_set_error(error, BF_AUDIT_ERROR, BF_AUDIT_ERROR_OPEN,
                    _("%s: this file system lets others read every file; choose an output folder on one that keeps permissions"), path);
        return false;
    }
    if (draw && getrandom(key->bytes, sizeof key->bytes, 0) != (ssize_t)sizeof key->bytes)
        return fail(error, path, _("no random bytes for the key"));
    errno = ENOSPC; /* what a short write means, which sets no errno */
    if (write(fd, key->bytes, sizeof key->bytes) != (ssize_t)sizeof key->bytes)
        return fail(error, path, _("the key cannot be written"));
    if (fsync(fd) != 0)
        return fail(error, path, _("the key cannot be made durable"));
    return true;
}

/* Never over a key that is there, not even where there can be no links. */
static bool put_in_place(const char *beside, const char *path)
{
    if (link(beside, path) == 0)
        return true;
    return (errno == EPERM || errno == ENOTSUP) && !g_file_test(path, G_FILE_TEST_EXISTS) && rename(beside, path) == 0;
}

/* Draws the key when draw is set, else writes it as given. Beside its place first: nobody sees half a key, and half of one left by a kill
 * would stop every later run. The name is one that the next run tidies away. */
static bool make_key(const char *path, bf_audit_key *key, bool draw, bool others_may_be_faster, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(path), *beside = g_build_filename(folder, ".blindfold-XXXXXX", NULL);
    int fd = g_mkstemp_full(beside, O_WRONLY | O_CLOEXEC, 0600);
    if (fd < 0)
        return fail(error, path, _("the key cannot be made"));
    bool ok = write_key(fd, path, key, draw, error) &&
              (put_in_place(beside, path) || (others_may_be_faster && (errno == EEXIST || g_file_test(path, G_FILE_TEST_EXISTS))) ||
               fail(error, path, _("the key cannot be made")));
    close(fd);
    unlink(beside);
    return ok;
}

bool bf_audit_key_create(const char *path, bf_audit_key *out, GError **error)
{
    bool ok = make_key(path, out, true, false, error);
    if (!ok)
        bf_audit_key_wipe(out);
    return ok;
}

/* `given`, or where it is NULL a new one. True as well when somebody was faster. */
static bool place_key(const char *path, const bf_audit_key *given, GError **error)
{
    bf_audit_key key = {0};
    if (given)
        key = *given;
    bool ok = make_key(path, &key, !given, true, error);
    bf_audit_key_wipe(&key);
    return ok;
}

static bool read_key(int fd, const char *path, bf_audit_key *out, GError **error)
{
    guint8 bytes[BF_AUDIT_KEY_BYTES + 1];
    ssize_t n = read(fd, bytes, sizeof bytes);
    if (n == BF_AUDIT_KEY_BYTES)
        memcpy(out->bytes, bytes, sizeof out->bytes);
    explicit_bzero(bytes, sizeof bytes);
    if (n < 0)
        return fail(error, path, _("the key cannot be read"));
    if (n != BF_AUDIT_KEY_BYTES) {
        g_set_error(error, BF_AUDIT_ERROR, BF_AUDIT_ERROR_OPEN,
                    n < BF_AUDIT_KEY_BYTES ? _("%s: a key has %d bytes, this file has fewer")
                                           : _("%s: a key has %d bytes, this file has more"),
                    path, BF_AUDIT_KEY_BYTES);
        return false;
    }
    return true;
}

bool bf_audit_key_load(const char *path, bf_audit_key *out, bool *found, GError **error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    *found = fd >= 0;
    if (fd < 0)
        return errno == ENOENT || fail(error, path, _("the key cannot be read"));
    bool ok = is_private(fd);
    if (!ok) {
        g_autofree char *quoted = g_shell_quote(path);
        g_set_error(error, BF_AUDIT_ERROR, BF_AUDIT_ERROR_OPEN, _("%s: others can read the key; run: chmod 600 %s"), path, quoted);
    }
    ok = ok && read_key(fd, path, out, error);
    close(fd);
    return ok;
}

bool bf_audit_key_peek(const char *path, bf_audit_key *out, bool *found, GError **error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    *found = fd >= 0;
    if (fd < 0)
        return errno == ENOENT || errno == EACCES || errno == EPERM || errno == ENOTDIR || fail(error, path, _("the key cannot be read"));
    bool ok = read_key(fd, path, out, error);
    close(fd);
    return ok;
}

bool bf_audit_key_share(const char *from, const char *to, GError **error)
{
    g_autofree char *source = g_build_filename(from, "audit.key", NULL), *target = g_build_filename(to, "audit.key", NULL);
    g_autofree char *record = g_build_filename(to, "audit.jsonl", NULL);
    bf_audit_key key;
    bool found = false, ok = true;
    if (g_file_test(target, G_FILE_TEST_EXISTS) || g_file_test(record, G_FILE_TEST_EXISTS))
        return true;
    if (!g_file_test(source, G_FILE_TEST_EXISTS))
        ok = place_key(source, NULL, error);
    ok = ok && bf_audit_key_load(source, &key, &found, error) && (!found || place_key(target, &key, error));
    bf_audit_key_wipe(&key);
    return ok;
}

void bf_audit_key_wipe(bf_audit_key *key)
{
    explicit_bzero(key->bytes, sizeof key->bytes);
}

char *bf_audit_key_hmac(const bf_audit_key *key, const void *a, gsize a_bytes, const void *b, gsize b_bytes)
{
    g_autoptr(GHmac) hmac = g_hmac_new(G_CHECKSUM_SHA256, key->bytes, sizeof key->bytes);
    g_hmac_update(hmac, a, (gssize)a_bytes);
    g_hmac_update(hmac, b, (gssize)b_bytes);
    return g_strdup(g_hmac_get_string(hmac));
}
