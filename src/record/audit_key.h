/* audit.key: 32 random bytes beside the record, readable by their owner alone. Inside the record room only. */
#pragma once
#include "blindfold/audit.h"

#define BF_AUDIT_KEY_BYTES 32
typedef struct {
    guint8 bytes[BF_AUDIT_KEY_BYTES];
} bf_audit_key;

/* Makes a new key at path, whole or not at all (0600, durable; the caller makes the folder's entry durable). Fails when there is one already. */
bool bf_audit_key_create(const char *path, bf_audit_key *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Reads the key for writing to the record: it must be a whole key that nobody but the owner can read. *found is false, and the call
 * succeeds, where there is none. */
bool bf_audit_key_load(const char *path, bf_audit_key *out, bool *found, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Reads the key for checking: as above, but one that this user may not read counts as not there, and its mode does not matter. */
bool bf_audit_key_peek(const char *path, bf_audit_key *out, bool *found, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void bf_audit_key_wipe(bf_audit_key *key);

/* HMAC-SHA-256 of a, then b, in lower-case hex; a new string. */
char *bf_audit_key_hmac(const bf_audit_key *key, const void *a, gsize a_bytes, const void *b, gsize b_bytes);
