/* How far a batch is, for people and programs, on stderr; and what came of it. Never a name: packages are told by id. */
#pragma once
#include "blindfold/batch.h"

typedef enum { PROGRESS_AUTO, PROGRESS_PLAIN, PROGRESS_JSON, PROGRESS_NEVER } progress_mode;

typedef struct {
    progress_mode mode;
    bool live;            /* one line of a terminal, written over again and again */
    bool color;           /* live, and NO_COLOR is not set */
    bool line_is_open;    /* the live line stands there */
    double last;          /* when something was printed, in the run's seconds */
    double seconds;       /* of the latest event */
    guint pages_done;     /* as of the latest event */
    GPtrArray *unsettled; /* run_table_row *: packages that were not released */
} progress;

bool progress_parse_mode(const char *word, progress_mode *out); /* auto plain json never */
bool progress_can_be_live(void); /* is stderr a terminal on which a line can be written over? */
void progress_init(progress *p, progress_mode mode);
void progress_clear(progress *p);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(progress, progress_clear)
/* The observer's functions; user is the progress. */
void progress_say(void *user, const char *sentence);
void progress_event(void *user, const bf_batch_event *event);
/* The table at the end, in the modes for people. */
void progress_summary(progress *p, const bf_batch_summary *summary, const char *output_dir);
