#include "faults.h"

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>

const char *const fault_kind_words[FAULT_N_KINDS] = {"none", "write", "rename", "sync", "open", "truncate", "unlink", "malloc", "any"};
const char *const fault_how_words[FAULT_N_WAYS] = {"fail", "from", "short", "kill", "torn"};

typedef struct {
    atomic_uint counts[FAULT_N_KINDS];
    atomic_uint armed_n; /* 0: not armed */
    atomic_int armed_kind, armed_how;
    atomic_bool happened;
} fault_state;

static fault_state own, *state = &own;
static bool only_one; /* of this process alone */
static fault_kind only;

void fault_share(void)
{
    void *shared = mmap(NULL, sizeof own, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared != MAP_FAILED)
        state = shared;
}

void fault_keep_only(fault_kind kind)
{
    only_one = true;
    only = kind;
}

enum { MOST_RANGES = 64 };
static struct {
    uintptr_t from, to;
} left_out[MOST_RANGES];
static int n_left_out;

static int note_library(struct dl_phdr_info *info, size_t size, void *user)
{
    (void)size;
    for (const char *const *name = user; *name; name++)
        for (int i = 0; i < info->dlpi_phnum && strstr(info->dlpi_name, *name) && n_left_out < MOST_RANGES; i++)
            if (info->dlpi_phdr[i].p_type == PT_LOAD && info->dlpi_phdr[i].p_flags & PF_X) {
                left_out[n_left_out].from = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr;
                left_out[n_left_out].to = left_out[n_left_out].from + info->dlpi_phdr[i].p_memsz;
                n_left_out++;
            }
    return 0;
}

void fault_leave_out(const char *const *libraries)
{
    dl_iterate_phdr(note_library, (void *)libraries);
}

void fault_arm(fault_kind kind, unsigned n, fault_how how)
{
    for (int i = 0; i < FAULT_N_KINDS; i++)
        atomic_store(&state->counts[i], 0);
    atomic_store(&state->happened, false);
    atomic_store(&state->armed_kind, (int)kind);
    atomic_store(&state->armed_how, (int)how);
    atomic_store(&state->armed_n, n);
}

unsigned fault_count(fault_kind kind)
{
    return atomic_load(&state->counts[kind]);
}

bool fault_happened(void)
{
    return atomic_load(&state->happened);
}

static struct {
    fault_kind kind;
    bool (*ask)(unsigned n, void *user);
    void *user;
    unsigned n;
} asked; /* of this process alone */

void fault_ask(fault_kind kind, bool (*ask)(unsigned n, void *user), void *user)
{
    asked.kind = kind;
    asked.ask = ask;
    asked.user = user;
    asked.n = 0;
}

static bool is_refused(void)
{
    bool (*ask)(unsigned n, void *user) = asked.ask;
    asked.ask = NULL;
    bool refused = ask(++asked.n, asked.user);
    asked.ask = asked.ask ? asked.ask : ask;
    return refused;
}

static void kill_self(void)
{
    syscall(SYS_kill, syscall(SYS_getpid), SIGKILL);
}

typedef enum { GO_ON, FAIL, HALF, HALF_AND_DIE } fate;

static fate count_call(fault_kind kind)
{
    if (only_one && kind != only)
        return GO_ON;
    if (asked.ask && asked.kind == kind && is_refused())
        return FAIL;
    int armed = atomic_load(&state->armed_kind);
    unsigned n = atomic_fetch_add(&state->counts[kind], 1) + 1;
    unsigned any = kind == FAULT_MALLOC ? 0 : atomic_fetch_add(&state->counts[FAULT_ANY], 1) + 1;
    unsigned at = atomic_load(&state->armed_n), here = (int)kind == armed ? n : armed == FAULT_ANY ? any : 0;
    fault_how how = (fault_how)atomic_load(&state->armed_how);
    if (at == 0 || here < at || (here > at && how != FAULT_FROM && !(how == FAULT_SHORT && here == at + 1)))
        return GO_ON;
    atomic_store(&state->happened, true);
    if (how == FAULT_KILL || (how == FAULT_TORN && kind != FAULT_WRITE))
        kill_self();
    if (how == FAULT_TORN)
        return HALF_AND_DIE;
    return how == FAULT_SHORT && kind == FAULT_WRITE && here == at ? HALF : FAIL;
}

