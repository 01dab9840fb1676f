/* Messages over a socket, and what counts as time: waiting, trickling, the caller's own work; a leap of the clock hardly. */
#include "page/page_pipe.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

static void make_pair(int ends[2])
{
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
}

static void close_pair(const int ends[2])
{
    close(ends[0]);
    close(ends[1]);
}

typedef struct {
    int socket;
    bool reads; /* else it writes */
    atomic_bool stop;
} trickle;

/* A byte each 20 ms. */
static void *live_as_trickle(void *user)
{
    trickle *t = user;
    char block[16 << 10] = "x";
    while (!atomic_load(&t->stop)) {
        ssize_t n = t->reads ? recv(t->socket, block, sizeof block, MSG_DONTWAIT) : send(t->socket, block, 1, MSG_DONTWAIT);
        (void)n; /* the other side has all it wants, or nothing yet */
        g_usleep(20 * 1000);
    }
    return NULL;
}

/* Longer than its limit, though there is never a tenth of a second without a byte. */
static void try_trickle(bool sends)
{
    int ends[2];
    pthread_t thread;
    make_pair(ends);
    trickle t = {.socket = ends[1], .reads = sends};
    pipe_patience patience = {.left_us = 600 * 1000};
    g_autofree char *data = g_malloc0(16 << 20);
    assert_int_equal(pthread_create(&thread, NULL, live_as_trickle, &t), 0);
    gint64 start = g_get_monotonic_time();
    pipe_outcome outcome = sends ? pipe_send(ends[0], data, 16 << 20, &patience) : pipe_receive(ends[0], data, 1000, &patience);
    gint64 took_ms = (g_get_monotonic_time() - start) / 1000;
    atomic_store(&t.stop, true);
    pthread_join(thread, NULL);
    assert_int_equal(outcome, PIPE_LATE);
    assert_in_range(took_ms, 550, 15000); /* the machine may be loaded; all of it would take 20 s */
    close_pair(ends);
}

static void test_pipe_receive__a_trickle_is_late(void **state)
{
    (void)state;
    try_trickle(false);
}

static void test_pipe_send__a_trickle_is_late(void **state)
{
    (void)state;
    try_trickle(true);
}

static void test_pipe_receive__whole_or_the_reason(void **state)
{
    (void)state;
    int ends[2];
    char data[8] = "";
    make_pair(ends);
    pipe_patience for_ever = {.left_us = -1}, short_one = {.left_us = 150 * 1000}, none = {.left_us = 0};
    assert_int_equal(pipe_send(ends[1], "abcdefg", 8, &for_ever), PIPE_OK);
    assert_int_equal(pipe_receive(ends[0], data, 8, &for_ever), PIPE_OK);
    assert_string_equal(data, "abcdefg");
    assert_int_equal(pipe_receive(ends[0], data, 8, &short_one), PIPE_LATE);
    assert_int_equal(pipe_receive(ends[0], data, 8, &none), PIPE_LATE);
    atomic_bool cancel = true;
    pipe_patience cancelled = {.left_us = -1, .cancel = &cancel};
    assert_int_equal(pipe_receive(ends[0], data, 8, &cancelled), PIPE_CANCELLED);
    assert_int_equal(send(ends[1], "abc", 3, 0), 3);
    shutdown(ends[1], SHUT_WR);
    assert_int_equal(pipe_receive(ends[0], data, 8, &for_ever), PIPE_CLOSED); /* half a message */
    close_pair(ends);
}

/* What lies between two looks counts, but for half a second at most. */
static void test_pipe_tick__a_leap_counts_for_half_a_second(void **state)
{
    (void)state;
    enum { LIMIT_US = 60 * G_USEC_PER_SEC };
    pipe_patience p = {.left_us = LIMIT_US};
    pipe_tick(&p);
    assert_int_equal(p.left_us, LIMIT_US); /* begins with the first look */
    p.looked_us -= 200 * 1000;
    pipe_tick(&p);
    assert_in_range(LIMIT_US - p.left_us, 200 * 1000, 500 * 1000);
    gint64 before = p.left_us;
    p.looked_us -= 3600 * (gint64)G_USEC_PER_SEC;
    pipe_tick(&p);
    assert_int_equal(before - p.left_us, 500 * 1000);
    p.left_us = -1;
    p.looked_us -= G_USEC_PER_SEC;
    pipe_tick(&p);
    assert_int_equal(p.left_us, -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pipe_receive__a_trickle_is_late),
        cmocka_unit_test(test_pipe_send__a_trickle_is_late),
        cmocka_unit_test(test_pipe_receive__whole_or_the_reason),
        cmocka_unit_test(test_pipe_tick__a_leap_counts_for_half_a_second),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
