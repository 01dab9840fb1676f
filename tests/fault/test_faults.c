/* A batch that is killed, or whose writes fail, at every place; then run again. What must hold is in check_between and check_end.
 *
 *   test-faults                    a bounded number of places (what ctest runs)
 *   test-faults --all [KIND]       every place of every kind, or of one, in every way
 *   test-faults --kills N [SEED]   N kills at random moments
 * A line a scenario; status 1 at the first thing that does not hold. All people are invented. */
#include "faults.h"
#include "standin_page.h"

#include "blindfold/audit.h"
#include "blindfold/batch.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define IMAGE_SIZED (300 << 10)
/* A sanitized run is for what goes wrong on the ways of errors: who is killed goes no way, and a place takes six times as long. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { SANITIZED = true, SHARE = 83 };
#else
enum { SANITIZED = false, SHARE = 41 };
#endif
#define N_IDS 4
static const char *const ids[N_IDS] = {"P-1", "P-2", "P-3", "P-4"};

/* Two states of one batch: under the first settings P-1 is released and P-2 is held; under the later ones P-2 is released, and P-1
 * still is. P-3 is held in both. P-4 is no zip. */
typedef struct {
    char *folder, *input;
    GHashTable *good[2]; /* "packages/P-1.zip" -> sha256, under the first and the later settings */
} scene;

typedef struct {
    fault_kind kind;
    unsigned n;
    fault_how how;
    bool later; /* the batch is run on an output that the first settings made */
} fault;

static char fault_text[128];

static void stop(const char *what, const char *detail)
{
    fprintf(stderr, "FAILED: %s: %s %s\n", fault_text, what, detail ? detail : "");
    exit(1);
}

static void must(bool ok, const char *what, const char *detail)
{
    if (!ok)
        stop(what, detail);
}

static void run_tool(const char *const *argv)
{
    int status = -1;
    must(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status, NULL) && status == 0, "cannot run",
         argv[0]);
}

static void remove_tree(const char *path)
{
    run_tool((const char *const[]){"rm", "-rf", path, NULL});
}

static void add_page(bf_zip_writer *zip, const char *name, char letter, gsize size)
{
    g_autofree char *bytes = g_malloc(size);
    memset(bytes, name[0], size);
    memcpy(bytes, "\xFF\xD8\xFF", 3);
    bytes[3] = letter;
    memcpy(bytes + size - 2, "\xFF\xD9", 2);
    g_autoptr(GBytes) page = g_bytes_new(bytes, size);
    must(bf_zip_writer_add(zip, name, page, NULL), "cannot make input", name);
}

static void make_input(const scene *s, const char *id, const char *letters)
{
    char hex[BF_SHA256_HEX];
    g_autofree char *path = g_strdup_printf("%s/%s.zip", s->input, id);
    if (!letters) {
        must(g_file_set_contents(path, "no zip", -1, NULL), "cannot make input", id);
        return;
    }
    g_autoptr(bf_zip_writer) zip = NULL;
    must(bf_zip_writer_new(path, &zip, NULL), "cannot make input", id);
    for (guint i = 0; letters[i]; i++) {
        g_autofree char *name = g_strdup_printf("%s-%u.jpg", id, i);
        add_page(zip, name, letters[i], i == 0 ? IMAGE_SIZED : 3000);
    }
    must(bf_zip_writer_commit(zip, hex, NULL), "cannot make input", id);
}

static bf_roster *make_roster(void)
{
    g_autoptr(GString) text = g_string_new("id,name\n");
    for (guint i = 0; i < N_IDS; i++)
        g_string_append_printf(text, "%s,试样甲%s\n", ids[i], i % 2 ? "乙" : "丙");
    bf_roster *roster = NULL;
    must(bf_roster_parse(text->str, text->len, "roster", &roster, NULL), "no roster", NULL);
    return roster;
}

