/* How far a batch is, for people and programs, on stderr. Never a name: packages are told by id. */
#pragma once
#include "blindfold/batch.h"

typedef enum { PROGRESS_AUTO, PROGRESS_PLAIN, PROGRESS_JSON, PROGRESS_NEVER } progress_mode;

typedef struct {
    progress_mode mode;
    bool live;         /* one line of a terminal, written over again and again */
    bool line_is_open; /* the live line stands there */
    double last;       /* when something was printed, in the run's seconds */
} progress;

bool progress_parse_mode(const char *word, progress_mode *out); /* auto plain json never */
void progress_init(progress *p, progress_mode mode);
/* The observer's functions; user is the progress. */
void progress_say(void *user, const char *sentence);
void progress_event(void *user, const bf_batch_event *event);