static int fail_with(int code)
{
    errno = code;
    return -1;
}

static ssize_t any_write(int fd, const void *data, size_t n, off_t at, bool positioned)
{
    fate f = fd > 2 ? count_call(FAULT_WRITE) : GO_ON;
    if (f == FAIL)
        return fail_with(ENOSPC);
    if (f != GO_ON)
        n = (n + 1) / 2;
    ssize_t done = positioned ? syscall(SYS_pwrite64, fd, data, n, at) : syscall(SYS_write, fd, data, n);
    if (f == HALF_AND_DIE)
        kill_self();
    return done;
}

ssize_t write(int fd, const void *data, size_t n)
{
    return any_write(fd, data, n, 0, false);
}

ssize_t pwrite(int fd, const void *data, size_t n, off_t at)
{
    return any_write(fd, data, n, at, true);
}

ssize_t pwrite64(int fd, const void *data, size_t n, off64_t at)
{
    return any_write(fd, data, n, at, true);
}

int fsync(int fd)
{
    return count_call(FAULT_SYNC) == GO_ON ? (int)syscall(SYS_fsync, fd) : fail_with(EIO);
}

int fdatasync(int fd)
{
    return count_call(FAULT_SYNC) == GO_ON ? (int)syscall(SYS_fdatasync, fd) : fail_with(EIO);
}

int rename(const char *from, const char *to)
{
    return count_call(FAULT_RENAME) == GO_ON ? (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0) : fail_with(EIO);
}

int ftruncate(int fd, off_t length)
{
    return count_call(FAULT_TRUNCATE) == GO_ON ? (int)syscall(SYS_ftruncate, fd, length) : fail_with(EIO);
}

int ftruncate64(int fd, off64_t length)
{
    return count_call(FAULT_TRUNCATE) == GO_ON ? (int)syscall(SYS_ftruncate, fd, length) : fail_with(EIO);
}

int unlink(const char *path)
{
    return count_call(FAULT_UNLINK) == GO_ON ? (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0) : fail_with(EIO);
}

static int any_open(int folder, const char *path, int flags, mode_t mode)
{
    bool writes = (flags & O_ACCMODE) != O_RDONLY;
    bool device = strncmp(path, "/dev/", 5) == 0 && strncmp(path, "/dev/shm/", 9) != 0;
    if (writes && !device && count_call(FAULT_OPEN) != GO_ON)
        return fail_with(ENOSPC);
    return (int)syscall(SYS_openat, folder, path, flags, mode);
}

static mode_t mode_of(int flags, va_list args)
{
    return flags & (O_CREAT | __O_TMPFILE) ? va_arg(args, mode_t) : 0;
}

int open(const char *path, int flags, ...)
{
    va_list args;
    va_start(args, flags);
    mode_t mode = mode_of(flags, args);
    va_end(args);
    return any_open(AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    va_list args;
    va_start(args, flags);
    mode_t mode = mode_of(flags, args);
    va_end(args);
    return any_open(AT_FDCWD, path, flags | O_LARGEFILE, mode);
}

/* What the C library's headers make of open in a fortified build. */
int __open_2(const char *path, int flags);
int __open64_2(const char *path, int flags);

int __open_2(const char *path, int flags)
{
    return any_open(AT_FDCWD, path, flags, 0);
}

int __open64_2(const char *path, int flags)
{
    return any_open(AT_FDCWD, path, flags | O_LARGEFILE, 0);
}

static int make_temp(char *pattern, int flags)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    char *at = pattern + strlen(pattern) - 6;
    for (;;) {
        unsigned char random[6];
        if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random)
            return -1;
        for (int i = 0; i < 6; i++)
            at[i] = letters[random[i] % (sizeof letters - 1)];
        int fd = any_open(AT_FDCWD, pattern, flags | O_RDWR | O_CREAT | O_EXCL, 0600);
        if (fd >= 0 || errno != EEXIST)
            return fd;
    }
}

int mkostemp(char *pattern, int flags)
{
    return make_temp(pattern, flags);
}

int mkostemp64(char *pattern, int flags)
{
    return make_temp(pattern, flags);
}