/* In a child: one batch. Its status: 0 well, 4 the run says that it could not go on, anything else is a defect. */
static int run_batch(const scene *s, const char *out, const fault *f, bool later, guint expect_finished)
{
    g_autoptr(bf_roster) roster = make_roster();
    bf_page_engine *engine = standin_engine(later);
    const char *const inputs[] = {s->input, NULL};
    const bf_batch_settings settings = {.output_dir = out, .roster = roster, .inputs = inputs, .n_jobs = 2};
    bf_batch_summary summary = {0};
    g_autoptr(GError) error = NULL;
    const fault none = {0};
    f = f ? f : &none; /* the count is shared, and so is what a killed run has left in it */
    fault_arm(f->kind, f->n, f->how);
    bool ok = bf_batch_run(&settings, engine, &summary, &error);
    standin_engine_free(engine);
    bool happened = fault_happened();
    fault_arm(FAULT_NONE, 0, FAULT_FAIL);
    if (!ok && f->n == 0)
        fprintf(stderr, "%s\n", error->message);
    if (ok && expect_finished != G_MAXUINT && summary.found_finished != expect_finished)
        return 5;
    return ok ? (happened ? 2 : 0) : error ? 4 : 6;
}

enum { WELL = 0, WELL_WITH_FAULT = 2, STOPPED = 4, KILLED = 100 };

/* Runs the batch in a child of its own; kill_after_us >= 0: and kills it then. */
static int spawn_batch(const scene *s, const char *out, const fault *f, bool later, guint expect_finished, gint64 kill_after_us)
{
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0)
        exit(run_batch(s, out, f, later, expect_finished));
    must(pid > 0, "cannot fork", NULL);
    if (kill_after_us >= 0) {
        g_usleep((gulong)kill_after_us);
        kill(pid, SIGKILL);
    }
    int status = 0;
    must(waitpid(pid, &status, 0) == pid, "cannot wait", NULL);
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
        return KILLED;
    g_autofree char *detail = g_strdup_printf("(status %d)", status);
    must(WIFEXITED(status) && (WEXITSTATUS(status) == WELL || WEXITSTATUS(status) == WELL_WITH_FAULT || WEXITSTATUS(status) == STOPPED),
         "the batch crashed, leaked or skipped wrongly", detail);
    return WEXITSTATUS(status);
}

static char *sha256_of(const char *path)
{
    g_autofree char *data = NULL;
    gsize n = 0;
    return g_file_get_contents(path, &data, &n, NULL) ? g_compute_checksum_for_data(G_CHECKSUM_SHA256, (guchar *)data, n) : NULL;
}

/* place -> sha256 of all that stands in packages/ and held/ under its final name. */
static GHashTable *list_zips(const char *out)
{
    GHashTable *zips = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    static const char *const folders[] = {"packages", "held"};
    for (guint i = 0; i < 2; i++) {
        g_autofree char *folder = g_build_filename(out, folders[i], NULL);
        g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
        for (const char *name = NULL; dir && (name = g_dir_read_name(dir));) {
            g_autofree char *path = g_build_filename(folder, name, NULL);
            if (name[0] != '.')
                g_hash_table_insert(zips, g_build_filename(folders[i], name, NULL), sha256_of(path));
        }
    }
    return zips;
}

static guint count_hidden(const char *out)
{
    static const char *const folders[] = {"", "packages", "held", "reports"};
    guint n = 0;
    for (guint i = 0; i < G_N_ELEMENTS(folders); i++) {
        g_autofree char *folder = g_build_filename(out, folders[i], NULL);
        g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
        for (const char *name = NULL; dir && (name = g_dir_read_name(dir));)
            n += g_str_has_prefix(name, ".blindfold-");
    }
    return n;
}

/* any_held: a page for which there was no memory holds its package, so any bytes may be held, but none other released.
 * Whatever happened: what stands under a final name is whole and right, in one folder only. */
