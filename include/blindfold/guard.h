/* Least power: what a process gives up before it looks at foreign bytes (guard). The only room that knows seccomp and Landlock.
 *
 * All functions act on the calling thread and on whatever it starts from then on; call them before any other thread exists. Nothing
 * can be taken back. Kernels and containers differ in what they let a process give up: AUTO takes what there is, STRICT fails when
 * something is missing, OFF gives up nothing.
 */
#pragma once
#include <glib.h>
#include <stdbool.h>

#define BF_GUARD_ERROR (bf_guard_error_quark())
GQuark bf_guard_error_quark(void);
typedef enum { BF_GUARD_ERROR_MISSING /* STRICT: the kernel or the container does not have it; the message says what */ } bf_guard_error;

typedef enum { BF_GUARD_AUTO = 0, BF_GUARD_STRICT, BF_GUARD_OFF } bf_guard_mode;
bool bf_guard_parse_mode(const char *word, bf_guard_mode *out); /* "auto" "strict" "off" */
const char *bf_guard_mode_word(bf_guard_mode mode);

/* What is in force, for people: "seccomp, landlock" or "nothing". */
typedef struct {
    bool seccomp, landlock;
} bf_guard_state;
const char *bf_guard_word(bf_guard_state state);

/* No core dump, no /proc/self/mem or ptrace by other processes of the same user. Whatever the mode; cannot fail. */
void bf_guard_keep_secrets(void);

/* For a process that only computes: from here on it can read, write and poll what it has open and ask for memory, and nothing else: no
 * file, socket, process or thread. max_bytes: how much more memory it may take, 0: no limit. */
bool bf_guard_compute_only(bf_guard_mode mode, gint64 max_bytes, bf_guard_state *state, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What bf_guard_compute_only would come to in a process that is split off from this one now: tried in one that ends at once. "Nothing"
 * where none can be had. */
bf_guard_state bf_guard_try_compute_only(bf_guard_mode mode);

/* For the process that holds the run together: it can read what the system has installed and the paths in `readable`, write below those in
 * `writable` (NULL-terminated lists; what does not exist is left out), and open neither a network socket nor another program. */
bool bf_guard_files_only(bf_guard_mode mode, const char *const *readable, const char *const *writable, bf_guard_state *state,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
