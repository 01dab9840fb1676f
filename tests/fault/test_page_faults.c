/* A page, with the real readers, whose n-th image-sized allocation fails: it ends in the very result that it has with memory enough, or in
 * review; never in a crash, and never in fewer masks. Lists may grow large, too, and GLib ends the process when one cannot: that
 * holds the page (test_page_host), and is counted apart.
 *
 *   test-page-faults               a share of the places (what ctest runs)
 *   test-page-faults --all         each of ours and of libjpeg, alone and with all after it
 *   test-page-faults --all STEP    each STEP-th of all, those in ONNX Runtime, Tesseract and Leptonica too
 *   test-page-faults --page N      as --all, of the N-th of the five pages alone
 * Each in a process of its own, split off at the place. Status 1 at the end when something does not hold. Under a sanitizer
 * also that nothing is lost on the way. All people are invented. */
#include "faults.h"

#include "blindfold/name.h"
#include "blindfold/page.h"
#include "pagemaker.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/lsan_interface.h>
#define LEAKED() (__lsan_do_recoverable_leak_check() != 0)
#else
#define LEAKED() false
#endif

typedef struct {
    const char *what;
    bf_page_worker *worker; /* made before anything fails, as that of a page process is */
    bf_query *query;
    GBytes *jpeg, *good;
    bf_decision decision;
} scene;

enum { AS_EVER = 0, HELD = 1, WRONG = 3, LOST = 4 };

static bf_page_result process(const scene *s)
{
    bf_page_result r;
    bf_page_result_init(&r);
    bf_page_process(s->worker, &(bf_page_task){.jpeg = s->jpeg, .query = s->query}, &r);
    return r;
}

/* A page on its way, whose places are tried as it comes by: at each one a copy of the process goes on without that memory. */
typedef struct {
    const scene *s;
    fault_how how;
    unsigned step;
    bool is_copy;
    guint n, held, same, ended, bad;
} trial;

static void count_outcome(trial *t, unsigned n, int status)
{
    int outcome = WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
    t->held += outcome == HELD;
    t->same += outcome == AS_EVER;
    t->ended += outcome == -SIGTRAP; /* g_error */
    if (outcome == HELD || outcome == AS_EVER || outcome == -SIGTRAP)
        return;
    printf("FAILED: %s, %s %u: %s (%d)\n", t->s->what, fault_how_words[t->how], n,
           outcome < 0        ? "crashed"
           : outcome == LOST  ? "memory is lost"
           : outcome == WRONG ? "another result that is not held"
                              : "ended",
           outcome);
    t->bad++;
}

static bool at_place(unsigned n, void *user)
{
    trial *t = user;
    if (t->is_copy)
        return t->how == FAULT_FROM;
    t->n = n;
    if ((n - 1) % t->step != 0)
        return false;
    pid_t pid = fork();
    if (pid == 0)
        return t->is_copy = true;
    int status = 0;
    if (pid < 0 || waitpid(pid, &status, 0) != pid)
        _exit(2);
    count_outcome(t, n, status);
    return false;
}

/* In the copy: what came of it. */
static void end_copy(const trial *t, bf_page_result *r) G_GNUC_NORETURN;
static void end_copy(const trial *t, bf_page_result *r)
{
    const scene *s = t->s;
    bool same = r->decision == s->decision && (r->output == NULL) == (s->good == NULL) && (!r->output || g_bytes_equal(r->output, s->good));
    bool held = r->decision == BF_DECISION_REVIEW && r->reasons && r->reasons->len > 0;
    bf_page_result_clear(r);
    _exit(LEAKED() ? LOST : same ? AS_EVER : held ? HELD : WRONG);
}

/* False when something did not hold. */
static bool try_places(const scene *s, fault_how how, unsigned step)
{
    trial t = {.s = s, .how = how, .step = step};
    fflush(NULL);
    fault_ask(FAULT_MALLOC, at_place, &t);
    bf_page_result r = process(s);
    fault_ask(FAULT_NONE, NULL, NULL);
    if (t.is_copy)
        end_copy(&t, &r);
    bf_page_result_clear(&r);
    printf("%s, %s: %u places, %u held, %u as ever, %u ended by GLib, %u bad\n", s->what, fault_how_words[how],
           t.held + t.same + t.ended + t.bad, t.held, t.same, t.ended, t.bad);
    fflush(stdout);
    return t.bad == 0 && t.n > 0;
}

static const struct {
    const char *what;
    pm_kind kind;
    pm_capture capture;
} pages[] = {
    {"clean summary", PM_KIND_SUMMARY, PM_CAPTURE_CLEAN},      {"turned summary", PM_KIND_SUMMARY, PM_CAPTURE_ROT90},
    {"photo of a paper", PM_KIND_PAPER, PM_CAPTURE_CURVED},    {"sealed commitment", PM_KIND_COMMITMENT, PM_CAPTURE_SEAL},
    {"list by phone, EXIF 6", PM_KIND_LIST, PM_CAPTURE_EXIF6},
};

static bool try_page(bf_page_engine *engine, guint i, unsigned step, bool all)
{
    pm_person *person = pm_person_random(20265);
    pm_page *page = NULL;
    scene s = {.what = pages[i].what};
    const pm_page_spec spec = {.kind = pages[i].kind, .capture = pages[i].capture, .seed = 81, .person = person};
    if (!pm_page_draw(&spec, &page, NULL) || !bf_name_build(person->name, NULL, &s.query, NULL) ||
        !bf_page_engine_prepare(engine, s.query, NULL) || !bf_page_worker_new(engine, &s.worker, NULL))
        exit(2);
    s.jpeg = page->jpeg;
    fault_arm(FAULT_NONE, 0, FAULT_FAIL);
    bf_page_result good = process(&s);
    unsigned n = fault_count(FAULT_MALLOC);
    s.good = good.output;
    s.decision = good.decision;
    printf("%s: %s, %u allocations\n", s.what, bf_decision_word(good.decision), n);
    bool ok = try_places(&s, FAULT_FAIL, step);
    if (all)
        ok &= try_places(&s, FAULT_FROM, step);
    bf_page_result_clear(&good);
    bf_page_worker_free(s.worker);
    bf_query_free(s.query);
    pm_page_free(page);
    pm_person_free(person);
    return ok;
}

int main(int argc, char **argv)
{
    static const char *const readers[] = {"libonnxruntime", "libtesseract", "liblept", "libstdc++", NULL};
    bool one = argc > 2 && strcmp(argv[1], "--page") == 0, all = one || (argc > 1 && strcmp(argv[1], "--all") == 0), ok = true;
    bool inside = argc > 2 && !one; /* the readers, too */
    unsigned step = inside ? (unsigned)MAX(atoi(argv[2]), 1) : all ? 1 : 7;
    guint first = one ? (guint)CLAMP(atoi(argv[2]) - 1, 0, (int)G_N_ELEMENTS(pages) - 1) : 0;
    bf_page_engine *engine = NULL;
    g_autoptr(GError) error = NULL;
    if (!bf_page_engine_new(&(bf_page_settings){0}, &engine, &error)) {
        fprintf(stderr, "%s\n", error->message);
        return 2;
    }
    if (!inside)
        fault_leave_out(readers);
    for (guint i = first; i < (all && !one ? G_N_ELEMENTS(pages) : first + 1); i++)
        ok &= try_page(engine, i, step, all);
    bf_page_engine_free(engine);
    return ok ? 0 : 1;
}
