/* The review page: a local web server on which people decide about what was held (review). The only room that includes libsoup.
 *
 * No JPEG is looked into here: pictures, masks, checks and thumbnails are made in page processes (page_host.h). Zips are read here, by a
 * process that can open the inputs, write OUT, and do little else (guard.h).
 *
 * One writer: the output's record is locked for as long as the server runs, so a run and a review exclude each other. Everything is
 * served from the program itself; the page asks nobody else. Unredacted pictures go to sessions only, and a session begins with a link
 * that works once. */
#pragma once
#include "blindfold/page_host.h"
#include "blindfold/roster.h"

#define BF_REVIEW_ERROR (bf_review_error_quark())
GQuark bf_review_error_quark(void);
typedef enum { BF_REVIEW_ERROR_LISTEN, BF_REVIEW_ERROR_OUTPUT, BF_REVIEW_ERROR_PROCESS } bf_review_error;

/* All borrowed for the call. */
typedef struct {
    const char *output_dir;
    const bf_roster *roster;                       /* whose names: pages are checked against them again */
    const char *const *input_dirs;                 /* where the original packages are now, when they are not where they were; may be NULL */
    bf_page_settings readers;                      /* no thread may run yet: page processes are split off first, and load them */
    bf_page_host_settings pages;                   /* their limits; the server itself is kept in by the same sandbox mode */
    guint port;                                    /* on 127.0.0.1; 0: any free one */
    const char *unix_path;                         /* listen on this socket instead, for a reverse proxy; then `origin` is needed */
    const char *origin;                            /* as browsers see it, "https://review.example.org"; NULL: http://127.0.0.1:PORT */
    double idle_minutes;                           /* ends after so long without a request; 0: never */
    double spot_percent;                           /* share of the released pages that is offered for a second look; 0: none */
    void (*say)(void *user, const char *sentence); /* for people; never holds an applicant's name */
    void (*link)(void *user, const char *url);     /* a new link that works once: the first when the server is ready */
    void *user;
    int links_fd; /* when a line comes in here, another link is made (a terminal's standard input); -1: none */
} bf_review_settings;

/* Runs until idle, or SIGINT, or SIGTERM; false when it could not start, or the process that starts page processes is lost. Must be called
 * on the main thread. */
bool bf_review_run(const bf_review_settings *settings, GError **error) G_GNUC_WARN_UNUSED_RESULT;
