/* libjpeg reports errors by leaving through longjmp; this is the only file in the program that calls setjmp (image, internal). */
#pragma once
#include <glib.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h>

#include <jpeglib.h>

typedef struct {
    struct jpeg_error_mgr err; /* must be first: libjpeg hands back a pointer to it */
    struct jpeg_progress_mgr progress;
    jmp_buf escape;
    bool too_many_scans;
} bf_jpeg_guard;

/* Once, before the guard's err is given to a libjpeg object: &guard->err. Any number of objects may share a guard. */
void bf_jpeg_guard_init(bf_jpeg_guard *guard);

/* To be called in a body right after jpeg_create_(de)compress: limits of scans, and never a temporary file. */
void bf_jpeg_guard_attach(bf_jpeg_guard *guard, j_common_ptr object);

/* Runs body(arg); false with an error of BF_JPEG_ERROR when libjpeg gave up in it. The body is left from anywhere, so it must own
 * nothing: what it makes is stored in arg at once, and arg's owner frees it. */
bool bf_jpeg_guarded(bf_jpeg_guard *guard, void (*body)(void *arg), void *arg, GError **error) G_GNUC_WARN_UNUSED_RESULT;