#define IMAGE_SIZED ((size_t)256 << 10)

/* Whether memory may be had by whoever asked from there. */
static bool may_have(size_t n, const void *caller)
{
    if (n < IMAGE_SIZED)
        return true;
    for (int i = 0; i < n_left_out; i++)
        if ((uintptr_t)caller >= left_out[i].from && (uintptr_t)caller < left_out[i].to)
            return true;
    if (count_call(FAULT_MALLOC) == GO_ON)
        return true;
    errno = ENOMEM;
    return false;
}

#define CALLER __builtin_return_address(0)
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);
void *__libc_memalign(size_t alignment, size_t n);

void *malloc(size_t n)
{
    return may_have(n, CALLER) ? __libc_malloc(n) : NULL;
}

void *calloc(size_t n, size_t size)
{
    bool large = size > 0 && n >= IMAGE_SIZED / size;
    return !large || may_have(IMAGE_SIZED, CALLER) ? __libc_calloc(n, size) : NULL;
}

void *realloc(void *p, size_t n)
{
    return may_have(n, CALLER) ? __libc_realloc(p, n) : NULL;
}

void *aligned_alloc(size_t alignment, size_t n)
{
    return may_have(n, CALLER) ? __libc_memalign(alignment, n) : NULL;
}

void *memalign(size_t alignment, size_t n)
{
    return may_have(n, CALLER) ? __libc_memalign(alignment, n) : NULL;
}

int posix_memalign(void **out, size_t alignment, size_t n)
{
    void *p = may_have(n, CALLER) ? __libc_memalign(alignment, n) : NULL;
    if (!p)
        return ENOMEM;
    *out = p;
    return 0;
}
#else
/* A sanitizer wants malloc to itself; GLib's calls for memory that may fail are in front of it. */
void *g_try_malloc(size_t n);
void *g_try_malloc0(size_t n);
void *g_try_malloc_n(size_t n, size_t size);
void *g_try_malloc0_n(size_t n, size_t size);
void *g_try_realloc(void *p, size_t n);

void *g_try_malloc(size_t n)
{
    return n > 0 && may_have(n, CALLER) ? malloc(n) : NULL;
}

void *g_try_malloc0(size_t n)
{
    return n > 0 && may_have(n, CALLER) ? calloc(1, n) : NULL;
}

void *g_try_malloc_n(size_t n, size_t size)
{
    bool fits = size == 0 || n <= SIZE_MAX / size;
    return fits && n * size > 0 && may_have(n * size, CALLER) ? malloc(n * size) : NULL;
}

void *g_try_malloc0_n(size_t n, size_t size)
{
    bool fits = size == 0 || n <= SIZE_MAX / size;
    return fits && n * size > 0 && may_have(n * size, CALLER) ? calloc(n, size) : NULL;
}

void *g_try_realloc(void *p, size_t n)
{
    return may_have(n, CALLER) ? realloc(p, n) : NULL;
}
#endif

static int word_index(const char *const *words, int n, const char *word)
{
    for (int i = 0; i < n; i++)
        if (strcmp(words[i], word) == 0)
            return i;
    return -1;
}

__attribute__((constructor)) static void arm_from_environment(void)
{
    char kind[16] = "", how[16] = "";
    unsigned n = 0;
    const char *text = getenv("BLINDFOLD_FAULT");
    if (!text || sscanf(text, "%15[a-z]:%u:%15[a-z]", kind, &n, how) != 3)
        return;
    int k = word_index(fault_kind_words, FAULT_N_KINDS, kind), h = word_index(fault_how_words, FAULT_N_WAYS, how);
    fault_share(); /* with the processes that this one starts */
    if (k >= 0 && h >= 0)
        fault_arm((fault_kind)k, n, (fault_how)h);
}

__attribute__((destructor)) static void tell_counts(void)
{
    const char *path = getenv("BLINDFOLD_FAULT_COUNTS");
    FILE *to = path ? fopen(path, "we") : NULL;
    for (int i = 1; to && i < FAULT_N_KINDS; i++)
        fprintf(to, "%s %u\n", fault_kind_words[i], atomic_load(&state->counts[i]));
    if (to)
        fclose(to);
}
