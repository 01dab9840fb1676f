/* One page on its way through the stages: what page.c hands from stage to stage (page). */
#pragma once
#include "blindfold/frame.h"
#include "blindfold/jpeg.h"
#include "blindfold/page.h"
#include "blindfold/reader.h"

enum { READERS_MAX = 2 };

/* A reader in use; the first one that the user names is the main one. */
typedef struct {
    const bf_reader_class *class;
    bf_reader *reader;
} bf_used_reader;

struct bf_page_engine {
    bf_used_reader readers[READERS_MAX];
    bf_reader_info infos[READERS_MAX];
    guint n_readers;
    bf_glyphs *glyphs;
    bool uniform_width, fix_orientation;
    gint64 max_pixels;
    guint max_damaged_percent;
    char *settings;
};

struct bf_page_worker {
    bf_page_engine *engine;
    bf_reader_worker *workers[READERS_MAX]; /* by reader; made when first needed */
};

/* What was read on the upright picture. */
typedef struct {
    GArray *lines;        /* bf_line: the best confidence of all looks */
    GArray *hits;         /* bf_hit, sure: to be masked */
    GArray *doubts;       /* bf_hit, not sure: to be looked at again */
    GArray *others;       /* bf_hit: places where both readers read somebody else's name */
    GArray *labels;       /* bf_hit, sure: where the applicant signs (forms of kind LABEL) */
    bool unread;          /* text-like ink is left that no line accounts for */
    bool all_ink_read;    /* none was left at the first look; lines that were added since account for more, not for less */
    bool faint_name;      /* the name stands in ink that is hard to see, perhaps in more places than were found */
    bool unproved_script; /* the name has a form in a script that no reader in use can look for */
} bf_reading;

void bf_reading_init(bf_reading *reading);
void bf_reading_clear(bf_reading *reading);

/* The worker's own part of reader number `which` (below engine->n_readers; 0 is the main one), started when it is first asked for. Borrowed
 * from the worker. Errors: the reader could not start. */
bool bf_worker_reader(bf_page_worker *worker, guint which, const bf_reader_class **reader_class, bf_reader_worker **reader_worker,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