static void check_between(const scene *s, const char *out, bool any_held)
{
    g_autoptr(GHashTable) zips = list_zips(out);
    GHashTableIter iter;
    gpointer place, sum;
    g_hash_table_iter_init(&iter, zips);
    while (g_hash_table_iter_next(&iter, &place, &sum)) {
        bool first = g_strcmp0(sum, g_hash_table_lookup(s->good[0], place)) == 0;
        bool later = g_strcmp0(sum, g_hash_table_lookup(s->good[1], place)) == 0;
        bool ours = any_held && g_str_has_prefix(place, "held/");
        must(first || later || ours, "half a package, or a wrong one:", place);
    }
    for (guint i = 0; i < N_IDS; i++) {
        g_autofree char *a = g_strdup_printf("packages/%s.zip", ids[i]), *b = g_strdup_printf("held/%s.zip", ids[i]);
        must(!g_hash_table_contains(zips, a) || !g_hash_table_contains(zips, b), "in both folders:", ids[i]);
    }
}

typedef struct {
    GHashTable *pages; /* id -> lines of pages since its last package line */
    GHashTable *last;  /* id -> output sha256 of its last package line */
    GHashTable *seen;  /* time, id, entry: each page line once */
    const char *flaw;
} record_check;

static bool on_line(const bf_audit_entry *e, void *user)
{
    record_check *c = user;
    if (strcmp(e->event, "page") == 0) {
        guint n = GPOINTER_TO_UINT(g_hash_table_lookup(c->pages, e->id));
        g_hash_table_insert(c->pages, g_strdup(e->id), GUINT_TO_POINTER(n + 1));
        char *key = g_strdup_printf("%s %s %d", e->time, e->id, (int)e->entry_index);
        if (!g_hash_table_add(c->seen, key))
            c->flaw = "a line is there twice";
    }
    if (strcmp(e->event, "package") == 0) {
        g_autofree char *pages = g_strdup_printf("\"pages\":%u,", GPOINTER_TO_UINT(g_hash_table_lookup(c->pages, e->id)));
        if (!strstr(e->line, pages))
            c->flaw = "lines of pages are lost or doubled";
        g_hash_table_insert(c->pages, g_strdup(e->id), NULL);
        g_hash_table_insert(c->last, g_strdup(e->id), g_strdup(e->output_sha256));
    }
    return true;
}

static void check_record(const char *out, GHashTable *zips)
{
    g_autofree char *path = g_build_filename(out, "audit.jsonl", NULL);
    bf_audit_summary summary;
    g_autoptr(GError) error = NULL;
    record_check c = {.pages = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
                      .last = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free),
                      .seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
    must(bf_audit_verify(path, &summary, &error), "the record does not hold:", error ? error->message : NULL);
    must(bf_audit_foreach(path, on_line, &c, &error), "the record cannot be read:", error ? error->message : NULL);
    must(!c.flaw, c.flaw, NULL);
    GHashTableIter iter;
    gpointer place, sum;
    g_hash_table_iter_init(&iter, zips);
    while (g_hash_table_iter_next(&iter, &place, &sum)) {
        g_autofree char *name = g_path_get_basename(place), *id = g_strndup(name, strlen(name) - 4);
        must(g_strcmp0(g_hash_table_lookup(c.last, id), sum) == 0, "its line in the record is lost:", place);
    }
    g_hash_table_unref(c.pages);
    g_hash_table_unref(c.last);
    g_hash_table_unref(c.seen);
}

/* After a run that ended well: exactly the good packages, all in the record, nothing left over. */
static void check_end(const scene *s, const char *out, bool later)
{
    g_autoptr(GHashTable) zips = list_zips(out);
    GHashTable *good = s->good[later];
    must(g_hash_table_size(zips) == g_hash_table_size(good), "too many or too few packages", NULL);
    GHashTableIter iter;
    gpointer place, sum;
    g_hash_table_iter_init(&iter, good);
    while (g_hash_table_iter_next(&iter, &place, &sum))
        must(g_strcmp0(g_hash_table_lookup(zips, place), sum) == 0, "other bytes than without a fault:", place);
    check_record(out, zips);
    must(count_hidden(out) == 0, "temporary files were left", NULL);
}

