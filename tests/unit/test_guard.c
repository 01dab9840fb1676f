/* What a process cannot do any more once it has given up its power. Each try runs in a child of its own; what the kernel does not have is
 * left out aloud. */
#include "blindfold/guard.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { ALLOWED = 0, REFUSED = 1, NO_SECCOMP = 70, NO_LANDLOCK = 71, BROKEN = 72 };

static int verdict(bool could)
{
    return could ? ALLOWED : REFUSED;
}

static int open_passwd(const char *folder)
{
    (void)folder;
    return verdict(open("/etc/passwd", O_RDONLY) >= 0);
}

static int open_secret(const char *folder)
{
    g_autofree char *path = g_build_filename(folder, "outside", "secret", NULL);
    return verdict(open(path, O_RDONLY) >= 0);
}

static int open_input(const char *folder)
{
    g_autofree char *path = g_build_filename(folder, "in", "a.zip", NULL);
    return verdict(open(path, O_RDONLY) >= 0);
}

static int write_input(const char *folder)
{
    g_autofree char *path = g_build_filename(folder, "in", "a.zip", NULL);
    return verdict(open(path, O_WRONLY | O_APPEND) >= 0);
}

static int write_output(const char *folder)
{
    g_autofree char *path = g_build_filename(folder, "out", "new", NULL), *to = g_build_filename(folder, "out", "newer", NULL);
    int fd = open(path, O_RDWR | O_CREAT, 0600);
    return verdict(fd >= 0 && write(fd, "x", 1) == 1 && rename(path, to) == 0 && unlink(to) == 0);
}

static int inet_socket(const char *folder)
{
    (void)folder;
    return verdict(socket(AF_INET, SOCK_STREAM, 0) >= 0 || socket(AF_INET6, SOCK_DGRAM, 0) >= 0);
}

static int run_program(const char *folder)
{
    (void)folder;
    execl("/bin/true", "true", (char *)NULL);
    return REFUSED;
}

static int trace_parent(const char *folder)
{
    (void)folder;
    return verdict(ptrace(PTRACE_ATTACH, getppid(), NULL, NULL) == 0);
}

static int start_process(const char *folder)
{
    (void)folder;
    pid_t pid = fork();
    if (pid == 0)
        _exit(0);
    return verdict(pid > 0);
}

static int signal_parent(const char *folder)
{
    (void)folder;
    return verdict(kill(getppid(), 0) == 0);
}

static int write_anywhere(const char *folder)
{
    g_autofree char *path = g_build_filename(folder, "outside", "new", NULL);
    return verdict(open(path, O_WRONLY | O_CREAT, 0600) >= 0);
}

static int take_memory(const char *folder)
{
    (void)folder;
    const size_t gigabyte = (size_t)1 << 30;
    volatile char *p = malloc(gigabyte);
    if (p)
        p[0] = p[gigabyte / 2] = 1;
    return verdict(p != NULL);
}

static int compute(const char *folder)
{
    (void)folder;
    enum { SIZE = 32 << 20 };
    char *p = malloc(SIZE);
    memset(p, 1, SIZE);
    int sum = p[1] + p[SIZE - 1];
    free(p);
    return sum == 2 ? ALLOWED : BROKEN;
}

static char *make_folders(void)
{
    char *folder = g_dir_make_tmp("blindfold-guard-XXXXXX", NULL);
    static const char *const names[] = {"in", "out", "outside"};
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_build_filename(folder, names[i], NULL), *file = g_build_filename(path, i ? "secret" : "a.zip", NULL);
        assert_int_equal(g_mkdir_with_parents(path, 0700), 0);
        assert_true(g_file_set_contents(file, "x", 1, NULL));
    }
    return folder;
}

static void remove_folders(const char *folder)
{
    static const char *const files[] = {"in/a.zip", "out/secret", "outside/secret", "outside/new", "in", "out", "outside", ""};
    for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path = g_build_filename(folder, files[i], NULL);
        remove(path);
    }
}

typedef struct {
    const char *what;
    int (*try)(const char *folder);
    bool compute_only; /* else files_only */
    bool by_landlock;  /* seccomp alone does not refuse it */
    int expected;
} guard_case;

