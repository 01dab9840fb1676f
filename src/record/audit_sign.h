/* Ed25519 keys and signatures of checkpoints. Inside the record room only; the only file pair that knows libsodium. */
#pragma once
#include "blindfold/audit.h"

#define BF_AUDIT_PUBLIC_HEX 65     /* 64 hex digits and a NUL */
#define BF_AUDIT_SIGNATURE_HEX 129 /* 128 and a NUL */

typedef struct {
    guint8 secret[64];
    char public_hex[BF_AUDIT_PUBLIC_HEX];
} bf_audit_signer;

/* Reads a secret key that bf_audit_keygen made; it must be a file that nobody but its owner can read. */
bool bf_audit_signer_load(const char *path, bf_audit_signer *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void bf_audit_signer_wipe(bf_audit_signer *signer);
bool bf_audit_public_load(const char *path, char public_hex[BF_AUDIT_PUBLIC_HEX], GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Signs where a checkpoint stands: its seq and time, and by prev all lines before it. */
void bf_audit_sign(const bf_audit_signer *signer, guint64 seq, const char *time, const char *prev, char signature[BF_AUDIT_SIGNATURE_HEX]);
bool bf_audit_signature_holds(const char *public_hex, guint64 seq, const char *time, const char *prev, const char *signature);