static char *make_out(const scene *s, const char *name)
{
    return g_build_filename(s->folder, name, NULL);
}

static void copy_tree(const char *from, const char *to)
{
    run_tool((const char *const[]){"cp", "-a", from, to, NULL});
}

static scene make_scene(void)
{
    /* In memory where that can be: what is tried is the order of calls, not the disk, and they are many. */
    scene s = {.folder = g_strdup("/dev/shm/blindfold-faults-XXXXXX")};
    if (!g_mkdtemp(s.folder)) {
        g_free(s.folder);
        s.folder = g_dir_make_tmp("blindfold-faults-XXXXXX", NULL);
    }
    must(s.folder != NULL, "no folder", NULL);
    g_autoptr(bf_roster) warm = make_roster(); /* loads ICU's data once, not in every child */
    s.input = make_out(&s, "in");
    must(g_mkdir(s.input, 0700) == 0, "no folder", NULL);
    make_input(&s, "P-1", "CM");
    make_input(&s, "P-2", "MS");
    make_input(&s, "P-3", "RC");
    make_input(&s, "P-4", NULL);
    g_autofree char *first = make_out(&s, "first"), *later = make_out(&s, "later");
    must(spawn_batch(&s, first, NULL, false, 0, -1) == WELL, "the batch does not run", NULL);
    s.good[0] = list_zips(first);
    copy_tree(first, later);
    must(spawn_batch(&s, later, NULL, true, 0, -1) == WELL, "the batch does not run again", NULL);
    s.good[1] = list_zips(later);
    must(g_hash_table_contains(s.good[0], "held/P-2.zip") && g_hash_table_contains(s.good[1], "packages/P-2.zip"), "no scene", NULL);
    return s;
}

static void free_scene(scene *s)
{
    remove_tree(s->folder);
    g_hash_table_unref(s->good[0]);
    g_hash_table_unref(s->good[1]);
    g_free(s->folder);
    g_free(s->input);
}

/* One fault and what comes after it; false when the batch has no such place any more. */
static bool try_fault(const scene *s, const fault *f, gint64 kill_after_us)
{
    g_autofree char *out = make_out(s, "out"), *first = make_out(s, "first");
    g_snprintf(fault_text, sizeof fault_text, "%s %u %s%s", fault_kind_words[f->kind], f->n, fault_how_words[f->how],
               f->later ? " later" : "");
    if (f->later)
        copy_tree(first, out);
    int status = spawn_batch(s, out, f, f->later, G_MAXUINT, kill_after_us);
    check_between(s, out, f->kind == FAULT_MALLOC);
    if (status == WELL && kill_after_us < 0) {
        remove_tree(out);
        return false;
    }
    if (status == WELL_WITH_FAULT && f->kind != FAULT_MALLOC && f->kind != FAULT_UNLINK && f->how != FAULT_SHORT)
        check_end(s, out, f->later); /* overcome; then nothing may be missing */
    int again = spawn_batch(s, out, NULL, f->later, G_MAXUINT, -1);
    must(again == WELL, "the next run could not go on", NULL);
    check_end(s, out, f->later);
    if (f->n % 8 == 0) { /* and then there is nothing left to do */
        must(spawn_batch(s, out, NULL, f->later, 3, -1) == WELL, "finished packages were done again", NULL);
        check_end(s, out, f->later);
    }
    remove_tree(out);
    return true;
}

/* Every `step`-th place of one kind. */
static guint try_kind(const scene *s, fault_kind kind, fault_how how, bool later, guint step, guint offset)
{
    guint tried = 0;
    for (unsigned n = 1 + offset % step;; n += step) {
        const fault f = {kind, n, how, later};
        if (!try_fault(s, &f, -1))
            break;
        tried++;
    }
    return tried;
}

