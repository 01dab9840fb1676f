#include "record/audit_sign.h"

#include "record/audit_key.h"
#include "record/json_text.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

G_STATIC_ASSERT(crypto_sign_SECRETKEYBYTES == 64 && crypto_sign_SEEDBYTES == 32 && crypto_sign_PUBLICKEYBYTES == 32);
G_STATIC_ASSERT(2 * crypto_sign_BYTES + 1 == BF_AUDIT_SIGNATURE_HEX);

#define KEY_HEX 64 /* digits in either file, before the line feed */

static bool fail(GError **error, const char *path, const char *why)
{
    g_set_error(error, BF_AUDIT_ERROR, BF_AUDIT_ERROR_OPEN, "%s: %s", path, why);
    return false;
}

/* A new file, durable; there must be none. */
static bool write_key(const char *path, const char *hex, mode_t mode, GError **error)
{
    char line[KEY_HEX + 1];
    memcpy(line, hex, KEY_HEX);
    line[KEY_HEX] = '\n';
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
    if (fd < 0)
        return fail(error, path, g_strerror(errno));
    bool ok = write(fd, line, sizeof line) == (ssize_t)sizeof line && fchmod(fd, mode) == 0 && fsync(fd) == 0;
    sodium_memzero(line, sizeof line);
    close(fd);
    if (!ok) {
        g_unlink(path);
        return fail(error, path, _("the key cannot be written"));
    }
    return true;
}

bool bf_audit_keygen(const char *path, GError **error)
{
    guint8 seed[crypto_sign_SEEDBYTES], public_key[crypto_sign_PUBLICKEYBYTES], secret[crypto_sign_SECRETKEYBYTES];
    char seed_hex[KEY_HEX + 1], public_hex[KEY_HEX + 1];
    g_autofree char *public_path = g_strconcat(path, ".pub", NULL);
    if (sodium_init() < 0)
        return fail(error, path, _("no random numbers on this system"));
    randombytes_buf(seed, sizeof seed);
    crypto_sign_seed_keypair(public_key, secret, seed);
    sodium_bin2hex(seed_hex, sizeof seed_hex, seed, sizeof seed);
    sodium_bin2hex(public_hex, sizeof public_hex, public_key, sizeof public_key);
    bool ok = write_key(path, seed_hex, 0600, error);
    if (ok && !write_key(public_path, public_hex, 0644, error)) {
        g_unlink(path);
        ok = false;
    }
    sodium_memzero(seed, sizeof seed);
    sodium_memzero(secret, sizeof secret);
    sodium_memzero(seed_hex, sizeof seed_hex);
    return ok;
}

/* The 32 bytes of a key file. */
static bool read_key(const char *path, bool is_secret, guint8 out[32], GError **error)
{
    char text[KEY_HEX + 2];
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return fail(error, path, g_strerror(errno));
    bool private = fstat(fd, &st) == 0 && (st.st_mode & (S_IRWXG | S_IRWXO)) == 0;
    ssize_t n = read(fd, text, sizeof text);
    close(fd);
    gsize length = 0;
    bool ok = (n == KEY_HEX || (n == KEY_HEX + 1 && text[KEY_HEX] == '\n')) &&
              sodium_hex2bin(out, 32, text, KEY_HEX, NULL, &length, NULL) == 0 && length == 32;
    sodium_memzero(text, sizeof text);
    if (is_secret && !private)
        return fail(error, path, _("others can read this secret key; change its mode to 600"));
    return ok || fail(error, path, is_secret ? _("is no secret key that audit keygen made") : _("is no public key that audit keygen made"));
}

bool bf_audit_signer_load(const char *path, bf_audit_signer *out, GError **error)
{
    guint8 seed[32], public_key[32];
    if (sodium_init() < 0)
        return fail(error, path, _("no random numbers on this system"));
    bool ok = read_key(path, true, seed, error);
    if (ok) {
        crypto_sign_seed_keypair(public_key, out->secret, seed);
        sodium_bin2hex(out->public_hex, sizeof out->public_hex, public_key, sizeof public_key);
    }
    sodium_memzero(seed, sizeof seed);
    return ok;
}

void bf_audit_signer_wipe(bf_audit_signer *signer)
{
    sodium_memzero(signer, sizeof *signer);
}

bool bf_audit_public_load(const char *path, char public_hex[BF_AUDIT_PUBLIC_HEX], GError **error)
{
    guint8 key[32];
    if (!read_key(path, false, key, error))
        return false;
    sodium_bin2hex(public_hex, BF_AUDIT_PUBLIC_HEX, key, sizeof key);
    return true;
}

static char *make_message(guint64 seq, const char *time, const char *prev)
{
    return g_strdup_printf("blindfold audit checkpoint\n%" G_GUINT64_FORMAT "\n%s\n%s\n", seq, time, prev);
}

void bf_audit_sign(const bf_audit_signer *signer, guint64 seq, const char *time, const char *prev, char signature[BF_AUDIT_SIGNATURE_HEX])
{
    guint8 bytes[crypto_sign_BYTES];
    g_autofree char *message = make_message(seq, time, prev);
    crypto_sign_detached(bytes, NULL, (const guint8 *)message, strlen(message), signer->secret);
    sodium_bin2hex(signature, BF_AUDIT_SIGNATURE_HEX, bytes, sizeof bytes);
}

bool bf_audit_signature_holds(const char *public_hex, guint64 seq, const char *time, const char *prev, const char *signature)
{
    guint8 key[32], bytes[crypto_sign_BYTES];
    gsize key_bytes = 0, n = 0;
    g_autofree char *message = make_message(seq, time, prev);
    return sodium_hex2bin(key, sizeof key, public_hex, strlen(public_hex), NULL, &key_bytes, NULL) == 0 && key_bytes == sizeof key &&
           sodium_hex2bin(bytes, sizeof bytes, signature, strlen(signature), NULL, &n, NULL) == 0 && n == sizeof bytes &&
           crypto_sign_verify_detached(bytes, (const guint8 *)message, strlen(message), key) == 0;
}
