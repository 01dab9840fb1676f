#include "blindfold/guard.h"

#include "guard/landlock.h"
#include "guard/syscalls.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* A sanitizer's shadow memory is larger than any limit, and its reports want system calls of their own. */
#ifndef __has_feature
#define __has_feature(feature) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
enum { SANITIZED = true };
#else
enum { SANITIZED = false };
#endif

G_DEFINE_QUARK(bf - guard - error - quark, bf_guard_error)

static const char *const mode_words[] = {"auto", "strict", "off"};

const char *bf_guard_mode_word(bf_guard_mode mode)
{
    return mode_words[mode];
}

bool bf_guard_parse_mode(const char *word, bf_guard_mode *out)
{
    for (guint i = 0; i < G_N_ELEMENTS(mode_words); i++)
        if (strcmp(word, mode_words[i]) == 0) {
            *out = (bf_guard_mode)i;
            return true;
        }
    return false;
}

const char *bf_guard_word(bf_guard_state s)
{
    return s.seccomp ? (s.landlock ? "seccomp, landlock" : "seccomp") : (s.landlock ? "landlock" : N_("nothing"));
}

void bf_guard_keep_secrets(void)
{
    const struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

/* Address space, not resident memory: the one limit of memory that the kernel keeps for a process by itself. */
static void limit_memory(gint64 more_bytes)
{
    unsigned long long pages = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    bool known = file && fscanf(file, "%llu", &pages) == 1;
    if (file)
        fclose(file);
    if (!known || more_bytes <= 0 || SANITIZED)
        return;
    rlim_t bytes = (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE) + (rlim_t)more_bytes;
    const struct rlimit limit = {bytes, bytes};
    setrlimit(RLIMIT_AS, &limit);
}

/* What is missing ends a strict run; an automatic one goes on with what there is. */
static bool judge(bf_guard_mode mode, bf_guard_state state, GError **error)
{
    if (mode != BF_GUARD_STRICT || (state.seccomp && state.landlock))
        return true;
    g_set_error(error, BF_GUARD_ERROR, BF_GUARD_ERROR_MISSING, _("--sandbox strict: the kernel or the container gives no %s"),
                state.seccomp    ? "Landlock"
                : state.landlock ? "seccomp"
                                 : _("seccomp and no Landlock"));
    return false;
}

bool bf_guard_compute_only(bf_guard_mode mode, gint64 max_bytes, bf_guard_state *state, GError **error)
{
    *state = (bf_guard_state){0};
    limit_memory(max_bytes);
    if (mode == BF_GUARD_OFF)
        return true;
    const struct rlimit none = {0, 0};
    setrlimit(RLIMIT_FSIZE, &none);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    state->landlock = landlock_restrict(NULL, NULL);
    state->seccomp = SANITIZED ? syscalls_deny_power() : syscalls_allow_computing();
    return judge(mode, *state, error);
}

bf_guard_state bf_guard_try_compute_only(bf_guard_mode mode)
{
    bf_guard_state state = {0};
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return state;
    pid_t pid = fork();
    if (pid == 0) {
        g_autoptr(GError) ignored = NULL;
        bool ok = bf_guard_compute_only(mode, 0, &state, &ignored);
        _exit((ok || ignored) && write(ends[1], &state, sizeof state) == sizeof state ? EXIT_SUCCESS : EXIT_FAILURE);
    }
    close(ends[1]);
    if (pid > 0 && read(ends[0], &state, sizeof state) != sizeof state)
        state = (bf_guard_state){0};
    close(ends[0]);
    while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
        ;
    return state;
}

bool bf_guard_files_only(bf_guard_mode mode, const char *const *readable, const char *const *writable, bf_guard_state *state,
                         GError **error)
{
    *state = (bf_guard_state){0};
    if (mode == BF_GUARD_OFF)
        return true;
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    state->landlock = landlock_restrict(readable, writable);
    state->seccomp = syscalls_deny_power();
    return judge(mode, *state, error);
}