static void try_all(const scene *s, guint step, const char *only)
{
    static const fault_how ways[FAULT_N_KINDS][4] = {[FAULT_WRITE] = {FAULT_FAIL, FAULT_FROM, FAULT_SHORT, FAULT_TORN},
                                                     [FAULT_RENAME] = {FAULT_FAIL, FAULT_FROM},
                                                     [FAULT_SYNC] = {FAULT_FAIL, FAULT_FROM},
                                                     [FAULT_OPEN] = {FAULT_FAIL, FAULT_FROM},
                                                     [FAULT_TRUNCATE] = {FAULT_FAIL, FAULT_FROM},
                                                     [FAULT_UNLINK] = {FAULT_FAIL, FAULT_FROM},
                                                     [FAULT_MALLOC] = {FAULT_FAIL, FAULT_FROM},
                                                     [FAULT_ANY] = {FAULT_KILL}};
    for (int later = 0; later < 2; later++)
        for (int kind = FAULT_WRITE; kind < FAULT_N_KINDS; kind++)
            for (int w = 0; (!only || strcmp(only, fault_kind_words[kind]) == 0) && w < 4 && (w == 0 || ways[kind][w] != FAULT_FAIL); w++) {
                if (SANITIZED && (ways[kind][w] == FAULT_KILL || ways[kind][w] == FAULT_TORN))
                    continue;
                bool many = kind == FAULT_WRITE || kind == FAULT_SYNC || kind == FAULT_ANY;
                guint of_kind = many ? step : MIN(step, 4);
                guint tried = try_kind(s, (fault_kind)kind, ways[kind][w], later, of_kind, (guint)(kind + w));
                printf("%-8s %-5s %s: %u places hold\n", fault_kind_words[kind], fault_how_words[ways[kind][w]],
                       later ? "on an earlier output" : "on an empty folder", tried);
                fflush(stdout);
            }
}

static void try_kills(const scene *s, guint n, guint32 seed)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(seed);
    g_autofree char *out = make_out(s, "out");
    guint killed = 0;
    gint64 begin = g_get_monotonic_time();
    g_snprintf(fault_text, sizeof fault_text, "no fault");
    must(spawn_batch(s, out, NULL, false, 0, -1) == WELL, "the batch does not run", NULL);
    gint64 takes_us = g_get_monotonic_time() - begin;
    remove_tree(out);
    for (guint i = 0; i < n; i++) {
        const fault f = {FAULT_NONE, i, FAULT_KILL, g_rand_boolean(random)};
        killed += try_fault(s, &f, g_rand_int_range(random, 0, (gint32)takes_us));
        if ((i + 1) % 100 == 0)
            fprintf(stderr, "%u tried\n", i + 1);
    }
    printf("%u of %u killed at random moments of the %.0f ms that a run takes (seed %u); all hold\n", killed, n, (double)takes_us / 1000,
           seed);
}

int main(int argc, char **argv)
{
    g_snprintf(fault_text, sizeof fault_text, "setting up");
    fault_share();
    scene s = make_scene();
    if (argc > 2 && strcmp(argv[1], "--kills") == 0)
        try_kills(&s, (guint)atoi(argv[2]), argc > 3 ? (guint32)atoi(argv[3]) : 1);
    else if (argc > 1 && strcmp(argv[1], "--all") == 0)
        try_all(&s, 1, argc > 2 ? argv[2] : NULL);
    else {
        for (unsigned n = 1; !SANITIZED && n <= 12; n++) /* where a new output's key, record and state are made, each place */
            must(try_fault(&s, &(fault){FAULT_ANY, n, FAULT_KILL, false}, -1), "no such place", NULL);
        try_all(&s, SHARE, NULL);
        try_kills(&s, SANITIZED ? 0 : 15, 1);
    }
    free_scene(&s);
    return 0;
}
