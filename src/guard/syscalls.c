#include "guard/syscalls.h"

#include <errno.h>
#include <glib.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

/* A call that is refused fails; it does not kill, so that a library's attempt at something needless costs no page. */
#define REFUSE SCMP_ACT_ERRNO(EPERM)

/* Names that this libseccomp or this architecture does not know are passed over. */
static bool add_all(scmp_filter_ctx filter, uint32_t action, const char *const *names, guint n)
{
    for (guint i = 0; i < n; i++) {
        int number = seccomp_syscall_resolve_name(names[i]);
        if (number != __NR_SCMP_ERROR && seccomp_rule_add(filter, action, number, 0) != 0)
            return false;
    }
    return true;
}

static bool load(scmp_filter_ctx filter, bool ok)
{
    ok = ok && seccomp_load(filter) == 0;
    seccomp_release(filter);
    return ok;
}

bool syscalls_allow_computing(void)
{
    static const char *const allowed[] = {
        "read",          "readv",
        "write",         "writev",
        "recvfrom",      "recvmsg",
        "sendto",        "sendmsg",
        "poll",          "ppoll",
        "close",         "lseek",
        "fstat",         "newfstatat", /* glibc's fstat; by path, Landlock and the lack of open keep it harmless */
        "brk",           "mmap",
        "munmap",        "mremap",
        "mprotect",      "madvise",
        "futex",         "sched_yield",
        "clock_gettime", "clock_nanosleep",
        "nanosleep",     "gettimeofday",
        "time",          "getrandom",
        "getpid",        "gettid",
        "getcpu",        "sched_getaffinity",
        "rseq",          "set_robust_list",
        "membarrier",    "sigaltstack",
        "rt_sigaction",  "rt_sigprocmask",
        "rt_sigreturn",  "restart_syscall",
        "getrusage",     "exit",
        "exit_group",
    };
    scmp_filter_ctx filter = seccomp_init(REFUSE);
    if (!filter)
        return false;
    bool ok = add_all(filter, SCMP_ACT_ALLOW, allowed, G_N_ELEMENTS(allowed));
    /* abort() sends a signal to itself: to itself alone */
    ok = ok && seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 2, SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid()),
                                SCMP_A2(SCMP_CMP_EQ, SIGABRT)) == 0;
    return load(filter, ok);
}

bool syscalls_deny_power(void)
{
    static const char *const denied[] = {
        "execve",
        "execveat",
        "ptrace",
        "process_vm_readv",
        "process_vm_writev",
        "process_madvise",
        "pidfd_getfd",
        "kcmp",
        "mount",
        "umount2",
        "pivot_root",
        "chroot",
        "setns",
        "unshare",
        "bpf",
        "perf_event_open",
        "userfaultfd",
        "keyctl",
        "add_key",
        "request_key",
        "init_module",
        "finit_module",
        "delete_module",
        "kexec_load",
        "kexec_file_load",
        "reboot",
        "swapon",
        "swapoff",
        "acct",
        "quotactl",
        "io_uring_setup",
        "open_by_handle_at",
        "name_to_handle_at",
        "personality",
        "modify_ldt",
        "iopl",
        "ioperm",
        "move_mount",
        "open_tree",
        "fsopen",
        "fsmount",
        "mknod",
        "mknodat",
    };
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    if (!filter)
        return false;
    bool ok = add_all(filter, REFUSE, denied, G_N_ELEMENTS(denied)) &&
              seccomp_rule_add(filter, REFUSE, SCMP_SYS(socket), 1, SCMP_A0(SCMP_CMP_NE, AF_UNIX)) == 0;
    return load(filter, ok);
}
