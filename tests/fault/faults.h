/* Faults on purpose: the n-th write, rename, ... of this process fails, or the process is killed at it.
 *
 * faults.c stands between a program and the C library: linked into a test program it takes part in all of its calls, those of GLib, SQLite
 * and libzip too; built as a shared object it does the same to any program by LD_PRELOAD, asked by the environment:
 *   BLINDFOLD_FAULT=KIND:N:HOW   KIND and HOW as below; N from 1
 *   BLINDFOLD_FAULT_COUNTS=FILE  at the end of the process: how many calls of each kind there were, one "KIND N" a line
 * Calls on standard input, output and error do not count. */
#pragma once
#include <stdbool.h>

typedef enum {
    FAULT_NONE,
    FAULT_WRITE, /* write, pwrite */
    FAULT_RENAME,
    FAULT_SYNC,     /* fsync, fdatasync */
    FAULT_OPEN,     /* open for writing, mkostemp */
    FAULT_TRUNCATE, /* ftruncate */
    FAULT_UNLINK,
    FAULT_MALLOC, /* of 256 KiB and more: malloc, calloc, realloc, aligned; under sanitizers those of g_try_malloc and its kin alone */
    FAULT_ANY,    /* any of those above but malloc */
    FAULT_N_KINDS
} fault_kind;

typedef enum {
    FAULT_FAIL,  /* that call fails (no space, input/output error, no memory), and nothing of it happens */
    FAULT_FROM,  /* it and all later ones of its kind fail: the disk is full and stays so */
    FAULT_SHORT, /* a write writes half and says so; the next one fails. Else as FAIL */
    FAULT_KILL,  /* kill -9 instead of the call */
    FAULT_TORN,  /* kill -9 after half a write. Else as KILL */
    FAULT_N_WAYS
} fault_how;

extern const char *const fault_kind_words[FAULT_N_KINDS], *const fault_how_words[FAULT_N_WAYS];

void fault_share(void);                             /* from now on one count for this process and all that it starts */
void fault_keep_only(fault_kind kind);              /* in this process: faults of other kinds neither happen nor count */
void fault_leave_out(const char *const *libraries); /* in this process: memory that these (parts of names, NULL at the end) ask for */
void fault_arm(fault_kind kind, unsigned n, fault_how how); /* counts from now on */
unsigned fault_count(fault_kind kind);                      /* calls since then */
bool fault_happened(void);
/* At the next calls of that kind `ask` decides instead, told their number from 1 on: true, and the call fails. It may fork, and so go on
 * both ways; calls that it makes itself do not count. NULL: no more. */
void fault_ask(fault_kind kind, bool (*ask)(unsigned n, void *user), void *user);