static int in_child(const guard_case *c, const char *folder)
{
    g_autofree char *in = g_build_filename(folder, "in", NULL), *out = g_build_filename(folder, "out", NULL);
    const char *const readable[] = {in, "/does/not/exist", NULL}, *const writable[] = {out, NULL};
    bf_guard_state state;
    pid_t pid = fork();
    if (pid == 0) {
        bool ok = c->compute_only ? bf_guard_compute_only(BF_GUARD_AUTO, 256 << 20, &state, NULL)
                                  : bf_guard_files_only(BF_GUARD_AUTO, readable, writable, &state, NULL);
        int code = !ok ? BROKEN : !state.seccomp ? NO_SECCOMP : c->by_landlock && !state.landlock ? NO_LANDLOCK : c->try(folder);
        _exit(code);
    }
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static void test_bf_guard__what_is_refused(void **state)
{
    (void)state;
    static const guard_case cases[] = {
        {"compute: a file", open_passwd, true, false, REFUSED},
        {"compute: a new file", write_anywhere, true, false, REFUSED},
        {"compute: a socket", inet_socket, true, false, REFUSED},
        {"compute: a program", run_program, true, false, REFUSED},
        {"compute: a process", start_process, true, false, REFUSED},
        {"compute: tracing", trace_parent, true, false, REFUSED},
        {"compute: signals", signal_parent, true, false, REFUSED},
        {"compute: too much memory", take_memory, true, false, REFUSED},
        {"compute: memory", compute, true, false, ALLOWED},
        {"files: what is installed", open_passwd, false, true, ALLOWED},
        {"files: an input", open_input, false, true, ALLOWED},
        {"files: writing an input", write_input, false, true, REFUSED},
        {"files: somebody's file", open_secret, false, true, REFUSED},
        {"files: a new file elsewhere", write_anywhere, false, true, REFUSED},
        {"files: the output", write_output, false, true, ALLOWED},
        {"files: a socket", inet_socket, false, false, REFUSED},
        {"files: a program", run_program, false, false, REFUSED},
        {"files: tracing", trace_parent, false, false, REFUSED},
    };
    g_autofree char *folder = make_folders();
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        int got = in_child(&cases[i], folder);
        if (got == NO_SECCOMP || got == NO_LANDLOCK) {
            print_message("LEFT OUT, this kernel gives no %s: %s\n", got == NO_SECCOMP ? "seccomp" : "Landlock", cases[i].what);
            continue;
        }
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
        if (cases[i].compute_only && (cases[i].try == take_memory || cases[i].try == start_process || cases[i].try == signal_parent))
            continue; /* a sanitizer's process is kept in less narrowly */
#endif
        if (got != cases[i].expected)
            fail_msg("%s: %d, should be %d", cases[i].what, got, cases[i].expected);
    }
    remove_folders(folder);
}

static void test_bf_guard__off_gives_up_nothing(void **state)
{
    (void)state;
    pid_t pid = fork();
    if (pid == 0) {
        bf_guard_state force = {true, true};
        bool ok = bf_guard_compute_only(BF_GUARD_OFF, 0, &force, NULL) && strcmp(bf_guard_word(force), "nothing") == 0;
        _exit(ok ? open_passwd("") : BROKEN);
    }
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), ALLOWED);
}

static void test_bf_guard_keep_secrets__no_core_and_no_tracer(void **state)
{
    (void)state;
    pid_t pid = fork();
    if (pid == 0) {
        struct rlimit limit;
        bf_guard_keep_secrets();
        _exit(getrlimit(RLIMIT_CORE, &limit) == 0 && limit.rlim_max == 0 && prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 ? 0 : 1);
    }
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

/* What is told beforehand is what a process of its own comes to, and the one that asked has given up nothing. */
static void test_bf_guard_try_compute_only__tells_what_will_be(void **state)
{
    (void)state;
    bf_guard_state told = bf_guard_try_compute_only(BF_GUARD_AUTO), off = bf_guard_try_compute_only(BF_GUARD_OFF);
    assert_false(off.seccomp || off.landlock);
    pid_t pid = fork();
    if (pid == 0) {
        bf_guard_state own;
        bool ok = bf_guard_compute_only(BF_GUARD_AUTO, 0, &own, NULL);
        _exit(ok && own.seccomp == told.seccomp && own.landlock == told.landlock ? 0 : 1);
    }
    int status = -1;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    int fd = open("/dev/null", O_RDONLY);
    assert_true(fd >= 0);
    close(fd);
}

static void test_bf_guard_parse_mode__words(void **state)
{
    (void)state;
    bf_guard_mode mode;
    assert_true(bf_guard_parse_mode("strict", &mode) && mode == BF_GUARD_STRICT);
    assert_string_equal(bf_guard_mode_word(mode), "strict");
    assert_true(bf_guard_parse_mode("auto", &mode) && mode == BF_GUARD_AUTO);
    assert_true(bf_guard_parse_mode("off", &mode) && mode == BF_GUARD_OFF);
    assert_false(bf_guard_parse_mode("", &mode));
    assert_false(bf_guard_parse_mode("on", &mode));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bf_guard__what_is_refused),
        cmocka_unit_test(test_bf_guard__off_gives_up_nothing),
        cmocka_unit_test(test_bf_guard_keep_secrets__no_core_and_no_tracer),
        cmocka_unit_test(test_bf_guard_try_compute_only__tells_what_will_be),
        cmocka_unit_test(test_bf_guard_parse_mode__words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
