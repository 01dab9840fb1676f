/* Landlock by its system calls: the C library has no functions for them, and older headers lack half of the bits. The numbers are the
 * kernel's ABI (Documentation/userspace-api/landlock.rst), the same on every architecture. */
#include "guard/landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { CREATE_RULESET = 444, ADD_RULE = 445, RESTRICT_SELF = 446, GET_VERSION = 1, PATH_BENEATH = 1 };

#define FILES_EXECUTE (1ULL << 0)
#define FILES_WRITE (1ULL << 1)
#define FILES_READ (1ULL << 2)
#define FILES_READ_DIR (1ULL << 3)
#define FILES_OF_ABI_1 ((1ULL << 13) - 1)
#define FILES_REFER (1ULL << 13)    /* ABI 2: rename over folders */
#define FILES_TRUNCATE (1ULL << 14) /* ABI 3 */
#define NETWORK_BIND_CONNECT 3ULL   /* ABI 4 */
#define SCOPE_SIGNALS_SOCKETS 1ULL  /* ABI 6: abstract Unix sockets; signals are needed to end children */

struct ruleset {
    uint64_t handled_files, handled_network, scoped;
};
struct path_rule {
    uint64_t allowed;
    int32_t fd;
} __attribute__((packed));

static size_t ruleset_for(long abi, struct ruleset *rules)
{
    *rules = (struct ruleset){.handled_files = FILES_OF_ABI_1 | (abi >= 2 ? FILES_REFER : 0) | (abi >= 3 ? FILES_TRUNCATE : 0),
                              .handled_network = abi >= 4 ? NETWORK_BIND_CONNECT : 0,
                              .scoped = abi >= 6 ? SCOPE_SIGNALS_SOCKETS : 0};
    return abi >= 6 ? sizeof *rules : abi >= 4 ? offsetof(struct ruleset, scoped) : offsetof(struct ruleset, handled_network);
}

/* A path that is not there needs no rule. */
static bool allow(int ruleset, const char *path, uint64_t access)
{
    struct stat st;
    struct path_rule rule = {.allowed = access, .fd = open(path, O_PATH | O_CLOEXEC)};
    if (rule.fd < 0)
        return true;
    if (fstat(rule.fd, &st) == 0 && !S_ISDIR(st.st_mode))
        rule.allowed &= FILES_EXECUTE | FILES_WRITE | FILES_READ | FILES_TRUNCATE;
    bool ok = syscall(ADD_RULE, ruleset, PATH_BENEATH, &rule, 0) == 0;
    close(rule.fd);
    return ok;
}

static bool allow_all(int ruleset, const char *const *paths, uint64_t access)
{
    for (; paths && *paths; paths++)
        if (!allow(ruleset, *paths, access))
            return false;
    return true;
}

bool landlock_restrict(const char *const *readable, const char *const *writable)
{
    static const char *const installed[] = {"/usr", "/lib", "/lib64", "/etc", "/proc", "/sys/devices/system/cpu", NULL};
    static const char *const devices[] = {"/dev/null", "/dev/urandom", "/dev/tty", NULL};
    struct ruleset rules;
    long abi = syscall(CREATE_RULESET, NULL, 0, GET_VERSION);
    if (abi < 1)
        return false;
    size_t size = ruleset_for(abi, &rules);
    int ruleset = (int)syscall(CREATE_RULESET, &rules, size, 0);
    if (ruleset < 0)
        return false;
    const uint64_t reading = FILES_READ | FILES_READ_DIR, everything = rules.handled_files & ~FILES_EXECUTE;
    bool ok = true;
    if (readable)
        ok = allow_all(ruleset, installed, reading | FILES_EXECUTE) && allow_all(ruleset, devices, reading | FILES_WRITE) &&
             allow_all(ruleset, readable, reading);
    ok = ok && allow_all(ruleset, writable, everything) && syscall(RESTRICT_SELF, ruleset, 0) == 0;
    close(ruleset);
    return ok;
}
