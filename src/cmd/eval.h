/* How well a finished run did, given where the names really stand: shared by `blindfold eval` and the benches. */
#pragma once
#include "blindfold/picture.h"
#include <stdio.h>

/* One place where a name stands. */
typedef struct {
    bool applicant; /* else somebody else's */
    char *form;     /* how it is written: any word */
    float height_px;
    GArray *quads; /* bf_quad, stored frame: a box for each character, or one for all */
} eval_occurrence;

typedef struct {
    gint64 entry_index;   /* place in the zip's directory; -1: `entry` tells */
    char *entry;          /* name in the output zip; NULL: the index tells */
    char *kind, *capture; /* any words */
    int orientation_deg;  /* -1: not told */
    bool legible;         /* could a person have decided at a glance? */
    GPtrArray *occurrences;
} eval_page;

/* The pages (eval_page *) of one package's truth: the page maker's, or one written by hand (README). Free with g_ptr_array_unref. */
bool eval_truth_read(const char *path, GPtrArray **pages, GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef enum { EVAL_HIDDEN, EVAL_PARTLY, EVAL_VISIBLE, EVAL_WITHHELD, EVAL_N_FATES } eval_fate;
typedef struct {
    guint n[EVAL_N_FATES];
    guint leaks;                          /* partly or fully visible in a released package */
    guint pages, held, legible;
    guint needless; /* legible, everything hidden, yet held, and not misfiled */
    guint false_masks;
} eval_tally;

typedef struct {
    GTree *by_form, *by_kind, *by_capture, *by_height; /* word -> eval_tally; forms and heights know no pages */
    GTree *held_reasons, *needless_reasons;            /* word -> guint */
    eval_tally all, released;
    guint packages[3]; /* failed, held, released */
    guint masks, false_on_names, not_black, pages_missing;
    guint upright_right, upright_wrong, upright_unknown;
    guint misfiled; /* pages held for nothing but the name that the program expects there and that is indeed missing; whether it is due
                     * there the truth does not say */
    GPtrArray *remarks; /* char *: each leak and each false mask, a line */
} eval_score;

eval_score *eval_score_new(void);
void eval_score_free(eval_score *s);

/* Judges one package of the run in out_dir from the pixels that came out: what the report says counts only together with black pixels.
 * input: the package as it was (NULL: every mask beside the names counts as false, even on blank paper). */
bool eval_package(eval_score *s, const char *truth_path, const char *input, const char *out_dir, const char *id,
                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Every truth/<id>.json of a folder, in the order of ids. inputs: a folder with <id>.zip, or NULL. */
bool eval_run(eval_score *s, const char *truth_dir, const char *inputs, const char *out_dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Wilson's interval at 95% of k out of n, as shares. */
void eval_wilson(guint k, guint n, double *low, double *high);

char *eval_text(const eval_score *s); /* in the user's language; a new string */
void eval_print_json(const eval_score *s, FILE *to);
